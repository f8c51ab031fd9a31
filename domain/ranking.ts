/**
 * The factor by which the site ranks a supplier's products (R3, R39): from its credit grade and its recent completed volume,
 * both as the credit limit counts them, so that wash trading ranks nobody higher.
 */
import { z } from 'zod';
import type { LimitExplanation } from './credit-explanation';
import { usd } from './credit-policy';
import type { Member } from './member';
import { ascending, neverFalling, version } from './policy';

const perMille = z.int().min(0).max(1000);

/** One version of the ranking factor, e.g. `ranking/v1`: what is added to 1,000 per mille. */
export const rankingPolicy = z.strictObject({
  ...version('ranking'),
  /** Row n is grade n. */
  byGrade: z.array(perMille).length(6).refine(neverFalling, 'byGrade: may not fall'),
  /** The last row that the volume V reaches. */
  byVolume: z
    .array(z.strictObject({ from: usd, add: perMille }))
    .refine((rows) => ascending(rows.map(({ from }) => from.amount)), 'byVolume: amounts must ascend')
    .refine((rows) => neverFalling(rows.map(({ add }) => add)), 'byVolume: may not fall'),
});
export type RankingPolicy = z.infer<typeof rankingPolicy>;

/** The plain factor, in per mille: of a supplier without Trade Assurance, or suspended. */
const plain = 1000;

/** The ranking factor in per mille, an integer of at least 1,000 (R39). */
export function rankingOf(
  { grade, volume, suspended }: LimitExplanation,
  state: Member['tradeAssurance'],
  { byGrade, byVolume }: RankingPolicy,
): number {
  if (state !== 'activated' || suspended) return plain;
  const reached = byVolume.findLast(({ from }) => volume.counted.amount >= from.amount);
  return plain + (byGrade[grade] ?? 0) + (reached?.add ?? 0);
}
