/** The inbox on real servers: what feeds deliver is stored first, routed once, and explained in every row. */
import { randomUUID } from 'node:crypto';
import type { FeedItem } from '../../clients/feeds/feed';
import { InboxLoop } from '../../clients/feeds/loop';
import { rowsOf } from '../../clients/feeds/rows';
import { moneyOf } from '../../domain/money';
import { isRefusal } from '../../domain/refusal';
import { addDays } from '../../domain/time';
import {
  closeRow,
  findDelivery,
  inboxCounts,
  leaseOf,
  listRows,
  rawOf,
  receive,
  replay,
  takeRow,
  takeUnread,
  type Incoming,
} from '../../store/inbox';
import { figuresOf } from '../../store/figures';
import { balanceDifferences, trialBalance } from '../../store/ledger';
import { SuspenseClient } from '../../clients/suspense';
import { linesOf, linesProfile, openInbox, type Told } from '../support/inbox';
import { advance, paidOrder } from '../support/paid-order';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
let feeds: ReturnType<typeof openInbox>;
beforeAll(async () => {
  world = await openWorld();
  feeds = openInbox(world);
});
afterAll(async () => {
  for (const { sum } of await trialBalance(world.store)) expect(sum).toBe(0);
  expect(await balanceDifferences(world.store)).toEqual([]);
  await world.close();
});

const byBankA = {
  source: 'bank-a',
  kind: 'bank',
  member: 'citibank',
  profile: 'lines',
  file: 'a.txt',
  way: 'http',
} as const;
const now = () => new Date().toISOString();
const goods = [
  {
    hsCode: '94051100',
    name: 'LED panel light',
    quantity: 400,
    unit: 'piece',
    value: { amount: 580_000, currency: 'USD' },
  },
] as const;

async function payable(name: string): Promise<{ id: string; payTo: string }> {
  const id = world.orderId(name);
  await world.ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await world.ta.confirm(id, { revision: 1 }, as.buyer);
  return { id, payTo: (await world.ta.view(id)).payTo ?? '' };
}

/** Of the lighting order what Secure Payment asks for: all of it before, and a carrier. */
const prepaid = {
  contract: {
    ...lighting.contract,
    shipping: { ...lighting.contract.shipping, method: 'express' as const },
    payment: { advancePercent: 100, methods: ['tt' as const] },
  },
};

const credit = (account: string, entryReference: string, amount: number, remittance?: string): Told => ({
  fact: 'paymentCredited',
  data: { account, entryReference, amount: moneyOf(amount, 'USD'), method: 'tt', valueDate: '2026-11-22' },
  ...(remittance !== undefined && { remittance }),
});
const reversal = (account: string, entryReference: string): Told => ({
  fact: 'paymentReversed',
  data: { account, entryReference, reason: 'recalled' },
});
const released = (declaration: string, releasedAt = '2026-11-20T04:00:00.000Z'): Told => ({
  fact: 'customsReleased',
  data: { declaration, releasedAt },
});

