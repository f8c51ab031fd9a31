/** Who may deliver feeds by signature, and the secrets that they sign with, as stored. */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { feedSource, type FeedKind, type FeedSource } from '../domain/inbox';
import { refuse, type Refusal } from '../domain/refusal';
import { documentOf, valueOf, type Store } from './store';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Adds a source with a new secret. `feed.source-exists` */
export async function addSource(
  store: Store,
  source: Pick<FeedSource, 'id' | 'kind' | 'member'>,
  at: string,
): Promise<FeedSource | Refusal> {
  const added: FeedSource = { ...source, active: true, secrets: [{ secret: newSecret(), since: at }] };
  try {
    await store.collections.feedSources.insertOne(documentOf('feedSources', added));
    return added;
  } catch (fault) {
    if (fault instanceof mongoose.mongo.MongoServerError && fault.code === 11000)
      return refuse('feed.source-exists', source.id);
    throw fault;
  }
}

/** Gives a source a new secret; those before hold until `oldUntil`, so that nothing is refused meanwhile. */
export const rotateSource = (store: Store, id: string, at: string, oldUntil: string): Promise<FeedSource | Refusal> =>
  change(store, id, ({ secrets, ...source }) => ({
    ...source,
    secrets: [
      ...secrets
        .filter(({ until }) => until === undefined || until > at)
        .map((old) => (old.until === undefined || old.until > oldUntil ? { ...old, until: oldUntil } : old)),
      { secret: newSecret(), since: at },
    ],
  }));

/** Takes no more of a source, or takes it again. */
export const setSourceActive = (store: Store, id: string, active: boolean): Promise<FeedSource | Refusal> =>
  change(store, id, (source) => ({ ...source, active }));

function change(store: Store, id: string, to: (source: FeedSource) => FeedSource): Promise<FeedSource | Refusal> {
  return store.transaction(async (session) => {
    const doc = await store.collections.feedSources.findOne({ _id: id }, { session });
    if (!doc) return refuse('feed.source-not-found', id);
    const changed = to(feedSource.parse(valueOf(doc)));
    await store.collections.feedSources.replaceOne({ _id: id }, documentOf('feedSources', changed), { session });
    return changed;
  });
}

/** All sources, or those of a kind. */
export async function listSources(store: Store, kind?: FeedKind): Promise<FeedSource[]> {
  const docs = await store.collections.feedSources
    .find({ ...(kind && { kind }) })
    .sort({ _id: 1 })
    .toArray();
  return docs.map((doc) => feedSource.parse(valueOf(doc)));
}
