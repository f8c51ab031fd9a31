/**
 * Effects: what an order does with an outside party. An effect stands in the order's state as pending; this file says what
 * is asked of whom under its id, which is the idempotency key there, and which message its outcome becomes.
 */
import type { CreditFact } from './credit';
import type { MessageData, MessageName, Payee } from './messages';
import { add, moneyOf, type Money } from './money';
import type { Effect, Order } from './order';
import { adjustedFactOf, factOf } from './reward';
import type { PaymentMethod } from './scheme';

/** A charge at the card processor: price and surcharge in one. */
export interface ChargeRequest {
  key: string;
  method: PaymentMethod;
  amount: Money;
  token: string;
}
/** A refund: to the card that was charged, or to an account. */
export interface RefundRequest {
  key: string;
  order: string;
  amount: Money;
  /** The charge's key, for a refund to the card. */
  charge?: string;
  payee?: Payee;
}
/** What an upheld complaint, a payout or a repayment does to the supplier's credit (R2, R58). */
export type CreditRequest =
  | { kind: 'fact'; fact: CreditFact }
  /** Repays what is owed for payouts, oldest first; more than that is none of the credit's business. */
  | { kind: 'repaid'; supplier: string; repayment: string; amount: Money; at: string };

export type EffectCall =
  | { activity: 'accrueCredit'; input: CreditFact }
  | { activity: 'bookCredit'; input: CreditRequest }
  | { activity: 'charge'; input: ChargeRequest }
  | { activity: 'refund'; input: RefundRequest };

/** What an effect asks for at `at`, and how it is called in the Temporal UI. Throws RangeError on one that makes no sense. */
export function callOf(order: Order, effect: Effect, at: string): { call: EffectCall; summary: string } {
  switch (effect.kind) {
    case 'accrueCredit':
      return {
        call: { activity: 'accrueCredit', input: factOf(order, at) },
        summary: `Bring the credit limit of ${order.supplier} up to date`,
      };
    case 'bookCredit':
      return {
        call: { activity: 'bookCredit', input: creditRequest(order, effect, at) },
        summary: `Book ${effect.of ?? ''} on the credit of ${order.supplier}`,
      };
    case 'charge':
      return { call: { activity: 'charge', input: chargeRequest(order, effect) }, summary: `Charge the buyer` };
    case 'refund':
      return { call: { activity: 'refund', input: refundRequest(order, effect) }, summary: `Refund the buyer` };
  }
}

/** An effect that failed for good was turned down; tried again, it is another request to the other party. */
const keyOf = ({ id, attempt }: Effect): string => (attempt === 1 ? id : `${id}:again${String(attempt)}`);
/** The effect of a key at another party. */
export const effectOfKey = (key: string): string => key.replace(/:again\d+$/, '');

function chargeRequest({ charges }: Order, effect: Effect): ChargeRequest {
  const { of } = effect;
  const charge = charges.find(({ payment }) => payment === of);
  if (!charge) throw new RangeError(`there is no payment ${of ?? ''} to charge`);
  const { method, amount, surcharge, token } = charge;
  return { key: keyOf(effect), method, amount: add(amount, surcharge), token };
}

function refundRequest({ id: order, refunds, charges }: Order, effect: Effect): RefundRequest {
  const { of } = effect;
  const refund = refunds.find((r) => String(r.id) === of);
  if (!refund) throw new RangeError(`there is no refund ${of ?? ''}`);
  const charge = refund.via === 'card' ? charges.find(({ payment }) => payment === refund.charge)?.effect : undefined;
  return {
    key: keyOf(effect),
    order,
    amount: refund.amount,
    ...(charge !== undefined && { charge }),
    ...(refund.payee && { payee: refund.payee }),
  };
}

function creditRequest({ id: order, supplier }: Order, { id, of = '', amount = 0 }: Effect, at: string): CreditRequest {
  const [kind = '', which = ''] = of.split(':');
  const common = { supplier, order, at };
  const usd = { amount, currency: 'USD' } as const;
  switch (kind) {
    case 'upheld':
      return { kind: 'fact', fact: { ...common, event: 'complaint.upheld', inputs: { complaint: which } } };
    case 'adjusted': {
      const disputed = of.endsWith(':disputed');
      return { kind: 'fact', fact: adjustedFactOf({ id: order, supplier }, { refunded: amount, disputed }, which, at) };
    }
    case 'guarantee':
      return { kind: 'fact', fact: { ...common, event: 'guarantee.paid', inputs: { payout: which, amount: usd } } };
    case 'repaid':
      return { kind: 'repaid', supplier, repayment: id, amount: moneyOf(amount, 'USD'), at };
    default:
      throw new RangeError(`there is no credit to book for ${of}`);
  }
}

/** What the activities answer. */
export interface EffectResults {
  accrueCredit: Omit<MessageData<'creditAccrued'>, 'effect'>;
  bookCredit: Omit<MessageData<'creditBooked'>, 'effect'>;
  charge: { state: 'captured'; reference: string } | { state: 'declined'; reason: string };
  refund: { reference: string };
}

type OutcomeName = Extract<
  MessageName,
  'creditAccrued' | 'creditBooked' | 'chargeCaptured' | 'chargeDeclined' | 'refundPaid' | 'effectFailed'
>;
/** What came of an effect, as the message that it becomes. */
export type Outcome = { [Name in OutcomeName]: { name: Name; data: MessageData<Name> } }[OutcomeName];

/** What an activity answered for the effect of this id, as a message. */
export const outcomeOf: {
  [Activity in EffectCall['activity']]: (effect: string, result: EffectResults[Activity]) => Outcome;
} = {
  accrueCredit: (effect, result) => ({ name: 'creditAccrued', data: { effect, ...result } }),
  bookCredit: (effect, result) => ({ name: 'creditBooked', data: { effect, ...result } }),
  charge: (effect, result) =>
    result.state === 'captured'
      ? { name: 'chargeCaptured', data: { effect, reference: result.reference } }
      : { name: 'chargeDeclined', data: { effect, reason: result.reason } },
  refund: (effect, { reference }) => ({ name: 'refundPaid', data: { effect, reference } }),
};
