/** Reads several collections by one command: each command costs the worker and MongoDB more than the few documents it finds. */
import type { ClientSession, mongo } from 'mongoose';
import type { CollectionName } from './collections';
import type { Doc, Store } from './store';

type Wanted = { [Name in CollectionName]?: mongo.Filter<Doc<Name>> | undefined };
type Found = { [Name in CollectionName]?: Doc<Name>[] };

/** The documents of each collection that match, in no order: not for collections that grow, since the answer is one document. */
export async function readTogether(store: Store, wanted: Wanted, session?: ClientSession): Promise<Found> {
  // Of the stages that join collections, transactions take this one only.
  const lookups = Object.entries<object | undefined>(wanted).flatMap(([from, filter]) =>
    filter ? [{ $lookup: { from, pipeline: [{ $match: filter }], as: from } }] : [],
  );
  const database = store.connection.getClient().db(store.connection.name);
  const [found = {}] = await database
    .aggregate<Found>([{ $documents: [{}] }, ...lookups], session ? { session } : {})
    .toArray();
  return found;
}
