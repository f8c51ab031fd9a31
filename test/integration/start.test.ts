/**
 * `npm start` and `npm run demo` as a user runs them: the story is told and nothing stays behind; an order outlives the
 * death of its worker, and of everything at once.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readKeys } from '../../config/keys';
import { keysFileOf } from '../../config/settings';
import { freePorts } from '../../ops/servers/ports';
import { isAlive, signalProcess } from '../../ops/servers/processes';
import { trialBalance } from '../../store/ledger';
import { rebuild } from '../../store/read';
import { openStore } from '../../store/store';
import { required } from '../support/world';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
let dataDir: string;
let env: NodeJS.ProcessEnv;
const starts: Start[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ta-start-'));
  const cache = join(dataDir, 'cache');
  mkdirSync(cache);
  copyFileSync(required('TEST_BUNDLE'), join(cache, basename(required('TEST_BUNDLE'))));
  const [temporal, ui, mongodb, api] = await freePorts(4);
  const { FORCE_COLOR: _colour, TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env0 } = process.env;
  const { TA_KEYS: _keys, TA_PAYLOADS: _payloads, ...rest } = env0; // it makes its own
  env = {
    ...rest,
    TA_DATA_DIR: dataDir,
    TA_TEMPORAL_PORT: String(temporal),
    TA_TEMPORAL_UI_PORT: String(ui),
    TA_MONGODB_PORT: String(mongodb),
    TA_API_PORT: String(api),
  };
});

afterEach(async () => {
  for (const start of starts.splice(0)) await start.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

/** One run of ops/start.ts, with the lines that it wrote. */
class Start {
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #pids = new Set<number>();
  #listeners: (() => void)[] = [];

