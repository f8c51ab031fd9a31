/**
 * What is in a delivery, as rows of the inbox: facts with the id of the message that tells them, and of all else why it is
 * none. Pure: bytes in, rows out.
 */
import { createHash } from 'node:crypto';
import { turnOf, type Delivery, type RowFact } from '../../domain/inbox';
import { messages } from '../../domain/messages';
import { problemsOf } from '../../domain/parse';
import { isPairsAccount } from '../../domain/scheme';
import type { NewRow } from '../../store/inbox';
import { withWords } from './bank/texts';
import { FeedError, type Fact, type FeedItem, type FeedProfile } from './feed';
import { isForPeople } from './ignored';
import { readFeed } from './profiles';

/** A delivery as it was read. */
export interface Reading {
  state: 'read' | 'unreadable';
  rows: NewRow[];
}

/** What of a delivery says how it is read. */
export type ReadAs = Pick<Delivery, 'profile' | 'file'>;

/** The rows of a delivery; of one that cannot be read, the row that says why. */
export function rowsOf(of: ReadAs, body: Uint8Array, profile: FeedProfile | undefined): Reading {
  if (!profile) return unreadable('feed.profile-unknown', `no format “${of.profile}” is known`);
  try {
    const items = readFeed(profile, body, of.file);
    const rows = items.map((item, index) => rowOf(item, index));
    const nothing = { index: -1, state: 'ignored', code: 'file.no-items' } as const;
    const why = 'there is nothing in it that anybody might need';
    return { state: 'read', rows: rows.length > 0 ? rows : [{ ...nothing, why }] };
  } catch (fault) {
    return fault instanceof FeedError
      ? unreadable(fault.code, `${fault.message} (at ${fault.at})`)
      : unreadable('feed.failed', String(fault));
  }
}

/** The reading of what cannot be read: one row says why. */
export const unreadable = (code: string, why: string): Reading => ({
  state: 'unreadable',
  rows: [{ index: -1, state: 'dead', code, why: why.slice(0, 1000) }],
});

function rowOf(item: FeedItem, index: number): NewRow {
  const at = item.source;
  if ('ignored' in item) {
    const state = isForPeople(item.ignored) ? 'dead' : 'ignored';
    return { index, at, state, code: item.ignored, why: item.why.slice(0, 1000) };
  }
  const { fact, amount, transfer } = item;
  const remittance = withWords(item.remittance, [item.furtherText]);
  const parsed = messages[fact].data.safeParse(item.data);
  const told = {
    index,
    at,
    fact,
    ...(remittance !== undefined && { remittance }),
    ...(amount && { amount }),
    ...(transfer && { transfer }),
  };
  if (!parsed.success)
    return { ...told, data: item.data, state: 'dead', code: 'message.invalid', why: problemsOf(parsed.error) };
  if (item.batch) {
    const { transactions, detailsIn } = item.batch;
    const why =
      `the sum of ${transactions ?? 'several'} transactions without their details` +
      `${detailsIn === undefined ? '' : `, which are in ${detailsIn}`}: book each of them, and close this, or the money is counted twice`;
    return { ...told, data: item.data, state: 'dead', code: 'credit.batch', why };
  }
  const { data } = parsed;
  const key = turnOf({ fact, data } as RowFact, isPairsAccount);
  return { ...told, data, state: 'pending', key, message: messageIdOf({ ...item, data } as Fact) };
}

/**
 * The id of the message that a fact is told by: of its content, so that whatever file brings the same fact brings the same
 * message. Where formats say more or less of one fact (the payer's name, say) the messages differ, and the order itself
 * knows the entry, or the declaration and its time, again.
 */
const messageIdOf = ({ fact, data }: Fact): string =>
  `${fact}:${createHash('sha256').update(canonical(data)).digest('hex').slice(0, 40)}`;

/** JSON in which the order of fields says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
