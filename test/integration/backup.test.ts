/**
 * A backup of MongoDB, taken while everything runs, is put back while Temporal has gone on: the folder of a mongod of its own is copied
 * under a lock, and replaced; `ta recover` then brings back what came after the backup.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recover } from '../../clients/recover';
import type { Child } from '../../ops/servers/child';
import { mongodState, startMongod } from '../../ops/servers/mongod';
import { freePorts } from '../../ops/servers/ports';
import { goesOn, violationsOf } from '../support/after-backup';
import { paidOrder } from '../support/paid-order';
import { openWorld, type World } from '../support/world';

const dataDir = mkdtempSync(join(tmpdir(), 'ta-backup-'));
const [live, kept] = [mongodState(dataDir), join(dataDir, 'kept')];
let port: number;
let mongod: Child | undefined;
let world: World;

async function start(): Promise<string> {
  const onStarted = (child: Child) => (mongod = child);
  return (await startMongod({ dataDir, port, report: () => undefined, onStarted })).uri;
}

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  const shared = process.env.TEST_MONGODB_URI;
  process.env.TEST_MONGODB_URI = await start();
  world = await openWorld();
  process.env.TEST_MONGODB_URI = shared;
});
afterAll(async () => {
  await world.close();
  await mongod?.stop().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

const check = () => violationsOf(world);

/** As the how-to says: nothing is written while the folder is copied. */
async function backUp(): Promise<void> {
  const admin = world.store.connection.getClient().db('admin');
  await admin.command({ fsync: 1, lock: true });
  try {
    cpSync(live, kept, { recursive: true });
  } finally {
    await admin.command({ fsyncUnlock: 1 });
  }
}

async function restore(): Promise<void> {
  await mongod?.stop().catch(() => undefined);
  rmSync(live, { recursive: true });
  cpSync(kept, live, { recursive: true });
  await start();
}

test('what came after the backup is restated from the workflows, entry by entry', async () => {
  const { ta, store } = world;
  const before = await paidOrder(world, 'before');
  await backUp();
  const after = await goesOn(world, before);
  const journals = [await ta.journal(before), await ta.journal(after)];
  const balances = await store.collections.balances.find().sort({ _id: 1 }).toArray();

  await restore();
  expect(await store.collections.orders.countDocuments({ _id: after })).toBe(0);
  const found: string[] = [];
  await recover(ta, { onFinding: ({ order, what }) => found.push(`${what} ${order}`) });
  expect(found.sort()).toEqual([`ahead ${after}`, `ahead ${before}`].sort());
  expect([await ta.journal(before), await ta.journal(after)]).toEqual(journals);
  expect(await store.collections.balances.find().sort({ _id: 1 }).toArray()).toEqual(balances);
  expect(await check()).toEqual([]);
});
