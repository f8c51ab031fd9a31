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

/** Books the bank's word on a return, once: paid, or put back into suspense for the operators. */
export function endReturn(store: Store, id: string, end: ReturnEnd, at: string): Promise<SuspenseItem | Refusal> {
  let before: SuspenseItem;
  return changeItem(
    store,
    id,
    (item) => {
      if (item.state !== 'returning') return item.state === 'returned' ? item : refuse('suspense.not-open', item.state);
      before = item;
      if (end.status === 'paid')
        return {
          ...item,
          amount: { ...item.amount, amount: 0 },
          gone: disposedOf(item).gone,
          state: 'returned',
          returned: end.reference,
          updatedAt: at,
        };
      const { proposal: _proposal, approvedBy: _approvedBy, ...rest } = item;
      return { ...rest, state: 'open', refused: end.reason, updatedAt: at };
    },
    (_, session) =>
      postTransfers(
        store,
        [
          end.status === 'paid'
            ? leg(before, 'suspense-returned', account.returns, account.bank, at)
            : leg(before, 'suspense-put-back', account.returns, account.suspense, at),
        ],
        session,
      ),
  );
}

export async function findItem(store: Store, id: string): Promise<SuspenseItem | undefined> {
  const doc = await store.collections.suspense.findOne({ _id: id });
  return doc ? suspenseItem.parse(valueOf(doc)) : undefined;
}
