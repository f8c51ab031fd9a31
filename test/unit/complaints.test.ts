/** Complaints: what may be complained of and when, claims, refusals, the time for complaints (R20–R22, R57, R58). */
import { deadlines } from '../../domain/deadlines';
import { type Order } from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { complaintKind, type ComplaintKind } from '../../domain/scheme';
import {
  advancePaid,
  at,
  buyer,
  clock,
  completeContract,
  completed,
  confirmed,
  credited,
  drafted,
  escrowConfirmed,
  given,
  held,
  justBefore,
  later,
  mainRoad,
  receiptAwaited,
  registered,
  released,
  reviewed,
  shipped,
  supplier,
  usd,
  type Step,
  cancelledWithRefund,
  delivered,
  effect,
} from '../support/builders';
import { complained, dateMissed, ruled, settled, timedOut, withdrawn } from '../support/disputes';

const dayMs = 86_400_000;
const complainBy = (order: Order) => order.complainBy;
const yes = buyer('answerShipment', { asAgreed: true });
const no = buyer('answerShipment', { asAgreed: false, comment: 'Half of the panels are 30 × 30' });
const shippedLate = (day: string): Step => [
  advancePaid(),
  registered('export-1', 'D1'),
  supplier('completeExport'),
  released('D1', `${day}T04:00:00.000Z`),
];
const declined: Step = [
  drafted(),
  buyer('confirm', { revision: 1 }),
  supplier('decline', { revision: 1, reason: 'The price of copper' }),
];
const balanceFirst = completeContract({ payment: { balance: 'before-shipment' } });

