/** Complaints: what may be complained of and when, the supplier's answer, evidence, escalation (R20–R22, R34, R58). */
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import { sideOf } from './events';
import type { Actor, Message, MessageData } from './messages';
import { format, isZero, moneyOf } from './money';
import {
  isBalanceDue,
  isClosed,
  isRunning,
  maxComplaints,
  maxEvidence,
  openComplaint,
  refundable,
  shipByDate,
  type Order,
} from './order';
import { refuse, type Refusal } from './refusal';
import { policyOf, type ComplaintKind } from './scheme';
import { addDays, chinaDate, startOfChinaDate } from './time';

/** R20: one complaint at a time, of a kind that the scheme knows, while there is something to complain of. */
export function complain(order: Order, { data }: Message<'complain'>, at: string): Decision {
  const open = openComplaint(order);
  if (open) {
    return isSame(open, data) ? [] : refuse('complaint.open', `complaint ${String(open.id)} is open`);
  }
  if (!policyOf(order).complaint.kinds.includes(data.kind)) return refuse('complaint.kind-not-offered', data.kind);
  if (order.complaints.length >= maxComplaints)
    return refuse('order.limit-reached', `${String(maxComplaints)} complaints`);
  if (!mayComplain(order, data.kind, at)) return refuse('complaint.not-now', data.kind);
  return claimRefusal(order, data.claim) ?? [opened(order, data, at)];
}

const isSame = (a: MessageData<'complain'>, b: MessageData<'complain'>): boolean =>
  JSON.stringify([a.kind, a.description, a.claim?.amount, a.claim?.currency]) ===
  JSON.stringify([b.kind, b.description, b.claim?.amount, b.claim?.currency]);

function claimRefusal(order: Order, claim: MessageData<'complain'>['claim']): Refusal | undefined {
  if (!claim || isZero(claim)) return undefined;
  const most = moneyOf(refundable(order), order.total?.currency ?? claim.currency);
  const isWithin = claim.currency === most.currency && claim.amount <= most.amount;
  return isWithin ? undefined : refuse('complaint.more-than-paid', `at most ${format(most)}`);
}

/** The complaint with its periods; nothing is checked. */
export function opened(order: Order, data: MessageData<'complain'>, at: string): OrderEvent {
  const { answerDays, escalateAfterDays, autoEscalateAfterDays } = policyOf(order).complaint;
  return {
    type: 'complaintOpened',
    complaint: order.complaints.length + 1,
    ...data,
    answerBy: addDays(at, answerDays),
    escalateFrom: addDays(at, escalateAfterDays),
    escalateBy: addDays(at, autoEscalateAfterDays),
  };
}

/**
 * R20 (reading): within 30 days of receipt, or of the missed date. Whoever has not got what was to come may complain for as
 * long as that lasts. Of an order that the two have cancelled, or whose money all went back, there is nothing left to say.
 */
function mayComplain(order: Order, kind: ComplaintKind, at: string): boolean {
  if (kind === 'order-refused') return wasRefused(order, at);
  if (!isRunning(order) && order.status !== 'completed') return false;
  const isShipped = order.shippingDate !== undefined;
  // R25, R49: before what is due has come the supplier owes nothing yet.
  if (refundable(order) === 0 || !(order.advanceIn || isShipped)) return false;
  const isOpen = !order.complainBy || Date.parse(at) < Date.parse(order.complainBy);
  const shipBy = shipByDate(order);
  const isMissed = shipBy !== undefined && chinaDate(at) > shipBy && !isBalanceDue(order);
  const may: Record<Exclude<ComplaintKind, 'order-refused'>, boolean> = {
    'late-shipment': isShipped ? order.shippedOnTime === false && isOpen && isSoonAfterShipping(order, at) : isMissed,
    'quality-before-shipment': !isShipped,
    'quality-after-shipment': isShipped && isOpen,
    'colour-or-size': isShipped && isOpen,
    'not-as-agreed': isShipped && isOpen,
    'not-received': !order.answer && (isShipped || isMissed),
  };
  return may[kind];
}

/**
 * R58: the supplier declined or cancelled what the buyer had confirmed. Once the two have come together after all, or it
 * was ruled on or settled, the refusal is over: one is no more than one complaint.
 */
