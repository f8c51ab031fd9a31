/** Export service orders, what customs says of their declarations, and the shipping date that follows (R6, R17, R32, R33). */
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { liveExports, maxExports, wrongState, type Order } from './order';
import { refuse } from './refusal';
import { schemes } from './scheme';
import { addDays, chinaDate } from './time';

/** Most lines of goods over all export service orders: an order is handed from run to run whole, and must stay small. */
const maxGoodsLines = 200;

type Customs = NonNullable<Order['exports'][number]['customs']>;

/** R6, R49: registered once the advance is in, until the set is marked complete. */
export function registerExport(order: Order, data: MessageData<'registerExport'>): Decision {
  const known = liveExports(order).find(
    (e) => e.exportOrder === data.exportOrder || e.declaration === data.declaration,
  );
  if (known) {
    const { exportOrder, declaration, goods } = known;
    const same = JSON.stringify({ exportOrder, declaration, goods }) === JSON.stringify(data);
    return same ? [] : refuse('export.duplicate', `${exportOrder} with declaration ${declaration}`);
  }
  if (order.status !== 'awaiting-shipment')
    return refuse('order.wrong-state', `the order is ${order.status}; exports follow the advance (R49)`);
  if (order.exportSetComplete) return refuse('export.set-complete');
  if (order.exports.some((e) => e.exportOrder === data.exportOrder))
    return refuse('export.duplicate', data.exportOrder);
  if (order.exports.length >= maxExports)
    return refuse('order.limit-reached', `${String(maxExports)} export service orders`);
  const lines = order.exports.reduce((sum, { goods }) => sum + goods.length, data.goods.length);
  if (lines > maxGoodsLines)
    return refuse('order.limit-reached', `${String(maxGoodsLines)} lines of goods over all exports`);
  return [{ type: 'exportRegistered', ...data }];
}

/** R32: a cancelled export service order no longer counts; the set must be marked complete again. */
export function cancelExport(order: Order, { exportOrder }: MessageData<'cancelExport'>): Decision {
  const known = order.exports.find((e) => e.exportOrder === exportOrder);
  if (!known) return refuse('export.unknown', exportOrder);
  if (known.cancelled) return [];
  if (order.status !== 'awaiting-shipment') return wrongState(order);
  if (known.customs?.word === 'released') return refuse('export.released', known.declaration);
  return [{ type: 'exportCancelled', exportOrder }];
}

/** R32: the supplier says that no further export service order will come. */
export function completeExport(order: Order, at: string): Decision {
  if (order.exportSetComplete) return [];
  if (order.status !== 'awaiting-shipment') return wrongState(order);
  if (liveExports(order).length === 0) return refuse('export.none');
  return [{ type: 'exportSetCompleted' }, ...shippedIfReleased({ ...order, exportSetComplete: true }, at)];
}

/** R32: the release of the last declaration ships the goods. */
export function customsReleased(order: Order, data: MessageData<'customsReleased'>, at: string): Decision {
  return customsSays(order, data.declaration, { word: 'released', at: data.releasedAt }, at, (after) => [
    { type: 'declarationReleased', ...data },
    ...(order.status === 'awaiting-shipment' ? shippedIfReleased(after, at) : []),
    ...(order.status === 'awaiting-answer' ? shippedLater(after, at) : []),
  ]);
}

/** R32: a release that customs revokes reopens the shipment, until the buyer has answered. */
export function customsRevoked(order: Order, data: MessageData<'customsRevoked'>, at: string): Decision {
  return customsSays(order, data.declaration, { word: 'revoked', at: data.revokedAt }, at, () => [
    { type: 'declarationRevoked', ...data },
    ...(order.status === 'awaiting-answer' ? [{ type: 'shippingReopened' as const }] : []),
  ]);
}

/** How far ahead of ours a feed's clock may be. */
const clockToleranceDays = 1;

/** Customs' newest word counts, in whatever order the words arrive; at the same instant a revocation wins. */
function customsSays(
  order: Order,
  declaration: string,
  says: Customs,
  at: string,
  then: (after: Order) => OrderEvent[],
): Decision {
  const known = liveExports(order).find((e) => e.declaration === declaration);
  if (!known) return refuse('export.unknown', declaration);
  // A word from the future would stand against every true one that follows.
  if (Date.parse(says.at) > Date.parse(addDays(at, clockToleranceDays))) return refuse('export.in-future', says.at);
  if (known.customs && !isNewer(says, known.customs)) return [];
  return then({ ...order, exports: order.exports.map((e) => (e === known ? { ...e, customs: says } : e)) });
}

const isNewer = (a: Customs, b: Customs): boolean => {
  const difference = Date.parse(a.at) - Date.parse(b.at);
  return difference > 0 || (difference === 0 && a.word === 'revoked' && b.word === 'released');
};

/** R32: a release of a later date was heard before the revocation that it follows; the date moves as if in their order. */
function shippedLater(order: Order, at: string): OrderEvent[] {
  const shipped = shippedIfReleased(order, at);
  const moved = shipped.some((e) => e.type === 'goodsShipped' && e.shippingDate !== order.shippingDate);
  return moved ? [{ type: 'shippingReopened' }, ...shipped] : [];
}

/** R32: the shipping date is the China date of the latest release, once the set is complete and all of it released. */
function shippedIfReleased(order: Order, at: string): OrderEvent[] {
  const exports = liveExports(order);
  if (!order.exportSetComplete || !exports.every((e) => e.customs?.word === 'released')) return [];
  const shippingDate =
    exports
      .map((e) => chinaDate(e.customs?.at ?? at))
      .sort()
      .at(-1) ?? chinaDate(at);
  const { shipBy, method = 'sea' } = order.contract.shipping ?? {};
  const answerBy = addDays(at, schemes[order.scheme].answerDays[method]);
  return [{ type: 'goodsShipped', shippingDate, onTime: shipBy === undefined || shippingDate <= shipBy, answerBy }];
}