  constructor(...args: string[]) {
    starts.push(this);
    const child = spawn(process.execPath, [join(root, 'ops/run.cjs'), 'ops/start.ts', ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => this.#heard(line));
    this.#ended = once(child, 'close').then(() => this.#heard('(ended)'));
  }

  #heard(line: string): void {
    this.lines.push(line);
    const pid = /\bpid (\d+)/.exec(line)?.[1];
    if (pid) this.#pids.add(Number(pid));
    this.#listeners.forEach((look) => look());
  }

  get story(): string {
    return this.lines.join('\n');
  }

  /** The match of the first line, heard already or to come, that has it. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, fail) => {
      const look = () => {
        const match = this.lines.map((line) => pattern.exec(line)).find((m) => m !== null);
        if (match) found(match);
        else if (this.lines.at(-1) === '(ended)') fail(new Error(`ended without ${String(pattern)}:\n${this.story}`));
      };
      this.#listeners.push(look);
      look();
    });
  }

  async exitCode(): Promise<number | null> {
    await this.#ended;
    return this.#process.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** kill -9 of this process, so that nobody stops or restarts the others, then of those. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    this.living().forEach((pid) => signalProcess(pid, 'SIGKILL'));
    await this.#ended;
  }

  /** What it started, by the pids that it told, and still lives. */
  living(): number[] {
    return [...this.#pids].filter(isAlive);
  }

  get pids(): number {
    return this.#pids.size;
  }
}

/** Numbers of the main road's steps in a story, in the order told. */
const steps = (story: string): number[] => [...story.matchAll(/^ ?(\d+)\/12 {2}/gm)].map(([, step]) => Number(step));
const allSteps = Array.from({ length: 12 }, (_, index) => index + 1);

test('the demo tells one order from draft to credit accrual, ends with 0 and leaves nothing running', async () => {
  const demo = new Start('--demo');
  expect([await demo.exitCode(), demo.story]).toEqual([0, expect.stringContaining('Order demo-1, played live')]);

  expect(steps(demo.story)).toEqual(allSteps);
  expect(demo.story).toMatch(/ 5\/12 {2}paymentCredited +bank +citibank-sg\n +happened +USD 9,344.00 arrived by T\/T/);
  expect(demo.story).toMatch(/ledger +pair:\d+ → order:demo-1 +USD 9,344.00/);
  expect(demo.story).toMatch(/order +awaiting-shipment · logistics/);
  expect(demo.story).toMatch(
    /before +USD [\d,.]+\n +after +USD [\d,.]+ +grade \d, policy ta-limit\/v1\n +why +Order demo-1/,
  );
  expect(demo.story).toMatch(/balance +USD 0.00 over 2 accounts/);
  expect([demo.pids, demo.living()]).toEqual([5, []]); // Temporal, MongoDB, the sandbox, the worker, the relay
  expect(['servers.json', 'owner.json', 'worker.pid'].filter((file) => existsSync(join(dataDir, file)))).toEqual([]);
});

test('a worker that is killed is started again, and the order goes on to its end', async () => {
  const demo = new Start('--demo', '--pace', '300');
  const worker = Number((await demo.line(/^Worker +pid (\d+)/))[1]);
  await demo.line(/^ 4\/12/);
  process.kill(worker, 'SIGKILL');
  await demo.line(new RegExp(`The worker \\(pid ${String(worker)}\\) ended by SIGKILL`));
  await demo.line(/A new worker is ready/);
  expect([await demo.exitCode(), demo.story]).toEqual([0, expect.stringContaining('USD 0.00 over 2 accounts')]);
  expect(steps(demo.story)).toEqual(allSteps);
  expect(demo.living()).toEqual([]);
});

test('after a kill -9 of everything the same order goes on, and the books and the journal are right', async () => {
  const first = new Start('--pace', '300');
  await first.line(/^ 6\/12/);
  await first.kill();
  const told = steps(first.story).length;
  expect(told).toBeLessThan(12);

  const second = new Start();
  await second.line(/The servers, the worker and the API stay up/);
  expect(second.story).toContain('Order demo-1 is not completed: it goes on where it stopped');
  expect(steps(second.story)).toEqual(allSteps);
  expect(second.story.match(/ before, at \d{4}-/g)?.length).toBeGreaterThanOrEqual(told);
  const { mongodbUri } = JSON.parse(readFileSync(join(dataDir, 'servers.json'), 'utf8')) as { mongodbUri: string };
  const keys = readKeys(readFileSync(keysFileOf(dataDir), 'utf8'));
  const store = await openStore(mongodbUri, { keys });
  expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
  expect(await rebuild(store, { check: true })).toEqual({ orders: 1, differing: [] });
  await store.close();

  // Whoever has a file at hand puts it where the screen says.
  const [, feeds = ''] = await second.line(/^ +feeds +(\S+)\/camt\.054/);
  expect(feeds).toBe(join(dataDir, 'feeds'));
  const place = join(feeds, 'cn-decl');
  writeFileSync(join(place, 'receipt.xml'), '<DEC_RESULT><CHANNEL>P</CHANNEL></DEC_RESULT>');
  while (!existsSync(join(place, 'done'))) await pause(100);

  second.signal('SIGTERM');
  expect(await second.exitCode()).toBe(0);
  expect(second.living()).toEqual([]);

  // One that is completed is kept for complaints only (R20): the next start plays another.
  const third = new Start('--demo');
  expect([await third.exitCode(), third.story]).toEqual([0, expect.stringContaining('Order demo-2, played live')]);
});

test('SIGTERM in the middle of the order ends everything in order', async () => {
  const start = new Start('--demo', '--pace', '300');
  await start.line(/^ 3\/12/);
  start.signal('SIGTERM');
  expect(await start.exitCode()).toBe(143);
  expect(start.living()).toEqual([]);
  expect(start.story).toContain('Stopped.');
});

test('a failure is told, and everything ends with it', async () => {
  const start = new Start('--pace', '300');
  await start.line(/^ 3\/12/);
  const [, mongod] = await start.line(/^MongoDB .*pid (\d+)/);
  process.kill(Number(mongod), 'SIGKILL');
  expect(await start.exitCode()).toBe(1);
  expect(start.story).toContain('A server has failed: mongod ended by SIGKILL');
  expect(start.living()).toEqual([]);
});
