/** Payment: the 15 days, part payments, the advance, money in suspense (R18, R29–R31, R55). Amounts in minor units. */
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { maxPayments, outstanding, wrongState, type Order } from './order';
import { add, isZero, moneyOf, smaller, subtract, type Money } from './money';
import { refuse } from './refusal';
import { schemes } from './scheme';
import { completeIfPaid } from './completion';

type Credit = MessageData<'paymentCredited'>;
type SuspenseReason = Extract<OrderEvent, { type: 'paymentSuspended' }>['reason'];

const hourMs = 60 * 60 * 1000;

/** R55: the supplier may remind the buyer, at intervals. */
export function remindPayment(order: Order, at: string): Decision {
  if (order.status !== 'awaiting-payment') return wrongState(order);
  const { reminderHours } = schemes[order.scheme];
  const tooSoon =
    order.remindedAt !== undefined && Date.parse(at) - Date.parse(order.remindedAt) < reminderHours * hourMs;
  return tooSoon ? refuse('reminder.too-soon', `last at ${order.remindedAt ?? ''}`) : [{ type: 'paymentReminded' }];
}

const payTimeIsOver = (order: Order, at: string): boolean => order.payBy !== undefined && at >= order.payBy;

/** R29: the end of the 15 days closes nothing by itself; it gives the supplier the right to close. */
export function paymentLapsed(order: Order, at: string): Decision {
  const lapses = order.status === 'awaiting-payment' && !order.paymentLapsed && payTimeIsOver(order, at);
  return lapses ? [{ type: 'paymentLapsed' }] : [];
}

/** R29: the supplier closes alone after the 15 days; parts that had arrived are set aside to be returned. */
export function closeUnpaid(order: Order, at: string): Decision {
  if (order.status !== 'awaiting-payment') return wrongState(order);
  if (!payTimeIsOver(order, at)) return refuse('payment.window-open', `until ${order.payBy ?? ''}`);
  const parts: OrderEvent[] = order.paid ? [{ type: 'partsSetAside', amount: order.paid }] : [];
  return [...parts, { type: 'orderEnded', outcome: 'closed-unpaid' }];
}

/**
 * R31: a booked credit is applied to what is outstanding; what cannot be applied is not refused, because the money has
 * arrived, but stands in suspense. The same bank entry again changes nothing (R30).
 */
export function paymentCredited(order: Order, credit: Credit, at: string): Decision {
  const { account, entryReference, method, amount } = credit;
  const known = order.payments.filter((p) => p.account === account && p.entryReference === entryReference);
  if (known.length > 0) return repetition(known, amount);

  const details = { account, entryReference, method };
  const reason = cannotApply(order, credit);
  if (reason) return [{ type: 'paymentSuspended', ...details, amount, reason }];
  const applied = smaller(amount, outstanding(order));
  const excess = subtract(amount, applied);
  return [
    { type: 'paymentApplied', ...details, amount: applied },
    ...(isZero(excess)
      ? []
      : [{ type: 'paymentSuspended' as const, ...details, amount: excess, reason: 'overpaid' as const }]),
    ...whatFollows(order, applied, at),
  ];
}

function repetition(known: Order['payments'], amount: Money): Decision {
  const before = known.reduce((sum, p) => sum + p.amount.amount, 0);
  const same = before === amount.amount && known[0]?.amount.currency === amount.currency;
  return same
    ? []
    : refuse('payment.entry-conflict', `booked before as ${String(before)} ${known[0]?.amount.currency ?? ''}`);
}

function cannotApply(order: Order, { account, amount }: Credit): SuspenseReason | undefined {
  if (order.endedAt) return 'after-close';
  if (order.payments.length >= maxPayments) return 'too-many';
  if (order.payTo === undefined || !order.total || order.status === 'awaiting-activation') return 'not-awaited';
  if (account !== order.payTo) return 'account-mismatch';
  if (amount.currency !== order.total.currency) return 'currency-mismatch';
  if (isZero(outstanding(order))) return 'overpaid';
  return undefined;
}

/** R18: once the advance is complete the supplier may collect at once; parts of an advance wait on the order. */
function whatFollows(order: Order, applied: Money, at: string): OrderEvent[] {
  const paid = order.paid ? add(order.paid, applied) : applied;
  if (order.status === 'awaiting-payment') {
    const advance = order.advance ?? moneyOf(0, paid.currency);
    return paid.amount < advance.amount ? [] : [{ type: 'advanceCompleted' }, { type: 'supplierPaid', amount: paid }];
  }
  return [{ type: 'supplierPaid', amount: applied }, ...completeIfPaid({ ...order, paid }, order.status, at)];
}
