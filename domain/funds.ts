/**
 * A supplier's money at OneTouch (R18, R27): what it may collect of each order, and the guard of everything that takes
 * it. Withdrawals and settlements name the orders that their money is of, so every cent can be followed to its order.
 */
import { z } from 'zod';
import { account, changesOf, type Transfer } from './ledger';
import { opaqueId, type Member } from './member';
import { add, format, moneyOf, positiveMoney, type CurrencyCode, type Money } from './money';
import { refuse, type Refusal } from './refusal';
import type { SchemeName } from './scheme';

/** Most orders of one withdrawal or settlement. */
const maxParts = 100;

/** So much of the money of one order. */
const part = z.strictObject({ order: opaqueId, amount: positiveMoney });
export type Part = z.infer<typeof part>;

/** The orders that the money is of, each once, all in one currency. */
export const parts = z
  .array(part)
  .min(1)
  .max(maxParts)
  .refine((all) => new Set(all.map(({ order }) => order)).size === all.length, 'an order may be named once only')
  .refine((all) => new Set(all.map(({ amount }) => amount.currency)).size === 1, 'one currency for all orders');

/** Sum of the parts. */
export const sumOf = (all: readonly Part[]): Money => all.map(({ amount }) => amount).reduce(add);

/** What is known of a supplier's money in one currency when some of it is to be taken. */
export interface Funds {
  /** The supplier as it is on record, with its users. */
  company: Pick<Member, 'id' | 'users' | 'erasedAt'> | undefined;
  /** The supplier's balance in minor units. */
  balance: number;
  /** What the supplier owes the platform, in whatever currency (R2): nothing is paid out while it does. */
  owed: readonly Money[];
  /** Those of the named orders that exist. `collectable`: minor units that the supplier has got of it and not taken yet. */
  orders: readonly { order: string; supplier: string; scheme: SchemeName; collectable: number }[];
}

/**
 * What a supplier may still collect of an order, in minor units: what its account has got of it, less what has left it.
 * `transfers` are those of the order.
 */
export function collectableOf(transfers: readonly Transfer[], supplier: string, currency: CurrencyCode): number {
  const name = account.supplier(supplier);
  return changesOf(transfers).find((c) => c.account === name && c.currency === currency)?.change ?? 0;
}

/**
 * Why these parts cannot be taken: `funds.debt-outstanding`, `funds.order-not-yours`, `funds.amount-exceeds-order`, `funds.balance-short` (the
 * balance may be less than the orders' sum: reversals and awards take what is there, whatever it is of).
 */
export function fundsRefusal(
  supplier: string,
  wanted: readonly Part[],
  { balance, owed, orders }: Pick<Funds, 'balance' | 'owed' | 'orders'>,
): Refusal | undefined {
  if (owed.length > 0) return refuse('funds.debt-outstanding', owed.map(format).join(', '));
  for (const { order, amount } of wanted) {
    const known = orders.find((candidate) => candidate.order === order);
    if (known?.supplier !== supplier) return refuse('funds.order-not-yours', order);
    if (known.collectable < amount.amount) {
      const there = moneyOf(Math.max(0, known.collectable), amount.currency);
      return refuse('funds.amount-exceeds-order', `${order}: ${format(there)} may be collected, not ${format(amount)}`);
    }
  }
  const sum = sumOf(wanted);
  if (balance >= sum.amount) return undefined;
  const there = format(moneyOf(balance, sum.currency));
  return refuse('funds.balance-short', `${there} are there, ${format(sum)} were asked for`);
}
