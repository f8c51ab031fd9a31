/** Awards: whose money they are, and what follows from a ruling (R2, R20, R22, R58). */
import fc from 'fast-check';
import { callOf } from '../../domain/effects';
import { type Order } from '../../domain/order';
import {
  advancePaid,
  buyer,
  carrier,
  completed,
  credited,
  effect,
  escrowConfirmed,
  escrowContract,
  given,
  givenIn,
  mainRoad,
  meanwhile,
  platform,
  receiptAwaited,
  shipped,
  supplier,
  takenBack,
  tracking,
  usd,
  type Step,
  delivered,
} from '../support/builders';
import { approved, complained, escalated, ruled, ruling, settled, withdrawn } from '../support/disputes';

/** Goods that are not as agreed, USD 3,000 paid; escalated. */
const disputed: Step = [shipped(), complained('not-as-agreed'), escalated()];
const refundAccount = { name: 'Alster Home & Living GmbH', account: 'DE02500105170137075030' };

describe('whose money it is (R2, R22)', () => {
  const award = (around: Parameters<typeof givenIn>[0], dollars = 3_000) =>
    givenIn(around, disputed, ruling('upheld', dollars)).when(approved());
  const closes = ['approvalGiven', 'complaintClosed'] as const;
  const sources = (dollars: Partial<Record<'order' | 'hold' | 'supplier' | 'guarantee', number>>) =>
    Object.fromEntries(
      (['order', 'hold', 'supplier', 'guarantee'] as const).map((from) => [from, usd(dollars[from] ?? 0).amount]),
    );

  test('R2: the supplier’s balance first', () => {
    const { transfers } = award({})
      .then([...closes, { type: 'refundDue', sources: sources({ supplier: 3_000 }) }, 'orderClosed'])
      .expectOrder({ guaranteed: 0, refunded: 300_000 });
    expect(transfers.at(-1)).toMatchObject({
      kind: 'refund-due',
      from: 'supplier:sup-ningbo-lighting',
      to: 'refunds:order-1',
      amount: usd(3_000),
      reason: 'ruling',
    });
  });

  test('R2: the platform advances the rest up to the cover, and the supplier owes it', () => {
    const { order, transfers } = award({ balance: usd(1_000) })
      .then([...closes, { type: 'refundDue', sources: sources({ supplier: 1_000, guarantee: 2_000 }) }, 'orderClosed'])
      .expectOrder({ guaranteed: 200_000, refunded: 300_000 });
    expect(transfers.slice(-2)).toMatchObject([
      { kind: 'refund-due', from: 'supplier:sup-ningbo-lighting', amount: usd(1_000) },
      { kind: 'guarantee-payout', from: 'receivable:sup-ningbo-lighting', to: 'refunds:order-1', amount: usd(2_000) },
    ]);
    const payout = order.effects.find(({ of }) => of?.startsWith('guarantee:'));
    expect(payout && callOf(order, payout, order.updatedAt).call.input).toMatchObject({
      fact: { event: 'guarantee.paid', supplier: 'sup-ningbo-lighting', inputs: { amount: usd(2_000) } },
    });
  });

  test('R2: beyond the cover nothing is guaranteed, and the order says so', () => {
    award({ balance: usd(0), limit: usd(500) })
      .then([
        ...closes,
        { type: 'refundDue', amount: usd(500), sources: sources({ guarantee: 500 }) },
        { type: 'awardUncovered', amount: usd(2_500) },
      ])
      .expectOrder({ refunded: 50_000, awardOwed: 250_000, complaints: [{ closed: { award: usd(3_000) } }] });
    award({ balance: usd(0), limit: usd(0) })
      .then([...closes, { type: 'awardUncovered', amount: usd(3_000) }])
      .expectOrder({ refunded: 0, awardOwed: 300_000, refunds: [] });
  });

  test('R2: what an award did not find the supplier owes, and the order is neither refunded nor over', () => {
    // USD 3,000.00 awarded, of which 500.00 are covered: 2,500.00 owed by the supplier, and to the buyer.
    const { order, transfers } = award({ balance: usd(0), limit: usd(500) }).story;
    expect(transfers.at(-1)).toMatchObject({
      kind: 'award-owed',
      from: 'receivable:sup-ningbo-lighting',
      to: 'awards:sup-ningbo-lighting',
      amount: usd(2_500),
    });
    expect([order.status, order.endedAt]).toEqual(['awaiting-answer', undefined]);
  });

  test('R2: what the supplier repays goes to the buyer, after what the guarantee has paid; with the last of it the order is refunded', () => {
    const story = award({ balance: usd(0), limit: usd(500) }).story;
    const collect = platform('collectAward', {});
    // It owes 500.00 to the guarantee and 2,500.00 to the buyer.
    story.when(meanwhile({ owed: usd(3_000), awards: usd(2_500) }), collect).thenRefused('award.not-repaid');
    story.when(meanwhile({ owed: usd(2_500), awards: usd(2_500) }), collect).thenRefused('award.not-repaid');
    story
      .when(meanwhile({ owed: usd(1_500), awards: usd(2_500) }), collect)
      .then([{ type: 'refundDue', amount: usd(1_000), sources: { award: 100_000, supplier: 0, guarantee: 0 } }])
      .expectOrder({ refunded: 150_000, awardOwed: 150_000, endedAt: undefined });
    expect(story.transfers.at(-1)).toMatchObject({
      from: 'awards:sup-ningbo-lighting',
      to: 'refunds:order-1',
      amount: usd(1_000),
    });
    story
      .when(meanwhile({ owed: usd(0), awards: usd(1_500) }), collect)
      .then([
        { type: 'refundDue', amount: usd(1_500) },
        { type: 'orderClosed', outcome: 'refunded' },
      ])
      .expectOrder({ status: 'refunded', refunded: 300_000, awardOwed: 0 });
    story.when(collect).thenRefused('award.none');
  });

  test('R2: an award takes the supplier’s CNY before the guarantee, at the rate of its newest settlement', () => {
    // CNY 7,152.51 came of USD 1,000.00: for USD 1,000.00 it gives CNY 7,152.51, for USD 500.00 CNY 3,576.26 (3,576.255 rounded up).
    const rate = { settlement: 's-1', sold: 100_000, bought: 715_251 };
    const { order, transfers } = award({ balance: usd(2_500), yuan: { balance: 1_000_000, rate } }).then([
      ...closes,
      {
        type: 'refundDue',
        sources: sources({ supplier: 3_000 }),
        converted: { settlement: 's-1', given: { amount: 357_626, currency: 'CNY' }, gained: usd(500) },
      },
      'orderClosed',
    ]);
    expect(order.guaranteed).toBe(0);
    expect(transfers.slice(-3)).toMatchObject([
      { kind: 'refund-due', from: 'supplier:sup-ningbo-lighting', amount: usd(2_500) },
      { kind: 'fx-sold', from: 'supplier:sup-ningbo-lighting', to: 'fx', amount: { amount: 357_626, currency: 'CNY' } },
      { kind: 'fx-bought', from: 'fx', to: 'refunds:order-1', amount: usd(500) },
    ]);
    // Less CNY than needed: CNY 1,000.00 give USD 139.81 (139.811… rounded down); the guarantee pays the rest, 360.19.
    award({ balance: usd(2_500), yuan: { balance: 100_000, rate } }).then([
      ...closes,
      { type: 'refundDue', sources: { supplier: 263_981, guarantee: 36_019 } },
      'orderClosed',
    ]);
  });

  test('R30: the buyer that gets its money back by a reversal is owed no award of it, until it pays again', () => {
    const owes = 'receivable:sup-ningbo-lighting USD';
    const story = award({ balance: usd(0), limit: usd(0) }).story;
    const before = story.balances()[owes] ?? 0;
    story.when(takenBack('advance'));
    expect(story.journal.at(-1)?.events).toMatchObject(
      expect.arrayContaining([{ type: 'awardWaived', amount: usd(3_000), repaid: usd(0) }]) as unknown[],
    );
    expect([story.order.awardOwed, story.order.awardWaived]).toEqual([0, 300_000]);
    // It owes the 3,000.00 that were taken back, instead of the 3,000.00 of the award.
    expect(story.balances()[owes]).toBe(before);
    story.when(meanwhile({ owed: usd(3_000) }), credited(3_000, 'T2'));
    expect(story.order).toMatchObject({ awardOwed: 300_000, awardWaived: 0 });
    expect(story.balances()[owes]).toBe(before);
  });

  test('R2, R30: what the supplier had repaid of an award that is not owed any more is its own again', () => {
    const story = award({ balance: usd(0), limit: usd(0) }).story;
    // All of it was repaid out of another order's money, of which 3,000.00 are left; the reversal takes these.
    story.when(meanwhile({ balance: usd(3_000), owed: usd(0), awards: usd(3_000) }), takenBack('advance'));
    expect(story.journal.at(-1)?.events).toMatchObject(
      expect.arrayContaining([{ type: 'awardWaived', amount: usd(3_000), repaid: usd(3_000) }]) as unknown[],
    );
    expect(story.transfers.at(-1)).toMatchObject({
      from: 'awards:sup-ningbo-lighting',
      to: 'supplier:sup-ningbo-lighting',
      amount: usd(3_000),
    });
  });

  test('R2: a second award has what the first has left of the cover', () => {
    const first = [disputed, ruling('partly-upheld', 400), approved()];
    const again = [complained('quality-after-shipment'), escalated(), ruling('partly-upheld', 400)];
    givenIn({ balance: usd(0), limit: usd(500) }, first, again)
      .when(approved())
      .then([
        ...closes,
        { type: 'refundDue', amount: usd(100), sources: sources({ guarantee: 100 }) },
        { type: 'awardUncovered', amount: usd(300) },
      ])
      .expectOrder({ guaranteed: 50_000 });
  });

  test('R2 (property): what is awarded is paid by the balance, then by the cover, and the rest is told', () => {
    const cents = fc.integer({ min: 0, max: 400_000 });
    fc.assert(
      fc.property(cents, cents, fc.integer({ min: 1, max: 300_000 }), (balance, limit, wanted) => {
        const story = award({ balance: usd(balance / 100), limit: usd(limit / 100) }, wanted / 100).story;
        const events = story.journal.at(-1)?.events ?? [];
        const due = events.find((event) => event.type === 'refundDue');
        const uncovered = events.find((event) => event.type === 'awardUncovered')?.amount.amount ?? 0;
        const paid = due?.sources ?? { order: 0, hold: 0, supplier: 0, guarantee: 0 };
        expect(paid).toMatchObject({ order: 0, hold: 0, supplier: Math.min(wanted, balance) });
        expect(paid.guarantee).toBe(Math.min(wanted - paid.supplier, limit));
        expect(paid.supplier + paid.guarantee + uncovered).toBe(wanted);
        expect(story.order.refunded).toBe(wanted - uncovered);
        expect(due?.amount.amount ?? 0).toBe(wanted - uncovered);
      }),
    );
  });

  test('R2: what it owes the supplier repays first, from what it gets next', () => {
    const story = givenIn({ balance: usd(0) }, disputed, ruling('partly-upheld', 1_000), approved());
    story
      .when(meanwhile({ owed: usd(1_000) }), credited(7_000, 'balance'))
      .then(['paymentApplied', 'supplierPaid', { type: 'receivableRepaid', amount: usd(1_000) }]);
    expect(story.transfers.at(-1)).toMatchObject({
      kind: 'receivable-repaid',
      from: 'supplier:sup-ningbo-lighting',
      to: 'receivable:sup-ningbo-lighting',
    });
  });

  test('R22: Secure Payment: what is held goes back, and the fee is none of it', () => {
    given(receiptAwaited(), delivered(), complained('colour-or-size'), escalated(), ruling('partly-upheld', 4_000))
      .when(approved())
      .then([...closes, { type: 'refundDue', sources: sources({ hold: 4_000 }) }])
      .expectOrder({ purse: { hold: 600_000, supplier: 0 }, status: 'awaiting-receipt' })
      .when(buyer('confirmReceipt'))
      .then(['shipmentAccepted', { type: 'moneyReleased', amount: usd(5_700), fee: usd(300) }, 'orderCompleted']);
  });

  test('R22: Secure Payment: after the release it is the supplier’s balance, and no guarantee', () => {
    const open = [receiptAwaited(), buyer('confirmReceipt'), complained('colour-or-size'), escalated()];
    givenIn({ balance: usd(1_000) }, open, ruling('partly-upheld', 4_000))
      .when(approved())
      .then([
        ...closes,
        // Of 4,000.00 the platform gives back its 5 %, 200.00; of the supplier's 3,800.00 there are 1,000.00.
        { type: 'refundDue', amount: usd(1_200), sources: { ...sources({ supplier: 1_000 }), fee: 20_000 } },
        { type: 'awardUncovered', amount: usd(2_800) },
      ]);
  });

  test('R14: the fee is on what was finally paid, whenever the refund comes: 1,000.00 refunded in full leave none', () => {
    const small = escrowContract({
      product: { lines: [{ name: 'Lamp', hsCode: '94051100', quantity: 1, unit: 'piece', unitPrice: usd(1_000) }] },
    });
    const shippedByCarrier = [
      supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
      carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })),
    ];
    // Released: 950.00 to the supplier, 50.00 to the platform; both give their parts back.
    const { transfers, order } = givenIn(
      { balance: usd(950) },
      [escrowConfirmed(small), credited(1_000, 'T1'), shippedByCarrier, buyer('confirmReceipt')],
      platform('orderRefund', { amount: usd(1_000), reason: 'goodwill' }),
    )
      .when(approved())
      .then([
        'approvalGiven',
        { type: 'refundDue', amount: usd(1_000), sources: { supplier: 95_000, fee: 5_000 } },
        'orderClosed',
      ]);
    expect(transfers.slice(-2)).toMatchObject([
      { kind: 'refund-due', from: 'supplier:sup-ningbo-lighting', amount: usd(950) },
      { kind: 'scheme-fee', from: 'scheme-fees', to: 'refunds:order-1', amount: usd(50) },
    ]);
    expect(order.released).toBe(0);
    // 333.33 of it: 5 % of 666.67 is 33.33 (33.3335), so 16.67 of the 50.00 go back, and 316.66 are the supplier's.
    given(
      [escrowConfirmed(small), credited(1_000, 'T1'), shippedByCarrier, buyer('confirmReceipt')],
      platform('orderRefund', { amount: usd(333.33), reason: 'goodwill' }),
    )
      .when(approved())
      .then(['approvalGiven', { type: 'refundDue', sources: { supplier: 31_666, fee: 1_667 } }]);
  });
});

