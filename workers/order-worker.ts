/** A worker of orders and applications: workflow bundle, activities and tuning in one place, for the process, the tests and the bench. */
import { Client } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createEnrolmentActivities } from '../activities/enrolment';
import { createFundsActivities } from '../activities/funds';
import { createInboxActivities } from '../activities/inbox';
import type { CardProcessor } from '../activities/money';
import { createOrderActivities } from '../activities/order';
import { createSuspenseActivities } from '../activities/suspense';
import { TradeAssuranceClient } from '../clients';
import { FeedInbox } from '../clients/feeds/inbox';
import { openCases, reconcile } from '../clients/feeds/reconcile';
import { payloadCodecsOf } from '../clients/payload-codec';
import { clientInterceptors } from '../clients/tracing';
import { signalActivated } from '../clients/membership';
import { collectAwards } from '../clients/collect-awards';
import { catchUpResting } from '../clients/recover';
import type { Settings } from '../config/settings';
import type { Bank } from '../partners/bank';
import type { Store } from '../store/store';
import { tracingOptions } from './tracing';
import { failureConverterPath, payloadConverterPath } from './bundle';

export interface OrderWorkerOptions {
  connection: NativeConnection;
  store: Store;
  namespace: string;
  taskQueue: string;
  /** Path of the workflow bundle: that of sealed payloads, where they are. */
  bundle: string;
  /** What payloads are sealed with, and whether they are; plain unless said. */
  sealing?: Pick<Settings, 'keys' | 'payloads'> | undefined;
  /** Pays out, and settles into CNY; what needs it waits for a worker that has one. */
  bank?: Bank | undefined;
  /** What charges buyers and refunds them. */
  card?: CardProcessor | undefined;
  /** Overrides of Temporal's options, for tests. */
  overrides?: Partial<WorkerOptions>;
}

/** A worker that polls `taskQueue` once `run()` is called. */
export function createOrderWorker({
  connection,
  store,
  namespace,
  taskQueue,
  bundle,
  sealing = { payloads: 'plain' },
  bank,
  card,
  overrides,
}: OrderWorkerOptions): Promise<Worker> {
  const payloadCodecs = payloadCodecsOf(sealing);
  const temporal = new Client({ connection, namespace, dataConverter: { payloadCodecs }, ...clientInterceptors() });
  const ta = new TradeAssuranceClient({ temporal, store, taskQueue });
  const inbox = new FeedInbox({ ta });
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { codePath: bundle },
    dataConverter: {
      payloadConverterPath,
      payloadCodecs,
      ...(sealing.payloads === 'sealed' && { failureConverterPath }),
    },
    activities: {
      ...createOrderActivities({ store, bank, card }),
      ...createSuspenseActivities({ store, bank }),
      ...createFundsActivities({ store, bank }),
      ...createEnrolmentActivities({ store, signal: signalActivated(temporal) }),
      ...createInboxActivities({
        sweep: (ending) => inbox.sweep(ending),
        catchUp: async (after, unanswered) => {
          await collectAwards(ta);
          return catchUpResting(ta, after, { unanswered });
        },
        reconcile: async (date, at) => openCases(await reconcile(store, date, at)),
      }),
    },
    // A worker that was killed holds orders that rested back for this long (default 10 s); those that it had in hand, for
    // the time of a task (`taskTimeMs` in `clients/client.ts`).
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: '10s',
    // With Temporal away it would wait for ever; what it holds is taken on by others in any case.
    shutdownForceTime: '25s',
    maxConcurrentLocalActivityExecutions: 100,
    ...tracingOptions(),
    ...overrides,
  });
}

/** Connects to the Temporal server of the settings. */
export const connectNative = ({ temporal }: Settings): Promise<NativeConnection> => NativeConnection.connect(temporal);
