/**
 * Notices of what goes on beside the orders: applications, members, a supplier's money, suspense. Each change says whom it
 * tells; the texts are in the one catalogue, `notice-texts.ts`.
 */
import type { Enrolment } from './enrolment';
import type { MemberRecord } from './member-record';
import { sumOf } from './funds';
import type { Actor, Payee } from './messages';
import { format, type Money } from './money';
import type { NoticeKey } from './notice-texts';
import type { Notice } from './notices';
import { maskAccount, type RegisteredPayee } from './payee';
import { soldBy, type Settlement } from './settlement';
import type { SuspenseItem } from './suspense';
import type { Withdrawal } from './withdrawal';

type Params = Record<string, string>;

const toSupplier = (member: string, key: NoticeKey, params: Params = {}): Notice[] => [
  { to: { role: 'supplier', member }, key, params },
];
const toPlatform = (key: NoticeKey, params: Params): Notice[] => [{ to: { role: 'platform' }, key, params }];

/** R13: an application tells whoever is awaited, and the supplier how it ended; documents that came unasked tell nobody. */
export function noticesOfEnrolment(before: Enrolment | undefined, next: Enrolment): Notice[] {
  const { supplier, status, actBy: by = '', verification, question = '' } = next;
  if (next.overdueSince !== undefined && before?.overdueSince === undefined)
    return toPlatform('enrolment.overdue', { supplier, status });
  const isNews = (['status', 'question', 'round'] as const).some((field) => before?.[field] !== next[field]);
  if (!isNews && before?.verification?.verification === verification?.verification) return [];
  switch (status) {
    case 'applied':
      return toPlatform('enrolment.review-awaited', { supplier, by });
    case 'awaiting-documents':
      return toSupplier(supplier, 'enrolment.documents-awaited', { question, by });
    case 'verified':
      return toPlatform('enrolment.decision-awaited', { supplier, by, score: String(verification?.score ?? 0) });
    case 'approved':
      return toSupplier(supplier, 'enrolment.approved');
    case 'refused':
    case 'withdrawn':
    case 'lapsed':
      return toSupplier(supplier, 'enrolment.ended', { status, reason: next.decision?.reason ?? '' });
  }
}

/** R58: a suspension and its lifting tell the supplier; what a second operator is to decide tells the platform. */
export function noticesOfMember({ member: supplier, what, by, reason }: MemberRecord): Notice[] {
  switch (what) {
    case 'suspended':
    case 'reinstated':
      return toSupplier(supplier, `member.${what}`, { reason });
    case 'reinstatement-proposed':
      return toPlatform('member.reinstatement-awaited', { supplier, by: by.member, reason });
    case 'reinstatement-declined':
      return toPlatform('member.reinstatement-declined', { supplier, by: by.member, reason });
    default:
      return []; // an application tells of itself; users are the company's own affair
  }
}

/** Whom of a company an act is by, for people. */
const personIn = ({ member, user = member }: Actor): string => user;

/** An account as a notice shows it. */
const shownPayee = ({ name, account }: Payee): Params => ({ payee: name, account: maskAccount(account) });

/** R9: that a withdrawal needs a second person, and how it ended. */
export function noticesOfWithdrawal(withdrawal: Withdrawal): Notice[] {
  const { id, supplier, state, payout, fee, orders, payee, by, reason = '' } = withdrawal;
  const amount = format(sumOf(orders));
  const shown = { withdrawal: id, by: personIn(by), ...shownPayee(payee) };
  if (state === 'paid')
    return toSupplier(supplier, 'withdrawal.paid', { ...shown, amount: format(payout), fee: format(fee) });
  if (state === 'awaiting-approval') return toSupplier(supplier, 'withdrawal.approval-awaited', { ...shown, amount });
  return state === 'put-back' ? toSupplier(supplier, 'withdrawal.put-back', { withdrawal: id, amount, reason }) : [];
}

/** R9: an account to which money may be paid out, and who has changed that. */
export function noticesOfPayee(
  { supplier, payee, usableFrom, registeredBy, confirmedBy, removedBy }: RegisteredPayee,
  what: 'registered' | 'confirmed' | 'removed',
): Notice[] {
  const by = { registered: registeredBy, confirmed: confirmedBy, removed: removedBy }[what] ?? registeredBy;
  const params = { by: personIn(by), ...shownPayee(payee), ...(what === 'registered' && { from: usableFrom }) };
  return toSupplier(supplier, `payee.${what}`, params);
}

/** R2: what the supplier owed was repaid at once, out of money that came to it. */
export const noticesOfRepayment = (supplier: string, repaid: Money | undefined): Notice[] =>
  repaid ? toSupplier(supplier, 'member.debt-repaid', { amount: format(repaid) }) : [];

/** R4: how a settlement into CNY ended. */
export function noticesOfSettlement(settlement: Settlement): Notice[] {
  const { id, supplier, state, quote, reason = '' } = settlement;
  const told = { settlement: id, sold: format(soldBy(settlement)) };
  switch (state) {
    case 'settled':
      return toSupplier(supplier, 'settlement.settled', { ...told, bought: format(quote.buy) });
    case 'put-back':
      return toSupplier(supplier, 'settlement.put-back', { ...told, reason });
    case 'lapsed':
      return toSupplier(supplier, 'settlement.lapsed', told);
    default:
      return [];
  }
}

/** R30: money that no open order told of waits for an operator; what one has put forward waits for another. */
export function noticesOfSuspense({ id: item, state, account, amount, reason, proposal }: SuspenseItem): Notice[] {
  if (state === 'open') return toPlatform('suspense.unmatched', { item, account, amount: format(amount), reason });
  if (state !== 'proposed' || !proposal) return [];
  const what = proposal.action.kind;
  return toPlatform('suspense.approval-awaited', { item, by: proposal.by, amount: format(amount), what });
}
