/**
 * Money after the end of an order (R29, R30, R48): a reversal, a chargeback or a returned e-check is borne by whoever has the
 * money. The right values are written out by hand beside each case.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { FundsClient } from '../../clients';
import { bookCredit, reverseCredit } from '../../clients/bank-feed';
import { takePartnerEvent } from '../../clients/partner-events';
import { SuspenseClient } from '../../clients/suspense';
import { account } from '../../domain/ledger';
import { moneyOf, type CurrencyCode } from '../../domain/money';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { approve } from '../../domain/suspense';
import { checkBooks, type Violation } from '../../store/check';
import { changeItem } from '../../store/suspense';
import { endReturn, sendOff } from '../../store/suspense-return';
import { FakeBank } from '../support/fake-bank';
import { Sandbox } from '../support/partners';
import { as, lighting, openWorld, type World } from '../support/world';

let sandbox: Sandbox;
let world: World;
let suspense: SuspenseClient;
beforeAll(async () => {
  sandbox = new Sandbox();
  await sandbox.open();
  world = await openWorld({ bank: new FakeBank(), card: sandbox.card(1_000) });
  suspense = new SuspenseClient(world.ta);
  const funds = new FundsClient(world.ta.options);
  sandbox.receiver.onEvent = (event) => takePartnerEvent(world.ta, funds, event);
});
afterAll(async () => {
  for (const { sum } of await trialBalance(world.store)) expect(sum).toBe(0);
  expect(await balanceDifferences(world.store)).toEqual([]);
  await sandbox.close();
  await world.close();
});

const bank = as.bank.as;
const first = { role: 'platform', member: 'op-1' } as const;
const second = { role: 'platform', member: 'op-2' } as const;
const payer = { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' };

/** A confirmed order whose whole price is due as advance; by transfer, card or e-checking. */
async function payable(name: string, total: number): Promise<{ id: string; payTo: string }> {
  const { ta } = world;
  const id = world.orderId(name);
  const [line] = lighting.contract.product?.lines ?? [];
  const contract = {
    ...lighting.contract,
    product: { lines: [{ ...line, quantity: 1, unitPrice: moneyOf(total, 'USD') }] },
    payment: { advancePercent: 100, methods: ['tt' as const, 'e-checking' as const] },
  };
  await ta.start(id, { ...lighting, contract, confirm: true }, as.supplier);
  const { payTo = '' } = await ta.confirm(id, { revision: 1 }, as.buyer).then(() => ta.view(id));
  return { id, payTo };
}
const credit = (payTo: string, entryReference: string, amount: number, currency: CurrencyCode = 'USD') => ({
  ...{ account: payTo, entryReference, amount: moneyOf(amount, currency), payer },
  ...{ method: 'tt' as const, valueDate: '2026-11-22' },
});
async function cancelled(id: string, refund: number): Promise<void> {
  await world.ta.proposeCancellation(id, { reason: 'no longer needed', refund: moneyOf(refund, 'USD') }, as.buyer);
  await world.ta.acceptProposal(id, { proposal: 1 }, as.supplier);
  expect(await world.ta.awaitStatus(id, 'lapsed')).toMatchObject({
    status: 'cancelled',
    endedAt: expect.any(String) as string,
  });
}
/** What the two sides have and owe, in minor units. */
async function standing(currency: CurrencyCode = 'USD') {
  const of = async (name: string) => (await balancesOf(world.store, name))[currency] ?? 0;
  return {
    supplier: await of(account.supplier(lighting.supplier)),
    supplierOwes: await of(account.receivable(lighting.supplier)),
    buyerOwes: await of(account.receivable(lighting.buyer)),
  };
}
/** How the standing has moved since. */
async function movedBy(before: Awaited<ReturnType<typeof standing>>, currency: CurrencyCode = 'USD') {
  const now = await standing(currency);
  return {
    supplier: now.supplier - before.supplier,
    supplierOwes: now.supplierOwes - before.supplierOwes,
    buyerOwes: now.buyerOwes - before.buyerOwes,
  };
}
const settledBooks = async (id: string) => {
  const found: Violation[] = [];
  await checkBooks(world.store, (violation) => found.push(violation));
  expect(found.filter((one) => JSON.stringify(one).includes(id))).toEqual([]);
};

