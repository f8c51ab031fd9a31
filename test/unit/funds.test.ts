/** A supplier's money as a whole: whatever is withdrawn, settled, refused and taken back, none is made, lost, or spent twice. */
import fc from 'fast-check';
import { collectableOf } from '../../domain/funds';
import { account, changesOf, neverNegative, type Transfer } from '../../domain/ledger';
import { moneyOf, type CurrencyCode } from '../../domain/money';
import { isRefusal } from '../../domain/refusal';
import { statementOf } from '../../domain/statement';
import type { PayoutEnd } from '../../domain/withdrawal';
import { startsAt, supplierId, usd } from '../support/builders';
import {
  asking,
  bySupplier,
  paidByBuyer,
  paidToSupplier,
  policy,
  securePayment,
  settling,
  sums,
  yuan,
} from '../support/funds-builders';
import { MemoryFunds } from '../support/memory-funds';

const orders = ['ta-1', 'ta-2', 'sp-1'];
const known = Object.fromEntries(
  orders.map((order) => [
    order,
    { supplier: supplierId, scheme: order.startsWith('sp') ? securePayment : ('trade-assurance' as const) },
  ]),
);
const supplier = account.supplier(supplierId);
const end = '9998-01-01T00:00:00.000Z';

// --- what may happen, in any order

const cents = fc.integer({ min: 1, max: 50_000 });
/** Orders, and how much of what there is of each is asked for, in percent: now and then too much. */
const wanted = fc.dictionary(fc.constantFrom(...orders), fc.integer({ min: 1, max: 110 }), {
  minKeys: 1,
  maxKeys: 2,
});
const word = fc.constantFrom<PayoutEnd>({ status: 'paid', reference: 'r' }, { status: 'refused', reason: 'no' });
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('credit' as const), order: fc.constantFrom(...orders), amount: cents }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('takeBack' as const), order: fc.constantFrom(...orders), amount: cents }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('withdraw' as const),
      channel: fc.constantFrom('USD' as const, 'CNY' as const),
      wanted,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('endWithdrawal' as const), nth: fc.nat(9), word }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('quote' as const), wanted }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), nth: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('endSettlement' as const), nth: fc.nat(9), refused: fc.boolean() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One supplier's life, one step at a time. */
class Life {
  readonly funds = new MemoryFunds(known, policy);
  private count = 0;
  accepted = 0;

  constructor() {
    for (const order of orders)
      this.funds.post([paidByBuyer(order, usd(500), 999), paidToSupplier(order, usd(500), 999)]);
  }

  async play(now: Step): Promise<void> {
    const { funds } = this;
    this.count += 1;
    const id = `n-${String(this.count)}`;
    const { withdrawals, settlements, activities } = funds;
    const nth = <T>(all: Map<string, T>, n: number): T | undefined => [...all.values()][n % Math.max(1, all.size)];
    switch (now.do) {
      case 'credit': {
        const amount = moneyOf(now.amount, 'USD');
        funds.post([paidByBuyer(now.order, amount, this.count), paidToSupplier(now.order, amount, this.count)]);
        return;
      }
      case 'takeBack': // takes what is there, whatever it is of
        funds.post(this.takenBack(now.order, Math.min(now.amount, funds.balance(supplier, 'USD'))));
        return;
      case 'withdraw': {
        const request = asking(this.parts(now.wanted, now.channel), { id, channel: now.channel });
        const answer = await activities.reserveWithdrawal(request, startsAt);
        this.accepted += isRefusal(answer) ? 0 : 1;
        return;
      }
      case 'endWithdrawal': {
        const open = nth(withdrawals, now.nth);
        if (open) await activities.endWithdrawal(open.id, now.word, startsAt);
        return;
      }
      case 'quote':
        await activities.quoteSettlement(settling(this.parts(now.wanted, 'USD'), { id }), startsAt);
        return;
      case 'take': {
        const quoted = nth(settlements, now.nth);
        if (quoted) await activities.reserveSettlement(quoted.id, bySupplier, startsAt);
        return;
      }
      case 'endSettlement': {
        const open = nth(settlements, now.nth);
        if (open?.state !== 'reserved') return;
        funds.bank.refusesToConvert = now.refused ? 'no' : undefined;
        await activities.endSettlement(open.id, await activities.convertSettlement(open), startsAt);
      }
    }
  }

  private parts(percents: Record<string, number>, currency: CurrencyCode) {
    return Object.fromEntries(
      Object.entries(percents).map(([order, percent]) => {
        const ofOrder = this.funds.transfers.filter((posting) => posting.order === order);
        const there = collectableOf(ofOrder, supplierId, currency);
        return [order, moneyOf(Math.max(1, Math.ceil((there * percent) / 100)), currency)];
      }),
    );
  }

