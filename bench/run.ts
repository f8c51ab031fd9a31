/**
 * `npm run bench`: what an order costs beside the engine limit, on servers of its own. For people a table on stderr; one
 * JSON line a scenario on stdout. How to read it: docs/reference/bench.md.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Command, InvalidArgumentError } from 'commander';
import { registerSearchAttributes } from '../ops/search-attributes';
import { startServers, type RunningServers } from '../ops/servers';
import { round, table } from './figures';
import { playRounds, type MainRoadLine, type MainRoadResult } from './main-road';
import { playRevisions, type RevisionsLine } from './revisions';
import { difference, Side } from './side';

const root = join(__dirname, '..');
const product = 'main-road';
const floor = 'floor';
const limit = 'engine-limit';

/** What the product must keep to: the figure, at most. */
const aims = { cpu: 2, p50: 1.8, eventsPerMessage: 8, revisionP50: 1.1 };

interface Options {
  orders: number;
  concurrency: number;
  rounds: number;
  revisions: number;
  floor?: true;
  json?: true;
  against?: string[];
  profile?: string;
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
};
const atLeastOne = (text: string): number => {
  if (count(text) === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count(text);
};

function optionsOf(argv: readonly string[]): Options {
  return new Command('npm run bench --')
    .description('What an order costs beside a workflow that does nothing, on servers of its own')
    .option('--orders <n>', 'orders of one side in one round', atLeastOne, 12)
    .option('--concurrency <n>', 'orders under way at once', atLeastOne, 4)
    .option('--rounds <n>', 'rounds, in which the sides take turns', atLeastOne, 6)
    .option('--revisions <n>', 'revisions of one order in the second scenario; 0 leaves it out', count, 1000)
    .option('--floor', 'also what storing each message costs without any rules')
    .option('--json', 'JSON lines only, nothing for people')
    .option('--against <folders...>', 'other checkouts of the product, each a further side')
    .option('--profile <folder>', 'write CPU profiles of the product’s worker there')
    .parse(argv)
    .opts<Options>();
}

/** Somebody wants it to end. */
class BrokenOff extends Error {}

async function main(options: Options): Promise<void> {
  const say = (line: string) => {
    if (!options.json) process.stderr.write(`${line}\n`);
  };
  const opened: (() => Promise<void>)[] = [];
  const breakOff = new AbortController();
  const broken = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        breakOff.abort();
        reject(new BrokenOff(`Broken off (${signal}).`));
      });
  });
  try {
    await Promise.race([bench(options, say, opened, breakOff.signal), broken]);
  } finally {
    // Workers, then servers, then their data. Calls under way may still wait then: whoever breaks off ends the process.
    for (const close of opened.toReversed()) await close();
  }
}

async function bench(
  options: Options,
  say: (line: string) => void,
  opened: (() => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  const servers = await openServers(opened, signal);
  const connection = await Connection.connect({ address: servers.temporal.address });
  await registerSearchAttributes(connection, 'default');
  const open = async (name: string, kind: Side['kind'], from = root, profileTo?: string) => {
    const side = await Side.open({ name, kind, servers, root: from, profileTo });
    opened.push(() => side.close());
    return side;
  };
  const profileTo = options.profile && resolve(options.profile);
  const own = await open(product, 'product', root, profileTo);
  const others: Side[] = [];
  for (const [n, folder] of (options.against ?? []).entries())
    others.push(await open(`against-${String(n + 1)}`, 'product', resolve(folder)));
  const bares = [...(options.floor ? [await open(floor, 'floor')] : []), await open(limit, 'bare')];
  const temporal = new Client({ connection });

  await sayIdle(own, say);
  const { lines, ratios } = await playRounds(temporal, [own, ...others], bares, options, say);
  lines.forEach(print);
  const revised = options.revisions > 0 ? await playRevisions(temporal, own, options.revisions, say) : undefined;
  if (revised) print(revised);
  const summary = summaryOf(lines, ratios, revised);
  print(summary);
  await connection.close();
  say(`\n${forPeople(lines, ratios, revised)}\n\n${verdicts(summary)}`);
}

function openServers(opened: (() => Promise<void>)[], signal: AbortSignal): Promise<RunningServers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-bench-'));
  opened.push(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const starting = startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true, signal });
  opened.push(async () => {
    const servers = await starting.catch(() => undefined); // it has stopped what it had begun
    await servers?.stop();
  });
  return starting;
}

