/**
 * Loads the seeds: policies, members, products, and past orders as credit entries. Every file is checked against its form
 * before anything is written; loading again changes nothing and never overwrites what has happened since.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { creditFact } from '../domain/credit';
import { member, product, type Member } from '../domain/member';
import { messages } from '../domain/messages';
import { problemsOf } from '../domain/parse';
import { registeredPayee } from '../domain/payee';
import { isRefusal } from '../domain/refusal';
import { collections, type CollectionName, type Stored } from '../store/collections';
import { bookFacts } from '../store/credit';
import { sealedPeople } from '../store/erasure';
import { documentOf, valueOf, type Doc, type Store } from '../store/store';

/** The folder of the JSON files: beside this source, or beside `dist/` when compiled. */
export const folder = __filename.endsWith('.ts') ? __dirname : join(dirname(__dirname), '..', 'seeds');

/** Reads one file of seeds. Throws with the file's name, the place and what is wrong. */
export function readSeed<Form extends z.ZodType>(file: string, form: Form): z.infer<Form> {
  const path = join(folder, file);
  const parsed = form.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`seeds/${file}: ${problemsOf(parsed.error)}`);
  return parsed.data;
}

/** All seeds, checked. */
export function readSeeds() {
  const policyFiles = readdirSync(join(folder, 'policies'));
  return {
    policies: policyFiles.map((file) => readSeed(join('policies', file), collections.policies.form)),
    members: readSeed('members.json', z.array(member)),
    products: readSeed('products.json', z.array(product)),
    payees: readSeed('payees.json', z.array(registeredPayee)),
    pastOrders: readSeed('past-orders.json', z.array(creditFact)),
  };
}

/** The draft of a seeded order. */
export const readDraft = (file: string) => readSeed(join('orders', file), messages.draft.data);

/** Loads the policies alone: what an empty production database needs. Returns how many were new. */
export async function loadPolicies(store: Store): Promise<number> {
  const { policies } = readSeeds();
  for (const one of policies) await unchanged(store, one);
  return insertMissing(store, 'policies', policies);
}

/** Loads all seeds into the database. Returns how many documents were new. */
export async function loadSeeds(store: Store): Promise<number> {
  const { members, products, payees, pastOrders } = readSeeds();
  return (
    (await loadPolicies(store)) +
    (await insertMissing(store, 'members', await sealedMembers(store, members))) +
    (await insertMissing(store, 'products', products)) +
    (await insertMissing(store, 'payees', payees)) +
    (await bookFacts(store, pastOrders))
  );
}

/** Members whose people are sealed; those that are there already, maybe erased since, are left out. */
async function sealedMembers(store: Store, members: readonly Member[]): Promise<Member[]> {
  const there = await store.collections.members.find({}, { projection: { _id: 1 } }).toArray();
  const known = new Set(there.map(({ _id }) => _id));
  const missing = members.filter(({ id }) => !known.has(id));
  return Promise.all(
    missing.map(async (one) => {
      const people = await sealedPeople(store, one);
      return isRefusal(people) ? one : { ...one, ...people };
    }),
  );
}

/** A policy that has been in force never changes under its id (R56). */
async function unchanged(store: Store, policy: Stored<'policies'>): Promise<void> {
  const stored = await store.collections.policies.findOne({ _id: policy.id });
  if (stored && !isDeepStrictEqual(valueOf(stored), policy)) {
    throw new Error(`Policy ${policy.id} differs from the one in the database. Give the changed policy a new version.`);
  }
}

async function insertMissing<Name extends CollectionName>(
  store: Store,
  name: Name,
  values: Stored<Name>[],
): Promise<number> {
  if (values.length === 0) return 0;
  const docs = values.map((value) => documentOf(name, value)) as unknown as Doc<'members'>[]; // one kind will do: only `_id` is looked at
  const { upsertedCount } = await store.collections[name as 'members'].bulkWrite(
    docs.map(({ _id, ...rest }) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true } })),
  );
  return upsertedCount;
}
