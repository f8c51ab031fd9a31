/**
 * What can happen to an order: the events that `decide` answers with, that the journal keeps, and that `evolve` folds. One
 * journal entry holds the events of one message; its number is the order's version.
 */
import { z } from 'zod';
import { contractDraft } from './contract';
import { conversion } from './conversion';
import { opaqueId } from './member';
import { actor, messageId, messageNames, messages, payee, source, type MessageName, type Role } from './messages';
import { money, positiveMoney } from './money';
import { complaintKind, schemeName } from './scheme';
import { calendarDate, instant } from './time';

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

const side = z.enum(['supplier', 'buyer']);
export type Side = z.infer<typeof side>;

/** The side that a party's message comes from. */
export const sideOf = (role: Role): Side => (role === 'supplier' ? 'supplier' : 'buyer');

const reason = z.string().max(2000);
const number = z.int().positive();
const minor = z.int().nonnegative();
const { exportOrder, declaration, goods, forwarder } = messages.registerExport.data.shape;
const { account, entryReference, method, payer } = messages.paymentCredited.data.shape;
const note = messages.customsHeld.data.shape.note;
const payment = { account, entryReference, method, amount: positiveMoney, payer };

/** Why booked money could not be applied to the order and stands in suspense for an operator. */
export const suspenseReason = z.enum([
  'after-close',
  'not-awaited',
  'overpaid',
  'too-many',
  'currency-mismatch',
  'account-mismatch',
  'method-cap-exceeded',
  'buyer.region-not-served',
]);

/** Why money goes back to the buyer. */
export const refundWhy = z.enum([
  'ruling',
  'settlement',
  'cancellation',
  'amendment',
  'closed-unpaid',
  'charge-not-needed',
  'platform',
]);
export type RefundWhy = z.infer<typeof refundWhy>;

/** Where a refund's money comes from, in minor units of the order's currency. */
const sources = z.strictObject({
  order: minor,
  hold: minor,
  supplier: minor,
  guarantee: minor,
  /** The scheme's fee on what goes back of the supplier's (R14). */
  fee: minor.optional(),
  /** What the supplier has repaid since of an award. */
  award: minor.optional(),
});

/** What two operators decide on: one puts it forward, another approves. */
export const putForward = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ruling'), complaint: number, ...messages.rule.data.shape }),
  z.strictObject({ kind: z.literal('refund'), ...messages.orderRefund.data.shape }),
  z.strictObject({ kind: z.literal('refund-account'), ...messages.nameRefundAccount.data.shape }),
]);
export type PutForward = z.infer<typeof putForward>;

/** What one side proposes and the other accepts. */
export const proposal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('amendment'), ...messages.proposeAmendment.data.shape, changes: contractDraft }),
  z.strictObject({ kind: z.literal('cancellation'), ...messages.proposeCancellation.data.shape }),
  z.strictObject({ kind: z.literal('settlement'), complaint: number, ...messages.proposeSettlement.data.shape }),
]);
export type Proposal = z.infer<typeof proposal>;

export const outcome = z.enum(['completed', 'closed-unpaid', 'cancelled', 'refunded', 'lapsed']);

