/**
 * The collections of the database in one table: form (zod), key and indexes. Mongoose models, the database's validators and
 * the set-up derive from it. Shard keys, where a deployment shards: `order` for journal, ledger and outbox, the key elsewhere.
 */
import type { IndexDirection } from 'mongoose';
import { z } from 'zod';
import { personalText, sealedText } from '../config/keys';
import { creditEntry, entryKey, limitPolicy } from '../domain/credit';
import { regionPolicy } from '../domain/eligibility';
import { enrolment, enrolmentStatus } from '../domain/enrolment';
import { enrolmentMessages, type EnrolmentMessageName } from '../domain/enrolment-messages';
import { enrolmentPolicy } from '../domain/enrolment-policy';
import { journalEntry, orderEvent } from '../domain/events';
import { delivery, feedSource, inboxRow } from '../domain/inbox';
import { labelPolicy } from '../domain/labels';
import { mayBeNegative, neverNegative, transfer } from '../domain/ledger';
import { mail } from '../domain/mails';
import { member, opaqueId, product } from '../domain/member';
import { memberRecord } from '../domain/member-record';
import { messageId } from '../domain/messages';
import { currencyCode, money, positiveMoney } from '../domain/money';
import { notice } from '../domain/notices';
import { order } from '../domain/order';
import { orderIndex } from '../domain/order-index';
import { registeredPayee } from '../domain/payee';
import { pointsEntry, pointsKey, pointsPolicy } from '../domain/points';
import { rankingPolicy } from '../domain/ranking';
import { reconciliationCase } from '../domain/reconciliation';
import { schemePolicy } from '../domain/scheme-policy';
import { settlement } from '../domain/settlement';
import { suspenseItem } from '../domain/suspense';
import { calendarDate, instant } from '../domain/time';
import { person } from '../domain/users';
import { delivery as webhookDelivery, subscription } from '../domain/webhooks';
import { withdrawal } from '../domain/withdrawal';
import { withdrawalPolicy } from '../domain/withdrawal-policy';

interface Index {
  on: Record<string, IndexDirection>;
  unique?: true;
  where?: Record<string, unknown>;
}

interface Collection<Form extends z.ZodType = z.ZodType> {
  form: Form;
  /** The document's `_id`. */
  key: (value: z.infer<Form>) => string;
  indexes: readonly Index[];
}
const collection = <Form extends z.ZodType>(c: Collection<Form>): Collection<Form> => c;

/** A journal entry as stored, with the message's key (sender and id) and a hash of its body, so that a reused id shows. */
export const journalRow = z.strictObject({ ...journalEntry.shape, key: z.string(), hash: z.string() });
export type JournalRow = z.infer<typeof journalRow>;

/** An account's balance in one currency: only what is the platform's own may lie below zero. */
const balance = z.union([
  z.strictObject({ account: z.string().regex(mayBeNegative), currency: currencyCode, balance: z.int() }),
  z.strictObject({
    account: z.string().regex(neverNegative),
    currency: currencyCode,
    balance: z.int().nonnegative(),
  }),
]);

/** A delivery with its bytes as they came (a driver's `Binary` when read). */
const inboxDelivery = z.strictObject({
  ...delivery.shape,
  body: z.custom<Uint8Array>((it) => it instanceof Uint8Array),
});

/** An entry of the bank, booked once and for one order only, whatever brought it (R30). */
const bankEntry = z.strictObject({
  account: z.string(),
  entryReference: z.string(),
  /** Not there for a credit that no order could be told from. */
  order: opaqueId.optional(),
  amount: positiveMoney,
  /** As the bank has it: the day that it is reconciled for. */
  valueDate: calendarDate.optional(),
  at: instant,
  reversedAt: instant.optional(),
});

/** A journal entry that waits to be told to the outside. */
const outboxRow = z.strictObject({
  order: opaqueId,
  version: z.int().positive(),
  at: instant,
  topics: z.array(z.enum(orderEvent.options.map((option) => option.shape.type.value) as [string, ...string[]])),
  /** What it tells the parties and the platform. */
  notices: z.array(notice),
  /** Whether what it tells is queued for everybody who is told. */
  sent: z.boolean(),
  /** A relay has taken it on until then. */
  claimedUntil: instant.optional(),
});

/** What a change beside the orders tells (`beside-notices.ts`). */
const besideNotice = z.strictObject({
  subject: z.string().regex(/^(?:enrolment|member|withdrawal|settlement|suspense|payee):.+$/),
  version: z.int().positive(),
  at: instant,
  notices: z.array(notice).min(1),
  /** As of the outbox. */
  sent: z.boolean(),
  claimedUntil: instant.optional(),
});

