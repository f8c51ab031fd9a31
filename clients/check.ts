/**
 * Whether workflows and books agree (`ta check --workflows`): every open order has a workflow that runs, stands where the
 * books stand, and has not halted; nothing runs for an order that the books do not know. What money is on its way out, too.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { isDeepStrictEqual } from 'node:util';
import type { OnViolation } from '../store/check';
import { findOrder } from '../store/read';
import { orderWorkflow, suspenseReturnId, viewQuery, workflowIdOf, type LiveView } from '../workflows/contract';
import { settlementWorkflowId, withdrawalWorkflowId } from '../workflows/funds-contract';
import type { TradeAssuranceClient } from './client';
import { Unavailable, withinTime } from './errors';
import { wedgeOf } from './wedged';

/** How many workflows were looked at. */
export interface LookedAt {
  /** Orders that are open by the books. */
  open: number;
  /** Workflows of orders that run. */
  running: number;
  /** Withdrawals, settlements and returns that wait for the bank. */
  money: number;
}

/** Orders that are asked at once. */
const atOnce = 16;
/** How often, and after which pause, something is looked at again that may only be on its way. */
const looks = 5;
const pauseMs = 500;
const timeoutMs = 15_000;

/** Checks the workflows of the client's task queue against the books. @throws Unavailable */
export async function checkWorkflows(ta: TradeAssuranceClient, onViolation: OnViolation): Promise<LookedAt> {
  const { store } = ta.options;
  const open = await each(openOrders(ta), async (order) => {
    const says = await settled(() => wrongWithOrder(ta, order));
    if (says !== undefined) onViolation({ check: 'workflow', subject: order, says });
  });
  const running = await each(runningOrders(ta), async (order) => {
    const says = await settled(() => wrongWithWorkflow(ta, order));
    if (says !== undefined) onViolation({ check: 'workflow', subject: order, says });
  });
  const money = await each(moneyUnderWay(store.collections), async ({ id, workflow }) => {
    const says = await settled(async () =>
      (await isRunning(ta, workflow)) || !(await isUnderWay(store.collections, id))
        ? undefined
        : 'waits for the bank, and no workflow runs for it',
    );
    if (says !== undefined) onViolation({ check: 'workflow', subject: id, says });
  });
  return { open, running, money };
}

