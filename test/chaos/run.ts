/**
 * `npm run chaos`: an installation of real processes under a storm of orders, while its parts are killed, cut off and slowed down;
 * then whether all of it holds together. Servers and data of its own. One JSON line on stdout; exit code 1 on a violation.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import { newKey } from '../../config/keys';
import { mintToken } from '../../clients/http/dev-issuer';
import { TradeAssuranceClient } from '../../clients';
import { setUpSchedules } from '../../ops/schedules';
import { registerSearchAttributes } from '../../ops/search-attributes';
import { freePorts } from '../../ops/servers/ports';
import { startSandbox } from '../../ops/servers/sandbox';
import type { Child } from '../../ops/servers/child';
import { drafts } from '../../bench/drafts';
import { workflowIdOf } from '../../workflows/contract';
import { loadSeeds } from '../../seeds/load';
import { openStore, setUpDatabase } from '../../store/store';
import { provideBundle } from '../../workers/bundle';
import { Faults, type FaultCounts } from './faults';
import { Own, ServerPart } from './parts';
import { Proxy } from './proxy';
import { Rolling } from './rolling';
import { Storm, type Counts } from './storm';
import { comeToRest, judge, type Verdict } from './verdict';

export interface ChaosOptions {
  seed: number;
  /** How long the storm lasts at most. */
  minutes: number;
  /** It ends before, once so many messages are sent, or so many parts were killed. */
  messages: number;
  kills: number;
  drivers: number;
  workers: number;
  /** Processes of the API, behind a balancer. */
  apis: number;
  /** Nothing breaks: workers, APIs and relay are replaced one after another. */
  isRolling: boolean;
  /** Mean pause between faults, in ms. */
  everyMs: number;
  /** So long a part that has come back is not killed again, in ms. */
  peaceMs: number;
  /** The product's processes run from `dist`. */
  isBuilt: boolean;
  /** What is told of the course; to stderr. */
  tell: (line: string) => void;
}

export interface ChaosReport extends Verdict {
  seed: number;
  seconds: number;
  storm: Counts;
  faults: FaultCounts;
  /** Of a rolling restart: processes that were replaced, and how long each took to its end. */
  rolling?: Pick<Rolling, 'restarts' | 'endMs'>;
  /** Ends of processes that nobody had asked for. */
  crashes: string[];
}

const taskQueue = 'chaos';
const audience = 'trade-assurance';
const database = 'trade_assurance';
const uriAt = (port: number, name = database): string =>
  `mongodb://127.0.0.1:${String(port)}/${name}?replicaSet=rs0&directConnection=true`;

