/** The course of a complaint: answer, evidence, escalation, what it stops and what not, its withdrawal (R20–R22, R34). */
import { deadlines } from '../../domain/deadlines';
import { openComplaint, type Order } from '../../domain/order';
import {
  accrued,
  advancePaid,
  at,
  buyer,
  clock,
  completed,
  credited,
  given,
  justBefore,
  later,
  platform,
  receiptAwaited,
  registered,
  released,
  shipped,
  supplier,
  usd,
  type Step,
  delivered,
} from '../support/builders';
import {
  answerBy,
  complained,
  escalateBy,
  escalated,
  escalateFrom,
  evidence,
  ruled,
  ruling,
  withdrawn,
} from '../support/disputes';

const dayMs = 86_400_000;
const yes = buyer('answerShipment', { asAgreed: true });
const no = buyer('answerShipment', { asAgreed: false, comment: 'Half of the panels are 30 × 30' });

describe('answer and evidence (R20)', () => {
  const before: Step = [shipped(), complained('not-as-agreed', 500)];
  const answer = supplier('answerComplaint', { answer: 'They are as in the sample' });

  test('R20: the supplier answers once; the same again changes nothing', () => {
    given(before)
      .when(answer)
      .then([{ type: 'complaintAnswered', answer: 'They are as in the sample' }])
      .expectOrder({ complaints: [{ answer: { text: 'They are as in the sample' } }] })
      .when(answer)
      .thenNothing()
      .when(supplier('answerComplaint', { answer: 'Or not' }))
      .thenRefused('complaint.answered');
    given(shipped()).when(answer).thenRefused('complaint.none');
    given(before)
      .when({ ...answer, as: 'buyer' })
      .thenRefused('actor.role-not-allowed');
  });

  test('R20: a late answer is taken, too, until the platform rules', () => {
    given(before, escalated()).when(answer).then(['complaintAnswered']);
    given(before, ruled('rejected')).when(answer).thenRefused('complaint.none');
  });

  test('R20: both sides and the platform add evidence, which says whose it is', () => {
    given(before)
      .when(buyer('addEvidence', evidence('photo-1', { sha256: 'ab'.repeat(32) })))
      .then([{ type: 'evidenceAdded', by: 'buyer', title: 'photo-1', sha256: 'ab'.repeat(32) }])
      .when(supplier('addEvidence', evidence('sample')))
      .then([{ type: 'evidenceAdded', by: 'supplier' }])
      .when(platform('addEvidence', evidence('inspection')))
      .then([{ type: 'evidenceAdded', by: 'platform' }])
      .expectOrder({ complaints: [{ evidence: [{ by: 'buyer' }, { by: 'supplier' }, { by: 'platform' }] }] });
  });

  test('R20: the same piece of the same side changes nothing; another side’s, or another file, does', () => {
    given(before, buyer('addEvidence', evidence('photo')))
      .when(buyer('addEvidence', evidence('photo')))
      .thenNothing()
      .when(supplier('addEvidence', evidence('photo')))
      .then(['evidenceAdded'])
      .when(buyer('addEvidence', evidence('photo', { sha256: 'cd'.repeat(32) })))
      .then(['evidenceAdded']);
  });

  test('R20: ten pieces of each side; none takes the other’s room', () => {
    const ten = Array.from({ length: 10 }, (_, i) => buyer('addEvidence', evidence(`photo-${String(i)}`)));
    given(before, ...ten)
      .when(buyer('addEvidence', evidence('photo-11')))
      .thenRefused('order.limit-reached', '10 pieces of evidence of the buyer')
      .when(supplier('addEvidence', evidence('sample')))
      .then(['evidenceAdded']);
  });

  test('R20: evidence belongs to an open complaint, behind a link that is safe', () => {
    given(shipped())
      .when(buyer('addEvidence', evidence('photo')))
      .thenRefused('complaint.none');
    given(before, withdrawn)
      .when(buyer('addEvidence', evidence('photo')))
      .thenRefused('complaint.none');
    given(before)
      .when(buyer('addEvidence', evidence('photo', { link: 'http://files.example/photo' })))
      .thenRefused('message.invalid', 'data.link');
    given(before)
      .when(buyer('addEvidence', evidence('photo', { sha256: 'short' })))
      .thenRefused('message.invalid', 'data.sha256');
  });
});

