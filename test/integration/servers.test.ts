/** The real servers: data survives a stop, and whatever happens to the process that started them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { mongo } from 'mongoose';
import { startServers } from '../../ops/servers';
import type { RunningServers, ServerOptions } from '../../ops/servers';
import { isAlive } from '../../ops/servers/processes';

jest.setTimeout(60_000);

let dataDir: string;
let running: RunningServers | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'servers-integration-'));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<ServerOptions> = {}): Promise<RunningServers> {
  running = await startServers({ dataDir, ports: 'free', headless: true, useEnvironment: false, ...options });
  return running;
}

async function withTemporal<T>({ temporal }: RunningServers, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: temporal.address });
  return work(new Client({ connection })).finally(() => connection.close());
}

async function withNotes<T>(
  { mongodb }: RunningServers,
  work: (notes: mongo.Collection, c: mongo.MongoClient) => Promise<T>,
) {
  const client = await new mongo.MongoClient(mongodb.uri).connect();
  return work(client.db().collection('notes'), client).finally(() => client.close());
}

/** Leaves a trace in both servers: a workflow that nobody runs, and a document written in a transaction. */
async function write(servers: RunningServers): Promise<void> {
  await withTemporal(servers, (client) =>
    client.workflow.start('waiting', { taskQueue: 'nobody', workflowId: 'trace', args: ['hello'] }),
  );
  await withNotes(servers, (notes, client) =>
    client.withSession((session) =>
      session.withTransaction(() => notes.insertOne({ text: 'hello' }, { session, writeConcern: { w: 'majority' } })),
    ),
  );
}

async function read(servers: RunningServers): Promise<unknown[]> {
  const workflow = await withTemporal(servers, (client) => client.workflow.getHandle('trace').describe());
  const note = await withNotes(servers, (notes) => notes.findOne({}));
  return [workflow.status.name, note?.text as unknown];
}

const bothWritten = ['RUNNING', 'hello'];
const pids = ({ temporal, mongodb }: RunningServers) => [temporal.pid ?? 0, mongodb.pid ?? 0];

test('data survives a stop and a start on other ports, and nothing is left running', async () => {
  const first = await start({ headless: false });
  expect((await fetch(first.temporal.uiUrl ?? '')).status).toBe(200);
  await write(first);
  await first.stop();
  expect(pids(first).map(isAlive)).toEqual([false, false]);
  expect(existsSync(join(dataDir, 'mongod.pid'))).toBe(false);

  const second = await start();
  expect(second.temporal.address).not.toBe(first.temporal.address);
  expect(second.mongodb.uri).not.toBe(first.mongodb.uri);
  expect(second.temporal.uiUrl).toBeUndefined();
  expect(await read(second)).toEqual(bothWritten);
});

