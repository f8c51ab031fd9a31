/** An order as its collection keeps it: the projection of its journal, and what it is found by (`domain/order-index.ts`). */
import { indexOf } from '../domain/order-index';
import type { Order } from '../domain/order';
import { opened } from './personal';
import type { Doc, Store } from './store';

/**
 * The order as a document. It follows from entries that were parsed before they were stored, and the database's validator
 * looks at it, too: it is not parsed once more.
 */
export const documentOfOrder = (order: Order): Doc<'orders'> => ({
  _id: order.id,
  ...orderIn(order),
  index: indexOf(order),
});

/** The order of a document. */
export function orderIn(doc: Order & { _id?: string; index?: unknown }): Order {
  const { _id, index: _index, ...order } = doc;
  return order;
}

/** Gives the orders that were stored before there was an index what they are found by; how many there were. */
export async function indexOrders(store: Store): Promise<number> {
  const { orders } = store.collections;
  let indexed = 0;
  for await (const doc of orders.find({ index: { $exists: false } })) {
    const { _id, version } = doc;
    const index = indexOf(await opened(store, orderIn(doc)));
    // One that has moved on in the meantime has its index from that.
    indexed += (await orders.updateOne({ _id, version, index: { $exists: false } }, { $set: { index } })).modifiedCount;
  }
  return indexed;
}
