/**
 * Payments that are taken back, whole: a credit by the bank, a charge by the payer's bank (R30, R48). The money comes from
 * where it is; who has got it twice, by a refund or out of suspense and by the reversal, owes it.
 */
import { clawedBack } from './consequences';
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { moneyOf } from './money';
import { isClosed, maxPayments, type Order } from './order';
import { refuse } from './refusal';

type Reversed = Extract<OrderEvent, { type: 'paymentReversed' }>;

/**
 * R30: a credit that the bank takes back. What stood in suspense goes first, then what was applied; a reversal that is heard
 * before its credit is remembered, and the credit then moves nothing.
 */
export function paymentReversed(order: Order, data: MessageData<'paymentReversed'>): Decision {
  const { account, entryReference } = data;
  const known = order.payments.find((p) => p.account === account && p.entryReference === entryReference);
  if (!known) return reversed(order, data, {});
  const { gone = 0 } = known;
  const taken = known.amount.amount - gone;
  const owed = gone > 0 ? { gone } : {};
  if (known.suspended) return reversed(order, data, { fromSuspense: taken, ...owed });
  const fromSuspense = Math.min(order.excess, taken);
  return reversed(order, data, { fromSuspense, fromOrder: taken - fromSuspense, ...owed });
}

/**
 * R48: the payer's bank takes a charge back whole, the surcharge with it. What had been refunded to it the buyer has twice,
 * and owes: of the price, and of what was not needed.
 */
export function chargeReturned(order: Order, { effect, reason }: MessageData<'chargeReturned'>): Decision {
  const charge = order.charges.find((c) => c.effect === effect);
  if (!charge) return refuse('effect.unknown', effect);
  const data = { account: 'card', entryReference: charge.payment, reason };
  const known = order.payments.find((p) => p.account === 'card' && p.entryReference === charge.payment);
  if (known?.suspended) return paymentReversed(order, data);
  if (charge.state !== 'captured') return reversed(order, data, {});
  const taken = known?.amount.amount ?? 0;
  const wentBack = (isPrice: boolean) =>
    order.refunds
      .filter((r) => r.charge === charge.payment && (r.why !== 'charge-not-needed') === isPrice)
      .reduce((sum, { amount }) => sum + amount.amount, 0);
  // While the order runs, what comes next pays the price and what the buyer has twice alike; later nothing comes any more.
  const twice = isClosed(order) ? Math.min(taken, wentBack(true)) : 0;
  const notNeeded = wentBack(false);
  const fromSuspense = Math.min(order.excess, taken - twice);
  return reversed(order, data, {
    fromSuspense,
    fromOrder: taken - twice - fromSuspense,
    fromBuyer: twice,
    fromFees: charge.amount.amount + charge.surcharge.amount - taken - notNeeded,
    ...(notNeeded > 0 && { gone: notNeeded }),
  });
}

function reversed(
  order: Order,
  data: MessageData<'paymentReversed'>,
  { fromOrder: taken = 0, fromBuyer: twice = 0, ...from }: Partial<Omit<Reversed, 'type' | keyof typeof data>>,
): Decision {
  if (order.reversals.includes(`${data.account}:${data.entryReference}`)) return [];
  if (order.reversals.length >= maxPayments) return refuse('order.limit-reached', `${String(maxPayments)} reversals`);
  const fromOrder = Math.min(taken, inHand(order));
  return [
    ...putBack(order, fromOrder),
    {
      type: 'paymentReversed',
      ...data,
      fromSuspense: 0,
      fromFees: 0,
      ...from,
      fromOrder,
      fromBuyer: twice + taken - fromOrder,
    },
  ];
}

/** What of the order's money has not gone back to the buyer; what the guarantee has paid, the supplier owes already. */
const inHand = ({ purse, guaranteed }: Order): number => purse.order + purse.hold + purse.supplier - guaranteed;

/** Money that must lie with the order again before it goes back: out of the hold, then from the supplier. */
function putBack(order: Order, needed: number): OrderEvent[] {
  const { purse, total } = order;
  const fromHold = Math.min(Math.max(0, needed - purse.order), purse.hold);
  const fromSupplier = Math.max(0, needed - purse.order - fromHold);
  return [
    ...(fromHold > 0 ? [{ type: 'holdUndone' as const, amount: moneyOf(fromHold, total?.currency ?? 'USD') }] : []),
    ...(fromSupplier > 0 ? [clawedBack(order, fromSupplier)] : []),
  ];
}
