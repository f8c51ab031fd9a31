/** The limit at one instant: base + rate × V, bounded by the grade's cap and the month's rise, less the deductions (R11). */
import { bookedUntil, inWindow, isCompleted, type Booked } from './credit-book';
import { deductedFrom, deductionsOf, strikesOf, type Deduction } from './credit-deductions';
import type { LimitPolicy } from './credit-policy';
import { gradeOf, scoresOf, type Grade, type Scores } from './credit-scores';
import { volumeOf, type Volume } from './credit-volume';
import { percentOf } from './integers';
import { policyInForce } from './policy';
import { chinaDate, dayOf, monthAfter, monthOf, startOfChinaDate } from './time';

/** Where a calendar month starts from: the earned amount and the limit when the month before ended. USD cents. */
export interface Opening {
  earned: number;
  limit: number;
}

/** What the entries amount to at one instant, in USD cents. */
export interface Standing extends Opening {
  policy: LimitPolicy;
  volume: Volume;
  scores: Scores & { total: number };
  grade: Grade;
  /** base + rate × V, before any bound. */
  formula: number;
  opening: Opening;
  deductions: Deduction[];
  /** What the deductions add up to. */
  deducted: number;
  strikes: number;
  suspended: boolean;
}

export function standingAt(
  book: Booked[],
  policies: readonly LimitPolicy[],
  at: string,
  months: Map<string, Opening>,
): Standing {
  const policy = policyInForce(policies, at);
  const opening = months.get(monthOf(at)) as Opening;
  const today = dayOf(chinaDate(at));
  const orders = book.filter(isCompleted).filter((item) => inWindow(item, today));
  const volume = volumeOf(orders, book.length, policy, today);
  const scores = scoresOf(book, orders, policy, today);
  const grade = gradeOf(scores, policy);
  const formula = policy.base.amount + percentOf(volume.counted.amount, grade.ratePercent);
  const earned = Math.min(formula, grade.cap.amount, atMost(opening.earned, policy));
  const deductions = deductionsOf(book, policy, today, earned);
  const deducted = deductedFrom(earned, deductions);
  const { strikes, suspended } = strikesOf(book, policy);
  const risen = Math.min(Math.max(0, earned - deducted), atMost(opening.limit, policy));
  const limit = suspended ? 0 : risen - (risen % policy.floorTo.amount);
  return { policy, opening, volume, scores, grade, formula, earned, deductions, deducted, strikes, suspended, limit };
}

/**
 * The opening of every calendar month in China from the first entry's to that of `until`. Before the first entry a
 * supplier has the base.
 */
export function openings(book: Booked[], policies: readonly LimitPolicy[], until: string): Map<string, Opening> {
  const first = book[0]?.entry.at ?? until;
  const base = policyInForce(policies, first).base.amount;
  const months = new Map<string, Opening>([[monthOf(first), { earned: base, limit: base }]]);
  for (let month = monthOf(first); month < monthOf(until); month = monthAfter(month)) {
    const end = new Date(Date.parse(startOfChinaDate(`${monthAfter(month)}-01`)) - 1).toISOString();
    months.set(monthAfter(month), standingAt(bookedUntil(end, book), policies, end, months));
  }
  return months;
}

/** The most that an amount may have become by the end of a month that it opened. */
export const atMost = (opening: number, policy: LimitPolicy): number =>
  opening + Math.max(percentOf(opening, policy.maxMonthlyRisePercent), policy.base.amount);

/** The amount by which the last entry of the book changes the limit of its instant. */
export function deltaOf(book: Booked[], policies: readonly LimitPolicy[], months?: Map<string, Opening>): number {
  const last = book.at(-1) as Booked;
  const opened = months ?? openings(book, policies, last.entry.at);
  const after = standingAt(book, policies, last.entry.at, opened);
  const before = standingAt(book.slice(0, -1), policies, last.entry.at, opened);
  return after.limit - before.limit;
}
