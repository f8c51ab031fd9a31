/** The state of an order, and what can be read off it. How events change it is in `evolve.ts`. */
import { z } from 'zod';
import { contract as completeContract, contractDraft, totalOf } from './contract';
import { outcome, proposal, putForward, refundWhy, suspenseReason } from './events';
import { opaqueId } from './member';
import { messages, payee, source } from './messages';
import { isZero, money, moneyOf, subtract, type Money } from './money';
import { refuse, type Refusal } from './refusal';
import { complaintKind, methodOf, paymentMethod, policyOf, schemeName, shareOf } from './scheme';
import { addDays, calendarDate, chinaDate, dayOf, instant } from './time';

/** Where an order stands. A complaint is no status: it goes on beside it, and stops only what the scheme says (R20, R22). */
export const orderStatus = z.enum([
  'negotiating',
  'awaiting-buyer',
  'awaiting-supplier',
  'awaiting-activation',
  'awaiting-payment',
  'awaiting-shipment',
  'awaiting-answer',
  'awaiting-receipt',
  'awaiting-balance',
  'awaiting-reviews',
  ...outcome.options,
]);
export type OrderStatus = z.infer<typeof orderStatus>;

const side = z.enum(['supplier', 'buyer']);
const minor = z.int();
const confirmation = z.strictObject({ revision: z.int(), at: instant });
const review = z.strictObject({ stars: z.int(), text: z.string().optional(), at: instant });

/** A credit of the bank (account and entry), or a captured charge (account `card`, the payment's id). */
const payment = z.strictObject({
  account: opaqueId,
  entryReference: z.string(),
  method: paymentMethod,
  amount: money,
  at: instant,
  payer: payee.optional(),
  /** Why none of it is the order's. What is beyond the price is counted in `excess`, of all payments together. */
  suspended: suspenseReason.optional(),
  /** The bank has taken it back. */
  reversed: z.boolean().optional(),
  /** What of it operators have disposed of out of suspense, in minor units; once it is reversed, the buyer owes that. */
  gone: minor.optional(),
});
const charge = z.strictObject({
  ...messages.pay.data.shape,
  /** The effect that charges it: its key at the processor. */
  effect: z.string(),
  state: z.enum(['pending', 'captured', 'declined']),
  reason: z.string().optional(),
});
const refund = z.strictObject({
  id: z.int(),
  amount: money,
  why: refundWhy,
  via: z.enum(['bank', 'card']),
  /** The payment whose charge is refunded. */
  charge: opaqueId.optional(),
  payee: payee.optional(),
  state: z.enum(['awaiting-payee', 'pending', 'paid', 'withheld']),
});
export type Refund = z.infer<typeof refund>;

export const customsWord = z.enum(['returned', 'held', 'released', 'cancelled', 'revoked']);
const said = { word: customsWord, at: instant, note: z.string().optional() };
const exportOrder = z.strictObject({
  ...messages.registerExport.data.shape,
  cancelled: z.boolean(),
  /** What customs' words amount to: the newest, or the first release after it; when a release was repeated, and after what. */
  customs: z
    .strictObject({ ...said, repeated: z.array(instant).optional(), after: z.strictObject(said).optional() })
    .optional(),
});
const shipment = z.strictObject({
  ...messages.shipGoods.data.shape,
  shippedAt: instant.optional(),
  deliveredAt: instant.optional(),
});
const inspection = z.strictObject({
  ...messages.requestInspection.data.shape,
  report: messages.inspectionReported.data.omit({ inspection: true }).optional(),
});

const evidence = z.strictObject({ ...messages.addEvidence.data.shape, by: z.string(), at: instant });
const complaint = z.strictObject({
  id: z.int(),
  kind: complaintKind,
  openedAt: instant,
  description: z.string(),
  claim: money.optional(),
  evidence: z.array(evidence),
  answerBy: instant,
  escalateFrom: instant,
  escalateBy: instant,
  answer: z.strictObject({ text: z.string(), at: instant }).optional(),
  /** The supplier has let the time for its answer pass. */
  unanswered: z.boolean().optional(),
  escalated: z.strictObject({ by: z.string(), at: instant }).optional(),
  /** What it found done when it was opened, and does not undo: the completion, and what was released, in minor units. */
  found: z.strictObject({ completed: z.boolean(), released: minor }).optional(),
  closed: z.strictObject({ how: z.string(), award: money, at: instant, reason: z.string().optional() }).optional(),
});
export type Complaint = z.infer<typeof complaint>;

