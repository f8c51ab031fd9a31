/** What a supplier may take of its money, read in the transaction that takes it (R9, R18). */
import type { ClientSession } from 'mongoose';
import { collectableOf, type Funds, type Part } from '../domain/funds';
import { account } from '../domain/ledger';
import { moneyOf, type Money } from '../domain/money';
import type { CurrencyCode } from '../domain/money';
import { findMember } from './read';
import { valueOf, type Store } from './store';

/**
 * The supplier's balance, and what it may collect of each named order. Of two who take the same money at once, the
 * database lets one try again, because both change the one balance: so what is read here holds when it is taken.
 */
export async function fundsOf(
  store: Store,
  supplier: string,
  wanted: readonly Part[],
  currency: CurrencyCode,
  session: ClientSession,
): Promise<Funds> {
  const { balances, orders, ledger } = store.collections;
  const ids = wanted.map(({ order }) => order);
  const name = account.supplier(supplier);
  const known = await orders
    .find({ _id: { $in: ids } }, { session })
    .project<{ _id: string; supplier: string; scheme: Funds['orders'][number]['scheme'] }>({ supplier: 1, scheme: 1 })
    .toArray();
  const postings = (
    await ledger.find({ order: { $in: ids }, $or: [{ from: name }, { to: name }] }, { session }).toArray()
  ).map(valueOf);
  const standing = await balances.findOne({ _id: `${name} ${currency}` }, { session });
  return {
    company: await findMember(store, supplier, session),
    owed: await debtsOf(store, supplier, session),
    balance: standing?.balance ?? 0,
    orders: known.map(({ _id: order, supplier: owner, scheme }) => {
      const ofOrder = postings.filter((posting) => posting.order === order);
      return { order, supplier: owner, scheme, collectable: collectableOf(ofOrder, supplier, currency) };
    }),
  };
}

/** What the supplier owes the platform, by currency; none where it owes nothing (R2). */
export async function debtsOf(store: Store, supplier: string, session?: ClientSession): Promise<Money[]> {
  const docs = await store.collections.balances
    .find({ account: account.receivable(supplier), balance: { $lt: 0 } }, session ? { session } : {})
    .toArray();
  return docs.map(({ balance, currency }) => moneyOf(-balance, currency));
}
