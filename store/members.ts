/** What people do to members: their users, and the reinstatement of a suspended supplier, which takes two operators (R58). */
import type { ClientSession } from 'mongoose';
import type { Member, User } from '../domain/member';
import {
  approveReinstatement as approved,
  declineReinstatement as declined,
  openProposal,
  proposeReinstatement as proposed,
  type MemberChange,
  type MemberRecord,
} from '../domain/member-record';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { userRefusal, withoutUser, withUser, type Person } from '../domain/users';
import { bookInTransaction } from './credit';
import { changeMember, memberOf, onRecord, recordsOf } from './member-records';
import { opened, sealerOf } from './personal';
import { valueOf, type Store } from './store';

/** A member and what is on record of it, oldest first. */
export interface MemberFile {
  member: Member;
  records: MemberRecord[];
  /** A reinstatement that waits for a second operator. */
  proposal?: MemberRecord;
}

/** Everything on record of a member, or `member.not-found`. */
export async function memberFile(store: Store, id: string): Promise<MemberFile | Refusal> {
  const known = await memberOf(store, id);
  if (!known) return refuse('member.not-found', id);
  const records = await recordsOf(store, id);
  const proposal = known.tradeAssurance === 'suspended' ? openProposal(records) : undefined;
  return { member: known, records, ...(proposal && { proposal }) };
}

export interface MemberFilter {
  account?: Member['account'];
  tradeAssurance?: Member['tradeAssurance'];
  /** At most so many (default 100, at most 500). */
  limit?: number;
}

/** Members by id. @public */
export async function listMembers(store: Store, { limit = 100, ...filter }: MemberFilter): Promise<Member[]> {
  const found = store.collections.members.find(filter, { ignoreUndefined: true }).sort({ _id: 1 });
  return opened(store, (await found.limit(Math.min(limit, 500)).toArray()).map(valueOf));
}

/** Members by their ids; those that are not known are missing. */
export async function membersOf(
  store: Store,
  ids: readonly string[],
  session?: ClientSession,
): Promise<Map<string, Member>> {
  const found = store.collections.members.find({ _id: { $in: [...new Set(ids)] } }, { ...(session && { session }) });
  return new Map((await opened(store, (await found.toArray()).map(valueOf))).map((known) => [known.id, known]));
}

// --- reinstatement (R58)

/** An operator proposes it: the record, or a refusal. The same proposal again answers with the one that stands. */
export function proposeReinstatement(
  store: Store,
  supplier: string,
  by: Person,
  reason: string,
  at: string,
): Promise<MemberRecord | Refusal> {
  return onRecord(store, supplier, at, (known, records) => {
    const change = proposed(known, records, by, reason);
    return change === 'stands' ? (openProposal(records) as MemberRecord) : change;
  });
}

/** Whoever does not want it says so, with a reason. @public */
export function declineReinstatement(
  store: Store,
  supplier: string,
  by: Person,
  reason: string,
  at: string,
): Promise<MemberRecord | Refusal> {
  return onRecord(store, supplier, at, (known, records) => declined(known, records, by, reason));
}

/** Another operator approves the proposal of that number: the member may trade again, and the entry that lifts its limit is booked with it. */
export function approveReinstatement(
  store: Store,
  supplier: string,
  approval: { proposal: number; by: Person },
  at: string,
): Promise<MemberRecord | Refusal> {
  return store.transaction(async (session) => {
    const known = await memberOf(store, supplier, session);
    if (!known) return refuse('member.not-found', supplier);
    const decision = approved(known, await recordsOf(store, supplier, session), approval, at);
    if (isRefusal(decision)) return decision;
    const record = await changeMember(store, known, decision.change, at, session);
    await bookInTransaction(store, decision.fact, at, session);
    return record;
  });
}

// --- users

/** Adds a user: the platform, or the company itself. The users afterwards, or a refusal. */
export const addUser = (store: Store, id: string, user: User, by: Person, at: string): Promise<User[] | Refusal> =>
  changeUsers(store, id, by, at, 'member.addUser', (users) => withUser(users, user), {
    what: 'user-added',
    reason: `${user.id}, ${user.role}`,
  });

/** Takes the right to act for the company from a user, who stays on record. */
export const removeUser = (store: Store, id: string, user: string, by: Person, at: string): Promise<User[] | Refusal> =>
  changeUsers(store, id, by, at, 'member.removeUser', (users) => withoutUser(users, user), {
    what: 'user-removed',
    reason: user,
  });

function changeUsers(
  store: Store,
  id: string,
  by: Person,
  at: string,
  message: string,
  change: (users: readonly User[]) => readonly User[] | Refusal,
  told: Pick<MemberChange, 'what' | 'reason'>,
): Promise<User[] | Refusal> {
  return store.transaction(async (session) => {
    const known = await memberOf(store, id, session);
    if (!known) return refuse('member.not-found', id);
    if (known.erasedAt !== undefined) return refuse('member.erased', id);
    if (by.role !== 'platform' && by.member !== id) return refuse('actor.not-the-member', `${by.member}, of ${id}`);
    const refusal = by.role === 'platform' ? undefined : userRefusal(known, by.user, message);
    if (refusal) return refusal;
    const before = known.users ?? [];
    const after = change(before);
    if (isRefusal(after)) return after;
    const users = [...after];
    if (after === before) return users;
    const seal = await sealerOf(store, id);
    if (isRefusal(seal)) return seal;
    const sealed = users.map((one) => ({ ...one, name: seal(one.name), email: seal(one.email) }));
    await changeMember(store, known, { ...told, by, to: known.tradeAssurance }, at, session, { users: sealed });
    return users;
  });
}
