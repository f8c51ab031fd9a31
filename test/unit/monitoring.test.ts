/**
 * The dashboard and the alert rules of ops/monitoring: they ask for metrics that exist, by labels that exist, scrape where
 * somebody listens, and name pages that say what to do.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Metrics } from '../../clients/http/metrics';
import { orderStatus } from '../../domain/order';
import { queueNames, type Figures } from '../../store/figures';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, 'ops/monitoring', path), 'utf8');

const target = z.object({ expr: z.string() });
const panel = z.object({
  id: z.number(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(target).default([]),
});
const dashboard = z
  .object({ uid: z.string(), panels: z.array(panel) })
  .parse(JSON.parse(read('grafana/dashboards/trade-assurance.json')));
const rules = z
  .object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string(),
            labels: z.object({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.object({ summary: z.string(), runbook: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('prometheus/alerts.yml')))
  .groups.flatMap((group) => group.rules);
const asked = [...dashboard.panels.flatMap(({ targets }) => targets), ...rules].map(({ expr }) => expr);

/** Metrics that an expression asks for; both kinds have a prefix that nothing else has. */
const metricsIn = (expr: string): string[] => expr.match(/\b(?:ta|temporal)_[a-z0-9_]+/g) ?? [];
/** What a histogram or counter of the exporter adds to a name. */
const plain = (name: string): string => name.replace(/(_seconds)?_(bucket|sum|count)$|_total$/, '');

const at = '2026-11-25T08:00:00.000Z';
const figures: Figures = {
  orders: Object.fromEntries(orderStatus.options.map((status) => [status, 1])) as Figures['orders'],
  paymentsDue: { overdue: 1, day: 2, later: 3 },
  queues: Object.fromEntries(queueNames.map((name) => [name, { size: 1, oldest: at }])) as Figures['queues'],
  lastReceived: { bank: at, customs: at, carrier: at, inspector: at },
  subscriptions: { failing: 1, paused: 0 },
};

/** Everything that an API tells, as Prometheus would read it. */
async function told(metrics = new Metrics()): Promise<string> {
  metrics.withGauges({ books: () => Promise.resolve(figures), halted: () => Promise.resolve(2) });
  metrics.answered('GET', '/v1/orders', 200, 0.01);
  metrics.refused('order.not-found');
  return metrics.registry.metrics();
}

/** The SDK's library, in which the names of its metrics stand. */
function sdk(): Buffer {
  const releases = join(dirname(require.resolve('@temporalio/core-bridge/package.json')), 'releases');
  const [name] = readdirSync(releases).filter((one) => one.startsWith(process.arch === 'arm64' ? 'aarch64' : 'x86_64'));
  return readFileSync(join(releases, name ?? '', 'index.node'));
}

test('the dashboard and the rules ask for metrics that the API or the SDK tells, and for nothing else', async () => {
  const names = [...new Set(asked.flatMap(metricsIn))];
  expect(names.length).toBeGreaterThan(12);
  const ofApi = await told();
  const ofSdk = sdk();
  const isTold = (name: string) =>
    name.startsWith('ta_')
      ? new RegExp(`^${name}[{ ]`, 'm').test(ofApi)
      : ofSdk.includes(plain(name).replace(/^temporal_/, ''));
  expect(names.filter((name) => !isTold(name))).toEqual([]);
  expect(ofSdk.includes('workflow_task_execution_flailed')).toBe(false);
});

test('labels of our own gauges have values that are told', async () => {
  const ofApi = await told();
  const values = (label: string) => [...ofApi.matchAll(new RegExp(`\\b${label}="([^"]+)"`, 'g'))].map(([, one]) => one);
  for (const label of ['queue', 'when', 'kind', 'state']) {
    const wanted = asked.flatMap((expr) => [...expr.matchAll(new RegExp(`\\b${label}=(~?)"([^"]+)"`, 'g'))]);
    for (const [, isPattern, value = ''] of wanted) {
      const alternatives = isPattern ? value.replace(/^(.*)\((.*)\)$/, '$2').split('|') : [value];
      const prefix = /^(.*)\(/.exec(value)?.[1] ?? '';
      for (const one of alternatives)
        expect(values(label).some((there) => new RegExp(`^${prefix}${one}$`).test(there ?? ''))).toBe(true);
    }
  }
});

test('every gauge of ours is on the dashboard', async () => {
  const gauges = [...(await told()).matchAll(/^# TYPE (ta_\w+) gauge$/gm)].map(([, name]) => name ?? '');
  const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets).flatMap(({ expr }) => metricsIn(expr)));
  expect(gauges.length).toBeGreaterThan(6);
  expect(gauges.filter((name) => !shown.has(name))).toEqual([]);
});

test('a source that fails is told as down, and its gauges are left out; the others are told', async () => {
  const metrics = new Metrics().withGauges({
    books: () => Promise.reject(new Error('MongoDB is away')),
    halted: () => Promise.resolve(2),
  });
  const text = await metrics.registry.metrics();
  expect(text).toContain('ta_source_up{source="mongodb"} 0');
  expect(text).toContain('ta_source_up{source="temporal"} 1');
  expect(text).toMatch(/^ta_orders_halted 2$/m);
  expect(text).not.toMatch(/^ta_(orders|queue_size)\{/m);
});

test('the books are read once for many scrapes', async () => {
  let reads = 0;
  const books = () => Promise.resolve({ ...figures, reads: ++reads });
  const { registry } = new Metrics().withGauges({ books, halted: () => Promise.resolve(0) });
  await Promise.all([registry.metrics(), registry.metrics()]);
  await registry.metrics();
  expect(reads).toBe(1);
});

test('panels have ids of their own and do not lie upon each other', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const meets = (a: (typeof panels)[number]['gridPos'], b: typeof a) =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const pairs = panels.flatMap((one, i) => panels.slice(i + 1).map((other) => [one, other] as const));
  expect(pairs.filter(([one, other]) => meets(one.gridPos, other.gridPos))).toEqual([]);
});

test('every alert names a heading that says what to do', () => {
  const headings = (page: string) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
  const missing = rules.filter(({ annotations }) => {
    const [page = '', anchor = ''] = annotations.runbook.split('#');
    return !existsSync(join(root, page)) || !headings(page).includes(anchor);
  });
  expect(missing.map(({ alert, annotations }) => `${alert}: ${annotations.runbook}`)).toEqual([]);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

test('Prometheus asks where Compose has the API and the workers listen', () => {
  const { scrape_configs: jobs } = z
    .object({
      scrape_configs: z.array(
        z.object({ dns_sd_configs: z.array(z.object({ names: z.array(z.string()), port: z.number() })) }),
      ),
    })
    .parse(parse(read('prometheus/prometheus.yml')));
  const asks = jobs.flatMap((job) => job.dns_sd_configs.map(({ names, port }) => `${names.join()}:${port}`));
  const { services } = z
    .object({ services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()).default({}) })) })
    .parse(parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }));
  const port = services.worker?.environment.TA_METRICS_ADDRESS?.split(':')[1] ?? '';
  expect(asks).toEqual([`api:${services.api?.environment.TA_API_PORT ?? ''}`, `worker:${port}`]);
});
