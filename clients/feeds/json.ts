/**
 * The feed in our own form, strict: facts as JSON, one object, an array of them, or one object a line, which is what `ta
 * feed parse` prints. `{ "fact": NAME, "data": {…}, "remittance"?: TEXT, "message"?: ID }`.
 */
import { z } from 'zod';
import { factNames, feedKinds } from '../../domain/inbox';
import { bankCredit } from '../../domain/matching';
import { messages } from '../../domain/messages';
import { problemsOf } from '../../domain/parse';
import { NoJson, parseJsonText } from '../json-text';
import { decode } from './charset';
import { factOf, sourcesOf } from './facts';
import { FeedError, type FeedItem, type FeedProfile } from './feed';

const names = factNames.filter((name) => name !== 'paymentCredited');

const source = z.strictObject({ file: z.string(), message: z.string(), index: z.int().nonnegative() });
const outer = {
  /** The sender's own id of the message that this fact is part of. */
  message: z.string().min(1).max(64).optional(),
  /** Taken, and not believed: where the fact stood in the file that `ta feed parse` read. */
  source: source.optional(),
};
const credit = z.strictObject({
  fact: z.literal('paymentCredited'),
  data: messages.paymentCredited.data,
  remittance: bankCredit.shape.remittance,
  ...outer,
});
const others = names.map((fact) => z.strictObject({ fact: z.literal(fact), data: messages[fact].data, ...outer }));
const form = z.discriminatedUnion('fact', [credit, ...others]);

export const json: FeedProfile = {
  name: 'json',
  kinds: feedKinds,
  says: 'facts in the form of the messages, as JSON or JSON Lines',
  parse: readJson,
};

/** @throws FeedError `json.malformed`, `json.invalid` */
function readJson(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceOf = sourcesOf(file);
  return valuesOf(decode(bytes, undefined, 'windows-1252')).map(({ value, at }, index) => {
    const checked = form.safeParse(value);
    if (!checked.success) throw new FeedError('json.invalid', problemsOf(checked.error), at);
    const { fact, data, message = String(index + 1) } = checked.data;
    return factOf(fact, data, sourceOf(message), 'remittance' in checked.data ? checked.data.remittance : undefined);
  });
}

interface Value {
  value: unknown;
  at: string;
}

/** One value, an array of them, or one a line. */
function valuesOf(text: string): Value[] {
  const lines = text.split('\n').map((line, i) => ({ line, at: `line ${i + 1}` }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  if (filled.length > 1 && isObject(filled[0]?.line ?? ''))
    return filled.map(({ line, at }) => ({ value: read(line, at), at }));
  const whole = read(text);
  if (!Array.isArray(whole)) return [{ value: whole, at: 'the object' }];
  return whole.map((value: unknown, i) => ({ value, at: `[${i}]` }));
}

function isObject(line: string): boolean {
  try {
    JSON.parse(line);
    return line.trimStart().startsWith('{');
  } catch {
    return false;
  }
}

function read(text: string, line?: string): unknown {
  try {
    return parseJsonText(text);
  } catch (fault) {
    if (!(fault instanceof NoJson)) throw fault;
    const at = line ? fault.place.replace('line 1', line) : fault.place;
    throw new FeedError('json.malformed', `it ${fault.message}`, at);
  }
}
