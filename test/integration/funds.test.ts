/** A supplier's money on real servers: withdrawals, settlements, the statement; never twice, never below zero (R9, R18). */
import { randomUUID } from 'node:crypto';
import { FundsClient } from '../../clients';
import { createFundsActivities, type FundsActivities } from '../../activities/funds';
import { createOrderActivities } from '../../activities/order';
import { moneyOf } from '../../domain/money';
import { isRefusal } from '../../domain/refusal';
import { payoutKey } from '../../domain/withdrawal';
import type { Bank } from '../../partners/bank';
import { noticesTo } from '../../store/notices';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { readStatement } from '../../store/statement';
import { FakeBank } from '../support/fake-bank';
import { toOwnAccount } from '../support/funds-builders';
import { advance, paidOrder } from '../support/paid-order';
import { as, lighting, openWorld, type World } from '../support/world';

const { supplier } = lighting;
const dollars = (amount: number) => moneyOf(amount * 100, 'USD');

/** Activities of which the next attempt does its work and is then lost. */
const dying = new Set<keyof FundsActivities>();
const attempts = new Map<string, number>();

let bank: FakeBank;
let world: World;
let funds: FundsClient;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  const { store } = world;
  const mortal = Object.fromEntries(
    Object.entries(createFundsActivities({ store, bank: theBank })).map(([name, work]) => [
      name,
      async (...args: unknown[]) => {
        attempts.set(name, (attempts.get(name) ?? 0) + 1);
        const answer = await (work as (...all: unknown[]) => Promise<unknown>)(...args);
        if (dying.delete(name as keyof FundsActivities)) throw new Error('the worker was lost');
        return answer;
      },
    ]),
  );
  const worker = await world.worker({ activities: { ...createOrderActivities({ store }), ...mortal } });
  const running = worker.run();
  closing = async () => {
    worker.shutdown();
    await running;
  };
  funds = new FundsClient(world.ta.options);
});
let closing: () => Promise<void>;
afterAll(async () => {
  await closing();
  await world.close();
});

/** Whatever bank the test at hand has. */
const theBank: Bank = {
  payOut: (request) => bank.payOut(request),
  find: (key) => bank.find(key),
  quote: (wish) => bank.quote(wish),
  convert: (conversion) => bank.convert(conversion),
};

beforeEach(() => {
  bank = new FakeBank();
  dying.clear();
  attempts.clear();
});
/** Whatever a test did: the books agree, and nobody is below zero. */
afterEach(async () => {
  const { store } = world;
  for (const { sum } of await trialBalance(store)) expect(sum).toBe(0);
  expect(await balanceDifferences(store)).toEqual([]);
  expect(
    await store.collections.balances
      .find({ account: /^(supplier|withdrawal|settlement):/, balance: { $lt: 0 } })
      .toArray(),
  ).toEqual([]);
});

const asking = (orders: Record<string, number>, changes: object = {}) => ({
  id: `w-${randomUUID().slice(0, 8)}`,
  supplier,
  channel: 'USD' as const,
  orders: Object.entries(orders).map(([order, amount]) => ({ order, amount: moneyOf(amount, 'USD') })),
  payee: toOwnAccount,
  ...changes,
});
const balance = async (currency = 'USD') => (await balancesOf(world.store, `supplier:${supplier}`))[currency] ?? 0;
const outcomeOf = (work: Promise<{ state: string }>) =>
  work.then(
    ({ state }) => state,
    (fault: unknown) => (fault as { code: string }).code,
  );

