/** The reconciliation as stored: what of a statement is in our books, and the cases that differ. */
import { createHash } from 'node:crypto';
import { turnOf } from '../domain/inbox';
import {
  differencesOf,
  reconciliationCase,
  type Difference,
  type ReconciledEntry,
  type ReconciliationCase,
  type Statement,
} from '../domain/reconciliation';
import { isPairsAccount } from '../domain/scheme';
import { addDays } from '../domain/time';
import { documentOf, valueOf, type Store } from './store';

/** How long after its day a statement may come, in days. */
const lateDays = 14;

/** Deliveries of these profiles that may hold a statement of the day. */
export async function statementDeliveries(
  store: Store,
  profiles: readonly string[],
  date: string,
): Promise<{ id: string; profile: string }[]> {
  const from = `${date}T00:00:00.000Z`;
  const docs = await store.collections.inbox
    .find(
      {
        state: 'read',
        profile: { $in: [...profiles] },
        receivedAt: { $gte: addDays(from, -1), $lt: addDays(from, lateDays + 1) },
      },
      { projection: { profile: 1 } },
    )
    .sort({ receivedAt: 1 })
    .toArray();
  return docs.map(({ _id: id, profile }) => ({ id, profile }));
}

/** Compares a statement, and the delivery that it came in, with our books. */
export async function compareStatement(
  store: Store,
  statement: Statement,
  deliveredAs: string,
  profiles: readonly string[],
): Promise<Difference[]> {
  const { account, date } = statement;
  const rows = await store.collections.inboxRows
    .find({ delivery: deliveredAs, fact: 'paymentCredited', 'data.account': account })
    .toArray();
  const told = new Map(rows.map(({ data }) => [String(data?.entryReference), data as unknown as ReconciledEntry]));
  const booked = await store.collections.bankEntries
    .find({ account, $or: [{ valueDate: date }, { entryReference: { $in: [...told.keys()] } }] })
    .toArray();
  const onlyOurs = booked.filter(({ entryReference }) => !told.has(entryReference));
  const elsewhere = await onOtherStatements(store, account, onlyOurs, profiles);
  const ours = booked.filter(({ entryReference }) => !elsewhere.has(entryReference));
  return differencesOf(statement, [...told.values()], ours);
}

/** Which of these entries stand on a statement of another day. */
async function onOtherStatements(
  store: Store,
  account: string,
  entries: readonly ReconciledEntry[],
  profiles: readonly string[],
): Promise<Set<string>> {
  const turns = entries.map(({ entryReference }) =>
    turnOf({ fact: 'paymentReversed', data: { account, entryReference, reason: '' } }, isPairsAccount),
  );
  const references = entries.map(({ entryReference }) => entryReference);
  const rows = await store.collections.inboxRows
    .find({
      ...{ key: { $in: [...new Set(turns)] }, profile: { $in: [...profiles] }, fact: 'paymentCredited' },
      'data.entryReference': { $in: references },
    })
    .toArray();
  return new Set(rows.map(({ data }) => String(data?.entryReference)));
}

const caseId = ({ kind, account, date, entryReference }: Difference): string =>
  `case-${createHash('sha256')
    .update(JSON.stringify([kind, account, date, entryReference]))
    .digest('hex')
    .slice(0, 24)}`;

/** Keeps the cases of a day in step with what differs now: new ones are opened, those that are gone are closed. */
export async function keepCases(
  store: Store,
  date: string,
  accounts: readonly string[],
  differences: readonly Difference[],
  at: string,
): Promise<ReconciliationCase[]> {
  const ids: string[] = [];
  for (const difference of differences) {
    const id = caseId(difference);
    const { openedAt } = (await store.collections.cases.findOne({ _id: id })) ?? { openedAt: at };
    const kept = documentOf('cases', { id, ...difference, state: 'open', openedAt, updatedAt: at });
    await store.collections.cases.replaceOne({ _id: id }, kept, { upsert: true });
    ids.push(id);
  }
  await store.collections.cases.updateMany(
    { date, account: { $in: [...accounts] }, state: 'open', _id: { $nin: ids } },
    { $set: { state: 'closed', updatedAt: at } },
  );
  return listCases(store, { date });
}

export interface CaseFilter {
  date?: string;
  state?: ReconciliationCase['state'];
}

/** The cases, the newest day first (at most 1000). */
export async function listCases(store: Store, filter: CaseFilter): Promise<ReconciliationCase[]> {
  const docs = await store.collections.cases
    .find(filter, { ignoreUndefined: true })
    .sort({ date: -1, _id: 1 })
    .limit(1000)
    .toArray();
  return docs.map((doc) => reconciliationCase.parse(valueOf(doc)));
}
