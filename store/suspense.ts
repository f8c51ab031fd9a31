/** Money in suspense as stored: an item for each credit that could not be applied, in whole or in part (R29, R30). */
import { createHash } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Disposed } from '../domain/disposal';
import type { JournalEntry, OrderEvent } from '../domain/events';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { noticesOfSuspense } from '../domain/notices-beside';
import { allocationRefusal, disposedOf, suspenseItem, type SuspenseItem } from '../domain/suspense';
import { tellBeside } from './beside-notices';
import { documentOf, valueOf, type Store } from './store';

/** The item of a bank's entry: the same for whoever books it. */
export const suspenseIdOf = (account: string, entryReference: string): string =>
  `susp-${createHash('sha256')
    .update(JSON.stringify([account, entryReference]))
    .digest('hex')
    .slice(0, 24)}`;

type Of<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>;

/** Keeps the items in step with what a journal entry did to an order, in its transaction. */
export async function followSuspense(store: Store, entry: JournalEntry, session: ClientSession): Promise<void> {
  for (const event of entry.events) {
    if (event.type === 'paymentSuspended') await suspend(store, event, entry, session);
    if (event.type === 'paymentReversed' && event.fromSuspense > 0)
      await take(store, event, event.fromSuspense, 'reversed', entry, session);
    if (event.type === 'paymentReversed') await noteReversed(store, event, session);
    if (event.type === 'excessApplied') await take(store, undefined, event.amount.amount, 'allocated', entry, session);
    if (event.type === 'paymentApplied' && event.account === 'suspense')
      await store.collections.suspense.updateOne(
        { _id: event.entryReference },
        { $set: { state: 'allocated', 'amount.amount': 0, updatedAt: entry.at }, $inc: { gone: event.amount.amount } },
        { session },
      );
  }
}

/** The bank has taken a credit back; when it is on its way back to its payer, too, that is owed, and its item remembers it. */
export async function noteReversed(
  store: Store,
  { account, entryReference }: Entry,
  session: ClientSession,
): Promise<void> {
  const id = suspenseIdOf(account, entryReference);
  await store.collections.suspense.updateOne(
    { _id: id, state: 'returning' },
    { $set: { isReversed: true } },
    { session },
  );
}

async function suspend(
  store: Store,
  event: Of<'paymentSuspended'>,
  { order, at }: JournalEntry,
  session: ClientSession,
) {
  const { account, entryReference, method, payer, amount, reason } = event;
  await insertItem(
    store,
    { account, entryReference, method, ...(payer && { payer }), amount, reason, order, at },
    session,
  );
}

/** Puts a credit into suspense. */
async function insertItem(
  store: Store,
  item: Omit<SuspenseItem, 'id' | 'state' | 'updatedAt'>,
  session: ClientSession,
): Promise<SuspenseItem> {
  const id = suspenseIdOf(item.account, item.entryReference);
  const inserted: SuspenseItem = { ...item, id, state: 'open', updatedAt: item.at };
  await store.collections.suspense.insertOne(documentOf('suspense', inserted), { session });
  return inserted;
}

/** Puts a credit into suspense that no open order tells of, and tells the platform. */
export async function insertUntold(
  store: Store,
  item: Parameters<typeof insertItem>[1],
  session: ClientSession,
): Promise<void> {
  const inserted = await insertItem(store, item, session);
  await tellBeside(store, `suspense:${inserted.id}`, noticesOfSuspense(inserted), item.at, session);
}

/** An entry of the bank, or a charge. */
type Entry = Pick<Of<'paymentReversed'>, 'account' | 'entryReference'>;

/** A reversal takes the credit's own item first, then what else of the order's money is too much; a higher price takes that. */
async function take(
  store: Store,
  own: Entry | undefined,
  amount: number,
  into: SuspenseItem['state'],
  { order, at }: JournalEntry,
  session: ClientSession,
) {
  let left = amount;
  for (const item of await takeable(store, order, own, session)) {
    const part = Math.min(left, item.amount.amount);
    if (part === 0) continue;
    left -= part;
    const rest = item.amount.amount - part;
    await store.collections.suspense.updateOne(
      { _id: item.id },
      {
        $set: { 'amount.amount': rest, state: rest === 0 ? into : 'open', updatedAt: at },
        // What was proposed for another amount has to be proposed again.
        $unset: { proposal: '', approvedBy: '' },
      },
      { session },
    );
  }
}

const disposable: SuspenseItem['state'][] = ['open', 'proposed', 'approved'];

async function takeable(
  store: Store,
  order: string,
  entry: Entry | undefined,
  session: ClientSession,
): Promise<SuspenseItem[]> {
  const own = entry && suspenseIdOf(entry.account, entry.entryReference);
  const docs = await store.collections.suspense
    .find({ order, $or: [{ _id: own ?? '' }, { state: { $in: disposable } }] }, { session })
    .toArray();
  const items = docs.map((doc) => suspenseItem.parse(valueOf(doc)));
  const mine = items.find(({ id }) => id === own);
  const there = items.filter(({ state }) => disposable.includes(state));
  // What was suspended for a reason of its own has nothing to do with what came beyond the price.
  if (mine && mine.reason !== 'overpaid') return there.filter(({ id }) => id === own);
  return there
    .filter(({ reason }) => reason === 'overpaid')
    .sort((a, b) => Number(b.id === own) - Number(a.id === own) || (a.at < b.at ? 1 : -1));
}

/** What operators have disposed of, of the money that came for an order (R30). */
export async function disposedFor(store: Store, order: string, session: ClientSession): Promise<Disposed[]> {
  const docs = await store.collections.suspense.find({ order }, { session }).toArray();
  return docs.map((doc) => disposedOf(suspenseItem.parse(valueOf(doc))));
}

/** R30: why money of the suspense account may not be applied to this order, if so. */
export async function unapproved(
  store: Store,
  order: string,
  { suspense, amount }: { suspense: string; amount: { amount: number } },
  session: ClientSession,
): Promise<Refusal | undefined> {
  const doc = await store.collections.suspense.findOne({ _id: suspense }, { session });
  return allocationRefusal(doc ? suspenseItem.parse(valueOf(doc)) : undefined, order, amount.amount);
}

/** The items, oldest first; by default those that wait for an operator. */
export async function listSuspense(
  store: Store,
  states: readonly SuspenseItem['state'][] = ['open', 'proposed', 'approved', 'returning'],
): Promise<SuspenseItem[]> {
  const docs = await store.collections.suspense
    .find({ state: { $in: [...states] } })
    .sort({ at: 1 })
    .limit(1000)
    .toArray();
  return docs.map((doc) => suspenseItem.parse(valueOf(doc)));
}

/** Changes an item by one of the functions of `domain/suspense.ts`, in a transaction of its own. */
export function changeItem(
  store: Store,
  id: string,
  change: (item: SuspenseItem) => SuspenseItem | Refusal,
  also: (item: SuspenseItem, session: ClientSession) => Promise<void> = () => Promise.resolve(),
): Promise<SuspenseItem | Refusal> {
  return store.transaction(async (session) => {
    const doc = await store.collections.suspense.findOne({ _id: id }, { session });
    if (!doc) return refuse('suspense.not-found', id);
    const before = suspenseItem.parse(valueOf(doc));
    const after = change(before);
    if (isRefusal(after) || after === before) return after;
    await store.collections.suspense.replaceOne({ _id: id }, documentOf('suspense', after), { session });
    await also(after, session);
    await tellBeside(store, `suspense:${id}`, noticesOfSuspense(after), after.updatedAt, session);
    return after;
  });
}
