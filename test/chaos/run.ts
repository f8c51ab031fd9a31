/**
 * `npm run chaos`: an installation of real processes under a storm of orders, while its parts are killed, cut off and slowed down;
 * then whether all of it holds together. Servers and data of its own. One JSON line on stdout; exit code 1 on a violation.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { mintToken } from '../../clients/http/dev-issuer';
import type { TradeAssuranceClient } from '../../clients';
import { drafts } from '../../bench/drafts';
import { workflowIdOf } from '../../workflows/contract';
import { Disk } from './disk';
import { Faults, type FaultCounts } from './faults';
import { audience, bringUp, type Installation } from './installation';
import { Rolling } from './rolling';
import { Storm, type Counts } from './storm';
import { comeToRest, judge, type Verdict } from './verdict';

export interface ChaosOptions {
  seed: number;
  /** How long the storm lasts at most. */
  minutes: number;
  /** It ends before, once all of these that are named are reached: messages sent, parts killed. */
  messages?: number | undefined;
  kills?: number | undefined;
  /** Orders that are played at once. */
  drivers: number;
  workers: number;
  /** Processes of the API, behind a balancer. */
  apis: number;
  /** Of MongoDB. */
  nodes: 1 | 3;
  /** The data is on a small disk of its own, which is full now and then; where one can be mounted. */
  hasDisk: boolean;
  /** How many faults may be under way at once. */
  lanes: number;
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

/** Runs the whole of it once. The data of a run that does not hold stays. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-chaos-'));
  const disk = options.hasDisk ? await Disk.mount(dataDir) : undefined;
  if (options.hasDisk && !disk) options.tell('no disk can be mounted here (Linux, as root): it is never full');
  const stops: (() => Promise<unknown>)[] = [];
  let holds = false;
  try {
    const report = await within(options, dataDir, disk, stops);
    holds = report.violations.length + report.crashes.length === 0;
    return report;
  } finally {
    for (const stop of stops.reverse()) await stop().catch((fault: unknown) => options.tell(String(fault)));
    if (holds) {
      await disk?.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    } else options.tell(`the data of this run stays in ${dataDir}${disk ? ', which is in memory until umount' : ''}`);
  }
}

async function within(
  options: ChaosOptions,
  dataDir: string,
  disk: Disk | undefined,
  stops: (() => Promise<unknown>)[],
): Promise<ChaosReport> {
  const { seed, tell, isRolling } = options;
  const installation = await bringUp({ ...options, dataDir }, stops);
  const { ta, workers, processes } = installation;
  tell(`all parts are up; seed ${String(seed)}`);
  const storm = new Storm({
    ...{ seed, ta, apiUrl: installation.apiUrl, drivers: options.drivers },
    tokenOf: (caller) => mintToken(dataDir, audience, caller),
    pairs: drafts().slice(0, 6),
  });
  const faults = new Faults({
    ...{ ...installation, disk, tell, seed: seed + 1 },
    ...{ everyMs: options.everyMs, peaceMs: options.peaceMs, lanes: options.lanes },
  });
  const rolling = new Rolling([...workers, ...processes], tell);
  const began = performance.now();
  await rage(options, storm, faults, isRolling ? rolling : faults);
  tell('the storm is over; all parts are up');
  const { retries, abandoned } = storm.counts;
  const failed = retries + abandoned;
  for (const [why, times] of storm.unanswered) tell(`${String(times)} calls: ${why}`);
  await storm.settle(60_000);
  const seconds = Math.round((performance.now() - began) / 1000);
  const unrest = await comeToRest(ta.options.store, 300_000);
  tell('at rest; checking');
  const verdict = await judge(ta, storm, installation.sandboxUri);
  for (const line of await evidenceOf(ta, verdict.violations)) tell(line);
  return {
    ...{ seed, seconds, storm: storm.counts, faults: faults.counts },
    crashes: crashesOf(installation),
    ...verdict,
    ...(isRolling && { rolling: { restarts: rolling.restarts, endMs: rolling.endMs } }),
    violations: [
      ...(isRolling && failed > 0 ? [`${String(failed)} calls found no answer`] : []),
      ...unrest,
      ...verdict.violations,
    ],
  };
}

/** The storm and its trouble, until its time is over or all aims are reached; then everything is up. */
async function rage(
  { minutes, messages, kills, tell }: ChaosOptions,
  storm: Storm,
  { counts }: Faults,
  trouble: Faults | Rolling,
): Promise<void> {
  const endAt = performance.now() + minutes * 60_000;
  // So many in all, and of each kind its share.
  const killed = () => 5 * Math.min(...Object.values(counts.kills));
  const isEnough = () =>
    (messages !== undefined || kills !== undefined) &&
    storm.counts.messages >= (messages ?? 0) &&
    killed() >= (kills ?? 0);
  const watching = setInterval(() => {
    if (performance.now() < endAt && !isEnough()) return;
    storm.end();
    trouble.end();
  }, 200);
  const telling = setInterval(
    () => tell(`${JSON.stringify(storm.counts)} ${JSON.stringify(counts.kills)} gaps ${String(counts.gaps)}`),
    15_000,
  );
  try {
    await Promise.all([storm.rage(), trouble.go()]);
  } finally {
    clearInterval(watching);
    clearInterval(telling);
  }
}

const crashesOf = ({ workers, processes }: Installation): string[] =>
  [...workers, ...processes].flatMap(({ crashes }) => crashes);

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

async function main(): Promise<void> {
  const given = new Command('chaos')
    .description('A storm of orders while the parts of an installation are killed, cut off and slowed down')
    .option('--minutes <n>', 'how long the storm lasts at most', Number, 10)
    .option('--messages <n>', 'it ends before, once so many are sent', Number)
    .option('--kills <n>', 'and once so many parts were killed, of each kind a fifth', Number)
    .option('--seed <n>', 'what chance follows from', Number, randomInt(1_000_000))
    .option('--drivers <n>', 'orders that are played at once', Number, 12)
    .option('--workers <n>', 'worker processes', Number, 2)
    .option('--apis <n>', 'processes of the API, behind a balancer', Number, 2)
    .addOption(
      new Option('--nodes <n>', 'of MongoDB; of three the primary steps down, too').choices(['1', '3']).default('3'),
    )
    .option('--no-disk', 'the data is on no small disk of its own, which is full now and then')
    .option('--lanes <n>', 'faults that may be under way at once', Number, 2)
    .option('--rolling', 'nothing breaks: processes are replaced one after another, and no call may fail', false)
    .option('--built', 'the product’s processes run from dist (npm run build): they start sooner', false)
    .option('--peace <ms>', 'so long a part that has come back is not killed again', Number, 8000)
    .option('--every <ms>', 'mean pause between faults, in ms', Number, 2500)
    .parse(process.argv)
    .opts<{
      minutes: number;
      messages?: number;
      kills?: number;
      seed: number;
      drivers: number;
      workers: number;
      every: number;
      built: boolean;
      peace: number;
      apis: number;
      rolling: boolean;
      nodes: '1' | '3';
      disk: boolean;
      lanes: number;
    }>();
  const {
    every: everyMs,
    peace: peaceMs,
    built: isBuilt,
    rolling: isRolling,
    disk: hasDisk,
    nodes,
    ...options
  } = given;
  const report = await runChaos({
    ...options,
    nodes: nodes === '3' ? 3 : 1,
    hasDisk,
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