describe('R9 a withdrawal', () => {
  it('of several orders is paid out whole, and the same request again is the same withdrawal', async () => {
    const [a, b] = [await paidOrder(world, 'several-a'), await paidOrder(world, 'several-b')];
    const before = await balance();
    const request = asking({ [a]: advance, [b]: 100_000 });
    const reserved = await funds.withdraw(request, as.supplier);
    expect(reserved).toMatchObject({
      amount: dollars(8_008),
      fee: dollars(0),
      payout: dollars(8_008),
      policy: 'withdrawal/v1',
    });
    expect(await funds.withdraw(request, as.supplier)).toMatchObject({ id: request.id, amount: dollars(8_008) });
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'paid', bankReference: 'bank-1' });
    expect(await funds.withdraw(request, as.supplier)).toMatchObject({ state: 'paid' });
    expect(bank.payouts.get(payoutKey(request.id))?.asked).toMatchObject({ amount: dollars(8_008), to: toOwnAccount });
    expect(await balance()).toBe(before - 800_800);
    expect(await funds.collectables(supplier, 'USD')).toEqual([
      { order: b, amount: moneyOf(advance - 100_000, 'USD') },
    ]);
  });

  it('under an id that stands for another one is refused, while it runs and after', async () => {
    const order = await paidOrder(world, 'reused');
    bank.next = { status: 'pending' };
    const request = asking({ [order]: 1_000 });
    await funds.withdraw(request, as.supplier);
    const other = { ...request, orders: asking({ [order]: 2_000 }).orders };
    await expect(funds.withdraw(other, as.supplier)).rejects.toMatchObject({ code: 'message.id-reused' });
    await bank.askedFor(payoutKey(request.id));
    bank.settle(payoutKey(request.id), { status: 'paid', reference: 'r' });
    await funds.payoutSettled(payoutKey(request.id));
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'paid' });
    await expect(funds.withdraw(other, as.supplier)).rejects.toMatchObject({ code: 'message.id-reused' });
    expect(await balance()).toBe(await sumOfStatement());
  });

  it('that is refused leaves nothing behind: its id may be used again', async () => {
    const order = await paidOrder(world, 'refused');
    const request = asking({ [order]: advance + 1 });
    await expect(funds.withdraw(request, as.supplier)).rejects.toMatchObject({ code: 'funds.amount-exceeds-order' });
    await expect(funds.withdrawal(request.id)).rejects.toMatchObject({ code: 'withdrawal.not-found' });
    const less = { ...request, orders: asking({ [order]: advance }).orders };
    await funds.withdraw(less, as.supplier);
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'paid' });
  });

  it.each([
    ['another supplier', { as: { role: 'supplier', member: 'sup-shenzhen-audio' } }, 'actor.not-a-party'],
    ['a buyer', as.buyer, 'actor.role-not-allowed'],
  ] as const)('asked for by %s is refused', async (name, from, code) => {
    const order = await paidOrder(world, name.replaceAll(' ', '-'));
    await expect(funds.withdraw(asking({ [order]: 1_000 }), from)).rejects.toMatchObject({ code });
  });

  it('of another supplier’s order is refused', async () => {
    const order = await paidOrder(world, 'stolen');
    const thief = { as: { role: 'supplier', member: 'sup-shenzhen-audio' } } as const;
    const request = asking({ [order]: 1_000 }, { supplier: 'sup-shenzhen-audio' });
    await expect(funds.withdraw(request, thief)).rejects.toMatchObject({ code: 'funds.order-not-yours' });
  });

  it('with a field that is wrong is refused before anything starts', async () => {
    const wrong = asking({ x: 1 }, { channel: 'EUR' });
    await expect(funds.withdraw(wrong as never, as.supplier)).rejects.toMatchObject({ code: 'message.invalid' });
  });
});

const sumOfStatement = async (): Promise<number> => {
  const read = await readStatement(world.store, {
    supplier,
    currency: 'USD',
    from: '2020-01-01T00:00:00.000Z',
    to: '9000-01-01T00:00:00.000Z',
  });
  if (isRefusal(read)) throw new Error('refused');
  return read.closing.amount;
};

describe('R9 the same money', () => {
  it('asked for by ten withdrawals at once is paid once', async () => {
    const order = await paidOrder(world, 'race');
    const before = await balance();
    const all = Array.from({ length: 10 }, () => asking({ [order]: advance }));
    const outcomes = await Promise.all(all.map((request) => outcomeOf(funds.withdraw(request, as.supplier))));
    expect(outcomes.sort()).toEqual([...Array<string>(9).fill('funds.amount-exceeds-order'), 'reserved'].sort());
    expect(await balance()).toBe(before - advance);
    expect(bank.payouts.size).toBeLessThanOrEqual(1);
  });

  it('asked for in parts is paid to the last cent, and not one more', async () => {
    const order = await paidOrder(world, 'parts');
    const all = Array.from({ length: 8 }, () => asking({ [order]: 100_000 }));
    const outcomes = await Promise.all(all.map((request) => outcomeOf(funds.withdraw(request, as.supplier))));
    expect(outcomes.filter((outcome) => outcome === 'reserved')).toHaveLength(7);
    expect(await funds.collectables(supplier, 'USD')).toContainEqual({ order, amount: moneyOf(800, 'USD') });
  });

  it('is not withdrawn and settled at once', async () => {
    const order = await paidOrder(world, 'both');
    const { id } = await funds.quote(
      { id: `s-${randomUUID().slice(0, 8)}`, supplier, orders: asking({ [order]: advance }).orders },
      as.supplier,
    );
    const outcomes = await Promise.all([
      outcomeOf(funds.settle(id, as.supplier)),
      outcomeOf(funds.withdraw(asking({ [order]: advance }), as.supplier)),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'funds.amount-exceeds-order')).toHaveLength(1);
  });
});

