/**
 * `decide`: what a message does to an order as it stands, as events, or why it is refused. Pure and total: the time is
 * passed in, what it cannot see (members, limits, balances, today's lists) is added by `admit` when the change is stored.
 * No events means that the message changes nothing, because it is a repetition or has been overtaken.
 */
import * as agreement from './agreement';
import * as carriage from './carriage';
import * as complaint from './complaint';
import * as completion from './completion';
import { withConsequences } from './consequences';
import type { OrderEvent } from './events';
import * as exporting from './export';
import type { Actor, Message, MessageData, MessageName } from './messages';
import * as negotiation from './negotiation';
import type { Order } from './order';
import * as payment from './payment';
import { isRefusal, refuse, type Refusal } from './refusal';
import * as reversal from './reversal';
import * as ruling from './ruling';

export type Decision = OrderEvent[] | Refusal;

/** What `message` does to `order` at `at` (ISO instant). */
export function decide(order: Order | undefined, message: Message, at: string): Decision {
  try {
    if (message.name === 'draft') return order ? refuse('order.exists', order.id) : negotiation.draft(message, at);
    if (!order) return refuse('order.not-found');
    const refusal = stranger(order, message.actor) ?? ended(order, message);
    if (refusal) return refusal;
    const facts = answer(order, message, at);
    return isRefusal(facts) || facts.length === 0 ? facts : withConsequences(order, facts, at);
  } catch (fault) {
    // A fault here must never wedge the workflow that asks; it is refused, and told.
    return refuse('message.failed', String(fault));
  }
}

/** An order that has ended takes word of money only: what has arrived, or was taken back, must be booked (R29, R30). */
const wordOfMoney: readonly MessageName[] = ['paymentCredited', 'paymentReversed', 'chargeCaptured', 'chargeReturned'];
export const isWordOfMoney = (name: MessageName): boolean => wordOfMoney.includes(name);
const ended = (order: Order, { name }: Message): Refusal | undefined =>
  order.endedAt && !isWordOfMoney(name) ? refuse('order.closed', order.status) : undefined;

function stranger(order: Order, { role, member }: Actor): Refusal | undefined {
  if ((role === 'supplier' || role === 'buyer') && order[role] !== member) {
    return refuse('actor.not-a-party', `${member} is not the ${role} of ${order.id}`);
  }
  return undefined;
}

/** One case for each message of the table, closed with `never`. */
function answer(order: Order, message: Exclude<Message, { name: 'draft' }>, at: string): Decision {
  switch (message.name) {
    // Negotiation
    case 'revise':
      return negotiation.revise(order, message);
    case 'confirm':
      return negotiation.confirm(order, message, at);
    case 'decline':
      return negotiation.decline(order, message);
    case 'remindConfirmation':
      return negotiation.remindConfirmation(order, message.actor, at);
    case 'cancel':
      return negotiation.cancel(order, message, at);
    case 'supplierActivated':
      return negotiation.supplierActivated(order, at);
    case 'draftLapsed':
      return negotiation.draftLapsed(order, at);
    // Payment
    case 'remindPayment':
      return payment.remindPayment(order, at);
    case 'closeUnpaid':
      return payment.closeUnpaid(order, at);
    case 'paymentLapsed':
      return payment.paymentLapsed(order, at);
    case 'paymentCredited':
      return payment.paymentCredited(order, message.data);
    case 'paymentReversed':
      return reversal.paymentReversed(order, message.data);
    case 'suspenseAllocated':
      return payment.suspenseAllocated(order, message.data);
    case 'pay':
      return payment.pay(order, message.data);
    case 'chargeCaptured':
      return payment.chargeCaptured(order, message.data);
    case 'chargeDeclined':
      return payment.chargeDeclined(order, message.data);
    case 'chargeReturned':
      return reversal.chargeReturned(order, message.data);
    case 'nameRefundAccount':
      return ruling.nameRefundAccount(order, message);
    case 'refundPaid':
      return payment.refundPaid(order, message.data);
    // Export and shipment
    case 'registerExport':
      return exporting.registerExport(order, message.data);
    case 'cancelExport':
      return exporting.cancelExport(order, message.data);
    case 'completeExport':
      return exporting.completeExport(order);
    case 'customsReleased':
      return exporting.customsSays(order, { type: 'declarationReleased', ...message.data }, at);
    case 'customsRevoked':
      return exporting.customsSays(order, { type: 'declarationRevoked', ...message.data }, at);
    case 'customsHeld':
      return exporting.customsSays(order, { type: 'declarationHeld', ...message.data }, at);
    case 'customsReturned':
      return exporting.customsSays(order, { type: 'declarationReturned', ...message.data }, at);
    case 'customsCancelled':
      return exporting.customsSays(order, { type: 'declarationCancelled', ...message.data }, at);
    case 'shipGoods':
      return carriage.shipGoods(order, message.data);
    case 'goodsShipped':
      return carriage.goodsShipped(order, message.data, at);
    case 'goodsDelivered':
      return carriage.goodsDelivered(order, message.data, at);
    case 'requestInspection':
      return carriage.requestInspection(order, message.data);
    case 'inspectionReported':
      return carriage.inspectionReported(order, message.data, at);
    // Completion
    case 'answerShipment':
      return completion.answerShipment(order, message.data, at);
    case 'confirmReceipt':
      return completion.confirmReceipt(order, at);
    case 'extendAnswer':
      return completion.extendAnswer(order, message.actor);
    case 'answerTimedOut':
      return completion.answerTimedOut(order, at);
    case 'review':
      return completion.review(order, message);
    case 'reviewClosed':
      return completion.reviewClosed(order, at);
    case 'creditAccrued':
      return completion.creditAccrued(order, message.data);
    case 'creditBooked':
      return completion.creditBooked(order, message.data);
    // Agreements
    case 'proposeAmendment':
      return agreement.proposeAmendment(order, message, at);
    case 'proposeCancellation':
      return agreement.proposeCancellation(order, message);
    case 'proposeSettlement':
      return agreement.proposeSettlement(order, message);
    case 'acceptProposal':
      return agreement.acceptProposal(order, message, at);
    case 'declineProposal':
      return agreement.declineProposal(order, message);
    // Complaints
    case 'complain':
      return complaint.complain(order, message, at);
    case 'answerComplaint':
      return complaint.answerComplaint(order, message.data);
    case 'addEvidence':
      return complaint.addEvidence(order, message);
    case 'escalate':
      return complaint.escalate(order, message.actor, at);
    case 'withdrawComplaint':
      return complaint.withdrawComplaint(order, message.data);
    case 'complaintUnanswered':
      return complaint.complaintUnanswered(order, at);
    case 'complaintOverdue':
      return complaint.complaintOverdue(order, at);
    case 'complaintWindowClosed':
      return complaint.complaintWindowClosed(order, at);
    // The platform
    case 'rule':
      return ruling.rule(order, message);
    case 'orderRefund':
      return ruling.orderRefund(order, message);
    case 'collectAward':
      return ruling.collectAward(order);
    case 'approve':
      return ruling.approve(order, message);
    case 'disapprove':
      return ruling.disapprove(order, message);
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