test('the stop ends Temporal before MongoDB, so that what still runs can write', async () => {
  const servers = await start();
  const [temporal = 0, mongod = 0] = pids(servers);
  const stopped = servers.stop();
  while (isAlive(temporal)) {
    expect(isAlive(mongod)).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stopped;
  expect(isAlive(mongod)).toBe(false);
});

test('a second start on the same data folder is refused while the first lives, and leaves it in peace', async () => {
  const servers = await start();
  await expect(startServers({ dataDir, ports: 'free', useEnvironment: false })).rejects.toThrow(/run by this very/);
  expect(pids(servers).map(isAlive)).toEqual([true, true]);
});

test('servers whose owner was killed are found by the next start, which goes on with their data', async () => {
  const owner = ownerProcess();
  const orphaned = await owner.servers;
  await write(orphaned);
  owner.process.kill('SIGKILL');
  await owner.ended;
  expect(pids(orphaned).map(isAlive)).toEqual([true, true]);

  const said: string[] = [];
  const servers = await start({ report: (_server, line) => said.push(line) });
  expect(pids(orphaned).map(isAlive)).toEqual([false, false]);
  expect(said.filter((line) => line.includes('an earlier start left behind'))).toHaveLength(2);
  expect(await read(servers)).toEqual(bothWritten);
});

/** Another process that starts the servers and stays. */
function ownerProcess() {
  const options = JSON.stringify({ dataDir, ports: 'free', headless: true, useEnvironment: false });
  const script = `require('tsx/cjs/api').register();
    require('./ops/servers').startServers(${options}).then((s) => console.log(JSON.stringify(s)));`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: resolve(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const servers = new Promise<RunningServers>((done, fail) => {
    createInterface(child.stdout).once('line', (line) => done(JSON.parse(line) as RunningServers));
    child.once('exit', () => fail(new Error('the owner ended before its servers were up')));
  });
  return { process: child, ended, servers };
}

test('a start that is broken off stops what it had started', async () => {
  const controller = new AbortController();
  const report = (_server: string, line: string) => line.startsWith('ready') && controller.abort();
  await expect(start({ report, signal: controller.signal })).rejects.toThrow(/broken off/);
  expect(existsSync(join(dataDir, 'temporal.pid'))).toBe(false);
  expect(existsSync(join(dataDir, 'mongod.pid'))).toBe(false);
  await start(); // the folder is free again
});

test('a server that ends by itself is told of, with its log', async () => {
  let tell: (line: string) => void = () => undefined;
  const told = new Promise<string>((resolve) => (tell = resolve));
  const { temporal } = await start({ report: (_server, line) => line.includes('ended by') && tell(line) });
  process.kill(temporal.pid ?? 0, 'SIGKILL');
  expect(await told).toMatch(/^temporal ended by SIGKILL; .*temporal\.log says:/);
});

test('a server that cannot start fails the start with what its log says', async () => {
  const variable = process.env.MONGOD;
  process.env.MONGOD = join(dataDir, 'mongod-that-dies');
  const script = '[ "$1" = --version ] && echo "db version v7.0.0" && exit; echo "no space left"; exit 3';
  writeFileSync(process.env.MONGOD, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  try {
    await expect(start()).rejects.toThrow(/mongod ended with code 3; .*says:\nno space left/);
  } finally {
    if (variable === undefined) delete process.env.MONGOD;
    else process.env.MONGOD = variable;
  }
  expect(existsSync(join(dataDir, 'temporal.pid'))).toBe(false);
});

describe('servers that the environment names', () => {
  const { TEMPORAL_ADDRESS, MONGODB_URI } = process.env;
  afterEach(() => {
    restore('TEMPORAL_ADDRESS', TEMPORAL_ADDRESS);
    restore('MONGODB_URI', MONGODB_URI);
  });

  test('are used, and outlive the stop', async () => {
    const servers = await start();
    process.env.TEMPORAL_ADDRESS = servers.temporal.address;
    process.env.MONGODB_URI = servers.mongodb.uri;
    const named = await startServers({ dataDir: join(dataDir, 'other'), ports: 'fixed' });
    expect(named).toMatchObject({
      temporal: { address: servers.temporal.address, source: 'environment' },
      mongodb: { uri: servers.mongodb.uri, source: 'environment' },
    });
    await named.stop();
    expect(pids(servers).map(isAlive)).toEqual([true, true]);
  });

  test('and do not answer are an error that names both variables', async () => {
    process.env.TEMPORAL_ADDRESS = '127.0.0.1:1';
    process.env.MONGODB_URI = 'mongodb://anna:s3cret@127.0.0.1:1/x?serverSelectionTimeoutMS=100';
    const failure = await start({ useEnvironment: true }).catch((error: unknown) => String(error));
    expect(failure).toMatch(/TEMPORAL_ADDRESS names 127\.0\.0\.1:1, but no Temporal/);
    expect(failure).toMatch(/MONGODB_URI names mongodb:\/\/anna:\*\*\*@127/);
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}
