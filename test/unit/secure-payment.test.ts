/**
 * Secure Payment from the first word to the last: whose scheme it is, what may be ordered, the price held by the platform until
 * receipt is confirmed or delivery is proven, the fee (R8, R12–R19, R21, R24–R27).
 */
import { deadlines } from '../../domain/deadlines';
import { account } from '../../domain/ledger';
import { policyOf } from '../../domain/scheme';
import { viewOf } from '../../domain/view';
import {
  aBuyer,
  aSupplier,
  advancePaid,
  at,
  buyer,
  captured,
  carrier,
  charged,
  chargedBack,
  clock,
  credited,
  customs,
  delivered,
  draftData,
  escrowAccount,
  escrowConfirmed,
  escrowContract,
  given,
  givenByTheBooks,
  givenIn,
  held,
  justBefore,
  later,
  orderId,
  paidByCard,
  platform,
  play,
  receiptAwaited,
  received,
  refundOrdered,
  regionsList,
  registered,
  shipped,
  supplier,
  supplierId,
  takenBack,
  total,
  tracking,
  usd,
} from '../support/builders';

const pair = `pair:${escrowAccount} USD`;
const hold = `${account.hold(orderId)} USD`;
const collected = `${account.supplier(supplierId)} USD`;
const fees = 'scheme-fees USD';
const answerBy = (o: { answerBy?: string | undefined }) => o.answerBy;
const draft = (changes = {}) =>
  supplier('draft', draftData({ scheme: 'secure-payment', contract: escrowContract(), ...changes }));

describe('who sells (R12, R13)', () => {
  test.each(['CN', 'HK', 'TW'])('R12: a China supplier member registered in %s', (country) => {
    givenIn({ supplier: aSupplier({ country }) }, escrowConfirmed()).expectOrder({ status: 'awaiting-payment' });
  });

  test.each(['MO', 'VN'])('R12: none of %s', (country) => {
    givenIn({ supplier: aSupplier({ country }) })
      .when(draft())
      .thenRefused('supplier.not-china');
  });

  test('R12: with a membership of suppliers', () => {
    givenIn({ supplier: aSupplier({ account: 'domestic-free' }) })
      .when(draft())
      .thenRefused('supplier.not-a-supplier');
  });

  test.each(['none', 'applied', 'suspended'] as const)(
    'R13: no activation is needed (Trade Assurance: %s)',
    (tradeAssurance) => {
      givenIn({ supplier: aSupplier({ tradeAssurance }) }, escrowConfirmed())
        .expectOrder({ status: 'awaiting-payment', payBy: '2026-03-17T01:02:00.000Z' })
        .when(platform('supplierActivated'))
        .thenNothing();
    },
  );

  test('R13: nor for an order that the buyer begins', () => {
    givenIn({ supplier: aSupplier({ tradeAssurance: 'none' }) })
      .when(
        buyer(
          'draft',
          draftData({
            scheme: 'secure-payment',
            contract: escrowContract(),
            source: { kind: 'buy-now' },
            confirm: true,
          }),
        ),
      )
      .then(['orderDrafted', 'revisionConfirmed']);
  });

  test('R45: the list of countries that OneTouch does not serve is not for Secure Payment', () => {
    givenIn({ buyer: aBuyer({ country: 'EG' }), regions: regionsList('EG') }, held()).expectOrder({
      status: 'awaiting-shipment',
    });
  });
});

