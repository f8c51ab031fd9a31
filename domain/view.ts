/** An order as people see it: its state with what follows from it, and without what is not yet theirs to see (R35, R50). */
import { completeness, type Completeness } from './contract';
import { deadlines, type Deadline } from './deadlines';
import type { JournalEntry, OrderEvent, Side } from './events';
import type { Money } from './money';
import {
  draftTotal,
  isBalanceDue,
  isPaid,
  liveExports,
  milestoneOf,
  openComplaint,
  outstanding,
  type Complaint,
  type Milestone,
  type Order,
  type OrderStatus,
} from './order';
import { differencesOf, type Difference } from './declared';
import { policyOf } from './scheme';

export interface OrderView extends Omit<Order, 'recent' | 'reviews' | 'total'> {
  milestone: Milestone;
  completeness: Completeness;
  total?: Money;
  outstanding?: Money;
  /** What the platform would guarantee today, told while the sides may still confirm (R2). */
  coverEstimate?: Money;
  /** What the order waits for, and from whom. */
  awaits: string;
  deadlines: Deadline[];
  /** How the declared goods differ from the contract (R34). */
  differences: Difference[];
  /** Reviews once they are published; before that only who has given one. */
  reviews: Order['reviews'] | { published: false; given: Side[] };
}

/** What lists tell of an order beside its own fields; they need it of many orders at once. */
export function gistOf(order: Order): Pick<OrderView, 'milestone' | 'total' | 'outstanding' | 'awaits' | 'deadlines'> {
  const total = draftTotal(order);
  return {
    milestone: milestoneOf(order),
    ...(total && { total }),
    ...(order.total && { outstanding: outstanding(order) }),
    awaits: awaits(order),
    deadlines: deadlines(order),
  };
}

/** What both have confirmed was complete (R53), and is amended into what is. */
const complete: Completeness = { percent: 100, missing: [] };

export function viewOf(order: Order): OrderView {
  const { recent: _recent, reviews, ...rest } = order;
  const given = (['supplier', 'buyer'] as const).filter((side) => reviews[side]);
  return {
    ...rest,
    ...gistOf(order),
    completeness: order.confirmedAt ? complete : completeness(order.contract),
    differences: differencesOf(order),
    reviews: reviews.published ? reviews : { published: false, given },
  };
}

/** A journal entry as people see it: of a review that is not published yet, only that it was given (R35). */
export type ToldEntry = Omit<JournalEntry, 'events'> & { events: ToldEvent[] };
export type ToldEvent = OrderEvent | Pick<Extract<OrderEvent, { type: 'reviewGiven' }>, 'type' | 'by'>;

export const toldJournal = (journal: readonly JournalEntry[], { reviews }: Pick<OrderView, 'reviews'>): ToldEntry[] =>
  journal.map((entry) => ({
    ...entry,
    events: entry.events.map((event): ToldEvent =>
      event.type === 'reviewGiven' && !reviews.published ? { type: event.type, by: event.by } : event,
    ),
  }));

/** The step of the main road that comes next, and whose it is; none where something beside the road holds the order up. */
const awaited: Record<OrderStatus, (order: Order) => string | undefined> = {
  negotiating: ({ contract, declined, revision }) =>
    declined?.revision === revision
      ? `supplier and buyer negotiate; the ${declined.by} has declined revision ${String(revision)}`
      : `supplier and buyer complete (${String(completeness(contract).percent)} %) and confirm the contract`,
  'awaiting-buyer': () => 'buyer confirms the contract',
  'awaiting-supplier': () => 'supplier confirms the contract',
  'awaiting-activation': () => 'platform activates Trade Assurance for the supplier',
  'awaiting-payment': (order) =>
    isCharging(order)
      ? undefined
      : `buyer pays ${policyOf(order).prepay === 'full' ? 'the whole price' : 'the advance'}${order.paymentLapsed ? '; the supplier may close the order' : ''}`,
  'awaiting-shipment': (order) => shipmentAwaited(order),
  'awaiting-answer': (order) =>
    openComplaint(order) ? undefined : 'buyer answers whether the goods were shipped as agreed',
  'awaiting-receipt': (order) => (openComplaint(order) ? undefined : 'buyer confirms that the goods were received'),
  'awaiting-balance': (order) => (isPaid(order) || isCharging(order) ? undefined : 'buyer pays the balance'),
  'awaiting-reviews': ({ reviews: { supplier, buyer } }) =>
    supplier ? 'buyer reviews the order' : buyer ? 'supplier reviews the order' : 'supplier and buyer review the order',
  completed: () => undefined,
  refunded: () => undefined,
  'closed-unpaid': () => undefined,
  cancelled: () => undefined,
  lapsed: () => undefined,
};

