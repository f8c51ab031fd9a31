/**
 * What follows from the facts. A message says what is new; from the state that it leads to follows where the money belongs,
 * whether the goods are shipped, whether the order is complete and whether it ends. Each consequence looks at the state as
 * it is, never at the way that led there: so credits, reversals and the words of customs and carriers end in the same
 * state in whatever order they come (R18, R31, R32, R35).
 */
import type { OrderEvent } from './events';
import { foresee } from './evolve';
import { moneyOf } from './money';
import {
  feeGivenBack,
  feeOf,
  isAdvancePaid,
  isClosed,
  isCompletionStopped,
  isPaid,
  isRunning,
  isSettled,
  liveExports,
  openComplaint,
  owing,
  refundable,
  releasable,
  shipByDate,
  type Order,
} from './order';
import { withheldRefunds } from './refund';
import { wentBack } from './reward';
import { policyOf } from './scheme';
import { addDays, chinaDate } from './time';

/** More steps than any order takes; beyond it two consequences undo each other, which is a fault of ours. */
const maxSteps = 20;

/** The facts, and all that follows from them. */
export function withConsequences(order: Order, facts: readonly OrderEvent[], at: string): OrderEvent[] {
  const events = [...facts];
  let after = foresee(order, facts, at);
  for (let step = 0; step < maxSteps; step += 1) {
    const more = next(after, at);
    if (more.length === 0) return events;
    events.push(...more);
    after = foresee(after, more, at);
  }
  throw new Error(`consequences do not come to rest: ${events.map(({ type }) => type).join(', ')}`);
}

const next = (o: Order, at: string): OrderEvent[] =>
  excess(o) ??
  advance(o) ??
  shipment(o, at) ??
  debt(o) ??
  award(o) ??
  money(o) ??
  completion(o, at) ??
  credit(o) ??
  ending(o, at) ??
  [];

/** R30, R52: what came beyond the price counts towards a higher one, and towards what the buyer owes. */
function excess(o: Order): OrderEvent[] | undefined {
  if (!isRunning(o) || o.excess === 0) return undefined;
  const { amount, currency } = owing(o);
  const part = Math.min(o.excess, amount);
  return part > 0 ? [{ type: 'excessApplied', amount: moneyOf(part, currency) }] : undefined;
}

/** R31: whether what is due before shipment is in. */
function advance(o: Order): OrderEvent[] | undefined {
  if (!isRunning(o) || isAdvancePaid(o) === o.advanceIn) return undefined;
  return o.advanceIn ? [{ type: 'advanceUndone' }, ...uncovered(o)] : [{ type: 'advanceCompleted' }];
}

const uncovered = ({ cover }: Order): OrderEvent[] =>
  cover?.reserved ? [{ type: 'coverReleased', amount: cover.reserved }] : [];

/** R32: whether the goods are shipped, and when; nothing moves once the buyer has answered. */
function shipment(o: Order, at: string): OrderEvent[] | undefined {
  if (!isRunning(o) || o.answer) return undefined;
  const date = o.shipment ? dateByCarrier(o.shipment) : dateByCustoms(o);
  if (date === o.shippingDate) return undefined;
  if (date === undefined) return [{ type: 'shippingReopened' }];
  const { method = 'sea' } = o.contract.shipping ?? {};
  const shipBy = shipByDate(o);
  const { answerDays, extensionDays } = policyOf(o);
  const shipped: OrderEvent = {
    type: 'goodsShipped',
    shippingDate: date,
    onTime: shipBy === undefined || date <= shipBy,
    // By a carrier the time runs from the delivery (R18), by customs from when the order learns the date (R34): anew after a
    // revoked release, with the extensions that the two have taken.
    ...(!o.shipment && { answerBy: addDays(at, answerDays[method] + extensionDays * o.extendedBy.length) }),
  };
  const moves = o.shippingDate !== undefined && !o.shipment;
  return moves ? [{ type: 'shippingReopened' }, shipped] : [shipped];
}

/** R32: the China date of the last order's release, once the set is complete and all of it released. */
function dateByCustoms(o: Order): string | undefined {
  const exports = liveExports(o);
  if (!o.exportSetComplete || exports.length === 0) return undefined;
  if (!exports.every(({ customs }) => customs?.word === 'released')) return undefined;
  return exports
    .map(({ customs }) => chinaDate(customs?.at ?? o.updatedAt))
    .sort()
    .at(-1);
}

/** The China date on which the carrier took the goods; where only the delivery is known, that of the delivery. */
function dateByCarrier({ shippedAt, deliveredAt }: NonNullable<Order['shipment']>): string | undefined {
  const took = shippedAt ?? deliveredAt;
  return took && chinaDate(took);
}

/**
 * R30: what the buyer owes, because it got it by a refund and by a reversal, is repaid first: out of what it pays, and out of
 * refunds that nothing more can come in for.
 */
function debt(o: Order): OrderEvent[] | undefined {
  const part = Math.min(o.purse.order, o.buyerOwes);
  if (part > 0) return [{ type: 'buyerRepaid', amount: moneyOf(part, o.total?.currency ?? 'USD') }];
  const withheld = isClosed(o) ? withheldRefunds(o) : [];
  return withheld.length > 0 ? withheld : undefined;
}

