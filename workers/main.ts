/** The process of an order worker. Ends on SIGINT and SIGTERM once what it has begun is finished. */
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { DefaultLogger, Runtime, type Worker } from '@temporalio/worker';
import { keysOrStop } from '../config/keys';
import { logOf } from '../config/log';
import { loadSettings } from '../config/settings';
import { startTracing, stopTracing } from '../config/tracing';
import { openStore, silentMs } from '../store/store';
import { bankAt } from '../partners/bank';
import { cardProcessorAt } from '../partners/card';
import { provideBundle } from './bundle';
import { serveCallbacks } from './callbacks';
import { telemetryOf } from './telemetry';
import { connectNative, createOrderWorker } from './order-worker';

async function main(): Promise<void> {
  const settings = loadSettings();
  startTracing('order-worker');
  const keys = keysOrStop(settings);
  const log = logOf('order-worker', settings.logLevel);
  Runtime.install({
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      log[level === 'ERROR' ? 'error' : 'warn'](meta ?? {}, message);
    }),
    telemetryOptions: telemetryOf(settings),
  });
  const [connection, store, bundle] = await Promise.all([
    connectNative(settings),
    openStore(settings.mongodbUri, { keys, silentMs }),
    provideBundle(join(settings.dataDir, 'cache'), settings.payloads),
  ]);
  const { namespace, taskQueue } = settings;
  const bank = settings.bank && bankAt(settings.bank.url, settings.bank);
  const card = settings.card && cardProcessorAt(settings.card.url, settings.card);
  const worker = await createOrderWorker({
    ...{ connection, store, namespace, taskQueue, bundle, bank, card },
    sealing: settings,
  });
  const callbacks = await serveCallbacks(settings, store, log);
  const health = settings.healthPort === undefined ? undefined : serveHealth(worker, settings.healthPort);
  log.info({ taskQueue, namespace, pid: process.pid }, 'order worker polls');
  process.send?.('ready');
  // Started by a process that is gone: nobody would ever end this one.
  process.once('disconnect', () => worker.getState() === 'RUNNING' && worker.shutdown());
  process.channel?.unref(); // listening must not keep the process alive once its work is done
  try {
    await worker.run();
  } finally {
    health?.close();
    await callbacks?.close();
    await store.close();
    await connection.close();
    await stopTracing();
  }
}

/** `GET /healthz`: 200 while the worker polls, else 503. */
function serveHealth(worker: Worker, port: number): Server {
  return createServer((request, response) => {
    const state = worker.getState();
    const status = request.url !== '/healthz' ? 404 : state === 'RUNNING' ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ state }));
  }).listen(port);
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exit(1); // a connection that was made before the failure would keep the process alive
});
