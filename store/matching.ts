/** Finds the order that a bank's credit pays (R30), and puts into suspense what nobody can tell the order of. */
import { account } from '../domain/ledger';
import { matchCredit, type BankCredit, type Match, type Payable } from '../domain/matching';
import { moneyOf } from '../domain/money';
import { isClosed, outstanding, type Order } from '../domain/order';
import type { MessageData } from '../domain/messages';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { isPairsAccount } from '../domain/scheme';
import { claimBankEntry } from './bank-entries';
import { postTransfers } from './ledger';
import { orderIn } from './order-docs';
import type { Store } from './store';
import { insertUntold, noteReversed, suspenseIdOf } from './suspense';

/** How many orders of one account are looked at. */
const maxPayables = 1000;

/** The order that the credit pays; an entry that was booked before goes where it went then, also when that was nowhere. */
export async function orderOf(
  store: Store,
  credit: BankCredit,
): Promise<Match | { order: string; by: 'booked' } | undefined> {
  const booked = await store.collections.bankEntries.findOne({
    account: credit.account,
    entryReference: credit.entryReference,
  });
  if (booked) return booked.order === undefined ? undefined : { order: booked.order, by: 'booked' };
  return matchCredit(credit, await payablesOn(store, credit.account), isPairsAccount(credit.account));
}

/** The orders that are paid on this account, the newest first; of those that have ended only what can be named. */
async function payablesOn(store: Store, payTo: string): Promise<Payable[]> {
  const newest = (filter: object) => store.collections.orders.find({ payTo, ...filter }).sort({ updatedAt: -1 });
  const open = await newest({ endedAt: { $exists: false } })
    .limit(maxPayables)
    .toArray();
  // R29: what a late payer names is not paid to another order.
  const ended = await newest({ endedAt: { $exists: true } })
    .project<{ _id: string; draftedAt: string }>({ draftedAt: 1 })
    .limit(maxPayables)
    .toArray();
  return [
    ...open.map((doc) => payable(orderIn(doc))),
    ...ended.map(({ _id: id, draftedAt: since }) => ({ id, outstanding: moneyOf(0, 'USD'), since })),
  ];
}

const payable = (o: Order): Payable => ({
  id: o.id,
  // An order that is closed can be named, but it is due no more.
  outstanding: isClosed(o) ? { ...outstanding(o), amount: 0 } : outstanding(o),
  since: o.confirmedAt ?? o.draftedAt,
});

/** Books a credit of an unknown order to suspense: `new`, `same`, or `payment.entry-conflict` when it was booked otherwise. */
export function suspendUnknown(store: Store, credit: BankCredit, at: string): Promise<'new' | 'same' | Refusal> {
  const { account: payTo, entryReference, method, amount, payer, remittance } = credit;
  return store.transaction(async (session) => {
    const claim = await claimBankEntry(store, undefined, credit, at, session);
    if (isRefusal(claim) || claim === 'same') return claim;
    const id = `unknown:${payTo}:${entryReference}`;
    const reason = 'unknown-reference';
    await postTransfers(
      store,
      [{ id, kind: 'payment-suspended', from: account.pair(payTo), to: account.suspense, amount, at, reason }],
      session,
    );
    await insertUntold(
      store,
      {
        account: payTo,
        entryReference,
        method,
        amount,
        reason,
        at,
        ...(payer && { payer }),
        ...(remittance && { remittance }),
      },
      session,
    );
    return 'new';
  });
}

/** Suspended money that operators have not disposed of yet. */
const disposable = ['open', 'proposed', 'approved'] as const;

/**
 * Takes back a credit that no order could be told from: out of suspense, to where it came from; what was returned to the
 * payer meanwhile it owes. `same` when it was taken back before; the order that operators have allocated it to meanwhile,
 * where it must be taken from first (`isTaken` says that it has been).
 */
export function reverseUnknown(
  store: Store,
  { account: payTo, entryReference, reason }: MessageData<'paymentReversed'>,
  at: string,
  isTaken = false,
): Promise<'new' | 'same' | { allocatedTo: string; item: string } | Refusal> {
  return store.transaction(async (session) => {
    const key = `${payTo}:${entryReference}`;
    const entry = await store.collections.bankEntries.findOne({ _id: key }, { session });
    if (!entry || entry.order !== undefined) return refuse('payment.entry-unknown', key);
    if (entry.reversedAt !== undefined) return 'same';
    const id = suspenseIdOf(payTo, entryReference);
    const item = await store.collections.suspense.findOne({ _id: id }, { session });
    if (!item) return refuse('suspense.not-found', id);
    const isThere = disposable.some((state) => state === item.state);
    const action = item.proposal?.action;
    if (item.state === 'allocated' && action?.kind === 'allocate' && !isTaken)
      return { allocatedTo: action.order, item: id };
    await store.collections.bankEntries.updateOne({ _id: key }, { $set: { reversedAt: at } }, { session });
    if (isThere)
      await store.collections.suspense.updateOne(
        { _id: id },
        { $set: { state: 'reversed', 'amount.amount': 0, updatedAt: at } },
        { session },
      );
    await noteReversed(store, { account: payTo, entryReference }, session);
    // What has gone back to the payer already it has got twice now, and owes.
    const isInSuspense = isThere || isTaken;
    const transfer = {
      id: `unknown-reversal:${key}`,
      kind: isInSuspense ? 'payment-reversed' : 'receivable-booked',
      from: isInSuspense ? account.suspense : account.receivable(id),
      to: account.pair(payTo),
      amount: entry.amount,
    } as const;
    await postTransfers(store, [{ ...transfer, at, reason }], session);
    return 'new';
  });
}
