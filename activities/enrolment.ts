/**
 * What an application for Trade Assurance does outside of itself. `loadEnrolment`, `commitEnrolment` and `recallEnrolment` are
 * local activities; `tellWaitingOrders` is an effect of its own. A factory over what they depend on.
 */
import { enrolmentKey } from '../domain/enrolment';
import type { EnrolmentMessage } from '../domain/enrolment-messages';
import type { Envelope } from '../domain/messages';
import { commitOf, recallOf, type To } from '../domain/question';
import {
  commitEnrolment,
  loadEnrolment,
  recallEnrolment,
  type EnrolmentAnswer,
  type EnrolmentFile,
  type EnrolmentRequest,
} from '../store/enrolment';
import { ordersAwaitingActivation } from '../store/read';
import type { Store } from '../store/store';
import { forGoodIfHopeless } from './hopeless';

/** Signals an order `supplierActivated`: `gone` when its workflow is there no longer. */
export type SignalActivated = (order: string, envelope: Envelope<'supplierActivated'>) => Promise<'told' | 'gone'>;

export interface EnrolmentDependencies {
  store: Store;
  signal: SignalActivated;
  /** ISO instant. */
  now?: () => string;
}

export type EnrolmentActivities = ReturnType<typeof createEnrolmentActivities>;

/** One page of the orders that were told, and where the next begins. */
export interface ToldPage {
  told: number;
  gone: number;
  after?: string;
}

/** Orders told in one go: an activity of a few seconds. */
const pageSize = 200;

export function createEnrolmentActivities({
  store,
  signal,
  now = () => new Date().toISOString(),
}: EnrolmentDependencies) {
  return {
    /** The supplier's enrolment and its policy, as a run of the workflow begins with them. */
    loadEnrolment: (supplier: string): Promise<EnrolmentFile> =>
      forGoodIfHopeless(() => loadEnrolment(store, supplier, now())),

    /** Stores what a message did, in one transaction. Fails for good with `commit.failed` on what can never be stored. */
    commitEnrolment: (request: EnrolmentRequest): Promise<To<EnrolmentAnswer>> =>
      forGoodIfHopeless(async () => ({
        ...(await commitEnrolment(store, request)),
        to: commitOf(enrolmentKey(request.message), request.next.version),
      })),

    /** What the journal knows of a message that was sent before. */
    recallEnrolment: (supplier: string, message: EnrolmentMessage): Promise<To<EnrolmentAnswer> | undefined> =>
      forGoodIfHopeless(async () => {
        const known = await recallEnrolment(store, supplier, message);
        return known && { ...known, to: recallOf(enrolmentKey(message)) };
      }),

    /** R55: tells one page of the orders that wait for the supplier that it has activated Trade Assurance. */
    tellWaitingOrders: (supplier: string, messageId: string, after?: string): Promise<ToldPage> =>
      tellWaitingOrders(store, signal, supplier, messageId, after),
  };
}

/**
 * Signals one page of the supplier's orders that await its activation, each under the same message id, so that an order told
 * twice hears it once. An order that is gone is passed over; a server that is away fails the page, to be tried again.
 */
export async function tellWaitingOrders(
  store: Store,
  signal: SignalActivated,
  supplier: string,
  id: string,
  after?: string,
): Promise<ToldPage> {
  const orders = await ordersAwaitingActivation(store, supplier, pageSize, after);
  const actor = { role: 'platform', member: 'enrolment' } as const;
  const page: ToldPage = { told: 0, gone: 0 };
  for (const order of orders) page[await signal(order, { id, actor, data: {} })] += 1;
  const last = orders.at(-1);
  return last !== undefined && orders.length === pageSize ? { ...page, after: last } : page;
}
