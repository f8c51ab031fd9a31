/**
 * The daily reconciliation as a short workflow, started by the schedule `ta-reconcile`: yesterday’s statements against our
 * books, and those of the days before, whose statements may have come late (R30).
 */
import { proxyActivities } from '@temporalio/workflow';
import type { InboxActivities } from '../activities/inbox';

const { reconcileDay } = proxyActivities<InboxActivities>({
  startToCloseTimeout: '10m',
  retry: { initialInterval: '10s', maximumInterval: '10m', maximumAttempts: 20 },
});

const daysLookedAt = 5;

/** Reconciles the last days; answers how many cases are open. */
export async function reconcile(): Promise<number> {
  let open = 0;
  for (let ago = 1; ago <= daysLookedAt; ago += 1) open += await reconcileDay(ago);
  return open;
}
