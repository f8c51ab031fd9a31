/**
 * Declarations: what customs says of them in whatever order, how the declared goods differ from the agreed ones, the buyer's
 * own forwarder, the balance that is due before (R6, R25, R32, R34, R44).
 */
import fc from 'fast-check';
import { differencesOf } from '../../domain/declared';
import { chinaDate } from '../../domain/time';
import { viewOf } from '../../domain/view';
import type { MessageData } from '../../domain/messages';
import {
  Story,
  advancePaid,
  buyer,
  completeContract,
  credited,
  customs,
  given,
  registered,
  released,
  revoked,
  shipped,
  supplier,
  usd,
  type Step,
} from '../support/builders';

type Registration = MessageData<'registerExport'>;
const panels = { hsCode: '94051100', name: 'LED panel light', quantity: 400, unit: 'piece', value: usd(6_000) };
const tracks = { hsCode: '94051100', name: 'LED track light', quantity: 500, unit: 'piece', value: usd(4_000) };
const register = (
  exportOrder: string,
  declaration: string,
  goods: Registration['goods'],
  more: Partial<Registration> = {},
) => supplier('registerExport', { exportOrder, declaration, goods, ...more });

type Word = 'held' | 'returned' | 'released' | 'cancelled' | 'revoked';
const says = (word: Word, declaration: string, at: string): Step => {
  const note = 'see the notice of the customs office';
  switch (word) {
    case 'held':
      return customs('customsHeld', { declaration, heldAt: at, note });
    case 'returned':
      return customs('customsReturned', { declaration, returnedAt: at, note });
    case 'released':
      return released(declaration, at);
    case 'cancelled':
      return customs('customsCancelled', { declaration, cancelledAt: at, note });
    case 'revoked':
      return revoked(declaration, at);
  }
};
const day = (n: number, hour = 4) =>
  `2026-05-${String(n).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const two: Step = [
  advancePaid(),
  registered('export-1', 'D1'),
  registered('export-2', 'D2'),
  supplier('completeExport'),
];

describe('what customs says of a declaration (R32)', () => {
  test('R32: held and returned keep the goods back, with the note; the release lets them go', () => {
    given(advancePaid(), registered('export-1', 'D1'), supplier('completeExport'))
      .when(says('held', 'D1', day(2)))
      .then([{ type: 'declarationHeld', declaration: 'D1', note: 'see the notice of the customs office' }])
      .expectOrder({ status: 'awaiting-shipment', exports: [{ customs: { word: 'held', at: day(2) } }] })
      .when(says('returned', 'D1', day(3)))
      .then(['declarationReturned'])
      .when(says('released', 'D1', day(4)))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-04' }])
      .expectOrder({ status: 'awaiting-answer', exports: [{ customs: { word: 'released', at: day(4) } }] });
  });

  test.each(['held', 'returned', 'cancelled'] as const)(
    'R32: released, then %s: the shipment is open again',
    (word) => {
      given(shipped())
        .when(says(word, 'D1', day(20)))
        .then([
          {
            type:
              word === 'held'
                ? 'declarationHeld'
                : word === 'returned'
                  ? 'declarationReturned'
                  : 'declarationCancelled',
          },
          'shippingReopened',
        ])
        .expectOrder({ status: 'awaiting-shipment', shippingDate: undefined, answerBy: undefined })
        .when(says('released', 'D1', day(21)))
        .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-21' }]);
    },
  );

  test('R32: a declaration that customs has cancelled no longer counts: the others ship the goods', () => {
    given(two, says('released', 'D1', day(2)))
      .when(says('cancelled', 'D2', day(5)))
      .then(['declarationCancelled', { type: 'goodsShipped', shippingDate: '2026-05-02' }]);
  });

  test('R32: with all of them cancelled nothing is shipped; the supplier takes one out and declares anew', () => {
    given(advancePaid(), registered('export-1', 'D1'), supplier('completeExport'))
      .when(says('cancelled', 'D1', day(5)))
      .then(['declarationCancelled'])
      .expectOrder({ status: 'awaiting-shipment' })
      .when(registered('export-2', 'D2'))
      .thenRefused('export.set-complete')
      .when(
        supplier('cancelExport', { exportOrder: 'export-1' }),
        registered('export-2', 'D2'),
        supplier('completeExport'),
      )
      .then(['exportSetCompleted'])
      .when(says('released', 'D2', day(9)))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-09' }]);
  });

  test('R32: a number that customs has cancelled is not declared again beside it: its next word would count for both', () => {
    given(advancePaid(), registered('export-1', 'D1'), says('cancelled', 'D1', day(5)))
      .when(registered('export-2', 'D1'))
      .thenRefused('export.duplicate', 'D1')
      .when(says('released', 'D1', day(6)))
      .then(['declarationReleased'])
      .expectOrder({ exports: [{ exportOrder: 'export-1', customs: { word: 'released' } }] });
  });

  test('R32: each of several export service orders has its own words; the last release is the shipping date', () => {
    given(two)
      .when(says('held', 'D2', day(1)))
      .then(['declarationHeld'])
      .when(says('released', 'D1', day(7)))
      .then(['declarationReleased'])
      .when(says('released', 'D2', day(3)))
      .then(['declarationReleased', { type: 'goodsShipped', shippingDate: '2026-05-07' }]);
  });

  test('R32: in whatever order its words come, and however often, customs’ newest word counts (fast-check)', () => {
    const words = ['held', 'returned', 'released', 'cancelled', 'revoked'] as const;
    const said = fc.uniqueArray(
      fc.record({
        word: fc.constantFrom(...words),
        declaration: fc.constantFrom('D1', 'D2'),
        n: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 8, selector: ({ declaration, n, word }) => `${declaration} ${String(n)} ${word}` },
    );
    const pair = said.chain((each) =>
      fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length }), fc.subarray(each)),
    );
    // The clock stands behind every word, so that each may come at any time.
    const late: Step = [two, { clock: () => '2026-05-20T00:00:00.000Z' }];
    const play = (list: { word: Word; declaration: string; n: number }[]) =>
      list.reduce(
        (story, { word, declaration, n }) => story.play(says(word, declaration, day(n))),
        new Story().play(late),
      ).order;
    fc.assert(
      fc.property(pair, ([inOrder, mixed, again]) => {
        const [a, b] = [play(inOrder), play([...mixed, ...again])];
        expect([b.status, b.shippingDate, b.exports]).toEqual([a.status, a.shippingDate, a.exports]);
        const live = a.exports.filter((e) => e.customs?.word !== 'cancelled');
        const isShipped = live.length > 0 && live.every((e) => e.customs?.word === 'released');
        const last = live
          .map((e) => chinaDate(e.customs?.at ?? day(1)))
          .sort()
          .at(-1);
        expect([a.status, a.shippingDate]).toEqual(
          isShipped ? ['awaiting-answer', last] : ['awaiting-shipment', undefined],
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('the declared goods beside the agreed ones (R6, R34)', () => {
  const agreed = { quantity: 900, value: 1_000_000 };
  const differences = (...steps: Step[]) => differencesOf(given(advancePaid(), ...steps).order);

  test('R34: nothing is told before anything is declared', () => {
    expect(differences()).toEqual([]);
  });

  test('R34: the same goods, line by line, in one line or over several declarations, do not differ', () => {
    expect(differences(register('export-1', 'D1', [panels, tracks]))).toEqual([]);
    expect(differences(registered('export-1', 'D1'))).toEqual([]);
    expect(differences(register('export-1', 'D1', [panels]), register('export-2', 'D2', [tracks]))).toEqual([]);
  });

  test('R34: another quantity, another value', () => {
    expect(differences(register('export-1', 'D1', [panels, { ...tracks, quantity: 499 }]))).toEqual([
      { hsCode: '94051100', unit: 'piece', agreed, declared: { quantity: 899, value: 1_000_000 }, currency: 'USD' },
    ]);
    expect(differences(register('export-1', 'D1', [panels, { ...tracks, value: usd(3_999.99) }]))).toMatchObject([
      { agreed, declared: { quantity: 900, value: 999_999 } },
    ]);
  });

  test('R34: other goods, or another unit, stand beside those that are missing', () => {
    expect(differences(register('export-1', 'D1', [panels, { ...tracks, hsCode: '85395200' }]))).toMatchObject([
      { hsCode: '85395200', agreed: { quantity: 0, value: 0 }, declared: { quantity: 500, value: 400_000 } },
      { hsCode: '94051100', agreed, declared: { quantity: 400, value: 600_000 } },
    ]);
    expect(differences(register('export-1', 'D1', [panels, { ...tracks, unit: 'carton' }]))).toMatchObject([
      { unit: 'carton', agreed: { quantity: 0, value: 0 } },
      { unit: 'piece', declared: { quantity: 400, value: 600_000 } },
    ]);
  });

  test('R32, R34: what the supplier or customs has cancelled is not declared', () => {
    expect(
      differences(
        registered('export-1', 'D1'),
        registered('export-2', 'D2'),
        supplier('cancelExport', { exportOrder: 'export-2' }),
      ),
    ).toEqual([]);
    expect(
      differences(registered('export-1', 'D1'), registered('export-2', 'D2'), says('cancelled', 'D2', day(2))),
    ).toEqual([]);
  });

  test('R34: the buyer sees them when it is asked', () => {
    const view = viewOf(
      given(advancePaid(), register('export-1', 'D1', [panels]), supplier('completeExport'), released('D1')).order,
    );
    expect(view.status).toBe('awaiting-answer');
    expect(view.differences).toMatchObject([{ declared: { quantity: 400, value: 600_000 } }]);
  });

  test('R15, R34: values are declared in the currency of the order, so that they can be compared', () => {
    const yuan = { ...panels, value: { amount: 4_200_000, currency: 'CNY' as const } };
    given(advancePaid())
      .when(register('export-1', 'D1', [yuan, tracks]))
      .thenRefused('payment.currency-mismatch', 'CNY');
  });
});

describe('ex works (R44)', () => {
  const exWorks = completeContract({ shipping: { incoterm: 'EXW' } });
  const forwarder = { name: 'Kühne + Nagel (Shanghai)', papers: 'otp-4711' };

  test('R44: the buyer’s forwarder declares, with the OneTouch papers', () => {
    given(advancePaid(exWorks))
      .when(register('export-1', 'D1', [panels, tracks]))
      .thenRefused('export.forwarder-missing')
      .when(register('export-1', 'D1', [panels, tracks], { forwarder }))
      .then([{ type: 'exportRegistered', forwarder }])
      .expectOrder({ exports: [{ exportOrder: 'export-1', forwarder }] })
      .when(supplier('completeExport'), released('D1'))
      .then(['declarationReleased', 'goodsShipped']);
  });

  test('R44: the papers have a number', () => {
    given(advancePaid(exWorks))
      .when({
        say: 'registerExport',
        as: 'supplier',
        data: { exportOrder: 'e', declaration: 'D1', goods: [panels], forwarder: { name: 'K' } },
      })
      .thenRefused('message.invalid', 'data.forwarder.papers');
  });

  test.each(['FOB', 'FCA', 'CIF', 'DDP'] as const)('R44: under %s OneTouch declares', (incoterm) => {
    given(advancePaid(completeContract({ shipping: { incoterm } })))
      .when(register('export-1', 'D1', [panels, tracks], { forwarder }))
      .thenRefused('export.forwarder-not-agreed', incoterm);
  });

  test('R6, R44: the same registration with another forwarder is another one', () => {
    given(advancePaid(exWorks), register('export-1', 'D1', [panels], { forwarder }))
      .when(register('export-1', 'D1', [panels], { forwarder }))
      .thenNothing()
      .when(register('export-1', 'D1', [panels], { forwarder: { ...forwarder, papers: 'otp-4712' } }))
      .thenRefused('export.duplicate');
  });
});

describe('the balance (R25)', () => {
  const before = completeContract({ payment: { balance: 'before-shipment' } });

  test('R25: agreed before shipment, nothing is declared until it is in', () => {
    given(advancePaid(before))
      .when(registered('export-1', 'D1'))
      .thenRefused('payment.balance-due')
      .when(credited(7_000, 'balance'))
      .then(['paymentApplied', 'supplierPaid'])
      .when(registered('export-1', 'D1'))
      .then(['exportRegistered']);
    expect(viewOf(given(advancePaid(before)).order).awaits).toBe('buyer pays the balance');
  });

  test('R25: then the accepted goods complete the order', () => {
    given(
      advancePaid(before),
      credited(7_000, 'balance'),
      registered('export-1', 'D1'),
      supplier('completeExport'),
      released('D1'),
    )
      .when(buyer('answerShipment', { asAgreed: true }))
      .then(['shipmentAccepted', 'orderCompleted']);
  });

  test('R25: agreed after shipment, or where nothing is said, the advance is enough', () => {
    for (const balance of ['after-shipment', undefined] as const)
      given(advancePaid(completeContract({ payment: balance ? { balance } : {} })))
        .when(registered('export-1', 'D1'))
        .then(['exportRegistered']);
  });
});
