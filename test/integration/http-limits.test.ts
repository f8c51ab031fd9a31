/** What nobody may do to the HTTP API: bodies without end, depth, a byte a second, more requests than its credential has. */
import { connect } from 'node:net';
import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { maxDelivery } from '../../clients/feeds/limits';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { openWorld, type World } from '../support/world';

const requestTimeoutMs = 1500;
const depth = 24;
let world: World;
let http: HttpWorld;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  http = await openHttp(world, { requestTimeoutMs });
});
afterAll(async () => {
  await http.close();
  await world.close();
});

/** Sends a body without end, piece by piece, until it is answered: how many bytes were taken of it, and the answer. */
async function endless(
  headers: Record<string, string>,
  path = '/v1/orders',
  caller: Parameters<HttpWorld['token']>[0] = callers.supplier,
) {
  const token = await http.token(caller);
  const sent = request(`${http.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  });
  const piece = Buffer.alloc(64 * 1024, ' ');
  let bytes = 0;
  const send = (): void => {
    bytes += piece.length;
    sent.write(piece, (fault) => fault ?? setImmediate(send));
  };
  send();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const taken = bytes;
  const text = await new Promise<string>((resolve) => answer.once('data', (data: Buffer) => resolve(data.toString())));
  sent.on('error', () => undefined).destroy();
  const type = answer.headers['content-type'];
  return { bytes: taken, status: answer.statusCode, type, body: JSON.parse(text) as { code: string } };
}

test.each([
  ['that says how long it is', { 'content-length': String(1024 ** 3) }],
  ['that does not say how long it is', { 'transfer-encoding': 'chunked' }],
])('a body of 1 GB %s is refused long before its end', async (_, headers) => {
  const { bytes, status, body } = await endless(headers);
  expect([status, body.code]).toEqual([413, 'request.too-large']);
  expect(bytes).toBeLessThan(16 * 1024 ** 2); // what the sockets hold, and no more
});

test.each([
  ['that says how long it is', { 'content-length': String(1024 ** 3) }],
  ['piece by piece', { 'transfer-encoding': 'chunked' }],
])('a feed’s file beyond 10 MiB, sent %s, is refused; nothing of it is stored', async (_, headers) => {
  const { bytes, status, type, body } = await endless(headers, '/v1/feeds/bank/camt.054', callers.bank);
  expect([status, type, body.code]).toEqual([413, 'application/problem+json', 'request.too-large']);
  expect(bytes).toBeLessThan(maxDelivery + 16 * 1024 ** 2);
  expect(await world.store.collections.inbox.countDocuments({})).toBe(0);
});

test('a body within the size and beyond the depth is refused, one at the depth is read', async () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const tell = async (levels: number) => {
    const { status, body } = await http.call(callers.supplier, 'POST', '/v1/orders', { body: nested(levels) });
    return [status, String(body.code)];
  };
  expect(await tell(100_000)).toEqual([400, 'request.too-deep']);
  expect(await tell(depth + 1)).toEqual([400, 'request.too-deep']);
  expect(await tell(depth)).toEqual([400, 'message.invalid']);
});

test('each credential has a rate of its own; beyond it 429 says when to come again', async () => {
  const limited = await openHttp(world, { requestsPerMinute: 3 });
  try {
    // A token is minted once a caller, so that a credential is the same one.
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await limited.call(callers.supplier, 'GET', '/v1/orders'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
    const [last] = answers.slice(-1);
    expect(last?.headers.get('content-type')).toBe('application/problem+json');
    expect(last?.body).toMatchObject({ status: 429, code: 'rate.exceeded' });
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last?.headers.get('ratelimit-limit')).toBe('3');
    // Another credential is not held up by it, nor is a probe.
    expect((await limited.call(callers.buyer, 'GET', '/v1/orders')).status).toBe(200);
    for (let n = 0; n < 4; n += 1) expect((await limited.call(undefined, 'GET', '/healthz')).status).toBe(200);
  } finally {
    await limited.close();
  }
});

test('behind a proxy that is named strangers have rates of their own; who names itself without one is not believed', async () => {
  const asked = async (env: NodeJS.ProcessEnv) => {
    const limited = await openHttp(world, { requestsPerMinute: 2 }, undefined, env);
    try {
      const statuses: number[] = [];
      for (const from of ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2'])
        statuses.push(
          (await limited.call(undefined, 'GET', '/v1/orders', { headers: { 'x-forwarded-for': from } })).status,
        );
      return statuses;
    } finally {
      await limited.close();
    }
  };
  expect(await asked({ TA_API_TRUSTED_PROXIES: '127.0.0.1, ::1' })).toEqual([401, 401, 429, 401]);
  expect(await asked({})).toEqual([401, 401, 429, 429]);
  expect(await asked({ TA_API_TRUSTED_PROXIES: '198.51.100.0/24' })).toEqual([401, 401, 429, 429]);
});

/** Writes this text as it comes, and then one byte more now and then; what was answered when the API hung up. */
async function slow(text: string): Promise<string> {
  const { hostname, port } = new URL(http.url);
  const socket = connect(Number(port), hostname);
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  socket.on('error', () => undefined); // a byte that meets the end resets it
  socket.write(text);
  const drip = setInterval(() => socket.write('x'), 100);
  try {
    await new Promise((closed) => socket.once('close', closed));
  } finally {
    clearInterval(drip);
    socket.destroy();
  }
  return Buffer.concat(heard).toString();
}

test('who sends a byte now and then is cut off, in the headers as in the body', async () => {
  const [token, others] = [await http.token(callers.supplier), await http.call(callers.buyer, 'GET', '/v1/orders')];
  expect(others.status).toBe(200);
  const head = `POST /v1/orders HTTP/1.1\r\nhost: a\r\n`;
  const inHeaders = slow(`${head}x-slow: `);
  // Its head is whole: it is known who sends, and the connection is cut off all the same.
  const inBody = slow(
    `${head}authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`,
  );
  for (const answer of await Promise.all([inHeaders, inBody])) {
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 408 Request Timeout');
    expect(answer).toContain('"code":"request.timeout"');
  }
}, 15_000); // node alone would look for them every 30 seconds only

test('an address tells its own methods, and not those of addresses that are like it', async () => {
  const options = (path: string) => http.call(callers.platform, 'OPTIONS', path);
  for (const [path, allow] of [
    ['/v1/inbox/replay', 'POST'],
    ['/v1/inbox/in-1', 'GET, HEAD'],
  ]) {
    const { status, headers } = await options(path ?? '');
    expect([path, status, headers.get('allow')]).toEqual([path, 405, allow]);
  }
});

test('more headers than any client sends are refused', async () => {
  const headers = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`x-${String(n)}`, 'filling']));
  const sent = await http.call(callers.supplier, 'GET', '/v1/orders', { headers }).catch((fault: unknown) => fault);
  expect(sent).toMatchObject({ status: 431, body: { code: 'request.headers-too-large' } });
  expect((await http.call(callers.supplier, 'GET', '/v1/orders')).status).toBe(200);
});
