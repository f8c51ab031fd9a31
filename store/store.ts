/** The connection to MongoDB: models made from the table of collections, transactions, and the set-up of the database. */
import mongoose, { type ClientSession, type Connection, type Model } from 'mongoose';
import type { Keyring } from '../config/keys';
import { isTraced } from '../config/tracing';
import { collections, type CollectionName, type Stored } from './collections';
import { validatorOf } from './json-schema';
import { traceCommands } from './tracing';

/** A document: the value and its `_id`. */
export type Doc<Name extends CollectionName> = Stored<Name> & { _id: string };

type Models = { [Name in CollectionName]: Model<Doc<Name>> };
type Collections = { [Name in CollectionName]: mongoose.mongo.Collection<Doc<Name>> };

/** For how long a process of the product waits for a silent connection. */
export const silentMs = 60_000;

/** How long a transaction may take with its retries, in milliseconds. */
const transactionTimeMs = 10_000;

export interface Store {
  connection: Connection;
  /** Mongoose's models, for reading. */
  models: Models;
  /** The driver's collections, for what every message does: no casting, the validators check. */
  collections: Collections;
  /** What secrets are sealed with (`secrets.ts`). */
  keys?: Keyring | undefined;
  /** Runs `work` in one transaction, again where MongoDB asks for it; majority writes. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StoreOptions {
  timeoutMs?: number;
  /**
   * After so long without an answer a connection is given up, in ms: one whose other end is gone without a word would be waited
   * for for ever. For processes that stay; never unless said, because a large index takes its time.
   */
  silentMs?: number | undefined;
  /** Needed by whoever adds or uses secrets of webhooks and feeds. */
  keys?: Keyring | undefined;
}

/** Connects to the replica set at `uri`. Throws when no server answers within `timeoutMs`. */
export async function openStore(
  uri: string,
  { timeoutMs = 10_000, silentMs: silent, keys }: StoreOptions = {},
): Promise<Store> {
  const connection = await mongoose
    .createConnection(uri, {
      serverSelectionTimeoutMS: timeoutMs,
      ...(silent !== undefined && { socketTimeoutMS: silent }),
      ignoreUndefined: true,
      autoCreate: false,
      autoIndex: false,
      ...(isTraced() && { monitorCommands: true }),
    })
    .asPromise();
  if (isTraced()) traceCommands(connection.getClient());
  const models = Object.fromEntries(names.map((name) => [name, modelOf(connection, name)])) as unknown as Models;
  // Not mongoose's wrappers of them, which cost each command a little.
  const database = connection.getClient().db(connection.name);
  const native = Object.fromEntries(names.map((name) => [name, database.collection(name)])) as unknown as Collections;
  return {
    connection,
    models,
    collections: native,
    keys,
    transaction: (work) =>
      connection.getClient().withSession((session) =>
        session.withTransaction(() => work(session), {
          readConcern: { level: 'snapshot' },
          writeConcern: new mongoose.mongo.WriteConcern('majority'),
          timeoutMS: transactionTimeMs,
        }),
      ),
    close: () => connection.close(),
  };
}

const names = Object.keys(collections) as CollectionName[];

/**
 * The model of a collection. Its fields are those of the zod form; the database's validator checks their inside, so
 * mongoose need not say it a third time.
 */
function modelOf(connection: Connection, name: CollectionName): Model<Doc<CollectionName>> {
  const schema = new mongoose.Schema<Doc<CollectionName>>(
    { _id: String },
    { strict: false, versionKey: false, id: false, collection: name, minimize: false },
  );
  for (const { on, unique, where } of collections[name].indexes as readonly IndexSpec[]) {
    schema.index(on, { ...(unique && { unique }), ...(where && { partialFilterExpression: where }) });
  }
  return connection.model<Doc<CollectionName>>(name, schema);
}
type IndexSpec = (typeof collections)['journal']['indexes'][number] & { where?: Record<string, unknown> };

/** Creates what is missing of the database: collections, validators, indexes. Running it again changes nothing. */
export async function setUpDatabase({ connection, models }: Store): Promise<void> {
  const database = connection.db;
  if (!database) throw new Error('not connected');
  const existing = new Set((await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const name of names) {
    const validator = validatorOf(collections[name].form);
    if (existing.has(name)) await database.command({ collMod: name, validator });
    else await database.createCollection(name, { validator });
    await (models[name] as Model<Doc<CollectionName>>).createIndexes();
  }
}

/** A value as a document of its collection; parsed, so that nothing malformed is stored. */
export function documentOf<Name extends CollectionName>(name: Name, value: Stored<Name>): Doc<Name> {
  const { form, key } = collections[name] as unknown as {
    form: { parse: (value: unknown) => Stored<Name> };
    key: (value: Stored<Name>) => string;
  };
  const parsed = form.parse(value);
  return { _id: key(parsed), ...parsed };
}

/** The value of a document, without its `_id`. */
export function valueOf<Value extends { _id: string }>({ _id, ...value }: Value): Omit<Value, '_id'> {
  return value;
}
