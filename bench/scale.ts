/**
 * `npm run bench:scale`: the main road over several worker and API processes on one Temporal and one MongoDB, and whether all of it
 * holds together afterwards; with what an order leaves behind: state transitions, history, documents. JSON lines on stdout.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Command, InvalidArgumentError } from 'commander';
import { TradeAssuranceClient, type MessageData, type Sender } from '../clients';
import { checkWorkflows } from '../clients/check';
import type { ClientOptions, SendableName } from '../clients';
import { mintToken } from '../clients/http/dev-issuer';
import { TradeAssuranceHttpClient } from '../clients/http-client';
import { newKey, readKeys } from '../config/keys';
import { registerSearchAttributes } from '../ops/search-attributes';
import { freePorts } from '../ops/servers/ports';
import { startServers } from '../ops/servers';
import { loadSeeds } from '../seeds/load';
import { mainRoadLength, playMainRoad } from '../seeds/main-road';
import { checkBooks } from '../store/check';
import { openStore, setUpDatabase, type Store } from '../store/store';
import { Own } from '../test/chaos/parts';
import type { Answer } from '../workflows/contract';
import { workflowIdOf } from '../workflows/contract';
import { drafts } from './drafts';
import { percentile, round, table } from './figures';

interface Options {
  orders: number;
  concurrency: number;
  shapes: readonly Shape[];
  environment?: true;
  built?: true;
}
interface Shape {
  workers: number;
  apis: number;
}

interface ScaleLine extends Shape {
  scenario: 'scale';
  orders: number;
  seconds: number;
  ordersPerSecond: number;
  answerMs: { p50: number; p99: number };
}

const audience = 'trade-assurance';
const taskQueue = 'scale';
const warmUp = 4;

/** Parties speak over HTTP, to one API after another; bank and customs, which have feeds, over the client. */
class Parties extends TradeAssuranceClient {
  readonly times: number[] = [];
  #calls = 0;

  constructor(
    options: ClientOptions,
    private readonly urls: readonly string[],
    private readonly tokenOf: (as: Sender['as']) => Promise<string>,
  ) {
    super(options);
  }

  override async send<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<Answer> {
    const began = performance.now();
    const answer = await this.#sent(name, order, data, sender);
    this.times.push(performance.now() - began);
    return answer;
  }

  async #sent<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<Answer> {
    const { role } = sender.as;
    if (role !== 'supplier' && role !== 'buyer') return super.send(name, order, data, sender);
    const url = this.urls[this.#calls++ % this.urls.length] ?? '';
    const api = new TradeAssuranceHttpClient({ url, token: () => this.tokenOf(sender.as) });
    return api.send(name, order, data, { ...(sender.id !== undefined && { id: sender.id }) });
  }
}

const atLeastOne = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
};
const shapesOf = (text: string): Shape[] =>
  text.split(',').map((one) => {
    const [workers = 0, apis = 0] = one.split('x').map(atLeastOne);
    return { workers, apis };
  });

