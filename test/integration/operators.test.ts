/** What operators have, on real servers: gauges that follow the books, queries that the server takes, and `ta doctor`. */
import { runCli } from '../../clients/cli/captured';
import { transactionSeconds } from '../../config/mongodb';
import type { Finding } from '../../clients/doctor-findings';
import { views } from '../../clients/views';
import { figuresOf } from '../../store/figures';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { openInbox } from '../support/inbox';
import { setUpSchedules } from '../../ops/schedules';
import { as, lighting, openWorld, required, type World } from '../support/world';

let world: World;
let http: HttpWorld;
beforeAll(async () => {
  world = await openWorld();
  http = await openHttp(world);
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
    TA_API_PORT: new URL(http.url).port,
  });
});
afterAll(async () => {
  await http.close();
  await world.close();
});

const now = () => new Date().toISOString();

test('the figures follow the books: an order that waits for its payment, and what has not been told', async () => {
  const before = await figuresOf(world.store, now());
  expect(before).toMatchObject({
    orders: { 'awaiting-payment': 0, completed: 0 },
    queues: { outbox: { size: 0 }, 'webhooks-parked': { size: 0 } },
    lastReceived: {},
  });
  const order = world.orderId('watched');
  await world.ta.start(order, lighting, as.supplier);
  await world.ta.confirm(order, { revision: 1 }, as.supplier);
  await world.ta.confirm(order, { revision: 1 }, as.buyer);
  const { payBy = '' } = (await world.store.collections.orders.findOne({ _id: order })) ?? {};
  const after = await figuresOf(world.store, now());
  expect(after.orders['awaiting-payment']).toBe(1);
  expect(after.paymentsDue).toEqual({ overdue: 0, day: 0, later: 1 });
  expect(after.queues.outbox).toMatchObject({ size: 3, oldest: expect.stringMatching(/Z$/) as string });
  const aSecondLater = new Date(Date.parse(payBy) + 1000).toISOString();
  expect((await figuresOf(world.store, aSecondLater)).paymentsDue).toEqual({ overdue: 1, day: 0, later: 0 });
});

test('the figures follow the inbox: what is received, dead, and when a feed was last heard of', async () => {
  const feeds = openInbox(world);
  await feeds.deliver('customs', Buffer.from('no JSON'));
  const received = await figuresOf(world.store, now());
  expect(received.queues['inbox-received'].size).toBe(1);
  expect(received.lastReceived.customs).toBe(received.queues['inbox-received'].oldest);
  expect(received.lastReceived.bank).toBeUndefined();
  await feeds.inbox.work();
  const { queues } = await figuresOf(world.store, now());
  expect([queues['inbox-received'].size, queues['inbox-dead'].size]).toEqual([0, 1]);
});

test('each figure is read along an index, never through a whole collection', async () => {
  const { connection } = world.store;
  const database = connection.getClient().db(connection.name);
  await database.command({ profile: 2 });
  await figuresOf(world.store, now());
  await database.command({ profile: 0 });
  const scans = await database
    .collection('system.profile')
    .find({ planSummary: /COLLSCAN/ })
    .toArray();
  const small = ['cases', 'subscriptions'];
  const collections = scans.map(({ ns }) => String(ns).split('.')[1] ?? '');
  expect(collections.filter((name) => !small.includes(name))).toEqual([]);
});

test('/metrics tells the gauges, the halted orders of Temporal among them', async () => {
  const { text, status } = await http.call(callers.platform, 'GET', '/metrics');
  expect(status).toBe(200);
  expect(text).toContain('ta_source_up{source="mongodb"} 1');
  expect(text).toContain('ta_source_up{source="temporal"} 1');
  expect(text).toMatch(/^ta_orders_halted \d+$/m);
  expect(text).toContain('ta_orders{status="awaiting-payment"} 1');
  expect(text).toContain('ta_payments_due{when="later"} 1');
});

test.each(Object.entries(views))('the server takes the query of the view %s', async (_name, { query }) => {
  await expect(world.temporal.workflow.count(query(now()))).resolves.toBeDefined();
});

/** What the doctor finds, by part. */
async function found(): Promise<{ code: number; states: Record<string, string>; findings: Finding[] }> {
  const { code, json } = await runCli('doctor', '--json');
  const { findings } = json as { findings: Finding[] };
  return { code, findings, states: Object.fromEntries(findings.map(({ part, state }) => [part, state])) };
}

test('ta doctor finds a running installation well, and says what is missing of a broken one, with what to do', async () => {
  await setUpSchedules(world.temporal.connection as never, { namespace: 'default', taskQueue: world.taskQueue });
  const well = await found();
  expect(well.states).toMatchObject({
    settings: 'ok',
    temporal: 'ok',
    namespace: 'ok',
    'search attributes': 'ok',
    schedule: 'ok',
    worker: 'ok',
    mongodb: 'ok',
    collections: 'ok',
    indexes: 'ok',
    validators: 'ok',
    transactions: 'ok',
    policies: 'ok',
    clock: 'ok',
    api: 'ok',
    // Neither is set here.
    bank: 'warn',
    'card processor': 'warn',
  });
  expect(well.code).toBe(0);

  const { connection } = world.store;
  await connection.collection('journal').dropIndex('order_1_version_1');
  await connection.getClient().db(connection.name).command({ collMod: 'points', validator: {} });
  process.env.TA_TASK_QUEUE = 'a-queue-that-nobody-polls';
  process.env.TA_BANK_URL = 'http://127.0.0.1:1/bank';
  const parameters = connection.getClient().db('admin');
  // One second more does no harm to the tests that share the server.
  await parameters.command({ setParameter: 1, transactionLifetimeLimitSeconds: transactionSeconds + 1 });
  const broken = await found().finally(() =>
    parameters.command({ setParameter: 1, transactionLifetimeLimitSeconds: transactionSeconds }),
  );
  expect(broken.code).toBe(1);
  expect(broken.states).toMatchObject({ indexes: 'fail', validators: 'fail', worker: 'fail', bank: 'fail' });
  expect(broken.states).toMatchObject({ transactions: 'warn' });
  const told = broken.findings.filter(({ state }) => state === 'fail').map(({ says }) => says);
  expect(told.join('\n')).toContain('journal(order, version)');
  expect(broken.findings.filter(({ state, todo }) => state !== 'ok' && todo === undefined)).toEqual([]);
});

test('ta doctor tells servers that do not answer and wrong settings as findings, without the password', async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1';
  process.env.MONGODB_URI = 'mongodb://user:secret@127.0.0.1:1/ta?replicaSet=rs0&directConnection=true';
  process.env.TA_API_PORT = '1';
  const { code, states, findings } = await found();
  expect(code).toBe(1);
  expect(states).toMatchObject({ temporal: 'fail', mongodb: 'fail', api: 'warn' });
  expect(JSON.stringify(findings)).not.toContain('secret');
  process.env.TA_API_PORT = 'no port';
  const { stdout, code: wrong } = await runCli('doctor');
  expect(stdout).toMatch(/fail {2}settings .*TA_API_PORT/);
  expect(wrong).toBe(1);
}, 60_000);
