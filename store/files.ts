/** Files that parties hand in: their bytes in GridFS, what they are in a collection beside it. Nothing of them is ever executed. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mongoose from 'mongoose';
import type { StoredFile } from './collections';
import { documentOf, valueOf, type Store } from './store';

const bucketOf = ({ connection }: Store): mongoose.mongo.GridFSBucket => {
  if (!connection.db) throw new Error('not connected');
  return new mongoose.mongo.GridFSBucket(connection.db, { bucketName: 'fileBytes' });
};

/** Stores a file of an order. */
export async function storeFile(
  store: Store,
  bytes: Buffer,
  about: Pick<StoredFile, 'order' | 'by' | 'name' | 'type' | 'at'>,
): Promise<StoredFile> {
  const id = `file-${randomBytes(12).toString('hex')}`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await pipeline(Readable.from([bytes]), bucketOf(store).openUploadStream(id));
  const file: StoredFile = { ...about, id, sha256, bytes: bytes.length };
  await store.collections.files.insertOne(documentOf('files', file));
  return file;
}

export async function findFile(store: Store, id: string): Promise<StoredFile | undefined> {
  const found = await store.collections.files.findOne({ _id: id });
  return found ? valueOf(found) : undefined;
}

/** The bytes of a file. */
export const readFile = (store: Store, id: string): Readable => bucketOf(store).openDownloadStreamByName(id);

/** How many files an order has. */
export const countFiles = (store: Store, order: string): Promise<number> =>
  store.collections.files.countDocuments({ order });
