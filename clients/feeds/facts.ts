/** How adapters answer: facts in the form of the order's messages, checked; all else with its code; each with its place. */
import { messages } from '../../domain/messages';
import { problemsOf } from '../../domain/parse';
import type { Fact, FactName, FactOf, FeedItem, Ignored, Source } from './feed';
import type { IgnoredCode } from './ignored';

/** What a credit's remittance text is cut to (`bankCredit` in domain/matching.ts). */
const remittanceLength = 500;

/** Something in an entry that no order can be told, thrown by whoever reads a field, and caught by `itemOf`. */
export class Unfit extends Error {
  constructor(
    /** Stable code of what is ignored, e.g. `entry.amount`. */
    readonly code: IgnoredCode,
    why: string,
  ) {
    super(why);
  }
}

/** A fact; ignored as `fact.invalid`, with the fields, when its data is not in the message's own form. */
export function factOf<Name extends FactName>(
  fact: Name,
  data: FactOf<Name>['data'],
  source: Source,
  { remittance, ...more }: Pick<FactOf<Name>, 'remittance' | 'furtherText' | 'amount' | 'transfer' | 'batch'> = {},
): FeedItem {
  const checked = messages[fact].data.safeParse(data);
  if (!checked.success) return ignored('fact.invalid', `${fact}: ${problemsOf(checked.error, 'data')}`, source);
  const text = remittance?.slice(0, remittanceLength).trim();
  return { fact, data: checked.data, ...(text && { remittance: text }), ...more, source } as Fact;
}

export const ignored = (code: IgnoredCode, why: string, source: Source): Ignored => ({ ignored: code, why, source });

/** A line for each text that is part of no message. */
export const unreadItems = (unread: readonly string[], sourceOf: (message: string) => Source): Ignored[] =>
  unread.map((text) => ignored('file.unread', `text outside the messages: “${text.slice(0, 80)}”`, sourceOf('-')));

/** The item that `read` makes; ignored when it meets something unfit. */
export function itemOf(source: Source, read: (source: Source) => FeedItem): FeedItem {
  try {
    return read(source);
  } catch (fault) {
    if (fault instanceof Unfit) return ignored(fault.code, fault.message, source);
    throw fault;
  }
}

/** What a message's id is cut to, in characters; those of the standards have 35 at most. */
const idLength = 140;

/** Places of a file's items: numbered within each message, on and on where two messages have one id. */
export function sourcesOf(file: string): (message: string) => Source {
  const next = new Map<string, number>();
  return (id) => {
    const message = id.slice(0, idLength);
    const index = next.get(message) ?? 0;
    next.set(message, index + 1);
    return { file, message, index };
  };
}
