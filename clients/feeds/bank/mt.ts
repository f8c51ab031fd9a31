/**
 * SWIFT MT messages as fields, from whatever they travel in: blocks `{1:…}{2:…}{4: … -}`, several in a file; or bare text, as
 * banks' portals give it, with `-`, the next `:20:` or the next account between messages.
 */
import { decode } from '../charset';
import { FeedError } from '../feed';
import type { BankReport, NoEntry } from './entry';

export interface MtField {
  /** `20`, `25P`, `61`. */
  tag: string;
  /** Its first line without the tag, and the lines that go on; blanks at a line's end are part of the text. */
  lines: string[];
}

export interface MtMessage {
  /** `910`; undefined in bare text. */
  type: string | undefined;
  /** Of the user header, field 121. */
  uetr: string | undefined;
  /** Of a Test and Training terminal: by its trailer `TNG`, or by a BIC with 0 in the eighth place. */
  isTest: boolean;
  fields: MtField[];
}

/** Text that is part of no message. */
export interface UnreadText {
  line: number;
  text: string;
}

export interface MtFile {
  messages: MtMessage[];
  unread: UnreadText[];
}

/** The text of an MT file; banks that do not send UTF-8 send Latin 1. */
const textOf = (bytes: Uint8Array): string => decode(bytes, undefined, 'windows-1252');

/** More than any statement has; each costs memory many times its bytes. */
const maxLines = 500_000;

/** @throws FeedError `mt.none` when there is no message, `mt.truncated` when a block does not end, `mt.too-large` */
export const messagesOf = (bytes: Uint8Array): MtMessage[] => readMt(bytes).messages;

/** The messages of a file, and the text between them. @throws FeedError as `messagesOf` */
export function readMt(bytes: Uint8Array): MtFile {
  const lines: string[] = [];
  for (const line of linesOf(textOf(bytes))) {
    if (lines.push(line) > maxLines)
      throw new FeedError(
        'mt.too-large',
        `it has more than ${maxLines} lines; send it in parts`,
        `line ${lines.length}`,
      );
  }
  const file = new MtReader(lines).read();
  if (file.messages.length === 0)
    throw new FeedError('mt.none', 'this is no SWIFT message: no line begins with a field such as :20:', 'line 1');
  return file;
}

/** Fields of the messages of category 9 that the profiles read. */
const tags = [
  ...['20', '21', '25', '25P', '28', '28C', '60F', '60M', '61', '86', '62F', '62M', '64', '65', 'NS'],
  ...['13', '13D', '34F', '90C', '90D', '32A', '50A', '50F', '50K', '52A', '52D', '56A', '56D', '70', '71A', '72'],
];
const tagForm = new RegExp(`^\\s*:(${tags.join('|')}):(.*)$`);
const anyTagForm = /^\s*:(\d\d[A-Z]?):(.*)$/;
/** What a field begins with, where a wrapped line of text could look like one. */
const balance = /^\s*[CD]?\d{6}[A-Z]{3}/;
const beginnings: Readonly<Record<string, RegExp>> = {
  // Two digits are a time of day.
  '61': /^\s*\d{3}|[CD][A-Z]?\s*\d+[,.]/,
  '60F': balance,
  '60M': balance,
  '62F': balance,
  '62M': balance,
  '64': balance,
  '65': balance,
  '13D': /^\d{10}/,
  '34F': /^[A-Z]{3}/,
  '90C': /^\d{1,5}[A-Z]{3}/,
  '90D': /^\d{1,5}[A-Z]{3}/,
  '32A': balance,
};
/** Fields of text, which go on over lines that may look like fields. */
const textTags = new Set(['86', '72', '70', '61', '50A', '50F', '50K', '52D']);
/** What comes after the first fields of a message. */
const afterReference = new Set(['21', '25', '25P', '28', '28C', '13D', '32A']);
const afterAccount = new Set(['21', '28', '28C', '13D', '32A', '34F', '60F', '60M']);

interface Header {
  type: string | undefined;
  uetr: string | undefined;
  isTest: boolean;
}
const noHeader: Header = { type: undefined, uetr: undefined, isTest: false };

/** Tells fields, text and what is between messages apart, line by line. */
class MtReader {
  private readonly messages: MtMessage[] = [];
  private readonly unread: UnreadText[] = [];
  private header = noHeader;
  private open: MtMessage | undefined;
  /** Beginnings of the tags of the open message (`25`, `60`), and its closing balance (`62F`). */
  private seen = new Set<string>();
  /** The block that is open: where it begins, and how many messages there were before. */
  private block: { line: number; before: number } | undefined;
  /** The messages from here on are those of the last block: a trailer is about them. */
  private lastBlock = 0;

  constructor(private readonly lines: readonly string[]) {}

