/**
 * Properties of money, over random walks of both schemes: whatever comes in whatever order, the books agree with what the bank
 * and the processor know, no party's account falls below zero, and nothing is paid out that was not paid in or guaranteed
 * (R2, R14, R18, R22, R29–R31, R48, R57). How to play a failing walk again: `test/support/properties.ts`.
 */
import type { JournalEntry, OrderEvent } from '../../domain/events';
import { account } from '../../domain/ledger';
import { isClosed, openComplaint, type Order } from '../../domain/order';
import { policyOf, shareOf } from '../../domain/scheme';
import { moneyDifferences } from '../../store/order-money';
import { supplierId } from '../support/builders';
import { isTaken, onWalks, walks } from '../support/arbitraries';
import type { Deal, Market } from '../support/market';
import { must, same } from '../support/must';
import { sequences } from '../support/sequences';

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, n) => all + n, 0);

/** Sums of amounts by account and currency. */
function sums(
  entries: Iterable<{ account: string; amount: { amount: number; currency: string } }>,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { account: of, amount } of entries) {
    const key = `${of} ${amount.currency}`;
    found.set(key, (found.get(key) ?? 0) + amount.amount);
  }
  return found;
}

/** What the bank says of its accounts is what the books say of them. */
function bankAgrees({ balances, outside }: Market): void {
  const { credits, takenBack, refunds, withdrawn } = outside;
  const booked = sums([...credits].filter(([key]) => !takenBack.has(key)).map(([, credit]) => credit));
  for (const [name, balance] of balances)
    if (name.startsWith('pair:')) same(`the bank’s ${name}`, -balance, booked.get(name.slice('pair:'.length)) ?? 0);
  for (const [key, amount] of booked) same(`the bank’s ${key}`, -(balances.get(`pair:${key}`) ?? 0), amount);
  const out = sum(
    refunds.filter(({ via, amount }) => via === 'bank' && amount.currency === 'USD').map((r) => r.amount.amount),
  );
  same('what has gone out of the bank', balances.get('bank USD') ?? 0, out + withdrawn);
}

/** What the processor owes is what it charged and no payer’s bank has taken back, less what it has refunded. */
function processorAgrees({ balances, outside }: Market): void {
  const { charges, returned, refunds } = outside;
  const owed = sum([...charges].map(([effect, { amount }]) => (returned.has(effect) ? 0 : amount)));
  const paid = sum(refunds.filter(({ via }) => via === 'card').map((r) => r.amount.amount));
  same('what the processor owes', -(balances.get('card USD') ?? 0), owed - paid);
}

/** Every currency sums to zero, and what stands in suspense is what stands there item by item. */
function booksAgree({ balances, suspense }: Market): void {
  const all = new Map<string, number>();
  for (const [key, balance] of balances) {
    const currency = key.slice(-3);
    all.set(currency, (all.get(currency) ?? 0) + balance);
  }
  for (const [currency, total] of all) same(`the sum of all ${currency}`, total, 0);
  const items = sums([...suspense.values()].map((item) => ({ account: 'suspense', amount: item.amount })));
  for (const currency of ['USD', 'EUR'])
    same(`suspense in ${currency}`, balances.get(`suspense ${currency}`) ?? 0, items.get(`suspense ${currency}`) ?? 0);
}

/** What an order says of its money is what the books say of it. */
function orderAgrees(market: Market, order: Order): void {
  const { id, purse, paid, excess, refunds, refunded, guaranteed, payments } = order;
  same('the order’s account', market.balance(account.order(id)), purse.order);
  same('the hold', market.balance(account.hold(id)), purse.hold);
  same(
    'money on its way back',
    market.balance(account.refunds(id)),
    sum(refunds.filter(({ state }) => state !== 'paid').map((r) => r.amount.amount)),
  );
  same(
    'the purse',
    purse.order + purse.hold + purse.supplier,
    (paid?.amount ?? 0) - refunded + guaranteed + order.buyerOwes,
  );
  const counted = payments
    .filter((p) => !p.suspended && !p.reversed)
    // Of what came beyond the price an operator may have disposed: that is the order's no more.
    .map((p) => p.amount.amount - (p.gone ?? 0));
  same('what was paid, and what came beyond the price', (paid?.amount ?? 0) + excess, sum(counted));
  must('what came beyond the price is not below zero', excess >= 0);
  must('paid is not below zero', (paid?.amount ?? 0) >= 0);
  // R29, R57: an order that is over keeps nothing; but an open complaint may hold up what was completed (R22).
  if (isClosed(order) && !openComplaint(order)) same('money that a closed order keeps', purse.order + purse.hold, 0);
}

const of = <Type extends OrderEvent['type']>(journal: readonly JournalEntry[], type: Type) =>
  journal.flatMap(({ events }) =>
    events.filter((event): event is Extract<OrderEvent, { type: Type }> => event.type === type),
  );

