/** Notices as mails, over real SMTP: to whom they concern, in their language, each once, tried for three days. */
import { randomUUID } from 'node:crypto';
import { mailerAt, type Mailer } from '../../partners/mail';
import { Relay } from '../../relay/relay';
import { tellBeside } from '../../store/beside-notices';
import { listMails, retryMails } from '../../store/mails';
import { findMember } from '../../store/read';
import { as, lighting, openWorld, type World } from '../support/world';
import { MailServer } from '../support/mail-server';
import { drafts, happens, TestClock } from '../support/webhooks';

let world: World;
let server: MailServer;
let mailer: Mailer;
let clock: TestClock;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  // Of the buyer one person is concerned, so that a notice to it is one mail.
  const { users = [] } = await memberOf(lighting.buyer);
  const owners = users.filter(({ role }) => role === 'owner').slice(0, 1);
  await world.store.collections.members.updateOne({ _id: lighting.buyer }, { $set: { users: owners } });
});
afterAll(() => world.close());
beforeEach(async () => {
  clock = new TestClock();
  server = await new MailServer().open();
  mailer = mailerAt(server.url);
});
afterEach(async () => {
  mailer.close();
  await server.close();
  await world.store.collections.mails.deleteMany({});
});

const from = 'Trade Assurance <orders@ta.example>';
const relay = () =>
  new Relay({
    store: world.store,
    call: () => Promise.resolve({ status: 204 }),
    mail: { mailer, from, platform: ['operators@ta.example'] },
    now: clock.now,
    chance: () => 1,
    onFailure: (fault) => {
      throw fault;
    },
  });
const fresh = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;
const memberOf = async (id: string) => (await findMember(world.store, id))!;

/** Of a new order the buyer is told. */
async function drafted(name = 'mail'): Promise<string> {
  const order = fresh(name);
  await drafts(world.store, order, clock.at);
  return order;
}

test('a notice is written to those whom it concerns, in their language, as text and as HTML', async () => {
  const order = await drafted();
  const confirm = { name: 'confirm', id: 'c', actor: as.supplier.as, data: { revision: 1 } } as const;
  await happens(world.store, order, confirm, clock.at);
  const decline = { revision: 1, reason: 'Too <b>dear</b> & late' };
  const actor = as.buyer.as;
  await happens(world.store, order, { name: 'decline', id: 'd', actor, data: decline }, clock.at);
  await relay().drain();
  const { users: sellers = [] } = await memberOf(lighting.supplier);
  const { users: buyers = [] } = await memberOf(lighting.buyer);
  const trade = ({ role, active }: { role: string; active: boolean }) => active && ['owner', 'sales'].includes(role);
  const ofSeller = sellers.filter(trade).map(({ email }) => email);
  expect(ofSeller.length).toBeGreaterThan(1);
  const addressesOf = (word: string) => server.addresses(({ subject = '' }) => subject.includes(word)).sort();
  expect(addressesOf('drafted')).toEqual(buyers.map(({ email }) => email));
  expect(addressesOf('拒绝')).toEqual(ofSeller.sort());

  const told = server.taken.find(({ subject }) => subject?.includes('drafted'));
  const said = `Ningbo Haisheng Lighting Co., Ltd. has drafted order ${order}.`;
  expect(told?.text).toContain(said);
  expect(told?.subject).toBe(`Trade Assurance · ${said}`);
  expect(told?.from?.text).toContain('orders@ta.example');
  const declined = server.taken.find(({ subject }) => subject?.includes('拒绝'));
  expect(declined?.subject).toContain('信用保障');
  expect(declined?.text).toContain('Too <b>dear</b> & late');
  expect(declined?.html).toContain('Too &lt;b&gt;dear&lt;/b&gt; &amp; late');
  expect(declined?.html).not.toContain('<b>');
  expect(declined?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(new Set(server.taken.map(({ messageId }) => messageId)).size).toBe(server.taken.length);
});

test('each is written once, whichever relay comes to it', async () => {
  const order = await drafted();
  await Promise.all([relay().drain(), relay().drain(), relay().drain()]);
  const count = server.taken.length;
  await relay().drain();
  await world.store.collections.outbox.updateMany({ order }, { $set: { sent: false } });
  await relay().drain();
  expect(server.taken).toHaveLength(count);
  expect(await listMails(world.store, { order })).toHaveLength(count);
});

test('a server that is away is tried again under the same Message-ID, for three days; then it is parked, and may be tried again', async () => {
  const order = await drafted();
  server.refuses = () => 451;
  await relay().drain();
  expect(await listMails(world.store, { order })).toMatchObject([
    { state: 'pending', attempts: 1, log: [{ error: 'eenvelope' }] },
  ]);
  const began = clock.at;
  for (;;) {
    const [waiting] = await listMails(world.store, { order, state: 'pending' });
    if (!waiting) break;
    clock.at = waiting.dueAt;
    await relay().drain();
  }
  expect(Date.parse(clock.at) - Date.parse(began)).toBe(3 * 86_400_000);
  expect(await listMails(world.store, { order, state: 'parked' })).toHaveLength(1);

  server.refuses = () => undefined;
  expect(await retryMails(world.store, clock.later(1000), order)).toBe(1);
  await relay().drain();
  expect(server.taken).toHaveLength(1);
  expect(await listMails(world.store, { order })).toMatchObject([{ state: 'sent' }]);
});

test('an address that does not exist is parked at once, and holds nobody up', async () => {
  const [gone, fine] = [await drafted(), await drafted()];
  let first = true;
  server.refuses = () => {
    const answer = first ? 550 : undefined;
    first = false;
    return answer;
  };
  await relay().drain();
  expect(server.taken).toHaveLength(1);
  const all = [...(await listMails(world.store, { order: gone })), ...(await listMails(world.store, { order: fine }))];
  expect(all.map(({ state, attempts }) => [state, attempts]).sort()).toEqual([
    ['parked', 1],
    ['sent', 1],
  ]);
});

test('what is older than three days is no news any more', async () => {
  await drafted();
  clock.later(4 * 86_400_000);
  await relay().drain();
  expect(server.taken).toEqual([]);
});

test('a user’s own language goes before that of its company', async () => {
  const members = world.store.collections.members;
  const before = await memberOf(lighting.buyer);
  const user = {
    id: 'li',
    name: 'Li Na',
    email: 'li@alster.example',
    role: 'owner',
    active: true,
    language: 'zh',
  } as const;
  await members.updateOne({ _id: lighting.buyer }, { $set: { users: [user] } });
  const order = await drafted();
  await relay().drain();
  await members.replaceOne({ _id: lighting.buyer }, before);
  expect(server.addresses()).toEqual(['li@alster.example']);
  expect(server.taken[0]?.text).toContain(`已起草订单 ${order}`);
});

test('what goes on beside the orders is written, too, once', async () => {
  const { store } = world;
  const key = 'credit.accrued' as const;
  const params = { order: 'o', before: 'USD 1.00', after: 'USD 2.00' };
  const notices = [{ to: { role: 'supplier' as const, member: lighting.supplier }, key, params }];
  const subject = `withdrawal:${fresh('w')}` as const;
  await store.transaction((session) => tellBeside(store, subject, notices, clock.at, session));
  await Promise.all([relay().drain(), relay().drain()]);
  const { users = [] } = await memberOf(lighting.supplier);
  const concerned = users.filter(({ role }) => role === 'owner' || role === 'finance').map(({ email }) => email);
  expect(server.addresses().sort()).toEqual(concerned.sort());
  expect(await listMails(store)).toMatchObject(concerned.map(() => ({ subject, state: 'sent' })));
});
