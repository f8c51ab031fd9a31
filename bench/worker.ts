/**
 * A worker process of the bench: the product's worker on a database of its own, or the worker of the engine limit. Its plan
 * is its first argument; it says `ready`, tells its own CPU time when asked, and ends when told to, or with its parent.
 */
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadSeeds } from '../seeds/load';
import { openStore, setUpDatabase } from '../store/store';
import { provideBundle } from '../workers/bundle';
import { createOrderWorker } from '../workers/order-worker';

export interface WorkerPlan {
  kind: 'product' | 'bare';
  address: string;
  taskQueue: string;
  /** The product's database; it is set up and seeded by its worker. */
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
  const { worker, close } = await (plan.kind === 'product' ? productWorker : bareWorker)(plan, connection);
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
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('./bare-workflow'),
    logger: new DefaultLogger('ERROR'),
  });
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle });
  return { worker, close: () => Promise.resolve() };
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
