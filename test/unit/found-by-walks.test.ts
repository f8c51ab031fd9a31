/**
 * Stories that random walks found, each shrunk to the messages that matter: what was wrong once, and must not come back. The
 * properties themselves are in `properties-*.test.ts`.
 */
import {
  advancePaid,
  at,
  buyer,
  buyerId,
  carrier,
  chargedBack,
  completeContract,
  completed,
  confirmed,
  credited,
  customs,
  delivered,
  disposed,
  escrowConfirmed,
  given,
  givenByTheBooks,
  inspector,
  pairAccount,
  paidByCard,
  received,
  refundOrdered,
  registered,
  released,
  repriced,
  revoked,
  shipped,
  supplier,
  supplierId,
  takenBack,
  total,
  tracking,
  usd,
  type Step,
} from '../support/builders';

const dayMs = 24 * 60 * 60 * 1000;
const payer = { name: 'Alster Home & Living GmbH', account: 'DE89370400440532013000' };
const pair = `pair:${pairAccount} USD`;
const ofSupplier = `supplier:${supplierId} USD`;
const ofBuyer = `receivable:${buyerId} USD`;
const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });

describe('money that a complaint holds up (R22)', () => {
  test('R18, R22: what is held when the reviews close the order is released once the complaint is over', () => {
    given(
      escrowConfirmed(),
      credited(9_980, 'price'), // banks have kept the rest
      supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
      carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })),
      buyer('confirmReceipt'),
      buyer('complain', { kind: 'not-as-agreed', description: 'another colour' }),
      credited(20, 'rest'),
      supplier('review', { stars: 5 }),
      buyer('review', { stars: 1 }),
    )
      .expectOrder({ status: 'completed', endedAt: undefined, purse: { order: 0, hold: 2_000, supplier: 998_000 } })
      .when(buyer('withdrawComplaint', {}))
      .then(['complaintClosed', { type: 'moneyReleased', amount: usd(19), fee: usd(1) }])
      .expectOrder({ status: 'completed', purse: { order: 0, hold: 0, supplier: 1_000_000 } });
  });
});

describe('two words of the same instant (R22, R32)', () => {
  test('R32: of the same word of customs the one with a note counts, whichever comes first', () => {
    const heldAt = '2026-03-02T00:00:00.000Z';
    const [bare, noted] = [
      customs('customsHeld', { declaration: 'D1', heldAt }),
      customs('customsHeld', { declaration: 'D1', heldAt, note: 'Weight' }),
    ];
    for (const words of [
      [bare, noted],
      [noted, bare],
    ])
      given(advancePaid(), registered('export-1', 'D1'), ...words).expectOrder({
        exports: [{ customs: { word: 'held', at: heldAt, note: 'Weight' } }],
      });
  });

  test('R22: of two reports on an inspection the worse counts, whichever comes first', () => {
    const contract = completeContract({ product: { inspectionStandard: 'AQL 2.5' } });
    const said = (passed: boolean) =>
      inspector('inspectionReported', {
        inspection: 'insp-1',
        passed,
        report: 'https://files.example/report.pdf',
        inspectedAt: '2026-03-02T00:00:00.000Z',
      });
    for (const reports of [
      [said(true), said(false)],
      [said(false), said(true)],
    ])
      given(
        advancePaid(contract),
        buyer('requestInspection', { inspection: 'insp-1', inspector: 'SGS' }),
        ...reports,
      ).expectOrder({ inspections: [{ report: { passed: false } }] });
  });
});

