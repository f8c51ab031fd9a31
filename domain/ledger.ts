/**
 * The ledger's meaning: which accounts an event moves money between. Every posting is one amount from one account to
 * another, so that every transaction sums to zero in its currency by construction.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { positiveMoney, subtract, type CurrencyCode, type Money } from './money';
import type { JournalEntry, OrderEvent } from './events';
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
  /**
   * What a member owes the platform. A supplier: guarantee payouts, and reversals that came after its withdrawal (R2). A
   * buyer: what it has got twice, by a refund and by a reversal. A payer of whom no order is known, by the suspense item's
   * id: the same.
   */
  receivable: (member: string) => `receivable:${member}`,
  /**
   * What buyers were awarded, and neither the supplier's balance nor the guarantee reached to: it is paid to them as far as
   * the supplier repays what it owes (R2; reading: what the guarantee has paid is repaid first).
   */
  awards: (supplier: string) => `awards:${supplier}`,
  /** Money reserved for a withdrawal that the bank has not answered yet (R9). */
  withdrawal: (withdrawal: string) => `withdrawal:${withdrawal}`,
  /** Foreign money reserved for a settlement into CNY that the bank has not answered yet. */
  settlement: (settlement: string) => `settlement:${settlement}`,
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
  /^(order:|hold:|refunds:|awards:|supplier:|withdrawal:|settlement:|suspense$|returns$|scheme-fees$|card-fees$|withdrawal-fees$)/;

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
    'refund-withheld',
    'award-owed',
    'award-waived',
    'guarantee-payout',
    'refund-paid',
    'suspense-allocated',
    'suspense-return-due',
    'suspense-returned',
    'suspense-put-back',
    'withdrawal-reserved',
    'withdrawal-fee',
    'withdrawal-paid',
    'withdrawal-put-back',
    'fx-reserved',
    'fx-sold',
    'fx-bought',
    'fx-put-back',
  ]),
  from: z.string(),
  to: z.string(),
  amount: positiveMoney,
  at: instant,
  /** Why the money moved, where its kind does not say it. */
  reason: z.string().optional(),
});
export type Transfer = z.infer<typeof transfer>;

type Kind = Transfer['kind'];
/** What an event moves: kind, from, to, minor units; and why, where the kind does not say it. */
type Move = readonly [kind: Kind, from: string, to: string, amount: Money, reason?: string];

/** The postings of a journal entry, given the order as it stands after it (R2, R14, R18, R22, R29–R31, R48). */
export function transfersOf(entry: JournalEntry, order: Order): Transfer[] {
  return entry.events.flatMap((event, index) =>
    movesOf(event, order)
      .filter(([, , , amount]) => amount.amount > 0)
      .map(([kind, from, to, amount, reason], part): Transfer => {
        const id = `${entry.order}:${String(entry.version)}:${String(index)}${part === 0 ? '' : `:${String(part)}`}`;
        const { order: ofOrder, version, at } = entry;
        return { id, order: ofOrder, version, kind, from, to, amount, at, ...(reason && { reason }) };
      }),
  );
}

/** Where a payment comes from, and goes back to when it is reversed. */
const sourceOf = (of: string): string =>
  of === 'card' ? account.card : of === 'suspense' ? account.suspense : account.pair(of);

