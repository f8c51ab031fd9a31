/**
 * The record of a member: each change of its Trade Assurance and of its people, with who did it and why, one after the other
 * for ever (R13, R58). What a change may be is decided here; the reinstatement of a suspended supplier takes two operators, and
 * so does the erasure of what is known of a member's people.
 */
import { z } from 'zod';
import type { CreditFact } from './credit-facts';
import type { LimitExplanation } from './credit-explanation';
import { assurance, opaqueId, type Assurance, type Member } from './member';
import { refuse, type Refusal } from './refusal';
import { instant } from './time';
import { isSamePerson, person, type Person } from './users';

export const memberRecord = z.strictObject({
  member: opaqueId,
  /** Its place among the member's records, from 1. */
  seq: z.int().positive(),
  at: instant,
  what: z.enum([
    'applied',
    'application-ended',
    'activated',
    'suspended',
    'reinstatement-proposed',
    'reinstatement-declined',
    'reinstated',
    'user-added',
    'user-removed',
    'erasure-proposed',
    'erasure-declined',
    'erased',
  ]),
  by: person,
  /** Why, for people; of a user, who. */
  reason: z.string().min(1).max(2000),
  /** Trade Assurance before and after. */
  from: assurance,
  to: assurance,
});
export type MemberRecord = z.infer<typeof memberRecord>;

/** A change before it is on record. */
export type MemberChange = Pick<MemberRecord, 'what' | 'by' | 'reason' | 'to'>;

/** Who suspends: nobody decides it, the entries on record do. */
const credit: Person = { role: 'effect', member: 'credit' };

/**
 * R58: the suspension that a supplier's credit entries ask for, if the member's record does not say so yet. Orders that are
 * open go on.
 */
export function suspensionBy(
  { strikes, suspended, policyVersion }: LimitExplanation,
  struck: readonly string[],
  state: Assurance,
  records: readonly MemberRecord[],
): MemberChange | undefined {
  const last = records.findLast(({ what }) => what === 'suspended' || what === 'reinstated');
  if (!suspended || (state === 'suspended' && last?.what === 'suspended')) return undefined;
  const reason = `${strikes} strikes by upheld complaints, on ${struck.join(', ')} (policy ${policyVersion}).`;
  return { what: 'suspended', by: credit, reason: reason.slice(0, 2000), to: 'suspended' };
}

/** R58: an operator asks for a suspended supplier to be reinstated; another one must approve. */
export function proposeReinstatement(
  { id, tradeAssurance }: Member,
  records: readonly MemberRecord[],
  by: Person,
  reason: string,
): MemberChange | 'stands' | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (tradeAssurance !== 'suspended') return refuse('member.not-suspended', `${id} is ${tradeAssurance}`);
  const open = openProposal(records);
  if (open) return open.reason === reason && isSamePerson(open.by, by) ? 'stands' : refuse('reinstatement.open', id);
  return { what: 'reinstatement-proposed', by, reason, to: 'suspended' };
}

/**
 * R58: another operator approves the proposal of that number (`seq`). The change to the member, and the fact that lifts the suspension of its limit, with the
 * reason of the proposal.
 */
export function approveReinstatement(
  { id, tradeAssurance }: Member,
  records: readonly MemberRecord[],
  { proposal, by }: { proposal: number; by: Person },
  at: string,
): { change: MemberChange; fact: CreditFact } | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (tradeAssurance !== 'suspended') return refuse('member.not-suspended', `${id} is ${tradeAssurance}`);
  const open = openProposal(records);
  if (!open) return refuse('reinstatement.not-proposed', id);
  if (open.seq !== proposal) return refuse('approval.none', `${String(proposal)}; the newest is ${String(open.seq)}`);
  if (isSamePerson(open.by, by)) return refuse('decision.same-person', by.member);
  const why = `${open.reason} (proposed by ${open.by.member}, approved by ${by.member})`;
  const decision = `reinstatement-${open.seq}`;
  return {
    change: { what: 'reinstated', by, reason: why.slice(0, 2000), to: stateBefore(records) },
    fact: { event: 'supplier.reinstated', supplier: id, at, inputs: { decision, why } },
  };
}

/** An operator, the proposer or another, does not want the supplier reinstated; it may be proposed again. */
export function declineReinstatement(
  { id }: Member,
  records: readonly MemberRecord[],
  by: Person,
  reason: string,
): MemberChange | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (!openProposal(records)) return refuse('reinstatement.not-proposed', id);
  return { what: 'reinstatement-declined', by, reason, to: 'suspended' };
}

/** The proposal that waits for a second operator: the last word on a suspension, if that is what it is. */
export function openProposal(records: readonly MemberRecord[]): MemberRecord | undefined {
  const last = records.findLast(({ what }) => what === 'suspended' || what.startsWith('reinstate'));
  return last?.what === 'reinstatement-proposed' ? last : undefined;
}

/** What the supplier was when it was suspended; one that was no longer active must apply again. */
function stateBefore(records: readonly MemberRecord[]): Assurance {
  const before = records.findLast(({ what }) => what === 'suspended')?.from;
  return before === undefined || before === 'activated' || before === 'suspended' ? 'activated' : 'none';
}

// --- erasure of what is known of a member's people

/** An operator asks for it; another one must approve, because nobody can undo it. */
export function proposeErasure(
  { id, tradeAssurance, erasedAt }: Member,
  records: readonly MemberRecord[],
  by: Person,
  reason: string,
): MemberChange | 'stands' | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (erasedAt !== undefined) return refuse('member.erased', id);
  const open = openErasure(records);
  if (open) return open.reason === reason && isSamePerson(open.by, by) ? 'stands' : refuse('erasure.open', id);
  return { what: 'erasure-proposed', by, reason, to: tradeAssurance };
}

/** Another operator approves: from then on nobody can read it. Whether the member still trades is for the books to say. */
export function approveErasure(
  { id, erasedAt }: Member,
  records: readonly MemberRecord[],
  by: Person,
): MemberChange | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (erasedAt !== undefined) return refuse('member.erased', id);
  const open = openErasure(records);
  if (!open) return refuse('erasure.not-proposed', id);
  if (isSamePerson(open.by, by)) return refuse('decision.same-person', by.member);
  const why = `${open.reason} (proposed by ${open.by.member}, approved by ${by.member})`;
  return { what: 'erased', by, reason: why.slice(0, 2000), to: 'none' };
}

/** An operator, the proposer or another, does not want it. */
export function declineErasure(
  { id, tradeAssurance }: Member,
  records: readonly MemberRecord[],
  by: Person,
  reason: string,
): MemberChange | Refusal {
  if (by.role !== 'platform') return refuse('actor.role-not-allowed', 'platform only');
  if (!openErasure(records)) return refuse('erasure.not-proposed', id);
  return { what: 'erasure-declined', by, reason, to: tradeAssurance };
}

/** The erasure that waits for a second operator. */
export function openErasure(records: readonly MemberRecord[]): MemberRecord | undefined {
  const last = records.findLast(({ what }) => what.startsWith('eras'));
  return last?.what === 'erasure-proposed' ? last : undefined;
}
