/** What a refusal says in detail is said in both languages: every detail that the source writes has its Chinese words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { detailIn } from '../../domain/refusal-details';
import { parseFromOutside } from '../../domain/parse';
import { isRefusal } from '../../domain/refusal';

const root = resolve(__dirname, '../..');
const sources = ['domain', 'store', 'clients/http/portal'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name)),
);

/** Details as they are written in the source, with something in place of what is put in. */
function written(): string[] {
  const calls = /(?:refuse\((?:'[\w.-]+'|[^,()]+)|new HttpProblem\('[\w.-]+'),\s*(?:`([^`]*)`|'([^']*)')\s*[,)]/g;
  return sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(calls)].map(([, template, plain]) =>
      (template ?? plain ?? '').replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7'),
    ),
  );
}
const hasWords = (text: string): boolean => /[A-Za-z]{2,}/.test(text.replaceAll(/USD|OneTouch|R\d\d/g, ''));
/** Ids of the operators’ own pages, and what only machines are told. */
const forMachines = [
  /^7 is 7$/,
  /^7, of 7$/,
  /^7 of 7 is 7; 7$/,
  /^7 of 7$/,
  /^7 is not one of 7$/,
  /^by no source of 7$/,
  /portal has not been/,
];

test('every detail that a refusal is written with has Chinese words', () => {
  const details = [...new Set(written())].filter((text) => hasWords(text.replaceAll('7', '')));
  expect(details.length).toBeGreaterThan(50);
  const missing = details.filter(
    (text) => !forMachines.some((one) => one.test(text)) && !/\p{Script=Han}/u.test(detailIn('zh', text)),
  );
  expect(missing).toEqual([]);
});

test('R53 what is missing in a contract is named as the form names it', () => {
  expect(detailIn('zh', '93 % complete; missing: contacts.buyer.email, shipping.shipBy')).toBe(
    '完整率 93 %，缺少：买家 · 邮箱、最晚发货日',
  );
  expect(detailIn('en', '93 % complete; missing: contacts.buyer.email')).toBe(
    '93 % complete; missing: contacts.buyer.email',
  );
});

test('words within a detail are in Chinese, too; what nobody knows stays as it is', () => {
  expect(detailIn('zh', 'the order is awaiting-payment')).toBe('订单状态：待买家付款');
  expect(detailIn('zh', 'shipping.shipBy: Invalid input: expected number, received string')).toBe(
    '最晚发货日：格式不正确：应为数字',
  );
  expect(detailIn('zh', '2 strikes by upheld complaints, on order a-1, order b-2 (policy ta-limit/v1).')).toBe(
    '投诉成立累计 2 次：a-1、b-2（规则 ta-limit/v1）',
  );
  expect(detailIn('zh', 'payment.methods: qiwi is not offered; prices must be in USD')).toBe(
    '付款方式：不支持QIWI；价格须以 USD 计',
  );
  expect(detailIn('zh', 'o-17')).toBe('o-17');
});

test('what zod finds wrong with a form is told in Chinese', () => {
  const actor = { role: 'supplier', member: 'sup-1' };
  const refused = parseFromOutside('revise', {
    id: 'm1',
    actor,
    data: { baseRevision: 0, changes: { contacts: { supplier: { name: '', email: 'bad' } } }, more: 1 },
  });
  const detail = isRefusal(refused) ? (refused.detail ?? '') : '';
  const told = detailIn('zh', detail).split('；');
  expect(told.length).toBeGreaterThan(2);
  for (const one of told) expect(one).toMatch(/：.*\p{Script=Han}/u);
});

test('the forms of zod’s own messages are those that are known here', () => {
  const form = z.strictObject({
    a: z.email(),
    b: z.url(),
    c: z.string().min(1),
    d: z.string().max(1),
    e: z.int().positive().max(3),
    f: z.enum(['x', 'y']),
    g: z.array(z.string()).min(1),
    h: z.iso.date(),
    i: z.literal('x'),
    j: z.array(z.string()).max(0),
  });
  const wrong = { a: 'x', b: 'x', c: '', d: 'xx', e: 0, f: 'z', g: [], h: 'x', i: 'y', j: ['x'], k: 1 };
  const { issues = [] } = form.safeParse(wrong).error ?? {};
  expect(issues.length).toBe(11);
  for (const { message } of issues)
    expect([message, detailIn('zh', message)]).toEqual([message, expect.stringMatching(/\p{Script=Han}/u)]);
});
