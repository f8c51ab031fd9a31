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
 * Accounts. A balance above zero is what its owner may claim from the platform. What the platform itself has elsewhere (at
 * the bank, at the card processor, against a supplier) runs below zero. `fx` holds the two legs of a settlement into CNY.
 */
export const account = {
  /** The pair's virtual account at the bank (R30), or the platform's account of a scheme that has one (R27). */
  pair: (virtualAccount: string) => `pair:${virtualAccount}`,
  /** What has gone out of the platform's accounts at the bank. */
  bank: 'bank',
  /** What the card processor owes for charges, less what it has refunded (R48). */
  card: 'card',
  /** Money of an order that nobody may collect yet: parts of an advance. */
  order: (order: string) => `order:${order}`,
  /** Money of an order that the platform holds until receipt is confirmed (R18, R22). */
  hold: (order: string) => `hold:${order}`,
  /** Money that is on its way back to the buyer of an order. */
  refunds: (order: string) => `refunds:${order}`,
  /** The supplier's virtual sub-account at OneTouch (R18). */
  supplier: (supplier: string) => `supplier:${supplier}`,
  /** What a supplier owes the platform: guarantee payouts, and reversals that came after its withdrawal (R2). */
  receivable: (supplier: string) => `receivable:${supplier}`,
  /** Money reserved for a withdrawal that the bank has not answered yet (R9). */
  withdrawal: (withdrawal: string) => `withdrawal:${withdrawal}`,
  /** Money that could not be applied, or must be returned: for an operator. */
  suspense: 'suspense',
  /** Suspended money that is on its way back to whom it came from. */
  returns: 'returns',
  /** The platform's earnings: the scheme's fee (R14), the card surcharge (R48), the withdrawal fee (R9). */
  schemeFees: 'scheme-fees',
  cardFees: 'card-fees',
  withdrawalFees: 'withdrawal-fees',
  /** Foreign money given for CNY, and the other way round, at the rate of a quote. */
  fx: 'fx',
} as const;

/** Accounts whose balance may lie below zero, as a regular expression: the platform's own assets. */
export const mayBeNegative = /^(pair:|receivable:|bank$|card$|fx$)/;
/** Accounts of the parties, and of money that is somebody's: never below zero. */
export const neverNegative =
  /^(order:|hold:|refunds:|supplier:|withdrawal:|suspense$|returns$|scheme-fees$|card-fees$|withdrawal-fees$)/;

export const transfer = z.strictObject({
  /** `<order>:<version>:<index of the event>`, or the id of what caused it otherwise. */
  id: z.string(),
  /** The order, and its version, when the money belongs to one. */
  order: opaqueId.optional(),
  version: z.int().positive().optional(),
  kind: z.enum([
    'payment',
    'payment-suspended',
    'payment-reversed',
    'supplier-paid',
    'supplier-clawed-back',
    'receivable-booked',
    'receivable-repaid',
    'parts-set-aside',
    'held',
    'hold-released',
    'scheme-fee',
    'card-surcharge',
    'refund-due',
    'guarantee-payout',
    'refund-paid',
    'suspense-allocated',
    'suspense-return-due',
    'suspense-returned',
    'withdrawal-reserved',
    'withdrawal-fee',
    'withdrawal-paid',
    'withdrawal-put-back',
    'fx-sold',
    'fx-bought',
  ]),
  from: z.string(),
  to: z.string(),
  amount: positiveMoney,
  at: instant,
  /** Why the money moved, where its kind does not say it. */
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
