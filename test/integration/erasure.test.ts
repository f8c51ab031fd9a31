/**
 * Erasure by the destruction of a key: what is kept of a member's people is sealed with that member's key in every collection, and
 * when the key is gone nobody can read it, in a copy of yesterday neither; the orders of the other side go on.
 */
import { Relay } from '../../relay/relay';
import { runCli } from '../../clients/cli/captured';
import type { Member } from '../../domain/member';
import type { Person } from '../../domain/users';
import { isRefusal, type Refusal } from '../../domain/refusal';
import { checkBooks } from '../../store/check';
import { approveErasure, declineErasure, proposeErasure, sealMembers } from '../../store/erasure';
import { findFile, readFile, storeFile } from '../../store/files';
import { listMails } from '../../store/mails';
import { addUser, memberFile } from '../../store/members';
import { opened } from '../../store/personal';
import { findOrder, journalOf, rebuild } from '../../store/read';
import type { Store } from '../../store/store';
import { mailerAt } from '../../partners/mail';
import { as, lighting, openWorld, type World } from '../support/world';
import { MailServer } from '../support/mail-server';
import { drafts, happens } from '../support/webhooks';

let world: World;
let server: MailServer;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  server = await new MailServer().open();
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const at = '2026-11-02T08:00:00.000Z';
const operator = (member: string): Person => ({ role: 'platform', member });

/** People whom nothing else in the world is called by. */
const people = {
  contact: { name: 'Wiebke Quastenburg', email: 'quastenburg@buyer.example', phone: '+49 40 7788 990' },
  user: { id: 'u-1', name: 'Jochen Zwetschkau', email: 'zwetschkau@buyer.example' },
  consignee: 'Xaver Ypsmeier, Deichtorweg 7, Hamburg',
};
const traces = ['quastenburg', 'zwetschkau', 'wiebke', 'ypsmeier', 'deichtorweg', '7788 990'];

function buyer(id: string): Member {
  const { contact, user } = people;
  const users = [{ ...user, role: 'owner' as const, active: true }];
  const company = { name: 'Elbe Trading', account: 'overseas-free', country: 'DE', tradeAssurance: 'none' } as const;
  return { id, ...company, joinedAt: at, contact, users };
}

const draftOf = (member: string) => {
  const { contract } = lighting;
  const { shipping, contacts } = contract;
  return {
    ...lighting,
    buyer: member,
    contract: {
      ...contract,
      shipping: { ...shipping, consignee: people.consignee },
      contacts: { ...contacts, buyer: people.contact },
    },
  };
};

/** Everything that the database holds, as whoever reads the disk or a backup sees it. */
async function everything({ connection }: Store): Promise<string> {
  const database = connection.getClient().db(connection.name);
  const names = (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const rows = await Promise.all(names.map((name) => database.collection(name).find().toArray()));
  return rows.flat().map(readable).join('\n').toLowerCase();
}
const readable = (row: unknown): string =>
  JSON.stringify(row, (_, value: unknown) =>
    value !== null && typeof value === 'object' && 'buffer' in value
      ? Buffer.from((value as { buffer: Uint8Array }).buffer).toString('latin1')
      : value,
  );
const tracesIn = (text: string, but: readonly string[] = []): string[] =>
  traces.filter((trace) => text.includes(trace) && !but.includes(trace));

const done = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(answer.text);
  return answer;
};
const codeOf = (answer: object) => ('refused' in answer ? answer.refused : answer);

/** A company with an order, a mail and a piece of evidence, everything of it as this version stores it. */
async function company(id: string): Promise<{ order: string; file: string }> {
  const { store } = world;
  await store.collections.members.insertOne({ _id: id, ...buyer(id) });
  await sealMembers(store);
  const order = `order-of-${id}`;
  const draft = { name: 'draft', id: `${order}-draft`, actor: as.supplier.as, data: draftOf(id) } as const;
  await happens(store, order, draft, at);
  await relay().drain();
  const bytes = Buffer.from('%PDF-1.4 Wiebke Quastenburg');
  const by = { role: 'buyer', member: id } as const;
  const name = 'Quastenburg.pdf';
  const { id: file } = done(await storeFile(store, bytes, { order, by, name, type: 'application/pdf', at }));
  return { order, file };
}

const relay = () =>
  new Relay({
    store: world.store,
    call: () => Promise.resolve({ status: 204 }),
    mail: { mailer: mailerAt(server.url), from: 'Trade Assurance <orders@ta.example>', platform: [] },
    now: () => at,
    chance: () => 1,
    onFailure: (fault) => {
      throw fault;
    },
  });

const ends = (order: string, member: string) =>
  happens(
    world.store,
    order,
    { name: 'cancel', id: `${order}-cancel`, actor: { role: 'buyer', member }, data: { reason: 'no agreement' } },
    at,
  );

