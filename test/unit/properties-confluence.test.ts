/**
 * Facts come in any order: what the bank, the processor, customs, carriers and inspectors say between two messages of the
 * parties ends in the same state and the same books, in whatever order it comes and however often, times and the order of the
 * journal aside (R30–R32, R18, R22); also when operators have disposed of suspended money before. How to play a failing walk again: `test/support/properties.ts`.
 */
import fc from 'fast-check';
import { assertAll, play, steady, told, walks } from '../support/arbitraries';
import { Dice } from '../support/dice';
import { disordered, someFacts, stripped } from '../support/facts';
import { Market, type AnyPost } from '../support/market';
import { sequences } from '../support/sequences';

/**
 * What a supplier owes is one sum, of guarantee payouts and of reversals after its withdrawals. How much of it was repaid on
 * the way, and owed anew, depends on the way, as the journal does; so its bookings on the credit are done, and not compared; nor
 * are the steps by which the credit followed what went back of a completed order.
 */
function repayments(market: Market): void {
  for (const deal of market.deals)
    for (const effect of market.pending(deal).filter(({ of }) => /^(repaid|adjusted):/.test(of ?? '')))
      market.answer(deal, effect, 'done');
}

/** What there is after these facts: the order, the books, the money in suspense. */
function after(market: Market, facts: readonly AnyPost[]) {
  const [deal] = market.deals;
  for (const fact of facts) market.send(deal!, fact);
  repayments(market);
  return {
    order: deal?.order && stripped(deal.order),
    books: Object.fromEntries([...market.balances].filter(([, balance]) => balance !== 0).sort()),
    cover: market.openCover,
  };
}

/** Handfuls of facts that are played after each walk. */
const handfuls = 3;

test('confluence (fast-check): facts that come in any order and any number of times end in the same state', () => {
  assertAll(
    fc.property(steady(walks({ steps: 50 })), fc.noShrink(fc.nat({ max: 0x7fffffff })), (walk, number) => {
      const start = play(new Market(walk.setting), walk.steps, () => undefined);
      const dice = new Dice(number);
      for (let handful = 0; handful < handfuls; handful += 1) {
        const facts = someFacts(start, start.deals[0]!, dice);
        const [one, other] = [start.copy(), start.copy()];
        try {
          expect(after(other, disordered(facts, dice))).toEqual(after(one, facts));
        } catch (fault) {
          throw told(one, told(other, fault));
        }
      }
    }),
    sequences.confluence,
  );
});
