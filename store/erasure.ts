/**
 * Erases what is kept of a member's people, by destroying the key that sealed it. Asked for by one operator and done with the
 * approval of another, because nobody can undo it; what the law makes one keep (amounts, parties, accounts of payments) stays.
 */
import type { ClientSession } from 'mongoose';
import { account } from '../domain/ledger';
import type { Member } from '../domain/member';
import {
  approveErasure as approved,
  declineErasure as declined,
  openErasure,
  proposeErasure as proposed,
  type MemberRecord,
} from '../domain/member-record';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import type { Person } from '../domain/users';
import { dropPlainFiles } from './files';
import { changeMember, memberOf, onRecord, recordsOf } from './member-records';
import { documentOfOrder, orderIn } from './order-docs';
import { destroyKey, forgetKey, isSealed, opened, sealContracts, sealerOf } from './personal';
import type { Store } from './store';

/** An operator asks for the erasure: the record, or a refusal. The same again answers with the one that stands. */
export function proposeErasure(store: Store, id: string, by: Person, reason: string, at: string) {
  return onRecord(store, id, at, (known, records) => {
    const change = proposed(known, records, by, reason);
    return change === 'stands' ? (openErasure(records) as MemberRecord) : change;
  });
}

/** Whoever does not want it says so, with a reason. */
export function declineErasure(store: Store, id: string, by: Person, reason: string, at: string) {
  return onRecord(store, id, at, (known, records) => declined(known, records, by, reason));
}

/**
 * Another operator approves: the key is destroyed, and what was stored before there were keys is overwritten. Running it again
 * ends what a crash has cut off. `member.not-found`, `member.in-trade`, `erasure.not-proposed`, `decision.same-person`
 */
export async function approveErasure(
  store: Store,
  id: string,
  by: Person,
  at: string,
): Promise<MemberRecord | Refusal> {
  const known = await memberOf(store, id);
  if (!known) return refuse('member.not-found', id);
  if (known.erasedAt !== undefined) return endErasure(store, id);
  const decision = approved(known, await recordsOf(store, id), by);
  if (isRefusal(decision)) return decision;
  const addresses = addressesOf(known);
  await sealOldContracts(store, id);
  const record = await store.transaction((session) => erase(store, id, by, at, session));
  forgetKey(store, id);
  if (isRefusal(record)) return record;
  await dropMails(store, id, addresses);
  return endErasure(store, id, record);
}

async function erase(store: Store, id: string, by: Person, at: string, session: ClientSession) {
  const known = await memberOf(store, id, session);
  if (!known) return refuse('member.not-found', id);
  const change = approved(known, await recordsOf(store, id, session), by);
  if (isRefusal(change)) return change;
  const trade = await inTrade(store, id, session);
  if (trade !== undefined) return refuse('member.in-trade', trade);
  await destroyKey(store, id, at, session);
  const people = { name: 'erased', email: 'erased@erased.invalid' };
  const users = known.users?.map((user) => ({ ...user, ...people, active: false }));
  return changeMember(store, known, change, at, session, {
    ...{ contact: people, erasedAt: at },
    ...(users && { users }),
  });
}

/** What still needs the member's people, if anything: an order, money, a request. */
async function inTrade(store: Store, id: string, session: ClientSession): Promise<string | undefined> {
  const { orders, withdrawals, settlements, enrolments, balances } = store.collections;
  const one = { session, projection: { _id: 1 } } as const;
  const order = await orders.findOne({ $or: [{ supplier: id }, { buyer: id }], endedAt: { $exists: false } }, one);
  if (order) return `order ${order._id}`;
  const withdrawal = await withdrawals.findOne({ supplier: id, endedAt: { $exists: false } }, one);
  if (withdrawal) return `withdrawal ${withdrawal._id}`;
  const settlement = await settlements.findOne({ supplier: id, endedAt: { $exists: false } }, one);
  if (settlement) return `settlement ${settlement._id}`;
  if (await enrolments.findOne({ _id: id, endedAt: { $exists: false } }, one)) return 'an application';
  const accounts = [account.supplier(id), account.receivable(id)];
  const money = await balances.findOne({ account: { $in: accounts }, balance: { $ne: 0 } }, { session });
  return money ? `account ${money.account}` : undefined;
}

