/**
 * Every kind of caller against every route and every message of the table: whoever is not named for it is refused before
 * anything else is looked at, and nobody learns more than that.
 */
import { randomUUID } from 'node:crypto';
import { areas } from '../../clients/http/routes';
import type { Area } from '../../clients/http/deps';
import { callerRoles, feedSource, type Caller, type CallerRole, type Claims } from '../../clients/http/identity';
import { enrolmentMessages, sentEnrolmentMessages } from '../../domain/enrolment-messages';
import { isInner, messages, publicMessageNames } from '../../domain/messages';
import { openHttp, type HttpWorld } from '../support/http';
import { as, lighting, openWorld, type World } from '../support/world';

interface Route {
  method: string;
  url: string;
  access: 'public' | readonly CallerRole[] | undefined;
}

let world: World;
let http: HttpWorld;
let order: string;
const routes: Route[] = [];
const listen: Area = (api) => {
  api.addHook('onRoute', ({ method, url, config }) =>
    [method].flat().forEach((one) => one !== 'HEAD' && routes.push({ method: one, url, access: config?.access })),
  );
};

beforeAll(async () => {
  world = await openWorld();
  // What an area registers is seen by a hook of its own scope.
  const seen = areas.map((area): Area => (api, deps) => {
    void listen(api, deps);
    return area(api, deps);
  });
  http = await openHttp(world, {}, seen);
  order = world.orderId('matrix');
  await world.ta.start(order, lighting, as.supplier);
});
afterAll(async () => {
  await http.close();
  await world.close();
});

/** One caller of each role; of feeds, one of each source. */
const everyone: Claims[] = [
  ...callerRoles.flatMap((role): Claims[] =>
    role === 'feed' ? [] : [{ role, member: `${role.slice(0, 3)}-stranger` }],
  ),
  ...feedSource.options.map((source): Claims => ({ role: 'feed', source, member: `${source}-1` })),
];
const nameOf = (caller: Claims): string => ('source' in caller ? caller.source : caller.role);

const pathOf = (url: string): string =>
  url.replace(':order', order).replace(':name', 'confirm').replace(/:\w+/g, 'some-1');

const call = (caller: Claims | undefined, { method, url }: Route) =>
  http.call(caller, method, pathOf(url), {
    ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
    headers: { 'ta-actor': 'buyer:buy-stranger', 'idempotency-key': randomUUID() },
  });

