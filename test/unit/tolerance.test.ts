/**
 * Bank charges: a transfer may arrive short of what was due, because banks on its way have kept their charges. Up to USD 30,
 * and no more than a tenth of what came by a bank, counts as paid; nothing ever does for a card (R24, R31, R35; a reading).
 */
import fc from 'fast-check';
import { askedNow, bankCharges, isAdvancePaid, isPaid, outstanding } from '../../domain/order';
import {
  advancePaid,
  buyer,
  captured,
  charged,
  completeContract,
  confirmed,
  credited,
  escrowConfirmed,
  escrowContract,
  given,
  meanwhile,
  paidByCard,
  platform,
  refundOrdered,
  regionsList,
  shipped,
  supplier,
  takenBack,
  total,
  usd,
} from '../support/builders';

const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });
const priced = (dollars: number) => ({
  product: { lines: [{ name: 'Sample', hsCode: '94051100', quantity: 1, unit: 'piece', unitPrice: usd(dollars) }] },
});

describe('the advance (R31)', () => {
  test('R31: USD 30 short counts as paid; a cent more does not', () => {
    given(confirmed())
      .when(credited(2_970, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', { type: 'supplierPaid', amount: usd(2_970) }])
      .expectOrder({ status: 'awaiting-shipment', paid: usd(2_970) });
    given(confirmed())
      .when(credited(2_969.99, 'T1'))
      .then(['paymentApplied'])
      .expectOrder({ status: 'awaiting-payment' });
  });

  test('R31: it is USD 30 for the order, however many transfers there are', () => {
    given(confirmed(), credited(1_000, 'T1'), credited(1_000, 'T2'))
      .when(credited(969.99, 'T3'))
      .then(['paymentApplied'])
      .when(credited(0.01, 'T4'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R31, R48: not for a card: the last cent is waited for', () => {
    given(confirmed(byCard), paidByCard('card-1', 2_999.99, 84))
      .expectOrder({ status: 'awaiting-payment' })
      .when(charged('card-2', 0.01), captured('card-2'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R31, R48: beside a card only for what came by a bank, a tenth of it at most', () => {
    given(confirmed(byCard), paidByCard('card-1', 2_890, 80.92))
      .when(credited(99.99, 'T1'))
      .then(['paymentApplied'])
      .expectOrder({ status: 'awaiting-payment' })
      .when(credited(0.02, 'T2'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
    given(confirmed(byCard), paidByCard('card-1', 2_970, 83.16))
      .when(credited(0.01, 'T1'))
      .then(['paymentApplied'])
      .expectOrder({ status: 'awaiting-payment' });
  });

  test('R31: money out of suspense came by a bank, too', () => {
    given(confirmed())
      .when(platform('suspenseAllocated', { suspense: 'susp-1', amount: usd(2_970) }))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R30: what stands in suspense, or was taken back, did not come by a bank for this order', () => {
    given(confirmed(byCard), credited(500, 'T1', { currency: 'EUR' }), credited(500, 'T2'), takenBack('T2'))
      .when(charged('card-1', 2_999, 83.97), captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied'])
      .expectOrder({ status: 'awaiting-payment' });
  });

  test('R31: with the transfer taken back its tolerance goes, and the advance with it', () => {
    given(confirmed(byCard), paidByCard('card-1', 2_600, 72.8), credited(390, 'T1'), credited(10, 'T2'))
      .when(takenBack('T2'))
      .then([{ type: 'supplierClawedBack', amount: usd(10) }, 'paymentReversed'])
      .expectOrder({ status: 'awaiting-shipment', advanceIn: true })
      .when(takenBack('T1'))
      .then([
        { type: 'supplierClawedBack', amount: usd(390) },
        'paymentReversed',
        'advanceUndone',
        'coverReleased',
        { type: 'supplierClawedBack', amount: usd(2_600) },
      ])
      .expectOrder({ status: 'awaiting-payment' });
  });
});

describe('the whole price (R24, R35)', () => {
  test('R35: the balance USD 30 short completes the order; what comes later is still the supplier’s', () => {
    given(shipped(), buyer('answerShipment', { asAgreed: true }))
      .when(credited(6_969.99, 'T2'))
      .then(['paymentApplied', 'supplierPaid'])
      .expectOrder({ status: 'awaiting-balance' })
      .when(credited(0.01, 'T3'))
      .then(['paymentApplied', 'supplierPaid', 'orderCompleted'])
      .expectOrder({ paid: usd(9_970) })
      .when(credited(40, 'T4'))
      .then([
        { type: 'paymentApplied', amount: usd(30) },
        { type: 'paymentSuspended', amount: usd(10), reason: 'overpaid' },
        { type: 'supplierPaid', amount: usd(30) },
      ])
      .expectOrder({ paid: total });
  });

  test('R25: a balance that is due before shipment, USD 30 short, lets the goods be declared', () => {
    const before = completeContract({ payment: { balance: 'before-shipment' } });
    const register = supplier('registerExport', {
      exportOrder: 'export-1',
      declaration: 'D1',
      goods: [{ hsCode: '94051100', name: 'LED lamps', quantity: 900, unit: 'piece', value: total }],
    });
    given(advancePaid(before), credited(6_969.99, 'T2'))
      .when(register)
      .thenRefused('payment.balance-due')
      .when(credited(0.01, 'T3'), register)
      .then(['exportRegistered']);
  });

  test('R14, R24: Secure Payment holds what came, and its fee is of that', () => {
    const story = given(escrowConfirmed())
      .when(credited(9_970, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: usd(9_970) }])
      .expectOrder({ status: 'awaiting-shipment' });
    expect(story.order.purse).toEqual({ order: 0, hold: 997_000, supplier: 0 });
    given(escrowConfirmed(escrowContract()), paidByCard('card-1', 9_970)).expectOrder({ status: 'awaiting-payment' });
  });

  test('R24: no cent pays for a sample: the tolerance is a tenth of what came', () => {
    given(escrowConfirmed(escrowContract(priced(25))), credited(0.01, 'T1'))
      .expectOrder({ status: 'awaiting-payment' })
      .when(credited(22.71, 'T2'))
      .then(['paymentApplied'])
      .when(credited(0.01, 'T3'))
      .then(['paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: usd(22.73) }]);
  });

  test('R20: what was refunded was paid: it makes nothing short', () => {
    given(advancePaid(), refundOrdered(500)).expectOrder({ status: 'awaiting-shipment', advanceIn: true });
  });

  test('R45: an advance that is not taken opens no tolerance', () => {
    given(
      confirmed(byCard),
      meanwhile({ regions: regionsList('DE') }),
      credited(500, 'T1'),
      meanwhile({ regions: regionsList() }),
    )
      .when(charged('card-1', 2_999, 83.97), captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied']);
  });
});

describe('what was not asked for yet is no bank’s charge (R24, R25, R31, R35)', () => {
  const balance = 'payment.balance-due';
  const inAdvance = (percent: number, dollars = 1_000) =>
    completeContract({ ...priced(dollars), payment: { advancePercent: percent, methods: ['tt'] } });

  test('R35: an advance of 97 % that is paid to the cent leaves 30.00, which is asked for', () => {
    const story = given(confirmed(inAdvance(97)), credited(970, 'T1'));
    expect([isPaid(story.order), askedNow(story.order)]).toEqual([false, usd(30)]);
    story.when(supplier('remindPayment')).thenRefused('order.wrong-state');
  });

  test('R35: of USD 33.00 with 30 % in advance a transfer of 30.00 leaves 3.00, which is asked for', () => {
    const { order } = given(confirmed(inAdvance(30, 33)), credited(30, 'T1'));
    expect([order.advanceIn, isPaid(order), askedNow(order)]).toEqual([true, false, usd(3)]);
  });

  test('R25: with 30.00 of a balance before shipment open, and not asked for by a transfer, no export is taken', () => {
    const contract = completeContract({
      ...priced(1_000),
      payment: { advancePercent: 97, balance: 'before-shipment', methods: ['tt'] },
    });
    given(confirmed(contract), credited(970, 'T1'))
      .when(
        supplier('registerExport', {
          exportOrder: 'export-1',
          declaration: 'D1',
          goods: [{ hsCode: '94051100', name: 'Sample', quantity: 1, unit: 'piece', value: usd(1_000) }],
        }),
      )
      .thenRefused(balance);
  });

  test.each([0.01, 20, 30])('R52: a raise of USD %s after the price was paid is due', (raise) => {
    const amend = [
      supplier('proposeAmendment', { changes: priced(1_000 + raise) }),
      buyer('acceptProposal', { proposal: 1 }),
    ];
    const story = given(confirmed(inAdvance(100)), credited(1_000, 'T1'), amend);
    expect([isPaid(story.order), outstanding(story.order)]).toEqual([false, usd(raise)]);
    // Nor is a part of the raise short by a bank's charge.
    if (raise === 20) expect(isPaid(story.play(credited(1, 'T2')).order)).toBe(false);
  });

  test('R31: a reminder asks for what of the advance is not in: 200.00 of 300.00, not 900.00', () => {
    const { order } = given(confirmed(inAdvance(30)), credited(100, 'T1'));
    expect(askedNow(order)).toEqual(usd(200));
  });
});

test('R31: never more than USD 30, never more than a tenth of the bank’s money, never for cards alone (fast-check)', () => {
  const parts = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 400_000 })), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, (each) => {
      const story = given(confirmed(completeContract({ payment: { methods: ['tt', 'e-checking'] } })));
      let byBank = 0;
      each.forEach(([isBank, cents], i) => {
        const part = Math.min(cents, outstanding(story.order).amount);
        if (part === 0) return;
        if (isBank) byBank += part;
        story.play(
          isBank ? credited(part / 100, `T${String(i)}`) : paidByCard(`c-${String(i)}`, part / 100, 0, 'e-checking'),
        );
      });
      const { order } = story;
      expect(bankCharges(order)).toBeLessThanOrEqual(Math.min(3_000, Math.ceil(byBank / 10)));
      expect(isAdvancePaid(order)).toBe((order.paid?.amount ?? 0) + bankCharges(order) >= 300_000);
      expect(isPaid(order)).toBe(outstanding(order).amount <= bankCharges(order));
    }),
    { numRuns: 80 },
  );
});