describe('what may be ordered (R15, R16, R24, R26)', () => {
  const priced = (quantity: number, dollars: number) =>
    escrowContract({
      product: {
        lines: [{ name: 'LED panel light', hsCode: '94051100', quantity, unit: 'piece', unitPrice: usd(dollars) }],
      },
    });

  test('R15: up to USD 50,000 an order, to the cent', () => {
    given(escrowConfirmed(priced(1_000, 50))).expectOrder({ total: usd(50_000) });
    given(draft({ contract: priced(1, 50_000.01) }))
      .when(supplier('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'USD 50,000.01 is above the scheme’s limit of USD 50,000.00');
  });

  test('R15: with its freight', () => {
    const contract = escrowContract({ product: priced(1_000, 50).product, shipping: { freight: usd(0.01) } });
    given(draft({ contract }))
      .when(supplier('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'above the scheme’s limit');
  });

  test.each(['air', 'land', 'sea', 'post'] as const)('R16: by express only, not by %s', (method) => {
    given(draft({ contract: escrowContract({ shipping: { method } }) }))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', `shipping.method ${method} is not offered`);
  });

  test('R24: the whole price before shipment: there is no advance in part', () => {
    given(draft({ contract: escrowContract({ payment: { advancePercent: 30 } }) }))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'the whole price is due before shipment');
  });

  test('R26: every method of the scheme, and e-checking not', () => {
    const methods = policyOf(given(held()).order).methods.map(({ method }) => method);
    expect(methods.sort()).toEqual(['card', 'maestro', 'qiwi', 'tef', 'tt', 'webmoney', 'western-union']);
    given(escrowConfirmed(escrowContract({ payment: { methods } }))).expectOrder({ status: 'awaiting-payment' });
    given(draft({ contract: escrowContract({ payment: { methods: ['e-checking'] } }) }))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'e-checking is not offered');
  });
});

describe('the price is held by the platform (R18, R21, R24, R25, R27)', () => {
  test('R2, R3: no cover is offered or reserved: the money itself is safe', () => {
    given(draft())
      .when(supplier('confirm', { revision: 1 }))
      .then(['revisionConfirmed'])
      .when(buyer('confirm', { revision: 1 }))
      .then([
        'revisionConfirmed',
        { type: 'orderConfirmed', total, advance: total },
        'accountAssigned',
        'paymentOpened',
      ]);
  });

  test('R25, R27: the buyer pays to the platform’s account in Singapore, not to the pair’s', () => {
    given(escrowConfirmed())
      .expectOrder({ payTo: escrowAccount })
      .when(credited(10_000, 'T1', { account: 'va-0001' }))
      .then([{ type: 'paymentSuspended', reason: 'account-mismatch' }])
      .expectOrder({ status: 'awaiting-payment' });
  });

  test('R24: shipment waits for the last cent that is due; parts wait with the order', () => {
    const story = given(escrowConfirmed(), paidByCard('card-1', 9_999.99))
      .expectOrder({ status: 'awaiting-payment' })
      .when(supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }))
      .thenRefused('order.wrong-state')
      .when(charged('card-2', 0.01), captured('card-2'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: total }])
      .expectOrder({ status: 'awaiting-shipment', purse: { order: 0, hold: 1_000_000, supplier: 0 } });
    expect(story.balances()).toEqual({ 'card USD': -1_000_000, [hold]: 1_000_000 });
  });

  test('R18, R21: the supplier gets none of it before receipt: not paid, not shipped, not delivered', () => {
    for (const story of [given(held()), given(receiptAwaited()), given(receiptAwaited(), delivered())])
      expect(story.balances()).toEqual({ [pair]: -1_000_000, [hold]: 1_000_000 });
  });

  test('R18: a part that is taken back comes out of the hold; the order awaits the payment again', () => {
    const story = given(escrowConfirmed(), credited(4_000, 'T1'), credited(6_000, 'T2'))
      .when(takenBack('T1'))
      .then([
        { type: 'holdUndone', amount: usd(4_000) },
        { type: 'paymentReversed', fromOrder: 400_000 },
        'advanceUndone',
        { type: 'holdUndone', amount: usd(6_000) },
      ])
      .expectOrder({ status: 'awaiting-payment' });
    expect(story.balances()).toEqual({ [pair]: -600_000, 'order:order-1 USD': 600_000 });
    story
      .when(credited(4_000, 'T3'))
      .then(['paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: total }])
      .expectOrder({ status: 'awaiting-shipment' });
  });

  test('R29: parts go back to the buyer when the supplier closes after the 15 days', () => {
    given(
      escrowConfirmed(),
      credited(4_000, 'T1'),
      at((o) => o.payBy),
    )
      .when(supplier('closeUnpaid'))
      .then([{ type: 'refundDue', amount: usd(4_000), sources: { order: 400_000 } }, 'orderClosed']);
  });
});

describe('ways to pay, and their caps (R26)', () => {
  const anyWay = escrowContract({ payment: { methods: ['tt', 'card', 'western-union', 'maestro'] } });

  test('R26: a transfer by Western Union up to its cap; beyond it the money stands in suspense', () => {
    given(escrowConfirmed(anyWay))
      .when(credited(2_500, 'W1', { method: 'western-union' }))
      .then(['paymentApplied'])
      .when(credited(2_500.01, 'W2', { method: 'western-union' }))
      .then([{ type: 'paymentSuspended', reason: 'method-cap-exceeded' }])
      .expectOrder({ paid: usd(2_500) });
  });

  test('R26: a charge up to the method’s cap; beyond it none is made', () => {
    given(escrowConfirmed(anyWay))
      .when(charged('m-1', 1_000.01, 0, 'maestro'))
      .thenRefused('payment.method-cap', 'maestro: at most USD 1,000.00')
      .when(charged('m-1', 1_000, 0, 'maestro'))
      .then(['chargeRequested']);
    given(escrowConfirmed(escrowContract({ shipping: { freight: usd(5_000) } })))
      .when(charged('card-1', 12_000.01))
      .thenRefused('payment.method-cap', 'card: at most USD 12,000.00')
      .when(charged('card-1', 12_000))
      .then(['chargeRequested']);
  });

  test('R26: a method that the two did not agree on is refused; one of the bank is no charge', () => {
    given(escrowConfirmed(anyWay))
      .when(charged('q-1', 100, 0, 'qiwi'))
      .thenRefused('payment.method-not-offered')
      .when(charged('t-1', 100, 0, 'tt'))
      .thenRefused('payment.method-not-offered');
  });

  test('R48: no surcharge', () => {
    given(escrowConfirmed())
      .when(charged('card-1', 10_000, 280))
      .thenRefused('payment.quote-mismatch', 'USD 10,000.00 is USD 0.00');
  });
});

describe('the supplier is paid on receipt, less the fee (R8, R14, R18, R19)', () => {
  test('R14, R18: the buyer confirms receipt: the price less 5 % is the supplier’s', () => {
    const story = given(receiptAwaited())
      .when(buyer('confirmReceipt'))
      .then([
        { type: 'shipmentAccepted', by: 'buyer' },
        { type: 'moneyReleased', amount: usd(9_500), fee: usd(500) },
        'orderCompleted',
      ])
      .expectOrder({ status: 'awaiting-reviews', purse: { order: 0, hold: 0, supplier: 1_000_000 } });
    expect(story.balances()).toEqual({ [pair]: -1_000_000, [collected]: 950_000, [fees]: 50_000 });
    story.when(buyer('confirmReceipt')).thenNothing();
  });

  test('R8, R14: the fee is rounded half up to the cent, and the buyer pays none', () => {
    const contract = escrowContract({
      product: { lines: [{ name: 'Sample', hsCode: '94051100', quantity: 1, unit: 'piece', unitPrice: usd(40.1) }] },
    });
    const story = given(escrowConfirmed(contract), credited(40.1, 'T1'))
      .when(
        supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
        carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })),
        buyer('confirmReceipt'),
      )
      .then(['shipmentAccepted', { type: 'moneyReleased', amount: usd(38.09), fee: usd(2.01) }, 'orderCompleted']);
    expect(story.balances()).toEqual({ [pair]: -4_010, [collected]: 3_809, [fees]: 201 });
  });

  test('R18: without a word of the buyer it is paid when 15 days have gone by since the delivery was told, not before', () => {
    given(receiptAwaited(), delivered(), justBefore(answerBy))
      .when(clock('answerTimedOut'))
      .thenNothing()
      .when(at(answerBy), clock('answerTimedOut'))
      .then([{ type: 'shipmentAccepted', by: 'clock' }, { type: 'moneyReleased', fee: usd(500) }, 'orderCompleted']);
  });

  test('R18: never before delivery is proven, however long it takes', () => {
    const story = given(receiptAwaited());
    expect(deadlines(story.order)).toEqual([]);
    story
      .when(later({ days: 400 }), clock('answerTimedOut'))
      .thenNothing()
      .expectOrder({ status: 'awaiting-receipt' });
    story.when(delivered()).then([{ type: 'carrierDelivered', answerBy: '2027-04-21T01:07:00.000Z' }]);
    expect(deadlines(story.order)).toEqual([{ at: '2027-04-21T01:07:00.000Z', message: 'answerTimedOut' }]);
  });

  test('R18: a delivery proves the shipment, when the carrier did not tell it; its words count in any order, once', () => {
    const story = given(
      held(),
      supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
      later({ days: 5 }),
    )
      .when(delivered('2026-03-06T16:00:00.000Z'))
      .then(['carrierDelivered', { type: 'goodsShipped', shippingDate: '2026-03-07', onTime: true }])
      .expectOrder({ status: 'awaiting-receipt' });
    const { answerBy: first } = story.order;
    story
      .when(delivered('2026-03-06T16:00:00.000Z'))
      .thenNothing()
      .when(carrier('goodsShipped', { tracking, shippedAt: '2026-03-03T02:00:00.000Z' }))
      .then(['carrierTook', { type: 'goodsShipped', shippingDate: '2026-03-03' }])
      .when(carrier('goodsShipped', { tracking, shippedAt: '2026-03-04T02:00:00.000Z' }))
      .thenNothing()
      .expectOrder({ status: 'awaiting-receipt', answerBy: first, shippingDate: '2026-03-03' });
  });

  test('R18: each side may extend the time once', () => {
    given(receiptAwaited(), delivered('2026-03-10T00:00:00.000Z'))
      .when(buyer('extendAnswer'))
      .then([{ type: 'answerExtended', by: 'buyer', answerBy: '2026-04-09T00:00:00.000Z' }])
      .when(buyer('extendAnswer'))
      .thenRefused('answer.already-extended')
      .when(supplier('extendAnswer'))
      .then([{ answerBy: '2026-04-24T00:00:00.000Z', type: 'answerExtended' }]);
    given(receiptAwaited()).when(buyer('extendAnswer')).thenRefused('order.wrong-state');
  });

  test('R20, R21: an open complaint keeps the money where it is; withdrawn, the time goes on', () => {
    const complains = buyer('complain', { kind: 'not-received', description: 'The box was empty' });
    given(receiptAwaited(), delivered(), complains)
      .when(buyer('confirmReceipt'))
      .thenRefused('complaint.open')
      .when(at(answerBy), clock('answerTimedOut'))
      .thenNothing()
      .when(buyer('withdrawComplaint', {}))
      .then(['complaintClosed'])
      .when(clock('answerTimedOut'))
      .then(['shipmentAccepted', 'moneyReleased', 'orderCompleted']);
  });

  test('R20, R21: what is paid after receipt while a complaint is open is held until the complaint is over', () => {
    given(
      escrowConfirmed(),
      credited(6_000, 'T1'),
      credited(4_000, 'T2'),
      supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
      delivered(),
      takenBack('T2'),
      buyer('confirmReceipt'),
      buyer('complain', { kind: 'colour-or-size', description: 'Warm white was ordered' }),
    )
      .expectOrder({ status: 'awaiting-balance', purse: { hold: 0, supplier: 600_000 } })
      .when(credited(4_000, 'T3'))
      .then(['paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: usd(4_000) }])
      .when(buyer('withdrawComplaint', {}))
      .then(['complaintClosed', { type: 'moneyReleased', amount: usd(3_800), fee: usd(200) }, 'orderCompleted']);
  });

  test('R14, R20: what was refunded out of the hold bears no fee', () => {
    const story = given(receiptAwaited(), refundOrdered(2_000))
      .when(buyer('confirmReceipt'))
      .then(['shipmentAccepted', { type: 'moneyReleased', amount: usd(7_600), fee: usd(400) }, 'orderCompleted']);
    expect(story.balances()).toMatchObject({ [collected]: 760_000, [fees]: 40_000, 'refunds:order-1 USD': 200_000 });
  });

  test('R35: both review, and the order closes without credit: Secure Payment accrues none (R3)', () => {
    const { order } = given(received(), buyer('review', { stars: 5 }))
      .when(supplier('review', { stars: 5 }))
      .then(['reviewGiven', 'reviewsPublished', { type: 'orderClosed', outcome: 'completed' }]);
    expect(order.effects).toEqual([]);
    expect(deadlines(order)).toEqual([{ at: order.complainBy, message: 'complaintWindowClosed' }]);
  });
});

