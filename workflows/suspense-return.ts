/** The workflow of one return: money in suspense goes back to where it came from, as two operators have said (R29, R30). */
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { SuspenseActivities } from '../activities/suspense';
import type { SuspenseItem } from '../domain/suspense';

const step = (summary: string): SuspenseActivities =>
  proxyActivities<SuspenseActivities>({
    startToCloseTimeout: '30s',
    // Money is under way: tried until the bank has decided.
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
    summary,
  });

/** Pays the item back and books the bank's word; answers the item as it then stands. */
export async function suspenseReturn(id: string): Promise<SuspenseItem> {
  setCurrentDetails(`Money in suspense \`${id}\` goes back to where it came from.`);
  const end = await step(`Pay ${id} back`).payBack(id);
  const item = await step(end.status === 'paid' ? 'Book the return' : 'Put it back into suspense').bookReturn(id, end);
  setCurrentDetails(
    `\`${id}\`: **${item.state}**${item.returnRefusal ? `, the bank refused: ${item.returnRefusal}` : ''}`,
  );
  return item;
}
