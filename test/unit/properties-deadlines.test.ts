/**
 * Properties of the clock, over random walks of both schemes: a deadline rings once and is over, rings for nothing before it
 * has come, and none is left when the order has ended (R20, R29, R34, R35, R52). How to play a failing walk again:
 * `test/support/arbitraries.ts`.
 */
import { deadlines, type Deadline } from '../../domain/deadlines';
import type { Order } from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { play } from '../support/builders';
import { isTaken, onWalks, walks } from '../support/arbitraries';
import type { Surroundings } from '../../domain/admission';
import { must, same } from '../support/must';
import { sequences } from '../support/sequences';

/** The order after its clock has said this, and how much happened. */
function rung(order: Order, { message }: Deadline, at: string, around: Surroundings): { order: Order; events: number } {
  const outcome = play(order, message, {}, { as: 'clock', at, id: `clock:${message}:${at}`, around });
  // Of an order that has ended nothing is taken any more: that is nothing, too.
  if (isRefusal(outcome)) return { order, events: order.endedAt === undefined ? NaN : 0 };
  return { order: outcome.order, events: outcome.events.length };
}

const lists = (order: Order, { at, message }: Deadline): boolean =>
  deadlines(order).some((d) => d.at === at && d.message === message);
const later = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);

describe('deadlines (fast-check)', () => {
  test('each one, when it comes, does something and is over; again, or too early, it does nothing', () => {
    onWalks(walks(), sequences.deadlines, (market, step) => {
      const { order } = step.deal;
      if (!order || !isTaken(step)) return;
      const due = deadlines(order);
      if (order.endedAt !== undefined) same('deadlines of an order that has ended', due.length, 0);
      const around = market.surroundings(step.deal);
      for (const deadline of due) {
        const { at, message } = deadline;
        const now = later(at, market.now);
        const first = rung(order, deadline, now, around);
        must(`${message} does something`, first.events > 0);
        must(`${message} is over`, !lists(first.order, deadline));
        const again = rung(first.order, deadline, now, around);
        same(`what ${message} does again`, again.events, 0);
        const early = new Date(Date.parse(at) - 1).toISOString();
        if (early > order.updatedAt)
          same(`what ${message} does too early`, rung(order, deadline, early, around).events, 0);
      }
    });
  });

  test('none fires twice on the whole way of an order, and every one that is due fires in its turn', () => {
    onWalks(
      walks(),
      sequences.rings,
      () => undefined,
      (market) => {
        for (const deal of market.deals) {
          // All that is due rings in turn, as the workflow does, until nothing is left to ring.
          for (let rings = 0; market.ring(deal); rings += 1) must('the clock comes to rest', rings < 50);
          same('deadlines that fired twice', deal.rung.length, new Set(deal.rung).size);
        }
      },
    );
  });
});