const feesOf = (journal: readonly JournalEntry[]): number =>
  sum(of(journal, 'moneyReleased').map((e) => e.fee.amount)) -
  sum(of(journal, 'supplierClawedBack').map((e) => e.fee.amount)) -
  sum(of(journal, 'refundDue').map((e) => e.sources.fee ?? 0));

/** R2, R20: what goes out of an order came in, or is guaranteed. */
function nothingFromNowhere({ journal, order }: Deal): void {
  if (!order) return;
  const cameIn = sum([...of(journal, 'paymentApplied'), ...of(journal, 'excessApplied')].map((e) => e.amount.amount));
  const toSupplier = sum([...of(journal, 'supplierPaid'), ...of(journal, 'moneyReleased')].map((e) => e.amount.amount));
  const fromSupplier =
    sum(of(journal, 'supplierClawedBack').map((e) => e.amount.amount - e.fee.amount)) +
    // Of an award that found too little, what the supplier has repaid since.
    sum(of(journal, 'refundDue').map((e) => e.sources.supplier + (e.sources.award ?? 0)));
  const fees = feesOf(journal);
  must(
    `no more goes out (${String(toSupplier - fromSupplier)} to the supplier, ${String(order.refunded)} to the buyer, ${String(fees)} fees) than came in (${String(cameIn)}) or is guaranteed (${String(order.guaranteed)})`,
    toSupplier - fromSupplier + order.refunded + fees <= cameIn + order.guaranteed,
  );
}

describe('money (fast-check)', () => {
  test('is conserved in every currency: the books, the bank, the processor and each order say the same (R30, R31)', () => {
    onWalks(walks(), sequences.conserved, (market, step) => {
      if (!isTaken(step)) return;
      bankAgrees(market);
      processorAgrees(market);
      booksAgree(market);
      if (step.deal.order) orderAgrees(market, step.deal.order);
    });
  });

  test('R2, R30 what each party got less what it gave is what was paid, less what was refunded and the fee; also after the end', () => {
    onWalks(walks(), sequences.parties, (_, step) => {
      const { order, transfers } = step.deal;
      if (isTaken(step) && order) same('what differs', moneyDifferences(order, transfers).join('; '), '');
    });
  });

  test('R2, R9 a supplier that owes has nothing that could repay it', () => {
    onWalks(walks(), sequences.owing, (market, step) => {
      if (!isTaken(step)) return;
      const owed = -market.balance(account.receivable(supplierId));
      must('it owes nothing, or something', owed >= 0);
      if (owed > 0) same('the balance of a supplier that owes', market.balance(account.supplier(supplierId)), 0);
    });
  });

  test('R2, R20 nothing is paid out that was not paid in or guaranteed', () => {
    onWalks(walks(), sequences.paidOut, (market, step) => {
      if (!isTaken(step) || !('entry' in step.outcome)) return;
      const { deal, before, outcome } = step;
      nothingFromNowhere(deal);
      let guaranteed = before?.guaranteed ?? 0;
      let refunded = before?.refunded ?? 0;
      for (const event of outcome.events) {
        if (event.type !== 'refundDue') continue;
        refunded += event.amount.amount;
        guaranteed += event.sources.guarantee;
        must('R20 never more goes back than was paid', refunded <= (before?.paid?.amount ?? 0));
        must(
          'R2 the guarantee stays within the cover',
          event.sources.guarantee === 0 || guaranteed <= (before?.cover?.reserved?.amount ?? 0),
        );
        must('R2 the guarantee pays rulings alone', event.sources.guarantee === 0 || event.why === 'ruling');
        same('what a refund is made of', sum(Object.values(event.sources)), event.amount.amount);
      }
      const { credits, charges, refunds, withdrawn } = market.outside;
      const cameIn =
        sum([...credits.values()].map((c) => (c.amount.currency === 'USD' ? c.amount.amount : 0))) +
        sum([...charges.values()].map((c) => c.amount));
      const wentOut = sum(refunds.map((r) => (r.amount.currency === 'USD' ? r.amount.amount : 0))) + withdrawn;
      must(
        'no more leaves the platform than came, or is guaranteed',
        wentOut <= cameIn + (deal.order?.guaranteed ?? 0),
      );
    });
  });

  test('R14, R48 fees: none under Trade Assurance, 5 % of what is released under Secure Payment', () => {
    onWalks(walks(), sequences.fees, (market, step) => {
      if (!isTaken(step) || !('entry' in step.outcome) || !step.deal.order) return;
      const { journal, order } = step.deal;
      const fees = feesOf(journal);
      same('scheme fees', market.balance(account.schemeFees), fees);
      const share = policyOf(order).feeBasisPoints.supplier;
      same('the fee of what was released', fees, shareOf({ amount: order.released, currency: 'USD' }, share).amount);
      must('what the supplier owes is not below zero', market.balance(account.receivable(supplierId)) <= 0);
    });
  });
});
