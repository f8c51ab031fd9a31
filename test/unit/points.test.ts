/** Points for completed orders, with campaigns (R3, R36). */
import fc from 'fast-check';
import type { CompletedEntry } from '../../domain/credit-facts';
import type { CreditEntry, CreditFact } from '../../domain/credit';
import {
  award,
  balanceOf,
  earning,
  pointsEntry,
  pointsPolicy,
  replayPoints,
  type PointsEntry,
} from '../../domain/points';
import v1Json from '../../seeds/policies/points-v1.json';
import { completed, dollars, entriesArb, noon, record, upheld, verified } from '../support/credit';

const v1 = pointsPolicy.parse(v1Json);
const plain = { ...v1, campaigns: [] };

const awards = (entries: readonly CreditEntry[], policies = [v1]): PointsEntry[] =>
  earning(entries).map((entry) => award(entry, entries, policies));
const pointsFor = (facts: CreditFact[], policies = [v1]) => awards(record(facts), policies);

describe('R36 points', () => {
  test('R36 a completed order earns a point for each whole dollar, net of refunds', () => {
    const [entry] = pointsFor([
      completed('o-1', '2026-01-10', { total: { amount: 123_499, currency: 'USD' }, refunded: dollars(34) }),
    ]);
    expect(entry).toMatchObject({ base: 1200, extra: 0, points: 1200, policyVersion: 'points/v1' });
    expect(entry?.reason).toBe('Order o-1 completed: USD 1,200.99 net of refunds.');
    expect(pointsEntry.parse(entry)).toEqual(entry);
  });

  test('R36 campaigns differ by period: doubled in one, half as much again in another, a bonus in a third', () => {
    const days = ['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01', '2026-09-15', '2026-11-30'];
    const points = pointsFor(days.map((date, i) => completed(`o-${i}`, date, { buyer: `b-${i}` })));
    expect(points.map(({ base, extra, campaign }) => [base, extra, campaign])).toEqual([
      [1000, 0, undefined],
      [1000, 1000, 'march-expo-2026'],
      [1000, 1000, 'march-expo-2026'],
      [1000, 0, undefined],
      [1000, 500, 'september-sourcing-2026'],
      [1000, 500, 'november-orders-2026'],
    ]);
    expect(points[1]?.reason).toContain('in the campaign “March Expo 2026”');
    expect(balanceOf(points)).toBe(9000);
  });

  test('R36 the day on which the order completed decides, by China’s calendar, not the day of its booking', () => {
    const late = completed('o-1', '2026-03-31', {}, '2026-04-20');
    expect(pointsFor([late])).toMatchObject([{ extra: 1000 }]);
    const lastMoment = completed('o-2', '2026-04-01', { completedAt: '2026-03-31T15:59:59.999Z' });
    const midnight = completed('o-3', '2026-04-01', { completedAt: '2026-03-31T16:00:00.000Z' });
    expect(pointsFor([lastMoment, midnight]).map(({ extra }) => extra)).toEqual([1000, 0]);
  });

  test('R36 the fourth order of a pair in a month earns none, in a campaign neither (wash trading)', () => {
    const facts = ['05', '06', '07', '08'].map((date) => completed(`o-${date}`, `2026-03-${date}`));
    const other = completed('o-9', '2026-03-09', { buyer: 'b-2' });
    const next = completed('o-10', '2026-04-01');
    const points = pointsFor([...facts, other, next]);
    expect(points.map((entry) => entry.points)).toEqual([2000, 2000, 2000, 0, 2000, 1000]);
    expect(points[3]).toMatchObject({ inputs: { place: 4 }, reason: expect.stringContaining('no points') });
    expect(points[3]).not.toHaveProperty('campaign');
  });

  test('R36 an order worth less than a dollar earns nothing, and no bonus', () => {
    const cents = completed('o-1', '2026-11-10', { total: { amount: 99, currency: 'USD' } });
    expect(pointsFor([cents])).toMatchObject([{ points: 0 }]);
  });

  test('R36 nothing but completed orders earns', () => {
    expect(pointsFor([verified('2026-01-10', 90), upheld('o-1', '2026-01-11')])).toEqual([]);
  });

  test('R56 a later policy leaves what was earned as it is', () => {
    const v2 = { ...plain, id: 'points/v2', effectiveFrom: '2026-06-30T16:00:00.000Z', pointsPerUsd: 5 };
    const entries = record([completed('o-1', '2026-06-10'), completed('o-2', '2026-07-10')]);
    const points = awards(entries, [v1, v2]);
    expect(points.map((entry) => [entry.policyVersion, entry.points])).toEqual([
      ['points/v1', 1000],
      ['points/v2', 5000],
    ]);
    // Even one that is said to have been in force all along.
    expect(replayPoints(points, entries, [v1, { ...v2, effectiveFrom: '2016-01-31T16:00:00.000Z' }])).toEqual([]);
  });
});

