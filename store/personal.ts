/**
 * What is kept of people is sealed with a key of the member that they belong to. That key is kept once, itself sealed with the
 * keys of the installation: who destroys it has erased all that it sealed, wherever copies of that lie.
 */
import { randomBytes } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { Keyring, keysOrStop, SealBroken } from '../config/keys';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { sealedPrefix } from '../domain/sealed-text';
import { documentOf, type Store } from './store';

/** What stands where something was erased; an address that no mail server has (RFC 2606). */
const erased = { text: 'erased', email: 'erased@erased.invalid' } as const;

type Key = Keyring | 'destroyed';

/** Keys are read once a minute: for so long another process may still read what has been erased. */
const heldMs = 60_000;
const held = new WeakMap<Store, Map<string, { key: Key; until: number }>>();

function heldBy(store: Store): Map<string, { key: Key; until: number }> {
  const keys = held.get(store) ?? new Map<string, { key: Key; until: number }>();
  held.set(store, keys);
  return keys;
}

/** Seals texts of a member's people. */
export type Sealer = (text: string) => string;

/**
 * What seals for a member, with a new key where it has none; where the installation has no keys (a test, a tool), texts stay as
 * they are. `member.erased` where the key has been destroyed.
 */
export async function sealerOf(store: Store, member: string): Promise<Sealer | Refusal> {
  if (!store.keys) return (text) => text;
  const key = (await keysOf(store, [member])).get(member) ?? (await newKeyOf(store, member));
  if (key === 'destroyed') return refuse('member.erased', member);
  return (text) => textOf(member, key.sealSame('personal', member, Buffer.from(text)));
}

/** Bytes sealed for a member, or as they are (see `sealerOf`). */
export async function sealBytes(store: Store, member: string, bytes: Buffer): Promise<Buffer | Refusal> {
  const seal = await sealerOf(store, member);
  if (isRefusal(seal) || !store.keys) return isRefusal(seal) ? seal : bytes;
  const key = (await keysOf(store, [member])).get(member);
  return key === undefined || key === 'destroyed'
    ? refuse('member.erased', member)
    : key.seal('personal', member, bytes);
}

/** Bytes as they were before they were sealed; nothing once the key was destroyed. @throws KeyMissing, SealBroken */
export async function openBytes(store: Store, member: string, sealed: Buffer): Promise<Buffer | undefined> {
  const key = (await keysOf(store, [member])).get(member);
  return key === undefined || key === 'destroyed' ? undefined : key.open('personal', member, member, sealed);
}

const textOf = (member: string, sealed: Buffer): string => `${sealedPrefix}${member}:${sealed.toString('base64url')}`;

/** Whose a sealed text is, and what was sealed; nothing for any other text. */
function partsOf(text: string): { member: string; sealed: Buffer } | undefined {
  if (!isSealed(text)) return undefined;
  const [, member = '', sealed = ''] = text.split(':');
  return { member, sealed: Buffer.from(sealed, 'base64url') };
}

/** Whether a text of a person is sealed. */
export const isSealed = (text: string): boolean => text.startsWith(sealedPrefix);

/**
 * A value with every sealed text in it opened; `erased` stands where the key has been destroyed.
 * What only looks sealed (somebody has written it so) stays as it is.
 * @throws KeyMissing where TA_KEYS lacks the key that sealed a member's
 */
export async function opened<T>(store: Store, value: T): Promise<T> {
  const members = new Set<string>();
  eachText(value, (text) => {
    const parts = partsOf(text);
    if (parts) members.add(parts.member);
  });
  if (members.size === 0) return value;
  const keys = await keysOf(store, [...members]);
  return mapTexts(value, (text, field) => {
    const parts = partsOf(text);
    if (!parts) return text;
    const key = keys.get(parts.member);
    if (key === undefined || key === 'destroyed') return field === 'email' ? erased.email : erased.text;
    return openedText(key, parts.member, parts.sealed) ?? text;
  }) as T;
}

function openedText(key: Keyring, member: string, sealed: Buffer): string | undefined {
  try {
    return key.open('personal', member, member, sealed).toString('utf8');
  } catch (fault) {
    if (fault instanceof SealBroken) return undefined;
    throw fault;
  }
}

/** Looks at each text of a value. Most have none that is sealed, so nothing is copied for it. */
function eachText(value: unknown, look: (text: string) => void): void {
  if (typeof value === 'string') look(value);
  else if (Array.isArray(value)) for (const one of value) eachText(one, look);
  else if (isPlainObject(value)) for (const inner of Object.values(value)) eachText(inner, look);
}

