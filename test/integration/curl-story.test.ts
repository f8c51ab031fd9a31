/**
 * The tutorial “An order by curl and files”, run as it stands: its shell blocks, in order, in one shell, against the
 * processes of the product. Then the books, the inbox and the receiver are looked at without it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { OrderChanged } from '../../domain/webhooks';
import { freePorts } from '../../ops/servers/ports';
import { startSandbox } from '../../ops/servers/sandbox';
import type { Child } from '../../ops/servers/child';
import { listRows } from '../../store/inbox';
import { balanceDifferences, trialBalance } from '../../store/ledger';
import { journalOf } from '../../store/read';
import { listDeliveries } from '../../store/webhook-deliveries';
import { blocksOf, runShell } from '../support/pages';
import { openWorld, required, type World } from '../support/world';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const page = 'docs/tutorial/an-order-by-curl.md';
const blocks = blocksOf(page, 'sh');
const lists = blocksOf(page, '').filter((shown) => shown !== 'npm start\n');

let world: World;
let dataDir: string;
let env: NodeJS.ProcessEnv;
const processes: ChildProcess[] = [];
const children: Child[] = [];

beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  dataDir = mkdtempSync(join(tmpdir(), 'ta-curl-'));
  mkdirSync(join(dataDir, 'cache'));
  copyFileSync(required('TEST_BUNDLE'), join(dataDir, 'cache', basename(required('TEST_BUNDLE'))));
  const [api = 0, hooks = 0, port = 0] = await freePorts(3);
  const { mongodbUri, taskQueue } = world;
  const onStarted = (child: Child) => children.push(child);
  const { bankUrl } = await startSandbox({ dataDir, port, mongodbUri, report: () => undefined, onStarted });
  const { FORCE_COLOR: _colour, ...rest } = process.env;
  env = {
    ...rest,
    TMPDIR: dataDir, // the page's own folder is made there
    TA_DATA_DIR: dataDir,
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: mongodbUri,
    TA_TASK_QUEUE: taskQueue,
    TA_API_PORT: String(api),
    TA_BANK_URL: bankUrl,
    TA_DEV_ISSUER: 'true',
    TA_API_DRAIN_MS: '0',
    TA_WEBHOOK_ALLOW_PRIVATE: 'true',
    TA_LOG_LEVEL: 'error',
    HOOKS_PORT: String(hooks),
  };
  await Promise.all(['workers/main.ts', 'clients/http/main.ts', 'relay/main.ts'].map(started));
});

afterAll(async () => {
  for (const child of processes) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await Promise.all(children.map((child) => child.stop()));
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A process of the product, once it is ready. */
async function started(script: string): Promise<void> {
  const child = fork(join(root, 'ops/run.cjs'), [script], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  processes.push(child);
  const said = child.stderr ? text(child.stderr) : '';
  const ended = once(child, 'exit').then(async () => Promise.reject(new Error(`${script} ended: ${await said}`)));
  ended.catch(() => undefined); // it ends with the test
  await Promise.race([once(child, 'message'), ended]);
}

interface Told {
  order: string;
  hook: string;
  story: string;
}

/** Runs the page's blocks in one shell; answers what they have made. */
async function play(): Promise<Told & { said: string }> {
  const last = `printf '\\n{"order":"%s","hook":"%s","story":"%s"}' "$ORDER" "$HOOK" "$STORY"`;
  const said = await runShell([...blocks, last], env);
  return { ...(JSON.parse(said.split('\n').at(-1) ?? '') as Told), said };
}

test('R30, R32: what the page tells is so, though files come twice and out of order, and the receiver fails twice', async () => {
  const { order, hook, story, said } = await play();
  expect(said).toContain('USD: ');
  // What the page shows is what its commands say.
  for (const shown of lists) expect(said).toContain(shown);
  const { store } = world;

  // The books.
  for (const { sum } of await trialBalance(store)) expect(sum).toBe(0);
  expect(await balanceDifferences(store)).toEqual([]);
  const postings = (await world.ta.postings(order)).map(({ kind, amount }) => [kind, amount.amount]);
  expect(postings.filter(([kind]) => kind === 'payment')).toEqual([['payment', 700_800]]);

  // The inbox: each row is closed, and says why.
  const { rows } = await listRows(store, { limit: 500 });
  const became = rows.map(({ profile, fact, state, outcome, order: of }) => ({ profile, fact, state, outcome, of }));
  const row = (profile: string, fact: string, outcome: string) => ({
    ...{ profile, fact, outcome },
    ...{ state: 'routed', of: order },
  });
  expect(became.reverse()).toEqual([
    row('camt.054', 'paymentCredited', 'applied'),
    row('camt.054', 'paymentCredited', 'duplicate'),
    row('cn-decl', 'customsReleased', 'applied'),
    row('cn-decl', 'customsReleased', 'duplicate'),
    row('cusres', 'customsReleased', 'duplicate'),
    row('cusres', 'customsHeld', 'applied'), // kept as what was before the release, which stands (R32)
    row('cusres', 'customsReleased', 'duplicate'),
    row('cusres', 'customsHeld', 'duplicate'),
  ]);

  // The receiver: every version that has events, at least once and in order.
  const lines = readFileSync(join(story, 'taken.jsonl'), 'utf8').trim().split('\n');
  const taken = lines.map((line) => JSON.parse(line) as OrderChanged).filter((told) => told.order === order);
  const happened = (await journalOf(store, order)).filter(({ events }) => events.length > 0);
  const versions = taken.map(({ version }) => version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect([...new Set(versions)]).toEqual(happened.map(({ version }) => version));
  const first = (await listDeliveries(store, hook, { order, limit: 500 })).at(-1);
  expect(first?.log.map(({ status }) => status)).toEqual([500, 500, 204]);
});
