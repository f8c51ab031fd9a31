/** The buyer's answer or receipt, the reviews and the supplier's reward (R3, R18, R34, R35). */
import { opened } from './complaint';
import { accepted } from './consequences';
import type { Decision } from './decide';
import { sideOf } from './events';
import type { Actor, Message, MessageData } from './messages';
import { isCompletionStopped, openComplaint, wrongState, type Order } from './order';
import { refuse } from './refusal';
import { policyOf } from './scheme';
import { addDays } from './time';

/** R34: “yes” moves on, “no” opens a complaint. */
export function answerShipment(
  order: Order,
  { asAgreed, comment }: MessageData<'answerShipment'>,
  at: string,
): Decision {
  if (order.answer?.by === 'buyer' && order.answer.asAgreed === asAgreed) return [];
  if (order.status !== 'awaiting-answer' || order.answer) return wrongState(order);
  if (asAgreed) return openComplaint(order) ? refuse('complaint.open') : [accepted(order, 'buyer', at, comment)];
  const disputed = { type: 'shipmentDisputed' } as const;
  if (openComplaint(order)) return [disputed]; // what it is about is told already
  return [disputed, opened(order, { kind: 'not-as-agreed', description: comment ?? 'not shipped as agreed' }, at)];
}

/** R18: the buyer has the goods, whether or not the carrier has said so. */
export function confirmReceipt(order: Order, at: string): Decision {
  if (order.answer?.by === 'buyer' && order.answer.asAgreed) return [];
  if (policyOf(order).release !== 'on-receipt') return refuse('order.not-in-scheme', 'the buyer answers the shipment');
  if (order.status !== 'awaiting-receipt') return wrongState(order);
  return openComplaint(order) ? refuse('complaint.open') : [accepted(order, 'buyer', at)];
}

/** R34: each side may extend the period once. */
export function extendAnswer(order: Order, { role }: Actor): Decision {
  if (order.answerBy === undefined || order.answer) return wrongState(order);
  const by = sideOf(role);
  if (order.extendedBy.includes(by)) return refuse('answer.already-extended');
  return [{ type: 'answerExtended', by, answerBy: addDays(order.answerBy, policyOf(order).extensionDays) }];
}

/** R34, R18 (reading): no answer counts as yes after the period; an open complaint holds it up. */
export function answerTimedOut(order: Order, at: string): Decision {
  const isOver = order.answerBy !== undefined && !order.answer && at >= order.answerBy;
  return isOver && !isCompletionStopped(order) ? [accepted(order, 'clock', at)] : [];
}

/** R35: one review of each side; both are published together. */
export function review(order: Order, { actor, data }: Message<'review'>): Decision {
  const by = sideOf(actor.role);
  const given = order.reviews[by];
  if (given) return given.stars === data.stars && given.text === data.text ? [] : refuse('review.already-given');
  if (order.status !== 'awaiting-reviews') return wrongState(order);
  return [{ type: 'reviewGiven', by, ...data }];
}

/** R35: when the period ends, what there is is published. */
export function reviewClosed(order: Order, at: string): Decision {
  const isOver = order.status === 'awaiting-reviews' && order.reviewBy !== undefined && at >= order.reviewBy;
  return isOver ? [{ type: 'reviewsPublished' }] : [];
}

/** R3: the supplier's limit is brought up to date. */
export const creditAccrued = (order: Order, data: MessageData<'creditAccrued'>): Decision =>
  order.effects.some(({ id, kind }) => id === data.effect && kind === 'accrueCredit')
    ? [{ type: 'creditAccrued', ...data }]
    : [];

/** R2, R58: an upheld complaint, a payout or a repayment is on the supplier's credit. */
export const creditBooked = (order: Order, data: MessageData<'creditBooked'>): Decision =>
  order.effects.some(({ id, kind }) => id === data.effect && kind === 'bookCredit')
    ? [{ type: 'creditBooked', ...data }]
    : [];
