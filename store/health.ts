/** Whether the database is as the product needs it: a replica set, and all that `setUpDatabase` makes; with its clock and its disk. */
import { isDeepStrictEqual } from 'node:util';
import { collections, type CollectionName } from './collections';
import { validatorOf } from './json-schema';
import type { Store } from './store';

export interface DatabaseHealth {
  /** The replica set's name; without one there are no transactions. */
  replicaSet?: string;
  /** A primary was spoken to, and can be written to. */
  isWritable: boolean;
  /** The server's clock, ISO instant. */
  clock: string;
  /** What set-up would make: `journal`, `journal(order, version)`; and collections whose validator is of another version. */
  missing: { collections: string[]; indexes: string[]; validators: string[] };
  /** Of the disk that the data lies on, in bytes; not there when the server does not tell. */
  disk?: { free: number; total: number };
  /** After how many seconds the server gives a transaction up that nobody ends; not there when the user may not know. */
  transactionSeconds?: number;
  policies: number;
}

const keyOf = (on: object): string => Object.keys(on).join(', ');

/** Looks at the database and changes nothing. Throws when MongoDB does not answer. */
export async function databaseHealth({ connection }: Store): Promise<DatabaseHealth> {
  const database = connection.getClient().db(connection.name);
  const [hello, stats, transactions, listed, policies] = await Promise.all([
    database.command({ hello: 1 }),
    database.command({ dbStats: 1 }),
    // The product's own user need not have this right.
    database
      .admin()
      .command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 })
      .catch(() => undefined),
    database.listCollections().toArray(),
    database.collection('policies').countDocuments(),
  ]);
  const there = new Map(listed.map((one) => [one.name, 'options' in one ? one.options : undefined]));
  const missing: DatabaseHealth['missing'] = { collections: [], indexes: [], validators: [] };
  for (const name of Object.keys(collections) as CollectionName[]) {
    if (!there.has(name)) {
      missing.collections.push(name);
      continue;
    }
    const { form, indexes } = collections[name];
    if (!isDeepStrictEqual(plain(there.get(name)?.validator), plain(validatorOf(form)))) missing.validators.push(name);
    const keys = (await database.collection(name).indexes()).map(({ key }) => JSON.stringify(key));
    const wanted = indexes.filter(({ on }) => !keys.includes(JSON.stringify(on)));
    missing.indexes.push(...wanted.map(({ on }) => `${name}(${keyOf(on)})`));
  }
  const { setName, isWritablePrimary, localTime } = hello as HelloReply;
  const { fsTotalSize: total, fsUsedSize: used } = stats as { fsTotalSize?: number; fsUsedSize?: number };
  const seconds = (transactions as { transactionLifetimeLimitSeconds?: number } | undefined)
    ?.transactionLifetimeLimitSeconds;
  return {
    ...(setName !== undefined && { replicaSet: setName }),
    isWritable: isWritablePrimary,
    clock: localTime.toISOString(),
    missing,
    ...(total !== undefined && used !== undefined && { disk: { free: total - used, total } }),
    ...(seconds !== undefined && { transactionSeconds: seconds }),
    policies,
  };
}

interface HelloReply {
  setName?: string;
  isWritablePrimary: boolean;
  localTime: Date;
}

/** Without what is undefined, and numbers as JavaScript has them. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