/** What a subscription is told of one order, in order; there while something of it waits. */
const webhookLane = z.strictObject({
  lane: z.string(),
  subscription: opaqueId,
  /** When the next attempt is due; while a relay works on it, until when it has it for itself. */
  dueAt: instant,
  /** Of the relay that works on it. */
  lease: z.string().optional(),
  /** How often something was added: makes adding and ending conflict. */
  queued: z.int().positive(),
});
export type WebhookLane = z.infer<typeof webhookLane>;

/** Secrets as they are kept: sealed (`secrets.ts`). */
const keptSubscription = subscription.extend({
  secrets: z
    .array(subscription.shape.secrets.element.extend({ secret: sealedText }))
    .min(1)
    .max(5),
});
const keptSource = feedSource.extend({
  secrets: z
    .array(feedSource.shape.secrets.element.extend({ secret: sealedText }))
    .min(1)
    .max(10),
});

/** A text of a person as it is kept: sealed with its member’s key, or as it came, where it was stored before there were such keys. */
const ofPerson = <Form extends z.ZodType<string>>(form: Form) => z.union([personalText, form]);
const { contact, users } = member.shape;
const { name: userName, email: userEmail } = users.unwrap().element.shape;
/** @public */
export const keptMember = member.extend({
  contact: contact.extend({
    name: ofPerson(contact.shape.name),
    email: ofPerson(contact.shape.email),
    phone: ofPerson(contact.shape.phone.unwrap()).optional(),
  }),
  users: z
    .array(users.unwrap().element.extend({ name: ofPerson(userName), email: ofPerson(userEmail) }))
    .max(100)
    .optional(),
});
const keptMail = mail.extend({
  to: z.strictObject({ name: ofPerson(mail.shape.to.shape.name), email: ofPerson(mail.shape.to.shape.email) }),
});

/** The key that seals what is kept of a member’s people, itself sealed with TA_KEYS; gone once it was destroyed (`personal.ts`). */
const memberKey = z.strictObject({
  member: opaqueId,
  key: sealedText.optional(),
  since: instant,
  destroyedAt: instant.optional(),
});

/** Somebody is signed in to the portal. */
const session = z.strictObject({
  /** SHA-256 of the secret that the browser keeps. */
  id: z.string(),
  /** Sealed with the browser's secret. */
  token: sealedText,
  openedAt: instant,
  expiresAt: instant,
});

/** A file that a party has handed in as evidence; its bytes are in GridFS, under the same id. */
const storedFile = z.strictObject({
  id: opaqueId,
  order: opaqueId,
  by: z.strictObject({ role: z.enum(['supplier', 'buyer', 'platform']), member: opaqueId, user: opaqueId.optional() }),
  /** Sealed, where the bytes are. */
  name: ofPerson(z.string().min(1).max(200)),
  type: z.enum(['application/pdf', 'image/png', 'image/jpeg']),
  bytes: z.int().positive(),
  sha256: z.string(),
  at: instant,
});
export type StoredFile = z.infer<typeof storedFile>;

/** A supplier's credit as of a day: derived from its credit entries, except the open cover. */
const standing = z.strictObject({
  supplier: opaqueId,
  limit: money,
  grade: z.int().min(0).max(5),
  /** What open orders are covered for, in the limit's minor units. */
  openCover: z.int().nonnegative(),
  policy: z.string(),
  asOf: instant,
  /** What completed orders have earned beside the limit (R3), as of the newest entry or change of the member. */
  rewards: z
    .strictObject({
      points: z.int().nonnegative(),
      labels: z.array(z.strictObject({ id: opaqueId, en: z.string(), zh: z.string() })),
      /** Per mille. */
      ranking: z.int().min(1000),
    })
    .optional(),
});
export type Standing = z.infer<typeof standing>;

/** The Citibank account number of one buyer–supplier pair (R30). */
const virtualAccount = z.strictObject({ account: opaqueId, supplier: opaqueId, buyer: opaqueId, assignedAt: instant });

/** The policies, one kind a line (R56). */
const policy = z.union([
  regionPolicy, // regions/v1
  schemePolicy, // trade-assurance/v1, secure-payment/v1
  limitPolicy, // ta-limit/v1
  pointsPolicy, // points/v1
  labelPolicy, // labels/v1
  rankingPolicy, // ranking/v1
  enrolmentPolicy, // enrolment/v1
  withdrawalPolicy, // withdrawal/v1
]);

