/**
 * Notices: what the parties and the platform are told of an order, and above all what awaits them. Each event says to whom
 * it is told; the texts are in `notice-texts.ts`, and are put together when a notice is delivered.
 */
import { z } from 'zod';
import type { JournalEntry, OrderEvent, Side } from './events';
import { opaqueId } from './member';
import { format, isZero, moneyOf, type Money } from './money';
import { noticeTexts, type NoticeKey } from './notice-texts';
import { askedNow, outstanding, shipByDate, type Order } from './order';
import { maskAccount } from './payee';

export const notice = z.strictObject({
  /** To whom: a party by its member id, or the platform's operators. */
  to: z.discriminatedUnion('role', [
    z.strictObject({ role: z.enum(['supplier', 'buyer']), member: opaqueId }),
    z.strictObject({ role: z.literal('platform') }),
  ]),
  key: z.enum(Object.keys(noticeTexts) as [NoticeKey, ...NoticeKey[]]),
  /** What the text speaks of; money as `USD 1,234.50`, instants and dates in ISO 8601. */
  params: z.record(z.string(), z.string()),
});
export type Notice = z.infer<typeof notice>;

type To = Side | 'platform';
type Told = readonly [to: To | readonly To[], key: NoticeKey, params?: Record<string, string>];

/** The notices of a journal entry, given the order as it stands after it. */
export function noticesOf(entry: JournalEntry, order: Order): Notice[] {
  return entry.events.flatMap((event) =>
    toldOf(event, order, entry).flatMap(([to, key, params = {}]) =>
      [to].flat().map((role): Notice => ({
        to: role === 'platform' ? { role } : { role, member: order[role] },
        key,
        params: { order: order.id, ...params },
      })),
    ),
  );
}

const both: readonly Side[] = ['supplier', 'buyer'];
const other = (side: Side): Side => (side === 'supplier' ? 'buyer' : 'supplier');
const words = (money: Money): string => format(money);

function toldOf(event: OrderEvent, order: Order, entry: JournalEntry): Told[] {
  return [
    ...ofNegotiation(event, order),
    ...ofPayment(event, order),
    ...ofMoney(event, order, entry),
    ...ofShipment(event, order),
    ...ofAgreement(event, order, entry.actor.member),
    ...ofComplaint(event, order),
    ...ofCompletion(event),
  ];
}

function ofNegotiation(event: OrderEvent, order: Order): Told[] {
  const by = 'by' in event && (event.by === 'supplier' || event.by === 'buyer') ? event.by : 'supplier';
  const name = { by: order[by] };
  switch (event.type) {
    case 'orderDrafted':
      return [[other(by), 'contract.drafted', name]];
    case 'contractRevised': {
      const modules = Object.keys(event.changes).join(', ');
      return [[other(by), 'contract.revised', { ...name, revision: String(event.revision), modules }]];
    }
    case 'revisionConfirmed':
      // With both confirmations in, nothing awaits the other side any more.
      return order.confirmations[other(by)]
        ? []
        : [[other(by), 'contract.confirm-awaited', { ...name, revision: String(event.revision) }]];
    case 'revisionDeclined':
      return [[other(by), 'contract.declined', { ...name, revision: String(event.revision), reason: event.reason }]];
    case 'confirmationReminded':
      return [[other(by), 'contract.confirm-reminder']];
    case 'coverOffered':
      return isShort(event.amount, order) ? [[both, 'cover.short', { amount: words(event.amount) }]] : [];
    case 'orderConfirmed':
      return [[both, 'order.confirmed', { total: words(event.total), advance: words(event.advance) }]];
    default:
      return [];
  }
}

/** R2: the cover does not reach to the order's total, as far as that is known. */
function isShort({ amount }: Money, { contract }: Order): boolean {
  const lines = contract.product?.lines ?? [];
  const goods = lines.reduce((sum, { quantity = 0, unitPrice }) => sum + quantity * (unitPrice?.amount ?? 0), 0);
  return amount < goods + (contract.shipping?.freight?.amount ?? 0);
}

