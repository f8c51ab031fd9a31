/** An order as people see it: its state with what follows from it, and without what is not yet theirs to see (R35, R50). */
import { completeness, type Completeness } from './contract';
import { deadlines, type Deadline } from './deadlines';
import type { JournalEntry, OrderEvent, Side } from './events';
import type { Money } from './money';
import { draftTotal, milestoneOf, outstanding, type Milestone, type Order, type OrderStatus } from './order';

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
  'awaiting-payment': ({ paymentLapsed }) =>
    `buyer pays the advance${paymentLapsed ? '; the supplier may close the order' : ''}`,
  'awaiting-shipment': ({ exportSetComplete }) =>
    exportSetComplete ? 'customs releases every declaration' : 'supplier declares the goods through OneTouch',
  'awaiting-answer': () => 'buyer answers whether the goods were shipped as agreed',
  'awaiting-balance': () => 'buyer pays the balance',
  'in-dispute': () => 'supplier and buyer settle the complaint',
  'awaiting-reviews': ({ reviews }) =>
    `review of the ${(['supplier', 'buyer'] as const).filter((side) => !reviews[side]).join(' and the ')}`,
  completed: ({ effects }) => (effects.length > 0 ? 'the supplier’s credit limit is brought up to date' : 'nothing'),
  'closed-unpaid': () => 'nothing',
  cancelled: () => 'nothing',
  lapsed: () => 'nothing',
};

/** What the order waits for, and from whom. */
export const awaits = (order: Order): string => awaited[order.status](order);
