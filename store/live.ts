/** What changes at the database, as it changes: MongoDB's change stream of the orders, for whoever shows them. */
import type { Store } from './store';

/** An order has changed. `id` orders the changes, and is where one may go on from. */
export interface OrderChange {
  id: string;
  order: string;
  supplier: string;
  buyer: string;
  version: number;
}

/** Tells every change of an order from now on, until `close`; after a lost connection it goes on where it was. */
export function watchOrders(
  store: Store,
  onChange: (change: OrderChange) => void,
  onFailure: (fault: unknown) => void,
): { close: () => Promise<void> } {
  const stream = store.collections.orders.watch(
    [
      { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
      { $project: { 'fullDocument.supplier': 1, 'fullDocument.buyer': 1, 'fullDocument.version': 1, documentKey: 1 } },
    ],
    { fullDocument: 'updateLookup' },
  );
  stream.on('change', (change) => {
    const {
      _id: id,
      documentKey,
      fullDocument,
    } = change as unknown as {
      _id: { _data: string };
      documentKey: { _id: string };
      fullDocument?: { supplier: string; buyer: string; version: number } | null;
    };
    if (fullDocument) onChange({ id: id._data, order: documentKey._id, ...fullDocument });
  });
  stream.on('error', onFailure);
  return { close: () => stream.close() };
}
