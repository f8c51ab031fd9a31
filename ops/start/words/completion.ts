/** Reviews, the supplier's credit, and the end. */
import { format } from '../../../domain/money';
import { day, noted, type Words } from './common';

export const stars = (count: number): string => '★'.repeat(count) + '☆'.repeat(5 - count);

const outcomes = {
  completed: 'completed',
  refunded: 'refunded',
  'closed-unpaid': 'closed unpaid',
  cancelled: 'cancelled',
  lapsed: 'lapsed',
};

export const completion = {
  orderCompleted: ({ reviewBy }) => `goods accepted and paid in full; both may review until ${day(reviewBy)}`,
  completionReopened: () => 'the price is no longer paid in full; the balance is due again',
  reviewGiven: ({ by, stars: count, text }) => `${stars(count)} from the ${by}${noted(text)}`,
  reviewsPublished: () => 'the reviews are published',
  creditAccrued: ({ limitBefore, limitAfter }) =>
    `the supplier’s credit limit: ${format(limitBefore)} → ${format(limitAfter)}`,
  creditBooked: ({ limitAfter }) => `booked on the supplier’s credit; its limit is now ${format(limitAfter)}`,
  effectFailed: ({ reason }) => `an effect failed for good and waits for an operator${noted(reason)}`,
  effectRetried: () => 'the effect is tried again',
  orderClosed: ({ outcome, reason, complainBy }) =>
    `the order is ${outcomes[outcome]}${noted(reason)}${complainBy === undefined ? '' : `; the buyer may complain until ${day(complainBy)}`}`,
  orderEnded: ({ outcome }) => `the order has ended: ${outcomes[outcome]}`,
} satisfies Partial<Words>;
