/** What a bank feed brings: a credit that has yet to find its order, and a credit taken back (R30). */
import type { Actor } from '../domain/messages';
import { bankCredit, creditedBy, type BankCredit } from '../domain/matching';
import type { MessageData } from '../domain/messages';
import { problemsOf } from '../domain/parse';
import { isRefusal, refuse } from '../domain/refusal';
import { orderOf, suspendUnknown } from '../store/matching';
import { suspenseIdOf } from '../store/suspense';
import type { Answer } from '../workflows/contract';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';

/** Where a credit went. */
export type Booked =
  | { to: 'order'; order: string; by: 'reference' | 'oldest-due' | 'booked'; answer: Answer }
  | { to: 'suspense'; item: string };

/**
 * Books a credit: to the order that it pays, or to suspense when nobody can tell. The same entry again changes nothing.
 * @throws Refused `payment.entry-conflict` when the entry was booked before with another amount; `message.invalid`
 */
export async function bookCredit(orders: TradeAssuranceClient, credit: BankCredit, as: Actor): Promise<Booked> {
  const parsed = bankCredit.safeParse(credit);
  if (!parsed.success) throw new Refused(refuse('message.invalid', problemsOf(parsed.error)));
  if (as.role !== 'bank')
    throw new Refused(refuse('actor.role-not-allowed', `credits are the bank’s; you are ${as.role}`));
  const { store } = orders.options;
  const match = await orderOf(store, parsed.data);
  if (match) {
    const answer = await orders.paymentCredited(match.order, creditedBy(parsed.data), { as });
    return { to: 'order', order: match.order, by: match.by, answer };
  }
  const booked = await suspendUnknown(store, parsed.data, new Date().toISOString());
  if (isRefusal(booked)) throw new Refused(booked);
  return { to: 'suspense', item: suspenseIdOf(parsed.data.account, parsed.data.entryReference) };
}

/**
 * Takes a credit back, from the order that it was booked for.
 * @throws Refused `payment.entry-unknown` when no order has it
 */
export async function reverseCredit(
  orders: TradeAssuranceClient,
  reversal: MessageData<'paymentReversed'>,
  as: Actor,
): Promise<Answer> {
  const { account, entryReference } = reversal;
  const entry = await orders.options.store.collections.bankEntries.findOne({ account, entryReference });
  if (entry?.order === undefined) throw new Refused(refuse('payment.entry-unknown', `${account}:${entryReference}`));
  return orders.paymentReversed(entry.order, reversal, { as });
}
