/** What the card processor and the bank call back with, brought to whom it is for: an order, or a withdrawal (R9, R48, R57). */
import { effectOfKey } from '../domain/effects';
import type { Actor } from '../domain/messages';
import type { PartnerEvent } from '../partners/events';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';
import type { FundsClient } from './funds';

const processor: Actor = { role: 'processor', member: 'card-processor' };
const bank: Actor = { role: 'bank', member: 'payouts' };

/**
 * Events that may come too late to matter, or twice: their effects ask the partner again by themselves. That a captured
 * charge was returned nobody asks for: what cannot be booked is not taken, so that the sender tells it again and the log
 * and the metrics show it.
 */
const overtaken: readonly string[] = ['order.closed', 'effect.unknown', 'order.not-found'];
const isAskedFor = ({ type }: PartnerEvent): boolean => type !== 'charge.returned';

/**
 * Takes an event over. The same event again changes nothing; what an order no longer waits for is taken over, too.
 * @throws Unavailable, or Refused for a returned charge that is not known; the sender tells it again
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
    if (!(fault instanceof Refused) || !overtaken.includes(fault.code) || !isAskedFor(event)) throw fault;
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
