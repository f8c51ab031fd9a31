/**
 * A supplier's credit limit: what it did and what it sold (entries) add up to the most that the platform guarantees for
 * it at one time (R1, R2, R3, R11). A pure function of the entries, the policies and a date, so that today's limit can
 * be explained line by line and recomputed at any time. The readings behind it: `docs/explanation/credit.md`.
 *
 * The parts: facts and entries (`credit-facts`), the book of one supplier (`credit-book`), volume, scores and deductions
 * (`credit-volume`, `credit-scores`, `credit-deductions`), the limit (`credit-limit`), its explanation
 * (`credit-explanation`), and every number in it (`credit-policy`).
 */
import { bookedUntil, bookOf } from './credit-book';
import { explain, type LimitExplanation } from './credit-explanation';
import { entryKey, reasonOf, type CreditEntry, type CreditFact } from './credit-facts';
import { deltaOf, openings, standingAt } from './credit-limit';
import type { LimitPolicy } from './credit-policy';
import { moneyOf, smaller, subtract, type Money } from './money';
import { policyInForce } from './policy';

export { explainLines, type LimitExplanation } from './credit-explanation';
export { creditEntry, creditFact, entryKey, type CreditEntry, type CreditFact } from './credit-facts';
export { limitPolicy, type LimitPolicy } from './credit-policy';

/**
 * A supplier's limit at an instant, and how it came about (R1, R2, R3, R11; suspension R58).
 *
 * Entries booked after `at` are ignored and their order in the array does not matter. The policy in force at `at` says
 * what the whole is worth; what one entry contributes (its age table, its place in the month, its deduction and its
 * strike) stays with the policy that it was rated under.
 *
 * @param entries all entries of one supplier
 * @param policies every version that an entry names or that was in force since the first entry
 * @param at the instant, ISO 8601 in UTC
 * @throws RangeError on entries of two suppliers, one entry twice, or a policy that is missing
 */
export function limitOf(
  entries: readonly CreditEntry[],
  policies: readonly LimitPolicy[],
  at: string,
): LimitExplanation {
  const book = bookedUntil(at, bookOf(entries, policies));
  return explain(standingAt(book, policies, at, openings(book, policies, at)), at);
}

/**
 * Rates a fact under the policy in force and makes it an entry: `delta` is the limit after it less the limit before, at
 * that instant, in USD cents (R1). A fact is never booked before one that is booked already: `at` moves to 1 ms after
 * the newest entry, so that the deltas on record never change. A fact that is on record is answered with its entry.
 */
export function rate(entries: readonly CreditEntry[], fact: CreditFact, policies: readonly LimitPolicy[]): CreditEntry {
  const key = entryKey(fact);
  const known = entries.find((entry) => entryKey(entry) === key);
  if (known) return known;
  const newest = Math.max(...entries.map((entry) => Date.parse(entry.at)), -Infinity);
  const at = Date.parse(fact.at) > newest ? fact.at : new Date(newest + 1).toISOString();
  const policyVersion = policyInForce(policies, at).id;
  const entry: CreditEntry = { ...fact, at, policyVersion, delta: 0, reason: reasonOf(fact) };
  return { ...entry, delta: deltaOf(bookOf([...entries, entry], policies), policies) };
}

/** A delta on record that is not what the entries before it give. USD cents. */
export interface ReplayDifference {
  key: string;
  recorded: number;
  recomputed: number;
}

/**
 * Recomputes every delta and the limit at `at` from the entries booked until then. No differences means that the
 * record explains itself.
 */
export function replay(
  entries: readonly CreditEntry[],
  policies: readonly LimitPolicy[],
  at: string,
): { limit: LimitExplanation; differences: ReplayDifference[] } {
  const book = bookedUntil(at, bookOf(entries, policies));
  const months = openings(book, policies, at);
  const differences = book.flatMap(({ entry, seq }) => {
    const recomputed = deltaOf(book.slice(0, seq + 1), policies, months);
    return recomputed === entry.delta ? [] : [{ key: entryKey(entry), recorded: entry.delta, recomputed }];
  });
  return { limit: explain(standingAt(book, policies, at, months), at), differences };
}

/**
 * The cover of an order (R2): its total, or what is left of the limit when that is less. A short limit shortens the
 * cover, down to zero, and never refuses the order.
 * @param openCover what the supplier's open orders are covered for
 */
export function coverOf(total: Money, limit: Money, openCover: Money): Money {
  const available = subtract(limit, openCover);
  return smaller(total, moneyOf(Math.max(0, available.amount), available.currency));
}
