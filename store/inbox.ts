/**
 * The inbox as stored: a delivery is one document, written before the sender is answered and never written again in what
 * it says; its rows are made when it is read. Whoever works on a delivery or a row has it on lease, so that a process that
 * dies holds nothing back for longer than that.
 */
import { createHash, randomUUID } from 'node:crypto';
import mongoose, { type ClientSession } from 'mongoose';
import { delivery, inboxRow, type Delivery, type InboxRow, type RowState, type Verdict } from '../domain/inbox';
import type { MessageData } from '../domain/messages';
import { refuse, type Refusal } from '../domain/refusal';
import { documentOf, valueOf, type Doc, type Store } from './store';

/** A delivery as it comes in; `messageId` is the sender's own, where it has one. */
export interface Incoming extends Pick<Delivery, 'source' | 'kind' | 'member' | 'profile' | 'file' | 'way'> {
  body: Uint8Array;
  messageId?: string;
  receivedAt: string;
}

export interface Received {
  id: string;
  /** It was delivered before. */
  isRepeated: boolean;
}

const durable = { writeConcern: new mongoose.mongo.WriteConcern('majority', undefined, true) };

/**
 * Stores a delivery, durably, once for its source and message id: the same again answers the same id.
 * `inbox.id-reused` when the message id came before with other bytes.
 */
export async function receive(store: Store, incoming: Incoming): Promise<Received | Refusal> {
  const { body, messageId: given, source, receivedAt, ...rest } = incoming;
  const sha256 = createHash('sha256').update(body).digest('hex');
  const messageId = given ?? `${incoming.profile}:${sha256}`;
  const id = deliveryId(source, messageId);
  const state = { state: 'received', rows: 0, attempts: 0, dueAt: receivedAt } as const;
  const stored = { id, source, messageId, ...rest, receivedAt, bytes: body.length, sha256, ...state, body };
  try {
    await store.collections.inbox.insertOne(documentOf('inbox', stored), durable);
    return { id, isRepeated: false };
  } catch (fault) {
    if (!(fault instanceof mongoose.mongo.MongoServerError) || fault.code !== 11000) throw fault;
  }
  const known = await store.collections.inbox.findOne({ _id: id }, { projection: { sha256: 1, profile: 1 } });
  const isSame = known?.sha256 === sha256 && known.profile === incoming.profile;
  return isSame ? { id, isRepeated: true } : refuse('inbox.id-reused', messageId);
}

/** The id says what makes a delivery one and the same, so that one index keeps it unique. */
const deliveryId = (source: string, messageId: string): string =>
  `in-${createHash('sha256')
    .update(JSON.stringify([source, messageId]))
    .digest('hex')
    .slice(0, 32)}`;

// --- reading

/** Who works on something, and until when nobody else does. */
export interface Lease {
  by: string;
  until: string;
}
export const leaseOf = (now: string, ms: number): Lease => ({
  by: randomUUID(),
  until: new Date(Date.parse(now) + ms).toISOString(),
});

const free = (now: string) => ({ $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }] });

/** Takes the oldest delivery that is not read yet, with its bytes. */
export async function takeUnread(store: Store, now: string, lease: Lease): Promise<(Delivery & Body) | undefined> {
  const doc = await store.collections.inbox.findOneAndUpdate(
    { state: 'received', dueAt: { $lte: now }, ...free(now) },
    { $set: { lease }, $inc: { attempts: 1 } },
    { sort: { dueAt: 1 }, returnDocument: 'after' },
  );
  return doc ? { ...deliveryOf(doc), body: bytesOf(doc.body) } : undefined;
}
interface Body {
  body: Uint8Array;
}

/** A row before it is stored. */
export type NewRow = Pick<InboxRow, 'index' | 'state'> &
  Partial<
    Pick<InboxRow, 'at' | 'fact' | 'data' | 'remittance' | 'amount' | 'transfer' | 'key' | 'message' | 'code' | 'why'>
  >;

/**
 * Stores what was read in a delivery. A process that died half-way has stored some of the rows: they are the same, and
 * stay as they are. Of a delivery that is read again, what was not understood before is forgotten, and what was stays.
 */
