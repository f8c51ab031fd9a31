/**
 * The log of a process: lines of JSON on standard error, each with the ids of its trace where something is traced. Nothing that
 * opens a door or names a person is written: known fields are left out, and what looks like such a thing is struck out of
 * every line, wherever it stands.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import { isTraced, traceIds } from './tracing';

/** Fields that are never written, at any of the first levels. */
const secretFields = [
  ...['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'secrets', 'token', 'cardToken', 'signature'],
  ...['webhook-signature', 'email', 'phone', 'account', 'iban'],
];
const redact = {
  paths: secretFields.flatMap((name) =>
    ['', '*.', '*.*.', '*.*.*.'].map((above) =>
      name.includes('-') ? `${above.slice(0, -1)}["${name}"]` : `${above}${name}`,
    ),
  ),
  censor: '[redacted]',
};

/** What is struck out wherever it stands: what it looks like, and what is written in its place. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/whsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted token]'],
  [/\bBearer +[\w.~+/=-]+/gi, 'Bearer [redacted]'],
  [/\bv1,[A-Za-z0-9+/]{43}=/g, 'v1,[redacted]'],
  [/\bsealed:[\w.-]+:[\w-]+/g, 'sealed:[redacted]'],
  [/(\/\/)[^\s/@"]+:[^\s/@"]*@/g, '$1[redacted]@'],
  [/\btok_[\w-]+/g, 'tok_[redacted]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[redacted address]'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, '[redacted account]'],
];

/** A line without what must not be in it. */
export const withoutSecrets = (line: string): string =>
  patterns.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);

/** Standard error. Lines that it does not take, as on a full disk, are lost: the process goes on. */
export function standardError(): ReturnType<typeof pino.destination> {
  const stream = pino.destination(2);
  stream.on('error', () => undefined);
  return stream;
}

/** @param process stands in every line */
export function logOf(process: string, level: string, to: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      base: { process },
      redact,
      hooks: { streamWrite: withoutSecrets },
      ...(isTraced() && { mixin: traceIds }),
    },
    to,
  );
}
