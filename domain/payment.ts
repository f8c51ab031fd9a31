/** Payment: the 15 days, transfers and charges, the advance, money in suspense, refunds (R18, R26, R29–R31, R48, R57). */
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { isClosed, isRunning, less, maxCharges, maxPayments, owing, wrongState, type Order } from './order';
import { add, format, isZero, moneyOf, smaller, subtract, type Money } from './money';
import { refundDue } from './refund';
import { refuse, type Refusal } from './refusal';
import { methodOf, policyOf, shareOf } from './scheme';

type Credit = MessageData<'paymentCredited'>;
type SuspenseReason = Extract<OrderEvent, { type: 'paymentSuspended' }>['reason'];
type Details = Pick<Credit, 'account' | 'entryReference' | 'method' | 'payer'>;

const hourMs = 60 * 60 * 1000;

/** Whether the last reminder was so short a while ago that another would be a nuisance (R55). */
export const remindedRecently = (order: Order, last: string | undefined, at: string): boolean =>
  last !== undefined && Date.parse(at) - Date.parse(last) < policyOf(order).reminderHours * hourMs;

/** R55: the supplier may remind the buyer, at intervals. */
export function remindPayment(order: Order, at: string): Decision {
  if (order.status !== 'awaiting-payment' && order.status !== 'awaiting-balance') return wrongState(order);
  const last = order.remindedAt.payment;
  if (remindedRecently(order, last, at)) return refuse('reminder.too-soon', `last at ${last ?? ''}`);
  return [{ type: 'paymentReminded' }];
}

const payTimeIsOver = (order: Order, at: string): boolean => order.payBy !== undefined && at >= order.payBy;

/** R29: the end of the 15 days closes nothing by itself; it gives the supplier the right to close. */
export function paymentLapsed(order: Order, at: string): Decision {
  const lapses = order.status === 'awaiting-payment' && !order.paymentLapsed && payTimeIsOver(order, at);
  return lapses ? [{ type: 'paymentLapsed' }] : [];
}

/** R29: the supplier closes alone after the 15 days; parts that had arrived go back to the buyer. */
export function closeUnpaid(order: Order, at: string): Decision {
  if (order.status !== 'awaiting-payment') return wrongState(order);
  if (!payTimeIsOver(order, at)) return refuse('payment.window-open', `until ${order.payBy ?? ''}`);
  const parts = moneyOf(order.purse.order, order.total?.currency ?? 'USD');
  return [...refundDue(order, parts, 'closed-unpaid'), { type: 'orderClosed', outcome: 'closed-unpaid' }];
}

// --- transfers

/**
 * R31: a booked credit is applied to what is outstanding; what cannot be applied is not refused, because the money has
 * arrived, but stands in suspense. The same bank entry again changes nothing (R30).
 */
export function paymentCredited(order: Order, credit: Credit): Decision {
  const { account, entryReference, method, amount, payer } = credit;
  const known = order.payments.find((p) => p.account === account && p.entryReference === entryReference);
  if (known) return repetition(known, amount);
  const details = { account, entryReference, method, ...(payer && { payer }) };
  if (order.reversals.includes(`${account}:${entryReference}`)) return [{ type: 'paymentVoid', ...details, amount }];
  const reason = cannotApply(order, credit) ?? (account === order.payTo ? undefined : 'account-mismatch');
  return reason ? [{ type: 'paymentSuspended', ...details, amount, reason }] : applied(order, details, amount);
}

function repetition({ amount: before }: Order['payments'][number], amount: Money): Decision {
  if (before.amount === amount.amount && before.currency === amount.currency) return [];
  return refuse('payment.entry-conflict', `booked before as ${format(before)}`);
}

function cannotApply(order: Order, { method, amount }: Pick<Credit, 'method' | 'amount'>): SuspenseReason | undefined {
  if (isClosed(order)) return 'after-close';
  if (order.payments.length >= maxPayments) return 'too-many';
  if (order.payTo === undefined || !order.total || !isRunning(order)) return 'not-awaited';
  if (amount.currency !== order.total.currency) return 'currency-mismatch';
  const cap = methodOf(policyOf(order), method)?.cap;
  return cap && amount.amount > cap.amount ? 'method-cap-exceeded' : undefined;
}

/** What is owing is applied; what is beyond it stands in suspense. */
function applied(order: Order, details: Details, amount: Money): OrderEvent[] {
  const part = smaller(amount, owing(order));
  const excess = subtract(amount, part);
  return [
    ...(isZero(part) ? [] : [{ type: 'paymentApplied' as const, ...details, amount: part }]),
    ...(isZero(excess)
      ? []
      : [{ type: 'paymentSuspended' as const, ...details, amount: excess, reason: 'overpaid' as const }]),
  ];
}

/** R30: money of the suspense account that two operators have found to be this order's. */
export function suspenseAllocated(order: Order, { suspense, amount }: MessageData<'suspenseAllocated'>): Decision {
  const known = order.payments.find((p) => p.account === 'suspense' && p.entryReference === suspense);
  if (known) return repetition(known, amount);
  const reason = cannotApply(order, { method: 'tt', amount });
  if (reason) return refuse('suspense.not-applicable', reason);
  if (amount.amount > owing(order).amount)
    return refuse('suspense.not-applicable', `outstanding is ${format(owing(order))}`);
  return applied(order, { account: 'suspense', entryReference: suspense, method: 'tt' }, amount);
}

