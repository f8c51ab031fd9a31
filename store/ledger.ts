/** Posts transfers and keeps the balances that follow from them; the database refuses a party's balance below zero. */
import type { ClientSession } from 'mongoose';
import { changesOf, type Transfer } from '../domain/ledger';
import { documentOf, type Store } from './store';

/** Posts the transfers of one journal entry, in its transaction. */
export async function postTransfers(
  store: Store,
  transfers: readonly Transfer[],
  session: ClientSession,
): Promise<void> {
  if (transfers.length === 0) return;
  const { ledger, balances } = store.collections;
  await ledger.insertMany(
    transfers.map((transfer) => documentOf('ledger', transfer)),
    { session },
  );
  await balances.bulkWrite(
    changesOf(transfers).map(({ account, currency, change }) => ({
      updateOne: {
        filter: { _id: `${account} ${currency}` },
        update: { $inc: { balance: change }, $setOnInsert: { account, currency } },
        upsert: true,
      },
    })),
    { session },
  );
}

export interface TrialBalance {
  currency: string;
  /** Sum of all balances in minor units: zero, or the books are wrong. */
  sum: number;
  accounts: number;
}

/** The sum of all balances in each currency, and of all transfers behind them. */
export async function trialBalance(store: Store): Promise<TrialBalance[]> {
  return store.models.balances.aggregate<TrialBalance>([
    { $group: { _id: '$currency', sum: { $sum: '$balance' }, accounts: { $sum: 1 } } },
    { $project: { _id: 0, currency: '$_id', sum: 1, accounts: 1 } },
    { $sort: { currency: 1 } },
  ]);
}

/** The balances of one account, by currency, in minor units. */
export async function balancesOf(store: Store, account: string): Promise<Record<string, number>> {
  const docs = await store.collections.balances.find({ account }).toArray();
  return Object.fromEntries(docs.map(({ currency, balance }) => [currency, balance]));
}
