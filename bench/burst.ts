/**
 * `npm run bench:burst`: messages sent as fast as can be, and how long the orders need to work them off; then whether every one
 * of them is in the books (`ta check`). How to read it: docs/performance.md.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { checkWorkflows } from '../clients/check';
import { checkBooks } from '../store/check';
import { openStore } from '../store/store';
import { drafts } from './drafts';
import { round } from './figures';
import { FollowingClient } from './following-client';
import { difference, Side, total } from './side';
import { atLeastOne, onStage, print, root, tell, type Stage } from './stage';
import { inLanes } from './timed';

const lookAgainMs = 250;

interface Options {
  messages: number;
  orders: number;
  atOnce: number;
}

async function play({ servers, temporal, atEnd }: Stage, { messages, orders, atOnce }: Options): Promise<void> {
  const side = await Side.open({ name: 'burst', kind: 'product', servers, root });
  atEnd(() => side.close());
  const store = await openStore(side.mongodbUri);
  atEnd(() => store.close());
  const ta = new FollowingClient({ temporal, store, taskQueue: side.taskQueue });
  const [draft] = drafts();
  if (!draft) throw new Error('no supplier of the seeds may trade');
  const as = { role: 'supplier' as const, member: draft.supplier };
  const idOf = (n: number) => `burst-${String(n)}`;
  await inLanes(orders, 20, async (n) => {
    await ta.start(idOf(n), draft, { as, id: 'draft' });
    ta.forget(idOf(n));
  });
  const each = Math.ceil(messages / orders);
  const sent = each * orders;
  tell(`${String(orders)} orders are drafted; ${String(sent)} signals follow`);

  const before = await side.cpu();
  const begun = performance.now();
  // Revisions of one order must come in their order: an order has one sender at a time.
  await inLanes(orders, atOnce, async (n) => {
    for (let revision = 1; revision <= each; revision += 1) {
      const changes = { payment: { advancePercent: 10 + (revision % 90), methods: ['tt' as const] } };
      const sender = { as, id: `revise-${String(revision)}` };
      await ta.signal('revise', idOf(n), { baseRevision: revision, changes }, sender);
    }
  });
  const sentMs = performance.now() - begun;
  const stored = () => store.collections.journal.countDocuments({ message: 'revise' });
  const atLastSent = await stored();
  tell(`sent in ${seconds(sentMs)} s, of which ${String(atLastSent)} are stored`);
  let [count, seenAt] = [atLastSent, performance.now()];
  while (count < sent) {
    await pause(lookAgainMs);
    const now = await stored();
    if (now > count) seenAt = performance.now();
    count = now;
    if (performance.now() - seenAt > 60_000) break; // nothing moves any more: the line says what is missing
  }
  const drainedMs = performance.now() - begun;
  const cpu = total(difference(await side.cpu(), before));
  const violations: object[] = [];
  await checkBooks(store, (violation) => violations.push(violation));
  const workflows = await checkWorkflows(ta, (violation) => violations.push(violation));
  violations.slice(0, 10).forEach((violation) => tell(JSON.stringify(violation)));
  print({
    scenario: 'burst',
    messages: sent,
    orders,
    'sent/s': round((sent * 1000) / sentMs, 0),
    'stored/s': round((sent * 1000) / drainedMs, 0),
    sentSeconds: seconds(sentMs),
    drainSecondsAfterTheLast: seconds(drainedMs - sentMs),
    cpuMsPerMessage: round(cpu / sent, 1),
    lost: sent - count,
    checked: { workflows, violations: violations.length },
    aims: {
      'messages lost, violations': {
        aim: 0,
        is: sent - count + violations.length,
        met: sent === count && violations.length === 0,
      },
    },
  });
}

const seconds = (ms: number): number => round(ms / 1000, 1);

const options = new Command('npm run bench:burst --')
  .description('Messages sent as fast as can be, and how long the orders need to work them off')
  .option('--messages <n>', 'signals', atLeastOne, 20_000)
  .option('--orders <n>', 'orders that they go to, in equal parts', atLeastOne, 500)
  .option('--at-once <n>', 'orders that are sent to at once', atLeastOne, 100)
  .parse()
  .opts<Options>();

onStage((stage) => play(stage, options));
