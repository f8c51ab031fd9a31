/**
 * `evolve` folds what happened into the state of an order. The workflow, the projection in MongoDB and a rebuild from the
 * journal all come by their state through this one function.
 */
import { heard, type Customs } from './customs';
import type { JournalEntry, OrderEvent, Side } from './events';
import { keyOf, type Payee } from './messages';
import { add, isZero, moneyOf, subtract, type Money } from './money';
import {
  bankCharges,
  maxPayments,
  paidUp,
  type Complaint,
  type Effect,
  type Order,
  type OrderStatus,
  type Refund,
} from './order';
import { piecesOf, refundsWithoutAccount } from './refund';
import { wentBack } from './reward';
import { policyOf } from './scheme';

/** How many message ids an order remembers by itself. */
const recentMessages = 64;

/** The order after a journal entry. Entries of one order are applied in the order of their versions, without a gap. */
export function apply(before: Order | undefined, entry: JournalEntry): Order {
  if (entry.version !== (before?.version ?? 0) + 1) {
    throw new RangeError(
      `order ${entry.order} is at version ${String(before?.version ?? 0)}, entry at ${String(entry.version)}`,
    );
  }
  let after = before;
  entry.events.forEach((event, index) => {
    after = evolve(after, event, { ...entry, index });
  });
  if (!after) throw new RangeError(`order ${entry.order} does not begin with a draft`);
  const recent = [...after.recent, { key: keyOf(entry.actor, entry.messageId), version: entry.version }].slice(
    -recentMessages,
  );
  return { ...after, version: entry.version, updatedAt: entry.at, recent };
}

/** The order that a whole journal amounts to. */
export const fold = (entries: readonly JournalEntry[]): Order | undefined =>
  entries.reduce<Order | undefined>(apply, undefined);

/** The order as it would stand after these events, to see what follows from them; nothing is recorded yet. */
export const foresee = (order: Order, events: readonly OrderEvent[], at: string): Order =>
  events.reduce<Order>(
    (o, event, index) => evolve(o, event, { order: o.id, version: o.version + 1, at, index }),
    order,
  );

interface Where extends Pick<JournalEntry, 'order' | 'version' | 'at'> {
  /** Place of the event in its entry. */
  index: number;
}

function evolve(before: Order | undefined, event: OrderEvent, where: Where): Order {
  if (event.type === 'orderDrafted') return drafted(event, where);
  if (!before) throw new RangeError(`order ${where.order} has no draft, yet ${event.type} happened`);
  return { ...before, ...change(before, event, where) };
}

function drafted(event: Extract<OrderEvent, { type: 'orderDrafted' }>, { order: id, at }: Where): Order {
  const { scheme, supplier, buyer, source, contract } = event;
  return {
    id,
    version: 0,
    status: 'negotiating',
    scheme,
    supplier,
    buyer,
    source,
    contract,
    revision: 1,
    revisedAt: at,
    confirmations: {},
    draftedAt: at,
    paymentLapsed: false,
    remindedAt: {},
    payments: [],
    reversals: [],
    charges: [],
    excess: 0,
    purse: { order: 0, hold: 0, supplier: 0 },
    released: 0,
    advanceIn: false,
    refunds: [],
    refunded: 0,
    guaranteed: 0,
    buyerOwes: 0,
    exports: [],
    exportSetComplete: false,
    inspections: [],
    extendedBy: [],
    proposals: 0,
    complaints: [],
    approvals: 0,
    reviews: { published: false },
    effects: [],
    updatedAt: at,
    recent: [],
  };
}

