/**
 * What the bank says of an order that has ended (R29, R30): a late credit goes to suspense, to be returned; a late reversal
 * takes the money from where it is. The order itself stays as it is.
 */
import type { ClientSession } from 'mongoose';
import { account, type Transfer } from '../domain/ledger';
import type { MessageData } from '../domain/messages';
import { moneyOf } from '../domain/money';
import type { Order } from '../domain/order';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { claimBankEntry } from './bank-entries';
import { postTransfers } from './ledger';
import type { Store } from './store';
import { insertUntold, suspenseIdOf } from './suspense';

/** Books the credit to suspense: `new`, or `same` when it was booked before; `payment.entry-conflict` when otherwise. */
export function suspendLatePayment(
  store: Store,
  { id: order, version }: Pick<Order, 'id' | 'version'>,
  credit: MessageData<'paymentCredited'>,
  at: string,
): Promise<'new' | 'same' | Refusal> {
  const { account: payTo, entryReference, method, amount, payer } = credit;
  const reason = 'after-close';
  return store.transaction(async (session) => {
    const claim = await claimBankEntry(store, order, credit, at, session);
    if (isRefusal(claim) || claim === 'same') return claim;
    const [from, to] = [account.pair(payTo), account.suspense];
    const id = `late:${payTo}:${entryReference}`;
    await postTransfers(
      store,
      [{ id, order, version, kind: 'payment-suspended', from, to, amount, at, reason }],
      session,
    );
    await insertUntold(
      store,
      { account: payTo, entryReference, method, amount, reason, order, at, ...(payer && { payer }) },
      session,
    );
    return 'new';
  });
}

/**
 * Takes a credit back that the bank has reversed after its order had ended: out of suspense if it is still there, else from
 * the supplier's balance, and what is missing the supplier owes. `same` when it was taken back before;
 * `payment.entry-unknown` when no such entry was booked for this order.
 */
export function reverseLatePayment(
  store: Store,
  order: Order,
  { account: payTo, entryReference, reason }: MessageData<'paymentReversed'>,
  at: string,
): Promise<'new' | 'same' | Refusal> {
  return store.transaction(async (session) => {
    const key = `${payTo}:${entryReference}`;
    const entry = await store.collections.bankEntries.findOne({ _id: key }, { session });
    if (entry?.order !== order.id) return refuse('payment.entry-unknown', key);
    if (entry.reversedAt !== undefined || order.reversals.includes(key)) return 'same';
    await store.collections.bankEntries.updateOne({ _id: key }, { $set: { reversedAt: at } }, { session });
    const suspended = await outOfSuspense(store, suspenseIdOf(payTo, entryReference), at, session);
    const fromSupplier = entry.amount.amount - suspended;
    const there = Math.min(fromSupplier, await balanceOf(store, account.supplier(order.supplier), session));
    const moved = (part: string, kind: Transfer['kind'], from: string, amount: number): Transfer => ({
      id: `late-reversal:${key}:${part}`,
      order: order.id,
      version: order.version,
      kind,
      from,
      to: account.pair(payTo),
      amount: moneyOf(amount, entry.amount.currency),
      at,
      reason,
    });
    const transfers = [
      moved('suspense', 'payment-reversed', account.suspense, suspended),
      moved('supplier', 'payment-reversed', account.supplier(order.supplier), there),
      moved('owed', 'receivable-booked', account.receivable(order.supplier), fromSupplier - there),
    ];
    await postTransfers(
      store,
      transfers.filter(({ amount }) => amount.amount > 0),
      session,
    );
    return 'new';
  });
}

/** Takes an item out of suspense whole, if nobody has disposed of it; answers how much that was. */
async function outOfSuspense(store: Store, id: string, at: string, session: ClientSession): Promise<number> {
  const item = await store.collections.suspense.findOneAndUpdate(
    { _id: id, state: { $in: ['open', 'proposed', 'approved'] } },
    { $set: { state: 'reversed', 'amount.amount': 0, updatedAt: at } },
    { session, returnDocument: 'before' },
  );
  return item?.amount.amount ?? 0;
}

async function balanceOf(store: Store, name: string, session: ClientSession): Promise<number> {
  const found = await store.collections.balances.findOne({ _id: `${name} USD` }, { session });
  return found?.balance ?? 0;
}
