/**
 * The form of a scheme's policy: table B of the guide, and the periods. Every file of `seeds/policies` of kind `scheme` is
 * checked against it when the seeds are loaded, and in the tests.
 */
import { z } from 'zod';
import { country, opaqueId } from './member';
import { currencyCode, money } from './money';
import { complaintKind, paymentMethod, schemeName, transport, wayIn } from './scheme';
import { instant } from './time';

const basisPoints = z.int().min(0).max(10_000);
const days = z.int().positive();

const methodPolicy = z.strictObject({
  method: paymentMethod,
  /** A transfer that the bank books, or a charge that a processor makes. */
  channel: z.enum(['bank', 'processor']),
  /** What the buyer pays on top, in basis points of the amount (R48). */
  surchargeBasisPoints: basisPoints,
  /** Most of one payment (R26). */
  cap: money.optional(),
});

const complaintPolicy = z.strictObject({
  kinds: z.array(complaintKind).min(1),
  /** What an open complaint holds up; nothing else (R20, R22). */
  stops: z.array(z.enum(['completion', 'release'])),
  /** Days from receipt, or from the missed date, in which the buyer may complain. */
  windowDays: days,
  /** Days that the supplier has for its answer. */
  answerDays: days,
  /** Days after which either side may escalate: 3 means from day 4 on. */
  escalateAfterDays: days,
  /** Days after which the platform takes over by itself: 6 means on day 7. */
  autoEscalateAfterDays: days,
});

export const schemePolicy = z.strictObject({
  id: z.string().regex(/^[a-z-]+\/v[1-9]\d*$/),
  kind: z.literal('scheme'),
  scheme: schemeName,
  effectiveFrom: instant,
  name: z.strictObject({ en: z.string(), zh: z.string() }),
  /** Countries and territories (ISO 3166-1) whose supplier members may use the scheme (R12). */
  supplierCountries: z.array(country).min(1),
  /** Whether the supplier must apply and be approved first (R13). */
  needsActivation: z.boolean(),
  /** Fee on the order total, by side (R8, R14). */
  feeBasisPoints: z.strictObject({ supplier: basisPoints, buyer: basisPoints }),
  /** Orders are priced in this currency, and their total lies above this, and not above that (R15). */
  currency: currencyCode,
  totalAbove: money,
  totalAtMost: money.optional(),
  /** Ways in which the goods may travel (R16). */
  transports: z.array(transport).min(1),
  /** Who clears the export: OneTouch, or the seller by itself, with a carrier's tracking (R17). */
  export: z.enum(['onetouch', 'own']),
  /** Whether the buyer may have the goods inspected before shipment (R22). */
  inspection: z.boolean(),
  /** What is due before shipment: the contract's advance, or the whole price (R24, R25). */
  prepay: z.enum(['advance', 'full']),
  /** Whose account the buyer pays to: the pair's, or the platform's own (R27, R30). */
  payee: z.enum(['supplier', 'platform']),
  platformAccount: opaqueId.optional(),
  /** When the supplier may collect: as soon as the advance is credited, or on receipt (R18, R19). */
  release: z.enum(['at-credit', 'on-receipt']),
  /** Whether the platform guarantees the buyer within the supplier's credit limit (R2). */
  guarantee: z.boolean(),
  /** Whether completed orders accrue credit (R3). */
  accruesCredit: z.boolean(),
  /** Whether the list of countries that OneTouch does not serve applies (R45). */
  servedRegionsOnly: z.boolean(),
  methods: z.array(methodPolicy).min(1),
  /** A bank transfer may fall short by this much, which banks on its way have kept; it counts as paid. */
  bankChargesTolerance: money,
  /** … and by no more than this share of what has come by a bank. */
  bankChargesBasisPoints: basisPoints,
  /** R29: days from the second confirmation within which the money must have arrived. */
  paymentDays: days,
  /** R52: days after its last revision at which an order that is not fully confirmed lapses. */
  draftDays: days,
  /** R55: hours between two reminders. */
  reminderHours: z.int().positive(),
  /** R34: days for the buyer's answer: from when the order learns the shipping date, or (R18) that the goods were delivered. */
  answerDays: z.record(transport, days),
  /** R34: days that each side may add to that period, once. */
  extensionDays: days,
  /** R35: days in which both sides may review. */
  reviewDays: days,
  complaint: complaintPolicy,
  /** R23, R28, R46, R51: ways into an order, by the side that drafts it. */
  waysIn: z.strictObject({ supplier: z.array(wayIn).min(1), buyer: z.array(wayIn).min(1) }),
});
export type SchemePolicy = z.infer<typeof schemePolicy>;
