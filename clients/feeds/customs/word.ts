/**
 * What customs says of one declaration, as the order's own message, or why it is none (R32). Every adapter of customs ends
 * here: it finds the code, the declaration, the time and the note; the code's list says what they mean.
 */
import { factOf, ignored } from '../facts';
import type { FactName, FeedItem, Source } from '../feed';
import { codeOf, silences, type Code, type CodeList, type Word } from './code-list';

/** What stands in a file beside the code of a status, as found. */
export interface Statement {
  /** The declaration's number; the first that is one counts. */
  declaration: readonly (string | undefined)[];
  /** When: an instant in UTC, when it could be read. */
  at: string | undefined;
  /** What was written for the time, for the one who looks into it. */
  written?: string | undefined;
  note?: string | undefined;
  source: Source;
}

/** A status as the sender codes it, by its list. */
export function itemBy(list: CodeList, code: string, statement: Statement): FeedItem {
  const entry = codeOf(list, code);
  if (entry) return itemOf(entry, code, statement);
  const { source } = statement;
  const why = code === '' ? 'no status is given' : `“${clip(code, 40)}” is not in the list: ${list.title}`;
  return ignored(code === '' ? 'status.missing' : 'status.unknown', why, source);
}

/** The same by the entry of its code, which the caller may have changed. */
export function itemOf(entry: Code, code: string, statement: Statement): FeedItem {
  const { declaration, at, written, source } = statement;
  const told = `“${code}”, ${entry.says}${entry.original === undefined ? '' : ` (${entry.original})`}`;
  const { means } = entry;
  if (!isWord(means)) return ignored(`status.${means}`, `${told}: ${silences[means]}`, source);
  const number = firstNumber(declaration);
  if (number === undefined)
    return ignored('declaration.missing', `${told}, but of no declaration that is named; ask the sender`, source);
  if (at === undefined)
    return ignored(
      'time.unreadable',
      `${told}, but ${written ? `“${clip(written, 60)}” is no time` : 'no time is given'}; ask the sender`,
      source,
    );
  const note = isNoted(means) ? clip((statement.note ?? '').trim(), 500) : '';
  return tell(means, number, at, note, source);
}

const isNoted = (word: Word): boolean => word !== 'released' && word !== 'revoked';

const isWord = (means: Code['means']): means is Word => Object.hasOwn(factNames, means);

/** The message that tells an order each word. */
export const factNames = {
  released: 'customsReleased',
  held: 'customsHeld',
  returned: 'customsReturned',
  cancelled: 'customsCancelled',
  revoked: 'customsRevoked',
} as const satisfies Record<Word, FactName>;

function tell(word: Word, declaration: string, at: string, text: string, source: Source): FeedItem {
  const note = text === '' ? {} : { note: text };
  switch (word) {
    case 'released':
      return factOf(factNames[word], { declaration, releasedAt: at }, source);
    case 'revoked':
      return factOf(factNames[word], { declaration, revokedAt: at }, source);
    case 'held':
      return factOf(factNames[word], { declaration, heldAt: at, ...note }, source);
    case 'returned':
      return factOf(factNames[word], { declaration, returnedAt: at, ...note }, source);
    case 'cancelled':
      return factOf(factNames[word], { declaration, cancelledAt: at, ...note }, source);
  }
}

/** Numbers are written in groups here and there; and zeros stand for one that is not given yet. */
function firstNumber(written: readonly (string | undefined)[]): string | undefined {
  for (const one of written) {
    const bare = one?.replace(/\s+/g, '') ?? '';
    if (/[^0]/.test(bare)) return bare;
  }
  return undefined;
}

/** At most so many characters. */
function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // Not through the middle of a character of two units.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
