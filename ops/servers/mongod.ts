/**
 * mongod as a replica set of one node (transactions need one), state on disk; or the MongoDB that the environment
 * names, only checked.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { transactionSeconds } from '../../config/mongodb';
import { provideBinary, type Binary } from './binary';
import { launch } from './child';
import type { Child } from './child';
import { answers } from './ports';
import { failureText, withoutPassword } from './text';

export interface MongodbServer {
  uri: string;
  pid?: number;
  source: string;
}

export interface MongodPlan {
  dataDir: string;
  port: number;
  report: (line: string) => void;
  onStarted: (child: Child) => void;
}

/** The name of the replica set that each node is of. */
export const replicaSet = 'rs0';
const startBound = 60_000;
/** Code of the answer of a server that was never initiated. */
const notYetInitialized = 94;

/** The folder that holds the state; also what tells our own server from others. */
export function mongodState(dataDir: string): string {
  return join(dataDir, 'mongod');
}

export async function startMongod({ dataDir, port, report, onStarted }: MongodPlan): Promise<MongodbServer> {
  const child = await launchMongod({ dataDir, port, report, onStarted });
  await Promise.race([ready(child, port), child.failure]);
  const { path, source } = child.binary;
  report(`ready at 127.0.0.1:${port} (${path}, from ${source})`);
  const uri = `mongodb://127.0.0.1:${port}/trade_assurance?replicaSet=${replicaSet}&directConnection=true`;
  return { uri, pid: child.pid, source };
}

/** Starts mongod as a node of the replica set, of which it may know nothing yet. */
export async function launchMongod({
  dataDir,
  port,
  report,
  onStarted,
}: MongodPlan): Promise<Child & { binary: Binary }> {
  const binary = await provideBinary('mongod', { report });
  mkdirSync(mongodState(dataDir), { recursive: true });
  const child = launch({
    name: 'mongod',
    executable: binary.path,
    args: [
      ...['--dbpath', mongodState(dataDir), '--replSet', replicaSet, '--bind_ip', '127.0.0.1', '--port', String(port)],
      // A guest on somebody's machine: not half of its memory, no socket in /tmp, no recording of its own health.
      ...['--wiredTigerCacheSizeGB', '1', '--oplogSize', '256', '--nounixsocket', '--quiet'],
      ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
      ...['--setParameter', `transactionLifetimeLimitSeconds=${transactionSeconds}`],
    ],
    dataDir,
    onUnexpectedEnd: report,
  });
  onStarted(child);
  return { ...child, binary };
}

async function ready(child: Child, port: number): Promise<void> {
  const deadline = Date.now() + startBound;
  // The port first: the driver would wait half a second and more between its own attempts.
  while (!(await answers(port))) {
    if (child.hasEnded()) return;
    if (Date.now() > deadline) throw new Error(`mongod does not answer at port ${port} after ${startBound / 1000} s`);
    await pause(25);
  }
  for (;;) {
    try {
      await becomePrimary(port, deadline);
      return;
    } catch (error) {
      // When its address changes, mongod closes connections: ours too, now and then.
      if (!(error instanceof mongo.MongoNetworkError) || child.hasEnded() || Date.now() > deadline) throw error;
      await pause(25);
    }
  }
}

async function becomePrimary(port: number, deadline: number): Promise<void> {
  await withAdmin(`mongodb://127.0.0.1:${port}/?directConnection=true`, async (admin) => {
    await ensureReplicaSet(admin, `127.0.0.1:${port}`);
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
      if (Date.now() > deadline) throw new Error(`mongod is not primary after ${startBound / 1000} s`);
      await pause(25);
    }
  });
}

/** Initiates the replica set once; later only its address may have changed, as the port may at every start. */
async function ensureReplicaSet(admin: mongo.Db, host: string): Promise<void> {
  const config = await currentConfig(admin);
  if (!config) {
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
  } else if (config.members.length !== 1 || config.members[0]?.host !== host) {
    const [first] = config.members;
    const members = [{ ...first, _id: first?._id ?? 0, host }];
    // By force: a node that does not find itself in its configuration has no primary to ask.
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
  }
}

interface ReplicaSetConfig {
  version: number;
  members: { _id: number; host: string }[];
}

async function currentConfig(admin: mongo.Db): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === notYetInitialized) return undefined;
    throw error;
  }
}

/** The MongoDB of `MONGODB_URI` must answer, be new enough, and know transactions. */
export async function checkNamedMongodb(uri: string): Promise<MongodbServer> {
  try {
    await withAdmin(uri, async (admin) => {
      const hello = await admin.command({ hello: 1 });
      if (!hello.setName && hello.msg !== 'isdbgrid') throw new Error('it is no replica set, which transactions need');
      const { version } = (await admin.command({ buildInfo: 1 })) as { version?: string };
      if (Number.parseInt(version ?? '0', 10) < 6) throw new Error(`it is version ${version}; at least 6.0 is needed`);
    });
  } catch (error) {
    throw new Error(
      `MONGODB_URI names ${withoutPassword(uri)}, which will not do: ${failureText(error)}. ` +
        'Start or mend it, or unset the variable to have a local one.',
      { cause: error },
    );
  }
  return { uri, source: 'environment' };
}

async function withAdmin<T>(uri: string, work: (admin: mongo.Db) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.connect();
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
