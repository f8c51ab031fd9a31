/** A supplier's money through the sandbox, a bank of another process: it delays, answers too late, calls back twice, and is killed (R9). */
import { FundsClient } from '../../clients';
import { moneyOf } from '../../domain/money';
import { payoutKey } from '../../domain/withdrawal';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { paidOrder } from '../support/paid-order';
import { registerPayee } from '../support/payees';
import { hastyMs, Sandbox } from '../support/partners';
import { as, lighting, openWorld, type World } from '../support/world';

const { supplier } = lighting;
let sandbox: Sandbox;
let world: World;
let funds: FundsClient;
beforeAll(async () => {
  sandbox = new Sandbox();
  await sandbox.open();
  world = await openWorld({ bank: sandbox.bank(hastyMs) });
  funds = new FundsClient(world.ta.options);
  sandbox.receiver.onEvent = async ({ key }) => void (await funds.payoutSettled(key));
});
afterAll(async () => {
  await world.close();
  await sandbox.close();
});
afterEach(async () => {
  for (const { sum } of await trialBalance(world.store)) expect(sum).toBe(0);
  expect(await balanceDifferences(world.store)).toEqual([]);
});

const balance = async (currency = 'USD') => (await balancesOf(world.store, `supplier:${supplier}`))[currency] ?? 0;
/** A withdrawal of USD 1,000.00 to an account by whose last digits the sandbox knows what to do. */
async function withdrawTo(account: string, name: string): Promise<string> {
  const order = await paidOrder(world, name);
  const id = world.orderId(`w-${name}`);
  const orders = [{ order, amount: moneyOf(100_000, 'USD') }];
  const payee = { name: 'Haisheng', account };
  await registerPayee(world.store, supplier, payee);
  await funds.withdraw({ id, supplier, channel: 'USD', orders, payee }, as.supplier);
  return id;
}
const payouts = (id: string) =>
  sandbox.books.collection('operations').countDocuments({ _id: `payout:${payoutKey(id)}` as never });

describe('R9 a withdrawal through a bank that', () => {
  it.each([
    ['pays at once', '62220000', 'paid', {}],
    ['refuses', '62220001', 'put-back', { reason: 'account-closed' }],
    ['pays later', '62220002', 'paid', {}],
    ['refuses later', '62220003', 'put-back', { reason: 'name-mismatch' }],
    ['pays, and answers after the time-out', '62220004', 'paid', {}],
    ['pays, and calls back twice', '62220005', 'paid', {}],
  ])('%s', async (what, account, state, more) => {
    const id = await withdrawTo(account, what.replace(/\W+/g, '-'));
    expect(await funds.awaitWithdrawal(id, { timeoutMs: 60_000 })).toMatchObject({ state, ...more });
    expect(await payouts(id)).toBe(1);
    expect(await balancesOf(world.store, `withdrawal:${id}`)).toEqual({ USD: 0 });
  });

  it('is killed while the money is reserved: paid once it is back', async () => {
    await sandbox.kill();
    const id = await withdrawTo('62220002', 'killed');
    expect(await funds.withdrawal(id)).toMatchObject({ state: 'reserved' });
    await sandbox.start();
    expect(await funds.awaitWithdrawal(id, { timeoutMs: 60_000 })).toMatchObject({ state: 'paid' });
    expect(await payouts(id)).toBe(1);
  });
});

describe('a settlement through the bank', () => {
  it('is quoted, converted once, and the CNY paid out', async () => {
    const order = await paidOrder(world, 'fx');
    const [usd, cny] = [await balance(), await balance('CNY')];
    const id = world.orderId('s');
    const orders = [{ order, amount: moneyOf(100_000, 'USD') }];
    const quoted = await funds.quote({ id, supplier, orders }, as.supplier);
    expect(quoted).toMatchObject({ state: 'quoted', quote: { buy: { amount: 715_230, currency: 'CNY' } } });
    expect(await funds.settle(id, as.supplier)).toMatchObject({ state: 'settled' });
    expect([await balance(), await balance('CNY')]).toEqual([usd - 100_000, cny + 715_230]);
    const payee = { name: 'Haisheng', account: '62220000' };
    const inYuan = [{ order, amount: moneyOf(715_230, 'CNY') }];
    await funds.withdraw({ id, supplier, channel: 'CNY', orders: inYuan, payee }, as.supplier);
    expect(await funds.awaitWithdrawal(id)).toMatchObject({ state: 'paid' });
    expect(await balance('CNY')).toBe(cny);
  });

  it('is put back when the quote was used by another', async () => {
    const order = await paidOrder(world, 'fx-used');
    const before = await balance();
    const id = world.orderId('s-used');
    const orders = [{ order, amount: moneyOf(100_000, 'USD') }];
    const { quote } = await funds.quote({ id, supplier, orders }, as.supplier);
    await sandbox.bank().convert({ key: 'somebody-else', quote: quote.quote });
    await expect(funds.settle(id, as.supplier)).rejects.toMatchObject({ code: 'fx.refused' });
    expect(await balance()).toBe(before);
  });
});
