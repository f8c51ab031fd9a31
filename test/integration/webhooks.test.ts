/** Webhooks from the outbox on a real database and real connections: signed, in order, tried for three days, and told again. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { WebhookClient } from '../../clients/webhooks';
import type { WebhookOwner } from '../../domain/webhooks';
import { callWebhook } from '../../partners/webhook';
import { Relay } from '../../relay/relay';
import { noteHealth } from '../../store/subscriptions';
import { as, lighting, openWorld, type World } from '../support/world';
import { drafts, happens, HookReceiver, isSignedWith, revises, TestClock } from '../support/webhooks';

let world: World;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
});
afterAll(() => world.close());

const seller: WebhookOwner = { role: 'supplier', member: lighting.supplier };
const platform: WebhookOwner = { role: 'platform', member: 'operator-1' };
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

let clock: TestClock;
let receiver: HookReceiver;
let hooks: WebhookClient;
const open: HookReceiver[] = [];
beforeEach(async () => {
  clock = new TestClock();
  receiver = await another();
  hooks = new WebhookClient({ store: world.store, allowPrivate: true, now: clock.now });
});
afterEach(async () => {
  const { store } = world;
  for (const { id } of await hooks.list(platform)) await hooks.remove(platform, id);
  await store.collections.outbox.updateMany({ sent: false }, { $set: { sent: true } });
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function another(): Promise<HookReceiver> {
  const opened = await new HookReceiver().open();
  open.push(opened);
  return opened;
}

const relay = () =>
  new Relay({
    store: world.store,
    call: (call) => callWebhook(call, { allowPrivate: true, timeoutMs: 2000 }),
    now: clock.now,
    chance: () => 1,
    onFailure: (fault) => {
      throw fault;
    },
  });

const fresh = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;
const subscribed = async (events = ['*'], owner = seller, url = receiver.url) => {
  const { subscription, secret } = await hooks.add(owner, { url, events });
  return { id: subscription.id, secret };
};

describe('what is told', () => {
  test('every version in order, signed, under a name that stays the same', async () => {
    const { secret, id } = await subscribed();
    const order = fresh('told');
    await drafts(world.store, order, clock.later(second));
    await revises(world.store, order, 3, clock.later(second));
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1, 2, 3, 4]);
    const [first] = receiver.taken;
    expect(first?.body).toMatchObject({
      id: first?.id,
      type: 'order.changed',
      order,
      version: 1,
      data: { message: 'draft', actor: as.supplier.as, events: [{ type: 'orderDrafted' }] },
    });
    expect(receiver.taken.every((call) => isSignedWith(secret, call, clock.at))).toBe(true);
    expect(new Set(receiver.taken.map((call) => call.id)).size).toBe(4);
    expect(await hooks.deliveries(seller, id)).toMatchObject(
      [4, 3, 2, 1].map((version) => ({ order, version, state: 'delivered', attempts: 1, log: [{ status: 204 }] })),
    );
    await relay().drain();
    expect(receiver.calls).toHaveLength(4);
    expect(await world.store.collections.webhookLanes.countDocuments({ subscription: id })).toBe(0);
  });

  test('only what was asked for, by type or by family', async () => {
    await subscribed(['contractRevised', 'revision*']);
    const order = fresh('asked');
    await drafts(world.store, order, clock.later(second));
    await revises(world.store, order, 1, clock.at);
    const confirm = { name: 'confirm', id: 'c', actor: as.supplier.as, data: { revision: 2 } } as const;
    await happens(world.store, order, confirm, clock.at);
    await relay().drain();
    const types = receiver.taken.map(({ body }) => body.data.events.map(({ type }) => type));
    expect(types).toEqual([['contractRevised'], ['revisionConfirmed']]);
  });

  test('a party hears of its own orders only, the platform of all', async () => {
    const [ofBuyer, ofOther, ofAll] = [await another(), await another(), await another()];
    await subscribed(['*'], { role: 'buyer', member: lighting.buyer }, ofBuyer.url);
    await subscribed(['*'], { role: 'buyer', member: lighting.supplier }, ofOther.url);
    await subscribed(['*'], platform, ofAll.url);
    await subscribed();
    const [ours, others] = [fresh('ours'), fresh('others')];
    await drafts(world.store, ours, clock.later(second));
    const { members } = world.store.collections;
    const buyers = await members.find({ account: 'overseas-free' }).toArray();
    const other = buyers.find(({ _id }) => _id !== lighting.buyer)?._id ?? '';
    await drafts(world.store, others, clock.at, { buyer: other });
    await relay().drain();
    const orders = (of: HookReceiver) => of.taken.map(({ body }) => body.order).sort();
    expect(orders(ofBuyer)).toEqual([ours]);
    expect(orders(ofOther)).toEqual([]);
    expect(orders(ofAll)).toEqual([ours, others].sort());
    expect(orders(receiver)).toEqual([ours, others].sort());
  });

  test('nothing of what was before the subscription', async () => {
    const order = fresh('before');
    await drafts(world.store, order, clock.at);
    clock.later(second);
    await subscribed();
    await revises(world.store, order, 1, clock.later(second));
    await relay().drain();
    expect(receiver.versions(order)).toEqual([2]);
  });

  test('a test call, which tells of no order', async () => {
    const { id } = await subscribed(['paymentApplied']);
    await hooks.test(seller, id);
    await relay().drain();
    expect(receiver.taken.map(({ body }) => body)).toMatchObject([
      { type: 'webhook.test', data: { subscription: id } },
    ]);
    expect(await hooks.deliveries(seller, id)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a receiver that does not take it', () => {
  test('fails twice: tried again after 5 s and 10 s; what comes after it of the same order waits, other orders do not', async () => {
    const { id } = await subscribed();
    const [stuck, free] = [fresh('stuck'), fresh('free')];
    let failures = 2;
    receiver.answer = ({ body }) => (body.order === stuck && failures-- > 0 ? 500 : 204);
    await drafts(world.store, stuck, clock.later(second));
    await revises(world.store, stuck, 2, clock.at);
    await drafts(world.store, free, clock.at);
    await relay().drain();
    expect([receiver.versions(stuck), receiver.versions(free)]).toEqual([[], [1]]);
    clock.later(5 * second - 1);
    await relay().drain();
    expect(receiver.calls).toHaveLength(2);
    clock.later(1);
    await relay().drain();
    expect(receiver.calls).toHaveLength(3);
    clock.later(10 * second);
    await relay().drain();
    expect(receiver.versions(stuck)).toEqual([1, 2, 3]);
    const [, , first] = await hooks.deliveries(seller, id, { order: stuck });
    expect(first).toMatchObject({ version: 1, state: 'delivered', attempts: 3 });
    expect(first?.log).toMatchObject([
      { status: 500, error: 'status', detail: 'out of order' },
      { status: 500 },
      { status: 204 },
    ]);
    expect(
      new Set(receiver.calls.filter(({ body }) => body.order === stuck && body.version === 1).map((c) => c.id)).size,
    ).toBe(1);
  });

  test('for three days: parked and visible, the order goes on, and it is told when asked for', async () => {
    const { id } = await subscribed();
    const order = fresh('parked');
    receiver.answer = () => 503;
    const began = clock.later(second);
    await drafts(world.store, order, began);
    await revises(world.store, order, 1, began);
    await relay().drain();
    for (;;) {
      const lane = await world.store.collections.webhookLanes.findOne({ subscription: id });
      if (!lane) break;
      clock.at = lane.dueAt;
      await relay().drain();
    }
    expect(Date.parse(clock.at) - Date.parse(began)).toBe(3 * day);
    const parked = await hooks.deliveries(seller, id, { state: 'parked' });
    expect(parked).toMatchObject([{ version: 2, attempts: 1 }, { version: 1 }]);
    expect(parked[1]?.attempts).toBeGreaterThan(20);
    expect(parked[1]?.log).toHaveLength(20);
    expect(await hooks.find(seller, id)).toMatchObject({ state: 'failing', why: expect.stringContaining('503') });

    receiver.answer = () => 204;
    clock.later(hour);
    await hooks.replay(seller, id, { order });
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1, 2]);
    expect(await hooks.find(seller, id)).toMatchObject({ state: 'active' });
  });

  test('asks to be left alone for a while: it is', async () => {
    await subscribed();
    const order = fresh('later');
    receiver.answer = (_call, count) => (count === 1 ? [429, { 'retry-after': '120' }] : 204);
    await drafts(world.store, order, clock.later(second));
    await relay().drain();
    clock.later(2 * minute - 1);
    await relay().drain();
    expect(receiver.calls).toHaveLength(1);
    clock.later(1);
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1]);
  });

  test('sends elsewhere: a redirect is not followed', async () => {
    const { id } = await subscribed();
    const elsewhere = await another();
    receiver.answer = () => [302, { location: elsewhere.url }];
    await drafts(world.store, fresh('redirect'), clock.later(second));
    await relay().drain();
    expect(elsewhere.calls).toEqual([]);
    expect(await hooks.deliveries(seller, id)).toMatchObject([{ state: 'pending', log: [{ error: 'redirect' }] }]);
  });

  test('is gone for good (410): the subscription is paused, and nothing is lost', async () => {
    const { id } = await subscribed();
    const order = fresh('gone');
    receiver.answer = () => 410;
    await drafts(world.store, order, clock.later(second));
    await relay().drain();
    expect(await hooks.find(seller, id)).toMatchObject({ state: 'paused', why: expect.stringContaining('gone') });
    await revises(world.store, order, 1, clock.later(4 * day));
    await relay().drain();
    expect(receiver.calls).toHaveLength(1);

    receiver.answer = () => 204;
    await hooks.change(seller, id, { state: 'active' });
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1, 2]);
    await noteHealth(world.store, id, { state: 'active' }, clock.at);
    expect(await hooks.find(seller, id)).toMatchObject({ state: 'active' });
  });

  test('hangs: the others are told all the same', async () => {
    const slow = await another();
    slow.answer = () => 'hang';
    await subscribed(['*'], platform, slow.url);
    await subscribed();
    clock.later(second);
    const orders = Array.from({ length: 12 }, (_, i) => fresh(`slow-${String(i)}`));
    for (const order of orders) await drafts(world.store, order, clock.at);
    const running = relay();
    running.start();
    await receiver.until((taken) => taken.length === orders.length);
    // It holds no more places than its own.
    expect(slow.calls.length).toBeLessThanOrEqual(4);
    await running.stop();
  });
});

test('whatever fails, is lost on the way, or comes meanwhile: each order is told whole and in order', async () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant('revise' as const), order: fc.nat(2) }),
    fc.record({ kind: fc.constant('relays' as const), count: fc.integer({ min: 1, max: 2 }) }),
    fc.record({
      kind: fc.constant('receiver' as const),
      answers: fc.array(fc.constantFrom(204, 500, 599), { maxLength: 6 }),
    }),
    fc.record({ kind: fc.constant('later' as const), ms: fc.constantFrom(1, 5 * second, minute) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 14 }), async (happenings) => {
      const own = await another();
      const { id } = await subscribed(['*'], seller, own.url);
      const orders = [fresh('any-a'), fresh('any-b'), fresh('any-c')];
      clock.later(second);
      for (const order of orders) await drafts(world.store, order, clock.at);
      let answers: number[] = [];
      // 599: the receiver has taken it, and the answer is lost on the way.
      const heard: { order: string; version: number }[] = [];
      own.answer = ({ body }) => {
        const answer = answers.shift() ?? 204;
        if (answer !== 500) heard.push(body);
        return answer;
      };
      for (const next of happenings)
        if (next.kind === 'revise') await revises(world.store, orders[next.order] ?? '', 1, clock.later(1));
        else if (next.kind === 'relays') await Promise.all(Array.from({ length: next.count }, () => relay().drain()));
        else if (next.kind === 'receiver') answers = next.answers;
        else clock.later(next.ms);
      answers = [];
      clock.later(day);
      await relay().drain();
      for (const order of orders) {
        const versions = heard.filter((one) => one.order === order).map(({ version }) => version);
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
        const { length } = await world.store.collections.journal.find({ order }).toArray();
        expect([...new Set(versions)]).toEqual(Array.from({ length }, (_, i) => i + 1));
      }
      await hooks.remove(seller, id);
    }),
    { numRuns: 15 },
  );
});

describe('secrets', () => {
  test('are rotated: for a day both sign, then the new one alone', async () => {
    const { id, secret } = await subscribed();
    const order = fresh('rotated');
    await drafts(world.store, order, clock.later(second));
    await relay().drain();
    const rotated = await hooks.rotate(seller, id);
    const signers = async () => {
      await revises(world.store, order, 1, clock.at);
      await relay().drain();
      const last = receiver.taken.at(-1);
      return last ? [isSignedWith(secret, last, clock.at), isSignedWith(rotated.secret, last, clock.at)] : [];
    };
    clock.later(day - 1);
    expect(await signers()).toEqual([true, true]);
    clock.later(1);
    expect(await signers()).toEqual([false, true]);
  });

  test('are shown once', async () => {
    const { id, secret } = await subscribed();
    const shown = [
      await hooks.find(seller, id),
      await hooks.list(seller),
      await hooks.change(seller, id, { url: receiver.url }),
    ];
    expect(JSON.stringify(shown)).not.toContain(secret);
  });
});

describe('telling again', () => {
  test('from an instant on, over many orders, each in order', async () => {
    const orders = Array.from({ length: 60 }, (_, i) => fresh(`again-${String(i)}`));
    for (const order of orders) await drafts(world.store, order, clock.at);
    const from = clock.later(minute);
    for (const order of orders.slice(0, 55)) await revises(world.store, order, 2, clock.at);
    clock.later(minute);
    const { id } = await subscribed();
    await relay().drain();
    expect(receiver.calls).toEqual([]);
    await hooks.replay(seller, id, { from });
    await Promise.all([relay().drain(), relay().drain()]);
    expect(orders.map((order) => receiver.versions(order))).toEqual(orders.map((_, i) => (i < 55 ? [2, 3] : [])));
    expect(await hooks.find(seller, id)).not.toHaveProperty('replay');
  });

  test('at once, however long it would have waited to be tried again', async () => {
    const { id } = await subscribed();
    const order = fresh('impatient');
    await drafts(world.store, order, clock.later(second));
    receiver.answer = () => 503;
    await relay().drain();
    receiver.answer = () => 204;
    await relay().drain();
    expect(receiver.versions(order)).toEqual([]);
    clock.later(second);
    await hooks.replay(seller, id, { order, version: 1 });
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1]);
  });

  test('from a version of one order on, before what comes later', async () => {
    const { id } = await subscribed();
    const order = fresh('one');
    await drafts(world.store, order, clock.later(second));
    await revises(world.store, order, 3, clock.at);
    await relay().drain();
    await revises(world.store, order, 1, clock.later(second));
    await hooks.replay(seller, id, { order, version: 3 });
    await relay().drain();
    expect(receiver.versions(order)).toEqual([1, 2, 3, 4, 3, 4, 5]);
    await expect(hooks.replay(seller, id, { order: 'nobodys' })).rejects.toMatchObject({ code: 'order.not-found' });
    await expect(hooks.replay(seller, id, { since: 1 })).rejects.toMatchObject({ code: 'message.invalid' });
  });
});

describe('whose it is', () => {
  test('nobody sees, changes or replays another’s; the platform does', async () => {
    const { id } = await subscribed();
    const stranger: WebhookOwner = { role: 'buyer', member: lighting.supplier };
    const none = { code: 'webhook.not-found' };
    await expect(hooks.find(stranger, id)).rejects.toMatchObject(none);
    await expect(hooks.change(stranger, id, { state: 'paused' })).rejects.toMatchObject(none);
    await expect(hooks.rotate(stranger, id)).rejects.toMatchObject(none);
    await expect(hooks.remove(stranger, id)).rejects.toMatchObject(none);
    await expect(hooks.deliveries(stranger, id)).rejects.toMatchObject(none);
    await expect(hooks.test(stranger, id)).rejects.toMatchObject(none);
    await expect(hooks.replay(stranger, id, { from: clock.at })).rejects.toMatchObject(none);
    expect(await hooks.list(stranger)).toEqual([]);
    expect(await hooks.find(platform, id)).toMatchObject({ id, owner: seller });
    // Of an order that is not its own nothing is told again either.
    const { id: other } = await subscribed(['*'], stranger);
    const order = fresh('not-theirs');
    await drafts(world.store, order, clock.at);
    await expect(hooks.replay(stranger, other, { order })).rejects.toMatchObject({ code: 'order.not-found' });
  });

  test('what is asked for badly is told with its place', async () => {
    const add = (terms: unknown) => hooks.add(seller, terms).catch((fault: unknown) => fault);
    const { url } = receiver;
    expect(await add({ url, events: ['paid*'] })).toMatchObject({
      code: 'message.invalid',
      message: expect.stringContaining('events'),
    });
    expect(await add({ url: 'ftp://a.example', events: ['*'] })).toMatchObject({ code: 'message.invalid' });
    expect(await add({ url: 'https://me:secret@a.example', events: ['*'] })).toMatchObject({ code: 'message.invalid' });
    expect(await add({ url, events: ['*'], colour: 'red' })).toMatchObject({
      message: expect.stringContaining('colour'),
    });
    const strict = new WebhookClient({ store: world.store });
    await expect(strict.add(seller, { url, events: ['*'] })).rejects.toMatchObject({ code: 'webhook.url-not-allowed' });
  });
});
