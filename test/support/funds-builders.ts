/** A supplier's money, for tests: requests, what is known of the orders, the seeded policy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Funds } from '../../domain/funds';
import { account, type Transfer } from '../../domain/ledger';
import { moneyOf, type CurrencyCode, type Money } from '../../domain/money';
import type { RegisteredPayee } from '../../domain/payee';
import type { SettlementRequest } from '../../domain/settlement';
import type { WithdrawalRequest } from '../../domain/withdrawal';
import { addDays } from '../../domain/time';
import { withdrawalPolicy } from '../../domain/withdrawal-policy';
import { startsAt, supplierId } from './builders';

export const policy = withdrawalPolicy.parse(
  JSON.parse(readFileSync(join(__dirname, '../../seeds/policies/withdrawal-v1.json'), 'utf8')),
);

type Scheme = Funds['orders'][number]['scheme'];
/** Secure Payment, by its name in the policy. */
export const securePayment = 'secure-payment' as const;

export const yuan = (amount: number) => ({ ...moneyOf(Math.round(amount * 100), 'CNY'), currency: 'CNY' as const });
export const bySupplier = { role: 'supplier', member: supplierId } as const;
export const toOwnAccount = {
  name: 'Ningbo Haisheng Lighting Co., Ltd.',
  account: '6222021234567890',
  bank: 'ICBKCNBJ',
};

/** The supplier's account as it was registered a week ago. */
export const ownPayee: RegisteredPayee = {
  id: 'payee-1',
  supplier: supplierId,
  payee: toOwnAccount,
  registeredBy: bySupplier,
  registeredAt: addDays(startsAt, -7),
  usableFrom: addDays(startsAt, -4),
};

/** A withdrawal of the parts by the USD channel, unless said otherwise. */
export const asking = (orders: Record<string, Money>, changes: Partial<WithdrawalRequest> = {}): WithdrawalRequest => ({
  id: 'w-1',
  by: bySupplier,
  supplier: supplierId,
  channel: 'USD',
  orders: Object.entries(orders).map(([order, amount]) => ({ order, amount })),
  payee: toOwnAccount,
  ...changes,
});

/** A settlement of the parts. */
export const settling = (
  orders: Record<string, Money>,
  changes: Partial<SettlementRequest> = {},
): SettlementRequest => ({
  id: 's-1',
  by: bySupplier,
  supplier: supplierId,
  orders: Object.entries(orders).map(([order, amount]) => ({ order, amount })),
  ...changes,
});

/** Known orders with what may be collected of them, in minor units; the balance is their sum unless said otherwise. */
export const holding = (collectable: Record<string, number>, changes: Partial<Funds> = {}, scheme?: Scheme): Funds => ({
  company: { id: supplierId },
  owed: [],
  balance: Object.values(collectable).reduce((sum, amount) => sum + amount, 0),
  orders: Object.entries(collectable).map(([order, amount]) => ({
    order,
    supplier: supplierId,
    scheme: scheme ?? 'trade-assurance',
    collectable: amount,
  })),
  ...changes,
});

/** The supplier has got this of an order. */
export const paidToSupplier = (order: string, amount: Money, n = 1, at = startsAt): Transfer => ({
  id: `${order}:${String(n)}:0`,
  order,
  version: n,
  kind: 'supplier-paid',
  from: account.order(order),
  to: account.supplier(supplierId),
  amount,
  at,
});

/** The buyer's money that it was paid of. */
export const paidByBuyer = (order: string, amount: Money, n = 1): Transfer => ({
  ...paidToSupplier(order, amount, n),
  id: `${order}:${String(n)}:1`,
  kind: 'payment',
  from: account.pair('va-0001'),
  to: account.order(order),
});

/** Sums of all balances, by currency. */
export const sums = (changes: readonly { currency: CurrencyCode; change: number }[]): Record<string, number> =>
  changes.reduce<Record<string, number>>((all, { currency, change }) => {
    return { ...all, [currency]: (all[currency] ?? 0) + change };
  }, {});