const isCharging = ({ charges }: Order): boolean => charges.some(({ state }) => state === 'pending');

function shipmentAwaited(order: Order): string {
  if (policyOf(order).export === 'own')
    return order.shipment ? 'the carrier takes the goods' : 'supplier hands the goods to a carrier';
  if (order.exportSetComplete)
    return liveExports(order).length > 0
      ? 'customs releases every declaration'
      : 'supplier takes out what customs cancelled, and declares the goods anew';
  return isBalanceDue(order) ? 'buyer pays the balance' : 'supplier declares the goods through OneTouch';
}

/** What else is open beside the main road, and whose turn it is there. */
function beside(order: Order): string[] {
  const complaint = openComplaint(order);
  const { proposal, approval } = order;
  return [
    ...(isCharging(order) ? ['the processor answers the charge'] : []),
    ...(complaint && approval?.decision.kind !== 'ruling' ? [complaintAwaited(complaint)] : []),
    ...(proposal
      ? [`${otherSide(proposal.by)} answers proposal ${String(proposal.id)} (${proposal.proposed.kind})`]
      : []),
    ...(approval
      ? [`a second operator approves the ${approval.decision.kind} of ${approval.by} (approval ${String(approval.id)})`]
      : []),
    ...((order.awardOwed ?? 0) > 0 ? ['supplier repays what it owes of the award'] : []),
    ...refundsAwaited(order),
    ...effectsAwaited(order),
  ];
}

const otherSide = (by: Side): Side => (by === 'supplier' ? 'buyer' : 'supplier');

function complaintAwaited({ id, escalated, answer, unanswered }: Complaint): string {
  const of = `complaint ${String(id)}`;
  if (escalated) return `platform rules on ${of}`;
  if (answer) return `supplier and buyer settle ${of}`;
  return `supplier answers ${of}${unanswered ? '; the buyer may escalate it' : ''}`;
}

function refundsAwaited({ refunds, effects }: Order): string[] {
  const failed = new Set(
    effects.flatMap(({ kind, state, of }) => (kind === 'refund' && state === 'failed' ? [of] : [])),
  );
  const under = refunds.filter(({ id, state }) => state === 'pending' && !failed.has(String(id)));
  return [
    ...(refunds.some(({ state }) => state === 'awaiting-payee') ? ['buyer names the account for the refund'] : []),
    ...(under.some(({ via }) => via === 'bank') ? ['the bank pays the refund'] : []),
    ...(under.some(({ via }) => via === 'card') ? ['the processor pays the refund'] : []),
  ];
}

function effectsAwaited({ effects }: Order): string[] {
  const isCredit = effects.some(({ kind, state }) => state === 'pending' && kind.endsWith('Credit'));
  return [
    ...effects.flatMap(({ id, kind, state }) => (state === 'failed' ? [`platform tries ${kind} ${id} again`] : [])),
    ...(isCredit ? ['the supplier’s credit limit is brought up to date'] : []),
  ];
}

/** What the order waits for, and from whom; of an order that is closed, what still keeps it from its end. */
export function awaits(order: Order): string {
  const main = awaited[order.status](order);
  const all = [...(main === undefined ? [] : [main]), ...beside(order)];
  if (all.length > 0) return all.join('; ');
  const isOpen = order.endedAt === undefined && order.complainBy !== undefined;
  return isOpen ? 'the end of the buyer’s time for complaints' : 'nothing';
}
