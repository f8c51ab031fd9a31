/** Money: payments and charges, the advance, cover, what the supplier may collect, refunds. */
import { format } from '../../../domain/money';
import { day, listed, methods, noted, ofOrder, type Words } from './common';

const suspended = {
  'after-close': 'the order is closed',
  'not-awaited': 'no payment is awaited',
  overpaid: 'it is beyond the price',
  'too-many': 'the order lists no more payments',
  'currency-mismatch': 'it is in another currency',
  'account-mismatch': 'it was paid to another account',
  'method-cap-exceeded': 'it is more than one payment by this method may be',
  'buyer.region-not-served': 'the buyer’s country is not served',
};
const refunded = {
  ruling: 'by the platform’s ruling',
  settlement: 'by the settlement',
  cancellation: 'by the cancellation',
  amendment: 'because the price was lowered',
  'closed-unpaid': 'because the order was closed unpaid',
  'charge-not-needed': 'because the charge was not needed any more',
  platform: 'by order of the platform',
};

export const payment = {
  accountAssigned: ({ payTo }, { scheme }) =>
    `the buyer pays to ${scheme === 'secure-payment' ? 'the platform’s account' : 'the virtual account'} ${payTo}`,
  paymentOpened: ({ payBy }, { scheme }) =>
    `the ${scheme === 'secure-payment' ? 'whole price' : 'advance'} is due by ${day(payBy)}`,
  paymentReminded: () => 'the buyer is reminded to pay',
  paymentLapsed: () => 'the time for the payment is over; the supplier may close the order',
  paymentApplied: ({ amount, method }) => `${format(amount)} arrived by ${methods[method]}`,
  paymentSuspended: ({ amount, method, reason }) =>
    `${format(amount)} arrived by ${methods[method]} and stands in suspense: ${suspended[reason]}`,
  paymentVoid: ({ amount, method }) =>
    `${format(amount)} by ${methods[method]}, which had been taken back before it was heard of`,
  paymentReversed: ({ entryReference, reason, fromOrder, fromSuspense, fromFees, fromBuyer, gone = 0 }, order) => {
    const parts = listed([
      [ofOrder(fromOrder, order), 'of the order’s money'],
      [ofOrder(fromSuspense, order), 'out of suspense'],
      [ofOrder(fromFees, order), 'of the surcharge'],
      [ofOrder(fromBuyer + gone, order), 'that the buyer had got back already, and owes'],
    ]);
    return `payment ${entryReference} is taken back${noted(reason)}; ${parts || 'it is not known here yet'}`;
  },
  chargeRequested: ({ amount, surcharge, method }) =>
    `${format(amount)} and a surcharge of ${format(surcharge)} are to be charged by ${methods[method]}`,
  chargeCaptured: ({ amount, surcharge, excess }) =>
    `${format(amount)} and a surcharge of ${format(surcharge)} were charged${excess.amount > 0 ? `; ${format(excess)} was not needed any more and goes back` : ''}`,
  chargeDeclined: ({ payment: id, reason }) => `the charge ${id} was declined${noted(reason)}`,
  advanceCompleted: (_, { scheme }) => `the ${scheme === 'secure-payment' ? 'price' : 'advance'} is complete`,
  advanceUndone: () => 'what is due before shipment is no longer complete',
  coverReserved: ({ amount, limit }) =>
    `${format(amount)} is guaranteed to the buyer (the supplier’s limit is ${format(limit)})`,
  coverReleased: ({ amount }) => `the guarantee of ${format(amount)} is given back to the supplier’s limit`,
  supplierPaid: ({ amount }) => `the supplier may collect ${format(amount)}`,
  excessApplied: ({ amount }) => `${format(amount)} of what had come beyond the price counts towards the higher one`,
  suspenseDisposed: ({ payments }) =>
    `operators have disposed of suspended money that had come for the order (${payments.map((p) => p.entryReference).join(', ')})`,
  buyerRepaid: ({ amount }) => `${format(amount)} of it repays what the buyer had got twice`,
  receivableRepaid: ({ amount }) => `${format(amount)} of it repays what the supplier owes the platform`,
  supplierClawedBack: ({ amount, fee, short }) =>
    `${format(amount)} is taken back from the supplier${fee.amount > 0 ? `, its fee of ${format(fee)} with it` : ''}${short.amount > 0 ? `; ${format(short)} was no longer there, and is owed` : ''}`,
  moneyHeld: ({ amount }) => `the platform holds ${format(amount)} until the goods are received`,
  holdUndone: ({ amount }) => `the platform no longer holds ${format(amount)}`,
  moneyReleased: ({ amount, fee }) =>
    `${format(amount)} is released to the supplier${fee.amount > 0 ? `, less a fee of ${format(fee)}` : ''}`,
  refundDue: ({ amount, sources, why }, order) => {
    const out = listed([
      [ofOrder(sources.order, order), 'of the order’s money'],
      [ofOrder(sources.hold, order), 'of what is held'],
      [ofOrder(sources.supplier, order), 'from the supplier'],
      [ofOrder(sources.guarantee, order), 'from the platform’s guarantee, which the supplier owes'],
    ]);
    return `${format(amount)} goes back to the buyer, ${refunded[why]}: ${out}`;
  },
  refundAccountNamed: ({ payee: { name, account } }) => `refunds go to ${name}, account ${account}`,
  refundWithheld: ({ refund, amount }) =>
    `${format(amount)} of refund ${String(refund)} is not paid: its payment was taken back`,
  refundPaid: ({ refund, reference }) => `refund ${refund} is paid out, reference ${reference}`,
} satisfies Partial<Words>;
