/**
 * Who is signed in to the portal: a session is known by a hash of the secret that the browser keeps, and its token is sealed
 * with that secret, so that whoever reads the books cannot take its place.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Keyring } from '../config/keys';
import { documentOf, type Store } from './store';

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** What only the browser's secret opens. */
const keysOf = (secret: string): Keyring => new Keyring([{ id: 'browser', key: Buffer.from(secret, 'base64url') }]);

/** Begins a session that holds a token until it expires; answers the secret that the browser keeps. */
export async function openSession(store: Store, token: string, at: string, expiresAt: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const id = keyOf(secret);
  const { sessions } = store.collections;
  await sessions.insertOne(
    documentOf('sessions', { id, token: keysOf(secret).sealText(id, token), openedAt: at, expiresAt }),
  );
  await sessions.deleteMany({ expiresAt: { $lt: at } });
  return secret;
}

/** The token of a session that has not expired. */
export async function tokenOfSession(store: Store, secret: string, at: string): Promise<string | undefined> {
  const found = await store.collections.sessions.findOne({ _id: keyOf(secret), expiresAt: { $gt: at } });
  return found ? keysOf(secret).openText(found._id, found.token) : undefined;
}

/** Ends a session; again changes nothing. */
export async function closeSession(store: Store, secret: string): Promise<void> {
  await store.collections.sessions.deleteOne({ _id: keyOf(secret) });
}
