/** The suppliers' credit: their entries, the limit that follows from them, and its growth by a completed order (R1, R3). */
import type { ClientSession } from 'mongoose';
import {
  coverOf,
  limitOf,
  rate,
  replay,
  type CreditEntry,
  type CreditFact,
  type LimitExplanation,
} from '../domain/credit';
import { moneyOf, type Money } from '../domain/money';
import { chinaDate } from '../domain/time';
import type { Standing } from './collections';
import { suspendIfStruck } from './member-records';
import { policiesIn, policiesOf } from './policies';
import { bookPoints, rewardsOf } from './rewards';
import { documentOf, valueOf, type Doc, type Store } from './store';

export interface Accrual {
  limitBefore: Money;
  limitAfter: Money;
  grade: number;
  policy: string;
}

/**
 * Books a fact about a supplier and brings its limit up to date, with its points and, once strikes suspend it, its
 * membership (R3, R58). The same fact again changes nothing.
 */
export const bookFact = (store: Store, fact: CreditFact, now: string): Promise<Accrual> =>
  store.transaction((session) => bookInTransaction(store, fact, now, session));

/** The same as part of a transaction. */
export async function bookInTransaction(
  store: Store,
  fact: CreditFact,
  now: string,
  session: ClientSession,
): Promise<Accrual> {
  const { entries, entry, policies, rules } = await book(store, fact.supplier, [fact], session);
  await bringUpToDate(store, fact.supplier, entries, rules, later(entry.at, now), session);
  // What the entry did when it was booked: the same answer however often, and however late, it is asked for.
  const { limit: limitAfter, grade, policyVersion: policy } = limitOf(entries, policies, entry.at);
  const limitBefore = moneyOf(limitAfter.amount - entry.delta, limitAfter.currency);
  return { limitBefore, limitAfter, grade, policy };
}

/** Books many past facts, oldest first, as of the time of each; returns how many were new. */
export async function bookFacts(store: Store, facts: readonly CreditFact[]): Promise<number> {
  let booked = 0;
  for (const supplier of new Set(facts.map((fact) => fact.supplier))) {
    const theirs = facts.filter((fact) => fact.supplier === supplier);
    booked += await store.transaction(async (session) => {
      const oldestFirst = theirs.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
      const { entries, added, rules } = await book(store, supplier, oldestFirst, session);
      const asOf = entries.at(-1)?.at ?? '';
      if (added.length > 0) await bringUpToDate(store, supplier, entries, rules, asOf, session);
      return added.length;
    });
  }
  return booked;
}

