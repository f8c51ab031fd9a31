/** Reads the policies: every version of one, oldest first. */
import type { ClientSession } from 'mongoose';
import type { z } from 'zod';
import { limitPolicy } from '../domain/credit';
import { enrolmentPolicy } from '../domain/enrolment-policy';
import { labelPolicy } from '../domain/labels';
import { pointsPolicy } from '../domain/points';
import { rankingPolicy } from '../domain/ranking';
import type { Stored } from './collections';
import { valueOf, type Doc, type Store } from './store';

const forms = {
  'ta-limit': limitPolicy,
  points: pointsPolicy,
  labels: labelPolicy,
  ranking: rankingPolicy,
  enrolment: enrolmentPolicy,
} as const;
type Forms = typeof forms;

/** Every version of a policy: `policiesOf(store, 'ta-limit')` has `ta-limit/v1`, … */
export async function policiesOf<Name extends keyof Forms>(
  store: Store,
  name: Name,
  session?: ClientSession,
): Promise<z.infer<Forms[Name]>[]> {
  const found = store.collections.policies.find({ _id: { $regex: `^${name}/` } }, session ? { session } : {});
  return policiesIn(await found.toArray(), name);
}

/** The same, of documents that were read already. */
export const policiesIn = <Name extends keyof Forms>(
  docs: readonly Doc<'policies'>[],
  name: Name,
): z.infer<Forms[Name]>[] =>
  docs
    .filter(({ _id }) => _id.startsWith(`${name}/`))
    .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
    .map((doc) => forms[name].parse(valueOf(doc)) as z.infer<Forms[Name]>);

/** Every version of every policy, or of those of this name, by name and date. */
export async function listPolicies(store: Store, name?: string): Promise<Stored<'policies'>[]> {
  const filter = name === undefined ? {} : { _id: { $regex: `^${name}/` } };
  const found = await store.collections.policies.find(filter).sort({ _id: 1 }).toArray();
  return found.map((doc) => valueOf(doc) as Stored<'policies'>);
}
