/** `ta check` on real servers: nothing is found while orders are played; what is broken in the books or the workflows is named. */
import { checkWorkflows } from '../../clients/check';
import { checkBooks } from '../../store/check';
import { documentOf } from '../../store/store';
import type { Violation } from '../../store/order-check';
import { moneyOf } from '../../domain/money';
import { playMainRoad } from '../../seeds/main-road';
import { workflowIdOf } from '../../workflows/contract';
import { linesOf, openInbox } from '../support/inbox';
import { paidOrder } from '../support/paid-order';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
let order: string;
beforeAll(async () => {
  world = await openWorld();
  order = await paidOrder(world, 'checked');
});
afterAll(() => world.close());

async function check() {
  const found: Violation[] = [];
  const looked = await checkBooks(world.store, (one) => found.push(one));
  const workflows = await checkWorkflows(world.ta, (one) => found.push(one));
  return { found, looked, workflows };
}

test('nothing is found while an order is played to its end and a feed delivers', async () => {
  const { ta } = world;
  const feeds = openInbox(world);
  const playing = (async () => {
    for await (const _ of playMainRoad(ta, world.orderId('played'), lighting)); // to its end
    return true;
  })();
  const { payTo = '' } = await ta.view(order);
  const credit = {
    ...{ account: payTo, entryReference: 'e-feed', method: 'tt' as const, valueDate: '2026-11-22' },
    amount: moneyOf(1000, 'USD'),
  } as const;
  await feeds.deliver('bank', linesOf({ fact: 'paymentCredited', data: credit, remittance: order }));
  await feeds.deliver('bank', linesOf({ fact: 'paymentCredited', data: credit, remittance: order }, 'no json'));
  await feeds.inbox.work();
  let runs = 0;
  for (let isOver = false; !isOver; runs += 1) {
    expect((await check()).found).toEqual([]);
    isOver = await Promise.race([playing, Promise.resolve(false)]);
  }
  const { looked, workflows } = await check();
  expect(looked).toMatchObject({ orders: 2, deliveries: 2, suppliers: 1 });
  expect(looked.inbox).toEqual({ applied: 1, dead: 1 });
  expect(workflows).toMatchObject({ open: 2, money: 0 });
});

const broken: Record<string, () => Promise<unknown>> = {
  'inbox .* is applied to .*, whose journal has it not': () =>
    world.store.collections.inboxRows.updateOne({ outcome: 'applied' }, { $set: { message: 'another' } }),
  'inbox .* was read as 5 rows, 1 are there': () =>
    world.store.collections.inbox.updateOne({ state: 'read' }, { $set: { rows: 5 } }),
  'projection .* in advanceIn': () =>
    world.store.collections.orders.updateOne({ _id: order }, { $set: { advanceIn: false } }),
  'postings .* is not posted': () => world.store.collections.ledger.deleteOne({ order, version: 4 }),
  'ledger .* its transfers sum to': () =>
    world.store.collections.ledger.updateOne({ order, version: 4 }, { $set: { 'amount.amount': 1 } }),
  'ledger USD the balances sum to': () =>
    world.store.collections.balances.updateOne({ account: /^supplier:/ }, { $inc: { balance: 1 } }),
  'cover .* is kept as open cover': () =>
    world.store.collections.standings.updateOne({ openCover: { $gt: 0 } }, { $inc: { openCover: 5 } }),
  'paid-once .* is credited and not booked': () => world.store.collections.bankEntries.deleteOne({ order }),
  'outbox .* is not told': () => world.store.collections.outbox.deleteOne({ order, version: 2 }),
  'journal .* version 2 is missing': () => world.store.collections.journal.deleteOne({ order, version: 2 }),
  'workflow .* its workflow stands at version 4, the books at 3': async () => {
    await world.store.collections.journal.deleteOne({ order, version: 4 });
    await world.store.collections.orders.updateOne({ _id: order }, { $set: { version: 3 } });
  },
};

