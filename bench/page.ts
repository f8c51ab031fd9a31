/**
 * `npm run bench:page`: when the page of an order is there, as the browser itself tells it (paint timing, largest contentful
 * paint), with an empty cache and with a full one; and how much script it takes. Servers and a Chromium of its own. One JSON
 * line on stdout. How to read it: docs/reference/bench.md.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import pino from 'pino';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { TradeAssuranceClient } from '../clients';
import { buildApi } from '../clients/http/app';
import { depsOver } from '../clients/http/deps';
import { devTokens } from '../clients/http/dev-issuer';
import { bearerTokens } from '../clients/http/identity';
import { loadSettings } from '../config/settings';
import { registerSearchAttributes } from '../ops/search-attributes';
import { startServers } from '../ops/servers';
import { provideWeb } from '../ops/web';
import { playMainRoad } from '../seeds/main-road';
import { openStore } from '../store/store';
import { drafts } from './drafts';
import { percentile, round } from './figures';
import { Side } from './side';

/** The aims: the order's page is there within a second, by at most so much script. */
const aims = { paintMs: 1000, scriptBytes: 300_000 };

interface Options {
  rounds: number;
}

interface Times {
  /** First contentful paint, and the largest one: the order itself. */
  first: number;
  largest: number;
  /** Bytes of script that came over the wire, as they were compressed. */
  script: number;
}

async function main({ rounds }: Options): Promise<void> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  await provideWeb();
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-bench-'));
  const servers = await startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true });
  const connection = await Connection.connect({ address: servers.temporal.address });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    await registerSearchAttributes(connection, 'default');
    const side = await Side.open({ name: 'page', kind: 'product', servers, root: join(__dirname, '..') });
    const store = await openStore(side.mongodbUri);
    const ta = new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue: side.taskQueue });
    const [draft] = drafts();
    if (!draft) throw new Error('the seeds have no two members that may trade');
    for await (const _ of playMainRoad(ta, 'bench-page', draft)); // a whole order: nothing has more to show
    const settings = loadSettings({ TA_DATA_DIR: dataDir, MONGODB_URI: side.mongodbUri, TA_DEV_ISSUER: 'true' });
    const { audience } = settings.api;
    const api = await buildApi(
      depsOver(ta, {
        settings,
        authenticators: [bearerTokens(await devTokens(dataDir, audience))],
        secret: 'a secret of this bench only',
        log: pino({ level: 'error' }, pino.destination(2)),
        limits: { requestsPerMinute: 1_000_000, eventLoopDelayMs: 60_000 },
      }),
    );
    const baseURL = await api.listen({ host: '127.0.0.1', port: 0 });
    const open = () =>
      signedIn(() => browser.newContext({ baseURL, viewport: { width: 1280, height: 900 } }), draft.buyer);
    const cold: Times[] = [];
    const warm: Times[] = [];
    for (let n = 0; n <= rounds; n += 1) {
      // A context has a cache of its own: empty at first, full the second time.
      const context = await open();
      const [first, second] = [await timesOf(context), await timesOf(context)];
      await context.close();
      if (n === 0) continue; // the first round warms up the server
      cold.push(first);
      warm.push(second);
    }
    await api.close();
    await store.close();
    await side.close();
    console.log(JSON.stringify({ scenario: 'page', rounds, cold: summary(cold), warm: summary(warm) }));
  } finally {
    await browser.close();
    await connection.close();
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A browser's context with the cookie of a session; nothing of the portal's files is in its cache. */
async function signedIn(newContext: () => Promise<BrowserContext>, member: string): Promise<BrowserContext> {
  const context = await newContext();
  const answer = await context.request.post('/portal/session', {
    data: { role: 'buyer', member },
    headers: { 'ta-portal': '1' },
  });
  if (!answer.ok()) throw new Error(`signing in was answered ${String(answer.status())}: ${await answer.text()}`);
  return context;
}

/** Told by the page itself, before anything of it is there: its largest paint. */
const watchPaint = `
  globalThis.largestPaint = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.largestPaint = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
`;

async function timesOf(context: BrowserContext): Promise<Times> {
  const page: Page = await context.newPage();
  await page.addInitScript(watchPaint);
  await page.goto('/orders/bench-page');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('load');
  // The entry of the last paint comes with the frame after it.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const times = await page.evaluate<Times>(`({
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    largest: globalThis.largestPaint,
    script: performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
  })`);
  await page.close();
  return times;
}

function summary(times: readonly Times[]) {
  const of = (name: keyof Times) => {
    const list = times.map((one) => one[name]);
    return { p50: round(percentile(list, 50)), most: round(Math.max(...list)) };
  };
  const largest = of('largest');
  const script = of('script');
  return {
    firstPaintMs: of('first'),
    largestPaintMs: { ...largest, aim: aims.paintMs, met: largest.p50 <= aims.paintMs },
    scriptBytes: { ...script, aim: aims.scriptBytes, met: script.most <= aims.scriptBytes },
  };
}

const options = new Command('page')
  .description('When the page of an order is there, and how much script it takes')
  .option('--rounds <n>', 'rounds, after one that warms up', Number, 10)
  .parse(process.argv)
  .opts<Options>();
main(options).catch((fault: unknown) => {
  console.error(fault);
  process.exit(1);
});
