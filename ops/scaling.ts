/**
 * What a rate of orders costs, computed from what was measured of one order: the page docs/scaling.md (`ops/docs.ts` writes it). The
 * measured figures are those of docs/reference/bench.md; a test holds them to that page.
 */
import { markdownTable } from '../clients/cli/markdown';
import { isSpread, shardKeys } from '../store/shard-keys';

/** Of one order on the main road, twelve messages. */
export const measured = {
  messages: 12,
  /** CPU of Temporal's server, of the worker, of mongod, in ms. */
  cpuMs: { server: 141, worker: 149, mongod: 52 },
  eventsPerMessage: 8.08,
  historyBytesPerMessage: 2415,
  /** Commands that MongoDB is sent, and transactions that end in a majority commit. */
  mongodbCommands: 70,
  mongodbCommits: 14,
  /** Of Temporal: changes of a workflow's state that are written to its store. */
  stateTransitions: 17,
  /** Of MongoDB, before its compression. */
  documentBytes: 23_109,
  indexBytes: 18_835,
} as const;

/** What is not measured here: how an installation is run. Change it, and make the page again. */
const assumed = {
  /** From the draft until the time for complaints is over. */
  openDays: 60,
  /** Closed workflows are kept by Temporal. */
  retentionDays: 30,
  /** Of a core that is used on the average, so that there is room for peaks and for a pod that is away. */
  busy: 0.6,
  /** Cores of a machine that runs MongoDB's primary, and of one that runs PostgreSQL. */
  databaseCores: 16,
  /** Transactions that one PostgreSQL commits in a second on a fast local disk, several in one flush. */
  postgresCommits: 10_000,
  /** Writes to a shard of Temporal's history come one after another: so many in a second, at 5 ms each. */
  shardWrites: 200,
  /** Of that a shard is used on the average. */
  shardBusy: 0.25,
  /** Members of MongoDB's replica sets. */
  copies: 3,
  /** How much smaller MongoDB's compression makes documents and indexes on disk. */
  compression: 3,
  /** What one shard of MongoDB, or one PostgreSQL, should hold: more takes too long to copy to a new machine. */
  diskBytes: 8e12,
} as const;

const rates = [1, 100, 10_000] as const;
const day = 86_400;

/** What a rate of orders a second needs. */
export interface Need {
  rate: number;
  messages: number;
  transitions: number;
  historyBytesPerSecond: number;
  historyBytes: number;
  openOrders: number;
  historyShards: number;
  cores: { server: number; worker: number; mongod: number };
  mongodb: { commands: number; commits: number; bytesPerYear: number; shards: number };
  /** How much of one machine's it is: 1 is all of it. The disk of MongoDB after a year. */
  shares: Record<Resource, number>;
}
type Resource = 'PostgreSQL’s commits' | 'PostgreSQL’s disk' | 'MongoDB’s cores' | 'MongoDB’s disk in a year';

/** The power of two that is not less. */
const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(value));

export function needOf(rate: number): Need {
  const { cpuMs, messages } = measured;
  const transitions = measured.stateTransitions * rate;
  const historyBytes = messages * measured.historyBytesPerMessage;
  const cores = (ms: number) => (ms * rate) / 1000 / assumed.busy;
  const kept = historyBytes * rate * day * (assumed.openDays + assumed.retentionDays);
  const yearly = ((measured.documentBytes + measured.indexBytes) * rate * day * 365) / assumed.compression;
  const shares: Need['shares'] = {
    'PostgreSQL’s commits': transitions / assumed.postgresCommits,
    'PostgreSQL’s disk': kept / assumed.diskBytes,
    'MongoDB’s cores': cores(cpuMs.mongod) / assumed.databaseCores,
    'MongoDB’s disk in a year': yearly / assumed.diskBytes,
  };
  return {
    rate,
    messages: messages * rate,
    transitions,
    historyBytesPerSecond: historyBytes * rate,
    historyBytes: kept,
    openOrders: rate * day * assumed.openDays,
    historyShards: Math.max(512, powerOfTwo(transitions / (assumed.shardWrites * assumed.shardBusy))),
    cores: { server: cores(cpuMs.server), worker: cores(cpuMs.worker), mongod: cores(cpuMs.mongod) },
    mongodb: {
      commands: measured.mongodbCommands * rate,
      commits: measured.mongodbCommits * rate,
      bytesPerYear: yearly * assumed.copies,
      shards: Math.ceil(Math.max(shares['MongoDB’s cores'], shares['MongoDB’s disk in a year'])),
    },
    shares,
  };
}

