/** What orders cost in history: events and bytes, by the server's own encoding. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { History, EventType } = {
  History: temporal.api.history.v1.History,
  EventType: temporal.api.enums.v1.EventType,
};

export interface HistoryCost {
  events: number;
  bytes: number;
  byType: Record<string, number>;
}

export const noHistory: HistoryCost = { events: 0, bytes: 0, byType: {} };

/** What several histories cost together. */
export const together = (histories: readonly HistoryCost[]): HistoryCost =>
  histories.reduce((all, one) => {
    const types = [...new Set([...Object.keys(all.byType), ...Object.keys(one.byType)])];
    const byType = Object.fromEntries(types.map((type) => [type, (all.byType[type] ?? 0) + (one.byType[type] ?? 0)]));
    return { events: all.events + one.events, bytes: all.bytes + one.bytes, byType };
  }, noHistory);

/** The history of one run of a workflow (the newest, unless a run is named). */
export async function historyOf(client: Client, workflowId: string, runId?: string): Promise<HistoryCost> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const byType: Record<string, number> = {};
  for (const { eventType } of history.events ?? []) {
    const name = typeOf(EventType[eventType ?? 0]);
    byType[name] = (byType[name] ?? 0) + 1;
  }
  return { events: history.events?.length ?? 0, bytes: History.encode(history).finish().length, byType };
}

/** `EVENT_TYPE_WORKFLOW_TASK_STARTED` → `WorkflowTaskStarted` */
export const typeOf = (name = 'unknown'): string =>
  name
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
