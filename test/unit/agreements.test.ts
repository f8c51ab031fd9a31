/** What the two agree on once there is money: cancellation, settlement, proposals back and forth (R20, R57). */
import fc from 'fast-check';
import {
  advancePaid,
  buyer,
  completed,
  confirmed,
  credited,
  drafted,
  escrowAccount,
  escrowConfirmed,
  given,
  givenIn,
  held,
  later,
  platform,
  receiptAwaited,
  reviewed,
  shipped,
  supplier,
  total,
  usd,
  type Step,
  cancelledWithRefund,
} from '../support/builders';
import { accepts, approved, complained, escalated, ruling, settled } from '../support/disputes';

const yes = buyer('answerShipment', { asAgreed: true });

describe('cancelling a paid order by agreement (R57)', () => {
  const cancel = (dollars: number) =>
    buyer('proposeCancellation', { reason: 'Our customer withdrew', refund: usd(dollars) });

  test('R57: the two agree on the refund; it comes from the supplier’s balance', () => {
    given(advancePaid(), cancel(3_000))
      .when(accepts(supplier))
      .then([
        'proposalAccepted',
        { type: 'refundDue', amount: usd(3_000), why: 'cancellation', sources: { supplier: 300_000, guarantee: 0 } },
        { type: 'orderClosed', outcome: 'cancelled', reason: 'Our customer withdrew' },
      ])
      .expectOrder({ status: 'cancelled', closedBecause: 'Our customer withdrew', endedAt: undefined });
  });

  test('R57: with a part of it, or none, the rest is the supplier’s', () => {
    given(advancePaid(), cancel(1_000))
      .when(accepts(supplier))
      .then(['proposalAccepted', { type: 'refundDue', amount: usd(1_000) }, 'orderClosed'])
      .expectOrder({ purse: { order: 0, supplier: 200_000 } });
    given(advancePaid(), cancel(0))
      .when(accepts(supplier))
      .then(['proposalAccepted', 'orderClosed', { type: 'coverReleased', amount: total }, 'orderEnded']);
    given(confirmed(), credited(1_000, 'part'), cancel(400))
      .when(accepts(supplier))
      .then([
        'proposalAccepted',
        { type: 'refundDue', sources: { order: 40_000 } },
        { type: 'supplierPaid', amount: usd(600) },
        'orderClosed',
      ]);
  });

  test('R57: what the supplier no longer has is not refunded, and the order goes on', () => {
    givenIn({ balance: usd(2_999.99) }, advancePaid(), cancel(3_000))
      .when(accepts(supplier))
      .thenRefused('supplier.balance-short')
      .expectOrder({ status: 'awaiting-shipment', proposal: { id: 1 } });
  });

  test('R57: never more than was paid and has not gone back', () => {
    given(advancePaid()).when(cancel(3_000.01)).thenRefused('refund.more-than-paid', 'USD 3,000.00');
    given(advancePaid(), cancel(3_000), platform('orderRefund', { amount: usd(1), reason: 'A gesture' }), approved())
      .when(accepts(supplier))
      .thenRefused('refund.more-than-paid', 'USD 2,999.00');
  });

  test.each<[string, Step]>([
    ['that awaits the payment', confirmed()],
    ['that is shipped', shipped()],
    ['that is accepted', [shipped(), yes]],
    ['that is complete', completed()],
  ])('R57: an order %s may be cancelled by agreement', (_, before) => {
    given(before, cancelledWithRefund(0)).expectOrder({ status: 'cancelled', complainBy: undefined });
  });

  test('R57: an order that is being negotiated, or is closed, is not', () => {
    given(drafted()).when(cancel(0)).thenRefused('order.wrong-state', 'negotiating');
    given(reviewed()).when(cancel(0)).thenRefused('order.wrong-state', 'completed');
  });

  test('R57, R20: a complaint that is open is settled with it, and no ruling is left to approve', () => {
    given(advancePaid(), complained('quality-before-shipment'), escalated(), ruling('upheld', 3_000), cancel(2_000))
      .when(accepts(supplier))
      .then([
        'proposalAccepted',
        { type: 'complaintClosed', how: 'settled', award: usd(2_000), reason: 'the order was cancelled' },
        { type: 'approvalRefused', approval: 1 },
        'refundDue',
        'orderClosed',
      ]);
  });

  test('R57, R14: Secure Payment: the rest of what is held is released, less the fee', () => {
    given(held(), cancel(4_000))
      .when(accepts(supplier))
      .then([
        'proposalAccepted',
        { type: 'refundDue', sources: { hold: 400_000, supplier: 0 } },
        { type: 'moneyReleased', amount: usd(5_700), fee: usd(300) },
        'orderClosed',
      ])
      .expectOrder({ purse: { order: 0, hold: 0, supplier: 600_000 } });
    given(held(), cancel(10_000))
      .when(accepts(supplier))
      .then(['proposalAccepted', { type: 'refundDue', sources: { hold: 1_000_000 } }, 'orderClosed']);
  });

  test('R57, R14: Secure Payment: so is the rest of a part that was paid', () => {
    given(escrowConfirmed(), credited(4_000, 'part', { account: escrowAccount }), cancel(1_000))
      .when(accepts(supplier))
      .then([
        'proposalAccepted',
        { type: 'refundDue', sources: { order: 100_000, hold: 0 } },
        { type: 'moneyHeld', amount: usd(3_000) },
        { type: 'moneyReleased', amount: usd(2_850), fee: usd(150) },
        'orderClosed',
      ]);
  });

  test('R57 (property): whatever refund the two agree on, not a cent is lost or made', () => {
    const cents = fc.integer({ min: 0, max: 1_000_000 });
    const cases = fc.tuple(fc.constantFrom<Step>(held(), receiptAwaited()), cents);
    fc.assert(
      fc.property(cases, ([before, refund]) => {
        const story = given(before, cancelledWithRefund(refund / 100));
        const sum = (kind: string) =>
          story.transfers.reduce((all, t) => (t.kind === kind ? all + t.amount.amount : all), 0);
        expect(story.order.purse).toMatchObject({ order: 0, hold: 0 });
        expect(sum('refund-due')).toBe(refund);
        expect(sum('hold-released') + sum('scheme-fee')).toBe(1_000_000 - refund);
        expect(Math.abs(sum('scheme-fee') * 20 - (1_000_000 - refund))).toBeLessThanOrEqual(10);
      }),
    );
  });
});

