/**
 * An FX settlement (结汇): a supplier's foreign money turned into CNY at a rate that the bank has quoted (R4). The bank is
 * asked for a quote; the supplier takes it before it expires; the money is reserved before the bank is asked to convert;
 * then both legs are booked at once, or the money is put back.
 */
import { z } from 'zod';
import { fundsAuthorityRefusal } from './authority';
import { fundsRefusal, parts, sumOf, type Funds, type Part } from './funds';
import { account, type Transfer } from './ledger';
import { opaqueId } from './member';
import { actor, type Actor } from './messages';
import { allocate, positiveMoney } from './money';
import { refuse, type Refusal } from './refusal';
import { instant } from './time';

/** What the supplier asks a quote for: the money of which orders. The same id and content again is the same settlement. */
export const settlementRequest = z
  .strictObject({
    id: opaqueId,
    /** Who asks: one of the supplier. */
    by: actor,
    supplier: opaqueId,
    orders: parts,
  })
  .refine(({ orders }) => orders[0]?.amount.currency !== 'CNY', 'orders: CNY need not be settled into CNY');
export type SettlementRequest = z.infer<typeof settlementRequest>;

/** The bank's offer: so much for so much, until then. */
export const quote = z.strictObject({
  /** The bank's id of it. */
  quote: z.string().min(1),
  sell: positiveMoney,
  buy: z.strictObject({ ...positiveMoney.shape, currency: z.literal('CNY') }),
  expiresAt: instant,
});
export type Quote = z.infer<typeof quote>;

/**
 * `quoted`: the bank's offer stands. `reserved`: taken, the money is set aside, the bank is asked to convert. `settled`:
 * done. `put-back`: the bank has refused. `lapsed`: nobody took the offer in time.
 */
export const settlementState = z.enum(['quoted', 'reserved', 'settled', 'put-back', 'lapsed']);

export const settlement = z.strictObject({
  ...settlementRequest.shape,
  state: settlementState,
  quote,
  quotedAt: instant,
  /** Who took the quote. */
  settledBy: actor.optional(),
  reservedAt: instant.optional(),
  endedAt: instant.optional(),
  /** The bank's reference of the conversion. */
  bankReference: z.string().optional(),
  /** Why the bank refused. */
  reason: z.string().optional(),
});
export type Settlement = z.infer<typeof settlement>;

/** How the bank's story of a conversion ends. */
export type ConversionEnd = { status: 'done'; reference: string } | { status: 'refused'; reason: string };

/** The bank's key of a settlement: under it a conversion happens once, however often it is asked for. */
export const conversionKey = (id: string): string => `settlement:${id}`;

/** Why there is nothing to ask a quote for: `actor.…`, `funds.…`. Nothing is reserved by a quote. */
export const quoteRefusal = ({ by, supplier, orders }: SettlementRequest, funds: Funds): Refusal | undefined =>
  fundsAuthorityRefusal('funds.quote', by, supplier, funds.company) ?? fundsRefusal(supplier, orders, funds);

/** The settlement as it is reserved once `by` takes the quote, or its refusal: `actor.…`, `fx.quote-expired`, `funds.…`. */
export function reserveSettlement(before: Settlement, by: Actor, funds: Funds, at: string): Settlement | Refusal {
  const refused = fundsAuthorityRefusal('funds.settle', by, before.supplier, funds.company);
  if (refused) return refused;
  if (before.state === 'lapsed' || !isOpen(before, at)) return refuse('fx.quote-expired', before.quote.expiresAt);
  return (
    fundsRefusal(before.supplier, before.orders, funds) ?? {
      ...before,
      state: 'reserved',
      settledBy: by,
      reservedAt: at,
    }
  );
}

/** The settlement that stands under an id when it is the one asked for, else `message.id-reused`. */
export function repeatedSettlement(stands: Settlement, request: SettlementRequest): Settlement | Refusal {
  const { id, by, supplier, orders } = stands;
  const text = (asked: SettlementRequest) => JSON.stringify(settlementRequest.parse(asked));
  return text({ id, by, supplier, orders }) === text(request) ? stands : refuse('message.id-reused', id);
}

/** What whoever took the quote is told in the end: the settlement, or `fx.quote-expired`, `fx.refused`. */
export function settlementOutcome(ended: Settlement): Settlement | Refusal {
  if (ended.state === 'lapsed' || ended.reason === 'expired') return refuse('fx.quote-expired', ended.quote.expiresAt);
  return ended.state === 'put-back' ? refuse('fx.refused', ended.reason) : ended;
}

/** Whether the quote can be taken at this instant. */
export const isOpen = ({ quote: { expiresAt } }: Pick<Settlement, 'quote'>, at: string): boolean =>
  Date.parse(at) < Date.parse(expiresAt);

/** Whether nothing more can happen to it. */
export const hasEnded = ({ state }: Settlement): boolean => state !== 'quoted' && state !== 'reserved';

/** The settlement as it ends by the bank's word, or by nobody's taking the quote. What has ended stays as it is. */
export function endSettlement(before: Settlement, end: ConversionEnd | { status: 'lapsed' }, at: string): Settlement {
  if (hasEnded(before)) return before;
  const since = before.reservedAt ?? before.quotedAt;
  const endedAt = at < since ? since : at; // another machine's clock may be behind
  switch (end.status) {
    case 'done':
      return { ...before, state: 'settled', endedAt, bankReference: end.reference };
    case 'refused':
      return { ...before, state: 'put-back', endedAt, reason: end.reason };
    case 'lapsed':
      return before.state === 'quoted' ? { ...before, state: 'lapsed', endedAt } : before;
  }
}

/** The postings by which a settlement came into its state; the CNY are shared among its orders by their parts. */
export function settlementTransfers(s: Settlement): Transfer[] {
  const [reserve, supplier] = [account.settlement(s.id), account.supplier(s.supplier)];
  const each = (name: string, all: readonly Part[], rest: Pick<Transfer, 'kind' | 'from' | 'to' | 'reason'>) =>
    all.flatMap(({ order, amount }, i): Transfer[] =>
      amount.amount === 0
        ? []
        : [
            {
              id: `settlement:${s.id}:${name}:${String(i)}`,
              order,
              ...rest,
              amount,
              at: s.endedAt ?? s.reservedAt ?? '',
            },
          ],
    );
  switch (s.state) {
    case 'quoted':
    case 'lapsed':
      return [];
    case 'reserved':
      return each('reserved', s.orders, { kind: 'fx-reserved', from: supplier, to: reserve });
    case 'put-back':
      return each('put-back', s.orders, {
        kind: 'fx-put-back',
        from: reserve,
        to: supplier,
        ...(s.reason && { reason: s.reason }),
      });
    case 'settled':
      return [
        ...each('sold', s.orders, { kind: 'fx-sold', from: reserve, to: account.fx }),
        ...each('bought', bought(s), {
          kind: 'fx-bought',
          from: account.fx,
          to: supplier,
          reason: `settlement:${s.id}`,
        }),
      ];
  }
}

/** What each order has got in CNY. */
export function bought({ orders, quote: { buy } }: Settlement): Part[] {
  const shares = allocate(
    buy,
    orders.map(({ amount }) => amount.amount),
  );
  return orders.map(({ order }, i) => ({ order, amount: shares[i] ?? buy }));
}

/** What was asked for, in whole. */
export const soldBy = ({ orders }: Pick<Settlement, 'orders'>) => sumOf(orders);
