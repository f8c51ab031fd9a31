/** Cards and e-checking: the surcharge as quoted, capture, decline, what is not needed and goes back (R26, R45, R48). */
import fc from 'fast-check';
import { callOf } from '../../domain/effects';
import { surchargeOf } from '../../domain/payment';
import {
  advancePaid,
  at,
  buyer,
  captured,
  chargedBack,
  charged,
  completeContract,
  completed,
  confirmed,
  credited,
  drafted,
  effect,
  given,
  meanwhile,
  orderId,
  paidByCard,
  platform,
  refundPaid,
  refusedCharge,
  regionsList,
  shipped,
  supplier,
  supplierId,
  total,
  usd,
} from '../support/builders';

/** USD 10,000.00, 30 % in advance, by transfer, card or e-checking. */
const byCard = completeContract({ payment: { methods: ['tt', 'card', 'e-checking'] } });
/** The same, the whole price in advance. */
const wholeByCard = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
const refunds = `refunds:${orderId} USD`;
const payBy = (o: { payBy?: string | undefined }) => o.payBy;

describe('the quote (R48)', () => {
  const { order } = given(confirmed(byCard));

  test('R48: a card adds 2.8 % of the order amount', () => {
    expect(surchargeOf(order, 'card', total)).toEqual(usd(280));
  });

  test('R48 (reading): pro rata on a part, rounded half up to the cent', () => {
    expect(surchargeOf(order, 'card', usd(3_000))).toEqual(usd(84));
    expect(surchargeOf(order, 'card', usd(0.17))).toEqual(usd(0));
    expect(surchargeOf(order, 'card', usd(0.18))).toEqual(usd(0.01));
    expect(surchargeOf(order, 'card', usd(1_234.56))).toEqual(usd(34.57));
  });

  test('R48: a transfer and e-checking cost nothing; what the scheme has not is not quoted', () => {
    expect(surchargeOf(order, 'tt', total)).toEqual(usd(0));
    expect(surchargeOf(order, 'e-checking', total)).toEqual(usd(0));
    expect(surchargeOf(order, 'qiwi', total)).toBeUndefined();
  });

  test('R48: another surcharge than the quoted one is refused, with the right figure', () => {
    given(confirmed(byCard))
      .when(charged('card-1', 3_000, 0))
      .thenRefused('payment.quote-mismatch', 'the surcharge for USD 3,000.00 is USD 84.00')
      .when(charged('card-1', 3_000, 84.01))
      .thenRefused('payment.quote-mismatch', 'is USD 84.00')
      .when(
        buyer('pay', {
          payment: 'card-1',
          method: 'card',
          amount: usd(3_000),
          surcharge: { amount: 8_400, currency: 'EUR' },
          token: 't',
        }),
      )
      .thenRefused('payment.quote-mismatch', 'is USD 84.00')
      .when(charged('card-1', 3_000, 84))
      .then(['chargeRequested']);
  });
});

