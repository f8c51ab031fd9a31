/**
 * The MongoDB of an installation: one node behind a proxy for each kind of process that asks it, or a replica set of three, each
 * node behind a proxy that everybody goes through, the other nodes too.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { launchMongod, replicaSet, startMongod } from '../../ops/servers/mongod';
import { freePorts } from '../../ops/servers/ports';
import { ServerPart } from './parts';
import { Proxy } from './proxy';

/** A way through the network, by its name. */
export interface Way {
  name: string;
  proxy: Proxy;
}

export interface Mongodb {
  nodes: ServerPart[];
  ways: Way[];
  /** For whoever looks on from outside, without weather where that can be. */
  uri: (database: string) => string;
  /** For a process of the product. */
  uriOf: (asker: Asker, database: string) => string;
  /** Has the primary step down; of a single node there is no other to take over. */
  stepDown?: () => Promise<void>;
}

const askers = ['worker', 'api', 'relay'] as const;
export type Asker = (typeof askers)[number];

const report = (): void => undefined;

/** One node, which is started. */
export async function singleNode(dataDir: string, port: number): Promise<Mongodb> {
  const node = new ServerPart('mongod', (onStarted) => startMongod({ dataDir, port, onStarted, report }));
  await node.start();
  const ways = await Promise.all(
    askers.map(async (asker) => ({ name: `${asker} to MongoDB`, proxy: await Proxy.open(port) })),
  );
  const at = (its: number, database: string) =>
    `mongodb://127.0.0.1:${String(its)}/${database}?replicaSet=${replicaSet}&directConnection=true`;
  return {
    ...{ nodes: [node], ways },
    uri: (database) => at(port, database),
    uriOf: (asker, database) => at(ways[askers.indexOf(asker)]?.proxy.port ?? 0, database),
  };
}

/** Three nodes, which are started and have a primary. */
export async function threeNodes(dataDir: string): Promise<Mongodb> {
  const ports = await freePorts(3);
  const ways = await Promise.all(
    ports.map(async (port, index) => ({ name: `node ${String(index + 1)} of MongoDB`, proxy: await Proxy.open(port) })),
  );
  const nodes = ports.map(
    (port, index) =>
      new ServerPart('mongod', async (onStarted) => {
        const child = await launchMongod({
          dataDir: join(dataDir, `node-${String(index + 1)}`),
          port,
          onStarted,
          report,
        });
        await Promise.race([answering(port, () => child.hasEnded()), child.failure]);
      }),
  );
  await Promise.all(nodes.map((node) => node.start()));
  const hosts = ways.map(({ proxy }) => `127.0.0.1:${String(proxy.port)}`);
  await within(`mongodb://127.0.0.1:${String(ports[0])}/?directConnection=true`, (admin) =>
    admin.command({
      replSetInitiate: {
        _id: replicaSet,
        members: hosts.map((host, index) => ({ _id: index, host })),
        // A machine that is busy is no node that is gone; but nobody waits the usual ten seconds for the next primary.
        settings: { electionTimeoutMillis: 3000, heartbeatIntervalMillis: 500 },
      },
    }),
  );
  const uri = (database: string) => `mongodb://${hosts.join(',')}/${database}?replicaSet=${replicaSet}`;
  await within(uri('admin'), (admin) => admin.command({ ping: 1 }));
  const stepDown = () =>
    within(uri('admin'), (admin) => admin.command({ replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 }));
  return { nodes, ways, uri, uriOf: (_, database) => uri(database), stepDown };
}

/** Waits until a node answers; whether it has found its others is for the driver to find out. */
async function answering(port: number, hasEnded: () => boolean): Promise<void> {
  for (let left = 600; left > 0 && !hasEnded(); left -= 1) {
    try {
      await within(`mongodb://127.0.0.1:${String(port)}/?directConnection=true`, (admin) =>
        admin.command({ hello: 1 }),
      );
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error(`mongod does not answer at port ${String(port)}`);
}

async function within(uri: string, work: (admin: mongo.Db) => Promise<unknown>): Promise<void> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 30_000 });
  try {
    await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
