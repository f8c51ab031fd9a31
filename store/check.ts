/**
 * Whether the books hold together, over all orders: what must be true after any crash (`order-check.ts` of one order; here
 * inbox, ledger and cover beside). Reads along indexes a few hundred orders at a time, so that memory does not grow with them.
 */
import type { ClientSession } from 'mongoose';
import { mayBeNegative } from '../domain/ledger';
import { keyOf } from '../domain/messages';
import { checkDebts } from './debt-check';
import { balanceDifferences, trialBalance } from './ledger';
import type { JournalRow } from './collections';
import { documentOfOrder, orderIn } from './order-docs';
import { opened } from './personal';
import { violationsOf, type OrderRecords, type Violation } from './order-check';
import { valueOf, type Store } from './store';

/** What was looked at: how many of each, and what of the inbox stands where. */
export interface Looked {
  orders: number;
  entries: number;
  deliveries: number;
  /** Rows of the inbox by what became of them. */
  inbox: Record<string, number>;
  balances: number;
  suppliers: number;
}

/** Told of each violation as it is found. */
export type OnViolation = (violation: Violation) => void;

const atOnce = 200;

/**
 * Checks the books while work may go on: what looks wrong is read again, as of one moment, before it counts.
 * @throws what MongoDB throws
 */
export async function checkBooks(store: Store, onViolation: OnViolation): Promise<Looked> {
  const cover = new Map<string, Cover>();
  const { orders, entries } = await checkOrders(store, cover, onViolation);
  const { deliveries, inbox } = await checkInbox(store, onViolation);
  const balances = await checkLedger(store, onViolation);
  await checkDebts(store, onViolation);
  await checkCover(store, cover, onViolation);
  return { orders, entries, deliveries, inbox, balances, suppliers: cover.size };
}

// --- orders

interface Cover {
  open: number;
  /** The highest limit that cover was reserved within. */
  limit: number;
}

async function checkOrders(store: Store, cover: Map<string, Cover>, onViolation: OnViolation) {
  const looked = { orders: 0, entries: 0 };
  for await (const ids of batches(orderIds(store), atOnce)) {
    for (const records of await recordsOf(store, ids)) {
      looked.orders += 1;
      looked.entries += records.journal.length;
      addCover(cover, records);
      if (wrongWith(records).length === 0) continue;
      for (const violation of await secondLook(store, records.order)) onViolation(violation);
    }
  }
  return looked;
}

const wrongWith = (records: Records): Violation[] => {
  const { order: subject, indexed } = records;
  return [
    ...violationsOf(records),
    ...(indexed ? [] : [{ check: 'projection', subject, says: 'cannot be found by what it holds' } as const]),
  ];
};

/** What is written meanwhile shows in part to reads one after another; not to those of one transaction. */
async function secondLook(store: Store, order: string): Promise<Violation[]> {
  const [records] = await store.transaction((session) => recordsOf(store, [order], session));
  return records ? wrongWith(records) : [];
}

/** The ids of all orders, once each and in order: of those with a journal, and of those with a projection. */
async function* orderIds({ collections: { journal, orders } }: Store): AsyncGenerator<string> {
  const begun = journal.aggregate<{ _id: string }>([
    { $sort: { order: 1, version: 1 } },
    { $group: { _id: '$order', first: { $first: '$version' } } }, // so that the index is skipped through
    { $sort: { _id: 1 } },
  ]);
  const kept = orders.find({}, { projection: { _id: 1 } }).sort({ _id: 1 });
  const [journals, projections] = [begun[Symbol.asyncIterator](), kept[Symbol.asyncIterator]()];
  let [left, right] = [await journals.next(), await projections.next()];
  while (!left.done || !right.done) {
    const [a, b] = [left.done ? undefined : left.value._id, right.done ? undefined : right.value._id];
    const next = a === undefined || (b !== undefined && b < a) ? b : a;
    if (next !== undefined) yield next;
    if (a === next) left = await journals.next();
    if (b === next) right = await projections.next();
  }
}

interface Records extends OrderRecords {
  /** What it is found by is up to date. */
  indexed: boolean;
}

