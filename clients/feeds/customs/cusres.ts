/**
 * Customs' responses in UN/EDIFACT, message CUSRES of the directories D.96A to D.04A: any number of messages in any number of
 * interchanges. Where a message has what, says the list of codes, of which there is one for the standard and one for each
 * country that has its own.
 */
import { at, segmentsOf, type Segment } from '../edifact';
import { ignored, sourcesOf } from '../facts';
import { FeedError, type FeedItem, type FeedProfile, type Source } from '../feed';
import { codeLists, type CodeList } from './code-list';
import { add, begun, sayings, type Draft, type Reading } from './cusres-message';

/** One for each list of codes that tells where CUSRES has what. */
export const cusresProfiles: readonly FeedProfile[] = Object.values<CodeList>(codeLists).flatMap((list) => {
  const { edifact, profile: name, title: says } = list;
  if (!edifact) return [];
  return [{ name, kinds: ['customs'], says, parse: (bytes, file) => parse(bytes, file, { ...list, ...edifact }) }];
});

/** The interchange that is open: what has stood in it so far. */
interface Interchange {
  /** UNB, which a file of bare messages has not. */
  header: Segment | undefined;
  messages: number;
  groups: number;
}

function parse(bytes: Uint8Array, file: string, by: Reading): FeedItem[] {
  const items: FeedItem[] = [];
  const others: FeedItem[] = [];
  const sourceIn = sourcesOf(file);
  let interchange: Interchange = { header: undefined, messages: 0, groups: 0 };
  let open: Draft | undefined;
  let stray: Segment | undefined;
  for (const segment of segmentsOf(bytes)) {
    const { tag, unread } = segment;
    if (unread !== undefined)
      others.push(ignored('file.unread', `text outside the interchanges: “${unread}”`, sourceIn('-')));
    else if (open) {
      add(open, segment);
      if (tag === 'UNT') {
        interchange.messages += 1;
        for (const item of itemsOf(open, segment, interchange.header, by, sourceIn)) items.push(item);
        open = undefined;
      } else if (service.has(tag)) throw notEnded(open);
    } else if (tag === 'UNH') open = begun(segment);
    else if (tag === 'UNB') {
      others.push(...notEndedBy(interchange, sourceIn));
      interchange = { header: segment, messages: 0, groups: 0 };
    } else if (tag === 'UNG') interchange.groups += 1;
    else if (tag === 'UNZ') {
      const counts = countOf(interchange, segment, sourceIn);
      items.push(...counts);
      // A count that differs says already that something is not read.
      if (counts.length === 0) others.push(...straysOf(stray, sourceIn));
      stray = undefined;
      interchange = { header: undefined, messages: 0, groups: 0 };
    } else if (tag !== 'UNE') stray ??= segment;
  }
  others.push(...straysOf(stray, sourceIn), ...notEndedBy(interchange, sourceIn));
  if (open) throw notEnded(open);
  if (items.length === 0)
    throw new FeedError('cusres.none', 'There is no message in the file (UNH)', 'end of the file');
  return [...items, ...others];
}

/** Without its UNZ nobody knows how many messages an interchange has. */
function notEndedBy({ header, messages }: Interchange, sourceIn: SourceIn): FeedItem[] {
  if (!header) return [];
  const why = `the interchange ends without UNZ, after ${messages} messages; ask the sender for what is missing`;
  return [ignored('interchange.count', why, sourceIn(at(header, 4)))];
}

/** A line for the segments that stand outside the messages. */
const straysOf = (stray: Segment | undefined, sourceIn: SourceIn): FeedItem[] =>
  stray
    ? [
        ignored(
          'file.unread',
          `segment ${stray.number}, ${stray.tag.slice(0, 40)}, stands outside the messages`,
          sourceIn('-'),
        ),
      ]
    : [];

/** Segments that no message has within. */
const service = new Set(['UNB', 'UNG', 'UNH', 'UNE', 'UNZ']);

const notEnded = ({ header }: Draft): FeedError =>
  new FeedError(
    'edifact.truncated',
    'A message is not ended by UNT. Nothing of the file is taken: send it again, whole',
    `segment ${header.number}, UNH`,
  );

type SourceIn = (message: string) => Source;

/** Counts that do not fit refuse nothing: what is here is here. But somebody should ask for the rest. */
function countOf({ header, messages, groups }: Interchange, end: Segment, sourceIn: SourceIn): FeedItem[] {
  const said = Number(at(end, 0));
  if (said === messages || (groups > 0 && said === groups)) return [];
  const why = `UNZ counts ${said}, here are ${messages} messages in ${groups} groups; ask the sender for what is missing`;
  return [ignored('interchange.count', why, sourceIn(header ? at(header, 4) : ''))];
}

function itemsOf(message: Draft, end: Segment, header: Segment | undefined, by: Reading, sourceIn: SourceIn) {
  const reference = at(message.header, 0);
  const id = header ? `${at(header, 4)}/${reference}` : reference;
  const type = at(message.header, 1).toUpperCase();
  if (type !== 'CUSRES')
    return [ignored('message.other', `${type.slice(0, 6)} is no response of customs`, sourceIn(id))];
  if (header && at(header, 10) === '1')
    return [ignored('message.test', 'the sender marks the interchange as a test (0035)', sourceIn(id))];
  const items = sayings(message, header, by, () => sourceIn(id));
  const said = Number(at(end, 0));
  if (said !== message.segments) {
    const why = `UNT counts ${said} segments, here are ${message.segments}; what is here is taken`;
    items.push(ignored('message.count', why, sourceIn(id)));
  }
  return items;
}
