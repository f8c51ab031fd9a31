/** `ta feed parse`: lines of JSON on stdout, an exit code, and no server. */
import { join, relative } from 'node:path';
import { maxBytes } from '../../clients/feeds/feed';
import { runCli, runCliWith } from '../../clients/cli/captured';
import { profileOf, readFeed } from '../../clients/feeds/profiles';
import { readFileSync } from 'node:fs';

const fixture = (name: string): string => relative('.', join(__dirname, '../fixtures/feeds/bank', name));
const lines = (stdout: string): unknown[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
const itemsOf = (profile: string, file: string, name = file) => readFeed(profileOf(profile)!, readFileSync(file), name);

test('prints one JSON line for each thing in the files, in their order', async () => {
  const [statement, credit] = [fixture('statement.german.mt940.sta'), fixture('credit.mt940.txt')];
  const { code, stdout, stderr } = await runCli('feed', 'parse', '--profile', 'mt940', statement, credit);
  // The statement has lines that a person should look at (entry.unreadable).
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(lines(stdout)).toEqual([...itemsOf('mt940', statement), ...itemsOf('mt940', credit)]);
});

test('reads standard input, byte for byte', async () => {
  const file = fixture('credit.mt910.txt');
  const { code, stdout } = await runCliWith(readFileSync(file), 'feed', 'parse', '--profile', 'mt910', '-');
  expect(code).toBe(0);
  expect(lines(stdout)).toEqual(itemsOf('mt910', file, '-'));
});

test('of a file that cannot be read one line says why; the others are read; the exit code is 1', async () => {
  const [wrong, right] = [fixture('credit.mt910.txt'), fixture('credit.camt054.v02.xml')];
  const { code, stdout, stderr } = await runCli('feed', 'parse', '--profile', 'camt.054', wrong, right, 'no-such-file');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(lines(stdout)).toEqual([
    { error: 'xml.none', why: 'this is no XML: it does not begin with <', at: `${wrong}, line 1, column 1` },
    ...itemsOf('camt.054', right),
    { error: 'file.unreadable', why: expect.stringContaining('no-such-file'), at: 'no-such-file, the file' },
  ]);
});

test('a file that is too large is refused before it is read', async () => {
  const large = Buffer.alloc(maxBytes + 1, ' ');
  const { code, stdout } = await runCliWith(large, 'feed', 'parse', '--profile', 'json', '-');
  expect({ code, lines: lines(stdout) }).toMatchObject({
    code: 1,
    lines: [{ error: 'file.too-large', at: '-, the file' }],
  });
});

test('what it prints, the profile json reads', async () => {
  const printed = await runCli('feed', 'parse', '--profile', 'camt.054', fixture('credit.camt054.v02.xml'));
  const again = await runCliWith(printed.stdout, 'feed', 'parse', '--profile', 'json', '-');
  const [first] = lines(printed.stdout) as [{ source: object }];
  expect(lines(again.stdout)).toEqual([{ ...first, source: { file: '-', message: '1', index: 0 } }]);
});

test.each([
  [['--profile', 'camt.45', 'a'], 'Did you mean camt.054'],
  [['--profile', 'constructor', 'a'], 'the profile is one of camt.054'],
  [['a'], '--profile'],
  [['--profile', 'mt940'], 'file'],
])('%j is wrong usage', async (args, says) => {
  const { code, stdout, stderr } = await runCli('feed', 'parse', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(says);
});
