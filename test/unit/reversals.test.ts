/** Money that is taken back: before and after shipment, after a withdrawal, a refund, the order's end (R2, R30, R31, R48). */
import {
  accrued,
  advancePaid,
  at,
  buyer,
  buyerId,
  captured,
  charged,
  chargedBack,
  completeContract,
  completed,
  confirmed,
  credited,
  given,
  givenByTheBooks,
  disposed,
  effect,
  meanwhile,
  pairAccount,
  platform,
  paidByCard,
  refundOrdered,
  refundPaid,
  refusedCharge,
  registered,
  released,
  revoked,
  reviewed,
  shipped,
  supplier,
  supplierId,
  takenBack,
  total,
  usd,
  withdrawn,
} from '../support/builders';

const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });
const payer = { name: 'Alster Home & Living GmbH', account: 'DE89370400440532013000' };

describe('before shipment (R30, R31)', () => {
  test('R30: a part that is taken back before the advance was complete no longer counts', () => {
    given(confirmed(), credited(1_000, 'T1'), credited(1_500, 'T2'))
      .when(takenBack('T1'))
      .then([{ type: 'paymentReversed', fromOrder: 100_000, fromSuspense: 0 }])
      .expectOrder({ status: 'awaiting-payment', paid: usd(1_500), purse: { order: 150_000, hold: 0, supplier: 0 } });
  });

  test('R31: a part of the advance taken back: the order awaits the payment again, the supplier keeps none of it', () => {
    const story = given(confirmed(), credited(1_000, 'T1'), credited(2_000, 'T2'))
      .when(takenBack('T1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(1_000), short: usd(0) },
        { type: 'paymentReversed', fromOrder: 100_000 },
        'advanceUndone',
        'coverReleased',
        { type: 'supplierClawedBack', amount: usd(2_000) },
      ])
      .expectOrder({ status: 'awaiting-payment', paid: usd(2_000), advanceIn: false });
    expect(story.balances()).toEqual({ [`pair:${pairAccount} USD`]: -200_000, 'order:order-1 USD': 200_000 });
  });

  test('R2, R31: paid anew, the order awaits shipment again, with cover of its own', () => {
    given(advancePaid(), takenBack('advance'), meanwhile({ openCover: usd(16_000) }))
      .when(credited(3_000, 'again'))
      .then([
        'paymentApplied',
        'advanceCompleted',
        { type: 'coverReserved', amount: usd(4_000) },
        { type: 'supplierPaid', amount: usd(3_000) },
      ])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(3_000), cover: { reserved: usd(4_000) } });
  });

  test('R31: of more than the advance a part goes back, and the order still awaits shipment', () => {
    given(advancePaid(), credited(2_000, 'more'))
      .when(takenBack('more'))
      .then([{ type: 'supplierClawedBack', amount: usd(2_000) }, 'paymentReversed'])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(3_000), cover: { reserved: total } });
  });

  test('R29: once all of it is taken back either side may cancel again, and the supplier may close after the 15 days', () => {
    given(advancePaid(), takenBack('advance'))
      .when(buyer('cancel', { reason: 'the bank will not send it' }))
      .then([{ type: 'orderClosed', outcome: 'cancelled' }, 'orderEnded']);
    given(
      advancePaid(),
      takenBack('advance'),
      at((o) => o.payBy),
    )
      .when(supplier('closeUnpaid'))
      .then([{ type: 'orderClosed', outcome: 'closed-unpaid' }, 'orderEnded']);
  });

  test('R30: with exports registered already the order waits for the money before more are', () => {
    given(advancePaid(), registered('export-1', 'D1'), takenBack('advance'))
      .when(registered('export-2', 'D2'))
      .thenRefused('order.wrong-state')
      .when(credited(3_000, 'again'), registered('export-2', 'D2'))
      .then(['exportRegistered']);
  });
});

