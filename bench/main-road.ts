/**
 * First scenario: orders through the whole main road, beside the engine limit. The sides take turns, round by round, each
 * order's messages are Updates, and each is sent when the former was answered. Both send the same bytes.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { MessageData } from '../clients';
import { isSettled } from '../domain/order';
import { mainRoadLength, playMainRoad } from '../seeds/main-road';
import { findOrder } from '../store/read';
import { openStore, type Store } from '../store/store';
import { workflowIdOf } from '../workflows/contract';
import { drafts } from './drafts';
import { median, percentile, round } from './figures';
import { FollowingClient, type Sent } from './following-client';
import { historyOf, noHistory, type HistoryCost } from './history';
import { difference, noCpu, sum, total, type Cpu, type Measured, type Side } from './side';

/** Orders before the first round: caches, connections, machine code. */
const warmUpOrders = 10;
/** Orders of a side whose history is looked at. */
const historiesRead = 10;
/** What the servers still do after the last order has come to rest, they do in this time. */
const settleMs = 500;
const lookAgainMs = 20;

export interface MainRoadOptions {
  orders: number;
  concurrency: number;
  rounds: number;
}

/** How one side plays one order, until nothing is left to do. */
export interface Player {
  side: Measured;
  /** Plays one order; returns the id of its workflow, which may still have to do. */
  play: (index: number) => Promise<string>;
  /** Waits until the order of that workflow has nothing more to do. */
  rest: (workflow: string) => Promise<unknown>;
  takeTimes: () => number[];
  /** What the order of that workflow has cost in history; without it there is none. */
  history?: (workflow: string) => Promise<HistoryCost>;
  close: () => Promise<unknown>;
}

interface Round {
  orders: number;
  seconds: number;
  cpu: Cpu;
  times: number[];
}

export interface MainRoadLine {
  scenario: string;
  orders: number;
  messages: number;
  'orders/s': number;
  cpuMsPerOrder: Cpu & { total: number };
  eventsPerMessage: number;
  historyBytesPerMessage: number;
  /** Events of one order, by type. */
  eventsPerOrder: Record<string, number>;
  answerMs: { p50: number; p99: number };
}

export interface Ratios {
  cpu: number;
  p50: number;
  events: number;
  bytes: number;
}

export interface MainRoadResult {
  lines: MainRoadLine[];
  /** Of each side but the engine limit, by name. */
  ratios: Record<string, Ratios & { rounds: Pick<Ratios, 'cpu' | 'p50'>[] }>;
}

/** Plays the rounds. `bares` receive what the first of the products receives; the last of them is the engine limit. */
export async function playRounds(
  temporal: Client,
  products: readonly Side[],
  others: readonly Player[],
  bares: readonly Side[],
  { orders, concurrency, rounds }: MainRoadOptions,
  say: (line: string) => void,
): Promise<MainRoadResult> {
  const recorded = await recordBodies(temporal, products[0] as Side);
  const players = [
    ...(await Promise.all(products.map((side) => productPlayer(temporal, side)))),
    ...others,
    ...bares.map((side) => barePlayer(temporal, side, recorded)),
  ];
  try {
    for (const player of players) await playRound(player, warmUpOrders, concurrency);
    const played = new Map(players.map(({ side }) => [side.name, [] as Round[]]));
    const ids = new Map<string, string[]>();
    for (let n = 0; n < rounds; n += 1) {
      // Nobody is always first.
      for (const player of n % 2 ? players.toReversed() : players) {
        const { name } = player.side;
        const { workflows, ...figures } = await playRound(player, orders, concurrency);
        played.get(name)?.push(figures);
        ids.set(name, workflows);
        const { server, worker, mongod } = figures.cpu;
        const cpu = [server, worker, mongod].map((ms) => (ms / orders).toFixed(0)).join(' + ');
        say(
          `round ${String(n + 1)}, ${name}: ${cpu} ms CPU an order (server, worker, mongod), p50 ${shown(median(figures.times))} ms`,
        );
      }
    }
    const lines: MainRoadLine[] = [];
    for (const { side, history } of players) {
      const some = history ? (ids.get(side.name) ?? []).slice(0, historiesRead) : [];
      const histories = await Promise.all(some.map(async (id) => (await history?.(id)) ?? noHistory));
      lines.push(lineOf(side.name, played.get(side.name) ?? [], histories));
    }
    return { lines, ratios: ratiosOf(lines, played, (bares.at(-1) as Side).name) };
  } finally {
    await Promise.all(players.map((player) => player.close()));
  }
}

async function playRound({ side, play, rest, takeTimes }: Player, orders: number, concurrency: number) {
  takeTimes();
  const before = await side.cpu();
  const begun = performance.now();
  const workflows: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < orders) {
      next += 1;
      workflows.push(await play(next));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, orders) }, lane));
  await Promise.all(workflows.map(rest));
  const seconds = (performance.now() - begun) / 1000;
  await pause(settleMs);
  const cpu = difference(await side.cpu(), before);
  return { orders, seconds, cpu, times: takeTimes(), workflows };
}

/** The order of a workflow. */
const orderOf = (workflow: string): string => workflow.slice(workflowIdOf('').length);

const scenes = drafts();
const sceneOf = (index: number): MessageData<'draft'> => scenes[index % scenes.length] as MessageData<'draft'>;

async function productClient(temporal: Client, { mongodbUri, taskQueue }: Side, records = false) {
  const store = await openStore(mongodbUri);
  return { ta: new FollowingClient({ temporal, store, taskQueue }, records), store };
}

async function productPlayer(temporal: Client, side: Side): Promise<Player> {
  const { ta, store } = await productClient(temporal, side);
  return { ...playerOf(ta, store, side), history: (workflow) => historyOf(temporal, workflow) };
}

