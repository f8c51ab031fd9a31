/** Notices beside the orders: whoever an application, a suspension, a withdrawal, a settlement or suspense awaits is told so. */
import { textOf } from '../../clients/notices';
import type { Enrolment } from '../../domain/enrolment';
import type { MemberRecord } from '../../domain/member-record';
import { moneyOf } from '../../domain/money';
import { notice, type Notice } from '../../domain/notices';
import {
  noticesOfEnrolment,
  noticesOfMember,
  noticesOfPayee,
  noticesOfRepayment,
  noticesOfSettlement,
  noticesOfSuspense,
  noticesOfWithdrawal,
} from '../../domain/notices-beside';
import { noticeTexts } from '../../domain/notice-texts';
import type { RegisteredPayee } from '../../domain/payee';
import type { Settlement } from '../../domain/settlement';
import type { SuspenseItem } from '../../domain/suspense';
import type { Withdrawal } from '../../domain/withdrawal';
import { isBeside } from '../support/notices';

const at = '2026-03-02T01:00:00.000Z';
const actBy = '2026-03-09T01:00:00.000Z';
const supplier = 'sup-1';
const operator = { role: 'platform' as const, member: 'operator-1' };
const usd = (amount: number) => moneyOf(amount, 'USD');

const enrolment = (changes: Partial<Enrolment>): Enrolment => ({
  supplier,
  version: 1,
  round: 1,
  status: 'applied',
  policy: 'enrolment/v1',
  appliedAt: at,
  oneTouchContract: { version: '2015-04', agreed: true },
  documents: [],
  actBy,
  updatedAt: at,
  recent: [],
  ...changes,
});
const applied = enrolment({});
const asked = enrolment({ status: 'awaiting-documents', question: 'Which licence?' });
const verified = enrolment({
  status: 'verified',
  verification: { verification: 'v1', score: 88, by: operator, at },
});
const refused = enrolment({ status: 'refused', decision: { by: operator, at, reason: 'No licence.' } });
const record = (what: MemberRecord['what']): MemberRecord => ({
  member: supplier,
  seq: 1,
  at,
  what,
  by: operator,
  reason: 'Two strikes.',
  from: 'activated',
  to: 'suspended',
});
const withdrawal = (changes: Partial<Withdrawal>): Withdrawal => ({
  id: 'w-1',
  by: { role: 'supplier', member: supplier },
  supplier,
  orders: [{ order: 'o-1', amount: usd(10_000) }],
  channel: 'USD',
  payee: { name: 'Ningbo', account: 'CN0012345678' },
  policy: 'withdrawal/v1',
  amount: usd(10_000),
  fee: usd(1_500),
  payout: usd(8_500),
  state: 'reserved',
  reservedAt: at,
  ...changes,
});
const settlement = (changes: Partial<Settlement>): Settlement => ({
  id: 's-1',
  by: { role: 'supplier', member: supplier },
  supplier,
  orders: [{ order: 'o-1', amount: usd(10_000) }],
  state: 'quoted',
  quote: { quote: 'q', sell: usd(10_000), buy: { amount: 71_000, currency: 'CNY' }, expiresAt: actBy },
  quotedAt: at,
  ...changes,
});
const suspended = (changes: Partial<SuspenseItem>): SuspenseItem => ({
  id: 'susp-1',
  account: 'va-1',
  entryReference: 'T1',
  method: 'tt',
  amount: usd(10_000),
  reason: 'unknown-reference',
  state: 'open',
  at,
  updatedAt: at,
  ...changes,
});
const payee = { name: 'Nobody', account: 'DE02120300000000202051' };
const registered: RegisteredPayee = {
  id: 'p-1',
  supplier,
  payee,
  registeredBy: { role: 'supplier', member: supplier, user: 'lin' },
  registeredAt: at,
  usableFrom: actBy,
};
const proposal = { number: 1, action: { kind: 'return' as const, payee }, by: 'operator-1', at, why: 'Nobody’s' };

