/** What the sweep and the reconciliation do outside of their workflows. How is given by the worker, which knows the clients. */
import { addDays, chinaDate } from '../domain/time';

/** What was done: deliveries read, rows routed or put off, parked rows looked at again. */
export interface Worked {
  read: number;
  routed: number;
  woken: number;
}

export interface InboxDependencies {
  sweep: () => Promise<Worked>;
  /** Reconciles a date; answers how many cases are open. */
  reconcile: (date: string, at: string) => Promise<number>;
  now?: () => string;
}

export type InboxActivities = ReturnType<typeof createInboxActivities>;

export const createInboxActivities = ({
  sweep,
  reconcile,
  now = () => new Date().toISOString(),
}: InboxDependencies) => ({
  /** Reads what is unread, routes what is due, looks again at what is parked. May be repeated at any time. */
  sweepInbox: (): Promise<Worked> => sweep(),

  /** Reconciles the day in China that was so many days ago; the same again finds the same. */
  reconcileDay: (ago: number): Promise<number> => reconcile(chinaDate(addDays(now(), -ago)), now()),
});
