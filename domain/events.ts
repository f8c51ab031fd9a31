/**
 * What can happen to an order: the events that `decide` answers with, that the journal keeps, and that `evolve` folds. One
 * journal entry holds the events of one message; its number is the order's version.
 */
import { z } from 'zod';
import { contractDraft } from './contract';
import { opaqueId } from './member';
import { actor, messageId, messageNames, messages, source, type MessageName, type Role } from './messages';
import { money, positiveMoney } from './money';
import { schemeName } from './scheme';
import { calendarDate, instant } from './time';

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

const side = z.enum(['supplier', 'buyer']);
export type Side = z.infer<typeof side>;

/** The side that a party's message comes from. */
export const sideOf = (role: Role): Side => (role === 'supplier' ? 'supplier' : 'buyer');

const reason = z.string().max(2000);
const { exportOrder, declaration, goods } = messages.registerExport.data.shape;
const { account, entryReference, method } = messages.paymentCredited.data.shape;
const payment = { account, entryReference, method, amount: positiveMoney };

/** Why booked money could not be applied to the order and stands in suspense for an operator. */
export const suspenseReason = z.enum([
  'after-close',
  'not-awaited',
  'overpaid',
  'too-many',
  'currency-mismatch',
  'account-mismatch',
  'buyer.region-not-served',
]);

export const orderEvent = z.discriminatedUnion('type', [
  event('orderDrafted', {
    scheme: schemeName,
    supplier: opaqueId,
    buyer: opaqueId,
    source,
    contract: contractDraft,
    by: side,
  }),
  event('contractRevised', { revision: z.int().positive(), changes: contractDraft, by: side }),
  event('revisionConfirmed', { revision: z.int().positive(), by: side }),
  /** What the platform would guarantee today, within the supplier's available limit; said before anyone is bound (R2). */
  event('coverOffered', { amount: money, limit: money }),
  event('orderConfirmed', { policy: z.string(), total: money, advance: money }),
  /** The pair's virtual account, to which the buyer pays (R30). */
  event('accountAssigned', { payTo: opaqueId }),
  event('paymentOpened', { payBy: instant }),
  event('paymentReminded', {}),
  event('paymentLapsed', {}),
  event('paymentApplied', payment),
  event('paymentSuspended', { ...payment, reason: suspenseReason }),
  event('advanceCompleted', {}),
  /** Cover granted for this order when the advance was in (R2). */
  event('coverReserved', { amount: money, limit: money }),
  event('coverReleased', { amount: money }),
  /** Money that the supplier may collect at once (R18). */
  event('supplierPaid', { amount: positiveMoney }),
  event('exportRegistered', { exportOrder, declaration, goods }),
  event('exportCancelled', { exportOrder }),
  event('exportSetCompleted', {}),
  event('declarationReleased', { declaration, releasedAt: instant }),
  event('declarationRevoked', { declaration, revokedAt: instant }),
  event('goodsShipped', { shippingDate: calendarDate, onTime: z.boolean(), answerBy: instant }),
  event('shippingReopened', {}),
  event('answerExtended', { by: side, answerBy: instant }),
  event('shipmentAccepted', { by: z.enum(['buyer', 'clock']), comment: reason.optional() }),
  event('complaintOpened', { comment: reason.optional() }),
  event('complaintSettled', { comment: reason.optional() }),
  event('orderCompleted', { reviewBy: instant }),
  event('reviewGiven', { by: side, stars: z.int().min(1).max(5), text: reason.optional() }),
  event('reviewsPublished', {}),
  event('creditAccrued', messages.creditAccrued.data.shape),
  event('effectFailed', messages.effectFailed.data.shape),
  event('effectRetried', messages.retryEffect.data.shape),
  /** Parts of an advance that go to suspense, to be returned to the buyer. */
  event('partsSetAside', { amount: positiveMoney }),
  event('orderEnded', {
    outcome: z.enum(['completed', 'closed-unpaid', 'cancelled', 'lapsed']),
    reason: reason.optional(),
  }),
]);
export type OrderEvent = z.infer<typeof orderEvent>;

/** One row of the journal: what one message did to an order. */
export const journalEntry = z.strictObject({
  order: opaqueId,
  version: z.int().positive(),
  at: instant,
  message: z.enum(messageNames as [MessageName, ...MessageName[]]),
  messageId,
  actor,
  events: z.array(orderEvent).min(1).max(20),
});
export type JournalEntry = z.infer<typeof journalEntry>;
