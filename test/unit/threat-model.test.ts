/** The threat model names tests that exist; and no source holds a secret. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/explanation/threat-model.md');

const rows = [...page.matchAll(/^\| ([STRIDE]) +\| (.+?) +\| (.+?) +\| `(test\/[\w/.-]+)` “(.+?)” +\|$/gm)].map(
  ([, letter = '', threat = '', , file = '', title = '']) => ({ letter, threat, file, title }),
);

test('every row of a table has its threat, and a test in a file', () => {
  const lines = page.split('\n').filter((line) => /^\| [A-Z] /.test(line));
  expect(rows).toHaveLength(lines.length);
  expect(new Set(rows.map(({ letter }) => letter))).toEqual(new Set('STRIDE'));
});

test('the tests that it names exist', () => {
  const missing = rows.filter(({ file, title }) => !read(file).includes(`'${title}'`));
  expect(missing).toEqual([]);
});

/** What secrets look like in a source; those of development are public, and say so. */
const secrets = [
  /whsec_[A-Za-z0-9+/]{32,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /\b(?:password|secret|token)\s*[:=]\s*'[A-Za-z0-9+/=_-]{16,}'/i,
];

test('no source of ours holds a secret', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /\.(?:[cm]?[jt]sx?|json|ya?ml|md|sh|env)$/.test(file))
    .filter((file) => !/^(?:test\/|bench\/|package-lock\.json|ops\/compose\/dev\.env)/.test(file));
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) =>
    secrets.filter((one) => one.test(read(file))).map((one) => `${file}: ${String(one)}`),
  );
  expect(found).toEqual([]);
});