describe('R9 what the bank refuses', () => {
  it('is put back whole', async () => {
    const order = await paidOrder(world, 'put-back');
    const before = await balance();
    bank.next = { status: 'refused', reason: 'account-closed' };
    const request = asking({ [order]: advance });
    await funds.withdraw(request, as.supplier);
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'put-back', reason: 'account-closed' });
    expect(await balance()).toBe(before);
    expect(await balancesOf(world.store, `withdrawal:${request.id}`)).toEqual({ USD: 0 });
    const told = await noticesTo(world.store, { member: request.supplier }, 50);
    expect(told).toContainEqual(
      expect.objectContaining({ about: `withdrawal:${request.id}`, version: 1, key: 'withdrawal.put-back' }),
    );
  });

  it('when it calls back late and twice, ends once; a key that is no withdrawal’s is not ours', async () => {
    const order = await paidOrder(world, 'call-backs');
    bank.next = { status: 'pending' };
    const request = asking({ [order]: advance });
    await funds.withdraw(request, as.supplier);
    const key = payoutKey(request.id);
    await bank.askedFor(key);
    bank.settle(key, { status: 'refused', reason: 'limit' });
    await Promise.all([funds.payoutSettled(key), funds.payoutSettled(key)]);
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'put-back' });
    expect(await funds.payoutSettled(key)).toBe(true);
    expect(await funds.payoutSettled('po-1:3:0')).toBe(false);
    await expect(funds.payoutSettled(payoutKey('nobodys'))).rejects.toMatchObject({ code: 'withdrawal.not-found' });
    const postings = await world.store.collections.ledger
      .find({ _id: new RegExp(`^withdrawal:${request.id}:`) })
      .toArray();
    expect(postings.map(({ kind }) => kind).sort()).toEqual(['withdrawal-put-back', 'withdrawal-reserved']);
  });
});

describe('R9 a worker that is lost after its work and before anybody hears of it', () => {
  it.each(['reserveWithdrawal', 'payOutWithdrawal', 'endWithdrawal'] as const)('at %s: one payout', async (step) => {
    const order = await paidOrder(world, `lost-${step}`);
    const before = await balance();
    dying.add(step);
    const request = asking({ [order]: advance });
    await funds.withdraw(request, as.supplier);
    expect(await funds.awaitWithdrawal(request.id)).toMatchObject({ state: 'paid' });
    expect(attempts.get(step)).toBe(2);
    expect(bank.payouts.size).toBe(1);
    expect(await balance()).toBe(before - advance);
  });

  it.each(['quoteSettlement', 'reserveSettlement', 'convertSettlement', 'endSettlement'] as const)(
    'at %s: one conversion',
    async (step) => {
      const order = await paidOrder(world, `lost-${step}`);
      const [usd, cny] = [await balance(), await balance('CNY')];
      dying.add(step);
      const id = `s-${randomUUID().slice(0, 8)}`;
      await funds.quote({ id, supplier, orders: asking({ [order]: 100_000 }).orders }, as.supplier);
      expect(await funds.settle(id, as.supplier)).toMatchObject({ state: 'settled' });
      expect(attempts.get(step)).toBe(2);
      expect(bank.conversions.size).toBe(1);
      expect([await balance(), await balance('CNY')]).toEqual([usd - 100_000, cny + 710_000]);
    },
  );
});

