/**
 * The sweep: a short workflow that the schedule `ta-sweep` starts every minute. It takes up what the processes that received
 * it have left lying: deliveries that nobody has read, rows whose order was not known, orders behind their journals.
 */
import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { CaughtUp, InboxActivities, Worked } from '../activities/inbox';

const { sweepInbox } = proxyActivities<InboxActivities>({
  startToCloseTimeout: '10m',
  // A worker that was killed is noticed: no other sweep begins before.
  heartbeatTimeout: '30s',
  // The next sweep comes by itself.
  retry: { initialInterval: '1s', maximumAttempts: 3 },
  summary: 'Read what is unread, route what is due, look again at what is parked',
});
const { catchUpOrders } = proxyActivities<InboxActivities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumAttempts: 3 },
  summary: 'Look at orders that rest: has the workflow seen all of its journal?',
});

export type Swept = Worked & CaughtUp;

/** Sweeps once, from where the sweep before ended; answers what was done. */
export async function sweep(): Promise<Swept> {
  const done = await sweepInbox();
  const before = workflowInfo().lastResult as Partial<Swept> | undefined;
  const orders = await catchUpOrders(before?.mark, before?.unanswered);
  setCurrentDetails(
    `read ${done.read}, routed ${done.routed}, looked again at ${done.woken}; of ${orders.looked} orders ${orders.caughtUp} were behind`,
  );
  return { ...done, ...orders };
}
