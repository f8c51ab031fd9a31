/** The CLI on real servers: the way of an order over the real command, and the whole list of bad input, in-process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runCli, runCliWith, type CliResult } from '../../clients/cli/captured';
import { playMainRoad } from '../../seeds/main-road';
import { lighting, openWorld, required, type World } from '../support/world';

const root = join(__dirname, '..', '..');
const draftFile = join(root, 'seeds', 'orders', 'lighting.json');
const supplier = `supplier:${lighting.supplier}`;
const buyer = `buyer:${lighting.buyer}`;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  // Commands that run in this process read the same environment as those that are spawned.
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
  });
});
afterAll(() => world.close());

/** `ta` as its users run it: a process of its own. */
async function ta(args: string[], { env = {}, stdin = '' } = {}): Promise<CliResult> {
  const child = spawn(process.execPath, ['ops/run.cjs', 'clients/cli/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  child.stdin.end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1))),
  ]);
  return { code, stdout, stderr, json: args.includes('--json') ? JSON.parse(stdout) : undefined };
}

const errorOf = ({ json }: CliResult) => (json as { error: { code: string; rule?: string; detail?: string } }).error;
const show = async (id: string): Promise<unknown> => (await runCli('order', 'show', id, '--json')).json;
const send = (id: string, message: string, as: string, data: unknown, ...more: string[]) =>
  runCli('order', 'send', id, message, '--as', as, '--data', JSON.stringify(data), '--json', ...more);
const start = (id: string, draft: unknown, ...more: string[]) =>
  runCliWith(JSON.stringify(draft), 'order', 'start', '--file', '-', '--id', id, '--json', ...more);

/** A drafted order. */
async function drafted(name: string, draft: unknown = lighting): Promise<string> {
  const id = world.orderId(name);
  expect(await start(id, draft)).toMatchObject({ code: 0, json: { status: 'negotiating', version: 1 } });
  return id;
}

