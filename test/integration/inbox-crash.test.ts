/** A process that is killed while it works off the inbox loses nothing and doubles nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { trialBalance } from '../../store/ledger';
import { listRows } from '../../store/inbox';
import { addDays } from '../../domain/time';
import { openInbox } from '../support/inbox';
import { advance, paidOrder } from '../support/paid-order';
import { openWorld, type World } from '../support/world';

const root = join(__dirname, '..', '..');
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test.each(['after-read', 'after-route'])('R30: killed %s, the next process books the credit once', async (dieAt) => {
  const { ta, store } = world;
  const id = await paidOrder(world, dieAt, advance - 300);
  const { payTo = '' } = await ta.view(id);
  const credit = {
    fact: 'paymentCredited',
    data: {
      account: payTo,
      entryReference: `K-${id}`,
      amount: { amount: 300, currency: 'USD' },
      method: 'tt',
      valueDate: '2026-11-22',
    },
    remittance: id,
  };
  const feeds = openInbox(world);
  const delivered = await feeds.deliver('bank', Buffer.from(JSON.stringify(credit)), { profile: 'json' });
  const child = fork(join(root, 'ops', 'run.cjs'), ['test/support/dying-router.ts'], {
    cwd: root,
    env: { ...process.env, DIE_AT: dieAt, WORLD_MONGODB_URI: world.mongodbUri, WORLD_TASK_QUEUE: world.taskQueue },
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  expect(await feeds.rowsOf(delivered)).toMatchObject([{ state: 'pending', attempts: 1 }]);

  // Its lease has run out.
  const next = openInbox(world, { now: () => addDays(new Date().toISOString(), 1) });
  await next.inbox.work();
  expect(await feeds.rowsOf(delivered)).toMatchObject([
    { state: 'routed', outcome: 'applied', order: id, attempts: 2 },
  ]);
  await expect(ta.view(id)).resolves.toMatchObject({ paid: { amount: advance } });
  expect((await ta.postings(id)).filter(({ kind }) => kind === 'payment')).toHaveLength(2);
  for (const { sum } of await trialBalance(store)) expect(sum).toBe(0);
  expect((await listRows(store, { state: 'pending' })).rows).toEqual([]);
});
