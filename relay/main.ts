/** The process of a relay. Ends on SIGINT and SIGTERM, and with whoever started it, once what it has begun is finished. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { keysOrStop } from '../config/keys';
import { logOf } from '../config/log';
import { loadSettings } from '../config/settings';
import { startTracing, stopTracing } from '../config/tracing';
import { mailerAt } from '../partners/mail';
import { callWebhook } from '../partners/webhook';
import { openStore, silentMs, type Store } from '../store/store';
import { Relay } from './relay';

async function main(): Promise<void> {
  startTracing('relay');
  const settings = loadSettings();
  const { mongodbUri, logLevel, healthPort, mail, webhooks } = settings;
  const log = logOf('relay', logLevel);
  const store = await openStore(mongodbUri, { keys: keysOrStop(settings), silentMs });
  const mailer = mail && mailerAt(mail.url);
  const relay = new Relay({
    store,
    call: (call) => callWebhook(call, webhooks),
    callMs: webhooks.timeoutMs,
    mail: mail && mailer && { ...mail, mailer },
    onFailure: (fault) => log.error({ err: fault }, 'the relay failed at something; it is tried again'),
  });
  relay.start();
  const health = healthPort === undefined ? undefined : serveHealth(store, healthPort);
  log.info({ pid: process.pid, mail: mail !== undefined }, 'relay tells what happens');
  process.send?.('ready');

  // `disconnect`: started by a process that is gone; nobody would ever end this one.
  await Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((end) => once(process, end)));
  health?.close();
  await relay.stop();
  mailer?.close();
  await store.close();
  await stopTracing();
  process.exit(0);
}

/** `GET /healthz`: 200 while MongoDB is connected to, else 503. */
function serveHealth({ connection }: Store, port: number): Server {
  return createServer((request, response) => {
    const isConnected = (connection.readyState as number) === 1;
    const status = request.url !== '/healthz' ? 404 : isConnected ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ connected: isConnected }));
  }).listen(port);
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exit(1);
});
