/** What the portal's pages sum up: a supplier's months and exposure, open complaints, how many orders stand where. */
import { limitOf, type CreditEntry } from '../domain/credit';
import type { CompletedEntry } from '../domain/credit-facts';
import { openComplaint, orderStatus, type Order, type OrderStatus } from '../domain/order';
import { addDays, chinaDate, monthOf } from '../domain/time';
import { entriesOf } from './credit';
import { policiesOf } from './policies';
import { orderIn } from './order-docs';
import { opened } from './personal';
import { valueOf, type Store } from './store';

export interface CreditMonth {
  /** `2026-04` */
  month: string;
  /** The limit at its end, or today, in US cents. */
  limit: number;
  /** Orders completed in it, and how many of them were shipped on time. */
  orders: number;
  onTime: number;
}

const monthsShown = 12;
const daysOfMonth = 30.44;

/** The supplier's credit over the last twelve months, oldest first. */
export async function creditMonths(store: Store, supplier: string, at: string): Promise<CreditMonth[]> {
  const [entries, policies] = await Promise.all([entriesOf(store, supplier), policiesOf(store, 'ta-limit')]);
  const ends = Array.from({ length: monthsShown }, (_, ago) =>
    ago === 0 ? at : endOfMonth(addDays(at, -Math.round(ago * daysOfMonth))),
  ).reverse();
  return ends.map((end) => {
    const month = monthOf(end);
    const completed = entries.filter(isCompleted).filter((entry) => monthOf(entry.at) === month);
    const known = entries.filter((entry) => Date.parse(entry.at) <= Date.parse(end));
    return {
      month,
      limit: limitOf(known, policies, end).limit.amount,
      orders: completed.length,
      onTime: completed.filter(({ inputs }) => inputs.shippedOnTime).length,
    };
  });
}

const isCompleted = (entry: CreditEntry): entry is CompletedEntry => entry.event === 'order.completed';

/** The last instant of the month in China that this one lies in. */
function endOfMonth(at: string): string {
  const [year = 0, month = 0] = chinaDate(at).split('-').map(Number);
  return new Date(Date.UTC(year, month, 1) - 8 * 3_600_000 - 1).toISOString();
}

/** Orders of a supplier whose buyers are guaranteed now, at most 100. */
export async function coveredOrders(store: Store, supplier: string): Promise<Order[]> {
  const found = store.collections.orders
    .find({ supplier, 'cover.reserved.amount': { $gt: 0 } })
    .sort({ updatedAt: -1 });
  return opened(store, (await found.limit(100).toArray()).map(orderIn));
}

/** Orders with an open complaint, the one longest open first, at most 200. */
export async function disputedOrders(store: Store): Promise<Order[]> {
  const found = store.collections.orders.find({ 'index.dispute': { $in: ['open', 'escalated'] } });
  const orders = await opened(store, (await found.limit(200).toArray()).map(orderIn));
  const openedAt = (order: Order) => openComplaint(order)?.openedAt ?? '';
  return orders.sort((a, b) => (openedAt(a) < openedAt(b) ? -1 : 1));
}

/** How many orders stand at each status. */
export async function countByStatus(store: Store): Promise<{ status: OrderStatus; count: number }[]> {
  const counts = await Promise.all(
    orderStatus.options.map(async (status) => ({
      status,
      count: await store.collections.orders.countDocuments({ status }),
    })),
  );
  return counts.filter(({ count }) => count > 0);
}

/** Products of every supplier, at most 1000. */
export async function listProducts(store: Store) {
  return (await store.collections.products.find({}).sort({ supplier: 1, _id: 1 }).limit(1000).toArray()).map(valueOf);
}
