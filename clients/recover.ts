/**
 * Brings workflows and books together where they have come apart. The sweep does so for orders that rest; `ta recover` for all,
 * after one of the two was restored to an older point.
 */
import type { CaughtUp, Mark } from '../activities/inbox';
import { createOrderActivities } from '../activities/order';
import { callOf } from '../domain/effects';
import type { JournalEntry } from '../domain/events';
import { fold } from '../domain/evolve';
import type { Order } from '../domain/order';
import { findOrder, journalOf } from '../store/read';
import { restate } from '../store/restate';
import type { Store } from '../store/store';
import {
  catchUpSignal,
  entriesQuery,
  orderWorkflow,
  resumeSignal,
  suspenseReturnWorkflow,
  workflowIdOf,
  type AppliedEntry,
  newRun,
} from '../workflows/contract';
import { isRunning, liveOf } from './check';
import type { TradeAssuranceClient } from './client';
import type { Finding, Lost } from './recover-finding';
import { moneyAhead } from './recover-money';
import { signalAgain, wedgeOf } from './wedged';

/** An order that has not changed for so long rests: what is still under way has had time to be recorded. */
const restMs = 60_000;
/** Most orders of one sweep: what it costs is bounded, however many there are. */
const mostOfASweep = 100;

/** Orders that are looked at at once. */
const atOnce = 10;
/** Most orders that are kept to be looked at again, because they did not answer. */
const mostUnanswered = 50;

/**
 * Looks at orders that have changed after the mark and rest now, oldest change first, at most 100, and before them at those that
 * gave no answer the last time: one whose workflow is behind its journal is told to read on. That a commit was lost to its
 * workflow takes the worker, the server and the caller to end in the same moment.
 */
export async function catchUpResting(
  ta: TradeAssuranceClient,
  after: Mark,
  {
    unanswered = [],
    now = new Date().toISOString(),
  }: { unanswered?: readonly string[] | undefined; now?: string } = {},
): Promise<CaughtUp> {
  const restsSince = new Date(Date.parse(now) - restMs).toISOString();
  const { orders } = ta.options.store.collections;
  const projection = { updatedAt: 1, version: 1, endedAt: 1 } as const;
  const known = await orders.find({ _id: { $in: [...unanswered] } }, { projection }).toArray();
  const found = await orders
    .find(
      {
        updatedAt: { $gte: after.at, $lt: restsSince },
        $or: [{ updatedAt: { $gt: after.at } }, { _id: { $gt: after.order } }],
      },
      { projection },
    )
    .sort({ updatedAt: 1, _id: 1 })
    .limit(mostOfASweep)
    .toArray();
  const waiting = [...known, ...found.filter(({ _id }) => !unanswered.includes(_id))];
  const done = { looked: 0, caughtUp: 0, mark: after, unanswered: [] as string[] };
  while (waiting.length > 0) {
    const some = waiting.splice(0, atOnce);
    const answers = await Promise.all(some.map((order) => lookAt(ta, order).catch(() => undefined)));
    const silent = some.filter((_, index) => answers[index] === undefined);
    // Nobody answers: the servers are away, not the orders. The next sweep goes on from here.
    if (silent.length === atOnce) {
      const again = [...some, ...waiting].filter((order) => known.includes(order)).map(({ _id }) => _id);
      return { ...done, unanswered: [...done.unanswered, ...again].slice(-mostUnanswered) };
    }
    done.looked += some.length;
    done.caughtUp += answers.filter((isCaughtUp) => isCaughtUp).length;
    done.unanswered = [...done.unanswered, ...silent.map(({ _id }) => _id)].slice(-mostUnanswered);
    const last = some.filter((order) => found.includes(order)).at(-1);
    if (last) done.mark = { at: last.updatedAt, order: last._id };
  }
  return done;
}

