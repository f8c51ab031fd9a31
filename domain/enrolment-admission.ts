/** The second half of a decision on an application: what the member's own record says to it (R12, R13, R58). */
import { supplierRefusal } from './eligibility';
import type { EnrolmentMessage } from './enrolment-messages';
import type { Member } from './member';
import { refuse, type Refusal } from './refusal';
import type { SchemePolicy } from './scheme-policy';
import { userRefusal } from './users';

/**
 * Why the member's record stands against the message: no such member, not a supplier that the scheme takes, suspended,
 * activated already, or a user that may not speak for it.
 */
export function enrolmentRefusal(
  supplier: Member | undefined,
  { name, actor }: EnrolmentMessage,
  scheme: SchemePolicy,
): Refusal | undefined {
  if (!supplier) return refuse('member.not-found');
  if (name === 'apply' && supplier.tradeAssurance === 'activated') return refuse('enrolment.not-needed', supplier.id);
  const isOfSupplier = actor.role === 'supplier';
  return (
    (isOfSupplier ? userRefusal(supplier, actor.user, `enrolment.${name}`) : undefined) ??
    (name === 'apply' || name === 'approve' ? supplierRefusal(supplier, scheme) : undefined)
  );
}
