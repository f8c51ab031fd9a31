/** Members on real servers: points beside the limit, suspension and reinstatement (R58), applications (R13), users. */
import { setTimeout as pause } from 'node:timers/promises';
import { runCli } from '../../clients/cli/captured';
import { MembershipClient } from '../../clients';
import type { CreditFact } from '../../domain/credit';
import type { Person } from '../../domain/users';
import application from '../../seeds/enrolments/wenzhou-valves.json';
import { bookFact, entriesOf } from '../../store/credit';
import { replayCredit } from '../../store/credit-replay';
import { commitEnrolment, findEnrolment } from '../../store/enrolment';
import { addUser, memberFile, proposeReinstatement, removeUser } from '../../store/members';
import { noticesTo } from '../../store/notices';
import { pointsOf } from '../../store/rewards';
import { step } from '../../domain/enrolment';
import { parseEnrolmentMessage } from '../../domain/enrolment-messages';
import { enrolmentPolicy } from '../../domain/enrolment-policy';
import policyJson from '../../seeds/policies/enrolment-v1.json';
import { as, lighting, openWorld, required, type World } from '../support/world';

let world: World;
let members: MembershipClient;
beforeAll(async () => {
  world = await openWorld();
  members = new MembershipClient(world.ta.options);
  // Commands that run in this process read the same environment as those of a shell.
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
  });
});
afterAll(() => world.close());

const operator = (member: string): Person => ({ role: 'platform', member });
const now = () => new Date().toISOString();

const completed = (supplier: string, order: string, dollars = 1000): CreditFact => ({
  event: 'order.completed',
  supplier,
  order,
  at: now(),
  inputs: {
    buyer: 'buy-hamburg-home',
    total: { amount: dollars * 100, currency: 'USD' },
    refunded: { amount: 0, currency: 'USD' },
    completedAt: '2026-10-05T04:00:00.000Z',
    shippedOnTime: true,
    disputed: false,
    reviewScore: 5,
  },
});
const upheld = (supplier: string, order: string): CreditFact => ({
  event: 'complaint.upheld',
  supplier,
  order,
  at: now(),
  inputs: { complaint: `complaint-${order}` },
});
const memberOf = (id: string) => world.store.collections.members.findOne({ _id: id });
const toldTo = async (to: { member: string } | 'platform') =>
  (await noticesTo(world.store, to, 50)).map(({ about, key }) => `${about} ${key}`);
const standingOf = (id: string) => world.store.collections.standings.findOne({ _id: id });
const file = async (id: string) => {
  const found = await memberFile(world.store, id);
  if (!('records' in found)) throw new Error(found.text);
  return found;
};

describe('R36 a completed order', () => {
  const supplier = 'sup-shenzhen-audio';

  it('R36 earns points in the transaction that books its credit, once', async () => {
    const before = (await standingOf(supplier))?.rewards?.points ?? NaN;
    const answers = await Promise.all([1, 2, 3].map(() => bookFact(world.store, completed(supplier, 'new-1'), now())));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const earned = (await pointsOf(world.store, supplier)).filter(({ order }) => order === 'new-1');
    expect(earned).toMatchObject([{ points: 1000, policyVersion: 'points/v1' }]);
    const rewards = (await standingOf(supplier))?.rewards;
    expect(rewards?.points).toBe(before + 1000);
    expect(rewards?.labels.map(({ id }) => id)).toContain('trade-assurance');
    expect(rewards?.ranking).toBeGreaterThan(1000);
  });

  it('R36 without a policy of points neither credit nor points are booked', async () => {
    const { policies } = world.store.collections;
    const stored = await policies.findOneAndDelete({ _id: 'points/v1' });
    const booking = bookFact(world.store, completed(supplier, 'new-2'), now());
    await expect(booking).rejects.toThrow('no policy is in force');
    await policies.insertOne(stored as never);
    const orders = (await entriesOf(world.store, supplier)).map((entry) => 'order' in entry && entry.order);
    expect(orders).not.toContain('new-2');
  });

  it('R1, R36 the record of every seeded supplier replays; what is tampered with is found', async () => {
    for await (const { _id } of world.store.collections.standings.find({})) {
      const { differences, points, standing } = await replayCredit(world.store, _id, now());
      expect({ _id, differences, points, standing }).toEqual({ _id, differences: [], points: [], standing: [] });
    }
    const { points } = world.store.collections;
    const entry = await points.findOne({ supplier });
    const tamper = (by: number) => points.updateOne({ _id: entry?._id ?? '' }, { $inc: { points: by, extra: by } });
    await tamper(7);
    const found = await runCli('credit', 'replay', supplier, '--json');
    await tamper(-7);
    expect(found).toMatchObject({
      code: 1,
      json: { sound: false, points: [{ recorded: (entry?.points ?? 0) + 7 }], standing: [{ what: 'points' }] },
    });
    expect(await runCli('credit', 'replay', supplier)).toMatchObject({ code: 0 });
  });

  it('R36, R38, R39 points, labels and factor are told beside the limit', async () => {
    const { code, stdout } = await runCli('credit', 'explain', supplier);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Points +\d/);
    expect(stdout).toContain('Trade Assurance supplier (信用保障供应商)');
    expect(stdout).toMatch(/Ranking +1,\d+ per mille/);
    const { json } = await runCli('credit', 'explain', supplier, '--json');
    expect(json).toMatchObject({ rewards: { labels: [{ id: 'trade-assurance' }, {}, {}, {}, {}, {}] } });
    expect((await runCli('credit', 'replay', 'nobody', '--json')).json).toMatchObject({
      error: { code: 'member.not-found' },
    });
  });
});

