/** The sweep of the inbox as a workflow: tried again when a server is away, and given up for the next sweep. */
import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createInboxActivities, type Worked } from '../../activities/inbox';
import { sweepWorkflow } from '../../workflows/contract';
import { TimeSkipping } from '../support/time-skipping';

const mark = { at: '2026-11-25T09:00:00.000Z', order: 'po-1' };
const orders = { looked: 2, caughtUp: 1, mark, unanswered: ['po-0'] };
const catchUpOrders = () => Promise.resolve(orders);

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

/** Runs one sweep whose activity fails so many times. */
async function swept(failures: number): Promise<{ result: Promise<Worked>; tries: () => number }> {
  let tries = 0;
  const sweepInbox = (): Promise<Worked> => {
    tries += 1;
    return tries > failures
      ? Promise.resolve({ read: 1, routed: 2, woken: 3 })
      : Promise.reject(new Error('the database is away'));
  };
  time.taskQueue = `sweep-${randomUUID().slice(0, 8)}`;
  const worker = await time.worker({ activities: { sweepInbox, catchUpOrders } });
  const options = { workflowId: time.taskQueue, taskQueue: time.taskQueue };
  const result = worker.runUntil(
    time.environment.client.workflow.execute<() => Promise<Worked>>(sweepWorkflow, options),
  );
  await result.catch(() => undefined);
  return { result, tries: () => tries };
}

test('a sweep answers what was done, though a server was away at first', async () => {
  const { result, tries } = await swept(2);
  await expect(result).resolves.toEqual({ read: 1, routed: 2, woken: 3, ...orders });
  expect(tries()).toBe(3);
});

test('a sweep gives up after three tries: the next one comes by itself', async () => {
  const { result, tries } = await swept(9);
  await expect(result).rejects.toThrow('Workflow execution failed');
  expect(tries()).toBe(3);
});

describe('while messages stream in, a sweep ends', () => {
  /** One that would go on for ever. */
  const endless = (sweepForMs: number) => {
    const environment = new MockActivityEnvironment();
    const done = { read: 9, routed: 9, woken: 0 };
    const { sweepInbox } = createInboxActivities({
      sweep: (ending) => new Promise((end) => ending.addEventListener('abort', () => end(done))),
      sweepForMs,
      catchUp: catchUpOrders,
      reconcile: () => Promise.resolve(0),
    });
    return { environment, done, swept: environment.run(sweepInbox) };
  };

  test('after its time, so that orders behind their journals have their turn', async () => {
    const { swept: result, done } = endless(1);
    await expect(result).resolves.toEqual(done);
  });

  test('when its worker is told to end', async () => {
    const { swept: result, done, environment } = endless(3_600_000);
    environment.cancel();
    await expect(result).resolves.toEqual(done);
  });
});