const digits = (value: number): number => (value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2);
const shown = (value: number): string => Number(value.toFixed(digits(value))).toLocaleString('en');

/** `12`, `120,000`, `5.18 million`. */
const count = (value: number): string =>
  value >= 1e9 ? `${shown(value / 1e9)} billion` : value >= 1e6 ? `${shown(value / 1e6)} million` : shown(value);

/** `28.2 KB`, `21.9 TB`. */
function bytes(value: number): string {
  const step = Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3));
  return `${shown(value / 1000 ** step)} ${['', 'K', 'M', 'G', 'T', 'P'][step] ?? ''}B`;
}
const cores = (value: number): string => (value < 1 ? value.toFixed(2) : count(Math.ceil(value)));
const percent = (share: number): string => `${shown(share * 100)} %`;

/** Rows of the page's table: what, and how it reads for each rate. */
const rows: readonly (readonly [what: string, of: (need: Need) => string])[] = [
  ['messages/s', ({ messages }) => count(messages)],
  ['orders open at once', ({ openOrders }) => count(openOrders)],
  ['state transitions/s', ({ transitions }) => count(transitions)],
  ['history written', ({ historyBytesPerSecond }) => `${bytes(historyBytesPerSecond)}/s`],
  ['history kept', ({ historyBytes }) => bytes(historyBytes)],
  ['shards of Temporal’s history', ({ historyShards }) => count(historyShards)],
  ['cores of Temporal’s server', (need) => cores(need.cores.server)],
  ['worker pods of one core', (need) => count(Math.max(2, Math.ceil(need.cores.worker)))],
  ['cores of MongoDB’s primaries', (need) => cores(need.cores.mongod)],
  ['commands to MongoDB/s', ({ mongodb }) => count(mongodb.commands)],
  ['commits of MongoDB/s (its IOPS, at most)', ({ mongodb }) => count(mongodb.commits)],
  ['MongoDB’s disks a year, three copies', ({ mongodb }) => bytes(mongodb.bytesPerYear)],
  ['shards of MongoDB for one year', ({ mongodb }) => count(mongodb.shards)],
];

/** What one machine of each has, by how much of it a rate needs: the greatest share is the first bottleneck. */
export const bottlenecks = (rate: number): (readonly [of: Resource, share: number])[] =>
  (Object.entries(needOf(rate).shares) as [Resource, number][]).sort(([, a], [, b]) => b - a);

/** `MongoDB’s disk in a year, of which it needs 22 %; then …`. */
const ranked = (rate: number): string =>
  bottlenecks(rate)
    .map(([of, share]) => `${of} (${percent(share)} of one machine’s)`)
    .join(', ');