describe('after shipment (R31)', () => {
  test('R31: what is shipped stays shipped; what is left with the supplier stays there, the cover is given back', () => {
    given(shipped(), credited(4_000, 'more'))
      .when(takenBack('advance'))
      .then([
        { type: 'supplierClawedBack', amount: usd(3_000) },
        { type: 'paymentReversed', fromOrder: 300_000 },
      ])
      .expectOrder({ status: 'awaiting-answer', paid: usd(4_000), purse: { supplier: 400_000 } });
    given(shipped())
      .when(takenBack('advance'))
      .then([{ type: 'supplierClawedBack', amount: usd(3_000) }, 'paymentReversed', 'advanceUndone', 'coverReleased'])
      .expectOrder({ status: 'awaiting-answer', paid: usd(0), advanceIn: false });
  });

  test('R32: a release revoked after that leaves the order awaiting the payment, and what had come lies with the order', () => {
    given(shipped(), takenBack('advance'), credited(1_000, 'part'))
      .when(revoked('D1'))
      .then(['declarationRevoked', 'shippingReopened', { type: 'supplierClawedBack', amount: usd(1_000) }])
      .expectOrder({ status: 'awaiting-payment', purse: { order: 100_000, supplier: 0 } });
  });

  test('R32: goods that are released while the advance is not in are shipped all the same', () => {
    given(advancePaid(), registered('export-1', 'D1'), supplier('completeExport'), takenBack('advance'))
      .when(released('D1'))
      .then(['declarationReleased', 'goodsShipped'])
      .expectOrder({ status: 'awaiting-answer' })
      .when(credited(3_000, 'again'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid'])
      .expectOrder({ status: 'awaiting-answer' });
  });

  test('R35: a completed order that is still being reviewed awaits its balance again; the review given stays', () => {
    given(completed(), buyer('review', { stars: 5 }))
      .when(takenBack('balance'))
      .then([{ type: 'supplierClawedBack', amount: usd(7_000) }, 'paymentReversed', 'completionReopened'])
      .expectOrder({ status: 'awaiting-balance', paid: usd(3_000), completedAt: undefined, reviewBy: undefined })
      .when(credited(7_000, 'again'))
      .then(['paymentApplied', 'supplierPaid', 'orderCompleted'])
      .expectOrder({ status: 'awaiting-reviews' })
      .when(supplier('review', { stars: 4 }))
      .then(['reviewGiven', 'reviewsPublished', { type: 'orderClosed', outcome: 'completed' }]);
  });

  test('R35: an order that is closed stays closed; the supplier gives the money back all the same', () => {
    const story = givenByTheBooks(reviewed(), accrued())
      .when(takenBack('balance'))
      .then([
        { type: 'supplierClawedBack', amount: usd(7_000), short: usd(0) },
        { type: 'paymentReversed', fromOrder: 700_000 },
        { type: 'creditAdjusted', refunded: 700_000, disputed: false },
      ])
      .expectOrder({ status: 'completed' })
      .when(credited(7_000, 'again'))
      .then([{ type: 'paymentSuspended', reason: 'after-close' }]);
    expect(story.balances()).toEqual({
      [`pair:${pairAccount} USD`]: -1_000_000,
      [`supplier:${supplierId} USD`]: 300_000,
      'suspense USD': 700_000,
    });
  });
});

describe('after the supplier has withdrawn (R2)', () => {
  test('R2: what is no longer there is owed, and the next money repays it first', () => {
    const story = givenByTheBooks(advancePaid(), withdrawn(2_500))
      .when(takenBack('advance'))
      .then([
        { type: 'supplierClawedBack', amount: usd(3_000), short: usd(2_500) },
        { type: 'paymentReversed', fromOrder: 300_000 },
        'advanceUndone',
        'coverReleased',
      ]);
    expect(story.balances()).toEqual({ 'bank USD': 250_000, [`receivable:${supplierId} USD`]: -250_000 });
    story
      .when(credited(3_000, 'again'))
      .then([
        'paymentApplied',
        'advanceCompleted',
        'coverReserved',
        { type: 'supplierPaid', amount: usd(3_000) },
        { type: 'receivableRepaid', amount: usd(2_500) },
      ]);
    expect(story.balances()).toEqual({
      'bank USD': 250_000,
      [`pair:${pairAccount} USD`]: -300_000,
      [`supplier:${supplierId} USD`]: 50_000,
    });
    expect(story.order.effects).toMatchObject([{ kind: 'bookCredit', of: 'repaid:6', amount: 250_000 }]);
  });

  test('R2: a part taken back claws the rest back, too; owed is only what was withdrawn', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1'),
      credited(2_000, 'T2'),
      withdrawn(3_000),
      takenBack('T1'),
    );
    expect(story.balances()).toEqual({
      'bank USD': 300_000,
      [`pair:${pairAccount} USD`]: -200_000,
      [`receivable:${supplierId} USD`]: -300_000,
      'order:order-1 USD': 200_000,
    });
  });
});

