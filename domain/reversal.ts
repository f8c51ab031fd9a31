/**
 * Payments that are taken back: by the bank, whole; by the payer's bank, what of a charge has not gone back to it yet (R30,
 * R48). The money comes from where it is; who has got it twice, by a refund or out of suspense and by the reversal, owes it.
 */
import { clawedBack } from './consequences';
import type { Decision } from './decide';
import type { OrderEvent } from './events';
import type { MessageData } from './messages';
import { moneyOf } from './money';
import { maxPayments, type Order } from './order';
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

/** R48: what of a charge has not been refunded to it yet is taken back, the surcharge with it. */
export function chargeReturned(order: Order, { effect, reason }: MessageData<'chargeReturned'>): Decision {
  const charge = order.charges.find((c) => c.effect === effect);
  if (!charge) return refuse('effect.unknown', effect);
  const data = { account: 'card', entryReference: charge.payment, reason };
  const known = order.payments.find((p) => p.account === 'card' && p.entryReference === charge.payment);
  if (!known) return reversed(order, data, {});
  const wentBack = (isPrice: boolean) =>
    order.refunds
      .filter((r) => r.charge === charge.payment && (r.why !== 'charge-not-needed') === isPrice)
      .reduce((sum, { amount }) => sum + amount.amount, 0);
  const taken = known.amount.amount - wentBack(true);
  const fromSuspense = Math.min(order.excess, taken);
  return reversed(order, data, {
    fromSuspense,
    fromOrder: taken - fromSuspense,
    fromFees: charge.amount.amount + charge.surcharge.amount - known.amount.amount - wentBack(false),
  });
}

function reversed(
  order: Order,
  data: MessageData<'paymentReversed'>,
  { fromOrder: taken = 0, ...from }: Partial<Pick<Reversed, 'fromOrder' | 'fromSuspense' | 'fromFees' | 'gone'>>,
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
      fromBuyer: taken - fromOrder,
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