/** The policies that a supplier's standing follows from, as they are stored. */
type Rules = readonly Doc<'policies'>[];
const rulesOf = (store: Store, session: ClientSession): Promise<Rules> =>
  store.collections.policies.find({ _id: /^(?:ta-limit|points|labels|ranking)\// }, { session }).toArray();

/** Rates facts one after the other and stores those that are new, with their points. `entry` is the last fact's. */
async function book(store: Store, supplier: string, facts: readonly CreditFact[], session: ClientSession) {
  const rules = await rulesOf(store, session);
  const policies = policiesIn(rules, 'ta-limit');
  const entries = await entriesOf(store, supplier, session);
  const before = entries.length;
  const rated = facts.map((fact) => {
    const entry = rate(entries, fact, policies);
    if (!entries.includes(entry)) entries.push(entry);
    return entry;
  });
  const added = entries.slice(before);
  if (added.length > 0) {
    const docs = added.map((entry) => documentOf('credit', entry));
    await store.collections.credit.insertMany(docs, { session });
    await bookPoints(store, added, entries, rules, session);
  }
  return { rules, policies, entries, added, entry: rated.at(-1) as CreditEntry };
}

/** The supplier's standing, membership and rewards as its entries give them at an instant. */
async function bringUpToDate(
  store: Store,
  supplier: string,
  entries: readonly CreditEntry[],
  rules: Rules,
  at: string,
  session: ClientSession,
): Promise<void> {
  const explanation = limitOf(entries, policiesIn(rules, 'ta-limit'), at);
  await suspendIfStruck(store, supplier, explanation, entries, session);
  const rewards = await rewardsOf(store, supplier, explanation, { rules, session });
  await saveStanding(store, supplier, explanation, { rewards }, session);
}

/** The standing of a supplier that has just changed as a member: its first limit, when it has just been activated (R13). */
export async function refreshStanding(store: Store, supplier: string, now: string, session: ClientSession) {
  const entries = await entriesOf(store, supplier, session);
  const at = later(entries.at(-1)?.at ?? now, now);
  await bringUpToDate(store, supplier, entries, await rulesOf(store, session), at, session);
}

const later = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);

/** The supplier's standing on the China date of `at`, worked out anew where the one that is known is older. */
export async function standingOn(
  store: Store,
  supplier: string,
  { standing: stored, policies = [] }: { standing: Doc<'standings'> | undefined; policies: Rules | undefined },
  at: string,
  session: ClientSession,
): Promise<Standing> {
  if (stored && isOfDay(stored, at)) return valueOf(stored);
  const entries = await entriesOf(store, supplier, session);
  const today = limitOf(entries, policiesIn(policies, 'ta-limit'), at);
  await suspendIfStruck(store, supplier, today, entries, session);
  return { ...(await saveStanding(store, supplier, today, {}, session)), openCover: stored?.openCover ?? 0 };
}

/** A limit changes with an entry, which brings a new standing, or with the day. */
const isOfDay = ({ asOf }: Standing, at: string): boolean => chinaDate(asOf) >= chinaDate(at);

/** What an order of this total would be covered for, if it were paid at `at` (R2). */
export async function coverEstimate(store: Store, supplier: string, total: Money, at: string): Promise<Money> {
  const standing = (await store.collections.standings.findOne({ _id: supplier })) ?? undefined;
  const limit = standing && isOfDay(standing, at) ? standing.limit : await limitOfDay(store, supplier, standing, at);
  return coverOf(total, limit, moneyOf(standing?.openCover ?? 0, limit.currency));
}

/** Limits that readers had worked out, by supplier, and of which standing and day; the oldest goes when they are many. */
interface KnownLimit {
  of: string;
  limit: Money;
  untilMs: number;
}
const limitsKnown = new WeakMap<Store, Map<string, KnownLimit>>();
const mostKnown = 10_000;
/** For so long a policy that is loaded meanwhile may be overlooked. Each new entry brings a new standing. */
const knownForMs = 60_000;

/** The limit on the China date of `at`, where no standing is of that day yet; worked out once a minute at most. */
async function limitOfDay(
  store: Store,
  supplier: string,
  standing: Doc<'standings'> | undefined,
  at: string,
): Promise<Money> {
  const known = limitsKnown.get(store) ?? new Map<string, KnownLimit>();
  limitsKnown.set(store, known);
  const of = JSON.stringify([chinaDate(at), standing?.asOf, standing?.limit]);
  const before = known.get(supplier);
  if (before?.of === of && Date.parse(at) < before.untilMs) return before.limit;
  const [policies, entries] = await Promise.all([policiesOf(store, 'ta-limit'), entriesOf(store, supplier)]);
  const { limit } = limitOf(entries, policies, at);
  known.delete(supplier);
  const [oldest] = known.keys();
  if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
  known.set(supplier, { of, limit, untilMs: Date.parse(at) + knownForMs });
  return limit;
}

/** How a supplier's limit at an instant came about, and whether the entries on record explain themselves. */
export async function explainCredit(store: Store, supplier: string, at: string): Promise<ReturnType<typeof replay>> {
  return replay(await entriesOf(store, supplier), await policiesOf(store, 'ta-limit'), at);
}

async function saveStanding(
  store: Store,
  supplier: string,
  explanation: LimitExplanation,
  rewards: Pick<Standing, 'rewards'>,
  session: ClientSession,
): Promise<Omit<Standing, 'openCover'>> {
  const { limit, grade, policyVersion: policy, at: asOf } = explanation;
  const standing = { supplier, limit, grade, policy, asOf };
  await store.collections.standings.updateOne(
    { _id: supplier },
    { $set: { ...standing, ...rewards }, $setOnInsert: { openCover: 0 } },
    { session, upsert: true },
  );
  return standing;
}

/** The credit entries of a supplier, oldest first. They can be many: the database has checked their form, nobody does again. */
export async function entriesOf(store: Store, supplier: string, session?: ClientSession): Promise<CreditEntry[]> {
  const docs = await store.collections.credit
    .find({ supplier }, session ? { session } : {})
    .sort({ at: 1, _id: 1 })
    .toArray();
  return docs.map((doc) => valueOf(doc) as CreditEntry);
}
