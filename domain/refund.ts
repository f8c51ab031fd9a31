/** Refunds: by which way the money goes back to the buyer, and out of whose account (R2, R22, R57). Minor units. */
import type { OrderEvent, RefundWhy } from './events';
import type { Payee } from './messages';
import { moneyOf, type Money } from './money';
import { feeGivenBack, type Order, type Refund } from './order';
import { refuse, type Refusal } from './refusal';

type Payment = Order['payments'][number];
type Due = Extract<OrderEvent, { type: 'refundDue' }>;

const isCharge = ({ account }: Payment): boolean => account === 'card';

/**
 * The refunds that an amount is split into: what was charged goes back to the card first, newest charge first; the rest by
 * the bank, to whom it came from. Where the bank named no payer, it waits until an account is named.
 */
export function piecesOf(o: Order, amount: Money, why: RefundWhy): Refund[] {
  const pieces: Omit<Refund, 'id'>[] = [];
  let left = amount.amount;
  const take = (most: number): Money => {
    const part = Math.min(left, Math.max(0, most));
    left -= part;
    return moneyOf(part, amount.currency);
  };
  for (const charge of o.payments.filter((p) => isCharge(p) && !p.reversed && !p.suspended).toReversed()) {
    const part = take(charge.amount.amount - refundedOn(o, charge.entryReference));
    if (part.amount > 0)
      pieces.push({ amount: part, why, via: 'card', charge: charge.entryReference, state: 'pending' });
  }
  if (left > 0) {
    const payee = payeeOf(o);
    const rest = take(left);
    pieces.push({
      amount: rest,
      why,
      via: 'bank',
      ...(payee ? { payee, state: 'pending' } : { state: 'awaiting-payee' }),
    });
  }
  return pieces.map((piece, index) => ({ id: o.refunds.length + 1 + index, ...piece }));
}

/** What of a charge that was applied to the price has gone back already. */
const refundedOn = (o: Order, charge: string): number =>
  o.refunds
    .filter((r) => r.charge === charge && r.why !== 'charge-not-needed')
    .reduce((sum, r) => sum + r.amount.amount, 0);

/** The account for a refund by the bank: the newest payer's whose money is the order's, else one that was named. */
const payeeOf = (o: Order): Payee | undefined =>
  o.payments.findLast((p) => p.payer && !p.reversed && !p.suspended && !isCharge(p))?.payer ?? o.refundAccount;

/** Refunds that wait for an account: the bank has named no payer, or the bank or the processor has refused the refund for good. */
export const refundsWithoutAccount = ({ refunds, effects }: Order): Refund[] =>
  refunds.filter(
    ({ id, state }) =>
      state === 'awaiting-payee' ||
      (state === 'pending' && effects.some((e) => e.kind === 'refund' && e.of === String(id) && e.state === 'failed')),
  );

/** R57: the account that waiting refunds go to now; `refund.account-not-needed` when none waits. */
export function accountNamed(order: Order, payee: Payee): OrderEvent[] | Refusal {
  if (refundsWithoutAccount(order).length === 0) return refuse('refund.account-not-needed');
  return [...withheldRefunds(order), { type: 'refundAccountNamed', payee }];
}

/**
 * A refund out of the order's money: first what lies with the order or is held, then what the supplier got, with the fee that
 * it bore. Whether the
 * supplier still has it, and what the guarantee adds, is seen when it is stored (`admit`).
 */
export function refundDue(o: Order, amount: Money, why: RefundWhy): Due[] {
  if (amount.amount === 0) return [];
  const order = Math.min(amount.amount, Math.max(0, o.purse.order));
  const hold = Math.min(amount.amount - order, Math.max(0, o.purse.hold));
  const released = amount.amount - order - hold;
  const fee = feeGivenBack(o, released);
  const sources = { order, hold, supplier: released - fee, guarantee: 0, ...(fee > 0 && { fee }) };
  return [{ type: 'refundDue', amount, sources, why }];
}

/**
 * R30: refunds that wait for an account, or that a card has refused for good, are withheld, as far as the buyer owes what a
 * reversal has given it already. What was not needed of a charge that was taken back is withheld whole: the buyer has it.
 */
export function withheldRefunds(order: Order): OrderEvent[] {
  let left = order.buyerOwes;
  return refundsWithoutAccount(order).flatMap((refund): OrderEvent[] => {
    const { id, amount, why } = refund;
    const part = why === 'charge-not-needed' ? returnedOf(order, refund) : Math.min(left, amount.amount);
    if (why !== 'charge-not-needed') left -= part;
    return part > 0 ? [{ type: 'refundWithheld', refund: id, amount: moneyOf(part, amount.currency) }] : [];
  });
}

/** What the payer's bank has taken back already of a refund to a charge, in minor units. */
const returnedOf = ({ reversals }: Order, { charge, amount }: Refund): number =>
  charge !== undefined && reversals.includes(`card:${charge}`) ? amount.amount : 0;
