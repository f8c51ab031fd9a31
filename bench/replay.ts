/**
 * `npm run bench:replay`: how long a worker takes to tell an order again from its history, as it must when the order has left
 * its cache, or has come from a worker that is gone. One order is revised until its history is long; beside it stand the
 * workflows that the product is measured by, with as many Updates. The histories are replayed in turns. How to read it:
 * docs/performance.md.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { Command } from 'commander';
import type { Sender } from '../clients';
import { openStore } from '../store/store';
import { orderWorkflow, workflowIdOf, type OrderInput } from '../workflows/contract';
import { payloadConverterPath, provideBundle } from '../workers/bundle';
import { bareBundle } from './bare-bundle';
import { drafts } from './drafts';
import { median, percentile, round, table } from './figures';
import { FollowingClient } from './following-client';
import { Side } from './side';
import { atLeastOne, onStage, print, root, tell, type Stage } from './stage';

/** Milliseconds for 1,000 events, at most. */
const aim = 100;
/** Replays before those that are counted: machine code. */
const warmUp = 3;

interface Options {
  events: number;
  replays: number;
  rounds: number;
}

type History = Awaited<ReturnType<ReturnType<Stage['temporal']['workflow']['getHandle']>['fetchHistory']>>;

/** A history, how to tell it again, and what that took. */
interface Told {
  name: string;
  events: number;
  updates: number;
  history: History;
  options: ReplayWorkerOptions;
  ms: number[];
  cpuMs: number[];
}

async function play(stage: Stage, { events, replays, rounds }: Options): Promise<void> {
  const codePath = await provideBundle(join(root, '.data', 'cache'));
  const product = await longOrder(stage, events);
  const ours = told('product', product, { workflowBundle: { codePath }, dataConverter: { payloadConverterPath } });
  const workflowBundle = await bareBundle();
  const all = [ours];
  for (const kind of ['floor', 'bare'] as const)
    all.push(told(kind, await longBare(stage, kind, ours.updates), { workflowBundle }));
  for (const { name, events: length, updates } of all)
    tell(`${name}: ${String(length)} events, ${String(updates)} Updates`);
  for (let n = 0; n < rounds; n += 1) for (const one of all) await tellAgain(one, replays);
  report(all, replays * rounds);
}

function told(name: string, history: History, options: ReplayWorkerOptions): Told {
  const { length } = history.events ?? [];
  const updates = history.events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length ?? 0;
  return { name, events: length, updates, history, options, ms: [], cpuMs: [] };
}

/** Replays one history so many times, after some that are not counted. */
async function tellAgain({ name, history, options, ms, cpuMs }: Told, replays: number): Promise<void> {
  let begun = performance.now();
  let cpu = process.cpuUsage();
  const take = async function* () {
    for (let n = 0; n < warmUp + replays; n += 1) {
      await pause(20);
      begun = performance.now();
      cpu = process.cpuUsage();
      yield { workflowId: `${name}-${String(n)}`, history };
    }
  };
  let done = 0;
  for await (const { error } of Worker.runReplayHistories(options, take())) {
    if (error) throw error;
    done += 1;
    if (done <= warmUp) continue;
    const { user, system } = process.cpuUsage(cpu);
    ms.push(performance.now() - begun);
    cpuMs.push((user + system) / 1000);
  }
}

function report(all: readonly Told[], replays: number): void {
  const lines = all.map(({ name, events, updates, ms, cpuMs }) => ({
    name,
    events,
    updates,
    msPerThousandEvents: {
      p50: round((median(ms) * 1000) / events, 1),
      p99: round((percentile(ms, 99) * 1000) / events, 1),
    },
    cpuMsPerThousandEvents: round((median(cpuMs) * 1000) / events, 1),
    msPerUpdate: round(median(ms) / updates),
  }));
  const is = lines[0]?.msPerThousandEvents.p50 ?? NaN;
  print({ scenario: 'replay', replays, told: lines, aims: { 'ms for 1,000 events': { aim, is, met: is <= aim } } });
  const heads = ['', 'events', 'Updates', 'ms (p50) for 1,000 events', 'CPU ms for 1,000 events', 'ms an Update'];
  const rows = lines.map((line) =>
    [
      line.name,
      line.events,
      line.updates,
      line.msPerThousandEvents.p50,
      line.cpuMsPerThousandEvents,
      line.msPerUpdate,
    ].map(String),
  );
  tell(table([heads, ...rows]));
}

/** Revises one order until its history has so many events. */
async function longOrder({ servers, temporal, atEnd }: Stage, events: number): Promise<History> {
  const side = await Side.open({ name: 'replay', kind: 'product', servers, root });
  atEnd(() => side.close());
  const store = await openStore(side.mongodbUri);
  const ta = new FollowingClient({ temporal, store, taskQueue: side.taskQueue });
  const [draft] = drafts();
  if (!draft) throw new Error('no supplier of the seeds may trade');
  const order = 'told-again';
  const as: Sender['as'] = { role: 'supplier', member: draft.supplier };
  const handle = temporal.workflow.getHandle(workflowIdOf(order));
  try {
    // By itself an order does not grow so long: it continues as new before.
    const input: OrderInput = { order, updatesLast: true };
    const { taskQueue } = side;
    await temporal.workflow.start(orderWorkflow, { workflowId: workflowIdOf(order), taskQueue, args: [input] });
    await ta.start(order, draft, { as, id: 'draft' });
    while ((await handle.describe()).historyLength < events) {
      for (let n = 0; n < 10; n += 1) {
        const { revision, contract } = await ta.view(order);
        const changes = { payment: { ...contract.payment, advancePercent: 10 + (revision % 90) } };
        await ta.send('revise', order, { baseRevision: revision, changes }, { as, id: `revise-${String(revision)}` });
      }
    }
  } finally {
    await store.close();
  }
  return handle.fetchHistory();
}

/** As many Updates for a workflow that does nothing with them, or only stores them. */
async function longBare(stage: Stage, kind: 'bare' | 'floor', updates: number): Promise<History> {
  const { servers, temporal, atEnd } = stage;
  const side = await Side.open({ name: kind, kind, servers, root });
  atEnd(() => side.close());
  const { taskQueue } = side;
  // One more than it gets: it is told again while it is open, as an order is.
  const args = [updates + 1];
  const handle = await temporal.workflow.start(kind, { workflowId: `${kind}-${randomUUID()}`, taskQueue, args });
  for (let n = 0; n < updates; n += 1) await handle.executeUpdate('revise', { args: [{ revision: n }] });
  return handle.fetchHistory();
}

const options = new Command('npm run bench:replay --')
  .description('How long an order takes to be told again from its history')
  .option('--events <n>', 'events of the order’s history', atLeastOne, 2000)
  .option('--replays <n>', 'replays of each history that are counted in a round', atLeastOne, 10)
  .option('--rounds <n>', 'rounds, in which each history has its turn', atLeastOne, 3)
  .parse()
  .opts<Options>();

onStage((stage) => play(stage, options));
