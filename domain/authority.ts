/**
 * Who may move a supplier's money outside its orders: one table and one function, called in the transaction that books it,
 * for HTTP, portal, CLI and workflow alike. Messages to an order have their senders in the message table (`messages.ts`),
 * and the rights of a company's users are in `users.ts`.
 */
import type { Member } from './member';
import type { Actor, Role } from './messages';
import { refuse, type Refusal } from './refusal';
import { userRefusal } from './users';

/**
 * The operations on a supplier's account, and who may ask for each. The platform is in none: an operator never moves a
 * supplier's money.
 */
export const fundsOperations = {
  'funds.withdraw': ['supplier'],
  'funds.approveWithdrawal': ['supplier'],
  'funds.quote': ['supplier'],
  'funds.settle': ['supplier'],
  'payee.register': ['supplier'],
  'payee.confirm': ['supplier'],
  'payee.remove': ['supplier'],
} as const satisfies Record<string, readonly Role[]>;
export type FundsOperation = keyof typeof fundsOperations;

/**
 * Why the actor may not do this with the supplier's money: `actor.role-not-allowed`, `actor.not-a-party`, `member.not-found`,
 * `member.erased`, `actor.user-unknown`, `actor.user-not-allowed`. `company` is the supplier as it is on record now.
 */
export function fundsAuthorityRefusal(
  operation: FundsOperation,
  { role, member, user }: Actor,
  supplier: string,
  company: Pick<Member, 'id' | 'users' | 'erasedAt'> | undefined,
): Refusal | undefined {
  const allowed: readonly Role[] = fundsOperations[operation];
  if (!allowed.includes(role))
    return refuse('actor.role-not-allowed', `${operation} is for ${allowed.join(', ')}; the sender is ${role}`);
  if (member !== supplier) return refuse('actor.not-a-party', `${member} is not ${supplier}`);
  if (!company) return refuse('member.not-found', supplier);
  if (company.erasedAt !== undefined) return refuse('member.erased', supplier);
  return userRefusal(company, user, operation);
}