describe('R58 two upheld complaints', () => {
  const supplier = lighting.supplier;

  it('R58 suspend the member with the reason on record; open orders go on, new ones are refused', async () => {
    const { ta, store } = world;
    const open = world.orderId('open');
    await ta.start(open, { ...lighting, confirm: true }, as.supplier);
    // At once, as two rulings of one day may be.
    await Promise.all(['u-1', 'u-2'].map((order) => bookFact(store, upheld(supplier, order), now())));
    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'suspended' });
    expect(await standingOf(supplier)).toMatchObject({ limit: { amount: 0 }, rewards: { labels: [], ranking: 1000 } });
    const { records } = await file(supplier);
    expect(records).toMatchObject([{ what: 'suspended', from: 'activated', by: { role: 'effect', member: 'credit' } }]);
    expect(records[0]?.reason).toMatch(/2 strikes.*order u-1.*order u-2/);
    expect(await toldTo({ member: supplier })).toContain(`member:${supplier} member.suspended`);

    const refused = ta.start(world.orderId('new'), lighting, as.supplier);
    await expect(refused).rejects.toMatchObject({ code: 'supplier.suspended' });
    expect(await ta.confirm(open, { revision: 1 }, as.buyer)).toMatchObject({ status: 'awaiting-payment' });
  });

  it('R58 a supplier that came suspended has its reason on record, too', async () => {
    expect((await file('sup-dongguan-toys')).records).toMatchObject([{ what: 'suspended', from: 'suspended' }]);
  });

  it('R58 one operator proposes, another approves: the supplier may trade again', async () => {
    const why = ['--reason', 'The carrier was at fault.'];
    const member = (...args: string[]) => runCli('member', ...args, '--json');
    const code = ({ json }: { json: unknown }) => (json as { error?: { code: string } }).error?.code;
    expect(code(await member('approve', supplier, '1', '--as', 'platform:op-2'))).toBe('reinstatement.not-proposed');
    const proposed = await member('reinstate', supplier, ...why, '--as', 'platform:op-1');
    expect(proposed).toMatchObject({ code: 0, json: { what: 'reinstatement-proposed' } });
    const proposal = String((proposed.json as { seq: number }).seq);
    expect(await member('show', supplier)).toMatchObject({
      json: { proposal: { reason: 'The carrier was at fault.' } },
    });
    expect(await toldTo('platform')).toContain(`member:${supplier} member.reinstatement-awaited`);
    expect(code(await member('approve', supplier, proposal, '--as', 'platform:op-1'))).toBe('decision.same-person');
    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'suspended' });
    const approved = await member('approve', supplier, proposal, '--as', 'platform:op-2');
    expect(approved).toMatchObject({ code: 0, json: { what: 'reinstated', to: 'activated' } });

    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'activated' });
    expect((await standingOf(supplier))?.limit.amount).toBeGreaterThan(0);
    const reinstated = (await entriesOf(world.store, supplier)).filter(({ event }) => event === 'supplier.reinstated');
    expect(reinstated).toMatchObject([{ inputs: { why: expect.stringContaining('approved by op-2') } }]);
    expect(await world.ta.start(world.orderId('again'), lighting, as.supplier)).toMatchObject({
      status: 'negotiating',
    });
  });

  it('R58 an order that waited for the supplier opens once it is reinstated; a proposal may be declined before', async () => {
    const id = 'sup-foshan-furniture';
    const become = (tradeAssurance: 'none' | 'suspended') =>
      world.store.collections.members.updateOne({ _id: id }, { $set: { tradeAssurance } });
    const self = { as: { role: 'supplier', member: id } } as const;
    const order = world.orderId('reopened');
    await become('none');
    await world.ta.start(order, { ...lighting, supplier: id, confirm: true }, self);
    expect(await world.ta.confirm(order, { revision: 1 }, as.buyer)).toMatchObject({ status: 'awaiting-activation' });
    await become('suspended');

    await proposeReinstatement(world.store, id, operator('op-1'), 'a mistake', now());
    const declined = await runCli('member', 'decline', id, '--reason', 'not yet', '--as', 'platform:op-2', '--json');
    expect(declined).toMatchObject({ code: 0, json: { what: 'reinstatement-declined', to: 'suspended' } });
    await expect(members.approveReinstatement(id, { proposal: 1, by: operator('op-2') }, now())).rejects.toMatchObject({
      code: 'reinstatement.not-proposed',
    });
    // The first proposal was declined: an approval of it approves none that came after.
    const proposed = await proposeReinstatement(world.store, id, operator('op-1'), 'a mistake', now());
    if ('refused' in proposed) throw new Error(proposed.refused);
    const proposal = proposed.seq;
    await expect(
      members.approveReinstatement(id, { proposal: proposal - 2, by: operator('op-2') }, now()),
    ).rejects.toMatchObject({ code: 'approval.none' });
    expect(await members.approveReinstatement(id, { proposal, by: operator('op-2') }, now())).toMatchObject({
      to: 'activated',
    });
    expect(await world.ta.awaitStatus(order, 'awaiting-payment')).toMatchObject({ status: 'awaiting-payment' });
  });

  it('R58 of two proposals at once one stands; a third strike suspends again', async () => {
    await bookFact(world.store, upheld(supplier, 'u-3'), now());
    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'suspended' });
    const at = now();
    const both = await Promise.all(
      ['op-1', 'op-2'].map((op) => proposeReinstatement(world.store, supplier, operator(op), `reason of ${op}`, at)),
    );
    expect(both.map((one) => ('refused' in one ? one.refused : one.what)).sort()).toEqual([
      'reinstatement-proposed',
      'reinstatement.open',
    ]);
    const { records } = await file(supplier);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
  });
});