function movesOf(event: OrderEvent, order: Order): Move[] {
  const ofOrder = account.order(order.id);
  const hold = account.hold(order.id);
  const supplier = account.supplier(order.supplier);
  const owed = account.receivable(order.supplier);
  const refunds = account.refunds(order.id);
  const of = (amount: number): Money => ({ amount, currency: order.total?.currency ?? 'USD' });
  switch (event.type) {
    case 'paymentApplied':
      return [['payment', sourceOf(event.account), ofOrder, event.amount]];
    case 'paymentSuspended':
      return [['payment-suspended', sourceOf(event.account), account.suspense, event.amount, event.reason]];
    case 'excessApplied':
      return [['suspense-allocated', account.suspense, ofOrder, event.amount]];
    case 'paymentReversed':
      return reversedMoves(event, order);
    case 'chargeCaptured':
      return [
        ['card-surcharge', account.card, account.cardFees, event.surcharge],
        ['refund-due', account.card, refunds, event.excess, 'charge-not-needed'],
      ];
    case 'supplierPaid':
      return [['supplier-paid', ofOrder, supplier, event.amount]];
    case 'receivableRepaid':
      return [['receivable-repaid', supplier, owed, event.amount]];
    case 'buyerRepaid':
      return [['receivable-repaid', ofOrder, account.receivable(order.buyer), event.amount]];
    case 'supplierClawedBack':
      return [
        [
          'supplier-clawed-back',
          supplier,
          ofOrder,
          of(event.amount.amount - event.fee.amount - event.short.amount - gained(event)),
        ],
        ...convertedMoves(event, supplier, ofOrder),
        ['scheme-fee', account.schemeFees, ofOrder, event.fee, 'the payment was taken back'],
        ['receivable-booked', owed, ofOrder, event.short, 'reversed after the supplier had it'],
      ];
    case 'moneyHeld':
      return [['held', ofOrder, hold, event.amount]];
    case 'holdUndone':
      return [['hold-released', hold, ofOrder, event.amount, 'the payment is no longer complete']];
    case 'moneyReleased':
      return [
        ['hold-released', hold, supplier, event.amount],
        ['scheme-fee', hold, account.schemeFees, event.fee],
      ];
    case 'refundDue': {
      const { sources, why } = event;
      return [
        ['refund-due', ofOrder, refunds, of(sources.order), why],
        ['refund-due', hold, refunds, of(sources.hold), why],
        ['refund-due', supplier, refunds, of(sources.supplier - gained(event)), why],
        ...convertedMoves(event, supplier, refunds),
        ['scheme-fee', account.schemeFees, refunds, of(sources.fee ?? 0), 'refunded'],
        ['refund-due', account.awards(order.supplier), refunds, of(sources.award ?? 0), why],
        ['guarantee-payout', owed, refunds, of(sources.guarantee), why],
      ];
    }
    case 'awardUncovered':
      return [['award-owed', owed, account.awards(order.supplier), event.amount]];
    case 'awardWaived':
      return [
        ['award-waived', account.awards(order.supplier), owed, subtract(event.amount, event.repaid)],
        ['award-waived', account.awards(order.supplier), supplier, event.repaid, 'repaid already'],
      ];
    case 'refundWithheld': {
      const isPrice = order.refunds.find(({ id }) => id === event.refund)?.why !== 'charge-not-needed';
      const to = isPrice ? ofOrder : account.receivable(order.buyer);
      return [['refund-withheld', refunds, to, event.amount, 'the payment was taken back']];
    }
    case 'refundPaid': {
      const paid = order.refunds.find(({ id }) => String(id) === event.refund);
      if (!paid) return [];
      return [['refund-paid', refunds, paid.via === 'card' ? account.card : account.bank, paid.amount, paid.why]];
    }
    default:
      return [];
  }
}

type Converting = Pick<Extract<OrderEvent, { type: 'refundDue' | 'supplierClawedBack' }>, 'converted'>;

const gained = ({ converted }: Converting): number => converted?.gained.amount ?? 0;

/** Both legs of the supplier's CNY that were taken for what it was short of. */
const convertedMoves = ({ converted }: Converting, supplier: string, to: string): Move[] =>
  converted
    ? [
        ['fx-sold', supplier, account.fx, converted.given, `at the rate of settlement ${converted.settlement}`],
        ['fx-bought', account.fx, to, converted.gained, `at the rate of settlement ${converted.settlement}`],
      ]
    : [];

/** A payment goes back to where it came from, out of wherever its money is. */
function reversedMoves(event: Extract<OrderEvent, { type: 'paymentReversed' }>, order: Order): Move[] {
  const { account: from, entryReference, reason, fromOrder, fromSuspense, fromFees, fromBuyer, gone = 0 } = event;
  const known = order.payments.find((p) => p.account === from && p.entryReference === entryReference);
  const of = (amount: number): Money => ({ amount, currency: known?.amount.currency ?? 'USD' });
  const back = sourceOf(from);
  return [
    ['payment-reversed', account.order(order.id), back, of(fromOrder), reason],
    ['payment-reversed', account.suspense, back, of(fromSuspense), reason],
    ['payment-reversed', account.cardFees, back, of(fromFees), reason],
    ['receivable-booked', account.receivable(order.buyer), back, of(fromBuyer + gone), reason],
  ];
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
