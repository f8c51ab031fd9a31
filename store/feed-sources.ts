/** Who may deliver feeds by signature, and the secrets that they sign with, kept sealed. */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { FeedKind, FeedSource } from '../domain/inbox';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { openSecret, sealSecret } from './secrets';
import { documentOf, valueOf, type Store } from './store';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const placeOf = (id: string): string => `feedSources/${id}`;

/** Adds a source with a new secret, and tells it. `feed.source-exists` */
export async function addSource(
  store: Store,
  source: Pick<FeedSource, 'id' | 'kind' | 'member'>,
  at: string,
): Promise<FeedSource | Refusal> {
  const secret = newSecret();
  const kept = {
    ...source,
    active: true,
    secrets: [{ secret: sealSecret(store, placeOf(source.id), secret), since: at }],
  };
  try {
    await store.collections.feedSources.insertOne(documentOf('feedSources', kept));
    return opened(store, kept);
  } catch (fault) {
    if (fault instanceof mongoose.mongo.MongoServerError && fault.code === 11000)
      return refuse('feed.source-exists', source.id);
    throw fault;
  }
}

/** Gives a source a new secret, and tells it; those before hold until `oldUntil`, so that nothing is refused meanwhile. */
export async function rotateSource(
  store: Store,
  id: string,
  at: string,
  oldUntil: string,
): Promise<FeedSource | Refusal> {
  const secret = sealSecret(store, placeOf(id), newSecret());
  const changed = await change(store, id, ({ secrets, ...source }) => ({
    ...source,
    secrets: [
      ...secrets
        .filter(({ until }) => until === undefined || until > at)
        .map((old) => (old.until === undefined || old.until > oldUntil ? { ...old, until: oldUntil } : old)),
      { secret, since: at },
    ],
  }));
  return isRefusal(changed) ? changed : opened(store, changed);
}

/** Takes no more of a source, or takes it again. */
export const setSourceActive = (store: Store, id: string, active: boolean): Promise<FeedSource | Refusal> =>
  change(store, id, (source) => ({ ...source, active }));

function change(store: Store, id: string, to: (source: FeedSource) => FeedSource): Promise<FeedSource | Refusal> {
  return store.transaction(async (session) => {
    const doc = await store.collections.feedSources.findOne({ _id: id }, { session });
    if (!doc) return refuse('feed.source-not-found', id);
    const changed = to(valueOf(doc));
    await store.collections.feedSources.replaceOne({ _id: id }, documentOf('feedSources', changed), { session });
    return changed;
  });
}

/** With its secrets as they sign. */
const opened = (store: Store, { secrets, ...source }: FeedSource): FeedSource => ({
  ...source,
  secrets: secrets.map((one) => ({ ...one, secret: openSecret(store, placeOf(source.id), one.secret) })),
});

/** Those of a kind, with their secrets as they sign. */
export const openSources = async (store: Store, kind: FeedKind): Promise<FeedSource[]> =>
  (await listSources(store, kind)).map((source) => opened(store, source));

/** All sources, or those of a kind; their secrets stay sealed. */
export async function listSources(store: Store, kind?: FeedKind): Promise<FeedSource[]> {
  const docs = await store.collections.feedSources
    .find({ ...(kind && { kind }) })
    .sort({ _id: 1 })
    .toArray();
  return docs.map(valueOf);
}
