/**
 * Every user right against every route that reads and every operation that moves money (R9), over HTTP: an unknown or removed
 * user may use no route at all; of the company's own people only owner and finance move its money.
 */
import { randomUUID } from 'node:crypto';
import { areas } from '../../clients/http/routes';
import type { Area } from '../../clients/http/deps';
import type { Access, Claims } from '../../clients/http/identity';
import { documentOf } from '../../store/store';
import { addUser, removeUser } from '../../store/members';
import { openHttp, type HttpWorld } from '../support/http';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
let order: string;
const routes: { method: string; url: string; access: Access | undefined }[] = [];
const { supplier } = lighting;
const owner = { role: 'supplier', member: supplier, user: 'chen-lihua' } as const;
const usd = { amount: 1_000, currency: 'USD' as const };
const payee = { name: 'Mallory', account: 'DE02MALLORY7777', bank: 'EVILDEFF' };
const now = () => new Date().toISOString();

beforeAll(async () => {
  world = await openWorld();
  const seen = areas.map((area): Area => (api, deps) => {
    api.addHook('onRoute', ({ method, url, config }) =>
      [method].flat().forEach((one) => one !== 'HEAD' && routes.push({ method: one, url, access: config?.access })),
    );
    return area(api, deps);
  });
  http = await openHttp(world, {}, seen);
  order = world.orderId('who');
  await world.ta.start(order, lighting, as.supplier);
  for (const [id, role] of [
    ['a-viewer', 'viewer'],
    ['a-mole', 'owner'],
  ] as const)
    await addUser(world.store, supplier, { id, role, name: id, email: `${id}@x.example`, active: true }, owner, now());
  await removeUser(world.store, supplier, 'a-mole', owner, now());
  // A withdrawal that awaits a second person for too long, and a quote that has lapsed: whoever may act is too late.
  const long = { id: 'some-1', by: owner, supplier, orders: [{ order: 'order-1', amount: usd }] };
  const at = '2020-01-01T00:00:00.000Z';
  const { withdrawals, settlements } = world.store.collections;
  await withdrawals.insertOne(
    documentOf('withdrawals', {
      ...{ ...long, channel: 'USD', payee, policy: 'withdrawal/v1', amount: usd, fee: usd, payout: usd },
      ...{ state: 'awaiting-approval', reservedAt: at },
    }),
  );
  await settlements.insertOne(
    documentOf('settlements', {
      ...{ ...long, state: 'lapsed', quotedAt: at },
      quote: { quote: 'q-1', sell: usd, buy: { amount: 7_100, currency: 'CNY' }, expiresAt: at },
    }),
  );
});
afterAll(async () => {
  await http.close();
  await world.close();
});

const strangers: [what: string, caller: Claims, headers: Record<string, string>][] = [
  ['a user that was removed', { role: 'supplier', member: supplier, user: 'a-mole' }, {}],
  ['a user that never was', { role: 'supplier', member: supplier, user: 'nobody-here' }, {}],
  ['a user of another company', { role: 'supplier', member: supplier, user: 'huang-zhiqiang' }, {}],
  ['a buyer’s user that never was', { role: 'buyer', member: lighting.buyer, user: 'nobody-here' }, {}],
  ['a user of a company that is not on record', { role: 'supplier', member: 'sup-nowhere', user: 'a-mole' }, {}],
  [
    'a service for a user that was removed',
    { role: 'service', member: 'erp' },
    { 'ta-actor': `supplier:${supplier}/a-mole` },
  ],
];

const pathOf = (url: string): string => url.replace(':order', order).replace(/:\w+/g, 'some-1');

test.each(strangers)('%s may use no route: nothing is read, sent or uploaded', async (_, caller, headers) => {
  const closed = routes.filter(({ access }) => access !== undefined && access !== 'public');
  expect(closed.filter(({ url }) => url.startsWith('/portal')).length).toBeGreaterThan(5);
  for (const { method, url } of closed) {
    const { status, body } = await http.call(caller, method, pathOf(url), {
      ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
      headers: { ...headers, 'ta-portal': '1', 'idempotency-key': randomUUID() },
    });
    expect([method, url, status, body?.code]).toEqual([method, url, 403, 'actor.user-unknown']);
  }
});

test('a portal session of a user ends with the user’s removal', async () => {
  await addUser(
    world.store,
    supplier,
    { id: 'a-guest', role: 'viewer', name: 'Guest', email: 'guest@x.example', active: true },
    owner,
    now(),
  );
  const signIn = () =>
    http.call(undefined, 'POST', '/portal/session', {
      body: { role: 'supplier', member: supplier, user: 'a-guest' },
      headers: { 'ta-portal': '1' },
    });
  const opened = await signIn();
  expect(opened.status).toBe(200);
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const look = () => http.call(undefined, 'GET', `/v1/orders/${order}`, { headers: { cookie } });
  expect((await look()).status).toBe(200);
  await removeUser(world.store, supplier, 'a-guest', owner, now());
  expect((await look()).body).toMatchObject({ code: 'actor.user-unknown' });
  const me = await http.call(undefined, 'GET', '/portal/session', { headers: { cookie } });
  expect(me.body.me).toBeUndefined();
  expect((await signIn()).body).toMatchObject({ code: 'actor.user-unknown' });
});

