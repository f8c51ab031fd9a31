/** Notices: whoever is awaited is told so, in English and Chinese, from one catalogue. */
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { textOf } from '../../clients/notices';
import { notice, noticesOf, type Notice } from '../../domain/notices';
import { noticeTexts, type NoticeKey } from '../../domain/notice-texts';
import { membersNamedIn, withNames } from '../../domain/notice-words';
import type { Member } from '../../domain/member';
import { fold } from '../../domain/evolve';
import type { Order } from '../../domain/order';
import {
  advancePaid,
  at,
  bank,
  buyer,
  carrier,
  clock,
  completed,
  confirmed,
  credited,
  customs,
  drafted,
  effect,
  given,
  givenIn,
  inspector,
  mainRoad,
  meanwhile,
  pairAccount,
  platform,
  receiptAwaited,
  registered,
  shipped,
  supplier,
  tracking,
  usd,
  completeContract,
  type Step,
  type Story,
} from '../support/builders';
import { approved, complained, escalated, ruling } from '../support/disputes';
import { isBeside } from '../support/notices';

/** All notices of a story, as the store would keep them. */
const noticesIn = ({ journal }: Story): Notice[] =>
  journal.flatMap((entry, i) => noticesOf(entry, fold(journal.slice(0, i + 1)) as Order));
const told = (story: Story, key: NoticeKey) => noticesIn(story).filter((n) => n.key === key);
const to = (story: Story, key: NoticeKey) => told(story, key).map((n) => n.to.role);

const no = buyer('answerShipment', { asAgreed: false, comment: 'Half is missing' });
const inspected = completeContract({ product: { inspectionStandard: 'AQL 2.5' } });
const operator = (name: 'rule' | 'approve', data: unknown, member: string): Step => ({
  say: name,
  as: 'platform',
  member,
  data,
});

/** Stories that between them give every notice. */
const stories: Record<string, Story> = {
  'main road': given(mainRoad()),
  negotiation: given(
    drafted(),
    supplier('confirm', { revision: 1 }),
    supplier('remindConfirmation'),
    buyer('decline', { revision: 1, reason: 'Too dear' }),
    buyer('revise', { baseRevision: 1, changes: { payment: { advancePercent: 20, methods: ['tt'] } } }),
    buyer('cancel', { reason: 'No' }),
  ),
  'short limit': givenIn({ limit: usd(5_000) }, drafted(), supplier('confirm', { revision: 1 })),
  unpaid: given(
    confirmed(completeContract({ payment: { methods: ['tt', 'card'] } })),
    supplier('remindPayment'),
    buyer('pay', { payment: 'p1', method: 'card', amount: usd(100), surcharge: usd(2.8), token: 'tok_declined' }),
    effect('chargeDeclined', ({ order }) => ({ effect: order?.effects[0]?.id ?? '', reason: 'declined' })),
    credited(1_000, 'T1'),
    credited(50, 'odd', { currency: 'EUR' }),
    at((order) => order.payBy),
    clock('paymentLapsed'),
    supplier('closeUnpaid'),
    buyer('nameRefundAccount', { payee: { name: 'Alster', account: 'DE02120300000000202051' } }),
    effect('effectFailed', ({ order }) => ({ effect: order?.effects[0]?.id ?? '', reason: 'refused' })),
    platform('retryEffect', ({ order }) => ({ effect: order?.effects[0]?.id ?? '' })),
    effect('refundPaid', ({ order }) => ({ effect: order?.effects[0]?.id ?? '', reference: 'r1' })),
  ),
  reversed: given(
    advancePaid(),
    bank('paymentReversed', { account: pairAccount, entryReference: 'advance', reason: 'recalled' }),
  ),
  'reversed after the supplier has withdrawn': givenIn(
    { balance: usd(0) },
    advancePaid(),
    bank('paymentReversed', { account: pairAccount, entryReference: 'advance', reason: 'recalled' }),
  ),
  'an award that finds nothing, and a repayment': givenIn(
    { balance: usd(0), limit: usd(0) },
    [shipped(), complained('not-as-agreed'), escalated(), ruling('upheld', 100), approved()],
    [meanwhile({ owed: usd(100) }), credited(7_000, 'balance')],
  ),
  customs: given(
    advancePaid(inspected),
    buyer('requestInspection', { inspection: 'i1', inspector: 'SGS' }),
    inspector('inspectionReported', ({ now }) => ({
      inspection: 'i1',
      passed: false,
      report: 'https://files.example/r.pdf',
      inspectedAt: now,
    })),
    registered('e1', 'D1'),
    customs('customsHeld', ({ now }) => ({ declaration: 'D1', heldAt: now, note: 'inspection' })),
    supplier('completeExport'),
    customs('customsReleased', ({ now }) => ({ declaration: 'D1', releasedAt: now })),
    buyer('extendAnswer'),
    customs('customsRevoked', ({ now }) => ({ declaration: 'D1', revokedAt: now })),
  ),
  complaint: given(
    shipped(),
    no,
    buyer('addEvidence', { title: 'Photos', link: 'https://files.example/p.zip' }),
    at((order) => order.complaints[0]?.answerBy),
    clock('complaintUnanswered'),
    supplier('answerComplaint', { answer: 'The rest is on its way' }),
    supplier('proposeSettlement', { refund: usd(10) }),
    buyer('declineProposal', { proposal: 1 }),
    buyer('escalate'),
    operator('rule', { outcome: 'upheld', award: usd(100), reason: 'Short' }, 'op-1'),
    operator('approve', { approval: 1 }, 'op-2'),
  ),
  settled: given(
    completed(),
    buyer('complain', { kind: 'quality-after-shipment', description: 'Dim' }),
    supplier('proposeSettlement', { refund: usd(10) }),
    buyer('acceptProposal', { proposal: 1 }),
  ),
  delivered: given(
    receiptAwaited(),
    carrier('goodsDelivered', ({ now }) => ({ tracking, deliveredAt: now })),
    buyer('confirmReceipt'),
  ),
};