/** What an event changes: one case for each event, closed with `never`. */
function change(o: Order, event: Exclude<OrderEvent, { type: 'orderDrafted' }>, where: Where): Partial<Order> {
  const { at } = where;
  switch (event.type) {
    // Negotiation
    case 'contractRevised':
      return {
        contract: { ...o.contract, ...event.changes },
        revision: event.revision,
        revisedAt: at,
        confirmations: {},
        cover: undefined, // it was offered for another revision
        remindedAt: { ...o.remindedAt, confirmation: undefined },
        status: 'negotiating',
      };
    case 'revisionConfirmed': {
      const confirmations = { ...o.confirmations, [event.by]: { revision: event.revision, at } };
      return { confirmations, status: negotiationStatus(confirmations) };
    }
    case 'revisionDeclined': {
      const { revision, by, reason } = event;
      return { declined: { revision, by, reason, at }, confirmations: {}, cover: undefined, status: 'negotiating' };
    }
    case 'confirmationReminded':
      return { remindedAt: { ...o.remindedAt, confirmation: at } };
    case 'coverOffered':
      return { cover: { offered: event.amount, limit: event.limit } };
    case 'orderConfirmed': {
      const { policy, total, advance } = event;
      const paid = moneyOf(0, total.currency);
      return { status: 'awaiting-activation', confirmedAt: at, policy, total, advance, paid };
    }
    // Payment
    case 'accountAssigned':
      return { payTo: event.payTo };
    case 'paymentOpened':
      return { status: 'awaiting-payment', payBy: event.payBy };
    case 'paymentReminded':
      return { remindedAt: { ...o.remindedAt, payment: at } };
    case 'paymentLapsed':
      return { paymentLapsed: true };
    case 'paymentApplied':
      return {
        payments: withPayment(o, event, at),
        paid: o.paid ? add(o.paid, event.amount) : event.amount,
        purse: { ...o.purse, order: o.purse.order + event.amount.amount },
      };
    case 'paymentSuspended':
      return event.reason === 'overpaid'
        ? { payments: withPayment(o, event, at), excess: o.excess + event.amount.amount }
        : { payments: withPayment(o, event, at, { suspended: event.reason }) };
    case 'excessApplied':
      return {
        excess: o.excess - event.amount.amount,
        paid: o.paid ? add(o.paid, event.amount) : event.amount,
        purse: { ...o.purse, order: o.purse.order + event.amount.amount },
      };
    case 'suspenseDisposed':
      return afterDisposal(o, event);
    case 'paymentVoid':
      return { payments: withPayment(o, event, at, { reversed: true }) };
    case 'paymentReversed': {
      const { account, entryReference, fromOrder, fromSuspense, fromBuyer } = event;
      const known = o.payments.find((p) => p.account === account && p.entryReference === entryReference);
      return {
        reversals: [...o.reversals, `${account}:${entryReference}`],
        payments: o.payments.map((p) => (p === known ? { ...p, suspended: undefined, reversed: true } : p)),
        ...(o.paid && { paid: moneyOf(o.paid.amount - fromOrder - fromBuyer, o.paid.currency) }),
        buyerOwes: o.buyerOwes + fromBuyer,
        excess: known?.suspended ? o.excess : o.excess - fromSuspense,
        purse: { ...o.purse, order: o.purse.order - fromOrder },
      };
    }
    case 'chargeRequested': {
      const { type: _type, ...charge } = event;
      const effect = pendingEffect('charge', where, { of: charge.payment });
      return {
        charges: [...o.charges, { ...charge, effect: effect.id, state: 'pending' }],
        effects: [...o.effects, effect],
      };
    }
    case 'chargeCaptured':
      return afterCapture(o, event, where);
    case 'chargeDeclined':
      return {
        ...withCharge(o, event.payment, { state: 'declined', reason: event.reason }),
        effects: o.effects.filter((e) => !(e.kind === 'charge' && e.of === event.payment)),
      };
    case 'advanceCompleted':
      return {
        advanceIn: true,
        advanceInAt: at,
        status: o.status === 'awaiting-payment' ? 'awaiting-shipment' : o.status,
      };
    case 'advanceUndone':
      return {
        advanceInAt: undefined,
        advanceIn: false,
        status: o.status === 'awaiting-shipment' ? 'awaiting-payment' : o.status,
      };
    case 'coverReserved':
      return { cover: { offered: event.amount, ...o.cover, reserved: event.amount, limit: event.limit } };
    case 'coverReleased':
      return { cover: o.cover && { offered: o.cover.offered, limit: o.cover.limit } };
    // Where the money goes
    case 'supplierPaid':
      return { purse: moved(o, event.amount, 'order', 'supplier') };
    case 'supplierClawedBack':
      return {
        purse: moved(o, event.amount, 'supplier', 'order'),
        released: Math.max(0, o.released - event.amount.amount),
      };
    case 'moneyHeld':
      return { purse: moved(o, event.amount, 'order', 'hold') };
    case 'holdUndone':
      return { purse: moved(o, event.amount, 'hold', 'order') };
    case 'moneyReleased': {
      const gross = add(event.amount, event.fee);
      return { purse: moved(o, gross, 'hold', 'supplier'), released: o.released + gross.amount };
    }
    case 'buyerRepaid':
      return {
        buyerOwes: o.buyerOwes - event.amount.amount,
        purse: { ...o.purse, order: o.purse.order - event.amount.amount },
      };
    case 'receivableRepaid':
      return {
        effects: [
          ...o.effects,
          pendingEffect('bookCredit', where, { of: `repaid:${String(where.version)}`, amount: event.amount.amount }),
        ],
      };
    case 'refundDue':
      return afterRefundDue(o, event, where);
    case 'refundAccountNamed':
      return afterAccountNamed(o, event.payee, where);
    case 'refundWithheld':
      return afterRefundWithheld(o, event);
    case 'refundPaid':
      return {
        refunds: o.refunds.map((r) => (String(r.id) === event.refund ? { ...r, state: 'paid' } : r)),
        effects: o.effects.filter(({ id }) => id !== event.effect),
      };
    // Shipment
    case 'exportRegistered': {
      const { type: _type, ...registered } = event;
      return { exports: [...o.exports, { ...registered, cancelled: false }] };
    }
    case 'exportCancelled':
      return {
        exports: o.exports.map((e) => (e.exportOrder === event.exportOrder ? { ...e, cancelled: true } : e)),
        exportSetComplete: false,
      };
    case 'exportSetCompleted':
      return { exportSetComplete: true };
    case 'declarationReleased':
      return { exports: withCustoms(o, event.declaration, { word: 'released', at: event.releasedAt }) };
    case 'declarationRevoked':
      return { exports: withCustoms(o, event.declaration, { word: 'revoked', at: event.revokedAt }) };
    case 'declarationHeld':
      return { exports: withCustoms(o, event.declaration, { word: 'held', at: event.heldAt, note: event.note }) };
    case 'declarationReturned':
      return {
        exports: withCustoms(o, event.declaration, { word: 'returned', at: event.returnedAt, note: event.note }),
      };
    case 'declarationCancelled':
      return {
        exports: withCustoms(o, event.declaration, { word: 'cancelled', at: event.cancelledAt, note: event.note }),
      };
    case 'shipmentRegistered': {
      const { type: _type, ...shipment } = event;
      return { shipment };
    }
    case 'carrierTook':
      return { shipment: o.shipment && { ...o.shipment, shippedAt: event.shippedAt } };
    case 'carrierDelivered':
      return {
        shipment: o.shipment && { ...o.shipment, deliveredAt: event.deliveredAt },
        answerBy: o.answer ? undefined : (o.answerBy ?? event.answerBy),
      };
    case 'inspectionRequested': {
      const { type: _type, ...requested } = event;
      return { inspections: [...o.inspections, requested] };
    }
    case 'inspectionReported': {
      const { type: _type, inspection, ...report } = event;
      return { inspections: o.inspections.map((i) => (i.inspection === inspection ? { ...i, report } : i)) };
    }
    case 'goodsShipped': {
      const { shippingDate, onTime, answerBy } = event;
      return {
        status: o.shipment ? 'awaiting-receipt' : 'awaiting-answer',
        shippingDate,
        shippedOnTime: onTime,
        ...(answerBy !== undefined && { answerBy }),
      };
    }
    case 'shippingReopened':
      return {
        status: o.advanceIn ? 'awaiting-shipment' : 'awaiting-payment',
        shippingDate: undefined,
        shippedOnTime: undefined,
        answerBy: undefined,
      };
    case 'answerExtended':
      return { answerBy: event.answerBy, extendedBy: [...o.extendedBy, event.by] };
    case 'shipmentAccepted':
      return {
        status: 'awaiting-balance',
        answer: { asAgreed: o.answer?.asAgreed ?? true, by: event.by, at },
        answerBy: undefined,
        complainBy: event.complainBy,
      };
    case 'shipmentDisputed':
      return { answer: { asAgreed: false, by: 'buyer', at }, answerBy: undefined };
    // Agreements
    case 'proposalMade': {
      const { proposal: id, by, proposed } = event;
      return { proposal: { id, by, at, proposed }, proposals: id };
    }
    case 'proposalDeclined':
    case 'proposalAccepted':
      return { proposal: undefined };
    case 'contractAmended': {
      const { revision, changes, total, advance, payBy } = event;
      return {
        contract: { ...o.contract, ...changes },
        revision,
        revisedAt: at,
        total,
        advance,
        amendedWith: { paid: Math.max(0, paidUp(o)), kept: bankCharges(o) },
        ...(payBy !== undefined && { payBy, paymentLapsed: false }),
      };
    }
    // Complaints
    case 'complaintOpened': {
      const { type: _type, complaint: id, ...opened } = event;
      const found = { completed: o.completedAt !== undefined, released: o.released };
      return { complaints: [...o.complaints, { ...opened, id, openedAt: at, evidence: [], found }] };
    }
    case 'complaintAnswered':
      return withComplaint(o, () => ({ answer: { text: event.answer, at } }));
    case 'evidenceAdded': {
      const { type: _type, ...added } = event;
      return withComplaint(o, ({ evidence }) => ({ evidence: [...evidence, { ...added, at }] }));
    }
    case 'complaintUnanswered':
      return withComplaint(o, () => ({ unanswered: true }));
    case 'complaintEscalated':
      return withComplaint(o, () => ({ escalated: { by: event.by, at } }));
    case 'complaintClosed':
      return afterComplaint(o, event, where);
    case 'awardUncovered':
      return {
        awardOwed: (o.awardOwed ?? 0) + event.amount.amount,
        released: Math.max(0, o.released - event.amount.amount),
        ...(o.awardWaived && { awardWaived: Math.max(0, o.awardWaived - event.amount.amount) }),
      };
    case 'awardWaived':
      return {
        awardOwed: (o.awardOwed ?? 0) - event.amount.amount,
        awardWaived: (o.awardWaived ?? 0) + event.amount.amount,
      };
    case 'approvalAsked':
      return {
        approval: { id: event.approval, by: event.by, at, decision: event.decision },
        approvals: event.approval,
      };
    case 'approvalGiven':
    case 'approvalRefused':
      return { approval: undefined };
    case 'complaintWindowClosed':
      return { complaintsOver: true };
    // Completion
    case 'orderCompleted':
      return { status: 'awaiting-reviews', completedAt: at, reviewBy: event.reviewBy };
    case 'completionReopened':
      return { status: 'awaiting-balance', completedAt: undefined, reviewBy: undefined };
    case 'reviewGiven': {
      const { by, stars, text } = event;
      return { reviews: { ...o.reviews, [by satisfies Side]: { stars, at, ...(text && { text }) } } };
    }
    case 'reviewsPublished':
      return { reviewBy: undefined, reviews: { ...o.reviews, published: true } };
    case 'creditAccrued': {
      const { type: _type, effect: id, ...credit } = event;
      return { credit, effects: o.effects.filter((e) => e.id !== id) };
    }
    case 'creditBooked':
      return { effects: o.effects.filter((e) => e.id !== event.effect) };
    case 'creditAdjusted': {
      const { refunded, disputed } = event;
      const of = `adjusted:${String(where.version)}:${disputed ? 'disputed' : ''}`;
      return {
        credited: { refunded, disputed },
        // Of an order that has ended it is booked with the message itself (`commitAfterEnd`): no workflow is left to do it.
        ...(!o.endedAt && { effects: [...o.effects, pendingEffect('bookCredit', where, { of, amount: refunded })] }),
      };
    }
    case 'effectFailed': {
      const { effect: id, reason } = event;
      return { effects: o.effects.map((e) => (e.id === id ? { ...e, state: 'failed', reason } : e)) };
    }
    case 'effectRetried':
      return { effects: o.effects.map((e) => (e.id === event.effect ? retried(e) : e)) };
    case 'orderClosed':
      return {
        status: event.outcome,
        closedBecause: event.reason,
        proposal: undefined,
        answerBy: undefined,
        reviewBy: undefined,
        // What was cancelled or has gone back whole is settled: no time for complaints is left of an acceptance (R20).
        complainBy: event.outcome === 'completed' ? o.complainBy : event.complainBy,
        ...(event.accrues && {
          effects: [...o.effects, pendingEffect('accrueCredit', where)],
          credited: { refunded: wentBack(o), disputed: o.complaints.length > 0 },
        }),
      };
    case 'orderEnded':
      return { status: event.outcome, endedAt: at };
    default:
      return event satisfies never;
  }
}

