/** Webhooks over HTTP: a party subscribes, is told, sees the log and has it told again; its webhooks are nobody else’s. */
import { callWebhook } from '../../partners/webhook';
import { Relay } from '../../relay/relay';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { openWorld, type World } from '../support/world';
import { drafts, HookReceiver, isSignedWith } from '../support/webhooks';

let world: World;
let http: HttpWorld;
let receiver: HookReceiver;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  http = await openHttp(world);
  receiver = await new HookReceiver().open();
});
afterAll(async () => {
  await receiver.close();
  await http.close();
  await world.close();
});

const { supplier, otherSupplier, platform } = callers;
const relay = () =>
  new Relay({
    store: world.store,
    call: (call) => callWebhook(call, { allowPrivate: true }),
    onFailure: (fault) => {
      throw fault;
    },
  });

test('from the subscription to the log', async () => {
  const refused = await http.call(supplier, 'POST', '/v1/webhooks', { body: { url: receiver.url, events: ['*'] } });
  expect(refused).toMatchObject({ status: 422, body: { code: 'webhook.url-not-allowed' } });
  const terms = { url: 'https://hooks.example.com/', events: ['order*'] };
  const added = await http.call(supplier, 'POST', '/v1/webhooks', { body: terms });
  expect(added).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^whsec_/) } });
  const { id } = added.body.subscription as { id: string };
  const path = `/v1/webhooks/${id}`;
  expect(added.headers.get('location')).toBe(path);
  // As the name would lead to it, were it public.
  await world.store.collections.subscriptions.updateOne({ _id: id }, { $set: { url: receiver.url } });

  const order = world.orderId('http-hooks');
  await drafts(world.store, order, new Date().toISOString());
  await relay().drain();
  const [call] = receiver.taken;
  expect(call?.body).toMatchObject({ order, version: 1, data: { events: [{ type: 'orderDrafted' }] } });
  const sentAt = new Date(Number(call?.headers['webhook-timestamp']) * 1000).toISOString();
  expect(call && isSignedWith(added.body.secret as string, call, sentAt)).toBe(true);

  const log = await http.call(supplier, 'GET', `${path}/deliveries?state=delivered`);
  expect(log).toMatchObject({ status: 200, body: { items: [{ order, version: 1, state: 'delivered' }] } });
  expect(await http.call(supplier, 'POST', `${path}/replay`, { body: { order } })).toMatchObject({ status: 202 });
  expect(await http.call(supplier, 'POST', `${path}/test`)).toMatchObject({ status: 202 });
  await relay().drain();
  expect(receiver.taken.map(({ body }) => body.type).sort()).toEqual([
    'order.changed',
    'order.changed',
    'webhook.test',
  ]);

  const rotated = await http.call(supplier, 'POST', `${path}/secret`);
  expect(rotated).toMatchObject({ status: 200, body: { secret: expect.any(String) } });
  expect(rotated.body.secret).not.toBe(added.body.secret);
  const paused = await http.call(supplier, 'PATCH', path, { body: { state: 'paused' } });
  expect(paused).toMatchObject({ status: 200, body: { id, state: 'paused' } });
  expect((await http.call(supplier, 'GET', '/v1/webhooks')).text).not.toContain('whsec_');
  expect(await http.call(supplier, 'DELETE', path)).toMatchObject({ status: 204 });
  expect(await http.call(supplier, 'GET', path)).toMatchObject({ status: 404, body: { code: 'webhook.not-found' } });
});

test('another’s webhook is not there; the platform’s mails are the platform’s', async () => {
  const body = { url: 'https://hooks.example.com/', events: ['*'] };
  const { id } = (await http.call(supplier, 'POST', '/v1/webhooks', { body })).body.subscription as { id: string };
  for (const [method, tail] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/secret'],
    ['GET', '/deliveries'],
  ] as const)
    expect(await http.call(otherSupplier, method, `/v1/webhooks/${id}${tail}`)).toMatchObject({ status: 404 });
  expect(await http.call(platform, 'GET', `/v1/webhooks/${id}`)).toMatchObject({ status: 200 });
  expect(await http.call(supplier, 'GET', '/v1/mails')).toMatchObject({ status: 403 });
  expect(await http.call(platform, 'GET', '/v1/mails?state=parked')).toMatchObject({
    status: 200,
    body: { items: [] },
  });
  expect(await http.call(undefined, 'GET', '/v1/asyncapi.json')).toMatchObject({
    status: 200,
    body: { asyncapi: '3.0.0' },
  });
});
