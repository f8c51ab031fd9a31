/** The buyer's answer, completion, the reviews and the supplier's reward: R3, R20, R34, R35. */
import { deadlines } from '../../domain/deadlines';
import { openComplaint, order as orderForm, type Order } from '../../domain/order';
import {
  accrued,
  advancePaid,
  at,
  buyer,
  clock,
  completeContract,
  completed,
  credited,
  effect,
  ended,
  given,
  givenIn,
  justBefore,
  later,
  mainRoad,
  platform,
  reviewed,
  shipped,
  supplier,
  total,
  usd,
  windowOver,
  type Step,
} from '../support/builders';

const answerBy = (order: Order) => order.answerBy;
const reviewBy = (order: Order) => order.reviewBy;
const yes = buyer('answerShipment', { asAgreed: true });
const no = buyer('answerShipment', { asAgreed: false, comment: 'Half of the panels are 30 × 30' });
const complainBy = (order: Order) => order.complainBy;
const balanceIn: Step = credited(7_000, 'balance');
const closedCompleted = { type: 'orderClosed', outcome: 'completed', accrues: true } as const;
const anAccrual = { limitBefore: usd(0), limitAfter: usd(0), grade: 0, policy: 'ta-limit/v1' };

describe('the buyer’s answer (R34)', () => {
  test('R34: “yes” moves on to the balance', () => {
    const { order } = given(shipped())
      .when(yes)
      .then([{ type: 'shipmentAccepted', by: 'buyer' }])
      .expectOrder({ status: 'awaiting-balance', answer: { asAgreed: true, by: 'buyer' } });
    expect(deadlines(order)).toEqual([]);
  });

  test('R34: “no” opens a complaint', () => {
    given(shipped())
      .when(no)
      .then([
        'shipmentDisputed',
        { type: 'complaintOpened', kind: 'not-as-agreed', description: 'Half of the panels are 30 × 30' },
      ])
      .expectOrder({ status: 'awaiting-answer', answer: { asAgreed: false }, complaints: [{ id: 1 }] })
      .when(yes)
      .thenRefused('order.wrong-state');
  });

  test('R34: the same answer again changes nothing, the other answer comes too late', () => {
    given(shipped(), yes).when(yes).thenNothing().when(no).thenRefused('order.wrong-state');
    given(shipped(), no).when(no).thenNothing();
  });

  test('R34: nothing is asked before the goods are shipped', () => {
    given(advancePaid()).when(yes).thenRefused('order.wrong-state');
  });

  test.each([
    ['express', 15],
    ['air', 15],
    ['land', 30],
    ['sea', 45],
    ['post', 60],
  ] as const)('R34 (reading): by %s no answer counts as yes after %i days', (method, days) => {
    const before = shipped(completeContract({ shipping: { method } }));
    const { order, journal } = given(before);
    const learntAt = journal.at(-1)?.at ?? '';
    expect(Date.parse(order.answerBy ?? '') - Date.parse(learntAt)).toBe(days * 86_400_000);
    expect(deadlines(order)).toEqual([{ at: order.answerBy, message: 'answerTimedOut' }]);
    given(before, justBefore(answerBy)).when(clock('answerTimedOut')).thenNothing();
    given(before, at(answerBy))
      .when(clock('answerTimedOut'))
      .then([{ type: 'shipmentAccepted', by: 'clock' }])
      .expectOrder({ status: 'awaiting-balance', answer: { asAgreed: true, by: 'clock' } });
  });

  test('R34: after a time-out the clock changes nothing, and the buyer can no longer say no', () => {
    given(shipped(), at(answerBy), clock('answerTimedOut'))
      .when(clock('answerTimedOut'))
      .thenNothing()
      .when(no)
      .thenRefused('order.wrong-state');
  });

  test('R34: each side extends the period once, by 15 days', () => {
    const first = given(shipped()).order.answerBy ?? '';
    const plus = (days: number) => new Date(Date.parse(first) + days * 86_400_000).toISOString();
    given(shipped())
      .when(buyer('extendAnswer'))
      .then([{ type: 'answerExtended', by: 'buyer', answerBy: plus(15) }])
      .when(buyer('extendAnswer'))
      .thenRefused('answer.already-extended')
      .when(supplier('extendAnswer'))
      .then([{ type: 'answerExtended', by: 'supplier', answerBy: plus(30) }])
      .when(supplier('extendAnswer'))
      .thenRefused('answer.already-extended')
      .when(at(first), clock('answerTimedOut'))
      .thenNothing()
      .when(at(plus(30)), clock('answerTimedOut'))
      .then(['shipmentAccepted']);
  });

  test('R34: there is nothing to extend before or after', () => {
    given(advancePaid()).when(buyer('extendAnswer')).thenRefused('order.wrong-state');
    given(shipped(), yes).when(supplier('extendAnswer')).thenRefused('order.wrong-state');
  });
});