describe('a delivery', () => {
  it('is stored as it came, once for its source and message id; other bytes under the same id are refused', async () => {
    const body = linesOf({ ignored: 'entry.debit', why: 'a debit' });
    const delivered: Incoming = { ...byBankA, body, messageId: 'msg-1', receivedAt: now() };
    const first = await receive(world.store, delivered);
    if (isRefusal(first)) throw new Error(first.refused);
    expect(await receive(world.store, delivered)).toEqual({ id: first.id, isRepeated: true });
    expect(Buffer.from((await rawOf(world.store, first.id)) ?? [])).toEqual(Buffer.from(body));
    expect(await receive(world.store, { ...delivered, body: linesOf('{}') })).toMatchObject({
      refused: 'inbox.id-reused',
    });
    const other = await receive(world.store, { ...delivered, source: 'bank-b' });
    expect(other).toMatchObject({ isRepeated: false });
    await feeds.inbox.work();
    expect(await feeds.rowsOf(first.id)).toMatchObject([{ state: 'ignored', code: 'entry.debit' }]);
  });

  it('without an id of its own is known by its format and bytes', async () => {
    const body = linesOf({ ignored: 'entry.debit', why: 'only once' });
    const delivered: Incoming = { ...byBankA, body, receivedAt: now() };
    const first = await receive(world.store, delivered);
    expect(await receive(world.store, { ...delivered, file: 'b.txt' })).toEqual({ ...first, isRepeated: true });
    expect(await receive(world.store, { ...delivered, profile: 'camt.054' })).toMatchObject({ isRepeated: false });
    await feeds.inbox.work();
  });

  it('that cannot be read is kept, dead with the reason; it is read again when it is replayed', async () => {
    let isMended = false;
    const mended = openInbox(world, {
      profileOf: () => ({
        ...{ name: 'lines', kinds: ['bank'], says: '' },
        parse: () => {
          if (!isMended) throw new Error('a bug of the adapter');
          return [{ ignored: 'entry.debit', why: 'a debit', source: { file: 'f', message: 'm', index: 0 } }];
        },
      }),
    });
    const broken = await feeds.deliver('bank', linesOf('{'));
    const strange = await feeds.deliver('bank', linesOf('{}'), { profile: 'no-such' });
    const empty = await feeds.deliver('bank', linesOf());
    await feeds.inbox.work();
    expect(await feeds.rowsOf(broken)).toMatchObject([{ state: 'dead', code: 'lines.malformed', index: -1 }]);
    expect(await feeds.rowsOf(strange)).toMatchObject([{ state: 'dead', code: 'feed.profile-unknown' }]);
    expect(await feeds.rowsOf(empty)).toMatchObject([{ state: 'dead', code: 'file.empty' }]);

    const buggy = await mended.deliver('bank', linesOf('bug'));
    await mended.inbox.work();
    expect(await feeds.rowsOf(buggy)).toMatchObject([{ state: 'dead', code: 'feed.failed' }]);
    isMended = true;
    expect(await replay(world.store, { delivery: buggy }, now())).toEqual({ rows: 0, deliveries: 1 });
    await mended.inbox.work();
    expect(await feeds.rowsOf(buggy)).toMatchObject([
      { index: -1, state: 'ignored', code: 'file.read-again' },
      { index: 0, state: 'ignored', code: 'entry.debit' },
    ]);
  });
});

describe('what is no fact for an order', () => {
  it('waits for a person where an order may need it, and is quiet where nobody does; an operator closes it', async () => {
    const delivered = await feeds.deliver(
      'bank',
      linesOf(
        { ignored: 'entry.debit', why: 'money that goes out' },
        { ignored: 'entry.reference', why: 'a credit is taken back, and the bank does not say which' },
        { ignored: 'time.unreadable', why: 'released, but when?' },
      ),
    );
    await feeds.inbox.work();
    const rows = await feeds.rowsOf(delivered);
    expect(rows).toMatchObject([
      { state: 'ignored', code: 'entry.debit' },
      { state: 'dead', code: 'entry.reference', at: { file: 'test.txt', index: 1 } },
      { state: 'dead', code: 'time.unreadable', why: 'released, but when?' },
    ]);
    const { queues } = await figuresOf(world.store, now());
    expect(queues['inbox-dead'].size).toBe((await inboxCounts(world.store)).dead);

    const closed = { by: 'operator-1', at: now(), why: 'the bank has told us by mail' };
    const [debit, reversal] = rows.map(({ id }) => id);
    expect(await closeRow(world.store, reversal ?? '', closed)).toMatchObject({
      state: 'ignored',
      code: 'entry.reference',
      closed,
    });
    expect(await closeRow(world.store, debit ?? '', closed)).toMatchObject({ refused: 'inbox.row-not-dead' });
    expect(await closeRow(world.store, 'in-none.0', closed)).toMatchObject({ refused: 'inbox.not-found' });
    expect((await inboxCounts(world.store)).dead).toBe(queues['inbox-dead'].size - 1);
    await closeRow(world.store, rows[2]?.id ?? '', closed);
  });

  it('is read again when it is replayed: what is understood now is told, and what was told before is not again', async () => {
    const id = await paidOrder(world, 'reread', advance - 100);
    const { payTo = '' } = await world.ta.view(id);
    let isMended = false;
    const known = { ...credit(payTo, `K-${id}`, 40, id), source: { file: 'f', message: 'm', index: 0 } };
    const unknown = { ignored: 'status.unknown', why: '“Q” is not in the list' } as const;
    const items = (): FeedItem[] => [
      // Mended, it reads one thing more, before all others.
      ...(isMended ? [{ ...credit(payTo, `M-${id}`, 25, id), source: { file: 'f', message: 'l', index: 0 } }] : []),
      known,
      isMended
        ? { ...credit(payTo, `N-${id}`, 35, id), source: { file: 'f', message: 'm', index: 1 } }
        : { ...unknown, source: { file: 'f', message: 'm', index: 1 } },
      { ...unknown, source: { file: 'f', message: 'm', index: 2 } },
      { ...unknown, source: { file: 'f', message: 'm', index: 3 } },
    ];
    const reader = openInbox(world, {
      profileOf: () => ({ ...{ name: 'lines', kinds: ['bank'], says: '' }, parse: items }),
    });
    const delivered = await reader.deliver('bank', linesOf('{}'));
    await reader.inbox.work();
    const before = await feeds.rowsOf(delivered);
    expect(before.map(({ state }) => state)).toEqual(['routed', 'dead', 'dead', 'dead']);
    await closeRow(world.store, before[2]?.id ?? '', { by: 'operator-1', at: now(), why: 'of no use' });

    isMended = true;
    expect(await replay(world.store, { state: 'dead', profile: 'lines', delivery: delivered }, now())).toEqual({
      rows: 0,
      deliveries: 1,
    });
    await reader.inbox.work();
    const after = await feeds.rowsOf(delivered);
    expect(after.map(({ state, outcome, code }) => outcome ?? code ?? state).sort()).toEqual(
      ['applied', 'applied', 'applied', 'status.unknown', 'status.unknown'].sort(),
    );
    expect(after.filter(({ state }) => state === 'dead')).toMatchObject([{ at: { index: 3 } }]);
    expect(after.filter(({ closed }) => closed)).toMatchObject([{ state: 'ignored', at: { index: 2 } }]);
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: advance } });
    expect((await findDelivery(world.store, delivered))?.rows).toBe(5);
  });
});

