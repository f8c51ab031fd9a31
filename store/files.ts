/** Files that parties hand in: their bytes in GridFS, what they are in a collection beside it. Nothing of them is ever executed. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import mongoose from 'mongoose';
import { isRefusal, type Refusal } from '../domain/refusal';
import type { StoredFile } from './collections';
import { isSealed, openBytes, opened, sealBytes, sealerOf } from './personal';
import { documentOf, valueOf, type Store } from './store';

const bucketOf = ({ connection }: Store): mongoose.mongo.GridFSBucket => {
  if (!connection.db) throw new Error('not connected');
  return new mongoose.mongo.GridFSBucket(connection.db, { bucketName: 'fileBytes' });
};

/** Stores a file of an order, sealed with the key of the member that hands it in; the platform's as it is. `member.erased` */
export async function storeFile(
  store: Store,
  bytes: Buffer,
  about: Pick<StoredFile, 'order' | 'by' | 'name' | 'type' | 'at'>,
): Promise<StoredFile | Refusal> {
  const id = `file-${randomBytes(12).toString('hex')}`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { role, member } = about.by;
  const seal = role === 'platform' ? (name: string) => name : await sealerOf(store, member);
  if (isRefusal(seal)) return seal;
  const kept = role === 'platform' ? bytes : await sealBytes(store, member, bytes);
  if (isRefusal(kept)) return kept;
  await pipeline(Readable.from([kept]), bucketOf(store).openUploadStream(id));
  const file: StoredFile = { ...about, id, sha256, bytes: bytes.length };
  await store.collections.files.insertOne(documentOf('files', { ...file, name: seal(file.name) }));
  return file;
}

/** What a file is. */
export async function findFile(store: Store, id: string): Promise<StoredFile | undefined> {
  const found = await store.collections.files.findOne({ _id: id });
  return found ? opened(store, valueOf(found)) : undefined;
}

/** The bytes of a file; nothing once they were erased. */
export async function readFile(store: Store, { id, by }: StoredFile): Promise<Buffer | undefined> {
  const [kept, found] = [bucketOf(store), await store.collections.files.findOne({ _id: id })];
  if (!found || (await kept.find({ filename: id }).limit(1).toArray()).length === 0) return undefined;
  const bytes = await buffer(kept.openDownloadStreamByName(id));
  return isSealed(found.name) ? openBytes(store, by.member, bytes) : bytes;
}

/** Throws away a member's files that were stored before there were keys; what is sealed is gone with its key. */
export async function dropPlainFiles(store: Store, member: string): Promise<void> {
  const { files } = store.collections;
  const plain = await files.find({ 'by.member': member, name: { $not: /^personal:/ } }).toArray();
  for (const { _id } of plain) {
    const [bytes] = await bucketOf(store).find({ filename: _id }).toArray();
    if (bytes) await bucketOf(store).delete(bytes._id);
    await files.updateOne({ _id }, { $set: { name: 'erased' } });
  }
}

/** How many files an order has. */
export const countFiles = (store: Store, order: string): Promise<number> =>
  store.collections.files.countDocuments({ order });
