/**
 * The ledger's meaning: which accounts an event moves money between. Every posting is one amount from one account to
 * another, so that every transaction sums to zero in its currency by construction.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { positiveMoney, type CurrencyCode, type Money } from './money';
import type { JournalEntry } from './events';
import type { Order } from './order';
import { instant } from './time';

/**
 * Accounts. A balance above zero is what its owner may claim from the platform; a pair's virtual account at the bank, the
 * platform's asset, runs below zero by what the bank holds for it.
 */
export const account = {
  /** The pair's virtual account at the bank (R30). */
  pair: (virtualAccount: string) => `pair:${virtualAccount}`,
  /** Money of an order that nobody may collect yet: parts of an advance. */
  order: (order: string) => `order:${order}`,
  /** The supplier's virtual sub-account at OneTouch (R18). */
  supplier: (supplier: string) => `supplier:${supplier}`,
  /** Money that could not be applied, or must be returned: for an operator. */
  suspense: 'suspense',
};

export const transfer = z.strictObject({
  /** `<order>:<version>:<index of the event>` */
  id: z.string(),
  order: opaqueId,
  version: z.int().positive(),
  kind: z.enum(['payment', 'payment-suspended', 'supplier-paid', 'parts-set-aside']),
  from: z.string(),
  to: z.string(),
  amount: positiveMoney,
  at: instant,
  /** Why the money stands in suspense. */
  reason: z.string().optional(),
});
export type Transfer = z.infer<typeof transfer>;

/** The postings of a journal entry, given the order as it stands after it (R18, R29–R31). */
export function transfersOf(entry: JournalEntry, order: Order): Transfer[] {
  const ofOrder = account.order(order.id);
  return entry.events.flatMap((event, index): Transfer[] => {
    const one = (kind: Transfer['kind'], from: string, to: string, amount: Money, reason?: string): Transfer[] => [
      {
        id: `${entry.order}:${String(entry.version)}:${String(index)}`,
        order: entry.order,
        version: entry.version,
        kind,
        from,
        to,
        amount,
        at: entry.at,
        ...(reason && { reason }),
      },
    ];
    switch (event.type) {
      case 'paymentApplied':
        return one('payment', account.pair(event.account), ofOrder, event.amount);
      case 'paymentSuspended':
        return one('payment-suspended', account.pair(event.account), account.suspense, event.amount, event.reason);
      case 'supplierPaid':
        return one('supplier-paid', ofOrder, account.supplier(order.supplier), event.amount);
      case 'partsSetAside':
        return one('parts-set-aside', ofOrder, account.suspense, event.amount, 'after-close');
      default:
        return [];
    }
  });
}

/** What a balance changes by, in signed minor units. */
export interface BalanceChange {
  account: string;
  currency: CurrencyCode;
  change: number;
}

/** What the balances change by; the changes sum to zero in each currency. */
export function changesOf(transfers: readonly Transfer[]): BalanceChange[] {
  const changes = new Map<string, BalanceChange>();
  for (const { from, to, amount } of transfers) {
    for (const [name, signed] of [
      [from, -amount.amount],
      [to, amount.amount],
    ] as const) {
      const key = `${name} ${amount.currency}`;
      const known = changes.get(key) ?? { account: name, currency: amount.currency, change: 0 };
      changes.set(key, { ...known, change: known.change + signed });
    }
  }
  return [...changes.values()].filter(({ change }) => change !== 0);
}
