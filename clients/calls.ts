/** Calls of Updates: their ids, and under which faults one may be made again. */
import { randomUUID } from 'node:crypto';
import { isGrpcServiceError } from '@temporalio/client';

/** How often a message is sent again, under the same id, when a run of its workflow ended under it. */
export const attempts = 5;

/**
 * An id of this call, kept while it is tried again. Not the message's own: Temporal would answer a second call with the
 * first one's result, also when its body is another, or when what it was refused for has been mended since. Whether a
 * message is a repetition is for the workflow to say.
 */
export const updateIdOf = ({ id }: { id: string }): string => `${id}:${randomUUID().slice(0, 8)}`;

/** A run ended under the call (it continued as new), or its worker was lost: the same id may be sent again. */
export const isInterrupted = (fault: unknown): boolean =>
  isGrpcServiceError(fault) &&
  /workflow task failure|workflow is closing|Workflow Update was aborted|wasn't processed by worker/i.test(
    fault.message + fault.details,
  );
