/** A worker that is killed between MongoDB's commit and Temporal's record loses nothing and doubles nothing. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { trialBalance } from '../../store/ledger';
import { rebuild } from '../../store/read';
import { as, lighting, openWorld, type World } from '../support/world';

const root = join(__dirname, '..', '..');

let world: World;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
});
afterAll(() => world.close());

async function dyingWorker(dieAt: string): Promise<ChildProcess> {
  const child = fork(join(root, 'ops', 'run.cjs'), ['test/support/dying-worker.ts'], {
    cwd: root,
    env: { ...process.env, DIE_AT: dieAt, WORLD_MONGODB_URI: world.mongodbUri, WORLD_TASK_QUEUE: world.taskQueue },
  });
  await once(child, 'message');
  return child;
}

describe('a worker killed after MongoDB has committed and before Temporal has recorded it', () => {
  it('the Update is answered by the next worker, once, with what stands in the journal', async () => {
    const { ta } = world;
    const id = world.orderId('killed');
    const child = await dyingWorker('m-2');
    await ta.start(id, lighting, { ...as.supplier, id: 'm-1' });

    const confirming = ta.confirm(id, { revision: 1 }, { ...as.supplier, id: 'm-2' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect((await ta.journal(id)).map(({ messageId }) => messageId)).toEqual(['m-1', 'm-2']);

    const next = await world.worker();
    await next.runUntil(async () => {
      expect(await confirming).toMatchObject({ version: 2, status: 'awaiting-buyer' });
      expect((await ta.live(id)).order).toMatchObject({ version: 2 });
      expect(await ta.confirm(id, { revision: 1 }, { ...as.buyer, id: 'm-3' })).toMatchObject({ version: 3 });
    });
    expect((await ta.journal(id)).map(({ messageId }) => messageId)).toEqual(['m-1', 'm-2', 'm-3']);
  });

  it('money that a Signal brought is booked once; the books balance and the projection is the fold of the journal', async () => {
    const { ta, store } = world;
    const id = world.orderId('killed-paid');
    const child = await dyingWorker('m-4');
    await ta.start(id, lighting, { ...as.supplier, id: 'm-1' });
    await ta.confirm(id, { revision: 1 }, { ...as.supplier, id: 'm-2' });
    await ta.confirm(id, { revision: 1 }, { ...as.buyer, id: 'm-3' });
    const { payTo = '', advance } = await ta.view(id);
    if (!advance) throw new Error('no advance is due');
    const credit = {
      account: payTo,
      entryReference: 'e-1',
      amount: advance,
      method: 'tt',
      valueDate: '2026-11-22',
    } as const;
    await ta.signal('paymentCredited', id, credit, { ...as.bank, id: 'm-4' });
    await once(child, 'exit');

    const next = await world.worker();
    await next.runUntil(async () => {
      // The bank reports again; the answer comes once the workflow has caught up with the journal.
      expect(await ta.paymentCredited(id, credit, { ...as.bank, id: 'm-4' })).toMatchObject({ version: 4 });
      expect((await ta.live(id)).order).toMatchObject({ version: 4, paid: advance });
    });
    expect(await ta.postings(id)).toHaveLength(2);
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
    expect((await rebuild(store, { check: true })).differing).toEqual([]);
  });
});
