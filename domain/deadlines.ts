/** Deadlines as data: what the clock will say to an order, and when. The workflow sleeps until the earliest. */
import type { Message } from './messages';
import type { Order } from './order';
import { lapsesAt } from './negotiation';

/** Messages that the clock sends. */
export type ClockMessage = Extract<
  Message['name'],
  'draftLapsed' | 'paymentLapsed' | 'answerTimedOut' | 'reviewClosed'
>;

export interface Deadline {
  /** ISO instant. */
  at: string;
  message: ClockMessage;
}

/** The order's deadlines, earliest first (R29, R34, R35, R52). */
export function deadlines(order: Order): Deadline[] {
  const all: { at: string | undefined; message: ClockMessage }[] = [
    { at: lapsesAt(order), message: 'draftLapsed' },
    {
      at: order.status === 'awaiting-payment' && !order.paymentLapsed ? order.payBy : undefined,
      message: 'paymentLapsed',
    },
    { at: order.status === 'awaiting-answer' ? order.answerBy : undefined, message: 'answerTimedOut' },
    { at: order.status === 'awaiting-reviews' ? order.reviewBy : undefined, message: 'reviewClosed' },
  ];
  return all
    .filter((deadline): deadline is Deadline => deadline.at !== undefined)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