/** Has an order read on whose workflow is behind; whether it was. One that has ended has nothing to read. */
async function lookAt(
  ta: TradeAssuranceClient,
  { _id: order, version, endedAt }: { _id: string; version: number; endedAt?: string | undefined },
): Promise<boolean> {
  const workflow = workflowIdOf(order);
  if (endedAt !== undefined && !(await isRunning(ta, workflow))) return false;
  const live = await liveOf(ta, workflow);
  // Without an order it has not even seen its draft. Without a workflow there is nobody to tell: `ta check` does.
  if (!live || (live.order?.version ?? 0) >= version) return false;
  await ta.options.temporal.workflow.getHandle(workflow).signal(catchUpSignal);
  return true;
}

// --- after a restore

export interface RecoverOptions {
  /** Only look. */
  check?: boolean;
  onFinding: (finding: Finding) => void;
}

/** How many were looked at. */
export interface Recovered {
  workflows: number;
  orders: number;
}

/**
 * Brings all orders, withdrawals, settlements and returns of the client's task queue together again, whichever of workflows and books is the older. What
 * only one of the two has is kept. Needs workers, and nobody who sends; again, it does what is left to be done.
 * @throws Unavailable
 */
export async function recover(
  ta: TradeAssuranceClient,
  { check = false, onFinding }: RecoverOptions,
): Promise<Recovered> {
  const lost: Lost[] = [];
  const workflows = await workflowsAhead(ta, lost, onFinding);
  // In the order in which it happened, over all orders: what is taken from an account must be there before.
  if (!check)
    for (const { order, write } of lost.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.version - b.version)))
      await write().catch((fault: unknown) => onFinding({ order, what: 'stuck', says: String(fault) }));
  const halted = new Set(lost.map(({ order }) => order));
  if (!check) for (const order of halted) await goOn(ta, order);
  let orders = 0;
  const open = ta.options.store.collections.orders.find(
    { endedAt: { $exists: false } },
    { projection: { _id: 1 }, sort: { _id: 1 } },
  );
  for await (const { _id } of open) {
    orders += 1;
    await workflowBehind(ta, _id, check, halted.has(_id), onFinding);
  }
  return { workflows, orders };
}

/** Finds what workflows have and the books lack; answers how many workflows there are. */
async function workflowsAhead(
  ta: TradeAssuranceClient,
  lost: Lost[],
  onFinding: RecoverOptions['onFinding'],
): Promise<number> {
  const { temporal, taskQueue, store } = ta.options;
  let count = 0;
  const types = [orderWorkflow, ...Object.keys(moneyAhead)].map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId, type, status } of temporal.workflow.list({ query })) {
    const ofMoney = moneyAhead[type];
    const isFailedReturn = type === suspenseReturnWorkflow && status.name === 'FAILED';
    if (!['RUNNING', 'COMPLETED'].includes(status.name) && !isFailedReturn) continue;
    count += 1;
    if (ofMoney) {
      await ofMoney({ ta, workflowId, status: status.name, lost, onFinding });
      continue;
    }
    const order = workflowId.slice(workflowIdOf('').length);
    const books = await findOrder(store, order);
    if (status.name === 'COMPLETED' && books?.endedAt !== undefined) continue;
    const version = books?.version ?? 0;
    if (status.name === 'RUNNING' && (await wedgeOf(ta, workflowId))) continue; // it answers nobody (`workflowBehind`)
    const live = await liveOf(ta, workflowId);
    if ((live?.order?.version ?? 0) <= version) continue;
    const entries = await entriesAfter(ta, workflowId, version);
    onFinding({
      ...{ order, what: 'ahead' },
      says: `its workflow is at version ${String(live?.order?.version)}, the books are at ${String(version)}`,
    });
    if (entries[0]?.entry.version !== version + 1)
      onFinding({ order, what: 'stuck', says: `version ${String(version + 1)} is in no run that is kept` });
    else
      for (const { entry, data } of entries)
        lost.push({ order, at: entry.at, version: entry.version, write: () => restateWhole(store, entry, data) });
  }
  return count;
}

