/**
 * Reads UN/EDIFACT (ISO 9735, syntax 1 to 4) into segments, one after the other, so that a file of any size takes the room
 * of one message. Lenient where senders are: no UNA, line ends, text before and after the interchanges, tags in lower case;
 * strict where a part of the data could be missing.
 */
import { decode } from './charset';
import { FeedError } from './feed';

/** `RFF+ABT:4711'` has the tag `RFF` and the elements `[['ABT', '4711']]`. */
export class Segment {
  /** In upper case. */
  readonly tag: string;
  private readonly rest: string;
  private read: string[][] | undefined;
  /** Text outside all interchanges; of a segment undefined. */
  unread: string | undefined;

  static unread(text: string, number: number): Segment {
    const segment = new Segment('', standard, number);
    segment.unread = text;
    return segment;
  }

  constructor(
    content: string,
    private readonly syntax: Syntax,
    /** Number of the segment in the file, from 1. */
    readonly number: number,
  ) {
    const end = content.indexOf(syntax.element);
    this.tag = (end === -1 ? content : content.slice(0, end)).trim().toUpperCase();
    this.rest = end === -1 ? '' : content.slice(end + 1);
  }

  /**
   * Data elements after the tag, each as its components. Split when they are asked for: of most segments nobody asks.
   * @throws FeedError `edifact.segment`
   */
  get elements(): readonly (readonly string[])[] {
    return (this.read ??= this.split());
  }

  private split(): string[][] {
    const { component, element, release } = this.syntax;
    const hasReleases = release !== '' && this.rest.includes(release);
    const parts = hasReleases ? splitReleased(this.rest, element, release) : this.rest.split(element);
    if (parts.length > maxElements)
      throw new FeedError('edifact.segment', `More than ${maxElements} elements`, `segment ${this.number}`);
    return parts.map((part) =>
      hasReleases && part.includes(release)
        ? splitReleased(part, component, release).map((text) => unreleased(text, release))
        : part.split(component),
    );
  }
}

interface Syntax {
  component: string;
  element: string;
  /** Empty when there is none. */
  release: string;
  terminator: string;
}

const standard: Syntax = { component: ':', element: '+', release: '?', terminator: "'" };
/** Level B of the syntax has characters that no keyboard has. */
const levelB: Syntax = { component: '\x1F', element: '\x1D', release: '', terminator: '\x1C' };

/** Nothing that customs sends comes near; beyond it, the terminator is not what it seems. */
const maxSegment = 100_000;
const maxElements = 1000;

/** A component of a segment, empty when it is not there; both count from 0 after the tag. */
export const at = ({ elements }: Segment, element: number, component = 0): string =>
  elements[element]?.[component] ?? '';

/**
 * The segments of a file.
 * @throws FeedError `edifact.none` (no UNA, UNB or UNH), `edifact.una`, `edifact.truncated`, `edifact.segment`
 */
export function* segmentsOf(bytes: Uint8Array): Generator<Segment, void, undefined> {
  const text = textOf(bytes);
  let position = beginningOf(text, 0, lineBeginning);
  if (position === undefined) throw new FeedError('edifact.none', noEdifact, 'start of the file');
  let [number, read] = [0, 0];
  while (position !== undefined) {
    const unread = unreadIn(text, read, position);
    if (unread !== undefined) yield Segment.unread(unread, number);
    const [syntax, start] = syntaxAt(text, position);
    const reader = new Reader(text, syntax, start, number);
    let segment = reader.next();
    while (segment) {
      yield segment;
      // After an interchange comes another one, which may have signs of its own, or something that is none.
      if (segment.tag === 'UNZ' && !reader.continues()) break;
      segment = reader.next();
    }
    [number, read] = [reader.number, reader.position];
    position = beginningOf(text, read, anyBeginning);
  }
  const unread = unreadIn(text, read, text.length);
  if (unread !== undefined) yield Segment.unread(unread, number);
}

/** Text between interchanges, unless it is of signs alone, which transports put there. */
function unreadIn(text: string, from: number, to: number): string | undefined {
  const between = text.slice(from, Math.min(to, from + maxSegment));
  return /[\p{L}\p{N}]/u.test(between) ? between.trim().slice(0, 80) : undefined;
}

const noEdifact = 'No UNA, UNB or UNH begins a line: this is no EDIFACT file. Send it under the profile of its format.';

