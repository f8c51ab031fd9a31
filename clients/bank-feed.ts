/** What a bank feed brings: a credit that has yet to find its order, and a credit taken back (R30). */
import { bankCredit, creditedBy, type BankCredit } from '../domain/matching';
import type { Actor, MessageData } from '../domain/messages';
import { problemsOf } from '../domain/parse';
import { isRefusal, refuse } from '../domain/refusal';
import { orderOf, reverseUnknown, suspendUnknown } from '../store/matching';
import { suspenseIdOf } from '../store/suspense';
import type { Answer } from '../workflows/contract';
import type { Sender, TradeAssuranceClient } from './client';
import { Refused } from './errors';

/** Where a credit went. */
export type Booked =
  | { to: 'order'; order: string; by: 'reference' | 'oldest-due' | 'booked'; answer: Answer }
  | { to: 'suspense'; item: string; isRepeated: boolean };

/**
 * Books a credit: to the order that it pays, or to suspense when nobody can tell. The same entry again changes nothing.
 * `id` is the message's, so that it can be sent again.
 * @throws Refused `payment.entry-conflict` when the entry was booked before with another amount; `message.invalid`
 */
export async function bookCredit(
  orders: TradeAssuranceClient,
  credit: BankCredit,
  as: Actor,
  id?: string,
): Promise<Booked> {
  const parsed = bankCredit.safeParse(credit);
  if (!parsed.success) throw new Refused(refuse('message.invalid', problemsOf(parsed.error)));
  if (as.role !== 'bank')
    throw new Refused(refuse('actor.role-not-allowed', `credits are the bank’s; you are ${as.role}`));
  const { store } = orders.options;
  const match = await orderOf(store, parsed.data);
  if (match) {
    const answer = await orders.paymentCredited(match.order, creditedBy(parsed.data), { as, ...(id && { id }) });
    return { to: 'order', order: match.order, by: match.by, answer };
  }
  const booked = await suspendUnknown(store, parsed.data, new Date().toISOString());
  if (isRefusal(booked)) throw new Refused(booked);
  const item = suspenseIdOf(parsed.data.account, parsed.data.entryReference);
  return { to: 'suspense', item, isRepeated: booked === 'same' };
}

/** What a credit was taken back from; of an order with what it answered. */
export type TakenBack =
  { from: 'order'; order: string; answer: Answer } | { from: 'suspense'; item: string; isRepeated: boolean };

/**
 * Takes a credit back, from the order that it was booked for, or out of suspense.
 * @throws Refused `payment.entry-unknown` when it was never booked
 */
export async function reverseCredit(
  orders: TradeAssuranceClient,
  reversal: MessageData<'paymentReversed'>,
  as: Actor,
  id?: string,
): Promise<TakenBack> {
  const { account, entryReference } = reversal;
  const sender = { as, ...(id && { id }) };
  const entry = await orders.options.store.collections.bankEntries.findOne({ account, entryReference });
  if (!entry) throw new Refused(refuse('payment.entry-unknown', `${account}:${entryReference}`));
  if (entry.order !== undefined)
    return {
      from: 'order',
      order: entry.order,
      answer: await orders.paymentReversed(entry.order, reversal, sender),
    };
  return reverseSuspended(orders, reversal, sender);
}

/** Out of suspense; what operators have allocated to an order meanwhile goes back into suspense first. */
async function reverseSuspended(
  orders: TradeAssuranceClient,
  reversal: MessageData<'paymentReversed'>,
  sender: Sender,
): Promise<TakenBack> {
  const { store } = orders.options;
  const now = () => new Date().toISOString();
  const item = suspenseIdOf(reversal.account, reversal.entryReference);
  const first = await reverseUnknown(store, reversal, now());
  if (isRefusal(first)) throw new Refused(first);
  if (typeof first === 'string') return { from: 'suspense', item, isRepeated: first === 'same' };
  const { reason } = reversal;
  const allocated = { account: 'suspense', entryReference: first.item, reason };
  const answer = await orders.paymentReversed(first.allocatedTo, allocated, sender);
  const then = await reverseUnknown(store, reversal, now(), true);
  if (isRefusal(then)) throw new Refused(then);
  return { from: 'order', order: first.allocatedTo, answer };
}
