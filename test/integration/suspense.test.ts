/** R29, R30 on real servers: credits find their order, what nobody can place stands in suspense until two operators decide. */
import { SuspenseClient } from '../../clients/suspense';
import { bookCredit, reverseCredit } from '../../clients/bank-feed';
import type { Claims } from '../../clients/http/identity';
import { account } from '../../domain/ledger';
import { moneyOf } from '../../domain/money';
import type { Actor } from '../../domain/messages';
import { findItem } from '../../store/suspense-return';
import { noticesTo } from '../../store/notices';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { openHttp } from '../support/http';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
let suspense: SuspenseClient;
beforeAll(async () => {
  world = await openWorld();
  suspense = new SuspenseClient(world.ta);
});
afterAll(async () => {
  for (const { sum } of await trialBalance(world.store)) expect(sum).toBe(0);
  expect(await balanceDifferences(world.store)).toEqual([]);
  await world.close();
});

const bank = as.bank.as;
const [first, second] = (['op-1', 'op-2'] as const).map((member) => ({ role: 'platform' as const, member })) as [
  { role: 'platform'; member: string },
  { role: 'platform'; member: string },
];

async function payable(name: string): Promise<{ id: string; payTo: string; advance: number; total: number }> {
  const { ta } = world;
  const id = world.orderId(name);
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await ta.confirm(id, { revision: 1 }, as.buyer);
  const { payTo = '', advance, total } = await ta.view(id);
  return { id, payTo, advance: advance?.amount ?? 0, total: total?.amount ?? 0 };
}

const credit = (payTo: string, entryReference: string, amount: number, remittance?: string) => ({
  account: payTo,
  entryReference,
  amount: moneyOf(amount, 'USD'),
  method: 'tt' as const,
  valueDate: '2026-11-22',
  ...(remittance !== undefined && { remittance }),
});

test('R30: by the reference, then by the oldest order of the pair; the same entry again goes the same way', async () => {
  const old = await payable('old');
  const young = await payable('young');
  expect(young.payTo).toBe(old.payTo);
  const named = credit(old.payTo, 'M1', 100, `payment ${young.id}`);
  await expect(bookCredit(world.ta, named, bank)).resolves.toMatchObject({ order: young.id, by: 'reference' });
  await expect(bookCredit(world.ta, credit(old.payTo, 'M2', 100), bank)).resolves.toMatchObject({ order: old.id });
  await expect(bookCredit(world.ta, { ...named, remittance: 'no reference' }, bank)).resolves.toMatchObject({
    order: young.id,
    by: 'booked',
    answer: { events: [] },
  });
});

test('R30: an unknown reference: two operators allocate it to an order', async () => {
  const { id, advance } = await payable('found');
  const booked = await bookCredit(world.ta, credit('CITI-SG-ESCROW', `U-${id}`, advance, 'no idea'), bank);
  if (booked.to !== 'suspense') throw new Error('it should stand in suspense');
  const { item } = booked;
  await expect(
    world.ta.suspenseAllocated(id, { suspense: item, amount: moneyOf(advance, 'USD') }, { as: first }),
  ).rejects.toMatchObject({
    code: 'suspense.not-approved',
  });
  await suspense.propose(item, { kind: 'allocate', order: id }, 'the buyer called', first);
  const told = await noticesTo(world.ta.options.store, 'platform', 50);
  expect(told.filter(({ about }) => about === `suspense:${item}`).map(({ key }) => key)).toEqual([
    'suspense.approval-awaited',
    'suspense.unmatched',
  ]);
  await expect(suspense.approve(item, 1, first)).rejects.toMatchObject({ code: 'approval.same-operator' });
  await expect(suspense.approve(item, 1, second)).resolves.toMatchObject({ state: 'allocated', amount: { amount: 0 } });
  await expect(suspense.approve(item, 1, second)).resolves.toMatchObject({ state: 'allocated' });
  await expect(world.ta.view(id)).resolves.toMatchObject({ status: 'awaiting-shipment', paid: { amount: advance } });
});

test('R30: over HTTP an approval that names another proposal than the newest is a 409, and nothing moves', async () => {
  const http = await openHttp(world);
  try {
    const { advance, id } = await payable('switched');
    const booked = await bookCredit(world.ta, credit('CITI-SG-ESCROW', `S-${id}`, advance, 'no idea'), bank);
    if (booked.to !== 'suspense') throw new Error('it should be in suspense');
    const { item } = booked;
    const send = (as: Actor, what: string, body: object) =>
      http.call(as as Claims, 'POST', `/v1/suspense/${item}/${what}`, { body });
    const returnTo = (account: string) => ({
      action: { kind: 'return', payee: { name: 'Alster', account } },
      why: 'it is the payer’s',
    });
    expect((await send(first, 'propose', returnTo('DE02120300000000202051'))).body.proposal).toMatchObject({
      number: 1,
    });
    expect((await send(first, 'propose', returnTo('XX99MALLORY'))).body.proposal).toMatchObject({ number: 2 });
    expect(await send(second, 'approve', {})).toMatchObject({ status: 400 });
    expect(await send(second, 'approve', { proposal: 1 })).toMatchObject({
      status: 409,
      body: { code: 'approval.none', detail: '1; the newest is 2' },
    });
    expect((await findItem(world.store, item))?.state).toBe('proposed');
  } finally {
    await http.close();
  }
});

