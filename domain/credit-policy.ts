/**
 * The policy of the credit limit as data (R11): every number that the calculation in `credit.ts` uses, one version a
 * file in `seeds/policies`, each in force from its date until the next one's.
 */
import { z } from 'zod';
import { ascending, neverFalling, version } from './policy';

/** An amount in US dollars, in cents: limits and covers are kept in USD, like the prices of orders (R15). */
export const usd = z.strictObject({ amount: z.int().nonnegative(), currency: z.literal('USD') });

const percent = z.int().min(0).max(100);
const points = z.int().min(0).max(100);
const days = z.int().positive();

const volumePolicy = z
  .strictObject({
    /** Orders up to this age count. */
    windowDays: days,
    /** By what an order's volume is divided, up to which age in days (R1: halved every 180 days). */
    halving: z.array(z.strictObject({ untilDay: z.int().nonnegative(), divisor: z.int().positive() })).min(1),
    maxOrdersPerPairPerMonth: z.int().positive(),
    /** The most that one buyer makes up of the volume before this cap. */
    maxBuyerSharePercent: percent,
  })
  .refine((v) => ascending(v.halving.map((row) => row.untilDay)), 'halving: ages must ascend')
  .refine((v) => v.halving.at(-1)?.untilDay === v.windowDays, 'halving: the last age must be windowDays');

const weights = z
  .strictObject({ onTime: percent, undisputed: percent, reviews: percent, verification: percent })
  .refine((w) => w.onTime + w.undisputed + w.reviews + w.verification === 100, 'weightsPercent: must add up to 100');

const grades = z
  .array(z.strictObject({ fromScore: points, ratePercent: percent, cap: usd }))
  .min(1)
  .refine((rows) => rows[0]?.fromScore === 0, 'grades: grade 0 must start at score 0')
  .refine((rows) => ascending(rows.map((row) => row.fromScore)), 'grades: scores must ascend')
  .refine((rows) => neverFalling(rows.map((row) => row.ratePercent)), 'grades: rates may not fall')
  .refine((rows) => neverFalling(rows.map((row) => row.cap.amount)), 'grades: caps may not fall');

/** One version of the credit limit's policy, e.g. `ta-limit/v1`. Amounts are USD cents, percents and points integers. */
export const limitPolicy = z.strictObject({
  ...version('ta-limit'),
  /** What a supplier has to begin with. */
  base: usd,
  /** Limits are rounded down to a multiple of this. */
  floorTo: usd.refine((m) => m.amount > 0, 'floorTo: must be above zero'),
  /** The most that a limit rises in a calendar month, unless the base is more. */
  maxMonthlyRisePercent: z.int().nonnegative(),
  volume: volumePolicy,
  scores: z.strictObject({
    weightsPercent: weights,
    /** Every score starts as if this many orders had scored this mean. */
    prior: z.strictObject({ mean: points, orders: z.int().positive() }),
    /** What a review of 1, 2, 3, 4, 5 stars is worth. */
    pointsByStars: z.tuple([points, points, points, points, points]),
  }),
  /** Row n is grade n: the score from which it is reached, its share of the volume, its cap. */
  grades,
  /** How far the grade may lie above the band of the weakest score. */
  maxGradeAboveWeakest: z.int().nonnegative(),
  deductions: z.strictObject({
    lateShipment: z.strictObject({ percent, days }),
    upheldComplaint: z.strictObject({ percent, days, strikes: z.int().nonnegative() }),
    /** Share of what the platform paid under its guarantee and the supplier has not paid back. */
    unreimbursedPayoutPercent: percent,
  }),
  /** So many strikes suspend the supplier (R58). */
  strikesToSuspend: z.int().positive(),
});
export type LimitPolicy = z.infer<typeof limitPolicy>;
