/** `ta supplier` on real servers: what suppliers' money looks like to those who type commands (R9, R18). */
import { runCli, type CliResult } from '../../clients/cli/captured';
import { payoutKey } from '../../domain/withdrawal';
import { FakeBank } from '../support/fake-bank';
import { advance, paidOrder } from '../support/paid-order';
import { lighting, openWorld, required, type World } from '../support/world';

const { supplier } = lighting;
const bank = new FakeBank();
let world: World;
let order: string;
beforeAll(async () => {
  world = await openWorld({ bank });
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
  });
  order = await paidOrder(world, 'typed');
});
afterAll(() => world.close());

const to = ['--name', 'Ningbo Haisheng Lighting', '--account', '6222021234567890', '--bank', 'ICBKCNBJ'];
const withdraw = (...more: string[]) => runCli('supplier', 'withdraw', supplier, '--channel', 'USD', ...to, ...more);
const errorOf = ({ json }: CliResult) => (json as { error: { code: string; rule?: string } }).error;

describe('ta supplier', () => {
  it('withdraws, waits for the bank, and shows the withdrawal', async () => {
    const id = world.orderId('w');
    const done = await withdraw('--order', `${order}=1,008.00`, '--id', id, '--wait');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain(`Withdrawal ${id} is paid.`);
    expect(done.stdout).toMatch(/Payout +USD 1,008\.00 by the USD channel/);
    const shown = await runCli('supplier', 'withdrawal', id, '--json');
    expect(shown).toMatchObject({ code: 0, json: { id, state: 'paid', fee: { amount: 0 }, by: { member: supplier } } });
    expect(bank.payouts.get(payoutKey(id))?.asked.to.account).toBe('6222021234567890');
  });

  it('quotes and settles', async () => {
    const id = world.orderId('s');
    const quoted = await runCli('supplier', 'quote', supplier, '--order', `${order}=1000`, '--id', id);
    expect(quoted).toMatchObject({ code: 0, stderr: '' });
    expect(quoted.stdout).toMatch(/For +CNY 7,100\.00 \(1 USD = 7\.1000 CNY\)/);
    expect(quoted.stdout).toContain(`ta supplier settle ${id}`);
    const settled = await runCli('supplier', 'settle', id, '--json');
    expect(settled).toMatchObject({ code: 0, json: { id, state: 'settled' } });
  });

  it('states an account: every posting with what it was for, between two balances, and what may be collected', async () => {
    const { code, stdout } = await runCli('supplier', 'statement', supplier);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Opening balance +USD 0\.00/);
    expect(stdout).toMatch(new RegExp(`payment of the buyer +${order} +USD 7,008\\.00 +USD 7,008\\.00`));
    expect(stdout).toMatch(new RegExp(`settlement into CNY \\S+ +${order} +USD -1,000\\.00 +USD 5,000\\.00`));
    expect(stdout).toMatch(/Closing balance +USD 5,000\.00/);
    expect(stdout).toMatch(new RegExp(`May be collected now[^]+${order} +USD 5,000\\.00`));
    const { json } = await runCli('supplier', 'statement', supplier, '--currency', 'CNY', '--json');
    expect(json).toMatchObject({ closing: { amount: 710_000 }, collectable: [{ order, amount: { amount: 710_000 } }] });
    const past = await runCli(
      'supplier',
      'statement',
      supplier,
      '--from',
      '2020-01-01',
      '--to',
      '2020-01-31',
      '--json',
    );
    expect(past.json).toMatchObject({ from: '2019-12-31T16:00:00.000Z', to: '2020-01-31T16:00:00.000Z', lines: [] });
  });

  it.each([
    ['too much', ['--order', 'ORDER=9999999'], 'funds.amount-exceeds-order', 'R18'],
    ['no order of its own', ['--order', 'po-of-nobody=1'], 'funds.order-not-yours', 'R18'],
    ['for another', ['--order', 'ORDER=1', '--as', 'supplier:sup-shenzhen-audio'], 'actor.not-a-party', undefined],
    ['an order twice', ['--order', 'ORDER=1', '--order', 'ORDER=2'], 'message.invalid', undefined],
  ])('refuses %s with the code of the catalogue and exit code 1', async (_, args, code, rule) => {
    const refused = await withdraw('--json', ...args.map((arg) => arg.replace('ORDER', order)));
    expect(refused).toMatchObject({ code: 1, stderr: '' });
    expect(errorOf(refused)).toMatchObject({ code, ...(rule && { rule }) });
  });

  it.each([
    ['settle', 'nobodys', 'fx.not-found'],
    ['withdrawal', 'nobodys', 'withdrawal.not-found'],
    ['statement', 'nobody', 'member.not-found'],
  ])('%s of what is not there is refused', async (command, id, code) => {
    const refused = await runCli('supplier', command, id, '--json');
    expect(refused.code).toBe(1);
    expect(errorOf(refused).code).toBe(code);
  });

  it('refuses a quote that has expired', async () => {
    bank.quoteMs = 200;
    const id = world.orderId('late');
    await runCli('supplier', 'quote', supplier, '--order', `${order}=1`, '--id', id);
    await world.temporal.workflow.getHandle(`ta-settlement-${id}`).result();
    const late = await runCli('supplier', 'settle', id);
    expect(late).toMatchObject({ code: 1, stdout: '' });
    expect(late.stderr).toContain('Refused: fx.quote-expired');
  });

  it('shows what became of an order’s money with the order', async () => {
    const { stdout } = await runCli('order', 'show', order);
    expect(stdout).toMatch(/withdrawal-reserved +USD 1,008\.00/);
    expect(stdout).toMatch(new RegExp(`supplier-paid +USD ${(advance / 100).toLocaleString('en-US')}`));
  });
});
