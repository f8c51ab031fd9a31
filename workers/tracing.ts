/** Traces of a worker: what the workflow sandbox tells becomes a span; an activity is one under that of its message. */
import { trace } from '@opentelemetry/api';
import type { InjectedSinks, WorkerOptions } from '@temporalio/worker';
import { isTraced, orderAttribute, tellSpan } from '../config/tracing';
import type { TraceSinks } from '../workflows/tracing';

/** `ta-order-po-1` → `po-1`. */
const orderOf = (workflowId: string): string => workflowId.replace(/^ta-order-/, '');

const sinks: InjectedSinks<TraceSinks> = {
  trace: {
    span: {
      // A replay has been told before.
      callDuringReplay: false,
      fn: ({ workflowId }, span) =>
        tellSpan({
          ...span,
          attributes: { [orderAttribute]: orderOf(workflowId), 'temporal.workflow.id': workflowId },
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
              if (workflowId !== undefined) trace.getActiveSpan()?.setAttribute(orderAttribute, orderOf(workflowId));
              return next(input);
            },
          },
        }),
      ],
    },
  };
}
