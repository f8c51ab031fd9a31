/**
 * `npm run bench:recovery`: how long an order waits when its worker is killed under load. Real worker processes, killed with
 * SIGKILL at random moments while every order of theirs is sent message after message: once while another worker is there, once
 * while the killed one is only started again. How to read it: docs/performance.md.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { Unavailable, type Sender } from '../clients';
import { newKey, readKeys } from '../config/keys';
import { loadSeeds } from '../seeds/load';
import { openStore, setUpDatabase } from '../store/store';
import { Own } from '../test/chaos/parts';
import { provideBundle } from '../workers/bundle';
import { drafts } from './drafts';
import { median, percentile, round } from './figures';
import { FollowingClient } from './following-client';
import { atLeastOne, onStage, print, tell, type Stage } from './stage';

/** Milliseconds until the slowest order has its next answer, at most. */
const aim = 3000;
/** An answer that comes so soon after the kill may have been on its way before. */
const onItsWayMs = 100;
const taskQueue = 'bench-recovery';

interface Options {
  orders: number;
  kills: number;
  taskTime?: number;
  built?: true;
}

/** Messages of one order: so many as the main road has. Then the lane drafts another one. */
const messagesOfOne = 12;

/** Orders that are sent message after message, one after another; when their answers came. */
interface Lane {
  answers: number[];
}

async function play({ servers, temporal, dataDir, atEnd }: Stage, options: Options): Promise<void> {
  const { orders, kills, taskTime, built } = options;
  const key = newKey('bench');
  const store = await openStore(servers.mongodb.uri, { keys: readKeys(key) });
  atEnd(() => store.close());
  await setUpDatabase(store);
  await loadSeeds(store);
  await provideBundle(join(dataDir, 'cache'));
  const env = {
    ...{ TEMPORAL_ADDRESS: servers.temporal.address, MONGODB_URI: servers.mongodb.uri, TA_TASK_QUEUE: taskQueue },
    ...{ TA_DATA_DIR: dataDir, TA_LOG_LEVEL: 'warn', TA_FEED_DIR: '', TA_CALLBACK_PORT: '' },
    ...{ TA_KEYS: key, TA_PAYLOADS: 'plain' },
  };
  const [one, other] = ['one', 'other'].map(
    (name) => new Own('worker', name, 'workers/main.ts', env, dataDir, built === true),
  ) as [Own, Own];
  atEnd(() => Promise.all([one.stop(), other.stop()]));
  await one.start();
  tell('a worker is up');

  const ta = new FollowingClient({
    ...{ temporal, store, taskQueue },
    ...(taskTime !== undefined && { taskTimeMs: taskTime * 1000 }),
  });
  let isOver = false;
  const lanes: Lane[] = [];
  const driving = drafts()
    .slice(0, 1)
    .flatMap((draft) => Array.from({ length: orders }, (_, n) => ({ draft, order: `held-${String(n)}` })))
    .map(async ({ draft, order }) => {
      const as: Sender['as'] = { role: 'supplier', member: draft.supplier };
      const lane: Lane = { answers: [] };
      lanes.push(lane);
      for (let n = 0; !isOver; n += 1) {
        const id = `${order}-${String(n)}`;
        await patiently(() => ta.start(id, draft, { as, id: 'draft' }));
        lane.answers.push(performance.now());
        for (let sent = 1; sent < messagesOfOne; sent += 1) {
          const { revision, contract } = await ta.view(id);
          const changes = { payment: { ...contract.payment, advancePercent: 10 + (revision % 90) } };
          const sender = { as, id: `revise-${String(revision)}` };
          await patiently(() => ta.send('revise', id, { baseRevision: revision, changes }, sender));
          lane.answers.push(performance.now());
        }
      }
    });
  const calm = () => pause(2000 + Math.random() * 1000);
  /** Kills a worker; how long each order waited for its next answer. */
  const killed = async (worker: Own, then: () => Promise<unknown>): Promise<number[]> => {
    while (lanes.some(({ answers }) => answers.length === 0)) await pause(50);
    await calm();
    const at = performance.now();
    await worker.kill();
    tell('killed a worker');
    const coming = then();
    const waits: number[] = [];
    while (waits.length < lanes.length) {
      await pause(20);
      const next = lanes.map(({ answers }) => answers.find((answer) => answer > at + onItsWayMs));
      if (next.every((answer) => answer !== undefined)) waits.push(...next.map((answer) => answer - at));
    }
    await coming;
    return waits;
  };

  const lines = [];
  const beside: number[] = [];
  let [holder, spare] = [one, other];
  for (let n = 0; n < kills; n += 1) {
    await spare.start();
    tell('another worker is up');
    beside.push(...(await killed(holder, () => Promise.resolve())));
    [holder, spare] = [spare, holder];
    tell(`killed beside another ${String(n + 1)} of ${String(kills)}: slowest so far ${shown(Math.max(...beside))} ms`);
  }
  lines.push({ case: 'another worker is there', ...figuresOf(beside) });
  const restarted: number[] = [];
  const starts: number[] = [];
  for (let n = 0; n < kills; n += 1) {
    restarted.push(
      ...(await killed(holder, async () => {
        const begun = performance.now();
        await holder.start();
        starts.push(performance.now() - begun);
      })),
    );
    tell(
      `killed and restarted ${String(n + 1)} of ${String(kills)}: slowest so far ${shown(Math.max(...restarted))} ms`,
    );
  }
  lines.push({ case: 'the worker is started again', ...figuresOf(restarted), startMs: Math.round(median(starts)) });
  isOver = true;
  await Promise.all(driving);
  const is = Math.max(...lines.map(({ waitMs }) => waitMs.max));
  print({
    scenario: 'recovery',
    orders,
    kills,
    taskSeconds: taskTime ?? 10,
    from: built ? 'dist' : 'source',
    lines,
    aims: { 'ms until the slowest order goes on': { aim, is, met: is <= aim } },
  });
}

/** Sends again under the same id what was not answered in time, as a caller does. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (fault) {
      if (!(fault instanceof Unavailable)) throw fault;
    }
  }
}

const figuresOf = (waits: readonly number[]) => ({
  waitMs: {
    p50: round(median(waits), 0),
    p99: round(percentile(waits, 99), 0),
    max: round(Math.max(...waits), 0),
  },
});

const shown = (ms: number): string => ms.toFixed(0);

const options = new Command('npm run bench:recovery --')
  .description('How long an order waits when its worker is killed')
  .option('--orders <n>', 'orders that are sent message after message', atLeastOne, 8)
  .option('--kills <n>', 'kills of each case', atLeastOne, 5)
  .option('--task-time <seconds>', 'how long a worker may take for one task; the engine’s 10 unless said', atLeastOne)
  .option('--built', 'workers run from dist (after npm run build), as in production')
  .parse()
  .opts<Options>();

onStage((stage) => play(stage, options));
