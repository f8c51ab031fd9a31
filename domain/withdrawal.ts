/**
 * A withdrawal: a supplier's money of one or more orders, on its way to the supplier's own account (R9). The money is
 * reserved before the bank is asked; then it is paid out, or put back whole. The fee is taken from what is paid out, and
 * is earned only then.
 */
import { z } from 'zod';
import { fundsAuthorityRefusal } from './authority';
import { fundsRefusal, parts, sumOf, type Funds } from './funds';
import { account, type Transfer } from './ledger';
import { opaqueId } from './member';
import { actor, payee, type Actor } from './messages';
import { format, money, positiveMoney, subtract } from './money';
import { payeeRefusal, type RegisteredPayee } from './payee';
import { refuse, type Refusal } from './refusal';
import { addDays, instant } from './time';
import { isSamePerson } from './users';
import { channel, feeOf, type WithdrawalPolicy } from './withdrawal-policy';

/** What the supplier asks for. The same id and content again is the same withdrawal. */
export const withdrawalRequest = z.strictObject({
  id: opaqueId,
  /** Who asks: one of the supplier. */
  by: actor,
  supplier: opaqueId,
  channel,
  orders: parts,
  /** A registered payee of the supplier. */
  payee,
});
export type WithdrawalRequest = z.infer<typeof withdrawalRequest>;

/**
 * `awaiting-approval`: large, and not reserved before a second person of the supplier approves. `reserved`: set aside, the bank
 * is asked. `with-bank`: the bank has it and has not said how it ends. `paid`: done.
 * `put-back`: the bank has refused it, and the money is the supplier's again, the fee too.
 */
export const withdrawalState = z.enum(['awaiting-approval', 'reserved', 'with-bank', 'paid', 'put-back']);

export const withdrawal = z.strictObject({
  ...withdrawalRequest.shape,
  state: withdrawalState,
  /** Version of the policy that the fee was taken by. */
  policy: z.string(),
  /** What leaves the supplier's balance: the orders' sum. */
  amount: positiveMoney,
  fee: money,
  /** What the supplier's own account gets: the amount less the fee. */
  payout: positiveMoney,
  /** When it was asked for; from its approval on, when the money was reserved. */
  reservedAt: instant,
  approvedBy: actor.optional(),
  /** When the bank's answer was booked. */
  endedAt: instant.optional(),
  /** The bank's reference of what it paid. */
  bankReference: z.string().optional(),
  /** Why the bank refused. */
  reason: z.string().optional(),
});
export type Withdrawal = z.infer<typeof withdrawal>;

/** How the bank's story of a payout ends. */
export type PayoutEnd = { status: 'paid'; reference: string } | { status: 'refused'; reason: string };

/** The bank's key of a withdrawal: under it a payout happens once, however often it is asked for. */
export const payoutKey = (id: string): string => `withdrawal:${id}`;

/** What is read in the transaction that reserves a withdrawal. */
export interface WithdrawalContext {
  funds: Funds;
  payees: readonly RegisteredPayee[];
  policy: WithdrawalPolicy;
}

/**
 * The withdrawal as it is reserved, or as it awaits a second person's approval; or its refusal: `actor.…`, `member.…`,
 * `withdrawal.channel`, `payee.…`, `funds.…` (see `fundsRefusal`), `withdrawal.below-fee`.
 */
export function reserveWithdrawal(
  request: WithdrawalRequest,
  { funds, payees, policy }: WithdrawalContext,
  at: string,
): Withdrawal | Refusal {
  const refused =
    fundsAuthorityRefusal('funds.withdraw', request.by, request.supplier, funds.company) ??
    channelRefusal(request) ??
    fundsRefusal(request.supplier, request.orders, funds) ??
    payeeRefusal(payees, request.payee, at);
  if (refused) return refused;
  const named = funds.orders.filter((known) => request.orders.some(({ order }) => order === known.order));
  const schemes = named.map(({ scheme }) => scheme);
  const [amount, fee] = [sumOf(request.orders), feeOf(policy, request.channel, schemes)];
  const payout = subtract(amount, fee);
  if (payout.amount <= 0)
    return refuse('withdrawal.below-fee', `${format(amount)}, of which the fee is ${format(fee)}`);
  const needsSecondPerson = amount.amount > policy.secondPersonAbove[request.channel].amount;
  const state = needsSecondPerson ? 'awaiting-approval' : 'reserved';
  return { ...request, state, policy: policy.id, amount, fee, payout, reservedAt: at };
}

/** Days after which a withdrawal that nobody approved has to be asked for again. */
const approvalDays = 7;

