/** The inbox while a server is away, at whatever moment: nothing is lost, and an order takes each fact once. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { TradeAssuranceClient } from '../../clients';
import { moneyOf } from '../../domain/money';
import { journalOf } from '../../store/read';
import { openStore, type Store } from '../../store/store';
import { cuttable, type Cuttable } from '../support/cuttable';
import { linesOf, openInbox, type Told } from '../support/inbox';
import { advance, paidOrder } from '../support/paid-order';
import { openWorld, required, type World } from '../support/world';

let world: World;
let mongodb: Cuttable;
let temporal: Cuttable;
let store: Store;
let connection: Connection;
beforeAll(async () => {
  world = await openWorld();
  const uri = new URL(world.mongodbUri);
  mongodb = await cuttable(uri.host);
  temporal = await cuttable(required('TEST_TEMPORAL_ADDRESS'));
  uri.host = mongodb.address;
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  store = await openStore(uri.href, { timeoutMs: 2000 });
  connection = await Connection.connect({ address: temporal.address });
});
afterAll(async () => {
  mongodb.mend();
  temporal.mend();
  await Promise.all([store.close(), connection.close()]);
  await Promise.all([mongodb.close(), temporal.close()]);
  await world.close();
});

/** A client over the ways that can be cut; `after` is done once an order has answered. */
function clientOver(after: () => void = () => undefined): TradeAssuranceClient {
  const { taskQueue } = world;
  const ta = new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue, timeoutMs: 1500 });
  const send = ta.send.bind(ta);
  ta.send = async (...message) => {
    const answer = await send(...message);
    after();
    return answer;
  };
  return ta;
}

/** An order that lacks a dollar of its advance, and a delivery of that dollar. */
async function delivered(name: string): Promise<{ order: string; delivery: string }> {
  const order = await paidOrder(world, name, advance - 100);
  const { payTo = '' } = await world.ta.view(order);
  const told: Told = {
    fact: 'paymentCredited',
    data: {
      ...{ account: payTo, entryReference: `last-${order}`, amount: moneyOf(100, 'USD') },
      ...{ method: 'tt', valueDate: '2026-11-22' },
    },
    remittance: order,
  };
  return { order, delivery: await openInbox(world).deliver('bank', linesOf(told)) };
}

/** A while later: after a lease that nobody has given back, and after the time for trying again. */
const later = (minutes: number) => () => new Date(Date.now() + minutes * 60_000).toISOString();

async function expectOnce(order: string, delivery: string): Promise<void> {
  expect(await openInbox(world).rowsOf(delivery)).toMatchObject([{ state: 'routed', outcome: 'applied', order }]);
  const credits = (await journalOf(world.store, order)).filter(({ message }) => message === 'paymentCredited');
  expect(credits).toHaveLength(2); // the one before, and this one
  await expect(world.ta.view(order)).resolves.toMatchObject({ paid: { amount: advance } });
}

test('MongoDB is away before anything is read: it is read once it is back', async () => {
  const { order, delivery } = await delivered('mongodb-before');
  const feeds = openInbox(world, { ta: clientOver() });
  mongodb.cut();
  await expect(feeds.inbox.work()).rejects.toThrow();
  mongodb.mend();
  expect(await feeds.rowsOf(delivery)).toEqual([]);
  await feeds.inbox.work();
  await expectOnce(order, delivery);
});

test('MongoDB goes away once the order has taken the fact, before the inbox can say so: it is taken no second time', async () => {
  const { order, delivery } = await delivered('mongodb-after');
  const feeds = openInbox(world, { ta: clientOver(() => mongodb.cut()) });
  await expect(feeds.inbox.work()).rejects.toThrow();
  mongodb.mend();
  const [row] = await feeds.rowsOf(delivery);
  expect([row?.state, row?.lease !== undefined]).toEqual(['pending', true]);
  await openInbox(world, { ta: clientOver(), now: later(5) }).inbox.work();
  await expectOnce(order, delivery);
});

test('Temporal is away: the row says so, waits, and is told when it is back', async () => {
  const { order, delivery } = await delivered('temporal');
  const ta = clientOver();
  temporal.cut();
  await openInbox(world, { ta }).inbox.work();
  const [row] = await openInbox(world).rowsOf(delivery);
  expect(row).toMatchObject({ state: 'pending', code: 'service.unavailable' });
  expect(row?.dueAt && row.dueAt > row.updatedAt).toBe(true);
  temporal.mend();
  for (let minutes = 5; ; minutes += 10) {
    await openInbox(world, { ta, now: later(minutes) }).inbox.work();
    const [now] = await openInbox(world).rowsOf(delivery);
    if (now?.state !== 'pending') break;
    expect(now.code).toBe('service.unavailable'); // its connection is on its way
    await pause(200);
  }
  await expectOnce(order, delivery);
});
