/**
 * Customs' responses in UN/EDIFACT, message CUSRES of the directories D.96A to D.04A. The status stands in GIS (GEI in the
 * later directories), the declaration in RFF or BGM, the time in DTM: which of them, says the list of codes, of which there is
 * one for the standard and one for each country that has its own.
 */
import { at, segmentsOf, type Segment } from '../edifact';
import { ignored, sourcesOf } from '../facts';
import { FeedError, type FeedItem, type FeedProfile, type Source } from '../feed';
import { codeLists, codeOf, type CodeList } from './code-list';
import { instantOf } from './stamp';
import { itemBy, itemOf, type Statement } from './word';

type Layout = NonNullable<CodeList['edifact']>;
type Reading = CodeList & Layout;

/** One for each list of codes that tells where CUSRES has what. */
export const cusresProfiles: readonly FeedProfile[] = Object.values<CodeList>(codeLists).flatMap((list) => {
  const { edifact, profile: name, title: says } = list;
  if (!edifact) return [];
  return [{ name, kinds: ['customs'], says, parse: (bytes, file) => parse(bytes, file, { ...list, ...edifact }) }];
});

/** The interchange that is open: what messages stood in it so far. */
interface Interchange {
  /** UNB, which a file of bare messages has not. */
  header: Segment | undefined;
  messages: number;
  groups: number;
}

function parse(bytes: Uint8Array, file: string, by: Reading): FeedItem[] {
  const items: FeedItem[] = [];
  const sourceIn = sourcesOf(file);
  let interchange: Interchange = { header: undefined, messages: 0, groups: 0 };
  let open: Segment[] | undefined;
  for (const segment of segmentsOf(bytes)) {
    if (open && open.push(segment) > maxSegments) throw tooLong(open);
    if (open && service.has(segment.tag) && segment.tag !== 'UNT') throw notEnded(open);
    if (segment.tag === 'UNB') interchange = { header: segment, messages: 0, groups: 0 };
    else if (segment.tag === 'UNG') interchange.groups += 1;
    else if (segment.tag === 'UNH') open = [segment];
    else if (segment.tag === 'UNT' && open) {
      interchange.messages += 1;
      items.push(...itemsOf(open, interchange.header, by, sourceIn));
      open = undefined;
    } else if (segment.tag === 'UNZ') items.push(...countOf(interchange, segment, sourceIn));
  }
  if (open) throw notEnded(open);
  return items;
}

/** A message is kept whole until it ends; no declaration has so many. */
const maxSegments = 100_000;
const tooLong = ([header]: Segment[]): FeedError =>
  new FeedError(
    'edifact.too-long',
    `More than ${maxSegments} segments without a UNT; send the declarations one by one`,
    `segment ${header?.number ?? 1}, UNH`,
  );

/** Segments that no message has within. */
const service = new Set(['UNB', 'UNG', 'UNH', 'UNT', 'UNE', 'UNZ']);

const notEnded = ([header]: Segment[]): FeedError =>
  new FeedError(
    'edifact.truncated',
    'A message is not ended by UNT. Nothing of the file is taken: send it again, whole',
    `segment ${header?.number ?? 1}, UNH`,
  );

/** Counts that do not fit refuse nothing: what is here is here. But somebody should ask for the rest. */
function countOf({ header, messages, groups }: Interchange, end: Segment, sourceIn: SourceIn): FeedItem[] {
  const said = Number(at(end, 0));
  if (said === messages || (groups > 0 && said === groups)) return [];
  const why = `UNZ counts ${said}, here are ${messages} messages in ${groups} groups; ask the sender for what is missing`;
  return [ignored('interchange.count', why, sourceIn(header ? at(header, 4) : ''))];
}

type SourceIn = (message: string) => Source;

function itemsOf(segments: readonly Segment[], header: Segment | undefined, by: Reading, sourceIn: SourceIn) {
  const [first, last] = [segments[0], segments.at(-1)] as [Segment, Segment];
  const id = [header ? at(header, 4) : '', at(first, 0)].filter((part) => part !== '').join('/');
  const source = () => sourceIn(id);
  const type = at(first, 1).toUpperCase();
  if (type !== 'CUSRES') return [ignored('message.other', `${type.slice(0, 6)} is no response of customs`, source())];
  if (header && at(header, 10) === '1')
    return [ignored('message.test', 'the sender marks the interchange as a test (0035)', source())];
  const items = statementsOf(segments, header, by, source);
  const said = Number(at(last, 0));
  if (said !== segments.length) {
    const why = `UNT counts ${said} segments, here are ${segments.length}; what is here is taken`;
    items.push(ignored('message.count', why, source()));
  }
  return items;
}

function statementsOf(segments: readonly Segment[], header: Segment | undefined, by: Reading, source: () => Source) {
  const whole = sorted(segments);
  const parts = partsOf(whole, by);
  if (!parts) {
    const why = 'statuses stand before several declarations and between them: nobody can tell which is whose';
    return [ignored('status.ambiguous', why, source())];
  }
  const isWithdrawal = whole.bgm !== undefined && at(whole.bgm, 2) === '1';
  return parts.flatMap(({ declaration, statuses, dates, notes }) => {
    const written = timeIn(dates, whole, by) ?? preparedAt(header);
    const read = written && instantOf(written.text, by.zone, written.format);
    const found = { declaration, at: read, written: written?.text, note: noteIn(notes) };
    if (statuses.length === 0) return [itemBy(by, { ...found, code: '', source: source() })];
    return statuses.map((status) => itemOfStatus(status, isWithdrawal, by, { ...found, source: source() }));
  });
}