describe('payments that are taken back, before or after others come (R30)', () => {
  test('R30: a credit that was suspended and taken back is as one whose reversal came first', () => {
    const credit = credited(3_000, 'T1', { currency: 'EUR' });
    const [one, other] = [given(confirmed(), credit, takenBack('T1')), given(confirmed(), takenBack('T1'), credit)];
    expect(one.order.payments).toMatchObject([{ reversed: true }]);
    expect(one.order.payments.map(({ at: _, ...payment }) => payment)).toEqual(
      other.order.payments.map(({ at: _, ...payment }) => payment),
    );
  });

  test('R31: nothing is paid before the first payment, and after it was taken back', () => {
    given(confirmed()).expectOrder({ paid: usd(0) });
    given(confirmed(), credited(3_000, 'T1'), takenBack('T1')).expectOrder({ paid: usd(0) });
    given(confirmed(), takenBack('T1'), credited(3_000, 'T1')).expectOrder({ paid: usd(0) });
  });

  test('R30, R48: a returned charge takes what came beyond the price first, as a reversal does', () => {
    const ways: Step[][] = [
      [chargedBack('p1'), credited(7_000, 'T2')],
      [credited(7_000, 'T2'), chargedBack('p1')],
    ];
    for (const way of ways) {
      const story = givenByTheBooks(confirmed(byCard), credited(7_000, 'T1'), paidByCard('p1', 3_000, 84), ...way);
      story.expectOrder({ paid: total, excess: 400_000 });
      expect(story.balances()).toEqual({ [pair]: -1_400_000, [ofSupplier]: 1_000_000, 'suspense USD': 400_000 });
    }
  });

  test('R30: what the buyer got by a refund and by a reversal it repays first, out of what it pays', () => {
    const ways: Step[][] = [
      [takenBack('T1'), credited(3_000, 'T2')],
      [credited(3_000, 'T2'), takenBack('T1')],
    ];
    for (const way of ways) {
      const story = givenByTheBooks(confirmed(), credited(3_000, 'T1', { payer }), refundOrdered(1_000), ...way);
      story.expectOrder({ paid: usd(3_000), buyerOwes: 0, purse: { order: 0, hold: 0, supplier: 200_000 } });
      expect(story.balances()).toEqual({ [pair]: -300_000, [ofSupplier]: 200_000, 'refunds:order-1 USD': 100_000 });
    }
  });

  test('R29, R30: nothing is refunded to a buyer that owes as much', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(3_000, 'T1', { payer }),
      refundOrdered(1_000),
      takenBack('T1'),
      credited(500, 'T2'),
      at(({ payBy }) => payBy),
    )
      .when(supplier('closeUnpaid'))
      .then(['orderClosed'])
      .expectOrder({ buyerOwes: 50_000 });
    expect(story.balances()).toEqual({ [pair]: -50_000, [ofBuyer]: -50_000, 'refunds:order-1 USD': 100_000 });
  });

  test('R30, R52: what comes beyond a price that was lowered repays first what the buyer got twice', () => {
    const ways: Step[][] = [
      [takenBack('T1'), credited(1_000, 'T3')],
      [credited(1_000, 'T3'), takenBack('T1')],
    ];
    for (const way of ways) {
      const paid = [confirmed(), credited(1_000, 'T1'), credited(4_000, 'T2', { payer })];
      const story = givenByTheBooks(...paid, refundOrdered(2_000), ...repriced(1_000), ...way);
      story.expectOrder({ paid: usd(5_000), buyerOwes: 0, excess: 0, refunded: 500_000 });
      expect(story.balances()).toEqual({ [pair]: -500_000, 'refunds:order-1 USD': 500_000 });
    }
  });

  test('R30, R57: a refund that waits for an account is paid all the same, once the buyer has paid again', () => {
    given(confirmed(), credited(3_000, 'T1'), refundOrdered(1_000), takenBack('T1'), credited(3_000, 'T2'))
      .when(buyer('nameRefundAccount', { payee: payer }))
      .then(['refundAccountNamed'])
      .expectOrder({ refunds: [{ amount: usd(1_000), state: 'pending' }], refunded: 100_000 });
  });
});

describe('what a complaint finds done (R20, R22)', () => {
  const complaint = buyer('complain', { kind: 'quality-after-shipment', description: 'they flicker' });
  const ways = (entry: string, dollars: number): Step[][] => [
    [takenBack(entry), credited(dollars, 'again')],
    [credited(dollars, 'again'), takenBack(entry)],
  ];

  test('R22, R30: what it found released is released again, once what was taken back has been paid again', () => {
    for (const way of ways('price', 10_250)) {
      const story = givenByTheBooks(received(), complaint, ...way);
      story.expectOrder({
        status: 'awaiting-reviews',
        released: 1_000_000,
        purse: { order: 0, hold: 0, supplier: 1_000_000 },
        excess: 25_000,
      });
      expect(story.balances()).toMatchObject({ [ofSupplier]: 950_000, 'scheme-fees USD': 50_000 });
    }
  });

  test('R22: and no more than that: what it found held stays held', () => {
    const short = [credited(9_980, 'T1'), credited(10, 'T2')]; // banks have kept the rest
    const way = [supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }), delivered()];
    given(escrowConfirmed(), ...short, ...way, buyer('confirmReceipt'), complaint, credited(10, 'T3'))
      .expectOrder({ released: 999_000, purse: { order: 0, hold: 1_000, supplier: 999_000 } })
      .play(takenBack('T2'), credited(10, 'T4'))
      .expectOrder({ released: 999_000, purse: { order: 0, hold: 1_000, supplier: 999_000 } });
  });

  test('R35, R20: an order that it found completed is completed again', () => {
    for (const way of ways('balance', 7_000))
      given(completed(), complaint, ...way).expectOrder({ status: 'awaiting-reviews', excess: 0 });
  });

  test('R35, R20: one that it found short of its price waits for the end of the complaint', () => {
    given(completed(), takenBack('balance'), complaint, credited(7_000, 'again'))
      .expectOrder({ status: 'awaiting-balance' })
      .when(buyer('withdrawComplaint', {}))
      .then(['complaintClosed', 'orderCompleted']);
  });
});

