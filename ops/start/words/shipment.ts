/** Exports and customs, carriers, inspections, and the buyer's word on the goods. */
import { because, day, noted, type Words } from './common';

export const shipment = {
  exportRegistered: ({ exportOrder, declaration, goods, forwarder }) =>
    `export service order ${exportOrder}, declaration ${declaration}, ${goods.length === 1 ? '1 line' : `${String(goods.length)} lines`} of goods${forwarder ? `, declared by the forwarder ${forwarder.name}` : ''}`,
  exportCancelled: ({ exportOrder }) => `export service order ${exportOrder} cancelled`,
  exportSetCompleted: () => 'the set of export service orders is complete',
  declarationReleased: ({ declaration }) => `customs released declaration ${declaration}`,
  declarationRevoked: ({ declaration }) => `customs revoked the release of declaration ${declaration}`,
  declarationHeld: ({ declaration, note }) => `customs holds the goods of declaration ${declaration}${noted(note)}`,
  declarationReturned: ({ declaration, note }) =>
    `customs returned declaration ${declaration} to be corrected${noted(note)}`,
  declarationCancelled: ({ declaration, note }) => `customs cancelled declaration ${declaration}${noted(note)}`,
  shipmentRegistered: ({ carrier, tracking }) => `handed to ${carrier}, tracking number ${tracking}`,
  carrierTook: ({ shippedAt }) => `the carrier took the goods on ${day(shippedAt)}`,
  carrierDelivered: ({ deliveredAt, answerBy }, { answer }) =>
    `the carrier delivered the goods on ${day(deliveredAt)}${answer ? '' : `; the buyer confirms by ${day(answerBy)}`}`,
  inspectionRequested: ({ inspection, inspector }) => `inspection ${inspection} is asked of ${inspector}`,
  inspectionReported: ({ inspection, passed, report }) =>
    `inspection ${inspection}: the goods ${passed ? 'meet' : 'do not meet'} the agreed standard (${report})`,
  goodsShipped: ({ shippingDate, onTime, answerBy }) =>
    `shipped on ${shippingDate}, ${onTime ? 'on time' : 'late'}; ${answerBy === undefined ? 'the carrier has the goods' : `the buyer answers by ${day(answerBy)}`}`,
  shippingReopened: () => 'the goods count as not shipped again',
  answerExtended: ({ by, answerBy }) => `the ${by} extended the time for the answer to ${day(answerBy)}`,
  shipmentAccepted: ({ by, comment }, { shipment: carried }) => {
    if (by === 'clock') return 'no answer in time, which counts as yes';
    if (by === 'complaint') return 'with the complaint over, the goods count as accepted';
    return `the buyer ${carried ? 'has received the goods' : 'finds the goods shipped as agreed'}${because(comment)}`;
  },
  shipmentDisputed: () => 'the buyer finds the goods not shipped as agreed',
} satisfies Partial<Words>;
