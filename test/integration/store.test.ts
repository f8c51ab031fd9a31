/** What MongoDB itself guarantees: validators, unique keys, no party below zero, cover that is not given out twice. */
import { moneyOf } from '../../domain/money';
import { balancesOf, Overdrawn, postTransfers, trialBalance } from '../../store/ledger';
import { commit, CommitError } from '../../store/commit';
import { opened } from '../../store/personal';
import { coverEstimate, explainCredit } from '../../store/credit';
import { rebuild, viewOrder } from '../../store/read';
import { openStore, setUpDatabase, type Store } from '../../store/store';
import { playMainRoad } from '../../seeds/main-road';
import { loadSeeds } from '../../seeds/load';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** An order whose advance is due. */
async function confirmedOrder(name: string): Promise<{ id: string; payTo: string; total: number }> {
  const { ta } = world;
  const id = world.orderId(name);
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await ta.confirm(id, { revision: 1 }, as.buyer);
  const { payTo, total } = await ta.view(id);
  return { id, payTo: payTo ?? '', total: total?.amount ?? 0 };
}

const credit = (account: string, entryReference: string, amount: number) => ({
  account,
  entryReference,
  amount: moneyOf(amount, 'USD'),
  method: 'tt' as const,
  valueDate: '2026-11-22',
});

describe('the database refuses what the code refuses', () => {
  it.each([
    ['orders', { _id: 'x', id: 'x' }],
    ['journal', { _id: 'x:1', order: 'x', version: 1.5 }],
    ['ledger', { _id: 'x', id: 'x', amount: { amount: -5, currency: 'USD' } }],
    ['balances', { _id: 'supplier:x USD', account: 'supplier:x', currency: 'XXX', balance: 1 }],
    ['members', { _id: 'x', id: 'x', name: 'X', account: 'martian' }],
    ['policies', { _id: 'x', id: 'x' }],
  ] as const)('a malformed document of %s', async (name, doc) => {
    const collection = world.store.connection.collection(name);
    await expect(collection.insertOne(doc as never)).rejects.toMatchObject({ code: 121 });
  });

  it('an unknown field', async () => {
    const [buyer] = await world.store.connection.collection('members').find({}).limit(1).toArray();
    const doc = { ...buyer, _id: 'new', shoeSize: 44 } as never;
    await expect(world.store.connection.collection('members').insertOne(doc)).rejects.toMatchObject({ code: 121 });
  });

  it('a party’s balance below zero', async () => {
    const { store } = world;
    const overdraw = store.transaction((session) =>
      postTransfers(
        store,
        [
          {
            id: 'overdraw',
            order: 'x',
            version: 1,
            kind: 'supplier-paid',
            from: 'order:x',
            to: 'supplier:x',
            amount: moneyOf(1, 'USD'),
            at: '2026-01-01T00:00:00.000Z',
          },
        ],
        session,
      ),
    );
    await expect(overdraw).rejects.toThrow(Overdrawn);
    expect(await balancesOf(store, 'supplier:x')).toEqual({});
    // And past our own code, the database itself.
    const below = { _id: 'order:x USD', account: 'order:x', currency: 'USD', balance: -1 } as const;
    await expect(store.collections.balances.insertOne(below)).rejects.toMatchObject({ code: 121 });
  });

  it('a second version of the same number, and a message id twice', async () => {
    const { ta, store } = world;
    const id = world.orderId('unique');
    await ta.start(id, lighting, as.supplier);
    const row = await store.collections.journal.findOne({ order: id });
    await expect(store.collections.journal.insertOne({ ...row, _id: 'other' } as never)).rejects.toMatchObject({
      code: 11000,
    });
    await expect(
      store.collections.journal.insertOne({ ...row, _id: 'other', version: 2 } as never),
    ).rejects.toMatchObject({ code: 11000 });
  });
});

