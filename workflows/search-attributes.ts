/** Search attributes by which operators find orders; plain text, no personal data. Registered by `ops/search-attributes.ts`. */
import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common';
import { draftTotal, milestoneOf, type Order } from '../domain/order';

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

/** What an order shows now. What may change with every revision is shown once both have confirmed. */
export function attributesOf(order: Order): SearchAttributePair[] {
  const { confirmedAt, payBy, status, contract, complaint } = order;
  const total = confirmedAt ? draftTotal(order) : undefined;
  const shipBy = confirmedAt ? contract.shipping?.shipBy : undefined;
  return [
    ...attributesOfDraft(order),
    { key: searchAttributes.TaStatus, value: status },
    { key: searchAttributes.TaMilestone, value: milestoneOf(order) },
    ...(total ? [{ key: searchAttributes.TaTotal, value: total.amount }] : []),
    ...(payBy ? [{ key: searchAttributes.TaPaymentDue, value: new Date(payBy) }] : []),
    ...(shipBy ? [{ key: searchAttributes.TaShipBy, value: new Date(shipBy) }] : []),
    ...(complaint ? [{ key: searchAttributes.TaDispute, value: status === 'in-dispute' }] : []),
  ];
}
