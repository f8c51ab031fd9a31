/** Subscriptions to webhooks as they are kept, their secrets sealed: added, changed, their secrets rotated, taken away. */
import mongoose from 'mongoose';
import { refuse, type Refusal } from '../domain/refusal';
import {
  mostSubscriptions,
  rotated,
  signing,
  type Subscription,
  type SubscriptionChanges,
  type SubscriptionTerms,
  type WebhookOwner,
} from '../domain/webhooks';
import { openSecret, sealSecret } from './secrets';
import { documentOf, valueOf, type Store } from './store';

export interface NewSubscription extends SubscriptionTerms {
  id: string;
  owner: WebhookOwner;
  secret: string;
  /** Digest of what was asked for, where the id comes from a key. */
  asked?: string;
  /** ISO instant. */
  at: string;
}

const placeOf = (id: string): string => `subscriptions/${id}`;

/** With its secrets as they sign. */
const opened = (store: Store, { secrets, ...rest }: Subscription): Subscription => ({
  ...rest,
  secrets: secrets.map((one) => ({ ...one, secret: openSecret(store, placeOf(rest.id), one.secret) })),
});

/** The secrets that sign at this instant. */
export const signingSecrets = (store: Store, subscription: Subscription, at: string): string[] =>
  signing(opened(store, subscription).secrets, at);

/**
 * Adds a subscription, or answers the one that was added before under this id with the same terms; with its secret.
 * `message.id-reused` when they were others, `webhook.too-many` when the owner has as many as one can.
 */
export async function addSubscription(store: Store, added: NewSubscription): Promise<Subscription | Refusal> {
  const { secret, at, ...rest } = added;
  const known = await findSubscription(store, added.id);
  if (known) return asAsked(store, known, added);
  const { role, member } = added.owner;
  const ours = { 'owner.member': member, 'owner.role': role } as never;
  if ((await store.collections.subscriptions.countDocuments(ours)) >= mostSubscriptions)
    return refuse('webhook.too-many', `at most ${mostSubscriptions}`);
  const secrets = [{ secret: sealSecret(store, placeOf(added.id), secret), since: at }];
  const doc = documentOf('subscriptions', { ...rest, secrets, state: 'active', createdAt: at, updatedAt: at });
  try {
    await store.collections.subscriptions.insertOne(doc);
    return opened(store, valueOf(doc));
  } catch (fault) {
    // Somebody has asked for the same at the same time.
    const stands = isDuplicateKey(fault) ? await findSubscription(store, added.id) : undefined;
    if (!stands) throw fault;
    return asAsked(store, stands, added);
  }
}

const asAsked = (store: Store, stands: Subscription, { id, asked }: NewSubscription): Subscription | Refusal =>
  stands.asked === asked ? opened(store, stands) : refuse('message.id-reused', id);

const isDuplicateKey = (fault: unknown): boolean =>
  fault instanceof mongoose.mongo.MongoServerError && fault.code === 11000;

export async function findSubscription(store: Store, id: string): Promise<Subscription | undefined> {
  const doc = await store.collections.subscriptions.findOne({ _id: id });
  return doc ? valueOf(doc) : undefined;
}

/** Those of an owner, or all, by their age. */
export async function listSubscriptions(store: Store, owner?: WebhookOwner): Promise<Subscription[]> {
  const whose = owner ? { 'owner.member': owner.member, 'owner.role': owner.role } : {};
  const docs = await store.collections.subscriptions
    .find(whose as never)
    .sort({ createdAt: 1, _id: 1 })
    .limit(1000)
    .toArray();
  return docs.map(valueOf);
}

/** Changes what its owner says of it. What waited while it was paused is due at once, and is tried for three days from now on. */
export async function changeSubscription(
  store: Store,
  id: string,
  { state, ...terms }: SubscriptionChanges,
  at: string,
): Promise<Subscription | Refusal> {
  const changes = { ...terms, ...(state && { state }), updatedAt: at };
  const doc = await store.collections.subscriptions.findOneAndUpdate(
    { _id: id },
    { $set: changes, ...(state && { $unset: { why: '' } }) },
    { returnDocument: 'after', ignoreUndefined: true },
  );
  if (!doc) return refuse('webhook.not-found', id);
  if (state === 'active') {
    await store.collections.webhookDeliveries.updateMany(
      { subscription: id, state: 'pending' },
      { $set: { queuedAt: at } },
    );
    await store.collections.webhookLanes.updateMany(
      { subscription: id, lease: { $exists: false } },
      { $set: { dueAt: at } },
    );
  }
  return valueOf(doc);
}

/** A new secret, unless it was asked for before; the one before signs along for a day. */
export async function rotateSecret(
  store: Store,
  id: string,
  secret: string,
  at: string,
  asked?: string,
): Promise<Subscription | Refusal> {
  const sealed = sealSecret(store, placeOf(id), secret);
  return store.transaction(async (session) => {
    const before = await store.collections.subscriptions.findOne({ _id: id }, { session });
    if (!before) return refuse('webhook.not-found', id);
    if (asked !== undefined && before.secrets.some((one) => one.asked === asked)) return opened(store, valueOf(before));
    const after = { ...before, secrets: rotated(before.secrets, sealed, at, asked), updatedAt: at };
    await store.collections.subscriptions.replaceOne({ _id: id }, after, { session });
    return opened(store, valueOf(after));
  });
}

/** Takes it away with its log; false when there is none. */
export async function removeSubscription(store: Store, id: string): Promise<boolean> {
  const { deletedCount } = await store.collections.subscriptions.deleteOne({ _id: id });
  await store.collections.webhookLanes.deleteMany({ subscription: id });
  await store.collections.webhookDeliveries.deleteMany({ subscription: id });
  return deletedCount > 0;
}

/** Says how the receiver does; nothing is written while that stays as it is. `paused` stays paused. */
export async function noteHealth(
  store: Store,
  id: string,
  health: { state: Subscription['state']; why?: string },
  at: string,
): Promise<void> {
  const { state, why } = health;
  await store.collections.subscriptions.updateOne(
    { _id: id, state: { $nin: ['paused', state] } },
    {
      $set: { state, updatedAt: at, ...(why !== undefined && { why }) },
      ...(why === undefined && { $unset: { why: '' } }),
    },
  );
}