describe('chargebacks (R18, R30)', () => {
  test('R30: while the price is held it comes out of the hold, and the supplier has lost nothing', () => {
    const story = givenByTheBooks(escrowConfirmed(), paidByCard('card-1', 10_000))
      .when(chargedBack('card-1'))
      .then([{ type: 'holdUndone', amount: total }, { type: 'paymentReversed', fromOrder: 1_000_000 }, 'advanceUndone'])
      .expectOrder({ status: 'awaiting-payment' });
    expect(story.balances()).toEqual({});
  });

  test('R30: on its way the goods stay on their way; received, they await their price', () => {
    const story = givenByTheBooks(
      escrowConfirmed(),
      paidByCard('card-1', 10_000),
      supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
      delivered(),
      chargedBack('card-1'),
    )
      .expectOrder({ status: 'awaiting-receipt', purse: { order: 0, hold: 0, supplier: 0 } })
      .when(buyer('confirmReceipt'))
      .then(['shipmentAccepted'])
      .expectOrder({ status: 'awaiting-balance' })
      .when(credited(10_000, 'T1'))
      .then([
        'paymentApplied',
        'advanceCompleted',
        'moneyHeld',
        { type: 'moneyReleased', fee: usd(500) },
        'orderCompleted',
      ]);
    expect(story.balances()).toEqual({ [pair]: -1_000_000, [collected]: 950_000, [fees]: 50_000 });
  });

  test('R14, R30: after the release the supplier gives it back, and the platform its fee', () => {
    const story = givenByTheBooks(received())
      .when(takenBack('price'))
      .then([
        { type: 'supplierClawedBack', amount: total, fee: usd(500), short: usd(0) },
        { type: 'paymentReversed', fromOrder: 1_000_000 },
        'advanceUndone',
        'completionReopened',
      ])
      .expectOrder({ status: 'awaiting-balance' });
    expect(story.balances()).toEqual({});
  });

  test('R14: paid anew after a chargeback the order bears its fee once', () => {
    const story = givenByTheBooks(received(), takenBack('price'))
      .when(credited(10_000, 'again'))
      .then([
        'paymentApplied',
        'advanceCompleted',
        'moneyHeld',
        { type: 'moneyReleased', amount: usd(9_500), fee: usd(500) },
        'orderCompleted',
      ]);
    expect(story.balances()).toEqual({ [pair]: -1_000_000, [collected]: 950_000, [fees]: 50_000 });
  });
});