// --- negotiation

const negotiationStatus = ({ supplier, buyer }: Order['confirmations']): OrderStatus =>
  supplier ? 'awaiting-buyer' : buyer ? 'awaiting-supplier' : 'negotiating';

// --- effects

const pendingEffect = (
  kind: Effect['kind'],
  { order: id, version, index }: Where,
  more: Pick<Effect, 'of' | 'amount'> = {},
  part?: number,
): Effect => ({
  id: `${id}:${String(version)}:${String(index)}${part === undefined ? '' : `:${String(part)}`}`,
  kind,
  ...more,
  state: 'pending',
  attempt: 1,
});

const retried = ({ reason: _reason, ...e }: Effect): Effect => ({ ...e, state: 'pending', attempt: e.attempt + 1 });

// --- money

type PaymentEvent = Extract<OrderEvent, { type: 'paymentApplied' | 'paymentSuspended' | 'paymentVoid' }>;

/** One row for each credit of the bank, with its whole amount. Beyond the limit an order keeps no list. */
function withPayment(o: Order, event: PaymentEvent, at: string, mark: Partial<Order['payments'][number]> = {}) {
  const { account, entryReference, method, amount, payer } = event;
  const known = o.payments.find((p) => p.account === account && p.entryReference === entryReference);
  if (known) return o.payments.map((p) => (p === known ? { ...p, amount: add(p.amount, amount) } : p));
  if (o.payments.length >= maxPayments) return o.payments;
  return [...o.payments, { account, entryReference, method, amount, at, ...(payer && { payer }), ...mark }];
}

