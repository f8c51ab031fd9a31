/**
 * The way of a refund: by which way it goes back, to whom, what happens when it fails, and that no order ends before its
 * refunds are paid (R22, R29, R57).
 */
import { callOf, effectOfKey } from '../../domain/effects';
import type { Order } from '../../domain/order';
import { noticesOf } from '../../domain/notices';
import { viewOf } from '../../domain/view';
import {
  advancePaid,
  at,
  buyer,
  buyerId,
  cancelledWithRefund,
  captured,
  charged,
  chargedBack,
  clock,
  completeContract,
  confirmed,
  credited,
  effect,
  escrowAccount,
  escrowConfirmed,
  given,
  givenByTheBooks,
  held,
  justBefore,
  orderId,
  paidByCard,
  platform,
  receiptAwaited,
  refundEffect,
  refundOrdered,
  refundPaid,
  supplier,
  supplierId,
  takenBack,
  usd,
  withdrawn,
} from '../support/builders';

const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });
const alster = { name: 'Alster Home & Living GmbH', account: 'DE89370400440532013000', bank: 'COBADEFFXXX' };
const subsidiary = { name: 'Alster Wien GmbH', account: 'AT611904300234573201' };
const refunds = `refunds:${orderId} USD`;
const payBy = (o: Order) => o.payBy;

/** What is asked of the bank or the processor for the refund of this number. */
const asked = (order: Order, refund: number) => {
  const pending = order.effects.find(({ id }) => id === refundEffect(order, refund));
  return pending && callOf(order, pending, order.updatedAt).call.input;
};
const failed = (refund: number) =>
  effect('effectFailed', ({ order }) => ({ effect: refundEffect(order, refund), reason: 'the account is closed' }));
const again = (refund: number) => platform('retryEffect', ({ order }) => ({ effect: refundEffect(order, refund) }));