/** Runs the whole of it once. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-chaos-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 })];
  try {
    return await within(options, dataDir, stops);
  } finally {
    for (const stop of stops.reverse()) await stop().catch((fault: unknown) => options.tell(String(fault)));
  }
}

async function within(options: ChaosOptions, dataDir: string, stops: (() => Promise<unknown>)[]): Promise<ChaosReport> {
  const { seed, tell, isBuilt } = options;
  const [mongodPort = 0, temporalPort = 0, sandboxPort = 0, callbackPort = 0, ...apiPorts] = await freePorts(
    4 + options.apis,
  );
  const mongod = new ServerPart('mongod', dataDir, mongodPort);
  const temporal = new ServerPart('temporal', dataDir, temporalPort);
  const bundle = provideBundle(join(dataDir, 'cache'));
  await Promise.all([mongod.start(), temporal.start(), bundle]);
  stops.push(() => Promise.all([mongod.stop(), temporal.stop()]));
  await setUp(uriAt(mongodPort), `127.0.0.1:${String(temporalPort)}`);

  const proxies = await Promise.all(
    ['worker to MongoDB', 'worker to Temporal', 'API to MongoDB', 'API to Temporal', 'relay to MongoDB'].map(
      async (name, index) => ({ name, proxy: await Proxy.open(index % 2 === 0 ? mongodPort : temporalPort) }),
    ),
  );
  stops.push(() => Promise.all(proxies.map(({ proxy }) => proxy.close())));
  const ways = (mongo: number, engine: number) => ({
    MONGODB_URI: uriAt(proxies[mongo]?.proxy.port ?? 0),
    TEMPORAL_ADDRESS: `127.0.0.1:${String(proxies[engine]?.proxy.port ?? 0)}`,
  });

  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sandbox = await startSandbox({
    ...{ dataDir, port: sandboxPort, mongodbUri: uriAt(mongodPort), report: () => undefined },
    callback: { url: `http://127.0.0.1:${String(callbackPort)}/partners`, secret },
    onStarted: (child: Child) => stops.push(() => child.stop()),
  });
  const common = {
    ...{ TA_DATA_DIR: dataDir, TA_TASK_QUEUE: taskQueue, TA_LOG_LEVEL: 'warn', TA_FEED_DIR: '' },
    // What is sent to Temporal is read by the check, too, which has no keys.
    ...{ TA_KEYS: newKey('chaos'), TA_PAYLOADS: 'plain' },
    ...{ TA_CARD_URL: sandbox.cardUrl, TA_BANK_URL: sandbox.bankUrl, TA_CALLBACK_SECRET: secret },
  };
  const api = {
    TA_API_SECRET: 'a secret of this run only',
    TA_API_RATE: '10000000',
    TA_DEV_ISSUER: 'true',
  };
  const workers = Array.from({ length: options.workers }, (_, index) => {
    const ear = index === 0 ? { TA_CALLBACK_PORT: String(callbackPort) } : { TA_CALLBACK_PORT: '' };
    return new Own(
      'worker',
      `worker-${String(index)}`,
      'workers/main.ts',
      { ...common, ...ways(0, 1), ...ear },
      dataDir,
      isBuilt,
    );
  });
  const others = [
    ...apiPorts.map((port, index) => {
      const env = { ...common, ...ways(2, 3), ...api, TA_API_PORT: String(port) };
      return new Own('api', `api-${String(index)}`, 'clients/http/main.ts', env, dataDir, isBuilt);
    }),
    new Own('relay', 'relay', 'relay/main.ts', { ...common, ...ways(4, 3) }, dataDir, isBuilt),
  ];
  stops.push(() => Promise.all([...workers, ...others].map((one) => one.kill())));
  await Promise.all([...workers, ...others].map((one) => one.start()));
  tell(`all parts are up; seed ${String(seed)}`);

  const balancer = await Proxy.open(...apiPorts);
  stops.push(() => balancer.close());
  // The callers of the client have a way of their own to the servers, without weather.
  const connection = await Connection.connect({ address: `127.0.0.1:${String(temporalPort)}` });
  const store = await openStore(uriAt(mongodPort), { timeoutMs: 3000 });
  stops.push(() => Promise.all([connection.close(), store.close()]));
  const ta = new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue, timeoutMs: 15_000 });
  const storm = new Storm({
    ...{ seed, ta, apiUrl: `http://127.0.0.1:${String(balancer.port)}`, drivers: options.drivers },
    tokenOf: (caller) => mintToken(dataDir, audience, caller),
    pairs: drafts().slice(0, 6),
  });
  const faults = new Faults({
    ...{ workers, others: [...others, mongod, temporal], network: proxies, mongod },
    ...{ seed: seed + 1, everyMs: options.everyMs, peaceMs: options.peaceMs, tell },
  });
  const rolling = new Rolling([...workers, ...others], tell);
  const trouble = options.isRolling ? rolling : faults;
  const began = performance.now();
  const clock = setInterval(
    () =>
      tell(`${JSON.stringify(storm.counts)} ${JSON.stringify(faults.counts.kills)} gaps ${String(faults.counts.gaps)}`),
    15_000,
  );
  const end = setTimeout(() => {
    storm.end();
    trouble.end();
  }, options.minutes * 60_000);
  const counting = setInterval(() => {
    const killed = Object.values(faults.counts.kills).reduce((sum, kills) => sum + kills, 0);
    if (killed < options.kills) return;
    storm.end();
    trouble.end();
  }, 200);
  const striking = trouble.go();
  await storm.rage(options.messages);
  clearTimeout(end);
  clearInterval(counting);
  trouble.end();
  await striking;
  tell('the storm is over; all parts are up');
  const { retries, abandoned } = storm.counts;
  const seen =
    options.isRolling && retries + abandoned > 0 ? [`${String(retries + abandoned)} calls found no answer`] : [];
  await storm.settle(60_000);
  const seconds = Math.round((performance.now() - began) / 1000);
  const unrest = await comeToRest(store, 300_000);
  tell('at rest; checking');
  const verdict = await judge(ta, storm, uriAt(mongodPort, `${database}_sandbox`));
  clearInterval(clock);
  for (const line of await evidenceOf(ta, verdict.violations)) tell(line);
  return {
    ...{ seed, seconds, storm: storm.counts, faults: faults.counts },
    crashes: [...workers, ...others].flatMap(({ crashes }) => crashes),
    ...verdict,
    ...(options.isRolling && { rolling: { restarts: rolling.restarts, endMs: rolling.endMs } }),
    violations: [...seen, ...unrest, ...verdict.violations],
  };
}

/** Of the first orders whose workflows are not as they should be: how they stand, and the end of their histories. */
async function evidenceOf(
  { options: { temporal } }: TradeAssuranceClient,
  violations: readonly string[],
): Promise<string[]> {
  const orders = violations.flatMap((line) => /^workflow (\S+) /.exec(line)?.slice(1, 2) ?? []).slice(0, 3);
  return Promise.all(
    orders.map(async (order) => {
      const handle = temporal.workflow.getHandle(workflowIdOf(order));
      const [{ raw }, history] = await Promise.all([handle.describe(), handle.fetchHistory()]);
      const events = history.events
        ?.slice(-6)
        .map(({ eventId, eventType, eventTime }) => [eventId, eventType, eventTime]);
      return JSON.stringify({ order, pending: raw.pendingWorkflowTask, activities: raw.pendingActivities, events });
    }),
  );
}