describe('what may be complained of, and when (R20, R22)', () => {
  const afterShipment = ['quality-after-shipment', 'not-as-agreed'] as const;
  const received = ['quality-after-shipment', 'colour-or-size', 'not-as-agreed'] as const;
  const offered: Record<'trade-assurance' | 'secure-payment', readonly ComplaintKind[]> = {
    'trade-assurance': ['order-refused', 'late-shipment', 'quality-before-shipment', ...afterShipment],
    'secure-payment': ['order-refused', 'not-received', ...received],
  };

  test.each<[string, Step, readonly ComplaintKind[]]>([
    ['a draft', drafted(), []],
    ['an order that nobody has paid', confirmed(), []],
    ['an order that is paid in part', [confirmed(), credited(1_000, 'part')], []],
    ['an order that is paid in part, after the date', [confirmed(), credited(1_000, 'part'), at(dateMissed)], []],
    ['the goods before shipment', advancePaid(), ['quality-before-shipment']],
    ['goods that were to be shipped', [advancePaid(), at(dateMissed)], ['late-shipment', 'quality-before-shipment']],
    [
      'goods that wait for the buyer’s balance',
      [advancePaid(balanceFirst), at(dateMissed)],
      ['quality-before-shipment'],
    ],
    ['goods shipped in time', shipped(), afterShipment],
    ['goods shipped late', shippedLate('2026-07-10'), ['late-shipment', ...afterShipment]],
    ['goods accepted', [shipped(), yes], afterShipment],
    ['an order that is complete', completed(), afterShipment],
    ['an order that is closed', reviewed(), afterShipment],
    ['an order whose time for complaints is over', [reviewed(), at(complainBy)], []],
    ['an order whose money all went back', [shipped(), no, settled(3_000)], []],
    ['an order that the two have cancelled', [advancePaid(), at(dateMissed), cancelledWithRefund(1_000)], []],
    ['an accepted order that the two have cancelled', [shipped(), yes, cancelledWithRefund(1_000)], []],
    ['an offer that the supplier has declined', declined, ['order-refused']],
    [
      'an order that the supplier has cancelled',
      [confirmed(), supplier('cancel', { reason: 'Out of stock' })],
      ['order-refused'],
    ],
    ['Secure Payment: an order that nobody has paid', escrowConfirmed(), []],
    ['Secure Payment: goods before shipment', held(), []],
    ['Secure Payment: goods that were to be shipped', [held(), at(dateMissed)], ['not-received']],
    ['Secure Payment: goods on their way', receiptAwaited(), [...received, 'not-received']],
    ['Secure Payment: goods delivered', [receiptAwaited(), delivered()], [...received, 'not-received']],
    ['Secure Payment: goods received', [receiptAwaited(), buyer('confirmReceipt')], received],
    ['Secure Payment: no word in time', [receiptAwaited(), delivered(), timedOut()], received],
  ])('R20 (reading): %s', (_, before, open) => {
    for (const kind of complaintKind.options) {
      const story = given(before);
      const isOffered = offered[story.order.scheme].includes(kind);
      const outcome = story.send(complained(kind));
      const of = isRefusal(outcome) ? [] : outcome.events.filter(({ type }) => type !== 'creditAdjusted');
      const told = isRefusal(outcome) ? outcome.refused : of.map(({ type }) => type);
      const refused = isOffered ? 'complaint.not-now' : 'complaint.kind-not-offered';
      expect([kind, told]).toEqual([kind, open.includes(kind) ? ['complaintOpened'] : refused]);
    }
  });

  test('R20 (reading): late is what was not shipped when the agreed date ends in China, for as long as it is not', () => {
    given(advancePaid(), at(dateMissed), later({ ms: -1 }))
      .when(complained('late-shipment'))
      .thenRefused('complaint.not-now');
    given(advancePaid(), at(dateMissed))
      .when(complained('late-shipment'))
      .then([{ type: 'complaintOpened', complaint: 1, kind: 'late-shipment' }]);
    given(advancePaid(), at(dateMissed), later({ days: 200 }))
      .when(complained('late-shipment'))
      .then(['complaintOpened']);
  });

  test('R20 (reading): shipped late, the 30 days run from the shipping date, in China', () => {
    const end = at('2026-08-09T16:00:00.000Z');
    given(shippedLate('2026-07-10'), end, later({ ms: -1 }))
      .when(complained('late-shipment'))
      .then(['complaintOpened']);
    given(shippedLate('2026-07-10'), end).when(complained('late-shipment')).thenRefused('complaint.not-now');
  });

  test('R20 (reading): what was received may be complained of for 30 days, to the millisecond', () => {
    const { order } = given(shipped(), yes);
    const acceptedAt = order.answer?.at ?? '';
    expect(Date.parse(order.complainBy ?? '') - Date.parse(acceptedAt)).toBe(30 * dayMs);
    given(shipped(), yes, justBefore(complainBy)).when(complained('not-as-agreed')).then(['complaintOpened']);
    given(shipped(), yes, at(complainBy)).when(complained('not-as-agreed')).thenRefused('complaint.not-now');
  });

  test('R20: only the buyer complains', () => {
    given(shipped())
      .when({ ...complained('not-as-agreed'), as: 'supplier' })
      .thenRefused('actor.role-not-allowed');
  });

  test('R20: one complaint at a time; the same again changes nothing, another claim is another complaint', () => {
    given(shipped(), complained('not-as-agreed', 100))
      .when(complained('not-as-agreed', 100))
      .thenNothing()
      .when(complained('not-as-agreed', 200))
      .thenRefused('complaint.open', 'complaint 1 is open')
      .when(complained('quality-after-shipment', 100))
      .thenRefused('complaint.open')
      .when(withdrawn)
      .then(['complaintClosed'])
      .when(complained('quality-after-shipment', 200))
      .then([{ type: 'complaintOpened', complaint: 2 }])
      .expectOrder({ complaints: [{ id: 1, closed: { how: 'withdrawn' } }, { id: 2 }] });
  });

  test('R20: an order holds five complaints', () => {
    const five = Array.from({ length: 5 }, () => [complained('not-as-agreed'), withdrawn]);
    given(shipped(), ...five)
      .when(complained('not-as-agreed'))
      .thenRefused('order.limit-reached', '5 complaints');
  });

  test('R20: a claim is never more than what was paid and has not gone back', () => {
    given(shipped())
      .when(complained('not-as-agreed', 3_000.01))
      .thenRefused('complaint.more-than-paid', 'USD 3,000.00');
    given(shipped())
      .when(complained('not-as-agreed', 3_000))
      .then([{ type: 'complaintOpened', claim: usd(3_000) }]);
    const inEuro = { kind: 'not-as-agreed', description: 'Bent', claim: { amount: 1, currency: 'EUR' } } as const;
    given(shipped()).when(buyer('complain', inEuro)).thenRefused('complaint.more-than-paid');
    given(shipped(), no, settled(1_000), credited(500, 'more'))
      .when(complained('quality-after-shipment', 2_500.01))
      .thenRefused('complaint.more-than-paid', 'USD 2,500.00')
      .when(complained('quality-after-shipment', 2_500))
      .then(['complaintOpened']);
  });
});