/** How the first interchange, or a message without one, begins: at the start of a line. */
const lineBeginning = /(?<=^|[\r\n]|^\uFEFF)[ \t]*(?=UNA[^A-Za-z0-9]{5}|UN[BH][^A-Za-z0-9\s])/giu;
/** After an interchange another one may begin anywhere. */
const anyBeginning = /(?=UNA[^A-Za-z0-9]{5}.?\s*UN[BH]|UNB[^A-Za-z0-9\s]UNO[A-Z]|UNH[^A-Za-z0-9\s])/giu;

function beginningOf(text: string, from: number, beginning: RegExp): number | undefined {
  beginning.lastIndex = from;
  const found = beginning.exec(text);
  return found ? found.index + found[0].length : undefined;
}

function syntaxAt(text: string, position: number): [Syntax, number] {
  if (!/^una/i.test(text.slice(position, position + 3)))
    return [text[position + 3] === levelB.element ? levelB : standard, position];
  const [component = '', element = '', , release = '', , terminator = ''] = text.slice(position + 3, position + 9);
  const signs = [component, element, terminator, ...(release === ' ' ? [] : [release])];
  if (signs.some((sign) => /[A-Za-z0-9]/.test(sign) || sign === '') || new Set(signs).size !== signs.length)
    throw new FeedError(
      'edifact.una',
      'UNA names signs that cannot separate: each must be another, no letter and no digit',
      'UNA',
    );
  return [{ component, element, release: release === ' ' ? '' : release, terminator }, position + 9];
}

class Reader {
  private readonly isLineEnd: boolean;
  constructor(
    private readonly text: string,
    private readonly syntax: Syntax,
    public position: number,
    public number: number,
  ) {
    this.isLineEnd = syntax.terminator === '\n' || syntax.terminator === '\r';
  }

  /** Whether what follows is a segment of an interchange. */
  continues(): boolean {
    return /^\s*UN[BH]/i.test(this.text.slice(this.position, this.position + 20));
  }

  next(): Segment | undefined {
    const { text, syntax } = this;
    while (this.position < text.length) {
      const end = this.end();
      const raw = text.slice(this.position, end === -1 ? text.length : end);
      const content = (this.isLineEnd ? raw : withoutLineEnds(raw)).trim();
      this.position = end === -1 ? text.length : end + 1;
      if (content === '') continue;
      this.number += 1;
      if (end === -1) this.mustBeLast(content);
      return new Segment(content, syntax, this.number);
    }
    return undefined;
  }

  /** Where the terminator of the segment is that begins here: the first that is not released. */
  private end(): number {
    const { text, syntax, position } = this;
    let end = text.indexOf(syntax.terminator, position);
    while (end !== -1 && syntax.release !== '' && isReleased(text, end, syntax.release, position))
      end = text.indexOf(syntax.terminator, end + 1);
    if ((end === -1 ? text.length : end) - position > maxSegment)
      throw new FeedError(
        'edifact.segment',
        `More than ${String(maxSegment)} characters without “${syntax.terminator}”: a segment is not ended, or UNA names another sign`,
        `segment ${String(this.number + 1)}`,
      );
    return end;
  }

  /** Many leave the last terminator out. Of any other segment nobody knows how it goes on. */
  private mustBeLast(content: string): void {
    if (/^UN[TEZ]\b/i.test(content)) return;
    throw new FeedError(
      'edifact.truncated',
      'The file ends within a segment. Nothing of it is taken: send it again, whole',
      `segment ${String(this.number)}`,
    );
  }
}

/** Files are wrapped at 80 characters here and there, in the middle of whatever stands there. */
const withoutLineEnds = (text: string): string => (/[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, '') : text);

/** Whether an odd number of release signs stands before. */
function isReleased(text: string, index: number, release: string, from: number): boolean {
  let count = 0;
  while (index - 1 - count >= from && text[index - 1 - count] === release) count += 1;
  return count % 2 === 1;
}

function splitReleased(text: string, separator: string, release: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === release) index += 1;
    else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unreleased(text: string, release: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === release) index += 1;
    out += text[index] ?? '';
  }
  return out;
}

/** Character sets by the syntax identifier (0001) of UNB; A and B are ASCII, which some fill with more. */
const sets: Readonly<Record<string, string>> = {
  UNOC: 'binary', // Latin 1, byte by byte
  UNOD: 'iso-8859-2',
  UNOE: 'iso-8859-5',
  UNOF: 'iso-8859-7',
  UNOG: 'iso-8859-3',
  UNOH: 'iso-8859-4',
  UNOI: 'iso-8859-6',
  UNOJ: 'iso-8859-8',
  UNOK: 'iso-8859-9',
};

function textOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1000)).toString('latin1');
  return decode(bytes, sets[/UNB.(UNO[A-Z])/i.exec(head)?.[1]?.toUpperCase() ?? ''], 'latin1');
}
