/**
 * A worker process of the bench: the product's worker on a database of its own, or that of a side that it is measured by. Its
 * plan is its first argument; it says `ready`, tells its own CPU time when asked, and ends when told to, or with its parent.
 */
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createOrderActivities } from '../activities/order';
import { loadSeeds } from '../seeds/load';
import { documentOf, openStore, setUpDatabase, type Store } from '../store/store';
import { makeBundle, provideBundle } from '../workers/bundle';
import { createOrderWorker } from '../workers/order-worker';
import { bareBundle } from './bare-bundle';
import { runQueueWorker } from './queue-worker';

export interface WorkerPlan {
  kind: 'product' | 'regular' | 'queue' | 'floor' | 'bare';
  address: string;
  taskQueue: string;
  /** The side's database; it is set up (and seeded, the product's) by its worker. */
  mongodbUri: string;
  /** Redis, of the queue. */
  redisPort?: number;
  /** How many workflows the product's worker holds; the SDK's default unless said. */
  cached?: number;
}

/** A worker that is made and not yet running. */
export interface Made {
  /** Ends once the worker has stopped. */
  run: () => Promise<void>;
  stop: () => void;
  close: () => Promise<unknown>;
}

export type Report = { ready: true } | { cpuMs: number };
export type Order = 'cpu' | 'stop';

const root = join(__dirname, '..');
const namespace = 'default';

async function main(plan: WorkerPlan): Promise<void> {
  // The engine limit has no activities, which the SDK finds worth a warning.
  const logger = new DefaultLogger(plan.kind === 'bare' ? 'ERROR' : 'WARN', ({ level, message }) => {
    console.error(`${plan.taskQueue} ${level}: ${message}`);
  });
  Runtime.install({ logger });
  let stop = (): void => process.exit(1);
  process.on('disconnect', () => stop());
  const { run, stop: end, close } = await workers[plan.kind](plan);
  stop = end;
  process.on('message', (order: Order) => {
    if (order === 'stop') stop();
    else report({ cpuMs: ownCpuMs() });
  });
  const running = run();
  report({ ready: true });
  await running;
  await close();
  if (process.connected) process.disconnect();
}

async function productWorker({ address, taskQueue, mongodbUri, cached }: WorkerPlan): Promise<Made> {
  const store = await seededStore(mongodbUri);
  const connection = await NativeConnection.connect({ address });
  const bundle = await provideBundle(join(root, '.data', 'cache'));
  const overrides = cached === undefined ? {} : { maxCachedWorkflows: cached };
  return made(
    await createOrderWorker({ connection, store, namespace, taskQueue, bundle, overrides }),
    connection,
    store,
  );
}

/** The product, but each message's commit is a regular activity, and another one follows it (`regular.ts`). */
async function regularWorker({ address, taskQueue, mongodbUri }: WorkerPlan): Promise<Made> {
  const store = await seededStore(mongodbUri);
  const connection = await NativeConnection.connect({ address });
  const code = await makeBundle('plain', [require.resolve('./regular')]);
  const activities = { ...createOrderActivities({ store }), tell: () => Promise.resolve() };
  const overrides = { workflowBundle: { code }, activities };
  return made(
    await createOrderWorker({ connection, store, namespace, taskQueue, bundle: '', overrides }),
    connection,
    store,
  );
}

async function queueWorker({ taskQueue, mongodbUri, redisPort = 0 }: WorkerPlan): Promise<Made> {
  return runQueueWorker({ store: await seededStore(mongodbUri), queue: taskQueue, redisPort });
}

async function bareWorker({ address, taskQueue }: WorkerPlan): Promise<Made> {
  const connection = await NativeConnection.connect({ address });
  return made(
    await Worker.create({ connection, namespace, taskQueue, workflowBundle: await bareBundle() }),
    connection,
  );
}

async function floorWorker({ address, taskQueue, mongodbUri }: WorkerPlan): Promise<Made> {
  const store = await openStore(mongodbUri);
  await setUpDatabase(store);
  const activities = floorActivities(store);
  const connection = await NativeConnection.connect({ address });
  const workflowBundle = await bareBundle();
  return made(await Worker.create({ connection, namespace, taskQueue, workflowBundle, activities }), connection, store);
}

const workers = {
  product: productWorker,
  regular: regularWorker,
  queue: queueWorker,
  floor: floorWorker,
  bare: bareWorker,
};

const made = (worker: Worker, connection: NativeConnection, store?: Store): Made => ({
  run: () => worker.run(),
  stop: () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  },
  close: async () => {
    await store?.close();
    await connection.close();
  },
});

async function seededStore(mongodbUri: string): Promise<Store> {
  const store = await openStore(mongodbUri);
  await setUpDatabase(store);
  await loadSeeds(store);
  return store;
}

export type FloorActivities = ReturnType<typeof floorActivities>;

/** The least that can be stored: one document in one transaction. */
function floorActivities(store: Store) {
  const at = new Date().toISOString();
  const write = (order: string, version: number): Promise<void> =>
    store.transaction(async (session) => {
      const row = documentOf('outbox', { order, version, at, topics: ['orderDrafted'], notices: [], sent: false });
      await store.collections.outbox.insertOne(row, { session });
    });
  return { write, effect: (order: string) => write(order, 100) };
}

const report = (what: Report) => process.send?.(what);

const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

main(JSON.parse(process.argv[2] ?? '') as WorkerPlan).catch((fault: unknown) => {
  console.error(fault);
  process.exit(1);
});
