/**
 * The usual questions of operators as queries of Temporal's visibility, over the search attributes of orders: for the Web UI,
 * where each is a link, for `temporal workflow list`, and for the client.
 */
import type { Client } from '@temporalio/client';
import { orderWorkflow } from '../workflows/contract';

export interface View {
  /** What is asked, in a few words. */
  title: string;
  /** The query as of `now`, an ISO instant. */
  query: (now: string) => string;
}

const running = `WorkflowType = '${orderWorkflow}' AND ExecutionStatus = 'Running'`;
const dayMs = 24 * 60 * 60 * 1000;
const later = (now: string, days: number): string => new Date(Date.parse(now) + days * dayMs).toISOString();

/** Each view by its name, in the order in which an operator goes through them. */
export const views = {
  halted: { title: 'Halted: wait for an operator', query: () => `${running} AND TaHalted = true` },
  stuck: {
    title: 'Stuck: a workflow task fails again and again',
    query: () => `ExecutionStatus = 'Running' AND TemporalReportedProblems IN ('category=WorkflowTaskFailed')`,
  },
  dispute: { title: 'In dispute', query: () => `${running} AND TaDispute = true` },
  overdue: {
    title: 'Payment overdue',
    query: (now) => `${running} AND TaStatus = 'awaiting-payment' AND TaPaymentDue < '${now}'`,
  },
  due: {
    title: 'Payment due within three days',
    query: (now) => `${running} AND TaPaymentDue BETWEEN '${now}' AND '${later(now, 3)}'`,
  },
  late: {
    title: 'Late shipment: the agreed date is over',
    query: (now) => `${running} AND TaStatus = 'awaiting-shipment' AND TaShipBy < '${now}'`,
  },
  large: {
    title: 'Large open orders: 1,000,000 minor units and more',
    query: () => `${running} AND TaTotal >= 1000000`,
  },
  failed: {
    title: 'Refused drafts and other failures of a day',
    query: (now) => `ExecutionStatus = 'Failed' AND CloseTime > '${later(now, -1)}'`,
  },
  applications: {
    title: 'Applications under way',
    query: () => `WorkflowType = 'enrolment' AND ExecutionStatus = 'Running'`,
  },
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof views;

/** The view's link into the Web UI at `ui`. @public: the CLI loads it when it is asked for */
export const linkOf = (name: ViewName, ui: string, namespace: string, now: string): string =>
  `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows?query=${encodeURIComponent(views[name].query(now))}`;

/** How many orders have halted. Throws when Temporal does not answer. */
export async function countHalted({ workflow, connection }: Client): Promise<number> {
  const { count } = await connection.withDeadline(Date.now() + 5000, () => workflow.count(views.halted.query()));
  return count;
}
