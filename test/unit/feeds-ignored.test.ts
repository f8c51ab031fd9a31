/** What in a file is no fact: every code is documented, as what nobody needs to know or as what a person should look at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ignoredCodes, isForPeople, type IgnoredCode } from '../../clients/feeds/ignored';

const page = readFileSync(join(__dirname, '../../docs/reference/feeds.md'), 'utf8');
const [, quiet = '', look = ''] =
  /\n\| nobody needs to know[^\n]*\n([^]*?)\n\n\| a person should look[^\n]*\n([^]*?)\n\n/.exec(page) ?? [];
const codesOf = (table: string): string[] =>
  table.split('\n').flatMap((line) => (line.split('|')[1] ?? '').match(/[a-z]+\.[a-z-]+/g) ?? []);

test('the reference lists every code where it belongs', () => {
  const codes = Object.keys(ignoredCodes) as IgnoredCode[];
  expect(codesOf(look).sort()).toEqual(codes.filter(isForPeople).sort());
  expect(codesOf(quiet).sort()).toEqual(codes.filter((code) => !isForPeople(code)).sort());
});

test('what an order may need is never quiet', () => {
  for (const code of [
    'time.unreadable',
    'declaration.missing',
    'fact.invalid',
    'status.unknown',
    'entry.reference',
  ] as const)
    expect([code, isForPeople(code)]).toEqual([code, true]);
  for (const code of ['entry.debit', 'entry.pending', 'entry.informational'] as const)
    expect([code, isForPeople(code)]).toEqual([code, false]);
});
