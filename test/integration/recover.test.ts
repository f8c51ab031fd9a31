/** Workflows and books that have come apart, on real servers: the sweep's look at orders that rest, and `ta recover` after a restore. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TradeAssuranceClient } from '../../clients';
import { FundsClient } from '../../clients/funds';
import { catchUpResting, recover } from '../../clients/recover';
import type { Finding } from '../../clients/recover-finding';
import { SuspenseClient } from '../../clients/suspense';
import { wedgeOf } from '../../clients/wedged';
import { decide } from '../../domain/decide';
import { isRefusal } from '../../domain/refusal';
import { keyOf, type Message } from '../../domain/messages';
import { commit } from '../../store/commit';
import type { Violation } from '../../store/order-check';
import { findOrder } from '../../store/read';
import { findItem } from '../../store/suspense-return';
import { orderWorkflow, workflowIdOf } from '../../workflows/contract';
import { goesOn, violationsOf } from '../support/after-backup';
import { FakeBank } from '../support/fake-bank';
import { paidOrder } from '../support/paid-order';
import { registerPayee } from '../support/payees';
import { as, lighting, openWorld, required, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld({ bank: new FakeBank() });
});
afterAll(() => world.close());

const check = () => violationsOf(world);

async function recovered(ta = world.ta): Promise<Finding[]> {
  const findings: Finding[] = [];
  await recover(ta, { onFinding: (one) => findings.push(one) });
  return findings;
}

/** What a worker leaves behind that dies in the gap, while the Update is lost with its server and its caller has gone. */
async function commitUnseen(order: string): Promise<void> {
  const message: Message = {
    ...{ name: 'confirm', id: 'unseen', actor: { role: 'buyer', member: lighting.buyer }, data: { revision: 1 } },
  };
  const at = new Date().toISOString();
  const before = await findOrder(world.store, order);
  const events = decide(before, message, at);
  if (isRefusal(events) || !before) throw new Error('the buyer may confirm');
  const answer = await commit(world.store, { order, version: before.version + 1, at, message, events });
  expect(answer.kind).toBe('stands');
}

async function wrongWith(order: string): Promise<Violation[]> {
  return (await check()).filter(({ subject }) => subject === order);
}

const liveVersion = async (order: string) => (await world.ta.live(order)).order?.version;