/** The segments of a message that matter, by what they are for. */
interface Sorted {
  bgm: Segment | undefined;
  /** GIS, GEI. */
  statuses: Segment[];
  /** RFF, DOC: other papers, and the declaration. */
  references: Segment[];
  /** DTM. */
  dates: Segment[];
  /** ERC, FTX. */
  notes: Segment[];
}

function sorted(segments: readonly Segment[]): Sorted {
  const all: Sorted = { bgm: undefined, statuses: [], references: [], dates: [], notes: [] };
  for (const segment of segments) {
    // What stands after a CST is about one item of the goods.
    if (segment.tag === 'CST') break;
    if (segment.tag === 'BGM') all.bgm ??= segment;
    else if (segment.tag === 'GIS' || segment.tag === 'GEI') all.statuses.push(segment);
    else if (segment.tag === 'RFF' || segment.tag === 'DOC') all.references.push(segment);
    else if (segment.tag === 'DTM') all.dates.push(segment);
    else if (segment.tag === 'FTX' || segment.tag === 'ERC') all.notes.push(segment);
  }
  return all;
}

/** What a message says of one declaration. */
interface Part extends Pick<Sorted, 'statuses' | 'dates' | 'notes'> {
  /** Numbers of the declaration, the likeliest first. */
  declaration: string[];
}

/** A part for each declaration that a message names; undefined when its statuses cannot be told apart. */
function partsOf({ bgm, references, ...rest }: Sorted, { declaration: qualifiers }: Layout): Part[] | undefined {
  const numbered = qualifiers.map((qualifier) => {
    if (qualifier === 'BGM') return bgm ? [bgm] : [];
    return references.filter((one) => one.tag === 'RFF' && at(one, 0).toUpperCase() === qualifier);
  });
  const named = numbered.find((found) => found.length > 0) ?? [];
  const starts = named.filter((one, i) => i === 0 || numberOf(one) !== numberOf(named[i - 1] as Segment));
  const [first] = starts;
  if (first === undefined || starts.length === 1) return [{ ...rest, declaration: numbered.flat().map(numberOf) }];
  const isBefore = ({ number }: Segment) => number < first.number;
  if (rest.statuses.some(isBefore) && !rest.statuses.every(isBefore)) return undefined;
  return starts.map((start, i) => {
    const end = starts[i + 1]?.number ?? Infinity;
    const isOwn = ({ number }: Segment) => number >= start.number && number < end;
    const own = (all: Segment[]) => [...all.filter(isOwn), ...all.filter(isBefore)];
    return {
      declaration: [numberOf(start)],
      statuses: own(rest.statuses),
      dates: own(rest.dates),
      notes: own(rest.notes),
    };
  });
}

const numberOf = (segment: Segment): string => (segment.tag === 'BGM' ? at(segment, 1) : at(segment, 0, 1));

function itemOfStatus(status: Segment, isWithdrawal: boolean, by: Reading, found: Omit<Statement, 'code'>): FeedItem {
  const place = status.tag === 'GEI' ? 1 : 0;
  const [code, list, agency] = [0, 1, 2].map((component) => at(status, place, component).trim()) as [
    string,
    string,
    string,
  ];
  const isOfList = list === '' || by.lists === undefined || by.lists.includes(list);
  if (!isOfList || (agency !== '' && !by.agencies.includes(agency))) {
    const why = `“${code}” is of the list ${list || '(none)'} of the agency ${agency || '(none)'}, not of: ${by.title}`;
    return ignored('status.other-list', why, found.source);
  }
  const entry = codeOf(by, code);
  if (!isWithdrawal || !entry) return itemBy(by, { ...found, code });
  if (entry.means === 'released') return itemOf({ ...entry, means: 'revoked' }, { ...found, code });
  return ignored('message.withdrawal', `customs withdraws what it said: “${code}”, ${entry.says}`, found.source);
}

interface Written {
  text: string;
  /** Code of the format (2379). */
  format?: string;
}

/** The likeliest date. That of a document (137) is the message's own only before any reference, which it may date. */
function timeIn(dates: readonly Segment[], { references }: Sorted, by: Layout): Written | undefined {
  const reference = references[0]?.number ?? Infinity;
  for (const qualifier of by.dates) {
    const found = dates.find((date) => at(date, 0) === qualifier && (qualifier !== '137' || date.number < reference));
    if (found) return { text: at(found, 0, 1), format: at(found, 0, 2) };
  }
  return undefined;
}

/** When the interchange was prepared, which is soon after: where the message itself tells no time. */
function preparedAt(header: Segment | undefined): Written | undefined {
  if (!header) return undefined;
  const [date, time] = [at(header, 3), at(header, 3, 1)];
  return { text: `${date}${time}`, ...(date.length === 6 && { format: '201' }) };
}

/** Codes of errors and free text, in their order. A line that is full goes on in the next one. */
const noteIn = (notes: readonly Segment[]): string =>
  notes
    .map(({ tag, elements }) => {
      if (tag === 'ERC') return elements[0]?.[0] ?? '';
      return (elements[3] ?? [])
        .map((line) => (line.length < 70 ? `${line.trim()} ` : line))
        .join('')
        .trim();
    })
    .filter((text) => text !== '')
    .join('; ');
