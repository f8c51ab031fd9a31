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
  // Told to end it still answers, says that it is not ready, and lets each connection go.
  http.deps.isDraining = true;
  const draining = await http.call(undefined, 'GET', '/readyz');
  expect([draining.status, draining.body.status]).toEqual([503, 'draining']);
  expect((await http.call(undefined, 'GET', '/healthz')).headers.get('connection')).toBe('close');
  http.deps.isDraining = false;
  const { body } = await http.call(undefined, 'GET', '/v1/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths as object)).toContain('/v1/orders/{order}/messages/confirm');
  expect((await http.call(undefined, 'GET', '/docs/')).status).toBe(200);
});

test('R52 If-Match holds a message to the version that was read; a repetition is answered all the same', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const body = { baseRevision: 1, changes: { payment: { advancePercent: 50 } } };
  const headers = { 'if-match': '"1"', 'idempotency-key': 'revise-1' };
  const revised = await http.call(callers.buyer, 'POST', `${path}/messages/revise`, { body, headers });
  expect([revised.status, revised.headers.get('etag')]).toEqual([200, '"2"']);
  const again = await http.call(callers.buyer, 'POST', `${path}/messages/revise`, { body, headers });
  expect([again.status, again.body]).toEqual([200, revised.body]);
  const late = await http.call(callers.supplier, 'POST', `${path}/messages/revise`, {
    body,
    headers: { 'if-match': '"1"' },
  });
  expect([late.status, late.body.code]).toEqual([412, 'precondition.failed']);
  const stale = await http.call(callers.supplier, 'POST', `${path}/messages/confirm`, {
    body: { revision: 1 },
    headers: { 'if-match': '*' },
  });
  expect([stale.status, stale.body.code]).toEqual([412, 'precondition.failed']);
});

test('If-None-Match spares what the caller has', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const same = await http.call(callers.buyer, 'GET', path, { headers: { 'if-none-match': '"1"' } });
  expect([same.status, same.text]).toEqual([304, '']);
  expect((await http.call(callers.buyer, 'GET', path, { headers: { 'if-none-match': '"0"' } })).status).toBe(200);
});

test('Prefer: respond-async is answered at once; the outcome, or why not, is at the status address', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const outcomeOf = async (caller: typeof callers.buyer, message: string, body: object) => {
    const sent = await http.call(caller, 'POST', `${path}/messages/${message}`, {
      body,
      headers: { prefer: 'respond-async' },
    });
    expect([sent.status, sent.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    for (;;) {
      const { body: told } = await http.call(caller, 'GET', sent.body.status as string);
      if (told.state !== 'pending') return told as object;
    }
  };
  expect(await outcomeOf(callers.buyer, 'confirm', { revision: 1 })).toMatchObject({
    state: 'applied',
    answer: { version: 2 },
  });
  expect(await outcomeOf(callers.buyer, 'confirmReceipt', {})).toMatchObject({
    state: 'refused',
    code: 'order.not-in-scheme',
  });
});

test('Prefer: wait answers in time with the outcome, and in no time with 202', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const send = (wait: string) =>
    http.call(callers.buyer, 'POST', `${path}/messages/confirm`, {
      body: { revision: 1 },
      headers: { prefer: `wait=${wait}`, 'idempotency-key': 'wait-1' },
    });
  expect((await send('0')).status).toBe(202);
  const there = await send('30');
  expect([there.status, there.headers.get('preference-applied'), there.body.version]).toEqual([200, 'wait=30', 2]);
});

test('a service acts for the party that it names, and for nobody else', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  const unnamed = await http.call(callers.service, 'GET', path);
  expect([unnamed.status, unnamed.body.code]).toEqual([400, 'identity.actor-missing']);
  for (const name of ['platform:operator-1', 'bank:citibank', 'buyer:', 'buyer:a/b/c'])
    expect((await http.call(callers.service, 'GET', path, { headers: { 'ta-actor': name } })).status).toBe(400);
  const headers = { 'ta-actor': 'buyer:buy-hamburg-home' };
  expect((await http.call(callers.service, 'GET', path, { headers })).status).toBe(200);
  const sent = await http.call(callers.service, 'POST', `${path}/messages/confirm`, { headers, body: { revision: 1 } });
  expect(sent.status).toBe(200);
  const [, entry] = await world.ta.journal(String(sent.body.order));
  // The journal says which service brought it.
  const via = { role: 'service', member: callers.service.member };
  expect(entry?.actor).toEqual({ role: 'buyer', member: 'buy-hamburg-home', via });
  // The buyer itself, under the same id, says the same again: a service is not a part of who said it.
  const again = await http.call(callers.buyer, 'POST', `${path}/messages/confirm`, {
    headers: { 'idempotency-key': 'again' },
    body: { revision: 1 },
  });
  expect(again.status).toBe(200);
});

test('the journal comes in pages, each from where the last one ended', async () => {
  const path = (await draft()).headers.get('location') ?? '';
  for (const caller of [callers.supplier, callers.buyer])
    await http.call(caller, 'POST', `${path}/messages/confirm`, { body: { revision: 1 } });
  const versions: number[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const page = await http.call(callers.buyer, 'GET', `${path}/journal?limit=2${next && `&cursor=${next}`}`);
    versions.push(...(page.body.items as { version: number }[]).map(({ version }) => version));
    next = page.body.next;
  }
  expect(versions).toEqual([1, 2, 3]);
  const revisions = await http.call(callers.buyer, 'GET', `${path}/revisions`);
  expect(revisions.body.items).toMatchObject([{ revision: 1, how: 'drafted', by: 'supplier' }]);
});
