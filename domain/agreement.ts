/**
 * What the two agree on after both have confirmed: amendments of the contract, cancellation with its refund, the settlement
 * of a complaint (R20, R52, R57). One side proposes, the other accepts; a new proposal takes the place of the one before.
 */
import { closed, noRuling } from './complaint';
import { released } from './consequences';
import { advanceOf, contract, contractRefusal, totalOf } from './contract';
import type { Decision } from './decide';
import { sideOf, type OrderEvent, type Proposal } from './events';
import { foresee } from './evolve';
import type { Actor, Message } from './messages';
import { format, isZero, moneyOf, smaller, type Money } from './money';
import { isChanged, payBy } from './negotiation';
import { bankCharges, isClosed, isRunning, openComplaint, paidUp, refundable, wrongState, type Order } from './order';
import { refundDue } from './refund';
import { refuse, type Refusal } from './refusal';
import { policyOf } from './scheme';

/** R52: the confirmed contract may be amended until the goods are shipped. */
export function proposeAmendment(order: Order, { actor, data }: Message<'proposeAmendment'>, at: string): Decision {
  return amendmentRefusal(order, data.changes, at) ?? made(order, actor, { kind: 'amendment', ...data });
}

function amendmentRefusal(order: Order, changes: Order['contract'], at: string): Refusal | undefined {
  const isBefore = order.status === 'awaiting-activation' || (isRunning(order) && order.shippingDate === undefined);
  if (!isBefore || order.answer) return wrongState(order);
  if (!isChanged(order, changes)) return refuse('revision.empty');
  // A shipping date that stays as it was agreed may have passed since; a new one may not.
  const isNewDate = changes.shipping && changes.shipping.shipBy !== order.contract.shipping?.shipBy;
  return contractRefusal({ ...order.contract, ...changes }, policyOf(order), isNewDate ? at : order.draftedAt);
}

/** R57: once money has arrived an order is cancelled by agreement only, with the refund. */
export function proposeCancellation(order: Order, { actor, data }: Message<'proposeCancellation'>): Decision {
  return cancellationRefusal(order, data.refund) ?? made(order, actor, { kind: 'cancellation', ...data });
}

const cancellationRefusal = (order: Order, refund: Money): Refusal | undefined =>
  isRunning(order) && !order.reviews.published ? refundRefusal(order, refund) : wrongState(order);

/** R20: the two settle the open complaint between them. */
export function proposeSettlement(order: Order, { actor, data }: Message<'proposeSettlement'>): Decision {
  const open = openComplaint(order);
  if (!open) return refuse('complaint.none');
  return refundRefusal(order, data.refund) ?? made(order, actor, { kind: 'settlement', complaint: open.id, ...data });
}

/** Never more than was paid and has not gone back yet (R20). */
export function refundRefusal(order: Order, { amount, currency }: Money): Refusal | undefined {
  const most = moneyOf(Math.max(0, refundable(order) - (order.awardOwed ?? 0)), order.total?.currency ?? 'USD');
  const isWithin = amount === 0 || (currency === most.currency && amount <= most.amount);
  return isWithin ? undefined : refuse('refund.more-than-paid', `at most ${format(most)}`);
}

function made(order: Order, { role }: Actor, proposed: Proposal): Decision {
  const by = sideOf(role);
  const { proposal } = order;
  if (proposal?.by === by && JSON.stringify(proposal.proposed) === JSON.stringify(proposed)) return [];
  return [{ type: 'proposalMade', proposal: order.proposals + 1, by, proposed }];
}

/** What was agreed is done at once: the contract amended, the money refunded, the order or the complaint closed. */
export function acceptProposal(order: Order, { actor, data }: Message<'acceptProposal'>, at: string): Decision {
  const by = sideOf(actor.role);
  const { proposal } = order;
  if (proposal?.id !== data.proposal) return refuse('proposal.not-open', String(data.proposal));
  if (proposal.by === by) return refuse('proposal.own', String(data.proposal));
  const done = carriedOut(order, proposal.proposed, at);
  return Array.isArray(done) ? [{ type: 'proposalAccepted', proposal: proposal.id, by }, ...done] : done;
}