/** Every change that tells somebody: what it tells, and whom. */
const told: [string, Notice[], string, string][] = [
  [
    'R13: an application: the platform verifies',
    noticesOfEnrolment(undefined, applied),
    'enrolment.review-awaited',
    'platform',
  ],
  [
    'R13: documents asked for: the supplier',
    noticesOfEnrolment(applied, asked),
    'enrolment.documents-awaited',
    'supplier',
  ],
  [
    'R13: documents sent: the platform again',
    noticesOfEnrolment(asked, applied),
    'enrolment.review-awaited',
    'platform',
  ],
  [
    'R13: verified: another operator decides',
    noticesOfEnrolment(applied, verified),
    'enrolment.decision-awaited',
    'platform',
  ],
  [
    'R13: the platform is late',
    noticesOfEnrolment(applied, enrolment({ overdueSince: at })),
    'enrolment.overdue',
    'platform',
  ],
  ['R13: approved', noticesOfEnrolment(verified, enrolment({ status: 'approved' })), 'enrolment.approved', 'supplier'],
  ['R13: refused, with the reason', noticesOfEnrolment(verified, refused), 'enrolment.ended', 'supplier'],
  ['R13: lapsed', noticesOfEnrolment(asked, enrolment({ status: 'lapsed' })), 'enrolment.ended', 'supplier'],
  ['R58: suspended', noticesOfMember(record('suspended')), 'member.suspended', 'supplier'],
  [
    'R58: a reinstatement awaits a second operator',
    noticesOfMember(record('reinstatement-proposed')),
    'member.reinstatement-awaited',
    'platform',
  ],
  ['R58: declined', noticesOfMember(record('reinstatement-declined')), 'member.reinstatement-declined', 'platform'],
  ['R58: reinstated', noticesOfMember(record('reinstated')), 'member.reinstated', 'supplier'],
  ['R9: a withdrawal is paid', noticesOfWithdrawal(withdrawal({ state: 'paid' })), 'withdrawal.paid', 'supplier'],
  [
    'R9: the bank refuses it',
    noticesOfWithdrawal(withdrawal({ state: 'put-back', reason: 'closed' })),
    'withdrawal.put-back',
    'supplier',
  ],
  [
    'R9: a large withdrawal awaits a second person of the company',
    noticesOfWithdrawal(withdrawal({ state: 'awaiting-approval' })),
    'withdrawal.approval-awaited',
    'supplier',
  ],
  ['R9: a payee is registered', noticesOfPayee(registered, 'registered'), 'payee.registered', 'supplier'],
  ['R9: a payee is confirmed', noticesOfPayee(registered, 'confirmed'), 'payee.confirmed', 'supplier'],
  ['R9: a payee is removed', noticesOfPayee(registered, 'removed'), 'payee.removed', 'supplier'],
  ['R2: what came back repays a debt', noticesOfRepayment(supplier, usd(5_000)), 'member.debt-repaid', 'supplier'],
  ['R4: settled', noticesOfSettlement(settlement({ state: 'settled' })), 'settlement.settled', 'supplier'],
  [
    'R4: the bank refuses',
    noticesOfSettlement(settlement({ state: 'put-back', reason: 'limit' })),
    'settlement.put-back',
    'supplier',
  ],
  ['R4: the quote has expired', noticesOfSettlement(settlement({ state: 'lapsed' })), 'settlement.lapsed', 'supplier'],
  ['R30: money of no order', noticesOfSuspense(suspended({})), 'suspense.unmatched', 'platform'],
  [
    'R30: its disposal awaits a second operator',
    noticesOfSuspense(suspended({ state: 'proposed', proposal })),
    'suspense.approval-awaited',
    'platform',
  ],
];

describe('who is awaited is told, and of the end (R4, R9, R13, R30, R58)', () => {
  test.each(told)('%s', (_, notices, key, role) => {
    expect(notices.map((one) => [one.key, one.to.role])).toEqual([[key, role]]);
    for (const one of notices)
      for (const language of ['en', 'zh'] as const) {
        expect(notice.parse(one)).toEqual(one);
        expect(textOf(one, language)).not.toMatch(/[{}]|undefined/);
      }
  });
});

test('every notice beside the orders is given', () => {
  const given = new Set(told.flatMap(([, notices]) => notices.map(({ key }) => key)));
  expect([...given].sort()).toEqual(Object.keys(noticeTexts).filter(isBeside).sort());
});

test.each<[string, Notice[]]>([
  ['documents that nobody asked for', noticesOfEnrolment(applied, enrolment({ version: 2 }))],
  ['a user of the company', noticesOfMember(record('user-added'))],
  ['money that is set aside', noticesOfWithdrawal(withdrawal({}))],
  ['a quote that stands', noticesOfSettlement(settlement({}))],
  ['an approval that was given', noticesOfSuspense(suspended({ state: 'approved', proposal }))],
])('%s: nobody is awaited, nobody is told', (_, notices) => {
  expect(notices).toEqual([]);
});