describe('day 3, day 4, day 7 (R20)', () => {
  const before: Step = [shipped(), complained('not-as-agreed')];
  const answered: Step = [before, supplier('answerComplaint', { answer: 'They are as in the sample' })];
  const ofComplaint = (order: Order) => deadlines(order).filter(({ message }) => message.startsWith('complaint'));

  test('R20: the periods run from the complaint, to the millisecond, and the clock knows them', () => {
    const { order } = given(before);
    const { openedAt = '' } = openComplaint(order) ?? {};
    const after = (days: number) => new Date(Date.parse(openedAt) + days * dayMs).toISOString();
    expect(openComplaint(order)).toMatchObject({ answerBy: after(3), escalateFrom: after(3), escalateBy: after(6) });
    expect(ofComplaint(order)).toEqual([
      { at: after(3), message: 'complaintUnanswered' },
      { at: after(6), message: 'complaintOverdue' },
    ]);
    expect(ofComplaint(given(answered).order)).toEqual([{ at: after(6), message: 'complaintOverdue' }]);
    expect(ofComplaint(given(before, escalated()).order)).toEqual([]);
    expect(ofComplaint(given(before, withdrawn).order)).toEqual([]);
  });

  test('R20: after three days without an answer the supplier’s time has passed; it may still answer', () => {
    given(before, justBefore(answerBy)).when(clock('complaintUnanswered')).thenNothing();
    given(before, at(answerBy))
      .when(clock('complaintUnanswered'))
      .then(['complaintUnanswered'])
      .expectOrder({ complaints: [{ unanswered: true }] })
      .when(clock('complaintUnanswered'))
      .thenNothing()
      .when(supplier('answerComplaint', { answer: 'Sorry, the spring festival' }))
      .then(['complaintAnswered']);
    given(answered, at(answerBy)).when(clock('complaintUnanswered')).thenNothing();
    expect(ofComplaint(given(before, at(answerBy), clock('complaintUnanswered')).order)).toMatchObject([
      { message: 'complaintOverdue' },
    ]);
  });

  test.each([
    ['the buyer', buyer('escalate'), 'buyer'],
    ['the supplier', supplier('escalate'), 'supplier'],
  ] as const)('R20: from day 4 on %s may ask the platform to rule, answered or not', (_, escalate, by) => {
    given(before, justBefore(escalateFrom)).when(escalate).thenRefused('complaint.too-early');
    given(answered, at(escalateFrom))
      .when(escalate)
      .then([{ type: 'complaintEscalated', by }]);
    given(before, at(escalateFrom))
      .when(escalate)
      .then([{ type: 'complaintEscalated', by }])
      .when(buyer('escalate'))
      .thenNothing();
    given(shipped()).when(escalate).thenRefused('complaint.none');
  });

  test('R20: on day 7 the platform takes over by itself, to the millisecond', () => {
    given(before, justBefore(escalateBy)).when(clock('complaintOverdue')).thenNothing();
    given(before, at(escalateBy))
      .when(clock('complaintOverdue'))
      .then([{ type: 'complaintEscalated', by: 'clock' }])
      .expectOrder({ complaints: [{ escalated: { by: 'clock' } }] })
      .when(clock('complaintOverdue'))
      .thenNothing();
    given(before, withdrawn, later({ days: 7 }))
      .when(clock('complaintOverdue'))
      .thenNothing();
  });
});

describe('what a complaint stops, and what it does not (R20, R22)', () => {
  const complainBeforeShipment: Step = [advancePaid(), complained('quality-before-shipment')];

  test('R22: exports, customs and the shipping date go on', () => {
    given(complainBeforeShipment)
      .when(registered('export-1', 'D1'))
      .then(['exportRegistered'])
      .when(supplier('completeExport'))
      .then(['exportSetCompleted'])
      .when(released('D1'))
      .then(['declarationReleased', 'goodsShipped'])
      .expectOrder({ status: 'awaiting-answer' });
  });

  test('R22: payments go on, and the supplier is paid at once', () => {
    given(complainBeforeShipment)
      .when(credited(7_000, 'balance'))
      .then(['paymentApplied', { type: 'supplierPaid', amount: usd(7_000) }]);
  });

  test('R34, R20: while a complaint is open the buyer does not accept, nor does its silence', () => {
    given(shipped(), complained('not-as-agreed')).when(yes).thenRefused('complaint.open');
    const open = [shipped(), complained('not-as-agreed')];
    given(
      open,
      at((order) => order.answerBy),
    )
      .when(clock('answerTimedOut'))
      .thenNothing();
    const messages = deadlines(given(open).order).map(({ message }) => message);
    expect(messages).not.toContain('answerTimedOut');
    given(
      open,
      at((order) => order.answerBy),
      withdrawn,
    )
      .when(clock('answerTimedOut'))
      .then([{ type: 'shipmentAccepted', by: 'clock' }]);
  });

  test('R20, R35: the completion waits for the end of the complaint', () => {
    given(shipped(), yes, complained('not-as-agreed'))
      .when(credited(7_000, 'balance'))
      .then(['paymentApplied', 'supplierPaid'])
      .expectOrder({ status: 'awaiting-balance' })
      .when(withdrawn)
      .then(['complaintClosed', 'orderCompleted']);
  });

  test('R35: reviews go on, and so do the end of their period and the supplier’s reward', () => {
    const open = [completed(), complained('not-as-agreed')];
    given(open, buyer('review', { stars: 2 }))
      .when(supplier('review', { stars: 5 }))
      .then(['reviewGiven', 'reviewsPublished', { type: 'orderClosed', outcome: 'completed', accrues: true }])
      .when(accrued())
      .then(['creditAccrued'])
      .expectOrder({ status: 'completed', endedAt: undefined });
    given(
      open,
      at((order) => order.reviewBy),
    )
      .when(clock('reviewClosed'))
      .then(['reviewsPublished', 'orderClosed']);
  });

  test('R20, R22: Secure Payment: the money stays held, whoever says what', () => {
    const open = [receiptAwaited(), delivered(), complained('colour-or-size')];
    given(open)
      .when(buyer('confirmReceipt'))
      .thenRefused('complaint.open')
      .when(
        at((order) => order.answerBy),
        clock('answerTimedOut'),
      )
      .thenNothing()
      .expectOrder({ purse: { order: 0, hold: 1_000_000, supplier: 0 } })
      .when(withdrawn)
      .then(['complaintClosed'])
      .when(clock('answerTimedOut'))
      .then(['shipmentAccepted', 'moneyReleased', 'orderCompleted']);
  });

  test('R20: Secure Payment: after receipt a complaint takes nothing back by itself', () => {
    given(receiptAwaited(), buyer('confirmReceipt'))
      .when(complained('colour-or-size'))
      .then(['complaintOpened'])
      .expectOrder({ purse: { hold: 0, supplier: 1_000_000 }, status: 'awaiting-reviews' });
  });
});

