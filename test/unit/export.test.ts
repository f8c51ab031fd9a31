/** Export service orders, customs, and the shipping date that follows: R6, R17, R32, R33, R49. */
import { liveExports } from '../../domain/order';
import {
  advancePaid,
  at,
  buyer,
  completeContract,
  confirmed,
  customs,
  given,
  play,
  registered,
  released,
  revoked,
  shipped,
  supplier,
  type Step,
} from '../support/builders';

const two: Step = [advancePaid(), registered('export-1', 'D1'), registered('export-2', 'D2')];
const twoAndComplete: Step = [two, supplier('completeExport')];
const asAgreed = buyer('answerShipment', { asAgreed: true });

describe('registering export service orders (R6, R17)', () => {
  test('R6: the supplier registers each with its declaration number and goods lines', () => {
    given(advancePaid())
      .when(registered('export-1', 'D1'))
      .then([{ type: 'exportRegistered', exportOrder: 'export-1', declaration: 'D1', goods: [{ hsCode: '94051100' }] }])
      .when(registered('export-2', 'D2'))
      .then(['exportRegistered'])
      .expectOrder({ exports: [{ declaration: 'D1', cancelled: false }, { declaration: 'D2' }] });
  });

  test('R49: shipping waits for the initial payment', () => {
    given(confirmed()).when(registered('export-1', 'D1')).thenRefused('order.wrong-state', 'R49');
  });

  test('R6: the same registration again changes nothing, even later', () => {
    given(two).when(registered('export-1', 'D1')).thenNothing();
    given(shipped()).when(registered('export-1', 'D1')).thenNothing();
  });

  test('R6: an export service order or a declaration is not registered twice with other content', () => {
    given(two)
      .when(registered('export-1', 'D9'))
      .thenRefused('export.duplicate', 'export-1 with declaration D1')
      .when(registered('export-9', 'D1'))
      .thenRefused('export.duplicate', 'export-1 with declaration D1');
  });

  test('R32: none comes after the set was marked complete', () => {
    given(twoAndComplete).when(registered('export-3', 'D3')).thenRefused('export.set-complete');
  });

  test('an order holds 50', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => registered(`export-${String(i)}`, `D${String(i)}`));
    given(advancePaid(), fifty).when(registered('export-50', 'D50')).thenRefused('order.limit-reached');
  });
});

describe('the release of the last one ships the goods (R32)', () => {
  test('R32: the shipping date is the China date of the latest release, not of the last to be heard', () => {
    given(twoAndComplete, released('D1', '2026-05-10T03:00:00Z'))
      .when(released('D2', '2026-05-08T03:00:00Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-10', onTime: true }])
      .expectOrder({ status: 'awaiting-answer', shippingDate: '2026-05-10', shippedOnTime: true });
  });

  test('R32: all of them must be released', () => {
    given(twoAndComplete)
      .when(released('D1'))
      .then(['declarationReleased'])
      .expectOrder({ status: 'awaiting-shipment' });
  });

  test('R32: releases wait for the supplier to mark the set complete', () => {
    given(two, released('D1', '2026-05-08T03:00:00Z'), released('D2', '2026-05-09T03:00:00Z'))
      .when(supplier('completeExport'))
      .then(['exportSetCompleted', { type: 'goodsShipped', shippingDate: '2026-05-09' }]);
  });

  test('R32: there must be something to mark complete; marking it twice changes nothing', () => {
    given(advancePaid()).when(supplier('completeExport')).thenRefused('export.none');
    given(twoAndComplete).when(supplier('completeExport')).thenNothing();
    given(confirmed()).when(supplier('completeExport')).thenRefused('order.wrong-state');
  });

  test('R34: the buyer is asked from when the order learns the date, not from the date', () => {
    given(twoAndComplete, released('D1', '2026-05-01T00:00:00Z'), at('2026-05-20T06:30:00.000Z'))
      .when(released('D2', '2026-05-02T00:00:00Z'))
      .then(['declarationReleased', { type: 'goodsShipped', answerBy: '2026-07-04T06:30:00.000Z' }]);
  });
});