describe('charging (R26, R31, R48)', () => {
  test('R48: asked for is price and surcharge in one, under a key of its own', () => {
    const { order } = given(confirmed(byCard), charged('card-1', 3_000, 84)).expectOrder({
      status: 'awaiting-payment',
      charges: [{ payment: 'card-1', state: 'pending', effect: 'order-1:4:0' }],
    });
    const [pending] = order.effects;
    expect(pending && callOf(order, pending, order.updatedAt).call).toEqual({
      activity: 'charge',
      input: { key: 'order-1:4:0', method: 'card', amount: usd(3_084), token: 'tok_visa_4242' },
    });
  });

  test('R31, R48: captured, the part of the price counts as paid; the surcharge is the platform’s, not the price', () => {
    const story = given(confirmed(byCard), charged('card-1', 3_000, 84))
      .when(captured('card-1'))
      .then([
        { type: 'chargeCaptured', amount: usd(3_000), surcharge: usd(84), excess: usd(0) },
        { type: 'paymentApplied', account: 'card', entryReference: 'card-1', amount: usd(3_000) },
        'advanceCompleted',
        'coverReserved',
        { type: 'supplierPaid', amount: usd(3_000) },
      ])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(3_000), effects: [], charges: [{ state: 'captured' }] });
    expect(story.balances()).toEqual({
      'card USD': -308_400,
      'card-fees USD': 8_400,
      [`supplier:${supplierId} USD`]: 300_000,
    });
  });

  test('R48: called back twice, it counts once; a late decline changes nothing', () => {
    const { order } = given(confirmed(byCard), charged('card-1', 3_000, 84));
    const callback = effect('chargeCaptured', { effect: order.effects[0]?.id ?? '', reference: 'pr-1' });
    const story = given(confirmed(byCard), charged('card-1', 3_000, 84), callback);
    story
      .when(callback)
      .thenNothing()
      .when(refusedCharge('card-1'))
      .thenNothing()
      .expectOrder({ paid: usd(3_000) });
  });

  test('R48: declined, nothing has moved, and the buyer may pay in another way at once', () => {
    const story = given(confirmed(byCard), charged('card-1', 3_000, 84))
      .when(refusedCharge('card-1'))
      .then([{ type: 'chargeDeclined', reason: 'insufficient funds' }])
      .expectOrder({ status: 'awaiting-payment', effects: [], charges: [{ state: 'declined' }] });
    expect(story.transfers).toEqual([]);
    story
      .when(charged('card-1', 3_000, 84))
      .thenNothing()
      .when(charged('check-1', 3_000, 0, 'e-checking'))
      .then(['chargeRequested'])
      .when(captured('check-1'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R48: one that was declined and is captured after all has taken the money: it counts, or goes back to the card', () => {
    const declined = [confirmed(byCard), charged('card-1', 3_000, 84), refusedCharge('card-1')];
    given(...declined)
      .when(captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid'])
      .when(captured('card-1'))
      .thenNothing();
    // The buyer has paid the whole price otherwise: 3,000.00 and the surcharge of 84.00 go back.
    given(...declined, credited(10_000, 'T1'))
      .when(captured('card-1'))
      .then([{ type: 'chargeCaptured', surcharge: usd(0), excess: usd(3_084) }])
      .expectOrder({ refunds: [{ via: 'card', amount: usd(3_084), why: 'charge-not-needed', state: 'pending' }] });
  });

  test('R48: the balance by card, after shipment', () => {
    given(shipped(byCard), buyer('answerShipment', { asAgreed: true }), charged('card-1', 7_000, 196))
      .when(captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied', 'supplierPaid', 'orderCompleted']);
  });

  test('R26: e-checking that the payer’s bank returns is a reversal', () => {
    const story = given(confirmed(byCard), paidByCard('check-1', 3_000, 0, 'e-checking'))
      .when(chargedBack('check-1'))
      .then([
        'supplierClawedBack',
        { type: 'paymentReversed', fromOrder: 300_000, fromFees: 0 },
        'advanceUndone',
        'coverReleased',
      ])
      .expectOrder({ status: 'awaiting-payment' });
    expect(story.balances()).toEqual({});
  });

  test('R3: a charge that failed for good waits for an operator, and is asked for again under another key', () => {
    const story = given(
      confirmed(byCard),
      charged('card-1', 3_000, 84),
      effect('effectFailed', { effect: 'order-1:4:0', reason: 'the processor is unknown' }),
      platform('retryEffect', { effect: 'order-1:4:0' }),
    );
    const [again] = story.order.effects;
    expect(again && callOf(story.order, again, story.now).call).toMatchObject({ input: { key: 'order-1:4:0:again2' } });
    story
      .when(captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });
});

describe('no charge is made (R26, R31, R45, R48)', () => {
  test('R26: by a method that the contract or the scheme has not', () => {
    given(confirmed(completeContract({ payment: { methods: ['tt'] } })))
      .when(charged('card-1', 3_000, 84))
      .thenRefused('payment.method-not-offered', 'card');
    given(confirmed(byCard))
      .when(charged('q-1', 3_000, 0, 'qiwi'))
      .thenRefused('payment.method-not-offered', 'qiwi');
  });

  test('R15: in another currency', () => {
    const euros = { amount: 300_000, currency: 'EUR' } as const;
    given(confirmed(byCard))
      .when(
        buyer('pay', {
          payment: 'card-1',
          method: 'card',
          amount: euros,
          surcharge: { amount: 8_400, currency: 'EUR' },
          token: 't',
        }),
      )
      .thenRefused('payment.currency-mismatch', 'EUR');
  });

  test('R31: for more than is outstanding', () => {
    given(advancePaid(byCard))
      .when(charged('card-1', 7_000.01, 196))
      .thenRefused('payment.more-than-due', 'outstanding is USD 7,000.00')
      .when(charged('card-1', 7_000, 196))
      .then(['chargeRequested']);
    given(completed(byCard))
      .when(charged('card-1', 1, 0.03))
      .thenRefused('payment.more-than-due');
  });

  test('R48: while another is under way', () => {
    given(confirmed(byCard), charged('card-1', 1_000, 28))
      .when(charged('card-2', 1_000, 28))
      .thenRefused('payment.charge-pending')
      .when(captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied'])
      .when(charged('card-2', 1_000, 28))
      .then(['chargeRequested']);
  });

  test('R48: the same payment asked for again changes nothing; with other terms it is refused', () => {
    given(confirmed(byCard), charged('card-1', 1_000, 28))
      .when(charged('card-1', 1_000, 28))
      .thenNothing()
      .when(charged('card-1', 2_000, 56))
      .thenRefused('payment.id-reused', 'card-1');
  });

  test('R55: before the order may be paid, or after its end', () => {
    given(drafted(byCard))
      .when(charged('card-1', 3_000, 84))
      .thenRefused('order.wrong-state');
    given(confirmed(byCard), buyer('cancel', { reason: 'No' }))
      .when(charged('card-1', 3_000, 84))
      .thenRefused('order.closed');
  });

  test('R57: neither side cancels alone while one is under way', () => {
    given(confirmed(byCard), charged('card-1', 1_000, 28))
      .when(supplier('cancel', { reason: 'No' }))
      .thenRefused('payment.charge-pending');
  });

  test('R45: of an advance from a country that is no longer served; a balance is still taken', () => {
    given(confirmed(byCard), meanwhile({ regions: regionsList('DE') }))
      .when(charged('card-1', 3_000, 84))
      .thenRefused('buyer.region-not-served');
    given(shipped(byCard), meanwhile({ regions: regionsList('DE') }))
      .when(charged('card-1', 7_000, 196))
      .then(['chargeRequested']);
  });

  test('R48: an order takes 20 charges, declined ones with them', () => {
    const declined = Array.from({ length: 20 }, (_, i) => [
      charged(`card-${String(i)}`, 1, 0.03),
      refusedCharge(`card-${String(i)}`),
    ]);
    given(confirmed(byCard), declined)
      .when(charged('card-20', 1, 0.03))
      .thenRefused('order.limit-reached', '20 charges');
  });
});

describe('what is not needed any more goes back to the card (R29, R48)', () => {
  test('R48: a transfer has come at the same time: the excess goes back with its share of the surcharge', () => {
    const story = given(confirmed(wholeByCard), charged('card-1', 10_000, 280), credited(4_000, 'T1'))
      .when(captured('card-1'))
      .then([
        { type: 'chargeCaptured', amount: total, surcharge: usd(168), excess: usd(4_112) },
        { type: 'paymentApplied', amount: usd(6_000) },
        'advanceCompleted',
        'coverReserved',
        { type: 'supplierPaid', amount: total },
      ])
      .expectOrder({
        paid: total,
        refunds: [
          { id: 1, amount: usd(4_112), why: 'charge-not-needed', via: 'card', charge: 'card-1', state: 'pending' },
        ],
        refunded: 0,
      });
    expect(story.balances()).toMatchObject({ 'card USD': -1_028_000, 'card-fees USD': 16_800, [refunds]: 411_200 });
    const [refund] = story.order.effects;
    expect(refund && callOf(story.order, refund, story.now).call).toEqual({
      activity: 'refund',
      input: { key: 'order-1:6:0:1', order: orderId, amount: usd(4_112), charge: 'order-1:4:0' },
    });
    story.when(refundPaid(1)).then(['refundPaid']);
    expect(story.balances()).toMatchObject({ 'card USD': -616_800, 'card-fees USD': 16_800 });
    expect(story.balances()).not.toHaveProperty(refunds);
  });

  test('R48: with the price paid otherwise it all goes back, the whole surcharge with it', () => {
    const story = given(confirmed(wholeByCard), charged('card-1', 10_000, 280), credited(10_000, 'T1'))
      .when(captured('card-1'))
      .then([{ type: 'chargeCaptured', surcharge: usd(0), excess: usd(10_280) }])
      .when(refundPaid(1))
      .then(['refundPaid'])
      .expectOrder({ paid: total, payments: [{ entryReference: 'T1' }] });
    expect(story.balances()).toEqual({ 'pair:va-0001 USD': -1_000_000, [`supplier:${supplierId} USD`]: 1_000_000 });
  });

  test('R29: captured after the supplier has closed the order: all of it goes back, and only then the order ends', () => {
    const story = given(confirmed(byCard), charged('card-1', 3_000, 84), at(payBy))
      .when(supplier('closeUnpaid'))
      .then([{ type: 'orderClosed', outcome: 'closed-unpaid' }])
      .when(captured('card-1'))
      .then([{ type: 'chargeCaptured', surcharge: usd(0), excess: usd(3_084) }])
      .when(refundPaid(1))
      .then(['refundPaid', { type: 'orderEnded', outcome: 'closed-unpaid' }]);
    expect(story.balances()).toEqual({});
  });

  test('R29: declined after that, the order ends', () => {
    given(confirmed(byCard), charged('card-1', 3_000, 84), at(payBy), supplier('closeUnpaid'))
      .when(refusedCharge('card-1'))
      .then(['chargeDeclined', 'orderEnded']);
  });

  test('R48: whatever came before, the buyer has paid the surcharge of what was needed, to the cent (fast-check)', () => {
    const price = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 999_999 }), (cents, before) => {
        const by = surchargeOf(given(confirmed(price)).order, 'card', usd(cents / 100))?.amount ?? 0;
        const { order, transfers } = given(
          confirmed(price),
          charged('card-1', cents / 100, by / 100),
          credited(before / 100, 'T1'),
          captured('card-1'),
        );
        const needed = Math.min(cents, 1_000_000 - before);
        const kept = transfers.find(({ kind }) => kind === 'card-surcharge')?.amount.amount ?? 0;
        expect(kept).toBe(surchargeOf(order, 'card', usd(needed / 100))?.amount);
        expect((order.refunds[0]?.amount.amount ?? 0) + kept + needed).toBe(cents + by);
      }),
      { numRuns: 60 },
    );
  });
});
