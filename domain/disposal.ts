/**
 * What operators dispose of, and an order hears of late (R30). They send suspended money back, or give it to another order,
 * beside the order that it came for; so before anything is decided about its money, the order is told what is gone.
 */
import { decide, type Decision } from './decide';
import type { OrderEvent } from './events';
import { foresee } from './evolve';
import type { Message } from './messages';
import type { Order } from './order';
import { isRefusal } from './refusal';

/** Of an entry that was suspended: what operators have disposed of by now, in minor units. */
export interface Disposed {
  account: string;
  entryReference: string;
  gone: number;
}

const dependsOnSuspense: ReadonlySet<OrderEvent['type']> = new Set([
  'paymentReversed',
  'excessApplied',
  'contractAmended',
]);

/** Whether what stands in suspense matters to these events; to most it does not, and then nothing is read. */
export const asksSuspense = (events: readonly OrderEvent[]): boolean =>
  events.some(({ type }) => dependsOnSuspense.has(type));

/** R30, R52: the decision as it was, or what is gone, and the message decided anew on the order that knows it. */
export function withDisposed(
  order: Order,
  message: Message,
  decided: OrderEvent[],
  disposed: readonly Disposed[],
  at: string,
): Decision {
  const payments = asksSuspense(decided) ? disposed.filter((one) => isNews(order, one)) : [];
  if (payments.length === 0) return decided;
  const news: OrderEvent = { type: 'suspenseDisposed', payments };
  const anew = decide(foresee(order, [news], at), message, at);
  return isRefusal(anew) ? anew : [news, ...anew];
}

/** What was gone when a payment was taken back stays as it was: the buyer owes that. */
const isNews = ({ payments }: Order, { account, entryReference, gone }: Disposed): boolean =>
  payments.some(
    (p) => p.account === account && p.entryReference === entryReference && !p.reversed && (p.gone ?? 0) !== gone,
  );