describe('R30: credits', () => {
  it('find their order; told again by another delivery, or with more said, they are duplicates', async () => {
    const { id, payTo } = await payable('credit');
    const told = credit(payTo, `E1-${id}`, 10_000, `for ${id}`);
    const withPayer = { ...told, data: { ...told.data, payer: { name: 'Alster', account: 'DE021203' } } } as Told;
    const deliveries = [
      await feeds.deliver('bank', linesOf(told)),
      await feeds.deliver('bank', linesOf(told)),
      await feeds.deliver('bank', linesOf(withPayer)),
      await feeds.deliver('bank', linesOf(credit(payTo, `E1-${id}`, 20_000, `for ${id}`))),
      await feeds.deliver('bank', linesOf({ ...told, data: { ...told.data, valueDate: '2026-11-30' } } as Told)),
    ];
    await feeds.inbox.work();
    const rows = await Promise.all(deliveries.map(async (delivery) => (await feeds.rowsOf(delivery))[0]));
    expect(rows).toMatchObject([
      { state: 'routed', outcome: 'applied', order: id },
      { state: 'routed', outcome: 'duplicate', order: id },
      { state: 'routed', outcome: 'duplicate', order: id },
      // Banks begin their numbers again: another amount or day is another credit, and money is never refused.
      { state: 'dead', code: 'credit.reference-reused' },
      { state: 'dead', code: 'credit.reference-reused' },
    ]);
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 10_000 } });
  });

  it('of which nobody can tell the order stand in suspense, also when an order that they might be for comes later', async () => {
    const told = credit('CITI-SG-ESCROW', world.orderId('U1'), 5_000, 'no idea');
    const first = await feeds.deliver('bank', linesOf(told));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(first)).toMatchObject([{ state: 'routed', outcome: 'suspense' }]);
    const { id } = await payable('later');
    const again = await feeds.deliver('bank', linesOf({ ...told, remittance: `for ${id}` }), {
      source: 'other-bank',
    });
    await world.store.collections.inboxRows.updateOne({ delivery: first }, { $unset: { message: '' } });
    await feeds.inbox.work();
    expect(await feeds.rowsOf(again)).toMatchObject([{ state: 'routed', outcome: 'duplicate' }]);
  });

  it('a reversal that comes before its credit is parked, and follows it; out of suspense, too', async () => {
    const { id, payTo } = await payable('reversed');
    for (const [account, reference] of [
      [payTo, `R1-${id}`],
      ['CITI-SG-ESCROW', `R2-${id}`],
    ] as const) {
      const early = await feeds.deliver('bank', linesOf(reversal(account, reference)));
      await feeds.inbox.work();
      expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'parked', code: 'payment.entry-unknown' }]);
      const late = await feeds.deliver('bank', linesOf(credit(account, reference, 700, 'unknown')));
      await feeds.inbox.work();
      expect(await feeds.rowsOf(late)).toMatchObject([{ state: 'routed' }]);
      expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'routed', outcome: 'applied' }]);
    }
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 0 } });
    const open = await new SuspenseClient(world.ta).list(['open']);
    expect(open.filter(({ entryReference }) => entryReference === `R2-${id}`)).toEqual([]);
  });

  it('R30 a reversal with a reference of its own takes back the credit of its UETR, or end-to-end id and amount', async () => {
    const { id, payTo } = await payable('own-reference');
    const own = (n: number, transfer: object, cents = 700): Told => ({
      ...reversal(payTo, `OWN${n}-${id}`),
      amount: moneyOf(cents, 'USD'),
      transfer,
    });
    const uetr = randomUUID();
    for (const [n, names] of [{ uetr }, { endToEnd: `E-${id}` }].entries()) {
      await feeds.deliver('bank', linesOf({ ...credit(payTo, `C${n}-${id}`, 700, id), transfer: names }));
      await feeds.inbox.work();
      await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 700 } });
      const taken = await feeds.deliver('bank', linesOf(own(n, names)));
      await feeds.inbox.work();
      expect(await feeds.rowsOf(taken)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
      await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 0 } });
    }
  });

  it('R30 a reversal of which nobody knows the credit is for people after a day', async () => {
    const { payTo } = await payable('nobody-knows');
    const unknown = await feeds.deliver('bank', linesOf(reversal(payTo, 'nobody-knows-this')));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(unknown)).toMatchObject([{ state: 'parked' }]);
    const nextDay = openInbox(world, { now: () => addDays(now(), 1) });
    await nextDay.inbox.sweep();
    expect(await feeds.rowsOf(unknown)).toMatchObject([{ state: 'dead', code: 'parked.too-long' }]);
  });

  it('taken back in part wait for a person: an order can be told of the whole only', async () => {
    const { id, payTo } = await payable('in-part');
    await feeds.deliver('bank', linesOf(credit(payTo, `P-${id}`, 700, id)));
    const part = await feeds.deliver('bank', linesOf({ ...reversal(payTo, `P-${id}`), amount: moneyOf(650, 'USD') }));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(part)).toMatchObject([
      { state: 'dead', code: 'reversal.amount-differs', why: expect.stringContaining('USD 6.50') as string },
    ]);
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 700 } });
    const whole = await feeds.deliver('bank', linesOf({ ...reversal(payTo, `P-${id}`), amount: moneyOf(700, 'USD') }));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(whole)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 0 } });
  });

  it('that operators have allocated to an order are taken back from there', async () => {
    const { id } = await payable('allocated');
    const suspense = new SuspenseClient(world.ta);
    const reference = `A1-${id}`;
    await feeds.deliver('bank', linesOf(credit('CITI-SG-ESCROW', reference, 900, 'whose?')));
    await feeds.inbox.work();
    const [item] = (await suspense.list(['open'])).filter(({ entryReference }) => entryReference === reference);
    await suspense.propose(item?.id ?? '', { kind: 'allocate', order: id }, 'the buyer called', {
      role: 'platform',
      member: 'op-1',
    });
    await suspense.approve(item?.id ?? '', 1, { role: 'platform', member: 'op-2' });
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 900 } });
    const taken = await feeds.deliver('bank', linesOf(reversal('CITI-SG-ESCROW', reference)));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(taken)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
    await expect(world.ta.view(id)).resolves.toMatchObject({ paid: { amount: 0 } });
  });
});

