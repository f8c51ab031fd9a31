/**
 * The error catalogue: every reason for which a message may be refused, with a text for people and the rule behind it.
 * Workflow failures, the CLI, and later the HTTP problems and the portal's texts derive from this table.
 */

interface RefusalKind {
  /** What is wrong and what to do, for people. */
  text: string;
  /** The rule behind it, when there is one. */
  rule?: string;
}

const kind = (text: string, rule?: string): RefusalKind => (rule === undefined ? { text } : { text, rule });

export const refusals = {
  'message.invalid': kind(
    'The message does not have the form that the message table asks for. Correct the fields named in the detail.',
  ),
  'message.unknown': kind('There is no message of that name. `ta message list` shows them all.'),
  'message.id-reused': kind('This message id was used before with another body. Send a new message under a new id.'),
  'actor.role-not-allowed': kind('This message is not one that the sender’s role may send.'),
  'actor.not-a-party': kind('The sender is not a party to this order.'),
  'order.not-found': kind('There is no such order. Check the id, or start the order first.'),
  'order.exists': kind('An order with this id exists already. Use a new id.'),
  'order.wrong-state': kind('The order is not in a state in which this message has a meaning.'),
  'order.halted': kind(
    'The order has halted on a failure that an operator must clear; nothing was changed. Try again later.',
  ),
  'order.without-workflow': kind(
    'The order is open, yet its workflow is gone; nothing was changed. An operator must recover it.',
  ),
  'order.closed': kind('The order has ended; nothing more can be done to it.'),
  'order.incomplete': kind('The contract is not complete. Fill in the fields named in the detail.', 'R53'),
  'order.inconsistent': kind('The parts of the contract contradict each other. See the detail.', 'R53'),
  'revision.stale': kind('The contract has been revised since. Read the newest revision and answer that one.', 'R52'),
  'revision.empty': kind('The revision changes nothing.', 'R52'),
  'member.not-found': kind('There is no such member.'),
  'supplier.not-china': kind('Trade Assurance is for China suppliers, without Hong Kong, Macao and Taiwan.', 'R12'),
  'supplier.not-a-supplier': kind('The supplier’s account is not a paid China supplier membership.', 'R12'),
  'supplier.not-activated': kind(
    'The supplier has not activated Trade Assurance. It must apply and be approved first.',
    'R13',
  ),
  'supplier.suspended': kind('Trade Assurance is suspended for this supplier after upheld complaints.', 'R58'),
  'buyer.account-not-eligible': kind('The buyer needs a buyer account: overseas free or overseas paid.', 'R41'),
  'buyer.region-not-served': kind('Buyers of this country or destination cannot use Trade Assurance.', 'R45'),
  'buyer.is-supplier': kind('Supplier and buyer are the same member.'),
  'payment.entry-conflict': kind(
    'The bank reported this entry before, with another amount or for another order. An operator must look into it.',
    'R30',
  ),
  'payment.entry-unknown': kind('No such entry of the bank was booked for this order.', 'R30'),
  'payment.window-open': kind(
    'The buyer still has time to pay; the order can be closed only after the 15 days.',
    'R29',
  ),
  'payment.money-present': kind(
    'Money has arrived for this order, so it can no longer be cancelled by one side.',
    'R57',
  ),
  'reminder.too-soon': kind('The other side was reminded a short while ago. Try again later.', 'R55'),
  'export.duplicate': kind('This export service order or declaration is registered already, with other content.', 'R6'),
  'export.unknown': kind('There is no such export service order or declaration on this order.', 'R6'),
  'export.in-future': kind(
    'The word of customs is dated in the future. Correct the date, or send it again then.',
    'R32',
  ),
  'export.set-complete': kind('The set of export service orders was marked complete; no more can be added.', 'R32'),
  'export.released': kind('Customs has released this declaration; it can no longer be cancelled.', 'R32'),
  'export.none': kind('No export service order is registered; there is nothing to mark complete.', 'R32'),
  'answer.already-extended': kind('This side has extended the period once already.', 'R34'),
  'review.already-given': kind('This side has reviewed the order already.', 'R35'),
  'effect.unknown': kind('There is no failed effect of that id on this order.'),
  'message.too-large': kind('The message is larger than an order can take. Refer to documents by a link instead.'),
  'message.failed': kind(
    'The message could not be worked out; nothing was changed. This is a fault of ours: report it with the detail.',
  ),
  'order.not-in-scheme': kind('The order’s scheme has no such step; see the detail for what it has instead.'),
  'order.way-in': kind('An order cannot be begun in this way. See the detail.', 'R28'),
  'revision.not-offered': kind(
    'The other side has not confirmed this revision; there is nothing to decline yet.',
    'R57',
  ),
  'payment.id-reused': kind('This payment id was used before with other terms. Pay under a new id.', 'R48'),
  'payment.method-not-offered': kind('This method is not one that the contract and the scheme offer.', 'R26'),
  'payment.method-cap': kind('The amount is above what one payment by this method may be.', 'R26'),
  'payment.currency-mismatch': kind('The amount is not in the currency of the order.', 'R15'),
  'payment.quote-mismatch': kind(
    'The surcharge is not the one quoted. Ask for the quote again; it is in the detail.',
    'R48',
  ),
  'payment.charge-pending': kind('A charge is under way. Wait for the processor’s answer.', 'R48'),
  'payment.more-than-due': kind('The amount is more than what is outstanding.', 'R31'),
  'payment.balance-due': kind('The contract asks for the balance before shipment, and it has not arrived yet.', 'R25'),
  'suspense.not-applicable': kind('The money in suspense cannot be applied to this order.', 'R30'),
  'suspense.not-found': kind('There is no such item in suspense.', 'R30'),
  'suspense.not-open': kind('This item is not open any more; see its state in the detail.', 'R30'),
  'suspense.not-approved': kind('Two operators must first have said that this item belongs to the order.', 'R30'),
  'refund.more-than-paid': kind('A refund cannot be more than what was paid and has not gone back yet.', 'R20'),
  'supplier.balance-short': kind('The supplier’s balance does not reach to this refund.', 'R57'),
  'export.forwarder-missing': kind(
    'Ex works, the buyer’s forwarder declares: name it, with the OneTouch papers.',
    'R44',
  ),
  'export.forwarder-not-agreed': kind('Only an ex-works order is declared by a forwarder.', 'R44'),
  'shipment.duplicate': kind('The goods were handed to a carrier already, under another number.', 'R16'),
  'shipment.unknown': kind('There is no shipment with this tracking number on this order.', 'R16'),
  'shipment.in-future': kind('The word is dated in the future. Correct the date, or send it again then.', 'R16'),
  'inspection.no-standard': kind('The contract names no inspection standard to inspect the goods by.', 'R22'),
  'inspection.duplicate': kind('An inspection with this id was requested of another inspector.', 'R22'),
  'inspection.unknown': kind('There is no such inspection on this order.', 'R22'),
  'proposal.not-open': kind('This proposal is not open. Read the newest one and answer that.', 'R57'),
  'proposal.own': kind('A side cannot accept its own proposal.', 'R57'),
  'complaint.none': kind('There is no open complaint on this order.', 'R20'),
  'complaint.open': kind('A complaint is open; settle or withdraw it first.', 'R20'),
  'complaint.kind-not-offered': kind('The order’s scheme has no complaint of this kind.', 'R20'),
  'complaint.not-now': kind('There is nothing to complain of in this way yet, or it is too late.', 'R20'),
  'complaint.more-than-paid': kind('The claim is more than what was paid.', 'R20'),
  'complaint.answered': kind('The complaint has been answered already.', 'R20'),
  'complaint.too-early': kind('The two have until then to settle the complaint between them.', 'R20'),
  'complaint.not-escalated': kind('The platform rules once the complaint has been escalated.', 'R20'),
  'ruling.award': kind('The award does not fit the outcome. See the detail.', 'R20'),
  'approval.pending': kind('Something else waits for approval. Have it approved or turned down first.', 'R20'),
  'approval.none': kind('There is nothing of that number to approve.', 'R20'),
  'approval.same-operator': kind('Another operator must approve what this one has put forward.', 'R20'),
  'order.limit-reached': kind('The order holds as many of these as one order can. An operator must look into it.'),
  'commit.failed': kind('The change could not be stored; nothing was changed. An operator must look into it.'),
  'funds.order-not-yours': kind('The supplier has no order of that id, so it has no money of it.', 'R18'),
  'funds.amount-exceeds-order': kind(
    'That is more than the supplier may still collect of this order. Its statement shows how much there is.',
    'R18',
  ),
  'funds.balance-short': kind('The supplier’s balance does not cover this.', 'R9'),
  'withdrawal.channel': kind(
    'A channel pays its own currency only: USD the dollars, CNY what was settled into CNY before.',
    'R9',
  ),
  'withdrawal.below-fee': kind('Nothing would be left to pay out once the fee of the channel is taken.', 'R9'),
  'withdrawal.not-found': kind('There is no such withdrawal.'),
  'fx.quote-expired': kind('The bank’s quote holds no longer. Ask for a new one.'),
  'fx.refused': kind('The bank does not settle this; the money is the supplier’s again. Ask for a new quote.'),
  'fx.not-found': kind('There is no such settlement.'),
  'statement.too-long': kind('The period holds more postings than one statement takes. Choose a shorter one.'),
  'actor.user-unknown': kind('The member has no active user of that name.'),
  'actor.user-not-allowed': kind('The user’s role in its company may not send this message.'),
  'actor.not-the-member': kind('The sender is not the member whom this is about.'),
  'user.exists': kind('The company has a user of that id or e-mail address already.'),
  'user.not-found': kind('The company has no such user.'),
  'user.owner-needed': kind('Of a company’s active users one at least must be its owner.'),
  'user.too-many': kind('The company has as many users on record as one can have.'),
  'decision.same-person': kind('Two people decide this: whoever proposed or verified it cannot approve it.'),
  'member.not-suspended': kind('The supplier is not suspended, so there is nothing to reinstate.', 'R58'),
  'reinstatement.open': kind('Another reinstatement waits for approval. Approve it, or decline it first.', 'R58'),
  'reinstatement.not-proposed': kind(
    'No reinstatement waits for approval. Another operator proposes one first.',
    'R58',
  ),
  'enrolment.not-found': kind('The supplier has not applied for Trade Assurance.', 'R13'),
  'enrolment.not-needed': kind('Trade Assurance is activated for this supplier already.', 'R13'),
  'enrolment.wrong-state': kind('The application is not in a state in which this has a meaning.', 'R13'),
  'enrolment.closed': kind('The application has ended. Apply again.', 'R13'),
  'enrolment.too-soon': kind('A refused supplier may apply again only after a while. The detail says when.', 'R13'),
  'enrolment.score-too-low': kind('The company’s verification is below what Trade Assurance asks for.', 'R13'),
  'enrolment.too-many-documents': kind('The application holds as many documents as one can.', 'R13'),
  'enrolment.without-workflow': kind(
    'The application is open, yet its workflow is gone; nothing was changed. The supplier applies again to go on.',
  ),
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof refusals;

/** Why a message was refused: a stable code, a text for people, the rule, and where it is wrong. */
export interface Refusal {
  refused: RefusalCode;
  text: string;
  rule?: string;
  /** What exactly is wrong and where, e.g. `data.amount: expected an integer`. */
  detail?: string;
}

/** Most characters of a detail: it may quote what somebody sent, and refusals are kept on the order. */
const maxDetail = 1000;

/** A refusal of this code, with its text and rule from the catalogue. */
export function refuse(code: RefusalCode, detail?: string): Refusal {
  const { text, rule } = refusals[code];
  return { refused: code, text, ...(rule && { rule }), ...(detail && { detail: detail.slice(0, maxDetail) }) };
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;