function ofPayment(event: OrderEvent, order: Order): Told[] {
  const due = () => ({ outstanding: words(outstanding(order)) });
  switch (event.type) {
    case 'paymentOpened':
      return [
        [
          'buyer',
          'payment.awaited',
          { amount: words(order.advance ?? outstanding(order)), account: order.payTo ?? '', by: event.payBy },
        ],
      ];
    case 'paymentReminded':
      return [['buyer', 'payment.reminder', { amount: words(askedNow(order)) }]];
    case 'paymentLapsed':
      return [
        ['buyer', 'payment.lapsed-buyer'],
        ['supplier', 'payment.lapsed-supplier'],
      ];
    case 'paymentApplied':
      return outstanding(order).amount === 0
        ? [[both, 'payment.complete', { amount: words(event.amount) }]]
        : [[both, 'payment.received', { amount: words(event.amount), ...due() }]];
    case 'paymentSuspended': {
      const suspended = { amount: words(event.amount), reason: event.reason };
      return [
        ['buyer', 'payment.suspended', suspended],
        ['platform', 'suspense.opened', suspended],
      ];
    }
    case 'paymentReversed':
      return [[both, 'payment.reversed', { reason: event.reason, ...due() }]];
    case 'chargeDeclined':
      return [['buyer', 'charge.declined', { reason: event.reason }]];
    case 'advanceCompleted':
      return [['supplier', 'shipment.awaited', { by: shipByDate(order) ?? '' }]];
    default:
      return [];
  }
}

function ofMoney(event: OrderEvent, order: Order, entry: JournalEntry): Told[] {
  switch (event.type) {
    case 'supplierPaid':
    case 'moneyReleased':
      return ofCollectable(event, entry);
    case 'receivableRepaid':
      return [['supplier', 'money.repaid', { amount: words(event.amount) }]];
    case 'supplierClawedBack': {
      const taken = moneyOf(event.amount.amount - event.fee.amount - event.short.amount, event.amount.currency);
      return [
        ...(isZero(taken) ? [] : [['supplier', 'money.clawed-back', { amount: words(taken) }] as const]),
        ...(isZero(event.short) ? [] : [['supplier', 'money.owed', { amount: words(event.short) }] as const]),
      ];
    }
    case 'awardUncovered':
      return [[both, 'award.uncovered', { amount: words(event.amount) }]];
    case 'refundDue':
      return [
        [both, 'refund.due', { amount: words(event.amount), reason: event.why }],
        ...(order.refunds.some(({ state }) => state === 'awaiting-payee')
          ? [['buyer', 'refund.account-awaited'] as const]
          : []),
      ];
    case 'refundAccountNamed': {
      const { name, account } = event.payee;
      return [[both, 'refund.account-named', { payee: name, account: maskAccount(account) }]];
    }
    case 'refundPaid':
      return [['buyer', 'refund.paid', { reference: event.reference }]];
    default:
      return [];
  }
}

/** What of it is the supplier's to collect: not what it repays at once. */
function ofCollectable(
  event: Extract<OrderEvent, { type: 'supplierPaid' | 'moneyReleased' }>,
  { events }: JournalEntry,
): Told[] {
  const next = events[events.indexOf(event) + 1];
  const repaid = next?.type === 'receivableRepaid' ? next.amount.amount : 0;
  const amount = moneyOf(event.amount.amount - repaid, event.amount.currency);
  if (isZero(amount)) return [];
  return event.type === 'supplierPaid'
    ? [['supplier', 'money.released', { amount: words(amount) }]]
    : [['supplier', 'money.released-less-fee', { amount: words(amount), fee: words(event.fee) }]];
}