describe('a commit onto the order as this process wrote it last', () => {
  it('reads nothing while nobody else has written it; else what stands is the answer', async () => {
    const { store, ta } = world;
    const other = await openStore(world.mongodbUri, { keys: store.keys });
    const id = world.orderId('held');
    await ta.start(id, lighting, as.supplier);
    const reads = jest.spyOn(store.collections.orders, 'findOne');
    const revise = (on: Store, version: number, name: string, advancePercent = 10 + version) => {
      const changes = { payment: { advancePercent } };
      const actor = as.supplier.as;
      const message = { name: 'revise', id: name, actor, data: { baseRevision: version - 1, changes } } as const;
      const events = [{ type: 'contractRevised' as const, revision: version, changes, by: 'supplier' as const }];
      return commit(on, { order: id, version, at: '2026-11-22T00:00:00.000Z', message, events });
    };

    await revise(store, 2, 'a-2');
    reads.mockClear(); // the worker of this world has the same store
    expect(await revise(store, 3, 'a-3')).toMatchObject({ kind: 'as-asked' });
    expect(reads).not.toHaveBeenCalled();

    await revise(other, 4, 'b-4');
    // The first store still holds version 3.
    const standing = { kind: 'stands', entries: [expect.objectContaining({ messageId: 'b-4' })] };
    expect(await revise(store, 4, 'a-4')).toEqual(standing);
    expect(await revise(store, 4, 'b-4')).toEqual(standing);
    expect(await revise(store, 5, 'a-5')).toMatchObject({ kind: 'as-asked' });
    // The same message again, as after a crash, and one that takes a message's id.
    expect(await revise(store, 5, 'a-5')).toMatchObject({ kind: 'stands', entries: [{ messageId: 'a-5' }] });
    await revise(store, 6, 'a-6');
    expect(await revise(store, 7, 'a-6', 99)).toMatchObject({ refusal: { refused: 'message.id-reused' } });
    await expect(revise(store, 9, 'a-9')).rejects.toThrow(CommitError);

    // What this process holds is never written over an order that stands elsewhere.
    await revise(store, 7, 'a-7');
    await store.collections.orders.updateOne({ _id: id }, { $set: { version: 6 } });
    await expect(revise(store, 8, 'a-8')).rejects.toThrow(CommitError);
    reads.mockRestore();
    await rebuild(store);
    expect(await revise(store, 8, 'a-8')).toMatchObject({ kind: 'as-asked' });
    expect(await viewOrder(store, id, '2026-11-22T00:00:00.000Z')).toMatchObject({ version: 8, revision: 8 });
    expect((await rebuild(store, { check: true })).differing).not.toContain(id);
    await other.close();
  });
});

describe('set-up and seeds', () => {
  it('change nothing the second time', async () => {
    await setUpDatabase(world.store);
    expect(await loadSeeds(world.store)).toBe(0);
  });

  it('R56 a policy that changes without a new version is refused', async () => {
    const { policies } = world.store.collections;
    const stored = await policies.findOne({ _id: 'regions/v1' });
    await policies.updateOne({ _id: 'regions/v1' }, { $set: { notServed: ['KP'] } as never });
    await expect(loadSeeds(world.store)).rejects.toThrow(/regions\/v1 differs.*new version/);
    await policies.replaceOne({ _id: 'regions/v1' }, stored as never);
  });
});

describe('R2 the cover of an order', () => {
  it('is reserved once under 20 orders of one supplier that are paid at once; never above the limit of the moment', async () => {
    const { ta, store } = world;
    const orders = await Promise.all(Array.from({ length: 20 }, (_, n) => confirmedOrder(`cover-${String(n)}`)));
    await Promise.all(orders.map(({ id, payTo, total }) => ta.paymentCredited(id, credit(payTo, id, total), as.bank)));
    const covers = await Promise.all(orders.map(async ({ id }) => (await ta.view(id)).cover?.reserved?.amount ?? NaN));
    const standing = await store.collections.standings.findOne({ _id: lighting.supplier });
    const reserved = covers.reduce((sum, amount) => sum + amount, 0);
    expect(reserved).toBe(standing?.openCover);
    expect(reserved).toBe(
      Math.min(
        standing?.limit.amount ?? 0,
        orders.reduce((sum, { total }) => sum + total, 0),
      ),
    );
    expect(covers.filter((amount) => amount === 0).length).toBeGreaterThan(0); // a short limit refuses nobody
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
  });
});

describe('R2 a short limit', () => {
  it('is told to both sides before they confirm', async () => {
    const { ta, orderId } = world;
    const id = orderId('estimate');
    await ta.start(id, lighting, as.supplier);
    // The orders above have used the limit up.
    expect(await ta.view(id)).toMatchObject({ status: 'negotiating', coverEstimate: { amount: 0, currency: 'USD' } });
    const answer = await ta.confirm(id, { revision: 1 }, as.supplier);
    expect(answer.events).toContainEqual(expect.objectContaining({ type: 'coverOffered', amount: moneyOf(0, 'USD') }));
  });

  it('is told by the limit of the day: as last worked out today, else worked out', async () => {
    const { store } = world;
    const [supplier, total] = ['sup-estimated', moneyOf(1_000_000, 'USD')];
    const now = new Date().toISOString();
    const estimate = async () => (await coverEstimate(store, supplier, total, now)).amount;
    const base = (await explainCredit(store, supplier, now)).limit.limit.amount;
    expect(await estimate()).toBe(base);
    const standing = { supplier, grade: 0, openCover: 500, policy: 'ta-limit/v1' };
    const stand = (asOf: string, amount: number) => {
      const $set = { ...standing, asOf, limit: moneyOf(amount, 'USD') };
      return store.collections.standings.updateOne({ _id: supplier }, { $set }, { upsert: true });
    };
    await stand('2026-01-01T00:00:00.000Z', 100);
    expect([await estimate(), await estimate()]).toEqual([base - 500, base - 500]);
    await stand(now, 70_000);
    expect(await estimate()).toBe(69_500);
  });
});

