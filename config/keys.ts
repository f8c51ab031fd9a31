/**
 * The keys of an installation, and what is sealed with them: AES-256-GCM, by a key of its own for each purpose (HKDF of the
 * key that is named), bound to the place that it is kept in. The first key seals; the others still open what they sealed.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Name of a key, told in the clear beside what it sealed. */
const keyId = /^[A-Za-z0-9._-]{1,40}$/;

/** What is sealed, so that what was sealed for one purpose is nothing for another. */
type Purpose = 'secret' | 'payload' | 'personal';

/** A text as it is kept: the name of the key, then IV, cipher text and tag in Base64. */
export const sealedText = z.string().regex(/^sealed:[A-Za-z0-9._-]{1,40}:[A-Za-z0-9_-]{38,}$/, 'must be sealed');

/** A text of a person, sealed with the key of the member that it belongs to (`store/personal.ts`). */
export const personalPattern = '^personal:[A-Za-z0-9][A-Za-z0-9._-]{0,63}:[A-Za-z0-9_-]{38,}$';
export const personalText = z.string().regex(new RegExp(personalPattern), 'must be sealed');

/** A key that is needed is not there: none at all, or the one that something was sealed with. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';
}

const ofKey = (id: string): KeyMissing =>
  new KeyMissing(
    `This was sealed with the key ${id}, which TA_KEYS does not have. Add that key again, after the newest one.`,
  );

/** The keys, which every process in production must have. @throws KeyMissing, with how to make one */
export function keysOrStop({ keys }: { keys?: Keyring | undefined }): Keyring {
  if (keys) return keys;
  throw new KeyMissing(
    'TA_KEYS is not set: with it the secrets of webhooks and feeds are sealed, and what is sent to Temporal. ' +
      'Set TA_KEYS="$(date +%Y-%m):$(openssl rand -base64 32)", or TA_KEYS_FILE to a file that holds it.',
  );
}

/** What was sealed has been changed, or was sealed for another place or by another key of that name. */
export class SealBroken extends Error {}

export class Keyring {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #derived = new Map<string, Uint8Array>();
  /** Name of the key that seals. */
  readonly newest: string;

  /** @param keys the newest first */
  constructor(keys: readonly { id: string; key: Uint8Array }[]) {
    const [first] = keys;
    if (!first) throw new Error('a key ring needs a key');
    this.newest = first.id;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** IV, cipher text and tag under the newest key. */
  seal(purpose: Purpose, place: string, plain: Uint8Array): Buffer {
    return this.#sealWith(randomBytes(ivBytes), purpose, place, plain);
  }

  /** As `seal`; but the same plain text gives the same again, so that what is stored anew is what stood there. */
  sealSame(purpose: Purpose, place: string, plain: Uint8Array): Buffer {
    // The IV follows from what is sealed, under a key of its own: no two texts share one.
    const code = createHmac('sha256', this.#key(`${purpose} iv`, this.newest))
      .update(place)
      .update('\0')
      .update(plain);
    return this.#sealWith(code.digest().subarray(0, ivBytes), purpose, place, plain);
  }

  #sealWith(iv: Buffer, purpose: Purpose, place: string, plain: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose, this.newest), iv);
    cipher.setAAD(Buffer.from(place));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws KeyMissing, SealBroken */
  open(purpose: Purpose, place: string, id: string, sealed: Uint8Array): Buffer {
    if (sealed.length < ivBytes + tagBytes) throw new SealBroken('what was sealed has been cut off');
    const end = sealed.length - tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose, id), sealed.subarray(0, ivBytes));
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(ivBytes, end)), decipher.final()]);
    } catch (fault) {
      throw new SealBroken(`what was sealed with the key ${id} has been changed, or is of another place`, {
        cause: fault,
      });
    }
  }

  /** @param place where the text is kept, such as `feedSources/single-window` */
  sealText(place: string, text: string): string {
    return `sealed:${this.newest}:${this.seal('secret', place, Buffer.from(text)).toString('base64url')}`;
  }

  /** The text; what was never sealed is itself. @throws KeyMissing, SealBroken */
  openText(place: string, kept: string): string {
    if (!kept.startsWith('sealed:')) return kept;
    const [, id = '', sealed = ''] = kept.split(':');
    return this.open('secret', place, id, Buffer.from(sealed, 'base64url')).toString('utf8');
  }

  /** Whether a text is sealed, and by the newest key. */
  isFresh(kept: string): boolean {
    return kept.startsWith(`sealed:${this.newest}:`);
  }

  #key(purpose: Purpose | `${Purpose} iv`, id: string): Uint8Array {
    const name = `${purpose} ${id}`;
    const known = this.#derived.get(name);
    if (known) return known;
    const key = this.#keys.get(id);
    if (!key) throw ofKey(id);
    const derived = new Uint8Array(hkdfSync('sha256', key, '', `trade-assurance ${purpose}`, keyBytes));
    this.#derived.set(name, derived);
    return derived;
  }
}

/**
 * Reads keys: `2026-11:<32 bytes in Base64>`, with commas or line breaks between them, the newest first; lines that begin
 * with # are none. Throws with what is wrong, never with a part of a key.
 */
export function readKeys(text: string): Keyring {
  const written = text
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (written.length === 0) throw new Error('there is no key');
  const keys = written.map((one, index) => {
    const [id = '', base64 = '', ...rest] = one.split(':');
    const key = Buffer.from(base64, 'base64');
    if (rest.length > 0 || !keyId.test(id) || key.length !== keyBytes || !/^[A-Za-z0-9+/]+=?$/.test(base64))
      throw new Error(`key ${String(index + 1)} must be <name>:<${String(keyBytes)} bytes in Base64>`);
    return { id, key };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error('two keys have the same name');
  return new Keyring(keys);
}

/** A new key, as it is written. */
export const newKey = (id: string): string => `${id}:${randomBytes(keyBytes).toString('base64')}`;
