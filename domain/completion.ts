/** The buyer's answer, completion, the reviews and the supplier's reward (R3, R20, R34, R35). */
import type { Decision } from './decide';
import { sideOf, type OrderEvent } from './events';
import type { Actor, Message, MessageData } from './messages';
import { outstanding, wrongState, type Order, type OrderStatus } from './order';
import { isZero } from './money';
import { refuse } from './refusal';
import { schemes } from './scheme';
import { addDays } from './time';

/** R34: “yes” moves on, “no” opens a complaint. */
export function answerShipment(
  order: Order,
  { asAgreed, comment }: MessageData<'answerShipment'>,
  at: string,
): Decision {
  if (order.answer?.by === 'buyer' && order.answer.asAgreed === asAgreed) return [];
  if (order.status !== 'awaiting-answer') return wrongState(order);
  const words = comment === undefined ? {} : { comment };
  if (!asAgreed) return [{ type: 'complaintOpened', ...words }];
  return [{ type: 'shipmentAccepted', by: 'buyer', ...words }, ...completeIfPaid(order, 'awaiting-balance', at)];
}

/** R34: each side may extend the period once. */
export function extendAnswer(order: Order, { role }: Actor): Decision {
  if (order.status !== 'awaiting-answer' || order.answerBy === undefined) return wrongState(order);
  const by = sideOf(role);
  if (order.extendedBy.includes(by)) return refuse('answer.already-extended');
  return [{ type: 'answerExtended', by, answerBy: addDays(order.answerBy, schemes[order.scheme].extensionDays) }];
}

/** R34 (reading): no answer counts as yes after the period. */
export function answerTimedOut(order: Order, at: string): Decision {
  const isOver = order.status === 'awaiting-answer' && order.answerBy !== undefined && at >= order.answerBy;
  return isOver ? [{ type: 'shipmentAccepted', by: 'clock' }, ...completeIfPaid(order, 'awaiting-balance', at)] : [];
}

/** R20: the parties came to terms; the order moves on as if the answer had been yes. */
export function settle(order: Order, { comment }: MessageData<'settle'>, at: string): Decision {
  if (order.status !== 'in-dispute') return wrongState(order);
  return [
    { type: 'complaintSettled', ...(comment !== undefined && { comment }) },
    ...completeIfPaid(order, 'awaiting-balance', at),
  ];
}

/** R35 (reading): accepted goods and the whole price complete the order. */
export function completeIfPaid(order: Order, status: OrderStatus, at: string): OrderEvent[] {
  if (status !== 'awaiting-balance' || !order.total || !isZero(outstanding(order))) return [];
  return [{ type: 'orderCompleted', reviewBy: addDays(at, schemes[order.scheme].reviewDays) }];
}

/** R35: one review of each side; both are published together. */
export function review(order: Order, { actor, data }: Message<'review'>): Decision {
  const by = sideOf(actor.role);
  const given = order.reviews[by];
  if (given) return given.stars === data.stars && given.text === data.text ? [] : refuse('review.already-given');
  if (order.status !== 'awaiting-reviews') return wrongState(order);
  const both = order.reviews[by === 'supplier' ? 'buyer' : 'supplier'] !== undefined;
  return [{ type: 'reviewGiven', by, ...data }, ...(both ? [{ type: 'reviewsPublished' as const }] : [])];
}

/** R35: when the period ends, what there is is published. */
export function reviewClosed(order: Order, at: string): Decision {
  const isOver = order.status === 'awaiting-reviews' && order.reviewBy !== undefined && at >= order.reviewBy;
  return isOver ? [{ type: 'reviewsPublished' }] : [];
}

/** R3: with the supplier's limit brought up to date, cover is given back and the order ends. */
export function creditAccrued(order: Order, data: MessageData<'creditAccrued'>): Decision {
  if (!order.effects.some(({ id }) => id === data.effect)) return [];
  const reserved = order.cover?.reserved;
  return [
    { type: 'creditAccrued', ...data },
    ...(reserved ? [{ type: 'coverReleased' as const, amount: reserved }] : []),
    { type: 'orderEnded', outcome: 'completed' },
  ];
}
