/**
 * A worker process of the bench: the product's worker on a database of its own, or that of the engine limit or the floor. Its
 * plan is its first argument; it says `ready`, tells its own CPU time when asked, and ends when told to, or with its parent.
 */
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadSeeds } from '../seeds/load';
import { documentOf, openStore, setUpDatabase, type Store } from '../store/store';
import { provideBundle } from '../workers/bundle';
import { createOrderWorker } from '../workers/order-worker';

export interface WorkerPlan {
  kind: 'product' | 'floor' | 'bare';
  address: string;
  taskQueue: string;
  /** The side's database; it is set up (and seeded, the product's) by its worker. */
  mongodbUri: string;
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
  const connection = await NativeConnection.connect({ address: plan.address });
  const { worker, close } = await workers[plan.kind](plan, connection);
  stop = () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.on('message', (order: Order) => {
    if (order === 'stop') stop();
    else report({ cpuMs: ownCpuMs() });
  });
  const running = worker.run();
  report({ ready: true });
  await running;
  await close();
  await connection.close();
  if (process.connected) process.disconnect();
}

async function productWorker({ taskQueue, mongodbUri }: WorkerPlan, connection: NativeConnection) {
  const store = await openStore(mongodbUri);
  await setUpDatabase(store);
  await loadSeeds(store);
  const bundle = await provideBundle(join(root, '.data', 'cache'));
  const worker = await createOrderWorker({ connection, store, namespace, taskQueue, bundle });
  return { worker, close: () => store.close() };
}

async function bareWorker({ taskQueue }: WorkerPlan, connection: NativeConnection) {
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle: await bareBundle() });
  return { worker, close: () => Promise.resolve() };
}

async function floorWorker({ taskQueue, mongodbUri }: WorkerPlan, connection: NativeConnection) {
  const store = await openStore(mongodbUri);
  await setUpDatabase(store);
  const activities = floorActivities(store);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: await bareBundle(),
    activities,
  });
  return { worker, close: () => store.close() };
}

const workers = { product: productWorker, floor: floorWorker, bare: bareWorker };

const bareBundle = () =>
  bundleWorkflowCode({ workflowsPath: require.resolve('./bare-workflow'), logger: new DefaultLogger('ERROR') });

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