// --- charges

/** R48: what paying `amount` by this method costs on top, before anyone pays; undefined where it is not offered. */
export function surchargeOf(order: Order, method: Credit['method'], amount: Money): Money | undefined {
  const terms = methodOf(policyOf(order), method);
  return terms && shareOf(amount, terms.surchargeBasisPoints);
}

/** R26, R48: the buyer pays by a method of the processor, at the surcharge that it was quoted. */
export function pay(order: Order, data: MessageData<'pay'>): Decision {
  const known = order.charges.find(({ payment }) => payment === data.payment);
  if (known) return sameCharge(known, data) ? [] : refuse('payment.id-reused', data.payment);
  if (!isRunning(order)) return wrongState(order);
  return cannotCharge(order, data) ?? [{ type: 'chargeRequested', ...data }];
}

const sameCharge = (known: Order['charges'][number], { method, amount, surcharge }: MessageData<'pay'>): boolean =>
  JSON.stringify([known.method, known.amount, known.surcharge]) === JSON.stringify([method, amount, surcharge]);

function cannotCharge(order: Order, { method, amount, surcharge }: MessageData<'pay'>): Refusal | undefined {
  const terms = methodOf(policyOf(order), method);
  if (terms?.channel !== 'processor' || !order.contract.payment?.methods?.includes(method))
    return refuse('payment.method-not-offered', method);
  if (amount.currency !== order.total?.currency) return refuse('payment.currency-mismatch', amount.currency);
  if (terms.cap && amount.amount > terms.cap.amount)
    return refuse('payment.method-cap', `${method}: at most ${format(terms.cap)}`);
  const quoted = shareOf(amount, terms.surchargeBasisPoints);
  if (surcharge.amount !== quoted.amount || surcharge.currency !== quoted.currency)
    return refuse('payment.quote-mismatch', `the surcharge for ${format(amount)} is ${format(quoted)}`);
  if (order.charges.some(({ state }) => state === 'pending')) return refuse('payment.charge-pending');
  if (order.charges.length >= maxCharges) return refuse('order.limit-reached', `${String(maxCharges)} charges`);
  if (amount.amount > owing(order).amount)
    return refuse('payment.more-than-due', `outstanding is ${format(owing(order))}`);
  return undefined;
}

const pendingCharge = ({ charges }: Order, effect: string) =>
  charges.find((charge) => charge.effect === effect && charge.state === 'pending');

/**
 * R31, R48: the charge counts as paid; what is not needed any more (paid otherwise, or closed) goes back to the card. After
 * the order has ended nothing is started any more: the money stands in suspense, for the operators to send back.
 */
export function chargeCaptured(order: Order, { effect, reference }: MessageData<'chargeCaptured'>): Decision {
  // One that was declined first and captured after all has taken the buyer's money, too.
  const charge = order.charges.find((one) => one.effect === effect);
  if (!charge) return refuse('effect.unknown', effect);
  if (charge.state === 'captured') return []; // called back twice
  const { payment, method, amount, surcharge } = charge;
  const details = { account: 'card', entryReference: payment, method };
  const captured = { type: 'chargeCaptured', payment, reference } as const;
  if (order.reversals.includes(`card:${payment}`))
    return [
      {
        ...captured,
        amount: moneyOf(0, amount.currency),
        surcharge: moneyOf(0, amount.currency),
        excess: moneyOf(0, amount.currency),
      },
      { type: 'paymentVoid', ...details, amount },
    ];
  if (order.endedAt) {
    const none = moneyOf(0, amount.currency);
    return [
      { ...captured, amount: none, surcharge: none, excess: none },
      { type: 'paymentSuspended', ...details, amount: add(amount, surcharge), reason: 'after-close' },
    ];
  }
  const needed = isClosed(order) ? moneyOf(0, amount.currency) : smaller(amount, owing(order));
  // R48: the surcharge of what was needed stays, as it would have been quoted for that.
  const kept = surchargeOf(order, method, needed) ?? surcharge;
  const excess = add(subtract(amount, needed), less(surcharge, kept));
  return [
    { ...captured, amount, surcharge: kept, excess },
    ...(isZero(needed) ? [] : [{ type: 'paymentApplied' as const, ...details, amount: needed }]),
  ];
}

export function chargeDeclined(order: Order, { effect, reason }: MessageData<'chargeDeclined'>): Decision {
  const charge = pendingCharge(order, effect);
  return charge ? [{ type: 'chargeDeclined', payment: charge.payment, reason }] : [];
}

// --- refunds

export function refundPaid(order: Order, { effect, reference }: MessageData<'refundPaid'>): Decision {
  const refund = order.effects.find(({ id, kind }) => id === effect && kind === 'refund')?.of;
  return refund === undefined ? [] : [{ type: 'refundPaid', refund, effect, reference }];
}
