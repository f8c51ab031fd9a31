/** The receiver of partners' call-backs: what it takes, what it refuses, and when it says so. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { callbackListener } from '../../clients/callbacks';
import type { PartnerEvent } from '../../partners/events';

const secret = `whsec_${Buffer.from('a secret of 32 bytes, no less ..').toString('base64')}`;
const captured: PartnerEvent = {
  type: 'charge.captured',
  key: 'order-1:7:0',
  at: '2026-04-01T08:00:00.000Z',
  reference: 'charge-1',
};

let taken: [PartnerEvent, string][];
let failures: unknown[];
let onEvent: () => Promise<void>;
let server: Server;
let url: string;

beforeEach(async () => {
  taken = [];
  failures = [];
  onEvent = () => Promise.resolve();
  const listener = callbackListener({
    secret,
    onEvent: async (event, id) => {
      await onEvent();
      taken.push([event, id]);
    },
    onFailure: (fault) => failures.push(fault),
  });
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a body as its sender would, signed at this time. */
async function send(body: string, { as = secret, at = new Date(), headers = {} } = {}): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': 'msg-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(as).sign('msg-1', at, body),
      ...headers,
    },
  });
  await response.arrayBuffer();
  return response.status;
}

test('hands a signed event on with the id of its sender', async () => {
  expect(await send(JSON.stringify(captured))).toBe(202);
  expect(taken).toEqual([[captured, 'msg-1']]);
});

test('answers only once the event is taken over', async () => {
  const steps: string[] = [];
  let take: () => void = () => undefined;
  const entered = new Promise<void>((enter) => {
    onEvent = () => {
      onEvent = () => Promise.resolve();
      enter();
      return new Promise((resolve) => (take = resolve));
    };
  });
  const first = send(JSON.stringify(captured)).then((status) => steps.push(`first: ${String(status)}`));
  await entered;
  steps.push(`second: ${String(await send(JSON.stringify(captured)))}`);
  take();
  await first;
  expect(steps).toEqual(['second: 202', 'first: 202']);
});

test('tells the sender to come again when the event is not taken over', async () => {
  onEvent = () => Promise.reject(new Error('no database'));
  expect(await send(JSON.stringify(captured))).toBe(503);
  expect(failures).toEqual([new Error('no database')]);
  expect(taken).toEqual([]);
});

test('knows its partner by the signature over the body as it came', async () => {
  const body = JSON.stringify(captured);
  const others = `whsec_${Buffer.from('another secret, of 32 bytes, too').toString('base64')}`;
  expect(await send(body, { as: others })).toBe(401);
  const signature = new Webhook(secret).sign('msg-1', new Date(), body.replace('order-1', 'order-2'));
  expect(await send(body, { headers: { 'webhook-signature': signature } })).toBe(401);
  expect(await send(body, { headers: { 'webhook-id': 'msg-2' } })).toBe(401);
  expect(await send(body, { headers: { 'webhook-signature': 'v1' } })).toBe(401);
  expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
  expect(taken).toEqual([]);
});

test('takes nothing that was signed more than five minutes away', async () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  for (const at of [minutes(-6), minutes(6)]) expect(await send(JSON.stringify(captured), { at })).toBe(401);
  for (const at of [minutes(-4), minutes(4)]) expect(await send(JSON.stringify(captured), { at })).toBe(202);
});

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['another type', JSON.stringify({ ...captured, type: 'charge.doubled' })],
  ['a field too many', JSON.stringify({ ...captured, amount: 5 })],
  ['a field too few', JSON.stringify({ ...captured, reference: undefined })],
  ['a time of another form', JSON.stringify({ ...captured, at: 'yesterday' })],
])('refuses what is no event: %s', async (_what, body) => {
  expect(await send(body)).toBe(400);
  expect(taken).toEqual([]);
});

test('reads no more than an event can be', async () => {
  expect(await send('x'.repeat(64 * 1024))).toBe(400);
  expect(await send('x'.repeat(64 * 1024 + 1))).toBe(413);
  expect(await send('x'.repeat(4 * 1024 * 1024))).toBe(413);
});

test('is posted to only', async () => {
  expect((await fetch(url)).status).toBe(405);
});