describe('a cancelled export service order does not count (R32)', () => {
  test('R32: without it the rest is complete, once the supplier says so again', () => {
    given(twoAndComplete, released('D1', '2026-05-08T03:00:00Z'))
      .when(supplier('cancelExport', { exportOrder: 'export-2' }))
      .then([{ type: 'exportCancelled', exportOrder: 'export-2' }])
      .expectOrder({ exportSetComplete: false, status: 'awaiting-shipment' })
      .when(supplier('completeExport'))
      .then(['exportSetCompleted', { type: 'goodsShipped', shippingDate: '2026-05-08' }]);
  });

  test('R32: its declaration is unknown from then on, and may be registered anew', () => {
    const story = given(two, supplier('cancelExport', { exportOrder: 'export-2' }))
      .when(released('D2'))
      .thenRefused('export.unknown')
      .when(registered('export-2b', 'D2'))
      .then(['exportRegistered']);
    expect(liveExports(story.order).map(({ exportOrder }) => exportOrder)).toEqual(['export-1', 'export-2b']);
    story.when(registered('export-2', 'D5')).thenRefused('export.duplicate');
  });

  test('R32: all cancelled leaves nothing to complete', () => {
    given(advancePaid(), registered('export-1', 'D1'), supplier('cancelExport', { exportOrder: 'export-1' }))
      .when(supplier('completeExport'))
      .thenRefused('export.none');
  });

  test('R32: a released one is not cancelled; a revoked one may be', () => {
    given(two, released('D1'))
      .when(supplier('cancelExport', { exportOrder: 'export-1' }))
      .thenRefused('export.released');
    given(two, released('D1'), revoked('D1'))
      .when(supplier('cancelExport', { exportOrder: 'export-1' }))
      .then(['exportCancelled']);
  });

  test('cancelling twice changes nothing; cancelling what is not there is refused', () => {
    given(two, supplier('cancelExport', { exportOrder: 'export-1' }))
      .when(supplier('cancelExport', { exportOrder: 'export-1' }))
      .thenNothing()
      .when(supplier('cancelExport', { exportOrder: 'export-7' }))
      .thenRefused('export.unknown');
  });
});

describe('a release that customs revokes (R32)', () => {
  test('R32: reopens the shipment, and a new release ships again at its own date', () => {
    given(shipped(), supplier('extendAnswer'))
      .when(revoked('D1'))
      .then(['declarationRevoked', 'shippingReopened'])
      .expectOrder({
        status: 'awaiting-shipment',
        shippingDate: undefined,
        shippedOnTime: undefined,
        answerBy: undefined,
        extendedBy: ['supplier'],
      })
      .when(released('D1', '2026-07-15T00:00:00Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-07-15', onTime: false }]);
  });

  test('R32: before the set is released it only takes the release back', () => {
    given(twoAndComplete, released('D1'), revoked('D1'))
      .when(released('D2'))
      .then(['declarationReleased'])
      .expectOrder({ status: 'awaiting-shipment' });
  });

  test('R32: after the buyer has answered it is noted, and reopens nothing', () => {
    given(shipped(), asAgreed)
      .when(revoked('D1'))
      .then(['declarationRevoked'])
      .expectOrder({ status: 'awaiting-balance' })
      .when(released('D1', '2026-12-01T00:00:00Z'))
      .then(['declarationReleased'])
      .expectOrder({ status: 'awaiting-balance', shippedOnTime: true });
  });
});