describe('R13 an application', () => {
  const supplier = 'sup-wenzhou-valves';
  const self: Person = { role: 'supplier', member: supplier };
  const enrol = (...args: string[]) => runCli('enrol', ...args, '--json');
  const draft = { ...lighting, supplier };
  const bySupplier = { as: { role: 'supplier', member: supplier } } as const;

  /** An order of the supplier that both have confirmed, and that waits for its activation. */
  async function waiting(name: string): Promise<string> {
    const id = world.orderId(name);
    await world.ta.start(id, draft, bySupplier);
    await world.ta.confirm(id, { revision: 1 }, bySupplier);
    expect(await world.ta.confirm(id, { revision: 1 }, as.buyer)).toMatchObject({ status: 'awaiting-activation' });
    return id;
  }

  it('R13, R55 is verified, approved by another, gives the first limit, and opens the orders that wait for it', async () => {
    const [first, second, lost] = [await waiting('w-1'), await waiting('w-2'), await waiting('w-3')];
    await world.temporal.workflow.getHandle(`ta-order-${lost}`).terminate('by mistake');

    const applied = await enrol(
      ...['apply', supplier, '--file', 'seeds/enrolments/wenzhou-valves.json', '--as', `supplier:${supplier}`],
    );
    expect(applied).toMatchObject({ code: 0, json: { status: 'applied', round: 1, version: 1 } });
    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'applied' });
    const verify = ['verify', supplier, '--score', '84', '--as', 'verifier:acme-audit', '--message-id', 'report-1'];
    const verified = await enrol(...verify);
    expect(verified).toMatchObject({ code: 0, json: { status: 'verified', version: 2 } });
    expect(await enrol(...verify)).toEqual(verified);
    expect((await enrol('approve', supplier, '--as', 'platform:acme-audit')).json).toMatchObject({
      error: { code: 'decision.same-person' },
    });
    expect(await standingOf(supplier)).toMatchObject({ rewards: { labels: [] } });
    expect(await enrol('approve', supplier, '--as', 'platform:op-2')).toMatchObject({ json: { status: 'approved' } });

    expect(await memberOf(supplier)).toMatchObject({ tradeAssurance: 'activated' });
    expect(await standingOf(supplier)).toMatchObject({
      limit: { amount: 200_000, currency: 'USD' },
      rewards: { labels: [{ id: 'trade-assurance' }, { id: 'grade' }, { id: 'verified' }] },
    });
    expect(await world.ta.awaitStatus(first, 'awaiting-payment')).toMatchObject({ status: 'awaiting-payment' });
    expect(await world.ta.awaitStatus(second, 'awaiting-payment')).toMatchObject({ status: 'awaiting-payment' });
    expect(await world.ta.view(lost)).toMatchObject({ status: 'awaiting-activation' });

    const of = (key: string) => `enrolment:${supplier} enrolment.${key}`;
    expect(await toldTo('platform')).toEqual(expect.arrayContaining([of('review-awaited'), of('decision-awaited')]));
    expect(await toldTo({ member: supplier })).toContain(of('approved'));

    const { records } = await file(supplier);
    expect(records).toMatchObject([
      { what: 'applied', from: 'none', to: 'applied', by: self },
      { what: 'activated', from: 'applied', to: 'activated', by: operator('op-2') },
    ]);
    const verifications = (await entriesOf(world.store, supplier)).map((entry) => entry.event);
    expect(verifications).toEqual(['company.verified']);
    const shown = await runCli('enrol', 'show', supplier);
    expect(shown.stdout).toMatch(/Verified +84 of 100, by acme-audit/);
    expect(shown.stdout).toMatch(/3 .* platform:op-2 +approve +approved/);
    expect((await enrol('list', '--status', 'approved')).json).toMatchObject([{ supplier }]);
    expect((await enrol('withdraw', supplier, '--as', `supplier:${supplier}`)).json).toMatchObject({
      error: { code: 'enrolment.closed' },
    });
  });

  it('R13 nobody applies who is activated, suspended, or from elsewhere; and none is left behind', async () => {
    const apply = (id: string) => members.send('apply', id, application as never, { as: { ...self, member: id } });
    await expect(apply('sup-yiwu-gifts')).rejects.toMatchObject({ code: 'enrolment.not-needed' });
    await expect(apply('sup-dongguan-toys')).rejects.toMatchObject({ code: 'supplier.suspended' });
    await expect(apply('sup-hongkong-watches')).rejects.toMatchObject({ code: 'supplier.not-china' });
    await expect(apply('sup-nobody')).rejects.toMatchObject({ code: 'member.not-found' });
    expect(await findEnrolment(world.store, 'sup-yiwu-gifts')).toBeUndefined();
    await expect(
      members.send('withdraw', 'sup-nobody', {}, { as: { ...self, member: 'sup-nobody' } }),
    ).rejects.toMatchObject({
      code: 'enrolment.not-found',
    });
  });

  it('R13 is answered again as it was, after its end, too', async () => {
    const id = 'sup-guangzhou-bags';
    await world.store.collections.members.updateOne({ _id: id }, { $set: { tradeAssurance: 'none' } });
    const by = { ...self, member: id };
    const first = await members.send('apply', id, application as never, { as: by, id: 'a-1' });
    const gone = await members.send('withdraw', id, { reason: 'not now' }, { as: by, id: 'w-1' });
    expect(gone).toMatchObject({ status: 'withdrawn', version: 2 });
    await world.temporal.workflow.getHandle(`ta-enrolment-${id}`).result();
    expect(await members.send('apply', id, application as never, { as: by, id: 'a-1' })).toEqual(first);
    expect(await members.send('withdraw', id, { reason: 'not now' }, { as: by, id: 'w-1' })).toEqual(gone);
    const other = members.send('withdraw', id, { reason: 'another' }, { as: by, id: 'w-1' });
    await expect(other).rejects.toMatchObject({ code: 'message.id-reused' });
    expect(await members.send('apply', id, application as never, { as: by })).toMatchObject({ round: 2, version: 3 });
    expect((await file(id)).records.map(({ what }) => what)).toEqual(['applied', 'application-ended', 'applied']);
  });

  it('R13 of two that want one version one stores it, and the other is told what stands', async () => {
    const id = 'sup-qingdao-machinery';
    await world.store.collections.members.updateOne({ _id: id }, { $set: { tradeAssurance: 'none' } });
    const request = (messageId: string) => {
      const body = { id: messageId, actor: { ...self, member: id }, data: application };
      const message = parseEnrolmentMessage('apply', body);
      if ('refused' in message) throw new Error(message.detail);
      const next = step(undefined, id, message, enrolmentPolicy.parse(policyJson), now());
      if ('refused' in next) throw new Error(next.refused);
      return { message, next };
    };
    const [one, two] = [request('x'), request('y')];
    const answers = await Promise.all([commitEnrolment(world.store, one), commitEnrolment(world.store, two)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['stands', 'stored']);
    expect(await world.store.collections.enrolmentJournal.countDocuments({ supplier: id })).toBe(1);
    const again = answers[0].kind === 'stored' ? one : two;
    expect(await commitEnrolment(world.store, again)).toMatchObject({ kind: 'stands', enrolment: { version: 1 } });
    // A message that its enrolment no longer remembers by itself is known by its journal.
    const stands = await findEnrolment(world.store, id);
    if (!stands) throw new Error('nothing stands');
    const forgotten = { message: again.message, next: { ...stands, version: 2 } };
    expect(await commitEnrolment(world.store, forgotten)).toEqual({ kind: 'repeated', version: 1, status: 'applied' });
  });

  it('shows operators its workflow by status and supplier', async () => {
    const query = `WorkflowType = 'enrolment' AND TaSupplier = '${supplier}' AND TaStatus = 'approved'`;
    for (let tries = 0; ; tries += 1) {
      const found: string[] = [];
      for await (const { workflowId } of world.temporal.workflow.list({ query })) found.push(workflowId);
      if (found.length > 0 || tries > 50) {
        expect(found).toEqual([`ta-enrolment-${supplier}`]);
        return;
      }
      await pause(200); // visibility is told later
    }
  });
});

