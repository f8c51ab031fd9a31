/**
 * How each collection is spread over the shards of a MongoDB cluster, where one machine is too small (docs/scaling.md): its shard key,
 * or why it stays whole. An order's own rows have ranged keys that begin with the order, so that the same zones keep them together.
 */
import type { CollectionName } from './collections';

/** A collection that is spread: `1` by ranges of the key, `hashed` by its hash. */
export interface Spread {
  key: Readonly<Record<string, 1 | 'hashed'>>;
  /** Why no two shards can have the same `_id`, which MongoDB looks at within a shard only. */
  oneId: 'is the key' | 'names the key' | 'follows from the key';
  why: string;
  /** `sh.shardCollection` makes an index for the key: none of the product's own serves it. */
  makesIndex?: true;
}
export interface Whole {
  whole: string;
}

const byOrder = 'everything that a message writes and reads is of one order';

export const shardKeys: Readonly<Record<CollectionName, Spread | Whole>> = {
  orders: { key: { _id: 1 }, oneId: 'is the key', why: byOrder },
  journal: { key: { order: 1 }, oneId: 'names the key', why: `${byOrder}; both unique keys begin with it` },
  ledger: {
    key: { order: 1 },
    oneId: 'follows from the key',
    why: `${byOrder}; statements of an account ask every shard`,
  },
  outbox: {
    key: { order: 1 },
    oneId: 'names the key',
    why: `${byOrder}; relays look for unsent rows at every shard`,
    makesIndex: true,
  },
  bankEntries: {
    key: { _id: 'hashed' },
    oneId: 'is the key',
    why: 'a booking claims one entry; accounts are unlike in size',
  },
  balances: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'a posting changes single accounts' },
  inbox: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'a delivery is stored and worked off by its id' },
  inboxRows: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'a row is claimed and closed by its id' },
  webhookDeliveries: { key: { lane: 1 }, oneId: 'names the key', why: 'a lane is told in order', makesIndex: true },
  webhookLanes: { key: { _id: 1 }, oneId: 'is the key', why: 'as its deliveries' },
  mails: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'each is sent by itself' },
  files: {
    key: { _id: 'hashed' },
    oneId: 'is the key',
    why: 'each is read by itself; its bytes (fileBytes.chunks) by files_id',
  },
  credit: {
    key: { supplier: 1 },
    oneId: 'follows from the key',
    why: 'a limit is worked out from one supplier’s entries',
  },
  points: { key: { supplier: 1 }, oneId: 'follows from the key', why: 'as credit' },
  standings: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'a reservation changes one supplier’s' },
  members: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'read by id' },
  memberKeys: { key: { _id: 'hashed' }, oneId: 'is the key', why: 'read by id' },
  memberRecords: { whole: 'small: a few rows a member in all its time' },
  virtualAccounts: { whole: 'unique by pair and by account: no key begins both' },
  besideNotices: { whole: 'small beside the outbox' },
  suspense: { whole: 'small: what could not be matched' },
  cases: { whole: 'small: what a day’s reconciliation found' },
  withdrawals: { whole: 'small: a few rows a supplier and week' },
  settlements: { whole: 'small: as withdrawals' },
  payees: { whole: 'small: a few rows a supplier' },
  enrolments: { whole: 'small: one row a supplier' },
  enrolmentJournal: { whole: 'small: some rows a supplier' },
  subscriptions: { whole: 'small, and read whole' },
  feedSources: { whole: 'a handful' },
  products: { whole: 'master data' },
  policies: { whole: 'a handful, read whole' },
  sessions: { whole: 'gone after half a day' },
};

/** Whether a collection is spread over shards. */
export const isSpread = (how: Spread | Whole): how is Spread => 'key' in how;
