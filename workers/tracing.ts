/** Traces of a worker: what the workflow sandbox tells becomes a span; an activity is one under that of its message. */
import { trace, type Attributes } from '@opentelemetry/api';
import type { InjectedSinks, WorkerOptions } from '@temporalio/worker';
import { isTraced, tellSpan } from '../config/tracing';
import type { TraceSinks } from '../workflows/tracing';

/** `ta-order-po-1` → `{ 'ta.order': 'po-1' }`; of an application, a withdrawal, a settlement accordingly. */
function subjectOf(workflowId: string): Attributes {
  const [, kind, id] = /^ta-(order|enrolment|withdrawal|settlement)-(.+)$/.exec(workflowId) ?? [];
  return kind !== undefined && id !== undefined ? { [`ta.${kind}`]: id } : {};
}

const sinks: InjectedSinks<TraceSinks> = {
  trace: {
    span: {
      // A replay has been told before.
      callDuringReplay: false,
      fn: ({ workflowId }, span) =>
        tellSpan({
          ...span,
          attributes: { ...subjectOf(workflowId), 'temporal.workflow.id': workflowId },
        }),
    },
  },
};

/** Options of a worker. The sink is there untraced, too: a caller may trace while this worker does not. */
export function tracingOptions(): Pick<WorkerOptions, 'sinks' | 'interceptors'> {
  if (!isTraced()) return { sinks };
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded where it is used */
  const { OpenTelemetryActivityInboundInterceptor } =
    require('@temporalio/interceptors-opentelemetry') as typeof import('@temporalio/interceptors-opentelemetry');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return {
    sinks,
    interceptors: {
      activity: [
        (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
        ({ info }) => ({
          inbound: {
            execute(input, next) {
              const workflowId = info.workflowExecution?.workflowId;
              if (workflowId !== undefined) trace.getActiveSpan()?.setAttributes(subjectOf(workflowId));
              return next(input);
            },
          },
        }),
      ],
    },
  };
}