const effect = z.strictObject({
  /** `<order>:<version>:<index>`: the idempotency key at whoever carries it out. */
  id: z.string(),
  kind: z.enum(['accrueCredit', 'bookCredit', 'charge', 'refund']),
  /** What it is about: a payment's id, a refund's number, `upheld:<complaint>`, `guarantee:<refund>`, `repaid:<version>`. */
  of: z.string().optional(),
  /** Minor units, where it books an amount. */
  amount: minor.optional(),
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
  declined: z.strictObject({ revision: z.int(), by: side, reason: z.string(), at: instant }).optional(),
  draftedAt: instant,
  confirmedAt: instant.optional(),
  total: money.optional(),
  advance: money.optional(),
  payTo: opaqueId.optional(),
  payBy: instant.optional(),
  paymentLapsed: z.boolean(),
  remindedAt: z.strictObject({ confirmation: instant.optional(), payment: instant.optional() }),
  payments: z.array(payment),
  /** Credits that the bank took back, as `<account>:<entry>`, known or not yet known. */
  reversals: z.array(z.string()),
  charges: z.array(charge),
  /** Sum applied to the order so far, less what was taken back. */
  paid: money.optional(),
  /** What came beyond the price and stands in suspense, in minor units. */
  excess: minor,
  /** Where the applied money is, in minor units: with the order, held by the platform, paid to the supplier. */
  purse: z.strictObject({ order: minor, hold: minor, supplier: minor }),
  /** What of the held money was released to the supplier and not taken back, its fee with it (R14, R18), in minor units. */
  released: minor,
  /** The advance is in (R31), and since when. */
  advanceIn: z.boolean(),
  advanceInAt: instant.optional(),
  /** What was paid towards the price when it was last amended, and what banks had kept of that, in minor units. */
  amendedWith: z.strictObject({ paid: minor, kept: minor }).optional(),
  refunds: z.array(refund),
  /** What went back to the buyer, or is on its way, and the platform's part of it, in minor units. */
  refunded: minor,
  guaranteed: minor,
  /** What the supplier owes the buyer of awards that neither its balance nor the guarantee reached to, in minor units. */
  awardOwed: minor.optional(),
  /** What of it is not owed while the buyer has its money back by a reversal. */
  awardWaived: minor.optional(),
  /** What the buyer has got twice, by a refund and a reversal, in minor units. */
  buyerOwes: minor,
  /** The account for refunds, where the bank named none. */
  refundAccount: payee.optional(),
  cover: z.strictObject({ offered: money, reserved: money.optional(), limit: money }).optional(),
  exports: z.array(exportOrder),
  exportSetComplete: z.boolean(),
  shipment: shipment.optional(),
  inspections: z.array(inspection),
  shippingDate: calendarDate.optional(),
  shippedOnTime: z.boolean().optional(),
  answerBy: instant.optional(),
  extendedBy: z.array(side),
  /** The buyer's word on the goods, or what stands for it. */
  answer: z
    .strictObject({ asAgreed: z.boolean(), by: z.enum(['buyer', 'clock', 'complaint']), at: instant })
    .optional(),
  /** The open proposal; and how many there have been. */
  proposal: z.strictObject({ id: z.int(), by: side, at: instant, proposed: proposal }).optional(),
  proposals: z.int(),
  complaints: z.array(complaint),
  /** Until when the buyer may complain of what it accepted, or of a refusal. */
  complainBy: instant.optional(),
  complaintsOver: z.boolean().optional(),
  /** What an operator has put forward and another has to approve; and how many there have been. */
  approval: z.strictObject({ id: z.int(), by: opaqueId, at: instant, decision: putForward }).optional(),
  approvals: z.int(),
  completedAt: instant.optional(),
  reviewBy: instant.optional(),
  reviews: z.strictObject({ supplier: review.optional(), buyer: review.optional(), published: z.boolean() }),
  credit: z.strictObject({ limitBefore: money, limitAfter: money, grade: z.int(), policy: z.string() }).optional(),
  /** What its supplier's credit was told of it: what had gone back, in minor units, and whether there was a complaint (R3). */
  credited: z.strictObject({ refunded: minor, disputed: z.boolean() }).optional(),
  effects: z.array(effect),
  closedBecause: z.string().optional(),
  endedAt: instant.optional(),
  updatedAt: instant,
  /** The newest messages, oldest first, so that a repeated one is known at once; the journal knows them all. */
  recent: z.array(z.strictObject({ key: z.string(), version: z.int() })),
});
export type Order = z.infer<typeof order>;

/** Most payments that an order records; further transfers go to suspense, for an operator. */
export const maxPayments = 100;
/** Most export service orders, charges, inspections, complaints of one order; and pieces of evidence of a side of a complaint. */
export const maxExports = 50;
export const maxCharges = 20;
export const maxInspections = 5;
export const maxComplaints = 5;
export const maxEvidence = 10;

/** The order's milestone, of five (R50). */
export const milestones = ['inflow', 'negotiation', 'payment', 'logistics', 'completion'] as const;
export type Milestone = (typeof milestones)[number];

