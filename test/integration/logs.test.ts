/**
 * A story with worker, API and relay as processes that log everything there is (`TA_LOG_LEVEL=trace`), with bad tokens, refusals and a
 * receiver that fails: no line of theirs names a person or opens a door.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mintToken } from '../../clients/http/dev-issuer';
import { freePorts } from '../../ops/servers/ports';
import { Own } from '../chaos/parts';
import { MailServer } from '../support/mail-server';
import { lighting, openWorld, required, type World } from '../support/world';

let world: World;
let mail: MailServer;
const dataDir = mkdtempSync(join(tmpdir(), 'ta-logs-'));
const parts: Own[] = [];
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  mail = await new MailServer().open();
});
afterAll(async () => {
  await Promise.all(parts.map((part) => part.kill()));
  await mail.close();
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const people = {
  contact: { name: 'Wiebke Quastenburg', email: 'quastenburg@buyer.example', phone: '+49 40 7788 990' },
  consignee: 'Xaver Ypsmeier, Deichtorweg 7, Hamburg',
};
const secrets = {
  api: 'an API secret of this test',
  callback: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
  smtp: 'pa55-of-the-mail-server',
};

test('no line of a story’s logs names a person or opens a door', async () => {
  const [port = 0] = await freePorts(1);
  const env = {
    ...{ TA_DATA_DIR: dataDir, TA_TASK_QUEUE: world.taskQueue, TA_LOG_LEVEL: 'trace', TA_FEED_DIR: '' },
    ...{ MONGODB_URI: world.mongodbUri, TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS') },
    ...{ TA_KEYS: required('TA_KEYS'), TA_PAYLOADS: 'plain', TA_DEV_ISSUER: 'true' },
    ...{ TA_API_PORT: String(port), TA_API_SECRET: secrets.api, TA_CALLBACK_SECRET: secrets.callback },
    ...{
      TA_SMTP_URL: mail.url.replace('//', `//ta:${secrets.smtp}@`),
      TA_MAIL_FROM: 'Trade Assurance <ta@ta.example>',
    },
    TA_WEBHOOK_ALLOW_PRIVATE: 'true',
  };
  parts.push(
    new Own('worker', 'worker', 'workers/main.ts', env, dataDir, false),
    new Own('api', 'api', 'clients/http/main.ts', env, dataDir, false),
    new Own('relay', 'relay', 'relay/main.ts', env, dataDir, false),
  );
  await Promise.all(parts.map((part) => part.start()));

  const url = `http://127.0.0.1:${String(port)}`;
  const tokens = await Promise.all(
    (['supplier', 'buyer'] as const).map((role) =>
      mintToken(dataDir, 'trade-assurance', { role, member: lighting[role] }),
    ),
  );
  const [supplier = '', buyer = ''] = tokens;
  const call = async (token: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const { contract } = lighting;
  const draft = {
    ...lighting,
    contract: {
      ...contract,
      shipping: { ...contract.shipping, consignee: people.consignee },
      contacts: { ...contract.contacts, buyer: people.contact },
    },
  };
  const hook = await call(supplier, '/v1/webhooks', { url: 'http://127.0.0.1:1/nobody', events: ['*'] });
  const { secret = '' } = hook.body as { secret?: string };
  expect({ status: hook.status, secret }).toMatchObject({
    status: 201,
    secret: expect.stringMatching(/^whsec_/) as string,
  });
  const drafted = await call(supplier, '/v1/orders', draft);
  expect(drafted.status).toBe(201);
  const { order } = drafted.body as { order: string };
  const messages = `/v1/orders/${order}/messages`;
  expect((await call(supplier, `${messages}/confirm`, { revision: 1 })).status).toBe(200);
  // Refused by its form, with a person in it; by the rules; and by who asks.
  const wrong = {
    baseRevision: 1,
    changes: { contacts: { buyer: { ...people.contact, email: 'quastenburg at home' } } },
  };
  expect((await call(buyer, `${messages}/revise`, wrong)).status).toBe(400);
  expect((await call(buyer, `${messages}/decline`, { revision: 9, reason: people.contact.name })).status).toBe(409);
  expect((await call(`${buyer}x`, `/v1/orders/${order}`)).status).toBe(401);
  expect((await call(buyer, `/v1/orders?q=${encodeURIComponent('Quastenburg')}`)).status).toBe(200);
  expect((await call(buyer, `${messages}/confirm`, { revision: 1 })).status).toBe(200);
  while ((await world.store.collections.mails.countDocuments({ attempts: { $gt: 0 } })) === 0) await pause(100);
  while ((await world.store.collections.webhookDeliveries.countDocuments({ attempts: { $gt: 0 } })) === 0)
    await pause(100);
  await Promise.all(parts.map((part) => part.stop()));

  const logs = parts.map(({ logFile }) => readFileSync(logFile, 'utf8'));
  const [ofWorker = '', ofApi = ''] = logs;
  expect(ofWorker).toContain('order worker polls');
  expect(ofApi.match(/"msg":"request"/g)?.length).toBeGreaterThan(6);
  const { keys } = world.store;
  expect(keys).toBeDefined();
  const [, ...key] = required('TA_KEYS').split(':');
  const forbidden = [
    ...['Wiebke', 'Quastenburg', 'quastenburg', '7788 990', 'Ypsmeier', 'Deichtorweg'],
    ...['Chen Lihua', 'sales@haisheng-lighting', 'Katrin', 'einkauf@'],
    ...[supplier, buyer].map((token) => token.split('.')[2] ?? token),
    ...[secret, secrets.api, secrets.callback, secrets.smtp, key.join(':')],
  ];
  const found = logs.flatMap((log, index) =>
    forbidden.filter((word) => log.includes(word)).map((word) => `${parts[index]?.name ?? ''}: ${word}`),
  );
  expect(found).toEqual([]);
});