/** What operators have disposed of is no longer the order's; beyond the price there is less. */
function afterDisposal(
  { payments, excess }: Order,
  event: Extract<OrderEvent, { type: 'suspenseDisposed' }>,
): Partial<Order> {
  let left = excess;
  const told = payments.map((p) => {
    const { account, entryReference } = p;
    const news = event.payments.find((one) => one.account === account && one.entryReference === entryReference);
    if (!news) return p;
    if (!p.suspended) left -= news.gone - (p.gone ?? 0);
    return { ...p, gone: news.gone };
  });
  return { payments: told, excess: left };
}

const moved = ({ purse }: Order, { amount }: Money, from: keyof Order['purse'], to: keyof Order['purse']) => ({
  ...purse,
  [from]: purse[from] - amount,
  [to]: purse[to] + amount,
});

const withCharge = (o: Order, id: string, changes: Partial<Order['charges'][number]>) => ({
  charges: o.charges.map((c) => (c.payment === id ? { ...c, ...changes } : c)),
});

function afterCapture(o: Order, event: Extract<OrderEvent, { type: 'chargeCaptured' }>, where: Where): Partial<Order> {
  const captured = {
    ...withCharge(o, event.payment, { state: 'captured' }),
    effects: o.effects.filter((e) => !(e.kind === 'charge' && e.of === event.payment)),
  };
  if (event.excess.amount === 0) return captured;
  const back = {
    id: o.refunds.length + 1,
    amount: event.excess,
    why: 'charge-not-needed',
    via: 'card',
    charge: event.payment,
    state: 'pending',
  } as const;
  return { ...captured, ...startRefunds({ ...o, ...captured }, [...o.refunds, back], where) };
}

