/**
 * Stores what one message did to an order: journal, projection, ledger and outbox in one transaction. The journal is the
 * referee: a version stands there once, and whoever asks for a version that is taken gets what stands.
 */
import { createHash } from 'node:crypto';
import AsyncLock from 'async-lock';
import mongoose, { type ClientSession } from 'mongoose';
import { admit, needsSurroundings } from '../domain/admission';
import { asksSuspense, withDisposed } from '../domain/disposal';
import type { JournalEntry, OrderEvent } from '../domain/events';
import { transfersOf } from '../domain/ledger';
import { keyOf, type Message } from '../domain/messages';
import { apply } from '../domain/evolve';
import { noticesOf } from '../domain/notices';
import type { Order } from '../domain/order';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { userRefusal } from '../domain/users';
import { claimBankEntry } from './bank-entries';
import { findMember } from './read';
import type { JournalRow } from './collections';
import { wake } from './inbox';
import { postTransfers } from './ledger';
import { documentOfOrder, orderIn } from './order-docs';
import { opened, sealContracts } from './personal';
import { documentOf, type Store } from './store';
import { disposedFor, followSuspense, unapproved } from './suspense';
import { moveOpenCover, surroundingsOf } from './surroundings';

export interface CommitRequest {
  order: string;
  /** The version that the order gets by this. */
  version: number;
  /** ISO instant of the decision. */
  at: string;
  message: Message;
  /** What `decide` answered. */
  events: OrderEvent[];
}

export type CommitAnswer =
  /** The events stand as they were asked for, with this time (answers of before it was told have none). */
  | { kind: 'as-asked'; at?: string }
  /** These entries stand from that version on: this message's own with what was added, or others to adopt first. */
  | { kind: 'stands'; entries: JournalEntry[] }
  /** The message was stored before; this is its entry. */
  | { kind: 'repeated'; entry: JournalEntry }
  /** The message changes nothing: what it brings stands already. */
  | { kind: 'nothing' }
  | { kind: 'refused'; refusal: Refusal };

/** A request that can never be stored. */
export class CommitError extends Error {
  override readonly name = 'CommitError';
}

/** Stores the events of a message as the order's next version (see `CommitAnswer`). Throws `CommitError` on a gap. */
export async function commit(store: Store, request: CommitRequest): Promise<CommitAnswer> {
  const supplier = await contendedSupplier(store, request);
  return supplier === undefined
    ? commitNow(store, request)
    : turns.acquire(`${store.connection.name}:${supplier}`, () => commitNow(store, request));
}

/**
 * What moves a supplier's money or cover is one document for all of its orders. Those of this process take turns; those of
 * other processes MongoDB tells apart. All at once they would mostly conflict with each other, and begin again.
 */
const turns = new AsyncLock({ maxPending: Infinity });

async function contendedSupplier(store: Store, { order, events }: CommitRequest): Promise<string | undefined> {
  if (!events.some(({ type }) => ofSupplier.has(type))) return undefined;
  const known = heldBy(store).get(order);
  if (known) return known.supplier;
  const found = await store.collections.orders.findOne({ _id: order }, { projection: { supplier: 1 } });
  return found?.supplier;
}

const ofSupplier: ReadonlySet<OrderEvent['type']> = new Set([
  'advanceCompleted',
  'contractAmended',
  'coverReleased',
  'supplierPaid',
  'supplierClawedBack',
  'moneyReleased',
  'refundDue',
  'awardUncovered',
  'awardWaived',
]);

async function commitNow(store: Store, request: CommitRequest): Promise<CommitAnswer> {
  const held = heldBy(store);
  const known = held.get(request.order);
  held.delete(request.order); // whatever happens now, it is no longer the newest, unless this commit says so
  if ((known?.version ?? 0) === request.version - 1) {
    const answer = await commitOnto(store, request, known);
    if (answer) return answer;
  }
  try {
    const { answer, order } = await store.transaction((session) => write(store, request, session));
    hold(held, order);
    return answer;
  } catch (fault) {
    if (!isDuplicateKey(fault)) throw fault;
    // Another worker, or an older version, has stored this message in the meantime: answer with what stands.
    const stored = await recall(store, request.order, request.message);
    if (!stored) throw fault; // a key of another kind is taken: trying again may help, deciding again does not
    return stored;
  }
}

