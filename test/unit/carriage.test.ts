/** Carriers and inspections: a carrier's words in any order (R16–R18), the inspection before shipment (R22). */
import fc from 'fast-check';
import { chinaDate } from '../../domain/time';
import {
  Story,
  advancePaid,
  buyer,
  carrier,
  completeContract,
  confirmed,
  credited,
  delivered,
  drafted,
  given,
  held,
  inspector,
  play,
  receiptAwaited,
  refundOrdered,
  shipped,
  supplier,
  takenBack,
  tracking,
  type Step,
} from '../support/builders';

const ship = supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking });
const took = (shippedAt: string) => carrier('goodsShipped', { tracking, shippedAt });

describe('a carrier’s words (R16, R18)', () => {
  test('R18: in whatever order, and however often: the earliest of each kind counts (fast-check)', () => {
    const day = (n: number) => `2026-03-${String(10 + n)}T04:00:00.000Z`;
    const word = fc.record({ isDelivery: fc.boolean(), n: fc.integer({ min: 0, max: 9 }) });
    const late: Step = [held(), ship, { clock: () => '2026-03-25T00:00:00.000Z' }];
    const said = ({ isDelivery, n }: { isDelivery: boolean; n: number }) =>
      isDelivery ? delivered(day(n)) : took(day(n));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const { order } = new Story().play(late, words.map(said));
        const first = (isDelivery: boolean) =>
          words
            .filter((w) => w.isDelivery === isDelivery)
            .map(({ n }) => day(n))
            .sort()[0];
        expect([order.shipment?.shippedAt, order.shipment?.deliveredAt]).toEqual([first(false), first(true)]);
        expect(order.shippingDate).toBe(chinaDate(first(false) ?? first(true) ?? ''));
        expect(order.status).toBe('awaiting-receipt');
        expect(order.answerBy === undefined).toBe(first(true) === undefined);
      }),
      { numRuns: 100 },
    );
  });

  test('R33: shipped late is told so', () => {
    given(held(), ship)
      .when(took('2026-06-30T16:00:00.000Z'))
      .then(['carrierTook', { type: 'goodsShipped', shippingDate: '2026-07-01', onTime: false }])
      .expectOrder({ shippedOnTime: false });
  });

  test('R18: once the goods are received, or the order is over, the carrier moves nothing', () => {
    given(receiptAwaited(), buyer('confirmReceipt'))
      .when(delivered())
      .then(['carrierDelivered'])
      .expectOrder({ status: 'awaiting-reviews', answerBy: undefined });
    given(receiptAwaited(), refundOrdered(10_000)).when(delivered()).thenRefused('order.wrong-state');
  });

  test('R30: a payment that is taken back while the goods are with the carrier holds them up no more', () => {
    given(held(), ship, takenBack('price'))
      .when(took('2026-03-04T02:00:00.000Z'))
      .then(['carrierTook', 'goodsShipped'])
      .expectOrder({ status: 'awaiting-receipt', advanceIn: false })
      .when(credited(10_000, 'again'))
      .then(['paymentApplied', 'advanceCompleted', 'moneyHeld'])
      .expectOrder({ status: 'awaiting-receipt' });
  });
});

describe('the inspection before shipment (R22)', () => {
  const inspected = completeContract({ product: { inspectionStandard: 'ISO 2859-1, AQL 2.5' } });
  const asked = buyer('requestInspection', { inspection: 'insp-1', inspector: 'SGS Shanghai' });
  const report = (inspectedAt: string, passed: boolean, inspection = 'insp-1') =>
    inspector('inspectionReported', { inspection, passed, report: 'https://sgs.example/insp-1', inspectedAt });

  test('R22: the buyer may have the goods inspected, by the standard of the contract', () => {
    given(advancePaid(inspected))
      .when(asked)
      .then([{ type: 'inspectionRequested', inspection: 'insp-1', inspector: 'SGS Shanghai' }])
      .when(asked)
      .thenNothing()
      .when(buyer('requestInspection', { inspection: 'insp-1', inspector: 'Another' }))
      .thenRefused('inspection.duplicate', 'insp-1');
  });

  test('R22: without a standard there is nothing to inspect by', () => {
    given(advancePaid()).when(asked).thenRefused('inspection.no-standard');
  });

  test('R22: it is optional: nothing waits for it', () => {
    given(shipped(inspected)).expectOrder({ status: 'awaiting-answer', inspections: [] });
    given(advancePaid(inspected), asked).expectOrder({ status: 'awaiting-shipment' });
  });

  test('R22: from when both have confirmed until the goods are shipped', () => {
    given(drafted(inspected)).when(asked).thenRefused('order.wrong-state');
    given(confirmed(inspected)).when(asked).then(['inspectionRequested']);
    given(shipped(inspected)).when(asked).thenRefused('order.wrong-state');
  });

  test('R22: the newest report counts, in whatever order they come', () => {
    given(advancePaid(inspected), asked)
      .when(report('2026-03-02T01:00:00.000Z', false))
      .then([{ type: 'inspectionReported', passed: false }])
      .when(report('2026-03-02T03:00:00.000Z', true))
      .then(['inspectionReported'])
      .when(report('2026-03-02T02:00:00.000Z', false))
      .thenNothing()
      .expectOrder({
        inspections: [{ inspection: 'insp-1', report: { passed: true, inspectedAt: '2026-03-02T03:00:00.000Z' } }],
      });
  });

  test('R22: a report from the future would stand against every true one; a day is tolerated', () => {
    const { order } = given(advancePaid(inspected), asked);
    const said = { as: 'inspector', at: '2026-03-10T00:00:00.000Z', id: 'i-1' } as const;
    const reported = (inspectedAt: string) =>
      play(
        order,
        'inspectionReported',
        { inspection: 'insp-1', passed: true, report: 'https://sgs.example/1', inspectedAt },
        said,
      );
    expect(reported('2026-03-11T00:00:00.001Z')).toMatchObject({ refused: 'shipment.in-future' });
    expect(reported('2026-03-11T00:00:00.000Z')).toHaveProperty('events.length', 1);
  });

  test('R22: of an inspection that nobody asked for there is no report, and only the inspector reports', () => {
    given(advancePaid(inspected), asked)
      .when(report('2026-03-02T01:00:00.000Z', true, 'insp-9'))
      .thenRefused('inspection.unknown', 'insp-9')
      .when({ ...report('2026-03-02T01:00:00.000Z', true), as: 'supplier' })
      .thenRefused('actor.role-not-allowed');
  });

  test('R22: what failed may be complained of before shipment, and no more than five inspections are asked for', () => {
    given(advancePaid(inspected), asked, report('2026-03-02T01:00:00.000Z', false))
      .when(buyer('complain', { kind: 'quality-before-shipment', description: 'AQL 2.5 not met: see the report' }))
      .then(['complaintOpened']);
    const five = [1, 2, 3, 4, 5].map((n) =>
      buyer('requestInspection', { inspection: `insp-${String(n)}`, inspector: 'SGS' }),
    );
    given(advancePaid(inspected), five)
      .when(buyer('requestInspection', { inspection: 'insp-6', inspector: 'SGS' }))
      .thenRefused('order.limit-reached', '5 inspections');
  });
});
