/** The comparison of the two schemes says what their policies say: every field of the form, or why not. */
import { z } from 'zod';
import { runCli } from '../../clients/cli/captured';
import { compareSchemes, notInRows } from '../../domain/scheme-comparison';
import { schemePolicies } from '../../domain/scheme';
import withdrawal1 from '../../seeds/policies/withdrawal-v1.json';
import { withdrawalPolicy } from '../../domain/withdrawal-policy';
import { schemePolicy, type SchemePolicy } from '../../domain/scheme-policy';

const today = '2026-03-02T00:00:00.000Z';
const lastYear = '2014-12-31T00:00:00.000Z';

interface Form {
  properties?: Record<string, Form>;
  items?: Form;
  /** Of a record by names. */
  propertyNames?: { enum: string[] };
}

/** Paths of the form's fields down to values, money and lists; of a list of objects, those of an object. */
function paths(form: Form, path: string[] = []): string[][] {
  if (form.items?.properties) return paths(form.items, [...path, '0']);
  if (form.propertyNames) return form.propertyNames.enum.map((name) => [...path, name]);
  const isMoney = form.properties?.['amount'] !== undefined && form.properties['currency'] !== undefined;
  if (!form.properties || isMoney) return [path];
  return Object.entries(form.properties).flatMap(([name, inner]) => paths(inner, [...path, name]));
}

const fieldPaths = paths(z.toJSONSchema(schemePolicy, { io: 'input', unrepresentable: 'any' }) as Form);

/** Values of those fields that no other policy has another value of. */
const otherwise: Record<string, string> = { effectiveFrom: '2016-01-01T00:00:00.000Z', currency: 'EUR' };

/** Another value of the same kind. */
function other(value: unknown, choices: readonly unknown[]): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return value.slice(1);
  if (typeof value === 'object' && value !== null)
    return { ...value, amount: (value as { amount: number }).amount + 1 };
  if (value === undefined) return { amount: 123, currency: 'USD' };
  return choices.find((choice) => choice !== value) ?? 'another';
}

const valueAt = (policy: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], policy);

function changed(policy: SchemePolicy, path: readonly string[]): SchemePolicy {
  const copy = structuredClone(policy);
  const [last = '', ...before] = [...path].reverse();
  const at = valueAt(copy, before.reverse()) as Record<string, unknown>;
  const known = schemePolicies.map((one) => valueAt(one, path));
  at[last] = otherwise[last] ?? other(at[last], known);
  return copy;
}

const told = (policies: readonly SchemePolicy[]): unknown => compareSchemes(today, policies).rows;

it('finds every field of the form', () => {
  const names = fieldPaths.map((path) => path.join('.'));
  expect(new Set(names.map((name) => name.split('.')[0]))).toEqual(new Set(Object.keys(schemePolicy.shape)));
  expect(names).toEqual(
    expect.arrayContaining(['methods.0.cap', 'complaint.windowDays', 'totalAtMost', 'answerDays.sea']),
  );
});

it.each(fieldPaths.map((path) => path.join('.')))('tells the field %s, or says why not', (field) => {
  const tells = schemePolicies.some((_, changedOne) => {
    const policies = schemePolicies.map((policy, i) => (i === changedOne ? changed(policy, field.split('.')) : policy));
    const names = policies.map(({ scheme }) => scheme);
    return (
      new Set(names).size === names.length && JSON.stringify(told(policies)) !== JSON.stringify(told(schemePolicies))
    );
  });
  expect({ field, tells, leftOut: field in notInRows }).toEqual({
    field,
    tells: !(field in notInRows),
    leftOut: !tells,
  });
});

it('leaves out no field that there is not', () => {
  const names = fieldPaths.map((path) => path.join('.'));
  expect(Object.keys(notInRows).filter((field) => !names.includes(field))).toEqual([]);
});