/** The entries after a version, from all runs of the workflow that are kept. */
async function entriesAfter({ options: { temporal } }: TradeAssuranceClient, workflowId: string, version: number) {
  const found = new Map<number, AppliedEntry>();
  for await (const { runId, status } of temporal.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    if (!['RUNNING', 'COMPLETED', 'CONTINUED_AS_NEW'].includes(status.name)) continue;
    const handle = temporal.workflow.getHandle(workflowId, runId);
    for (let after = version; ;) {
      const page = await handle.query<AppliedEntry[], [number]>(entriesQuery, after);
      for (const one of page) found.set(one.entry.version, one);
      const last = page.at(-1);
      if (!last) break;
      after = last.entry.version;
    }
  }
  return [...found.values()].sort((a, b) => a.entry.version - b.entry.version);
}

/** Restates an entry, and what an effect whose outcome it is has booked beside the order. */
async function restateWhole(store: Store, entry: JournalEntry, data: unknown): Promise<void> {
  const before = await findOrder(store, entry.order);
  const activities = createOrderActivities({ store, now: () => entry.at });
  for (const event of entry.events) {
    if (event.type !== 'creditAccrued' && event.type !== 'creditBooked') continue;
    const effect = before?.effects.find(({ id }) => id === event.effect);
    if (!before || !effect) continue;
    const { call } = callOf(before, effect, entry.at);
    if (call.activity === 'accrueCredit') await activities.accrueCredit(call.input);
    if (call.activity === 'bookCredit') await activities.bookCredit(call.input);
  }
  await restate(store, entry, data);
}

/** An order that has halted on the gap takes its message again. */
async function goOn(ta: TradeAssuranceClient, order: string): Promise<void> {
  const live = await liveOf(ta, workflowIdOf(order)).catch(() => undefined);
  if (live?.halted === undefined) return;
  await ta.options.temporal.workflow
    .getHandle(workflowIdOf(order))
    .signal(resumeSignal)
    .catch(() => undefined);
}

/** A workflow that lacks what the books have: it reads on; one that is gone is started from the books. */
async function workflowBehind(
  ta: TradeAssuranceClient,
  id: string,
  check: boolean,
  isRestated: boolean,
  onFinding: RecoverOptions['onFinding'],
): Promise<void> {
  const { store, temporal } = ta.options;
  const workflowId = workflowIdOf(id);
  const order = await findOrder(store, id);
  if (!order || order.endedAt !== undefined) return;
  const isThere = await isRunning(ta, workflowId);
  const wedge = isThere ? await wedgeOf(ta, workflowId) : undefined;
  if (isThere && !wedge) {
    const at = (await liveOf(ta, workflowId))?.order?.version ?? 0;
    if (at >= order.version) return;
    onFinding({
      order: id,
      what: 'behind',
      says: `its workflow is at version ${String(at)}, the books are at ${String(order.version)}`,
    });
    if (!check) await temporal.workflow.getHandle(workflowId).signal(catchUpSignal);
    return;
  }
  if (check && isRestated) return; // it has ended, and so will the books once they are restated
  const folded = fold(await journalOf(store, id));
  if (folded?.version !== order.version) {
    onFinding({ order: id, what: 'stuck', says: 'its projection is not what its journal amounts to: ta rebuild' });
    return;
  }
  if (wedge) onFinding({ order: id, what: 'wedged', says: `its history cannot be told again: ${wedge.why}` });
  else onFinding({ order: id, what: 'gone', says: `is ${order.status}, and no workflow runs for it` });
  if (check) return;
  await beginAnew(ta, folded);
  if (wedge) await signalAgain(ta, workflowId, wedge.signals);
}

/** Starts an order's workflow from the books, in place of the one that runs, if one does. */
async function beginAnew({ options: { temporal, taskQueue } }: TradeAssuranceClient, order: Order): Promise<void> {
  const { id, supplier, buyer, version } = order;
  const input = newRun(id, { order, refusals: { count: 0, newest: [] } });
  await temporal.workflow.start(orderWorkflow, {
    ...{ workflowId: workflowIdOf(id), taskQueue, args: [input] },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    staticSummary: `Trade Assurance: ${supplier} → ${buyer}`,
    staticDetails: `Order \`${id}\`, recovered from the books at version ${String(version)}.`,
  });
}
