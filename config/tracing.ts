/**
 * Traces of what an order passes through, told by OTLP over HTTP to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` (or
 * `…_TRACES_ENDPOINT`) names. Without it nothing is loaded and nothing is traced. Sampling, headers and limits follow
 * OpenTelemetry's own variables (`OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS` …).
 */
import { context, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Resource } from '@opentelemetry/resources';

/** The attribute that every span of an order has. */
export const orderAttribute = 'ta.order';

interface Tracing {
  processor: SpanProcessor;
  resource: Resource;
  close: () => Promise<void>;
}
let tracing: Tracing | undefined;

/** Whether this process traces. */
export const isTraced = (): boolean => tracing !== undefined;

/** Begins to trace, where the environment names a collector. Once in a process, before anything connects. */
export function startTracing(service: string, env: NodeJS.ProcessEnv = process.env): void {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return;
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded where it is used: it costs 100 ms */
  const { AsyncLocalStorageContextManager } =
    require('@opentelemetry/context-async-hooks') as typeof import('@opentelemetry/context-async-hooks');
  const { OTLPTraceExporter } =
    require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  const { Resource: ResourceOf } = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const { BasicTracerProvider, BatchSpanProcessor } =
    require('@opentelemetry/sdk-trace-base') as typeof import('@opentelemetry/sdk-trace-base');
  /* eslint-enable @typescript-eslint/no-require-imports */
  const resource = ResourceOf.default().merge(
    new ResourceOf({ 'service.namespace': 'trade-assurance', 'service.name': env.OTEL_SERVICE_NAME ?? service }),
  );
  const processor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });
  tracing = { processor, resource, close: () => provider.shutdown() };
}

/** Tells what is still to be told, and ends. */
export async function stopTracing(): Promise<void> {
  await tracing?.close();
  tracing = undefined;
  trace.disable();
  context.disable();
}

/** A span that was measured elsewhere, under ids of its own. */
export interface ToldSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  startMs: number;
  endMs: number;
  attributes: Attributes;
  /** Why it failed. */
  fault?: string;
}

/** Tells a span of the workflow sandbox, where there is no tracer. */
export function tellSpan({ startMs, endMs, fault, traceId, spanId, ...told }: ToldSpan): void {
  if (!tracing) return;
  const span: ReadableSpan = {
    ...told,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    startTime: hrOf(startMs),
    endTime: hrOf(endMs),
    duration: hrOf(endMs - startMs),
    status: fault === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: fault },
    links: [],
    events: [],
    ended: true,
    resource: tracing.resource,
    instrumentationLibrary: { name: 'trade-assurance' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  tracing.processor.onEnd(span);
}

const hrOf = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

/** Runs work of this process's own, which no request asked for, under a span of its own. */
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (!tracing) return work();
  return trace.getTracer('trade-assurance').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (fault) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: fault instanceof Error ? fault.name : 'Error' });
      throw fault;
    } finally {
      span.end();
    }
  });
}

/** The ids of the span under way, for logs. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = tracing && trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
