/**
 * What the product is measured by. The engine limit: a workflow that receives as many Updates as an order does, and does
 * nothing with them. The floor: one that stores each of them as the product does, but has no rules.
 */
import {
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setDefaultUpdateHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { FloorActivities } from './worker';

/** Ends after its `messages`-th Update. */
export async function bare(messages: number): Promise<void> {
  let received = 0;
  setDefaultUpdateHandler(() => {
    received += 1;
  });
  await condition(() => received >= messages);
}

const { write } = proxyLocalActivities<Pick<FloorActivities, 'write'>>({ startToCloseTimeout: '15s' });
const { effect } = proxyActivities<Pick<FloorActivities, 'effect'>>({ startToCloseTimeout: '30s' });

/** After which messages of the main road a search attribute changes, and another timer runs. */
const upsertsAfter: readonly number[] = [2, 4, 5, 6, 8, 9, 10, 12];
const timersAfter: readonly number[] = [1, 4, 8, 10];
const farAway = '90 days';

/** As many writes, upserts, timers and effects as an order on the main road, around as many Updates. */
export async function floor(messages: number): Promise<void> {
  const { workflowId } = workflowInfo();
  let received = 0;
  let timer: CancellationScope | undefined;
  setDefaultUpdateHandler(async () => {
    received += 1;
    const version = received;
    await write(workflowId, version);
    if (upsertsAfter.includes(version)) upsertSearchAttributes({ TaStatus: [String(version)] });
    if (!timersAfter.includes(version)) return;
    timer?.cancel();
    timer = new CancellationScope();
    void timer.run(() => sleep(farAway)).catch(() => undefined); // cancelled by the next
  });
  await condition(() => received >= messages);
  await effect(workflowId);
  await write(workflowId, messages + 1);
}