function ofShipment(event: OrderEvent, order: Order): Told[] {
  const stopped = (declaration: string, word: string, note = ''): Told[] => [
    [both, 'declaration.stopped', { declaration, word, note }],
  ];
  switch (event.type) {
    case 'declarationHeld':
      return stopped(event.declaration, 'held', event.note);
    case 'declarationReturned':
      return stopped(event.declaration, 'returned', event.note);
    case 'declarationCancelled':
      return stopped(event.declaration, 'cancelled', event.note);
    case 'declarationRevoked':
      return stopped(event.declaration, 'revoked');
    case 'goodsShipped': {
      const { shippingDate: date, answerBy } = event;
      const toBuyer: Told =
        answerBy === undefined
          ? ['buyer', 'shipment.shipped', { date }]
          : ['buyer', 'shipment.answer-awaited', { date, by: answerBy }];
      return [toBuyer, ['supplier', 'shipment.shipped', { date }]];
    }
    case 'carrierDelivered':
      return order.answer ? [] : [['buyer', 'receipt.awaited', { by: event.answerBy }]];
    case 'shippingReopened':
      return [[both, 'shipment.reopened']];
    case 'answerExtended':
      return [[other(event.by), 'answer.extended', { by: order[event.by], until: event.answerBy }]];
    case 'inspectionRequested':
      return [['supplier', 'inspection.requested', { inspector: event.inspector }]];
    case 'inspectionReported':
      return [[both, 'inspection.reported', { result: event.passed ? 'passed' : 'failed', report: event.report }]];
    case 'shipmentAccepted':
      return [
        ['supplier', 'goods.accepted'],
        ...(outstanding(order).amount > 0
          ? [['buyer', 'balance.awaited', { amount: words(outstanding(order)), account: order.payTo ?? '' }] as const]
          : []),
      ];
    default:
      return [];
  }
}

function ofAgreement(event: OrderEvent, order: Order, member: string): Told[] {
  switch (event.type) {
    case 'proposalMade': {
      const { by, proposal, proposed } = event;
      return [
        [other(by), 'proposal.answer-awaited', { by: order[by], proposal: String(proposal), what: proposed.kind }],
      ];
    }
    case 'proposalDeclined':
      return [[other(event.by), 'proposal.declined', { proposal: String(event.proposal) }]];
    case 'proposalAccepted':
      return [[other(event.by), 'proposal.accepted', { proposal: String(event.proposal) }]];
    case 'approvalAsked':
      return [['platform', 'approval.awaited', { by: member, what: event.decision.kind }]];
    default:
      return [];
  }
}

function ofComplaint(event: OrderEvent, order: Order): Told[] {
  switch (event.type) {
    case 'complaintOpened': {
      const { kind, description, answerBy: by } = event;
      return [['supplier', 'complaint.answer-awaited', { kind, description, by }]];
    }
    case 'complaintAnswered':
      return [['buyer', 'complaint.answered', { from: order.complaints.at(-1)?.escalateFrom ?? '' }]];
    case 'complaintUnanswered':
      return [['buyer', 'complaint.unanswered']];
    case 'evidenceAdded': {
      const { by, title } = event;
      const to = by === 'platform' ? both : [other(by)];
      return [[to, 'complaint.evidence', { by: by === 'platform' ? 'platform' : order[by], title }]];
    }
    case 'complaintEscalated':
      return [
        [both, 'complaint.escalated'],
        ['platform', 'complaint.ruling-awaited', { complaint: String(order.complaints.at(-1)?.id ?? 0) }],
      ];
    case 'complaintClosed':
      return [[both, 'complaint.closed', { how: event.how, award: words(event.award) }]];
    default:
      return [];
  }
}

function ofCompletion(event: OrderEvent): Told[] {
  switch (event.type) {
    case 'orderCompleted':
      return [[both, 'review.awaited', { by: event.reviewBy }]];
    case 'reviewsPublished':
      return [[both, 'reviews.published']];
    case 'creditAccrued':
      return [['supplier', 'credit.accrued', { before: words(event.limitBefore), after: words(event.limitAfter) }]];
    case 'effectFailed':
      return [['platform', 'effect.failed', { reason: event.reason }]];
    case 'orderClosed':
      return event.outcome === 'completed'
        ? []
        : [[both, 'order.closed', { outcome: event.outcome, reason: event.reason ?? '' }]];
    default:
      return [];
  }
}
