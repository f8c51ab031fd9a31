/**
 * Orders whose history cannot be told again, by a fault of the code or of the engine: their task fails for ever, so no message,
 * query or deadline gets through. Their books are whole. What they have not seen yet are the signals since their last task.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { TradeAssuranceClient } from './client';

const { EventType, WorkflowTaskFailedCause } = temporal.api.enums.v1;

/** A signal as history has it: sealed, if it was. */
export interface UnseenSignal {
  signalName: string;
  input: temporal.api.common.v1.IPayloads;
}

/** Why a workflow is wedged, and the signals that it has not seen, oldest first; nothing when it is not wedged. */
export async function wedgeOf(
  { options: { temporal: client } }: TradeAssuranceClient,
  workflowId: string,
): Promise<{ why: string; signals: UnseenSignal[] } | undefined> {
  const signals: UnseenSignal[] = [];
  let why: string | undefined;
  for (let nextPageToken: Uint8Array | undefined; ;) {
    const page = await client.workflowService
      .getWorkflowExecutionHistoryReverse({
        ...{ namespace: client.options.namespace, execution: { workflowId }, maximumPageSize: 50 },
        ...(nextPageToken && { nextPageToken }),
      })
      .catch((fault: unknown) => {
        if (fault instanceof WorkflowNotFoundError) return undefined;
        throw fault;
      });
    for (const event of page?.history?.events ?? []) {
      const { workflowExecutionSignaledEventAttributes: signal, workflowTaskFailedEventAttributes: failed } = event;
      if (event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
        return why === undefined ? undefined : { why, signals };
      if (signal) signals.unshift({ signalName: signal.signalName ?? '', input: signal.input ?? {} });
      if (failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR)
        why ??= failed.failure?.message ?? 'nondeterminism';
    }
    if (!page?.nextPageToken.length) return undefined;
    nextPageToken = page.nextPageToken;
  }
}

/** Sends signals again, as they were. Whoever has seen one already knows it by its id. */
export async function signalAgain(
  { options: { temporal: client } }: TradeAssuranceClient,
  workflowId: string,
  signals: readonly UnseenSignal[],
): Promise<void> {
  for (const signal of signals)
    await client.workflowService.signalWorkflowExecution({
      ...{ namespace: client.options.namespace, workflowExecution: { workflowId }, ...signal },
      identity: client.options.identity,
    });
}