describe('what one scheme has and the other has not (R17, R22, R34)', () => {
  test('R17: an export of its own: nothing is declared through OneTouch', () => {
    given(held())
      .when(registered('export-1', 'D1'))
      .thenRefused('order.not-in-scheme')
      .when(supplier('completeExport'))
      .thenRefused('order.not-in-scheme')
      .when(supplier('cancelExport', { exportOrder: 'export-1' }))
      .thenRefused('export.unknown')
      .when(customs('customsReleased', ({ now }) => ({ declaration: 'D1', releasedAt: now })))
      .thenRefused('export.unknown');
  });

  test('R17: the goods go to a carrier instead, once; its number is the proof', () => {
    const ship = (shipment: string, number = tracking) =>
      supplier('shipGoods', { shipment, carrier: 'DHL Express', tracking: number });
    given(held())
      .when(ship('ship-1'))
      .then(['shipmentRegistered'])
      .expectOrder({ status: 'awaiting-shipment' })
      .when(ship('ship-1'))
      .thenNothing()
      .when(ship('ship-1', 'OTHER-1'))
      .thenRefused('shipment.duplicate')
      .when(ship('ship-2'))
      .thenRefused('shipment.duplicate')
      .when(carrier('goodsShipped', ({ now }) => ({ tracking: 'OTHER-1', shippedAt: now })))
      .thenRefused('shipment.unknown')
      .when(carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })))
      .then(['carrierTook', 'goodsShipped']);
    given(escrowConfirmed()).when(ship('ship-1')).thenRefused('order.wrong-state');
  });

  test('R18: a word of the carrier from the future is refused', () => {
    const { order } = given(held(), supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }));
    expect(order.shipment).toEqual({ shipment: 'ship-1', carrier: 'DHL Express', tracking });
    for (const say of ['goodsShipped', 'goodsDelivered'] as const) {
      const time = say === 'goodsShipped' ? 'shippedAt' : 'deliveredAt';
      const said = { as: 'carrier', at: '2026-03-10T00:00:00.000Z', id: 'c-1' } as const;
      expect(play(order, say, { tracking, [time]: '2026-03-11T00:00:00.001Z' }, said)).toMatchObject({
        refused: 'shipment.in-future',
      });
      expect(play(order, say, { tracking, [time]: '2026-03-11T00:00:00.000Z' }, said)).toHaveProperty('events');
    }
  });

  test('R22, R34: no inspection before shipment, no answer on the declared goods', () => {
    given(held(escrowContract({ product: { inspectionStandard: 'AQL 2.5' } })))
      .when(buyer('requestInspection', { inspection: 'insp-1', inspector: 'SGS' }))
      .thenRefused('order.not-in-scheme');
    given(receiptAwaited())
      .when(buyer('answerShipment', { asAgreed: true }))
      .thenRefused('order.wrong-state');
  });

  test('R17, R18: under Trade Assurance there is no carrier’s proof and no receipt to confirm', () => {
    given(advancePaid())
      .when(supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }))
      .thenRefused('order.not-in-scheme')
      .when(carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })))
      .thenRefused('shipment.unknown');
    given(shipped()).when(buyer('confirmReceipt')).thenRefused('order.not-in-scheme');
  });

  test('R50: the order says what it waits for', () => {
    const awaits = (...steps: Parameters<typeof given>) => viewOf(given(...steps).order).awaits;
    expect(awaits(escrowConfirmed())).toBe('buyer pays the whole price');
    expect(awaits(held())).toBe('supplier hands the goods to a carrier');
    expect(awaits(receiptAwaited())).toBe('buyer confirms that the goods were received');
  });
});