const addressesOf = ({ contact, users = [] }: Member): string[] => [contact.email, ...users.map(({ email }) => email)];

/** Mails go whole: what was sealed says whose it was, what was not is known by its address. */
async function dropMails(store: Store, id: string, addresses: readonly string[]): Promise<void> {
  const prefix = new RegExp(`^personal:${id.replaceAll('.', String.raw`\.`)}:`);
  await store.collections.mails.deleteMany({ 'to.email': { $in: [prefix, ...addresses] } });
}

/** What was stored before contracts were sealed is sealed now, so that it goes with the key, too. */
async function sealOldContracts(store: Store, id: string): Promise<void> {
  if (isRefusal(await sealerOf(store, id))) return;
  const { orders, journal } = store.collections;
  for await (const doc of orders.find({ $or: [{ supplier: id }, { buyer: id }] })) {
    const { _id, ...changed } = await sealContracts(store, doc, doc);
    await orders.replaceOne({ _id, version: doc.version }, changed);
    for await (const row of journal.find({ order: _id, 'events.type': { $in: naming } })) {
      const { events } = await sealContracts(store, doc, row);
      await journal.updateOne({ _id: row._id }, { $set: { events } });
    }
  }
}

/** Events that hold a part of a contract. */
const naming = ['orderDrafted', 'contractRevised', 'proposalMade', 'contractAmended'];

/** The rest, which may be done again: words that orders are found by, files and records of the days without keys. */
async function endErasure(store: Store, id: string, made?: MemberRecord): Promise<MemberRecord | Refusal> {
  const { orders, memberRecords } = store.collections;
  for await (const doc of orders.find({ $or: [{ supplier: id }, { buyer: id }] })) {
    const { index } = documentOfOrder(await opened(store, orderIn(doc)));
    await orders.updateOne({ _id: doc._id, version: doc.version }, { $set: { index: index as never } });
  }
  await dropPlainFiles(store, id);
  // Of a user who was added, the record once had the name.
  for await (const { _id, reason } of memberRecords.find({ member: id, what: 'user-added' })) {
    const [user = '', ...rest] = reason.split(', ');
    if (rest.length > 1) await memberRecords.updateOne({ _id }, { $set: { reason: `${user}, ${rest.at(-1) ?? ''}` } });
  }
  return made ?? (await recordsOf(store, id)).findLast(({ what }) => what === 'erased') ?? refuse('member.erased', id);
}

/**
 * Seals the people of members who were stored before there were keys; answers how many that was. Again changes nothing.
 * @throws KeyMissing
 */
export async function sealMembers(store: Store): Promise<number> {
  let sealed = 0;
  const { members } = store.collections;
  for await (const doc of members.find({ 'contact.email': { $not: /^personal:/ }, erasedAt: { $exists: false } })) {
    const people = await sealedPeople(store, doc);
    if (isRefusal(people)) continue;
    sealed += (await members.updateOne({ _id: doc._id }, { $set: people })).modifiedCount;
  }
  return sealed;
}

/** The people of a member as they are kept. */
export async function sealedPeople(
  store: Store,
  { id, contact, users }: Member,
): Promise<Pick<Member, 'contact' | 'users'> | Refusal> {
  const seal = await sealerOf(store, id);
  if (isRefusal(seal)) return seal;
  const fresh = (text: string) => (isSealed(text) ? text : seal(text));
  return {
    contact: {
      ...{ name: fresh(contact.name), email: fresh(contact.email) },
      ...(contact.phone !== undefined && { phone: fresh(contact.phone) }),
    },
    ...(users && { users: users.map((one) => ({ ...one, name: fresh(one.name), email: fresh(one.email) })) }),
  };
}