/**
 * R2, R30: an award is owed at most as far as the buyer has not got its money back in another way; what it pays again after
 * a reversal, it is owed again.
 */
function award(o: Order): OrderEvent[] | undefined {
  const { awardOwed: owed = 0, awardWaived: waived = 0 } = o;
  const due = Math.min(owed + waived, refundable(o));
  const of = (amount: number) => moneyOf(amount, o.total?.currency ?? 'USD');
  if (due < owed) return [{ type: 'awardWaived', amount: of(owed - due), repaid: of(0) }];
  return due > owed ? [{ type: 'awardUncovered', amount: of(due - owed) }] : undefined;
}

/** R18, R22: where the money belongs: with the order, held by the platform, or the supplier's to collect. */
function money(o: Order): OrderEvent[] | undefined {
  const { total, purse } = o;
  // A completed order may still hold money, which a complaint held up beyond its completion (R22).
  if (!total || (isClosed(o) && o.status !== 'completed')) return undefined;
  const of = (amount: number) => moneyOf(amount, total.currency);
  const isHolding = policyOf(o).release === 'on-receipt';
  if (!o.advanceIn && o.shippingDate === undefined) {
    // What the guarantee has paid for the supplier it owes already (R2).
    const collected = purse.supplier - o.guaranteed;
    if (collected > 0) return [clawedBack(o, collected)];
    if (purse.hold > 0) return [{ type: 'holdUndone', amount: of(purse.hold) }];
    return undefined;
  }
  if (purse.order > 0) return [{ type: isHolding ? 'moneyHeld' : 'supplierPaid', amount: of(purse.order) }];
  const release = isAccepted(o) ? releasable(o) : 0;
  return release > 0 ? [released(o, release)] : undefined;
}

const isAccepted = ({ status }: Order): boolean =>
  status === 'awaiting-balance' || status === 'awaiting-reviews' || status === 'completed';

/** R14, R18: held money, in minor units, goes to the supplier, less the fee: that share of what is released in all. */
export function released(o: Order, amount: number): OrderEvent {
  const fee = feeOf(o, o.released + amount) - feeOf(o, o.released);
  const of = (minor: number) => moneyOf(minor, o.total?.currency ?? 'USD');
  return { type: 'moneyReleased', amount: of(amount - fee), fee: of(fee) };
}

/** R14, R30: what is taken back from the supplier, in minor units; it bears no fee of a payment that was taken back. */
export function clawedBack(o: Order, amount: number): OrderEvent {
  const fee = feeGivenBack(o, amount);
  const of = (minor: number) => moneyOf(minor, o.total?.currency ?? 'USD');
  return { type: 'supplierClawedBack', amount: of(amount), fee: of(fee), short: of(0) };
}

/** R35 (reading): accepted goods and the whole price complete the order; two reviews, or their time, close it. */
function completion(o: Order, at: string): OrderEvent[] | undefined {
  if ((o.awardOwed ?? 0) + (o.awardWaived ?? 0) > 0) return undefined; // it goes back to the buyer first
  const { reviewDays, accruesCredit } = policyOf(o);
  // R34: with its complaint done, goods that the buyer found not as agreed are taken as they are.
  if (isAnswerable(o) && o.answer && !openComplaint(o)) return [accepted(o, 'complaint', at)];
  if (o.status === 'awaiting-balance' && isPaid(o) && !isCompletionStopped(o))
    return [{ type: 'orderCompleted', reviewBy: addDays(at, reviewDays) }];
  if (o.status !== 'awaiting-reviews') return undefined;
  if (!isPaid(o)) return [{ type: 'completionReopened' }];
  if (o.reviews.published)
    return [{ type: 'orderClosed', outcome: 'completed', ...(accruesCredit && { accrues: true }) }];
  return o.reviews.supplier && o.reviews.buyer ? [{ type: 'reviewsPublished' }] : undefined;
}

const isAnswerable = ({ status }: Order): boolean => status === 'awaiting-answer' || status === 'awaiting-receipt';

/** R34, R18: the goods are accepted; from here on runs the time for complaints (R20). */
export const accepted = (
  o: Order,
  by: Extract<OrderEvent, { type: 'shipmentAccepted' }>['by'],
  at: string,
  comment?: string,
): OrderEvent => ({
  type: 'shipmentAccepted',
  by,
  ...(comment !== undefined && { comment }),
  complainBy: addDays(at, policyOf(o).complaint.windowDays),
});

/** R1, R3: what a completed order has earned its supplier is net of refunds, also of those that come after it was booked. */
function credit(o: Order): OrderEvent[] | undefined {
  if (!o.credited) return undefined;
  const now = { refunded: wentBack(o), disputed: o.complaints.length > 0 };
  if (now.refunded === o.credited.refunded && now.disputed === o.credited.disputed) return undefined;
  return [{ type: 'creditAdjusted', ...now }];
}

/** The order ends when nothing is under way any more and every window is closed. */
function ending(o: Order, at: string): OrderEvent[] | undefined {
  if (!isSettled(o) || o.endedAt) return undefined;
  if (o.complainBy !== undefined && Date.parse(at) < Date.parse(o.complainBy)) return undefined;
  return [
    ...uncovered(o),
    { type: 'orderEnded', outcome: o.status as Extract<OrderEvent, { type: 'orderEnded' }>['outcome'] },
  ];
}
