/** The documentation says what is: rules, files, tests and links exist, and generated pages are up to date. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { stalePages } from '../../ops/docs';
import { blocksOf } from '../support/pages';

const root = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesOf = (folder: string, end: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

/** Every rule has a number up to this. */
const lastRule = 58;
const ruleNumbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const inScope = ruleNumbers(1, lastRule);
/** The main road as a whole: no line of code of its own, but the script that plays it, and its tests. */
const ofTheWhole = [7];

/** Numbers of the rules that a text cites; `R53–R55` is three. */
function cited(text: string): Set<number> {
  const found = text.matchAll(/\bR(\d+)(?:[–-]R(\d+))?\b/g);
  return new Set([...found].flatMap(([, from, to]) => ruleNumbers(Number(from), Number(to ?? from))));
}

interface RuleRow {
  rule: number;
  status: string;
  code: string;
  tests: string;
}

const rows: RuleRow[] = [...read('docs/rules.md').matchAll(/^\| R(\d+) +\|(.*)\|$/gm)].flatMap(([, rule, cells]) => {
  const [, status, code, tests] = (cells ?? '').split(' |').map((cell) => cell.replace(/^\|/, '').trim());
  return status === undefined ? [] : [{ rule: Number(rule), status, code: code ?? '', tests: tests ?? '' }];
});

/** `file.ts` with what is named after it, up to the next file: identifiers in the code, “names” of tests. */
function named(cell: string): { path: string; names: string[] }[] {
  const found: { path: string; names: string[] }[] = [];
  for (const [, code, name] of cell.matchAll(/`([^`]+)`|“(.+?)”(?=[,;]|$)/g)) {
    if (code?.includes('/')) found.push({ path: code, names: [] });
    else found.at(-1)?.names.push(code ?? name ?? '');
  }
  return found;
}

/** Names of the describes and tests of a file. */
function testNames(path: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText())) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteralLike(name)) names.push(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));
  return names;
}

describe('docs/rules.md', () => {
  test('has a row for every rule, with a status', () => {
    const numbers = rows.map(({ rule }) => rule).sort((a, b) => a - b);
    expect(numbers).toEqual(ruleNumbers(1, lastRule));
    expect(rows.filter(({ status }) => !['done', 'partly', 'not yet'].includes(status))).toEqual([]);
    expect(rows.filter(({ status, code }) => (status === 'not yet') !== (code === ''))).toEqual([]);
  });

  test('names files that exist, and what is in them', () => {
    for (const { rule, code } of rows)
      for (const { path, names } of named(code)) {
        expect({ rule, path, exists: existsSync(join(root, path)) }).toEqual({ rule, path, exists: true });
        const text = read(path);
        const missing = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
        expect({ rule, path, missing }).toEqual({ rule, path, missing: [] });
      }
  });

  test('names tests that exist and carry the rule’s number', () => {
    for (const { rule, tests } of rows)
      for (const { path, names } of named(tests)) {
        const there = testNames(path);
        const missing = names.filter((name) => !there.some((one) => one.includes(name)));
        const isCited = there.some((one) => cited(one).has(rule));
        expect({ rule, path, missing, isCited }).toEqual({ rule, path, missing: [], isCited: true });
      }
  });

  test('no rule in scope waits for a later issue, and each is cited in the code', () => {
    const late = rows.filter(({ rule, status }) => inScope.includes(rule) && status === 'not yet');
    expect(late).toEqual([]);
    const code = ['domain', 'store', 'workflows'].flatMap((folder) => filesOf(folder, '.ts'));
    const inCode = cited(code.map(read).join('\n'));
    expect(inScope.filter((rule) => !inCode.has(rule) && !ofTheWhole.includes(rule))).toEqual([]);
  });
});

const pages = ['README.md', 'CHANGELOG.md', ...filesOf('docs', '.md')];

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

describe.each(pages)('%s', (page) => {
  test('every relative link leads somewhere', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const broken = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path ? join(dirname(page), path) : page;
        if (!existsSync(join(root, target))) return true;
        const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
        return anchor !== undefined && !headings.includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('names no path of this machine', () => {
    const places = [`${root}/`, `${homedir()}/`, '/home/', '/Users/', '/tmp/'];
    const text = read(page);
    expect(places.filter((place) => place.length > 2 && text.includes(place))).toEqual([]);
  });
});

test('pages that derive from code are up to date: else run node ops/run.cjs ops/docs.ts', () => {
  expect(stalePages()).toEqual([]);
});

test('the examples of the clients compile against them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ta-readme-'));
  try {
    const files = ['README.md', 'docs/how-to/use-the-api.md'].map((page, index) => {
      const [example = ''] = blocksOf(page, 'ts');
      expect(example).toMatch(/TradeAssurance(Http)?Client/);
      const file = join(folder, `example-${String(index)}.ts`);
      writeFileSync(file, example);
      return file;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.Node20,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      esModuleInterop: true,
      resolveJsonModule: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      paths: { 'trade-assurance': [join(root, 'clients/index.ts')] },
    });
    const problems = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
