/** A change of a member and its place on record, in one transaction (R13, R58). */
import type { ClientSession } from 'mongoose';
import type { CreditEntry, LimitExplanation } from '../domain/credit';
import { member, type Member } from '../domain/member';
import { memberRecord, suspensionBy, type MemberChange, type MemberRecord } from '../domain/member-record';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { noticesOfMember } from '../domain/notices-beside';
import { tellBeside } from './beside-notices';
import { opened } from './personal';
import { documentOf, valueOf, type Store } from './store';

/** A member, as the marketplace has it. */
export async function memberOf(store: Store, id: string, session?: ClientSession): Promise<Member | undefined> {
  const doc = await store.collections.members.findOne({ _id: id }, session ? { session } : {});
  return doc ? member.parse(await opened(store, valueOf(doc))) : undefined;
}

/** The record of a member, oldest first. */
export async function recordsOf(store: Store, id: string, session?: ClientSession): Promise<MemberRecord[]> {
  const found = store.collections.memberRecords.find({ member: id }, session ? { session } : {});
  return (await found.sort({ seq: 1 }).toArray()).map((doc) => memberRecord.parse(valueOf(doc)));
}

/** Makes a change of a member and puts it on record. Two at once: MongoDB lets one of the transactions try again. */
export async function changeMember(
  store: Store,
  { id, tradeAssurance: from }: Member,
  change: MemberChange,
  at: string,
  session: ClientSession,
  more: Partial<Pick<Member, 'users' | 'contact' | 'erasedAt'>> = {},
): Promise<MemberRecord> {
  const { members, memberRecords } = store.collections;
  const last = await memberRecords.findOne({ member: id }, { session, sort: { seq: -1 } });
  const record: MemberRecord = { member: id, seq: (last?.seq ?? 0) + 1, at, from, ...change };
  await memberRecords.insertOne(documentOf('memberRecords', record), { session });
  await members.updateOne({ _id: id }, { $set: { tradeAssurance: change.to, ...more } }, { session });
  await tellBeside(store, `member:${id}`, noticesOfMember(record), at, session);
  return record;
}

/** Reads a member and its records, and makes the change that follows; a record that stands already is the answer. */
export function onRecord(
  store: Store,
  id: string,
  at: string,
  decide: (known: Member, records: MemberRecord[]) => MemberChange | MemberRecord | Refusal,
): Promise<MemberRecord | Refusal> {
  return store.transaction(async (session) => {
    const known = await memberOf(store, id, session);
    if (!known) return refuse('member.not-found', id);
    const change = decide(known, await recordsOf(store, id, session));
    if (isRefusal(change) || 'seq' in change) return change;
    return changeMember(store, known, change, at, session);
  });
}

/** R58: a supplier whose entries suspend it is suspended as a member, too, with the reason on record. */
export async function suspendIfStruck(
  store: Store,
  supplier: string,
  explanation: LimitExplanation,
  entries: readonly CreditEntry[],
  session: ClientSession,
): Promise<void> {
  if (!explanation.suspended) return;
  const known = await memberOf(store, supplier, session);
  if (!known) return;
  const upheld = entries.filter((entry) => entry.event === 'complaint.upheld');
  const struck = upheld.map(({ order }) => `order ${order}`).sort(); // rulings of one moment are booked in either order
  const records = await recordsOf(store, supplier, session);
  const change = suspensionBy(explanation, struck, known.tradeAssurance, records);
  if (change) await changeMember(store, known, change, explanation.at, session);
}
