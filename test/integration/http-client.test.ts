/** The TypeScript client of the HTTP API, on real servers: typed calls, errors by code, and the same call again after a fault. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Refused, TradeAssuranceError, TradeAssuranceHttpClient, Unavailable } from '../../clients';
import type { Claims } from '../../clients/http/identity';
import { moneyOf } from '../../domain/money';
import { FakeBank } from '../support/fake-bank';
import { asking } from '../support/funds-builders';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { blocksOf, runShell } from '../support/pages';
import { advance, paidOrder } from '../support/paid-order';
import { lighting, openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
let road: Server;
let roadUrl: string;
beforeAll(async () => {
  world = await openWorld({ bank: new FakeBank() });
  http = await openHttp(world);
  road = createServer((request, response) => void pass(request, response)).listen(0, '127.0.0.1');
  await once(road, 'listening');
  roadUrl = `http://127.0.0.1:${String((road.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  road.closeAllConnections();
  road.close();
  await http.close();
  await world.close();
});
beforeEach(() => {
  weather.length = 0;
  passed.length = 0;
});

/** What becomes of the next requests on the road to the API; after them all is well. */
type Weather = 'answer-lost' | 'not-reached' | 'busy' | 'too-many' | 'come-tomorrow';
const weather: Weather[] = [];
/** The keys that came along. */
const passed: unknown[] = [];

/** The road between client and API, with its weather. */
async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  const body = await text(request);
  const now = weather.shift();
  passed.push(headers['idempotency-key']);
  if (now === 'not-reached') return void response.destroy();
  if (now === 'busy') return void response.writeHead(503, { 'retry-after': '0' }).end('<h1>busy</h1>');
  if (now === 'too-many') return void response.writeHead(429, { 'retry-after': '0' }).end();
  if (now === 'come-tomorrow') return void response.writeHead(503, { 'retry-after': '86400' }).end();
  const kept = ['authorization', 'content-type', 'idempotency-key'];
  const answer = await fetch(`${http.url}${url}`, {
    method,
    headers: Object.fromEntries(kept.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
    ...(body !== '' && { body }),
  });
  const said = await answer.text();
  if (now === 'answer-lost') return void response.destroy();
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(said);
}

const clientOf = (caller: Claims, url = http.url) =>
  new TradeAssuranceHttpClient({ url, token: () => http.token(caller) });
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const faultOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (fault: unknown) => fault,
  );
const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
  const fault = await faultOf(call);
  return fault instanceof TradeAssuranceError ? [fault.constructor, fault.code] : fault;
};

test('R28 one method for each message: drafted, confirmed by both, read, listed page by page, its journal told', async () => {
  const [supplier, buyer] = [clientOf(callers.supplier), clientOf(callers.buyer)];
  const { order, version } = await supplier.start(lighting, { id: 'client-1' });
  expect(await supplier.start(lighting, { id: 'client-1' })).toMatchObject({ order, version });
  await supplier.confirm(order, { revision: 1 }, { ifVersion: 1 });
  const confirmed = await buyer.confirm(order, { revision: 1 });
  expect(confirmed).toMatchObject({ order, version: 3, status: 'awaiting-payment' });
  expect(await buyer.view(order)).toMatchObject({ id: order, version: 3 });

  const second = await supplier.start(lighting);
  const listed = await all(buyer.list({ status: ['awaiting-payment', 'negotiating'], limit: 1 }));
  expect(listed.map(({ id }) => id)).toEqual([second.order, order]);
  const journal = await all(supplier.journal(order));
  expect(journal.map(({ actor }) => actor)).toEqual([callers.supplier, callers.supplier, callers.buyer]);
});

test('R9 a supplier’s credit, statement and a withdrawal', async () => {
  const supplier = clientOf(callers.supplier);
  const { member } = callers.supplier;
  const order = await paidOrder(world, 'client-paid');
  const { id: _id, by: _by, ...request } = asking({ [order]: moneyOf(advance, 'USD') });
  const withdrawal = await supplier.withdraw(request, { id: 'client-w' });
  expect(withdrawal.amount).toEqual(moneyOf(advance, 'USD'));
  expect(await supplier.withdraw(request, { id: 'client-w' })).toMatchObject({ id: withdrawal.id });
  expect(await supplier.withdrawal(withdrawal.id)).toMatchObject({ supplier: member });
  const [from, to] = ['2020-01-01T00:00:00.000Z', new Date(Date.now() + 60_000).toISOString()];
  const statement = await supplier.statement({ supplier: member, currency: 'USD', from, to });
  expect(statement.lines.map(({ amount }) => amount.amount)).toEqual(expect.arrayContaining([advance, -advance]));
  const backwards = { supplier: member, currency: 'USD', from: to, to: from } as const;
  expect(await codeOf(supplier.statement(backwards))).toEqual([TradeAssuranceError, 'request.invalid']);
  expect((await supplier.credit(member)).limit).toEqual((await world.ta.explainCredit(member)).limit.limit);
});