/** What one message did to an application (R13); `data` as it was sent. */
const enrolmentRow = z.strictObject({
  supplier: opaqueId,
  version: z.int().positive(),
  at: instant,
  message: z.enum(Object.keys(enrolmentMessages) as [EnrolmentMessageName, ...EnrolmentMessageName[]]),
  messageId,
  actor: person,
  data: z.record(z.string(), z.unknown()),
  status: enrolmentStatus,
  key: z.string(),
  hash: z.string(),
});

export const collections = {
  orders: collection({
    form: order.extend({ index: orderIndex.optional() }),
    key: ({ id }) => id,
    // Each has the order of a list at its end (`order-list.ts`).
    indexes: [
      { on: { updatedAt: -1, _id: -1 } },
      { on: { status: 1, updatedAt: -1, _id: -1 } },
      { on: { supplier: 1, updatedAt: -1, _id: -1 } },
      { on: { buyer: 1, updatedAt: -1, _id: -1 } },
      { on: { supplier: 1, status: 1, updatedAt: -1, _id: -1 } },
      { on: { buyer: 1, status: 1, updatedAt: -1, _id: -1 } },
      { on: { scheme: 1, updatedAt: -1, _id: -1 } },
      { on: { 'index.milestone': 1, updatedAt: -1, _id: -1 } },
      { on: { 'index.dispute': 1, updatedAt: -1, _id: -1 }, where: { 'index.dispute': { $exists: true } } },
      // What seldom or never changes costs nothing from message to message.
      { on: { draftedAt: -1, _id: -1 } },
      { on: { supplier: 1, draftedAt: -1, _id: -1 } },
      { on: { buyer: 1, draftedAt: -1, _id: -1 } },
      { on: { confirmedAt: -1, _id: -1 }, where: { confirmedAt: { $exists: true } } },
      { on: { 'index.references': 1, draftedAt: -1, _id: -1 } },
      { on: { 'index.words': 1, draftedAt: -1, _id: -1 } },
      // What a bank's credit may pay (R30).
      { on: { payTo: 1, updatedAt: -1 } },
      // What customs, carriers and inspectors name.
      { on: { 'exports.declaration': 1 } },
      { on: { 'shipment.tracking': 1 } },
      { on: { 'inspections.inspection': 1 } },
    ],
  }),
  journal: collection({
    form: journalRow,
    key: ({ order: id, version }) => `${id}:${String(version)}`,
    indexes: [
      { on: { order: 1, version: 1 }, unique: true },
      { on: { order: 1, key: 1 }, unique: true },
    ],
  }),
  ledger: collection({
    form: transfer,
    key: ({ id }) => id,
    indexes: [{ on: { order: 1, version: 1 } }, { on: { from: 1, at: 1 } }, { on: { to: 1, at: 1 } }],
  }),
  balances: collection({ form: balance, key: (b) => `${b.account} ${b.currency}`, indexes: [{ on: { account: 1 } }] }),
  outbox: collection({
    form: outboxRow,
    key: ({ order: id, version }) => `${id}:${String(version)}`,
    indexes: [{ on: { order: 1, version: 1 }, where: { sent: false } }, { on: { 'notices.to.member': 1, at: -1 } }],
  }),
  besideNotices: collection({
    form: besideNotice,
    key: ({ subject, version }) => `${subject}:${String(version)}`,
    indexes: [
      { on: { subject: 1, version: 1 }, unique: true },
      { on: { at: 1 }, where: { sent: false } },
      { on: { 'notices.to.member': 1, at: -1 } },
    ],
  }),
  subscriptions: collection({
    form: keptSubscription,
    key: ({ id }) => id,
    indexes: [{ on: { 'owner.member': 1, 'owner.role': 1 } }, { on: { 'owner.role': 1 } }],
  }),
  webhookDeliveries: collection({
    form: webhookDelivery,
    key: ({ lane, version }) => `${lane}:${String(version)}`,
    indexes: [
      { on: { lane: 1, version: 1 }, where: { state: 'pending' } },
      { on: { subscription: 1, queuedAt: -1, version: -1 } },
      { on: { subscription: 1, state: 1, queuedAt: -1, version: -1 } },
      { on: { settledAt: 1 }, where: { settledAt: { $exists: true } } },
    ],
  }),
  webhookLanes: collection({
    form: webhookLane,
    key: ({ lane }) => lane,
    indexes: [{ on: { dueAt: 1, subscription: 1 } }, { on: { subscription: 1 } }],
  }),
  mails: collection({
    form: keptMail,
    key: ({ id }) => id,
    indexes: [
      { on: { dueAt: 1 }, where: { state: 'pending' } },
      { on: { state: 1, queuedAt: -1 } },
      { on: { order: 1, version: 1 } },
      { on: { settledAt: 1 }, where: { settledAt: { $exists: true } } },
    ],
  }),
  bankEntries: collection({
    form: bankEntry,
    key: (entry) => `${entry.account}:${entry.entryReference}`,
    indexes: [{ on: { order: 1 } }, { on: { account: 1, valueDate: 1 } }],
  }),
  cases: collection({ form: reconciliationCase, key: ({ id }) => id, indexes: [{ on: { date: -1, state: 1 } }] }),
  inbox: collection({
    form: inboxDelivery,
    key: ({ id }) => id,
    indexes: [
      { on: { dueAt: 1 }, where: { state: 'received' } },
      { on: { profile: 1, receivedAt: 1 } },
      // When a feed was last heard of.
      { on: { kind: 1, receivedAt: -1 } },
    ],
  }),
  inboxRows: collection({
    form: inboxRow,
    key: ({ id }) => id,
    indexes: [
      { on: { delivery: 1, index: 1 } },
      { on: { state: 1, dueAt: 1 } },
      { on: { state: 1, receivedAt: -1, id: -1 } },
      { on: { receivedAt: -1, id: -1 } },
      { on: { key: 1, state: 1, receivedAt: 1, delivery: 1, index: 1 } },
      { on: { waitsFor: 1 }, where: { state: 'parked' } },
      // The credit that a reversal with a reference of its own takes back.
      { on: { 'transfer.uetr': 1 } },
      { on: { 'transfer.endToEnd': 1 } },
      { on: { message: 1, state: 1 } },
    ],
  }),
  feedSources: collection({ form: keptSource, key: ({ id }) => id, indexes: [] }),
  credit: collection({ form: creditEntry, key: entryKey, indexes: [{ on: { supplier: 1, at: 1 } }] }),
  standings: collection({ form: standing, key: ({ supplier }) => supplier, indexes: [] }),
  suspense: collection({
    form: suspenseItem,
    key: ({ id }) => id,
    indexes: [{ on: { state: 1, at: 1 } }, { on: { order: 1, state: 1 } }],
  }),
  virtualAccounts: collection({
    form: virtualAccount,
    key: ({ account }) => account,
    indexes: [{ on: { supplier: 1, buyer: 1 }, unique: true }],
  }),
  members: collection({ form: keptMember, key: ({ id }) => id, indexes: [] }),
  memberKeys: collection({ form: memberKey, key: ({ member: id }) => id, indexes: [] }),
  products: collection({ form: product, key: ({ id }) => id, indexes: [{ on: { supplier: 1 } }] }),
  policies: collection({
    form: policy,
    key: ({ id }) => id,
    indexes: [],
  }),
  withdrawals: collection({
    form: withdrawal,
    key: ({ id }) => id,
    indexes: [{ on: { supplier: 1, reservedAt: -1 } }, { on: { state: 1, reservedAt: 1 } }],
  }),
  payees: collection({
    form: registeredPayee,
    key: ({ id }) => id,
    indexes: [{ on: { supplier: 1, registeredAt: 1 } }],
  }),
  settlements: collection({
    form: settlement,
    key: ({ id }) => id,
    indexes: [{ on: { supplier: 1, quotedAt: -1 } }, { on: { state: 1, quotedAt: 1 } }],
  }),
  points: collection({ form: pointsEntry, key: pointsKey, indexes: [{ on: { supplier: 1, at: 1 } }] }),
  memberRecords: collection({
    form: memberRecord,
    key: ({ member: id, seq }) => `${id}:${String(seq)}`,
    indexes: [{ on: { member: 1, seq: 1 }, unique: true }],
  }),
  sessions: collection({ form: session, key: ({ id }) => id, indexes: [{ on: { expiresAt: 1 } }] }),
  files: collection({ form: storedFile, key: ({ id }) => id, indexes: [{ on: { order: 1, at: 1 } }] }),
  enrolments: collection({
    form: enrolment,
    key: ({ supplier }) => supplier,
    indexes: [{ on: { status: 1, updatedAt: 1 } }, { on: { updatedAt: 1 } }],
  }),
  enrolmentJournal: collection({
    form: enrolmentRow,
    key: ({ supplier, version }) => `${supplier}:${String(version)}`,
    indexes: [
      { on: { supplier: 1, version: 1 }, unique: true },
      { on: { supplier: 1, key: 1 }, unique: true },
    ],
  }),
} as const;

export type CollectionName = keyof typeof collections;
/** A value as its collection keeps it (beside `_id`). */
export type Stored<Name extends CollectionName> = z.infer<(typeof collections)[Name]['form']>;