describe('an order that the supplier refuses (R57, R58)', () => {
  const refused = complained('order-refused');
  const cancel = { reason: 'Out of stock' };

  test('R58: within 30 days of the supplier’s word, to the millisecond', () => {
    const until = (order: Order) => new Date(Date.parse(order.declined?.at ?? '') + 30 * dayMs).toISOString();
    given(declined, justBefore(until)).when(refused).then(['complaintOpened']);
    given(declined, at(until)).when(refused).thenRefused('complaint.not-now');
    const cancelled = [confirmed(), supplier('cancel', cancel)];
    expect(Date.parse(given(cancelled).order.complainBy ?? '') - Date.parse(given(cancelled).order.updatedAt)).toBe(
      30 * dayMs,
    );
    given(cancelled, justBefore(complainBy)).when(refused).then(['complaintOpened']);
    given(cancelled, at(complainBy)).when(refused).thenRefused('complaint.not-now');
  });

  test('R58: what the buyer itself declined or cancelled was not refused', () => {
    const byBuyer = [
      drafted(),
      supplier('confirm', { revision: 1 }),
      buyer('decline', { revision: 1, reason: 'Dear' }),
    ];
    given(byBuyer).when(refused).thenRefused('complaint.not-now');
    given(confirmed(), buyer('cancel', { reason: 'No need' }))
      .when(refused)
      .thenRefused('order.closed', 'cancelled');
  });

  test('R57: a supplier that leaves what the buyer had not confirmed refuses nothing', () => {
    given(drafted(), supplier('confirm', { revision: 1 }))
      .when(supplier('cancel', cancel))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R57, R58: once the two have come together after all, the refusal is over', () => {
    given(declined, buyer('confirm', { revision: 1 }), supplier('confirm', { revision: 1 }))
      .when(refused)
      .thenRefused('complaint.not-now');
  });

  test.each<[string, Step, Step]>([
    ['the buyer gives it up', [], buyer('cancel', { reason: 'Bought elsewhere' })],
    ['the supplier cancels', [], supplier('cancel', cancel)],
    [
      'the draft lapses',
      [
        later({ days: 80 }),
        buyer('confirm', { revision: 1 }),
        supplier('decline', { revision: 1, reason: 'Still the price of copper' }),
      ],
      [at((order) => deadlines(order)[0]?.at), clock('draftLapsed')],
    ],
  ])('R58: after it declined, the buyer keeps its 30 days when %s', (_, before, end) => {
    const { order } = given(declined, before, end);
    expect(order.endedAt).toBeUndefined();
    expect(Date.parse(order.complainBy ?? '')).toBe(Date.parse(order.declined?.at ?? '') + 30 * dayMs);
    given(declined, before, end).when(refused).then(['complaintOpened']);
    given(declined, before, end)
      .when(at(complainBy), clock('complaintWindowClosed'))
      .then(['complaintWindowClosed', 'orderEnded']);
  });

  test('R58: long after it was declined, nothing is left to wait for', () => {
    given(declined, later({ days: 31 }))
      .when(buyer('cancel', { reason: 'Bought elsewhere' }))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R58: of one refusal the platform rules once; what was withdrawn may be complained of again', () => {
    given(declined, refused, withdrawn).when(refused).then(['complaintOpened']);
    given(declined, refused, ruled('upheld')).when(refused).thenRefused('complaint.not-now');
    given(declined, refused, ruled('upheld'), supplier('cancel', cancel))
      .when(refused)
      .thenRefused('complaint.not-now');
  });
});

describe('the time for complaints of a completed order (R20)', () => {
  const complaintWindowClosed = clock('complaintWindowClosed');

  test('R20: it ends 30 days after the acceptance, and the order with it', () => {
    const { order } = given(mainRoad());
    expect(deadlines(order)).toEqual([{ at: order.complainBy, message: 'complaintWindowClosed' }]);
    given(mainRoad(), justBefore(complainBy)).when(complaintWindowClosed).thenNothing();
    given(mainRoad(), at(complainBy))
      .when(complaintWindowClosed)
      .then(['complaintWindowClosed', 'coverReleased', { type: 'orderEnded', outcome: 'completed' }])
      .when(complained('not-as-agreed'))
      .thenRefused('order.closed', 'completed');
  });

  test('R20: a complaint of the last millisecond is heard to its end, and the order with it', () => {
    const open = [mainRoad(), justBefore(complainBy), complained('not-as-agreed')];
    given(open, at(complainBy))
      .when(complaintWindowClosed)
      .then(['complaintWindowClosed'])
      .when(complaintWindowClosed)
      .thenNothing()
      .when(withdrawn)
      .then(['complaintClosed'])
      // That there was a complaint the supplier's credit was told of meanwhile.
      .when(
        effect('creditBooked', ({ order }) => ({
          effect: order?.effects[0]?.id ?? '',
          limitAfter: usd(0),
          policy: 'ta-limit/v1',
        })),
      )
      .then(['creditBooked', 'coverReleased', 'orderEnded']);
    given(mainRoad(), complained('not-as-agreed'))
      .when(withdrawn)
      .then(['complaintClosed'])
      .expectOrder({ status: 'completed', endedAt: undefined });
  });

  test('R20: while the order is not closed the clock does not ask for it', () => {
    expect(deadlines(given(completed()).order).map(({ message }) => message)).toEqual(['reviewClosed']);
    given(completed(), at(complainBy)).when(complaintWindowClosed).thenNothing();
  });

  test('R20, R57: what was cancelled by agreement or went back whole waits for no complaint', () => {
    expect(given(shipped(), yes, cancelledWithRefund(1_000)).order.complainBy).toBeUndefined();
    expect(given(shipped(), yes, complained('not-as-agreed'), settled(3_000)).order.complainBy).toBeUndefined();
  });
});
