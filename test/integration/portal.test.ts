/**
 * The portal's own addresses, without a browser: sessions and their cookie, what another site sends, live updates over a lost
 * connection, and files that are not what they say.
 */
import { request as ask } from 'node:http';
import { callers, openHttp, type Answer, type HttpWorld } from '../support/http';
import { as, lighting, openWorld, type World } from '../support/world';

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

const ours = { 'ta-portal': '1' };
const buyer = { role: 'buyer', member: lighting.buyer };

/** Signs in, and answers with the browser's cookie. */
async function signIn(who: object = buyer): Promise<string> {
  const answer = await http.call(undefined, 'POST', '/portal/session', { body: who, headers: ours });
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
const withCookie = (cookie: string, method: string, path: string, more: Record<string, string> = {}, body?: unknown) =>
  http.call(undefined, method, path, { headers: { cookie, ...more }, ...(body !== undefined && { body }) });

let count = 0;
async function drafted(name: string): Promise<string> {
  count += 1;
  const id = world.orderId(`${name}-${String(count)}`);
  await world.ta.start(id, lighting, as.supplier);
  return id;
}

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends; the token stays at the server', async () => {
    const answer = await http.call(undefined, 'POST', '/portal/session', { body: buyer, headers: ours });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^ta_session=[\w-]{43}; /);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain('Secure'); // http on this machine
    expect(answer.text).not.toMatch(/eyJ/);
    const secret = cookie.slice('ta_session='.length, cookie.indexOf(';'));
    const kept = JSON.stringify(await world.store.collections.sessions.find({}).toArray());
    expect(kept).not.toContain(secret);
  });

  it('is sent over TLS only where the portal is not on this machine', async () => {
    const { hostname, port } = new URL(http.url);
    const cookie = await new Promise<string>((resolve, reject) => {
      const headers = { ...ours, host: 'portal.example', 'content-type': 'application/json' };
      const sent = ask({ hostname, port, path: '/portal/session', method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['set-cookie']));
      });
      sent.on('error', reject).end(JSON.stringify(buyer));
    });
    expect(cookie).toContain('Secure');
  });

  it('says who is signed in, and lets them see their own orders', async () => {
    const id = await drafted('own');
    const cookie = await signIn();
    expect((await withCookie(cookie, 'GET', '/portal/session')).body).toMatchObject({ me: buyer });
    expect((await withCookie(cookie, 'GET', `/portal/orders/${id}`)).body).toMatchObject({ view: { id } });
    const stranger = await signIn({ role: 'buyer', member: 'buy-houston-hardware' });
    expect((await withCookie(stranger, 'GET', `/portal/orders/${id}`)).body).toMatchObject({ code: 'order.not-found' });
  });

  it('ends by signing out: the cookie is worth nothing afterwards, here and in another tab', async () => {
    const cookie = await signIn();
    const out = await withCookie(cookie, 'DELETE', '/portal/session', ours);
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await withCookie(cookie, 'GET', '/portal/orders')).body).toMatchObject({ code: 'identity.missing' });
  });

  it('ends by itself', async () => {
    const cookie = await signIn();
    expect((await withCookie(cookie, 'GET', '/portal/orders')).status).toBe(200);
    await world.store.collections.sessions.updateMany({}, { $set: { expiresAt: '2020-01-01T00:00:00.000Z' } });
    expect((await withCookie(cookie, 'GET', '/portal/orders')).status).toBe(401);
  });

  it('is not opened for whom nobody knows, nor with a token that is none', async () => {
    const open = (body: object) => http.call(undefined, 'POST', '/portal/session', { body, headers: ours });
    expect((await open({ role: 'buyer', member: 'nobody' })).body).toMatchObject({ code: 'member.not-found' });
    expect((await open({ role: 'supplier', member: lighting.buyer })).body).toMatchObject({ code: 'member.not-found' });
    expect((await open({ ...buyer, user: 'nobody' })).body).toMatchObject({ code: 'actor.user-unknown' });
    expect((await open({ token: 'x.y.z' })).body).toMatchObject({ code: 'identity.invalid' });
    expect((await open({ token: await http.token(callers.service) })).body).toMatchObject({
      code: 'identity.not-allowed',
    });
  });
});

