/** Relays as processes: two share the work, one that is killed leaves nothing behind, and one that is told to end finishes. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { WebhookClient } from '../../clients/webhooks';
import { freePorts } from '../../ops/servers/ports';
import { lighting, openWorld, type World } from '../support/world';
import { drafts, HookReceiver, revises } from '../support/webhooks';

let world: World;
let receiver: HookReceiver;
const children: ChildProcess[] = [];
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  receiver = await new HookReceiver().open();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await receiver.close();
  await world.close();
});

const root = resolve(__dirname, '../..');

async function relay(env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = fork(join(root, 'ops', 'run.cjs'), ['relay/main.ts'], {
    env: {
      ...process.env,
      MONGODB_URI: world.mongodbUri,
      TA_WEBHOOK_ALLOW_PRIVATE: 'true',
      TA_WEBHOOK_TIMEOUT_MS: '1000',
      TA_LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  await once(child, 'message');
  return child;
}

test('two share the work; one is killed with calls in hand, and the other tells it all, each order in order', async () => {
  const [port = 0] = await freePorts(1);
  const [first, second] = await Promise.all([relay({ TA_HEALTH_PORT: String(port) }), relay()]);
  expect((await fetch(`http://127.0.0.1:${String(port)}/healthz`)).status).toBe(200);
  const hooks = new WebhookClient({ store: world.store, allowPrivate: true });
  const owner = { role: 'supplier', member: lighting.supplier } as const;
  await hooks.add(owner, { url: receiver.url, events: ['*'] });
  receiver.answer = () => 'hang';
  const orders = Array.from({ length: 12 }, (_, i) => `shared-${String(i)}-${randomUUID().slice(0, 8)}`);
  const now = () => new Date().toISOString();
  for (const order of orders) await drafts(world.store, order, now());
  // One relay has no more than four calls to a receiver in hand.
  await receiver.until((_taken, calls) => calls.length > 4);
  first.kill('SIGKILL');
  await once(first, 'exit');
  receiver.answer = () => 204;
  for (const order of orders) await revises(world.store, order, 2, now());
  await receiver.until(() => orders.every((order) => receiver.versions(order).at(-1) === 3));
  for (const order of orders) expect([...new Set(receiver.versions(order))]).toEqual([1, 2, 3]);

  const ended = once(second, 'exit');
  second.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await world.store.collections.outbox.countDocuments({ sent: false })).toBe(0);
});
