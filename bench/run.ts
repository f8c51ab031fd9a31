/**
 * `npm run bench`: what an order costs beside the engine limit, on servers of its own. For people a table on stderr; one
 * JSON line a scenario on stdout. How to read it: docs/reference/bench.md.
 */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { median, round, table } from './figures';
import { playRounds, type MainRoadLine, type MainRoadResult, type Player } from './main-road';
import { openQueue } from './queue';
import { openReference } from './reference';
import { playRevisions, type RevisionsLine } from './revisions';
import { difference, Side } from './side';
import { atLeastOne, count, onStage, print, root, tell, type Stage } from './stage';

const product = 'main-road';
const regular = 'regular';
const queue = 'queue';
const reference = 'reference';
const floor = 'floor';
const limit = 'engine-limit';

/** What the product must keep to: the figure, at most. */
const aims = { cpu: 2, p50: 1.8, eventsPerMessage: 8, revisionP50: 1.1, regularCpu: 2 };

interface Options {
  orders: number;
  concurrency: number;
  rounds: number;
  revisions: number;
  floor?: true;
  regular?: true;
  queue?: true;
  reference?: string;
  json?: true;
  against?: string[];
  profile?: string;
}

function optionsOf(argv: readonly string[]): Options {
  return new Command('npm run bench --')
    .description('What an order costs beside a workflow that does nothing, on servers of its own')
    .option('--orders <n>', 'orders of one side in one round', atLeastOne, 12)
    .option('--concurrency <n>', 'orders under way at once', atLeastOne, 4)
    .option('--rounds <n>', 'rounds, in which the sides take turns', atLeastOne, 6)
    .option('--revisions <n>', 'revisions of one order in the second scenario; 0 leaves it out', count, 1000)
    .option('--floor', 'also what storing each message costs without any rules')
    .option('--regular', 'also the same order with two regular activities a message')
    .option('--queue', 'also a state machine on MongoDB with BullMQ; needs redis-server')
    .option('--reference <folder>', 'also the order of a built checkout of temporalio/reference-app-orders-go')
    .option('--json', 'JSON lines only, nothing for people')
    .option('--against <folders...>', 'other checkouts of the product, each a further side')
    .option('--profile <folder>', 'write CPU profiles of the product’s worker there')
    .parse(argv)
    .opts<Options>();
}

async function bench(options: Options, stage: Stage): Promise<void> {
  const { servers, temporal, atEnd } = stage;
  const say = (line: string) => {
    if (!options.json) tell(line);
  };
  const open = async (name: string, kind: Side['kind'], from = root, profileTo?: string) => {
    const side = await Side.open({ name, kind, servers, root: from, profileTo });
    atEnd(() => side.close());
    return side;
  };
  const profileTo = options.profile && resolve(options.profile);
  const own = await open(product, 'product', root, profileTo);
  const products = [own];
  for (const [n, folder] of (options.against ?? []).entries())
    products.push(await open(`against-${String(n + 1)}`, 'product', resolve(folder)));
  if (options.regular) products.push(await open(regular, 'regular'));
  const others: Player[] = [];
  if (options.queue) others.push(await openQueue(stage, queue));
  if (options.reference) others.push(await openReference(stage, reference, resolve(options.reference)));
  const bares = [...(options.floor ? [await open(floor, 'floor')] : []), await open(limit, 'bare')];

  await sayIdle(own, say);
  const { lines, ratios } = await playRounds(temporal, products, others, bares, options, say);
  lines.forEach(print);
  const revised = options.revisions > 0 ? await playRevisions(temporal, own, options.revisions, say) : undefined;
  if (revised) print(revised);
  const summary = summaryOf(lines, ratios, revised);
  print(summary);
  say(`\n${forPeople(lines, ratios, revised)}\n\n${verdicts(summary)}`);
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
  /** The aim is a least figure, no most. */
  atLeast?: boolean;
}

/** How much more CPU an order of that side costs than one of the product: the median of the rounds. */
function timesDearer(ratios: MainRoadResult['ratios'], name: string): number {
  const of = (side: string, n: number) => ratios[side]?.rounds[n]?.cpu ?? NaN;
  const rounds = ratios[product]?.rounds ?? [];
  return round(median(rounds.map((_, n) => of(name, n) / of(product, n))));
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
      ...(against.regular && {
        'CPU of two regular activities a message ÷ product': {
          ...{ aim: aims.regularCpu, is: timesDearer(ratios, regular), atLeast: true },
          met: timesDearer(ratios, regular) >= aims.regularCpu,
        },
      }),
      ...(revised && {
        [`p50 of revision ${String(revised.revisions)} ÷ the 10th`]: verdict(aims.revisionP50, revised.ratios.p50),
      }),
    },
  };
}

function forPeople(lines: readonly MainRoadLine[], ratios: MainRoadResult['ratios'], revised?: RevisionsLine): string {
  const heads = ['', 'orders/s', 'CPU ms/order', 'server', 'worker', 'mongod', 'events/msg', 'bytes/msg', 'p50', 'p99'];
  const rows = lines.map(({ scenario, cpuMsPerOrder: cpu, answerMs, ...line }) =>
    [
      ...[line['orders/s'], cpu.total, cpu.server, cpu.worker, cpu.mongod],
      ...[line.eventsPerMessage, line.historyBytesPerMessage, answerMs.p50, answerMs.p99],
    ].reduce<string[]>((row, figure) => [...row, shown(figure)], [scenario]),
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
    Number.isNaN(p50) ? '' : `${String(p50)} ×`,
    '',
  ]);
  const marks = (revised?.marks ?? []).map(({ revision, runs, answerMs, cpuMsPerMessage, ratios: of }) => [
    `revision ${String(revision)}${runs > 1 ? ` (run ${String(runs)})` : ''}`,
    ...[answerMs.old, answerMs.young, of.p50, cpuMsPerMessage.old, cpuMsPerMessage.young, of.cpu].map(String),
  ]);
  const revisionHeads = ['', 'p50', '10th', 'ratio', 'CPU ms', '10th', 'ratio'];
  return [table([heads, ...rows, ...over]), ...(revised ? ['', table([revisionHeads, ...marks])] : [])].join('\n');
}

/** A side without answers, or without a history, has no such figures. */
const shown = (figure: number): string => (Number.isNaN(figure) ? '' : String(figure));

const verdicts = ({ aims: all }: ReturnType<typeof summaryOf>): string =>
  table(
    Object.entries(all).map(([name, { aim, is, met, atLeast }]: [string, Verdict]) => [
      name,
      String(is),
      `aim ${atLeast ? '≥' : '≤'} ${String(aim)}`,
      met ? 'met' : 'NOT met',
    ]),
  );

const options = optionsOf(process.argv);
onStage((stage) => bench(options, stage));
