/** What the order workflow and its callers agree on: names, inputs, answers, the query. */
import type { JournalEntry, OrderEvent } from '../domain/events';
import type { Order, OrderStatus } from '../domain/order';
import type { Refusal } from '../domain/refusal';

/** Name of the workflow type. */
export const orderWorkflow = 'order';
/** Id of an order's workflow. */
export const workflowIdOf = (order: string): string => `ta-order-${order}`;

/** The workflow that pays an item of suspense back, and its id. */
export const suspenseReturnWorkflow = 'suspenseReturn';
export const suspenseReturnId = (item: string): string => `ta-return-${item}`;

/** The workflow that sweeps the inbox, started by a schedule. */
export const sweepWorkflow = 'sweep';
/** The workflow that reconciles bank and books, started by a schedule. */
export const reconcileWorkflow = 'reconcile';

/** The schedules of a deployment: each starts a workflow of its own id. */
export const scheduleIds = ['ta-sweep', 'ta-reconcile'] as const;

/**
 * Names that are no messages of the order: the query for its live state, what an operator sends to a halted order, what has an
 * order read on in the journal.
 */
export const viewQuery = 'view';
export const resumeSignal = 'resume';
export const catchUpSignal = 'catchUp';
/** Query: what this run has applied after a version, at most 50 entries, to restate a journal from. */
export const entriesQuery = 'entries';

export interface OrderInput {
  order: string;
  /** What an earlier run of the same order hands over. */
  carried?: { order: Order; refusals: Refusals };
  /**
   * An Update that comes with the outcome of an effect, or with a deadline that rings, has its turn after it. In a replay it may
   * come earlier than it did: the SDK tells a task that was prolonged, and the next one, as one. Runs from before 2026-11-26
   * have no such word, and go on as they began.
   */
  updatesLast?: true;
  /**
   * Events of history after which to continue as new, where the server's own suggestion (4,096) is too late: a worker that has not
   * got an order in its cache tells all of them again, within the time of one task.
   */
  continueAfterEvents?: number;
}

/** An order of the main road has some 100 events; one that goes on and on is told again in a second. */
const longRun = 1000;

/** What a new run is started with. */
export const newRun = (order: string, carried?: OrderInput['carried']): OrderInput => ({
  order,
  updatesLast: true,
  continueAfterEvents: longRun,
  ...(carried && { carried }),
});

/** Answer to an Update: what stands in the journal by it. */
export interface Answer {
  order: string;
  version: number;
  status: OrderStatus;
  /** What happened by this message; empty when it changed nothing. */
  events: OrderEvent[];
}

/** Signals that were refused: how many, and the newest of them. */
export interface Refusals {
  count: number;
  /** `key`: the message's, as its journal entry would have it (sender and id). */
  newest: (Refusal & { message: string; at: string; key?: string })[];
}

export interface LiveView {
  order?: Order;
  refusals: Refusals;
  /** Why the order has halted, if so. */
  halted?: string;
}

/** An entry of the journal as a run has applied it; with its message's data where the run has seen the message. */
export interface AppliedEntry {
  entry: JournalEntry;
  data?: unknown;
}

export interface OrderResult {
  order: string;
  status: OrderStatus;
  version: number;
}