describe('settling a complaint (R20)', () => {
  test('R20: the buyer takes it back, and the order moves on', () => {
    given(shipped(), no)
      .when(buyer('withdrawComplaint', { comment: 'Replacement agreed' }))
      .then([{ type: 'complaintClosed', how: 'withdrawn', reason: 'Replacement agreed' }, 'shipmentAccepted'])
      .expectOrder({ status: 'awaiting-balance', complaints: [{ description: 'Half of the panels are 30 × 30' }] })
      .when(buyer('withdrawComplaint', {}))
      .thenRefused('complaint.none');
  });

  test('R20, R35: with the whole price in, settling completes the order', () => {
    given(shipped(), no, balanceIn)
      .when(buyer('withdrawComplaint', {}))
      .then(['complaintClosed', 'shipmentAccepted', 'orderCompleted']);
  });

  test('R20: the supplier does not take it back', () => {
    given(shipped(), no)
      .when({ say: 'withdrawComplaint', as: 'supplier', data: {} })
      .thenRefused('actor.role-not-allowed');
  });
});

describe('completion needs accepted goods and the whole price (R35)', () => {
  test('R35: the goods first, then the last cent', () => {
    given(shipped(), yes)
      .when(credited(6_969.99, 'T2'))
      .then(['paymentApplied', 'supplierPaid'])
      .expectOrder({ status: 'awaiting-balance' })
      .when(at('2026-06-01T00:00:00.000Z'), credited(30.01, 'T3'))
      .then(['paymentApplied', 'supplierPaid', { type: 'orderCompleted', reviewBy: '2026-07-01T00:00:00.000Z' }])
      .expectOrder({ status: 'awaiting-reviews', completedAt: '2026-06-01T00:00:00.000Z', paid: total });
  });

  test('R35 (reading): what the banks on the way may have kept does not keep it open; a cent more does', () => {
    given(shipped(), yes)
      .when(credited(6_970, 'T2'))
      .then(['paymentApplied', 'supplierPaid', 'orderCompleted'])
      .expectOrder({ status: 'awaiting-reviews', paid: usd(9_970) });
    given(shipped(), yes, credited(6_969.98, 'T2'))
      .when(credited(0.01, 'T3'))
      .then(['paymentApplied', 'supplierPaid'])
      .when(credited(0.01, 'T4'))
      .then(['paymentApplied', 'supplierPaid', 'orderCompleted']);
  });

  test('R35: the whole price first, then the answer or its time-out', () => {
    given(shipped(), balanceIn).expectOrder({ status: 'awaiting-answer' });
    given(shipped(), balanceIn).when(yes).then(['shipmentAccepted', 'orderCompleted']);
    given(shipped(), balanceIn, at(answerBy))
      .when(clock('answerTimedOut'))
      .then(['shipmentAccepted', 'orderCompleted']);
  });

  test('R35: the whole price does not end a dispute', () => {
    const { order } = given(shipped(), no)
      .when(balanceIn)
      .then(['paymentApplied', 'supplierPaid'])
      .expectOrder({ status: 'awaiting-answer' });
    expect(openComplaint(order)).toBeDefined();
  });
});

describe('reviews (R35)', () => {
  const fromBuyer = buyer('review', { stars: 4, text: 'Bright' });
  const fromSupplier = supplier('review', { stars: 5 });

  test('R35: one side’s review stays hidden until the other’s is in', () => {
    given(completed())
      .when(fromBuyer)
      .then([{ type: 'reviewGiven', by: 'buyer', stars: 4, text: 'Bright' }])
      .expectOrder({ status: 'awaiting-reviews', reviews: { published: false, buyer: { stars: 4 } } })
      .when(fromSupplier)
      .then([{ type: 'reviewGiven', by: 'supplier', stars: 5 }, 'reviewsPublished', closedCompleted])
      .expectOrder({ status: 'completed', reviews: { published: true } });
  });

  test('R35: or until the 30 days are over', () => {
    given(completed(), fromBuyer, justBefore(reviewBy)).when(clock('reviewClosed')).thenNothing();
    given(completed(), fromBuyer, at(reviewBy))
      .when(clock('reviewClosed'))
      .then(['reviewsPublished', closedCompleted])
      .expectOrder({ status: 'completed', reviews: { published: true, buyer: { stars: 4 } } })
      .when(fromSupplier)
      .thenRefused('order.wrong-state');
    given(completed(), at(reviewBy)).when(clock('reviewClosed')).then(['reviewsPublished', closedCompleted]);
  });

  test('R35, R20: they are the order’s only deadline; then the time for complaints is', () => {
    const { order } = given(completed());
    expect(deadlines(order)).toEqual([{ at: order.reviewBy, message: 'reviewClosed' }]);
    const { order: then } = given(reviewed());
    expect(deadlines(then)).toEqual([{ at: then.complainBy, message: 'complaintWindowClosed' }]);
    expect(deadlines(given(ended()).order)).toEqual([]);
    given(reviewed()).when(clock('reviewClosed')).thenNothing();
  });

  test('R35: one review of each side; the same again changes nothing', () => {
    given(completed(), fromBuyer)
      .when(fromBuyer)
      .thenNothing()
      .when(buyer('review', { stars: 1, text: 'Bright' }))
      .thenRefused('review.already-given')
      .when(buyer('review', { stars: 4 }))
      .thenRefused('review.already-given');
  });

  test('R35: nobody reviews before completion', () => {
    given(shipped(), yes).when(fromBuyer).thenRefused('order.wrong-state');
  });
});