describe('what another site has the browser send', () => {
  const review = { stars: 1 };
  it.each([
    ['without the portal’s header', {}],
    ['with the origin of another site', { ...ours, origin: 'https://elsewhere.example' }],
    ['with no origin at all, as from a file', { ...ours, origin: 'null' }],
    ['as the browser itself says', { ...ours, 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour of the same site', { ...ours, 'sec-fetch-site': 'same-site' }],
  ])('is refused: %s', async (_, headers) => {
    const id = await drafted('forged');
    const cookie = await signIn();
    for (const [method, path] of [
      ['POST', `/v1/orders/${id}/messages/review`],
      ['POST', `/portal/orders/${id}/files`],
      ['DELETE', '/portal/session'],
    ] as const) {
      const answer = await withCookie(cookie, method, path, headers, method === 'POST' ? review : undefined);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'identity.cross-site']);
    }
  });

  it('is nobody’s business where it only reads', async () => {
    const cookie = await signIn();
    const answer = await withCookie(cookie, 'GET', '/portal/orders', { origin: 'https://elsewhere.example' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('what was refused is told in the reader’s language', () => {
  it('title, detail and fields, by Accept-Language; the code is the same', async () => {
    const id = await drafted('told');
    const send = (language: string) =>
      http.call(callers.supplier, 'POST', `/v1/orders/${id}/messages/revise`, {
        body: { baseRevision: 1, changes: { contacts: { supplier: { name: 'Chen', email: 'bad' } } } },
        headers: { 'accept-language': language },
      });
    const [zh, en] = [await send('zh-CN,zh;q=0.9,en;q=0.5'), await send('en-GB,zh;q=0.3')];
    expect([zh.body.code, zh.headers.get('content-language')]).toEqual(['message.invalid', 'zh']);
    expect(zh.body.title).toMatch(/消息格式/);
    expect(zh.body.fields).toMatchObject([{ path: expect.stringContaining('email'), message: '邮箱格式不正确' }]);
    expect([en.body.code, en.headers.get('content-language')]).toEqual(['message.invalid', 'en']);
    expect(en.body.fields[0].message).toBe('Invalid email address');
  });
});

/** Server-sent events as a browser reads them. */
class Events {
  readonly #abort = new AbortController();
  /** Resolves when the stream is at its end. */
  ended: Promise<void> = Promise.resolve();
  #text = '';
  readonly #looks = new Set<() => void>();

  async open(cookie: string, lastSeen?: string): Promise<this> {
    const headers = { cookie, ...(lastSeen !== undefined && { 'last-event-id': lastSeen }) };
    const answer = await fetch(`${http.url}/portal/live`, { headers, signal: this.#abort.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    this.ended = this.#read(answer).catch(() => undefined);
    return this;
  }

  async #read({ body }: Response): Promise<void> {
    for await (const bytes of body ?? []) {
      this.#text += Buffer.from(bytes).toString();
      for (const look of this.#looks) look();
    }
  }

  /** What has come so far. */
  get all() {
    return [...this.#text.matchAll(/(?:id: (.+)\n)?event: (.+)\ndata: (.+)\n\n/g)].map(([, id, event, data]) => ({
      id,
      event,
      ...(JSON.parse(data ?? '{}') as { order?: string; version?: number }),
    }));
  }

  /** Waits until this order is told of at this version. */
  async about(order: string, version: number): Promise<string> {
    for (;;) {
      const found = this.all.find((one) => one.order === order && one.version === version);
      if (found?.id !== undefined) return found.id;
      await new Promise<void>((look) => this.#looks.add(look));
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

describe('live updates', () => {
  it('go on after a lost connection where it had stopped: no change is lost, none is told twice', async () => {
    const id = await drafted('live');
    const cookie = await signIn();
    const first = await new Events().open(cookie);
    await world.ta.revise(id, { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }, as.supplier);
    const seen = await first.about(id, 2);
    first.close();
    // While nobody listens:
    await world.ta.revise(id, { baseRevision: 2, changes: { payment: { advancePercent: 50 } } }, as.supplier);
    await world.ta.revise(id, { baseRevision: 3, changes: { payment: { advancePercent: 60 } } }, as.supplier);
    const again = await new Events().open(cookie, seen);
    await again.about(id, 4);
    expect(again.all.filter(({ order }) => order === id).map(({ version }) => version)).toEqual([3, 4]);
    again.close();
  });

  it('that cannot tell what was missed say so', async () => {
    const cookie = await signIn();
    const id = await drafted('reset');
    const events = await new Events().open(cookie, 'of another process');
    await world.ta.revise(id, { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }, as.supplier);
    await events.about(id, 2);
    expect(events.all[0]).toMatchObject({ event: 'reset' });
    events.close();
  });

  it('end with the session: after signing out nothing more is told', async () => {
    const id = await drafted('signed-out');
    const cookie = await signIn();
    const events = await new Events().open(cookie);
    expect((await withCookie(cookie, 'DELETE', '/portal/session', ours)).status).toBe(204);
    await world.ta.revise(id, { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }, as.supplier);
    await events.ended;
    expect(events.all.filter(({ order }) => order === id)).toEqual([]);
  });

  it('are ten for one credential at most', async () => {
    const cookie = await signIn({ role: 'buyer', member: 'buy-sydney-outdoor' });
    const open = await Promise.all(Array.from({ length: 10 }, () => new Events().open(cookie)));
    const more = await withCookie(cookie, 'GET', '/portal/live');
    expect([more.status, more.body.code]).toEqual([429, 'rate.exceeded']);
    for (const one of open) one.close();
  });

  it('are of one’s own orders only', async () => {
    const stranger = await new Events().open(await signIn({ role: 'buyer', member: 'buy-houston-hardware' }));
    const own = await new Events().open(await signIn());
    const id = await drafted('others');
    await own.about(id, 1);
    expect(stranger.all).toEqual([]);
    stranger.close();
    own.close();
  });
});

describe('R20 a file of evidence', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const part = (name: string, bytes: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: image/png\r\n\r\n`,
      ),
      bytes,
      Buffer.from('\r\n'),
    ]);

  async function send(cookie: string, order: string, ...parts: Buffer[]): Promise<Answer> {
    const response = await fetch(`${http.url}/portal/orders/${order}/files`, {
      method: 'POST',
      headers: { cookie, ...ours, 'content-type': 'multipart/form-data; boundary=x' },
      body: Buffer.concat([...parts, Buffer.from('--x--\r\n')]),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  }
  const codeOf = ({ status, body }: Answer): unknown[] => [status, (body as { code: string }).code];

  it('is one of three types by its bytes, whatever it is called', async () => {
    const [id, cookie] = [await drafted('types'), await signIn()];
    for (const bytes of ['GIF89a', '<svg onload="alert(1)"/>', 'MZ', ''])
      expect(codeOf(await send(cookie, id, part('a.png', Buffer.from(bytes))))).toEqual([415, 'file.not-taken']);
    expect((await send(cookie, id, part('a.exe', png))).status).toBe(201);
  });

  it('has at most 10 MB, and comes alone', async () => {
    const [id, cookie] = [await drafted('sizes'), await signIn()];
    const large = Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024 - png.length)]);
    expect((await send(cookie, id, part('a.png', large))).status).toBe(201);
    const larger = Buffer.concat([large, Buffer.alloc(1)]);
    expect(codeOf(await send(cookie, id, part('a.png', larger)))).toEqual([413, 'request.too-large']);
    expect(codeOf(await send(cookie, id))).toEqual([400, 'request.invalid']);
  });

  it('has a name without a path and without control characters, and comes back as a download', async () => {
    const [id, cookie] = [await drafted('names'), await signIn()];
    for (const [name, kept] of [
      ['../../etc/passwd', /^[^/\\]*passwd$/],
      ['..\\..\\boot.ini', /^[^/\\]*boot\.ini$/],
      ['a\u0001b\u007f<i>.png', /^a_b__i_\.png$/],
      ['照片 1.png', /^照片 1\.png$/],
      [`${'n'.repeat(300)}.png`, /^n+\.png$/],
    ] as const) {
      const stored = await send(cookie, id, part(name, png));
      expect([name, stored.status]).toEqual([name, 201]);
      const path = String(stored.body.link).replace('ta-file:', '/portal/files/');
      const answer = await withCookie(cookie, 'GET', path);
      const disposition = answer.headers.get('content-disposition') ?? '';
      const told = decodeURIComponent(disposition.replace("attachment; filename*=UTF-8''", ''));
      expect(told).toMatch(kept);
      expect(told.length).toBeLessThanOrEqual(200);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('is one of at most 60 of an order', async () => {
    const [id, cookie] = [await drafted('many'), await signIn()];
    for (let n = 0; n < 60; n += 1) expect((await send(cookie, id, part(`${String(n)}.png`, png))).status).toBe(201);
    expect(codeOf(await send(cookie, id, part('more.png', png)))).toEqual([422, 'order.limit-reached']);
  });

  it('is not taken from, nor given to, others', async () => {
    const [id, cookie] = [await drafted('others'), await signIn()];
    const stored = await send(cookie, id, part('a.png', png));
    const path = String(stored.body.link).replace('ta-file:', '/portal/files/');
    const stranger = await signIn({ role: 'buyer', member: 'buy-houston-hardware' });
    expect(codeOf(await send(stranger, id, part('a.png', png)))).toEqual([404, 'order.not-found']);
    expect((await withCookie(stranger, 'GET', path)).status).toBe(404);
    expect((await http.call(undefined, 'GET', path)).status).toBe(401);
  });
});
