/** What completed orders earn beside the limit: points on record, labels and ranking factor as of now (R3, R36, R38, R39). */
import type { ClientSession } from 'mongoose';
import type { CreditEntry, LimitExplanation } from '../domain/credit';
import { labelsOf, type Label } from '../domain/labels';
import {
  award,
  balanceOf,
  earning,
  pointsEntry,
  replayPoints,
  type PointsDifference,
  type PointsEntry,
} from '../domain/points';
import { policyInForce } from '../domain/policy';
import { rankingOf } from '../domain/ranking';
import type { Standing } from './collections';
import { policiesIn, policiesOf } from './policies';
import { documentOf, valueOf, type Doc, type Store } from './store';

export interface Rewards {
  points: number;
  labels: Label[];
  /** Per mille. */
  ranking: number;
}

/** Books the points of completed orders, in the transaction that books the orders themselves (R36). */
export async function bookPoints(
  store: Store,
  added: readonly CreditEntry[],
  all: readonly CreditEntry[],
  rules: readonly Doc<'policies'>[],
  session: ClientSession,
): Promise<void> {
  const completed = earning(added, all);
  if (completed.length === 0) return;
  const policies = policiesIn(rules, 'points');
  const docs = completed.map((entry) => documentOf('points', award(entry, all, policies)));
  await store.collections.points.insertMany(docs, { session });
}

/** The points of a supplier, oldest first. */
export async function pointsOf(store: Store, supplier: string, session?: ClientSession): Promise<PointsEntry[]> {
  const found = store.collections.points.find({ supplier }, session ? { session } : {});
  return (await found.sort({ at: 1 }).toArray()).map((doc) => pointsEntry.parse(valueOf(doc)));
}

/**
 * Points until the instant of the explanation; labels and factor as they follow from it and from the member's state today.
 * `rules` are the policies, where they are known.
 */
export async function rewardsOf(
  store: Store,
  supplier: string,
  explanation: LimitExplanation,
  { rules, session }: { rules?: readonly Doc<'policies'>[]; session?: ClientSession } = {},
): Promise<Rewards> {
  const { at } = explanation;
  const options = session ? { session } : {};
  const member = await store.collections.members.findOne({ _id: supplier }, options);
  const state = member?.tradeAssurance ?? 'none';
  const points = (await pointsOf(store, supplier, session)).filter(until(at));
  const policies =
    rules ?? (await store.collections.policies.find({ _id: /^(?:labels|ranking)\// }, options).toArray());
  return {
    points: balanceOf(points),
    labels: labelsOf(explanation, state, policyInForce(policiesIn(policies, 'labels'), at)),
    ranking: rankingOf(explanation, state, policyInForce(policiesIn(policies, 'ranking'), at)),
  };
}

/** Points on record until an instant that are not what the credit entries give. */
export async function pointsDifferences(
  store: Store,
  supplier: string,
  entries: readonly CreditEntry[],
  at: string,
): Promise<PointsDifference[]> {
  const recorded = await pointsOf(store, supplier);
  const policies = await policiesOf(store, 'points');
  return replayPoints(recorded.filter(until(at)), entries.filter(until(at)), policies);
}

const until =
  (at: string) =>
  (entry: { at: string }): boolean =>
    Date.parse(entry.at) <= Date.parse(at);

/** A supplier's standing as it was worked out last, if it has one. */
export async function standingOf(store: Store, supplier: string): Promise<Standing | undefined> {
  const found = await store.collections.standings.findOne({ _id: supplier });
  return found ? valueOf(found) : undefined;
}
