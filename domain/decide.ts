/**
 * `decide`: what a message does to an order as it stands, as events, or why it is refused. Pure and total: the time is
 * passed in, what it cannot see (members, limits, today's lists) is added by `admit` when the change is stored.
 * No events means that the message changes nothing, because it is a repetition or has been overtaken.
 */
import type { OrderEvent } from './events';
import type { Actor, Message, MessageData } from './messages';
import type { Order } from './order';
import { refuse, type Refusal } from './refusal';
import * as completion from './completion';
import * as exporting from './export';
import * as negotiation from './negotiation';
import * as payment from './payment';

export type Decision = OrderEvent[] | Refusal;

/** What `message` does to `order` at `at` (ISO instant). */
export function decide(order: Order | undefined, message: Message, at: string): Decision {
  try {
    if (message.name === 'draft') return order ? refuse('order.exists', order.id) : negotiation.draft(message, at);
    if (!order) return refuse('order.not-found');
    return stranger(order, message.actor) ?? closed(order, message) ?? answer(order, message, at);
  } catch (fault) {
    // A fault here must never wedge the workflow that asks; it is refused, and told.
    return refuse('message.failed', String(fault));
  }
}

/** An order that has ended takes money only: what has arrived must be booked, and goes to suspense (R29). */
const closed = (order: Order, { name }: Message): Refusal | undefined =>
  order.endedAt && name !== 'paymentCredited' ? refuse('order.closed', order.status) : undefined;

function stranger(order: Order, { role, member }: Actor): Refusal | undefined {
  if ((role === 'supplier' || role === 'buyer') && order[role] !== member) {
    return refuse('actor.not-a-party', `${member} is not the ${role} of ${order.id}`);
  }
  return undefined;
}

/** One case for each message of the table, closed with `never`. */
function answer(order: Order, message: Exclude<Message, { name: 'draft' }>, at: string): Decision {
  switch (message.name) {
    case 'revise':
      return negotiation.revise(order, message);
    case 'confirm':
      return negotiation.confirm(order, message, at);
    case 'cancel':
      return negotiation.cancel(order, message);
    case 'supplierActivated':
      return negotiation.supplierActivated(order, at);
    case 'draftLapsed':
      return negotiation.draftLapsed(order, at);
    case 'remindPayment':
      return payment.remindPayment(order, at);
    case 'closeUnpaid':
      return payment.closeUnpaid(order, at);
    case 'paymentLapsed':
      return payment.paymentLapsed(order, at);
    case 'paymentCredited':
      return payment.paymentCredited(order, message.data, at);
    case 'registerExport':
      return exporting.registerExport(order, message.data);
    case 'cancelExport':
      return exporting.cancelExport(order, message.data);
    case 'completeExport':
      return exporting.completeExport(order, at);
    case 'customsReleased':
      return exporting.customsReleased(order, message.data, at);
    case 'customsRevoked':
      return exporting.customsRevoked(order, message.data, at);
    case 'answerShipment':
      return completion.answerShipment(order, message.data, at);
    case 'extendAnswer':
      return completion.extendAnswer(order, message.actor);
    case 'answerTimedOut':
      return completion.answerTimedOut(order, at);
    case 'settle':
      return completion.settle(order, message.data, at);
    case 'review':
      return completion.review(order, message);
    case 'reviewClosed':
      return completion.reviewClosed(order, at);
    case 'creditAccrued':
      return completion.creditAccrued(order, message.data);
    case 'effectFailed':
      return effectFailed(order, message.data);
    case 'retryEffect':
      return retryEffect(order, message.data);
    default:
      message satisfies never;
      return refuse('message.unknown', (message as Message).name);
  }
}

function effectFailed(order: Order, data: MessageData<'effectFailed'>): Decision {
  const pending = order.effects.some(({ id, state }) => id === data.effect && state === 'pending');
  return pending ? [{ type: 'effectFailed', ...data }] : [];
}

function retryEffect(order: Order, data: MessageData<'retryEffect'>): Decision {
  const failed = order.effects.some(({ id, state }) => id === data.effect && state === 'failed');
  return failed ? [{ type: 'effectRetried', ...data }] : refuse('effect.unknown', data.effect);
}
