/** R26, R48, R57 on real servers: charges and refunds with the processes of card processor and bank, which delay and repeat. */
import { FundsClient } from '../../clients/funds';
import { takePartnerEvent } from '../../clients/partner-events';
import { moneyOf } from '../../domain/money';
import type { MessageData } from '../../domain/messages';
import { balancesOf, trialBalance } from '../../store/ledger';
import { Sandbox } from '../support/partners';
import { as, lighting, openWorld, type World } from '../support/world';

/** The card processor takes this long to give a late answer up. */
const hastyMs = 1_000;
const sandbox = new Sandbox();
let world: World;
beforeAll(async () => {
  await sandbox.open();
  world = await openWorld({ card: sandbox.card(hastyMs), bank: sandbox.bank(hastyMs) });
  const funds = new FundsClient({ temporal: world.temporal, store: world.store, taskQueue: world.taskQueue });
  sandbox.receiver.onEvent = (event) => takePartnerEvent(world.ta, funds, event);
});
afterAll(async () => {
  for (const { sum } of await trialBalance(world.store)) expect(sum).toBe(0);
  await sandbox.close();
  await world.close();
});

const advance = 300_000;

/** An order of USD 10,000.00 that may be paid by card and by e-checking. */
async function payable(name: string): Promise<string> {
  const { ta } = world;
  const id = world.orderId(name);
  const [line] = lighting.contract.product?.lines ?? [];
  await ta.start(
    id,
    {
      ...lighting,
      contract: {
        ...lighting.contract,
        product: { lines: [{ ...line, quantity: 1000, unitPrice: moneyOf(1_000, 'USD') }] },
        payment: { advancePercent: 30, methods: ['tt', 'card', 'e-checking'] },
      },
      confirm: true,
    },
    as.supplier,
  );
  await ta.confirm(id, { revision: 1 }, as.buyer);
  return id;
}

const pay = (id: string, token: string, other: Partial<MessageData<'pay'>> = {}) =>
  world.ta.pay(
    id,
    {
      payment: `pay-${token.replaceAll('_', '-')}`,
      method: 'card',
      amount: moneyOf(advance, 'USD'),
      surcharge: moneyOf(8_400, 'USD'),
      token,
      ...other,
    },
    as.buyer,
  );

const keyOf = async (id: string): Promise<string> => (await world.ta.view(id)).charges.at(-1)?.effect ?? '';

test('R48: a charge that is pending at first: the call-back tells, long before the order would ask again', async () => {
  const id = await payable('slow');
  await pay(id, 'tok_slow');
  const order = await world.ta.awaitStatus(id, 'awaiting-shipment');
  expect(order).toMatchObject({ paid: moneyOf(advance, 'USD'), charges: [{ state: 'captured' }] });
});

test('R48: the answer comes after the time-out, the charge was made once', async () => {
  const id = await payable('timeout');
  await pay(id, 'tok_timeout');
  await world.ta.awaitStatus(id, 'awaiting-shipment');
  const key = await keyOf(id);
  expect(await sandbox.books.collection('operations').countDocuments({ _id: `charge:${key}` as never })).toBe(1);
  expect((await world.ta.view(id)).payments).toHaveLength(1);
});

test('R48: called back twice in the same moment, it counts once', async () => {
  const id = await payable('twice');
  await pay(id, 'tok_twice');
  await world.ta.awaitStatus(id, 'awaiting-shipment');
  await sandbox.receiver.about(await keyOf(id), 2);
  expect((await world.ta.view(id)).paid).toEqual(moneyOf(advance, 'USD'));
});

test('R26, R30: an e-check that is returned: the order awaits its payment again', async () => {
  const id = await payable('returned');
  await pay(id, 'tok_returned', { method: 'e-checking', surcharge: moneyOf(0, 'USD') });
  await sandbox.receiver.about(await keyOf(id), 2);
  const order = await world.ta.awaitStatus(id, 'awaiting-payment');
  expect(order).toMatchObject({ paid: moneyOf(0, 'USD'), payments: [{ reversed: true }] });
});

test('R57: what was paid by card goes back to the card', async () => {
  const { ta, store } = world;
  const id = await payable('refunded');
  await pay(id, 'tok_ok');
  await ta.awaitStatus(id, 'awaiting-shipment');
  await ta.proposeCancellation(id, { reason: 'no longer needed', refund: moneyOf(advance, 'USD') }, as.buyer);
  await ta.acceptProposal(id, { proposal: 1 }, as.supplier);
  const ended = await ta.awaitStatus(id, 'closed-unpaid');
  expect(ended).toMatchObject({ status: 'cancelled', refunds: [{ state: 'paid', via: 'card' }] });
  expect(await balancesOf(store, `refunds:${id}`)).toEqual({ USD: 0 });
});

test('R57: an account that the bank refuses is named anew, and the refund is paid once', async () => {
  const { ta, store } = world;
  const id = await payable('renamed');
  const { payTo = '' } = await ta.view(id);
  const credit = { account: payTo, entryReference: `E-${id}`, method: 'tt', valueDate: '2026-11-22' } as const;
  await ta.paymentCredited(id, { ...credit, amount: moneyOf(advance, 'USD') }, as.bank);
  await ta.proposeCancellation(id, { reason: 'no longer needed', refund: moneyOf(1_000, 'USD') }, as.buyer);
  await ta.acceptProposal(id, { proposal: 1 }, as.supplier);
  await ta.nameRefundAccount(id, { payee: { name: 'Closed', account: 'DE021203000000000001' } }, as.buyer);
  await untilFailed(id);
  await ta.nameRefundAccount(id, { payee: { name: 'Open', account: 'DE02120300000000202051' } }, as.buyer);
  const ended = await ta.awaitStatus(id, 'lapsed');
  expect(ended).toMatchObject({ status: 'cancelled', refunds: [{ state: 'paid' }] });
  expect(await balancesOf(store, `refunds:${id}`)).toEqual({ USD: 0 });
});

test('R57: a refund that the card’s processor refuses for good goes by the bank, to an account that the buyer names', async () => {
  const { ta, store } = world;
  const id = await payable('card-closed');
  const card = (await balancesOf(store, 'card'))['USD'] ?? 0;
  await pay(id, 'tok_refund_failed');
  await ta.awaitStatus(id, 'awaiting-shipment');
  await ta.proposeCancellation(id, { reason: 'no longer needed', refund: moneyOf(advance, 'USD') }, as.buyer);
  await ta.acceptProposal(id, { proposal: 1 }, as.supplier);
  const effect = await untilFailed(id);
  // Tried again by an operator it is refused again: the way is another account.
  await ta.retryEffect(id, { effect }, as.platform);
  await untilFailed(id);
  await ta.nameRefundAccount(id, { payee: { name: 'Open', account: 'DE02120300000000202051' } }, as.buyer);
  const ended = await ta.awaitStatus(id, 'lapsed');
  expect(ended).toMatchObject({ status: 'cancelled', refunds: [{ state: 'paid', via: 'bank' }] });
  expect(await balancesOf(store, `refunds:${id}`)).toEqual({ USD: 0 });
  // What was charged stays with the processor; the refund has left the bank.
  expect((await balancesOf(store, 'card'))['USD']).toBeLessThan(card);
});

/** The id of the order's effect that failed for good, once it has. */
async function untilFailed(id: string): Promise<string> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const failed = (await world.ta.view(id)).effects.find(({ state }) => state === 'failed');
    if (failed) return failed.id;
    if (Date.now() > giveUpAt) throw new Error('no effect has failed');
    await new Promise((next) => setTimeout(next, 50));
  }
}