/** The collections as they stand, and what brings them back: a backup and its restore. */
async function backup(): Promise<() => Promise<void>> {
  const { connection } = world.store;
  const names = (await connection.db!.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const kept = await Promise.all(names.map((name) => connection.collection(name).find().toArray()));
  return async () => {
    for (const [index, name] of names.entries()) {
      await connection.collection(name).deleteMany({});
      const rows = kept[index] ?? [];
      if (rows.length > 0) await connection.collection(name).insertMany(rows);
    }
  };
}

/** Pays beyond the price, and has two operators send it back; answers the item. */
async function returnOverpaid(order: string): Promise<string> {
  const { payTo = '', total } = await world.ta.view(order);
  const credit = { account: payTo, entryReference: `over-${order}`, amount: total!, method: 'tt' as const };
  await world.ta.paymentCredited(order, { ...credit, valueDate: '2026-11-22' }, as.bank);
  const suspense = new SuspenseClient(world.ta);
  const id = (await suspense.list(['open'])).find((item) => item.order === order)?.id ?? '';
  const payee = { name: 'Hamburg Home GmbH', account: 'DE0099999999' };
  await suspense.propose(id, { kind: 'return', payee }, 'paid twice', { role: 'platform', member: 'op-1' });
  expect(await suspense.approve(id, 1, { role: 'platform', member: 'op-2' })).toMatchObject({ state: 'returned' });
  return id;
}

test('an order behind its journal is told to read on by the sweep: its deadline runs, and it is not looked at twice', async () => {
  const { ta } = world;
  const id = world.orderId('unseen');
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await commitUnseen(id);
  expect(await liveVersion(id)).toBe(1);
  const soon = new Date(Date.now() + 61_000).toISOString();
  const since = { at: new Date(Date.now() - 600_000).toISOString(), order: '' };
  expect(await catchUpResting(ta, since)).toMatchObject({ looked: 0, caughtUp: 0, mark: since }); // it does not rest yet
  const swept = await catchUpResting(ta, since, { now: soon });
  expect(swept).toMatchObject({ caughtUp: 1, mark: { order: id } });
  while ((await liveVersion(id)) !== 2); // the signal is on its way
  expect((await ta.live(id)).order?.deadlines).toMatchObject([{ message: 'paymentLapsed' }]);
  expect(await catchUpResting(ta, swept.mark, { now: soon })).toMatchObject({ looked: 0, mark: swept.mark });
});

test('an order whose history cannot be told again is begun anew from its books, and hears what it had not heard', async () => {
  const { temporal, store } = world;
  const taskQueue = `${world.taskQueue}-wedged`;
  const ta = new TradeAssuranceClient({ temporal, store, taskQueue });
  const id = world.orderId('wedged');
  // Code that sets a timer of its own: what it has recorded no other code tells the same.
  const codePath = join(tmpdir(), `wedging-bundle-${String(process.pid)}.js`);
  const code = readFileSync(required('TEST_BUNDLE'), 'utf8');
  const call = 'stored = await commit(';
  expect(code).toContain(call);
  writeFileSync(codePath, code.replace(call, 'stored = await (globalThis.setTimeout(() => 0, 9e8), commit)('));
  const wedging = await world.worker({ taskQueue, workflowBundle: { codePath } });
  await wedging.runUntil(() => ta.start(id, lighting, as.supplier));

  const today = await world.worker({ taskQueue });
  await today.runUntil(async () => {
    const confirm = { id: 'heard-later', actor: as.supplier.as, data: { revision: 1 } };
    await temporal.workflow.getHandle(workflowIdOf(id)).signal('confirm', confirm);
    while (!(await wedgeOf(ta, workflowIdOf(id))));
    expect(await wrongWith(id)).toMatchObject([{ says: expect.stringContaining('cannot tell its history again') }]);
    expect((await recovered(ta)).filter(({ order }) => order === id)).toMatchObject([{ what: 'wedged' }]);
    while ((await ta.view(id)).status !== 'awaiting-buyer'); // the signal, sent again
    expect(await wrongWith(id)).toEqual([]);
    await ta.send('cancel', id, { reason: 'no longer needed' }, as.buyer);
  });
});

test('an order that has not even seen its draft is told to read on, too', async () => {
  const { ta, store, temporal, taskQueue } = world;
  const id = world.orderId('undrafted');
  await temporal.workflow.start(orderWorkflow, { workflowId: workflowIdOf(id), taskQueue, args: [{ order: id }] });
  const message: Message = { name: 'draft', id: 'unseen', actor: as.supplier.as, data: lighting };
  const at = new Date().toISOString();
  const events = decide(undefined, message, at);
  if (isRefusal(events)) throw new Error('the supplier may draft');
  await commit(store, { order: id, version: 1, at, message, events });
  expect(await liveVersion(id)).toBeUndefined();
  const now = new Date(Date.now() + 61_000).toISOString();
  expect(await catchUpResting(ta, { at, order: '' }, { now })).toMatchObject({ caughtUp: 1 });
  while ((await liveVersion(id)) !== 1); // the signal is on its way
});

test('an order that gives no answer is looked at again, though others have had their turn since', async () => {
  const { ta, temporal } = world;
  const id = world.orderId('silent');
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  const { updatedAt } = (await findOrder(world.store, id))!;
  await commitUnseen(id);
  const away = Object.create(temporal, {
    workflow: { value: { getHandle: () => ({ query: () => Promise.reject(new Error('the worker is away')) }) } },
  }) as typeof temporal;
  const now = new Date(Date.now() + 61_000).toISOString();
  const since = { at: updatedAt, order: '' };
  const missed = await catchUpResting(new TradeAssuranceClient({ ...ta.options, temporal: away }), since, { now });
  expect(missed).toMatchObject({ caughtUp: 0, unanswered: [id] });
  expect(await catchUpResting(ta, missed.mark, { ...missed, now })).toMatchObject({ caughtUp: 1, unanswered: [] });
  while ((await liveVersion(id)) !== 2);
});

test('`ta recover` starts a workflow that is gone from the books: the order goes on', async () => {
  const { ta } = world;
  const id = await paidOrder(world, 'gone');
  await world.temporal.workflow.getHandle(workflowIdOf(id)).terminate('lost');
  expect(await recovered()).toEqual([
    { order: id, what: 'gone', says: 'is awaiting-shipment, and no workflow runs for it' },
  ]);
  expect(await ta.remindConfirmation(id, {}, as.buyer).catch((fault: unknown) => (fault as Error).message)).toMatch(
    /does not allow|state/i,
  );
  const goods = [
    { hsCode: '94051100', name: 'LED', quantity: 9, unit: 'piece', value: { amount: 100, currency: 'USD' as const } },
  ];
  expect(await ta.registerExport(id, { exportOrder: 'e-1', declaration: 'D-GONE', goods }, as.supplier)).toMatchObject({
    version: 4,
  });
  expect(await check()).toEqual([]);
});

test('`ta recover` restates books that were restored to an older point from the workflows: nothing is lost', async () => {
  const { ta, store } = world;
  const before = await paidOrder(world, 'before');
  const payee = { name: 'Ningbo Haisheng Lighting Co., Ltd.', account: 'CN0099999999' };
  await registerPayee(store, lighting.supplier, payee);
  const restore = await backup();
  // What happens after the backup: another order to its completion, money goes out, the first order moves on.
  const after = await goesOn(world, before);
  const funds = new FundsClient(ta.options);
  const orders = [{ order: after, amount: { amount: 100_000, currency: 'USD' as const } }];
  await funds.withdraw(
    { id: world.orderId('w'), supplier: lighting.supplier, channel: 'USD', orders, payee },
    as.supplier,
  );
  await funds.awaitWithdrawal(world.orderId('w'));
  const cny = { id: world.orderId('fx'), supplier: lighting.supplier };
  await funds.quote({ ...cny, orders: [{ ...orders[0]!, amount: { amount: 50_000, currency: 'USD' } }] }, as.supplier);
  await funds.settle(cny.id, as.supplier);
  const item = await returnOverpaid(before);
  const journal = await ta.journal(after);
  const stood = await store.collections.balances.find().sort({ _id: 1 }).toArray();
  const credit = await store.collections.credit.countDocuments();

  await restore();
  expect((await check()).map(({ subject }) => subject)).toEqual(expect.arrayContaining([before, after]));
  const findings = await recovered();
  expect(findings.map(({ order, what }) => `${what} ${order}`).sort()).toEqual(
    [
      ...[`ahead ${after}`, `ahead ${before}`, `withdrawal ${world.orderId('w')}`],
      ...[`settlement ${cny.id}`, `return ${item}`],
    ].sort(),
  );
  expect(await check()).toEqual([]);
  expect(await funds.settlement(cny.id)).toMatchObject({ state: 'settled' });
  expect(await findItem(store, item)).toMatchObject({ state: 'returned', amount: { amount: 0 } });
  expect(await ta.journal(after)).toEqual(journal);
  expect(await store.collections.balances.find().sort({ _id: 1 }).toArray()).toEqual(stood);
  expect(await store.collections.credit.countDocuments()).toBe(credit);
  // A message that was taken before the restore is known again.
  const key = keyOf(as.buyer.as, 'amend');
  expect(await store.collections.journal.countDocuments({ order: before, key })).toBe(1);
  expect(await recovered()).toEqual([]);
});
