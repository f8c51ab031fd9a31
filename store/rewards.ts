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
import { policiesOf } from './policies';
import { documentOf, valueOf, type Store } from './store';

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
  session: ClientSession,
): Promise<void> {
  const completed = earning(added);
  if (completed.length === 0) return;
  const policies = await policiesOf(store, 'points', session);
  const docs = completed.map((entry) => documentOf('points', award(entry, all, policies)));
  await store.collections.points.insertMany(docs, { session });
}

/** The points of a supplier, oldest first. */
export async function pointsOf(store: Store, supplier: string, session?: ClientSession): Promise<PointsEntry[]> {
  const found = store.collections.points.find({ supplier }, session ? { session } : {});
  return (await found.sort({ at: 1 }).toArray()).map((doc) => pointsEntry.parse(valueOf(doc)));
}

/** Points until the instant of the explanation; labels and factor as they follow from it and from the member's state today. */
export async function rewardsOf(
  store: Store,
  supplier: string,
  explanation: LimitExplanation,
  session?: ClientSession,
): Promise<Rewards> {
  const { at } = explanation;
  const member = await store.collections.members.findOne({ _id: supplier }, session ? { session } : {});
  const state = member?.tradeAssurance ?? 'none';
  const points = (await pointsOf(store, supplier, session)).filter(until(at));
  return {
    points: balanceOf(points),
    labels: labelsOf(explanation, state, policyInForce(await policiesOf(store, 'labels', session), at)),
    ranking: rankingOf(explanation, state, policyInForce(await policiesOf(store, 'ranking', session), at)),
  };
}

/** Keeps them on the supplier's standing, where lists of suppliers find them. */
export async function saveRewards(
  store: Store,
  supplier: string,
  explanation: LimitExplanation,
  session: ClientSession,
): Promise<void> {
  const rewards = await rewardsOf(store, supplier, explanation, session);
  await store.collections.standings.updateOne({ _id: supplier }, { $set: { rewards } }, { session });
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
