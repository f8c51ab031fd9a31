/**
 * What Temporal keeps of an order is cipher text: arguments, answers, failures, summaries. The codec server opens it for
 * operators only; keys rotate under running orders; a key that is missing is named, and nothing is lost by it.
 */
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { TradeAssuranceClient } from '../../clients';
import { SealingCodec, payloadCodecsOf } from '../../clients/payload-codec';
import { newKey, readKeys, type Keyring } from '../../config/keys';
import { createOrderWorker } from '../../workers/order-worker';
import { provideBundle } from '../../workers/bundle';
import { workflowIdOf } from '../../workflows/contract';
import { callers, openHttp, temporalUi, type HttpWorld } from '../support/http';
import { as, lighting, openWorld, required, type World } from '../support/world';

let world: World;
let http: HttpWorld;
let bundle: string;
let keys: Keyring;
beforeAll(async () => {
  bundle = await provideBundle('.data/cache', 'sealed');
  keys = readKeys(required('TA_KEYS'));
  world = await openWorld({ sealed: { keys, bundle } });
  http = await openHttp(world);
}, 120_000);
afterAll(async () => {
  await http.close();
  await world.close();
});

/** A word that stands in the order, and nowhere else. */
const planted = 'Zephyr-Latern-4711';
const draft = { ...lighting, source: { ...lighting.source, reference: planted } };

async function historyOf(order: string) {
  const { connection } = world.temporal;
  const execution = { workflowId: workflowIdOf(order) };
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({ namespace: 'default', execution });
  return history?.events ?? [];
}

/** Every payload below a value, but search attributes and headers, which Temporal keeps plain. */
function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as Payload];
  return Object.entries(value)
    .filter(([name]) => !['searchAttributes', 'header', 'indexedFields'].includes(name))
    .flatMap(([, part]) => payloadsIn(part));
}

/** What the SDK itself notes of a local activity: its name, number and times, none of it ours. */
const ofTheSdk = [
  'seq',
  'attempt',
  'activity_id',
  'activity_type',
  'complete_time',
  'backoff',
  'original_schedule_time',
];
const isOfTheSdk = (one: Payload): boolean =>
  field(one, 'encoding') === 'json/plain' &&
  Object.keys(JSON.parse(Buffer.from(one.data ?? []).toString()) as object).every((name) => ofTheSdk.includes(name));

const field = ({ metadata }: Payload, name: string): string => Buffer.from(metadata?.[name] ?? []).toString();
const asJson = (payloads: readonly Payload[]) =>
  payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  }));

/** Whether a word can be read in what Temporal keeps, as it is or in any payload's bytes. */
const shows = (events: readonly unknown[], word: string): boolean =>
  JSON.stringify(events).includes(word) ||
  payloadsIn(events).some(({ data }) => Buffer.from(data ?? []).includes(word));

test('an order runs as ever, and its history shows nothing of it', async () => {
  const order = world.orderId('sealed');
  await world.ta.start(order, draft, as.supplier);
  await world.ta.confirm(order, { revision: 1 }, as.supplier);
  expect(await world.ta.live(order)).toMatchObject({ order: { source: { reference: planted } } });
  const events = await historyOf(order);
  expect(shows(events, planted)).toBe(false);
  expect(shows(events, lighting.contract.product?.lines[0]?.name ?? '')).toBe(false);
  const payloads = payloadsIn(events).filter((one) => !isOfTheSdk(one));
  expect(payloads.length).toBeGreaterThan(5);
  expect(new Set(payloads.map((one) => `${field(one, 'encoding')} ${field(one, 'encryption-key-id')}`))).toEqual(
    new Set(['binary/encrypted test']),
  );
  // The title of the order in the UI, too; while search attributes stay plain, to be searched.
  const { connection } = world.temporal;
  const described = await connection.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId: workflowIdOf(order) },
  });
  const { summary, details } = described.executionConfig?.userMetadata ?? {};
  expect([summary, details].map((one) => one && field(one, 'encoding'))).toEqual([
    'binary/encrypted',
    'binary/encrypted',
  ]);
  const { TaSupplier } = described.workflowExecutionInfo?.searchAttributes?.indexedFields ?? {};
  expect(TaSupplier && defaultPayloadConverter.fromPayload(TaSupplier)).toBe(lighting.supplier);
});