/** Plays the main road by a client, whichever way its messages take. */
export function playerOf(ta: FollowingClient, store: Store, side: Measured): Player {
  return {
    side,
    takeTimes: () => ta.takeTimes(),
    close: () => store.close(),
    // The order lives on until the time for complaints is over; by then it has nothing to do.
    rest: async (workflow) => {
      const isSettledNow = async () => {
        const order = await findOrder(store, orderOf(workflow));
        return order !== undefined && isSettled(order);
      };
      while (!(await isSettledNow())) await pause(lookAgainMs);
    },
    play: async (index) => {
      const order = `${side.name}-${randomUUID().slice(0, 8)}`;
      await toTheEnd(playMainRoad(ta, order, sceneOf(index)));
      ta.forget(order);
      return workflowIdOf(order);
    },
  };
}

async function toTheEnd(steps: AsyncGenerator): Promise<void> {
  while (!(await steps.next()).done) continue;
}

/** One order of each pair of parties: what it sends is what the engine limit will be sent. */
async function recordBodies(temporal: Client, side: Side): Promise<Sent[][]> {
  const { ta, store } = await productClient(temporal, side, true);
  for (const [index, scene] of scenes.entries()) {
    const order = `recorded-${String(index)}-${randomUUID().slice(0, 8)}`;
    await toTheEnd(playMainRoad(ta, order, scene));
  }
  await store.close();
  return [...ta.sent.values()];
}

function barePlayer(temporal: Client, side: Side, recorded: readonly Sent[][]): Player {
  let times: number[] = [];
  const timed = async (call: () => Promise<unknown>) => {
    const begun = performance.now();
    await call();
    times.push(performance.now() - begun);
  };
  return {
    side,
    takeTimes: () => {
      const taken = times;
      times = [];
      return taken;
    },
    close: () => Promise.resolve(),
    history: (workflow) => historyOf(temporal, workflow),
    rest: (workflow) => temporal.workflow.getHandle(workflow).result(),
    play: async (index) => {
      const workflowId = workflowIdOf(`${side.name}-${randomUUID().slice(0, 8)}`);
      const [first, ...rest] = recorded[index % recorded.length] as [Sent, ...Sent[]];
      const startWorkflowOperation = new WithStartWorkflowOperation(side.kind, {
        workflowId,
        taskQueue: side.taskQueue,
        args: [mainRoadLength],
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      await timed(() =>
        temporal.workflow.executeUpdateWithStart(first.name, {
          args: [first.envelope],
          updateId: updateIdOf(first),
          startWorkflowOperation,
        }),
      );
      const handle = temporal.workflow.getHandle(workflowId);
      for (const sent of rest) {
        await timed(() => handle.executeUpdate(sent.name, { args: [sent.envelope], updateId: updateIdOf(sent) }));
      }
      return workflowId;
    },
  };
}

/** As long as the product's client makes them. */
const updateIdOf = ({ envelope: { id } }: Sent): string => `${id}:${'0'.repeat(12)}`;

function lineOf(name: string, rounds: readonly Round[], histories: readonly HistoryCost[]): MainRoadLine {
  const orders = rounds.reduce((n, r) => n + r.orders, 0);
  const cpu = rounds.reduce((all, r) => sum(all, r.cpu), noCpu);
  const times = rounds.flatMap((r) => r.times);
  const seconds = rounds.reduce((n, r) => n + r.seconds, 0);
  const messagesRead = Math.max(1, histories.length) * mainRoadLength;
  const types = [...new Set(histories.flatMap(({ byType }) => Object.keys(byType)))].sort();
  const perOrder = (count: (history: HistoryCost) => number) =>
    round(histories.reduce((n, history) => n + count(history), 0) / Math.max(1, histories.length));
  return {
    scenario: name,
    orders,
    messages: times.length,
    'orders/s': round(orders / seconds),
    cpuMsPerOrder: {
      server: round(cpu.server / orders, 1),
      worker: round(cpu.worker / orders, 1),
      mongod: round(cpu.mongod / orders, 1),
      total: round(total(cpu) / orders, 1),
    },
    eventsPerMessage: round(histories.reduce((n, { events }) => n + events, 0) / messagesRead),
    historyBytesPerMessage: Math.round(histories.reduce((n, { bytes }) => n + bytes, 0) / messagesRead),
    eventsPerOrder: Object.fromEntries(types.map((type) => [type, perOrder(({ byType }) => byType[type] ?? 0)])),
    answerMs: { p50: round(median(times)), p99: round(percentile(times, 99)) },
  };
}

/** Each side over the engine limit. What is timed: the median of the rounds, as a machine has its moments. */
function ratiosOf(lines: readonly MainRoadLine[], played: ReadonlyMap<string, Round[]>, limitName: string) {
  const limit = lines.find(({ scenario }) => scenario === limitName) as MainRoadLine;
  const limitRounds = played.get(limitName) ?? [];
  return Object.fromEntries(
    lines
      .filter((line) => line !== limit)
      .map((line) => {
        const rounds = (played.get(line.scenario) ?? []).map(({ cpu, times }, n) => ({
          cpu: round(total(cpu) / total(limitRounds[n]?.cpu ?? noCpu)),
          p50: round(median(times) / median(limitRounds[n]?.times ?? [])),
        }));
        const ratios = {
          cpu: round(median(rounds.map(({ cpu }) => cpu))),
          p50: round(median(rounds.map(({ p50 }) => p50))),
          events: round(line.eventsPerMessage / limit.eventsPerMessage),
          bytes: round(line.historyBytesPerMessage / limit.historyBytesPerMessage),
          rounds,
        };
        return [line.scenario, ratios];
      }),
  );
}

const shown = (ms: number): string => ms.toFixed(1);