test('what is refused has the code of the catalogue, its rule, and is not tried again', async () => {
  const buyer = clientOf(callers.buyer, roadUrl);
  const { order } = await clientOf(callers.supplier).start(lighting);
  const refused = await faultOf(buyer.confirm(order, { revision: 7 }));
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ code: 'revision.stale', refusal: { rule: 'R52' } });
  expect(passed).toHaveLength(1);
  expect(await codeOf(clientOf(callers.otherSupplier).view(order))).toEqual([Refused, 'order.not-found']);
  const gone = clientOf(callers.supplier).confirm(order, { revision: 1 }, { ifVersion: 9 });
  expect(await codeOf(gone)).toEqual([TradeAssuranceError, 'precondition.failed']);
  const stranger = new TradeAssuranceHttpClient({ url: http.url, token: 'nobody' });
  expect(await codeOf(stranger.view(order))).toEqual([TradeAssuranceError, 'identity.invalid']);
  expect(await codeOf(clientOf(callers.bank).view(order))).toEqual([TradeAssuranceError, 'identity.not-allowed']);
});

test('a service acts for the party that it names', async () => {
  const service = clientOf(callers.service);
  const as = callers.supplier;
  const { order } = await service.start(lighting, { as });
  await service.confirm(order, { revision: 1 }, { as });
  const actors = (await all(service.journal(order, { as }))).map(({ actor }) => actor);
  const via = { role: 'service', member: callers.service.member };
  expect(actors).toEqual([
    { ...as, via },
    { ...as, via },
  ]);
});

test('R28 after a lost answer, a broken line, a busy server and too many requests the order is drafted once, under one key', async () => {
  weather.push('answer-lost', 'not-reached', 'busy', 'too-many');
  const before = await world.store.collections.orders.countDocuments();
  const { order, version } = await clientOf(callers.supplier, roadUrl).start(lighting);
  expect(version).toBe(1);
  expect(passed).toHaveLength(5);
  expect(new Set(passed).size).toBe(1);
  expect(await world.store.collections.orders.countDocuments()).toBe(before + 1);
  expect((await world.ta.view(order)).version).toBe(1);
});

test('a server that stays away, or names a day that is too far, is Unavailable; the same id may be sent again', async () => {
  const client = new TradeAssuranceHttpClient({ url: roadUrl, token: () => http.token(callers.supplier), attempts: 2 });
  weather.push('busy', 'busy');
  expect(await faultOf(client.start(lighting, { id: 'patient' }))).toBeInstanceOf(Unavailable);
  weather.push('come-tomorrow');
  expect(await faultOf(client.start(lighting, { id: 'patient' }))).toBeInstanceOf(Unavailable);
  expect(passed).toEqual(['patient', 'patient', 'patient']);
  expect(await client.start(lighting, { id: 'patient' })).toMatchObject({ version: 1 });
});

describe('docs/how-to/use-the-api.md', () => {
  const page = 'docs/how-to/use-the-api.md';
  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    TA_DATA_DIR: http.deps.settings.dataDir,
    TA_API_PORT: new URL(http.url).port,
  });

  test('R28, R52 its commands do what it says', async () => {
    const said = await runShell([...blocksOf(page, 'sh'), 'echo "order $ORDER"'], env());
    const order = /^order (\S+)$/m.exec(said)?.[1] ?? '';
    const messages = (await world.ta.journal(order)).map(({ actor, message }) => [actor.role, message]);
    expect(messages).toEqual([
      ['supplier', 'draft'],
      ['buyer', 'confirm'],
      ['supplier', 'confirm'],
    ]);
    expect(said).toContain('"code":"revision.stale"');
    expect(said).toContain('"state":"applied"');
    expect(said).toMatch(/^id,status,milestone,/m);
    expect(said).toContain(`${order},awaiting-payment,`);
  }, 60_000);

  test('its program confirms what waits', async () => {
    const { order } = await clientOf(callers.supplier).start(lighting);
    const [program = ''] = blocksOf(page, 'ts');
    const file = join(http.deps.settings.dataDir, 'example.ts');
    writeFileSync(file, program.replace("'trade-assurance'", JSON.stringify(resolve(__dirname, '../../clients'))));
    const token = await http.token(callers.supplier);
    const said = await runShell(['node ops/run.cjs "$EXAMPLE"'], {
      ...env(),
      EXAMPLE: file,
      API_URL: http.url,
      API_TOKEN: token,
    });
    expect(said).toContain(order);
    const entries = await world.ta.journal(order);
    expect(entries.map(({ message, actor }) => [message, actor.role])).toContainEqual(['confirm', 'supplier']);
  }, 60_000);
});
