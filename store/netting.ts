/**
 * What a supplier owes is repaid first out of money that comes to its balance otherwise than by an order: a withdrawal or a
 * settlement that was put back, the CNY of a settlement (R2). In the transaction that books it, so that nobody withdraws it in
 * between.
 */
import type { ClientSession } from 'mongoose';
import { convertedFrom } from '../domain/conversion';
import type { Part } from '../domain/funds';
import { account, type Transfer } from '../domain/ledger';
import { moneyOf, type Money } from '../domain/money';
import { postTransfers } from './ledger';
import { bookRepaymentWithin } from './repayment';
import type { Store } from './store';
import { newestRate } from './surroundings';

interface Inflow {
  /** What brought it, e.g. `withdrawal:w-1`: the postings are known by it. */
  cause: string;
  supplier: string;
  /** What came, of each order. */
  orders: readonly Part[];
}

/** Repays what is owed in US dollars out of what came; answers how much that was. */
export async function repayFromInflow(
  store: Store,
  { cause, supplier, orders }: Inflow,
  at: string,
  session: ClientSession,
): Promise<Money | undefined> {
  const { balances } = store.collections;
  const owed = await balances.findOne({ _id: `${account.receivable(supplier)} USD` }, { session });
  const debt = Math.max(0, -(owed?.balance ?? 0));
  if (debt === 0) return undefined;
  let left = debt;
  const transfers: Transfer[] = [];
  const post = (order: string, kind: Transfer['kind'], from: string, to: string, amount: Money, reason?: string) => {
    const id = `${cause}:repaid:${String(transfers.length)}`;
    transfers.push({ id, order, kind, from, to, amount, at, ...(reason && { reason }) });
  };
  const [has, owes] = [account.supplier(supplier), account.receivable(supplier)];
  const isInYuan = orders.some(({ amount }) => amount.currency === 'CNY');
  const { rate } = isInYuan ? await newestRate(store, supplier, session) : {};
  for (const { order, amount } of orders) {
    if (amount.currency === 'USD') {
      const part = Math.min(left, amount.amount);
      if (part > 0) post(order, 'receivable-repaid', has, owes, moneyOf(part, 'USD'));
      left -= part;
      continue;
    }
    const converted = convertedFrom({ balance: amount.amount, ...(rate && { rate }) }, left);
    if (!converted || amount.currency !== 'CNY') continue;
    const reason = `at the rate of settlement ${converted.settlement}`;
    post(order, 'fx-sold', has, account.fx, converted.given, reason);
    post(order, 'fx-bought', account.fx, owes, converted.gained, reason);
    left -= converted.gained.amount;
  }
  await postTransfers(store, transfers, session);
  const repaid = moneyOf(debt - left, 'USD');
  if (repaid.amount === 0) return undefined;
  await bookRepaymentWithin(store, { supplier, repayment: `${cause}:repaid`, amount: repaid, at }, session);
  return repaid;
}
