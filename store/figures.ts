/** How the books stand, as operators watch them: orders by status, payments due, and how much waits in each queue. */
import { feedKinds, type FeedKind } from '../domain/inbox';
import { orderStatus, type OrderStatus } from '../domain/order';
import type { CollectionName } from './collections';
import type { Store } from './store';

/** How long MongoDB may take for one figure, in milliseconds. */
const mostMs = 5000;
const dayMs = 24 * 60 * 60 * 1000;

/** A queue: what of a collection waits, and since when. `along` is the index to use where MongoDB would not find it. */
interface Queue {
  in: CollectionName;
  where: Record<string, unknown>;
  since: string;
  along?: Record<string, 1 | -1>;
}

/** Each queue with what waits in it. */
const queues = {
  /** Files that are stored and not read yet. */
  'inbox-received': { in: 'inbox', where: { state: 'received' }, since: 'receivedAt', along: { dueAt: 1 } },
  'inbox-pending': { in: 'inboxRows', where: { state: 'pending' }, since: 'receivedAt' },
  'inbox-parked': { in: 'inboxRows', where: { state: 'parked' }, since: 'receivedAt' },
  /** Waits for an operator. */
  'inbox-dead': { in: 'inboxRows', where: { state: 'dead' }, since: 'receivedAt' },
  /** What happened, and no relay has taken up yet. */
  outbox: { in: 'outbox', where: { sent: false }, since: 'at', along: { order: 1, version: 1 } },
  'webhooks-pending': {
    in: 'webhookDeliveries',
    where: { state: 'pending' },
    since: 'queuedAt',
    along: { lane: 1, version: 1 },
  },
  'mails-pending': { in: 'mails', where: { state: 'pending' }, since: 'queuedAt' },
  'mails-parked': { in: 'mails', where: { state: 'parked' }, since: 'queuedAt' },
  /** Waits for one operator's proposal, or for the other's approval. */
  suspense: { in: 'suspense', where: { state: { $in: ['open', 'proposed'] } }, since: 'at' },
  /** Waits for the bank. */
  withdrawals: { in: 'withdrawals', where: { state: { $in: ['reserved', 'with-bank'] } }, since: 'reservedAt' },
  /** Differences between the bank's statements and the books. */
  differences: { in: 'cases', where: { state: 'open' }, since: 'openedAt' },
} as const satisfies Record<string, Queue>;

export type QueueName = keyof typeof queues | 'webhooks-parked';
export const queueNames = [...(Object.keys(queues) as (keyof typeof queues)[]), 'webhooks-parked'] as const;

/** What waits in a queue, and since when the oldest of it does; ISO instant. */
export interface Waiting {
  size: number;
  oldest?: string;
}

export interface Figures {
  orders: Record<OrderStatus, number>;
  /** Orders that wait for a payment, by when it is due: before now, within a day, later. */
  paymentsDue: Record<'overdue' | 'day' | 'later', number>;
  queues: Record<QueueName, Waiting>;
  /** When something was last received from each kind of feed. */
  lastReceived: Partial<Record<FeedKind, string>>;
  /** Subscriptions of webhooks whose receiver does not take what is sent, and those that are paused. */
  subscriptions: Record<'failing' | 'paused', number>;
}

/** The figures as of `at`, an ISO instant. Each is read along an index. Throws when MongoDB does not answer in time. */
export async function figuresOf(store: Store, at: string): Promise<Figures> {
  const [orders, paymentsDue, waiting, parked, lastReceived, subscriptions] = await Promise.all([
    ordersByStatus(store),
    paymentsDueAt(store, at),
    Promise.all(Object.values<Queue>(queues).map((queue) => waitingIn(store, queue))),
    parkedWebhooks(store),
    lastReceivedOf(store),
    subscriptionsOf(store),
  ]);
  const named = Object.keys(queues).map((name, i) => [name, waiting[i]]);
  return {
    orders,
    paymentsDue,
    queues: { ...(Object.fromEntries(named) as Record<keyof typeof queues, Waiting>), 'webhooks-parked': parked },
    lastReceived,
    subscriptions,
  };
}

async function ordersByStatus({ collections: { orders } }: Store): Promise<Figures['orders']> {
  const names = orderStatus.options;
  const counted = await orders
    .aggregate<{
      _id: OrderStatus;
      count: number;
    }>([{ $match: { status: { $in: names } } }, { $group: { _id: '$status', count: { $sum: 1 } } }], {
      maxTimeMS: mostMs,
    })
    .toArray();
  const counts = new Map(counted.map(({ _id, count }) => [_id, count]));
  return Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0])) as Figures['orders'];
}

async function paymentsDueAt({ collections: { orders } }: Store, at: string): Promise<Figures['paymentsDue']> {
  const awaited = { status: 'awaiting-payment' as const };
  const tomorrow = new Date(Date.parse(at) + dayMs).toISOString();
  const count = (payBy: Record<string, string>) => orders.countDocuments({ ...awaited, payBy }, { maxTimeMS: mostMs });
  const [overdue, day, later] = await Promise.all([
    count({ $lt: at }),
    count({ $gte: at, $lt: tomorrow }),
    count({ $gte: tomorrow }),
  ]);
  return { overdue, day, later };
}

async function waitingIn({ connection }: Store, { in: name, where, since, along }: Queue): Promise<Waiting> {
  const [found] = await connection
    .collection(name)
    .aggregate<{
      size: number;
      oldest?: string;
    }>([{ $match: where }, { $group: { _id: null, size: { $sum: 1 }, oldest: { $min: `$${since}` } } }], {
      maxTimeMS: mostMs,
      ...(along && { hint: along }),
    })
    .toArray();
  return { size: found?.size ?? 0, ...(found?.oldest && { oldest: found.oldest }) };
}

/** By subscription, because that is how their index goes. */
async function parkedWebhooks(store: Store): Promise<Waiting> {
  const ids = await store.collections.subscriptions.distinct('_id');
  const where = { subscription: { $in: ids }, state: 'parked' };
  return waitingIn(store, { in: 'webhookDeliveries', where, since: 'queuedAt' });
}

async function lastReceivedOf({ collections: { inbox } }: Store): Promise<Figures['lastReceived']> {
  const found = await Promise.all(
    feedKinds.map((kind) =>
      inbox.findOne({ kind }, { sort: { receivedAt: -1 }, projection: { receivedAt: 1 }, maxTimeMS: mostMs }),
    ),
  );
  return Object.fromEntries(feedKinds.flatMap((kind, i) => (found[i] ? [[kind, found[i].receivedAt]] : [])));
}

async function subscriptionsOf({ collections: { subscriptions } }: Store): Promise<Figures['subscriptions']> {
  const count = (state: 'failing' | 'paused') => subscriptions.countDocuments({ state }, { maxTimeMS: mostMs });
  const [failing, paused] = await Promise.all([count('failing'), count('paused')]);
  return { failing, paused };
}
