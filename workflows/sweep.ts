/**
 * The sweep: a short workflow that the schedule `ta-sweep` starts every minute. It takes up what the processes that received
 * it have left lying: deliveries that nobody has read, rows whose order was not known.
 */
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { InboxActivities, Worked } from '../activities/inbox';

const { sweepInbox } = proxyActivities<InboxActivities>({
  startToCloseTimeout: '10m',
  // The next sweep comes by itself.
  retry: { initialInterval: '1s', maximumAttempts: 3 },
  summary: 'Read what is unread, route what is due, look again at what is parked',
});

/** Sweeps once; answers what was done. */
export async function sweep(): Promise<Worked> {
  const done = await sweepInbox();
  setCurrentDetails(`read ${done.read}, routed ${done.routed}, looked again at ${done.woken}`);
  return done;
}
