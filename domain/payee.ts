/**
 * Registered payees: the bank accounts that a supplier's money may be paid out to (R9, R27; reading). One of the company
 * registers an account; it can be used once another confirms it, or after a waiting period.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { actor, payee, type Actor, type Payee } from './messages';
import { refuse, type Refusal } from './refusal';
import { addHours, instant } from './time';
import { isSamePerson } from './users';

export const registeredPayee = z.strictObject({
  id: opaqueId,
  supplier: opaqueId,
  payee,
  registeredBy: actor,
  registeredAt: instant,
  /** The end of the waiting period: from then on it can be used without a confirmation. */
  usableFrom: instant,
  confirmedBy: actor.optional(),
  confirmedAt: instant.optional(),
  removedBy: actor.optional(),
  removedAt: instant.optional(),
});
export type RegisteredPayee = z.infer<typeof registeredPayee>;

/** Most accounts that one supplier has registered at a time. */
export const maxPayees = 20;

/** The account without what people write differently: blanks, dashes, case. */
const accountKey = ({ account, bank = '' }: Payee): string =>
  `${account.replaceAll(/[\s-]/g, '')}|${bank.trim()}`.toUpperCase();

/** Whether both name the same account at the same bank. */
export const isSameAccount = (a: Payee, b: Payee): boolean => accountKey(a) === accountKey(b);

/** Whether money may be paid out to it at this instant. */
export const isUsable = ({ confirmedAt, removedAt, usableFrom }: RegisteredPayee, at: string): boolean =>
  removedAt === undefined && (confirmedAt !== undefined || at >= usableFrom);

/** A new payee; `payee.exists` for an account that is registered already, `payee.too-many`. */
export function registerPayee(
  known: readonly RegisteredPayee[],
  asked: Pick<RegisteredPayee, 'id' | 'supplier' | 'payee'> & { by: Actor },
  waitingHours: number,
  at: string,
): RegisteredPayee | Refusal {
  const active = known.filter(({ removedAt }) => removedAt === undefined);
  const same = active.find((one) => isSameAccount(one.payee, asked.payee));
  if (same) return refuse('payee.exists', same.id);
  if (active.length >= maxPayees) return refuse('payee.too-many', `at most ${String(maxPayees)}`);
  const { id, supplier, payee: account, by } = asked;
  return {
    id,
    supplier,
    payee: account,
    registeredBy: by,
    registeredAt: at,
    usableFrom: addHours(at, waitingHours),
  };
}

/** Confirmed by a second person of the company; `payee.removed`, `approval.same-person`. Again changes nothing. */
export function confirmPayee(before: RegisteredPayee, by: Actor, at: string): RegisteredPayee | Refusal {
  if (before.removedAt !== undefined) return refuse('payee.removed', before.id);
  if (before.confirmedAt !== undefined) return before;
  if (isSamePerson(before.registeredBy, by)) return refuse('approval.same-person', by.user ?? by.member);
  return { ...before, confirmedBy: by, confirmedAt: at };
}

/** Taken off the list; what is on its way to it goes on. Again changes nothing. */
export const removePayee = (before: RegisteredPayee, by: Actor, at: string): RegisteredPayee =>
  before.removedAt === undefined ? { ...before, removedBy: by, removedAt: at } : before;

/** Why money cannot be paid to this account now: `payee.not-registered`, `payee.waiting`. */
export function payeeRefusal(known: readonly RegisteredPayee[], wanted: Payee, at: string): Refusal | undefined {
  const found = known.filter(({ payee: one, removedAt }) => removedAt === undefined && isSameAccount(one, wanted));
  const [first] = found;
  if (!first) return refuse('payee.not-registered', maskAccount(wanted.account));
  if (found.some((one) => isUsable(one, at))) return undefined;
  return refuse('payee.waiting', `${first.id}: until ${first.usableFrom}, or until a second person confirms it`);
}

/** The account as it is shown to others: its last four characters, of a short one its last half. */
export const maskAccount = (account: string): string =>
  `…${account.slice(-Math.min(4, Math.ceil(account.length / 2)))}`;