export function scalingPage(): string {
  const needs = rates.map(needOf);
  const table = markdownTable(
    ['', ...rates.map((rate) => `${count(rate)} ${rate === 1 ? 'order' : 'orders'}/s`)],
    rows.map(([what, of]) => [what, ...needs.map(of)]),
  );
  const spread = Object.entries(shardKeys).flatMap(([name, how]) =>
    isSpread(how)
      ? [
          [
            `\`${name}\``,
            `\`${JSON.stringify(how.key).replaceAll('"', '')}\``,
            how.oneId,
            how.why + (how.makesIndex ? ' (an index is made)' : ''),
          ],
        ]
      : [],
  );
  const whole = Object.entries(shardKeys).flatMap(([name, how]) => (isSpread(how) ? [] : [[`\`${name}\``, how.whole]]));
  const year = (rate: number) => count(rate * day * 365);
  const { cpuMs } = measured;
  return `${[
    '# Scaling',
    'Made by `ops/docs.ts` from `ops/scaling.ts` and `store/shard-keys.ts`; change those, not this page.',
    `What a rate of orders costs, computed from what [the bench](reference/bench.md) measured of one order: ${String(measured.messages)} messages, ` +
      `${String(cpuMs.server)} + ${String(cpuMs.worker)} + ${String(cpuMs.mongod)} ms of CPU (Temporal’s server, worker, mongod), ${count(measured.historyBytesPerMessage)} bytes of ` +
      `history a message, ${String(measured.stateTransitions)} state transitions, ${String(measured.mongodbCommands)} commands and ${String(measured.mongodbCommits)} commits to MongoDB, ${bytes(measured.documentBytes)} of documents and ` +
      `${bytes(measured.indexBytes)} of indexes.`,
    'Computed: the figures are of one machine with 2 cores, and of Temporal’s development server, which keeps its state in SQLite. Several workers ' +
      'and APIs on a server that keeps it in PostgreSQL were [tried](reference/bench.md#several-workers-and-apis), and lost nothing; rates like these ' +
      'were not. What is assumed beside them: ' +
      `an order is open for ${String(assumed.openDays)} days and kept by Temporal for ${String(assumed.retentionDays)} more; cores are ${percent(assumed.busy)} busy; a database has ${String(assumed.databaseCores)} cores; ` +
      `one PostgreSQL commits ${count(assumed.postgresCommits)} transactions a second; one disk holds ${bytes(assumed.diskBytes)}, where MongoDB’s data is ` +
      `${String(assumed.compression)} times smaller than measured; a shard of history takes ${String(assumed.shardWrites)} writes a second and is ${percent(assumed.shardBusy)} ` +
      'busy. The HTTP API and the relay are not in the CPU figures.',
    '## What it takes',
    table,
    '## The first bottleneck',
    `**1 order/s** (${year(1)} a year). One machine of each does it; a second worker and API are there for availability. ` +
      `By what is used up first: ${ranked(1)}.`,
    `**100 orders/s** (${year(100)} a year). ${ranked(100)}. So disks come first, long before cores: MongoDB is spread by the table ` +
      'below, and old orders are moved to an archive, or the shards grow every year. Temporal’s history is bounded by the retention: shorten it, ' +
      'archive histories, or give Temporal more than one PostgreSQL by cells (below). Its shards must be there from the beginning: their number never changes.',
    `**10,000 orders/s** (${year(10_000)} a year). ${ranked(10_000)}. No single Temporal store takes ${count(needOf(10_000).transitions)} state ` +
      'transitions a second on PostgreSQL. Either Cassandra under one cluster, or cells: clusters of Temporal, each with its own workers and share ' +
      'of the suppliers. Orders of different suppliers have nothing in common but master data, so cells divide by supplier.',
    'Whatever the size, what moves the money or the cover of **one supplier** is one document: such commits come one after another. That ' +
      'bounds the orders that one supplier completes in a second, and no machine helps. (A worker lets its own take turns: `store/commit.ts`.)',
    '## MongoDB’s shards',
    'Sharding needs MongoDB 8.0, by its manual: relays claim work by `findOneAndUpdate` without a shard key, and a message reads members, ' +
      'balances and standings by one `$lookup` in a transaction (`store/together.ts`). Not tried here: the router `mongos` is not among the ' +
      'servers that this project’s tests can have. What was tried on one node: that each unique index begins with its shard key ' +
      '(`test/unit/shard-keys.test.ts`), and by `explain` that each query of a message’s way names the shard key and finds its rows by an ' +
      'index (`test/integration/shard-keys.test.ts`).',
    'A key that begins with the order is ranged, because only of ranged keys MongoDB promises unique indexes. Draw the same zones ' +
      'over `orders`, `journal`, `ledger` and `outbox`: then all rows of an order lie on one shard. Ids that the API makes are random; who ' +
      'names orders in sequence should begin them with something that is not.',
    markdownTable(['collection', 'shard key', '`_id` is one over all shards: it', 'why'], spread),
    'These stay whole:',
    markdownTable(['collection', 'why'], whole),
    'After the set-up has made the collections, before there is data, in `mongosh`: `sh.shardCollection("trade_assurance.journal", { order: 1 })`, ' +
      'and so on; then `fileBytes.chunks` by `{ files_id: 1, n: 1 }`.',
    '## Make it anew',
    '`npm run bench` and `npm run bench:scale` measure; the figures go into `ops/scaling.ts`; `node ops/run.cjs ops/docs.ts` writes this page.',
  ].join('\n\n')}\n`;
}
