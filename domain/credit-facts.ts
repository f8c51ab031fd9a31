/**
 * What bears on a supplier's credit: facts (what it sold, how it behaved), and the entries that they become once they are
 * rated and booked (R1, R11, R58). Entries are for ever: a later policy never rates them again (R56).
 */
import { z } from 'zod';
import { usd } from './credit-policy';
import { format, subtract } from './money';
import { instant } from './time';

const id = z.string().min(1).max(200);
const common = { supplier: id, /** When it is booked. */ at: instant };

const orderInputs = z
  .strictObject({
    buyer: id,
    total: usd,
    refunded: usd,
    /** The order ages from here, whenever it is booked. */
    completedAt: instant,
    shippedOnTime: z.boolean(),
    /** The buyer complained, whatever came of it. */
    disputed: z.boolean(),
    /** Stars, 1 to 5; null when the buyer gave none. */
    reviewScore: z.int().min(1).max(5).nullable(),
  })
  .refine((i) => i.refunded.amount <= i.total.amount, 'refunded: more than the total');

const orderCompleted = z.strictObject({
  ...common,
  event: z.literal('order.completed'),
  order: id,
  inputs: orderInputs,
});
/**
 * What has changed of a completed order since it was booked: refunds, reversals, a complaint (R1, R3: net of refunds). The
 * latest one of an order counts.
 */
const orderAdjusted = z.strictObject({
  ...common,
  event: z.literal('order.adjusted'),
  order: id,
  inputs: z.strictObject({ adjustment: id, refunded: usd, disputed: z.boolean() }),
});
/** A complaint decided for the buyer, in full or in part (R20, R58). */
const complaintUpheld = z.strictObject({
  ...common,
  event: z.literal('complaint.upheld'),
  order: id,
  inputs: z.strictObject({ complaint: id }),
});
/** The platform paid the buyer in the supplier's place (R2, R22). */
const guaranteePaid = z.strictObject({
  ...common,
  event: z.literal('guarantee.paid'),
  order: id,
  inputs: z.strictObject({ payout: id, amount: usd }),
});
/** The supplier paid back some or all of it. */
const guaranteeRepaid = z.strictObject({
  ...common,
  event: z.literal('guarantee.repaid'),
  order: id,
  inputs: z.strictObject({ repayment: id, amount: usd }),
});
/** What the company is and has, checked by the platform (R11). The latest one counts. */
const companyVerified = z.strictObject({
  ...common,
  event: z.literal('company.verified'),
  inputs: z.strictObject({ verification: id, score: z.int().min(0).max(100) }),
});
/** The platform lifts a suspension, with its reason (R58). */
const supplierReinstated = z.strictObject({
  ...common,
  event: z.literal('supplier.reinstated'),
  inputs: z.strictObject({ decision: id, why: z.string().min(1) }),
});

const facts = z.discriminatedUnion('event', [
  orderCompleted,
  orderAdjusted,
  complaintUpheld,
  guaranteePaid,
  guaranteeRepaid,
  companyVerified,
  supplierReinstated,
]);
const bookedAfterwards = (fact: z.infer<typeof facts>): boolean =>
  fact.event !== 'order.completed' || Date.parse(fact.inputs.completedAt) <= Date.parse(fact.at);

/** Something that bears on the limit, before it is rated: `{ supplier, event, order?, at, inputs }`. */
export const creditFact = facts.refine(bookedAfterwards, 'at: the order completed later than that');
export type CreditFact = z.infer<typeof creditFact>;

const rating = {
  /** The policy in force when it was booked; it is never rated again under a later one. */
  policyVersion: id,
  /** USD cents by which the limit of that instant changed because of this entry. */
  delta: z.int(),
  /** For people. */
  reason: z.string().min(1),
};

/** A fact once it is rated and booked. Unique by `entryKey`. */
export const creditEntry = z
  .discriminatedUnion('event', [
    orderCompleted.extend(rating),
    orderAdjusted.extend(rating),
    complaintUpheld.extend(rating),
    guaranteePaid.extend(rating),
    guaranteeRepaid.extend(rating),
    companyVerified.extend(rating),
    supplierReinstated.extend(rating),
  ])
  .refine(bookedAfterwards, 'at: the order completed later than that');
export type CreditEntry = z.infer<typeof creditEntry>;
export type CompletedEntry = Extract<CreditEntry, { event: 'order.completed' }>;
export type AdjustedEntry = Extract<CreditEntry, { event: 'order.adjusted' }>;
export type UpheldEntry = Extract<CreditEntry, { event: 'complaint.upheld' }>;

/**
 * What makes a fact unique: the order and the event, and where an order may see several of a kind, which one. Facts
 * about the company have the supplier in the order's place. Fit for a unique index or an `_id`.
 */
export function entryKey(fact: CreditFact): string {
  switch (fact.event) {
    case 'order.completed':
      return JSON.stringify([fact.order, fact.event]);
    case 'order.adjusted':
      return JSON.stringify([fact.order, fact.event, fact.inputs.adjustment]);
    case 'complaint.upheld':
      return JSON.stringify([fact.order, fact.event, fact.inputs.complaint]);
    case 'guarantee.paid':
      return JSON.stringify([fact.order, fact.event, fact.inputs.payout]);
    case 'guarantee.repaid':
      return JSON.stringify([fact.order, fact.event, fact.inputs.repayment]);
    case 'company.verified':
      return JSON.stringify([fact.supplier, fact.event, fact.inputs.verification]);
    case 'supplier.reinstated':
      return JSON.stringify([fact.supplier, fact.event, fact.inputs.decision]);
  }
}

export function reasonOf(fact: CreditFact): string {
  switch (fact.event) {
    case 'order.completed': {
      const { total, refunded, shippedOnTime } = fact.inputs;
      const net = format(subtract(total, refunded));
      return `Order ${fact.order} completed: ${net} net of refunds, shipped ${shippedOnTime ? 'on time' : 'late'}.`;
    }
    case 'order.adjusted':
      return `Order ${fact.order}: ${format(fact.inputs.refunded)} of it has gone back to the buyer by now${fact.inputs.disputed ? ', and there was a complaint' : ''}.`;
    case 'complaint.upheld':
      return `Complaint ${fact.inputs.complaint} on order ${fact.order} was upheld.`;
    case 'guarantee.paid':
      return `The platform paid ${format(fact.inputs.amount)} to the buyer of order ${fact.order}.`;
    case 'guarantee.repaid':
      return `The supplier paid back ${format(fact.inputs.amount)} for order ${fact.order}.`;
    case 'company.verified':
      return `The company was verified: ${fact.inputs.score} of 100.`;
    case 'supplier.reinstated':
      return `The platform reinstated the supplier: ${fact.inputs.why}`;
  }
}
