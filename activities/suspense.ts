/** What a return of suspended money does outside of its workflow: the bank pays, the books say so (R29, R30). */
import { ApplicationFailure } from '@temporalio/common';
import { isRefusal } from '../domain/refusal';
import type { SuspenseItem } from '../domain/suspense';
import { endReturn, findItem, returnKey, type ReturnEnd } from '../store/suspense-return';
import type { Store } from '../store/store';
import { askBank, type Bank } from './money';

export interface SuspenseDependencies {
  store: Store;
  bank?: Bank | undefined;
  now?: () => string;
}

export type SuspenseActivities = ReturnType<typeof createSuspenseActivities>;

export function createSuspenseActivities({ store, bank, now = () => new Date().toISOString() }: SuspenseDependencies) {
  return {
    /** Pays an item back, once for its approval; what the bank has not decided yet is asked again. */
    async payBack(id: string): Promise<ReturnEnd> {
      const item = await findItem(store, id);
      if (item?.proposal?.action.kind !== 'return' || item.state !== 'returning')
        throw ApplicationFailure.nonRetryable(`${id} is ${item?.state ?? 'unknown'}`, 'suspense.not-approved');
      const { payee } = item.proposal.action;
      return askBank(bank, { key: returnKey(item), amount: item.amount, to: payee, reference: `Return ${id}` });
    },

    /** Books the bank's word; the same word again changes nothing. */
    async bookReturn(id: string, end: ReturnEnd): Promise<SuspenseItem> {
      const item = await endReturn(store, id, end, now());
      if (isRefusal(item)) throw ApplicationFailure.nonRetryable(item.detail ?? item.text, item.refused);
      return item;
    },
  };
}
