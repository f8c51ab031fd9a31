/** Traces of the HTTP API and of the client: a span for each request, and its ids in the headers of what is sent to Temporal. */
import { context, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { ClientInterceptors } from '@temporalio/client';
import type { Api } from './http/deps';
import { isTraced, orderAttribute } from '../config/tracing';

/** Interceptors of a Temporal client; none where nothing is traced. */
export function clientInterceptors(): { interceptors?: ClientInterceptors } {
  if (!isTraced()) return {};
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded where it is used */
  const { OpenTelemetryWorkflowClientInterceptor } =
    require('@temporalio/interceptors-opentelemetry') as typeof import('@temporalio/interceptors-opentelemetry');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] } };
}

/** A span for each request, under that of the caller (`traceparent`), with the order's id. */
export function traceRequests(api: Api): void {
  if (!isTraced()) return;
  const tracer = trace.getTracer('trade-assurance');
  const spans = new WeakMap<object, Span>();
  api.addHook('onRequest', (request, _reply, done) => {
    const { method, headers, routeOptions, params } = request;
    const route = routeOptions.url ?? 'none';
    const order = (params as { order?: string } | undefined)?.order;
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'ta.request': request.id,
      ...(order !== undefined && { [orderAttribute]: order }),
    };
    const parent = propagation.extract(context.active(), headers);
    spans.set(request, tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent));
    done();
  });
  // A body that was read has left the context behind: the handler is given it anew.
  api.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    context.with(span ? trace.setSpan(context.active(), span) : context.active(), done);
  });
  api.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
