/** One watched folder, two processes of the API: each file is taken once, whichever of them sees it first. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../ops/servers/ports';
import { listRows } from '../../store/inbox';
import { openWorld, required, type World } from '../support/world';

const root = resolve(__dirname, '../..');
const dataDir = mkdtempSync(join(tmpdir(), 'ta-folder-'));
const folder = join(dataDir, 'feeds');
const files = 40;

let world: World;
const processes: ChildProcess[] = [];
let said = '';
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  const ports = await freePorts(2);
  await Promise.all(ports.map(started));
});
afterAll(async () => {
  for (const child of processes) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function started(port: number): Promise<void> {
  const env = {
    ...process.env,
    TA_DATA_DIR: dataDir,
    TA_FEED_DIR: folder,
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
    TA_API_PORT: String(port),
    TA_DEV_ISSUER: 'true',
    TA_API_DRAIN_MS: '0',
    TA_LOG_LEVEL: 'error',
  };
  const child = fork(join(root, 'ops/run.cjs'), ['clients/http/main.ts'], {
    ...{ cwd: root, env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  processes.push(child);
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(said)));
  ended.catch(() => undefined); // it ends with the test
  await Promise.race([once(child, 'message'), ended]);
}

test('each file is stored once and moved once, and nobody complains', async () => {
  const place = join(folder, 'customs.json');
  const named = Array.from({ length: files }, (_, n) => `word-${String(n)}.json`);
  for (const [n, name] of named.entries()) {
    const data = { declaration: `D-${String(n)}`, releasedAt: '2026-11-20T04:00:00.000Z' };
    writeFileSync(join(place, `${name}.tmp`), JSON.stringify({ fact: 'customsReleased', data }));
    renameSync(join(place, `${name}.tmp`), join(place, name));
  }
  const done = join(place, 'done');
  while (!existsSync(done) || readdirSync(done).length < files) await pause(100);
  const { rows } = await listRows(world.store, { limit: 500 });
  expect(rows).toHaveLength(files);
  const expected = rows.map(({ delivery, at }) => `${delivery}-${at?.file ?? ''}`);
  expect(readdirSync(done).sort()).toEqual(expected.sort());
  expect(readdirSync(place).sort()).toEqual(['done']);
  expect(await world.store.collections.inbox.countDocuments({})).toBe(files);
  expect(said.split('\n').filter((line) => line.startsWith('{'))).toEqual([]); // no line of their logs
});
