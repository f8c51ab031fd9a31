/**
 * The one table of messages. An entry says a message's name, the form of its data, who may send it and what it means; the
 * workflow's handlers, the typed client, the CLI and what operators read in the Temporal UI derive from it. To add a
 * message: one entry here, one `case` in `decide`, its events in `evolve`.
 */
import { z } from 'zod';
import { contractDraft } from './contract';
import { opaqueId } from './member';
import { money, positiveMoney } from './money';
import { complaintKind, paymentMethod, schemeName, wayIn } from './scheme';
import { calendarDate, instant } from './time';

/** Who speaks. `clock` and `effect` are the order's own workflow; the rest are people and feeds. */
export const role = z.enum([
  'supplier',
  'buyer',
  'platform',
  'bank',
  'customs',
  'carrier',
  'inspector',
  'processor',
  'clock',
  'effect',
]);
export type Role = z.infer<typeof role>;
/** Those of the order's own workflow: nobody sends under them from outside. */
export const innerRoles = ['clock', 'effect'] as const satisfies readonly Role[];
type InnerRole = (typeof innerRoles)[number];
export const isInner = (role: Role): role is InnerRole => innerRoles.some((inner) => inner === role);

/** The authenticated sender of a message: its role, the member (or operator, or feed) that it is, and the member's user. */
export const actor = z.strictObject({
  role,
  member: opaqueId,
  user: opaqueId.optional(),
  /** The service that has brought it for the party; not a part of who said it. */
  via: z.strictObject({ role: z.literal('service'), member: opaqueId }).optional(),
});
export type Actor = z.infer<typeof actor>;

interface Entry<Data extends z.ZodType = z.ZodType, From extends readonly Role[] = readonly Role[]> {
  from: From;
  data: Data;
  /** One line for people. */
  says: string;
  rule: string;
}
const entry = <Data extends z.ZodType, const From extends readonly Role[]>(e: Entry<Data, From>): Entry<Data, From> =>
  e;

const text = z.string().trim().min(1).max(2000);
const nothing = z.strictObject({});
const parties = ['supplier', 'buyer'] as const;

/** Where an order came from (R23, R28, R46, R51). */
export const source = z.strictObject({
  kind: wayIn,
  /** The page that a buyer started from (R46). */
  page: z.enum(['product-page', 'minisite', 'quotation']).optional(),
  /** Which one: product, quotation, purchase order number. */
  reference: z.string().min(1).max(200).optional(),
});

const goods = z
  .array(
    z.strictObject({
      hsCode: z.string().regex(/^\d{6,10}$/, '6 to 10 digits'),
      name: z.string().min(1).max(200),
      quantity: z.int().positive().max(1_000_000_000),
      unit: z.string().min(1).max(20),
      /** Declared value of the line. */
      value: positiveMoney,
    }),
  )
  .min(1)
  .max(100);

/** A customs declaration's number. */
const declaration = z.string().regex(/^[A-Za-z0-9-]{1,40}$/, 'letters, digits and - (at most 40)');
const effectId = z.string().min(1).max(120);
/** A bank account that money is paid to. */
export const payee = z.strictObject({
  name: z.string().min(1).max(140),
  /** IBAN or account number. */
  account: z.string().regex(/^[A-Za-z0-9-]{4,34}$/, '4 to 34 letters, digits and -'),
  /** BIC or name of the bank. */
  bank: z.string().min(1).max(140).optional(),
});
export type Payee = z.infer<typeof payee>;

const entryReference = z.string().min(1).max(64);
const tracking = z.string().regex(/^[A-Za-z0-9-]{4,40}$/, 'letters, digits and - (4 to 40)');
/** Number of a proposal, a complaint, an approval or a refund on its order: 1, 2, … */
const number = z.int().positive();
const customsNote = z.string().trim().min(1).max(500).optional();

