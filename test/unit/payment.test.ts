/** The 15 days, part payments, the advance, money in suspense: R18, R29–R31. */
import { deadlines } from '../../domain/deadlines';
import { account, changesOf } from '../../domain/ledger';
import type { Order } from '../../domain/order';
import {
  advancePaid,
  at,
  bank,
  buyer,
  clock,
  completeContract,
  completed,
  confirmed,
  credited,
  drafted,
  effect,
  given,
  givenIn,
  aSupplier,
  justBefore,
  later,
  meanwhile,
  orderId,
  pairAccount,
  platform,
  regionsList,
  shipped,
  supplier,
  supplierId,
  total,
  usd,
  type Story,
} from '../support/builders';

const payBy = (order: Order) => order.payBy;

/** What stands on each account after the story, in cents. */
const balances = ({ transfers }: Story) =>
  Object.fromEntries(
    changesOf(transfers).map(({ account: name, currency, change }) => [`${name} ${currency}`, change]),
  );

describe('the 15 days (R29)', () => {
  test('R29 (reading): they are 15 × 24 hours from the second confirmation', () => {
    const { order } = given(drafted(), supplier('confirm', { revision: 1 }), at('2026-03-05T10:20:30.400Z'))
      .when(buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered', 'orderConfirmed', 'accountAssigned', 'paymentOpened']);
    expect(deadlines(order)).toEqual([{ at: '2026-03-20T10:20:30.400Z', message: 'paymentLapsed' }]);
  });

  test('R29: one millisecond before their end the supplier may not close', () => {
    given(confirmed(), justBefore(payBy)).when(supplier('closeUnpaid')).thenRefused('payment.window-open');
  });

  test('R29: at their end the supplier may close, alone, whether or not the clock has spoken', () => {
    given(confirmed(), at(payBy))
      .when(supplier('closeUnpaid'))
      .then([
        { type: 'orderClosed', outcome: 'closed-unpaid' },
        { type: 'orderEnded', outcome: 'closed-unpaid' },
      ])
      .expectOrder({ status: 'closed-unpaid' });
    given(confirmed(), at(payBy), clock('paymentLapsed'))
      .when(supplier('closeUnpaid'))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R29 (reading): their end closes nothing by itself', () => {
    const { order } = given(confirmed(), at(payBy))
      .when(clock('paymentLapsed'))
      .then(['paymentLapsed'])
      .expectOrder({ status: 'awaiting-payment', paymentLapsed: true });
    expect(deadlines(order)).toEqual([]);
  });

  test('R29: the clock that speaks early, twice or too late changes nothing', () => {
    given(confirmed(), justBefore(payBy)).when(clock('paymentLapsed')).thenNothing();
    given(confirmed(), at(payBy), clock('paymentLapsed')).when(clock('paymentLapsed')).thenNothing();
    given(advancePaid(), later({ days: 20 }))
      .when(clock('paymentLapsed'))
      .thenNothing();
  });

  test('R29 (reading): money that arrives after the 15 days and before the close counts', () => {
    given(confirmed(), at(payBy), clock('paymentLapsed'), later({ days: 3 }))
      .when(credited(3_000, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid'])
      .when(supplier('closeUnpaid'))
      .thenRefused('order.wrong-state');
  });

  test('R29: an order with the advance in is not closed', () => {
    given(advancePaid(), later({ days: 20 }))
      .when(supplier('closeUnpaid'))
      .thenRefused('order.wrong-state');
  });

  test('R29: the buyer does not close', () => {
    given(confirmed(), at(payBy))
      .when({ say: 'closeUnpaid', as: 'buyer', data: {} })
      .thenRefused('actor.role-not-allowed');
  });

  test('R29: closing returns the parts that had arrived', () => {
    const story = given(confirmed(), credited(1_000, 'T1'), credited(500, 'T2'), at(payBy))
      .when(supplier('closeUnpaid'))
      .then([{ type: 'refundDue', amount: usd(1_500) }, 'orderClosed']);
    expect(balances(story)).toEqual({ [`pair:${pairAccount} USD`]: -150_000, 'refunds:order-1 USD': 150_000 });
  });
});

describe('part payments (R31)', () => {
  test('R31: they add up, and the order awaits shipment when the advance is complete', () => {
    given(confirmed())
      .when(credited(1_000, 'T1'))
      .then([{ type: 'paymentApplied', amount: usd(1_000) }])
      .expectOrder({ status: 'awaiting-payment', paid: usd(1_000) })
      .when(credited(1_969.99, 'T2'))
      .then(['paymentApplied'])
      .expectOrder({ status: 'awaiting-payment', paid: usd(2_969.99) })
      .when(credited(30.01, 'T3'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', { type: 'supplierPaid', amount: usd(3_000) }])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(3_000) });
  });

  test('R31 (reading): what the banks on the way may have kept counts as paid; a cent more does not', () => {
    given(confirmed())
      .when(credited(2_970, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', { type: 'supplierPaid', amount: usd(2_970) }])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(2_970) });
    given(confirmed())
      .when(credited(2_969.99, 'T1'))
      .then(['paymentApplied'])
      .expectOrder({ status: 'awaiting-payment' });
  });

  test('R31: an advance of 100 % is the whole price', () => {
    given(confirmed(completeContract({ payment: { advancePercent: 100 } })))
      .when(credited(9_969.99, 'T1'))
      .then(['paymentApplied'])
      .when(credited(0.01, 'T2'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R31: more than the advance is part of the balance', () => {
    given(confirmed())
      .when(credited(10_000, 'T1'))
      .then([
        { type: 'paymentApplied', amount: total },
        'advanceCompleted',
        'coverReserved',
        { type: 'supplierPaid', amount: total },
      ]);
  });

  test('R2: the cover is reserved when the advance is in, within what is left of the limit then', () => {
    given(confirmed(), meanwhile({ limit: usd(18_000), openCover: usd(11_000) }))
      .when(credited(3_000, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', { type: 'coverReserved', amount: usd(7_000) }, 'supplierPaid'])
      .expectOrder({ cover: { offered: total, reserved: usd(7_000), limit: usd(18_000) } });
  });
});

describe('the supplier is paid at once (R18)', () => {
  test('R18: nothing is held once the advance is in', () => {
    const story = given(confirmed(), credited(1_200, 'T1'), credited(1_800, 'T2'), credited(4_000, 'T3'));
    expect(balances(story)).toEqual({
      [`pair:${pairAccount} USD`]: -700_000,
      [account.supplier(supplierId) + ' USD']: 700_000,
    });
  });

  test('R18: parts of an advance wait on the order', () => {
    expect(balances(given(confirmed(), credited(1_200, 'T1')))).toEqual({
      [`pair:${pairAccount} USD`]: -120_000,
      [account.order(orderId) + ' USD']: 120_000,
    });
  });

  test('R18: the balance is the supplier’s as it comes, before and after shipment', () => {
    given(advancePaid())
      .when(credited(2_000, 'T2'))
      .then(['paymentApplied', { type: 'supplierPaid', amount: usd(2_000) }])
      .expectOrder({ status: 'awaiting-shipment' });
    given(shipped())
      .when(credited(7_000, 'T2'))
      .then(['paymentApplied', { type: 'supplierPaid', amount: usd(7_000) }])
      .expectOrder({ status: 'awaiting-answer' });
  });
});

describe('the same bank entry again (R30)', () => {
  test('R30: changes nothing, whatever message brings it', () => {
    given(confirmed(), credited(1_000, 'T1'))
      .when(credited(1_000, 'T1', { id: 'another' }))
      .thenNothing();
    given(advancePaid()).when(credited(3_000, 'advance')).thenNothing();
  });

  test('R30: also when the first was split into price and excess', () => {
    given(confirmed(), credited(10_400, 'T1'))
      .when(credited(10_400, 'T1'))
      .thenNothing()
      .when(credited(10_000, 'T1'))
      .thenRefused('payment.entry-conflict');
  });

  test('R30: with another amount or currency it is a conflict for an operator', () => {
    given(confirmed(), credited(1_000, 'T1'))
      .when(credited(1_001, 'T1'))
      .thenRefused('payment.entry-conflict', 'booked before as USD 1,000.00')
      .when(credited(1_000, 'T1', { currency: 'EUR' }))
      .thenRefused('payment.entry-conflict')
      .expectOrder({ paid: usd(1_000) });
  });

  test('R30: the same reference on another account is another entry', () => {
    given(confirmed(), credited(1_000, 'T1'))
      .when(credited(1_000, 'T1', { account: 'va-0002' }))
      .then([{ type: 'paymentSuspended', reason: 'account-mismatch' }]);
  });
});

describe('money that cannot be applied stands in suspense (R30, R31)', () => {
  test('what is beyond the whole price', () => {
    const story = given(advancePaid())
      .when(credited(7_250, 'T2'))
      .then([
        { type: 'paymentApplied', amount: usd(7_000) },
        { type: 'paymentSuspended', amount: usd(250), reason: 'overpaid' },
        { type: 'supplierPaid', amount: usd(7_000) },
      ])
      .when(credited(60, 'T3'))
      .then([{ type: 'paymentSuspended', amount: usd(60), reason: 'overpaid' }])
      .expectOrder({ paid: total });
    expect(balances(story)).toMatchObject({ 'suspense USD': 31_000 });
  });

  test('another currency', () => {
    const story = given(confirmed())
      .when(credited(3_000, 'T1', { currency: 'EUR' }))
      .then([{ type: 'paymentSuspended', reason: 'currency-mismatch', amount: { amount: 300_000, currency: 'EUR' } }])
      .expectOrder({ status: 'awaiting-payment' });
    expect(story.order.paid).toEqual(usd(0));
    expect(balances(story)).toEqual({ [`pair:${pairAccount} EUR`]: -300_000, 'suspense EUR': 300_000 });
  });

  test('another account than the pair’s', () => {
    given(confirmed())
      .when(credited(3_000, 'T1', { account: 'va-0002' }))
      .then([{ type: 'paymentSuspended', reason: 'account-mismatch' }]);
  });

  test('money before it is awaited: before both have confirmed, or the supplier has activated (R55)', () => {
    given(drafted())
      .when(credited(3_000, 'T1'))
      .then([{ type: 'paymentSuspended', reason: 'not-awaited' }])
      .expectOrder({ status: 'negotiating' });
    givenIn({ supplier: aSupplier({ tradeAssurance: 'none' }) }, confirmed())
      .when(credited(3_000, 'T1'))
      .then([{ type: 'paymentSuspended', reason: 'not-awaited' }])
      .expectOrder({ status: 'awaiting-activation' });
  });

  test('R45: an advance from a country that is no longer served, the excess with it', () => {
    given(confirmed(), meanwhile({ regions: regionsList('DE') }))
      .when(credited(10_300, 'T1'))
      .then([{ type: 'paymentSuspended', amount: usd(10_300), reason: 'buyer.region-not-served' }])
      .expectOrder({ status: 'awaiting-payment' })
      .when(credited(10_300, 'T1'))
      .thenNothing();
  });

  test('R45: a balance is still taken, because the goods are on their way', () => {
    given(shipped(), meanwhile({ regions: regionsList('DE') }))
      .when(credited(7_000, 'T2'))
      .then(['paymentApplied', 'supplierPaid']);
  });

  test('money after completion', () => {
    given(completed())
      .when(credited(5, 'T9'))
      .then([{ type: 'paymentSuspended', reason: 'overpaid' }]);
  });
});

test('an order lists 100 payments; what comes after is not refused, because it has arrived, but goes to suspense (R31)', () => {
  const many = Array.from({ length: 100 }, (_, i) => credited(0.01, `T${String(i)}`));
  const { order } = given(confirmed(), many)
    .when(credited(0.01, 'T100'))
    .then([{ type: 'paymentSuspended', reason: 'too-many' }]);
  expect(order.payments).toHaveLength(100);
});

test('R29: money behind the message that ends the order is booked, not refused', () => {
  given(confirmed(), buyer('cancel', { reason: 'no longer needed' }))
    .when(credited(3_000, 'T1'))
    .then([{ type: 'paymentSuspended', reason: 'after-close', amount: usd(3_000) }])
    .expectOrder({ status: 'cancelled' });
});

test('only the bank says that money has arrived (R29)', () => {
  given(confirmed())
    .when({
      say: 'paymentCredited',
      as: 'buyer',
      data: { account: pairAccount, entryReference: 'T1', amount: total, method: 'tt', valueDate: '2026-03-03' },
    })
    .thenRefused('actor.role-not-allowed');
  given(confirmed())
    .when(
      bank('paymentCredited', {
        account: pairAccount,
        entryReference: 'T1',
        amount: usd(1),
        method: 'card',
        valueDate: '2026-03-03',
      }),
    )
    .then(['paymentApplied']);
});

test('R14: no fee on either side: what the buyer paid is what the supplier may collect', () => {
  const { transfers, order } = given(completed());
  const collected = transfers
    .filter(({ to }) => to === account.supplier(order.supplier))
    .reduce((sum, { amount }) => sum + amount.amount, 0);
  expect(collected).toBe(total.amount);
  expect(new Set(transfers.map(({ kind }) => kind))).toEqual(new Set(['payment', 'supplier-paid']));
});

describe('what the store knows beside the order (R2, R45, R57)', () => {
  test('R45: money in suspense is not applied as an advance from a country that is no longer served', () => {
    given(confirmed(), meanwhile({ regions: regionsList('DE') }))
      .when(platform('suspenseAllocated', { suspense: 'susp-1', amount: usd(3_000) }))
      .thenRefused('buyer.region-not-served')
      .expectOrder({ status: 'awaiting-payment', payments: [] });
  });

  test('R2: an advance that an amendment makes complete has the cover of the new price', () => {
    const changes = { payment: { advancePercent: 10, methods: ['tt' as const] } };
    const { product } = completeContract();
    const cheaper = { ...changes, product: { lines: product.lines.slice(0, 1) } };
    given(confirmed(), credited(1_000, 'T1'), supplier('proposeAmendment', { changes: cheaper }))
      .when(buyer('acceptProposal', { proposal: 1 }))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', total: usd(6_000), advance: usd(600) },
        'advanceCompleted',
        { type: 'coverReserved', amount: usd(6_000) },
        { type: 'supplierPaid', amount: usd(1_000) },
      ])
      .expectOrder({ status: 'awaiting-shipment', cover: { reserved: usd(6_000) } });
  });

  test('R2, R57: a cancelled order ends only when what the supplier owed is booked as repaid', () => {
    const story = givenIn({ owed: usd(400) }, confirmed(), credited(1_000, 'T1'))
      .when(
        supplier('proposeCancellation', { reason: 'the deposit is forfeited', refund: usd(0) }),
        buyer('acceptProposal', { proposal: 1 }),
      )
      .then([
        'proposalAccepted',
        { type: 'supplierPaid', amount: usd(1_000) },
        { type: 'receivableRepaid', amount: usd(400) },
        { type: 'orderClosed', outcome: 'cancelled' },
      ]);
    const [booking] = story.order.effects;
    expect(booking).toMatchObject({ kind: 'bookCredit', amount: 40_000 });
    story
      .when(effect('creditBooked', { effect: booking?.id ?? '', limitAfter: usd(20_000), policy: 'ta-limit/v1' }))
      .then(['creditBooked', 'orderEnded']);
  });
});