describe('settling a complaint between the two (R20)', () => {
  const open: Step = [shipped(), buyer('answerShipment', { asAgreed: false, comment: 'Too dim' })];
  const offer = (dollars: number) =>
    supplier('proposeSettlement', { refund: usd(dollars), comment: 'For the dim ones' });

  test('R20: with a part of the money back the goods are taken and the order goes on', () => {
    given(open, offer(400))
      .when(accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'complaintClosed', complaint: 1, how: 'settled', award: usd(400), reason: 'For the dim ones' },
        { type: 'refundDue', amount: usd(400), why: 'settlement' },
        { type: 'shipmentAccepted', by: 'complaint' },
      ])
      .expectOrder({ status: 'awaiting-balance', refunded: 40_000 });
  });

  test('R20: or without any', () => {
    given(open, offer(0))
      .when(accepts(buyer))
      .then(['proposalAccepted', { type: 'complaintClosed', how: 'settled', award: usd(0) }, 'shipmentAccepted'])
      .expectOrder({ refunds: [], status: 'awaiting-balance' });
  });

  test('R20: with all of it the order is over', () => {
    given(open, offer(3_000))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'complaintClosed', 'refundDue', { type: 'orderClosed', outcome: 'refunded' }]);
  });

  test('R20: after escalation, too, until the platform rules; the ruling that waits is void', () => {
    given(open, escalated(), ruling('upheld', 3_000), offer(400))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'complaintClosed', 'approvalRefused', 'refundDue', 'shipmentAccepted']);
  });

  test('R20: there must be a complaint, and never more than was paid goes back', () => {
    given(shipped()).when(offer(1)).thenRefused('complaint.none');
    given(open).when(offer(3_000.01)).thenRefused('refund.more-than-paid');
    const inEuro = { refund: { amount: 1, currency: 'EUR' } } as const;
    given(open).when(supplier('proposeSettlement', inEuro)).thenRefused('refund.more-than-paid');
  });

  test('R20: out of the balance, whatever it is; the guarantee is for rulings', () => {
    givenIn({ balance: usd(399.99) }, open, offer(400))
      .when(accepts(buyer))
      .thenRefused('supplier.balance-short')
      .expectOrder({ proposal: { id: 1 }, refunded: 0 });
  });

  test('R22: Secure Payment: out of what is held', () => {
    given(receiptAwaited(), complained('not-received'), settled(2_500))
      .expectOrder({ purse: { hold: 750_000 }, status: 'awaiting-receipt' })
      .when(buyer('confirmReceipt'))
      .then(['shipmentAccepted', { type: 'moneyReleased', amount: usd(7_125), fee: usd(375) }, 'orderCompleted']);
  });

  test('R20: in its time for complaints a completed order is settled, too, and stays completed', () => {
    given(reviewed(), complained('not-as-agreed'), offer(10_000))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'complaintClosed', 'refundDue', { type: 'creditAdjusted', refunded: 1_000_000 }])
      .expectOrder({ status: 'completed', refunded: 1_000_000 });
  });
});