export const messages = {
  // Requests of a party
  draft: entry({
    from: parties,
    data: z.strictObject({
      scheme: schemeName,
      supplier: opaqueId,
      buyer: opaqueId,
      source,
      contract: contractDraft,
      /** The drafting side confirms its own draft at once; by a buyer this is a Start Order (R51). */
      confirm: z.boolean().optional(),
    }),
    says: 'Draft an order between a supplier and a buyer; the drafting side may confirm it at once',
    rule: 'R28',
  }),
  revise: entry({
    from: parties,
    data: z.strictObject({
      /** The revision that this one was made from. */
      baseRevision: z.int().positive(),
      /** The modules that change, each whole. */
      changes: contractDraft.refine((changes) => Object.keys(changes).length > 0, 'name at least one module'),
    }),
    says: 'Revise modules of the contract; every confirmation of the older revision is withdrawn',
    rule: 'R52',
  }),
  confirm: entry({
    from: parties,
    data: z.strictObject({ revision: z.int().positive() }),
    says: 'Confirm a revision of the contract; it must be complete',
    rule: 'R53',
  }),
  decline: entry({
    from: parties,
    data: z.strictObject({ revision: number, reason: text }),
    says: 'Decline a revision that the other side has confirmed, with a reason; negotiation goes on',
    rule: 'R57',
  }),
  remindConfirmation: entry({
    from: parties,
    data: nothing,
    says: 'Remind the other side to confirm the contract',
    rule: 'R54',
  }),
  cancel: entry({
    from: parties,
    data: z.strictObject({ reason: text }),
    says: 'Cancel the order before any money has arrived',
    rule: 'R57',
  }),
  remindPayment: entry({ from: ['supplier'], data: nothing, says: 'Remind the buyer to pay', rule: 'R55' }),
  pay: entry({
    from: ['buyer'],
    data: z.strictObject({
      /** The payment's id, chosen by the buyer's side. */
      payment: opaqueId,
      method: paymentMethod,
      /** Part of the price that is paid. */
      amount: positiveMoney,
      /** The surcharge as it was quoted (R48); refused when it is another. */
      surcharge: money,
      /** What the processor knows the payer's card or account by; never a card number. */
      token: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'a token of the processor'),
    }),
    says: 'Pay by card or another method of the processor; the surcharge is quoted before',
    rule: 'R48',
  }),
  nameRefundAccount: entry({
    from: ['buyer', 'platform'],
    data: z.strictObject({ payee }),
    says: 'Name the account of a refund that waits for one: the bank has not named the payer’s, or the refund was refused for good; what an operator names, another approves',
    rule: 'R57',
  }),
  closeUnpaid: entry({
    from: ['supplier'],
    data: nothing,
    says: 'Close the order alone, because the advance has not arrived within 15 days',
    rule: 'R29',
  }),
  registerExport: entry({
    from: ['supplier'],
    data: z.strictObject({
      exportOrder: opaqueId,
      declaration,
      goods,
      /** R44: the buyer's forwarder of an ex-works order, which declares with the OneTouch papers of this number. */
      forwarder: z.strictObject({ name: z.string().min(1).max(140), papers: opaqueId }).optional(),
    }),
    says: 'Register an export service order with its declaration number and goods lines',
    rule: 'R6',
  }),
  cancelExport: entry({
    from: ['supplier'],
    data: z.strictObject({ exportOrder: opaqueId }),
    says: 'Cancel an export service order that has not been released',
    rule: 'R32',
  }),
  completeExport: entry({
    from: ['supplier'],
    data: nothing,
    says: 'Mark the set of export service orders complete',
    rule: 'R32',
  }),
  shipGoods: entry({
    from: ['supplier'],
    data: z.strictObject({ shipment: opaqueId, carrier: z.string().min(1).max(60), tracking }),
    says: 'Hand the goods to a carrier, with the tracking number that will prove the delivery',
    rule: 'R16',
  }),
  requestInspection: entry({
    from: ['buyer'],
    data: z.strictObject({ inspection: opaqueId, inspector: z.string().min(1).max(140) }),
    says: 'Have the goods inspected before shipment, by the agreed standard',
    rule: 'R22',
  }),
  answerShipment: entry({
    from: ['buyer'],
    data: z.strictObject({ asAgreed: z.boolean(), comment: text.optional() }),
    says: 'Answer whether the declared goods were shipped as agreed; “no” opens a complaint',
    rule: 'R34',
  }),
  extendAnswer: entry({
    from: parties,
    data: nothing,
    says: 'Extend the period for the buyer’s answer by 15 days, once by each side',
    rule: 'R34',
  }),
  confirmReceipt: entry({
    from: ['buyer'],
    data: nothing,
    says: 'Confirm that the goods were received; the supplier is paid',
    rule: 'R18',
  }),
  proposeAmendment: entry({
    from: parties,
    data: z.strictObject({
      changes: contractDraft.refine((changes) => Object.keys(changes).length > 0, 'name at least one module'),
      reason: text.optional(),
    }),
    says: 'Propose to change the confirmed contract; a proposal replaces the one before',
    rule: 'R52',
  }),
  proposeCancellation: entry({
    from: parties,
    data: z.strictObject({ reason: text, refund: money }),
    says: 'Propose to cancel a paid order, with the refund',
    rule: 'R57',
  }),
  proposeSettlement: entry({
    from: parties,
    data: z.strictObject({ refund: money, comment: text.optional() }),
    says: 'Propose to settle the open complaint, with or without a refund',
    rule: 'R20',
  }),
  acceptProposal: entry({
    from: parties,
    data: z.strictObject({ proposal: number }),
    says: 'Accept the other side’s proposal',
    rule: 'R57',
  }),
  declineProposal: entry({
    from: parties,
    data: z.strictObject({ proposal: number, reason: text.optional() }),
    says: 'Decline the other side’s proposal, or take back one’s own',
    rule: 'R57',
  }),
  complain: entry({
    from: ['buyer'],
    data: z.strictObject({ kind: complaintKind, description: text, claim: money.optional() }),
    says: 'Complain of the order',
    rule: 'R20',
  }),
  answerComplaint: entry({
    from: ['supplier'],
    data: z.strictObject({ answer: text }),
    says: 'Answer the open complaint',
    rule: 'R20',
  }),
  addEvidence: entry({
    from: [...parties, 'platform'],
    data: z.strictObject({
      title: z.string().trim().min(1).max(200),
      /** An address, or `ta-file:<id>` of a file that was handed in through the portal. */
      link: z.url({ protocol: /^(https|ta-file)$/ }).max(500),
      /** SHA-256 of the file behind the link, in hex. */
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, '64 hex digits')
        .optional(),
    }),
    says: 'Add evidence to the open complaint: what it is, and a link to it',
    rule: 'R20',
  }),
  escalate: entry({
    from: parties,
    data: nothing,
    says: 'Ask the platform to rule on the open complaint; from day 4 on',
    rule: 'R20',
  }),
  withdrawComplaint: entry({
    from: ['buyer'],
    data: z.strictObject({ comment: text.optional() }),
    says: 'Take back the complaint',
    rule: 'R20',
  }),
  review: entry({
    from: parties,
    data: z.strictObject({ stars: z.int().min(1).max(5), text: text.optional() }),
    says: 'Review the other side; hidden until both reviews are in or the period ends',
    rule: 'R35',
  }),

  // The platform
  supplierActivated: entry({
    from: ['platform'],
    data: nothing,
    says: 'The supplier has activated Trade Assurance; a confirmed order may now be paid',
    rule: 'R55',
  }),
  rule: entry({
    from: ['platform'],
    data: z.strictObject({
      outcome: z.enum(['upheld', 'partly-upheld', 'rejected']),
      /** What the buyer gets back; nothing when rejected. */
      award: money,
      reason: text,
    }),
    says: 'Rule on the escalated complaint; a second operator must approve',
    rule: 'R20',
  }),
  orderRefund: entry({
    from: ['platform'],
    data: z.strictObject({ amount: positiveMoney, reason: text }),
    says: 'Order a refund from the supplier’s money; a second operator must approve',
    rule: 'R57',
  }),
  collectAward: entry({
    from: ['platform'],
    data: nothing,
    says: 'Pay the buyer what the supplier has repaid since of an award that neither its balance nor the guarantee reached to',
    rule: 'R2',
  }),
  approve: entry({
    from: ['platform'],
    data: z.strictObject({ approval: number }),
    says: 'Approve what another operator has put forward',
    rule: 'R20',
  }),
  disapprove: entry({
    from: ['platform'],
    data: z.strictObject({ approval: number, reason: text }),
    says: 'Turn down what an operator has put forward',
    rule: 'R20',
  }),
  suspenseAllocated: entry({
    from: ['platform'],
    data: z.strictObject({ suspense: opaqueId, amount: positiveMoney }),
    says: 'Money in suspense belongs to this order; two operators have said so',
    rule: 'R30',
  }),
  retryEffect: entry({
    from: ['platform'],
    data: z.strictObject({ effect: effectId }),
    says: 'Try an effect again that failed for good',
    rule: 'R3',
  }),

  // Facts from outside
  paymentCredited: entry({
    from: ['bank'],
    data: z.strictObject({
      /** The virtual account that the transfer was booked on (R30). */
      account: opaqueId,
      /** The bank's reference of the entry; with the account it is the payment's identity. */
      entryReference,
      amount: positiveMoney,
      method: paymentMethod,
      valueDate: calendarDate,
      /** Whom the money came from, when the bank names the account. */
      payer: payee.optional(),
    }),
    says: 'The bank has booked a credit for this order',
    rule: 'R31',
  }),
  paymentReversed: entry({
    from: ['bank'],
    data: z.strictObject({ account: opaqueId, entryReference, reason: z.string().min(1).max(500) }),
    says: 'The bank has taken a booked credit back, whole',
    rule: 'R30',
  }),
  chargeCaptured: entry({
    from: ['effect', 'processor'],
    data: z.strictObject({ effect: effectId, reference: entryReference }),
    says: 'The processor has charged the buyer',
    rule: 'R48',
  }),
  chargeDeclined: entry({
    from: ['effect', 'processor'],
    data: z.strictObject({ effect: effectId, reason: z.string().max(500) }),
    says: 'The processor has declined the charge',
    rule: 'R48',
  }),
  chargeReturned: entry({
    from: ['processor'],
    data: z.strictObject({ effect: effectId, reason: z.string().max(500) }),
    says: 'The payer’s bank has taken a captured charge back',
    rule: 'R48',
  }),
  refundPaid: entry({
    from: ['effect', 'bank', 'processor'],
    data: z.strictObject({ effect: effectId, reference: entryReference }),
    says: 'A refund has been paid out to the buyer',
    rule: 'R57',
  }),
  goodsShipped: entry({
    from: ['carrier'],
    data: z.strictObject({ tracking, shippedAt: instant }),
    says: 'The carrier has taken the goods',
    rule: 'R16',
  }),
  goodsDelivered: entry({
    from: ['carrier'],
    data: z.strictObject({ tracking, deliveredAt: instant }),
    says: 'The carrier has delivered the goods',
    rule: 'R18',
  }),
  inspectionReported: entry({
    from: ['inspector'],
    data: z.strictObject({
      inspection: opaqueId,
      passed: z.boolean(),
      report: z.url({ protocol: /^https$/ }).max(500),
      inspectedAt: instant,
    }),
    says: 'The inspector has reported whether the goods meet the agreed standard',
    rule: 'R22',
  }),
  customsReleased: entry({
    from: ['customs'],
    data: z.strictObject({ declaration, releasedAt: instant }),
    says: 'Customs has released the goods of a declaration',
    rule: 'R32',
  }),
  customsRevoked: entry({
    from: ['customs'],
    data: z.strictObject({ declaration, revokedAt: instant }),
    says: 'Customs has revoked the release of a declaration',
    rule: 'R32',
  }),
  customsHeld: entry({
    from: ['customs'],
    data: z.strictObject({ declaration, heldAt: instant, note: customsNote }),
    says: 'Customs holds the goods of a declaration for inspection',
    rule: 'R32',
  }),
  customsReturned: entry({
    from: ['customs'],
    data: z.strictObject({ declaration, returnedAt: instant, note: customsNote }),
    says: 'Customs has returned a declaration to be corrected',
    rule: 'R32',
  }),
  customsCancelled: entry({
    from: ['customs'],
    data: z.strictObject({ declaration, cancelledAt: instant, note: customsNote }),
    says: 'Customs has cancelled a declaration; it no longer counts',
    rule: 'R32',
  }),

  // What the clock says
  draftLapsed: entry({
    from: ['clock'],
    data: nothing,
    says: 'Nobody brought the draft to full confirmation in 90 days',
    rule: 'R52',
  }),
  paymentLapsed: entry({ from: ['clock'], data: nothing, says: 'The 15 days for the payment are over', rule: 'R29' }),
  answerTimedOut: entry({
    from: ['clock'],
    data: nothing,
    says: 'The buyer did not answer in time, which counts as yes',
    rule: 'R34',
  }),
  reviewClosed: entry({ from: ['clock'], data: nothing, says: 'The 30 days for reviews are over', rule: 'R35' }),
  complaintUnanswered: entry({
    from: ['clock'],
    data: nothing,
    says: 'The supplier has not answered the complaint in time; the buyer may escalate',
    rule: 'R20',
  }),
  complaintOverdue: entry({
    from: ['clock'],
    data: nothing,
    says: 'The two have not settled the complaint; the platform takes over',
    rule: 'R20',
  }),
  complaintWindowClosed: entry({
    from: ['clock'],
    data: nothing,
    says: 'The time for complaints is over',
    rule: 'R20',
  }),

  // Outcomes of effects
  creditAccrued: entry({
    from: ['effect'],
    data: z.strictObject({
      effect: effectId,
      limitBefore: money,
      limitAfter: money,
      grade: z.int().min(0).max(5),
      policy: z.string(),
    }),
    says: 'The supplier’s credit limit was brought up to date with this order',
    rule: 'R3',
  }),
  creditBooked: entry({
    from: ['effect'],
    data: z.strictObject({ effect: effectId, limitAfter: money, policy: z.string() }),
    says: 'A complaint, a guarantee payout or a repayment was booked on the supplier’s credit',
    rule: 'R58',
  }),
  effectFailed: entry({
    from: ['effect'],
    data: z.strictObject({ effect: effectId, reason: z.string().max(2000) }),
    says: 'An effect failed for good and waits for an operator',
    rule: 'R3',
  }),
} as const satisfies Record<string, Entry>;

