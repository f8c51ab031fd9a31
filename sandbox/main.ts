/**
 * The process of the sandbox: a card processor, a bank and a mail server that behave as such, for development and tests. No
 * money moves, and no mail leaves.
 * Ends on SIGINT and SIGTERM, and with whoever started it; what is due then is done after the next start.
 */
import { once } from 'node:events';
import { logOf } from '../config/log';
import { bankRoutes } from './bank';
import { Caller } from './caller';
import { cardRoutes } from './card';
import { tokenRoutes } from './card-tokens';
import { serverOf } from './server';
import { mailRoutes, openMailServer } from './mail';
import { loadSandboxSettings } from './settings';
import { State } from './state';

async function main(): Promise<void> {
  const settings = loadSandboxSettings();
  const { host, port, smtpPort, mongodbUri, secrets, callback, delays, retryMs, quoteMs, logLevel } = settings;
  const log = logOf('sandbox', logLevel);
  const onFailure = (fault: unknown) => log.error({ err: fault }, 'the sandbox failed at something');
  const state = await State.open(mongodbUri, delays);
  const caller = callback && new Caller(state.calls, { ...callback, retryMs, onFailure });
  if (caller) state.onCalls = () => caller.wake();
  const routes = { ...cardRoutes(state), ...tokenRoutes, ...bankRoutes(state, quoteMs), ...mailRoutes(state.mails) };
  const server = serverOf({ routes, secrets, lateMs: delays.lateMs, onFailure });
  server.listen(port, host);
  await once(server, 'listening');
  const post =
    smtpPort === undefined ? undefined : await openMailServer(state.mails, { host, port: smtpPort, onFailure });
  caller?.start();
  log.info({ port, smtpPort, callbacks: callback?.url }, 'sandbox of card processor, bank and mail server answers');

  // `disconnect`: started by a process that is gone; nobody would ever end this one.
  await Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((end) => once(process, end)));
  post?.close();
  server.close();
  server.closeAllConnections(); // a late answer is waited for by nobody any more
  await caller?.stop();
  await state.close();
  process.exit(0);
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exit(1);
});