describe('what comes after the end of an order', () => {
  it('R29: money goes to suspense, and the row names the order', async () => {
    const { id, payTo } = await payable('ended');
    await world.ta.cancel(id, { reason: 'no longer needed' }, as.buyer);
    const late = await feeds.deliver('bank', linesOf(credit(payTo, `late-${id}`, 100, id)));
    await feeds.inbox.work();
    expect((await feeds.rowsOf(late))[0]).toMatchObject({ state: 'routed', outcome: 'suspense', order: id });
  });
});

describe('R32: what customs says', () => {
  it('before the export is registered is parked, and goes on when it is', async () => {
    const id = await paidOrder(world, 'parked');
    const declaration = `D-${id}`;
    const early = await feeds.deliver('customs', linesOf(released(declaration), released(declaration)));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([
      { state: 'parked', code: 'order.not-known' },
      { state: 'parked', code: 'order.not-known' },
    ]);
    await world.ta.registerExport(id, { exportOrder: `x-${id}`, declaration, goods: [...goods] }, as.supplier);
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([
      { state: 'routed', outcome: 'applied', order: id },
      { state: 'routed', outcome: 'duplicate', order: id },
    ]);
    const { exports } = await world.ta.view(id);
    expect(exports).toMatchObject([{ declaration, customs: { word: 'released' } }]);
  });

  it('of the future is parked until then; what another kind of feed says of it is not believed', async () => {
    const id = await paidOrder(world, 'future');
    const declaration = `D-${id}`;
    await world.ta.registerExport(id, { exportOrder: `x-${id}`, declaration, goods: [...goods] }, as.supplier);
    const future = await feeds.deliver('customs', linesOf(released(declaration, addDays(now(), 3))));
    const forged = await feeds.deliver('bank', linesOf(released(declaration)));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(future)).toMatchObject([{ state: 'parked', code: 'export.in-future', order: id }]);
    expect(await feeds.rowsOf(forged)).toMatchObject([{ state: 'dead', code: 'fact.not-theirs' }]);
    expect((await world.ta.view(id)).exports[0]?.customs).toBeUndefined();
  });

  it('of a declaration that two orders have registered goes to neither', async () => {
    const [one, two] = [await paidOrder(world, 'first'), await paidOrder(world, 'second')];
    const declaration = `D-${one}`;
    for (const id of [one, two])
      await world.ta.registerExport(id, { exportOrder: `x-${id}`, declaration, goods: [...goods] }, as.supplier);
    const said = await feeds.deliver('customs', linesOf(released(declaration)));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(said)).toMatchObject([{ state: 'parked', code: 'order.ambiguous' }]);
  });

  it('that nobody has claimed for 30 days is dead, for an operator', async () => {
    const later = openInbox(world, { now: () => addDays(now(), 31) });
    const said = await feeds.deliver('customs', linesOf(released('D-nobody')));
    await feeds.inbox.work();
    await later.inbox.sweep();
    expect(await feeds.rowsOf(said)).toMatchObject([{ state: 'dead', code: 'parked.too-long' }]);
  });
});

