/** Who is signed in to the portal: a session is known by a hash, so that whoever reads the books cannot take its place. */
import { createHash, randomBytes } from 'node:crypto';
import { documentOf, type Store } from './store';

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Begins a session that holds a token until it expires; answers the secret that the browser keeps. */
export async function openSession(store: Store, token: string, at: string, expiresAt: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const { sessions } = store.collections;
  await sessions.insertOne(documentOf('sessions', { id: keyOf(secret), token, openedAt: at, expiresAt }));
  await sessions.deleteMany({ expiresAt: { $lt: at } });
  return secret;
}

/** The token of a session that has not expired. */
export async function tokenOfSession(store: Store, secret: string, at: string): Promise<string | undefined> {
  const found = await store.collections.sessions.findOne({ _id: keyOf(secret), expiresAt: { $gt: at } });
  return found?.token;
}

/** Ends a session; again changes nothing. */
export async function closeSession(store: Store, secret: string): Promise<void> {
  await store.collections.sessions.deleteOne({ _id: keyOf(secret) });
}