/** Ends a transaction without a trace: what holds is for a fresh read to say. */
class ReadAgain extends Error {
  override readonly name = 'ReadAgain';
}

/**
 * Stores onto the order as this process wrote it last (none, if it is drafted by this), without reading it again: the write
 * itself asks for that version.
 * Nothing, and nothing stored, when the order stands elsewhere or the answer is another than that it is stored.
 */
async function commitOnto(
  store: Store,
  request: CommitRequest,
  known: Order | undefined,
): Promise<CommitAnswer | undefined> {
  try {
    const { answer, order } = await store.transaction(async (session) => {
      const written = await next(store, request, known, session);
      if (!written.order) throw new ReadAgain();
      return written;
    });
    hold(heldBy(store), order);
    return answer;
  } catch (fault) {
    if (fault instanceof ReadAgain || isDuplicateKey(fault)) return undefined;
    throw fault;
  }
}

/** The orders that a store wrote last, the newest at the end: an order in hand gets message after message. */
const newest = new WeakMap<Store, Map<string, Order>>();
const ordersHeld = 500;

function heldBy(store: Store): Map<string, Order> {
  const held = newest.get(store) ?? new Map<string, Order>();
  newest.set(store, held);
  return held;
}

function hold(held: Map<string, Order>, order: Order | undefined): void {
  if (!order || order.endedAt) return;
  held.delete(order.id);
  held.set(order.id, order);
  const [oldest] = held.keys();
  if (held.size > ordersHeld && oldest !== undefined) held.delete(oldest);
}

/** What the journal knows of a message: its entry, or `message.id-reused` when its body was another. */
export async function recall(store: Store, order: string, message: Message): Promise<CommitAnswer | undefined> {
  const row = await store.models.journal.findOne({ order, key: keyOf(message.actor, message.id) }).lean<JournalRow>();
  if (!row) return undefined;
  // Of a restated entry the body may be unknown: then the id alone tells.
  if (row.hash !== '' && row.hash !== hashOf(message))
    return { kind: 'refused', refusal: refuse('message.id-reused', message.id) };
  return { kind: 'repeated', entry: entryOf(await opened(store, row)) };
}

/** The answer, and the order as it was written, if it was. */
interface Written {
  answer: CommitAnswer;
  order?: Order;
}

/** Reads where the order stands, and stores what comes next. */
async function write(store: Store, request: CommitRequest, session: ClientSession): Promise<Written> {
  const { order: id, version } = request;
  const projection = await store.collections.orders.findOne({ _id: id }, { session });
  const before = projection ? await opened(store, orderIn(projection)) : undefined;
  const current = before?.version ?? 0;
  if (current >= version) return { answer: await standing(store, request, session) };
  if (current < version - 1)
    throw new CommitError(`order ${id} stands at version ${String(current)}, asked for ${String(version)}`);
  return next(store, request, before, session);
}

/** Stores the version that comes after `before`. */
async function next(
  store: Store,
  request: CommitRequest,
  before: Order | undefined,
  session: ClientSession,
): Promise<Written> {
  const { order: id, version, at, message } = request;
  const stranger = await userRefused(store, message, session);
  if (stranger) return { answer: { kind: 'refused', refusal: stranger } };
  const events = await admitted(store, before, request, session);
  if (isRefusal(events)) return { answer: { kind: 'refused', refusal: events } };
  const claim = await claimed(store, request, session);
  if (isRefusal(claim)) return { answer: { kind: 'refused', refusal: claim } };
  if (claim === 'same') return { answer: { kind: 'nothing' } };
  const { name, id: messageId, actor } = message;
  const key = keyOf(actor, messageId);
  const hash = hashOf(message);
  const row = documentOf('journal', { order: id, version, at, message: name, messageId, actor, events, key, hash });
  const entry = entryOf(row);
  const order = apply(before, entry);
  await store.collections.journal.insertOne(await sealContracts(store, order, row), { session });
  await storeEntry(store, entry, order, session);
  return { answer: events === request.events ? { kind: 'as-asked', at } : { kind: 'stands', entries: [entry] }, order };
}