  private takenBack(order: string, amount: number): Transfer[] {
    if (amount === 0) return [];
    const back = paidToSupplier(order, moneyOf(amount, 'USD'), this.count);
    return [{ ...back, kind: 'supplier-clawed-back', from: supplier, to: account.pair('va-0001') }];
  }
}

describe('R9 whatever happens to a supplier’s money (fast-check)', () => {
  // `MemoryFunds.post` throws when an account of a party would fall below zero, after each single step.
  it('no account of a party falls below zero, and every currency sums to zero', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const life = new Life();
        for (const one of steps) {
          await life.play(one);
          const changes = changesOf(life.funds.transfers);
          expect(changes.filter((c) => c.change < 0 && neverNegative.test(c.account))).toEqual([]);
          for (const sum of Object.values(sums(changes))) expect(sum).toBe(0);
        }
        accepted += life.accepted;
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(200); // the steps are no string of refusals
  });

  it('what is reserved is what is open, what has ended holds nothing, and the bank has what was paid out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const { funds } = await played(steps);
        for (const { id, state, amount, channel } of funds.withdrawals.values())
          expect(funds.balance(account.withdrawal(id), channel)).toBe(state === 'reserved' ? amount.amount : 0);
        for (const { id, state, quote } of funds.settlements.values())
          expect(funds.balance(account.settlement(id), 'USD')).toBe(state === 'reserved' ? quote.sell.amount : 0);
        for (const channel of ['USD', 'CNY'] as const) {
          const paid = [...funds.withdrawals.values()].filter((w) => w.state === 'paid' && w.channel === channel);
          const sum = (of: (w: (typeof paid)[number]) => number) => paid.reduce((all, w) => all + of(w), 0);
          expect(funds.balance('bank', channel)).toBe(sum(({ payout }) => payout.amount));
          expect(funds.balance('withdrawal-fees', channel)).toBe(sum(({ fee }) => fee.amount));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('R18 the statement’s closing balance is the balance, line by line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const { funds } = await played(steps);
        for (const currency of ['USD', 'CNY'] as const) {
          const own = funds.transfers.filter(
            ({ from, to, amount }) => [from, to].includes(supplier) && amount.currency === currency,
          );
          const statement = statementOf({ supplier: supplierId, currency, from: startsAt, to: end }, 0, own);
          expect(statement.closing.amount).toBe(funds.balance(supplier, currency));
          expect(statement.lines.every(({ balance }) => balance.amount >= 0)).toBe(true);
          const halfway = Math.floor(own.length / 2);
          const later = statementOf(
            { supplier: supplierId, currency, from: startsAt, to: end },
            statement.lines[halfway - 1]?.balance.amount ?? 0,
            own.slice(halfway),
          );
          expect(later.closing).toEqual(statement.closing);
        }
      }),
      { numRuns: 50 },
    );
  });
});

async function played(steps: Step[]): Promise<Life> {
  const life = new Life();
  for (const one of steps) await life.play(one);
  return life;
}

describe('R18 the statement', () => {
  it('says of each posting what it was for, of which order, and the balance after it', async () => {
    const funds = new MemoryFunds(known, policy);
    funds.post([paidByBuyer('ta-1', usd(1_000)), paidToSupplier('ta-1', usd(1_000))]);
    const { activities } = funds;
    await activities.reserveWithdrawal(asking({ 'ta-1': usd(300) }), startsAt);
    await activities.endWithdrawal('w-1', { status: 'refused', reason: 'account-closed' }, startsAt);
    await activities.quoteSettlement(settling({ 'ta-1': usd(200) }), startsAt);
    const taken = await activities.reserveSettlement('s-1', bySupplier, startsAt);
    if (isRefusal(taken)) throw new Error('refused');
    await activities.endSettlement('s-1', await activities.convertSettlement(taken), startsAt);
    const own = (currency: CurrencyCode) =>
      funds.transfers.filter((p) => [p.from, p.to].includes(supplier) && p.amount.currency === currency);
    const told = (currency: CurrencyCode) =>
      statementOf({ supplier: supplierId, currency, from: startsAt, to: end }, 0, own(currency)).lines.map((line) => [
        line.what,
        line.order,
        line.amount.amount,
        line.balance.amount,
      ]);
    expect(told('USD')).toEqual([
      ['payment of the buyer', 'ta-1', 100_000, 100_000],
      ['withdrawal w-1', 'ta-1', -30_000, 70_000],
      ['put back from withdrawal w-1: account-closed', 'ta-1', 30_000, 100_000],
      ['settlement into CNY s-1', 'ta-1', -20_000, 80_000],
    ]);
    expect(told('CNY')).toEqual([['CNY of settlement s-1', 'ta-1', yuan(1420).amount, yuan(1420).amount]]);
  });
});
