/**
 * Posts transfers and keeps the balances that follow from them. A party's balance never falls below zero: what it gives is
 * taken only if it is there, and the database's validator refuses the rest.
 */
import type { ClientSession } from 'mongoose';
import { changesOf, mayBeNegative, type BalanceChange, type Transfer } from '../domain/ledger';
import { documentOf, type Store } from './store';

/** A party's account does not hold what was to be taken from it: the transaction must not stand. */
export class Overdrawn extends Error {
  override readonly name = 'Overdrawn';
}

/** Posts transfers, in the transaction of what caused them. @throws Overdrawn */
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
  const changes = changesOf(transfers);
  const { matchedCount, upsertedCount } = await balances.bulkWrite(changes.map(moveBalance), { session });
  if (matchedCount + upsertedCount === changes.length) return;
  const from = [...new Set(transfers.map((transfer) => transfer.from))].join(', ');
  throw new Overdrawn(`not enough on the account for ${transfers[0]?.id ?? ''} and what goes with it, from ${from}`);
}

function moveBalance({ account, currency, change }: BalanceChange) {
  const guarded = change < 0 && !mayBeNegative.test(account);
  return {
    updateOne: {
      filter: { _id: `${account} ${currency}`, ...(guarded && { balance: { $gte: -change } }) },
      update: { $inc: { balance: change }, $setOnInsert: { account, currency } },
      upsert: !guarded,
    },
  };
}

export interface TrialBalance {
  currency: string;
  /** Sum of all balances in minor units: zero, or the books are wrong. */
  sum: number;
  accounts: number;
}

/** The sum of all balances in each currency, as of one instant: postings that go on meanwhile do not show in part. */
export async function trialBalance(store: Store): Promise<TrialBalance[]> {
  return store.models.balances
    .aggregate<TrialBalance>([
      { $group: { _id: '$currency', sum: { $sum: '$balance' }, accounts: { $sum: 1 } } },
      { $project: { _id: 0, currency: '$_id', sum: 1, accounts: 1 } },
      { $sort: { currency: 1 } },
    ])
    .read('primary')
    .readConcern('snapshot');
}

/** An account whose balance is not the sum of its transfers, in minor units. */
export interface BalanceDifference {
  account: string;
  currency: string;
  balance: number;
  transfers: number;
}

/** Works every balance out again from its transfers, as of one instant, and tells those that differ (at most 100). @public */
export async function balanceDifferences(store: Store): Promise<BalanceDifference[]> {
  const side = (account: string, sign: number) => ({
    account,
    currency: '$amount.currency',
    transfers: { $multiply: ['$amount.amount', sign] },
  });
  return store.models.balances
    .aggregate<BalanceDifference>([
      { $project: { account: 1, currency: 1, balance: 1 } },
      {
        $unionWith: {
          coll: 'ledger',
          pipeline: [
            { $project: { sides: [side('$from', -1), side('$to', 1)] } },
            { $unwind: '$sides' },
            { $replaceRoot: { newRoot: '$sides' } },
          ],
        },
      },
      {
        $group: {
          _id: { account: '$account', currency: '$currency' },
          balance: { $sum: '$balance' },
          transfers: { $sum: '$transfers' },
        },
      },
      { $match: { $expr: { $ne: ['$balance', '$transfers'] } } },
      { $sort: { _id: 1 } },
      { $limit: 100 },
      { $project: { _id: 0, account: '$_id.account', currency: '$_id.currency', balance: 1, transfers: 1 } },
    ])
    .allowDiskUse(true)
    .read('primary')
    .readConcern('snapshot');
}

/** The balances of one account, by currency, in minor units. */
export async function balancesOf(store: Store, account: string): Promise<Record<string, number>> {
  const docs = await store.collections.balances.find({ account }).toArray();
  return Object.fromEntries(docs.map(({ currency, balance }) => [currency, balance]));
}
