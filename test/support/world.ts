/** A small world for one test file: a database of its own with the seeds, a task queue of its own, a worker and a client. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker, type WorkerOptions } from '@temporalio/worker';
import type { CardProcessor } from '../../activities/money';
import { TradeAssuranceClient } from '../../clients';
import type { Bank } from '../../partners/bank';
import { clientInterceptors } from '../../clients/tracing';
import { payloadCodecsOf } from '../../clients/payload-codec';
import { readKeys, type Keyring } from '../../config/keys';
import { loadSeeds, readDraft } from '../../seeds/load';
import { openStore, setUpDatabase, type Store } from '../../store/store';
import { createOrderWorker } from '../../workers/order-worker';

/** Senders of the seeded lighting order, and the draft itself. */
export const lighting = readDraft('lighting.json');
export const as = {
  supplier: { as: { role: 'supplier', member: lighting.supplier } },
  buyer: { as: { role: 'buyer', member: lighting.buyer } },
  bank: { as: { role: 'bank', member: 'citibank' } },
  customs: { as: { role: 'customs', member: 'china-customs' } },
  platform: { as: { role: 'platform', member: 'operator-1' } },
} as const;

export interface World {
  store: Store;
  temporal: Client;
  /** Of workers. */
  native: NativeConnection;
  ta: TradeAssuranceClient;
  taskQueue: string;
  mongodbUri: string;
  /** An order id that no other test has. */
  orderId: (name: string) => string;
  /** A further worker on the same queue; the caller ends it. */
  worker: (overrides?: Partial<WorkerOptions>) => Promise<Worker>;
  close: () => Promise<void>;
}

export const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this through jest's project, whose setup starts the servers`);
  return value;
};

/** Keeps the SDK to errors: a busy machine makes it warn of slow tasks. */
export function quiet(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
}

interface WorldOptions {
  withWorker?: boolean;
  seeded?: boolean;
  bank?: Bank;
  card?: CardProcessor;
  /** Payloads are sealed, by workers with this bundle. */
  sealed?: { keys: Keyring; bundle: string };
}

/** Opens a world on the integration servers, with one worker running unless `withWorker` is false. */
export async function openWorld({
  withWorker = true,
  seeded = true,
  bank,
  card,
  sealed,
}: WorldOptions = {}): Promise<World> {
  quiet();
  const unique = randomUUID().slice(0, 8);
  const uri = new URL(required('TEST_MONGODB_URI'));
  uri.pathname = `/ta_${unique}`;
  const address = required('TEST_TEMPORAL_ADDRESS');
  const [store, connection, native] = await Promise.all([
    openStore(uri.href, { keys: readKeys(required('TA_KEYS')) }),
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  await setUpDatabase(store);
  if (seeded) await loadSeeds(store);
  const taskQueue = `orders-${unique}`;
  const sealing = sealed && ({ keys: sealed.keys, payloads: 'sealed' } as const);
  const dataConverter = sealing && { payloadCodecs: payloadCodecsOf(sealing) };
  const temporal = new Client({ connection, ...(dataConverter && { dataConverter }), ...clientInterceptors() });
  const worker = (overrides?: Partial<WorkerOptions>) =>
    createOrderWorker({
      connection: native,
      store,
      namespace: 'default',
      taskQueue,
      bundle: sealed?.bundle ?? required('TEST_BUNDLE'),
      sealing,
      bank,
      card,
      ...(overrides && { overrides }),
    });
  const first = withWorker ? await worker() : undefined;
  const running = first?.run();
  return {
    store,
    temporal,
    native,
    taskQueue,
    mongodbUri: uri.href,
    worker,
    ta: new TradeAssuranceClient({ temporal, store, taskQueue }),
    orderId: (name) => `${name}-${unique}`,
    close: async () => {
      if (first?.getState() === 'RUNNING') first.shutdown();
      await running;
      await store.connection.dropDatabase();
      await Promise.all([store.close(), connection.close(), native.close()]);
    },
  };
}
