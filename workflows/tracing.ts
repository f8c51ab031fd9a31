/**
 * Traces through the workflow: a module of interceptors (`workers/bundle.ts`). A message waits in the order's queue, so the
 * context of its handler is not that of its commit: here the commit finds the trace of its message again, by sender and id.
 * Without a trace in the headers nothing happens; nothing here has a clock, a random number or a tracer.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { proxySinks, workflowInfo, type Sinks, type WorkflowInterceptors } from '@temporalio/workflow';
import type { ToldSpan } from '../config/tracing';

/** What the client's interceptor writes, and the activity's reads. */
const traceHeader = '_tracer-data';
/** Traces of messages that wait; of more than that the oldest are let go. */
const mostWaiting = 1000;

export interface TraceSinks extends Sinks {
  trace: {
    span(span: Omit<ToldSpan, 'attributes'>): void;
  };
}

interface Trace {
  traceId: string;
  spanId: string;
  flags: string;
}

const { trace: sink } = proxySinks<TraceSinks>();
const waiting = new Map<string, Trace>();
/** Of the message that was committed last, or of the request that began a withdrawal: what follows from it is of its trace. */
let current: Trace | undefined;
let counted = 0;

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function traceIn(headers: Headers): Trace | undefined {
  const payload = headers[traceHeader];
  if (!payload) return undefined;
  const carrier = defaultPayloadConverter.fromPayload<{ traceparent?: unknown } | undefined>(payload);
  const [, traceId, spanId, flags] = traceparent.exec(String(carrier?.traceparent)) ?? [];
  return traceId && spanId && flags ? { traceId, spanId, flags } : undefined;
}

const withTrace = (headers: Headers, { traceId, spanId, flags }: Trace): Headers => ({
  ...headers,
  [traceHeader]: defaultPayloadConverter.toPayload({ traceparent: `00-${traceId}-${spanId}-${flags}` }),
});

/** Sender and id of a message, as it comes and as it is committed. */
function keyOf(message: unknown): string | undefined {
  const { id, actor } = (message ?? {}) as { id?: unknown; actor?: { role?: unknown; member?: unknown } };
  return typeof id === 'string' ? JSON.stringify([actor?.role, actor?.member, id]) : undefined;
}

function remember(headers: Headers, message: unknown): void {
  const key = keyOf(message);
  const trace = traceIn(headers);
  if (key === undefined || !trace) return;
  const [oldest] = waiting.keys();
  if (waiting.size >= mostWaiting && oldest !== undefined) waiting.delete(oldest);
  waiting.set(key, trace);
}

/** Sixteen hex digits that a replay makes again: two FNV-1a hashes of the run and a count. */
function nextSpanId(): string {
  counted += 1;
  const text = `${workflowInfo().runId} ${String(counted)}`;
  return [2166136261, 84696351]
    .map((basis) => {
      let hash = basis;
      for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) >>> 0;
      return hash.toString(16).padStart(8, '0');
    })
    .join('');
}

/** Runs what a message does under a span of its own. */
async function traced<T>(name: string, parent: Trace, work: (own: Trace) => Promise<T>): Promise<T> {
  const own = { ...parent, spanId: nextSpanId() };
  const span = { name, traceId: own.traceId, spanId: own.spanId, parentSpanId: parent.spanId, startMs: Date.now() };
  try {
    const result = await work(own);
    sink.span({ ...span, endMs: Date.now() });
    return result;
  } catch (fault) {
    sink.span({ ...span, endMs: Date.now(), fault: fault instanceof Error ? fault.name : 'Error' });
    throw fault;
  }
}

/** Local activities that store a message, and what the message is to. */
const commits: Readonly<Record<string, string>> = { commit: 'order', commitEnrolment: 'enrolment' };

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute(input, next) {
        current ??= traceIn(input.headers);
        return next(input);
      },
      handleUpdate(input, next) {
        // A withdrawal or settlement is one request: what begins it and what asks for it are the same.
        current ??= traceIn(input.headers);
        remember(input.headers, input.args[0]);
        return next(input);
      },
      handleSignal(input, next) {
        remember(input.headers, input.args[0]);
        return next(input);
      },
    },
  ],
  outbound: [
    {
      scheduleLocalActivity(input, next) {
        const subject = commits[input.activityType];
        if (subject === undefined) return next(input);
        const { message } = input.args[0] as { message: { name: string } };
        const key = keyOf(message) ?? '';
        const trace = waiting.get(key);
        waiting.delete(key);
        current = trace;
        if (!trace) return next(input);
        return traced(`${subject} ${message.name}`, trace, (own) =>
          next({ ...input, headers: withTrace(input.headers, own) }),
        );
      },
      scheduleActivity(input, next) {
        if (!current) return next(input);
        return traced(`effect ${input.activityType}`, current, (own) =>
          next({ ...input, headers: withTrace(input.headers, own) }),
        );
      },
    },
  ],
});