test('people of members and contracts, recipients of mails and files are sealed wherever they are kept', async () => {
  const { store } = world;
  const { order, file } = await company('buy-sealed');
  // The words of the search are of what is open; they go with the key.
  const seen = await everything(store);
  expect(tracesIn(seen.replaceAll(/"words":\[[^\]]*\]/g, ''))).toEqual([]);
  expect(await listMails(store, { order })).toMatchObject([
    { to: { name: people.user.name, email: people.user.email } },
  ]);
  expect(server.addresses(() => true)).toContain(people.user.email);
  expect(done(await memberFile(store, 'buy-sealed')).member).toEqual(buyer('buy-sealed'));
  expect((await findOrder(store, order))?.contract).toEqual(draftOf('buy-sealed').contract);
  expect((await journalOf(store, order))[0]?.events[0]).toMatchObject({ contract: draftOf('buy-sealed').contract });
  const kept = await findFile(store, file);
  expect(kept?.name).toBe('Quastenburg.pdf');
  expect(String(kept && (await readFile(store, kept)))).toContain('Wiebke');
});

test('once the key is destroyed nobody can read it, in an older copy neither; the other side’s order stands', async () => {
  const { store } = world;
  const id = 'buy-erased';
  const { order, file } = await company(id);
  const yesterday = await store.collections.journal.findOne({ order });
  const reason = 'Request 2026-114.';
  done(await proposeErasure(store, id, operator('op-1'), reason, at));
  expect(codeOf(await approveErasure(store, id, operator('op-1'), at))).toBe('decision.same-person');
  expect(codeOf(await approveErasure(store, id, operator('op-2'), at))).toBe('member.in-trade');
  await ends(order, id);
  expect(done(await approveErasure(store, id, operator('op-2'), at))).toMatchObject({ what: 'erased', to: 'none' });

  const others = await store.collections.members.deleteMany({ _id: 'buy-sealed' });
  expect(others.deletedCount).toBe(1);
  await store.collections.orders.updateOne({ _id: 'order-of-buy-sealed' }, { $set: { 'index.words': [] } });
  expect(tracesIn(await everything(store))).toEqual([]);
  const email = 'erased@erased.invalid';
  expect(await opened(store, yesterday)).toMatchObject({
    events: [
      { contract: { contacts: { buyer: { name: 'erased', email }, supplier: lighting.contract.contacts?.supplier } } },
    ],
  });
  expect(await findOrder(store, order)).toMatchObject({
    status: 'cancelled',
    contract: { shipping: { consignee: 'erased', destination: 'DE' }, contacts: { buyer: { name: 'erased', email } } },
  });
  expect(await listMails(store, { order })).toEqual([]);
  const kept = await findFile(store, file);
  expect(kept).toMatchObject({ name: 'erased', by: { member: id } });
  expect(kept && (await readFile(store, kept))).toBeUndefined();

  expect((await rebuild(store, { check: true })).differing).not.toContain(order);
  const wrong: string[] = [];
  await checkBooks(store, ({ subject, says }) => wrong.push(`${subject} ${says}`));
  expect(wrong.filter((one) => one.includes(id))).toEqual([]);

  // It is over: no new order, no new people, and again the same answer.
  await expect(drafts(store, 'order-too-late', at, { buyer: id })).rejects.toThrow('member.erased');
  const user = { id: 'u-2', name: 'Anna Neu', email: 'neu@buyer.example', role: 'sales', active: true } as const;
  expect(codeOf(await addUser(store, id, user, operator('op-1'), at))).toBe('member.erased');
  expect(done(await approveErasure(store, id, operator('op-2'), at))).toMatchObject({ what: 'erased' });
  expect(done(await memberFile(store, id))).toMatchObject({
    member: { contact: { name: 'erased' }, users: [{ id: 'u-1', name: 'erased', active: false }], erasedAt: at },
  });
});

test('what was stored before there were keys of members is erased, too', async () => {
  const { store } = world;
  const id = 'buy-of-old';
  const old = { ...store, keys: undefined };
  await old.collections.members.insertOne({ _id: id, ...buyer(id) });
  const order = `order-of-${id}`;
  await happens(old, order, { name: 'draft', id: `${order}-draft`, actor: as.supplier.as, data: draftOf(id) }, at);
  await ends(order, id);
  expect(tracesIn(await everything(store))).toEqual(traces);
  done(await proposeErasure(store, id, operator('op-1'), 'Request 2026-115.', at));
  done(await approveErasure(store, id, operator('op-2'), at));
  expect(tracesIn(await everything(store))).toEqual([]);
  expect((await rebuild(store, { check: true })).differing).not.toContain(order);
});

test('operators ask, decline and approve at the command line', async () => {
  const { store } = world;
  await company('buy-cli');
  await ends('order-of-buy-cli', 'buy-cli');
  const env = { MONGODB_URI: world.mongodbUri };
  Object.assign(process.env, env);
  const ta = (line: string, reason?: string) =>
    runCli(...line.split(' '), ...(reason === undefined ? [] : ['--reason', reason]));
  expect((await ta('member erase buy-cli --as platform:op-1', 'Request 2026-116.')).code).toBe(0);
  expect((await ta('member decline-erasure buy-cli --as platform:op-2', 'Not yet.')).code).toBe(0);
  expect(codeOf(await declineErasure(store, 'buy-cli', operator('op-2'), 'Again.', at))).toBe('erasure.not-proposed');
  expect((await ta('member erase buy-cli --as platform:op-1', 'Request 2026-116.')).code).toBe(0);
  const { code, stdout } = await ta('member approve-erasure buy-cli --as platform:op-2');
  expect([code, stdout]).toEqual([0, expect.stringContaining('buy-cli is erased.')]);
});
