/**
 * Records the histories that `test/workflow/replay.test.ts` replays: `node ops/run.cjs test/support/record-histories.ts`,
 * with names of stories those alone.
 * A recorded history stays as it is for as long as orders of its code may still be open; new ones are added beside it.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { newKey } from '../../config/keys';
import { FundsClient, type OrderView } from '../../clients';
import { recover } from '../../clients/recover';
import { registerSearchAttributes } from '../../ops/search-attributes';
import { provideBinary, startServers } from '../../ops/servers';
import { openStage } from '../../ops/start/stage';
import { playMainRoad } from '../../seeds/main-road';
import { playStory } from '../../seeds/play-story';
import { readStory, storyNames } from '../../seeds/story';
import { catchUpSignal, workflowIdOf } from '../../workflows/contract';
import { provideBundle } from '../../workers/bundle';
import { enrolmentStories } from './enrolment-histories';
import { bank, fundsStories } from './funds-histories';
import { as, lighting, openWorld, type World } from './world';

const folder = join(__dirname, '..', 'histories');

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-record-'));
  const servers = await startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true });
  try {
    const connection = await Connection.connect({ address: servers.temporal.address });
    await registerSearchAttributes(connection, 'default');
    await connection.close();
    process.env.TEST_TEMPORAL_ADDRESS = servers.temporal.address;
    process.env.TEST_MONGODB_URI = servers.mongodb.uri;
    process.env.TEST_BUNDLE = await provideBundle('.data/cache');
    process.env.TA_KEYS = newKey('recorded');
    process.env.TA_PAYLOADS = 'plain'; // a history must be readable for as long as it is kept
    const wanted = (name: string) => process.argv.length < 3 || process.argv.includes(name);
    for (const name of storyNames())
      if (wanted(`story-${name}`)) await recordStory(name, servers.mongodb.uri, process.env.TEST_BUNDLE);
    const world = await openWorld({ bank });
    const funds = new FundsClient(world.ta.options);
    try {
      for (const [name, play] of Object.entries(stories)) if (wanted(name)) await recordOrder(world, name, play);
      for (const [name, play] of Object.entries({ ...fundsStories, ...enrolmentStories })) {
        if (!wanted(name)) continue;
        const handle = world.temporal.workflow.getHandle(await play(world, funds, `recorded-${name}`));
        await handle.result().catch(() => undefined);
        await save(name, handle.workflowId);
      }
    } finally {
      await world.close();
    }
  } finally {
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Story = (world: World, id: string) => Promise<void>;

/** Stories whose order lives on, until the time for complaints is over: they are recorded once they have settled. */
const stories: Record<string, Story> = {
  'main-road': async ({ ta }, id) => {
    for await (const { message } of playMainRoad(ta, id, lighting)) void message;
    await ta.awaitSettled(id);
  },
  'refused-signals-and-cancelled': async ({ ta }, id) => {
    await ta.start(id, lighting, as.supplier);
    await ta.signal('closeUnpaid', id, {}, as.supplier);
    await ta.signal('confirm', id, { revision: 9 }, as.buyer);
    await ta.revise(id, { baseRevision: 1, changes: { payment: { advancePercent: 50, methods: ['tt'] } } }, as.buyer);
    await ta.cancel(id, { reason: 'no agreement' }, as.buyer);
  },
  'refused-draft': async ({ ta }, id) => {
    await ta.start(id, { ...lighting, buyer: 'nobody' }, as.supplier).catch(() => undefined);
  },
  'parts-revoked-disputed': async ({ ta }, id) => {
    await ta.start(id, { ...lighting, confirm: true }, as.supplier);
    await ta.confirm(id, { revision: 1 }, as.buyer);
    const { payTo = '', total } = await ta.view(id);
    const pay = (entryReference: string, amount: number) =>
      ta.paymentCredited(
        id,
        { account: payTo, entryReference, amount: { amount, currency: 'USD' }, method: 'tt', valueDate: '2026-01-05' },
        as.bank,
      );
    await pay('part-1', 1000);
    await pay('part-2', (total?.amount ?? 0) + 5);
    const goods = [
      {
        hsCode: '94051100',
        name: 'LED panel light',
        quantity: 800,
        unit: 'piece',
        value: { amount: 1_000_000, currency: 'USD' as const },
      },
    ];
    await ta.registerExport(id, { exportOrder: 'e-1', declaration: 'D-1', goods }, as.supplier);
    await ta.completeExport(id, {}, as.supplier);
    await ta.customsReleased(id, { declaration: 'D-1', releasedAt: '2026-02-01T04:00:00.000Z' }, as.customs);
    await ta.customsRevoked(id, { declaration: 'D-1', revokedAt: '2026-02-02T04:00:00.000Z' }, as.customs);
    await ta.customsReleased(id, { declaration: 'D-1', releasedAt: '2026-02-03T04:00:00.000Z' }, as.customs);
    await ta.extendAnswer(id, {}, as.buyer);
    await ta.answerShipment(id, { asAgreed: false, comment: 'a carton is missing' }, as.buyer);
    await ta.withdrawComplaint(id, {}, as.buyer);
    await ta.review(id, { stars: 3 }, as.buyer);
    await ta.review(id, { stars: 4 }, as.supplier);
    await ta.awaitSettled(id);
  },
  'reads-on': async ({ ta, temporal }, id) => {
    await ta.start(id, { ...lighting, confirm: true }, as.supplier);
    await temporal.workflow.getHandle(workflowIdOf(id)).signal(catchUpSignal);
    await ta.cancel(id, { reason: 'recorded' }, as.buyer);
  },
  recovered: async ({ ta, temporal }, id) => {
    await ta.start(id, { ...lighting, confirm: true }, as.supplier);
    await temporal.workflow.getHandle(workflowIdOf(id)).terminate('recorded');
    await recover(ta, { onFinding: () => undefined });
    await ta.cancel(id, { reason: 'recorded' }, as.buyer);
  },
  'continued-as-new': async ({ ta, temporal }, id) => {
    const first = async () => (await temporal.workflow.getHandle(`ta-order-${id}`).describe()).runId;
    await ta.start(id, lighting, as.supplier);
    const run = await first();
    // As long as the server's own suggestion takes; asked now and then, because asking costs more than revising.
    for (let from = 1; from % 50 !== 0 || (await first()) === run; from += 1) {
      const payment = { advancePercent: 1 + (from % 99), methods: ['tt' as const] };
      await ta.revise(id, { baseRevision: from, changes: { payment } }, as.buyer);
    }
    await ta.cancel(id, { reason: 'recorded' }, as.buyer);
  },
};

