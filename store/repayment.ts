/** What a supplier repays of guarantee payouts, on its credit: the oldest payout first (R2). */
import type { ClientSession } from 'mongoose';
import { moneyOf, type Money } from '../domain/money';
import { bookInTransaction, entriesOf, explainCredit, type Accrual } from './credit';
import type { Store } from './store';

/** A repayment, known by its id. */
export interface Repayment {
  supplier: string;
  repayment: string;
  amount: Money;
  /** ISO instant. */
  at: string;
}

/**
 * Books a repayment on the payouts that are open, oldest first; what goes beyond them repaid something else, and is none of
 * the credit's business. The same repayment again changes nothing: each part is known by repayment and order.
 */
export async function bookRepayment(
  store: Store,
  repayment: Repayment,
): Promise<Pick<Accrual, 'limitAfter' | 'policy'>> {
  const { supplier, at } = repayment;
  await store.transaction((session) => bookRepaymentWithin(store, repayment, session));
  const { limit } = await explainCredit(store, supplier, at);
  return { limitAfter: limit.limit, policy: limit.policyVersion };
}

/** The same within the transaction that repays. */
export async function bookRepaymentWithin(
  store: Store,
  { supplier, repayment, amount, at }: Repayment,
  session: ClientSession,
): Promise<void> {
  let left = amount.amount;
  for (const [order, owed] of await owedFor(store, supplier, repayment, session)) {
    const part = Math.min(left, owed);
    if (part <= 0) continue;
    left -= part;
    const inputs = { repayment, amount: { ...moneyOf(part, 'USD'), currency: 'USD' as const } };
    await bookInTransaction(store, { supplier, order, at, event: 'guarantee.repaid', inputs }, at, session);
  }
}

/** What is owed for each order, but for what this very repayment has repaid already. */
async function owedFor(
  store: Store,
  supplier: string,
  repayment: string,
  session: ClientSession,
): Promise<Map<string, number>> {
  const owed = new Map<string, number>();
  for (const entry of await entriesOf(store, supplier, session)) {
    if (entry.event !== 'guarantee.paid' && entry.event !== 'guarantee.repaid') continue;
    if (entry.event === 'guarantee.repaid' && entry.inputs.repayment === repayment) continue;
    const sign = entry.event === 'guarantee.paid' ? 1 : -1;
    owed.set(entry.order, (owed.get(entry.order) ?? 0) + sign * entry.inputs.amount.amount);
  }
  return owed;
}
