/** What callers read: orders, their journals and postings, and whether the projection equals the journal. */
import { isDeepStrictEqual } from 'node:util';
import type { ClientSession } from 'mongoose';
import type { JournalEntry } from '../domain/events';
import { journalEntry } from '../domain/events';
import type { Transfer } from '../domain/ledger';
import type { Member, User } from '../domain/member';
import { fold } from '../domain/evolve';
import type { Order, OrderStatus } from '../domain/order';
import { viewOf, type OrderView } from '../domain/view';
import { coverEstimate } from './credit';
import { documentOfOrder, orderIn } from './order-docs';
import { opened, sealContracts } from './personal';
import { valueOf, type Doc, type Store } from './store';

/** The order, as its projection has it. */
export async function findOrder(store: Store, id: string, session?: ClientSession): Promise<Order | undefined> {
  const doc = await store.collections.orders.findOne({ _id: id }, session ? { session } : {});
  return doc ? opened(store, orderIn(doc)) : undefined;
}

/** The order as people see it, with the cover that it could have today while the sides may still confirm it (R2). */
export async function viewOrder(store: Store, id: string, at: string): Promise<OrderView | undefined> {
  const order = await findOrder(store, id);
  if (!order) return undefined;
  const view = viewOf(order);
  if (order.confirmedAt || order.endedAt || view.total?.currency !== 'USD') return view;
  return { ...view, coverEstimate: await coverEstimate(store, order.supplier, view.total, at) };
}

/** A member, as the marketplace has it. @public */
export async function findMember(store: Store, id: string, session?: ClientSession): Promise<Member | undefined> {
  const doc = await store.collections.members.findOne({ _id: id }, session ? { session } : {});
  return doc ? opened(store, valueOf(doc)) : undefined;
}

/** Which users a member has, and whether they are active; none of a member that is not on record. */
export async function usersOf(store: Store, member: string): Promise<Pick<User, 'id' | 'active'>[]> {
  const projection = { 'users.id': 1, 'users.active': 1 } as const;
  const doc = await store.collections.members.findOne({ _id: member }, { projection });
  return doc?.users ?? [];
}

export interface OrderFilter {
  status?: OrderStatus;
  supplier?: string;
  buyer?: string;
  /** At most so many, newest change first (default 50, at most 500). */
  limit?: number;
}

export async function listOrders(store: Store, { limit = 50, ...filter }: OrderFilter): Promise<Order[]> {
  const docs = await store.collections.orders
    .find(filter, { ignoreUndefined: true })
    .sort({ updatedAt: -1 })
    .limit(Math.min(limit, 500))
    .toArray();
  return opened(store, docs.map(orderIn));
}

/** Ids of a supplier's orders that await its activation (R55), by id, after that one. */
export async function ordersAwaitingActivation(
  store: Store,
  supplier: string,
  limit: number,
  after = '',
): Promise<string[]> {
  const found = store.collections.orders.find(
    { supplier, status: 'awaiting-activation', _id: { $gt: after } },
    { projection: { _id: 1 } },
  );
  return (await found.sort({ _id: 1 }).limit(limit).toArray()).map(({ _id }) => _id);
}

/** The journal of an order, oldest first. */
export async function journalOf(store: Store, order: string, session?: ClientSession): Promise<JournalEntry[]> {
  const rows = await store.collections.journal
    .find({ order }, session ? { session } : {})
    .sort({ version: 1 })
    .toArray();
  return (await opened(store, rows)).map(entryOf);
}

/** One entry of an order's journal, with the order as it stands now. */
export async function journalEntryOf(
  store: Store,
  order: string,
  version: number,
): Promise<{ entry: JournalEntry; order: Order } | undefined> {
  const [row, now] = await Promise.all([
    store.collections.journal.findOne({ order, version }, { projection: { _id: 0, key: 0, hash: 0 } }),
    findOrder(store, order),
  ]);
  return row && now ? { entry: journalEntry.parse(await opened(store, row)), order: now } : undefined;
}

/** The journal of an order after a version, oldest first, at most `limit` entries. @public */
export async function journalPage(store: Store, order: string, after: number, limit: number): Promise<JournalEntry[]> {
  const rows = await store.collections.journal
    .find({ order, version: { $gt: after } })
    .sort({ version: 1 })
    .limit(limit)
    .toArray();
  return (await opened(store, rows)).map(entryOf);
}

/** The entry of the message with this key (sender and id), if it is on record. @public */
export async function journalEntryOfKey(store: Store, order: string, key: string): Promise<JournalEntry | undefined> {
  const row = await store.collections.journal.findOne({ order, key });
  return row ? entryOf(await opened(store, row)) : undefined;
}

const entryOf = ({ _id, key: _key, hash: _hash, ...row }: Doc<'journal'>): JournalEntry => journalEntry.parse(row);

/** The postings of an order, oldest first; what its supplier did with the money later, too. */
export async function transfersOfOrder(store: Store, order: string): Promise<Transfer[]> {
  const docs = await store.collections.ledger.find({ order }).sort({ at: 1, version: 1, _id: 1 }).toArray();
  return docs.map(valueOf);
}

export interface RebuildReport {
  orders: number;
  /** Orders whose projection was not what their journal amounts to. */
  differing: string[];
}

/** Makes every projection again from its journal (or, with `check`, only compares). */
export async function rebuild(store: Store, { check = false } = {}): Promise<RebuildReport> {
  const differing: string[] = [];
  let orders = 0;
  for await (const { _id: id } of store.collections.journal.aggregate<{ _id: string }>([
    { $group: { _id: '$order' } },
  ])) {
    orders += 1;
    const rebuilt = await store.transaction(async (session) => {
      const order = fold(await journalOf(store, id, session));
      const before = await store.collections.orders.findOne({ _id: id }, { session });
      const doc = order && documentOfOrder(order);
      return { doc, same: isDeepStrictEqual(plain(doc), plain((await opened(store, before)) ?? undefined)) };
    });
    const { doc } = rebuilt;
    if (rebuilt.same || !doc) continue;
    differing.push(id);
    if (!check) {
      const kept = await sealContracts(store, doc, doc);
      // An order that has moved on in the meantime has its projection from that.
      await store.collections.orders.replaceOne({ _id: id, version: { $lte: doc.version } }, kept, { upsert: false });
      await store.collections.orders.updateOne({ _id: id }, { $setOnInsert: kept }, { upsert: true });
    }
  }
  return { orders, differing: differing.sort() };
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
