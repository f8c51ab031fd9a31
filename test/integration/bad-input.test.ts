/** Bad input over Update and Signal, on real servers: each has its refusal code, is kept where a Signal brought it, and changes nothing. */
import { randomUUID } from 'node:crypto';
import type { RefusalCode } from '../../domain/refusal';
import { refusalIn } from '../../clients/errors';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Sender = { as: { role: string; member: string } };

/** Sends past the client, which would refuse much of it before it travels: what counts is what the order does. */
async function update(order: string, name: string, { as: actor }: Sender, data: unknown, id: string = randomUUID()) {
  const handle = world.temporal.workflow.getHandle(`ta-order-${order}`);
  try {
    return await handle.executeUpdate<unknown, [unknown]>(name, { args: [{ id, actor, data }] });
  } catch (fault) {
    const refusal = refusalIn(fault);
    if (!refusal) throw fault;
    return refusal.refused;
  }
}

const credit = (account: string, amount: unknown) => ({
  account,
  entryReference: 'e-1',
  amount,
  method: 'tt',
  valueDate: '2026-11-22',
});

/** What may be wrong with a message to an order that waits for its payment. */
const wrong: [what: string, code: RefusalCode, name: string, sender: Sender, data: unknown][] = [
  [
    'R54 a party of another order',
    'actor.not-a-party',
    'remindPayment',
    { as: { role: 'supplier', member: 'sup-yiwu-gifts' } },
    {},
  ],
  ['a role that may not send it', 'actor.role-not-allowed', 'closeUnpaid', as.buyer, {}],
  ['the clock, from outside', 'message.unknown', 'paymentLapsed', { as: { role: 'clock', member: 'clock' } }, {}],
  [
    'R52 a revision in the wrong state',
    'order.wrong-state',
    'revise',
    as.buyer,
    { baseRevision: 1, changes: { shipping: {} } },
  ],
  ['R49 an export before the advance', 'order.wrong-state', 'completeExport', as.supplier, {}],
  ['R29 a close within the 15 days', 'payment.window-open', 'closeUnpaid', as.supplier, {}],
  [
    'R32 a declaration that nobody registered',
    'export.unknown',
    'customsReleased',
    as.customs,
    { declaration: 'D9', releasedAt: '2026-01-01T00:00:00Z' },
  ],
  [
    'negative minor units',
    'message.invalid',
    'paymentCredited',
    as.bank,
    credit('va', { amount: -5, currency: 'USD' }),
  ],
  [
    'fractional minor units',
    'message.invalid',
    'paymentCredited',
    as.bank,
    credit('va', { amount: 10.5, currency: 'USD' }),
  ],
  [
    'minor units beyond counting',
    'message.invalid',
    'paymentCredited',
    as.bank,
    credit('va', { amount: 2 ** 53, currency: 'USD' }),
  ],
  ['an unknown currency', 'message.invalid', 'paymentCredited', as.bank, credit('va', { amount: 5, currency: 'XTS' })],
  ['an unknown field', 'message.invalid', 'remindPayment', as.supplier, { urgent: true }],
  ['no data at all', 'message.invalid', 'confirm', as.buyer, undefined],
];