function afterRefundDue(o: Order, event: Extract<OrderEvent, { type: 'refundDue' }>, where: Where): Partial<Order> {
  const { amount, sources, why } = event;
  const guarantee =
    sources.guarantee > 0
      ? [pendingEffect('bookCredit', where, { of: `guarantee:${String(where.version)}`, amount: sources.guarantee })]
      : [];
  const started = startRefunds(o, [...o.refunds, ...piecesOf(o, amount, why)], where);
  return {
    ...started,
    effects: [...started.effects, ...guarantee],
    refunded: o.refunded + amount.amount,
    guaranteed: o.guaranteed + sources.guarantee,
    purse: {
      order: o.purse.order - sources.order,
      hold: o.purse.hold - sources.hold,
      supplier: o.purse.supplier - sources.supplier - (sources.fee ?? 0) - (sources.award ?? 0),
    },
    released: Math.max(0, o.released - sources.supplier - (sources.fee ?? 0)),
    ...(sources.award && { awardOwed: (o.awardOwed ?? 0) - sources.award }),
  };
}

/** Refunds that waited for an account go there by the bank; what was refused for good is asked for again. */
function afterAccountNamed(o: Order, payee: Payee, where: Where): Partial<Order> {
  const waiting = refundsWithoutAccount(o).map(({ id }) => id);
  const refunds = o.refunds.map((r) =>
    waiting.includes(r.id) ? { ...r, via: 'bank' as const, payee, state: 'pending' as const } : r,
  );
  const effects = o.effects.map((e) =>
    e.kind === 'refund' && e.state === 'failed' && waiting.some((id) => e.of === String(id)) ? retried(e) : e,
  );
  return { refundAccount: payee, ...startRefunds({ ...o, effects }, refunds, where) };
}

