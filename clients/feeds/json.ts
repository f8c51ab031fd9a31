/**
 * The feed in our own form, strict: facts as JSON, one object, an array of them, or one object a line, which is what `ta
 * feed parse` prints. `{ "fact": NAME, "data": {…}, "remittance"?: TEXT, "message"?: ID }`.
 */
import { z } from 'zod';
import { factNames, feedKinds } from '../../domain/inbox';
import { bankCredit } from '../../domain/matching';
import { messages } from '../../domain/messages';
import { positiveMoney } from '../../domain/money';
import { problemsOf } from '../../domain/parse';
import { NoJson, parseJsonText } from '../json-text';
import { decode } from './charset';
import { factOf, sourcesOf } from './facts';
import { FeedError, type FeedItem, type FeedProfile } from './feed';

const names = factNames.filter((name) => name !== 'paymentCredited' && name !== 'paymentReversed');

const source = z.strictObject({ file: z.string(), message: z.string(), index: z.int().nonnegative() });
const outer = {
  /** The sender's own id of the message that this fact is part of. */
  message: z.string().min(1).max(64).optional(),
  /** Taken, and not believed: where the fact stood in the file that `ta feed parse` read. */
  source: source.optional(),
};
const transfer = z.strictObject({ uetr: z.string().min(1).max(64), endToEnd: z.string().min(1).max(64) }).partial();
const batch = z.strictObject({ transactions: z.int().positive(), detailsIn: z.string().min(1).max(64) }).partial();
const credit = z.strictObject({
  fact: z.literal('paymentCredited'),
  data: messages.paymentCredited.data,
  remittance: bankCredit.shape.remittance,
  furtherText: bankCredit.shape.remittance,
  transfer: transfer.optional(),
  batch: batch.optional(),
  ...outer,
});
const reversal = z.strictObject({
  fact: z.literal('paymentReversed'),
  data: messages.paymentReversed.data,
  /** How much was taken back, for the inbox to compare. */
  amount: positiveMoney.optional(),
  transfer: transfer.optional(),
  ...outer,
});
const others = names.map((fact) => z.strictObject({ fact: z.literal(fact), data: messages[fact].data, ...outer }));
const form = z.discriminatedUnion('fact', [credit, reversal, ...others]);

export const json: FeedProfile = {
  name: 'json',
  kinds: feedKinds,
  says: 'facts in the form of the messages, as JSON or JSON Lines',
  parse: readJson,
};

/** @throws FeedError `json.malformed`, `json.too-deep`, `json.invalid` */
function readJson(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceOf = sourcesOf(file);
  const items: FeedItem[] = [];
  const text = decode(bytes, undefined, 'windows-1252');
  refuseTooDeep(text);
  for (const { value, at } of valuesOf(text)) {
    const checked = form.safeParse(value);
    if (!checked.success) throw new FeedError('json.invalid', problemsOf(checked.error), at);
    const { fact, data, message = String(items.length + 1), source: _source, ...more } = checked.data;
    items.push(factOf(fact, data, sourceOf(message), more));
  }
  return items;
}

/** Deeper than any fact goes. Brackets within texts do not count, as long as the JSON is one. */
const maxDepth = 20;

function refuseTooDeep(text: string): void {
  let [depth, inText] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') inText = !inText;
    else if (inText) at += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > maxDepth)
      throw new FeedError('json.too-deep', `it is nested deeper than ${maxDepth}`, `character ${at}`);
  }
}

interface Value {
  value: unknown;
  at: string;
}

/** One value, an array of them, or one a line. */
function* valuesOf(text: string): Generator<Value> {
  const bare = text.trim();
  const firstLine = bare.slice(0, Math.max(0, bare.indexOf('\n')));
  if (isObject(firstLine)) {
    let number = 0;
    for (const line of text.split('\n')) {
      number += 1;
      const at = `line ${number}`;
      if (line.trim() !== '') yield { value: read(line, at), at };
    }
    return;
  }
  const whole = read(text);
  if (!Array.isArray(whole)) yield { value: whole, at: 'the object' };
  else for (const [i, value] of whole.entries()) yield { value: value as unknown, at: `[${i}]` };
}

function isObject(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
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