export type MessageName = keyof typeof messages;
export const messageNames = Object.keys(messages) as MessageName[];
export const sendersOf = (name: MessageName): readonly Role[] => messages[name].from;

/** The data of the message of this name. */
export type MessageData<Name extends MessageName> = z.infer<(typeof messages)[Name]['data']>;

/** A message as `decide` takes it. */
export type Message<Name extends MessageName = MessageName> = {
  [N in Name]: { name: N; id: string; actor: Actor; data: MessageData<N> };
}[Name];

/** Id of a message, chosen by its sender; sending the same id again changes nothing. */
export const messageId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{0,119}$/, 'letters, digits, : . _ - (at most 120)');

/** What makes a message one and the same: who sent it, under which id. Nobody can take the id of another's message. */
export const keyOf = ({ role: as, member }: Actor, id: string): string => `${as}:${member}:${id}`;

/** What travels over the wire beside the message's name. */
export const envelope = z.strictObject({ id: messageId, actor, data: z.unknown() });
/** What a sender passes: `{ id, actor, data }`. */
export interface Envelope<Name extends MessageName = MessageName> {
  id: string;
  actor: Actor;
  data: MessageData<Name>;
}

/** Names of the messages that may come from outside the order's own workflow. */
export type PublicMessageName = {
  [Name in MessageName]: (typeof messages)[Name]['from'][number] extends InnerRole ? never : Name;
}[MessageName];
export const isPublic = (name: MessageName): name is PublicMessageName =>
  sendersOf(name).some((from) => !isInner(from));
export const publicMessageNames = messageNames.filter(isPublic);
