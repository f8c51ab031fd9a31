/**
 * A process that works off the inbox and dies at the worst moment: `after-read`, once the rows of a delivery are stored and
 * before any is routed; `after-route`, once an order has taken a fact and before its row says so.
 */
import { Client, Connection } from '@temporalio/client';
import { TradeAssuranceClient } from '../../clients';
import { FeedInbox } from '../../clients/feeds/inbox';
import { readKeys } from '../../config/keys';
import { openStore } from '../../store/store';
import { required } from './world';

async function main(): Promise<void> {
  const store = await openStore(required('WORLD_MONGODB_URI'), { keys: readKeys(required('TA_KEYS')) });
  const connection = await Connection.connect({ address: required('TEST_TEMPORAL_ADDRESS') });
  const ta = new TradeAssuranceClient({
    temporal: new Client({ connection }),
    store,
    taskQueue: required('WORLD_TASK_QUEUE'),
  });
  const die = (): never => {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('it lives');
  };
  const send = ta.paymentCredited.bind(ta);
  const value =
    required('DIE_AT') === 'after-read' ? die : (...args: Parameters<typeof send>) => send(...args).then(die);
  Object.defineProperty(ta, 'paymentCredited', { value });
  await new FeedInbox({ ta }).work();
}

void main();