test('every notice of an order is given by one of the stories', () => {
  const given = new Set(Object.values(stories).flatMap((story) => noticesIn(story).map(({ key }) => key)));
  const ofOrders = Object.keys(noticeTexts).filter((key) => !isBeside(key));
  expect([...given].sort()).toEqual(ofOrders.sort());
});

describe.each(Object.entries(stories))('%s', (_, story) => {
  test.each(['en', 'zh'] as const)('each notice has its form, and a text in %s with nothing missing', (language) => {
    for (const each of noticesIn(story)) {
      expect(notice.parse(each)).toEqual(each);
      const text = textOf(each, language);
      expect(text).toContain(story.order.id);
      expect(text).not.toMatch(/[{}]|undefined/);
    }
  });
});

const argumentsOf = (text: string): string[] =>
  parse(text)
    .filter((element): element is MessageFormatElement & { value: string } => element.type === TYPE.argument)
    .map(({ value }) => value)
    .sort();

test.each(Object.entries(noticeTexts))('%s says the same in both languages', (_, { en, zh }) => {
  expect(argumentsOf(zh)).toEqual(argumentsOf(en));
  expect(zh).toMatch(/[\u4e00-\u9fff]/);
});

describe('the guide’s words for the buyer (R47, R49)', () => {
  test.each([
    ['contract.confirm-awaited', given(drafted(), supplier('confirm', { revision: 1 })), 'Preview and Confirm order'],
    ['payment.awaited', given(confirmed()), 'Go to Pay'],
    ['shipment.answer-awaited', given(shipped()), 'Delivery details'],
  ] as const)('R47: %s', (key, story, words) => {
    const [first] = told(story, key).filter(({ to: { role } }) => role === 'buyer');
    expect(first && textOf(first, 'en')).toContain(words);
  });
  test('R49: every shipping update comes under “Delivery details”', () => {
    for (const key of ['declaration.stopped', 'shipment.shipped', 'shipment.reopened', 'receipt.awaited'] as const)
      expect(noticeTexts[key].en).toMatch(/^Delivery details: /);
  });
});

