/**
 * R30: other people's readers (mt-940 and pycamt, of the Python registry) read the same generated statements. What they read
 * is on record in test/fixtures/independent-readings.json, so that the comparison runs everywhere; where Python has both
 * (`pip install mt-940==5.1.1 pycamt==1.1.1`; PYTHON names another interpreter), they read again, and must read the same.
 * `RECORD_READINGS=1` records anew.
 */
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedItem } from '../../clients/feeds/feed';
import { line61Of } from '../../clients/feeds/bank/mt940';
import { messagesOf } from '../../clients/feeds/bank/mt';
import { profileOf, readFeed } from '../../clients/feeds/profiles';
import { readIndependently, type IndependentEntry, type IndependentReading } from '../support/independent-readers';
import { camtOf, mt940Of, mtDialects, trueStatement, type TrueStatement } from '../support/bank-statements';

const path = join(__dirname, '../fixtures/independent-readings.json');

interface Recorded {
  statements: TrueStatement[];
  /** By dialect, of each statement. */
  readings: Record<string, IndependentReading[]>;
}

const writers: Record<string, { profile: 'mt940' | 'camt.053'; write: (statement: TrueStatement) => string }> = {
  ...Object.fromEntries(
    mtDialects.map((dialect) => [
      dialect.name,
      { profile: 'mt940' as const, write: (statement: TrueStatement) => mt940Of(statement, dialect) },
    ]),
  ),
  ...Object.fromEntries(
    (['camt.053.001.02', 'camt.053.001.08'] as const).map((version) => [
      version,
      { profile: 'camt.053' as const, write: (statement: TrueStatement) => camtOf(statement, version) },
    ]),
  ),
};

/** What the other readers cannot read, and why; ours reads it by the truth (feed-truth.test.ts). */
const explained: Record<string, string> = {
  'Sparkasse, line ends in tags': 'mt-940 finds no field whose tag is broken over two lines',
  'Commerzbank, Deutsche Bank': 'mt-940 takes no blank before the transaction type, and goes on with the last entry',
};

function readByOthers(statements: readonly TrueStatement[]): Recorded['readings'] | undefined {
  const files = Object.values(writers).flatMap(({ profile, write }) =>
    statements.map((statement) => ({ profile, text: write(statement) })),
  );
  const read = readIndependently(files);
  const count = statements.length;
  const readings = Object.keys(writers).map((name, i) => [name, read?.slice(i * count, (i + 1) * count)] as const);
  return read && (Object.fromEntries(readings) as Recorded['readings']);
}

if (process.env['RECORD_READINGS'] === '1') {
  const statements = fc.sample(trueStatement, { seed: 7, numRuns: 8 });
  writeFileSync(path, `${JSON.stringify({ statements, readings: readByOthers(statements) })}\n`);
}
const recorded = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
// JSON has no undefined.
const statements = recorded.statements.map((statement) => ({
  ...statement,
  entries: statement.entries.map((one) => ({ ...one, reference: one.reference, endToEnd: one.endToEnd })),
}));

/** What we read of credits; what the other one reads of them. */
const ours = (items: readonly FeedItem[]): IndependentEntry[] =>
  items.flatMap((item) => {
    if (!('fact' in item) || item.fact !== 'paymentCredited') return [];
    const { amount, valueDate, entryReference } = item.data;
    const reference = /^(digest|e2e):/.test(entryReference) ? null : entryReference;
    return [{ side: 'credit' as const, amount: amount.amount, valueDate, reference }];
  });

describe('R30 an independent reader reads the same', () => {
  test('every dialect is on record', () => {
    expect(Object.keys(recorded.readings).sort()).toEqual(Object.keys(writers).sort());
    expect(recorded.statements.length).toBeGreaterThan(5);
  });

  test.each(Object.keys(writers))('%s', (name) => {
    const { profile, write } = writers[name]!;
    const differing = statements.filter((statement, i) => {
      const theirs = recorded.readings[name]![i]!;
      const mine = ours(readFeed(profileOf(profile)!, Buffer.from(write(statement)), 'f'));
      return (
        !Array.isArray(theirs) ||
        JSON.stringify(theirs.filter(({ side }) => side === 'credit')) !== JSON.stringify(mine)
      );
    });
    expect(differing.length > 0).toBe(name in explained);
  });

  test('debits, too: every field 61 has the same side and amount', () => {
    for (const [name, { profile, write }] of Object.entries(writers)) {
      if (profile !== 'mt940' || name in explained) continue;
      for (const [i, statement] of statements.entries()) {
        const lines = messagesOf(Buffer.from(write(statement))).flatMap(({ fields }) =>
          fields.filter(({ tag }) => tag === '61').map(line61Of),
        );
        const mine = lines.map((line) => [line?.mark === 'C' ? 'credit' : 'debit', line?.amount.replace(/^0+,|,/, '')]);
        const theirs = recorded.readings[name]![i] as IndependentEntry[];
        expect(mine.map(([side, amount]) => [side, Number(amount)])).toEqual(
          theirs.map(({ side, amount }) => [side, amount]),
        );
      }
    }
  });

  test('where Python has the readers, what is on record is what they read', () => {
    const now = readByOthers(statements) ?? recorded.readings;
    expect(now).toEqual(recorded.readings);
  });
});
