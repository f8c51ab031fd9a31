/**
 * Signatures of Standard Webhooks over the bytes as they came. The library of that name signs text: of a body in GB2312 it
 * would not see the bytes, and it takes as long for 10 MiB as storing them does.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How far the time of a signature may be from ours, in seconds. */
const toleranceSeconds = 5 * 60;

/** What a signed request says of itself. */
export interface Signed {
  id: string;
  /** Unix time in seconds, as it was written. */
  timestamp: string;
  signatures: string[];
}

/** The headers of a signed request; nothing when they are not all there, or too old or too new for `nowMs`. */
export function signedOf(headers: IncomingHttpHeaders, nowMs: number): Signed | undefined {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return undefined;
  if (!/^[\x21-\x7e]{1,150}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return undefined;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) return undefined;
  return { id, timestamp, signatures: signature.split(' ').slice(0, 10) };
}

/** Whether one of the signatures is by this secret, over these bytes; in constant time for each. */
export function isSignedBy(secret: string, { id, timestamp, signatures }: Signed, body: Uint8Array): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.some((signature) => {
    const [version, given = ''] = signature.split(',');
    const bytes = Buffer.from(given, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
