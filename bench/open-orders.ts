/**
 * `npm run bench:open`: one worker that holds more and more open orders. At marks on the way: its memory; what an order costs
 * that is played along the main road beside them; what a message costs that comes to one of them. How to read it:
 * docs/performance.md.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { mainRoadLength, playMainRoad } from '../seeds/main-road';
import { openStore } from '../store/store';
import { drafts } from './drafts';
import { round, table } from './figures';
import { FollowingClient } from './following-client';
import { difference, Side, total } from './side';
import { inLanes } from './timed';
import { atLeastOne, onStage, print, root, tell, type Stage } from './stage';

/** CPU of an order at the last mark ÷ at the first one, at most; memory of the worker from the second mark on, at most. */
const aims = { cpu: 1.2, memory: 1.2 };
const settleMs = 2000;

interface Options {
  orders: number;
  atOnce: number;
  played: number;
  cached?: number;
}

interface Mark {
  open: number;
  workerRssMb: number;
  cpuMsPerOrder: number;
  cpuMsPerMessage: number;
}

async function play({ servers, temporal, atEnd }: Stage, options: Options): Promise<void> {
  const { orders, atOnce, played, cached } = options;
  const side = await Side.open({ name: 'open', kind: 'product', servers, root, cached });
  atEnd(() => side.close());
  const store = await openStore(side.mongodbUri);
  atEnd(() => store.close());
  const ta = new FollowingClient({ temporal, store, taskQueue: side.taskQueue });
  const scenes = drafts();
  const sceneOf = (n: number) => scenes[n % scenes.length] ?? never();
  const senderOf = (n: number) => ({ role: 'supplier' as const, member: sceneOf(n).supplier });
  const idOf = (n: number) => `open-${String(n)}`;

  let open = 0;
  const openUpTo = async (mark: number): Promise<number> => {
    const begun = performance.now();
    const first = open;
    await inLanes(mark - first, atOnce, async (n) => {
      await ta.start(idOf(first + n), sceneOf(first + n), { as: senderOf(first + n), id: 'draft' });
      ta.forget(idOf(first + n)); // the bench keeps nothing of it
      open += 1;
    });
    return ((mark - first) * 1000) / (performance.now() - begun);
  };
  /** CPU of server, worker and mongod together for each of `count` pieces of work. */
  const cost = async (count: number, work: (n: number) => Promise<unknown>): Promise<number> => {
    await pause(settleMs);
    const before = await side.cpu();
    await inLanes(count, 4, work);
    await pause(settleMs);
    return round(total(difference(await side.cpu(), before)) / count, 1);
  };
  const playOne = async (n: number, prefix: string) => {
    const order = `${prefix}-${String(n)}`;
    const steps = playMainRoad(ta, order, sceneOf(n));
    while (!(await steps.next()).done) continue;
    ta.forget(order);
  };
  await inLanes(played, 4, (n) => playOne(n, 'warm'));
  const marks: Mark[] = [];
  for (const mark of [0.05, 0.25, 0.5, 1].map((part) => Math.round(orders * part))) {
    const perSecond = await openUpTo(mark);
    const cpuMsPerOrder = await cost(played, (n) => playOne(n, `played-${String(mark)}`));
    // To orders that lie evenly among all that are open, one message each.
    const messages = Math.min(played * mainRoadLength, mark);
    const cpuMsPerMessage = await cost(messages, async (n) => {
      const index = Math.floor((n * mark) / messages);
      const { revision, contract } = await ta.view(idOf(index));
      const changes = { payment: { ...contract.payment, advancePercent: 10 + (revision % 90) } };
      const sender = { as: senderOf(index), id: `revise-${String(mark)}` };
      await ta.send('revise', idOf(index), { baseRevision: revision, changes }, sender);
      ta.forget(idOf(index));
    });
    const line = { open: mark, workerRssMb: rssMb(side.pid), cpuMsPerOrder, cpuMsPerMessage };
    marks.push(line);
    tell(`${String(mark)} open, ${perSecond.toFixed(0)} drafted a second: ${JSON.stringify(line)}`);
  }
  const [first, second, last] = [marks[0] ?? never(), marks[1] ?? never(), marks.at(-1) ?? never()];
  const ratios = {
    cpu: round(last.cpuMsPerOrder / first.cpuMsPerOrder),
    cpuOfAMessage: round(last.cpuMsPerMessage / first.cpuMsPerMessage),
    memory: round(last.workerRssMb / second.workerRssMb),
    memoryFromFirst: round(last.workerRssMb / first.workerRssMb),
  };
  print({
    scenario: 'open-orders',
    orders,
    ...(cached !== undefined && { cached }),
    marks,
    ratios,
    aims: {
      'CPU of an order, last mark ÷ first': { aim: aims.cpu, is: ratios.cpu, met: ratios.cpu <= aims.cpu },
      'memory of the worker, last mark ÷ second': {
        ...{ aim: aims.memory, is: ratios.memory, met: ratios.memory <= aims.memory },
      },
    },
  });
  const rows = marks.map((mark) => Object.values(mark).map(String));
  tell(table([['open', 'RSS MB', 'CPU ms/order', 'CPU ms/message to an open one'], ...rows]));
}

/** Resident memory of a process, in MB; NaN where there is no /proc. */
function rssMb(pid: number): number {
  try {
    const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  } catch {
    return NaN;
  }
}

function never(): never {
  throw new Error('no supplier of the seeds may trade');
}

const options = new Command('npm run bench:open --')
  .description('One worker that holds more and more open orders')
  .option('--orders <n>', 'open orders at the last mark', atLeastOne, 20_000)
  .option('--at-once <n>', 'orders that are drafted at once', atLeastOne, 40)
  .option('--played <n>', 'orders played along the main road at each mark', atLeastOne, 10)
  .option('--cached <n>', 'workflows that the worker keeps in memory; the SDK’s default unless said', atLeastOne)
  .parse()
  .opts<Options>();

onStage((stage) => play(stage, options));
