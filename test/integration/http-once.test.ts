/** Once only, over HTTP: under one `Idempotency-Key` one thing is done once, however late and however often it is asked for. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { idOf } from '../../clients/http/routes/orders';
import { orderWorkflow, workflowIdOf, type OrderInput } from '../../workflows/contract';
import { withdrawalWorkflowId } from '../../workflows/funds-contract';
import { FakeBank } from '../support/fake-bank';
import { toOwnAccount } from '../support/funds-builders';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { advance, paidOrder } from '../support/paid-order';
import { lighting, openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
beforeAll(async () => {
  world = await openWorld({ bank: new FakeBank() });
  http = await openHttp(world);
});
afterAll(async () => {
  await http.close();
  await world.close();
});

const { supplier, buyer } = callers;
const post = (caller: typeof supplier | typeof buyer, path: string, key: string, body: object, prefer?: string) =>
  http.call(caller, 'POST', path, { body, headers: { 'idempotency-key': key, ...(prefer && { prefer }) } });

/** Drafts an order as `POST /v1/orders` would, but for a history that is soon too long. */
async function draft(key: string, input: Omit<OrderInput, 'order'>): Promise<string> {
  const order = idOf('o', supplier, key);
  const workflowId = workflowIdOf(order);
  await world.temporal.workflow.executeUpdateWithStart<Workflow, unknown, [unknown]>('draft', {
    args: [{ id: key, actor: supplier, data: lighting }],
    startWorkflowOperation: new WithStartWorkflowOperation(orderWorkflow, {
      workflowId,
      taskQueue: world.taskQueue,
      args: [{ order, ...input }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  return order;
}

describe('a message to an order that has gone on in other runs, and no longer remembers it by itself', () => {
  let path: string;
  const percent = (from: number) => ({
    baseRevision: from,
    changes: { payment: { advancePercent: 1 + (from % 99), methods: ['tt'] } },
  });
  /** More messages than an order remembers. */
  const revisions = 70;

  beforeAll(async () => {
    const order = await draft('draft-1', { continueAfterEvents: 60 });
    path = `/v1/orders/${order}`;
    const handle = world.temporal.workflow.getHandle(workflowIdOf(order));
    const { runId } = await handle.describe();
    await post(supplier, `${path}/messages/confirm`, 'confirm-1', { revision: 1 });
    for (let from = 1; from <= revisions; from += 1)
      await post(buyer, `${path}/messages/revise`, `revise-${String(from)}`, percent(from));
    await post(supplier, `${path}/messages/confirm`, 'confirm-2', { revision: revisions + 1 });
    expect((await handle.describe()).runId).not.toBe(runId);
  });

  it('is answered as it was then', async () => {
    const drafted = await post(supplier, '/v1/orders', 'draft-1', lighting);
    expect([drafted.status, drafted.body.version]).toEqual([201, 1]);
    const confirmed = await post(supplier, `${path}/messages/confirm`, 'confirm-1', { revision: 1 });
    expect([confirmed.status, confirmed.body.version]).toEqual([200, 2]);
    expect(confirmed.body.events[0]).toMatchObject({ type: 'revisionConfirmed', revision: 1 });
    const revised = await post(buyer, `${path}/messages/revise`, 'revise-3', percent(3));
    expect([revised.status, revised.body.version]).toEqual([200, 5]);
  });

  it.each([
    ['that drafts another order', '/v1/orders', 'draft-1', { ...lighting, confirm: true }],
    ['that is stale', '/messages/revise', 'revise-3', percent(4)],
    ['that would be applied', '/messages/revise', 'revise-4', percent(revisions + 1)],
    ['that would change nothing', '/messages/confirm', 'confirm-1', { revision: revisions + 1 }],
  ])('with another body %s is refused, and nothing is done', async (_, to, key, body) => {
    const caller = to === '/messages/revise' ? buyer : supplier;
    const before = await world.ta.view(path.split('/').at(-1) ?? '');
    const refused = await post(caller, to.startsWith('/v1') ? to : `${path}${to}`, key, body);
    expect([refused.status, refused.body.code]).toEqual([409, 'message.id-reused']);
    expect((await world.ta.view(before.id)).version).toBe(before.version);
  });

  it('with another body is refused at once, too, where the answer is not waited for', async () => {
    const later = (revision: number) =>
      post(supplier, `${path}/messages/confirm`, 'confirm-1', { revision }, 'respond-async');
    expect(await later(revisions + 1)).toMatchObject({ status: 409, body: { code: 'message.id-reused' } });
    const same = await later(1);
    expect(same.status).toBe(202);
    expect((await http.call(supplier, 'GET', same.body.status as string)).body).toMatchObject({
      state: 'applied',
      answer: { version: 2 },
    });
  });

  it('is answered as it was then, or refused, also when the order has ended', async () => {
    await post(buyer, `${path}/messages/cancel`, 'cancel-1', { reason: 'no agreement' });
    await world.temporal.workflow.getHandle(workflowIdOf(path.split('/').at(-1) ?? '')).result();
    expect((await post(supplier, `${path}/messages/confirm`, 'confirm-1', { revision: 1 })).body.version).toBe(2);
    const refused = await post(supplier, `${path}/messages/confirm`, 'confirm-1', { revision: revisions + 1 });
    expect([refused.status, refused.body.code]).toEqual([409, 'message.id-reused']);
  });
});

describe('what is made under a key is made once', () => {
  it('R9 a withdrawal, R4 a settlement: also once they have ended', async () => {
    const order = await paidOrder(world, 'keyed');
    const orders = (amount: number) => [{ order, amount: { amount, currency: 'USD' } }];
    const to = { supplier: lighting.supplier, channel: 'USD', payee: toOwnAccount };
    for (const [path, terms] of [
      ['/v1/withdrawals', to],
      ['/v1/settlements', { supplier: lighting.supplier }],
    ] as const) {
      const ask = (amount: number) => post(supplier, path, 'money-1', { ...terms, orders: orders(amount) });
      const first = await ask(advance / 4);
      expect([path, first.status]).toEqual([path, 201]);
      const id = first.body.id as string;
      if (path === '/v1/withdrawals') await world.temporal.workflow.getHandle(withdrawalWorkflowId(id)).result();
      expect((await ask(advance / 4)).body).toMatchObject({ id, orders: first.body.orders });
      expect(await ask(100_00)).toMatchObject({ status: 409, body: { code: 'message.id-reused' } });
      const listed = await http.call(supplier, 'GET', `${path}?supplier=${lighting.supplier}`);
      expect(listed.body.items).toHaveLength(1);
    }
  });

  const terms = { url: 'https://hooks.example.com/', events: ['order*'] };

  it('a webhook: the same again tells its secret again, other terms are refused', async () => {
    const first = await post(supplier, '/v1/webhooks', 'hook-1', terms);
    expect([first.status, first.headers.get('idempotency-key')]).toEqual([201, 'hook-1']);
    const { id } = first.body.subscription as { id: string };
    const both = await Promise.all(['hook-1', '"hook-1"'].map((key) => post(supplier, '/v1/webhooks', key, terms)));
    expect(both.map(({ body }) => body as object)).toEqual([first.body, first.body]);
    const other = await post(supplier, '/v1/webhooks', 'hook-1', { ...terms, events: ['*'] });
    expect([other.status, other.body.code]).toEqual([409, 'message.id-reused']);
    // Another's key is another's.
    const anothers = await post(buyer, '/v1/webhooks', 'hook-1', terms);
    expect([anothers.status, anothers.body.subscription.id === id]).toEqual([201, false]);
    // What was changed since is still what was asked for.
    await http.call(supplier, 'PATCH', `/v1/webhooks/${id}`, { body: { events: ['payment*'] } });
    expect((await post(supplier, '/v1/webhooks', 'hook-1', terms)).body.subscription.events).toEqual(['payment*']);
    expect((await http.call(supplier, 'GET', '/v1/webhooks')).body.items).toHaveLength(1);
    expect((await http.call(supplier, 'GET', `/v1/webhooks/${id}`)).text).not.toContain('asked');
  });

  it('of two that ask at once under one key, both are told of one webhook', async () => {
    const both = await Promise.all([1, 2].map(() => post(supplier, '/v1/webhooks', 'hook-2', terms)));
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[0]?.body).toEqual(both[1]?.body);
  });

  it('a new secret of a webhook', async () => {
    const { id } = (await post(supplier, '/v1/webhooks', 'hook-3', terms)).body.subscription as { id: string };
    const rotate = async (key: string) =>
      (await post(supplier, `/v1/webhooks/${id}/secret`, key, {})).body as { secret: string };
    const first = await rotate('secret-1');
    expect(await rotate('secret-1')).toEqual(first);
    const second = await rotate('secret-2');
    expect(second.secret).not.toBe(first.secret);
    expect((await rotate('secret-1')).secret).toBe(first.secret);
  });

  it('without a key each is another one; a key that is none is refused', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => http.call(supplier, 'POST', '/v1/webhooks', { body: terms })),
    );
    expect(one?.body.subscription.id).not.toBe(two?.body.subscription.id);
    const bad = await post(supplier, '/v1/webhooks', 'not a key', terms);
    expect([bad.status, bad.body.code]).toEqual([400, 'idempotency.key-invalid']);
  });
});

test('the description names the key where it counts, and says elsewhere what the same again does', async () => {
  const { paths } = (await http.call(undefined, 'GET', '/v1/openapi.json')).body as {
    paths: Record<string, { post?: { operationId: string; description: string; parameters?: { name: string }[] } }>;
  };
  const posts = Object.values(paths).flatMap(({ post: one }) => (one ? [one] : []));
  const isKeyed = ({ parameters = [] }: (typeof posts)[number]) =>
    parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key');
  const keyed = posts.filter(isKeyed).map(({ operationId }) => operationId);
  expect(keyed).toEqual(
    expect.arrayContaining([
      'draft',
      'confirm',
      'apply',
      'withdraw',
      'quoteSettlement',
      'addWebhook',
      'rotateWebhookSecret',
    ]),
  );
  for (const one of posts.filter((post) => !isKeyed(post)))
    expect([one.operationId, /again|same|anew/i.test(one.description)]).toEqual([one.operationId, true]);
});