export function declineProposal(order: Order, { actor, data }: Message<'declineProposal'>): Decision {
  if (order.proposal?.id !== data.proposal) return refuse('proposal.not-open', String(data.proposal));
  const { reason } = data;
  return [
    {
      type: 'proposalDeclined',
      proposal: data.proposal,
      by: sideOf(actor.role),
      ...(reason !== undefined && { reason }),
    },
  ];
}

function carriedOut(order: Order, proposed: Proposal, at: string): Decision {
  switch (proposed.kind) {
    case 'amendment':
      return amendmentRefusal(order, proposed.changes, at) ?? amended(order, proposed.changes, at);
    case 'cancellation':
      return cancellationRefusal(order, proposed.refund) ?? cancelled(order, proposed.refund, proposed.reason);
    case 'settlement': {
      const open = openComplaint(order);
      if (open?.id !== proposed.complaint) return refuse('complaint.none');
      return (
        refundRefusal(order, proposed.refund) ?? [
          closed(order, open.id, 'settled', proposed.refund.amount, proposed.comment),
          ...noRuling(order),
          ...refundedOrClosed(order, proposed.refund, 'settlement'),
        ]
      );
    }
  }
}

/** The money that follows from a new price: what is too much goes back; an advance that is in stays in. */
function amended(order: Order, changes: Order['contract'], at: string): OrderEvent[] {
  const terms = contract.parse({ ...order.contract, ...changes });
  const total = totalOf(terms);
  const due = policyOf(order).prepay === 'full' ? total : advanceOf(total, terms.payment.advancePercent);
  const paid = moneyOf(paidUp(order), total.currency);
  const stays = order.advanceIn && policyOf(order).prepay === 'advance';
  const advance = stays ? smaller(due, paid) : due;
  const waits = order.payBy !== undefined && paid.amount + bankCharges(order) < advance.amount;
  const tooMuch = moneyOf(Math.min(refundable(order), Math.max(0, paid.amount - total.amount)), total.currency);
  return [
    {
      type: 'contractAmended',
      revision: order.revision + 1,
      changes,
      total,
      advance,
      ...(waits && { payBy: payBy(order, at) }),
    },
    ...refundDue(order, tooMuch, 'amendment'),
  ];
}

function cancelled(order: Order, refund: Money, reason: string): OrderEvent[] {
  const open = openComplaint(order);
  return [
    ...(open ? [closed(order, open.id, 'settled', refund.amount, 'the order was cancelled'), ...noRuling(order)] : []),
    ...refundDue(order, refund, 'cancellation'),
    ...settledUp(order, refund, 'cancellation'),
    { type: 'orderClosed', outcome: 'cancelled', reason },
  ];
}

/** R20: with all of its money refunded an order is over; with less it goes on. */
export function refundedOrClosed(order: Order, refund: Money, why: 'settlement' | 'ruling' | 'platform'): OrderEvent[] {
  const due = refundDue(order, refund, why);
  const isAll = !isZero(refund) && refund.amount === refundable(order);
  return isAll && !isClosed(order) ? [...due, { type: 'orderClosed', outcome: 'refunded' }] : due;
}

/** What an order that is cancelled still holds after the refund is the supplier's; where the platform holds it, less its fee. */
function settledUp(order: Order, refund: Money, why: 'cancellation'): OrderEvent[] {
  const after = foresee(order, refundDue(order, refund, why), order.updatedAt);
  const rest = moneyOf(after.purse.order, order.total?.currency ?? 'USD');
  const type = policyOf(order).release === 'on-receipt' ? 'moneyHeld' : 'supplierPaid';
  const paid: OrderEvent[] = isZero(rest) ? [] : [{ type, amount: rest }];
  const then = foresee(after, paid, order.updatedAt);
  return then.purse.hold > 0 ? [...paid, released(then, then.purse.hold)] : paid;
}