export async function storeRows(
  store: Store,
  of: Delivery,
  rows: readonly NewRow[],
  state: 'read' | 'unreadable',
  now: string,
): Promise<void> {
  const { id, source, kind, member, profile, receivedAt } = of;
  const fresh = of.rows > 0 ? await newsIn(store, id, rows) : { rows, stored: 0 };
  const docOf = (row: NewRow) =>
    documentOf('inboxRows', {
      ...{ id: rowId(id, row.index), delivery: id, source, kind, member, profile, receivedAt },
      ...{ ...row, attempts: 0, dueAt: now, updatedAt: now },
    });
  // A part at a time, so that the process answers others in between.
  for (let from = 0; from < fresh.rows.length; from += rowsAtOnce) {
    const docs = fresh.rows.slice(from, from + rowsAtOnce).map(docOf);
    const writes = docs.map((doc) => ({
      updateOne: { filter: { _id: doc._id }, update: { $setOnInsert: doc }, upsert: true },
    }));
    await store.collections.inboxRows.bulkWrite(writes, { ordered: false });
  }
  // What it was unreadable for is explained by its having been read.
  if (state === 'read')
    await store.collections.inboxRows.updateOne(
      { _id: rowId(id, -1), state: 'dead' },
      { $set: { state: 'ignored', code: 'file.read-again', why: `read at ${now}`, updatedAt: now } },
    );
  await store.collections.inbox.updateOne(
    { _id: id },
    { $set: { state, rows: fresh.stored + fresh.rows.length }, $unset: { lease: '' } },
    durable,
  );
}

/** What is in a file, and is no row of it yet: facts by their content, all else by its code and place. */
async function newsIn(store: Store, id: string, rows: readonly NewRow[]): Promise<{ rows: NewRow[]; stored: number }> {
  const { inboxRows } = store.collections;
  // That it was unreadable stays on record, unless it still is.
  const isUnreadable = rows.some(({ index }) => index < 0);
  await inboxRows.deleteMany({ delivery: id, ...(!isUnreadable && { index: { $gte: 0 } }), ...notUnderstood });
  const kept = (await inboxRows.find({ delivery: id }).toArray()).map((doc) => inboxRow.parse(valueOf(doc)));
  const thingOf = ({ message, code, at }: NewRow) => message ?? JSON.stringify([code, at?.message, at?.index]);
  const known = new Set(kept.map(thingOf));
  const places = new Set(kept.map(({ index }) => index));
  let next = 1 + Math.max(-1, ...places, ...rows.map(({ index }) => index));
  const place = (index: number) => (index >= 0 && places.has(index) ? (next += 1) - 1 : index);
  const fresh = rows.filter((row) => !known.has(thingOf(row))).map((row) => ({ ...row, index: place(row.index) }));
  return { rows: fresh, stored: kept.length - (places.has(-1) ? 1 : 0) };
}

/** Dead, and no fact that could be routed: only another reading helps. */
const notUnderstood = { state: 'dead', message: { $exists: false } } as const;
const rowsAtOnce = 500;
const rowId = (of: string, index: number): string => `${of}.${index < 0 ? 'file' : String(index)}`;

// --- routing