describe('in any order, and again (R30)', () => {
  test('R30: a reversal that is heard before its credit: the credit then moves nothing', () => {
    const story = given(confirmed())
      .when(takenBack('T1'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromSuspense: 0, fromFees: 0, fromBuyer: 0 }])
      .when(credited(3_000, 'T1'))
      .then(['paymentVoid'])
      .expectOrder({ status: 'awaiting-payment' })
      .when(credited(3_000, 'T1'))
      .thenNothing()
      .when(takenBack('T1'))
      .thenNothing();
    expect(story.transfers).toEqual([]);
    story.when(credited(3_000, 'T2')).then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R30: the same reversal again changes nothing; the credit that it took back does not come back', () => {
    given(advancePaid(), takenBack('advance'))
      .when(takenBack('advance'))
      .thenNothing()
      .when(credited(3_000, 'advance'))
      .thenNothing()
      .expectOrder({ paid: usd(0) });
  });

  test('R30: suspended money goes back out of suspense, in its own currency', () => {
    const story = given(confirmed(), credited(3_000, 'T1', { currency: 'EUR' }))
      .when(takenBack('T1'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromSuspense: 300_000 }]);
    expect(story.balances()).toEqual({});
  });

  test('R30: money that had come after the end goes back out of suspense', () => {
    const story = given(confirmed(), buyer('cancel', { reason: 'No' }), credited(3_000, 'late'))
      .when(takenBack('late'))
      .then([{ type: 'paymentReversed', fromSuspense: 300_000 }])
      .expectOrder({ status: 'cancelled' });
    expect(story.balances()).toEqual({});
  });

  test('R31: what was too much goes first, whichever credit brought it', () => {
    const story = given(confirmed(), credited(10_000, 'T1'), credited(250, 'T2'))
      .when(takenBack('T1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(9_750) },
        { type: 'paymentReversed', fromOrder: 975_000, fromSuspense: 25_000 },
        'advanceUndone',
        'coverReleased',
        { type: 'supplierClawedBack', amount: usd(250) },
      ])
      .expectOrder({ paid: usd(250), excess: 0 });
    expect(story.balances()).toEqual({ [`pair:${pairAccount} USD`]: -25_000, 'order:order-1 USD': 25_000 });
    given(confirmed(), credited(10_000, 'T1'), credited(250, 'T2'))
      .when(takenBack('T2'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromSuspense: 25_000 }])
      .expectOrder({ status: 'awaiting-shipment', paid: total, excess: 0 });
  });

  test('R30: of too much that an operator has returned already the buyer owes what it gets twice', () => {
    const story = given(confirmed(), credited(3_000, 'T1', { currency: 'EUR' }), disposed('T1', 3_000))
      .when(takenBack('T1'))
      .then(['suspenseDisposed', { type: 'paymentReversed', fromSuspense: 0, gone: 300_000 }]);
    expect(story.balances()).toMatchObject({ [`receivable:${buyerId} EUR`]: -300_000 });
  });
});

