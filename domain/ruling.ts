/** What the platform decides, with four eyes: one operator puts it forward, another approves it (R2, R20, R22, R57). */
import { refundRefusal, refundedOrClosed } from './agreement';
import { closed } from './complaint';
import type { Decision } from './decide';
import type { OrderEvent, PutForward } from './events';
import type { Actor, Message, Payee } from './messages';
import { isZero, moneyOf } from './money';
import { isClosed, isRunning, openComplaint, refundable, wrongState, type Order } from './order';
import { accountNamed } from './refund';
import { refuse, type Refusal } from './refusal';
import { isSameOperator } from './users';

/** R20: upheld, in full or in part, with an amount, never more than was paid; or rejected, with none. */
export function rule(order: Order, { actor, data }: Message<'rule'>): Decision {
  const open = openComplaint(order);
  if (!open) return refuse('complaint.none');
  if (!open.escalated) return refuse('complaint.not-escalated', `until ${open.escalateBy} the two may settle it`);
  if (data.outcome === 'rejected' && !isZero(data.award))
    return refuse('ruling.award', 'a rejected complaint has none');
  // A refusal is upheld without an award, and so is what was complained of where nothing is left to go back.
  const needsAward = data.outcome !== 'rejected' && open.kind !== 'order-refused' && refundable(order) > 0;
  if (needsAward && isZero(data.award)) return refuse('ruling.award', 'an upheld complaint has one');
  return refundRefusal(order, data.award) ?? asked(order, actor, { kind: 'ruling', complaint: open.id, ...data });
}

/** R57: the platform orders a refund, out of the supplier's money. */
export function orderRefund(order: Order, { actor, data }: Message<'orderRefund'>): Decision {
  if (!isRunning(order) && !isClosed(order)) return wrongState(order);
  return refundRefusal(order, data.amount) ?? asked(order, actor, { kind: 'refund', ...data });
}

/** R57: the account of a refund that waits for one. The buyer names its own; what an operator names, another approves. */
export function nameRefundAccount(order: Order, { actor, data }: Message<'nameRefundAccount'>): Decision {
  const named = accountNamed(order, data.payee);
  if (!Array.isArray(named)) return isNamed(order, data.payee) ? [] : named;
  return actor.role === 'platform' ? asked(order, actor, { kind: 'refund-account', ...data }) : named;
}

const isNamed = ({ refundAccount }: Order, payee: Payee): boolean =>
  JSON.stringify(refundAccount) === JSON.stringify(payee);

function asked(order: Order, { member }: Actor, decision: PutForward): Decision {
  const { approval } = order;
  if (approval?.by === member && JSON.stringify(approval.decision) === JSON.stringify(decision)) return [];
  if (approval) return refuse('approval.pending', `approval ${String(approval.id)}`);
  return [{ type: 'approvalAsked', approval: order.approvals + 1, by: member, decision }];
}

/** R2: what the supplier has repaid of an award goes to the buyer; the books say how much that is (`admit`). */
export function collectAward(order: Order): Decision {
  const amount = order.awardOwed ?? 0;
  if (amount === 0) return refuse('award.none');
  const due: OrderEvent = {
    type: 'refundDue',
    amount: moneyOf(amount, order.total?.currency ?? 'USD'),
    sources: { order: 0, hold: 0, supplier: 0, guarantee: 0, award: amount },
    why: 'ruling',
  };
  const isAll = amount === refundable(order) && !isClosed(order);
  return isAll ? [due, { type: 'orderClosed', outcome: 'refunded' }] : [due];
}

/** The second pair of eyes: what was put forward is done. */
export function approve(order: Order, { actor, data }: Message<'approve'>): Decision {
  const { approval } = order;
  if (approval?.id !== data.approval) return refuse('approval.none', String(data.approval));
  if (isSameOperator(approval.by, actor.member)) return refuse('approval.same-operator', actor.member);
  const done = carriedOut(order, approval.decision);
  if (!Array.isArray(done)) return done;
  return [{ type: 'approvalGiven', approval: approval.id, by: actor.member }, ...done];
}

export function disapprove(order: Order, { actor, data }: Message<'disapprove'>): Decision {
  if (order.approval?.id !== data.approval) return refuse('approval.none', String(data.approval));
  return [{ type: 'approvalRefused', approval: data.approval, by: actor.member, reason: data.reason }];
}

function carriedOut(order: Order, decision: PutForward): OrderEvent[] | Refusal {
  if (decision.kind === 'refund')
    return refundRefusal(order, decision.amount) ?? refundedOrClosed(order, decision.amount, 'platform');
  if (decision.kind === 'refund-account') return accountNamed(order, decision.payee);
  const refusal = refundRefusal(order, decision.award);
  if (refusal) return refusal;
  return [
    closed(order, decision.complaint, decision.outcome, decision.award.amount, decision.reason),
    ...refundedOrClosed(order, decision.award, 'ruling'),
  ];
}