test('R30 cancelled with 400.00 refunded of 400.00, then reversed: the buyer has it twice and owes 400.00', async () => {
  const { id, payTo } = await payable('whole', 40_000);
  await bookCredit(world.ta, credit(payTo, `W-${id}`, 40_000), bank);
  await cancelled(id, 40_000);
  const before = await standing();
  const reversal = { account: payTo, entryReference: `W-${id}`, reason: 'recalled' };
  const answer = await reverseCredit(world.ta, reversal, bank);
  expect(answer).toMatchObject({ answer: { events: [{ type: 'paymentReversed', fromBuyer: 40_000 }] } });
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: -40_000 });
  await reverseCredit(world.ta, reversal, bank); // the same again changes nothing
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: -40_000 });
  expect(await world.ta.view(id)).toMatchObject({ status: 'cancelled', paid: { amount: 0 } });
  await settledBooks(id);
});

test('R30 cancelled with 100.00 refunded of 400.00, then reversed: 300.00 from the supplier, the buyer owes 100.00', async () => {
  const { id, payTo } = await payable('part', 40_000);
  await bookCredit(world.ta, credit(payTo, `P-${id}`, 40_000), bank);
  await cancelled(id, 10_000);
  const before = await standing();
  await reverseCredit(world.ta, { account: payTo, entryReference: `P-${id}`, reason: 'recalled' }, bank);
  expect(await movedBy(before)).toEqual({ supplier: -30_000, supplierOwes: 0, buyerOwes: -10_000 });
  await settledBooks(id);
});

test.each([
  ['123.45 in USD', 'USD', 12_345],
  ['999.99 in EUR', 'EUR', 99_999],
] as const)(
  'R29, R30 a late credit of %s that two operators have sent back, then reversed: its payer owes it, the supplier nothing',
  async (_, currency, amount) => {
    const { id, payTo } = await payable(`late-${currency}`, 40_000);
    await cancelled(id, 0);
    const before = await standing(currency);
    await world.ta.paymentCredited(id, credit(payTo, `L-${id}`, amount, currency), { as: bank });
    const item = (await suspense.list(['open'])).find(({ order }) => order === id);
    expect(item).toMatchObject({ reason: 'after-close', amount: { amount, currency } });
    await suspense.propose(item?.id ?? '', { kind: 'return', payee: payer }, 'came too late', first);
    expect(await suspense.approve(item?.id ?? '', 1, second)).toMatchObject({ state: 'returned' });
    await reverseCredit(world.ta, { account: payTo, entryReference: `L-${id}`, reason: 'recalled' }, bank);
    expect(await movedBy(before, currency)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: -amount });
    await settledBooks(id);
  },
);

test('R29, R30 a late credit in EUR that is still in suspense when it is reversed goes from there', async () => {
  const { id, payTo } = await payable('late-there', 40_000);
  await cancelled(id, 0);
  const before = await standing('EUR');
  await world.ta.paymentCredited(id, credit(payTo, `T-${id}`, 5_000, 'EUR'), { as: bank });
  await reverseCredit(world.ta, { account: payTo, entryReference: `T-${id}`, reason: 'recalled' }, bank);
  expect(await movedBy(before, 'EUR')).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: 0 });
  expect((await suspense.list(['reversed'])).filter(({ order }) => order === id)).toMatchObject([
    { amount: { amount: 0 } },
  ]);
});

test('R30 an unknown credit that was returned and is then reversed is owed by its payer', async () => {
  const reference = `U-${world.orderId('unknown')}`;
  const booked = await bookCredit(world.ta, credit('CITI-SG-ESCROW', reference, 99_999), bank);
  if (booked.to !== 'suspense') throw new Error('nobody can tell its order');
  await suspense.propose(booked.item, { kind: 'return', payee: payer }, 'unknown', first);
  expect(await suspense.approve(booked.item, 1, second)).toMatchObject({ state: 'returned' });
  const reversal = { account: 'CITI-SG-ESCROW', entryReference: reference, reason: 'recalled' };
  await reverseCredit(world.ta, reversal, bank);
  await reverseCredit(world.ta, reversal, bank); // the same again changes nothing
  expect(await balancesOf(world.store, account.receivable(booked.item))).toEqual({ USD: -99_999 });
});