describe('what carriers and inspectors say', () => {
  it('R16, R18: a carrier’s word finds the shipment by its tracking number, also when it comes before it', async () => {
    const id = world.orderId('carried');
    const { ta } = world;
    await ta.start(id, { ...lighting, ...prepaid, scheme: 'secure-payment', confirm: true }, as.supplier);
    await ta.confirm(id, { revision: 1 }, as.buyer);
    const { payTo = '', total } = await ta.view(id);
    await feeds.deliver('bank', linesOf(credit(payTo, `S-${id}`, total?.amount ?? 0, id)));
    const tracking = `T-${id}`;
    const shipped: Told = { fact: 'goodsShipped', data: { tracking, shippedAt: '2026-11-20T04:00:00.000Z' } };
    const delivered: Told = { fact: 'goodsDelivered', data: { tracking, deliveredAt: '2026-11-22T04:00:00.000Z' } };
    const early = await feeds.deliver('carrier', linesOf(delivered));
    const forged = await feeds.deliver('customs', linesOf(shipped));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'parked', waitsFor: `tracking:${tracking}` }]);
    expect(await feeds.rowsOf(forged)).toMatchObject([{ state: 'dead', code: 'fact.not-theirs' }]);
    await ta.shipGoods(id, { shipment: 'ship-1', carrier: 'DHL Express', tracking }, as.supplier);
    const late = await feeds.deliver('carrier', linesOf(shipped, shipped));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
    expect(await feeds.rowsOf(late)).toMatchObject([{ outcome: 'applied', order: id }, { outcome: 'duplicate' }]);
    expect((await ta.view(id)).shipment).toMatchObject({
      tracking,
      shippedAt: shipped.data.shippedAt,
      deliveredAt: delivered.data.deliveredAt,
    });
  });

  it('R22: an inspector’s report finds its inspection; the newest counts, whichever comes first', async () => {
    const id = world.orderId('inspected');
    const product = { lines: lighting.contract.product?.lines ?? [], inspectionStandard: 'AQL 2.5' };
    const contract = { ...lighting.contract, product };
    await world.ta.start(id, { ...lighting, contract, confirm: true }, as.supplier);
    await world.ta.confirm(id, { revision: 1 }, as.buyer);
    const { payTo = '' } = await world.ta.view(id);
    await feeds.deliver('bank', linesOf(credit(payTo, `S-${id}`, advance, id)));
    const inspection = `I-${id}`;
    const reported = (passed: boolean, inspectedAt: string): Told => ({
      fact: 'inspectionReported',
      data: { inspection, passed, report: `https://sgs.example/${inspection}`, inspectedAt },
    });
    const early = await feeds.deliver('inspector', linesOf(reported(true, '2026-11-21T04:00:00.000Z')));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'parked', waitsFor: `inspection:${inspection}` }]);
    await world.ta.requestInspection(id, { inspection, inspector: 'SGS' }, as.buyer);
    const older = await feeds.deliver('inspector', linesOf(reported(false, '2026-11-20T04:00:00.000Z')));
    await feeds.inbox.work();
    expect(await feeds.rowsOf(early)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
    expect(await feeds.rowsOf(older)).toMatchObject([{ state: 'routed', outcome: 'duplicate', order: id }]);
    expect((await world.ta.view(id)).inspections).toMatchObject([{ inspection, report: { passed: true } }]);
  });
});