const milestoneByStatus: Record<OrderStatus, Milestone | ((order: Order) => Milestone)> = {
  negotiating: ({ revision, declined }) => (revision === 1 && !declined ? 'inflow' : 'negotiation'),
  'awaiting-buyer': 'negotiation',
  'awaiting-supplier': 'negotiation',
  lapsed: 'negotiation',
  cancelled: ({ confirmedAt }) => (confirmedAt ? 'payment' : 'negotiation'),
  'awaiting-activation': 'payment',
  'awaiting-payment': 'payment',
  'closed-unpaid': 'payment',
  'awaiting-shipment': 'logistics',
  'awaiting-answer': 'logistics',
  'awaiting-receipt': 'logistics',
  'awaiting-balance': 'logistics',
  refunded: 'logistics',
  'awaiting-reviews': 'completion',
  completed: 'completion',
};
export function milestoneOf(order: Order): Milestone {
  const milestone = milestoneByStatus[order.status];
  return typeof milestone === 'string' ? milestone : milestone(order);
}

/** Statuses in which the contract is still being made, and in which it has come to stand for good. */
export const isNegotiating = ({ status }: Order): boolean =>
  status === 'negotiating' || status === 'awaiting-buyer' || status === 'awaiting-supplier';
const outcomes: readonly string[] = outcome.options;
export const isClosed = ({ status }: Order): boolean => outcomes.includes(status);
/** Confirmed, opened for payment, and not yet closed. */
export const isRunning = (order: Order): boolean =>
  !isNegotiating(order) && !isClosed(order) && order.status !== 'awaiting-activation';

/** The refusal of a message that has no meaning where the order stands. */
export const wrongState = ({ status }: Order): Refusal => refuse('order.wrong-state', `the order is ${status}`);

/** What went back because the price was amended, in minor units; the rest of `refunded` is compensation (R20, R52). */
const repriced = ({ refunds }: Order): number =>
  refunds.reduce((sum, { why, amount }) => (why === 'amendment' ? sum + amount.amount : sum), 0);

/** What was paid towards the price, in minor units; a compensation takes nothing from it. */
export const paidUp = (order: Order): number => (order.paid?.amount ?? 0) - repriced(order);
/** What the buyer got back of the price that it paid, in minor units. */
export const compensated = (order: Order): number => order.refunded - repriced(order);

/** What is still to be paid of the total; zero before both have confirmed. */
export const outstanding = (order: Order): Money => {
  const { total } = order;
  if (!total) return moneyOf(0, 'USD');
  return moneyOf(Math.max(0, total.amount - paidUp(order)), total.currency);
};

/**
 * What the order takes of the money that comes: what is outstanding or what the buyer got twice, whichever is more, for what
 * pays the one pays the other (R30). The rest is beyond the price.
 */
export const owing = (order: Order): Money => {
  const { amount, currency } = outstanding(order);
  return moneyOf(Math.max(amount, order.buyerOwes - order.purse.order), currency);
};

/**
 * What banks on the way have kept, in minor units, and the buyer need not pay again (R24, R31, R35; a reading): by how much the
 * transfers came short of what was asked for (the advance, then the rest of the price), if that is within the policy's amount
 * for the order and its share of the transfers for it. A part of the price that no transfer was for, or a raise, is no bank's
 * charge. It depends on what has come only, not on the order in which it came.
 */
export function bankCharges(order: Order): number {
  const policy = policyOf(order);
  const { bankChargesTolerance: most, bankChargesBasisPoints } = policy;
  const { paid: before, kept } = order.amendedWith ?? { paid: 0, kept: 0 };
  const [advance, total, paid] = [order.advance?.amount ?? 0, order.total?.amount ?? 0, paidUp(order)];
  // What came by a bank beyond what was asked for before is for what is asked for now.
  const [target, from] =
    paid < advance ? [advance, before] : [total, advance < total ? Math.max(advance, before) : before];
  const byBank = order.payments
    .filter(
      ({ method, suspended, reversed }) => !suspended && !reversed && methodOf(policy, method)?.channel === 'bank',
    )
    .reduce((sum, { amount }) => sum + amount.amount, 0);
  const share = shareOf(moneyOf(Math.max(0, byBank - from), most.currency), bankChargesBasisPoints).amount;
  const short = target - paid - kept;
  return kept + (short > 0 && short <= Math.min(most.amount - kept, share) ? short : 0);
}

/** The whole price is in, but for what banks have kept. */
export const isPaid = (order: Order): boolean =>
  order.total !== undefined &&
  paidUp(order) > 0 &&
  (isZero(outstanding(order)) || outstanding(order).amount <= bankCharges(order));

/** What is due before shipment is in, but for what banks have kept (R31). */
export const isAdvancePaid = (order: Order): boolean =>
  order.advance !== undefined && paidUp(order) > 0 && paidUp(order) + bankCharges(order) >= order.advance.amount;

