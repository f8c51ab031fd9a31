/**
 * Documents and indexes that an earlier version has left: each change looks for what is left to be changed, so that it may run
 * beside old processes, be cut off, and run again. Forward only: an older version reads what a newer one has changed.
 */
import { sealMembers } from './erasure';
import { indexOrders } from './order-docs';
import { sealSecrets } from './secrets';
import type { Store } from './store';

/** How many documents were changed, and indexes dropped, by what. */
export interface Migrated {
  /** Documents whose secrets or people were sealed, or sealed anew with the newest key. */
  sealed: number;
  /** Orders that were given what they are found by. */
  indexed: number;
  /** Indexes that no query uses any more: they cost every write. */
  dropped: number;
}

/** By collection, the names of indexes that others have taken the place of. */
const formerIndexes: Readonly<Record<string, readonly string[]>> = {
  orders: ['', 'status_1_', 'supplier_1_', 'buyer_1_', 'supplier_1_status_1_', 'buyer_1_status_1_'].map(
    (before) => `${before}updatedAt_-1`,
  ),
};

/** Brings what is stored up to date. Needs the collections and indexes of today (`setUpDatabase`). */
export async function migrate(store: Store): Promise<Migrated> {
  const sealed = (await sealSecrets(store)) + (await sealMembers(store));
  return { sealed, indexed: await indexOrders(store), dropped: await dropFormer(store) };
}

async function dropFormer({ connection }: Store): Promise<number> {
  let dropped = 0;
  for (const [name, former] of Object.entries(formerIndexes)) {
    const collection = connection.collection(name);
    for (const { name: index } of (await collection.listIndexes().toArray()) as { name: string }[]) {
      if (!former.includes(index)) continue;
      await collection.dropIndex(index);
      dropped += 1;
    }
  }
  return dropped;
}
