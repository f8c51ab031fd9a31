/**
 * A worker that dies at the worst moment: once MongoDB has committed the message of the id `DIE_AT`, and before Temporal
 * hears of it. A process of its own, because only a killed process is really gone.
 */
import { NativeConnection } from '@temporalio/worker';
import { createOrderActivities } from '../../activities/order';
import { readKeys } from '../../config/keys';
import { openStore } from '../../store/store';
import { createOrderWorker } from '../../workers/order-worker';
import { quiet, required } from './world';

async function main(): Promise<void> {
  quiet();
  const store = await openStore(required('WORLD_MONGODB_URI'), { keys: readKeys(required('TA_KEYS')) });
  const connection = await NativeConnection.connect({ address: required('TEST_TEMPORAL_ADDRESS') });
  const activities = createOrderActivities({ store });
  const worker = await createOrderWorker({
    connection,
    store,
    namespace: 'default',
    taskQueue: required('WORLD_TASK_QUEUE'),
    bundle: required('TEST_BUNDLE'),
    overrides: {
      activities: {
        ...activities,
        commit: async (request: Parameters<typeof activities.commit>[0]) => {
          const answer = await activities.commit(request);
          if (request.message.id === required('DIE_AT')) process.kill(process.pid, 'SIGKILL');
          return answer;
        },
      },
    },
  });
  process.send?.('ready');
  await worker.run();
}

void main();
