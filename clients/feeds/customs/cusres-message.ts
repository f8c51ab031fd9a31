/**
 * One message CUSRES: the status stands in GIS (GEI in the later directories), the declaration in RFF or BGM, the time in DTM,
 * errors and words in ERC and FTX.
 */
import { at, type Segment } from '../edifact';
import { ignored } from '../facts';
import { FeedError, type FeedItem, type Source } from '../feed';
import { codeOf, type CodeList } from './code-list';
import { instantOf } from './stamp';
import { itemBy, itemOf, type Statement } from './word';

type Layout = NonNullable<CodeList['edifact']>;
/** A list that tells where CUSRES has what. */
export type Reading = CodeList & Layout;

/** A message as far as it has been read: of its segments those that matter, by what they are for. */
export interface Draft {
  /** UNH. */
  header: Segment;
  /** How many there are, with UNH and UNT. */
  segments: number;
  /** Whether what comes now is about one item of the goods: a status there is not the declaration's. */
  isInItems: boolean;
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

export const begun = (header: Segment): Draft => ({
  header,
  segments: 1,
  isInItems: false,
  bgm: undefined,
  statuses: [],
  references: [],
  dates: [],
  notes: [],
});

/** A message is kept until it ends; no declaration has so many. */
const maxSegments = 100_000;

/** @throws FeedError `edifact.too-long` */
export function add(message: Draft, segment: Segment): void {
  message.segments += 1;
  if (message.segments > maxSegments) {
    const why = `More than ${maxSegments} segments without a UNT; send the declarations one by one`;
    throw new FeedError('edifact.too-long', why, `segment ${message.header.number}, UNH`);
  }
  if (message.isInItems) return;
  const { tag } = segment;
  if (tag === 'CST') message.isInItems = true;
  else if (tag === 'BGM') message.bgm ??= segment;
  else if (tag === 'GIS' || tag === 'GEI') message.statuses.push(segment);
  else if (tag === 'RFF' || tag === 'DOC') message.references.push(segment);
  else if (tag === 'DTM') message.dates.push(segment);
  else if (tag === 'FTX' || tag === 'ERC') message.notes.push(segment);
}

/** What a message says, status by status. */
export function sayings(message: Draft, interchange: Segment | undefined, by: Reading, source: () => Source) {
  const parts = partsOf(message, by);
  if (!parts) {
    const why = 'statuses stand before several declarations and between them: nobody can tell which is whose';
    return [ignored('status.ambiguous', why, source())];
  }
  const items: FeedItem[] = [];
  const isWithdrawal = message.bgm !== undefined && at(message.bgm, 2) === '1';
  for (const { declaration, statuses, dates, notes } of parts) {
    const written = timeIn(dates, message, by) ?? preparedAt(interchange);
    const read = written && instantOf(written.text, by.zone, written.format);
    const note = noteIn(notes);
    const found = { declaration, at: read, written: written?.text, note };
    if (statuses.length === 0) items.push(itemBy(by, '', { ...found, source: source() }));
    for (const status of statuses) items.push(itemOfStatus(status, isWithdrawal, by, { ...found, source: source() }));
  }
  return items;
}

/** What a message says of one declaration. */
interface Part extends Pick<Draft, 'statuses' | 'dates' | 'notes'> {
  /** Numbers of the declaration, the likeliest first. */
  declaration: string[];
}

/** A part for each declaration that a message names; undefined when its statuses cannot be told apart. */
function partsOf(message: Draft, { declaration: qualifiers }: Layout): Part[] | undefined {
  const named = qualifiers.map((qualifier) => namedBy(message, qualifier));
  const numbers = named.flatMap((found) => found.map(numberOf));
  const likeliest = named.find((found) => found.length > 0) ?? [];
  const starts = likeliest.filter((one, i) => i === 0 || numberOf(one) !== numberOf(likeliest[i - 1]));
  const { statuses, dates, notes } = message;
  const [first] = starts;
  if (first === undefined || starts.length === 1) return [{ declaration: numbers, statuses, dates, notes }];
  const isBefore = ({ number }: Segment) => number < first.number;
  if (statuses.some(isBefore) && !statuses.every(isBefore)) return undefined;
  return starts.map((start, i) => {
    const end = starts[i + 1]?.number ?? Infinity;
    const isOwn = ({ number }: Segment) => number >= start.number && number < end;
    const own = (all: Segment[]) => [...all.filter(isOwn), ...all.filter(isBefore)];
    return { declaration: [numberOf(start)], statuses: own(statuses), dates: own(dates), notes: own(notes) };
  });
}

function namedBy({ bgm, references }: Draft, qualifier: string): Segment[] {
  if (qualifier === 'BGM') return bgm ? [bgm] : [];
  return references.filter((one) => one.tag === 'RFF' && at(one, 0).toUpperCase() === qualifier);
}

const numberOf = (segment: Segment | undefined): string =>
  segment === undefined ? '' : segment.tag === 'BGM' ? at(segment, 1) : at(segment, 0, 1);

function itemOfStatus(status: Segment, isWithdrawal: boolean, by: Reading, found: Statement): FeedItem {
  const place = status.tag === 'GEI' ? 1 : 0;
  const [code, list, agency] = [at(status, place).trim(), at(status, place, 1), at(status, place, 2)];
  const isOfList = list === '' || by.lists === undefined || by.lists.includes(list);
  if (!isOfList || (agency !== '' && !by.agencies.includes(agency))) {
    const of = `the list ${list.slice(0, 17) || '(none)'} of the agency ${agency.slice(0, 3) || '(none)'}`;
    return ignored('status.other-list', `“${code.slice(0, 40)}” is of ${of}, not of: ${by.title}`, found.source);
  }
  const entry = codeOf(by, code);
  if (!isWithdrawal || !entry) return itemBy(by, code, found);
  if (entry.means === 'released') return itemOf({ ...entry, means: 'revoked' }, code, found);
  return ignored('message.withdrawal', `customs withdraws what it said: “${code}”, ${entry.says}`, found.source);
}

interface Written {
  text: string;
  /** Code of the format (2379). */
  format?: string;
}

/** The likeliest date. That of a document (137) is the message's own only before any reference, which it may date. */
function timeIn(dates: readonly Segment[], { references }: Draft, by: Layout): Written | undefined {
  const reference = references[0]?.number ?? Infinity;
  let [best, rank] = [undefined as Segment | undefined, Infinity];
  for (const date of dates) {
    const qualifier = at(date, 0);
    const place = by.dates.indexOf(qualifier);
    if (place === -1 || place >= rank || (qualifier === '137' && date.number > reference)) continue;
    [best, rank] = [date, place];
  }
  return best && { text: at(best, 0, 1), format: at(best, 0, 2) };
}

/** When the interchange was prepared, which is soon after: where the message itself tells no time. */
function preparedAt(interchange: Segment | undefined): Written | undefined {
  if (!interchange) return undefined;
  const [date, time] = [at(interchange, 3), at(interchange, 3, 1)];
  return { text: `${date}${time}`, ...(date.length === 6 && { format: '201' }) };
}

/** Codes of errors and free text, in their order. A line that is full goes on in the next one. */
function noteIn(notes: readonly Segment[]): string {
  let note = '';
  for (const segment of notes) {
    let text = '';
    if (segment.tag === 'ERC') text = at(segment, 0);
    else for (const line of segment.elements[3] ?? []) text += line.length < 70 ? `${line.trim()} ` : line;
    text = text.trim();
    if (text !== '') note += note === '' ? text : `; ${text}`;
  }
  return note;
}
