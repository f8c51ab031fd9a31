/** Secrets at rest: in MongoDB nothing that signs or opens a door can be read; old rows are sealed by the set-up. */
import { loadSettings } from '../../config/settings';
import { newKey, readKeys } from '../../config/keys';
import { isRefusal, type Refusal } from '../../domain/refusal';
import { setUp } from '../../ops/setup';
import { addSource, openSources, rotateSource } from '../../store/feed-sources';
import { sealSecrets } from '../../store/secrets';
import { openSession, tokenOfSession } from '../../store/sessions';
import { addSubscription, findSubscription, rotateSecret, signingSecrets } from '../../store/subscriptions';
import { openStore, type Store } from '../../store/store';
import { openWorld, required, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld({ withWorker: false, seeded: false });
});
afterAll(() => world.close());

const at = '2026-11-20T08:00:00.000Z';
const plainSecret = `whsec_${Buffer.from('a secret of the old days, 32 byte').toString('base64').slice(0, 44)}`;

function done<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(answer.text);
  return answer;
}

/** All that a reader of the database sees. */
async function everything({ connection }: Store): Promise<string> {
  const database = connection.getClient().db(connection.name);
  const names = ['feedSources', 'subscriptions', 'sessions'];
  const rows = await Promise.all(names.map((name) => database.collection(name).find().toArray()));
  return JSON.stringify(rows);
}

const subscription = (id: string) => ({
  ...{ id, url: 'https://erp.example/hooks', events: ['*'], at },
  owner: { role: 'platform' as const, member: 'operator-1' },
});

test('secrets of feeds and webhooks, and tokens of the portal, are sealed; who needs them reads them', async () => {
  const { store } = world;
  const added = done(await addSource(store, { id: 'citibank', kind: 'bank', member: 'citibank' }, at));
  const rotated = done(await rotateSource(store, 'citibank', at, '2026-11-27T08:00:00.000Z'));
  const [first, second] = rotated.secrets.map(({ secret }) => secret);
  expect(added.secrets[0]?.secret).toBe(first);
  expect((await openSources(store, 'bank'))[0]?.secrets.map(({ secret }) => secret)).toEqual([first, second]);

  const secrets = [plainSecret, plainSecret.replace('YS', 'YT')];
  done(await addSubscription(store, { ...subscription('wh-1'), secret: secrets[0] ?? '' }));
  done(await rotateSecret(store, 'wh-1', secrets[1] ?? '', at));
  const found = await findSubscription(store, 'wh-1');
  expect(found && signingSecrets(store, found, at)).toEqual(secrets.toReversed());

  const cookie = await openSession(store, 'a.jwt.token', at, '2026-11-20T20:00:00.000Z');
  expect(await tokenOfSession(store, cookie, at)).toBe('a.jwt.token');

  const seen = await everything(store);
  expect(seen.match(/sealed:/g)).toHaveLength(5);
  for (const secret of [first, second, ...secrets, 'a.jwt.token', cookie]) expect(seen).not.toContain(secret);
  // MongoDB itself refuses one that is not sealed.
  const naked = { $set: { 'secrets.0.secret': plainSecret } };
  await expect(store.collections.feedSources.updateOne({ _id: 'citibank' }, naked)).rejects.toThrow('validation');
});

test('the set-up seals old rows once, and anew after a rotation; then the old key may go', async () => {
  const { store, mongodbUri } = world;
  const old = {
    ...subscription('wh-old'),
    secrets: [{ secret: plainSecret, since: at }],
    state: 'active',
    createdAt: at,
  };
  const { at: _at, ...row } = old;
  await store.collections.subscriptions.insertOne({ _id: 'wh-old', ...row, updatedAt: at } as never, {
    bypassDocumentValidation: true,
  });
  const before = await findSubscription(store, 'wh-old');
  expect(before && signingSecrets(store, before, at)).toEqual([plainSecret]);

  expect(await sealSecrets(store)).toBe(1);
  expect(await sealSecrets(store)).toBe(0);
  const newer = newKey('newer');
  const rotating = await openStore(mongodbUri, { keys: readKeys(`${newer},${required('TA_KEYS')}`) });
  const after = await openStore(mongodbUri, { keys: readKeys(newer) });
  try {
    await expect(sealSecrets(after)).rejects.toThrow('the key test, which TA_KEYS does not have');
    expect(await sealSecrets(rotating)).toBe(3);
    expect(await sealSecrets(after)).toBe(0);
    const found = await findSubscription(after, 'wh-old');
    expect(found && signingSecrets(after, found, at)).toEqual([plainSecret]);
    expect(await everything(store)).not.toContain('sealed:test:');
  } finally {
    await Promise.all([rotating.close(), after.close()]);
  }
});

test('without a key the set-up says how to make one', async () => {
  const settings = loadSettings({ MONGODB_URI: world.mongodbUri, TA_DATA_DIR: '/nowhere' });
  await expect(setUp(settings, 'policies')).rejects.toThrow(/^TA_KEYS is not set: .*openssl rand -base64 32/);
});