describe('by which way (R57)', () => {
  test('R57: what was charged goes back to the card first, the newest charge first; the rest by the bank', () => {
    const story = givenByTheBooks(
      confirmed(byCard),
      paidByCard('card-1', 1_000, 28),
      paidByCard('card-2', 500, 14),
      credited(1_500, 'T1', { payer: alster }),
      refundOrdered(1_800),
    ).expectOrder({
      refunded: 180_000,
      refunds: [
        { id: 1, amount: usd(500), via: 'card', charge: 'card-2', state: 'pending', why: 'platform' },
        { id: 2, amount: usd(1_000), via: 'card', charge: 'card-1', state: 'pending' },
        { id: 3, amount: usd(300), via: 'bank', payee: alster, state: 'pending' },
      ],
    });
    const [charge1, charge2] = story.order.charges.map((c) => c.effect);
    const key = (refund: number) => refundEffect(story.order, refund);
    expect([1, 2, 3].map((n) => asked(story.order, n))).toEqual([
      { key: key(1), order: orderId, amount: usd(500), charge: charge2 },
      { key: key(2), order: orderId, amount: usd(1_000), charge: charge1 },
      { key: key(3), order: orderId, amount: usd(300), payee: alster },
    ]);
    expect(new Set([key(1), key(2), key(3)]).size).toBe(3);
    story.play(refundPaid(3), refundPaid(1), refundPaid(2));
    expect(story.balances()).toEqual({
      'bank USD': 30_000,
      'card USD': -4_200,
      'card-fees USD': 4_200,
      'pair:va-0001 USD': -150_000,
      [`supplier:${supplierId} USD`]: 120_000,
    });
  });

  test('R57: to a charge no more than it brought, over all refunds', () => {
    const { order } = given(
      confirmed(byCard),
      paidByCard('card-1', 1_000, 28),
      credited(2_000, 'T1', { payer: alster }),
      refundOrdered(600),
      refundOrdered(600),
    );
    expect(order.refunds.map(({ via, amount }) => [via, amount.amount])).toEqual([
      ['card', 60_000],
      ['card', 40_000],
      ['bank', 20_000],
    ]);
  });

  test('R48, R57: what went back because it was not needed was no refund of the price', () => {
    const whole = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
    const { order } = given(
      confirmed(whole),
      charged('card-1', 10_000, 280),
      credited(4_000, 'T1', { payer: alster }),
      captured('card-1'),
      refundOrdered(7_000),
    );
    expect(order.refunds).toMatchObject([
      { via: 'card', amount: usd(4_112), why: 'charge-not-needed' },
      { via: 'card', amount: usd(6_000), why: 'platform' },
      { via: 'bank', amount: usd(1_000), payee: alster },
    ]);
  });

  test('R30, R57: a charge that was taken back gets nothing back', () => {
    const { order } = given(
      confirmed(byCard),
      paidByCard('card-1', 1_000, 28),
      credited(1_000, 'T1', { payer: alster }),
      chargedBack('card-1'),
      at(payBy),
      supplier('closeUnpaid'),
    );
    expect(order.refunds).toMatchObject([{ via: 'bank', amount: usd(1_000), payee: alster }]);
  });

  test('R57: by the bank to the newest payer that it named', () => {
    const { order } = given(
      confirmed(),
      credited(1_000, 'T1', { payer: subsidiary }),
      credited(2_000, 'T2', { payer: alster }),
      credited(100, 'T3'),
      refundOrdered(500),
    );
    expect(order.refunds).toMatchObject([{ payee: alster, state: 'pending' }]);
  });

  test('R30: whose money stands in suspense or was taken back is no payer of the order', () => {
    const stranger = { name: 'Somebody else', account: 'FR7630006000011234567890189' };
    for (const other of [
      credited(9_000, 'X1', { payer: stranger, account: 'va-0009' }),
      credited(9_000, 'X1', { payer: stranger, currency: 'EUR' }),
      [credited(100, 'X1', { payer: stranger }), takenBack('X1')],
    ]) {
      const { order } = given(confirmed(), credited(3_000, 'T1', { payer: alster }), other, refundOrdered(500));
      expect(order.refunds).toMatchObject([{ payee: alster }]);
    }
  });

  test('R18: out of the hold before the supplier’s account, and never more than was paid', () => {
    const story = givenByTheBooks(receiptAwaited(), refundOrdered(4_000)).expectOrder({
      purse: { order: 0, hold: 600_000, supplier: 0 },
    });
    expect(story.balances()).toEqual({
      [`pair:${escrowAccount} USD`]: -1_000_000,
      'hold:order-1 USD': 600_000,
      [refunds]: 400_000,
    });
    story
      .when(platform('orderRefund', { amount: usd(6_000.01), reason: 'too much' }))
      .thenRefused('refund.more-than-paid', 'at most USD 6,000.00');
  });

  test('R57: agreed or ordered refunds need the supplier’s balance; a part of it is not enough', () => {
    givenByTheBooks(
      advancePaid(),
      withdrawn(2_000.01),
      supplier('proposeCancellation', { reason: 'No', refund: usd(1_000) }),
    )
      .when(buyer('acceptProposal', { proposal: 1 }))
      .thenRefused('supplier.balance-short', '1 minor units are missing')
      .expectOrder({ status: 'awaiting-shipment', refunds: [] });
  });
});

