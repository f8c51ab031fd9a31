/** The engine limit: a workflow that receives as many Updates as an order does, and does nothing with them. */
import { condition, setDefaultUpdateHandler } from '@temporalio/workflow';

/** Ends after its `messages`-th Update. */
export async function bare(messages: number): Promise<void> {
  let received = 0;
  setDefaultUpdateHandler(() => {
    received += 1;
  });
  await condition(() => received >= messages);
}