async function main(): Promise<void> {
  const options = new Command('npm run bench:scale --')
    .description('The main road over several worker and API processes')
    .option('--orders <n>', 'orders of one shape', atLeastOne, 40)
    .option('--concurrency <n>', 'orders under way at once', atLeastOne, 8)
    .option('--shapes <list>', 'workers x APIs, with commas between', shapesOf, shapesOf('1x1,2x1,1x2,2x2'))
    .option('--environment', 'on the servers that TEMPORAL_ADDRESS and MONGODB_URI name; others are started')
    .option('--built', 'the processes run from dist (npm run build)')
    .parse(process.argv)
    .opts<Options>();
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-scale-'));
  const servers = await startServers({
    ...{ dataDir, ports: 'free', headless: true },
    useEnvironment: options.environment ?? false,
  });
  const key = newKey('scale');
  const connection = await Connection.connect({ address: servers.temporal.address });
  const store = await openStore(servers.mongodb.uri, { keys: readKeys(key) });
  try {
    await registerSearchAttributes(connection, 'default');
    await setUpDatabase(store);
    await loadSeeds(store);
    const needs = { temporal: new Client({ connection }), store, taskQueue, timeoutMs: 60_000 };
    const environment = {
      ...{ TA_DATA_DIR: dataDir, TA_TASK_QUEUE: taskQueue, TA_LOG_LEVEL: 'warn', TA_FEED_DIR: '' },
      ...{ TA_KEYS: key, TA_PAYLOADS: 'plain' },
      ...{ MONGODB_URI: servers.mongodb.uri, TEMPORAL_ADDRESS: servers.temporal.address },
      ...{ TA_API_SECRET: 'a secret of this run only', TA_API_RATE: '10000000', TA_DEV_ISSUER: 'true' },
    };
    const empty = await bytesOf(store);
    const lines: ScaleLine[] = [];
    for (const shape of options.shapes) lines.push(await playShape(shape, options, needs, environment));
    for (const line of lines) console.log(JSON.stringify(line));
    // A workflow answers what it is asked through a worker.
    const last = new Own('worker', 'worker-last', 'workers/main.ts', environment, dataDir, options.built ?? false);
    await last.start();
    const left = await leftBehind(needs, empty).finally(() => last.stop());
    console.log(JSON.stringify(left));
    tell(lines, left);
    if (left.violations.length > 0) process.exitCode = 1;
  } catch (fault) {
    console.error(fault); // before the end of the servers, which ends what is under way with other words
    process.exitCode = 2;
  } finally {
    await Promise.all([connection.close(), store.close()]);
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function playShape(
  { workers, apis }: Shape,
  { orders, concurrency, built = false }: { orders: number; concurrency: number; built?: boolean },
  needs: ClientOptions,
  environment: NodeJS.ProcessEnv & { TA_DATA_DIR: string },
): Promise<ScaleLine> {
  const dataDir = environment.TA_DATA_DIR;
  const ports = await freePorts(apis);
  const parts = [
    ...Array.from(
      { length: workers },
      (_, i) => new Own('worker', `worker-${String(i)}`, 'workers/main.ts', environment, dataDir, built),
    ),
    ...ports.map((port, i) => {
      const env = { ...environment, TA_API_PORT: String(port) };
      return new Own('api', `api-${String(i)}`, 'clients/http/main.ts', env, dataDir, built);
    }),
  ];
  try {
    await Promise.all(parts.map((part) => part.start()));
    const urls = ports.map((port) => `http://127.0.0.1:${String(port)}`);
    const tokens = new Map<string, Promise<string>>();
    const tokenOf = ({ role, member }: Sender['as']): Promise<string> => {
      const who = `${role}:${member}`;
      const token = tokens.get(who) ?? mintToken(dataDir, audience, { role: role as 'supplier', member });
      tokens.set(who, token);
      return token;
    };
    const ta = new Parties(needs, urls, tokenOf);
    const name = `scale-${String(workers)}x${String(apis)}`;
    await playOrders(ta, `${name}-warm`, warmUp, warmUp);
    ta.times.length = 0;
    const began = performance.now();
    await playOrders(ta, name, orders, concurrency);
    const seconds = (performance.now() - began) / 1000;
    const crashes = parts.flatMap((part) => part.crashes);
    if (crashes.length > 0) throw new Error(crashes.join('\n'));
    return {
      ...{ scenario: 'scale', workers, apis, orders, seconds: round(seconds) },
      ordersPerSecond: round(orders / seconds),
      answerMs: { p50: round(percentile(ta.times, 50)), p99: round(percentile(ta.times, 99)) },
    };
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
  }
}

async function playOrders(ta: TradeAssuranceClient, name: string, orders: number, concurrency: number): Promise<void> {
  const scenes = drafts();
  let next = 0;
  const drive = async () => {
    while (next < orders) {
      const index = next++;
      const draft = scenes[index % scenes.length];
      if (!draft) throw new Error('no supplier of the seeds may trade');
      const order = `${name}-${String(index)}`;
      let answered = 0;
      for await (const { answer } of playMainRoad(ta, order, draft)) answered += answer.order === order ? 1 : 0;
      if (answered !== mainRoadLength) throw new Error(`${order}: ${String(answered)} answers`);
      await ta.awaitSettled(order, { timeoutMs: 60_000 });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, drive));
}

/** What an order leaves behind, on the average; and what does not hold of all that was played. */
interface LeftBehind {
  scenario: 'left-behind';
  orders: number;
  stateTransitions: number;
  historyEvents: number;
  historyBytes: number;
  /** Of MongoDB: data as it is, without compression, and indexes. */
  documentBytes: number;
  indexBytes: number;
  journalRows: number;
  violations: string[];
}

async function leftBehind(needs: ClientOptions, empty: Bytes): Promise<LeftBehind> {
  const { temporal, store } = needs;
  const violations: string[] = [];
  const onViolation = (one: { check: string; subject: string; says: string }) =>
    violations.push(`${one.check} ${one.subject} ${one.says}`);
  const { orders, entries } = await checkBooks(store, onViolation);
  await checkWorkflows(new TradeAssuranceClient(needs), onViolation);
  const sums = { transitions: 0, events: 0, bytes: 0 };
  for await (const { _id } of store.collections.orders.find({}, { projection: { _id: 1 } })) {
    const { raw } = await temporal.workflow.getHandle(workflowIdOf(_id)).describe();
    const info = raw.workflowExecutionInfo;
    sums.transitions += Number(info?.stateTransitionCount ?? 0);
    sums.events += Number(info?.historyLength ?? 0);
    sums.bytes += Number(info?.historySizeBytes ?? 0);
  }
  const full = await bytesOf(store);
  const each = (sum: number) => round(sum / orders, 1);
  return {
    ...{ scenario: 'left-behind', orders, violations },
    stateTransitions: each(sums.transitions),
    historyEvents: each(sums.events),
    historyBytes: each(sums.bytes),
    documentBytes: each(full.data - empty.data),
    indexBytes: each(full.indexes - empty.indexes),
    journalRows: each(entries),
  };
}

interface Bytes {
  data: number;
  indexes: number;
}
async function bytesOf({ connection }: Store): Promise<Bytes> {
  const stats = await connection.getClient().db(connection.name).command({ dbStats: 1 });
  return { data: Number(stats.dataSize), indexes: Number(stats.indexSize) };
}

function tell(lines: readonly ScaleLine[], { violations, ...left }: LeftBehind): void {
  const heads = ['workers x APIs', 'orders/s', 'p50 ms', 'p99 ms'];
  const rows = lines.map(({ workers, apis, ordersPerSecond, answerMs }) =>
    [`${String(workers)} x ${String(apis)}`, ordersPerSecond, answerMs.p50, answerMs.p99].map(String),
  );
  console.error(table([heads, ...rows]));
  console.error(`An order leaves: ${JSON.stringify(left)}`);
  console.error(violations.length === 0 ? 'Nothing is lost or doubled.' : violations.join('\n'));
}

process.chdir(resolve(__dirname, '..'));
main().catch((fault: unknown) => {
  console.error(fault);
  process.exitCode = 2;
});
