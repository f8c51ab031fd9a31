/**
 * Second scenario: does an order grow dear? Old orders are revised a thousand times and more, through continue-as-new as it
 * comes. At marks on the way short blocks of their revisions alternate with blocks of young orders, around their tenth, so
 * that whatever drifts on the machine drifts for both.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sender } from '../clients';
import { openStore } from '../store/store';
import { workflowIdOf } from '../workflows/contract';
import { drafts } from './drafts';
import { median, round } from './figures';
import { FollowingClient } from './following-client';
import { difference, noCpu, sum, total, type Cpu, type Side } from './side';

/** Revisions of one block: of a young order the 2nd to the 21st, of an old one half before and half after the mark. */
const block = 20;
const oldOrders = 3;
/** Blocks of each old order at a mark. */
const blocksAMark = 2;
/** What a finished block leaves to do. */
const settleMs = 100;

interface MarkLine {
  revision: number;
  /** Runs of the old orders so far: each continue-as-new begins another. */
  runs: number;
  answerMs: { young: number; old: number };
  cpuMsPerMessage: { young: number; old: number };
  /** Old ÷ young. */
  ratios: { p50: number; cpu: number };
}

export interface RevisionsLine {
  scenario: 'revisions';
  revisions: number;
  marks: MarkLine[];
  ratios: { p50: number; cpu: number };
}

interface Sample {
  times: number[];
  cpu: Cpu;
}

export async function playRevisions(
  temporal: Client,
  side: Side,
  revisions: number,
  say: (line: string) => void,
): Promise<RevisionsLine> {
  const store = await openStore(side.mongodbUri);
  const ta = new FollowingClient({ temporal, store, taskQueue: side.taskQueue });
  const [draft] = drafts();
  if (!draft) throw new Error('no supplier of the seeds may trade');
  const sender: Sender['as'] = { role: 'supplier', member: draft.supplier };
  const started: string[] = [];

  const begin = async () => {
    const order = `revised-${randomUUID().slice(0, 8)}`;
    await ta.start(order, draft, { as: sender, id: 'draft' });
    started.push(order);
    return order;
  };
  const revise = async (order: string) => {
    const { revision, contract } = await ta.view(order);
    const changes = { payment: { ...contract.payment, advancePercent: 10 + (revision % 90) } };
    const id = `revise-${String(revision + 1).padStart(6, '0')}`;
    await ta.send('revise', order, { baseRevision: revision, changes }, { as: sender, id });
  };
  const reviseTo = async (order: string, revision: number) => {
    while ((await ta.view(order)).revision < revision) await revise(order);
  };
  const measured = async (order: string, into: Sample) => {
    await pause(settleMs);
    ta.takeTimes();
    const before = await side.cpu();
    for (let n = 0; n < block; n += 1) await revise(order);
    into.times.push(...ta.takeTimes());
    await pause(settleMs);
    into.cpu = sum(into.cpu, difference(await side.cpu(), before));
  };

  try {
    const old = await Promise.all(Array.from({ length: oldOrders }, begin));
    const marks: MarkLine[] = [];
    for (const mark of marksUpTo(revisions)) {
      await Promise.all(old.map((order) => reviseTo(order, mark - (block * blocksAMark) / 2)));
      const samples = {
        young: { times: [] as number[], cpu: noCpu },
        old: { times: [] as number[], cpu: noCpu },
      };
      for (let n = 0; n < blocksAMark; n += 1) {
        for (const order of old) {
          const young = await begin();
          const turns = [() => measured(young, samples.young), () => measured(order, samples.old)];
          for (const turn of n % 2 ? turns.toReversed() : turns) await turn();
          await cancel(young);
        }
      }
      const line = markLine(mark, await runsOf(old), samples);
      marks.push(line);
      say(`revision ${String(mark)}: p50 ${String(line.ratios.p50)} ×, CPU ${String(line.ratios.cpu)} × the 10th`);
    }
    return { scenario: 'revisions', revisions, marks, ratios: marks.at(-1)?.ratios ?? { p50: NaN, cpu: NaN } };
  } finally {
    await Promise.all(started.map(cancel));
    await store.close();
  }

  /** So that no timer of it is left. */
  async function cancel(order: string): Promise<void> {
    const index = started.indexOf(order);
    if (index < 0) return;
    started.splice(index, 1);
    await ta
      .send('cancel', order, { reason: 'The bench is over.' }, { as: sender, id: 'cancel' })
      .catch(() => undefined);
    ta.forget(order);
  }

  async function runsOf(orders: readonly string[]): Promise<number> {
    let runs = 0;
    for (const order of orders) {
      const query = `WorkflowId = '${workflowIdOf(order)}'`;
      runs = Math.max(runs, (await temporal.workflow.count(query)).count);
    }
    return runs;
  }
}

/** Four marks, evenly, the last one the end: history and the server's own state grow until a run continues as new. */
export const marksUpTo = (revisions: number): number[] => [
  ...new Set([0.25, 0.5, 0.75, 1].map((part) => Math.max(2 * block, Math.round(revisions * part)))),
];

function markLine(revision: number, runs: number, { young, old }: Record<'young' | 'old', Sample>): MarkLine {
  const cpuOf = ({ times, cpu }: Sample) => total(cpu) / times.length;
  return {
    revision,
    runs,
    answerMs: { young: round(median(young.times)), old: round(median(old.times)) },
    cpuMsPerMessage: { young: round(cpuOf(young), 1), old: round(cpuOf(old), 1) },
    ratios: { p50: round(median(old.times) / median(young.times)), cpu: round(cpuOf(old) / cpuOf(young)) },
  };
}