/** What the buyer is asked for now: what of the advance is not in, then what of the price is not; never what banks have kept. */
export function askedNow(order: Order): Money {
  const { advance, advanceIn } = order;
  const due = outstanding(order);
  const left = advance && !advanceIn ? Math.max(0, advance.amount - paidUp(order)) : due.amount - bankCharges(order);
  return moneyOf(Math.max(0, Math.min(left, due.amount)), due.currency);
}

/** R25: the two agreed that the whole price comes before shipment, and it has not come yet. */
export const isBalanceDue = (order: Order): boolean =>
  order.contract.payment?.balance === 'before-shipment' && !isPaid(order);

/**
 * The date in China by which the goods are to be shipped (R33, R49; a reading): the contract's, and where the advance came only
 * after that, as many days after the advance as the supplier had from the confirmation: lateness does not run while the buyer
 * has not paid.
 */
export function shipByDate({ contract: { shipping }, advanceInAt, confirmedAt }: Order): string | undefined {
  const { shipBy } = shipping ?? {};
  if (shipBy === undefined || advanceInAt === undefined || confirmedAt === undefined) return shipBy;
  if (chinaDate(advanceInAt) <= shipBy) return shipBy;
  return chinaDate(addDays(advanceInAt, Math.max(0, dayOf(shipBy) - dayOf(chinaDate(confirmedAt)))));
}

/** What of the payments can still go back to the buyer, in minor units. */
export const refundable = ({ paid, refunded }: Order): number => Math.max(0, (paid?.amount ?? 0) - refunded);

/** The export service orders that count: those that neither the supplier nor customs cancelled (R32). */
export const liveExports = (o: Order) =>
  o.exports.filter(({ cancelled, customs }) => !cancelled && customs?.word !== 'cancelled');

/** The complaint that is open, if any; there is one at a time. */
export const openComplaint = ({ complaints }: Pick<Order, 'complaints'>): Complaint | undefined =>
  complaints.find(({ closed }) => !closed);

const stopping = (order: Order, what: 'completion' | 'release'): Complaint | undefined =>
  policyOf(order).complaint.stops.includes(what) ? openComplaint(order) : undefined;

/** Whether an open complaint holds up the completion (R20, R22); an order that it found completed stays so, or is again. */
export const isCompletionStopped = (order: Order): boolean => {
  const complaint = stopping(order, 'completion');
  return complaint !== undefined && !complaint.found?.completed;
};

/** What of the held money an open complaint lets go to the supplier, in minor units: as much as it found released (R22). */
export const releasable = (order: Order): number => {
  const complaint = stopping(order, 'release');
  const most = complaint ? Math.max(0, (complaint.found?.released ?? 0) - order.released) : Infinity;
  return Math.min(order.purse.hold, most);
};

/** The fee of so much money released, in minor units: of the sum, so that it matters not in how many parts it came (R14). */
export const feeOf = (o: Order, amount: number): number =>
  shareOf(moneyOf(amount, o.total?.currency ?? 'USD'), policyOf(o).feeBasisPoints.supplier).amount;

/** What of the fee goes back when so much of the released money does, in minor units: it is on what was finally paid. */
export const feeGivenBack = (o: Order, amount: number): number =>
  feeOf(o, o.released) - feeOf(o, Math.max(0, o.released - amount));

/** Whether anything is under way that an order must wait for: effects, refunds, an award, a complaint, an approval. */
const isUnderWay = (o: Pick<Order, 'effects' | 'refunds' | 'complaints' | 'approval' | 'awardOwed'>): boolean =>
  o.effects.length > 0 ||
  (o.awardOwed ?? 0) > 0 ||
  o.refunds.some(({ state }) => state === 'awaiting-payee' || state === 'pending') ||
  o.complaints.some(({ closed }) => !closed) ||
  o.approval !== undefined;

/** Has come to its end with nothing under way; at most the time for complaints still runs, until which the order is kept. */
export const isSettled = (o: Parameters<typeof isUnderWay>[0] & Pick<Order, 'status'>): boolean =>
  outcomes.includes(o.status) && !isUnderWay(o);

/** What a total follows from. Made once: a form costs far more to make than to use. */
const priced = completeContract.pick({ product: true, shipping: true });

/** The total of a draft, where it can be told already. */
export function draftTotal({ total, contract }: Pick<Order, 'total' | 'contract'>): Money | undefined {
  if (total) return total;
  const { product, shipping } = contract;
  const known = priced.safeParse({ product, shipping });
  try {
    return known.success ? totalOf(known.data) : undefined;
  } catch {
    return undefined; // mixed currencies or beyond counting: confirming will say so
  }
}

/** a − b, not below zero. */
export const less = (a: Money, b: Money): Money => (a.amount > b.amount ? subtract(a, b) : moneyOf(0, a.currency));