/** What was withheld is the order's money again; what was not needed of a charge never was. */
function afterRefundWithheld(o: Order, event: Extract<OrderEvent, { type: 'refundWithheld' }>): Partial<Order> {
  const refunds = o.refunds.map((r) => (r.id === event.refund ? withheld(r, event.amount) : r));
  const { why, state } = refunds.find(({ id }) => id === event.refund) ?? {};
  const isOver = (e: Effect) => state === 'withheld' && e.kind === 'refund' && e.of === String(event.refund);
  return {
    refunds,
    effects: o.effects.filter((e) => !isOver(e)),
    ...(why !== 'charge-not-needed' && {
      refunded: o.refunded - event.amount.amount,
      purse: { ...o.purse, order: o.purse.order + event.amount.amount },
    }),
  };
}

const withheld = (refund: Refund, part: Money): Refund => {
  const amount = subtract(refund.amount, part);
  return { ...refund, amount, ...(isZero(amount) && { state: 'withheld' }) };
};

/** Each refund whose payee is known is an effect of its own. */
function startRefunds(o: Order, refunds: Order['refunds'], where: Where): Pick<Order, 'refunds' | 'effects'> {
  const isUnderWay = (id: number) => o.effects.some((e) => e.kind === 'refund' && e.of === String(id));
  const starting = refunds.filter(({ id, state }) => state === 'pending' && !isUnderWay(id));
  return {
    refunds,
    effects: [...o.effects, ...starting.map(({ id }) => pendingEffect('refund', where, { of: String(id) }, id))],
  };
}

// --- shipment

const withCustoms = (o: Order, declaration: string, word: Pick<Customs, 'word' | 'at' | 'note'>) =>
  o.exports.map((e) => (e.declaration === declaration ? { ...e, customs: heard(e.customs, word) } : e));

// --- complaints

const withComplaint = (o: Order, changes: (open: Complaint) => Partial<Complaint>) => ({
  complaints: o.complaints.map((c) => (c.closed ? c : { ...c, ...changes(c) })),
});

/** R58: a complaint that was upheld, in full or in part, is booked on the supplier's credit. */
function afterComplaint(
  o: Order,
  event: Extract<OrderEvent, { type: 'complaintClosed' }>,
  where: Where,
): Partial<Order> {
  const { complaint: id, how, award, reason } = event;
  const isUpheld = how === 'upheld' || how === 'partly-upheld';
  const isSettling = o.proposal?.proposed.kind === 'settlement' && o.proposal.proposed.complaint === id;
  return {
    ...(isSettling && { proposal: undefined }), // there is nothing left to settle
    ...withComplaint(o, () => ({ closed: { how, award, at: where.at, ...(reason !== undefined && { reason }) } })),
    // R58: a strike is Trade Assurance's own; Secure Payment earns no credit, and costs none (a reading).
    effects:
      isUpheld && policyOf(o).accruesCredit
        ? [...o.effects, pendingEffect('bookCredit', where, { of: `upheld:${String(id)}` })]
        : o.effects,
  };
}
