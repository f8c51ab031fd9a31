/** What a completed order is worth to its supplier: the fact that its credit limit grows by (R3). */
import type { CreditFact } from './credit';
import { bankCharges, compensated, paidUp, type Order } from './order';

/** The fact to be booked for a completed order. Throws RangeError when the order is not completed. */
export function factOf(order: Order, at: string): CreditFact {
  if (!order.total || !order.completedAt) throw new RangeError(`order ${order.id} is not completed`);
  return {
    supplier: order.supplier,
    event: 'order.completed',
    order: order.id,
    at,
    inputs: {
      buyer: order.buyer,
      total: { ...order.total, currency: 'USD' },
      refunded: { amount: wentBack(order), currency: 'USD' },
      completedAt: order.completedAt,
      shippedOnTime: order.shippedOnTime ?? true,
      disputed: order.complaints.length > 0,
      reviewScore: order.reviews.buyer?.stars ?? null,
    },
  };
}

/** What of the price has gone back to the buyer, by refunds or by reversals, or never came, in minor units (R1, R3). */
export function wentBack(order: Order): number {
  const total = order.total?.amount ?? 0;
  const left = Math.min(total, paidUp(order) + bankCharges(order)) - compensated(order);
  return total - Math.max(0, left);
}

/** The fact to be booked when a completed order has changed since: its adjustment of that number. */
export const adjustedFactOf = (
  { id: order, supplier }: Pick<Order, 'id' | 'supplier'>,
  { refunded, disputed }: { refunded: number; disputed: boolean },
  adjustment: string,
  at: string,
): CreditFact => ({
  ...{ supplier, order, at, event: 'order.adjusted' },
  inputs: { adjustment, refunded: { amount: refunded, currency: 'USD' }, disputed },
});
