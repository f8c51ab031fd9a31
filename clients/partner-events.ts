/** What the card processor and the bank call back with, brought to whom it is for: an order, or a withdrawal (R9, R48, R57). */
import { effectOfKey } from '../domain/effects';
import type { Actor } from '../domain/messages';
import type { PartnerEvent } from '../partners/events';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';
import type { FundsClient } from './funds';

const processor: Actor = { role: 'processor', member: 'card-processor' };
const bank: Actor = { role: 'bank', member: 'payouts' };

/** Codes by which an order says that the word comes too late to matter, or twice. */
const overtaken: readonly string[] = ['order.closed', 'effect.unknown', 'order.not-found'];

/**
 * Takes an event over. The same event again changes nothing; what an order no longer waits for is taken over, too.
 * @throws Unavailable, and the sender tells it again
 */
export async function takePartnerEvent(
  ta: TradeAssuranceClient,
  funds: FundsClient,
  event: PartnerEvent,
): Promise<void> {
  if (await funds.payoutSettled(event.key)) return;
  const effect = effectOfKey(event.key);
  const [order = ''] = effect.split(':');
  try {
    await send(ta, order, effect, event);
  } catch (fault) {
    if (!(fault instanceof Refused) || !overtaken.includes(fault.code)) throw fault;
  }
}

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
      break;
  }
}