/** Turns that have something to do, those that wait longest first. */
export async function turnsDue(store: Store, now: string, limit: number): Promise<string[]> {
  const found = await store.collections.inboxRows
    .find({ state: 'pending', dueAt: { $lte: now }, ...free(now) }, { projection: { key: 1 } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  return [...new Set(found.flatMap(({ key }) => (key === undefined ? [] : [key])))];
}

/** Takes the first row of a turn; nothing when the first is not due, or somebody else has it. */
export async function takeRow(store: Store, key: string, now: string, lease: Lease): Promise<InboxRow | undefined> {
  const first = await store.collections.inboxRows
    .find({ key, state: 'pending' }, { projection: { dueAt: 1 } })
    .sort({ receivedAt: 1, delivery: 1, index: 1 })
    .limit(1)
    .next();
  if (!first) return undefined;
  if (first.dueAt > now) {
    // Those behind it wait with it, and are not asked for again before.
    await store.collections.inboxRows.updateMany(
      { key, state: 'pending', dueAt: { $lt: first.dueAt } },
      { $set: { dueAt: first.dueAt } },
    );
    return undefined;
  }
  const doc = await store.collections.inboxRows.findOneAndUpdate(
    { _id: first._id, state: 'pending', ...free(now) },
    { $set: { lease }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
  return doc ? inboxRow.parse(valueOf(doc)) : undefined;
}

/** Closes a row, or lets it wait. Says nothing when the lease has gone to somebody else meanwhile. */
export async function settleRow(store: Store, row: InboxRow, verdict: Verdict, now: string): Promise<void> {
  const { outcome, code, why, waitsFor, order, dueAt } = verdict as Partial<Pick<InboxRow, keyof InboxRow>>;
  const told = { outcome, code, why: why?.slice(0, 1000), waitsFor, order, dueAt };
  const set = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  const gone = Object.fromEntries(
    (['outcome', 'code', 'why', 'waitsFor'] as const).filter((name) => !(name in set)).map((name) => [name, '']),
  );
  await store.collections.inboxRows.updateOne(
    { _id: row.id, 'lease.by': row.lease?.by ?? '' },
    {
      $set: { state: verdict.state, ...set, updatedAt: now, ...(verdict.state === 'parked' && { attempts: 0 }) },
      $unset: { ...gone, lease: '' },
    },
  );
}

/** Whether the same fact was routed before, by whatever delivery; to which order. */
export async function routedBefore(store: Store, { message, id }: InboxRow): Promise<InboxRow | undefined> {
  if (message === undefined) return undefined;
  const doc = await store.collections.inboxRows.findOne({
    message,
    state: 'routed',
    outcome: { $in: ['applied', 'duplicate', 'suspense'] },
    _id: { $ne: id },
  });
  return doc ? inboxRow.parse(valueOf(doc)) : undefined;
}

/** Lets go on what waits for these subjects. */
export async function wake(
  store: Store,
  subjects: readonly string[],
  now: string,
  session?: ClientSession,
): Promise<void> {
  if (subjects.length === 0) return;
  await store.collections.inboxRows.updateMany(
    { state: 'parked', waitsFor: { $in: [...subjects] } },
    { $set: { state: 'pending', dueAt: now, updatedAt: now } },
    session ? { session } : {},
  );
}

/** Lets go on what is parked and has waited long enough to be looked at again. Answers how many. */
export async function wakeDue(store: Store, now: string): Promise<number> {
  const { modifiedCount } = await store.collections.inboxRows.updateMany(
    { state: 'parked', dueAt: { $lte: now } },
    { $set: { state: 'pending', updatedAt: now } },
  );
  return modifiedCount;
}

/** The orders that name a subject, and have not ended; when all have, those that have. At most two: more tell no more. */
export async function ordersOf(store: Store, subject: string): Promise<string[]> {
  const [kind = '', ...rest] = subject.split(':');
  const field = fields[kind];
  if (field === undefined) return [];
  const named = { [field]: rest.join(':') };
  const find = (more: object) =>
    store.collections.orders
      .find({ ...named, ...more }, { projection: { _id: 1 } })
      .limit(2)
      .toArray();
  const open = await find({ endedAt: { $exists: false } });
  return (open.length > 0 ? open : await find({})).map(({ _id }) => _id);
}
const fields: Readonly<Record<string, string>> = {
  declaration: 'exports.declaration',
  tracking: 'shipment.tracking',
  inspection: 'inspections.inspection',
};

// --- for people

export interface InboxFilter {
  id?: string;
  state?: RowState;
  outcome?: InboxRow['outcome'];
  profile?: string;
  source?: string;
  order?: string;
  delivery?: string;
  /** Received from this instant on, and before that one. */
  from?: string;
  until?: string;
  /** Where the page before ended. */
  after?: string;
  /** At most so many (default 50, at most 500). */
  limit?: number;
}

/** Rows of the inbox, the newest first; `next` asks for the page after. */
export async function listRows(store: Store, filter: InboxFilter): Promise<{ rows: InboxRow[]; next?: string }> {
  const { limit = 50 } = filter;
  const most = Math.min(limit, 500);
  const docs = await store.collections.inboxRows
    .find({ $and: [conditionOf(filter), afterOf(filter.after)] })
    .sort({ receivedAt: -1, id: -1 })
    .limit(most + 1)
    .toArray();
  const rows = docs.slice(0, most).map((doc) => inboxRow.parse(valueOf(doc)));
  const last = rows.at(-1);
  return { rows, ...(docs.length > most && last && { next: cursorOf(last) }) };
}

const cursorOf = ({ receivedAt, id }: InboxRow): string => Buffer.from(`${receivedAt} ${id}`).toString('base64url');

function afterOf(cursor = ''): object {
  const [receivedAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return receivedAt && id ? { $or: [{ receivedAt: { $lt: receivedAt } }, { receivedAt, id: { $lt: id } }] } : {};
}

function conditionOf({ from, until, after: _after, limit: _limit, ...equal }: InboxFilter): object {
  const times = { ...(from !== undefined && { $gte: from }), ...(until !== undefined && { $lt: until }) };
  return { ...equal, ...(Object.keys(times).length > 0 && { receivedAt: times }) };
}

/** A delivery without its bytes. @public */
export async function findDelivery(store: Store, id: string): Promise<Delivery | undefined> {
  const doc = await store.collections.inbox.findOne({ _id: id }, { projection: { body: 0 } });
  return doc ? deliveryOf(doc) : undefined;
}

/** The bytes of a delivery, as they came. */
export async function rawOf(store: Store, id: string): Promise<Uint8Array | undefined> {
  const doc = await store.collections.inbox.findOne({ _id: id }, { projection: { body: 1 } });
  return doc ? bytesOf(doc.body) : undefined;
}

/** How many rows stand where, and how many deliveries are not read yet: what monitoring asks. */
export async function inboxCounts(store: Store): Promise<Record<RowState | 'received', number>> {
  const counted = await store.models.inboxRows.aggregate<{ _id: RowState; count: number }>([
    { $group: { _id: '$state', count: { $sum: 1 } } },
  ]);
  const count = (state: RowState) => counted.find(({ _id }) => _id === state)?.count ?? 0;
  return {
    received: await store.collections.inbox.countDocuments({ state: 'received' }),
    pending: count('pending'),
    parked: count('parked'),
    routed: count('routed'),
    dead: count('dead'),
    ignored: count('ignored'),
  };
}

// --- replay

/** What may be routed again: what is parked or dead, and what an order refused. */
const replayable = { $or: [{ state: { $in: ['parked', 'dead'] } }, { state: 'routed', outcome: 'refused' }] };

/**
 * Has rows routed again: those of the filter that are parked, dead, or were refused; and deliveries that could not be read, or
 * in which something was not understood, are read again. Answers how many of each.
 */
export async function replay(
  store: Store,
  filter: InboxFilter,
  now: string,
): Promise<{ rows: number; deliveries: number }> {
  const { outcome: _outcome, ...wide } = filter;
  const condition = conditionOf(filter);
  const unread = await store.collections.inboxRows
    .find({ $and: [conditionOf(wide), notUnderstood] }, { projection: { delivery: 1 } })
    .limit(10_000)
    .toArray();
  const { modifiedCount: deliveries } = await store.collections.inbox.updateMany(
    { _id: { $in: [...new Set(unread.map((row) => row.delivery))] }, state: { $in: ['unreadable', 'read'] } },
    { $set: { state: 'received', dueAt: now, attempts: 0 } },
  );
  const { modifiedCount: rows } = await store.collections.inboxRows.updateMany(
    { $and: [condition, replayable, { message: { $exists: true } }] },
    {
      $set: { state: 'pending', dueAt: now, attempts: 0, updatedAt: now },
      $unset: { outcome: '', code: '', why: '', waitsFor: '' },
    },
  );
  return { rows, deliveries };
}

/**
 * An operator has seen to a dead row, and nothing more is to be done: it is `ignored`, with its code and who closed it why.
 * `inbox.not-found`, `inbox.row-not-dead`.
 */
export async function closeRow(
  store: Store,
  id: string,
  closed: NonNullable<InboxRow['closed']>,
): Promise<InboxRow | Refusal> {
  const doc = await store.collections.inboxRows.findOneAndUpdate(
    { _id: id, state: 'dead' },
    { $set: { state: 'ignored', closed, updatedAt: closed.at } },
    { returnDocument: 'after' },
  );
  if (doc) return inboxRow.parse(valueOf(doc));
  const known = await store.collections.inboxRows.findOne({ _id: id }, { projection: { state: 1 } });
  return known ? refuse('inbox.row-not-dead', `${id} is ${known.state}`) : refuse('inbox.not-found', id);
}

const deliveryOf = ({ body: _body, ...doc }: Partial<Doc<'inbox'>> & { _id: string }): Delivery =>
  delivery.parse(valueOf(doc));

/** The driver gives bytes back as a `Binary`. */
const bytesOf = (body: unknown): Uint8Array =>
  body instanceof Uint8Array ? body : (body as mongoose.mongo.Binary).buffer;

/**
 * The reference of the one credit on an account that bears a transfer's name: its UETR, else its end-to-end id with the same
 * amount. Undefined when there is none, or nobody can say which of several it is.
 */
export async function creditOfTransfer(
  { collections }: Store,
  { account }: MessageData<'paymentReversed'>,
  { transfer, amount }: Pick<InboxRow, 'transfer' | 'amount'>,
): Promise<string | undefined> {
  const { uetr, endToEnd } = transfer ?? {};
  const byName = [
    ...(uetr === undefined ? [] : [{ 'transfer.uetr': uetr }]),
    ...(endToEnd === undefined || !amount ? [] : [{ 'transfer.endToEnd': endToEnd, 'data.amount': amount }]),
  ];
  for (const name of byName) {
    const credits = await collections.inboxRows
      .find({ fact: 'paymentCredited', state: 'routed', 'data.account': account, ...name })
      .toArray();
    const references = new Set(credits.map(({ data }) => (data as MessageData<'paymentCredited'>).entryReference));
    if (references.size === 1) return [...references][0];
  }
  return undefined;
}