/** Works through a list, some at once; answers how many there were. */
async function each<One>(list: AsyncIterable<One>, work: (one: One) => Promise<void>): Promise<number> {
  let count = 0;
  const iterator = list[Symbol.asyncIterator]();
  const next = async (): Promise<void> => {
    for (let it = await iterator.next(); !it.done; it = await iterator.next()) {
      count += 1;
      await work(it.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return count;
}

/** What is still wrong after it had time to pass. */
async function settled(look: () => Promise<string | undefined>): Promise<string | undefined> {
  for (let left = looks; ; left -= 1) {
    const wrong = await look();
    if (wrong === undefined || left <= 1) return wrong;
    await pause(pauseMs);
  }
}

/** A stuck workflow is something to tell, not a reason to look at no other. */
function noAnswer(fault: unknown): 'no answer' {
  if (fault instanceof Unavailable) return 'no answer';
  throw fault;
}

async function* openOrders({ options: { store } }: TradeAssuranceClient): AsyncGenerator<string> {
  const open = store.collections.orders.find({ endedAt: { $exists: false } }, { projection: { _id: 1 } });
  for await (const { _id } of open) yield _id;
}

async function* runningOrders({ options: { temporal, taskQueue } }: TradeAssuranceClient): AsyncGenerator<string> {
  const query = `WorkflowType = '${orderWorkflow}' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId } of temporal.workflow.list({ query })) yield workflowId.slice(workflowIdOf('').length);
}

async function wrongWithOrder(ta: TradeAssuranceClient, id: string): Promise<string | undefined> {
  const workflow = workflowIdOf(id);
  const isThere = await isRunning(ta, workflow);
  const live = isThere ? await liveOf(ta, workflow).catch(noAnswer) : undefined;
  const order = await findOrder(ta.options.store, id);
  if (!order || order.endedAt !== undefined) return undefined;
  if (live === 'no answer') return silenceOf(ta, workflow);
  if (!live) return `is ${order.status}, and no workflow runs for it`;
  if (live.halted !== undefined) return `has halted: ${live.halted}`;
  const at = live.order?.version ?? 0;
  if (at !== order.version)
    return `its workflow stands at version ${String(at)}, the books at ${String(order.version)}`;
  const fields = differing(live.order, order);
  return fields.length === 0 ? undefined : `its workflow has it otherwise than the books, in ${fields.join(', ')}`;
}

/** Why a workflow does not answer. */
async function silenceOf(ta: TradeAssuranceClient, workflow: string): Promise<string> {
  const wedge = await wedgeOf(ta, workflow);
  return wedge
    ? `its workflow cannot tell its history again (ta recover begins it anew from the books): ${wedge.why}`
    : 'its workflow does not answer a query';
}

/** A workflow that runs for an order that the books do not have, or have as ended. */
async function wrongWithWorkflow(ta: TradeAssuranceClient, id: string): Promise<string | undefined> {
  const order = await findOrder(ta.options.store, id);
  if (order && order.endedAt === undefined) return undefined;
  const workflow = workflowIdOf(id);
  if (!(await isRunning(ta, workflow))) return undefined;
  if (order) return 'has ended, and its workflow still runs';
  // Without a draft it is only beginning.
  const live = await liveOf(ta, workflow).catch(noAnswer);
  if (live === 'no answer') return 'its workflow does not answer a query';
  return live?.order ? 'has a workflow, and the books do not have it' : undefined;
}

export async function isRunning({ options: { temporal } }: TradeAssuranceClient, workflow: string): Promise<boolean> {
  try {
    const { status } = await withinTime(temporal, timeoutMs, () => temporal.workflow.getHandle(workflow).describe());
    return status.name === 'RUNNING';
  } catch (fault) {
    if (fault instanceof WorkflowNotFoundError) return false;
    throw fault;
  }
}

/** What a workflow that runs, or has ended, says of its order. */
export async function liveOf({ options: { temporal } }: TradeAssuranceClient, workflow: string) {
  try {
    return await withinTime(temporal, timeoutMs, () =>
      temporal.workflow.getHandle(workflow).query<LiveView>(viewQuery),
    );
  } catch (fault) {
    if (fault instanceof WorkflowNotFoundError) return undefined;
    throw fault;
  }
}

type Collections = TradeAssuranceClient['options']['store']['collections'];

async function* moneyUnderWay({ withdrawals, settlements, suspense }: Collections) {
  for await (const { _id: id } of withdrawals.find({ state: { $in: ['reserved', 'with-bank'] } }))
    yield { id, workflow: withdrawalWorkflowId(id) };
  for await (const { _id: id } of settlements.find({ state: 'reserved' }))
    yield { id, workflow: settlementWorkflowId(id) };
  for await (const { _id: id } of suspense.find({ state: 'returning' })) yield { id, workflow: suspenseReturnId(id) };
}

async function isUnderWay({ withdrawals, settlements, suspense }: Collections, id: string): Promise<boolean> {
  const found = await Promise.all([
    withdrawals.findOne({ _id: id, state: { $in: ['reserved', 'with-bank'] } }),
    settlements.findOne({ _id: id, state: 'reserved' }),
    suspense.findOne({ _id: id, state: 'returning' }),
  ]);
  return found.some((one) => one !== null);
}

/** The fields in which two differ. */
function differing(one: object | undefined, other: object): string[] {
  const [left, right] = [plain(one ?? {}), plain(other)] as [Record<string, unknown>, Record<string, unknown>];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.filter((name) => !isDeepStrictEqual(left[name], right[name]));
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
