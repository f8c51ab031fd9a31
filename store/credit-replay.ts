/** Whether what is on record of a supplier's credit explains itself: entries, points, and the standing that follows (R1, R36). */
import { limitOf } from '../domain/credit';
import type { PointsDifference } from '../domain/points';
import { entriesOf, explainCredit } from './credit';
import { policiesOf } from './policies';
import { pointsDifferences, pointsOf } from './rewards';
import type { Store } from './store';

/** A number on the supplier's standing that is not what the entries give. */
export interface StandingDifference {
  what: 'limit' | 'grade' | 'points';
  recorded: number;
  recomputed: number;
}

export interface CreditReplay extends Awaited<ReturnType<typeof explainCredit>> {
  /** How many entries were rated again, and how many orders earned points. */
  entries: number;
  awarded: number;
  points: PointsDifference[];
  standing: StandingDifference[];
}

/** Recomputes everything of a supplier's credit from its entries. Three empty lists of differences: the record is sound. */
export async function replayCredit(store: Store, supplier: string, at: string): Promise<CreditReplay> {
  const explained = await explainCredit(store, supplier, at);
  const entries = await entriesOf(store, supplier);
  const booked = entries.filter((entry) => Date.parse(entry.at) <= Date.parse(at));
  return {
    ...explained,
    entries: booked.length,
    awarded: booked.filter(({ event }) => event === 'order.completed').length,
    points: await pointsDifferences(store, supplier, entries, at),
    standing: await standingDifferences(store, supplier),
  };
}

/** The standing as of the day that it is of, beside what the entries give for that day. */
async function standingDifferences(store: Store, supplier: string): Promise<StandingDifference[]> {
  const standing = await store.collections.standings.findOne({ _id: supplier });
  if (!standing) return [];
  const policies = await policiesOf(store, 'ta-limit');
  const { limit, grade } = limitOf(await entriesOf(store, supplier), policies, standing.asOf);
  const points = (await pointsOf(store, supplier)).reduce((sum, entry) => sum + entry.points, 0);
  const all: StandingDifference[] = [
    { what: 'limit', recorded: standing.limit.amount, recomputed: limit.amount },
    { what: 'grade', recorded: standing.grade, recomputed: grade },
    { what: 'points', recorded: standing.rewards?.points ?? points, recomputed: points },
  ];
  return all.filter(({ recorded, recomputed }) => recorded !== recomputed);
}
