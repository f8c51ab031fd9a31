/** What a caller of the client may meet: a refusal, with its stable code, or servers that do not answer. */
import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isRefusal, refusals, type Refusal, type RefusalCode } from '../domain/refusal';

/** Base of the client's own errors. `code` is stable. */
export class TradeAssuranceError extends Error {
  override readonly name: string = 'TradeAssuranceError';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The order refused the message; nothing was changed. `refusal` says why, where, and by which rule. */
export class Refused extends TradeAssuranceError {
  override readonly name = 'Refused';
  override readonly code: RefusalCode;
  constructor(readonly refusal: Refusal) {
    super(refusal.refused, refusal.detail ? `${refusal.text} (${refusal.detail})` : refusal.text);
    this.code = refusal.refused;
  }
}

/** A server did not answer in time. The message may yet be applied: send it again under the same id. */
export class Unavailable extends TradeAssuranceError {
  override readonly name = 'Unavailable';
  constructor(cause: unknown) {
    super('service.unavailable', 'The service did not answer in time. Send the message again under the same id.', {
      cause,
    });
  }
}

/** The refusal inside a failed Update, if that is what it is. */
export function refusalIn(fault: unknown): Refusal | undefined {
  for (let cause = fault; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && typeof cause.type === 'string' && cause.type in refusals) {
      const [detail] = cause.details ?? [];
      return isRefusal(detail) ? detail : undefined;
    }
  }
  return undefined;
}

/** One call to Temporal. @throws Unavailable when no answer comes within `timeoutMs` */
export async function withinTime<T>(temporal: Client, timeoutMs: number, call: () => Promise<T>): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + timeoutMs, call);
  } catch (fault) {
    if (isAway(fault) || fault instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw new Unavailable(fault);
    throw fault;
  }
}

/** gRPC's status codes of a server that cannot be reached, has too much to do, or has given the call up (which we never do). */
const passing: readonly number[] = [1, 8, 10, 14];
/** What Temporal says (code 9) of a workflow whose worker has failed it at this moment, or been too slow. */
const failedPrecondition = 9;
const failsNow = /workflow task in failed state|Update-with-Start could not be executed/i;

/** A server is away or too slow: the same may be tried again later, however long it takes. */
export function isOutage(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof Unavailable || isAway(fault) || isCutOff(fault)) return true;
  if (/^Mongo(ose)?(ServerSelection|Network|Topology|Pool|OperationTimeout|NotConnected)/.test(fault.name)) return true;
  const { errorLabels } = fault as { errorLabels?: unknown };
  return /^Mongo/.test(fault.name) && Array.isArray(errorLabels) && errorLabels.some((label) => transient.has(label));
}

/** A connection that has ended, which the driver of MongoDB may pass on as it is. */
const cutOff: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT']);
const isCutOff = (fault: NodeJS.ErrnoException): boolean => cutOff.has(fault.code);

/** MongoDB's labels of what may succeed when it is tried again. */
const transient: ReadonlySet<unknown> = new Set([
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableWriteError',
]);

/** No answer: too late, or no server or worker to give one now. Temporal's client wraps what gRPC says. */
function isAway(fault: unknown): boolean {
  if (isGrpcDeadlineError(fault)) return true;
  for (let cause = fault; cause instanceof Error; cause = cause.cause) {
    if (!isGrpcServiceError(cause)) continue;
    const code = cause.code as number;
    if (passing.includes(code) || (code === failedPrecondition && failsNow.test(cause.details))) return true;
  }
  return false;
}