describe('who is awaited is told', () => {
  test('R54: the side that has not confirmed', () => {
    expect(to(given(drafted(), supplier('confirm', { revision: 1 })), 'contract.confirm-awaited')).toEqual(['buyer']);
    expect(to(given(drafted(), buyer('confirm', { revision: 1 })), 'contract.confirm-awaited')).toEqual(['supplier']);
  });
  test('R29, R30: the buyer, how much to pay, to which account, until when', () => {
    const story = given(confirmed());
    expect(told(story, 'payment.awaited')).toMatchObject([
      { to: { role: 'buyer' }, params: { amount: 'USD 3,000.00', account: pairAccount, by: story.order.payBy } },
    ]);
  });
  test('R2: both, that the limit is short, before they are bound; nobody, when it is not', () => {
    expect(to(stories['short limit'] as Story, 'cover.short')).toEqual(['supplier', 'buyer']);
    expect(told(given(confirmed()), 'cover.short')).toEqual([]);
  });
  test('R20: the supplier answers, then the platform rules, then a second operator approves', () => {
    const story = stories['complaint'] as Story;
    expect(to(story, 'complaint.answer-awaited')).toEqual(['supplier']);
    expect(to(story, 'complaint.ruling-awaited')).toEqual(['platform']);
    expect(to(story, 'approval.awaited')).toEqual(['platform']);
  });
});

describe('a notice speaks to people', () => {
  const said = (key: NoticeKey, params: Record<string, string>, language: 'en' | 'zh') =>
    textOf({ key, params: { order: 'o-1', ...params } }, language);

  test('R29: a deadline is told in UTC and in China', () => {
    const by = { amount: 'USD 3,000.00', account: '97', by: '2026-12-10T20:54:43.372Z' };
    expect(said('payment.awaited', by, 'en')).toContain('by 2026-12-10 20:54 UTC (2026-12-11 04:54 in China).');
    expect(said('payment.awaited', by, 'zh')).toContain('北京时间 2026-12-11 04:54（UTC 2026-12-10 20:54）');
  });

  test('codes are told by their words, a bank’s own reason as it came', () => {
    expect(said('contract.revised', { by: 'b', revision: '2', modules: 'product, payment' }, 'zh')).toContain(
      '产品、付款',
    );
    expect(said('complaint.closed', { how: 'partly-upheld', award: 'USD 1.00' }, 'en')).toContain('upheld in part');
    expect(said('suspense.opened', { amount: 'USD 1.00', reason: 'unheard-of' }, 'en')).toContain('(unheard-of)');
  });

  test.each(Object.entries(stories))('%s: no notice shows an instant or a code as it is stored', (_, story) => {
    for (const each of noticesIn(story))
      expect(textOf(each, 'zh')).not.toMatch(
        /\d{4}-\d\d-\d\dT|[a-z]+-(shipment|close|upheld|unpaid|agreed|mismatch)\b/,
      );
  });

  test('a company is called by its name, in Chinese by its Chinese one', () => {
    const [drafted] = told(given(confirmed()), 'contract.drafted') as [Notice];
    const id = drafted.params['by'] ?? '';
    const company = { name: 'Ningbo Haisheng Lighting', localName: '宁波海盛照明' } as Member;
    expect(membersNamedIn(drafted)).toEqual([id]);
    const named = (language: 'en' | 'zh') => textOf(withNames(drafted, new Map([[id, company]]), language), language);
    expect(named('en')).toMatch(/^Ningbo Haisheng Lighting has drafted order/);
    expect(named('zh')).toMatch(/^宁波海盛照明 已起草订单/);
  });

  test('R31: the last payment is told as such', () => {
    const keys = noticesIn(given(mainRoad())).map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith('payment.')).slice(-1)).toEqual(['payment.complete']);
    expect(keys).toContain('payment.received');
  });
});