describe('the extensions of the buyer’s time (R34)', () => {
  test('R34, R32: they count after a revoked release as well, in whatever order customs’ words come', () => {
    const after = '2026-03-09T01:00:00.000Z';
    const [no, yes] = [revoked('D1', '2026-03-08T01:00:00.000Z'), released('D1', after)];
    for (const words of [
      [no, yes],
      [yes, no],
    ]) {
      const { order } = given(shipped(), supplier('extendAnswer'), at(after), ...words);
      expect(order).toMatchObject({ status: 'awaiting-answer', extendedBy: ['supplier'], shippingDate: '2026-03-09' });
      const days = (Date.parse(order.answerBy ?? '') - Date.parse(after)) / dayMs;
      expect(Math.round(days)).toBe(45 + 15);
    }
  });
});

describe('the fee of what was taken back (R14)', () => {
  test('R14, R30: in whatever order a payment is taken back and another comes, the fee is that of what was released', () => {
    const ways: Step[][] = [
      [credited(2_000, 'T2'), takenBack('price'), takenBack('T2')],
      [takenBack('price'), credited(2_000, 'T2'), takenBack('T2')],
    ];
    for (const way of ways) {
      const story = givenByTheBooks(received(), ...way);
      story.expectOrder({ released: 0, paid: usd(0) });
      expect(story.balances()).toEqual({});
    }
  });
});

describe('what came beyond the price (R30, R52)', () => {
  test('R52: it counts towards a higher price', () => {
    const story = givenByTheBooks(confirmed(), credited(10_250, 'T1'))
      .when(...repriced(10_400))
      .then([
        'proposalAccepted',
        'contractAmended',
        'coverReleased',
        'coverReserved',
        { type: 'excessApplied', amount: usd(250) },
        { type: 'supplierPaid', amount: usd(250) },
      ])
      .expectOrder({ paid: usd(10_250), excess: 0 });
    expect(story.balances()).toEqual({ [pair]: -1_025_000, [ofSupplier]: 1_025_000 });
  });

  const overpaid = [confirmed(), credited(10_000, 'T1'), credited(200, 'T2'), disposed('T2', 200)];

  test('R30: what operators have sent back of it is gone, whatever else comes or is taken back before it is heard', () => {
    const ways: Step[][] = [
      [takenBack('T1'), credited(5_000, 'T3')],
      [credited(5_000, 'T3'), takenBack('T1')],
    ];
    for (const way of ways)
      given(overpaid, way).expectOrder({ paid: usd(5_000), excess: 0, payments: [{}, { gone: 20_000 }, {}] });
  });

  test('R30: and when that very entry is taken back, the buyer owes exactly that, beside the price', () => {
    const ways: Step[][] = [
      [takenBack('T2'), credited(300, 'T3')],
      [credited(300, 'T3'), takenBack('T2')],
    ];
    for (const way of ways) {
      const story = given(overpaid, way).expectOrder({ paid: total, excess: 30_000 });
      expect(story.balances()).toMatchObject({ [ofBuyer]: -20_000, [ofSupplier]: 1_000_000, 'suspense USD': 30_000 });
    }
  });

  test('R30: what the bank would not send back is there again', () => {
    given(overpaid, takenBack('nobody-knows'), disposed('T2', 0))
      .when(takenBack('T2'))
      .then([
        { type: 'suspenseDisposed', payments: [{ gone: 0 }] },
        { type: 'paymentReversed', fromOrder: 0, fromSuspense: 20_000 },
      ]);
  });

  test('R30, R52: but not what an operator has disposed of meanwhile', () => {
    given(confirmed(), credited(10_250, 'T1'), disposed('T1', 150))
      .when(...repriced(10_400))
      .then([
        { type: 'suspenseDisposed', payments: [{ account: pairAccount, entryReference: 'T1', gone: 15_000 }] },
        'proposalAccepted',
        'contractAmended',
        'coverReleased',
        'coverReserved',
        { type: 'excessApplied', amount: usd(100) },
        { type: 'supplierPaid', amount: usd(100) },
      ])
      .expectOrder({ paid: usd(10_100), excess: 0 });
  });
});