describe('the users of a member', () => {
  const company = 'sup-yiwu-gifts';
  const user = { name: 'Li Na', email: 'li.na@caidie-crafts.example', role: 'finance' as const, active: true };

  it('are added and removed by the platform or by an owner, with a record', async () => {
    const owner: Person = { role: 'supplier', member: company, user: 'wu-xiaomin' };
    const at = now();
    expect(await addUser(world.store, company, { id: 'li-na', ...user }, owner, at)).toHaveLength(3);
    const sales = { ...owner, user: 'jin-lele' };
    expect(await removeUser(world.store, company, 'li-na', sales, at)).toMatchObject({
      refused: 'actor.user-not-allowed',
    });
    const stranger: Person = { role: 'supplier', member: 'sup-foshan-furniture' };
    expect(await removeUser(world.store, company, 'li-na', stranger, at)).toMatchObject({
      refused: 'actor.not-the-member',
    });
    const removed = await runCli(
      'member',
      'user',
      'remove',
      company,
      '--user',
      'li-na',
      '--as',
      'platform:op-1',
      '--json',
    );
    expect(removed).toMatchObject({ code: 0, json: { users: [{}, {}, { id: 'li-na', active: false }] } });
    expect((await file(company)).records.map(({ what, by }) => [what, by.member])).toEqual([
      ['user-added', company],
      ['user-removed', 'op-1'],
    ]);
    const shown = await runCli('member', 'show', company);
    expect(shown.stdout).toMatch(/li-na .* left/);
    expect((await runCli('member', 'list', '--assurance', 'activated', '--json')).json).toContainEqual(
      expect.objectContaining({ id: company }),
    );
  });

  it('are all kept when several are added at once', async () => {
    const add = (n: number) =>
      addUser(
        world.store,
        'buy-lyon-mode',
        { ...user, id: `u-${String(n)}`, email: `u${String(n)}@maison-croixrousse.example` },
        operator('op-1'),
        now(),
      );
    await Promise.all([1, 2, 3, 4, 5].map(add));
    const { member, records } = await file('buy-lyon-mode');
    expect(member.users).toHaveLength(7);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});