describe('a settlement into CNY', () => {
  it('is quoted, settled once, and the CNY withdrawn by their channel, order by order', async () => {
    const [a, b] = [await paidOrder(world, 'fx-a'), await paidOrder(world, 'fx-b')];
    const id = `s-${randomUUID().slice(0, 8)}`;
    const request = { id, supplier, orders: asking({ [a]: 100_000, [b]: 200_000 }).orders };
    const cny = await balance('CNY');
    const quoted = await funds.quote(request, as.supplier);
    expect(quoted).toMatchObject({ state: 'quoted', quote: { sell: dollars(3_000), buy: moneyOf(2_130_000, 'CNY') } });
    expect(await funds.quote(request, as.supplier)).toEqual(quoted);
    const settled = await funds.settle(id, as.supplier);
    expect(settled).toMatchObject({ state: 'settled' });
    expect(await funds.settle(id, as.supplier)).toEqual(settled);
    expect(await balance('CNY')).toBe(cny + 2_130_000);

    const part = { order: a, amount: moneyOf(710_000, 'CNY') };
    const ofCny = { ...asking({}), channel: 'CNY' as const, orders: [part] };
    const tooMuch = { ...ofCny, orders: [{ ...part, amount: moneyOf(710_001, 'CNY') }] };
    await expect(funds.withdraw(tooMuch, as.supplier)).rejects.toMatchObject({ code: 'funds.amount-exceeds-order' });
    await funds.withdraw(ofCny, as.supplier);
    expect(await funds.awaitWithdrawal(ofCny.id)).toMatchObject({ state: 'paid', payout: moneyOf(710_000, 'CNY') });
  });

  it('is refused once the quote has expired, also when its workflow has ended', async () => {
    const order = await paidOrder(world, 'expired');
    bank.quoteMs = 300;
    const id = `s-${randomUUID().slice(0, 8)}`;
    await funds.quote({ id, supplier, orders: asking({ [order]: 1_000 }).orders }, as.supplier);
    await world.temporal.workflow.getHandle(`ta-settlement-${id}`).result();
    await expect(funds.settle(id, as.supplier)).rejects.toMatchObject({ code: 'fx.quote-expired' });
    expect(await funds.settlement(id)).toMatchObject({ state: 'lapsed' });
    await expect(funds.settle('nobodys', as.supplier)).rejects.toMatchObject({ code: 'fx.not-found' });
  });

  it('that the bank refuses is put back', async () => {
    const order = await paidOrder(world, 'fx-refused');
    const before = await balance();
    bank.refusesToConvert = 'limit';
    const id = `s-${randomUUID().slice(0, 8)}`;
    await funds.quote({ id, supplier, orders: asking({ [order]: 1_000 }).orders }, as.supplier);
    await expect(funds.settle(id, as.supplier)).rejects.toMatchObject({ code: 'fx.refused' });
    await expect(funds.settle(id, as.supplier)).rejects.toMatchObject({ code: 'fx.refused' });
    expect(await balance()).toBe(before);
  });
});

describe('what a supplier has asked for', () => {
  it('is listed, the newest first', async () => {
    const order = await paidOrder(world, 'listed');
    const request = asking({ [order]: 1_000 });
    const { id } = await funds.withdraw(request, as.supplier);
    const quoted = { id: `s-${id}`, supplier, orders: request.orders };
    await funds.quote(quoted, as.supplier);
    expect((await funds.withdrawals(supplier, 2)).map((w) => w.id)).toEqual([id, expect.any(String)]);
    expect((await funds.settlements(supplier, 1)).map((s) => s.id)).toEqual([quoted.id]);
    expect(await funds.withdrawals('nobody')).toEqual([]);
  });
});

describe('R18 the statement', () => {
  it('agrees with the balance, and one period goes on where the one before it ended', async () => {
    const { store } = world;
    const order = await paidOrder(world, 'statement');
    const between = new Date().toISOString();
    const request = asking({ [order]: 5_000 });
    await funds.withdraw(request, as.supplier);
    await funds.awaitWithdrawal(request.id);
    const read = (from: string, to: string) => funds.statement({ supplier, currency: 'USD', from, to });
    const [long, first, second] = await Promise.all([
      read('2020-01-01T00:00:00.000Z', '9000-01-01T00:00:00.000Z'),
      read('2020-01-01T00:00:00.000Z', between),
      read(between, '9000-01-01T00:00:00.000Z'),
    ]);
    expect(long.opening.amount).toBe(0);
    expect(long.closing.amount).toBe((await balancesOf(store, `supplier:${supplier}`)).USD);
    expect(second.opening).toEqual(first.closing);
    expect(second.closing).toEqual(long.closing);
    expect([...first.lines, ...second.lines]).toEqual(long.lines);
    expect(first.lines.at(-1)).toMatchObject({ what: 'payment of the buyer', order, amount: { amount: advance } });
    expect(second.lines).toMatchObject([{ what: `withdrawal ${request.id}`, order, amount: { amount: -5_000 } }]);
  });
});
