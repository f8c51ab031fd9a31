/**
 * Gauges of the whole installation, read when Prometheus asks and kept for a while: orders, payments, queues, halted orders.
 * A source that does not answer says so by `ta_source_up`, and its gauges are left out rather than told as they were.
 */
import { Gauge, type Registry } from 'prom-client';
import { queueNames, type Figures } from '../../store/figures';

/** Where the gauges are read from. */
export interface Sources {
  /** MongoDB. */
  books: () => Promise<Figures>;
  /** Temporal: the number of orders that have halted. */
  halted: () => Promise<number>;
}

/** For so long what was read is told again, in milliseconds: scrapes are many, and a million orders take a while. */
const keptMs = 30_000;

type Sets = Record<string, readonly (readonly [labels: Record<string, string>, value: number])[]>;

export function addGauges(registry: Registry, { books, halted }: Sources): void {
  const up = new Gauge({
    name: 'ta_source_up',
    help: 'Whether a source of the gauges has answered: 1 or 0',
    labelNames: ['source'],
    registers: [registry],
    collect: async () => {
      const [ofBooks, ofHalted] = await Promise.all([readBooks(), readHalted()]);
      up.set({ source: 'mongodb' }, ofBooks ? 1 : 0);
      up.set({ source: 'temporal' }, ofHalted ? 1 : 0);
    },
  });
  const readBooks = kept(async () => setsOf(await books()));
  const readHalted = kept(async (): Promise<Sets> => ({ ta_orders_halted: [[{}, await halted()]] }));
  for (const [name, help, ...labelNames] of ofBooks) gauge(registry, { name, help, labelNames }, readBooks);
  gauge(registry, { name: 'ta_orders_halted', help: 'Orders that wait for an operator', labelNames: [] }, readHalted);
}

const ofBooks = [
  ['ta_orders', 'Orders by status', 'status'],
  ['ta_payments_due', 'Orders that wait for a payment, by when it is due: overdue, day, later', 'when'],
  ['ta_queue_size', 'What waits in each queue', 'queue'],
  ['ta_queue_oldest_seconds', 'When the oldest of a queue came, in seconds since 1970; 0 when nothing waits', 'queue'],
  ['ta_feed_last_received_seconds', 'When a kind of feed last delivered, in seconds since 1970', 'kind'],
  ['ta_webhook_subscriptions', 'Subscriptions of webhooks that are failing or paused', 'state'],
] as const;

const seconds = (at: string): number => Date.parse(at) / 1000;

function setsOf({ orders, paymentsDue, queues, lastReceived, subscriptions }: Figures): Sets {
  const by = (label: string, values: object) =>
    Object.entries(values).map(([key, value]) => [{ [label]: key }, value as number] as const);
  const oldest = queueNames.map((queue) => {
    const since = queues[queue].oldest;
    return [{ queue }, since === undefined ? 0 : seconds(since)] as const;
  });
  return {
    ta_orders: by('status', orders),
    ta_payments_due: by('when', paymentsDue),
    ta_queue_size: queueNames.map((queue) => [{ queue }, queues[queue].size] as const),
    ta_queue_oldest_seconds: oldest,
    ta_feed_last_received_seconds: Object.entries(lastReceived).map(([kind, at]) => [{ kind }, seconds(at)] as const),
    ta_webhook_subscriptions: by('state', subscriptions),
  };
}

function gauge(
  registry: Registry,
  what: { name: string; help: string; labelNames: string[] },
  read: () => Promise<Sets | undefined>,
): void {
  new Gauge({
    ...what,
    registers: [registry],
    async collect() {
      const sets = await read();
      this.reset();
      if (what.labelNames.length === 0) this.remove(); // `reset` would have it tell 0
      for (const [labels, value] of sets?.[what.name] ?? []) this.set(labels, value);
    },
  });
}

/** What was read, for a while; of those who ask at once, one asks. A failure is `undefined`, and is kept for as long. */
function kept<T>(read: () => Promise<T>): () => Promise<T | undefined> {
  let last: { value: Promise<T | undefined>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now >= last.until) last = { value: read().catch(() => undefined), until: now + keptMs };
    return last.value;
  };
}
