/**
 * An application for Trade Assurance as a state machine (R5, R13): a supplier applies, the platform or a verifier looks at
 * the company, and another operator approves or refuses. Pure: `step` answers with the next state, or a refusal. A supplier
 * has one enrolment for ever; each further application is a new round of it.
 */
import { z } from 'zod';
import type { CreditFact } from './credit-facts';
import {
  document,
  enrolmentMessages,
  type EnrolmentData,
  type EnrolmentMessage,
  type EnrolmentMessageName,
} from './enrolment-messages';
import type { EnrolmentPolicy } from './enrolment-policy';
import { opaqueId, type Assurance } from './member';
import { refuse, type Refusal } from './refusal';
import { addDays, instant } from './time';
import { isSamePerson, person } from './users';

export const enrolmentStatus = z.enum([
  'applied',
  'awaiting-documents',
  'verified',
  'approved',
  'refused',
  'withdrawn',
  'lapsed',
]);
export type EnrolmentStatus = z.infer<typeof enrolmentStatus>;

export const enrolment = z.strictObject({
  supplier: opaqueId,
  /** Number of the message that made this state, from 1, over all rounds. */
  version: z.int().positive(),
  /** Which application of this supplier it is, from 1. */
  round: z.int().positive(),
  status: enrolmentStatus,
  /** The policy that the application was made under (R56). */
  policy: z.string(),
  appliedAt: instant,
  oneTouchContract: enrolmentMessages.apply.data.shape.oneTouchContract,
  documents: z.array(document),
  /** What the supplier was asked for last. */
  question: z.string().optional(),
  verification: z.strictObject({ ...enrolmentMessages.verify.data.shape, by: person, at: instant }).optional(),
  decision: z.strictObject({ by: person, at: instant, reason: z.string().optional() }).optional(),
  /** Until when the side that is awaited has to act. */
  actBy: instant.optional(),
  /** Since when the platform is late. */
  overdueSince: instant.optional(),
  endedAt: instant.optional(),
  updatedAt: instant,
  /** The newest messages, so that a repeated one is known at once; the journal knows them all. */
  recent: z.array(z.string()),
});
export type Enrolment = z.infer<typeof enrolment>;

/** How many message keys an enrolment remembers by itself, and most documents of one application. */
const recentMessages = 32;
const mostDocuments = 50;

/** What makes a message one and the same: who sent it, under which id. */
export const enrolmentKey = ({ actor: { role, member }, id }: EnrolmentMessage): string => `${role}:${member}:${id}`;

/** The state after a message; the same state where it changes nothing; or why it was refused. */
export function step(
  current: Enrolment | undefined,
  supplier: string,
  message: EnrolmentMessage,
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  if (message.actor.role === 'supplier' && message.actor.member !== supplier)
    return refuse('actor.not-the-member', `${message.actor.member}, of ${supplier}`);
  const next =
    message.name === 'apply'
      ? applied(current, supplier, message.data, policy, at)
      : changed(current, message, policy, at);
  if ('refused' in next || next === current) return next;
  const recent = [...(current?.recent ?? []), enrolmentKey(message)].slice(-recentMessages);
  return { ...next, version: (current?.version ?? 0) + 1, updatedAt: at, recent };
}

/** R13: a first application, or another one after the last has ended. */
function applied(
  current: Enrolment | undefined,
  supplier: string,
  { documents, oneTouchContract }: EnrolmentData<'apply'>,
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  if (current && current.endedAt === undefined) return wrongState(current);
  if (current?.status === 'approved') return refuse('enrolment.not-needed', supplier);
  const again = mayApplyAgainAt(current, policy);
  if (again !== undefined && Date.parse(at) < Date.parse(again))
    return refuse('enrolment.too-soon', `from ${again} on`);
  return {
    supplier,
    version: current?.version ?? 0,
    round: (current?.round ?? 0) + 1,
    status: 'applied',
    policy: policy.id,
    appliedAt: at,
    oneTouchContract,
    documents,
    actBy: addDays(at, policy.platformDays),
    updatedAt: at,
    recent: current?.recent ?? [],
  };
}

/** When a supplier that was refused may apply again; undefined when it was not. */
export const mayApplyAgainAt = (current: Enrolment | undefined, policy: EnrolmentPolicy): string | undefined =>
  current?.status === 'refused' && current.endedAt !== undefined
    ? addDays(current.endedAt, policy.reapplyDays)
    : undefined;

