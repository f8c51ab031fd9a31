/** What happens after a backup that the books are put back to, and whether all holds together once it is restated. */
import { checkWorkflows } from '../../clients/check';
import { playMainRoad } from '../../seeds/main-road';
import { checkBooks } from '../../store/check';
import type { Violation } from '../../store/order-check';
import { as, lighting, type World } from './world';

/** Another order goes to its completion, the first one moves on; answers the other's id. */
export async function goesOn({ ta, orderId }: World, before: string): Promise<string> {
  const after = orderId('after');
  for await (const _ of playMainRoad(ta, after, lighting));
  await ta.awaitSettled(after);
  await ta.proposeAmendment(
    before,
    { changes: { payment: { advancePercent: 40, methods: ['tt'] } } },
    { ...as.buyer, id: 'amend' },
  );
  return after;
}

/** What does not hold, in the books or between them and the workflows. */
export async function violationsOf({ store, ta }: World): Promise<Violation[]> {
  const found: Violation[] = [];
  await checkBooks(store, (one) => found.push(one));
  await checkWorkflows(ta, (one) => found.push(one));
  return found;
}
