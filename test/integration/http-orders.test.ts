/** Orders over HTTP on real servers: drafted, read and told by whoever may, and by nobody else. */
import { callers, openHttp, type HttpWorld } from '../support/http';
import { lighting, openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
beforeAll(async () => {
  world = await openWorld();
  http = await openHttp(world);
});
afterAll(async () => {
  await http.close();
  await world.close();
});

async function draft(key?: string) {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  return http.call(callers.supplier, 'POST', '/v1/orders', { body: lighting, headers });
}

test('R28 a supplier drafts an order and both confirm it, each under its own token', async () => {
  const drafted = await draft();
  expect([drafted.status, drafted.body]).toMatchObject([201, { version: 1, status: 'negotiating' }]);
  const path = drafted.headers.get('location') ?? '';
  expect(path).toBe(`/v1/orders/${drafted.body.order}`);
  for (const caller of [callers.supplier, callers.buyer]) {
    const confirmed = await http.call(caller, 'POST', `${path}/messages/confirm`, { body: { revision: 1 } });
    expect(confirmed.status).toBe(200);
  }
  const read = await http.call(callers.buyer, 'GET', path);
  expect([read.status, read.headers.get('etag'), read.body.status]).toEqual([200, '"3"', 'awaiting-payment']);
  const journal = await world.ta.journal(String(drafted.body.order));
  expect(journal.map(({ actor }) => actor)).toEqual([callers.supplier, callers.supplier, callers.buyer]);
});

test('an order is a secret to those who are no party to it', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  for (const caller of [callers.otherSupplier, { role: 'buyer', member: 'buy-lyon-toys' } as const]) {
    const read = await http.call(caller, 'GET', path);
    expect([read.status, read.body.code]).toEqual([404, 'order.not-found']);
    const sent = await http.call(caller, 'POST', `${path}/messages/confirm`, { body: { revision: 1 } });
    expect([sent.status, sent.body.code]).toEqual([404, 'order.not-found']);
  }
});

test('the same Idempotency-Key and body is the same order; another body is refused', async () => {
  const first = await draft('key-1');
  expect((await draft('"key-1"')).body).toEqual(first.body);
  const other = await http.call(callers.supplier, 'POST', '/v1/orders', {
    body: { ...lighting, confirm: true },
    headers: { 'idempotency-key': 'key-1' },
  });
  expect([other.status, other.body.code]).toEqual([409, 'message.id-reused']);
});

test('what has the wrong form is told with its place; nothing was changed', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const wrong = await http.call(callers.buyer, 'POST', `${path}/messages/confirm`, {
    body: { revision: '1', note: '' },
  });
  expect(wrong.headers.get('content-type')).toBe('application/problem+json');
  expect(wrong.body).toMatchObject({ status: 400, code: 'message.invalid', rule: 'R53' });
  expect(wrong.body.fields.map((field: { path: string }) => field.path)).toContain('revision');
  expect((await world.ta.view(path.split('/').at(-1)!)).version).toBe(1);
});

test('the process tells whether it is ready, its numbers and its description', async () => {
  expect((await http.call(undefined, 'GET', '/healthz')).status).toBe(200);
  expect((await http.call(undefined, 'GET', '/readyz')).body).toEqual({
    status: 'ready',
    mongodb: true,
    temporal: true,
  });
  expect((await http.call(undefined, 'GET', '/metrics')).text).toContain('ta_http_request_duration_seconds_bucket');
  const { body } = await http.call(undefined, 'GET', '/v1/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths as object)).toContain('/v1/orders/{order}/messages/confirm');
  expect((await http.call(undefined, 'GET', '/docs/')).status).toBe(200);
});