function wasRefused(order: Order, at: string): boolean {
  const until = isClosed(order) ? order.complainBy : refusedUntil(order);
  const isOver = order.complaints.some(
    ({ kind, closed: done }) => kind === 'order-refused' && done?.how !== 'withdrawn',
  );
  const isRefused = order.status !== 'completed' && until !== undefined && Date.parse(at) < Date.parse(until);
  return isRefused && !isOver;
}

/** R58: until when the buyer may complain that the supplier declined what it had confirmed, if it did. */
export const refusedUntil = (order: Order): string | undefined =>
  order.declined?.by === 'supplier' && order.confirmedAt === undefined
    ? addDays(order.declined.at, policyOf(order).complaint.windowDays)
    : undefined;

/** R20: within 30 days of the shipping date, on which the breach of a late shipment ended. */
function isSoonAfterShipping(order: Order, at: string): boolean {
  const from = startOfChinaDate(order.shippingDate ?? chinaDate(at));
  return Date.parse(at) < Date.parse(addDays(from, policyOf(order).complaint.windowDays + 1));
}

/** The supplier's answer; late ones are taken, too, until the platform rules. */
export function answerComplaint(order: Order, { answer }: MessageData<'answerComplaint'>): Decision {
  const open = openComplaint(order);
  if (!open) return refuse('complaint.none');
  if (open.answer) return open.answer.text === answer ? [] : refuse('complaint.answered');
  return [{ type: 'complaintAnswered', answer }];
}

export function addEvidence(order: Order, { actor, data }: Message<'addEvidence'>): Decision {
  const open = openComplaint(order);
  if (!open) return refuse('complaint.none');
  const by = actor.role === 'platform' ? 'platform' : sideOf(actor.role);
  const own = open.evidence.filter((e) => e.by === by);
  if (own.some((e) => e.link === data.link && e.title === data.title && e.sha256 === data.sha256)) return [];
  // Each side has a share of its own, so that none can leave the other without room.
  if (own.length >= maxEvidence)
    return refuse('order.limit-reached', `${String(maxEvidence)} pieces of evidence of the ${by}`);
  return [{ type: 'evidenceAdded', ...data, by }];
}

/** R20: either side asks the platform to rule, from day 4 on. */
export function escalate(order: Order, { role }: Actor, at: string): Decision {
  const open = openComplaint(order);
  if (!open) return refuse('complaint.none');
  if (open.escalated) return [];
  if (Date.parse(at) < Date.parse(open.escalateFrom))
    return refuse('complaint.too-early', `from ${open.escalateFrom} on`);
  return [{ type: 'complaintEscalated', by: sideOf(role) }];
}

export function complaintUnanswered(order: Order, at: string): Decision {
  const open = openComplaint(order);
  const isDue = open && !open.answer && !open.unanswered && Date.parse(at) >= Date.parse(open.answerBy);
  return isDue ? [{ type: 'complaintUnanswered' }] : [];
}

/** R20: on day 7 the platform takes over by itself. */
export function complaintOverdue(order: Order, at: string): Decision {
  const open = openComplaint(order);
  const isDue = open && !open.escalated && Date.parse(at) >= Date.parse(open.escalateBy);
  return isDue ? [{ type: 'complaintEscalated', by: 'clock' }] : [];
}

export function withdrawComplaint(order: Order, { comment }: MessageData<'withdrawComplaint'>): Decision {
  const open = openComplaint(order);
  return open ? [closed(order, open.id, 'withdrawn', 0, comment), ...noRuling(order)] : refuse('complaint.none');
}

/** The end of a complaint. `award` in minor units. */
export const closed = (
  order: Order,
  complaint: number,
  how: Extract<OrderEvent, { type: 'complaintClosed' }>['how'],
  award: number,
  reason?: string,
): OrderEvent => ({
  type: 'complaintClosed',
  complaint,
  how,
  award: moneyOf(award, order.total?.currency ?? 'USD'),
  ...(reason !== undefined && { reason }),
});

/** With the complaint over, a ruling that waits for its approval is void. */
export const noRuling = ({ approval }: Order): OrderEvent[] =>
  approval?.decision.kind === 'ruling'
    ? [{ type: 'approvalRefused', approval: approval.id, by: approval.by, reason: 'the complaint is over' }]
    : [];

/** R20: the time for complaints is over; what else is under way goes on. */
export function complaintWindowClosed(order: Order, at: string): Decision {
  const isOver = order.complainBy !== undefined && Date.parse(at) >= Date.parse(order.complainBy);
  return isOver && isClosed(order) && !order.complaintsOver ? [{ type: 'complaintWindowClosed' }] : [];
}
