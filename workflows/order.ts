/**
 * The workflow of one order, from its draft until every window is closed (R7). Every message comes in by a Signal or an Update
 * of its name (`listen.ts`) and is worked off in turn (`shell.ts`).
 */
import type { OrderInput, OrderResult } from './contract';
import { listen } from './listen';
import { OrderShell } from './shell';

export async function order(input: OrderInput): Promise<OrderResult> {
  const shell = new OrderShell(input);
  listen(shell); // before the first await, so that no message comes too early
  return shell.run();
}
