/**
 * The state of an order, and `evolve`, which folds what happened into it. The workflow, the projection in MongoDB and a
 * rebuild from the journal all come by their state through this one function.
 */
import { z } from 'zod';
import { contract as completeContract, contractDraft, totalOf } from './contract';
import { suspenseReason, type JournalEntry, type OrderEvent, type Side } from './events';
import { opaqueId } from './member';
import { keyOf, messages, source } from './messages';
import { add, money, moneyOf, subtract, type Money } from './money';
import { refuse, type Refusal } from './refusal';
import { schemeName } from './scheme';
import { calendarDate, instant } from './time';

/** Where an order stands. Of the last four, `completed` is final once the supplier’s credit has been accrued. */
export const orderStatus = z.enum([
  'negotiating',
  'awaiting-buyer',
  'awaiting-supplier',
  'awaiting-activation',
  'awaiting-payment',
  'awaiting-shipment',
  'awaiting-answer',
  'awaiting-balance',
  'in-dispute',
  'awaiting-reviews',
  'completed',
  'closed-unpaid',
  'cancelled',
  'lapsed',
]);
export type OrderStatus = z.infer<typeof orderStatus>;

const confirmation = z.strictObject({ revision: z.int(), at: instant });
const review = z.strictObject({ stars: z.int(), text: z.string().optional(), at: instant });
const payment = z.strictObject({
  account: opaqueId,
  entryReference: z.string(),
  amount: money,
  at: instant,
  suspended: suspenseReason.optional(),
});
const exportOrder = z.strictObject({
  ...messages.registerExport.data.shape,
  cancelled: z.boolean(),
  /** The newest word of customs on the declaration. */
  customs: z.strictObject({ word: z.enum(['released', 'revoked']), at: instant }).optional(),
});
const effect = z.strictObject({
  /** `<order>:<version>:<index>`: the idempotency key at whoever carries it out. */
  id: z.string(),
  kind: z.enum(['accrueCredit']),
  state: z.enum(['pending', 'failed']),
  attempt: z.int(),
  reason: z.string().optional(),
});
export type Effect = z.infer<typeof effect>;

export const order = z.strictObject({
  id: opaqueId,
  version: z.int(),
  status: orderStatus,
  scheme: schemeName,
  /** Version of the scheme's policy that the order was confirmed under (R56). */
  policy: z.string().optional(),
  supplier: opaqueId,
  buyer: opaqueId,
  source,
  contract: contractDraft,
  revision: z.int(),
  revisedAt: instant,
  confirmations: z.strictObject({ supplier: confirmation.optional(), buyer: confirmation.optional() }),
  draftedAt: instant,
  confirmedAt: instant.optional(),
  total: money.optional(),
  advance: money.optional(),
  payTo: opaqueId.optional(),
  payBy: instant.optional(),
  paymentLapsed: z.boolean(),
  remindedAt: instant.optional(),
  payments: z.array(payment),
  /** Sum applied to the order so far. */
  paid: money.optional(),
  cover: z.strictObject({ offered: money, reserved: money.optional(), limit: money }).optional(),
  exports: z.array(exportOrder),
  exportSetComplete: z.boolean(),
  shippingDate: calendarDate.optional(),
  shippedOnTime: z.boolean().optional(),
  answerBy: instant.optional(),
  extendedBy: z.array(z.enum(['supplier', 'buyer'])),
  answer: z.strictObject({ asAgreed: z.boolean(), by: z.enum(['buyer', 'clock']), at: instant }).optional(),
  complaint: z
    .strictObject({ openedAt: instant, comment: z.string().optional(), settledAt: instant.optional() })
    .optional(),
  completedAt: instant.optional(),
  reviewBy: instant.optional(),
  reviews: z.strictObject({ supplier: review.optional(), buyer: review.optional(), published: z.boolean() }),
  credit: z.strictObject({ limitBefore: money, limitAfter: money, grade: z.int(), policy: z.string() }).optional(),
  effects: z.array(effect),
  endedAt: instant.optional(),
  updatedAt: instant,
  /** The newest messages, oldest first, so that a repeated one is known at once; the journal knows them all. */
  recent: z.array(z.strictObject({ key: z.string(), version: z.int() })),
});
export type Order = z.infer<typeof order>;

