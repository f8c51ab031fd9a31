/**
 * Stores what one message did to an application for Trade Assurance: journal, state, the member's record and the credit that
 * follow from it, in one transaction. The version is the referee: it is taken once.
 */
import { createHash } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import {
  assuranceBy,
  enrolment,
  enrolmentKey,
  verificationFact,
  type Enrolment,
  type EnrolmentStatus,
} from '../domain/enrolment';
import { enrolmentRefusal } from '../domain/enrolment-admission';
import type { EnrolmentMessage } from '../domain/enrolment-messages';
import type { EnrolmentPolicy } from '../domain/enrolment-policy';
import type { Member } from '../domain/member';
import type { MemberChange } from '../domain/member-record';
import { policyInForce, policyOf } from '../domain/policy';
import { refuse, type Refusal } from '../domain/refusal';
import { noticesOfEnrolment } from '../domain/notices-beside';
import { schemeInForce } from '../domain/scheme';
import { tellBeside } from './beside-notices';
import type { Stored } from './collections';
import { bookInTransaction, refreshStanding } from './credit';
import { changeMember, memberOf } from './member-records';
import { policiesOf } from './policies';
import { documentOf, valueOf, type Store } from './store';

export interface EnrolmentRequest {
  message: EnrolmentMessage;
  /** The state that `step` answered with; its version is the one that is asked for. */
  next: Enrolment;
}

export type EnrolmentAnswer =
  /** It stands as it was asked for (answers of before it was told do not say how). */
  | { kind: 'stored'; enrolment?: Enrolment }
  /** The version was taken by another message: this stands, and the message's turn comes again. */
  | { kind: 'stands'; enrolment: Enrolment }
  /** The message was stored before, at this version and with this status. */
  | { kind: 'repeated'; version: number; status: EnrolmentStatus }
  | { kind: 'refused'; refusal: Refusal };

/** What a workflow begins with: the supplier's enrolment as it stands, and the policy that a round is under. */
export interface EnrolmentFile {
  enrolment?: Enrolment;
  policy: EnrolmentPolicy;
}

/** The enrolment and its policy: its own while it is open, else the one in force (R56). */
export async function loadEnrolment(store: Store, supplier: string, at: string): Promise<EnrolmentFile> {
  const policies = await policiesOf(store, 'enrolment');
  const known = await findEnrolment(store, supplier);
  const isOpen = known !== undefined && known.endedAt === undefined;
  const policy = isOpen ? policyOf(policies, known.policy) : policyInForce(policies, at);
  return { policy, ...(known && { enrolment: known }) };
}

/** The supplier's enrolment, newest round. */
export async function findEnrolment(
  store: Store,
  supplier: string,
  session?: ClientSession,
): Promise<Enrolment | undefined> {
  const doc = await store.collections.enrolments.findOne({ _id: supplier }, session ? { session } : {});
  return doc ? enrolment.parse(valueOf(doc)) : undefined;
}

/** The messages of a supplier's applications, oldest first. @public */
export async function enrolmentJournalOf(store: Store, supplier: string): Promise<Stored<'enrolmentJournal'>[]> {
  const found = store.collections.enrolmentJournal.find({ supplier }).sort({ version: 1 });
  return (await found.toArray()).map(valueOf);
}

export interface EnrolmentFilter {
  status?: EnrolmentStatus;
  /** At most so many, those that wait longest first (default 50, at most 500). */
  limit?: number;
}

/** Applications, the oldest change first. @public */
export async function listEnrolments(store: Store, { limit = 50, ...filter }: EnrolmentFilter): Promise<Enrolment[]> {
  const found = store.collections.enrolments.find(filter, { ignoreUndefined: true }).sort({ updatedAt: 1 });
  return (await found.limit(Math.min(limit, 500)).toArray()).map(valueOf);
}

/** What the journal knows of a message: as it was answered, or `message.id-reused` when its body was another. */
export async function recallEnrolment(
  store: Store,
  supplier: string,
  message: EnrolmentMessage,
  session?: ClientSession,
): Promise<EnrolmentAnswer | undefined> {
  const filter = { supplier, key: enrolmentKey(message) };
  const row = await store.collections.enrolmentJournal.findOne(filter, session ? { session } : {});
  if (!row) return undefined;
  if (row.hash !== hashOf(message)) return { kind: 'refused', refusal: refuse('message.id-reused', message.id) };
  return { kind: 'repeated', version: row.version, status: row.status };
}

/** Stores the next state (see `EnrolmentAnswer`). Trying again changes nothing. */
export function commitEnrolment(store: Store, request: EnrolmentRequest): Promise<EnrolmentAnswer> {
  return store.transaction((session) => write(store, request, session));
}

async function write(
  store: Store,
  { message, next }: EnrolmentRequest,
  session: ClientSession,
): Promise<EnrolmentAnswer> {
  const { supplier, version, status, updatedAt: at } = next;
  const known = await recallEnrolment(store, supplier, message, session);
  if (known?.kind === 'refused') return known;
  const before = await findEnrolment(store, supplier, session);
  if ((before?.version ?? 0) !== version - 1) return before ? { kind: 'stands', enrolment: before } : lost(supplier);
  if (known) return known;
  const member = await memberOf(store, supplier, session);
  const refusal = enrolmentRefusal(member, message, schemeInForce('trade-assurance', at));
  if (refusal || !member) return { kind: 'refused', refusal: refusal ?? refuse('member.not-found', supplier) };

  const { name, id, actor, data } = message;
  const row = { supplier, version, at, message: name, messageId: id, actor, data, status };
  const stored = documentOf('enrolmentJournal', { ...row, key: enrolmentKey(message), hash: hashOf(message) });
  await store.collections.enrolmentJournal.insertOne(stored, { session });
  const doc = documentOf('enrolments', next);
  await store.collections.enrolments.replaceOne({ _id: doc._id }, doc, { session, upsert: true });
  if (message.name === 'verify') await bookInTransaction(store, verificationFact(next, message, at), at, session);
  await follow(store, member, next, message, session);
  await tellBeside(store, `enrolment:${supplier}`, noticesOfEnrolment(before, next), at, session);
  return { kind: 'stored', enrolment: next };
}

/** R13: what the application makes of the member. A suspension stays what it is (R58). */
async function follow(
  store: Store,
  member: Member,
  next: Enrolment,
  { actor: by, data }: EnrolmentMessage,
  session: ClientSession,
): Promise<void> {
  const to = assuranceBy(next);
  if (member.tradeAssurance === 'suspended' || member.tradeAssurance === to) return;
  const what = to === 'activated' ? 'activated' : to === 'applied' ? 'applied' : 'application-ended';
  const given = next.decision?.reason ?? ('reason' in data ? data.reason : undefined);
  const reason = `Application ${String(next.round)} is ${next.status}${given === undefined ? '.' : `: ${given}`}`;
  const change: MemberChange = { what, by, reason: reason.slice(0, 2000), to };
  await changeMember(store, member, change, next.updatedAt, session);
  // The first limit of a supplier is the policy's base; it shows from here on.
  if (to === 'activated') await refreshStanding(store, next.supplier, next.updatedAt, session);
}

function lost(supplier: string): never {
  throw new RangeError(`the enrolment of ${supplier} is not on record, yet a later version of it is asked for`);
}

const hashOf = ({ name, actor, data }: EnrolmentMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([name, actor, data]))
    .digest('base64url');
