/** Secrets in MongoDB: sealed with the keys of the installation, each bound to the document that it stands in. */
import { keysOrStop } from '../config/keys';
import type { Store } from './store';

/** @param place of the document, such as `feedSources/single-window` */
export const sealSecret = (store: Store, place: string, secret: string): string =>
  keysOrStop(store).sealText(place, secret);

/** What was stored before there were keys is not sealed, and read as it is. */
export const openSecret = (store: Store, place: string, kept: string): string =>
  keysOrStop(store).openText(place, kept);

/** Where secrets stand. */
const keepers = ['subscriptions', 'feedSources'] as const;

/**
 * Seals what is not sealed yet, or with an older key; answers how many documents that was. Running it again changes nothing.
 * @throws KeyMissing, when a key was taken away too early
 */
export async function sealSecrets(store: Store): Promise<number> {
  const keys = keysOrStop(store);
  let sealed = 0;
  for (const keeper of keepers) {
    const collection = store.collections[keeper] as unknown as Store['collections']['feedSources'];
    const stale = { secrets: { $elemMatch: { secret: { $not: new RegExp(`^sealed:${escaped(keys.newest)}:`) } } } };
    for (const { _id } of await collection.find(stale as never, { projection: { _id: 1 } }).toArray())
      await store.transaction(async (session) => {
        const doc = await collection.findOne({ _id }, { session });
        if (!doc || doc.secrets.every(({ secret }) => keys.isFresh(secret))) return;
        const place = `${keeper}/${_id}`;
        const secrets = doc.secrets.map(({ secret, ...times }) => ({
          secret: keys.sealText(place, keys.openText(place, secret)),
          ...times,
        }));
        await collection.updateOne({ _id }, { $set: { secrets } }, { session });
        sealed += 1;
      });
  }
  return sealed + (await sealMemberKeys(store));
}

/** The keys of members (`personal.ts`), sealed anew after a rotation. */
async function sealMemberKeys(store: Store): Promise<number> {
  const keys = keysOrStop(store);
  const { memberKeys } = store.collections;
  let sealed = 0;
  const stale = { key: { $exists: true, $not: new RegExp(`^sealed:${escaped(keys.newest)}:`) } };
  for await (const { _id, key = '' } of memberKeys.find(stale)) {
    const place = `memberKeys/${_id}`;
    const fresh = keys.sealText(place, keys.openText(place, key));
    sealed += (await memberKeys.updateOne({ _id, key }, { $set: { key: fresh } })).modifiedCount;
  }
  return sealed;
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
