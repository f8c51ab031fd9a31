/** What the card processor and the bank call back with, brought to whom it is for: an order, or a withdrawal (R9, R48, R57). */
import { effectOfKey } from '../domain/effects';
import type { Actor } from '../domain/messages';
import { refuse } from '../domain/refusal';
import type { PartnerEvent } from '../partners/events';
import { findItem } from '../store/suspense-return';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';
import type { FundsClient } from './funds';

const processor: Actor = { role: 'processor', member: 'card-processor' };
const bank: Actor = { role: 'bank', member: 'payouts' };

/** Whether money has moved by what an event reports: then it is booked, or not taken, so that the sender sends it again. */
const movesMoney: Record<PartnerEvent['type'], boolean> = {
  'charge.captured': true,
  'charge.declined': false,
  'charge.returned': true,
  'refund.paid': true,
  'refund.failed': false,
  'payout.paid': true,
  'payout.refused': false,
};
/** Codes by which an order says that it does not wait for what an event reports. */
const unawaited: readonly string[] = ['order.closed', 'effect.unknown', 'order.not-found'];

/**
 * Takes an event over. The same event again changes nothing. What moves no money and is not waited for any more is taken over,
 * too; whatever else cannot be booked is refused, so that the sender sends it again and the log and the metrics show it.
 * @throws Unavailable; Refused `payment.end-conflict` when the opposite was reported before, `effect.unknown`, `order.not-found`
 */
export async function takePartnerEvent(
  ta: TradeAssuranceClient,
  funds: FundsClient,
  event: PartnerEvent,
): Promise<void> {
  if (await funds.payoutSettled(event.key, payoutEndOf(event))) return;
  const effect = effectOfKey(event.key);
  const [subject = ''] = effect.split(':');
  if (await isReturn(ta, subject, event)) return;
  try {
    await send(ta, subject, effect, event);
  } catch (fault) {
    const isOver = fault instanceof Refused && unawaited.includes(fault.code);
    // An order ends once its refunds are paid: that one is paid it has heard before.
    const isRepeated = fault instanceof Refused && fault.code === 'order.closed';
    if (!isOver || (movesMoney[event.type] && !isRepeated)) throw fault;
  }
}

/** How the bank's story of a payout ends by this event. */
function payoutEndOf({ type }: PartnerEvent): 'paid' | 'refused' | undefined {
  if (type === 'payout.paid') return 'paid';
  return type === 'payout.refused' ? 'refused' : undefined;
}

/** Whether it is about suspended money on its way back: its workflow asks the bank by itself (R30). */
async function isReturn(ta: TradeAssuranceClient, id: string, event: PartnerEvent): Promise<boolean> {
  const item = id.startsWith('susp-') ? await findItem(ta.options.store, id) : undefined;
  if (item?.state === 'returned' && payoutEndOf(event) === 'refused') throw new Refused(conflict(event));
  return item !== undefined;
}

const conflict = ({ type, key }: PartnerEvent) => refuse('payment.end-conflict', `${type} of ${key}`);

async function send(ta: TradeAssuranceClient, order: string, effect: string, event: PartnerEvent): Promise<void> {
  const id = `callback:${event.type}:${effect}`.slice(0, 120);
  switch (event.type) {
    case 'charge.captured':
      await ta.chargeCaptured(order, { effect, reference: event.reference }, { as: processor, id });
      break;
    case 'charge.declined':
      await ta.chargeDeclined(order, { effect, reason: event.reason }, { as: processor, id });
      break;
    case 'charge.returned':
      await ta.chargeReturned(order, { effect, reason: event.reason }, { as: processor, id });
      break;
    case 'refund.paid':
      await ta.refundPaid(order, { effect, reference: event.reference }, { as: processor, id });
      break;
    case 'payout.paid':
      await ta.refundPaid(order, { effect, reference: event.reference }, { as: bank, id });
      break;
    // The effect asks again by itself and learns why; it then waits for an operator.
    case 'refund.failed':
    case 'payout.refused':
      if (await isRefundPaid(ta, order, effect)) throw new Refused(conflict(event));
      break;
  }
}

/** Whether the journal has this refund as paid. */
async function isRefundPaid({ options: { store } }: TradeAssuranceClient, order: string, effect: string) {
  const events = { $elemMatch: { type: 'refundPaid', effect } };
  return (await store.collections.journal.findOne({ order, events }, { projection: { _id: 1 } })) !== null;
}