export const orderEvent = z.discriminatedUnion('type', [
  // Negotiation
  event('orderDrafted', {
    scheme: schemeName,
    supplier: opaqueId,
    buyer: opaqueId,
    source,
    contract: contractDraft,
    by: side,
  }),
  event('contractRevised', { revision: number, changes: contractDraft, by: side }),
  event('revisionConfirmed', { revision: number, by: side }),
  event('revisionDeclined', { revision: number, by: side, reason }),
  event('confirmationReminded', { by: side }),
  /** What the platform would guarantee today, within the supplier's available limit; said before anyone is bound (R2). */
  event('coverOffered', { amount: money, limit: money }),
  event('orderConfirmed', { policy: z.string(), total: money, advance: money }),
  // Payment
  /** The account to which the buyer pays: the pair's (R30), or the platform's (R27). */
  event('accountAssigned', { payTo: opaqueId }),
  event('paymentOpened', { payBy: instant }),
  event('paymentReminded', {}),
  event('paymentLapsed', {}),
  event('paymentApplied', payment),
  event('paymentSuspended', { ...payment, reason: suspenseReason }),
  /** What had come beyond the price counts towards a higher one (R52). */
  event('excessApplied', { amount: positiveMoney }),
  /** What operators have by now disposed of, of each of these entries, out of suspense (R30); in minor units. */
  event('suspenseDisposed', {
    payments: z
      .array(z.strictObject({ account, entryReference, gone: minor }))
      .min(1)
      .max(100),
  }),
  /** A credit that the bank had taken back before it was heard of: it moves nothing. */
  event('paymentVoid', payment),
  /** A payment taken back: what of it was the order's, stood in suspense, was surcharge; all zero when it is not known yet. */
  event('paymentReversed', {
    account,
    entryReference,
    reason,
    fromOrder: minor,
    fromSuspense: minor,
    fromFees: minor,
    /** What had been refunded already: the buyer has got it twice, and owes it. */
    fromBuyer: minor,
    /** What operators had disposed of, out of suspense: the buyer owes it, beside the price. */
    gone: minor.optional(),
  }),
  event('chargeRequested', messages.pay.data.shape),
  event('chargeCaptured', {
    payment: opaqueId,
    reference: entryReference,
    amount: money,
    surcharge: money,
    /** What of both was not needed any more, and goes back. */
    excess: money,
  }),
  event('chargeDeclined', { payment: opaqueId, reason }),
  event('advanceCompleted', {}),
  event('advanceUndone', {}),
  /** Cover granted for this order when the advance was in (R2). */
  event('coverReserved', { amount: money, limit: money }),
  event('coverReleased', { amount: money }),
  // Where the money goes
  /** Money that the supplier may collect at once (R18). */
  event('supplierPaid', { amount: positiveMoney }),
  /** What the supplier owed is repaid first, from what it gets (R2). */
  event('receivableRepaid', { amount: positiveMoney }),
  /** Money taken back from the supplier, with the fee that it had borne; `short` of it was no longer there, and is owed. */
  event('supplierClawedBack', { amount: positiveMoney, fee: money, short: money, converted: conversion.optional() }),
  /** The buyer has repaid what it got twice, out of what it paid (R30). */
  event('buyerRepaid', { amount: positiveMoney }),
  event('moneyHeld', { amount: positiveMoney }),
  event('holdUndone', { amount: positiveMoney }),
  /** Held money goes to the supplier, less the scheme's fee (R14, R18). */
  event('moneyReleased', { amount: money, fee: money }),
  event('refundDue', { amount: positiveMoney, sources, why: refundWhy, converted: conversion.optional() }),
  event('refundAccountNamed', { payee }),
  /** A refund that waited for an account; the payment that it was out of has been taken back. */
  event('refundWithheld', { refund: number, amount: positiveMoney }),
  event('refundPaid', { refund: z.string(), effect: z.string(), reference: entryReference }),
  // Shipment
  event('exportRegistered', { exportOrder, declaration, goods, forwarder }),
  event('exportCancelled', { exportOrder }),
  event('exportSetCompleted', {}),
  event('declarationReleased', { declaration, releasedAt: instant }),
  event('declarationRevoked', { declaration, revokedAt: instant }),
  event('declarationHeld', { declaration, heldAt: instant, note }),
  event('declarationReturned', { declaration, returnedAt: instant, note }),
  event('declarationCancelled', { declaration, cancelledAt: instant, note }),
  event('shipmentRegistered', messages.shipGoods.data.shape),
  event('carrierTook', messages.goodsShipped.data.shape),
  event('carrierDelivered', { ...messages.goodsDelivered.data.shape, answerBy: instant }),
  event('inspectionRequested', messages.requestInspection.data.shape),
  event('inspectionReported', messages.inspectionReported.data.shape),
  event('goodsShipped', { shippingDate: calendarDate, onTime: z.boolean(), answerBy: instant.optional() }),
  event('shippingReopened', {}),
  event('answerExtended', { by: side, answerBy: instant }),
  /** Accepted as agreed (R34), or received (R18); the buyer may complain until `complainBy`. */
  event('shipmentAccepted', {
    by: z.enum(['buyer', 'clock', 'complaint']),
    comment: reason.optional(),
    complainBy: instant,
  }),
  /** The buyer says that the goods are not as agreed (R34); a complaint goes with it. */
  event('shipmentDisputed', {}),
  // Agreements
  event('proposalMade', { proposal: number, by: side, proposed: proposal }),
  event('proposalDeclined', { proposal: number, by: side, reason: reason.optional() }),
  event('proposalAccepted', { proposal: number, by: side }),
  event('contractAmended', {
    revision: number,
    changes: contractDraft,
    total: money,
    advance: money,
    payBy: instant.optional(),
  }),
  // Complaints
  event('complaintOpened', {
    complaint: number,
    kind: complaintKind,
    description: reason,
    claim: money.optional(),
    answerBy: instant,
    escalateFrom: instant,
    escalateBy: instant,
  }),
  event('complaintAnswered', messages.answerComplaint.data.shape),
  event('evidenceAdded', { ...messages.addEvidence.data.shape, by: z.enum(['supplier', 'buyer', 'platform']) }),
  event('complaintUnanswered', {}),
  event('complaintEscalated', { by: z.enum(['supplier', 'buyer', 'clock']) }),
  event('complaintClosed', {
    complaint: number,
    how: z.enum(['withdrawn', 'settled', 'upheld', 'partly-upheld', 'rejected']),
    /** What the buyer gets back by it. */
    award: money,
    reason: reason.optional(),
  }),
  /** Of an award, what neither the supplier's balance nor the cover reached to: the supplier owes it to the buyer (R2). */
  event('awardUncovered', { amount: positiveMoney }),
  /** What the supplier owed the buyer of an award, and the buyer has got by a reversal. */
  /** `repaid`: what of it the supplier had repaid already, and gets back. */
  event('awardWaived', { amount: positiveMoney, repaid: money }),
  event('approvalAsked', { approval: number, by: opaqueId, decision: putForward }),
  event('approvalGiven', { approval: number, by: opaqueId }),
  event('approvalRefused', { approval: number, by: opaqueId, reason }),
  event('complaintWindowClosed', {}),
  // Completion
  event('orderCompleted', { reviewBy: instant }),
  event('completionReopened', {}),
  event('reviewGiven', { by: side, stars: z.int().min(1).max(5), text: reason.optional() }),
  event('reviewsPublished', {}),
  event('creditAccrued', messages.creditAccrued.data.shape),
  event('creditBooked', messages.creditBooked.data.shape),
  event('effectFailed', messages.effectFailed.data.shape),
  event('effectRetried', messages.retryEffect.data.shape),
  /** What has gone back of a completed order, in minor units, or a complaint of it: its supplier's credit follows (R1, R3). */
  event('creditAdjusted', { refunded: minor, disputed: z.boolean() }),
  /** Where the order came to stand for good; it ends once nothing is under way and every window is closed. */
  event('orderClosed', {
    outcome,
    reason: reason.optional(),
    complainBy: instant.optional(),
    /** The supplier's credit is to be accrued (R3). */
    accrues: z.boolean().optional(),
  }),
  event('orderEnded', { outcome }),
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
  events: z.array(orderEvent).min(1).max(40),
});
export type JournalEntry = z.infer<typeof journalEntry>;
