/** The suppliers' credit: their entries, the limit that follows from them, and its growth by a completed order (R1, R3). */
import type { ClientSession } from 'mongoose';
import {
  coverOf,
  creditEntry,
  limitOf,
  limitPolicy,
  rate,
  replay,
  type CreditEntry,
  type CreditFact,
  type LimitExplanation,
  type LimitPolicy,
} from '../domain/credit';
import { moneyOf, type Money } from '../domain/money';
import { chinaDate } from '../domain/time';
import type { Standing } from './collections';
import { documentOf, valueOf, type Store } from './store';

export interface Accrual {
  limitBefore: Money;
  limitAfter: Money;
  grade: number;
  policy: string;
}

/** Books a fact about a supplier and brings its limit up to date. The same fact again changes nothing. */
export function bookFact(store: Store, fact: CreditFact, now: string): Promise<Accrual> {
  return store.transaction(async (session) => {
    const policies = await limitPolicies(store, session);
    const entries = await entriesOf(store, fact.supplier, session);
    const entry = rate(entries, fact, policies);
    const isNew = !entries.includes(entry);
    if (isNew) await store.collections.credit.insertOne(documentOf('credit', entry), { session });
    const all = isNew ? [...entries, entry] : entries;
    await saveStanding(store, fact.supplier, limitOf(all, policies, entry.at > now ? entry.at : now), session);
    // What the entry did when it was booked: the same answer however often, and however late, it is asked for.
    const before = limitOf(
      all.filter((other) => other !== entry),
      policies,
      entry.at,
    );
    const after = limitOf(all, policies, entry.at);
    return { limitBefore: before.limit, limitAfter: after.limit, grade: after.grade, policy: after.policyVersion };
  });
}

/** Books many past facts, oldest first, as of the time of each; returns how many were new. */
export async function bookFacts(store: Store, facts: readonly CreditFact[]): Promise<number> {
  const policies = await limitPolicies(store);
  let booked = 0;
  for (const supplier of new Set(facts.map((fact) => fact.supplier))) {
    const theirs = facts.filter((fact) => fact.supplier === supplier);
    booked += await store.transaction(async (session) => {
      const entries = await entriesOf(store, supplier, session);
      const before = entries.length;
      for (const fact of theirs.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
        const entry = rate(entries, fact, policies);
        if (!entries.includes(entry)) entries.push(entry);
      }
      const added = entries.slice(before);
      if (added.length > 0) {
        await store.collections.credit.insertMany(
          added.map((entry) => documentOf('credit', entry)),
          { session },
        );
        await saveStanding(store, supplier, limitOf(entries, policies, entries.at(-1)?.at ?? ''), session);
      }
      return added.length;
    });
  }
  return booked;
}

/** The supplier's standing on the China date of `at`, worked out anew where it is older. */
export async function standingOn(
  store: Store,
  supplier: string,
  at: string,
  session: ClientSession,
): Promise<Standing> {
  const stored = await store.collections.standings.findOne({ _id: supplier }, { session });
  if (stored && chinaDate(stored.asOf) >= chinaDate(at)) return valueOf(stored);
  const today = limitOf(await entriesOf(store, supplier, session), await limitPolicies(store, session), at);
  return { ...(await saveStanding(store, supplier, today, session)), openCover: stored?.openCover ?? 0 };
}

/** What an order of this total would be covered for, if it were paid at `at` (R2). */
export async function coverEstimate(store: Store, supplier: string, total: Money, at: string): Promise<Money> {
  const { limit } = limitOf(await entriesOf(store, supplier), await limitPolicies(store), at);
  const standing = await store.collections.standings.findOne({ _id: supplier });
  return coverOf(total, limit, moneyOf(standing?.openCover ?? 0, limit.currency));
}

/** How a supplier's limit at an instant came about, and whether the entries on record explain themselves. */
export async function explainCredit(store: Store, supplier: string, at: string): Promise<ReturnType<typeof replay>> {
  return replay(await entriesOf(store, supplier), await limitPolicies(store), at);
}

async function saveStanding(
  store: Store,
  supplier: string,
  { limit, grade, policyVersion: policy, at: asOf }: LimitExplanation,
  session: ClientSession,
): Promise<Omit<Standing, 'openCover'>> {
  const standing = { supplier, limit, grade, policy, asOf };
  await store.collections.standings.updateOne(
    { _id: supplier },
    { $set: standing, $setOnInsert: { openCover: 0 } },
    { session, upsert: true },
  );
  return standing;
}

/** The credit entries of a supplier, oldest first. */
export async function entriesOf(store: Store, supplier: string, session?: ClientSession): Promise<CreditEntry[]> {
  const docs = await store.collections.credit
    .find({ supplier }, session ? { session } : {})
    .sort({ at: 1 })
    .toArray();
  return docs.map((doc) => creditEntry.parse(valueOf(doc)));
}

async function limitPolicies(store: Store, session?: ClientSession): Promise<LimitPolicy[]> {
  const docs = await store.collections.policies.find({ _id: /^ta-limit\// }, session ? { session } : {}).toArray();
  return docs.map((doc) => limitPolicy.parse(valueOf(doc)));
}