describe('what had been refunded already (R30, R57)', () => {
  test('R29, R30: closed unpaid, refunded, then taken back: the supplier, who never had it, owes nothing', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1', { payer }),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
      refundPaid(1),
    )
      .when(takenBack('T1'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromBuyer: 100_000 }]);
    expect(story.balances()).toEqual({ 'bank USD': 100_000, [`receivable:${buyerId} USD`]: -100_000 });
  });

  test('R30: a refund that still waits for an account is withheld, and the order ends', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1'),
      credited(500, 'T2'),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
    )
      .when(takenBack('T1'))
      .then([
        { type: 'paymentReversed', fromOrder: 0, fromBuyer: 100_000 },
        { type: 'refundWithheld', refund: 1, amount: usd(1_000) },
        { type: 'buyerRepaid', amount: usd(1_000) },
      ])
      .expectOrder({ refunds: [{ amount: usd(500), state: 'awaiting-payee' }], refunded: 50_000 })
      .when(takenBack('T2'))
      .then(['paymentReversed', { type: 'refundWithheld', amount: usd(500) }, 'buyerRepaid', 'orderEnded'])
      .expectOrder({ refunds: [{ amount: usd(0), state: 'withheld' }], refunded: 0, paid: usd(0) });
    expect(story.balances()).toEqual({});
  });

  test('R30: an account that is named later is not for a refund that was withheld', () => {
    given(
      confirmed(),
      credited(1_000, 'T1'),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
      takenBack('T1'),
    )
      .when(buyer('nameRefundAccount', { payee: payer }))
      .thenRefused('order.closed');
    const { order } = given(
      advancePaid(),
      refundOrdered(1_000),
      takenBack('advance'),
      buyer('nameRefundAccount', { payee: payer }),
    );
    expect([order.refunds[0]?.state, order.effects]).toEqual(['withheld', []]);
  });

  test('R30: a refund that the bank is paying already is not withheld: what the buyer then has twice it owes', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1', { payer }),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
    )
      .when(takenBack('T1'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromBuyer: 100_000 }])
      .expectOrder({ refunds: [{ amount: usd(1_000), state: 'pending' }] })
      .when(refundPaid(1))
      .then(['refundPaid', 'orderEnded']);
    expect(story.balances()).toEqual({ 'bank USD': 100_000, [`receivable:${buyerId} USD`]: -100_000 });
  });

  test('R30, R57: of an advance that was refunded in part, the supplier gives back what it still has', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(3_000, 'advance', { payer }),
      refundOrdered(1_000),
      refundPaid(1),
    )
      .when(takenBack('advance'))
      .then([
        { type: 'supplierClawedBack', amount: usd(2_000), short: usd(0) },
        { type: 'paymentReversed', fromOrder: 200_000, fromBuyer: 100_000 },
        'advanceUndone',
        'coverReleased',
      ])
      .expectOrder({ paid: usd(0), buyerOwes: 100_000, purse: { order: 0, supplier: 0 } });
    expect(story.balances()).toEqual({ 'bank USD': 100_000, [`receivable:${buyerId} USD`]: -100_000 });
  });

  test('R2: what the guarantee has paid for the supplier it owes once, not again for the reversal', () => {
    const award = usd(3_000);
    const story = givenByTheBooks(
      confirmed(),
      credited(3_000, 'advance', { payer }),
      withdrawn(3_000),
      buyer('complain', { kind: 'quality-before-shipment', description: 'the sample is broken' }),
      at((o) => o.complaints[0]?.escalateFrom),
      buyer('escalate'),
      platform('rule', { outcome: 'upheld', award, reason: 'shown by the report' }),
      platform('approve', { approval: 1 }, { member: 'operator-2' }),
      refundPaid(1),
    )
      .when(takenBack('advance'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromBuyer: 300_000 }]);
    expect(story.balances()).toEqual({
      'bank USD': 600_000,
      [`receivable:${supplierId} USD`]: -300_000,
      [`receivable:${buyerId} USD`]: -300_000,
    });
  });

  test('R2, R29: nor does it go back to the buyer a second time when the order is closed unpaid', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1', { payer }),
      credited(2_000, 'T2', { payer }),
      withdrawn(3_000),
      buyer('complain', { kind: 'quality-before-shipment', description: 'the sample is broken' }),
      at((o) => o.complaints[0]?.escalateFrom),
      buyer('escalate'),
      platform('rule', { outcome: 'partly-upheld', award: usd(1_500), reason: 'shown by the report' }),
      platform('approve', { approval: 1 }, { member: 'operator-2' }),
      refundPaid(1),
      takenBack('T1'),
    ).expectOrder({ status: 'awaiting-payment', purse: { order: 50_000, supplier: 150_000 } });
    story
      .when(
        at((o) => o.payBy),
        supplier('closeUnpaid'),
      )
      .then([{ type: 'refundDue', amount: usd(500), why: 'closed-unpaid' }, 'orderClosed'])
      .when(refundPaid(2))
      .then(['refundPaid']);
    expect(story.balances()).toEqual({
      'bank USD': 500_000,
      'pair:va-0001 USD': -200_000,
      [`receivable:${supplierId} USD`]: -300_000,
    });
  });
});

