/** R56: what is said of a policy says all that it holds, in both languages; and what a version changes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  comparedLines,
  linesOfPolicy,
  nameOfPolicy,
  notInLines,
  policyNames,
  type Policy,
} from '../../domain/policy-words';
import { format } from '../../domain/money';

const folder = join(__dirname, '../../seeds/policies');
const policies = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Policy);
const tell = { money: format, day: (date: string) => date };
const told = (policy: Policy) => linesOfPolicy(policy, tell);

/** Paths of the values that are in a policy, in each place of a list. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name]));
}

/** Words that may stand in each other's place. */
const kin: readonly (readonly string[])[] = [
  ['trade-assurance', 'secure-payment'],
  ['activated', 'grade', 'orders'],
  ['score', 'orders'],
  ['onTime', 'undisputed', 'reviews', 'verification'],
  ['onetouch', 'own'],
  ['advance', 'full'],
  ['supplier', 'platform'],
  ['at-credit', 'on-receipt'],
  ['completion', 'release'],
  ['bank', 'processor'],
  ['express', 'air', 'land', 'sea', 'post'],
  ['card', 'tt', 'western-union', 'qiwi', 'maestro', 'webmoney', 'e-checking', 'tef'],
  ['scratch', 'purchase-order', 'inquiry', 'start-order', 'buy-now'],
  ['order-refused', 'late-shipment', 'quality-before-shipment', 'quality-after-shipment', 'not-as-agreed'],
  ['colour-or-size', 'not-received'],
];

/** Another word of the same kind. */
function other(word: string): string {
  if (/^[A-Z]{2}$/.test(word)) return word === 'FR' ? 'DE' : 'FR';
  if (/^\d{4}-/.test(word)) return word.replace(/^\d{4}/, '1999');
  return kin.find((words) => words.includes(word))?.find((one) => one !== word) ?? `${word}!`;
}

function changed(policy: Policy, path: readonly string[]): Policy {
  const copy = structuredClone(policy);
  const last = path.at(-1) ?? '';
  const at = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (inner, name) => inner[name] as Record<string, unknown>,
      copy as unknown as Record<string, unknown>,
    );
  const is = at[last];
  at[last] = typeof is === 'number' ? is + 1 : typeof is === 'boolean' ? !is : other(String(is));
  return copy;
}

/** A path without its places in lists; with the name of the list before it for what is in one. */
const fieldOf = (path: readonly string[]): string => path.filter((name) => !/^\d+$/.test(name)).join('.');

it('R56 every policy of the seeds has a name', () => {
  expect(policies.map(({ id }) => nameOfPolicy(id)).sort()).toEqual(Object.keys(policyNames).sort());
});

describe.each(policies.map((policy) => [policy.id, policy] as const))('R56 %s', (_, policy) => {
  it.each(paths(policy).map((path) => [path.join('.'), path] as const))('tells %s, or says why not', (_, path) => {
    const leavesOut = fieldOf(path) in notInLines;
    // Answer periods are told of the ways that the scheme has; an amount's currency is a part of the amount.
    if (path[0] === 'answerDays' && !(policy as { transports: string[] }).transports.includes(path[1] ?? '')) return;
    if (path.at(-1) === 'currency' && path.length > 1) return;
    const before = told(policy);
    const after = told(changed(policy, path));
    // A text in one of the languages is told in that one.
    const languages = (['en', 'zh'] as const).filter((one) => path.at(-1) !== { en: 'zh', zh: 'en' }[one]);
    for (const language of languages) {
      const said = (lines: typeof before) => lines.map(({ label, value }) => [label[language], value[language]]);
      expect({ language, isTold: JSON.stringify(said(after)) !== JSON.stringify(said(before)) }).toEqual({
        language,
        isTold: !leavesOut,
      });
    }
  });

  it('has a label of its own for each line', () => {
    const labels = told(policy).map(({ label }) => label.en);
    expect(labels.filter((label, i) => labels.indexOf(label) !== i)).toEqual([]);
  });
});

it('R56 tells what a version has changed, what is new, and what is gone', () => {
  const labels = policies.find(({ id }) => id === 'labels/v1') as Extract<Policy, { labels: unknown }>;
  const [first, second, ...rest] = labels.labels;
  if (first?.id !== 'trade-assurance' || second?.rule.when !== 'grade') throw new Error('other labels are expected');
  const added = { ...second, id: 'top', text: { en: 'Top', zh: '顶级' } };
  const next = {
    ...labels,
    id: 'labels/v2',
    labels: [{ ...second, rule: { ...second.rule, atLeast: 2 } }, ...rest, added],
  };
  const different = comparedLines(next, labels, tell).filter(({ before }) => before !== undefined);
  expect(different.map(({ label, value, before }) => [label.en, value?.en, before?.en])).toEqual([
    ['Credit grade …', 'credit grade 2 or above', 'credit grade 1 or above'],
    ['Top', 'credit grade 1 or above', '—'],
    ['Trade Assurance supplier', undefined, 'Trade Assurance is active'],
  ]);
  expect(comparedLines(labels, labels, tell).every(({ before }) => before === undefined)).toBe(true);
  expect(comparedLines(labels, undefined, tell)).toEqual(told(labels));
});
