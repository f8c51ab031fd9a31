/**
 * The package as another service uses it: built, packed, unpacked as a dependency, type-checked from its own types, and
 * run against real servers with the worker of the build.
 */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { required } from '../support/world';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);
let folder: string;
let installed: string;
let env: NodeJS.ProcessEnv;

/** The package's content, built beside the tree so that no `dist/` is touched, then packed as npm would publish it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ta-package-'));
  const uri = new URL(required('TEST_MONGODB_URI'));
  uri.pathname = `/ta_${randomUUID().slice(0, 8)}`;
  env = {
    ...process.env,
    NODE_ENV: 'production',
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: uri.href,
    TA_TASK_QUEUE: `package-${uri.pathname.slice(1)}`,
    TA_DATA_DIR: join(folder, 'data'),
    TA_LOG_LEVEL: 'warn',
  };
  const stage = join(folder, 'stage');
  await run(process.execPath, ['ops/run.cjs', 'ops/build.ts', '--out', join(stage, 'dist')], { cwd: root });
  for (const name of ['package.json', 'seeds']) cpSync(join(root, name), join(stage, name), { recursive: true });
  mkdirSync(join(stage, 'ops'));
  const commands = readdirSync(join(root, 'ops')).filter((name) => name.endsWith('.cjs'));
  commands.forEach((name) => cpSync(join(root, 'ops', name), join(stage, 'ops', name)));
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: stage });
  await unpack();
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function unpack(): Promise<void> {
  const modules = join(folder, 'node_modules');
  installed = join(modules, 'trade-assurance');
  mkdirSync(installed, { recursive: true });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', join(folder, archive), '--strip-components=1', '-C', installed]);
  // In place of `npm install`: the package finds its dependencies among ours, and only there.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
}

/** What another team would write. */
const consumer = `
import { Refused, TradeAssuranceClient, TradeAssuranceHttpClient, loadSettings, messages, refusals } from 'trade-assurance';
import type { Answer, MessageData, OrderView, RefusalCode } from 'trade-assurance';

const supplier = { as: { role: 'supplier', member: 'sup-ningbo-lighting' } } as const;
const draft: MessageData<'draft'> = {
  scheme: 'trade-assurance',
  supplier: 'sup-ningbo-lighting',
  buyer: 'buy-hamburg-home',
  source: { kind: 'scratch' },
  contract: {},
};

async function main(): Promise<void> {
  const ta = await TradeAssuranceClient.connect(loadSettings());
  const answer: Answer = await ta.start('package-1', draft, { ...supplier, id: 'draft' });
  const refused: unknown = await ta.confirm('package-1', { revision: 1 }, supplier).catch((fault: unknown) => fault);
  const code: RefusalCode | undefined = refused instanceof Refused ? refused.code : undefined;
  const view: OrderView = await ta.view('package-1');
  console.log(JSON.stringify({ answer: answer.status, code, rule: code && refusals[code].text.length > 0, version: view.version, says: messages.confirm.says, http: typeof new TradeAssuranceHttpClient({ url: 'http://127.0.0.1', token: '' }).confirm }));
  await ta.close();
}

export async function overHttp(ta: TradeAssuranceHttpClient): Promise<string[]> {
  const { order }: Answer = await ta.start(draft);
  await ta.confirm(order, { revision: 1 }, { id: 'confirm', ifVersion: 1 });
  const ids: string[] = [];
  for await (const { id } of ta.list({ status: ['negotiating'], sort: '-updatedAt' })) ids.push(id);
  // @ts-expect-error -- a field of another message
  void ta.confirm(order, { stars: 5 });
  // @ts-expect-error -- no such status
  void ta.list({ status: ['lost'] });
  return ids;
}

export function wrong(ta: TradeAssuranceClient): void {
  // @ts-expect-error -- a field of another message
  void ta.confirm('package-1', { stars: 5 }, supplier);
  // @ts-expect-error -- no such role
  void ta.confirm('package-1', { revision: 1 }, { as: { role: 'stranger', member: 'x' } });
  // @ts-expect-error -- what only the order's own clock says
  void ta.send('paymentLapsed', 'package-1', {}, supplier);
  // @ts-expect-error -- money without a currency
  void ta.paymentCredited('package-1', { account: '9', entryReference: 'e', amount: { amount: 1 }, method: 'tt', valueDate: '2026-01-01' }, supplier);
}

void main();
`;

const compilerOptions = {
  target: 'ES2023',
  module: 'node20',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
};

/** What the compiler says: nothing, when all is right. */
async function compile(): Promise<string> {
  try {
    return (await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder])).stdout;
  } catch (fault) {
    return (fault as { stdout: string }).stdout;
  }
}

test('its types let a right program pass and refuse a wrong field, and it runs against the worker of the build', async () => {
  writeFileSync(join(folder, 'consumer.ts'), consumer);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  expect(await compile()).toBe('');

  const setUp = await run(process.execPath, [join(installed, 'dist/ops/setup.js'), '--seeds'], { env });
  expect(setUp.stdout).toMatch(/^Set up\. New documents: [1-9]/);
  const worker = await startWorker();
  try {
    const { stdout } = await run(process.execPath, [join(folder, 'consumer.js')], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 'negotiating',
      code: 'order.incomplete',
      rule: true,
      version: 1,
      http: 'function',
    });
  } finally {
    await worker.stop();
  }
});

test('what a deployment sets up without --seeds: the policies, and twice changes nothing', async () => {
  const uri = new URL(env.MONGODB_URI ?? '');
  uri.pathname += '_bare';
  const setUp = async (...args: string[]) =>
    run(process.execPath, [join(installed, 'dist/ops/setup.js'), ...args], { env: { ...env, MONGODB_URI: uri.href } });
  const policies = readdirSync(join(root, 'seeds/policies')).length;
  expect((await setUp()).stdout).toContain(`New documents: ${String(policies)}; new search attributes: none`);
  expect((await setUp()).stdout).toMatch(/New documents: 0; new search attributes: none/);
  await expect(setUp('--sedes')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--sedes') });
});

test('it holds what it needs and nothing else', () => {
  expect(readdirSync(installed).sort()).toEqual(['dist', 'node_modules', 'ops', 'package.json', 'seeds']);
  const dist = readdirSync(join(installed, 'dist'));
  expect(dist).toContain('workflow-bundle.js');
  expect(['test', 'bench', 'node_modules'].filter((name) => dist.includes(name))).toEqual([]);
});

/** `node dist/workers/main.js`, up when it says so. */
async function startWorker(): Promise<{ stop: () => Promise<void> }> {
  const worker = spawn(process.execPath, [join(installed, 'dist/workers/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(worker, 'exit');
  const first = await Promise.race([once(worker, 'message'), ended]);
  expect(first).toEqual(['ready', undefined]);
  return {
    stop: async () => {
      worker.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
  };
}
