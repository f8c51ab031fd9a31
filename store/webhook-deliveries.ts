/**
 * Deliveries: what waits for each subscription, one lane for each of its orders. A relay takes a lane for a while, tells what
 * is next in it, and settles that; of a relay that died the lane is due again once its time is over.
 */
import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { attemptsKept, laneOf, type Attempt, type Delivery, type Subscription } from '../domain/webhooks';
import type { WebhookLane } from './collections';
import { documentOf, valueOf, type Store } from './store';

export interface ClaimedLane extends WebhookLane {
  lease: string;
}

/** A version of an order that a subscription is to be told of. */
export type Queued = Pick<Delivery, 'subscription' | 'version' | 'at' | 'topics'> & { order: string };

/** Not tried yet. */
const fresh = (at: string): Pick<Delivery, 'state' | 'attempts' | 'log' | 'queuedAt'> => ({
  state: 'pending',
  attempts: 0,
  log: [],
  queuedAt: at,
});

/** Puts versions into their lanes; one that is there already stays as it is. Lanes that exist keep their time. */
export async function enqueue(
  store: Store,
  added: readonly Queued[],
  at: string,
  session: ClientSession,
): Promise<void> {
  if (added.length === 0) return;
  const docs = added.map((one) =>
    documentOf('webhookDeliveries', {
      ...one,
      lane: laneOf(one.subscription, one.order),
      ...fresh(at),
    }),
  );
  await store.collections.webhookDeliveries.bulkWrite(
    docs.map(({ _id, ...doc }) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: doc }, upsert: true } })),
    { session },
  );
  await openLanes(store, docs, at, session);
}

async function openLanes(
  store: Store,
  of: readonly Pick<Delivery, 'lane' | 'subscription'>[],
  at: string,
  session: ClientSession,
): Promise<void> {
  const lanes = new Map(of.map(({ lane, subscription }) => [lane, subscription]));
  await store.collections.webhookLanes.bulkWrite(
    [...lanes].map(([lane, subscription]) => ({
      updateOne: {
        filter: { _id: lane },
        update: { $setOnInsert: { lane, subscription, dueAt: at }, $inc: { queued: 1 } },
        upsert: true,
      },
    })),
    { session },
  );
}

/** As `enqueue`, and what was queued before `at` is told again, whatever became of it; lanes that wait to be tried again are due. */
export async function enqueueAgain(
  store: Store,
  added: readonly Queued[],
  at: string,
  session: ClientSession,
): Promise<void> {
  if (added.length === 0) return;
  await store.collections.webhookDeliveries.bulkWrite(
    added.map(({ subscription, order, version, topics }) => ({
      updateOne: {
        filter: { _id: `${laneOf(subscription, order)}:${String(version)}`, queuedAt: { $lt: at } },
        update: { $set: { ...fresh(at), topics }, $unset: { settledAt: '' } },
      },
    })),
    { session },
  );
  await enqueue(store, added, at, session);
  const lanes = [...new Set(added.map(({ subscription, order }) => laneOf(subscription, order)))];
  await store.collections.webhookLanes.updateMany(
    { _id: { $in: lanes }, lease: { $exists: false }, dueAt: { $gt: at } },
    { $set: { dueAt: at } },
    { session },
  );
}

/** Queues a call that tells of no order; it is in a lane of its own. */
export async function enqueueTest(store: Store, subscription: string, at: string): Promise<Delivery> {
  const [version, lane] = [Date.parse(at), `${subscription}::${randomUUID()}`];
  const doc = documentOf('webhookDeliveries', { subscription, lane, version, at, topics: [], ...fresh(at) });
  await store.transaction(async (session) => {
    await store.collections.webhookDeliveries.insertOne(doc, { session });
    await openLanes(store, [doc], at, session);
  });
  return valueOf(doc);
}

/** Takes a lane that is due, for `leaseMs`; none of the subscriptions that are busy. */
export async function claimLane(
  store: Store,
  { at, leaseMs, busy }: { at: string; leaseMs: number; busy: readonly string[] },
): Promise<ClaimedLane | undefined> {
  const lease = randomUUID();
  const doc = await store.collections.webhookLanes.findOneAndUpdate(
    { dueAt: { $lte: at }, subscription: { $nin: busy } },
    { $set: { lease, dueAt: plus(at, leaseMs) } },
    { sort: { dueAt: 1 }, returnDocument: 'after' },
  );
  return doc ? { ...valueOf(doc), lease } : undefined;
}