describe('the supplier’s reward (R3)', () => {
  test('R3: published reviews start the accrual, under an id of its own', () => {
    given(reviewed()).expectOrder({
      effects: [{ id: 'order-1:11:2', kind: 'accrueCredit', state: 'pending', attempt: 1 }],
    });
  });

  test('R3: with the credit accrued the order waits for the end of the time for complaints, its cover with it', () => {
    const { order } = given(reviewed())
      .when(accrued())
      .then([{ type: 'creditAccrued', limitBefore: usd(20_000), limitAfter: usd(22_000), grade: 3 }])
      .expectOrder({ status: 'completed', effects: [], cover: { reserved: total } });
    expect(order.credit).toEqual({
      limitBefore: usd(20_000),
      limitAfter: usd(22_000),
      grade: 3,
      policy: 'ta-limit/v1',
    });
    expect(order.endedAt).toBeUndefined();
    expect(orderForm.parse(order)).toEqual(order);
  });

  test('R20, R2: when that time is over the cover is given back and the order ends', () => {
    given(mainRoad(), justBefore(complainBy)).when(clock('complaintWindowClosed')).thenNothing();
    const { order } = given(mainRoad())
      .when(at(complainBy), clock('complaintWindowClosed'))
      .then([
        'complaintWindowClosed',
        { type: 'coverReleased', amount: total },
        { type: 'orderEnded', outcome: 'completed' },
      ])
      .expectOrder({ status: 'completed', endedAt: given(mainRoad()).order.complainBy });
    expect(order.cover?.reserved).toBeUndefined();
    expect(orderForm.parse(order)).toEqual(order);
  });

  test('R3, R20: the order does not end before its credit is accrued, however late that is', () => {
    given(reviewed())
      .when(windowOver(), later({ days: 1 }), accrued())
      .then(['creditAccrued', { type: 'coverReleased', amount: total }, { type: 'orderEnded', outcome: 'completed' }]);
    given(reviewed()).when(at(complainBy), clock('complaintWindowClosed')).then(['complaintWindowClosed']);
  });

  test('R2: what was reserved is given back, not what was offered', () => {
    givenIn({ limit: usd(4_000) }, mainRoad())
      .when(at(complainBy), clock('complaintWindowClosed'))
      .then(['complaintWindowClosed', { type: 'coverReleased', amount: usd(4_000) }, 'orderEnded']);
  });

  test('R3: an outcome of an effect that the order does not wait for changes nothing', () => {
    given(reviewed())
      .when(effect('creditAccrued', { effect: 'order-1:99:0', ...anAccrual }))
      .thenNothing();
    given(mainRoad())
      .when(effect('creditAccrued', { effect: 'order-1:11:2', ...anAccrual }))
      .thenNothing();
    given(ended()).when(accrued()).thenRefused('order.closed', 'completed');
  });

  test('R3: an effect that failed for good waits for an operator, who tries it again', () => {
    const ofEffect = { effect: 'order-1:11:2' };
    given(reviewed())
      .when(effect('effectFailed', { ...ofEffect, reason: 'no policy in force' }))
      .then(['effectFailed'])
      .expectOrder({ effects: [{ state: 'failed', reason: 'no policy in force', attempt: 1 }], status: 'completed' })
      .when(effect('effectFailed', { ...ofEffect, reason: 'no policy in force' }))
      .thenNothing()
      .when(platform('retryEffect', { effect: 'order-1:1:0' }))
      .thenRefused('effect.unknown')
      .when(platform('retryEffect', ofEffect))
      .then(['effectRetried'])
      .expectOrder({ effects: [{ id: ofEffect.effect, state: 'pending', attempt: 2 }] })
      .when(platform('retryEffect', ofEffect))
      .thenRefused('effect.unknown')
      .when(accrued())
      .then(['creditAccrued'])
      .expectOrder({ effects: [] });
  });
});
