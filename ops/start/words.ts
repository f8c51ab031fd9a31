/** Events of an order in words, one line each. */
import type { OrderEvent } from '../../domain/events';
import { format } from '../../domain/money';

const sources = {
  scratch: 'from scratch',
  'purchase-order': 'from the buyer’s purchase order',
  inquiry: 'from an inquiry',
  'start-order': 'as a Start Order',
  'buy-now': 'by Buy Now',
};
const methods = {
  tt: 'T/T',
  card: 'card',
  'e-checking': 'e-checking',
  'western-union': 'Western Union',
  qiwi: 'QIWI',
  maestro: 'Maestro',
  webmoney: 'WebMoney',
  tef: 'TEF',
};
const outcomes = {
  completed: 'completed',
  refunded: 'refunded',
  'closed-unpaid': 'closed unpaid',
  cancelled: 'cancelled',
  lapsed: 'lapsed',
};

/** `2030-12-31`, of an instant or a date. */
const day = (at: string): string => at.slice(0, 10);
export const stars = (count: number): string => '★'.repeat(count) + '☆'.repeat(5 - count);
const noted = (text: string | undefined): string => (text === undefined ? '' : `: “${text}”`);

export function inWords(event: OrderEvent): string {
  switch (event.type) {
    case 'orderDrafted':
      return `drafted by the ${event.by}, ${sources[event.source.kind]} ${event.source.reference ?? ''}`.trim();
    case 'contractRevised':
      return `revision ${String(event.revision)} by the ${event.by}: ${Object.keys(event.changes).join(', ')} changed`;
    case 'revisionConfirmed':
      return `revision ${String(event.revision)} confirmed by the ${event.by}`;
    case 'coverOffered':
      return `the platform would guarantee ${format(event.amount)} (the supplier’s limit is ${format(event.limit)})`;
    case 'orderConfirmed':
      return `confirmed by both: total ${format(event.total)}, advance ${format(event.advance)}`;
    case 'accountAssigned':
      return `the buyer pays to the virtual account ${event.payTo}`;
    case 'paymentOpened':
      return `the advance is due by ${day(event.payBy)}`;
    case 'paymentReminded':
      return 'the buyer is reminded to pay';
    case 'paymentLapsed':
      return 'the time for the payment is over';
    case 'paymentApplied':
      return `${format(event.amount)} arrived by ${methods[event.method]}`;
    case 'paymentSuspended':
      return `${format(event.amount)} arrived by ${methods[event.method]} and stands in suspense (${event.reason})`;
    case 'advanceCompleted':
      return 'the advance is complete';
    case 'coverReserved':
      return `${format(event.amount)} is guaranteed to the buyer (the supplier’s limit is ${format(event.limit)})`;
    case 'coverReleased':
      return `the guarantee of ${format(event.amount)} is given back to the supplier’s limit`;
    case 'supplierPaid':
      return `the supplier may collect ${format(event.amount)}`;
    case 'exportRegistered':
      return `export service order ${event.exportOrder}, declaration ${event.declaration}, ${String(event.goods.length)} goods lines`;
    case 'exportCancelled':
      return `export service order ${event.exportOrder} cancelled`;
    case 'exportSetCompleted':
      return 'the set of export service orders is complete';
    case 'declarationReleased':
      return `customs released declaration ${event.declaration}`;
    case 'declarationRevoked':
      return `customs revoked the release of declaration ${event.declaration}`;
    case 'goodsShipped':
      return `shipped on ${event.shippingDate}, ${event.onTime ? 'on time' : 'late'}; ${event.answerBy === undefined ? 'the carrier has the goods' : `the buyer answers by ${day(event.answerBy)}`}`;
    case 'shippingReopened':
      return 'the goods count as not shipped again';
    case 'answerExtended':
      return `the ${event.by} extended the time for the answer to ${day(event.answerBy)}`;
    case 'shipmentAccepted':
      return acceptedInWords(event);
    case 'shipmentDisputed':
      return 'not shipped as agreed';
    case 'complaintOpened':
      return `complaint ${String(event.complaint)} (${event.kind})${noted(event.description)}`;
    case 'complaintClosed':
      return `complaint ${String(event.complaint)} ${event.how}, ${format(event.award)} for the buyer${noted(event.reason)}`;
    case 'orderCompleted':
      return `goods accepted and paid in full; both may review until ${day(event.reviewBy)}`;
    case 'reviewGiven':
      return `${stars(event.stars)} from the ${event.by}${noted(event.text)}`;
    case 'reviewsPublished':
      return 'the reviews are published';
    case 'creditAccrued':
      return `the supplier’s credit limit: ${format(event.limitBefore)} → ${format(event.limitAfter)}`;
    case 'effectFailed':
      return `an effect failed for good and waits for an operator${noted(event.reason)}`;
    case 'effectRetried':
      return 'the effect is tried again';
    case 'orderClosed':
      return `the order is ${outcomes[event.outcome]}${noted(event.reason)}`;
    case 'orderEnded':
      return `the order has ended: ${outcomes[event.outcome]}`;
    default:
      return inMoreWords(event);
  }
}

const acceptedInWords = ({ by, comment }: Extract<OrderEvent, { type: 'shipmentAccepted' }>): string => {
  if (by === 'buyer') return `accepted by the buyer${noted(comment)}`;
  return by === 'clock'
    ? 'no answer in time, which counts as yes'
    : 'with the complaint over, the goods count as accepted';
};

type Told =
  | 'orderDrafted'
  | 'contractRevised'
  | 'revisionConfirmed'
  | 'coverOffered'
  | 'orderConfirmed'
  | 'accountAssigned'
  | 'paymentOpened'
  | 'paymentReminded'
  | 'paymentLapsed'
  | 'paymentApplied'
  | 'paymentSuspended'
  | 'advanceCompleted'
  | 'coverReserved'
  | 'coverReleased'
  | 'supplierPaid'
  | 'exportRegistered'
  | 'exportCancelled'
  | 'exportSetCompleted'
  | 'declarationReleased'
  | 'declarationRevoked'
  | 'goodsShipped'
  | 'shippingReopened'
  | 'answerExtended'
  | 'shipmentAccepted'
  | 'shipmentDisputed'
  | 'complaintOpened'
  | 'complaintClosed'
  | 'orderCompleted'
  | 'reviewGiven'
  | 'reviewsPublished'
  | 'creditAccrued'
  | 'effectFailed'
  | 'effectRetried'
  | 'orderClosed'
  | 'orderEnded';

/** Events off the main road. */
function inMoreWords(event: Exclude<OrderEvent, { type: Told }>): string {
  return event.type;
}
