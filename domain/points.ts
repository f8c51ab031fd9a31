/**
 * Points for completed orders (R3, R36): what an order earns follows from the credit entry that booked it, so that the
 * points on record can be recomputed at any time. An order that is the fourth of its pair in a month earns none, as it adds
 * no volume (wash trading). Points follow what goes back of the order later (R1, R3: net of refunds).
 */
import { z } from 'zod';
import type { AdjustedEntry, CompletedEntry, CreditEntry } from './credit-facts';
import { usd } from './credit-policy';
import { divided, percentOf, sum } from './integers';
import { opaqueId } from './member';
import { format, subtract } from './money';
import { bilingual, policyInForce, policyOf, version } from './policy';
import { calendarDate, chinaDate, instant, monthOf } from './time';

const campaign = z
  .strictObject({
    id: opaqueId,
    name: bilingual,
    /** First and last calendar date in China on which an order completes to take part. */
    from: calendarDate,
    until: calendarDate,
    /** What an order earns then: so many percent of its base points, or so many points more. */
    reward: z.union([
      z.strictObject({ percent: z.int().min(101).max(1000) }),
      z.strictObject({ bonus: z.int().positive().max(1_000_000) }),
    ]),
  })
  .refine(({ from, until }) => from <= until, 'until: is before from');
type Campaign = z.infer<typeof campaign>;

/** One version of the points' policy, e.g. `points/v1`. The campaigns of a period are a version of their own or a part of one (R36). */
export const pointsPolicy = z.strictObject({
  ...version('points'),
  /** Points for each whole US dollar of an order, net of refunds. */
  pointsPerUsd: z.int().positive().max(1000),
  /** Orders of one pair in a calendar month that earn points; further ones earn none. */
  maxOrdersPerPairPerMonth: z.int().positive(),
  campaigns: z.array(campaign).refine(oneAtATime, 'campaigns: at most one on any date'),
});
export type PointsPolicy = z.infer<typeof pointsPolicy>;

function oneAtATime(campaigns: readonly Campaign[]): boolean {
  const inTurn = [...campaigns].sort((a, b) => (a.from < b.from ? -1 : 1));
  return inTurn.every(({ from }, i) => i === 0 || (inTurn[i - 1] as Campaign).until < from);
}

/** What one completed order has earned. Unique by `pointsKey`; `points` = `base` + `extra`. */
export const pointsEntry = z.strictObject({
  supplier: opaqueId,
  event: z.enum(['order.completed', 'order.adjusted']),
  order: z.string().min(1).max(200),
  /** When it was booked: with the credit entry of the same order. */
  at: instant,
  /** The policy in force when the order completed; it is never awarded again under a later one. */
  policyVersion: z.string(),
  inputs: z.strictObject({
    completedAt: instant,
    /** Total less refunds. */
    worth: usd,
    /** Its place among the orders of its pair in its month, from 1, as far as they were booked before. */
    place: z.int().positive(),
    /** Which adjustment of the order it follows. */
    adjustment: z.string().optional(),
  }),
  /** Below zero where an order has gone back, in part or whole. */
  base: z.int(),
  /** Points on top by the campaign. */
  extra: z.int(),
  campaign: opaqueId.optional(),
  points: z.int(),
  reason: z.string().min(1),
});
export type PointsEntry = z.infer<typeof pointsEntry>;

/** Order and event, fit for an `_id`. */
export const pointsKey = ({
  order,
  event,
  inputs: { adjustment },
}: Pick<PointsEntry, 'order' | 'event'> & { inputs: Pick<PointsEntry['inputs'], 'adjustment'> }): string =>
  JSON.stringify(adjustment === undefined ? [order, event] : [order, event, adjustment]);

const pointsKeyOf = (entry: CompletedEntry | AdjustedEntry): string =>
  pointsKey({
    ...entry,
    inputs: entry.event === 'order.adjusted' ? { adjustment: entry.inputs.adjustment } : {},
  });

/** The entries of a supplier that earn points, or take some of them back. */
export const earning = (
  entries: readonly CreditEntry[],
  booked: readonly CreditEntry[] = entries,
): (CompletedEntry | AdjustedEntry)[] =>
  entries.filter(
    (entry): entry is CompletedEntry | AdjustedEntry =>
      entry.event === 'order.completed' ||
      // One that is booked before its order changes nothing: the order is booked as it is then.
      (entry.event === 'order.adjusted' &&
        completedIn(booked).some(({ order, at }) => order === entry.order && Date.parse(at) < Date.parse(entry.at))),
  );

const completedIn = (entries: readonly CreditEntry[]): CompletedEntry[] =>
  entries.filter((entry) => entry.event === 'order.completed');

/**
 * The points of a completed order (R36).
 * @param booked all credit entries of the supplier; those booked before this one decide its place
 * @param policies every version since the first order
 * @param under the version to award under; by default the one in force when the order completed
 * @throws RangeError when that policy is missing
 */
export function award(
  entry: CompletedEntry | AdjustedEntry,
  booked: readonly CreditEntry[],
  policies: readonly PointsPolicy[],
  under?: string,
): PointsEntry {
  return entry.event === 'order.completed'
    ? awardCompleted(entry, booked, policies, under)
    : awardAdjusted(entry, booked, policies, under);
}