describe('An order over the real command', () => {
  it('is started, confirmed by both, shown, listed; the limit is explained and the books agree', async () => {
    const id = world.orderId('cli');
    const started = await ta(['order', 'start', '--file', draftFile, '--id', id, '--json']);
    expect(started).toMatchObject({ code: 0, stderr: '', json: { order: id, version: 1, status: 'negotiating' } });
    const confirmed = await ta(['order', 'send', id, 'confirm', '--as', supplier, '--data', '{"revision":1}']);
    expect(confirmed).toMatchObject({ code: 0, stderr: '' });
    expect(confirmed.stdout).toContain(`Order ${id} is awaiting-buyer at version 2.`);
    const both = await ta(['order', 'send', id, 'confirm', '--as', buyer, '--data', '-'], { stdin: '{"revision":1}' });
    expect(both.stdout).toContain('Confirmed by both: total USD 23,360.00, advance USD 7,008.00');

    const [shown, listed, explained, rebuilt, ledger] = await Promise.all([
      ta(['order', 'show', id, '--live']),
      ta(['order', 'list', '--status', 'awaiting-payment', '--json']),
      ta(['credit', 'explain', lighting.supplier]),
      ta(['rebuild', '--check', '--json']),
      ta(['ledger', 'check', '--json']),
    ]);
    expect([shown, listed, explained, rebuilt, ledger].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(shown.stdout).toContain(`Order ${id}: awaiting-payment`);
    expect(shown.stdout).toMatch(/Awaits +buyer pays the advance/);
    expect(shown.stdout).toMatch(/Advance +USD 7,008\.00/);
    expect(shown.stdout).toMatch(/The 15 days for the payment are over \(R29\), in 15 days/);
    expect(shown.stdout).toContain('refused signals: 0');
    expect(listed.json).toMatchObject([{ id, status: 'awaiting-payment', milestone: 'payment' }]);
    expect(explained.stdout).toContain('the entries explain themselves');
    expect(rebuilt.json).toMatchObject({ orders: 1, differing: [] });
    expect(ledger.json).toMatchObject({ sound: true, differing: [] });
  });

  it('names the server that does not answer, without its password, and asks only for what it needs', async () => {
    const noTemporal = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const noMongodb = { MONGODB_URI: 'mongodb://ta:secret@127.0.0.1:1/trade_assurance' };
    const [temporal, mongodb, list, table] = await Promise.all([
      ta(['order', 'send', 'po-1', 'remindPayment', '--as', supplier, '--json'], { env: noTemporal }),
      ta(['order', 'list'], { env: noMongodb }),
      ta(['order', 'list', '--json'], { env: noTemporal }),
      ta(['message', 'list'], { env: { ...noTemporal, ...noMongodb } }),
    ]);
    expect(temporal).toMatchObject({ code: 3, stderr: '', json: { error: { code: 'service.unavailable' } } });
    expect(temporal.stdout).toContain('127.0.0.1:1. Run `npm start`');
    expect(mongodb).toMatchObject({ code: 3, stdout: '' });
    expect(mongodb.stderr).toContain('MongoDB does not answer at mongodb://127.0.0.1:1/');
    expect(mongodb.stderr).not.toMatch(/secret|\n {4}at /);
    expect([list.code, table.code]).toEqual([0, 0]);
  });

  it('tells the message id when nobody answers, so that the message can be sent again', async () => {
    const { code, stderr } = await ta(
      ['order', 'start', '--file', draftFile, '--id', world.orderId('lonely'), '--timeout', '1', '--message-id', 'm-1'],
      { env: { TA_TASK_QUEUE: 'nobody-polls-this' } },
    );
    expect(code).toBe(3);
    expect(stderr).toContain('--message-id m-1');
  });
});

describe('How a contract came about', () => {
  it('R52: is told revision by revision: what changed, by whom, who agreed', async () => {
    const id = await drafted('revisions');
    await send(id, 'confirm', supplier, { revision: 1 });
    const payment = { ...lighting.contract.payment, advancePercent: 40, methods: ['tt', 'card'] };
    const lines = lighting.contract.product?.lines ?? [];
    const product = { lines: lines.map((line) => ({ ...line, unitPrice: { amount: 1_000, currency: 'USD' } })) };
    await send(id, 'revise', buyer, { baseRevision: 1, changes: { payment, product } });
    await send(id, 'confirm', buyer, { revision: 2 });
    await send(id, 'decline', supplier, { revision: 2, reason: 'The price of\ncopper' });

    const [told, asJson, none] = await Promise.all([
      runCli('order', 'revisions', id),
      runCli('order', 'revisions', id, '--json'),
      runCli('order', 'revisions', 'po-none', '--json'),
    ]);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain(`Order ${id}: 2 revisions`);
    expect(told.stdout).toMatch(/Revision 1, drafted by the supplier on .* UTC\n/);
    expect(told.stdout).toMatch(/Confirmed by supplier on .* UTC\./);
    expect(told.stdout).toMatch(/Revision 2, revised by the buyer on .* UTC, a counter-offer\n/);
    expect(told.stdout).toMatch(/payment\.advancePercent +30 +40\n/);
    expect(told.stdout).toMatch(/payment\.methods\.1 +– +card\n/);
    expect(told.stdout).toMatch(/product\.lines\.0\.unitPrice +USD 14\.50 +USD 10\.00\n/);
    expect(told.stdout).toMatch(/Declined by the supplier on .* UTC: The price of copper\n/);
    expect(asJson).toMatchObject({ code: 0, json: [{ how: 'drafted' }, { how: 'revised', isCounterOffer: true }] });
    expect(asJson.json).toEqual(await world.ta.revisions(id));
    expect(errorOf(none).code).toBe('order.not-found');
    await expect(world.ta.revisions('po-none')).rejects.toMatchObject({ code: 'order.not-found' });
  });
});

describe('Bad input', () => {
  const { contract } = lighting;
  const [line] = contract.product?.lines ?? [];
  const priced = (unitPrice: unknown) => ({
    baseRevision: 1,
    changes: { product: { lines: [{ ...line, unitPrice }] } },
  });
  const credit = (amount: unknown) => ({
    account: 'a',
    entryReference: 'e',
    method: 'tt',
    valueDate: '2026-04-01',
    amount,
  });

  it.each([
    ['wrong party', 'confirm', 'supplier:sup-shenzhen-audio', { revision: 1 }, 'actor.not-a-party'],
    ['wrong role', 'closeUnpaid', buyer, {}, 'actor.role-not-allowed'],
    ['a message of the clock', 'paymentLapsed', buyer, {}, 'actor.role-not-allowed'],
    ['wrong state', 'completeExport', supplier, {}, 'order.wrong-state'],
    ['an overtaken revision', 'confirm', buyer, { revision: 7 }, 'revision.stale'],
    ['negative minor units', 'revise', buyer, priced({ amount: -1, currency: 'USD' }), 'message.invalid'],
    ['fractional minor units', 'revise', buyer, priced({ amount: 14.5, currency: 'USD' }), 'message.invalid'],
    ['unknown currency', 'revise', buyer, priced({ amount: 1450, currency: 'XBT' }), 'message.invalid'],
    ['a negative payment', 'paymentCredited', 'bank:b', credit({ amount: -1, currency: 'USD' }), 'message.invalid'],
    ['a fractional payment', 'paymentCredited', 'bank:b', credit({ amount: 0.5, currency: 'USD' }), 'message.invalid'],
    ['unknown field', 'confirm', buyer, { revision: 1, really: true }, 'message.invalid'],
    ['no object', 'confirm', buyer, null, 'message.invalid'],
  ])('%s is refused and changes nothing', async (name, message, as, data, code) => {
    const id = await drafted(name.replaceAll(' ', '-'));
    const before = await show(id);
    const answer = await send(id, message, as, data);
    expect(answer).toMatchObject({ code: 1, stderr: '' });
    expect(errorOf(answer).code).toBe(code);
    expect(await show(id)).toEqual(before);
  });

  it('an incomplete contract is refused with what is missing', async () => {
    const { shipping: _, ...rest } = contract;
    const id = await drafted('incomplete', { ...lighting, contract: rest });
    const before = await show(id);
    const { code, stderr } = await runCli('order', 'send', id, 'confirm', '--as', buyer, '--data', '{"revision":1}');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Refused: order\.incomplete \(R53\)\n .*Fill in.*\n .*missing: shipping\.method/);
    expect(await show(id)).toEqual(before);
  });

  it('a message sent again gets the same answer; its id with another body is refused', async () => {
    const id = await drafted('repeated');
    const first = await send(id, 'confirm', supplier, { revision: 1 }, '--message-id', 'c-1');
    const before = await show(id);
    const again = await send(id, 'confirm', supplier, { revision: 1 }, '--message-id', 'c-1');
    expect(first.code).toBe(0);
    expect(again).toEqual(first);
    const other = await send(id, 'cancel', supplier, { reason: 'no' }, '--message-id', 'c-1');
    expect([other.code, errorOf(other).code]).toEqual([1, 'message.id-reused']);
    const twice = await start(id, lighting);
    expect([twice.code, errorOf(twice).code]).toEqual([1, 'order.exists']);
    expect(await show(id)).toEqual(before);
  });

  it('what comes too late, for an order that has ended, is refused', async () => {
    const id = await drafted('late');
    expect(await send(id, 'cancel', buyer, { reason: 'not needed' })).toMatchObject({ code: 0 });
    const before = await show(id);
    const late = await send(id, 'confirm', buyer, { revision: 1 });
    expect([late.code, errorOf(late).code]).toEqual([1, 'order.closed']);
    expect(await show(id)).toEqual(before);
  });

  it.each([
    ['a domestic buyer', { buyer: 'buy-shanghai-trading' }, [], 'buyer.account-not-eligible', 'R41'],
    ['a buyer from Iran', { buyer: 'buy-tehran-import' }, [], 'buyer.region-not-served', 'R45'],
    ['a supplier from Hong Kong', { supplier: 'sup-hongkong-watches' }, [], 'supplier.not-china', 'R12'],
    ['a suspended supplier', { supplier: 'sup-dongguan-toys' }, [], 'supplier.suspended', 'R58'],
    [
      'a Start Order with a supplier not activated',
      { supplier: 'sup-wenzhou-valves', source: { kind: 'start-order' }, confirm: true },
      ['--as', buyer],
      'supplier.not-activated',
      'R13',
    ],
    ['a stranger’s draft', {}, ['--as', 'buyer:buy-lyon-mode'], 'actor.not-a-party', undefined],
    ['a member that is not there', { buyer: 'buy-nobody' }, [], 'member.not-found', undefined],
    ['an unknown scheme', { scheme: 'barter' }, [], 'message.invalid', undefined],
  ])('%s is refused and leaves no order', async (name, changes, more, code, rule) => {
    const id = world.orderId(name.replace(/[^a-z]/gi, '-'));
    const answer = await start(id, { ...lighting, ...changes }, ...more);
    expect(answer.code).toBe(1);
    expect([errorOf(answer).code, errorOf(answer).rule]).toEqual([code, rule]);
    expect(await show(id)).toMatchObject({ error: { code: 'order.not-found' } });
  });

  it('an order or a supplier that does not exist is refused', async () => {
    const answers = await Promise.all([
      send('no-such-order', 'confirm', buyer, { revision: 1 }),
      send('no-such-order', 'confirm', buyer, { revision: 1 }, '--signal'),
      runCli('order', 'show', 'no-such-order', '--json'),
      runCli('credit', 'explain', 'nobody', '--json'),
    ]);
    expect(answers.map((answer) => [answer.code, errorOf(answer).code])).toEqual([
      [1, 'order.not-found'],
      [1, 'order.not-found'],
      [1, 'order.not-found'],
      [1, 'member.not-found'],
    ]);
  });

  it('a refused signal is kept on the order, which stays as it is', async () => {
    const id = await drafted('signal');
    const before = await show(id);
    expect((await send(id, 'completeExport', supplier, {}, '--signal')).code).toBe(0);
    const live = await runCli('order', 'show', id, '--live', '--json');
    expect(live.json).toMatchObject({ live: { refusals: { count: 1, newest: [{ refused: 'order.wrong-state' }] } } });
    expect(await show(id)).toEqual(before);
  });
});