describe('R29 money that arrives after the end of an order', () => {
  it('goes to suspense, once for each entry of the bank', async () => {
    const { ta, store } = world;
    const { id, payTo } = await confirmedOrder('late');
    await ta.cancel(id, { reason: 'changed our minds' }, as.buyer);
    await world.temporal.workflow.getHandle(`ta-order-${id}`).result();
    const late = credit(payTo, 'late-1', 5000);
    const answer = await ta.paymentCredited(id, late, as.bank);
    expect(answer).toMatchObject({
      status: 'cancelled',
      events: [{ type: 'paymentSuspended', reason: 'after-close' }],
    });
    await ta.paymentCredited(id, late, as.bank);
    await ta.signal('paymentCredited', id, late, as.bank);
    expect(await ta.postings(id)).toMatchObject([{ to: 'suspense', amount: { amount: 5000 } }]);
    await expect(ta.paymentCredited(id, credit(payTo, 'late-1', 6000), as.bank)).rejects.toMatchObject({
      code: 'payment.entry-conflict',
    });
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
  });
});

describe('R30 an entry of the bank', () => {
  it('is booked for one order only: for another of the same pair it is refused', async () => {
    const { ta, store } = world;
    const [first, second] = [await confirmedOrder('entry-a'), await confirmedOrder('entry-b')];
    const entry = credit(first.payTo, 'shared-1', 1000);
    expect(second.payTo).toBe(first.payTo);
    await ta.paymentCredited(first.id, entry, as.bank);
    await expect(ta.paymentCredited(second.id, entry, as.bank)).rejects.toMatchObject({
      code: 'payment.entry-conflict',
    });
    await ta.cancel(second.id, { reason: 'not paid' }, as.buyer);
    await world.temporal.workflow.getHandle(`ta-order-${second.id}`).result();
    await expect(ta.paymentCredited(second.id, entry, as.bank)).rejects.toMatchObject({
      code: 'payment.entry-conflict',
    });
    expect(await ta.postings(second.id)).toEqual([]);
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
  });
});

describe('the client', () => {
  it('answers a resend as before, whatever the order of its fields and the blanks around its text', async () => {
    const { ta } = world;
    const id = world.orderId('resend');
    await ta.start(id, lighting, { ...as.supplier, id: 'd-1' });
    const first = await ta.cancel(
      id,
      { reason: 'no agreement ' },
      { as: { member: lighting.buyer, role: 'buyer' }, id: 'c-1' },
    );
    await world.temporal.workflow.getHandle(`ta-order-${id}`).result();
    expect(await ta.cancel(id, { reason: 'no agreement' }, { ...as.buyer, id: 'c-1' })).toEqual(first);
  });

  it('R29 books nothing past an open order whose workflow was ended from outside', async () => {
    const { ta } = world;
    const { id, payTo } = await confirmedOrder('terminated');
    await world.temporal.workflow.getHandle(`ta-order-${id}`).terminate('by mistake');
    await expect(ta.paymentCredited(id, credit(payTo, 'lost-1', 1000), as.bank)).rejects.toMatchObject({
      code: 'order.without-workflow',
    });
    expect(await ta.postings(id)).toEqual([]);
  });

  it('waits for a status until the order has ended', async () => {
    const { ta } = world;
    const id = world.orderId('awaited');
    await ta.start(id, lighting, as.supplier);
    await ta.cancel(id, { reason: 'no agreement' }, as.buyer);
    expect(await ta.awaitStatus(id, 'awaiting-payment')).toMatchObject({ status: 'cancelled' });
  });
});

describe('the projection', () => {
  it('can be made again from the journal, and equals what was there', async () => {
    const { ta, store } = world;
    const id = world.orderId('rebuild');
    for await (const { answer } of playMainRoad(ta, id, lighting)) expect(answer.order).toBe(id);
    await ta.awaitSettled(id);
    const before = await store.collections.orders.findOne({ _id: id });
    expect((await rebuild(store, { check: true })).differing).toEqual([]);

    await store.collections.orders.updateOne({ _id: id }, { $set: { status: 'lapsed' } });
    const lost = world.orderId('unique');
    await store.collections.orders.deleteOne({ _id: lost });
    expect((await rebuild(store, { check: true })).differing).toEqual([id, lost].sort());
    expect((await rebuild(store)).differing).toEqual([id, lost].sort());
    expect((await rebuild(store, { check: true })).differing).toEqual([]);
    expect(await opened(store, await store.collections.orders.findOne({ _id: id }))).toEqual(
      await opened(store, before),
    );
  });
});
