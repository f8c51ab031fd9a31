/**
 * Writes an entry of an order's journal again that was lost with a restore of the database, as its workflow has it: journal,
 * projection, ledger, outbox, cover and the bank's entries in one transaction, as `commit` did. What it tells is told again.
 */
import type { ClientSession } from 'mongoose';
import type { JournalEntry, OrderEvent } from '../domain/events';
import { apply } from '../domain/evolve';
import { keyOf, type Message, type MessageData } from '../domain/messages';
import { hashOf, storeEntry } from './commit';
import { orderIn } from './order-docs';
import { opened, sealContracts } from './personal';
import { documentOf, type Store } from './store';

/**
 * Restates the entry that comes next in an order's journal; `data` of its message where it is known. `there` when the journal has
 * the version. @throws RangeError on a gap; Overdrawn
 */
export function restate(store: Store, entry: JournalEntry, data?: unknown): Promise<'restated' | 'there'> {
  return store.transaction(async (session) => {
    const doc = await store.collections.orders.findOne({ _id: entry.order }, { session });
    const before = doc ? await opened(store, orderIn(doc)) : undefined;
    if ((before?.version ?? 0) >= entry.version) return 'there';
    const order = apply(before, entry);
    const { message: name, messageId: id, actor } = entry;
    const hash = data === undefined ? '' : hashOf({ name, id, actor, data } as Message);
    const row = documentOf('journal', { ...entry, key: keyOf(actor, id), hash });
    await store.collections.journal.insertOne(await sealContracts(store, order, row), { session });
    await storeEntry(store, entry, order, session);
    await claimAgain(store, entry, data, session);
    return 'restated';
  });
}

type Credited = Extract<OrderEvent, { type: 'paymentApplied' | 'paymentSuspended' | 'paymentVoid' }>;
const isCredited = (event: OrderEvent): event is Credited =>
  ['paymentApplied', 'paymentSuspended', 'paymentVoid'].includes(event.type);

/** R30: the bank's entry is this order's again. */
async function claimAgain(store: Store, entry: JournalEntry, data: unknown, session: ClientSession): Promise<void> {
  if (entry.message !== 'paymentCredited') return;
  const credited = entry.events.filter(isCredited);
  const [first] = credited;
  if (!first) return;
  const { account, entryReference, amount } = first;
  const sum = credited.reduce((all, event) => all + event.amount.amount, 0);
  const valueDate = (data as MessageData<'paymentCredited'> | undefined)?.valueDate;
  const claim = {
    ...{ account, entryReference, order: entry.order, at: entry.at },
    ...{ amount: { ...amount, amount: sum }, ...(valueDate !== undefined && { valueDate }) },
  };
  await store.collections.bankEntries.insertOne(documentOf('bankEntries', claim), { session });
}