describe('whoever works on the inbox', () => {
  it('holds it on lease: a process that dies between the storing and the routing holds nothing up for longer', async () => {
    const id = await paidOrder(world, 'leased', advance - 100);
    const { payTo = '' } = await world.ta.view(id);
    const delivered = await feeds.deliver('bank', linesOf(credit(payTo, `L-${id}`, 100, id)));
    // It dies while it reads …
    const died = await takeUnread(world.store, now(), leaseOf(now(), 60_000));
    expect(died?.id).toBe(delivered);
    await feeds.inbox.work();
    expect(await feeds.rowsOf(delivered)).toEqual([]);
    const later = openInbox(world, { now: () => addDays(now(), 1) });
    // … and the next one while it routes.
    await later.inbox.work().then(() => undefined);
    expect(await feeds.rowsOf(delivered)).toMatchObject([{ state: 'routed', outcome: 'applied', order: id }]);
  });

  it('takes the rows of one turn in the order in which they came', async () => {
    const key = `declaration:${randomUUID()}`;
    const [, declaration = ''] = key.split(':');
    await feeds.deliver('customs', linesOf(released(declaration), released(declaration, '2026-11-21T04:00:00.000Z')));
    const reader = openInbox(world, { concurrency: 0 });
    await reader.inbox.work();
    const first = await takeRow(world.store, key, now(), leaseOf(now(), 60_000));
    expect(first).toMatchObject({ index: 0 });
    expect(await takeRow(world.store, key, now(), leaseOf(now(), 60_000))).toBeUndefined();
    await feeds.inbox.work();
    const { rows } = await listRows(world.store, { delivery: first?.delivery ?? '' });
    expect(rows.map(({ state }) => state)).toEqual(['pending', 'pending']);
    await world.store.collections.inboxRows.updateMany({ key }, { $unset: { lease: '' } });
    await feeds.inbox.work();
  });

  test('ends with what it has in hand when it is told to end, however much there is', async () => {
    for (let n = 0; n < 5; n += 1) await feeds.deliver('bank', linesOf(credit('nobody', `ending-${String(n)}`, 100)));
    await new Promise<void>((told) => {
      const { inbox } = openInbox(world, {
        read: (of, body) => {
          void loop.stop().then(told);
          return rowsOf(of, body, linesProfile);
        },
      });
      const loop = new InboxLoop(inbox, { everyMs: 10 });
      loop.start();
    });
    expect((await inboxCounts(world.store)).received).toBe(4);
    await feeds.inbox.work();
  });
});

test('rows are listed by page, filtered, and counted by their state', async () => {
  const all = (await listRows(world.store, { limit: 500 })).rows;
  const paged: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await listRows(world.store, { limit: 3, ...(after !== undefined && { after }) });
    paged.push(...page.rows.map(({ id }) => id));
    after = page.next;
    if (after === undefined) break;
  }
  expect(paged).toEqual(all.map(({ id }) => id));
  const counts = await inboxCounts(world.store);
  expect(counts.received).toBe(0);
  for (const state of ['parked', 'dead', 'ignored', 'routed'] as const)
    expect(counts[state]).toBe(all.filter((row) => row.state === state).length);
});
