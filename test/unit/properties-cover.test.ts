/**
 * Properties of the cover, over random walks of several orders of one supplier, whose limit rises and falls meanwhile: no
 * reservation takes it above the limit of its moment, and what is given out is what the orders have (R2). How to play a
 * failing walk again: `test/support/arbitraries.ts`.
 */
import { policyOf } from '../../domain/scheme';
import { isTaken, onWalks, walks } from '../support/arbitraries';
import { must, same } from '../support/must';
import { sequences } from '../support/sequences';

describe('cover (fast-check)', () => {
  test('R2 no reservation takes the cover above the limit of its moment; the orders have what is given out', () => {
    onWalks(walks({ orders: 3, steps: 120 }), sequences.cover, (market, step) => {
      if (!isTaken(step) || !('entry' in step.outcome)) return;
      const { around, before, outcome, deal } = step;
      const given = market.deals.map(({ order }) => order?.cover?.reserved?.amount ?? 0);
      same(
        'the open cover',
        market.openCover,
        given.reduce((sum, amount) => sum + amount, 0),
      );
      for (const event of outcome.events) {
        if (event.type !== 'coverReserved') continue;
        same('the limit that it was given within', event.limit.amount, around.limit.amount);
        must('it is within the order', event.amount.amount <= (deal.order?.total?.amount ?? 0));
        must('its scheme has a guarantee', policyOf(outcome.order).guarantee);
        // A limit that has fallen since does not shorten what this order has already (an amended price, R52).
        const had = before?.cover?.reserved?.amount ?? 0;
        must(
          `open cover ${String(market.openCover)} within the limit of ${String(around.limit.amount)}`,
          market.openCover <= around.limit.amount || event.amount.amount <= had,
        );
      }
      if (deal.order?.endedAt !== undefined)
        same('the cover of an order that has ended', deal.order.cover?.reserved, undefined);
    });
  });
});
