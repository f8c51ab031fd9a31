/**
 * What a user would build without Temporal: a plain state machine on MongoDB with BullMQ. A job is a message; its worker reads
 * the order, decides by the product's rules, and stores by the product's commit; deadlines are delayed jobs, effects are jobs.
 */
import { Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import { createOrderActivities } from '../activities/order';
import { deadlines } from '../domain/deadlines';
import { decide } from '../domain/decide';
import { callOf, outcomeOf } from '../domain/effects';
import type { Message } from '../domain/messages';
import type { Order } from '../domain/order';
import { isRefusal } from '../domain/refusal';
import { commit } from '../store/commit';
import { findOrder } from '../store/read';
import type { Store } from '../store/store';
import type { Answer } from '../workflows/contract';
import type { Made } from './worker';

/** What a job carries: a message of an order, or an effect to be done. */
export type OrderJob = { order: string; message: Message } | { order: string; effect: string };

interface QueueOptions {
  store: Store;
  queue: string;
  redisPort: number;
}

/** Jobs under way at once; BullMQ's own default is one. */
const concurrency = 40;

export async function runQueueWorker({ store, queue: name, redisPort }: QueueOptions): Promise<Made> {
  const connection = { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null };
  const queue = new Queue<OrderJob>(name, { connection });
  const { accrueCredit } = createOrderActivities({ store });
  /** Versions that another job took first are decided anew, as nothing puts the jobs of an order in a row. */
  const apply = async (order: string, message: Message): Promise<Answer> => {
    for (;;) {
      const current = await findOrder(store, order);
      const at = new Date().toISOString();
      const events = decide(current, message, at);
      if (isRefusal(events)) throw new UnrecoverableError(events.refused);
      const version = (current?.version ?? 0) + 1;
      if (events.length > 0) {
        const stored = await commit(store, { order, version, at, message, events });
        if (stored.kind === 'refused') throw new UnrecoverableError(stored.refusal.refused);
        if (stored.kind === 'stands' && stored.entries[0]?.messageId !== message.id) continue;
        const now = await follow(current, order);
        const own =
          stored.kind === 'stands' ? stored.entries[0] : stored.kind === 'repeated' ? stored.entry : undefined;
        return { order, version: own?.version ?? version, status: now.status, events: own?.events ?? events };
      }
      return { order, version: version - 1, status: current?.status ?? 'negotiating', events: [] };
    }
  };
  /** Its next deadline as a delayed job in place of the last one; its new effects as jobs. */
  const follow = async (before: Order | undefined, id: string): Promise<Order> => {
    const order = await findOrder(store, id);
    if (!order) throw new Error(`order ${id} is gone`);
    const [was] = before ? deadlines(before) : [];
    const [next] = order.endedAt === undefined ? deadlines(order) : [];
    if (was && (was.message !== next?.message || was.at !== next.at)) await queue.remove(clockId(id, was));
    if (next && (was?.message !== next.message || was.at !== next.at)) {
      const actor = { role: 'clock', member: 'clock' } as const;
      const message = { name: next.message, id: `clock:${next.message}:${next.at}`, actor, data: {} } as Message;
      const delay = Math.max(1, Date.parse(next.at) - Date.now());
      await queue.add(next.message, { order: id, message }, { delay, jobId: clockId(id, next) });
    }
    const had = new Set(before?.effects.map(({ id: effect }) => effect));
    for (const { id: effect, state } of order.effects)
      if (state === 'pending' && !had.has(effect)) await queue.add('effect', { order: id, effect }, { attempts: 10 });
    return order;
  };
  const perform = async (id: string, effectId: string): Promise<unknown> => {
    const order = await findOrder(store, id);
    const effect = order?.effects.find((one) => one.id === effectId);
    if (!order || effect?.state !== 'pending') return undefined;
    const { call } = callOf(order, effect, new Date().toISOString());
    if (call.activity !== 'accrueCredit') throw new UnrecoverableError(`${call.activity} is not on the main road`);
    const told = outcomeOf.accrueCredit(effect.id, await accrueCredit(call.input));
    const actor = { role: 'effect', member: effect.kind } as const;
    return apply(id, { ...told, id: `effect:${effect.id}`, actor });
  };
  const work = ({ data }: Job<OrderJob>) =>
    'message' in data ? apply(data.order, data.message) : perform(data.order, data.effect);
  const worker = new Worker<OrderJob>(name, work, {
    connection,
    concurrency,
    autorun: false,
    removeOnComplete: { count: 1000 },
  });
  worker.on('error', (fault) => {
    console.error(fault);
  });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  return {
    run: async () => {
      void worker.run();
      await end;
    },
    stop: () => {
      ended();
    },
    close: () => Promise.all([worker.close(), queue.close()]).then(() => store.close()),
  };
}

const clockId = (order: string, { message, at }: { message: string; at: string }): string =>
  `${order}-${message}-${String(Date.parse(at))}`;