describe('R36 the policy points/v1', () => {
  const [march] = v1.campaigns;
  test.each([
    [
      'two campaigns on one date',
      { campaigns: [march, { ...march, id: 'other', from: '2026-03-31', until: '2026-04-02' }] },
    ],
    ['a campaign that ends before it begins', { campaigns: [{ ...march, from: '2026-04-01' }] }],
    ['a reward of both kinds', { campaigns: [{ ...march, reward: { percent: 200, bonus: 1 } }] }],
    ['a reward that takes points away', { campaigns: [{ ...march, reward: { percent: 90 } }] }],
    ['a fraction of a point', { pointsPerUsd: 0.5 }],
    ['the name of another policy', { id: 'ta-limit/v1' }],
  ])('R36 is refused with %s', (_, change) => {
    expect(pointsPolicy.safeParse({ ...v1, ...change }).success).toBe(false);
  });
});

describe('R36 replay', () => {
  const entries = record([completed('o-1', '2026-03-05'), completed('o-2', '2026-03-06'), verified('2026-03-07', 80)]);
  const points = awards(entries);

  test('R36 finds points that are missing, that are too many, and that are others than the policy gives', () => {
    expect(replayPoints(points, entries, [v1])).toEqual([]);
    expect(replayPoints(points.slice(1), entries, [v1])).toMatchObject([{ recorded: null, recomputed: 2000 }]);
    expect(replayPoints(points, [entries[0]!], [v1])).toMatchObject([{ recorded: 2000, recomputed: null }]);
    const raised = points.map((entry) => ({ ...entry, extra: entry.extra + 1, points: entry.points + 1 }));
    expect(replayPoints(raised, entries, [v1])).toMatchObject([{ recorded: 2001, recomputed: 2000 }, {}]);
  });

  test('R36 finds an entry whose sum is right for the wrong reason', () => {
    const moved = points.map((entry) => ({ ...entry, base: entry.base + 1, extra: entry.extra - 1 }));
    expect(replayPoints(moved, entries, [v1])).toHaveLength(2);
  });

  test('R36 every record replays: each order earns once, and the balance is what the orders earn, whatever is read first', () => {
    const shuffled = entriesArb.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const booked = awards(all, [plain]);
        expect(replayPoints(awards(other, [plain]).reverse(), all, [plain])).toEqual([]);
        const worth = (entry: CompletedEntry) => entry.inputs.total.amount - entry.inputs.refunded.amount;
        const completed = all.filter((entry): entry is CompletedEntry => entry.event === 'order.completed');
        const most = completed.reduce((sum, entry) => sum + Math.floor(worth(entry) / 100), 0);
        expect(balanceOf(booked)).toBeLessThanOrEqual(most);
        expect(booked).toHaveLength(earning(all).length);
        expect(booked.every((entry) => entry.points === entry.base + entry.extra)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('R36 an order that completed before any policy cannot be awarded', () => {
    const old = completed('o-1', '2026-01-10', { completedAt: noon('2015-01-10') });
    expect(() => pointsFor([old])).toThrow('no policy is in force');
  });
});
