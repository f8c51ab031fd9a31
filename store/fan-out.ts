/**
 * From the outbox to everybody who is told: each row once, an order's rows in their order. Relays take orders for a while, so
 * that each works on others; should two work on one, the transaction makes them conflict.
 */
import type { ClientSession } from 'mongoose';
import { isToldOf, wanted, type Subscription } from '../domain/webhooks';
import type { Stored } from './collections';
import { enqueue, type Queued } from './webhook-deliveries';
import type { Store } from './store';

type OutboxRow = Stored<'outbox'>;

/** For so long a relay has an order for itself. */
const claimMs = 10_000;
/** Most rows of one order in one transaction. */
const mostRows = 100;

/** What a row tells people: of an order, or of something beside the orders. */
export interface Telling extends Pick<OutboxRow, 'version' | 'at' | 'notices'> {
  order?: string;
  subject?: string;
}
/** What else is queued for rows, in the same transaction. */
export type AlsoQueue = (rows: readonly Telling[], session: ClientSession) => Promise<void>;
interface Parties {
  supplier: string;
  buyer: string;
}

/**
 * An order that has something to tell, by (order, version) and never by a watermark: what is committed late is found like
 * anything else.
 */
export async function claimOutbox(store: Store, at: string): Promise<string | undefined> {
  const row = await store.collections.outbox.findOneAndUpdate(unclaimed(at), claim(at), {
    sort: { order: 1, version: 1 },
    projection: { order: 1 },
  });
  return row?.order;
}

/** Queues what an order has to tell; answers how many rows that was. */
export async function fanOut(store: Store, order: string, at: string, also?: AlsoQueue): Promise<number> {
  const { outbox, orders } = store.collections;
  return store.transaction(async (session) => {
    const rows = await outbox.find({ order, sent: false }, { session }).sort({ version: 1 }).limit(mostRows).toArray();
    if (rows.length === 0) return 0;
    const parties = await orders.findOne({ _id: order }, { session, projection: { supplier: 1, buyer: 1 } });
    if (parties) {
      const told = await subscriptionsOf(store, parties, session);
      await enqueue(store, queuedOf(told, rows), at, session);
    }
    await also?.(rows, session);
    const ids = rows.map(({ _id }) => _id);
    await outbox.updateMany({ _id: { $in: ids } }, { $set: { sent: true }, $unset: { claimedUntil: '' } }, { session });
    return rows.length;
  });
}

/** Queues what a change beside the orders has to tell; false when there is nothing. */
export async function fanOutBeside(store: Store, at: string, also: AlsoQueue): Promise<boolean> {
  const { besideNotices } = store.collections;
  const claimed = await besideNotices.findOneAndUpdate(unclaimed(at), claim(at), { sort: { at: 1 } });
  if (!claimed) return false;
  await store.transaction(async (session) => {
    const row = await besideNotices.findOne({ _id: claimed._id, sent: false }, { session });
    if (!row) return;
    await also([row], session);
    await besideNotices.updateOne(
      { _id: row._id },
      { $set: { sent: true }, $unset: { claimedUntil: '' } },
      { session },
    );
  });
  return true;
}

const unclaimed = (at: string) => ({
  sent: false,
  $or: [{ claimedUntil: { $exists: false } }, { claimedUntil: { $lte: at } }],
});
const claim = (at: string) => ({ $set: { claimedUntil: new Date(Date.parse(at) + claimMs).toISOString() } });

async function subscriptionsOf(store: Store, { supplier, buyer }: Parties, session: ClientSession) {
  const ofParties = { 'owner.member': { $in: [supplier, buyer] } };
  const ofPlatform = { 'owner.role': { $in: ['platform', 'service'] } };
  const found = await store.collections.subscriptions
    .find({ $or: [ofParties, ofPlatform] } as never, { session })
    .toArray();
  return found.filter(({ owner }) => isToldOf(owner, { supplier, buyer }));
}

/** A subscription is told of what came after it; of what was before only when asked to. */
const queuedOf = (told: readonly Subscription[], rows: readonly OutboxRow[]): Queued[] =>
  told.flatMap(({ id, events, createdAt }) =>
    rows
      .map(({ order, version, at, topics }) => ({
        subscription: id,
        order,
        version,
        at,
        topics: wanted(events, topics),
      }))
      .filter(({ at, topics }) => topics.length > 0 && at >= createdAt),
  );
