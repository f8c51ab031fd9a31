/** Mails that wait to be sent, and what became of them. Queued in the transaction that takes a notice out of the outbox. */
import { randomUUID } from 'node:crypto';
import { recipientsOf, type Mail, type Recipient } from '../domain/mails';
import type { Member } from '../domain/member';
import type { Notice } from '../domain/notices';
import { membersNamedIn, withNames } from '../domain/notice-words';
import { isRefusal } from '../domain/refusal';
import { attemptsKept, triedForMs, type Attempt } from '../domain/webhooks';
import type { AlsoQueue } from './fan-out';
import { membersOf } from './members';
import { opened, sealerOf, type Sealer } from './personal';
import { documentOf, valueOf, type Store } from './store';

export interface ClaimedMail extends Mail {
  lease: string;
}

/** Queues a mail for every notice and everyone whom it concerns; `platform` are the operators' addresses. */
export const queueMails =
  (store: Store, platform: readonly string[], at: string): AlsoQueue =>
  async (rows, session) => {
    // What is older than anything is tried for is no news: so it is when mail is switched on later.
    const news = rows.filter((row) => row.notices.length > 0 && Date.parse(row.at) > Date.parse(at) - triedForMs);
    if (news.length === 0) return;
    const told = news.flatMap(({ notices }) => notices);
    const companies = told.flatMap((one) => [...membersNamedIn(one), ...('member' in one.to ? [one.to.member] : [])]);
    const members = await membersOf(store, companies, session);
    const sealers = await sealersOf(store, [...members.keys()]);
    const mails = news.flatMap(({ order, subject, version, notices }) =>
      notices.flatMap((one, index) =>
        recipients(one, members, sealers, platform).map(({ person, ...who }) => ({
          id: [order ?? subject, version, index, person].join(':'),
          ...{ order, subject, version, key: one.key, params: withNames(one, members, who.language).params, ...who },
          state: 'pending' as const,
          ...{ attempts: 0, log: [], dueAt: at, queuedAt: at },
        })),
      ),
    );
    if (mails.length === 0) return;
    const docs = mails.map((mail) => documentOf('mails', mail));
    await store.collections.mails.bulkWrite(
      docs.map(({ _id, ...doc }) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: doc }, upsert: true } })),
      { session },
    );
  };

/** What seals for each company; those whose people were erased have none, and are written to no more. */
async function sealersOf(store: Store, companies: readonly string[]): Promise<Map<string, Sealer>> {
  const sealers = await Promise.all(companies.map(async (id) => [id, await sealerOf(store, id)] as const));
  return new Map(sealers.flatMap(([id, seal]) => (isRefusal(seal) ? [] : [[id, seal]])));
}

function recipients(
  { to, key }: Notice,
  members: ReadonlyMap<string, Member>,
  sealers: ReadonlyMap<string, Sealer>,
  platform: readonly string[],
): Recipient[] {
  if (to.role === 'platform')
    return platform.map((email) => ({ person: email, to: { name: 'Trade Assurance', email }, language: 'en' }));
  const [member, seal] = [members.get(to.member), sealers.get(to.member)];
  if (!member || !seal || member.erasedAt !== undefined) return [];
  return recipientsOf(key, member).map((one) => ({
    ...one,
    to: { name: seal(one.to.name), email: seal(one.to.email) },
  }));
}

/** Takes a mail that is due, for `leaseMs`. */
export async function claimMail(store: Store, at: string, leaseMs: number): Promise<ClaimedMail | undefined> {
  const lease = randomUUID();
  const doc = await store.collections.mails.findOneAndUpdate(
    { state: 'pending', dueAt: { $lte: at } },
    { $set: { lease, dueAt: new Date(Date.parse(at) + leaseMs).toISOString() } },
    { sort: { dueAt: 1 }, returnDocument: 'after' },
  );
  return doc ? { ...(await opened(store, valueOf(doc))), lease } : undefined;
}

/** Settles an attempt: sent, parked, or made again at `againAt`. Nothing when another relay has taken the mail meanwhile. */
export async function settleMail(
  store: Store,
  { id, lease }: ClaimedMail,
  outcome: { state: 'sent' | 'parked' } | { state: 'pending'; againAt: string },
  attempt: Attempt,
): Promise<void> {
  const { state } = outcome;
  const when = outcome.state === 'pending' ? { dueAt: outcome.againAt } : { settledAt: attempt.at };
  await store.collections.mails.updateOne(
    { _id: id, lease },
    {
      $set: { state, ...when },
      $unset: { lease: '' },
      $inc: { attempts: 1 },
      $push: { log: { $each: [attempt], $slice: -attemptsKept } },
    },
  );
}

export interface MailFilter {
  state?: Mail['state'] | undefined;
  order?: string | undefined;
  /** At most so many, newest first (default 50, at most 500). */
  limit?: number | undefined;
}

export async function listMails(store: Store, { state, order, limit = 50 }: MailFilter = {}): Promise<Mail[]> {
  const docs = await store.collections.mails
    .find({ state, order }, { ignoreUndefined: true })
    .sort({ queuedAt: -1, _id: 1 })
    .limit(Math.min(limit, 500))
    .toArray();
  return opened(store, docs.map(valueOf));
}

/** Tries parked mails again, all of them or those of an order; answers how many. */
export async function retryMails(store: Store, at: string, order?: string): Promise<number> {
  const { modifiedCount } = await store.collections.mails.updateMany(
    { state: 'parked', ...(order !== undefined && { order }) },
    { $set: { state: 'pending', dueAt: at, queuedAt: at }, $unset: { settledAt: '' } },
  );
  return modifiedCount;
}

/** Forgets what was settled before `until`. */
export async function forgetMails(store: Store, until: string): Promise<number> {
  return (await store.collections.mails.deleteMany({ settledAt: { $lt: until } })).deletedCount;
}
