/**
 * `npm run bench:replay`: how long a worker takes to tell an order again from its history, as it must when the order has left
 * its cache, or has come from a worker that is gone. One order is revised until its history is long; then the history is
 * replayed again and again. How to read it: docs/performance.md.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { Command } from 'commander';
import type { Sender } from '../clients';
import { openStore } from '../store/store';
import { orderWorkflow, workflowIdOf, type OrderInput } from '../workflows/contract';
import { payloadConverterPath, provideBundle } from '../workers/bundle';
import { join } from 'node:path';
import { drafts } from './drafts';
import { median, percentile, round } from './figures';
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
}

async function play({ servers, temporal, atEnd }: Stage, { events, replays }: Options): Promise<void> {
  const side = await Side.open({ name: 'replay', kind: 'product', servers, root });
  atEnd(() => side.close());
  const workflowId = await longOrder(temporal, side, events);
  const history = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const length = history.events?.length ?? 0;
  tell(`an order of ${String(length)} events; ${String(replays)} replays after ${String(warmUp)} that are not counted`);

  const codePath = await provideBundle(join(root, '.data', 'cache'));
  const options = { workflowBundle: { codePath }, dataConverter: { payloadConverterPath } };
  const ms: number[] = [];
  const cpuMs: number[] = [];
  let begun = performance.now();
  let cpu = process.cpuUsage();
  const take = async function* () {
    for (let n = 0; n < warmUp + replays; n += 1) {
      await pause(20);
      begun = performance.now();
      cpu = process.cpuUsage();
      yield { workflowId: `${workflowId}-${String(n)}`, history };
    }
  };
  let told = 0;
  for await (const { error } of Worker.runReplayHistories(options, take())) {
    if (error) throw error;
    told += 1;
    if (told <= warmUp) continue;
    const { user, system } = process.cpuUsage(cpu);
    ms.push(performance.now() - begun);
    cpuMs.push((user + system) / 1000);
  }
  const perThousand = (values: readonly number[], percent: number) =>
    round((percentile(values, percent) * 1000) / length, 1);
  const is = round((median(ms) * 1000) / length, 1);
  print({
    scenario: 'replay',
    events: length,
    replays,
    msPerThousandEvents: { p50: is, p99: perThousand(ms, 99) },
    cpuMsPerThousandEvents: perThousand(cpuMs, 50),
    aims: { 'ms for 1,000 events': { aim, is, met: is <= aim } },
  });
}

/** Revises one order until its history has so many events; the id of its workflow. */
async function longOrder(temporal: Stage['temporal'], side: Side, events: number): Promise<string> {
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
  return workflowIdOf(order);
}

const options = new Command('npm run bench:replay --')
  .description('How long an order takes to be told again from its history')
  .option('--events <n>', 'events of the order’s history', atLeastOne, 2000)
  .option('--replays <n>', 'replays that are counted', atLeastOne, 30)
  .parse()
  .opts<Options>();

onStage((stage) => play(stage, options));