describe('to which account (R57)', () => {
  test('R57: where the bank named no payer the refund waits until the buyer names an account', () => {
    const story = given(advancePaid(), cancelledWithRefund(1_000)).expectOrder({
      status: 'cancelled',
      effects: [],
      refunds: [{ id: 1, via: 'bank', amount: usd(1_000), state: 'awaiting-payee' }],
    });
    expect(viewOf(story.order).awaits).toBe('buyer names the account for the refund');
    story
      .when(refundPaid(1))
      .thenNothing()
      .when(buyer('nameRefundAccount', { payee: alster }))
      .then(['refundAccountNamed'])
      .expectOrder({ refunds: [{ payee: alster, state: 'pending' }] });
    expect(asked(story.order, 1)).toMatchObject({ amount: usd(1_000), payee: alster });
    expect(viewOf(story.order).awaits).toBe('the bank pays the refund');
  });

  test('R57: an account is named only for a refund that waits for one: not beforehand, not where the bank has named the payer', () => {
    for (const name of [buyer, platform]) {
      given(confirmed())
        .when(name('nameRefundAccount', { payee: subsidiary }))
        .thenRefused('refund.account-not-needed');
      given(confirmed(), credited(3_000, 'T1', { payer: alster }))
        .when(name('nameRefundAccount', { payee: subsidiary }))
        .thenRefused('refund.account-not-needed');
      // A refund that is under way to the payer keeps its account, and so does one that is paid.
      given(confirmed(), credited(3_000, 'T1', { payer: alster }), refundOrdered(500))
        .when(name('nameRefundAccount', { payee: subsidiary }))
        .thenRefused('refund.account-not-needed');
      given(confirmed(), credited(3_000, 'T1', { payer: alster }), refundOrdered(500), refundPaid(1))
        .when(name('nameRefundAccount', { payee: subsidiary }))
        .thenRefused('refund.account-not-needed');
    }
  });

  test('R57: once it is under way to the account that was named, it keeps it; the same again changes nothing', () => {
    const story = given(advancePaid(), refundOrdered(500), buyer('nameRefundAccount', { payee: alster }));
    const before = refundEffect(story.order, 1);
    story
      .when(buyer('nameRefundAccount', { payee: alster }))
      .thenNothing()
      .when(buyer('nameRefundAccount', { payee: subsidiary }))
      .thenRefused('refund.account-not-needed');
    expect(asked(story.order, 1)).toEqual({ key: before, order: orderId, amount: usd(500), payee: alster });
  });

  test('R57: an account that was named once is not that of later refunds, where the bank has named the payer by then', () => {
    const { order } = given(
      advancePaid(),
      refundOrdered(500),
      buyer('nameRefundAccount', { payee: subsidiary }),
      refundPaid(1),
      credited(1_000, 'T2', { payer: alster }),
      refundOrdered(300),
    );
    expect(order.refunds).toMatchObject([
      { payee: subsidiary, state: 'paid' },
      { payee: alster, state: 'pending' },
    ]);
  });

  test('R57: an account that an operator names needs another operator; one alone moves nothing', () => {
    const story = given(advancePaid(), refundOrdered(500))
      .when(platform('nameRefundAccount', { payee: subsidiary }))
      .then([{ type: 'approvalAsked', decision: { kind: 'refund-account', payee: subsidiary } }])
      .expectOrder({ refunds: [{ state: 'awaiting-payee' }], effects: [] });
    const { approval } = story.order;
    story
      .when(platform('approve', { approval: approval?.id ?? 0 }))
      .thenRefused('approval.same-operator')
      .when(platform('approve', { approval: (approval?.id ?? 0) + 1 }))
      .thenRefused('approval.none')
      .when(platform('approve', { approval: approval?.id ?? 0 }, { member: 'operator-2' }))
      .then(['approvalGiven', 'refundAccountNamed'])
      .expectOrder({ refunds: [{ payee: subsidiary, state: 'pending' }] });
    // Both sides are told, with the end of the account only.
    const last = story.journal.at(-1);
    if (!last) throw new Error('nothing is on record');
    expect(noticesOf(last, story.order).filter(({ key }) => key === 'refund.account-named')).toMatchObject([
      { to: { role: 'supplier' }, params: { payee: subsidiary.name, account: `…${subsidiary.account.slice(-4)}` } },
      { to: { role: 'buyer' }, params: { payee: subsidiary.name, account: `…${subsidiary.account.slice(-4)}` } },
    ]);
  });

  test('R57: what goes to a card stays there', () => {
    given(
      confirmed(byCard),
      paidByCard('card-1', 1_000, 28),
      credited(2_000, 'T1', { payer: alster }),
      refundOrdered(1_200),
      refundPaid(2),
    )
      .when(buyer('nameRefundAccount', { payee: subsidiary }))
      .thenRefused('refund.account-not-needed')
      .expectOrder({
        refunds: [
          { via: 'card', state: 'pending' },
          { via: 'bank', payee: alster, state: 'paid' },
        ],
      });
  });

  test('R57: what the card’s processor refuses for good goes by the bank to an account that the buyer names', () => {
    const story = given(confirmed(byCard), paidByCard('card-1', 1_000, 28), refundOrdered(600), failed(1));
    const first = refundEffect(story.order, 1);
    story
      .when(buyer('nameRefundAccount', { payee: alster }))
      .then(['refundAccountNamed'])
      .expectOrder({ refunds: [{ via: 'bank', payee: alster, state: 'pending' }] });
    expect(asked(story.order, 1)).toEqual({ key: `${first}:again2`, order: orderId, amount: usd(600), payee: alster });
    const paid = story.when(refundPaid(1)).then(['refundPaid']);
    // It left the bank, not the card: the processor still has what it was paid.
    expect(paid.transfers.at(-1)).toMatchObject({ kind: 'refund-paid', from: `refunds:${orderId}`, to: 'bank' });
    expect(paid.transfers.at(-1)?.amount).toEqual(usd(600));
  });
});

