/** What the sweep and the reconciliation do outside of their workflows. How is given by the worker, which knows the clients. */
import { Context } from '@temporalio/activity';
import { addDays, chinaDate } from '../domain/time';

/** What was done: deliveries read, rows routed or put off, parked rows looked at again. */
export interface Worked {
  read: number;
  routed: number;
  woken: number;
}

/** An order that was looked at: when it last changed, and its id. */
export interface Mark {
  at: string;
  order: string;
}

/** Orders that rest, looked at since the mark: whether their workflows have seen all that the books have. */
export interface CaughtUp {
  looked: number;
  caughtUp: number;
  /** Where the next look goes on. */
  mark: Mark;
  /** Orders that gave no answer: the next look begins with them. */
  unanswered: string[];
}

export interface InboxDependencies {
  /** Once `ending` is aborted it takes nothing more, and ends. */
  sweep: (ending: AbortSignal) => Promise<Worked>;
  /** How long one sweep goes on while there is more and more to do, in milliseconds: the next one does the rest. */
  sweepForMs?: number;
  catchUp: (after: Mark, unanswered?: readonly string[]) => Promise<CaughtUp>;
  /** Reconciles a date; answers how many cases are open. */
  reconcile: (date: string, at: string) => Promise<number>;
  now?: () => string;
}

export type InboxActivities = ReturnType<typeof createInboxActivities>;

/** So far back the first sweep looks. */
const lookBackMs = 60 * 60 * 1000;

/** How often the engine is told that the work goes on, in milliseconds. */
const beatMs = 5000;

/** Tells the engine that the work goes on: that of a worker that was killed is taken up by another within its heartbeat. */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const { heartbeat } = Context.current();
  const beat = setInterval(() => heartbeat(), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

export const createInboxActivities = ({
  sweep,
  sweepForMs = 30_000,
  catchUp,
  reconcile,
  now = () => new Date().toISOString(),
}: InboxDependencies) => ({
  /** Reads what is unread, routes what is due, looks again at what is parked. May be repeated at any time. */
  sweepInbox: (): Promise<Worked> =>
    beating(() => sweep(AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(sweepForMs)]))),

  /** Has orders read on in their journals whose workflows stand behind them. May be repeated at any time. */
  catchUpOrders: (after?: Mark, unanswered?: readonly string[]): Promise<CaughtUp> =>
    beating(() =>
      catchUp(after ?? { at: new Date(Date.parse(now()) - lookBackMs).toISOString(), order: '' }, unanswered),
    ),

  /** Reconciles the day in China that was so many days ago; the same again finds the same. */
  reconcileDay: (ago: number): Promise<number> => reconcile(chinaDate(addDays(now(), -ago)), now()),
});