  read(): MtFile {
    for (const [i, line] of this.lines.entries()) this.take(line, i);
    if (this.block)
      throw new FeedError(
        'mt.truncated',
        'the message that begins here does not end with -}',
        `line ${this.block.line}`,
      );
    return { messages: this.messages, unread: this.unread };
  }

  private take(line: string, i: number): void {
    const bare = line.trim();
    if (bare === '{4:') {
      this.block = { line: i + 1, before: this.messages.length };
      this.lastBlock = this.messages.length;
      this.open = undefined;
    } else if (bare.startsWith('{') && !this.goesOn(bare)) this.takeHeader(bare, i);
    else if (bare === '-}' || (bare === '-' && this.isEnd(i))) this.close(i);
    else {
      const [, tag, first = ''] = tagForm.exec(line) ?? [];
      if (tag !== undefined && this.isField(tag, first, i)) this.takeField(tag, first);
      else if (this.open) this.goOn(line);
      else this.takeBetween(bare, i);
    }
  }

  private takeHeader(line: string, i: number): void {
    if (line.startsWith('{1:')) this.header = noHeader;
    if (/\{TNG\b/.test(line)) for (const message of this.messages.slice(this.lastBlock)) message.isTest = true;
    this.header = headerOf(line, this.header);
    if (!headerLine.test(line)) this.leave(line, i);
  }

  private close(i: number): void {
    if (this.block && this.block.before === this.messages.length) this.leave('a block without a field', i);
    if (!this.block && this.open) this.lastBlock = this.messages.lastIndexOf(this.open);
    this.open = undefined;
    this.block = undefined;
    this.header = noHeader;
  }

  /** Within the text of an entry a brace is text. */
  private goesOn(line: string): boolean {
    if (this.block) return this.open !== undefined;
    return this.isInText() && !headerLine.test(line);
  }

  private isInText(): boolean {
    return this.open !== undefined && !this.isClosed() && textTags.has(this.lastTag());
  }

  /** Whether a dash alone on its line ends the message, and is none of the text's. */
  private isEnd(i: number): boolean {
    if (!this.isInText()) return true;
    const [, tag] = anyTagForm.exec(this.lines[i + 1] ?? '') ?? [];
    return tag === undefined ? this.isBetween(this.lines[i + 1]) : !['61', '86', '62F', '62M'].includes(tag);
  }

  private isBetween(next: string | undefined): boolean {
    return next === undefined || next.startsWith('{') || transportLine.test(next.trim());
  }

  private takeField(tag: string, first: string): void {
    const { open } = this;
    const isNext =
      !open ||
      (tag === '20' && (this.has('20') || this.isClosed())) ||
      ['25', '28', '60'].some((beginning) => tag.startsWith(beginning) && this.has(beginning));
    if (isNext) {
      // A page goes on under the reference and the account of the one before.
      const isPage = open !== undefined && tag !== '20' && !tag.startsWith('25') && this.has('62M');
      const kept = isPage ? open.fields.filter((field) => ['20', '25', '25P'].includes(field.tag)) : [];
      this.open = { ...this.header, fields: [...kept] };
      this.seen = new Set(kept.map((field) => field.tag.slice(0, 2)));
      this.messages.push(this.open);
    }
    this.seen.add(tag).add(tag.slice(0, 2));
    this.open?.fields.push({ tag, lines: [first] });
  }

  private lastTag(): string {
    return this.open?.fields.at(-1)?.tag ?? '';
  }

  private isClosed(): boolean {
    return this.open !== undefined && this.seen.has('62');
  }

  /** Whether a line that looks like a field is one: the text of an entry may go on with `:20:45` or `:61:12`. */
  private isField(tag: string, first: string, i: number): boolean {
    if (!this.open || !textTags.has(this.lastTag())) return true;
    if (tag === '61' && this.lastTag() === '61') return true;
    if (beginnings[tag]?.test(first) === false) return false;
    if (this.isClosed()) return true;
    if (tag === '20') return afterReference.has(this.nextTag(i));
    if (tag.startsWith('25')) return afterAccount.has(this.nextTag(i)) || !this.has('25');
    if (tag.startsWith('28')) return this.nextTag(i).startsWith('60') || !this.has('28');
    return true;
  }

  private has(tag: string): boolean {
    return this.open !== undefined && this.seen.has(tag);
  }

  private nextTag(i: number): string {
    for (let next = i + 1; next < this.lines.length; next += 1) {
      const [, tag] = tagForm.exec(this.lines[next] ?? '') ?? [];
      if (tag !== undefined) return tag;
    }
    return '';
  }

  private goOn(line: string): void {
    this.open?.fields.at(-1)?.lines.push(line);
  }

  /** Some banks put sender, type and receiver before the first field. */
  private takeBetween(line: string, i: number): void {
    if (/^9\d\d$/.test(line)) this.header = { ...this.header, type: line };
    else if (bicForm.test(line)) this.header = { ...this.header, isTest: this.header.isTest || isTestBic(line) };
    else if (!transportLine.test(line)) this.leave(line, i);
  }

  private leave(text: string, i: number): void {
    const last = this.unread.at(-1);
    if (last && this.unread.length >= maxUnread) last.text = 'and more';
    else this.unread.push({ line: i + 1, text: text.slice(0, 80) });
  }
}

/** So many lines are enough to see that a file is none of ours. */
const maxUnread = 1000;
const headerLine = /^\{(?:[1-5S]:|[A-Z]{3}:)/;
const bicForm = /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3,4})?$/;
/** Signs alone, that transports put between messages, and sender, type and receiver. */
const transportLine = /^(?:[^\p{L}\p{N}]*|\d{3}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3,4})?)$/u;

