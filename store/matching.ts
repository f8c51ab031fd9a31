/** Finds the order that a bank's credit pays (R30), and puts into suspense what nobody can tell the order of. */
import { account } from '../domain/ledger';
import { matchCredit, type BankCredit, type Match, type Payable } from '../domain/matching';
import { isClosed, order as orderForm, outstanding, type Order } from '../domain/order';
import { isRefusal, type Refusal } from '../domain/refusal';
import { schemePolicies } from '../domain/scheme';
import { claimBankEntry } from './bank-entries';
import { postTransfers } from './ledger';
import { valueOf, type Store } from './store';
import { insertItem } from './suspense';

/** How many orders of one account are looked at. */
const maxPayables = 1000;

/** The order that the credit pays; an entry that was booked before goes where it went then. */
export async function orderOf(
  store: Store,
  credit: BankCredit,
): Promise<Match | { order: string; by: 'booked' } | undefined> {
  const booked = await store.collections.bankEntries.findOne({
    account: credit.account,
    entryReference: credit.entryReference,
  });
  if (booked?.order !== undefined) return { order: booked.order, by: 'booked' };
  const isPlatforms = schemePolicies.some(({ platformAccount }) => platformAccount === credit.account);
  return matchCredit(credit, await payablesOn(store, credit.account), !isPlatforms);
}

/** The orders that are paid on this account and have not ended, the newest first. */
async function payablesOn(store: Store, payTo: string): Promise<Payable[]> {
  const docs = await store.collections.orders
    .find({ payTo, endedAt: { $exists: false } })
    .sort({ updatedAt: -1 })
    .limit(maxPayables)
    .toArray();
  return docs.map((doc) => payable(orderForm.parse(valueOf(doc))));
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
    await insertItem(
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
