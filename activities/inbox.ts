/** What the sweep does outside of its workflow: works off the inbox. How is given by the worker, which knows the clients. */

/** What was done: deliveries read, rows routed or put off, parked rows looked at again. */
export interface Worked {
  read: number;
  routed: number;
  woken: number;
}

export interface InboxDependencies {
  sweep: () => Promise<Worked>;
}

export type InboxActivities = ReturnType<typeof createInboxActivities>;

export const createInboxActivities = ({ sweep }: InboxDependencies) => ({
  /** Reads what is unread, routes what is due, looks again at what is parked. May be repeated at any time. */
  sweepInbox: (): Promise<Worked> => sweep(),
});
