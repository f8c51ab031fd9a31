/**
 * Export service orders, and what customs says of their declarations (R6, R17, R32, R33, R44). The shipping date that
 * follows from it is worked out in `consequences.ts`.
 */
import { heard, type Customs } from './customs';
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { isBalanceDue, isClosed, liveExports, maxExports, wrongState, type Order } from './order';
import { refuse, type Refusal } from './refusal';
import { policyOf } from './scheme';
import { addDays } from './time';

/** Most lines of goods over all export service orders: an order is handed from run to run whole, and must stay small. */
const maxGoodsLines = 200;

const bySelf = (order: Order): Refusal | undefined =>
  policyOf(order).export === 'onetouch' ? undefined : refuse('order.not-in-scheme', 'exports are the seller’s own');

/** R6, R49: registered once the advance is in, until the set is marked complete. */
export function registerExport(order: Order, data: MessageData<'registerExport'>): Decision {
  // One that customs has cancelled is still known to customs under its number; only the supplier takes it out.
  const known = order.exports.find(
    (e) => !e.cancelled && (e.exportOrder === data.exportOrder || e.declaration === data.declaration),
  );
  if (known) {
    const { exportOrder, declaration, goods, forwarder } = known;
    const same =
      JSON.stringify([exportOrder, declaration, goods, forwarder]) ===
      JSON.stringify([data.exportOrder, data.declaration, data.goods, data.forwarder]);
    return same ? [] : refuse('export.duplicate', `${exportOrder} with declaration ${declaration}`);
  }
  return cannotRegister(order, data) ?? [{ type: 'exportRegistered', ...data }];
}

function cannotRegister(order: Order, data: MessageData<'registerExport'>): Refusal | undefined {
  const own = bySelf(order);
  if (own) return own;
  if (order.status !== 'awaiting-shipment')
    return refuse('order.wrong-state', `the order is ${order.status}; exports follow the advance (R49)`);
  if (order.exportSetComplete) return refuse('export.set-complete');
  // R25: where the balance was agreed to come before shipment, nothing is declared until it is in.
  if (isBalanceDue(order)) return refuse('payment.balance-due');
  if (order.exports.some((e) => e.exportOrder === data.exportOrder))
    return refuse('export.duplicate', data.exportOrder);
  if (order.exports.length >= maxExports)
    return refuse('order.limit-reached', `${String(maxExports)} export service orders`);
  // R34: what is declared is compared with what was agreed.
  const other = data.goods.find(({ value }) => value.currency !== order.total?.currency)?.value.currency;
  if (other) return refuse('payment.currency-mismatch', other);
  const lines = order.exports.reduce((sum, { goods }) => sum + goods.length, data.goods.length);
  if (lines > maxGoodsLines)
    return refuse('order.limit-reached', `${String(maxGoodsLines)} lines of goods over all exports`);
  return forwarderRefusal(order, data);
}

/** R44: ex works, the buyer's forwarder declares with the OneTouch papers; otherwise OneTouch does. R25: a balance due before. */
function forwarderRefusal({ contract: { shipping } }: Order, { forwarder }: MessageData<'registerExport'>) {
  const isExWorks = shipping?.incoterm === 'EXW';
  if (isExWorks && !forwarder) return refuse('export.forwarder-missing');
  return !isExWorks && forwarder ? refuse('export.forwarder-not-agreed', shipping?.incoterm) : undefined;
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
export function completeExport(order: Order): Decision {
  if (order.exportSetComplete) return [];
  const own = bySelf(order);
  if (own) return own;
  if (order.status !== 'awaiting-shipment') return wrongState(order);
  if (liveExports(order).length === 0) return refuse('export.none');
  return [{ type: 'exportSetCompleted' }];
}

/** What customs says of a declaration, with its time. */
type Said = Extract<
  OrderEvent,
  {
    type:
      'declarationReleased' | 'declarationRevoked' | 'declarationHeld' | 'declarationReturned' | 'declarationCancelled';
  }
>;

const wordOf = (said: Said): Customs => {
  switch (said.type) {
    case 'declarationReleased':
      return { word: 'released', at: said.releasedAt };
    case 'declarationRevoked':
      return { word: 'revoked', at: said.revokedAt };
    case 'declarationHeld':
      return { word: 'held', at: said.heldAt, note: said.note };
    case 'declarationReturned':
      return { word: 'returned', at: said.returnedAt, note: said.note };
    case 'declarationCancelled':
      return { word: 'cancelled', at: said.cancelledAt, note: said.note };
  }
};

/** How far ahead of ours a feed's clock may be. */
const clockToleranceDays = 1;
export const isInFuture = (said: string, at: string): boolean =>
  Date.parse(said) > Date.parse(addDays(at, clockToleranceDays));

/** Most words of customs on one declaration that repeat its release. */
const maxRepeated = 50;

/** R32: customs' words count in the order of their times, in whatever order they arrive. */
export function customsSays(order: Order, said: Said, at: string): Decision {
  if (isClosed(order)) return wrongState(order);
  const known = order.exports.find((e) => e.declaration === said.declaration && !e.cancelled);
  if (!known) return refuse('export.unknown', said.declaration);
  const word = wordOf(said);
  // A word from the future would stand against every true one that follows.
  if (isInFuture(word.at, at)) return refuse('export.in-future', word.at);
  const all = heard(known.customs, word);
  if ((all.repeated?.length ?? 0) > maxRepeated)
    return refuse('order.limit-reached', `${String(maxRepeated)} repeated releases of ${said.declaration}`);
  return JSON.stringify(all) === JSON.stringify(known.customs) ? [] : [said];
}
