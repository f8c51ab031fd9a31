/**
 * The process of the sandbox: a card processor and a bank that behave as such, for development and tests. No money moves.
 * Ends on SIGINT and SIGTERM, and with whoever started it; what is due then is done after the next start.
 */
import { once } from 'node:events';
import pino from 'pino';
import { bankRoutes } from './bank';
import { Caller } from './caller';
import { cardRoutes } from './card';
import { serverOf } from './server';
import { loadSandboxSettings } from './settings';
import { State } from './state';

async function main(): Promise<void> {
  const { host, port, mongodbUri, secrets, callback, delays, retryMs, quoteMs, logLevel } = loadSandboxSettings();
  const log = pino({ level: logLevel, base: { process: 'sandbox' } }, pino.destination(2));
  const onFailure = (fault: unknown) => log.error({ err: fault }, 'the sandbox failed at something');
  const state = await State.open(mongodbUri, delays);
  const caller = callback && new Caller(state.calls, { ...callback, retryMs, onFailure });
  if (caller) state.onCalls = () => caller.wake();
  const routes = { ...cardRoutes(state), ...bankRoutes(state, quoteMs) };
  const server = serverOf({ routes, secrets, lateMs: delays.lateMs, onFailure });
  server.listen(port, host);
  await once(server, 'listening');
  caller?.start();
  log.info({ port, callbacks: callback?.url }, 'sandbox of card processor and bank answers');

  // `disconnect`: started by a process that is gone; nobody would ever end this one.
  await Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((end) => once(process, end)));
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