async function recordsOf(store: Store, ids: readonly string[], session?: ClientSession): Promise<Records[]> {
  const { journal, orders, ledger, outbox, bankEntries } = store.collections;
  const options = session ? { session } : {};
  const of = { order: { $in: [...ids] } };
  // One after another: a transaction knows no parallel reads.
  const rows = await opened(store, await journal.find(of, options).sort({ order: 1, version: 1 }).toArray());
  const docs = await opened(store, await orders.find({ _id: { $in: [...ids] } }, options).toArray());
  const transfers = await ledger.find(of, options).toArray();
  const told = await outbox.find(of, { ...options, projection: { order: 1, version: 1 } }).toArray();
  const entries = await bankEntries.find(of, options).toArray();
  const [byRow, byTransfer, byTold] = [groupBy(rows), groupBy(transfers.map(valueOf)), groupBy(told)];
  const byEntry = groupBy(entries.flatMap(({ order, ...one }) => (order === undefined ? [] : [{ ...one, order }])));
  const byDoc = new Map(docs.map((doc) => [doc._id, doc]));
  return ids.map((order) => {
    const doc = byDoc.get(order);
    const projection = doc && orderIn(doc);
    const index = projection && JSON.stringify(documentOfOrder(projection).index);
    return {
      order,
      journal: (byRow.get(order) ?? []).map(entryOf),
      projection,
      transfers: byTransfer.get(order) ?? [],
      told: (byTold.get(order) ?? []).map(({ version }) => version),
      entries: byEntry.get(order) ?? [],
      indexed: index === JSON.stringify(doc?.index),
    };
  });
}

const entryOf = ({ order, version, at, message, messageId, actor, events }: JournalRow) => ({
  ...{ order, version, at, message, messageId, actor, events },
});

function groupBy<One extends { order?: string | undefined }>(list: readonly One[]): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of list) {
    const group = groups.get(one.order ?? '');
    if (group) group.push(one);
    else groups.set(one.order ?? '', [one]);
  }
  return groups;
}