/** What an adjustment of an order changes in its points: what it earns now, less what it had earned before. */
function awardAdjusted(
  entry: AdjustedEntry,
  booked: readonly CreditEntry[],
  policies: readonly PointsPolicy[],
  under?: string,
): PointsEntry {
  const completed = completedIn(booked).find(({ order }) => order === entry.order);
  if (!completed) throw new RangeError(`order ${entry.order} is adjusted, and not completed`);
  const earlier = booked.filter(
    (one): one is AdjustedEntry =>
      one.event === 'order.adjusted' && one.order === entry.order && Date.parse(one.at) < Date.parse(entry.at),
  );
  const at = (refunded: { amount: number; currency: 'USD' }): PointsEntry => {
    const least = { amount: Math.min(refunded.amount, completed.inputs.total.amount), currency: 'USD' as const };
    const inputs = { ...completed.inputs, refunded: least };
    return awardCompleted({ ...completed, inputs }, booked, policies, under);
  };
  const latest = earlier.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
  const [before, now] = [at((latest ?? completed).inputs.refunded), at(entry.inputs.refunded)];
  return {
    ...now,
    event: 'order.adjusted',
    at: entry.at,
    inputs: { ...now.inputs, adjustment: entry.inputs.adjustment },
    base: now.base - before.base,
    extra: now.extra - before.extra,
    points: now.points - before.points,
    reason: `Order ${entry.order}: ${format(now.inputs.worth)} of it are left net of refunds.`,
  };
}

function awardCompleted(
  entry: CompletedEntry,
  booked: readonly CreditEntry[],
  policies: readonly PointsPolicy[],
  under?: string,
): PointsEntry {
  const { total, refunded, completedAt } = entry.inputs;
  const policy = under === undefined ? policyInForce(policies, completedAt) : policyOf(policies, under);
  const worth = { ...usd.parse(subtract(total, refunded)) };
  const place = placeOf(entry, booked);
  const isWashed = place > policy.maxOrdersPerPairPerMonth;
  const base = isWashed ? 0 : divided(worth.amount, 100) * policy.pointsPerUsd;
  const running = base > 0 ? campaignOn(policy, chinaDate(completedAt)) : undefined;
  const extra = running ? extraOf(running, base) : 0;
  const { supplier, event, order, at } = entry;
  return {
    supplier,
    event,
    order,
    at,
    policyVersion: policy.id,
    inputs: { completedAt, worth, place },
    base,
    extra,
    ...(running && { campaign: running.id }),
    points: base + extra,
    reason: reasonOf(order, format(worth), isWashed ? place : undefined, running),
  };
}

function placeOf(entry: CompletedEntry, booked: readonly CreditEntry[]): number {
  const isOfPairAndMonth = ({ inputs }: CompletedEntry) =>
    inputs.buyer === entry.inputs.buyer && monthOf(inputs.completedAt) === monthOf(entry.inputs.completedAt);
  const before = completedIn(booked).filter((other) => Date.parse(other.at) < Date.parse(entry.at));
  return before.filter(isOfPairAndMonth).length + 1;
}

const campaignOn = ({ campaigns }: PointsPolicy, date: string): Campaign | undefined =>
  campaigns.find(({ from, until }) => from <= date && date <= until);

const extraOf = ({ reward }: Campaign, base: number): number =>
  'bonus' in reward ? reward.bonus : percentOf(base, reward.percent - 100);

function reasonOf(order: string, worth: string, washed: number | undefined, running: Campaign | undefined): string {
  const what = `Order ${order} completed: ${worth} net of refunds`;
  if (washed !== undefined) return `${what}, number ${washed} of its pair in the month: no points.`;
  return running ? `${what}, in the campaign “${running.name.en}”.` : `${what}.`;
}

/** What the entries add up to. */
export const balanceOf = (entries: readonly PointsEntry[]): number => sum(entries.map(({ points }) => points));

/** An order whose points on record are not what its credit entry gives; null where one of the two is missing. */
export interface PointsDifference {
  key: string;
  recorded: number | null;
  recomputed: number | null;
}

/**
 * Recomputes the points from the credit entries: no differences means that every completed order earned once, what the
 * policy gives, and nothing else did.
 */
export function replayPoints(
  recorded: readonly PointsEntry[],
  booked: readonly CreditEntry[],
  policies: readonly PointsPolicy[],
): PointsDifference[] {
  const onRecord = new Map(recorded.map((entry) => [pointsKey(entry), entry]));
  const expected = new Map(
    earning(booked).map((entry) => {
      const key = pointsKeyOf(entry);
      return [key, award(entry, booked, policies, onRecord.get(key)?.policyVersion)];
    }),
  );
  return [...new Set([...expected.keys(), ...onRecord.keys()])].flatMap((key): PointsDifference[] => {
    const [is, should] = [onRecord.get(key), expected.get(key)];
    if (is && should && same(is, should)) return [];
    return [{ key, recorded: is?.points ?? null, recomputed: should?.points ?? null }];
  });
}

const same = (a: PointsEntry, b: PointsEntry): boolean =>
  JSON.stringify(pointsEntry.parse(a)) === JSON.stringify(pointsEntry.parse(b));