function changed(
  current: Enrolment | undefined,
  message: EnrolmentMessage<Exclude<EnrolmentMessageName, 'apply'>>,
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  if (!current) return refuse('enrolment.not-found');
  if (message.actor.role === 'clock') return late(current, message.name, at);
  if (current.endedAt !== undefined) return refuse('enrolment.closed', `it is ${current.status}`);
  switch (message.name) {
    case 'supply':
      return supplied(current, message.data.documents, policy, at);
    case 'ask':
      return awaiting({ ...current, status: 'awaiting-documents', question: message.data.question }, policy, at);
    case 'verify':
      return verified(current, message, policy, at);
    case 'approve':
    case 'refuse':
      return decided(current, message, policy, at);
    case 'withdraw':
      return ended(current, 'withdrawn', at);
    default:
      return current; // the clock's, which is told apart above
  }
}

/** The application as it waits for the side whose turn it is. */
function awaiting(next: Enrolment, { platformDays, supplierDays }: EnrolmentPolicy, at: string): Enrolment {
  const days = next.status === 'awaiting-documents' ? supplierDays : platformDays;
  return { ...next, actBy: addDays(at, days), overdueSince: undefined };
}

function supplied(
  current: Enrolment,
  documents: Enrolment['documents'],
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  const all = [...current.documents, ...documents];
  if (all.length > mostDocuments) return refuse('enrolment.too-many-documents', `at most ${mostDocuments}`);
  // Only what was asked for starts the platform's period anew; otherwise a supplier could put its decision off for ever.
  if (current.status !== 'awaiting-documents') return { ...current, documents: all };
  return awaiting({ ...current, status: 'applied', documents: all, question: undefined }, policy, at);
}

/** R11: what the company is. A later verification takes the place of an earlier one. */
function verified(
  current: Enrolment,
  { actor: by, data }: EnrolmentMessage<'verify'>,
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  if (current.status === 'awaiting-documents') return wrongState(current);
  if (current.verification?.verification === data.verification) {
    const isSame = current.verification.score === data.score && current.verification.note === data.note;
    return isSame ? current : refuse('message.id-reused', `verification ${data.verification}`);
  }
  return awaiting({ ...current, status: 'verified', verification: { ...data, by, at } }, policy, at);
}

/** R13: four eyes; approval needs a verification that is good enough. */
function decided(
  current: Enrolment,
  message: EnrolmentMessage<'approve' | 'refuse'>,
  policy: EnrolmentPolicy,
  at: string,
): Enrolment | Refusal {
  const { actor: by } = message;
  const { verification } = current;
  if (message.name === 'approve' && (current.status !== 'verified' || !verification)) return wrongState(current);
  if (verification && isSamePerson(by, verification.by)) return refuse('decision.same-person', by.member);
  if (message.name === 'approve' && verification && verification.score < policy.minimumScore) {
    return refuse('enrolment.score-too-low', `${verification.score} of at least ${policy.minimumScore}`);
  }
  const reason = message.name === 'approve' ? message.data.note : message.data.reason;
  const decision = { by, at, ...(reason !== undefined && { reason }) };
  return ended({ ...current, decision }, message.name === 'approve' ? 'approved' : 'refused', at);
}

const ended = (current: Enrolment, status: EnrolmentStatus, at: string): Enrolment => ({
  ...current,
  status,
  actBy: undefined,
  overdueSince: undefined,
  endedAt: at,
});

/** A silent supplier's application lapses; a silent platform's is overdue, for operators to see. */
function late(current: Enrolment, name: EnrolmentMessageName, at: string): Enrolment {
  const due = deadlineOf(current);
  if (due?.message !== name || Date.parse(at) < Date.parse(due.at)) return current;
  if (name === 'supplierSilent') return ended(current, 'lapsed', at);
  return { ...current, actBy: undefined, overdueSince: at };
}

/** What the clock says next, and when. */
export function deadlineOf({
  status,
  actBy,
}: Enrolment): { at: string; message: 'supplierSilent' | 'platformSilent' } | undefined {
  if (actBy === undefined) return undefined;
  return { at: actBy, message: status === 'awaiting-documents' ? 'supplierSilent' : 'platformSilent' };
}

const wrongState = ({ status }: Enrolment): Refusal => refuse('enrolment.wrong-state', `the application is ${status}`);

// --- what follows for the supplier

/** What the supplier is as a member, by where its application stands. */
export function assuranceBy({ status }: Enrolment): Assurance {
  if (status === 'approved') return 'activated';
  return status === 'applied' || status === 'awaiting-documents' || status === 'verified' ? 'applied' : 'none';
}

/** R11: the fact that a verification is for the supplier's credit. */
export function verificationFact(
  { supplier, round }: Enrolment,
  { data }: EnrolmentMessage<'verify'>,
  at: string,
): CreditFact {
  const verification = `enrolment-${round}-${data.verification}`;
  return { event: 'company.verified', supplier, at, inputs: { verification, score: data.score } };
}