describe('customs’ words arrive twice, late and out of order (R32)', () => {
  const [t1, t2, t3] = ['2026-05-08T01:00:00Z', '2026-05-09T02:00:00Z', '2026-05-12T03:00:00Z'] as const;
  const one: Step = [advancePaid(), registered('export-1', 'D1'), supplier('completeExport')];

  test('a word that was heard already changes nothing', () => {
    given(one, released('D1', t1)).when(released('D1', t1)).thenNothing();
    given(one, released('D1', t1), revoked('D1', t2)).when(revoked('D1', t2)).thenNothing();
  });

  test('a release that is older than a revocation changes nothing', () => {
    given(one, revoked('D1', t2)).when(released('D1', t1)).thenNothing().expectOrder({ status: 'awaiting-shipment' });
  });

  test('at the same instant a revocation wins, whichever comes first', () => {
    given(one, revoked('D1', t1)).when(released('D1', t1)).thenNothing();
    given(one, released('D1', t1)).when(revoked('D1', t1)).then(['declarationRevoked', 'shippingReopened']);
  });

  test('instants are compared, not their spelling', () => {
    given(one, released('D1', '2026-05-08T01:00:00Z')).when(released('D1', '2026-05-08T01:00:00.000Z')).thenNothing();
  });

  test.each([
    [['released', t1] as const, ['revoked', t2] as const, ['released', t3] as const],
    [['released', t1] as const, ['released', t3] as const, ['revoked', t2] as const],
    [['revoked', t2] as const, ['released', t1] as const, ['released', t3] as const],
    [['revoked', t2] as const, ['released', t3] as const, ['released', t1] as const],
    [['released', t3] as const, ['released', t1] as const, ['revoked', t2] as const],
    [['released', t3] as const, ['revoked', t2] as const, ['released', t1] as const],
  ])('released, revoked, released again: %j %j %j end alike', (...words) => {
    const steps = words.map(([word, when]) => (word === 'released' ? released('D1', when) : revoked('D1', when)));
    given(one, steps).expectOrder({
      status: 'awaiting-answer',
      shippingDate: '2026-05-12',
      shippedOnTime: true,
      exports: [{ customs: { word: 'released', at: t3 } }],
    });
  });

  test('R33: a release after a hold moves the shipping date, and with it lateness', () => {
    given(
      shipped(completeContract({ shipping: { shipBy: '2026-05-09' } })),
      customs('customsHeld', { declaration: 'D1', heldAt: '2026-05-11T03:00:00Z' }),
    )
      .when(released('D1', '2026-05-12T03:00:00Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-12', onTime: false }]);
  });

  describe('R32: a release that is repeated, on another date, is still the first', () => {
    const [before, after, days] = ['2026-05-08T15:59:00Z', '2026-05-08T16:01:00Z', '2026-05-11T01:00:00Z'] as const;
    const held = customs('customsHeld', { declaration: 'D1', heldAt: '2026-05-08T16:00:00Z' });

    test.each([[[before, after, days]], [[after, days, before]], [[days, before, after]]])('%j', (times) => {
      given(
        one,
        times.map((time) => released('D1', time)),
      ).expectOrder({ shippingDate: '2026-05-08', exports: [{ customs: { word: 'released', at: before } }] });
    });

    test.each([0, 1, 2, 3])('but after a hold the next one counts, as message %i though the hold is heard', (index) => {
      const words = [before, days, after].map((time) => released('D1', time));
      given(one, words.toSpliced(index, 0, held)).expectOrder({
        shippingDate: '2026-05-09',
        exports: [{ customs: { word: 'released', at: after } }],
      });
    });
  });

  test('a later release on the same date leaves the buyer’s period alone', () => {
    const { order } = given(one, released('D1', t1));
    given(one, released('D1', t1))
      .when(released('D1', '2026-05-08T09:00:00Z'))
      .then(['declarationReleased'])
      .expectOrder({ answerBy: order.answerBy });
  });

  test('a word about a declaration that is not registered is refused, for the inbox to keep', () => {
    given(advancePaid())
      .when(released('D1'))
      .thenRefused('export.unknown', 'D1')
      .when(revoked('D1'))
      .thenRefused('export.unknown', 'D1');
  });

  test('only customs speaks for customs (R32: no proof of shipment is uploaded)', () => {
    given(one)
      .when({ say: 'customsReleased', as: 'supplier', data: { declaration: 'D1', releasedAt: t1 } })
      .thenRefused('actor.role-not-allowed');
    given(one)
      .when(customs('customsReleased', { declaration: 'D1', releasedAt: t1 }))
      .then(['declarationReleased', 'goodsShipped']);
  });
});

describe('shipment on time (R33)', () => {
  const shipBy = (date: string): Step => [
    advancePaid(completeContract({ shipping: { shipBy: date } })),
    registered('export-1', 'D1'),
    supplier('completeExport'),
  ];

  test('R33: the agreed date itself is on time, to its last millisecond in China', () => {
    given(shipBy('2026-05-10'))
      .when(released('D1', '2026-05-10T15:59:59.999Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-10', onTime: true }]);
  });

  test('R33: a millisecond later it is the next date in China, though not in UTC, and late', () => {
    given(shipBy('2026-05-10'))
      .when(released('D1', '2026-05-10T16:00:00.000Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-11', onTime: false }])
      .expectOrder({ shippedOnTime: false });
  });

  test('R33: shipped before the agreed date is on time; the date is customs’, not when the order hears of it', () => {
    given(shipBy('2026-05-10'), at('2026-08-01T00:00:00.000Z'))
      .when(released('D1', '2026-05-01T00:00:00Z'))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-01', onTime: true }]);
  });
});

describe('customs’ clock (R32)', () => {
  test('R32: a word from the future is refused, because it would stand against every true one; a day is tolerated', () => {
    const { order, now } = given(advancePaid(), registered('export-1', 'D1'));
    const hear = (hoursAhead: number) =>
      play(
        order,
        'customsReleased',
        { declaration: 'D1', releasedAt: hoursAfter(now, hoursAhead) },
        { as: 'customs', at: now, id: 'c-1' },
      );
    expect(hear(25)).toMatchObject({ refused: 'export.in-future' });
    expect(hear(23)).toMatchObject({ events: [{ type: 'declarationReleased' }] });
  });
  const hoursAfter = (at: string, hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
});
