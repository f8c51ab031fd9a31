/**
 * Credit after an order was booked (R1, R3, R36–R39: net of refunds), lateness (R33, R49) and strikes (R58): the readings and
 * the values are written out by hand.
 */
import { limitOf, rate, replay, type CreditEntry, type CreditFact } from '../../domain/credit';
import { award, balanceOf, replayPoints, type PointsPolicy } from '../../domain/points';
import { shipByDate } from '../../domain/order';
import { adjustedFactOf } from '../../domain/reward';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bank,
  completeContract,
  confirmed,
  credited,
  customs,
  given,
  mainRoad,
  pairAccount,
  received,
  registered,
  refundOrdered,
  usd,
} from '../support/builders';
import { approved, complained, escalated, ruling } from '../support/disputes';

const seed = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../../seeds/policies', `${name}.json`), 'utf8'));
const policies = [seed('ta-limit-v1') as never];
const pointsPolicies = [seed('points-v1') as PointsPolicy];

const common = { supplier: 's-1' };
const completed = (order: string, dollars: number, at: string, who = 'b-1'): CreditFact => ({
  ...common,
  ...{ event: 'order.completed', order, at },
  inputs: {
    ...{ buyer: who, total: usd(dollars) as never, refunded: usd(0) as never, completedAt: at },
    ...{ shippedOnTime: true, disputed: false, reviewScore: 5 },
  },
});
const bookedAs = (facts: readonly CreditFact[]): CreditEntry[] =>
  facts.reduce<CreditEntry[]>((entries, fact) => [...entries, rate(entries, fact, policies)], []);
const pointsOf = (entries: readonly CreditEntry[]) =>
  entries
    .filter((entry) => entry.event === 'order.completed' || entry.event === 'order.adjusted')
    .map((entry) => award(entry, entries, pointsPolicies));
const at = (day: number) => `2026-06-${String(day).padStart(2, '0')}T04:00:00.000Z`;
const other = completed('o-0', 8_000, at(1), 'b-2');

describe('R1, R3, R36 an order that goes back after it was booked', () => {
  const big = completed('o-1', 30_000, at(2));
  const undone = adjustedFactOf({ id: 'o-1', supplier: 's-1' }, { refunded: 3_000_000, disputed: true }, '17', at(3));

  test('leaves no volume, no points and no order: as if it had never been, but for the complaint', () => {
    const [without, withIt] = [bookedAs([other]), bookedAs([other, big, undone])];
    const [before, after] = [limitOf(without, policies, at(4)), limitOf(withIt, policies, at(4))];
    expect(after.volume).toEqual({ ...before.volume });
    expect(after.limit.amount).toBeLessThanOrEqual(before.limit.amount);
    // 8,000.00 earn a point a dollar: 8,000. The 30,000 of the order are taken back.
    expect(pointsOf(withIt).map(({ points }) => points)).toEqual([8_000, 30_000, -30_000]);
    expect(balanceOf(pointsOf(withIt))).toBe(8_000);
    expect(replay(withIt, policies, at(4)).differences).toEqual([]);
    expect(replayPoints(pointsOf(withIt), withIt, pointsPolicies)).toEqual([]);
  });

  test('in part leaves its rest: 10,000.00 of 30,000.00 refunded leave 20,000.00 and 20,000 points', () => {
    const part = adjustedFactOf({ id: 'o-1', supplier: 's-1' }, { refunded: 1_000_000, disputed: false }, '17', at(3));
    const more = adjustedFactOf({ id: 'o-1', supplier: 's-1' }, { refunded: 1_500_000, disputed: false }, '18', at(4));
    const entries = bookedAs([other, big, part]);
    const fresh = bookedAs([other, completed('o-1', 20_000, at(2))]);
    expect(limitOf(entries, policies, at(5)).volume.uncapped).toEqual(limitOf(fresh, policies, at(5)).volume.uncapped);
    expect(balanceOf(pointsOf(entries))).toBe(28_000);
    expect(pointsOf(bookedAs([other, big, part, more])).map(({ points }) => points)).toEqual([
      8_000, 30_000, -10_000, -5_000,
    ]);
  });
});

describe('R1, R3 what the credit is told', () => {
  const adjustments = (story: ReturnType<typeof given>) =>
    story.journal.flatMap(({ events }) => events.filter((event) => event.type === 'creditAdjusted'));

  test('a refund, a settlement and a reversal after the order is booked; none of them twice', () => {
    const refunded = given(mainRoad(), refundOrdered(2_500));
    expect(adjustments(refunded)).toMatchObject([{ refunded: 250_000, disputed: false }]);
    const disputed = given(mainRoad(), complained('not-as-agreed'), escalated(), ruling('upheld', 10_000), approved());
    expect(adjustments(disputed)).toMatchObject([
      { refunded: 0, disputed: true },
      { refunded: 1_000_000, disputed: true },
    ]);
    // The bank takes the advance of 3,000.00 back.
    const reversal = { account: pairAccount, entryReference: 'advance', reason: 'recalled' };
    const taken = given(mainRoad(), bank('paymentReversed', reversal), bank('paymentReversed', reversal));
    expect(adjustments(taken)).toMatchObject([{ refunded: 300_000, disputed: false }]);
  });

  test('R58 (reading): a complaint upheld on a Secure Payment order is no strike of Trade Assurance', () => {
    const upheld = (story: ReturnType<typeof given>) =>
      story.order.effects.filter(({ of }) => of?.startsWith('upheld:')).length;
    const ruled = [complained('colour-or-size'), escalated(), ruling('upheld', 10_000), approved()];
    expect(upheld(given(received(), ...ruled))).toBe(0);
    expect(upheld(given(mainRoad(), complained('not-as-agreed'), escalated(), ruling('upheld', 10), approved()))).toBe(
      1,
    );
  });
});

describe('R33, R49 lateness does not run while the buyer has not paid', () => {
  // Confirmed on 2 March; to be shipped by the 7th, five days later; the advance comes on the 16th: by the 21st.
  const contract = completeContract({ shipping: { shipBy: '2026-03-07' } });
  const paidLate = [confirmed(contract), { clock: () => '2026-03-16T01:00:00.000Z' }, credited(3_000, 'T1')];

  test('the date moves: as many days after the advance as the supplier had from the confirmation', () => {
    const story = given(...paidLate);
    expect(shipByDate(story.order)).toBe('2026-03-21');
    story.when(complained('late-shipment')).thenRefused('complaint.not-now');
    const shippedOn = (date: string) =>
      given(
        ...paidLate,
        registered('e1', 'D1'),
        { say: 'completeExport', as: 'supplier', data: {} },
        { clock: () => `${date}T02:00:00.000Z` },
        customs('customsReleased', { declaration: 'D1', releasedAt: `${date}T01:00:00.000Z` }),
      ).order.shippedOnTime;
    expect([shippedOn('2026-03-16'), shippedOn('2026-03-21'), shippedOn('2026-03-22')]).toEqual([true, true, false]);
  });

  test('where the advance comes before the date, the date stays', () => {
    expect(shipByDate(given(confirmed(contract), credited(3_000, 'T1')).order)).toBe('2026-03-07');
  });
});