describe('charges that are taken back (R30, R48)', () => {
  test('R48: the whole charge goes back, the surcharge with it', () => {
    const story = givenByTheBooks(confirmed(byCard), paidByCard('card-1', 3_000, 84))
      .when(chargedBack('card-1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(3_000) },
        { type: 'paymentReversed', account: 'card', fromOrder: 300_000, fromFees: 8_400 },
        'advanceUndone',
        'coverReleased',
      ])
      .expectOrder({ status: 'awaiting-payment', paid: usd(0) });
    expect(story.balances()).toEqual({});
    story.when(chargedBack('card-1')).thenNothing();
  });

  test('R48: a return that is heard before the capture: the capture then moves nothing', () => {
    const story = given(confirmed(byCard), charged('card-1', 3_000, 84), chargedBack('card-1'))
      .when(captured('card-1'))
      .then([{ type: 'chargeCaptured', amount: usd(0), surcharge: usd(0), excess: usd(0) }, 'paymentVoid'])
      .expectOrder({ status: 'awaiting-payment', charges: [{ state: 'captured' }] });
    expect(story.balances()).toEqual({});
    expect(story.order.effects).toEqual([]);
  });

  test('R48: the return of a charge that nobody knows is refused', () => {
    given(confirmed(byCard)).when(chargedBack('card-9')).thenRefused('effect.unknown');
  });

  // Until now what had gone back to the card was left out, as if the processor returned the rest alone. It takes the charge
  // back whole (an e-check’s return is of the whole entry), so the buyer has that part twice.
  test('R30, R57: what had gone back to the card the buyer has twice, and owes; the supplier gives back what it got', () => {
    const story = givenByTheBooks(
      confirmed(byCard),
      paidByCard('card-1', 3_000, 84),
      refundOrdered(1_000),
      refundPaid(1),
    )
      .when(chargedBack('card-1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(2_000) },
        { type: 'paymentReversed', fromOrder: 200_000, fromFees: 8_400, fromBuyer: 100_000 },
        'advanceUndone',
        'coverReleased',
      ]);
    // The processor got 3,084.00, and has given 1,000.00 and 3,084.00 back.
    expect(story.balances()).toEqual({ 'card USD': 100_000, [`receivable:${buyerId} USD`]: -100_000 });
  });

  test('R30, R48: what was refunded to the card is the buyer’s debt alone, whatever else was paid', () => {
    // 4,000.00 by transfer, 6,000.00 by card, which go back: the transfer stays the supplier’s.
    const contract = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
    const story = givenByTheBooks(
      confirmed(contract),
      credited(4_000, 'T1'),
      paidByCard('card-1', 6_000, 168),
      buyer('proposeCancellation', { reason: 'No longer needed', refund: usd(6_000) }),
      supplier('acceptProposal', { proposal: 1 }),
      refundPaid(1),
    );
    expect(story.order.endedAt).toBeDefined();
    story.when(chargedBack('card-1')).then([{ type: 'paymentReversed', fromOrder: 0, fromBuyer: 600_000 }]);
    expect(story.balances()).toEqual({
      [`pair:${pairAccount} USD`]: -400_000,
      [`supplier:${supplierId} USD`]: 400_000,
      'card USD': 600_000,
      [`receivable:${buyerId} USD`]: -600_000,
    });
  });

  test('R30, R48: so is what was not needed and went back at once', () => {
    const contract = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
    const story = givenByTheBooks(
      confirmed(contract),
      charged('card-1', 10_000, 280),
      credited(6_000, 'T1'),
      captured('card-1'),
    )
      .when(chargedBack('card-1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(4_000) },
        { type: 'paymentReversed', fromOrder: 400_000, fromFees: 11_200, fromBuyer: 0, gone: 616_800 },
        'advanceUndone',
        'coverReleased',
        { type: 'supplierClawedBack', amount: usd(6_000) },
      ])
      .when(refundPaid(1))
      .then(['refundPaid']);
    // Of 10,280.00 the 6,168.00 that were not needed went back, and then all of it.
    expect(story.balances()).toEqual({
      [`pair:${pairAccount} USD`]: -600_000,
      'order:order-1 USD': 600_000,
      'card USD': 616_800,
      [`receivable:${buyerId} USD`]: -616_800,
    });
  });

  test.each([
    ['of the price', [credited(500, 'T1', { payer })], 1_000],
    ['of what was not needed', [credited(10_000, 'T1')], 1_028],
  ] as const)(
    'R30, R48: a refund %s that the card refuses because its charge was returned is not paid',
    (_, paid, back) => {
      const contract = completeContract({ payment: { methods: ['tt', 'card'] } });
      const story = givenByTheBooks(confirmed(contract), charged('card-1', 1_000, 28), ...paid, captured('card-1'));
      if (back === 1_000) {
        story.when(
          at((o) => o.payBy),
          supplier('closeUnpaid'),
        );
      }
      story.when(chargedBack('card-1'));
      const refund = story.order.refunds.find(({ via }) => via === 'card');
      expect(refund).toMatchObject({ amount: usd(back), state: 'pending' });
      const id = story.order.effects.find(({ of }) => of === String(refund?.id))?.id ?? '';
      story.when(effect('effectFailed', { effect: id, reason: 'charge-returned' }));
      story.when(buyer('nameRefundAccount', { payee: payer }));
      expect(story.order.refunds.find(({ via }) => via === 'card')).toMatchObject({
        amount: usd(0),
        state: 'withheld',
      });
      expect(story.balances()).not.toHaveProperty([`receivable:${buyerId} USD`]);
      expect(story.balances()).not.toHaveProperty(['card USD']);
    },
  );

  test('R30: a charge that is taken back after the order has ended is booked like any other word of money', () => {
    const story = givenByTheBooks(
      confirmed(byCard),
      paidByCard('card-1', 1_000, 28),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
      refundPaid(1),
    );
    expect(story.order.endedAt).toBeDefined();
    story
      .when(chargedBack('card-1'))
      .then([{ type: 'paymentReversed', fromOrder: 0, fromFees: 2_800, fromBuyer: 100_000 }]);
    expect(story.balances()).toEqual({ 'card USD': 100_000, [`receivable:${buyerId} USD`]: -100_000 });
  });

  test('R29, R48: a charge that is captured after the order has ended waits in suspense; taken back, it goes from there', () => {
    const story = givenByTheBooks(
      confirmed(byCard),
      charged('card-1', 1_000, 28),
      refusedCharge('card-1'),
      buyer('cancel', { reason: 'No longer needed' }),
    );
    expect(story.order.endedAt).toBeDefined();
    story
      .when(captured('card-1'))
      .then(['chargeCaptured', { type: 'paymentSuspended', amount: usd(1_028), reason: 'after-close' }]);
    expect(story.balances()).toEqual({ 'card USD': -102_800, 'suspense USD': 102_800 });
    story.when(captured('card-1')).thenNothing();
    story.when(chargedBack('card-1')).then([{ type: 'paymentReversed', fromSuspense: 102_800 }]);
    expect(story.balances()).toEqual({});
  });
});
