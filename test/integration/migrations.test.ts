/**
 * A database as the version of 2026-11-22 has left it (`test/fixtures/books`) is brought up to date by today's set-up: forward, and as
 * often as one likes; its books hold and its orders go on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { checkWorkflows } from '../../clients/check';
import { recover } from '../../clients/recover';
import { loadSeeds } from '../../seeds/load';
import { checkBooks } from '../../store/check';
import { collections, type CollectionName } from '../../store/collections';
import { validatorOf } from '../../store/json-schema';
import { migrate } from '../../store/migrations';
import { rebuild } from '../../store/read';
import type { Violation } from '../../store/order-check';
import { setUpDatabase } from '../../store/store';
import { as, openWorld, type World } from '../support/world';

const books = mongo.BSON.EJSON.parse(
  readFileSync(join(__dirname, '../fixtures/books/2026-11-22.json'), 'utf8'),
) as Record<string, { indexes: mongo.IndexDescription[]; docs: mongo.Document[] }>;
let world: World;
beforeAll(async () => {
  world = await openWorld({ seeded: false });
  await world.store.connection.dropDatabase();
  for (const [name, { indexes, docs }] of Object.entries(books)) {
    const collection = world.store.connection.collection(name);
    await collection.insertMany(docs);
    if (indexes.length > 0) await collection.createIndexes(indexes);
  }
});
afterAll(() => world.close());

const names = Object.keys(collections) as CollectionName[];

async function contents(): Promise<unknown> {
  const all = names.map(async (name) => [name, await world.store.connection.collection(name).find().toArray()]);
  return Object.fromEntries((await Promise.all(all)) as [string, unknown][]);
}

/** Documents that today's validator would not let in. */
async function wrong(): Promise<string[]> {
  const found = names.map(async (name) => {
    const docs = world.store.connection.collection(name).find({ $nor: [validatorOf(collections[name].form)] } as never);
    return (await docs.toArray()).map(({ _id }) => `${name} ${String(_id)}`);
  });
  return (await Promise.all(found)).flat();
}

async function check(): Promise<Violation[]> {
  const found: Violation[] = [];
  await checkBooks(world.store, (one) => found.push(one));
  await checkWorkflows(world.ta, (one) => found.push(one));
  return found;
}

test('the set-up brings old documents and indexes up to date, and again changes nothing', async () => {
  const { store } = world;
  await setUpDatabase(store);
  expect(await migrate(store)).toEqual({
    ...{ sealed: books.members?.docs.length ?? 0, indexed: books.orders?.docs.length, dropped: 6 },
  });
  await loadSeeds(store);
  expect(await wrong()).toEqual([]);
  for (const name of names) {
    const there = await store.connection.collection(name).listIndexes().toArray();
    expect([name, there.length]).toEqual([name, collections[name].indexes.length + 1]);
  }
  expect(await store.collections.orders.countDocuments({ 'index.milestone': { $exists: true } })).toBe(4);
  const stood = await contents();
  await setUpDatabase(store);
  expect(await migrate(store)).toEqual({ sealed: 0, indexed: 0, dropped: 0 });
  expect(await loadSeeds(store)).toBe(0);
  expect(await contents()).toEqual(stood);
});

test('what an old process has written beside is brought up to date by the next set-up', async () => {
  const { store } = world;
  await store.collections.orders.updateOne({ _id: 'old-paid' }, { $unset: { index: '' } });
  expect(await migrate(store)).toMatchObject({ indexed: 1 });
});

test('the books hold, and old orders go on under today’s workflows', async () => {
  const { ta } = world;
  const found: string[] = [];
  // What today's orders hold beside follows from their journals: `ta rebuild`, as the upgrade page says.
  await rebuild(world.store);
  await recover(ta, { onFinding: ({ order, what }) => found.push(`${what} ${order}`) });
  expect(found.sort()).toEqual(['gone old-done', 'gone old-draft', 'gone old-overpaid', 'gone old-paid']);
  expect(await check()).toEqual([]);
  const goods = [
    { hsCode: '94051100', name: 'LED', quantity: 9, unit: 'piece', value: { amount: 100, currency: 'USD' as const } },
  ];
  const { version } = await ta.view('old-paid');
  const answer = await ta.registerExport('old-paid', { exportOrder: 'e-1', declaration: 'D-OLD', goods }, as.supplier);
  expect(answer).toMatchObject({ version: version + 1 });
  await ta.confirm('old-draft', { revision: 1 }, as.supplier);
  await ta.confirm('old-draft', { revision: 1 }, as.buyer);
  expect(await ta.view('old-draft')).toMatchObject({ status: 'awaiting-payment' });
  expect(await check()).toEqual([]);
});
