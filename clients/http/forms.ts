/**
 * The forms of what the API answers with. OpenAPI is made from them; in the tests every answer is held to its form. Where the
 * domain has a form, it is that one.
 */
import { z } from 'zod';
import { journalEntry, orderEvent } from '../../domain/events';
import { enrolment as enrolmentForm, enrolmentStatus } from '../../domain/enrolment';
import { member, opaqueId, user } from '../../domain/member';
import { memberRecord } from '../../domain/member-record';
import { messageNames } from '../../domain/messages';
import { currencyCode, money } from '../../domain/money';
import { milestones, order, orderStatus } from '../../domain/order';
import { dispute } from '../../domain/order-index';
import { registeredPayee } from '../../domain/payee';
import { settlement } from '../../domain/settlement';
import { suspenseItem } from '../../domain/suspense';
import { calendarDate, instant, startOfChinaDate } from '../../domain/time';
import { withdrawal } from '../../domain/withdrawal';

/** Answers by status, for a route's schema. What a handler sends is typed by what it calls, not by these. */
export const answers = (forms: Record<number, z.ZodType>): object => ({ response: forms });

/** A page of a list: `next`, where there is one, is the cursor of the next page. */
export const pageOf = <Form extends z.ZodType>(form: Form) =>
  z.strictObject({ items: z.array(form), next: z.string().optional() });

/** What may stand where a limit and a cursor are asked for. */
export const paging = {
  /** At most so many in a page. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
};

/** An instant, or a date in China, which stands for its first instant. */
export const moment = z.union([instant, calendarDate.transform(startOfChinaDate)], {
  error: 'a date in China (YYYY-MM-DD), or an instant (ISO 8601)',
});

const event = orderEvent.meta({ id: 'OrderEvent' });

/** What a message came to. */
export const answer = z
  .strictObject({ order: opaqueId, version: z.int(), status: orderStatus, events: z.array(event) })
  .meta({ id: 'Answer', description: 'What stands in the journal by a message; no events when it changed nothing' });

/** The outcome of a message, at its status address. */
export const outcome = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('applied'), answer }),
  z.strictObject({ state: z.literal('refused'), code: z.string(), title: z.string(), detail: z.string().optional() }),
  z.strictObject({ state: z.literal('pending') }),
]);
/** What is told while there is no outcome yet. */
export const accepted = z.strictObject({ state: z.literal('pending'), status: z.string() });

const side = z.enum(['supplier', 'buyer']);
const share = z.strictObject({ quantity: z.number(), value: z.int() });
export const orderView = order
  .omit({ recent: true, reviews: true, total: true })
  .extend({
    milestone: z.enum(milestones),
    completeness: z.strictObject({ percent: z.int(), missing: z.array(z.string()) }),
    total: money.optional(),
    outstanding: money.optional(),
    coverEstimate: money.optional(),
    awaits: z.string(),
    deadlines: z.array(z.strictObject({ at: instant, message: z.enum(messageNames) })),
    differences: z.array(
      z.strictObject({ hsCode: z.string(), unit: z.string(), agreed: share, declared: share, currency: currencyCode }),
    ),
    reviews: z.union([order.shape.reviews, z.strictObject({ published: z.literal(false), given: z.array(side) })]),
  })
  .meta({ id: 'Order' });

/** An order in a list. */
export const orderRow = z
  .strictObject({
    id: opaqueId,
    version: z.int(),
    status: orderStatus,
    milestone: z.enum(milestones),
    scheme: order.shape.scheme,
    supplier: opaqueId,
    buyer: opaqueId,
    purchaseOrder: z.string().optional(),
    total: money.optional(),
    outstanding: money.optional(),
    awaits: z.string(),
    /** The earliest deadline. */
    dueAt: instant.optional(),
    dispute: dispute.optional(),
    draftedAt: instant,
    confirmedAt: instant.optional(),
    updatedAt: instant,
  })
  .meta({ id: 'OrderRow' });

/** A journal entry as told: of a review that is not published yet, only that it was given (R35). */
export const toldEntry = z
  .strictObject({
    ...journalEntry.shape,
    events: z.array(z.union([event, z.strictObject({ type: z.literal('reviewGiven'), by: side })])),
  })
  .meta({ id: 'JournalEntry' });

export const revision = z
  .looseObject({ revision: z.int(), how: z.enum(['drafted', 'revised', 'amended']), by: side, at: instant })
  .meta({ id: 'Revision' });

/** A supplier's limit, and how it came about line by line. */
export const creditExplanation = z
  .looseObject({ at: instant, policyVersion: z.string(), limit: money, grade: z.int(), steps: z.array(z.string()) })
  .meta({ id: 'CreditLimit' });

const posting = z.looseObject({ id: z.string(), at: instant, kind: z.string(), order: opaqueId.optional() });
const signedMoney = z.strictObject({ amount: z.int(), currency: currencyCode });
export const ledgerPosting = posting
  .extend({ from: z.string(), to: z.string(), amount: money })
  .meta({ id: 'Posting', description: 'One amount, from one account to another' });
export const statementForm = z
  .strictObject({
    supplier: opaqueId,
    currency: currencyCode,
    from: instant,
    to: instant,
    opening: signedMoney,
    lines: z.array(posting.extend({ what: z.string(), amount: signedMoney, balance: signedMoney })),
    closing: signedMoney,
  })
  .meta({ id: 'Statement' });
export const collectable = z.strictObject({ order: opaqueId, amount: money });

export const payeeForm = registeredPayee.meta({ id: 'Payee' });
export const withdrawalForm = withdrawal.meta({ id: 'Withdrawal' });
export const settlementForm = settlement.meta({ id: 'Settlement' });
export const suspenseForm = suspenseItem.meta({ id: 'SuspenseItem' });
export const memberForm = member.meta({ id: 'Member' });
export const userForm = user.meta({ id: 'User' });
export const recordForm = memberRecord.meta({ id: 'MemberRecord' });
export const memberFileForm = z.strictObject({
  member: memberForm,
  records: z.array(recordForm),
  proposal: recordForm.optional(),
});

export const enrolment = enrolmentForm.omit({ recent: true }).meta({ id: 'Enrolment' });
export const enrolmentReply = z.strictObject({
  supplier: opaqueId,
  version: z.int(),
  round: z.int(),
  status: enrolmentStatus,
});
export const enrolmentEntry = z.looseObject({
  version: z.int(),
  at: instant,
  message: z.string(),
  status: enrolmentStatus,
});

export const noticeForm = z.looseObject({
  /** Of a notice beside the orders there is `about` in its place: `withdrawal:w-1`. */
  order: opaqueId.optional(),
  about: z.string().optional(),
  version: z.int(),
  at: instant,
  key: z.string(),
  text: z.string(),
});
export const policyForm = z.looseObject({ id: z.string(), effectiveFrom: instant });