/** Why the user who speaks for a member may not send this message, if so; most senders name no user. */
async function userRefused(
  store: Store,
  { name, actor }: Message,
  session: ClientSession,
): Promise<Refusal | undefined> {
  const isParty = actor.role === 'supplier' || actor.role === 'buyer';
  if (actor.user === undefined || !isParty) return undefined;
  const member = await findMember(store, actor.member, session);
  return member ? userRefusal(member, actor.user, name) : refuse('member.not-found', actor.member);
}

/** What a message says of money that is known beside the order: nothing is written before it is sure to be stored. */
async function claimed(store: Store, { order, message, at }: CommitRequest, session: ClientSession) {
  if (message.name === 'paymentCredited') return claimBankEntry(store, order, message.data, at, session);
  return message.name === 'suspenseAllocated' ? unapproved(store, order, message.data, session) : undefined;
}

async function admitted(store: Store, before: Order | undefined, request: CommitRequest, session: ClientSession) {
  const { message, at } = request;
  const events =
    before && asksSuspense(request.events)
      ? withDisposed(before, message, request.events, await disposedFor(store, before.id, session), at)
      : request.events;
  if (isRefusal(events) || !needsSurroundings(events)) return events;
  return admit(before, events, await surroundingsOf(store, before, events, at, session), at);
}

/** What follows from an entry of the journal: projection, outbox, ledger, cover. */
export async function storeEntry(
  store: Store,
  entry: JournalEntry,
  order: Order,
  session: ClientSession,
): Promise<void> {
  const next = await sealContracts(store, order, documentOfOrder(order));
  if (entry.version === 1) await store.collections.orders.insertOne(next, { session });
  else {
    const onto = { _id: next._id, version: entry.version - 1 };
    const { matchedCount } = await store.collections.orders.replaceOne(onto, next, { session });
    if (matchedCount !== 1) throw new ReadAgain(`order ${order.id} is not at version ${String(onto.version)}`);
  }
  const topics = entry.events.map(({ type }) => type);
  const { version, at } = entry;
  await store.collections.outbox.insertOne(
    documentOf('outbox', { order: entry.order, version, at, topics, notices: noticesOf(entry, order), sent: false }),
    { session },
  );
  await postTransfers(store, transfersOf(entry, order), session);
  await followSuspense(store, entry, session);
  await moveOpenCover(store, order.supplier, entry.events, session);
  await wake(store, namedBy(entry.events), at, session);
}

/** What the order can be found by from now on: what feeds have said of it already waits in the inbox. */
const namedBy = (events: readonly OrderEvent[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'exportRegistered') return [`declaration:${event.declaration}`];
    if (event.type === 'shipmentRegistered') return [`tracking:${event.tracking}`];
    return event.type === 'inspectionRequested' ? [`inspection:${event.inspection}`] : [];
  });

/** The entries from the asked version on. */
async function standing(
  store: Store,
  { order, version }: CommitRequest,
  session?: ClientSession,
): Promise<CommitAnswer> {
  const rows = await store.models.journal
    .find({ order, version: { $gte: version } }, null, session ? { session } : {})
    .sort({ version: 1 })
    .lean<JournalRow[]>();
  return { kind: 'stands', entries: (await opened(store, rows)).map(entryOf) };
}

function entryOf({ order, version, at, message, messageId, actor, events }: JournalRow): JournalEntry {
  return { order, version, at, message, messageId, actor, events };
}

/** Of what is said and as whom; a service that brings it is none of that. */
export function hashOf({ name, actor: { via: _via, ...actor }, data }: Message): string {
  return createHash('sha256')
    .update(JSON.stringify([name, actor, data]))
    .digest('base64url');
}

const isDuplicateKey = (fault: unknown): boolean =>
  fault instanceof mongoose.mongo.MongoServerError && fault.code === 11000;