describe('a refund that fails (R57)', () => {
  test('R57: another account is named, and it is asked for once more under another key', () => {
    const story = given(confirmed(), credited(3_000, 'T1', { payer: alster }), cancelledWithRefund(1_000));
    const first = refundEffect(story.order, 1);
    story
      .when(failed(1))
      .then([{ type: 'effectFailed', effect: first }])
      .expectOrder({ status: 'cancelled', effects: [{ state: 'failed', reason: 'the account is closed' }] });
    expect(story.order.endedAt).toBeUndefined();
    story.when(buyer('nameRefundAccount', { payee: subsidiary })).then(['refundAccountNamed']);
    expect(story.order.effects).toHaveLength(1);
    expect(asked(story.order, 1)).toEqual({
      key: `${first}:again2`,
      order: orderId,
      amount: usd(1_000),
      payee: subsidiary,
    });
    expect(effectOfKey(`${first}:again2`)).toBe(first);
    story.when(refundPaid(1)).then(['refundPaid', 'coverReleased', { type: 'orderEnded', outcome: 'cancelled' }]);
  });

  test('R57: the bank’s word that it was paid after all counts, and an operator need not try again', () => {
    given(confirmed(), credited(3_000, 'T1', { payer: alster }), refundOrdered(500), failed(1))
      .when(refundPaid(1))
      .then(['refundPaid'])
      .when(again(1))
      .thenRefused('effect.unknown');
  });

  test('R57: one that has not failed is not tried again; said twice, it is paid once', () => {
    const story = given(confirmed(), credited(3_000, 'T1', { payer: alster }), refundOrdered(500));
    story.when(again(1)).thenRefused('effect.unknown');
    const paid = effect('refundPaid', { effect: refundEffect(story.order, 1), reference: 'out-1' });
    story.when(paid).then(['refundPaid']).when(paid).thenNothing();
    expect(story.balances()).toMatchObject({ 'bank USD': 50_000, [`supplier:${supplierId} USD`]: 250_000 });
  });
});

