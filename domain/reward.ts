/** What a completed order is worth to its supplier: the fact that its credit limit grows by (R3). */
import type { CreditFact } from './credit';
import { compensated, type Order } from './order';

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
      refunded: { amount: Math.min(compensated(order), order.total.amount), currency: 'USD' },
      completedAt: order.completedAt,
      shippedOnTime: order.shippedOnTime ?? true,
      disputed: order.complaints.length > 0,
      reviewScore: order.reviews.buyer?.stars ?? null,
    },
  };
}
