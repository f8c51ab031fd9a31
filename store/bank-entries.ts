/** Entries of the bank: each is booked once, for one order, whichever way it comes (R30). */
import type { ClientSession } from 'mongoose';
import type { MessageData } from '../domain/messages';
import type { Money } from '../domain/money';
import { refuse, type Refusal } from '../domain/refusal';
import { documentOf, type Store } from './store';

/**
 * Claims an entry for an order (or for none, when nobody can tell), in the transaction that books it: `new`, or `same` when this order has it already, or
 * `payment.entry-conflict` when it was booked for another order or with another amount.
 */
export async function claimBankEntry(
  store: Store,
  order: string | undefined,
  { account, entryReference, amount, valueDate }: MessageData<'paymentCredited'>,
  at: string,
  session: ClientSession,
): Promise<'new' | 'same' | Refusal> {
  const claim = documentOf('bankEntries', {
    account,
    entryReference,
    ...(order !== undefined && { order }),
    amount,
    valueDate,
    at,
  });
  const known = await store.collections.bankEntries.findOneAndUpdate(
    { _id: claim._id },
    { $setOnInsert: claim },
    { session, upsert: true, returnDocument: 'before' },
  );
  if (!known) return 'new';
  const isSame =
    known.order === order && known.amount.amount === amount.amount && known.amount.currency === amount.currency;
  if (isSame) return 'same';
  return refuse(
    'payment.entry-conflict',
    `booked for ${known.order === undefined ? 'no order' : `order ${known.order}`} with ${String(known.amount.amount)} ${known.amount.currency}`,
  );
}

/** What a bank entry was booked with; undefined when it has not been heard of. */
export async function bookedAmount(
  store: Store,
  { account, entryReference }: Pick<MessageData<'paymentReversed'>, 'account' | 'entryReference'>,
): Promise<Money | undefined> {
  return (await store.collections.bankEntries.findOne({ account, entryReference }))?.amount;
}