describe('What only some may see, and checks that find something', () => {
  it('R35 a review stays hidden, in the journal too, until both are published', async () => {
    const id = world.orderId('reviews');
    const views: string[] = [];
    for await (const { message } of playMainRoad(world.ta, id, lighting)) {
      if (message === 'review') views.push(JSON.stringify(await show(id)), (await runCli('order', 'show', id)).stdout);
    }
    expect(views.map((view) => view.includes('Paid as agreed.'))).toEqual([false, false, true, true]);
  });

  it('a projection that differs is found, and made again', async () => {
    const id = await drafted('tampered');
    const before = await show(id);
    await world.store.collections.orders.updateOne({ _id: id }, { $set: { revision: 9 } });
    expect(await runCli('rebuild', '--check', '--json')).toMatchObject({ code: 1, json: { differing: [id] } });
    expect(await runCli('rebuild', '--json')).toMatchObject({ code: 0, json: { differing: [id], rebuilt: true } });
    expect(await runCli('rebuild', '--check', '--json')).toMatchObject({ code: 0, json: { differing: [] } });
    expect(await show(id)).toEqual(before);
  });

  it('a balance that is not the sum of its transfers is found', async () => {
    const id = world.orderId('balance');
    for await (const { message } of playMainRoad(world.ta, id, lighting)) if (message === 'paymentCredited') break;
    const [account, by] = [`supplier:${lighting.supplier}`, 1];
    const move = (change: number) =>
      world.store.collections.balances.updateOne({ account, currency: 'USD' }, { $inc: { balance: change } });
    await move(by);
    const found = await runCli('ledger', 'check', '--json');
    await move(-by);
    expect(found).toMatchObject({
      code: 1,
      json: { sound: false, currencies: [{ sum: 1 }], differing: [{ account }] },
    });
    expect(await runCli('ledger', 'check')).toMatchObject({ code: 0 });
  });

  it('a credit entry that the policy does not give is found', async () => {
    const entry = await world.store.collections.credit.findOne({ supplier: 'sup-xiamen-stone' });
    const tamper = (by: number) =>
      world.store.collections.credit.updateOne({ _id: entry?._id ?? '' }, { $inc: { delta: by } });
    await tamper(100);
    const found = await runCli('credit', 'explain', 'sup-xiamen-stone', '--json');
    await tamper(-100);
    expect(found).toMatchObject({ code: 1, json: { differences: [{ recorded: (entry?.delta ?? 0) + 100 }] } });
    expect((await runCli('credit', 'explain', 'sup-xiamen-stone')).code).toBe(0);
  });
});
