/**
 * The one table of messages. An entry says a message's name, the form of its data, who may send it and what it means; the
 * workflow's handlers, the typed client, the CLI and what operators read in the Temporal UI derive from it. To add a
 * message: one entry here, one `case` in `decide`, its events in `evolve`.
 */
import { z } from 'zod';
import { contractDraft } from './contract';
import { opaqueId } from './member';
import { money, positiveMoney } from './money';
import { paymentMethod, schemeName } from './scheme';
import { calendarDate, instant } from './time';

/** Who speaks. `clock` and `effect` are the order's own workflow; the rest are people and feeds. */
export const role = z.enum(['supplier', 'buyer', 'platform', 'bank', 'customs', 'clock', 'effect']);
export type Role = z.infer<typeof role>;

/** The authenticated sender of a message: its role, and the member (or operator, or feed) that it is. */
export const actor = z.strictObject({ role, member: opaqueId });
export type Actor = z.infer<typeof actor>;

interface Entry<Data extends z.ZodType = z.ZodType> {
  from: readonly Role[];
  data: Data;
  /** One line for people. */
  says: string;
  rule: string;
}
const entry = <Data extends z.ZodType>(e: Entry<Data>): Entry<Data> => e;

const text = z.string().trim().min(1).max(2000);
const nothing = z.strictObject({});
const parties = ['supplier', 'buyer'] as const;

/** Where an order came from (R28, R46, R51). */
export const source = z.strictObject({
  kind: z.enum(['scratch', 'purchase-order', 'inquiry', 'start-order']),
  /** Page or document it came from: product page, minisite, quotation, PO number. */
  reference: z.string().min(1).max(200).optional(),
});

const goods = z
  .array(
    z.strictObject({
      hsCode: z.string().regex(/^\d{6,10}$/, '6 to 10 digits'),
      name: z.string().min(1).max(200),
      quantity: z.int().positive().max(1_000_000_000),
      unit: z.string().min(1).max(20),
    }),
  )
  .min(1)
  .max(100);

/** A customs declaration's number. */
const declaration = z.string().regex(/^[A-Za-z0-9-]{1,40}$/, 'letters, digits and - (at most 40)');
const effectId = z.string().min(1).max(120);

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
  cancel: entry({
    from: parties,
    data: z.strictObject({ reason: text }),
    says: 'Cancel the order before any money has arrived',
    rule: 'R57',
  }),
  remindPayment: entry({ from: ['supplier'], data: nothing, says: 'Remind the buyer to pay', rule: 'R55' }),
  closeUnpaid: entry({
    from: ['supplier'],
    data: nothing,
    says: 'Close the order alone, because the advance has not arrived within 15 days',
    rule: 'R29',
  }),
  registerExport: entry({
    from: ['supplier'],
    data: z.strictObject({ exportOrder: opaqueId, declaration, goods }),
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
  settle: entry({
    from: ['buyer'],
    data: z.strictObject({ comment: text.optional() }),
    says: 'Take back the complaint, because both sides have settled it',
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
      entryReference: z.string().min(1).max(64),
      amount: positiveMoney,
      method: paymentMethod,
      valueDate: calendarDate,
    }),
    says: 'The bank has booked a credit for this order',
    rule: 'R31',
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
  effectFailed: entry({
    from: ['effect'],
    data: z.strictObject({ effect: effectId, reason: z.string().max(2000) }),
    says: 'An effect failed for good and waits for an operator',
    rule: 'R3',
  }),
} as const satisfies Record<string, Entry>;

export type MessageName = keyof typeof messages;
export const messageNames = Object.keys(messages) as MessageName[];

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
export const publicMessageNames = messageNames.filter((name) =>
  messages[name].from.some((from: Role) => from !== 'clock' && from !== 'effect'),
);