async function* batches<One>(list: AsyncIterable<One>, size: number): AsyncGenerator<One[]> {
  let batch: One[] = [];
  for await (const one of list) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

// --- cover (R2)

function addCover(cover: Map<string, Cover>, { journal, projection }: OrderRecords): void {
  const supplier = projection?.supplier;
  if (supplier === undefined) return;
  const sum = cover.get(supplier) ?? { open: 0, limit: 0 };
  for (const event of journal.flatMap(({ events }) => events)) {
    if (event.type === 'coverReserved') {
      sum.open += event.amount.amount;
      sum.limit = Math.max(sum.limit, event.limit.amount);
    }
    if (event.type === 'coverReleased') sum.open -= event.amount.amount;
  }
  cover.set(supplier, sum);
}

/**
 * The open cover that is kept is what the orders say; and it is within the highest limit of any reservation: each keeps the
 * sum within the limit of its moment, or does not raise it. Of a supplier whose orders went on meanwhile nothing is said.
 */
async function checkCover(store: Store, cover: ReadonlyMap<string, Cover>, onViolation: OnViolation): Promise<void> {
  for (const [supplier, { open, limit }] of cover) {
    const kept = (await store.collections.standings.findOne({ _id: supplier }))?.openCover ?? 0;
    if (kept === open && open <= limit) continue;
    const now = await coverNow(store, supplier);
    const wrong = (says: string) => onViolation({ check: 'cover', subject: supplier, says });
    if (now.kept !== now.open)
      wrong(`${String(now.kept)} is kept as open cover, its orders have ${String(now.open)} (USD, minor units)`);
    if (open > limit)
      wrong(`${String(open)} is covered, the highest limit of a reservation was ${String(limit)} (USD, minor units)`);
  }
}

/** What is kept, and what the supplier's orders say, as of one moment. */
const coverNow = (store: Store, supplier: string): Promise<{ kept: number; open: number }> =>
  store.transaction(async (session) => {
    const [sum] = await store.collections.orders
      .aggregate<{ open: number }>(
        [{ $match: { supplier } }, { $group: { _id: null, open: { $sum: '$cover.reserved.amount' } } }],
        { session },
      )
      .toArray();
    const standing = await store.collections.standings.findOne({ _id: supplier }, { session });
    return { kept: standing?.openCover ?? 0, open: sum?.open ?? 0 };
  });

// --- ledger

async function checkLedger(store: Store, onViolation: OnViolation): Promise<number> {
  const wrong = (subject: string, says: string) => onViolation({ check: 'ledger', subject, says });
  const trial = await trialBalance(store);
  for (const { currency, sum } of trial) if (sum !== 0) wrong(currency, `the balances sum to ${String(sum)}`);
  for (const { account: name, currency, balance, transfers } of await balanceDifferences(store))
    wrong(`${name} ${currency}`, `stands at ${String(balance)}, its transfers sum to ${String(transfers)}`);
  for await (const { _id, account: name, balance } of store.collections.balances.find({ balance: { $lt: 0 } }))
    if (!mayBeNegative.test(name)) wrong(_id, `is below zero: ${String(balance)}`);
  return trial.reduce((sum, { accounts }) => sum + accounts, 0);
}

// --- inbox

async function checkInbox(store: Store, onViolation: OnViolation) {
  const { inbox, inboxRows } = store.collections;
  const wrong = (subject: string, says: string) => onViolation({ check: 'inbox', subject, says });
  let deliveries = 0;
  const all = inbox.find({}, { projection: { state: 1, rows: 1 } }).sort({ _id: 1 });
  for await (const batch of batches(all, atOnce)) {
    deliveries += batch.length;
    const counted = await inboxRows
      .aggregate<{ _id: string; rows: number; file: number }>([
        { $match: { delivery: { $in: batch.map(({ _id }) => _id) } } },
        {
          $group: {
            _id: '$delivery',
            rows: { $sum: { $cond: [{ $gte: ['$index', 0] }, 1, 0] } },
            file: { $sum: { $cond: [{ $gte: ['$index', 0] }, 0, 1] } },
          },
        },
      ])
      .toArray();
    const counts = new Map(counted.map((one) => [one._id, one]));
    for (const { _id, state, rows } of batch) {
      const has = counts.get(_id) ?? { rows: 0, file: 0 };
      if (state === 'read' && has.rows !== rows)
        wrong(_id, `was read as ${String(rows)} rows, ${String(has.rows)} are there`);
      if (state === 'unreadable' && has.file !== 1) wrong(_id, 'could not be read, and no row says so');
    }
  }
  await checkRows(store, wrong);
  return { deliveries, inbox: await rowsByFate(store) };
}

/** Each routed row says what became of it; what was applied stands in the order's journal. */
async function checkRows({ collections: { inboxRows, journal } }: Store, wrong: (row: string, says: string) => void) {
  for await (const { _id } of inboxRows.find({ state: 'routed', outcome: { $exists: false } }))
    wrong(_id, 'is routed, and nothing says what became of it');
  const applied = inboxRows
    .find({ state: 'routed', outcome: 'applied', order: { $exists: true } })
    .project<{ _id: string; order: string; kind: 'bank'; member: string; message: string }>({
      ...{ order: 1, kind: 1, member: 1, message: 1 },
    });
  for await (const batch of batches(applied, atOnce)) {
    const keys = batch.map(({ kind, member, message }) => keyOf({ role: kind, member }, message));
    const found = await journal
      .find(
        { order: { $in: batch.map(({ order }) => order) }, key: { $in: keys } },
        { projection: { order: 1, key: 1 } },
      )
      .toArray();
    const there = new Set(found.map(({ order, key }) => `${order} ${key}`));
    for (const [index, { _id, order }] of batch.entries())
      if (!there.has(`${order} ${keys[index] ?? ''}`)) wrong(_id, `is applied to ${order}, whose journal has it not`);
  }
}

async function rowsByFate({ collections: { inboxRows } }: Store): Promise<Record<string, number>> {
  const counted = await inboxRows
    .aggregate<{ _id: { state: string; outcome?: string }; count: number }>([
      { $group: { _id: { state: '$state', outcome: '$outcome' }, count: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ])
    .toArray();
  const fates = counted.map(({ _id: { state, outcome }, count }) => [
    state === 'routed' ? (outcome ?? state) : state,
    count,
  ]);
  return Object.fromEntries(fates) as Record<string, number>;
}

export type { Violation };