async function setUp(mongodbUri: string, address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const store = await openStore(mongodbUri);
  try {
    await registerSearchAttributes(connection, 'default');
    await setUpDatabase(store);
    await loadSeeds(store);
    await setUpSchedules(connection, { namespace: 'default', taskQueue });
  } finally {
    await Promise.all([connection.close(), store.close()]);
  }
}

async function main(): Promise<void> {
  const given = new Command('chaos')
    .description('A storm of orders while the parts of an installation are killed, cut off and slowed down')
    .option('--minutes <n>', 'how long the storm lasts at most', Number, 10)
    .option('--messages <n>', 'it ends before, once so many are sent', Number, Infinity)
    .option('--kills <n>', 'or once so many parts were killed', Number, Infinity)
    .option('--seed <n>', 'what chance follows from', Number, randomInt(1_000_000))
    .option('--drivers <n>', 'orders that are played at once', Number, 12)
    .option('--workers <n>', 'worker processes', Number, 2)
    .option('--apis <n>', 'processes of the API, behind a balancer', Number, 2)
    .option('--rolling', 'nothing breaks: processes are replaced one after another, and no call may fail', false)
    .option('--built', 'the product’s processes run from dist (npm run build): they start sooner', false)
    .option('--peace <ms>', 'so long a part that has come back is not killed again', Number, 8000)
    .option('--every <ms>', 'mean pause between faults, in ms', Number, 2500)
    .parse(process.argv)
    .opts<{
      minutes: number;
      messages: number;
      kills: number;
      seed: number;
      drivers: number;
      workers: number;
      every: number;
      built: boolean;
      peace: number;
      apis: number;
      rolling: boolean;
    }>();
  const { every: everyMs, peace: peaceMs, built: isBuilt, rolling: isRolling, ...options } = given;
  const report = await runChaos({
    ...options,
    everyMs,
    peaceMs,
    isBuilt,
    isRolling,
    tell: (line) => console.error(`${new Date().toISOString()} ${line}`),
  });
  console.log(JSON.stringify(report));
  process.exit(report.violations.length + report.crashes.length > 0 ? 1 : 0);
}

if (require.main === module)
  main().catch((fault: unknown) => {
    console.error(fault);
    process.exit(2);
  });
