/** What is told apart of an order while its life is walked, and what goes on beside its road. */
import type { Money } from '../../domain/money';
import {
  isNegotiating,
  isPaid,
  liveExports,
  openComplaint,
  outstanding,
  refundable,
  type Order,
} from '../../domain/order';

/** An order on its walk. */
export interface State {
  order: Order;
  now: string;
  /** Whether its supplier is activated (R13). */
  activated: boolean;
  /** It has never gone back to an earlier status, nothing is under way beside it, and no payment was taken back. */
  onRoad: boolean;
}

/**
 * How many things are under way beside the road: a dispute, an agreement, a decision, a charge, a refund, a failed effect, an
 * inspection; and what an order has of its own by its past: a charge that may be taken back, more money than its price.
 */
export function beside(o: Order): number {
  const things = [
    openComplaint(o) !== undefined,
    o.proposal !== undefined && o.proposal.proposed.kind !== 'settlement',
    o.approval?.decision.kind === 'refund',
    o.charges.some(({ state }) => state !== 'declined'),
    o.refunds.some(({ state }) => state === 'awaiting-payee' || state === 'pending'),
    o.effects.some(({ state, kind }) => state === 'failed' && kind !== 'refund' && kind !== 'charge'),
    o.inspections.some(({ report }) => !report),
    o.excess > 0,
  ];
  return things.filter(Boolean).length;
}

/**
 * All that a step may depend on, and nothing that is only another number of the same. While something is under way beside
 * the road, where exactly the order stands on it is not told apart beyond its status and its money.
 */
export function keyOf({ order: o, now, activated }: State): string {
  const status = [o.status, o.endedAt !== undefined, o.advanceIn, isPaid(o), refundable(o) > 0];
  const proposed = o.proposal?.proposed;
  const decision = o.approval?.decision;
  const things = [
    openComplaint(o) && [openComplaint(o)?.escalated !== undefined],
    proposed && [o.proposal?.by, proposed.kind, 'refund' in proposed ? proposed.refund.amount > 0 : proposed.changes],
    decision && [decision.kind, decision.kind === 'ruling' && decision.award.amount > 0],
    decision?.kind === 'refund' && isAll(o, decision.amount),
    o.effects.map(({ kind, state }) => `${kind} ${state}`).sort(),
    o.refunds.some(({ state }) => state === 'awaiting-payee'),
    o.charges
      .slice(-1)
      .map(({ state, amount }) => [state, state === 'pending' && amount.amount >= outstanding(o).amount]),
    [o.excess > 0, o.inspections.some(({ report }) => !report)],
  ];
  const road = [
    [activated, isNegotiating(o) && o.declined?.by, o.payments.length > 0],
    [[...new Set(released(o))], o.exportSetComplete, o.shipment !== undefined],
    [o.shippingDate !== undefined, o.answerBy !== undefined, o.answer?.asAgreed],
    [o.reviews.supplier !== undefined, o.reviews.buyer !== undefined],
    o.complainBy !== undefined && Date.parse(now) >= Date.parse(o.complainBy),
  ];
  return JSON.stringify([status, things, beside(o) === 0 && road]);
}

/** Of each declaration that counts, whether customs has released it. */
const released = (o: Order): boolean[] => liveExports(o).map(({ customs }) => customs?.word === 'released');
const isAll = (o: Order, { amount }: Money): boolean => amount === refundable(o);