test('what a failure says is sealed in Temporal, and read by the caller', async () => {
  const order = world.orderId('sealed-refused');
  const unknown = `sup-${planted.toLowerCase()}`;
  const sender = { as: { role: 'supplier', member: unknown } } as const;
  await expect(world.ta.start(order, { ...draft, supplier: unknown }, sender)).rejects.toMatchObject({
    refusal: { detail: expect.stringContaining(unknown) as string },
  });
  await world.temporal.workflow
    .getHandle(workflowIdOf(order))
    .result()
    .catch(() => undefined);
  const events = await historyOf(order);
  const failures = JSON.stringify(events).match(/"message":"[^"]*"/g);
  expect(new Set(failures)).toEqual(new Set(['"message":"Encoded failure"']));
  expect(shows(events, unknown.slice(4))).toBe(false);
});

describe('the codec server', () => {
  const decode = (caller: Parameters<HttpWorld['call']>[0], payloads: readonly Payload[], headers = {}) =>
    http.call(caller, 'POST', '/codec/decode', { body: { payloads: asJson(payloads) }, headers });
  const sealed = (value: unknown, by = keys) => new SealingCodec(by).encode([defaultPayloadConverter.toPayload(value)]);

  test('opens payloads for an operator with a token, and for nobody else', async () => {
    const payloads = await sealed({ planted });
    expect(await decode(undefined, payloads)).toMatchObject({ status: 401, body: { code: 'identity.missing' } });
    for (const caller of [callers.supplier, callers.service, callers.bank])
      expect(await decode(caller, payloads)).toMatchObject({ status: 403, body: { code: 'identity.not-allowed' } });
    const answer = await decode(callers.platform, payloads);
    expect(answer).toMatchObject({ status: 200, headers: expect.anything() as unknown });
    const { payloads: opened } = answer.body as { payloads: { data: string }[] };
    expect(JSON.parse(Buffer.from(opened[0]?.data ?? '', 'base64').toString())).toEqual({ planted });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('lets pages of the Temporal UI ask, with the cookie of the portal; and pages of no other site', async () => {
    const preflight = (origin: string) =>
      fetch(`${http.url}/codec/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-namespace' },
      });
    const allowed = await preflight(temporalUi);
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, temporalUi]);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();

    const signIn = await http.call(undefined, 'POST', '/portal/session', {
      body: { role: 'platform', member: 'operator-1' },
      headers: { 'ta-portal': '1' },
    });
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const payloads = await sealed({ planted });
    const fromUi = { cookie, origin: temporalUi, 'sec-fetch-site': 'same-site' };
    expect(await decode(undefined, payloads, fromUi)).toMatchObject({ status: 200 });
    expect(await decode(undefined, payloads, { ...fromUi, origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'identity.cross-site' },
    });
    // The UI's pages may use the cookie here only.
    const elsewhere = await http.call(undefined, 'POST', '/v1/suspense/any/approve', { body: {}, headers: fromUi });
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'identity.cross-site' } });
  });

  test('names a key that it does not have; says what was forged; takes no more than a page of a history', async () => {
    const stranger = readKeys(newKey('stranger'));
    expect(await decode(callers.platform, await sealed('x', stranger))).toMatchObject({
      status: 422,
      body: { code: 'payload.key-missing', detail: expect.stringContaining('the key stranger') as string },
    });
    const forged = await sealed('x', readKeys(newKey('test')));
    const { payloads: opened } = (await decode(callers.platform, forged)).body as { payloads: { data: string }[] };
    expect(Buffer.from(opened[0]?.data ?? '', 'base64').toString()).toMatch(/undecodable.*the key test/);
    const tooMuch = [{ metadata: {}, data: Buffer.alloc(5 * 1024 * 1024) }];
    expect(await decode(callers.platform, tooMuch)).toMatchObject({ status: 413 });
    expect(await http.call(callers.platform, 'POST', '/codec/encode', { body: {} })).toMatchObject({ status: 404 });
  });
});

describe('keys rotate under a running order', () => {
  const [oldKey, newer] = [newKey('k1'), newKey('k2')];
  const before = { keys: readKeys(oldKey), payloads: 'sealed' } as const;
  const after = { keys: readKeys(`${newer},${oldKey}`), payloads: 'sealed' } as const;
  /** First every process gets the new key to read with; then it seals. */
  const ready = { keys: readKeys(`${oldKey},${newer}`), payloads: 'sealed' } as const;
  const tooEarly = { keys: readKeys(newer), payloads: 'sealed' } as const;
  const taskQueue = `rotation-${randomUUID().slice(0, 8)}`;

  const client = (sealing: typeof before) => {
    const { connection } = world.temporal;
    const temporal = new Client({ connection, dataConverter: { payloadCodecs: payloadCodecsOf(sealing) } });
    return new TradeAssuranceClient({ temporal, store: world.store, taskQueue, timeoutMs: 120_000 });
  };
  /** A worker with these keys, for as long as the work takes. */
  async function during<T>(sealing: typeof before, work: () => Promise<T>): Promise<T> {
    const worker = await createOrderWorker({
      ...{ connection: world.native, store: world.store, namespace: 'default', taskQueue, bundle, sealing },
    });
    return worker.runUntil(work);
  }

  test('the new key seals, the old one is still read; taken away too early, it is named and nothing is lost', async () => {
    const order = world.orderId('rotated');
    await during(before, () => client(before).start(order, draft, as.supplier));
    await during(after, () => client(ready).confirm(order, { revision: 1 }, as.supplier));
    const own = payloadsIn(await historyOf(order)).filter((one) => !isOfTheSdk(one));
    const ids = own.map((one) => field(one, 'encryption-key-id'));
    expect(new Set(ids)).toEqual(new Set(['k1', 'k2']));

    // A worker without the old key cannot read the order: its task fails, and says why, until one comes that can.
    const confirmed = client(after).confirm(order, { revision: 1 }, { ...as.buyer, id: 'late' });
    const failed = async (): Promise<unknown> => {
      for (;;) {
        const [failure] = (await historyOf(order)).flatMap(
          ({ workflowTaskFailedEventAttributes: one }) => one?.failure ?? [],
        );
        if (failure?.encodedAttributes) return new SealingCodec(after.keys).decode([failure.encodedAttributes]);
        await new Promise((soon) => setTimeout(soon, 50));
      }
    };
    const [said] = (await during(tooEarly, failed)) as [Payload];
    expect(defaultPayloadConverter.fromPayload(said)).toMatchObject({
      message:
        'This was sealed with the key k1, which TA_KEYS does not have. Add that key again, after the newest one.',
    });
    expect(await during(after, () => confirmed)).toMatchObject({ status: 'awaiting-payment' });
  });
});

test('a forged payload is refused like any other rubbish, and the order goes on', async () => {
  const order = world.orderId('forged');
  await world.ta.start(order, draft, as.supplier);
  const forger = new Client({
    connection: world.temporal.connection,
    dataConverter: { payloadCodecs: [new SealingCodec(readKeys(newKey('test')))] },
  });
  await forger.workflow.getHandle(workflowIdOf(order)).signal('confirm', { revision: 1 });
  await world.ta.confirm(order, { revision: 1 }, as.supplier);
  expect(await world.ta.live(order)).toMatchObject({
    refusals: { count: 1, newest: [{ refused: 'message.invalid' }] },
  });
});
