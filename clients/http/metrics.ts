/**
 * What the API tells Prometheus: requests by route and status, how long they took, and refusals by code; and how the books
 * and queues stand (`gauges.ts`).
 */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { addGauges, type Sources } from './gauges';

/** Seconds: reads take a few milliseconds, messages as long as a commit, waits up to a minute. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'ta_http_request_duration_seconds',
    help: 'Requests by method, route and status, and how long they took',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [this.registry],
  });
  private readonly problems = new Counter({
    name: 'ta_http_problems_total',
    help: 'Requests that were not done, by the code of their problem',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  /** Also the process itself: memory, event loop, garbage collection. Once in a process. */
  withProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  /** Also what the whole installation shows, however many processes of the API tell it. */
  withGauges(sources: Sources): this {
    addGauges(this.registry, sources);
    return this;
  }

  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  refused(code: string): void {
    this.problems.inc({ code });
  }
}