/** A story of the seeds, on a server that skips its days: the history of each of its orders. */
async function recordStory(name: string, mongodbUri: string, bundle: string): Promise<void> {
  const testServer = (await provideBinary('temporal-test-server')).path;
  const stage = await openStage({ mongodbUri, database: `recorded_${name.replaceAll('-', '_')}`, testServer, bundle });
  try {
    const orders = new Set<string>();
    for await (const { order } of playStory(stage, readStory(name), name)) if (order !== undefined) orders.add(order);
    for (const order of orders) {
      const view = await stage.ta.view(order).catch(() => undefined); // a draft that was refused left no order
      if (!view) continue;
      if (isKept(view)) await stage.ta.live(order);
      const history = await stage.ta.options.temporal.workflow.getHandle(workflowIdOf(order)).fetchHistory();
      write(`story-${order}`, historyToJSON(history));
    }
  } finally {
    await stage.close();
  }
}

const isKept = (order: OrderView | undefined): boolean => order !== undefined && order.endedAt === undefined;

async function recordOrder(world: World, name: string, play: Story): Promise<void> {
  const id = `recorded-${name}`;
  await play(world, id);
  const handle = world.temporal.workflow.getHandle(`ta-order-${id}`);
  // One that has settled may have a task under way yet; a query is answered behind it.
  if (isKept(await world.ta.view(id).catch(() => undefined))) await world.ta.live(id);
  else await handle.result().catch(() => undefined);
  await save(name, handle.workflowId);
}

async function save(name: string, workflowId: string): Promise<void> {
  // By the CLI, whose JSON is the one that every Temporal tool reads.
  const { path } = await provideBinary('temporal');
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', address];
  const { stdout } = await promisify(execFile)(path, show, { maxBuffer: 1 << 28 });
  write(name, stdout);
}

function write(name: string, json: string): void {
  // Stack traces of failures name the folder that this ran in, and where its packages are, which may be linked.
  const root = join(__dirname, '..', '..');
  const nameless = [root, dirname(realpathSync(join(root, 'node_modules')))].reduce(
    (text, place) => text.replaceAll(`${place}/`, ''),
    json,
  );
  const history = JSON.parse(nameless) as { events: unknown[] };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(history)}\n`);
  console.log(`${name}: ${String(history.events.length)} events`);
}

main().catch((fault: unknown) => {
  console.error(fault);
  process.exitCode = 1;
});