test('R26, R48 an e-check that the payer’s bank returns after the order has ended is taken from the supplier', async () => {
  const { ta } = world;
  const { id } = await payable('returned', 50_000);
  const before = await standing();
  const card = (await balancesOf(world.store, account.card))['USD'] ?? 0;
  await ta.pay(
    id,
    {
      ...{ payment: 'pay-1', method: 'e-checking' as const, token: 'tok_ok' },
      ...{ amount: moneyOf(50_000, 'USD'), surcharge: moneyOf(0, 'USD') },
    },
    as.buyer,
  );
  await ta.awaitStatus(id, 'awaiting-shipment');
  await cancelled(id, 0);
  expect(await movedBy(before)).toEqual({ supplier: 50_000, supplierOwes: 0, buyerOwes: 0 });
  const { charges } = await ta.view(id);
  const returned = {
    type: 'charge.returned',
    key: charges[0]?.effect ?? '',
    at: new Date().toISOString(),
    reason: 'R01',
  } as const;
  const funds = new FundsClient(ta.options);
  await takePartnerEvent(ta, funds, returned);
  await takePartnerEvent(ta, funds, returned); // told twice, it is booked once
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: 0 });
  expect((await balancesOf(world.store, account.card))['USD'] ?? 0).toBe(card);
  await settledBooks(id);
});

test('R48 an e-check that was refunded and is returned after the end: the buyer has it twice and owes it, the supplier nothing', async () => {
  const { ta } = world;
  const { id } = await payable('refunded-returned', 50_000);
  await ta.pay(
    id,
    {
      ...{ payment: 'pay-1', method: 'e-checking' as const, token: 'tok_ok' },
      ...{ amount: moneyOf(50_000, 'USD'), surcharge: moneyOf(0, 'USD') },
    },
    as.buyer,
  );
  await ta.awaitStatus(id, 'awaiting-shipment');
  await cancelled(id, 50_000);
  const before = await standing();
  const card = (await balancesOf(world.store, account.card))['USD'] ?? 0;
  const { charges } = await ta.view(id);
  const about = { key: charges[0]?.effect ?? '', at: new Date().toISOString() };
  await takePartnerEvent(ta, new FundsClient(ta.options), { type: 'charge.returned', ...about, reason: 'R01' });
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: -50_000 });
  // The processor has paid the refund, and has taken the charge back, too.
  expect(((await balancesOf(world.store, account.card))['USD'] ?? 0) - card).toBe(50_000);
  await settledBooks(id);
});

test('R48 a charge that was declined, and is captured after the order has ended, waits in suspense', async () => {
  const { ta } = world;
  const { id } = await payable('captured-late', 40_000);
  await ta.pay(
    id,
    {
      ...{ payment: 'pay-1', method: 'e-checking' as const, token: 'tok_declined' },
      ...{ amount: moneyOf(40_000, 'USD'), surcharge: moneyOf(0, 'USD') },
    },
    as.buyer,
  );
  while ((await ta.view(id)).charges[0]?.state !== 'declined') await pause(50);
  await ta.cancel(id, { reason: 'no longer needed' }, as.buyer);
  const { charges } = await ta.view(id);
  const about = { key: charges[0]?.effect ?? '', at: new Date().toISOString(), reference: 'ch-late' };
  const funds = new FundsClient(ta.options);
  await takePartnerEvent(ta, funds, { type: 'charge.captured', ...about });
  await takePartnerEvent(ta, funds, { type: 'charge.captured', ...about }); // sent twice, it is booked once
  expect((await suspense.list(['open'])).filter(({ order }) => order === id)).toMatchObject([
    { account: 'card', amount: { amount: 40_000 }, reason: 'after-close' },
  ]);
  await settledBooks(id);
});

