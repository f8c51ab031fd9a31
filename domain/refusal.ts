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
  'payment.window-open': kind(
    'The buyer still has time to pay; the order can be closed only after the 15 days.',
    'R29',
  ),
  'payment.money-present': kind(
    'Money has arrived for this order, so it can no longer be cancelled by one side.',
    'R57',
  ),
  'reminder.too-soon': kind('The buyer was reminded a short while ago. Try again later.', 'R55'),
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
  'order.limit-reached': kind('The order holds as many of these as one order can. An operator must look into it.'),
  'commit.failed': kind('The change could not be stored; nothing was changed. An operator must look into it.'),
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
