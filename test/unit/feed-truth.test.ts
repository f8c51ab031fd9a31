/**
 * R30: generated statements with known truth, written in every dialect, are read back exactly; and no accident to a file
 * loses money in silence: the credits are the same, or a line is for people, or the balances no longer fit.
 */
import fc from 'fast-check';
import { FeedError, type FeedItem } from '../../clients/feeds/feed';
import { statementsOf } from '../../clients/feeds/bank/statement';
import { isForPeople } from '../../clients/feeds/ignored';
import { profileOf, readFeed } from '../../clients/feeds/profiles';
import {
  camtOf,
  camtVersions,
  closingOf,
  mt940Of,
  mtDialects,
  trueStatement,
  type TrueEntry,
  type TrueStatement,
} from '../support/bank-statements';

const read = (profile: string, text: string): FeedItem[] => readFeed(profileOf(profile)!, Buffer.from(text), 'f');

/** What of an entry every dialect brings. */
const truthOf = ({ account }: TrueStatement, { side, amount, reference, day }: TrueEntry) =>
  side === 'debit'
    ? 'entry.debit'
    : { account, amount, valueDate: `2026-05-${String(day).padStart(2, '0')}`, reference: reference ?? 'none' };

const readingOf = (item: FeedItem) => {
  if ('ignored' in item) return item.ignored;
  if (item.fact !== 'paymentCredited') return item.fact;
  const { account, amount, valueDate, entryReference } = item.data;
  const reference = /^(digest|e2e):/.test(entryReference) ? 'none' : entryReference;
  return { account, amount: amount.amount, valueDate, reference };
};

/** The words, wherever they are: what names the order. */
const wordsOf = (item: FeedItem): string =>
  'fact' in item && item.fact === 'paymentCredited' ? `${item.remittance ?? ''} ${item.furtherText ?? ''}` : '';

function expectTruth(statement: TrueStatement, items: readonly FeedItem[]): void {
  expect(items.map(readingOf)).toEqual(statement.entries.map((one) => truthOf(statement, one)));
  for (const [i, item] of items.entries())
    if ('fact' in item) expect(wordsOf(item)).toContain(statement.entries[i]!.text);
  const references = items.flatMap((item) => ('fact' in item ? [Object(item.data).entryReference as string] : []));
  expect(new Set(references).size).toBe(references.length);
}