test('R30: what came beyond the price stands in suspense; a reversal takes it from there first', async () => {
  const { id, payTo, total } = await payable('over');
  await bookCredit(world.ta, credit(payTo, `O1-${id}`, total, id), bank);
  await bookCredit(world.ta, credit(payTo, `O2-${id}`, 5_000, id), bank);
  const [item] = (await suspense.list(['open'])).filter(({ order }) => order === id);
  expect(item).toMatchObject({ reason: 'overpaid', amount: moneyOf(5_000, 'USD') });
  await reverseCredit(world.ta, { account: payTo, entryReference: `O2-${id}`, reason: 'recalled' }, bank);
  expect((await suspense.list(['reversed'])).map(({ id: one }) => one)).toContain(item?.id);
  await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: total }, excess: 0 });
});

test('R30: suspended money that is gone is owed by the buyer when its credit is taken back', async () => {
  const { id, payTo, total } = await payable('gone');
  const other = await payable('other');
  await bookCredit(world.ta, credit(payTo, `G1-${id}`, total, id), bank);
  await bookCredit(world.ta, credit(payTo, `G2-${id}`, other.advance, id), bank);
  const [item] = (await suspense.list(['open'])).filter(({ order }) => order === id);
  await suspense.propose(item?.id ?? '', { kind: 'allocate', order: other.id }, 'meant for the other', first);
  await suspense.approve(item?.id ?? '', 1, second);
  const { buyer } = await world.ta.view(id);
  const owedBefore = (await balancesOf(world.store, account.receivable(buyer)))['USD'] ?? 0;
  await reverseCredit(world.ta, { account: payTo, entryReference: `G2-${id}`, reason: 'recalled' }, bank);
  expect(await balancesOf(world.store, account.receivable(buyer))).toEqual({ USD: owedBefore - other.advance });
  await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: total }, excess: 0 });
});

test('R29: money after the end is suspended; a late reversal takes it from there, and an applied one from the supplier', async () => {
  const { id, payTo } = await payable('late');
  await bookCredit(world.ta, credit(payTo, `L0-${id}`, 100, id), bank);
  await world.ta.proposeCancellation(id, { reason: 'no longer needed', refund: moneyOf(0, 'USD') }, as.buyer);
  await world.ta.acceptProposal(id, { proposal: 1 }, as.supplier);
  await expect(world.ta.view(id)).resolves.toMatchObject({
    status: 'cancelled',
    endedAt: expect.any(String) as string,
  });
  const late = credit(payTo, `L1-${id}`, 700);
  await world.ta.paymentCredited(id, late, { as: bank });
  expect((await suspense.list(['open'])).filter(({ order }) => order === id)).toMatchObject([
    { reason: 'after-close' },
  ]);
  const reversal = { account: payTo, entryReference: `L1-${id}`, reason: 'recalled' };
  await reverseCredit(world.ta, reversal, bank);
  await reverseCredit(world.ta, reversal, bank); // the same again changes nothing
  expect((await suspense.list(['open'])).filter(({ order }) => order === id)).toEqual([]);
  const before = (await balancesOf(world.store, account.supplier(lighting.supplier)))['USD'] ?? 0;
  await reverseCredit(world.ta, { account: payTo, entryReference: `L0-${id}`, reason: 'recalled' }, bank);
  expect(await balancesOf(world.store, account.supplier(lighting.supplier))).toEqual({ USD: before - 100 });
});

test('R30: of a suspended credit that is gone, its reversal takes nothing out of another item', async () => {
  const { id, payTo, total } = await payable('mine');
  const other = await payable('mine-other');
  await world.ta.paymentCredited(id, credit('va-of-another', `O1-${id}`, other.advance), { as: bank });
  await bookCredit(world.ta, credit(payTo, `O2-${id}`, total + 700, id), bank);
  const items = (await suspense.list(['open'])).filter(({ order }) => order === id);
  const stray = items.find(({ reason }) => reason === 'account-mismatch');
  await suspense.propose(stray?.id ?? '', { kind: 'allocate', order: other.id }, 'meant for the other', first);
  await suspense.approve(stray?.id ?? '', 1, second);
  await world.ta.paymentReversed(
    id,
    { account: 'va-of-another', entryReference: `O1-${id}`, reason: 'recalled' },
    { as: bank },
  );
  expect((await suspense.list(['open'])).filter(({ order }) => order === id)).toMatchObject([
    { reason: 'overpaid', amount: { amount: 700 } },
  ]);
});

test('R52: what came beyond the price counts towards a higher one, and leaves suspense', async () => {
  const { id, payTo, total } = await payable('dearer');
  await bookCredit(world.ta, credit(payTo, `D1-${id}`, total + 700, id), bank);
  const { contract } = await world.ta.view(id);
  const [line, ...lines] = contract.product?.lines ?? [];
  const dearer = { ...line, quantity: (line?.quantity ?? 0) + 1 };
  const changes = { product: { ...contract.product, lines: [dearer, ...lines] } };
  await world.ta.proposeAmendment(id, { changes }, as.supplier);
  await world.ta.acceptProposal(id, { proposal: 1 }, as.buyer);
  const counted = Math.min(700, line?.unitPrice?.amount ?? 0);
  await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: total + counted }, excess: 700 - counted });
  const left = (await suspense.list(['open'])).filter(({ order }) => order === id).map(({ amount }) => amount.amount);
  expect(left).toEqual(counted === 700 ? [] : [700 - counted]);
});
