/** Shipment by a carrier, where the seller exports by itself, and the inspection before shipment (R16–R18, R22). */
import type { Decision } from './decide';
import { isInFuture } from './export';
import type { MessageData } from './messages';
import { isClosed, isRunning, maxInspections, wrongState, type Order } from './order';
import { refuse } from './refusal';
import { policyOf } from './scheme';
import { addDays } from './time';

/** R16: the goods go to a carrier once the whole price is in; the tracking number will prove the delivery. */
export function shipGoods(order: Order, data: MessageData<'shipGoods'>): Decision {
  if (policyOf(order).export !== 'own') return refuse('order.not-in-scheme', 'exports go through OneTouch');
  const { shipment: known } = order;
  if (known?.shipment === data.shipment) {
    const same = known.carrier === data.carrier && known.tracking === data.tracking;
    return same ? [] : refuse('shipment.duplicate', data.shipment);
  }
  if (order.status !== 'awaiting-shipment') return wrongState(order);
  return known ? refuse('shipment.duplicate', known.shipment) : [{ type: 'shipmentRegistered', ...data }];
}

/** The carrier's earliest word counts, so that repeated and late ones change nothing. */
export function goodsShipped(order: Order, data: MessageData<'goodsShipped'>, at: string): Decision {
  return (
    carrierSays(order, data.tracking, data.shippedAt, at, order.shipment?.shippedAt) ?? [
      { type: 'carrierTook', ...data },
    ]
  );
}

/** R18: the delivery is proven; from when the order learns it the buyer's time to confirm runs. */
export function goodsDelivered(order: Order, data: MessageData<'goodsDelivered'>, at: string): Decision {
  const { method = 'express' } = order.contract.shipping ?? {};
  const answerBy = addDays(at, policyOf(order).answerDays[method]);
  return (
    carrierSays(order, data.tracking, data.deliveredAt, at, order.shipment?.deliveredAt) ?? [
      { type: 'carrierDelivered', ...data, answerBy },
    ]
  );
}

function carrierSays(order: Order, tracking: string, said: string, at: string, before: string | undefined) {
  if (isClosed(order)) return wrongState(order);
  if (order.shipment?.tracking !== tracking) return refuse('shipment.unknown', tracking);
  if (isInFuture(said, at)) return refuse('shipment.in-future', said);
  return before !== undefined && Date.parse(before) <= Date.parse(said) ? [] : undefined;
}

/** R22: optional, by the standard that the contract names, until the goods are shipped. */
export function requestInspection(order: Order, data: MessageData<'requestInspection'>): Decision {
  const known = order.inspections.find(({ inspection }) => inspection === data.inspection);
  if (known) return known.inspector === data.inspector ? [] : refuse('inspection.duplicate', data.inspection);
  if (!policyOf(order).inspection) return refuse('order.not-in-scheme', 'there is no inspection');
  if (!isRunning(order) || order.shippingDate !== undefined) return wrongState(order);
  if (order.contract.product?.inspectionStandard === undefined) return refuse('inspection.no-standard');
  if (order.inspections.length >= maxInspections)
    return refuse('order.limit-reached', `${String(maxInspections)} inspections`);
  return [{ type: 'inspectionRequested', ...data }];
}

/** R22: the newest report of an inspection counts; of two at the same instant, in whatever order they come, the worse. */
export function inspectionReported(order: Order, data: MessageData<'inspectionReported'>, at: string): Decision {
  const known = order.inspections.find(({ inspection }) => inspection === data.inspection);
  if (!known) return refuse('inspection.unknown', data.inspection);
  if (isInFuture(data.inspectedAt, at)) return refuse('shipment.in-future', data.inspectedAt);
  return known.report && !isNewer(data, known.report) ? [] : [{ type: 'inspectionReported', ...data }];
}

type Report = NonNullable<Order['inspections'][number]['report']>;

const isNewer = (a: Report, b: Report): boolean => {
  const difference = Date.parse(a.inspectedAt) - Date.parse(b.inspectedAt) || Number(b.passed) - Number(a.passed);
  return difference > 0 || (difference === 0 && a.report > b.report);
};
