/** Search attributes by which operators find orders; plain text, no personal data. Registered by `ops/search-attributes.ts`. */
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { draftTotal, milestoneOf, openComplaint, type Order } from '../domain/order';

export const searchAttributes = {
  TaStatus: defineSearchAttributeKey('TaStatus', SearchAttributeType.KEYWORD),
  TaScheme: defineSearchAttributeKey('TaScheme', SearchAttributeType.KEYWORD),
  TaSupplier: defineSearchAttributeKey('TaSupplier', SearchAttributeType.KEYWORD),
  TaBuyer: defineSearchAttributeKey('TaBuyer', SearchAttributeType.KEYWORD),
  TaMilestone: defineSearchAttributeKey('TaMilestone', SearchAttributeType.KEYWORD),
  /** The order's total in minor units of its currency. */
  TaTotal: defineSearchAttributeKey('TaTotal', SearchAttributeType.INT),
  TaPaymentDue: defineSearchAttributeKey('TaPaymentDue', SearchAttributeType.DATETIME),
  TaShipBy: defineSearchAttributeKey('TaShipBy', SearchAttributeType.DATETIME),
  TaDispute: defineSearchAttributeKey('TaDispute', SearchAttributeType.BOOL),
  /** True while an order has halted and waits for an operator. */
  TaHalted: defineSearchAttributeKey('TaHalted', SearchAttributeType.BOOL),
};

/** What an order that was just drafted shows; the client sets it at the start, which saves an event. */
export const attributesOfDraft = ({
  scheme,
  supplier,
  buyer,
}: Pick<Order, 'scheme' | 'supplier' | 'buyer'>): SearchAttributePair[] => [
  { key: searchAttributes.TaStatus, value: 'negotiating' },
  { key: searchAttributes.TaMilestone, value: 'inflow' },
  { key: searchAttributes.TaScheme, value: scheme },
  { key: searchAttributes.TaSupplier, value: supplier },
  { key: searchAttributes.TaBuyer, value: buyer },
];

/**
 * What an order shows now; `null` is shown no longer. The total and the dates are shown once both have confirmed, because
 * until then they may change with every revision; a due date for as long as it is due.
 */
export function attributesOf(order: Order): SearchAttributeUpdatePair[] {
  const { confirmedAt, payBy, status, contract, complaints, shippingDate } = order;
  const total = confirmedAt ? draftTotal(order) : undefined;
  const due = status === 'awaiting-payment' ? payBy : undefined;
  const shipBy = confirmedAt && !shippingDate && !order.endedAt ? contract.shipping?.shipBy : undefined;
  return [
    { key: searchAttributes.TaScheme, value: order.scheme },
    { key: searchAttributes.TaSupplier, value: order.supplier },
    { key: searchAttributes.TaBuyer, value: order.buyer },
    { key: searchAttributes.TaStatus, value: status },
    { key: searchAttributes.TaMilestone, value: milestoneOf(order) },
    { key: searchAttributes.TaTotal, value: total?.amount ?? null },
    { key: searchAttributes.TaPaymentDue, value: due ? new Date(due) : null },
    { key: searchAttributes.TaShipBy, value: shipBy ? new Date(shipBy) : null },
    { key: searchAttributes.TaDispute, value: complaints.length > 0 ? openComplaint(order) !== undefined : null },
  ];
}