/** BICs of Test and Training have 0 in the eighth place. */
const isTestBic = (bic: string): boolean => bic[7] === '0';

/**
 * Blocks apart, each text block's opening and end on a line of its own; line ends of every kind, control characters gone;
 * fields that stand in one line, or whose tag is broken over lines, each at the start of a line.
 */
function* linesOf(text: string): Generator<string> {
  const apart = text
    .replaceAll(/@@(?=:\d\d[A-Z]?:|-)/g, '\n')
    .replaceAll('{1:', '\n{1:')
    .replaceAll(/\{4:(?!\{)/g, '\n{4:\n')
    .replaceAll('-}', '\n-}\n')
    .replaceAll(/(?<=^|[\r\n])[ \t]*:[ \t]*[\r\n]+(?=\d\d[A-Z]?:)/g, ':')
    .replaceAll(/(?<=^|[\r\n])[ \t]*:(61|86)[\r\n]+:(?=[^\r\n])(?!\d\d[A-Z]?:)/g, ':$1:');
  for (const [raw] of apart.matchAll(/[^\r\n]+/g)) {
    const line = raw.replaceAll('\t', ' ').replaceAll(/\p{Cc}/gu, '');
    if (line.trim() !== '') yield* fieldsIn(line);
  }
}

/** Narrative, in which anything may stand. */
const narrativeTags = new Set(['70', '72', '86']);
const inner = new RegExp(`\\s+(?=:(?:${tags.join('|')}):)`);
const afterText = /\s+(?=:(?:61:\d{6}|6[0245][FM]?:[CD]\d{6}[A-Z]{3}))/;

/** The fields of a line, when several stand in one: in fields of text only what nobody would write. */
function fieldsIn(line: string): string[] {
  const [, tag] = tagForm.exec(line) ?? [];
  if (tag === undefined) return [line];
  const isText = narrativeTags.has(tag);
  const at = line.slice(1).search(isText ? afterText : inner) + 1;
  return at > 1 ? [line.slice(0, at), ...fieldsIn(line.slice(at).trimStart())] : [line];
}

function headerOf(line: string, before: Header): Header {
  const [, type] = /\{2:[IO](\d{3})/.exec(line) ?? [];
  const [, uetr] = /\{121:([0-9a-fA-F-]{36})\}/.exec(line) ?? [];
  const terminals = [/\{1:[A-Z]\d\d([A-Z0-9]{8})/, /\{2:O\d{13}([A-Z]{6}[A-Z0-9]{2})/, /\{2:I\d{3}([A-Z0-9]{8})/];
  const isTest = terminals.some((terminal) => isTestBic(terminal.exec(line)?.[1] ?? ''));
  return { type: type ?? before.type, uetr: uetr ?? before.uetr, isTest: isTest || before.isTest };
}

/** Types in which credits are told, each read by a profile of its own. */
const creditTypes = new Set(['910', '940', '942', '950']);

/** A message of a type that a profile does not read; one that may tell of credits has come by the wrong one. */
export const otherType = (type: string, reads: string): NoEntry =>
  creditTypes.has(type)
    ? { code: 'message.other-profile', why: `an MT${type}, and ${reads}; send it under its own profile` }
    : { code: 'message.other', why: `an MT${type}; ${reads}` };

/** A message of a Test and Training terminal, of any type. */
export const testMessage: NoEntry = {
  code: 'message.test',
  why: 'a message of SWIFT’s Test and Training service (TNG, or 0 in the eighth place of a BIC)',
};

/** A line for each text that is part of no message. */
export const unreadIn = (unread: readonly UnreadText[]): BankReport[] =>
  unread.map(({ line, text }) => ({
    ...{ message: '-', kind: '', content: undefined },
    parts: [{ code: 'file.unread', why: `line ${line} is part of no message: “${text}”` }],
  }));

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

/** The lines of a field of text, without the blanks that fill records up beyond the width of the field. */
export const textLinesOf = ({ lines }: MtField, width: number): string[] =>
  lines.map((line) => (line.length > width ? line.slice(0, Math.max(width, line.trimEnd().length)) : line));
