/** Money that arrives for an order that has ended: it goes to suspense, to be returned; the order itself stays as it is (R29). */
import mongoose from 'mongoose';
import { account } from '../domain/ledger';
import type { MessageData } from '../domain/messages';
import type { Order } from '../domain/order';
import { refuse, type Refusal } from '../domain/refusal';
import { postTransfers } from './ledger';
import type { Store } from './store';

/** Books the credit to suspense, once for each bank entry; `payment.entry-conflict` when it was booked with another amount. */
export async function suspendLatePayment(
  store: Store,
  { id: order, version }: Pick<Order, 'id' | 'version'>,
  { account: payTo, entryReference, amount }: MessageData<'paymentCredited'>,
  at: string,
): Promise<Refusal | undefined> {
  const id = `late:${payTo}:${entryReference}`;
  const [from, to] = [account.pair(payTo), account.suspense];
  try {
    await store.transaction((session) =>
      postTransfers(
        store,
        [{ id, order, version, kind: 'payment-suspended', from, to, amount, at, reason: 'after-close' }],
        session,
      ),
    );
    return undefined;
  } catch (fault) {
    if (!(fault instanceof mongoose.mongo.MongoServerError && fault.code === 11000)) throw fault;
    const booked = await store.models.ledger.findById(id).lean();
    const isSame = booked?.amount.amount === amount.amount && booked.amount.currency === amount.currency;
    return isSame ? undefined : refuse('payment.entry-conflict', id);
  }
}
