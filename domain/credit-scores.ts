/** Scores of a supplier's behaviour, and the grade that they add up to (R3, R11, R37). */
import { asAdjusted, inWindow, isUndone, isUpheld, type Booked } from './credit-book';
import type { CompletedEntry } from './credit-facts';
import type { LimitPolicy } from './credit-policy';
import { divided, sum } from './integers';
import type { Money } from './money';

export interface Scores {
  onTime: number;
  undisputed: number;
  reviews: number;
  verification: number;
}

/** R11: each score is the mean of the window's orders and the prior, rounded down to a whole point. */
export function scoresOf(
  book: Booked[],
  orders: Booked<CompletedEntry>[],
  policy: LimitPolicy,
  today: number,
): Scores & { total: number } {
  const { prior, pointsByStars, weightsPercent } = policy.scores;
  const mean = (samples: number[]): number =>
    divided(prior.mean * prior.orders + sum(samples), prior.orders + samples.length);
  const kept = orders.filter((item) => !isUndone(item, book.length));
  const onTime = mean(kept.map(({ entry }) => (entry.inputs.shippedOnTime ? 100 : 0)));
  const undisputed = mean(disputeSamples(book, orders, today));
  const stars = kept.map(({ entry }) => entry.inputs.reviewScore).filter((score) => score !== null);
  const reviews = mean(stars.map((score) => pointsByStars[score - 1] as number));
  const verification = verificationOf(book) ?? prior.mean;
  const scores = { onTime, undisputed, reviews, verification };
  const weighted = components.map((name) => scores[name] * weightsPercent[name]);
  return { ...scores, total: divided(sum(weighted), 100) };
}

export const components = ['onTime', 'undisputed', 'reviews', 'verification'] as const;

/**
 * 100 for an order without dispute, 0 for one with. An order that never completed is a sample, too, once a complaint on
 * it is upheld.
 */
function disputeSamples(book: Booked[], orders: Booked<CompletedEntry>[], today: number): number[] {
  const upheld = book.filter(isUpheld);
  const lost = new Set(upheld.map(({ entry }) => entry.order));
  const completed = new Set(orders.map(({ entry }) => entry.order));
  const recent = upheld.filter((item) => inWindow(item, today) && !completed.has(item.entry.order));
  const never = new Set(recent.map(({ entry }) => entry.order));
  const samples = orders
    .map((item) => ({ item, ...asAdjusted(item, book.length) }))
    // Of one that has gone back whole only a complaint counts.
    .filter(({ item, disputed }) => disputed || !isUndone(item, book.length))
    .map(({ item, disputed }) => (disputed || lost.has(item.entry.order) ? 0 : 100));
  return [...samples, ...[...never].map(() => 0)];
}

/** The latest verification; it takes the prior's place, because it is no sample of orders. */
function verificationOf(book: Booked[]): number | undefined {
  const entry = book.findLast((item) => item.entry.event === 'company.verified')?.entry;
  return entry?.event === 'company.verified' ? entry.inputs.score : undefined;
}

export interface Grade {
  grade: number;
  /** The band of the weighted total alone. */
  totalBand: number;
  weakest: keyof Scores;
  ratePercent: number;
  cap: Money;
}

/** R3/R37: the band of the weighted total, at most so many above the band of the weakest score. */
export function gradeOf(scores: Scores & { total: number }, policy: LimitPolicy): Grade {
  const band = (score: number): number => policy.grades.findLastIndex((row) => score >= row.fromScore);
  const weakest = components.reduce((a, b) => (scores[b] < scores[a] ? b : a));
  const totalBand = band(scores.total);
  const grade = Math.min(totalBand, band(scores[weakest]) + policy.maxGradeAboveWeakest);
  const { ratePercent, cap } = policy.grades[grade] as LimitPolicy['grades'][number];
  return { grade, totalBand, weakest, ratePercent, cap };
}