describe('what follows from a ruling (R20, R58)', () => {
  const upheldOf = ({ effects }: Order) => effects.filter(({ kind }) => kind === 'bookCredit').map(({ of }) => of);

  test.each([
    ['upheld', 3_000, ['upheld:1']],
    ['partly-upheld', 1, ['upheld:1']],
    ['rejected', 0, []],
  ] as const)('R58: %s, for USD %i: the supplier’s credit is told %j', (outcome, dollars, told) => {
    const { order } = given(disputed, ruling(outcome, dollars), approved());
    expect(upheldOf(order)).toEqual(told);
  });

  test('R58: what is told is the complaint, under an id of its own, and it is told once', () => {
    const { order } = given(disputed, ruling('partly-upheld', 1), approved());
    const [booking] = order.effects.filter(({ kind }) => kind === 'bookCredit');
    const { id = '' } = booking ?? {};
    expect(booking && callOf(order, booking, order.updatedAt).call).toEqual({
      activity: 'bookCredit',
      input: {
        kind: 'fact',
        fact: {
          supplier: order.supplier,
          order: order.id,
          at: order.updatedAt,
          event: 'complaint.upheld',
          inputs: { complaint: '1' },
        },
      },
    });
    const booked = effect('creditBooked', { effect: id, limitAfter: usd(16_000), policy: 'ta-limit/v1' });
    given(disputed, ruling('partly-upheld', 1), approved())
      .when(booked)
      .then(['creditBooked'])
      .when(booked)
      .thenNothing();
  });

  test('R58: what the two settle or the buyer takes back is no strike', () => {
    for (const end of [settled(3_000), withdrawn]) expect(upheldOf(given(disputed, end).order)).toEqual([]);
  });

  test('R20: with all of its money awarded the order is over; it ends when everything is paid and booked', () => {
    const { order } = given(disputed, ruling('upheld', 3_000))
      .when(approved())
      .then(['approvalGiven', 'complaintClosed', 'refundDue', { type: 'orderClosed', outcome: 'refunded' }])
      .expectOrder({ status: 'refunded', endedAt: undefined, refunds: [{ state: 'awaiting-payee' }] });
    const id = upheldOf(order).length === 1 ? order.effects[0]?.id : undefined;
    given(disputed, ruling('upheld', 3_000), approved())
      .when(effect('creditBooked', { effect: id ?? '', limitAfter: usd(16_000), policy: 'ta-limit/v1' }))
      .then(['creditBooked'])
      .when(buyer('nameRefundAccount', { payee: refundAccount }))
      .then(['refundAccountNamed'])
      .when(effect('refundPaid', ({ order: o }) => ({ effect: o?.effects[0]?.id ?? '', reference: 'R-1' })))
      .then(['refundPaid', { type: 'coverReleased' }, { type: 'orderEnded', outcome: 'refunded' }]);
  });

  test('R20: with a part of it the order goes on; the buyer still owes the balance', () => {
    given(advancePaid(), complained('quality-before-shipment'), ruled('partly-upheld', 500)).expectOrder({
      status: 'awaiting-shipment',
      advanceIn: true,
      refunded: 50_000,
    });
    given(shipped(), buyer('answerShipment', { asAgreed: false }), escalated(), ruling('partly-upheld', 500))
      .when(approved())
      .then(['approvalGiven', 'complaintClosed', 'refundDue', 'shipmentAccepted'])
      .when(credited(6_969.99, 'most'))
      .then(['paymentApplied', 'supplierPaid'])
      .when(credited(30.01, 'rest'))
      .then(['paymentApplied', 'supplierPaid', 'orderCompleted']);
  });

  test('R20: a completed order stays one, whatever is awarded in its time for complaints', () => {
    given(mainRoad(), complained('not-as-agreed'), escalated(), ruling('upheld', 10_000))
      .when(approved())
      .then([
        'approvalGiven',
        'complaintClosed',
        { type: 'refundDue', amount: usd(10_000) },
        { type: 'creditAdjusted', refunded: 1_000_000, disputed: true },
      ])
      .expectOrder({ status: 'completed', refunded: 1_000_000 });
    given(completed(), complained('not-as-agreed'), ruled('upheld', 10_000)).expectOrder({ status: 'refunded' });
  });
});