describe('R30 statements with known truth come back exactly (fast-check)', () => {
  test.each(mtDialects.map((dialect) => [dialect.name, dialect] as const))('MT940: %s', (_, dialect) => {
    fc.assert(
      fc.property(trueStatement, (statement) => expectTruth(statement, read('mt940', mt940Of(statement, dialect)))),
      { numRuns: 150 },
    );
  });

  test.each(camtVersions)('%s', (version) => {
    fc.assert(
      fc.property(trueStatement, (statement) =>
        expectTruth(statement, read(version.slice(0, 8), camtOf(statement, version))),
      ),
      { numRuns: 150 },
    );
  });

  test('the reconciliation reads the same balances and sums', () => {
    const dialects = fc.constantFrom(...mtDialects.filter(({ page }) => page === Infinity));
    fc.assert(
      fc.property(trueStatement, dialects, (statement, dialect) => {
        const sum = (side: string) =>
          statement.entries.reduce((total, one) => total + (one.side === side ? one.amount : 0), 0);
        const expected = [
          {
            ...{ account: statement.account, currency: 'USD', date: '2026-05-05' },
            ...{
              credits: sum('credit'),
              debits: sum('debit'),
              opening: statement.opening,
              closing: closingOf(statement),
            },
          },
        ];
        expect(statementsOf('mt940', Buffer.from(mt940Of(statement, dialect)))).toMatchObject(expected);
        expect(statementsOf('camt.053', Buffer.from(camtOf(statement, 'camt.053.001.08')))).toMatchObject(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('two statements of a file, and the same file sent again, change nothing', () => {
    fc.assert(
      fc.property(trueStatement, trueStatement, fc.constantFrom(...mtDialects), (one, two, dialect) => {
        fc.pre(one.account !== two.account);
        const [first, second] = [mt940Of(one, dialect), mt940Of(two, dialect)];
        const both = read('mt940', first + second);
        expectTruth(one, both.slice(0, one.entries.length));
        expectTruth(two, both.slice(one.entries.length));
        expect(read('mt940', first)).toEqual(read('mt940', first));
      }),
      { numRuns: 100 },
    );
  });
});

/** An accident to a text, by its lines. */
const accident = fc.record({
  what: fc.constantFrom('drop', 'repeat', 'swap', 'join', 'cut', 'insert', 'blank'),
  at: fc.noBias(fc.nat(9999)).map((n) => n / 10_000),
  junk: fc.constantFrom('junk', ':99:x', '-', ':20:', ':61:', '{4:', '-}', '   ', ':62F:', ':86:more', '\0', '<Ntry>'),
});

function afterAccident(text: string, { what, at, junk }: { what: string; at: number; junk: string }): string {
  const lines = text.split('\n');
  const i = Math.floor(at * lines.length);
  const [line = '', next = ''] = lines.slice(i, i + 2);
  switch (what) {
    case 'drop':
      lines.splice(i, 1);
      break;
    case 'repeat':
      lines.splice(i, 0, line);
      break;
    case 'swap':
      lines.splice(i, 2, next, line);
      break;
    case 'join':
      lines.splice(i, 2, line + next);
      break;
    case 'cut':
      return text.slice(0, Math.floor(at * text.length));
    case 'insert':
      lines.splice(i, 0, junk);
      break;
    default:
      lines.splice(i, 1, line.slice(0, Math.floor(line.length / 2)));
  }
  return lines.join('\n');
}

/** What a file says is there, when every line is understood; else why people will look. */
function moneyIn(profile: 'mt940' | 'camt.053', text: string) {
  try {
    const items = read(profile, text);
    if (items.some((item) => 'ignored' in item && isForPeople(item.ignored))) return 'a line is for people';
    const statements = statementsOf(profile, Buffer.from(text));
    const isWhole = ({ opening, closing, credits, debits }: (typeof statements)[number]) =>
      opening !== undefined && closing !== undefined && opening + credits - debits === closing;
    if (statements.length === 0 || !statements.every(isWhole)) return 'balances do not fit';
    return items.map(readingOf).filter((one) => typeof one !== 'string' || one !== 'entry.debit');
  } catch (fault) {
    if (fault instanceof FeedError) return 'the file is refused';
    throw fault;
  }
}

describe('R30 no accident loses money in silence (fast-check)', () => {
  const seen = new Map<string, number>();
  afterAll(() => {
    // Each way of being seen was met, and whole files, too.
    for (const way of ['a line is for people', 'balances do not fit', 'the file is refused', 'read'])
      expect([way, (seen.get(way) ?? 0) > 10]).toEqual([way, true]);
  });

  const isSilent = (profile: 'mt940' | 'camt.053', statement: TrueStatement, text: string): boolean => {
    const money = moneyIn(profile, text);
    const way = typeof money === 'string' ? money : 'read';
    seen.set(way, (seen.get(way) ?? 0) + 1);
    if (typeof money === 'string') return false;
    const sums = (amounts: readonly number[]) => amounts.toSorted((a, b) => a - b);
    const read = sums(money.map((one) => (typeof one === 'string' ? 0 : one.amount)));
    const booked = sums(statement.entries.flatMap(({ side, amount }) => (side === 'credit' ? [amount] : [])));
    return JSON.stringify(read) !== JSON.stringify(booked);
  };

  test.each(mtDialects.filter(({ page }) => page === Infinity).map((dialect) => [dialect.name, dialect] as const))(
    'MT940: %s',
    (_, dialect) => {
      fc.assert(
        fc.property(
          trueStatement,
          accident,
          (statement, what) => !isSilent('mt940', statement, afterAccident(mt940Of(statement, dialect), what)),
        ),
        { numRuns: 300 },
      );
    },
  );

  test('camt.053', () => {
    const inLines = (text: string) => text.replaceAll('><', '>\n<');
    fc.assert(
      fc.property(
        trueStatement,
        accident,
        (statement, what) =>
          !isSilent('camt.053', statement, afterAccident(inLines(camtOf(statement, 'camt.053.001.08')), what)),
      ),
      { numRuns: 300 },
    );
  });
});