/**
 * The withdrawal as it is reserved once a second person of the supplier approves it. What has changed since is looked at
 * again: `actor.…`, `approval.same-person`, `withdrawal.not-awaiting`, `withdrawal.lapsed`, `payee.…`, `funds.…`. Approving again
 * changes nothing.
 */
export function approveWithdrawal(
  before: Withdrawal,
  by: Actor,
  { funds, payees }: Omit<WithdrawalContext, 'policy'>,
  at: string,
): Withdrawal | Refusal {
  const refused = fundsAuthorityRefusal('funds.approveWithdrawal', by, before.supplier, funds.company);
  if (refused) return refused;
  if (before.approvedBy && isSamePerson(before.approvedBy, by)) return before;
  if (before.state !== 'awaiting-approval') return refuse('withdrawal.not-awaiting', `${before.id} is ${before.state}`);
  if (isSamePerson(before.by, by)) return refuse('approval.same-person', by.user ?? by.member);
  if (at > addDays(before.reservedAt, approvalDays)) return refuse('withdrawal.lapsed', before.reservedAt);
  const changed = fundsRefusal(before.supplier, before.orders, funds) ?? payeeRefusal(payees, before.payee, at);
  return changed ?? { ...before, state: 'reserved', approvedBy: by, reservedAt: at };
}

/** The withdrawal that stands under an id when it is the one asked for, else `message.id-reused`. */
export function repeatedWithdrawal(stands: Withdrawal, request: WithdrawalRequest): Withdrawal | Refusal {
  const { id, by, supplier, channel: way, orders, payee: to } = stands;
  const text = (asked: WithdrawalRequest) => JSON.stringify(withdrawalRequest.parse(asked));
  const isSame = text({ id, by, supplier, channel: way, orders, payee: to }) === text(request);
  return isSame ? stands : refuse('message.id-reused', id);
}

/** What is wrong with the currency; it can be told before anything is looked up. */
export function channelRefusal({ channel: by, orders }: Pick<WithdrawalRequest, 'channel' | 'orders'>) {
  const other = orders.find(({ amount }) => amount.currency !== by);
  return other && refuse('withdrawal.channel', `${other.amount.currency} by the ${by} channel`);
}

/** Whether its money is set aside and the bank is to be asked. */
export const isWithBank = ({ state }: Withdrawal): boolean => state === 'reserved' || state === 'with-bank';

/** Whether nothing more can happen to it. */
export const hasEnded = ({ state }: Withdrawal): boolean => state === 'paid' || state === 'put-back';

/** The withdrawal as it ends by the bank's word. The first word stands: what has ended stays as it is. */
export function endWithdrawal(before: Withdrawal, end: PayoutEnd, at: string): Withdrawal {
  if (hasEnded(before)) return before;
  const endedAt = at < before.reservedAt ? before.reservedAt : at; // another machine's clock may be behind
  return end.status === 'paid'
    ? { ...before, state: 'paid', endedAt, bankReference: end.reference }
    : { ...before, state: 'put-back', endedAt, reason: end.reason };
}

/** The postings by which a withdrawal came into its state (R9): each order's part by itself, so that it can be followed. */
export function withdrawalTransfers(w: Withdrawal): Transfer[] {
  const [reserve, supplier] = [account.withdrawal(w.id), account.supplier(w.supplier)];
  const posting = (name: string) => ({ id: `withdrawal:${w.id}:${name}`, at: w.endedAt ?? w.reservedAt });
  switch (w.state) {
    case 'reserved':
      return w.orders.map(({ order, amount }, i) => ({
        ...posting(`reserved:${String(i)}`),
        order,
        kind: 'withdrawal-reserved',
        from: supplier,
        to: reserve,
        amount,
      }));
    case 'awaiting-approval':
    case 'with-bank':
      return [];
    case 'paid': {
      const paid = { ...posting('paid'), kind: 'withdrawal-paid', from: reserve, to: account.bank } as const;
      const fee = { ...posting('fee'), kind: 'withdrawal-fee', from: reserve, to: account.withdrawalFees } as const;
      return [{ ...paid, amount: w.payout }, ...(w.fee.amount > 0 ? [{ ...fee, amount: w.fee }] : [])];
    }
    case 'put-back':
      return w.orders.map(({ order, amount }, i) => ({
        ...posting(`put-back:${String(i)}`),
        order,
        kind: 'withdrawal-put-back',
        from: reserve,
        to: supplier,
        amount,
        ...(w.reason && { reason: w.reason }),
      }));
  }
}