/** What 295e3b5 left behind: a debt of USD 1.00 since last year, and what its supplier got all the same. */
const { supplier } = lighting;
const owes = async (cents: number) => {
  const name = `receivable:${supplier}`;
  const [from, to] = [name, 'refunds:old'];
  const amount = moneyOf(Math.abs(cents), 'USD');
  const debt = { _id: 'old-debt', id: 'old-debt', kind: 'guarantee-payout' as const, from, to, amount };
  await world.store.collections.ledger.insertOne({ ...debt, at: '2025-01-01T00:00:00.000Z' });
  const balance = { _id: `${name} USD`, account: name, currency: 'USD' as const, balance: -cents };
  await world.store.collections.balances.insertOne(balance);
};
const withdrew = async (id: string) => {
  await world.store.collections.withdrawals.insertOne(
    documentOf('withdrawals', {
      ...{ id, supplier, by: as.supplier.as, channel: 'USD', payee: { name: 'Haisheng', account: '62220000' } },
      ...{ orders: [{ order, amount: moneyOf(1, 'USD') }], state: 'paid', policy: 'withdrawal/v1' },
      ...{ amount: moneyOf(1, 'USD'), fee: moneyOf(0, 'USD'), payout: moneyOf(1, 'USD') },
      ...{ reservedAt: '2025-06-01T00:00:00.000Z', endedAt: '2025-06-01T00:00:00.000Z', bankReference: 'bank-old' },
    }),
  );
};
const late = async () => {
  const reversal = {
    _id: 'late-reversal:1',
    id: 'late-reversal:1',
    kind: 'payment-reversed' as const,
    order,
    version: 4,
  };
  const sides = { from: `supplier:${supplier}`, to: 'suspense', amount: moneyOf(400, 'USD') };
  await world.store.collections.ledger.insertOne({ ...reversal, ...sides, at: '2026-12-01T00:00:00.000Z' });
};
const madeWrong: Record<string, () => Promise<unknown>> = {
  'money .* what the supplier and the fee got, less what was taken back: .* by the ledger': late,
  'debt .* owes 100, and has .* on its balance': () => owes(100),
  'debt .* withdrew by w-old while it owed': () => owes(100).then(() => withdrew('w-old')),
  'debt .* is above zero: more was repaid than was owed': () => owes(-100),
  'debt .* 500 is due to buyers of awards, its orders have 0': () => {
    const name = `awards:${supplier}`;
    return world.store.collections.balances.insertOne({
      ...{ _id: `${name} USD`, account: name, currency: 'USD', balance: 500 },
    });
  },
};

describe('what is broken is named, and mended again nothing is found', () => {
  test.each(Object.entries({ ...broken, ...madeWrong }))('%s', async (says, breakIt) => {
    const { connection } = world.store;
    const names = [
      'inbox',
      'inboxRows',
      'orders',
      'ledger',
      'balances',
      'standings',
      'bankEntries',
      'outbox',
      'journal',
      'withdrawals',
    ];
    const before = await Promise.all(names.map((name) => connection.collection(name).find().toArray()));
    await breakIt();
    const { found } = await check();
    expect(found.map(({ check: name, subject, says: how }) => `${name} ${subject} ${how}`)).toContainEqual(
      expect.stringMatching(new RegExp(says)),
    );
    for (const [index, name] of names.entries()) {
      const rows = before[index] ?? [];
      await connection.collection(name).deleteMany({});
      if (rows.length > 0) await connection.collection(name).insertMany(rows);
    }
    expect((await check()).found).toEqual([]);
  });

  test('a workflow that was ended from outside', async () => {
    await world.temporal.workflow.getHandle(workflowIdOf(order)).terminate('a mistake');
    const { found } = await check();
    expect(found).toEqual([
      { check: 'workflow', subject: order, says: 'is awaiting-shipment, and no workflow runs for it' },
    ]);
  });
});
