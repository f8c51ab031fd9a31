/**
 * What a supplier owes (R2, R9): it is repaid first out of whatever comes back to it, in US dollars or in CNY, and nothing
 * goes out before. The order is of USD 10,000.00, its advance 7,008.00.
 */
import { FundsClient } from '../../clients';
import { reverseCredit } from '../../clients/bank-feed';
import { account } from '../../domain/ledger';
import { moneyOf } from '../../domain/money';
import { end, reserve } from '../../store/settlements';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { advance, paidOrder } from '../support/paid-order';
import { registerPayee } from '../support/payees';
import { Sandbox } from '../support/partners';
import { as, lighting, openWorld, type World } from '../support/world';

const { supplier } = lighting;
let sandbox: Sandbox;
let world: World;
let funds: FundsClient;
beforeAll(async () => {
  sandbox = new Sandbox();
  await sandbox.open();
  world = await openWorld({ bank: sandbox.bank(1_000) });
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

const standing = async () => ({
  usd: (await balancesOf(world.store, account.supplier(supplier)))['USD'] ?? 0,
  cny: (await balancesOf(world.store, account.supplier(supplier)))['CNY'] ?? 0,
  owes: (await balancesOf(world.store, account.receivable(supplier)))['USD'] ?? 0,
});
const reversed = async (order: string) => {
  const { payTo = '' } = await world.ta.view(order);
  await reverseCredit(world.ta, { account: payTo, entryReference: order, reason: 'recalled' }, as.bank.as);
};
const partOf = (order: string, amount = advance) => [{ order, amount: moneyOf(amount, 'USD') }];

test('R2, R9 a payout that the bank refuses after a reversal repays the debt first: nothing is left to withdraw', async () => {
  const order = await paidOrder(world, 'put-back');
  const [id, payee] = [world.orderId('w'), { name: 'Haisheng', account: '62220003' }]; // refused later
  await registerPayee(world.store, supplier, payee);
  await funds.withdraw({ id, supplier, channel: 'USD', orders: partOf(order), payee }, as.supplier);
  await reversed(order);
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: -advance });
  expect(await funds.awaitWithdrawal(id, { timeoutMs: 60_000 })).toMatchObject({ state: 'put-back' });
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: 0 });
});

test('R2, R9 while anything is owed nothing goes out, in no currency', async () => {
  const order = await paidOrder(world, 'owing');
  const other = await paidOrder(world, 'other');
  const payee = { name: 'Haisheng', account: '62220000' };
  await registerPayee(world.store, supplier, payee);
  const id = world.orderId('out');
  // All that the supplier has: both orders' money.
  const all = [...partOf(order), ...partOf(other)];
  await funds.withdraw({ id, supplier, channel: 'USD', orders: all, payee }, as.supplier);
  await funds.awaitWithdrawal(id, { timeoutMs: 60_000 });
  await reversed(order);
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: -advance });
  const again = { supplier, channel: 'USD' as const, orders: partOf(other, 1_000), payee };
  await expect(funds.withdraw({ ...again, id: world.orderId('no') }, as.supplier)).rejects.toMatchObject({
    code: expect.stringMatching(/^funds\./) as string,
  });
  const quote = { id: world.orderId('no-fx'), supplier, orders: partOf(other, 1_000) };
  await expect(funds.quote(quote, as.supplier)).rejects.toMatchObject({
    code: expect.stringMatching(/^funds\./) as string,
  });
  // What it gets next repays the debt: the whole of 7,008.00.
  await paidOrder(world, 'next');
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: 0 });
});

test('R2, R4 a reversal takes the CNY that the money has become, at the rate that it was sold at', async () => {
  const order = await paidOrder(world, 'yuan');
  const settlement = { id: world.orderId('fx'), supplier, orders: partOf(order) };
  await funds.quote(settlement, as.supplier);
  const settled = await funds.settle(settlement.id, as.supplier);
  expect(await standing()).toEqual({ usd: 0, cny: settled.quote.buy.amount, owes: 0 });
  await reversed(order);
  // All of it was sold in one settlement, so all of what it bought goes back for it.
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: 0 });
});

test('R2, R4 the CNY of a settlement that was under way repay what has come up to be owed meanwhile', async () => {
  const order = await paidOrder(world, 'under-way');
  const settlement = { id: world.orderId('fx-under-way'), supplier, orders: partOf(order) };
  await funds.quote(settlement, as.supplier);
  const at = () => new Date().toISOString();
  // The steps of its workflow, so that the reversal comes between them.
  await reserve(world.store, settlement.id, as.supplier.as, at());
  await reversed(order);
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: -advance });
  await end(world.store, settlement.id, { status: 'done', reference: 'fx-1' }, at());
  // USD 7,008.00 have become CNY, all of which pay the USD 7,008.00 that are owed.
  expect(await standing()).toEqual({ usd: 0, cny: 0, owes: 0 });
});
