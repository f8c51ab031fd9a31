/** Reads the statement of a supplier's account, and what it may still collect of each order (R18, R27). */
import type { ClientSession } from 'mongoose';
import { account, type Transfer } from '../domain/ledger';
import { moneyOf, type CurrencyCode, type Money } from '../domain/money';
import { refuse, type Refusal } from '../domain/refusal';
import { statementOf, type Statement, type StatementPeriod } from '../domain/statement';
import { debtsOf } from './funds';
export { debtsOf };
import { valueOf, type Store } from './store';

/** Most postings of one statement. */
const maxLines = 5000;

/** The statement of a period, as of one instant of the books, or `statement.too-long`. */
export function readStatement(store: Store, period: StatementPeriod): Promise<Statement | Refusal> {
  const { supplier, currency, from, to } = period;
  const name = account.supplier(supplier);
  return store.transaction(async (session) => {
    const opening = await sumBefore(store, name, currency, from, session);
    const postings = await store.collections.ledger
      .find(
        { $or: [{ from: name }, { to: name }], 'amount.currency': currency, at: { $gte: from, $lt: to } },
        { session },
      )
      .sort({ at: 1, version: 1, _id: 1 })
      .limit(maxLines + 1)
      .toArray();
    if (postings.length > maxLines) return refuse('statement.too-long', `more than ${String(maxLines)}`);
    return statementOf(period, opening, postings.map(valueOf));
  });
}

/** What the account held just before an instant, from its postings. */
async function sumBefore(
  store: Store,
  name: string,
  currency: CurrencyCode,
  before: string,
  session: ClientSession,
): Promise<number> {
  const [found] = await store.collections.ledger
    .aggregate<{
      sum: number;
    }>(
      [
        { $match: { ...ofAccount(name, currency), at: { $lt: before } } },
        { $group: { _id: null, sum: { $sum: signed(name) } } },
      ],
      { session },
    )
    .toArray();
  return found?.sum ?? 0;
}

/** What a supplier may still collect of an order. */
export interface Collectable {
  order: string;
  amount: Money;
}

/**
 * The orders of which the supplier has got money that it has not taken yet, by id, at most 500; in all no more than its balance,
 * and nothing while it owes anything.
 */
export async function collectables(store: Store, supplier: string, currency: CurrencyCode): Promise<Collectable[]> {
  const name = account.supplier(supplier);
  const found = await store.collections.ledger
    .aggregate<{ _id: string; sum: number }>([
      { $match: { ...ofAccount(name, currency), order: { $exists: true } } },
      { $group: { _id: '$order', sum: { $sum: signed(name) } } },
      { $match: { sum: { $gt: 0 } } },
      { $sort: { _id: 1 } },
      { $limit: 500 },
    ])
    .toArray();
  if (found.length === 0 || (await debtsOf(store, supplier)).length > 0) return [];
  const standing = await store.collections.balances.findOne({ _id: `${name} ${currency}` });
  let left = Math.max(0, standing?.balance ?? 0);
  return found.flatMap(({ _id: order, sum }) => {
    const part = Math.min(sum, left);
    left -= part;
    return part > 0 ? [{ order, amount: moneyOf(part, currency) }] : [];
  });
}

const ofAccount = (name: string, currency: CurrencyCode) => ({
  $or: [{ from: name }, { to: name }],
  'amount.currency': currency,
});

const signed = (name: string) => ({
  $cond: [{ $eq: ['$to', name] }, '$amount.amount', { $multiply: ['$amount.amount', -1] }],
});

/** Postings on a supplier's account, oldest first, after a place; at most `limit`. @public */
export async function supplierPostings(
  store: Store,
  supplier: string,
  limit: number,
  after?: { at: string; id: string },
): Promise<Transfer[]> {
  const name = account.supplier(supplier);
  const from = after && { at: { $gte: after.at }, $or: [{ at: { $gt: after.at } }, { _id: { $gt: after.id } }] };
  const docs = await store.collections.ledger
    .find({ $and: [{ $or: [{ from: name }, { to: name }] }, ...(from ? [from] : [])] })
    .sort({ at: 1, _id: 1 })
    .limit(limit)
    .toArray();
  return docs.map(valueOf);
}
