/** Events of an order in words, one line each; the words of each subject are in a file of their own. */
import type { OrderEvent } from '../../domain/events';
import type { Order } from '../../domain/order';
import { complaint } from './words/complaint';
import type { Words } from './words/common';
import { completion } from './words/completion';
import { negotiation } from './words/negotiation';
import { payment } from './words/payment';
import { shipment } from './words/shipment';

/** Every event has its words: the compiler checks it here. */
const words: Words = { ...negotiation, ...payment, ...shipment, ...complaint, ...completion };

/** What happened, given the order as it stands after it. */
export const inWords = (event: OrderEvent, order: Order): string =>
  (words[event.type] as (event: OrderEvent, order: Order) => string)(event, order);
