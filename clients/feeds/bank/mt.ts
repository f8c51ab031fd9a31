/**
 * SWIFT MT messages as fields, from whatever they travel in: blocks `{1:…}{2:…}{4: … -}`, several in a file; or bare text, as
 * banks' portals give it, with `-` or the next `:20:` between messages.
 */
import { decode } from '../charset';
import { ignored } from '../facts';
import { FeedError, type Ignored, type Source } from '../feed';

export interface MtField {
  /** `20`, `25P`, `61`. */
  tag: string;
  /** Its first line without the tag, and the lines that go on. */
  lines: string[];
}

export interface MtMessage {
  /** `910`; undefined in bare text. */
  type: string | undefined;
  /** Of the user header, field 121. */
  uetr: string | undefined;
  fields: MtField[];
}

/** The text of an MT file; banks that do not send UTF-8 send Latin 1. */
const textOf = (bytes: Uint8Array): string => decode(bytes, undefined, 'windows-1252');

/** More than any statement has; each costs memory many times its bytes. */
const maxLines = 500_000;

/** @throws FeedError `mt.none` when there is no message, `mt.truncated` when a block does not end, `mt.too-large` */
export function messagesOf(bytes: Uint8Array): MtMessage[] {
  const messages: MtMessage[] = [];
  let header = { type: undefined as string | undefined, uetr: undefined as string | undefined };
  let open: MtMessage | undefined;
  let blockSince: number | undefined;
  let n = 0;
  for (const line of linesOf(textOf(bytes))) {
    n += 1;
    if (n > maxLines)
      throw new FeedError('mt.too-large', `it has more than ${maxLines} lines; send it in parts`, `line ${n}`);
    const [, tag, first] = /^\s*:(\d\d[A-Z]?|NS):(.*)$/.exec(line) ?? [];
    if (line.startsWith('{')) {
      if (line === '{4:') {
        blockSince = n;
        open = undefined;
      } else header = headerOf(line, header);
    } else if (/^-\}?$/.test(line)) {
      open = undefined;
      blockSince = undefined;
      header = { type: undefined, uetr: undefined };
    } else if (tag !== undefined) {
      if (!open || (tag === '20' && open.fields.some((field) => field.tag === '20'))) {
        open = { ...header, fields: [] };
        messages.push(open);
      }
      open.fields.push({ tag, lines: [first ?? ''] });
    } else if (open) open.fields.at(-1)?.lines.push(line);
    else if (/^9\d\d$/.test(line)) header.type = line; // some banks put sender, type and receiver before the first field
  }
  if (messages.length === 0)
    throw new FeedError('mt.none', 'this is no SWIFT message: no line begins with a field such as :20:', 'line 1');
  if (blockSince !== undefined)
    throw new FeedError('mt.truncated', 'the message that begins here does not end with -}', `line ${blockSince}`);
  return messages;
}

/** Blocks apart, each text block's opening and end on a line of its own; line ends of every kind, control characters gone. */
function* linesOf(text: string): Generator<string> {
  const apart = text
    .replaceAll(/@@(?=:\d\d[A-Z]?:|-)/g, '\n')
    .replaceAll(/\{4:(?!\{)/g, '\n{4:\n')
    .replaceAll('-}', '\n-}\n');
  for (const [raw] of apart.matchAll(/[^\r\n]+/g)) {
    const line = raw.replaceAll(/\p{Cc}/gu, '').trimEnd();
    if (line !== '') yield line;
  }
}

function headerOf(line: string, before: Pick<MtMessage, 'type' | 'uetr'>) {
  const [, type] = /\{2:[IO](\d{3})/.exec(line) ?? [];
  const [, uetr] = /\{121:([0-9a-fA-F-]{36})\}/.exec(line) ?? [];
  return { type: type ?? before.type, uetr: uetr ?? before.uetr };
}

/** Types in which credits are told, each read by a profile of its own. */
const creditTypes = new Set(['910', '940', '942', '950']);

/** A message of a type that a profile does not read; one that may tell of credits has come by the wrong one. */
export const otherType = (type: string, reads: string, source: Source): Ignored =>
  creditTypes.has(type)
    ? ignored('message.other-profile', `an MT${type}, and ${reads}; send it under its own profile`, source)
    : ignored('message.other', `an MT${type}; ${reads}`, source);

/** The first field of a tag, whatever its option: `50` is 50A, 50F, 50K. */
export const fieldOf = ({ fields }: MtMessage, tag: string): MtField | undefined =>
  fields.find((field) => field.tag === tag || (tag.length === 2 && field.tag.slice(0, 2) === tag));

/** The first line of a field, trimmed; undefined when it is empty or missing. */
export const lineOf = (message: MtMessage, tag: string): string | undefined =>
  fieldOf(message, tag)?.lines[0]?.trim() || undefined;

/**
 * The account of field 25: without the bank (BIC or bank code) that some put before it, and without the currency that some
 * put behind it.
 */
export function accountOf25(message: MtMessage, currency: string | undefined): string | undefined {
  const parts = (lineOf(message, '25') ?? '').split('/').filter((part) => part !== '' && part !== currency);
  const account = parts.at(-1)?.replaceAll(/\s+/g, '');
  const behind = currency !== undefined && account?.endsWith(currency) ? account.slice(0, -currency.length) : undefined;
  return behind !== undefined && /\d$/.test(behind) ? behind : account;
}

/**
 * `YYMMDD` as an ISO date, by SWIFT's rule of the century: 80 to 99 are of the last one. Undefined for no date at all; what is
 * no day of the calendar stays as it is.
 */
export function dateOf6(text: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  return year === undefined ? undefined : `${Number(year) >= 80 ? '19' : '20'}${year}-${month ?? ''}-${day ?? ''}`;
}
