/** What the platform decides, with four eyes: rulings and refunds (R20, R57). */
import { openComplaint } from '../../domain/order';
import {
  at,
  bank,
  buyer,
  confirmed,
  credited,
  drafted,
  given,
  givenIn,
  held,
  later,
  mainRoad,
  pairAccount,
  platform,
  reviewed,
  shipped,
  supplier,
  usd,
  windowOver,
  type Step,
} from '../support/builders';
import {
  approved,
  complained,
  escalated,
  escalateFrom,
  other,
  ruled,
  ruling,
  settled,
  withdrawn,
} from '../support/disputes';

/** Goods that are not as agreed, USD 3,000 paid; escalated. */
const disputed: Step = [shipped(), complained('not-as-agreed'), escalated()];

describe('four eyes (R20)', () => {
  test('R20: what one operator puts forward is done when another approves it', () => {
    given(disputed)
      .when(ruling('partly-upheld', 1_000))
      .then([
        {
          type: 'approvalAsked',
          approval: 1,
          by: 'operator-1',
          decision: { kind: 'ruling', complaint: 1, outcome: 'partly-upheld', award: usd(1_000) },
        },
      ])
      .expectOrder({ approval: { id: 1, by: 'operator-1' }, refunds: [] })
      .when(approved())
      .then([
        { type: 'approvalGiven', approval: 1, by: 'operator-2' },
        { type: 'complaintClosed', complaint: 1, how: 'partly-upheld', award: usd(1_000) },
        { type: 'refundDue', amount: usd(1_000), why: 'ruling' },
      ])
      .expectOrder({ approval: undefined, complaints: [{ closed: { reason: 'The photographs show it' } }] });
  });

  test('R20: nobody approves what it has put forward itself', () => {
    given(disputed, ruling('rejected'))
      .when(platform('approve', { approval: 1 }))
      .thenRefused('approval.same-operator', 'operator-1')
      .expectOrder({ approval: { id: 1 } });
  });

  test('R20: what is turned down is not done, and may be put forward anew under another number', () => {
    given(disputed, ruling('upheld', 3_000))
      .when(platform('disapprove', { approval: 1, reason: 'Look at the inspection first' }, other))
      .then([{ type: 'approvalRefused', approval: 1, by: 'operator-2', reason: 'Look at the inspection first' }])
      .expectOrder({ approval: undefined, refunds: [] })
      .when(platform('approve', { approval: 1 }, other))
      .thenRefused('approval.none', '1')
      .when(ruling('partly-upheld', 500))
      .then([{ type: 'approvalAsked', approval: 2 }]);
    given(disputed)
      .when(platform('disapprove', { approval: 1, reason: 'What?' }, other))
      .thenRefused('approval.none');
  });

  test('R20: the operator who put it forward may take it back', () => {
    given(disputed, ruling('rejected'))
      .when(platform('disapprove', { approval: 1, reason: 'A slip' }))
      .then(['approvalRefused']);
  });

  test('R20: one thing waits for approval at a time; the same again changes nothing', () => {
    given(disputed, ruling('upheld', 3_000))
      .when(ruling('upheld', 3_000))
      .thenNothing()
      .when(ruling('upheld', 2_000))
      .thenRefused('approval.pending', 'approval 1')
      .when(platform('rule', { outcome: 'upheld', award: usd(3_000), reason: 'The photographs show it' }, other))
      .thenRefused('approval.pending')
      .when(platform('orderRefund', { amount: usd(1), reason: 'A gesture' }, other))
      .thenRefused('approval.pending');
  });

  test('R20: the platform alone rules and approves', () => {
    for (const as of ['buyer', 'supplier'] as const) {
      given(disputed)
        .when({ ...ruling('rejected'), as })
        .thenRefused('actor.role-not-allowed');
      given(disputed, ruling('rejected'))
        .when({ say: 'approve', as, data: { approval: 1 } })
        .thenRefused('actor.role-not-allowed');
    }
  });
});