/** How many message ids an order remembers by itself. */
const recentMessages = 64;

/** Most payments that an order records; further transfers go to suspense, for an operator. */
export const maxPayments = 100;
/** Most export service orders of one order. */
export const maxExports = 50;

/** The order's milestone, of five (R50). */
export const milestones = ['inflow', 'negotiation', 'payment', 'logistics', 'completion'] as const;
export type Milestone = (typeof milestones)[number];

export function milestoneOf({ status, revision, confirmations, confirmedAt }: Order): Milestone {
  switch (status) {
    case 'negotiating':
      return revision === 1 && !confirmations.supplier && !confirmations.buyer ? 'inflow' : 'negotiation';
    case 'awaiting-buyer':
    case 'awaiting-supplier':
    case 'lapsed':
      return 'negotiation';
    case 'cancelled':
      return confirmedAt ? 'payment' : 'negotiation';
    case 'awaiting-activation':
    case 'awaiting-payment':
    case 'closed-unpaid':
      return 'payment';
    case 'awaiting-shipment':
    case 'awaiting-answer':
    case 'awaiting-balance':
    case 'in-dispute':
      return 'logistics';
    case 'awaiting-reviews':
    case 'completed':
      return 'completion';
  }
}

/** The refusal of a message that has no meaning where the order stands. */
export const wrongState = ({ status }: Order): Refusal => refuse('order.wrong-state', `the order is ${status}`);

/** What is still to be paid of the total; zero before both have confirmed. */
export const outstanding = ({ total, paid }: Order): Money =>
  total ? subtract(total, paid ?? moneyOf(0, total.currency)) : moneyOf(0, 'USD');

/** The export service orders that count: those not cancelled (R32). */
export const liveExports = (o: Order) => o.exports.filter(({ cancelled }) => !cancelled);

/** The total of a draft, where it can be told already. */
export function draftTotal({ total, contract }: Order): Money | undefined {
  if (total) return total;
  const { product, shipping } = contract;
  const known = completeContract.pick({ product: true, shipping: true }).safeParse({ product, shipping });
  try {
    return known.success ? totalOf(known.data) : undefined;
  } catch {
    return undefined; // mixed currencies or beyond counting: confirming will say so
  }
}

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

interface Where extends Pick<JournalEntry, 'order' | 'version' | 'at'> {
  /** Place of the event in its entry. */
  index: number;
}

const negotiationStatus = ({ supplier, buyer }: Order['confirmations']): OrderStatus =>
  supplier ? 'awaiting-buyer' : buyer ? 'awaiting-supplier' : 'negotiating';

const pendingEffect = (kind: Effect['kind'], { order: id, version, index }: Where): Effect => ({
  id: `${id}:${String(version)}:${String(index)}`,
  kind,
  state: 'pending',
  attempt: 1,
});

function evolve(before: Order | undefined, event: OrderEvent, where: Where): Order {
  if (event.type === 'orderDrafted') return drafted(event, where);
  if (!before) throw new RangeError(`order ${where.order} has no draft, yet ${event.type} happened`);
  return { ...before, ...change(before, event, where) };
}