describe('proposals back and forth (R57)', () => {
  const open: Step = [shipped(), complained('not-as-agreed')];
  const offer = (side: typeof buyer, dollars: number) => side('proposeSettlement', { refund: usd(dollars) });
  const accept = (side: typeof buyer, proposal: number) => side('acceptProposal', { proposal });

  test('R57: a counter-proposal takes the place of the one before, under the next number', () => {
    given(open, offer(supplier, 100))
      .when(offer(buyer, 500))
      .then([{ type: 'proposalMade', proposal: 2, by: 'buyer', proposed: { kind: 'settlement', refund: usd(500) } }])
      .when(accept(buyer, 1))
      .thenRefused('proposal.not-open', '1')
      .when(offer(supplier, 300))
      .then([{ type: 'proposalMade', proposal: 3, by: 'supplier' }])
      .when(accept(buyer, 3))
      .then(['proposalAccepted', { type: 'complaintClosed', award: usd(300) }, 'refundDue'])
      .when(accept(buyer, 3))
      .thenRefused('proposal.not-open');
  });

  test('R57: a proposal of another kind takes its place, too', () => {
    given(open, offer(supplier, 100), supplier('proposeCancellation', { reason: 'Enough', refund: usd(3_000) }))
      .when(accept(buyer, 1))
      .thenRefused('proposal.not-open')
      .when(accept(buyer, 2))
      .then(['proposalAccepted', 'complaintClosed', 'refundDue', 'orderClosed']);
  });

  test('R57: nobody accepts its own; the same proposal again changes nothing', () => {
    given(open, offer(supplier, 100))
      .when(accept(supplier, 1))
      .thenRefused('proposal.own')
      .when(offer(supplier, 100))
      .thenNothing()
      .when(offer(supplier, 120))
      .then([{ type: 'proposalMade', proposal: 2 }])
      .when(accept(buyer, 1))
      .thenRefused('proposal.not-open');
  });

  test('R57: the other side declines it, with or without a reason, and the order stays as it was', () => {
    given(open, offer(supplier, 100))
      .when(buyer('declineProposal', { proposal: 1, reason: 'Too little' }))
      .then([{ type: 'proposalDeclined', proposal: 1, by: 'buyer', reason: 'Too little' }])
      .expectOrder({ proposal: undefined, refunded: 0, status: 'awaiting-answer' })
      .when(accept(buyer, 1))
      .thenRefused('proposal.not-open')
      .when(buyer('declineProposal', { proposal: 1 }))
      .thenRefused('proposal.not-open');
  });

  test('R57: whoever made it may take it back', () => {
    given(open, offer(supplier, 100))
      .when(supplier('declineProposal', { proposal: 1 }))
      .then([{ type: 'proposalDeclined', by: 'supplier' }])
      .when(accept(buyer, 1))
      .thenRefused('proposal.not-open');
  });

  test('R57: the two alone propose and accept', () => {
    given(open)
      .when({ ...offer(buyer, 1), as: 'platform' })
      .thenRefused('actor.role-not-allowed');
    given(open, offer(supplier, 1))
      .when(buyer('acceptProposal', { proposal: 1 }, { member: 'buy-other' }))
      .thenRefused('actor.not-a-party');
  });

  test('R57: with the order closed nothing is left to accept', () => {
    const before: Step = [advancePaid(), buyer('proposeCancellation', { reason: 'Late', refund: usd(3_000) })];
    const paidBack = [platform('orderRefund', { amount: usd(3_000), reason: 'Sent twice' }), approved()];
    given(before, paidBack).when(accept(supplier, 1)).thenRefused('proposal.not-open');
  });

  test('R57: what was proposed long ago may still be accepted, while it can be done', () => {
    given(open, offer(supplier, 100), later({ days: 60 }))
      .when(accept(buyer, 1))
      .then(['proposalAccepted', 'complaintClosed', 'refundDue']);
  });
});