/** Who may use what is no message: written down here, beside the routes. */
const expected: Record<string, readonly CallerRole[]> = {
  'GET /v1/orders': ['buyer', 'supplier', 'platform', 'service'],
  'GET /v1/orders/:order': ['buyer', 'supplier', 'platform', 'service'],
  'GET /v1/orders/:order/journal': ['buyer', 'supplier', 'platform', 'service'],
  'GET /v1/orders/:order/revisions': ['buyer', 'supplier', 'platform', 'service'],
  'GET /v1/orders/:order/postings': ['platform'],
  'GET /v1/orders/:order/messages/:name/:key': ['buyer', 'supplier', 'platform', 'feed', 'service'],
  'GET /v1/arbitration': ['platform'],
  'GET /v1/suppliers/:supplier/credit': ['supplier', 'platform', 'service'],
  'GET /v1/suppliers/:supplier/ledger': ['supplier', 'platform', 'service'],
  'GET /v1/suppliers/:supplier/statement': ['supplier', 'platform', 'service'],
  'GET /v1/suppliers/:supplier/collectables': ['supplier', 'platform', 'service'],
  'POST /v1/suppliers/:supplier/payees': ['supplier', 'service'],
  'GET /v1/suppliers/:supplier/payees': ['supplier', 'platform', 'service'],
  'POST /v1/suppliers/:supplier/payees/:payee/confirm': ['supplier', 'service'],
  'POST /v1/suppliers/:supplier/payees/:payee/remove': ['supplier', 'service'],
  'POST /v1/withdrawals': ['supplier', 'service'],
  'GET /v1/withdrawals': ['supplier', 'platform', 'service'],
  'GET /v1/withdrawals/:id': ['supplier', 'platform', 'service'],
  'POST /v1/withdrawals/:id/approve': ['supplier', 'service'],
  'POST /v1/settlements': ['supplier', 'service'],
  'GET /v1/settlements': ['supplier', 'platform', 'service'],
  'GET /v1/settlements/:id': ['supplier', 'platform', 'service'],
  'POST /v1/settlements/:id/settle': ['supplier', 'service'],
  'GET /v1/enrolments': ['platform', 'feed'],
  'GET /v1/enrolments/:supplier': ['supplier', 'platform', 'feed', 'service'],
  'GET /v1/enrolments/:supplier/journal': ['supplier', 'platform', 'feed', 'service'],
  'GET /v1/members': ['platform'],
  'GET /v1/members/:member': ['buyer', 'supplier', 'platform', 'service'],
  'POST /v1/members/:member/users': ['buyer', 'supplier', 'platform', 'service'],
  'DELETE /v1/members/:member/users/:user': ['buyer', 'supplier', 'platform', 'service'],
  'POST /v1/suppliers/:supplier/reinstatement': ['platform'],
  'POST /v1/suppliers/:supplier/reinstatement/approve': ['platform'],
  'POST /v1/suppliers/:supplier/reinstatement/decline': ['platform'],
  'GET /v1/notices': ['buyer', 'supplier', 'platform', 'service'],
  'GET /v1/suspense': ['platform'],
  'POST /v1/suspense/:item/propose': ['platform'],
  'POST /v1/suspense/:item/approve': ['platform'],
  'POST /v1/suspense/:item/disapprove': ['platform'],
  'GET /v1/policies': ['buyer', 'supplier', 'platform', 'feed', 'service'],
};

/** What the tables of messages say of a caller: its role there. A service speaks for a party. */
function speaksAs(caller: Claims): readonly string[] {
  if (caller.role === 'service') return ['supplier', 'buyer'];
  return [caller.role === 'feed' ? caller.source : caller.role];
}

const routeOf = (method: string, url: string): Route => ({ method, url, access: undefined });

test('every route of the API says who may use it, and it is who is written down here', () => {
  const others = routes.filter(({ url }) => url.startsWith('/v1') && !url.includes('/messages/'));
  const draftAndApply = ['POST /v1/orders', 'POST /v1/enrolments'];
  for (const { method, url, access } of others) {
    const name = `${method} ${url}`;
    if (draftAndApply.includes(name) || !(name in expected)) continue;
    expect([name, Array.from(access ?? []).sort()]).toEqual([name, [...expected[name]!].sort()]);
  }
  expect(routes.filter(({ url, access }) => url.startsWith('/v1') && access === undefined)).toEqual([]);
});

test('no route of any area answers a caller whom it does not name', async () => {
  expect(routes.length).toBeGreaterThan(80);
  for (const route of routes) {
    const { access } = route;
    if (!route.url.startsWith('/v1') || access === undefined || access === 'public') continue;
    const name = `${route.method} ${route.url}`;
    expect([name, (await call(undefined, route)).status]).toEqual([name, 401]);
    for (const caller of everyone.filter(({ role }) => !access.includes(role)))
      expect([name, nameOf(caller), (await call(caller, route)).status]).toEqual([name, nameOf(caller), 403]);
  }
});

test.each(Object.entries(expected))('%s is for %s', async (name, allowed) => {
  const [method = '', url = ''] = name.split(' ');
  expect((await call(undefined, routeOf(method, url))).status).toBe(401);
  for (const caller of everyone) {
    const { status, body } = await call(caller, routeOf(method, url));
    const isIn = allowed.includes(caller.role);
    if (!isIn) expect([nameOf(caller), status, body?.code]).toEqual([nameOf(caller), 403, 'identity.not-allowed']);
    else expect([nameOf(caller), status < 500, status === 401]).toEqual([nameOf(caller), true, false]);
  }
});

