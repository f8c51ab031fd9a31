/** An order as people see it: its state with what follows from it, and without what is not yet theirs to see (R35, R50). */
import { completeness, type Completeness } from './contract';
import { deadlines, type Deadline } from './deadlines';
import type { JournalEntry, OrderEvent, Side } from './events';
import type { Money } from './money';
import {
  draftTotal,
  isPaid,
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

export function viewOf(order: Order): OrderView {
  const { recent: _recent, reviews, ...rest } = order;
  const total = draftTotal(order);
  const given = (['supplier', 'buyer'] as const).filter((side) => reviews[side]);
  return {
    ...rest,
    milestone: milestoneOf(order),
    completeness: completeness(order.contract),
    ...(total && { total }),
    ...(order.total && { outstanding: outstanding(order) }),
    awaits: awaits(order),
    deadlines: deadlines(order),
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

const awaited: Record<OrderStatus, (order: Order) => string> = {
  negotiating: ({ contract }) =>
    `supplier and buyer complete (${String(completeness(contract).percent)} %) and confirm the contract`,
  'awaiting-buyer': () => 'buyer confirms the contract',
  'awaiting-supplier': () => 'supplier confirms the contract',
  'awaiting-activation': () => 'platform activates Trade Assurance for the supplier',
  'awaiting-payment': ({ paymentLapsed, charges, scheme }) =>
    charges.some(({ state }) => state === 'pending')
      ? 'the card processor answers'
      : `buyer pays ${scheme === 'secure-payment' ? 'the whole price' : 'the advance'}${paymentLapsed ? '; the supplier may close the order' : ''}`,
  'awaiting-shipment': (order) => shipmentAwaited(order),
  'awaiting-answer': () => 'buyer answers whether the goods were shipped as agreed',
  'awaiting-receipt': () => 'buyer confirms that the goods were received',
  'awaiting-balance': () => 'buyer pays the balance',
  'awaiting-reviews': ({ reviews }) =>
    `review of the ${(['supplier', 'buyer'] as const).filter((side) => !reviews[side]).join(' and the ')}`,
  completed: ({ effects }) =>
    effects.some(({ kind }) => kind === 'accrueCredit')
      ? 'the supplier’s credit limit is brought up to date'
      : 'nothing',
  refunded: () => 'nothing',
  'closed-unpaid': () => 'nothing',
  cancelled: () => 'nothing',
  lapsed: () => 'nothing',
};

function shipmentAwaited(order: Order): string {
  if (policyOf(order).export === 'own')
    return order.shipment ? 'the carrier takes the goods' : 'supplier hands the goods to a carrier';
  if (order.exportSetComplete) return 'customs releases every declaration';
  const isBalanceDue = order.contract.payment?.balance === 'before-shipment' && !isPaid(order);
  return isBalanceDue ? 'buyer pays the balance' : 'supplier declares the goods through OneTouch';
}

/** What else is open beside the main road, and whose turn it is there. */
function beside(order: Order): string[] {
  const complaint = openComplaint(order);
  const { proposal, approval, refunds } = order;
  return [
    ...(complaint ? [complaintAwaited(complaint)] : []),
    ...(proposal
      ? [
          `${proposal.by === 'supplier' ? 'buyer' : 'supplier'} answers proposal ${String(proposal.id)} (${proposal.proposed.kind})`,
        ]
      : []),
    ...(approval ? [`a second operator approves the ${approval.decision.kind} of ${approval.by}`] : []),
    ...(refunds.some(({ state }) => state === 'awaiting-payee') ? ['buyer names the account for the refund'] : []),
    ...(refunds.some(({ state }) => state === 'pending') ? ['the refund is paid out'] : []),
  ];
}

const complaintAwaited = ({ id, escalated, answer }: Complaint): string => {
  const whose = escalated ? 'platform rules on' : answer ? 'supplier and buyer settle' : 'supplier answers';
  return `${whose} complaint ${String(id)}`;
};

/** What the order waits for, and from whom. */
export function awaits(order: Order): string {
  const more = beside(order);
  const main = awaited[order.status](order);
  return (main === 'nothing' && more.length > 0 ? more : [main, ...more]).join('; ');
}