describe('closed unpaid (R29)', () => {
  test('R29: every part goes back the way it came, and the order ends with the last of them', () => {
    const story = givenByTheBooks(
      confirmed(byCard),
      paidByCard('card-1', 500, 14),
      credited(1_000, 'T1', { payer: alster }),
      at(payBy),
    )
      .when(supplier('closeUnpaid'))
      .then([
        { type: 'refundDue', amount: usd(1_500), sources: { order: 150_000, supplier: 0 }, why: 'closed-unpaid' },
        { type: 'orderClosed', outcome: 'closed-unpaid' },
      ])
      .when(refundPaid(2))
      .then(['refundPaid'])
      .expectOrder({ status: 'closed-unpaid', purse: { order: 0 } })
      .when(refundPaid(1))
      .then(['refundPaid', 'orderEnded']);
    expect(story.balances()).toEqual({
      'bank USD': 100_000,
      'pair:va-0001 USD': -100_000,
      'card USD': -1_400,
      'card-fees USD': 1_400,
    });
  });

  test('R29: without any part the order ends at once', () => {
    given(confirmed(), at(payBy)).when(supplier('closeUnpaid')).then(['orderClosed', 'orderEnded']);
    given(confirmed(), credited(500, 'T1'), takenBack('T1'), at(payBy))
      .when(supplier('closeUnpaid'))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R29: what a supplier had withdrawn of an advance that was taken back in part comes from the platform, and is owed', () => {
    const story = givenByTheBooks(
      confirmed(),
      credited(1_000, 'T1'),
      credited(2_000, 'T2', { payer: alster }),
      withdrawn(3_000),
      takenBack('T1'),
      at(payBy),
      supplier('closeUnpaid'),
      refundPaid(1),
    );
    expect(story.balances()).toEqual({
      'bank USD': 500_000,
      'pair:va-0001 USD': -200_000,
      [`receivable:${supplierId} USD`]: -300_000,
    });
  });

  const race = (...steps: Parameters<typeof given>) =>
    given(confirmed(), credited(1_000, 'T1', { payer: alster }), ...steps);

  test('R29: in one and the same second, the money first: the order awaits shipment, and cannot be closed', () => {
    const second = '2026-03-17T01:02:30.000Z';
    race(at(second), credited(2_000, 'T2'), at(second))
      .when(supplier('closeUnpaid'))
      .thenRefused('order.wrong-state')
      .expectOrder({ status: 'awaiting-shipment', paid: usd(3_000) });
  });

  test('R29: the close first: the money is booked to suspense, the parts go back', () => {
    const second = '2026-03-17T01:02:30.000Z';
    const story = race(at(second), supplier('closeUnpaid'), at(second))
      .when(credited(2_000, 'T2'))
      .then([{ type: 'paymentSuspended', amount: usd(2_000), reason: 'after-close' }])
      .expectOrder({ status: 'closed-unpaid', refunds: [{ amount: usd(1_000) }] });
    expect(story.balances()).toEqual({ 'pair:va-0001 USD': -300_000, [refunds]: 100_000, 'suspense USD': 200_000 });
    story.when(refundPaid(1)).then(['refundPaid', 'orderEnded']);
  });

  test('R29: the value date of the bank is of no account: what counts is when the order hears of it', () => {
    race(justBefore(payBy))
      .when(supplier('closeUnpaid'))
      .thenRefused('payment.window-open')
      .when(at(payBy), clock('paymentLapsed'))
      .then(['paymentLapsed'])
      .when(credited(2_000, 'T2'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });
});

describe('no order ends before its refunds are paid (R57)', () => {
  test('R57: a cancelled one', () => {
    given(confirmed(), credited(3_000, 'T1', { payer: alster }), cancelledWithRefund(3_000))
      .expectOrder({ status: 'cancelled', cover: { reserved: usd(10_000) } })
      .when(refundPaid(1))
      .then(['refundPaid', 'coverReleased', 'orderEnded']);
  });

  test('R20: one whose whole price was refunded; each payment back to its own way', () => {
    const story = givenByTheBooks(
      escrowConfirmed(),
      paidByCard('card-1', 4_000),
      credited(6_000, 'T1', { payer: alster }),
      refundOrdered(10_000),
    )
      .expectOrder({ status: 'refunded' })
      .when(refundPaid(1))
      .then(['refundPaid'])
      .when(refundPaid(2))
      .then(['refundPaid', { type: 'orderEnded', outcome: 'refunded' }]);
    expect(story.balances()).toEqual({ [`pair:${escrowAccount} USD`]: -600_000, 'bank USD': 600_000 });
  });

  test('R57: an order that has ended names no account and pays no refund', () => {
    given(held(), cancelledWithRefund(10_000), buyer('nameRefundAccount', { payee: alster }), refundPaid(1))
      .when(buyer('nameRefundAccount', { payee: subsidiary }))
      .thenRefused('order.closed')
      .when(platform('orderRefund', { amount: usd(1), reason: 'again' }))
      .thenRefused('order.closed');
  });

  test('R57: a stranger names no account', () => {
    given(advancePaid(), refundOrdered(500))
      .when(buyer('nameRefundAccount', { payee: alster }, { member: 'buy-somebody-else' }))
      .thenRefused('actor.not-a-party', `not the buyer of ${orderId}`)
      .expectOrder({ buyer: buyerId });
  });
});
