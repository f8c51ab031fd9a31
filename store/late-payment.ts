/** Money that arrives for an order that has ended: it goes to suspense, to be returned; the order itself stays as it is (R29). */
import { account } from '../domain/ledger';
import type { MessageData } from '../domain/messages';
import type { Order } from '../domain/order';
import type { Refusal } from '../domain/refusal';
import { claimBankEntry } from './bank-entries';
import { postTransfers } from './ledger';
import type { Store } from './store';

/** Books the credit to suspense: `new`, or `same` when it was booked before; `payment.entry-conflict` when otherwise. */
export function suspendLatePayment(
  store: Store,
  { id: order, version }: Pick<Order, 'id' | 'version'>,
  credit: MessageData<'paymentCredited'>,
  at: string,
): Promise<'new' | 'same' | Refusal> {
  const { account: payTo, entryReference, amount } = credit;
  const id = `late:${payTo}:${entryReference}`;
  const [from, to] = [account.pair(payTo), account.suspense];
  return store.transaction(async (session) => {
    const claim = await claimBankEntry(store, order, credit, at, session);
    if (claim === 'new') {
      const transfer = {
        id,
        order,
        version,
        kind: 'payment-suspended',
        from,
        to,
        amount,
        at,
        reason: 'after-close',
      } as const;
      await postTransfers(store, [transfer], session);
    }
    return claim;
  });
}
