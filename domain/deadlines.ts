/** Deadlines as data: what the clock will say to an order, and when. The workflow sleeps until the earliest. */
import type { Message } from './messages';
import { isClosed, isCompletionStopped, openComplaint, type Order } from './order';
import { lapsesAt } from './negotiation';

/** Messages that the clock sends. */
export type ClockMessage = Extract<
  Message['name'],
  | 'draftLapsed'
  | 'paymentLapsed'
  | 'answerTimedOut'
  | 'reviewClosed'
  | 'complaintUnanswered'
  | 'complaintOverdue'
  | 'complaintWindowClosed'
>;

export interface Deadline {
  /** ISO instant. */
  at: string;
  message: ClockMessage;
}

/** Each deadline of an order that is running now (R18, R20, R29, R34, R35, R52). */
const running: Record<ClockMessage, (order: Order) => string | undefined> = {
  draftLapsed: lapsesAt,
  paymentLapsed: (o) => (o.status === 'awaiting-payment' && !o.paymentLapsed ? o.payBy : undefined),
  answerTimedOut: (o) => (isClosed(o) || o.answer || isCompletionStopped(o) ? undefined : o.answerBy),
  reviewClosed: (o) => (o.status === 'awaiting-reviews' ? o.reviewBy : undefined),
  complaintUnanswered: (o) => {
    const open = openComplaint(o);
    return open?.answer || open?.unanswered || open?.escalated ? undefined : open?.answerBy;
  },
  complaintOverdue: (o) => (openComplaint(o)?.escalated ? undefined : openComplaint(o)?.escalateBy),
  complaintWindowClosed: (o) => (isClosed(o) && !o.endedAt && !o.complaintsOver ? o.complainBy : undefined),
};

/** The order's deadlines, earliest first. */
export const deadlines = (order: Order): Deadline[] =>
  (Object.keys(running) as ClockMessage[])
    .flatMap((message) => {
      const at = running[message](order);
      return at === undefined ? [] : [{ at, message }];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
