/** The way of an item out of suspense, back to where it came from: on its way with the approval, gone or put back with the bank's word. */
import type { ClientSession } from 'mongoose';
import { account, type Transfer } from '../domain/ledger';
import { refuse, type Refusal } from '../domain/refusal';
import { disposedOf, suspenseItem, type SuspenseItem } from '../domain/suspense';
import { postTransfers } from './ledger';
import { valueOf, type Store } from './store';
import { changeItem } from './suspense';

/** One attempt at a return: the item, and when it was put forward. */
export const returnKey = ({ id, proposal }: SuspenseItem): string => `${id}:${proposal?.at ?? ''}`;

const leg = (item: SuspenseItem, kind: Transfer['kind'], from: string, to: string, at: string): Transfer => ({
  id: `${kind}:${returnKey(item)}`,
  kind,
  from,
  to,
  amount: item.amount,
  at,
  reason: item.reason,
});

/** With the approval the money leaves suspense; in the transaction of the approval. */
export const sendOff = (store: Store, item: SuspenseItem, session: ClientSession): Promise<void> =>
  postTransfers(store, [leg(item, 'suspense-return-due', account.suspense, account.returns, item.updatedAt)], session);

/** What the bank came to. */
export type ReturnEnd = { status: 'paid'; reference: string } | { status: 'refused'; reason: string };

/**
 * Books the bank's word on a return, once: paid, or put back into suspense for the operators. What the bank has taken back
 * meanwhile is not put back: it pays what the payer owes for having it twice.
 */
export function endReturn(store: Store, id: string, end: ReturnEnd, at: string): Promise<SuspenseItem | Refusal> {
  let before: SuspenseItem;
  return changeItem(
    store,
    id,
    (item) => {
      if (item.state !== 'returning') return item.state === 'returned' ? item : refuse('suspense.not-open', item.state);
      before = item;
      const none = { ...item.amount, amount: 0 };
      if (end.status === 'paid')
        return {
          ...item,
          amount: none,
          gone: disposedOf(item).gone,
          state: 'returned',
          returned: end.reference,
          updatedAt: at,
        };
      const { proposal: _proposal, approvedBy: _approvedBy, isReversed, ...rest } = item;
      const kept = { ...rest, returnRefusal: end.reason, updatedAt: at };
      return isReversed ? { ...kept, amount: none, state: 'reversed' } : { ...kept, state: 'open' };
    },
    async (_, session) => postTransfers(store, [await endOf(store, before, end, at, session)], session),
  );
}

async function endOf(store: Store, item: SuspenseItem, end: ReturnEnd, at: string, session: ClientSession) {
  if (end.status === 'paid') return leg(item, 'suspense-returned', account.returns, account.bank, at);
  if (!item.isReversed) return leg(item, 'suspense-put-back', account.returns, account.suspense, at);
  return leg(item, 'receivable-repaid', account.returns, await debtOf(store, item, session), at);
}

/** Whose debt it is that a credit was taken back while it was on its way: the buyer's, or an unknown payer's. */
async function debtOf(store: Store, { id, order }: SuspenseItem, session: ClientSession): Promise<string> {
  if (order === undefined) return account.receivable(id);
  const found = await store.collections.orders.findOne({ _id: order }, { session, projection: { buyer: 1 } });
  if (!found) throw new Error(`there is no order ${order}`);
  return account.receivable(found.buyer);
}

export async function findItem(store: Store, id: string): Promise<SuspenseItem | undefined> {
  const doc = await store.collections.suspense.findOne({ _id: id });
  return doc ? suspenseItem.parse(valueOf(doc)) : undefined;
}
