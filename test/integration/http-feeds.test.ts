/** Feeds over HTTP and by the watched folder, on real servers: stored before the answer, once, and believed only with proof. */
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { watchFolder } from '../../clients/feeds/folder';
import { maxDelivery } from '../../clients/feeds/limits';
import { profiles } from '../../clients/feeds/profiles';
import type { FeedSource } from '../../domain/inbox';
import { isRefusal } from '../../domain/refusal';
import { addDays } from '../../domain/time';
import { addSource, rotateSource, setSourceActive } from '../../store/feed-sources';
import { findDelivery, listRows, rawOf } from '../../store/inbox';
import { debits } from '../support/feeds';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { paidOrder } from '../support/paid-order';
import { openWorld, type World } from '../support/world';

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

const now = () => new Date().toISOString();
const released = (declaration: string) =>
  JSON.stringify({ fact: 'customsReleased', data: { declaration, releasedAt: '2026-11-20T04:00:00.000Z' } });
const stored = (source: FeedSource | { refused: string }): FeedSource => {
  if (isRefusal(source)) throw new Error(source.refused);
  return source as FeedSource;
};
const secretOf = ({ secrets }: FeedSource): string => secrets.at(-1)?.secret ?? '';

/** Delivers, signed with a secret. */
const signed = (body: string, secret: string, { id = 'w-1', at = new Date(), kind = 'customs' } = {}) =>
  http.call(undefined, 'POST', `/v1/feeds/${kind}/json`, {
    body,
    headers: {
      'content-type': 'text/plain',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  });

/** The rows of a delivery once it is worked off. */
async function rowsOf(delivery: string) {
  for (;;) {
    const { rows } = await listRows(world.store, { delivery });
    if (rows.length > 0 && rows.every(({ state }) => state !== 'pending')) return rows;
    await pause(50);
  }
}

test('R32 what was not understood is told to the platform, with its place, until an operator closes it', async () => {
  const file = [
    "UNB+UNOA:2+CUSTOMS+BROKER+261120:0400+I1'UNH+1+CUSRES:D:96A:UN'BGM+963+N-1+9'RFF+ABT:DECL-1'",
    "GIS+QQQ'UNT+5+1'UNZ+1+I1'",
  ].join('');
  const sent = await http.call(callers.customs, 'POST', '/v1/feeds/customs/cusres', { body: file });
  const [row] = await rowsOf(String(sent.body.id));
  expect(row).toMatchObject({ state: 'dead', code: 'status.unknown', at: { message: 'I1/1', index: 0 } });
  const listed = await http.call(callers.platform, 'GET', '/v1/inbox?state=dead&profile=cusres');
  expect(listed.body.rows).toMatchObject([{ id: row?.id, why: expect.stringContaining('QQQ') as string }]);
  const close = (caller: Parameters<HttpWorld['call']>[0]) =>
    http.call(caller, 'POST', `/v1/inbox/rows/${row?.id ?? ''}/close`, { body: { why: 'asked the broker' } });
  expect((await close(callers.customs)).status).toBe(403);
  expect(await close(callers.platform)).toMatchObject({
    status: 200,
    body: { state: 'ignored', closed: { by: 'operator-1', why: 'asked the broker' } },
  });
  expect(await close(callers.platform)).toMatchObject({ status: 409, body: { code: 'inbox.row-not-dead' } });
});

test('while a large file is read, others are answered', async () => {
  const body = Buffer.from(debits(9 * 1024 * 1024)).toString();
  const sent = await http.call(callers.bank, 'POST', '/v1/feeds/bank/camt.053', { body });
  const id = String(sent.body.id);
  const isBeingRead = async () => {
    const found = await world.store.collections.inbox.findOne({ _id: id }, { projection: { state: 1, lease: 1 } });
    return found?.state === 'received' && found.lease !== undefined;
  };
  while (!(await isBeingRead())) expect((await findDelivery(world.store, id))?.state).toBe('received');
  for (let n = 0; n < 20; n += 1) expect((await http.call(undefined, 'GET', '/healthz')).status).toBe(200);
  // All of them were answered before the first row was there.
  expect([await isBeingRead(), await world.store.collections.inboxRows.countDocuments({ delivery: id })]).toEqual([
    true,
    0,
  ]);
  const rows = await rowsOf(id);
  expect([rows.length > 0, new Set(rows.map(({ code }) => code))]).toEqual([true, new Set(['entry.debit'])]);
});

describe('POST /v1/feeds/{kind}/{profile}', () => {
  it('with a feed’s token stores the bytes and answers 202, the same again with the same id, and routes them', async () => {
    const order = await paidOrder(world, 'fed');
    const { payTo = '' } = await world.ta.view(order);
    const body = JSON.stringify({
      fact: 'paymentCredited',
      data: {
        account: payTo,
        entryReference: `F-${order}`,
        amount: { amount: 100, currency: 'USD' },
        method: 'tt',
        valueDate: '2026-11-22',
      },
      remittance: order,
    });
    const first = await http.call(callers.bank, 'POST', '/v1/feeds/bank/json', { body });
    expect([first.status, first.body.isRepeated]).toEqual([202, false]);
    const again = await http.call(callers.bank, 'POST', '/v1/feeds/bank/json', { body });
    expect([again.status, again.body]).toEqual([202, { id: first.body.id, isRepeated: true }]);
    expect(await rowsOf(String(first.body.id))).toMatchObject([{ state: 'routed', outcome: 'applied', order }]);
    const path = `/v1/inbox/${String(first.body.id)}`;
    expect(first.headers.get('location')).toBe(path);
    const seen = await http.call(callers.bank, 'GET', path);
    expect(seen.body).toMatchObject({
      delivery: { state: 'read', source: 'citibank' },
      rows: [{ outcome: 'applied' }],
    });
    expect((await http.call(callers.customs, 'GET', path)).status).toBe(404);
    expect((await http.call(callers.buyer, 'GET', path)).status).toBe(403);
    const raw = await http.call(callers.platform, 'GET', `${path}/raw`);
    expect([raw.text, raw.headers.get('content-type')]).toEqual([body, 'application/octet-stream']);
    const { paths } = (await http.call(undefined, 'GET', '/v1/openapi.json')).body;
    const documented = paths['/v1/inbox/{delivery}/raw'].get.responses['200'].content as object;
    expect(Object.keys(documented)).toEqual(['application/octet-stream']);
  });

  it('takes a signature in place of a token: of each secret while it holds, over the bytes as they are', async () => {
    const source = stored(await addSource(world.store, { id: 'single-window', kind: 'customs', member: 'cn' }, now()));
    const old = secretOf(source);
    const first = await signed(released('D-1'), old);
    expect(first.status).toBe(202);
    expect(await findDelivery(world.store, String(first.body.id))).toMatchObject({
      source: 'single-window',
      messageId: 'w-1',
    });
    expect((await signed(released('D-1'), old)).body).toEqual({ id: first.body.id, isRepeated: true });
    const other = await signed(released('D-2'), old);
    expect([other.status, other.body.code]).toEqual([409, 'inbox.id-reused']);

    const rotated = stored(await rotateSource(world.store, 'single-window', now(), addDays(now(), 1)));
    for (const [id, secret] of [
      ['w-2', old],
      ['w-3', secretOf(rotated)],
    ] as const)
      expect((await signed(released('D-3'), secret, { id })).status).toBe(202);
    const again = stored(await rotateSource(world.store, 'single-window', now(), now()));
    expect((await signed(released('D-4'), old, { id: 'w-4' })).status).toBe(401);
    expect((await signed(released('D-4'), secretOf(again), { id: 'w-4' })).status).toBe(202);
    stored(await setSourceActive(world.store, 'single-window', false));
    expect((await signed(released('D-5'), secretOf(again), { id: 'w-5' })).status).toBe(401);
  });

  it('believes nobody without proof: no token, an old or foreign signature, another kind’s token', async () => {
    const source = stored(await addSource(world.store, { id: 'proof', kind: 'customs', member: 'cn' }, now()));
    const secret = secretOf(source);
    const body = released('D-6');
    const minutes = (n: number) => new Date(Date.now() + n * 60_000);
    const tampered = await http.call(undefined, 'POST', '/v1/feeds/customs/json', {
      body: released('D-7'),
      headers: {
        'webhook-id': 'w-9',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': new Webhook(secret).sign('w-9', new Date(), body),
      },
    });
    const answers = [
      await http.call(undefined, 'POST', '/v1/feeds/customs/json', { body }),
      await signed(body, secret, { at: minutes(-6) }),
      await signed(body, secret, { at: minutes(6) }),
      await signed(body, `whsec_${Buffer.alloc(32, 7).toString('base64')}`),
      await signed(body, secret, { kind: 'bank' }),
      tampered,
      await http.call(callers.bank, 'POST', '/v1/feeds/customs/json', { body }),
      await http.call(callers.platform, 'POST', '/v1/feeds/customs/json', { body }),
    ];
    expect(answers.map(({ status, body: told }): [number, string] => [status, String(told.code)])).toEqual([
      [401, 'identity.missing'],
      ...Array.from({ length: 5 }, () => [401, 'signature.invalid']),
      [403, 'feed.source-not-allowed'],
      [403, 'identity.not-allowed'],
    ]);
    const { rows } = await listRows(world.store, { source: 'proof' });
    expect(rows).toEqual([]);
  });

  it('keeps what it cannot read, and refuses what it cannot take: too large, encoded, of no known format', async () => {
    const unreadable = await http.call(callers.customs, 'POST', '/v1/feeds/customs/json', { body: 'no json' });
    expect(unreadable.status).toBe(202);
    expect(await rowsOf(String(unreadable.body.id))).toMatchObject([{ state: 'dead', code: 'json.malformed' }]);
    const large = await http.call(callers.customs, 'POST', '/v1/feeds/customs/json', {
      body: ' '.repeat(maxDelivery + 1),
    });
    expect([large.status, large.body.code]).toEqual([413, 'request.too-large']);
    const bomb = await fetch(`${http.url}/v1/feeds/customs/json`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await http.token(callers.customs)}`, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(1024 * 1024)),
    });
    expect(bomb.status).toBe(415);
    const strange = await http.call(callers.customs, 'POST', '/v1/feeds/customs/morse', { body: '…' });
    expect([strange.status, strange.body.code]).toEqual([404, 'feed.profile-unknown']);
  });
});

test('R30 what the platform is told of money that nobody can place is about no order, and has its form', async () => {
  const data = {
    ...{ account: 'CITI-SG-ESCROW', entryReference: 'N-1', amount: { amount: 100, currency: 'USD' } },
    ...{ method: 'tt', valueDate: '2026-11-22' },
  };
  const body = { fact: 'paymentCredited', data, remittance: 'whose?' };
  const { id } = (await http.call(callers.bank, 'POST', '/v1/feeds/bank/json', { body })).body;
  expect(await rowsOf(String(id))).toMatchObject([{ outcome: 'suspense' }]);
  const told = await http.call(callers.platform, 'GET', '/v1/notices');
  expect([told.status, told.body.items[0]]).toMatchObject([
    200,
    { about: expect.stringMatching(/^suspense:/) as string },
  ]);
});

test('an operator lists the inbox, and has what is parked or dead done again', async () => {
  const body = released('D-replayed');
  const { id } = (await http.call(callers.customs, 'POST', '/v1/feeds/customs/json', { body })).body;
  await rowsOf(String(id));
  const listed = await http.call(callers.platform, 'GET', '/v1/inbox?state=parked&profile=json&limit=500');
  expect(listed.body.rows.map((row: { delivery: string }) => row.delivery)).toContain(id);
  const replayed = await http.call(callers.platform, 'POST', `/v1/inbox/${String(id)}/replay`);
  expect([replayed.status, replayed.body]).toEqual([200, { rows: 1, deliveries: 0 }]);
  const all = await http.call(callers.platform, 'POST', '/v1/inbox/replay', { body: { state: 'dead' } });
  expect(all.body.deliveries).toBeGreaterThanOrEqual(1);
  expect((await http.call(callers.platform, 'POST', '/v1/inbox/in-none/replay')).body.code).toBe('inbox.not-found');
  expect((await http.call(callers.bank, 'GET', '/v1/inbox')).status).toBe(403);
});

test('a file in the watched folder is stored, then moved to done/ or failed/; what lay there before, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ta-feeds-'));
  const place = join(folder, 'customs.json');
  mkdirSync(place);
  writeFileSync(join(place, 'before.json'), released('D-before'));
  const taken = new Map<string, string>();
  const watched = await watchFolder({
    ...{ store: world.store, folder, profiles, kick: () => undefined, restMs: 50 },
    onTaken: (file, delivery) => taken.set(file, delivery),
  });
  try {
    writeFileSync(join(place, '.hidden'), released('D-hidden'));
    writeFileSync(join(place, 'later.json.tmp'), released('D-later'));
    renameSync(join(place, 'later.json.tmp'), join(place, 'later.json'));
    writeFileSync(join(place, 'broken.json'), 'no json');
    while (taken.size < 3) await pause(50);
    expect(readdirSync(place).sort()).toEqual(['.hidden', 'done', 'failed']);
    const idOf = (file: string) => taken.get(join(place, file)) ?? '';
    expect(readdirSync(join(place, 'done')).sort()).toEqual(
      ['before.json', 'later.json'].map((file) => `${idOf(file)}-${file}`).sort(),
    );
    expect(readdirSync(join(place, 'failed'))).toEqual([`${idOf('broken.json')}-broken.json`]);
    expect(await rowsOf(idOf('later.json'))).toMatchObject([{ state: 'parked', member: 'customs-folder' }]);
  } finally {
    await watched.close();
    rmSync(folder, { recursive: true });
  }
});

test('a link in the watched folder, symbolic or hard, is not followed: another file of the machine gets into no inbox', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ta-feeds-'));
  const secret = join(folder, '.secret');
  writeFileSync(secret, 'SECRET-TARGET-CONTENT');
  const place = join(folder, 'customs.json');
  mkdirSync(place);
  const refused: string[] = [];
  const watched = await watchFolder({
    ...{ store: world.store, folder, profiles, kick: () => undefined, restMs: 50 },
    onFault: (fault) => refused.push(String(fault)),
  });
  try {
    symlinkSync(secret, join(place, 'link.json'));
    linkSync(secret, join(place, 'hard.json'));
    while (refused.length < 2) await pause(50);
    expect(readdirSync(join(place, 'failed')).sort()).toEqual(['hard.json', 'link.json']);
    expect(refused.join()).toMatch(/it was not read/);
    const kept = await world.store.collections.inboxRows.find({ why: /SECRET/ }).toArray();
    expect(kept).toEqual([]);
    expect(await world.store.collections.inbox.countDocuments({ file: /link|hard/ })).toBe(0);
  } finally {
    await watched.close();
    rmSync(folder, { recursive: true });
  }
});

test('a file that is still being written when a process begins to watch is taken once it is whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ta-feeds-'));
  const place = join(folder, 'customs.json');
  mkdirSync(place);
  const path = join(place, 'slow.json');
  const whole = [...Array.from({ length: 20 }, (_, n) => `${released(`D-slow-${String(n)}`)}\n`)];
  writeFileSync(path, '');
  const taken: string[] = [];
  const watching = watchFolder({
    ...{ store: world.store, folder, profiles, kick: () => undefined },
    onTaken: (_, delivery) => taken.push(delivery),
  });
  try {
    for (const line of whole) {
      appendFileSync(path, line);
      await pause(50);
    }
    while (taken.length === 0) await pause(50);
    expect(Buffer.from((await rawOf(world.store, taken[0] ?? '')) ?? []).toString()).toBe(whole.join(''));
  } finally {
    await (await watching).close();
    rmSync(folder, { recursive: true });
  }
});

test('a path that no feed has is refused with its field, whoever delivers', async () => {
  for (const [path, field] of [
    ['parcels/json', 'kind'],
    [`bank/${'0'.repeat(41)}`, 'profile'],
  ]) {
    const { status, body } = await http.call(callers.bank, 'POST', `/v1/feeds/${path}`, { body: '{}' });
    expect([status, body.code, body.fields?.[0]?.path]).toEqual([400, 'request.invalid', field]);
  }
});