/** What the processes use while nobody asks anything of them; it is in every figure. */
async function sayIdle(side: Side, say: (line: string) => void): Promise<void> {
  const before = await side.cpu();
  await pause(2000);
  const { server, worker, mongod } = difference(await side.cpu(), before);
  const perSecond = (ms: number) => String(round(ms / 2, 1));
  say(
    `idle: server ${perSecond(server)}, worker ${perSecond(worker)}, mongod ${perSecond(mongod)} ms CPU in each second`,
  );
}

interface Verdict {
  aim: number;
  is: number;
  met: boolean;
}

function summaryOf(lines: readonly MainRoadLine[], ratios: MainRoadResult['ratios'], revised?: RevisionsLine) {
  const { [product]: own, [floor]: ofFloor, ...against } = ratios;
  const verdict = (aim: number, is = NaN): Verdict => ({ aim, is, met: is <= aim });
  return {
    scenario: 'summary',
    node: process.version,
    ratios: own,
    ...(ofFloor && { floor: ofFloor }),
    ...(Object.keys(against).length > 0 && { against }),
    aims: {
      'CPU ÷ engine limit': verdict(aims.cpu, own?.cpu),
      'p50 of the answer ÷ engine limit': verdict(aims.p50, own?.p50),
      'events a message': verdict(aims.eventsPerMessage, lines[0]?.eventsPerMessage),
      ...(revised && {
        [`p50 of revision ${String(revised.revisions)} ÷ the 10th`]: verdict(aims.revisionP50, revised.ratios.p50),
      }),
    },
  };
}

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

function forPeople(lines: readonly MainRoadLine[], ratios: MainRoadResult['ratios'], revised?: RevisionsLine): string {
  const heads = ['', 'orders/s', 'CPU ms/order', 'server', 'worker', 'mongod', 'events/msg', 'bytes/msg', 'p50', 'p99'];
  const rows = lines.map(({ scenario, cpuMsPerOrder: cpu, answerMs, ...line }) =>
    [
      ...[line['orders/s'], cpu.total, cpu.server, cpu.worker, cpu.mongod],
      ...[line.eventsPerMessage, line.historyBytesPerMessage, answerMs.p50, answerMs.p99],
    ].reduce<string[]>((row, figure) => [...row, String(figure)], [scenario]),
  );
  const over = Object.entries(ratios).map(([name, { cpu, events, bytes, p50 }]) => [
    `${name} ÷ limit`,
    '',
    `${String(cpu)} ×`,
    '',
    '',
    '',
    `${String(events)} ×`,
    `${String(bytes)} ×`,
    `${String(p50)} ×`,
    '',
  ]);
  const marks = (revised?.marks ?? []).map(({ revision, runs, answerMs, cpuMsPerMessage, ratios: of }) => [
    `revision ${String(revision)}${runs > 1 ? ` (run ${String(runs)})` : ''}`,
    ...[answerMs.old, answerMs.young, of.p50, cpuMsPerMessage.old, cpuMsPerMessage.young, of.cpu].map(String),
  ]);
  const revisionHeads = ['', 'p50', '10th', 'ratio', 'CPU ms', '10th', 'ratio'];
  return [table([heads, ...rows, ...over]), ...(revised ? ['', table([revisionHeads, ...marks])] : [])].join('\n');
}

const verdicts = ({ aims: all }: ReturnType<typeof summaryOf>): string =>
  table(
    Object.entries(all).map(([name, { aim, is, met }]) => [
      name,
      String(is),
      `aim ≤ ${String(aim)}`,
      met ? 'met' : 'NOT met',
    ]),
  );

main(optionsOf(process.argv)).catch((fault: unknown) => {
  console.error(fault instanceof BrokenOff ? fault.message : fault);
  process.exit(fault instanceof BrokenOff ? 130 : 1);
});