it.each([
  [
    'R12',
    'supplier',
    'China supplier member registered in China',
    'China supplier member registered in China, Hong Kong and Taiwan',
  ],
  ['R8, R14', 'fee on the order', 'none, on neither side', 'the supplier pays 5 % of the total'],
  [
    'R9',
    'fee of a withdrawal',
    'USD channel free; CNY channel free (withdrawal/v1, in force since 2015-04-01)',
    'USD channel USD 15.00 a withdrawal; CNY channel free (withdrawal/v1, in force since 2015-04-01)',
  ],
  ['R15', 'amount of an order', 'in USD, above USD 0.00', 'in USD, above USD 0.00, at most USD 50,000.00'],
  ['R22', 'inspection before shipment', 'the buyer may ask for it', 'none'],
  ['R24, R25', 'due before shipment', 'the contract’s advance', 'the whole price'],
])('%s: %s', (rules, label, assurance, payment) => {
  const rows = compareSchemes(today).rows.filter((row) => row.rules === rules);
  expect(rows.map((row) => [row.label.en, row.values])).toEqual([
    [label, { 'trade-assurance': assurance, 'secure-payment': payment }],
  ]);
});

it('R56: tells what was in force at the time', () => {
  const [first, ...others] = schemePolicies;
  const later = { ...first, id: 'trade-assurance/v2', effectiveFrom: '2027-01-01T00:00:00.000Z', paymentDays: 20 };
  const policies = [first, later, ...others] as SchemePolicy[];
  const timeToPay = (at: string) =>
    compareSchemes(at, policies).rows.find(({ rules }) => rules === 'R29')?.values['trade-assurance'];
  expect(timeToPay('2026-12-31T23:59:59.999Z')).toContain('15 days');
  expect(timeToPay('2027-01-01T00:00:00.000Z')).toContain('20 days');
  expect(() => compareSchemes(lastYear, policies)).toThrow(RangeError);
});

it('R9, R56: tells the fee of a withdrawal that is in force at the time', () => {
  const free = {
    ...withdrawalPolicy.parse(withdrawal1),
    id: 'withdrawal/v2',
    effectiveFrom: '2027-01-01T00:00:00.000Z',
  };
  const { USD, CNY } = free.fees['trade-assurance'];
  const dearer = { USD: { ...USD, amount: 2_000 }, CNY: { ...CNY, amount: 1 } };
  const policies = [
    { ...free, fees: { ...free.fees, 'trade-assurance': dearer } },
    withdrawalPolicy.parse(withdrawal1),
  ];
  const fee = (at: string) =>
    compareSchemes(at, schemePolicies, policies).rows.find(({ rules }) => rules === 'R9')?.values['trade-assurance'];
  expect(fee('2026-12-31T23:59:59.999Z')).toContain('USD channel free; CNY channel free (withdrawal/v1');
  expect(fee('2027-01-01T00:00:00.000Z')).toContain('USD channel USD 20.00 a withdrawal; CNY channel CNY 0.01 a withd');
  expect(() => compareSchemes(today, schemePolicies, [])).toThrow(RangeError);
});

describe('ta scheme compare', () => {
  it('tells the same as text, as a table and as JSON', async () => {
    const { rows } = compareSchemes(today);
    const [text, markdown, json] = await Promise.all([
      runCli('scheme', 'compare'),
      runCli('scheme', 'compare', '--markdown'),
      runCli('scheme', 'compare', '--json', '--at', '2026-03-02'),
    ]);
    expect([text, markdown, json].map(({ code, stderr }) => [code, stderr])).toEqual(
      [0, 0, 0].map((code) => [code, '']),
    );
    expect(json.json).toMatchObject({ at: '2026-03-02T15:59:59.999Z', rows });
    for (const { rules, label, values } of rows)
      for (const value of Object.values(values)) {
        expect(text.stdout).toContain(value);
        const line = markdown.stdout.split('\n').find((one) => one.startsWith('|') && one.includes(` ${label.zh} `));
        expect(line).toContain(` ${value} `);
        expect(line).toContain(rules);
      }
  });

  it('refuses an instant before the first policy', async () => {
    const { code, json } = await runCli('scheme', 'compare', '--at', lastYear, '--json');
    expect(code).toBe(2);
    expect(json).toMatchObject({
      error: { code: 'usage.invalid', detail: expect.stringMatching(/no policy/) as string },
    });
  });
});