function drafted(event: Extract<OrderEvent, { type: 'orderDrafted' }>, { order: id, at }: Where): Order {
  const { scheme, supplier, buyer, source: from, contract } = event;
  return {
    id,
    version: 0,
    status: 'negotiating',
    scheme,
    supplier,
    buyer,
    source: from,
    contract,
    revision: 1,
    revisedAt: at,
    confirmations: {},
    draftedAt: at,
    paymentLapsed: false,
    payments: [],
    exports: [],
    exportSetComplete: false,
    extendedBy: [],
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
    case 'contractRevised':
      return {
        contract: { ...o.contract, ...event.changes },
        revision: event.revision,
        revisedAt: at,
        confirmations: {},
        cover: undefined, // it was offered for another revision
        status: 'negotiating',
      };
    case 'revisionConfirmed': {
      const confirmations = { ...o.confirmations, [event.by]: { revision: event.revision, at } };
      return { confirmations, status: negotiationStatus(confirmations) };
    }
    case 'coverOffered':
      return { cover: { offered: event.amount, limit: event.limit } };
    case 'orderConfirmed': {
      const { policy, total, advance } = event;
      return { status: 'awaiting-activation', confirmedAt: at, policy, total, advance };
    }
    case 'accountAssigned':
      return { payTo: event.payTo };
    case 'paymentOpened':
      return { status: 'awaiting-payment', payBy: event.payBy };
    case 'paymentReminded':
      return { remindedAt: at };
    case 'paymentLapsed':
      return { paymentLapsed: true };
    case 'paymentApplied': {
      const { account, entryReference, amount } = event;
      return {
        payments: [...o.payments, { account, entryReference, amount, at }],
        paid: o.paid ? add(o.paid, amount) : amount,
      };
    }
    case 'paymentSuspended': {
      // Beyond the limit an order keeps no list of what an operator will deal with.
      if (o.payments.length >= maxPayments) return {};
      const { account, entryReference, amount, reason } = event;
      return { payments: [...o.payments, { account, entryReference, amount, at, suspended: reason }] };
    }
    case 'advanceCompleted':
      return { status: 'awaiting-shipment' };
    case 'coverReserved':
      return { cover: { offered: event.amount, ...o.cover, reserved: event.amount, limit: event.limit } };
    case 'coverReleased':
    case 'supplierPaid':
    case 'partsSetAside':
      return {}; // for the ledger and the supplier's standing; the order itself does not change
    case 'exportRegistered': {
      const { exportOrder: id, declaration, goods } = event;
      return { exports: [...o.exports, { exportOrder: id, declaration, goods, cancelled: false }] };
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
    case 'goodsShipped': {
      const { shippingDate, onTime, answerBy } = event;
      return { status: 'awaiting-answer', shippingDate, shippedOnTime: onTime, answerBy };
    }
    case 'shippingReopened':
      return {
        status: 'awaiting-shipment',
        shippingDate: undefined,
        shippedOnTime: undefined,
        answerBy: undefined,
        extendedBy: [],
      };
    case 'answerExtended':
      return { answerBy: event.answerBy, extendedBy: [...o.extendedBy, event.by] };
    case 'shipmentAccepted':
      return { status: 'awaiting-balance', answer: { asAgreed: true, by: event.by, at }, answerBy: undefined };
    case 'complaintOpened':
      return {
        status: 'in-dispute',
        answer: { asAgreed: false, by: 'buyer', at },
        answerBy: undefined,
        complaint: { openedAt: at, ...(event.comment && { comment: event.comment }) },
      };
    case 'complaintSettled':
      return { status: 'awaiting-balance', complaint: { openedAt: at, ...o.complaint, settledAt: at } };
    case 'orderCompleted':
      return { status: 'awaiting-reviews', completedAt: at, reviewBy: event.reviewBy };
    case 'reviewGiven': {
      const { by, stars, text } = event;
      return { reviews: { ...o.reviews, [by satisfies Side]: { stars, at, ...(text && { text }) } } };
    }
    case 'reviewsPublished':
      return {
        status: 'completed',
        reviewBy: undefined,
        reviews: { ...o.reviews, published: true },
        effects: [...o.effects, pendingEffect('accrueCredit', where)],
      };
    case 'creditAccrued': {
      const { type: _type, effect: id, ...credit } = event;
      return { credit, effects: o.effects.filter((e) => e.id !== id) };
    }
    case 'effectFailed': {
      const { effect: id, reason } = event;
      return { effects: o.effects.map((e) => (e.id === id ? { ...e, state: 'failed', reason } : e)) };
    }
    case 'effectRetried':
      return { effects: o.effects.map((e) => (e.id === event.effect ? retried(e) : e)) };
    case 'orderEnded':
      return { status: event.outcome, endedAt: at };
    default:
      return event satisfies never;
  }
}

const retried = ({ reason: _reason, ...e }: Effect): Effect => ({ ...e, state: 'pending', attempt: e.attempt + 1 });

const withCustoms = (o: Order, declaration: string, customs: NonNullable<Order['exports'][number]['customs']>) =>
  o.exports.map((e) => (e.declaration === declaration ? { ...e, customs } : e));