describe('bad input to an order', () => {
  let id: string;
  let before: unknown;
  beforeAll(async () => {
    const { ta } = world;
    id = world.orderId('bad-input');
    await ta.start(id, { ...lighting, confirm: true }, as.supplier);
    await ta.confirm(id, { revision: 1 }, as.buyer);
    before = await ta.view(id);
  });

  it.each(wrong)('%s: %s over Update', async (_what, code, name, sender, data) => {
    expect(await update(id, name, sender, data)).toBe(code);
  });

  it('each over Signal: kept on the order with its code, nothing thrown', async () => {
    const handle = world.temporal.workflow.getHandle(`ta-order-${id}`);
    for (const [, , name, { as: actor }, data] of wrong) await handle.signal(name, { id: randomUUID(), actor, data });
    const { refusals } = await world.ta.live(id);
    expect(refusals.count).toBe(wrong.length);
    expect(refusals.newest.map(({ refused }) => refused).sort()).toEqual(wrong.map(([, code]) => code).sort());
  });

  it('changes nothing', async () => {
    expect(await world.ta.view(id)).toEqual(before);
    expect((await world.ta.live(id)).order).toMatchObject({ version: 2 });
    expect(await world.ta.postings(id)).toEqual([]);
  });

  it('a message that comes twice is answered twice, and counts once', async () => {
    const message = [id, 'remindPayment', as.supplier, {}, 'remind-1'] as const;
    const first = await update(...message);
    expect(await update(...message)).toEqual(first);
    expect(await update(id, 'cancel', as.supplier, { reason: 'other' }, 'remind-1')).toBe('message.id-reused');
    expect(await world.ta.journal(id)).toHaveLength(3);
  });

  it('late: after the end of the order', async () => {
    const { ta } = world;
    const ended = world.orderId('ended');
    await ta.start(ended, lighting, { ...as.supplier, id: 'd-1' });
    await ta.cancel(ended, { reason: 'no agreement' }, { ...as.buyer, id: 'c-1' });
    await world.temporal.workflow.getHandle(`ta-order-${ended}`).result();
    await expect(ta.confirm(ended, { revision: 1 }, as.buyer)).rejects.toMatchObject({ code: 'order.closed' });
    await expect(ta.signal('confirm', ended, { revision: 1 }, as.buyer)).rejects.toMatchObject({
      code: 'order.closed',
    });
    await expect(ta.start(ended, lighting, as.supplier)).rejects.toMatchObject({ code: 'order.exists' });
    // But what was done before is answered as it was.
    expect(await ta.cancel(ended, { reason: 'no agreement' }, { ...as.buyer, id: 'c-1' })).toMatchObject({
      version: 2,
    });
    expect(await ta.start(ended, lighting, { ...as.supplier, id: 'd-1' })).toMatchObject({ version: 1 });
  });

  it('to an order that does not exist', async () => {
    await expect(world.ta.confirm('nobody', { revision: 1 }, as.buyer)).rejects.toMatchObject({
      code: 'order.not-found',
    });
    await expect(world.ta.signal('confirm', 'nobody', { revision: 1 }, as.buyer)).rejects.toMatchObject({
      code: 'order.not-found',
    });
  });

  it('R53 a confirmation of an incomplete contract names what is missing', async () => {
    const incomplete = world.orderId('incomplete');
    const { payment: _payment, ...contract } = lighting.contract;
    await world.ta.start(incomplete, { ...lighting, contract }, as.supplier);
    await expect(world.ta.confirm(incomplete, { revision: 1 }, as.supplier)).rejects.toMatchObject({
      code: 'order.incomplete',
      refusal: { rule: 'R53', detail: expect.stringMatching(/missing: payment\.advancePercent, payment\.methods/) },
    });
  });

  it('a body too large is refused before it travels', async () => {
    const reason = 'x'.repeat(5_000_000);
    await expect(world.ta.cancel(id, { reason }, as.buyer)).rejects.toMatchObject({ code: 'message.too-large' });
  });
});

describe('who may not trade', () => {
  it.each<[string, RefusalCode, Partial<typeof lighting>, 'supplier' | 'buyer']>([
    [
      'R41 a domestic free account as the buyer',
      'buyer.account-not-eligible',
      { buyer: 'buy-shanghai-trading' },
      'supplier',
    ],
    ['R45 a buyer registered in Iran', 'buyer.region-not-served', { buyer: 'buy-tehran-import' }, 'supplier'],
    ['R58 a suspended supplier', 'supplier.suspended', { supplier: 'sup-dongguan-toys' }, 'supplier'],
    [
      'R55 a Start Order to a supplier that is not activated',
      'supplier.not-activated',
      { supplier: 'sup-wenzhou-valves', source: { kind: 'start-order' }, confirm: true },
      'buyer',
    ],
    ['a member that does not exist', 'member.not-found', { buyer: 'nobody' }, 'supplier'],
  ])('%s', async (name, code, changes, role) => {
    const id = world.orderId(name.replace(/\W+/g, '-'));
    const draft = { ...lighting, ...changes };
    const sender = { as: { role, member: draft[role] } } as const;
    await expect(world.ta.start(id, draft, sender)).rejects.toMatchObject({ code });
    await expect(world.ta.view(id)).rejects.toMatchObject({ code: 'order.not-found' });
    // The id is free again: a refused draft leaves no order behind.
    expect(await world.ta.start(id, lighting, as.supplier)).toMatchObject({ version: 1 });
  });

  it('R12 a supplier of Hong Kong', async () => {
    const hongKong = await world.store.collections.members.findOne({ country: 'HK', account: 'china-supplier' });
    const supplier = hongKong?._id ?? '';
    const draft = { ...lighting, supplier };
    const id = world.orderId('hong-kong');
    await expect(world.ta.start(id, draft, { as: { role: 'supplier', member: supplier } })).rejects.toMatchObject({
      code: 'supplier.not-china',
    });
  });
});