describe('“no” to the shipment (R34)', () => {
  test('R34: it opens a complaint that the goods are not as agreed, with all its periods', () => {
    const { order } = given(shipped())
      .when(no)
      .then([
        'shipmentDisputed',
        { type: 'complaintOpened', kind: 'not-as-agreed', description: 'Half of the panels are 30 × 30' },
      ])
      .expectOrder({ answer: { asAgreed: false, by: 'buyer' }, answerBy: undefined });
    expect(deadlines(order).map(({ message }) => message)).toEqual(['complaintUnanswered', 'complaintOverdue']);
  });

  test('R34: without a word of the buyer the complaint says it', () => {
    given(shipped())
      .when(buyer('answerShipment', { asAgreed: false }))
      .then(['shipmentDisputed', { type: 'complaintOpened', description: 'not shipped as agreed' }]);
  });

  test('R34: with a complaint open already it opens no second one', () => {
    given(shipped(), complained('quality-after-shipment'))
      .when(no)
      .then(['shipmentDisputed'])
      .when(withdrawn)
      .then(['complaintClosed', { type: 'shipmentAccepted', by: 'complaint' }])
      .expectOrder({ answer: { asAgreed: false, by: 'complaint' }, status: 'awaiting-balance' });
  });

  test('R34, R20: with its complaint done the goods are taken as they are, and the 30 days begin', () => {
    const { order } = given(shipped(), no, later({ days: 2 }))
      .when(withdrawn)
      .then(['complaintClosed', { type: 'shipmentAccepted', by: 'complaint' }]);
    expect(Date.parse(order.complainBy ?? '') - Date.parse(order.updatedAt)).toBe(30 * dayMs);
  });
});

describe('taking a complaint back (R20)', () => {
  test('R20: the buyer does, with or without a word; nobody else', () => {
    given(shipped(), no)
      .when(buyer('withdrawComplaint', { comment: 'Replacements are on their way' }))
      .then([
        { type: 'complaintClosed', how: 'withdrawn', award: usd(0), reason: 'Replacements are on their way' },
        'shipmentAccepted',
      ])
      .when(withdrawn)
      .thenRefused('complaint.none');
    given(shipped(), no)
      .when({ ...withdrawn, as: 'supplier' })
      .thenRefused('actor.role-not-allowed');
  });

  test('R20: even after escalation, until the platform has ruled; a ruling that waits for approval is void', () => {
    given(shipped(), no, escalated()).when(withdrawn).then(['complaintClosed', 'shipmentAccepted']);
    given(shipped(), no, escalated(), ruling('upheld', 3_000))
      .when(withdrawn)
      .then(['complaintClosed', { type: 'approvalRefused', approval: 1 }, 'shipmentAccepted'])
      .expectOrder({ approval: undefined, effects: [] });
  });

  test('R20: a settlement that was proposed for it is off', () => {
    given(shipped(), no, supplier('proposeSettlement', { refund: usd(100) }), withdrawn)
      .when(buyer('acceptProposal', { proposal: 1 }))
      .thenRefused('proposal.not-open')
      .expectOrder({ proposal: undefined });
  });

  test('R52: a proposal of another kind stays', () => {
    given(advancePaid(), complained('quality-before-shipment'))
      .when(supplier('proposeCancellation', { reason: 'No copper', refund: usd(3_000) }), withdrawn)
      .then(['complaintClosed'])
      .expectOrder({ proposal: { id: 1 } });
  });
});