test.each(publicMessageNames)('the message %s is for those whom the table names', async (name) => {
  const from: readonly string[] = messages[name].from.filter((role) => !isInner(role));
  const route = routeOf('POST', name === 'draft' ? '/v1/orders' : `/v1/orders/:order/messages/${name}`);
  expect((await call(undefined, route)).status).toBe(401);
  for (const caller of everyone) {
    const { status, body } = await call(caller, route);
    const may = speaksAs(caller).some((role) => from.includes(role));
    // Of what the form of an empty body lets through, the order itself refuses the role.
    if (!may) expect([nameOf(caller), [400, 403, 404].includes(status)]).toEqual([nameOf(caller), true]);
    if (!may && status === 403) expect(['identity.not-allowed', 'actor.role-not-allowed']).toContain(body.code);
    if (may)
      expect([nameOf(caller), status === 401, body.code === 'identity.not-allowed']).toEqual([
        nameOf(caller),
        false,
        false,
      ]);
  }
  expect((await world.ta.view(order)).version).toBe(1);
});

test('a feed sends nothing in the name of another source, even in the right form', async () => {
  const body = { declaration: 'DECL-1', releasedAt: '2026-01-01T00:00:00.000Z' };
  for (const source of feedSource.options.filter((one) => one !== 'customs')) {
    const caller = { role: 'feed', source, member: 'x' } as const;
    const { status, body: told } = await http.call(caller, 'POST', `/v1/orders/${order}/messages/customsReleased`, {
      body,
    });
    expect([source, status, told.code]).toEqual([source, 403, 'actor.role-not-allowed']);
  }
});

test.each(sentEnrolmentMessages)('the application’s message %s is for those whom the table names', async (name) => {
  const from: readonly string[] = enrolmentMessages[name].from;
  const route = routeOf('POST', name === 'apply' ? '/v1/enrolments' : `/v1/enrolments/:supplier/messages/${name}`);
  expect((await call(undefined, route)).status).toBe(401);
  for (const caller of everyone) {
    const { status } = await call(caller, route);
    if (!speaksAs(caller).some((role) => from.includes(role)))
      expect([nameOf(caller), [400, 403, 404].includes(status)]).toEqual([nameOf(caller), true]);
    else expect([nameOf(caller), status === 401]).toEqual([nameOf(caller), false]);
  }
});

describe('tokens', () => {
  const read = (headers: Record<string, string>) => http.call(undefined, 'GET', `/v1/orders/${order}`, { headers });
  const claims = { role: 'supplier', member: lighting.supplier } as const;

  test('one that has expired, is of another audience or issuer, unsigned, or changed is no token', async () => {
    const good = await http.token(claims);
    const [head = '', body = '', signature = ''] = good.split('.');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const bad = [
      await http.token(claims, -60),
      `${head}.${part({ ...payload, member: 'sup-yiwu-gifts' })}.${signature}`,
      `${part({ alg: 'none' })}.${body}.`,
      `${part({ alg: 'HS256' })}.${body}.${signature}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      'abc',
      '',
    ];
    expect((await read({ authorization: `Bearer ${good}` })).status).toBe(200);
    for (const token of bad) {
      const { status, body: told, headers } = await read({ authorization: `Bearer ${token}` });
      expect([token.slice(0, 20), status, told.code]).toEqual([token.slice(0, 20), 401, 'identity.invalid']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect((await read({ authorization: 'Basic dXNlcjpwYXNz' })).status).toBe(401);
  });

  test('one without a role, or with one that there is not, is no token', async () => {
    const odd = [
      { role: 'admin', member: 'x' },
      { member: 'x' },
      { role: 'feed', member: 'x' },
      { role: 'buyer', member: '$gt' },
    ];
    for (const claim of odd) {
      const token = await http.token(claim as Caller);
      expect((await read({ authorization: `Bearer ${token}` })).body.code).toBe('identity.invalid');
    }
  });
});