/** A value with each of its texts, and the name of the field that it is in, made another. */
function mapTexts(value: unknown, to: (text: string, field: string) => string, field = ''): unknown {
  if (typeof value === 'string') return to(value, field);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, to, field));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value; // bytes, ids of the driver
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, to, name)]));
}

async function keysOf(store: Store, members: readonly string[]): Promise<Map<string, Key>> {
  const known = heldBy(store);
  const now = performance.now();
  const unknown = members.filter((member) => (known.get(member)?.until ?? 0) <= now);
  if (unknown.length > 0) {
    const found = await store.collections.memberKeys.find({ _id: { $in: unknown } }).toArray();
    for (const { member, key } of found) hold(store, member, key);
  }
  return new Map(members.flatMap((member) => [[member, known.get(member)?.key] as const]).filter(isThere));
}
const isThere = (entry: readonly [string, Key | undefined]): entry is readonly [string, Key] => entry[1] !== undefined;

/** The first key of a member; of two that make one at once the first stands. */
async function newKeyOf(store: Store, member: string): Promise<Key> {
  const place = `memberKeys/${member}`;
  const key = keysOrStop(store).sealText(place, randomBytes(32).toString('base64'));
  const { _id, ...row } = documentOf('memberKeys', { member, key, since: new Date().toISOString() });
  const stands = await store.collections.memberKeys.findOneAndUpdate(
    { _id },
    { $setOnInsert: row },
    { upsert: true, returnDocument: 'after' },
  );
  return hold(store, member, stands?.key);
}

function hold(store: Store, member: string, kept: string | undefined): Key {
  const key =
    kept === undefined
      ? ('destroyed' as const)
      : new Keyring([
          { id: member, key: Buffer.from(keysOrStop(store).openText(`memberKeys/${member}`, kept), 'base64') },
        ]);
  heldBy(store).set(member, { key, until: performance.now() + heldMs });
  return key;
}

/** Lets go of a member's key in this process. */
export const forgetKey = (store: Store, member: string): boolean => heldBy(store).delete(member);

/** Destroys the key of a member for good, in the transaction of what is on record of it. */
export async function destroyKey(store: Store, member: string, at: string, session: ClientSession): Promise<void> {
  await store.collections.memberKeys.updateOne(
    { _id: member },
    { $set: { destroyedAt: at }, $unset: { key: '' }, $setOnInsert: { member, since: at } },
    { upsert: true, session },
  );
}

// --- contracts

/** The two sides of an order, whose people its contract names. */
export interface Sides {
  supplier: string;
  buyer: string;
}

/**
 * A value with the people of every contract in it sealed: each side's contact for that side, the consignee for the buyer. What
 * was erased stays so.
 */
export async function sealContracts<T>(store: Store, { supplier, buyer }: Sides, value: T): Promise<T> {
  if (!store.keys || !namesPeople(value)) return value;
  const seals: Seals = { supplier: await fieldSealerOf(store, supplier), buyer: await fieldSealerOf(store, buyer) };
  return sealIn(value, seals) as T;
}

type FieldSealer = (text: string, field: string) => string;
type Seals = Readonly<Record<keyof Sides, FieldSealer>>;

async function fieldSealerOf(store: Store, member: string): Promise<FieldSealer> {
  const seal = await sealerOf(store, member);
  if (isRefusal(seal)) return (_, field) => (field === 'email' ? erased.email : erased.text);
  return (text) => (isSealed(text) ? text : seal(text));
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a value names people of a contract: most messages do not. */
function namesPeople(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesPeople);
  if (!isPlainObject(value)) return false;
  return Object.entries(value).some(
    ([name, inner]) => ((name === 'contacts' || name === 'consignee') && inner !== undefined) || namesPeople(inner),
  );
}

function sealIn(value: unknown, seals: Seals): unknown {
  if (Array.isArray(value)) return value.map((one) => sealIn(one, seals));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'consignee' && typeof inner === 'string') return [name, seals.buyer(inner, name)];
      return [name, name === 'contacts' && isPlainObject(inner) ? sealContacts(inner, seals) : sealIn(inner, seals)];
    }),
  );
}

const sealContacts = (contacts: Record<string, unknown>, seals: Seals): unknown =>
  Object.fromEntries(
    Object.entries(contacts).map(([side, contact]) => [
      side,
      side in seals ? mapTexts(contact, seals[side as keyof Sides]) : contact,
    ]),
  );