/** What is to be told next in a lane. */
export async function nextIn(store: Store, lane: string): Promise<Delivery | undefined> {
  const doc = await store.collections.webhookDeliveries.findOne({ lane, state: 'pending' }, { sort: { version: 1 } });
  return doc ? valueOf(doc) : undefined;
}

/** What an attempt came to; a failed one says when it is made again, unless it is the last. */
export type Outcome =
  { state: 'delivered' | 'parked'; attempt: Attempt } | { state: 'pending'; attempt: Attempt; againAt: string };

/**
 * Settles a delivery, and says what becomes of its lane: `more` waits in it, and it is held for `leaseMs` from `at`;
 * `left` it is, or `lost` to another relay, which then tells the same again.
 */
export async function settle(
  store: Store,
  { lane, lease }: ClaimedLane,
  delivery: Delivery,
  outcome: Outcome,
  { at, leaseMs }: { at: string; leaseMs: number },
): Promise<'more' | 'left' | 'lost'> {
  const ours = { _id: lane, lease };
  const { webhookDeliveries: deliveries, webhookLanes: lanes } = store.collections;
  return store.transaction(async (session) => {
    if (!(await lanes.findOne(ours, { session }))) return 'lost';
    await deliveries.updateOne(
      // Asked to be told again in the meantime, it is.
      { _id: `${lane}:${String(delivery.version)}`, queuedAt: delivery.queuedAt },
      {
        $set: { state: outcome.state, ...(outcome.state !== 'pending' && { settledAt: at }) },
        $inc: { attempts: 1 },
        $push: { log: { $each: [outcome.attempt], $slice: -attemptsKept } },
      },
      { session },
    );
    if (outcome.state === 'pending') {
      await lanes.updateOne(ours, { $set: { dueAt: outcome.againAt }, $unset: { lease: '' } }, { session });
      return 'left';
    }
    const more = await deliveries.findOne({ lane, state: 'pending' }, { session, projection: { _id: 1 } });
    if (more) await lanes.updateOne(ours, { $set: { dueAt: plus(at, leaseMs) } }, { session });
    else await lanes.deleteOne(ours, { session });
    return more ? 'more' : 'left';
  });
}

/** Puts a lane off, or back. */
export async function leaveLane(store: Store, { lane, lease }: ClaimedLane, dueAt: string): Promise<void> {
  await store.collections.webhookLanes.updateOne({ _id: lane, lease }, { $set: { dueAt }, $unset: { lease: '' } });
}

/** Ends a lane in which nothing waits. */
export async function closeLane(store: Store, { lane, lease }: ClaimedLane): Promise<void> {
  await store.transaction(async (session) => {
    const { webhookDeliveries: deliveries, webhookLanes: lanes } = store.collections;
    const more = await deliveries.findOne({ lane, state: 'pending' }, { session, projection: { _id: 1 } });
    if (!more) await lanes.deleteOne({ _id: lane, lease }, { session });
  });
}

/** Ends a lane whose subscription is gone, with what waits in it. */
export async function dropLane(store: Store, { lane, lease }: ClaimedLane): Promise<void> {
  await store.collections.webhookDeliveries.deleteMany({ lane });
  await store.collections.webhookLanes.deleteOne({ _id: lane, lease });
}

export interface DeliveryFilter {
  state?: Delivery['state'] | undefined;
  order?: string | undefined;
  /** At most so many, newest first (default 50, at most 500). */
  limit?: number | undefined;
}

/** The log of a subscription. */
export async function listDeliveries(
  store: Store,
  subscription: Subscription['id'],
  { state, order, limit = 50 }: DeliveryFilter = {},
): Promise<Delivery[]> {
  const docs = await store.collections.webhookDeliveries
    .find({ subscription, state, order } as never, { ignoreUndefined: true })
    .sort({ queuedAt: -1, version: -1 })
    .limit(Math.min(limit, 500))
    .toArray();
  return docs.map(valueOf);
}

/** Forgets what was settled before `until`. */
export async function forgetDeliveries(store: Store, until: string): Promise<number> {
  return (await store.collections.webhookDeliveries.deleteMany({ settledAt: { $lt: until } })).deletedCount;
}

const plus = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
