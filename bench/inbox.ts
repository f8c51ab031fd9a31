/**
 * `npm run bench:inbox`: what it costs to have a delivery stored and acknowledged over HTTP, beside a bare
 * insert of the same bytes with the same write concern, taking turns in one run. Servers of its own. One JSON line on
 * stdout. How to read it: docs/reference/bench.md.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import pino from 'pino';
import { TradeAssuranceClient } from '../clients';
import { buildApi } from '../clients/http/app';
import { depsOver } from '../clients/http/deps';
import { loadSettings } from '../config/settings';
import { startServers } from '../ops/servers';
import { inboxCounts } from '../store/inbox';
import { openStore, setUpDatabase, type Store } from '../store/store';
import { percentile, round } from './figures';
import { timed } from './timed';

/** The aim: p99 of the acknowledgement, as a multiple of a bare insert's. */
const aim = 3;

interface Options {
  deliveries: string;
  bytes: string;
  rounds: string;
  concurrency: string;
}

async function main(options: Options): Promise<void> {
  const [deliveries, bytes, rounds, concurrency] = [
    Number(options.deliveries),
    Number(options.bytes),
    Number(options.rounds),
    Number(options.concurrency),
  ];
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-bench-'));
  const servers = await startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true });
  const store = await openStore(servers.mongodb.uri);
  await setUpDatabase(store);
  const connection = await Connection.connect({ address: servers.temporal.address });
  const ta = new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue: 'bench' });
  const deps = depsOver(ta, {
    settings: loadSettings({ TA_DATA_DIR: dataDir }),
    authenticators: [() => ({ role: 'feed', source: 'customs', member: 'bench', credential: 'bench' })],
    secret: randomUUID(),
    log: pino({ level: 'silent' }),
    limits: { requestsPerMinute: 10_000_000, eventLoopDelayMs: 60_000 },
  });
  const api = await buildApi(deps);
  const url = new URL(await api.listen({ host: '127.0.0.1', port: 0 }));
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const times = { insert: [] as number[], delivery: [] as number[] };
  try {
    for (let n = 0; n <= rounds; n += 1) {
      await drained(store);
      const insert = await timed(deliveries, concurrency, () => bareInsert(store, bodyOf(bytes)));
      const delivery = await timed(deliveries, concurrency, () => deliver(url, agent, bodyOf(bytes)));
      if (n === 0) continue; // the first round warms up
      times.insert.push(...insert);
      times.delivery.push(...delivery);
    }
  } finally {
    agent.destroy();
    await api.close();
    await store.close();
    await connection.close();
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
  const of = (list: number[]) => ({ p50: round(percentile(list, 50)), p99: round(percentile(list, 99)) });
  const [insert, delivery] = [of(times.insert), of(times.delivery)];
  const is = round(delivery.p99 / insert.p99);
  const ratios = { p50: round(delivery.p50 / insert.p50), p99: is };
  const verdict = { 'p99 of the acknowledgement ÷ bare insert': { aim, is, met: is <= aim } };
  const line = {
    scenario: 'inbox',
    bytes,
    concurrency,
    samples: times.delivery.length,
    insertMs: insert,
    deliveryMs: delivery,
  };
  console.log(JSON.stringify({ ...line, ratios, aims: verdict }));
}

/** A file that no order needs, so that what is measured is the way in: a fact that is parked, and a filling. */
function bodyOf(bytes: number): Buffer {
  const declaration = randomBytes(10).toString('hex');
  const fact = { fact: 'customsReleased', data: { declaration, releasedAt: '2026-01-01T00:00:00.000Z' } };
  const text = JSON.stringify(fact);
  return Buffer.from(text + ' '.repeat(Math.max(0, bytes - text.length)));
}

async function bareInsert(store: Store, body: Buffer): Promise<void> {
  const bare = store.connection.collection<{ _id: string; body: Buffer }>('bare');
  await bare.insertOne({ _id: randomUUID(), body }, { writeConcern: { w: 'majority', j: true } });
}

/** Until nothing of the round before is read or routed any more: the bare inserts have the servers for themselves. */
async function drained(store: Store): Promise<void> {
  const { received, pending } = await inboxCounts(store);
  if (received + pending === 0) return;
  await pause(100);
  await drained(store);
}

function deliver(url: URL, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, 'webhook-id': randomUUID() };
    const sent = request(
      { agent, host: url.hostname, port: url.port, method: 'POST', path: '/v1/feeds/customs/json', headers },
      (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 202) resolve();
          else reject(new Error(`answered ${String(answer.statusCode)}`));
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

main(
  new Command('inbox')
    .description('Stored and acknowledged over HTTP, beside a bare insert')
    .option('--deliveries <n>', 'deliveries of one round', '200')
    .option('--rounds <n>', 'rounds, after one that warms up', '5')
    .option('--bytes <n>', 'bytes of a delivery', '4096')
    .option('--concurrency <n>', 'deliveries under way at once', '4')
    .parse(process.argv)
    .opts<Options>(),
).catch((fault: unknown) => {
  console.error(fault);
  process.exit(1);
});