/** Every operation of the table of `domain/authority.ts`, as a request in the right form. */
const operations: [operation: string, path: string, body: object][] = [
  ['withdraw', '/v1/withdrawals', { supplier, channel: 'USD', orders: [{ order: 'order-1', amount: usd }], payee }],
  ['approve a withdrawal', '/v1/withdrawals/some-1/approve', {}],
  ['ask for a quote', '/v1/settlements', { supplier, orders: [{ order: 'order-1', amount: usd }] }],
  ['settle into CNY', '/v1/settlements/some-1/settle', {}],
  ['register a payee', `/v1/suppliers/${supplier}/payees`, { payee }],
  ['confirm a payee', `/v1/suppliers/${supplier}/payees/payee-ningbo-boc/confirm`, {}],
  ['remove a payee', `/v1/suppliers/${supplier}/payees/some-1/remove`, {}],
];
const rights: [user: string, mayMove: boolean][] = [
  ['chen-lihua', true],
  ['ma-suqin', true],
  ['yu-jiayi', false],
  ['fang-min', false],
  ['a-viewer', false],
];

describe.each(operations)('R9 to %s', (_, path, body) => {
  const send = (caller: Claims, headers: Record<string, string> = {}) =>
    http.call(caller, 'POST', path, { body, headers: { ...headers, 'idempotency-key': randomUUID() } });

  test.each(rights)('%s: %s', async (user, mayMove) => {
    for (const [caller, headers] of [
      [{ role: 'supplier', member: supplier, user }, {}],
      [{ role: 'service', member: 'erp' }, { 'ta-actor': `supplier:${supplier}/${user}` }],
    ] as [Claims, Record<string, string>][]) {
      const { status, body: said } = await send(caller, headers);
      const isRefused = [status, said.code].join(' ') === '403 actor.user-not-allowed';
      expect([user, caller.role, mayMove ? isRefused : said.code]).toEqual([
        user,
        caller.role,
        mayMove ? false : 'actor.user-not-allowed',
      ]);
      expect(status).toBeLessThan(500);
    }
  });

  test('is not for the platform, a buyer, or another supplier', async () => {
    const others: Claims[] = [
      { role: 'platform', member: 'operator-1' },
      { role: 'buyer', member: lighting.buyer },
      { role: 'buyer', member: supplier },
    ];
    for (const caller of others) expect([caller.role, (await send(caller)).status]).toEqual([caller.role, 403]);
    const { status } = await send({ role: 'supplier', member: 'sup-shenzhen-audio' });
    expect([403, 404]).toContain(status);
  });
});

test('a sealed text that somebody hands in is refused everywhere: nobody has it opened by reading it back', async () => {
  const sealed = (await world.store.collections.members.findOne({ _id: lighting.buyer }))?.contact.email ?? '';
  const stolen = sealed.startsWith('personal:') ? sealed : `personal:${lighting.buyer}:AAAA`;
  const line = { ...lighting.contract.product?.lines[0], name: stolen };
  const draft = { ...lighting, contract: { ...lighting.contract, product: { lines: [line] } } };
  const tries: [string, object][] = [
    ['/v1/orders', draft],
    ['/v1/orders', { ...lighting, source: { kind: 'purchase-order', reference: ` ${stolen}` } }],
    [`/v1/orders/${order}/messages/cancel`, { reason: stolen }],
    [`/v1/members/${supplier}/users`, { id: 'x', name: stolen, email: 'x@x.example', role: 'viewer' }],
    [`/v1/suppliers/${supplier}/payees`, { payee: { name: stolen, account: '1' } }],
  ];
  for (const [path, body] of tries) {
    const headers = { 'idempotency-key': randomUUID() };
    const { status, body: said } = await http.call(owner, 'POST', path, { body, headers });
    expect([path, status, said.code]).toEqual([path, 400, 'message.invalid']);
  }
  await expect(world.ta.start(world.orderId('oracle'), draft as never, as.supplier)).rejects.toMatchObject({
    code: 'message.invalid',
  });
});

test('R9 whatever was tried, nothing was reserved, registered or booked', async () => {
  const { withdrawals, settlements, payees, ledger } = world.store.collections;
  expect((await withdrawals.find().toArray()).map(({ _id, state }) => [_id, state])).toEqual([
    ['some-1', 'awaiting-approval'],
  ]);
  expect(await settlements.countDocuments({ state: { $nin: ['quoted', 'lapsed'] } })).toBe(0);
  const evil = await payees.find({ 'payee.bank': 'EVILDEFF' }).toArray();
  // Registered by the owner; finance may not register it a second time, and nobody else did.
  expect(evil.map(({ registeredBy }) => registeredBy.user)).toEqual(['chen-lihua']);
  expect(await ledger.countDocuments()).toBe(0);
});