describe('outcomes and awards (R20)', () => {
  test('R20: the platform rules on what is open and has been escalated', () => {
    given(shipped()).when(ruling('rejected')).thenRefused('complaint.none');
    given(shipped(), complained('not-as-agreed')).when(ruling('rejected')).thenRefused('complaint.not-escalated');
  });

  test('R20: rejected brings nothing; upheld, in full or in part, brings something', () => {
    given(disputed).when(ruling('rejected', 1)).thenRefused('ruling.award', 'a rejected complaint has none');
    given(disputed).when(ruling('upheld')).thenRefused('ruling.award', 'an upheld complaint has one');
    given(disputed).when(ruling('partly-upheld')).thenRefused('ruling.award');
  });

  test('R58: a refusal is upheld without an award, also when the two have gone on together', () => {
    const refusal: Step = [
      drafted(),
      buyer('confirm', { revision: 1 }),
      supplier('decline', { revision: 1, reason: 'The price of copper' }),
      complained('order-refused'),
    ];
    given(refusal, ruled('upheld')).expectOrder({ complaints: [{ closed: { how: 'upheld', award: usd(0) } }] });
    const both = [buyer('confirm', { revision: 1 }), supplier('confirm', { revision: 1 }), credited(3_000, 'advance')];
    given(refusal, both, escalated(), ruling('upheld'))
      .when(approved())
      .then(['approvalGiven', 'complaintClosed'])
      .expectOrder({ status: 'awaiting-shipment', refunds: [] });
  });

  test('R20: never more than was paid and has not gone back, in the order’s currency', () => {
    given(disputed).when(ruling('upheld', 3_000.01)).thenRefused('refund.more-than-paid', 'USD 3,000.00');
    given(disputed)
      .when(platform('rule', { outcome: 'upheld', award: { amount: 1, currency: 'EUR' }, reason: 'In euro' }))
      .thenRefused('refund.more-than-paid');
    const again = [complained('quality-after-shipment'), escalated()];
    given(disputed, ruling('partly-upheld', 1_000), approved(), again)
      .when(ruling('upheld', 2_000.01))
      .thenRefused('refund.more-than-paid', 'USD 2,000.00');
  });

  test('R20, R30: what was paid when it is approved counts', () => {
    const reversed = bank('paymentReversed', { account: pairAccount, entryReference: 'advance', reason: 'Fraud' });
    const { order } = given(disputed, ruling('upheld', 3_000), reversed)
      .when(approved())
      .thenRefused('refund.more-than-paid', 'USD 0.00')
      .expectOrder({ approval: { id: 1 } });
    expect(openComplaint(order)).toBeDefined();
  });

  test('R20: rejected, the order goes on as if nobody had complained', () => {
    given(shipped(), buyer('answerShipment', { asAgreed: false }), escalated(), ruling('rejected'))
      .when(approved())
      .then([
        'approvalGiven',
        { type: 'complaintClosed', how: 'rejected' },
        { type: 'shipmentAccepted', by: 'complaint' },
      ])
      .expectOrder({ status: 'awaiting-balance', effects: [], refunds: [] });
  });

  test('R20: a ruling ends the complaint; there is no second one on it', () => {
    given(disputed, ruling('rejected'), approved()).when(ruling('upheld', 1)).thenRefused('complaint.none');
  });

  test('R20: a complaint that was settled or taken back meanwhile leaves nothing to approve', () => {
    const pending: Step = [disputed, ruling('upheld', 3_000)];
    for (const end of [settled(100), withdrawn])
      given(pending, end).when(approved()).thenRefused('approval.none').expectOrder({ approval: undefined });
    given(pending, settled(100)).expectOrder({ refunded: 10_000, complaints: [{ closed: { how: 'settled' } }] });
  });
});

describe('a refund that the platform orders (R57)', () => {
  const ordered = (dollars: number) => platform('orderRefund', { amount: usd(dollars), reason: 'Sent twice' });

  test('R57: four eyes, out of the supplier’s money; the order goes on', () => {
    given(shipped())
      .when(ordered(200))
      .then([{ type: 'approvalAsked', decision: { kind: 'refund', amount: usd(200), reason: 'Sent twice' } }])
      .when(platform('approve', { approval: 1 }))
      .thenRefused('approval.same-operator')
      .when(approved())
      .then(['approvalGiven', { type: 'refundDue', amount: usd(200), why: 'platform' }])
      .expectOrder({ status: 'awaiting-answer', refunded: 20_000 });
  });

  test('R57: with all of it the order is over', () => {
    given(shipped(), ordered(3_000))
      .when(approved())
      .then(['approvalGiven', 'refundDue', { type: 'orderClosed', outcome: 'refunded' }]);
  });

  test('R57: parts of an advance lie with the order, held money with the platform', () => {
    given(confirmed(), credited(1_000, 'part'), ordered(400))
      .when(approved())
      .then(['approvalGiven', { type: 'refundDue', sources: { order: 40_000, supplier: 0 } }])
      .expectOrder({ status: 'awaiting-payment', purse: { order: 60_000 } });
    given(held(), ordered(400))
      .when(approved())
      .then(['approvalGiven', { type: 'refundDue', sources: { hold: 40_000, supplier: 0 } }]);
  });

  test('R57: what the supplier no longer has is not refunded; the guarantee is for rulings', () => {
    givenIn({ balance: usd(199.99) }, shipped(), ordered(200))
      .when(approved())
      .thenRefused('supplier.balance-short', '^1 minor')
      .expectOrder({ approval: { id: 1 }, refunded: 0 });
  });

  test('R57: never more than was paid; nothing before the order can be paid, nor after its end', () => {
    given(shipped()).when(ordered(3_000.01)).thenRefused('refund.more-than-paid');
    given(drafted()).when(ordered(1)).thenRefused('order.wrong-state', 'negotiating');
    given(mainRoad(), windowOver()).when(ordered(1)).thenRefused('order.closed');
    given(reviewed()).when(ordered(1)).then(['approvalAsked']);
  });

  test('R57, R58: a complaint stays open beside it, and is ruled on', () => {
    given(shipped(), complained('not-as-agreed'), ordered(3_000), approved())
      .expectOrder({ status: 'refunded', endedAt: undefined })
      .when(at(escalateFrom), buyer('escalate'))
      .then(['complaintEscalated'])
      .when(ruling('upheld'))
      .then(['approvalAsked'])
      .when(approved())
      .then(['approvalGiven', { type: 'complaintClosed', how: 'upheld', award: usd(0) }]);
  });

  test('R57: while it waits for approval a closed order does not end', () => {
    given(mainRoad(), ordered(100), later({ days: 31 }))
      .when(platform('disapprove', { approval: 1, reason: 'Was paid by hand' }, other))
      .then(['approvalRefused', 'coverReleased', 'orderEnded']);
  });
});