test('R30, R48 what cannot be booked is not taken: a charge that nobody knows, and the opposite end of a payment', async () => {
  const { ta } = world;
  const { id, payTo } = await payable('opposite', 40_000);
  await bookCredit(ta, credit(payTo, `O-${id}`, 40_000), bank);
  await cancelled(id, 40_000);
  const [row] = await world.store.collections.journal.find({ order: id, 'events.type': 'refundPaid' }).toArray();
  const paid = row?.events.find((event) => event.type === 'refundPaid');
  if (paid?.type !== 'refundPaid') throw new Error('the refund is paid');
  const funds = new FundsClient(ta.options);
  const at = new Date().toISOString();
  const reason = 'account-closed';
  // Paid again changes nothing; refused after it was paid is the bank's to explain.
  await takePartnerEvent(ta, funds, { type: 'payout.paid', key: paid.effect, at, reference: 'again' });
  await expect(
    takePartnerEvent(ta, funds, { type: 'payout.refused', key: paid.effect, at, reason }),
  ).rejects.toMatchObject({
    code: 'payment.end-conflict',
  });
  await expect(
    takePartnerEvent(ta, funds, { type: 'charge.captured', key: `${id}:9:9`, at, reference: 'ch-9' }),
  ).rejects.toMatchObject({ code: 'effect.unknown' });
  await expect(
    takePartnerEvent(ta, funds, { type: 'refund.paid', key: `${world.orderId('never')}:1:1`, at, reference: 're-9' }),
  ).rejects.toMatchObject({ code: 'order.not-found' });
  // No money has moved by these.
  await takePartnerEvent(ta, funds, { type: 'charge.declined', key: `${world.orderId('never')}:1:1`, at, reason });
});

test('R29, R30 a late credit that is reversed while it is on its way back, which the bank then refuses: nobody owes anything', async () => {
  const { id, payTo } = await payable('on-its-way', 40_000);
  await cancelled(id, 0);
  const before = await standing();
  await world.ta.paymentCredited(id, credit(payTo, `B-${id}`, 12_345), { as: bank });
  const item = (await suspense.list(['open'])).find(({ order }) => order === id)?.id ?? '';
  await suspense.propose(item, { kind: 'return', payee: payer }, 'came too late', first);
  const at = new Date().toISOString();
  await changeItem(
    world.store,
    item,
    (one) => approve(one, 1, second.member, at),
    (one, session) => sendOff(world.store, one, session),
  );
  await reverseCredit(world.ta, { account: payTo, entryReference: `B-${id}`, reason: 'recalled' }, bank);
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: -12_345 });
  expect(await endReturn(world.store, item, { status: 'refused', reason: 'account-closed' }, at)).toMatchObject({
    state: 'reversed',
    amount: { amount: 0 },
  });
  expect(await movedBy(before)).toEqual({ supplier: 0, supplierOwes: 0, buyerOwes: 0 });
  await settledBooks(id);
});

test('R30 a return that the bank refuses is put back into suspense, for the operators', async () => {
  const { id, payTo } = await payable('put-back', 40_000);
  await cancelled(id, 0);
  await world.ta.paymentCredited(id, credit(payTo, `Q-${id}`, 12_345), { as: bank });
  const item = (await suspense.list(['open'])).find(({ order }) => order === id)?.id ?? '';
  await suspense.propose(item, { kind: 'return', payee: payer }, 'came too late', first);
  const at = new Date().toISOString();
  await changeItem(
    world.store,
    item,
    (one) => approve(one, 1, second.member, at),
    (one, session) => sendOff(world.store, one, session),
  );
  const inSuspense = async () => (await balancesOf(world.store, account.suspense))['USD'] ?? 0;
  const before = await inSuspense();
  await endReturn(world.store, item, { status: 'refused', reason: 'account-closed' }, at);
  expect((await inSuspense()) - before).toBe(12_345);
  expect((await suspense.list(['open'])).filter(({ order }) => order === id)).toMatchObject([
    { amount: { amount: 12_345 }, returnRefusal: 'account-closed' },
  ]);
  await settledBooks(id);
});

test('a returned charge that no order knows is not taken: the processor tells it again, and it shows', async () => {
  const funds = new FundsClient(world.ta.options);
  const returned = { type: 'charge.returned', at: new Date().toISOString(), reason: 'R01' } as const;
  const { id } = await payable('unknown-charge', 40_000);
  for (const [key, code] of [
    [`${id}:9:9:9`, 'effect.unknown'],
    [`${world.orderId('never')}:1:1:1`, 'order.not-found'],
  ] as const)
    await expect(takePartnerEvent(world.ta, funds, { ...returned, key })).rejects.toMatchObject({ code });
});
