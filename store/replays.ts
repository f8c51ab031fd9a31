/** Telling a subscription again, from a version of one order or from an instant on; the latter a few orders at a time. */
import { refuse, type Refusal } from '../domain/refusal';
import { isToldOf, wanted, type ReplayPoint, type Subscription } from '../domain/webhooks';
import { enqueueAgain } from './webhook-deliveries';
import { valueOf, type Store } from './store';

/** Orders of one step. */
const ordersAtOnce = 50;

/**
 * Asks for what was told to be told again: the rest of an order at once, what came from an instant on by the relays.
 * `webhook.not-found`, `order.not-found`.
 */
export async function askReplay(
  store: Store,
  { id, owner, events }: Subscription,
  point: ReplayPoint,
  at: string,
): Promise<Subscription | Refusal> {
  if ('order' in point) {
    const order = await store.collections.orders.findOne(
      { _id: point.order },
      { projection: { supplier: 1, buyer: 1 } },
    );
    if (!order || !isToldOf(owner, order)) return refuse('order.not-found', point.order);
    await tellAgain(store, { id, events }, point.order, { version: { $gte: point.version } }, at);
  }
  const found = await store.collections.subscriptions.findOneAndUpdate(
    { _id: id },
    { $set: { updatedAt: at, ...('from' in point && { replay: { from: point.from, askedAt: at } }) } },
    { returnDocument: 'after' },
  );
  return found ? valueOf(found) : refuse('webhook.not-found', id);
}

/** Goes on with a replay that was asked for; false when there is none. Two relays at once tell nothing twice. */
export async function stepReplay(store: Store): Promise<boolean> {
  const asking = await store.collections.subscriptions.findOne({ replay: { $exists: true } });
  if (!asking?.replay) return false;
  const { _id, id, owner, events, replay } = asking;
  const { from, askedAt, after = { updatedAt: from, order: '' } } = replay;
  const whose = owner.role === 'supplier' || owner.role === 'buyer' ? { [owner.role]: owner.member } : {};
  const later = {
    $or: [{ updatedAt: { $gt: after.updatedAt } }, { updatedAt: after.updatedAt, _id: { $gt: after.order } }],
  };
  const found = await store.collections.orders
    .find({ ...whose, updatedAt: { $gte: from }, ...later } as never, { projection: { updatedAt: 1 } })
    .sort({ updatedAt: 1, _id: 1 })
    .limit(ordersAtOnce)
    .toArray();
  for (const { _id: order } of found)
    await tellAgain(store, { id, events }, order, { at: { $gte: from, $lte: askedAt } }, askedAt);
  const last = found.at(-1);
  await store.collections.subscriptions.updateOne(
    { _id, 'replay.askedAt': askedAt },
    last
      ? { $set: { 'replay.after': { updatedAt: last.updatedAt, order: last._id } } as never }
      : { $unset: { replay: '' } },
  );
  return true;
}

/** Queues the entries of an order's journal that match. */
function tellAgain(
  store: Store,
  { id, events }: Pick<Subscription, 'id' | 'events'>,
  order: string,
  which: object,
  at: string,
): Promise<void> {
  return store.transaction(async (session) => {
    const rows = await store.collections.journal
      .find({ order, ...which }, { session, projection: { version: 1, at: 1, 'events.type': 1 } })
      .sort({ version: 1 })
      .toArray();
    const queued = rows
      .map(({ version, at: happenedAt, events: of }) => {
        const types = of.map(({ type }) => type);
        return { subscription: id, order, version, at: happenedAt, topics: wanted(events, types) };
      })
      .filter(({ topics }) => topics.length > 0);
    await enqueueAgain(store, queued, at, session);
  });
}
