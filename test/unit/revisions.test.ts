/** The revisions of a contract as they are told: what, by whom, when, counter-offers (R52, R57). */
import { revisionsOf, type Revision } from '../../domain/revisions';
import {
  advancePaid,
  buyer,
  completeContract,
  confirmed,
  drafted,
  given,
  startsAt,
  supplier,
  usd,
  type Step,
} from '../support/builders';
import { accepts } from '../support/disputes';

const told = (...steps: Step[]): Revision[] => revisionsOf(given(...steps).journal);
const complete = completeContract();
const [panels, lamps] = complete.product.lines;
const lines = (...all: (typeof panels)[]) => ({ product: { lines: all.flatMap((line) => line ?? []) } });
const cheaper = lines(panels && { ...panels, unitPrice: usd(14) }, lamps);
const revise = (by: typeof buyer, baseRevision: number, changes: Partial<typeof complete>) =>
  by('revise', { baseRevision, changes });
const minute = (n: number): string => new Date(Date.parse(startsAt) + n * 60_000).toISOString();

describe('revisions (R52)', () => {
  test('R52: the draft is the first one, with all that it says', () => {
    expect(told(drafted({ payment: { advancePercent: 30, methods: ['tt'] } }))).toEqual([
      {
        revision: 1,
        how: 'drafted',
        by: 'supplier',
        at: startsAt,
        modules: [
          {
            module: 'payment',
            changes: [
              { path: 'advancePercent', after: 30 },
              { path: 'methods', after: ['tt'] },
            ],
          },
        ],
        isCounterOffer: false,
        confirmedBy: [],
      },
    ]);
  });

  test('R52: each later one says what it changed, module by module: from what, to what, by whom and when', () => {
    const shipping = { ...complete.shipping, method: 'air' as const, freight: usd(300) };
    const [, second] = told(drafted(), revise(buyer, 1, { ...cheaper, shipping }));
    expect(second).toMatchObject({ revision: 2, how: 'revised', by: 'buyer', at: minute(1) });
    expect(second?.modules).toEqual([
      { module: 'product', changes: [{ path: 'lines.0.unitPrice', before: usd(15), after: usd(14) }] },
      {
        module: 'shipping',
        changes: [
          { path: 'method', before: 'sea', after: 'air' },
          { path: 'freight', after: usd(300) },
        ],
      },
    ]);
  });

  test('R52: a price in another currency is one change; a line, a field or a module may come and go', () => {
    const inEuro = { amount: 1_400, currency: 'EUR' } as const;
    const [, euro, fewer] = told(
      drafted(),
      revise(buyer, 1, lines(panels && { ...panels, unitPrice: inEuro }, lamps)),
      revise(supplier, 2, lines(panels && { ...panels, unitPrice: inEuro })),
    );
    expect(euro?.modules[0]?.changes).toEqual([{ path: 'lines.0.unitPrice', before: usd(15), after: inEuro }]);
    expect(fewer?.modules).toEqual([{ module: 'product', changes: [{ path: 'lines.1', before: lamps }] }]);
    const freight = { shipping: { ...complete.shipping, freight: usd(300) } };
    const [, , without] = told(
      drafted(),
      revise(buyer, 1, freight),
      revise(supplier, 2, { shipping: complete.shipping }),
    );
    expect(without?.modules).toEqual([{ module: 'shipping', changes: [{ path: 'freight', before: usd(300) }] }]);
  });

  test('R52: a module that was named and stays as it was is not told', () => {
    const [, second] = told(drafted(), revise(buyer, 1, { ...cheaper, contacts: complete.contacts }));
    expect(second?.modules.map(({ module }) => module)).toEqual(['product']);
  });
});

describe('who confirmed and who declined (R54, R57)', () => {
  test('R54: each confirmation stands at the revision that it was given to', () => {
    const [first, second] = told(
      drafted(),
      supplier('confirm', { revision: 1 }),
      revise(buyer, 1, cheaper),
      buyer('confirm', { revision: 2 }),
      supplier('confirm', { revision: 2 }),
    );
    expect(first?.confirmedBy).toEqual([{ by: 'supplier', at: minute(1) }]);
    expect(second?.confirmedBy).toEqual([
      { by: 'buyer', at: minute(3) },
      { by: 'supplier', at: minute(4) },
    ]);
  });

  test('R57: so does a decline, with its reason; who confirms again is told once', () => {
    const declined = [
      drafted(),
      buyer('confirm', { revision: 1 }),
      supplier('decline', { revision: 1, reason: 'The price of copper' }),
    ];
    expect(told(declined)).toMatchObject([
      { declined: { by: 'supplier', at: minute(2), reason: 'The price of copper' }, confirmedBy: [{ by: 'buyer' }] },
    ]);
    expect(told(declined, buyer('confirm', { revision: 1 }))[0]?.confirmedBy).toEqual([{ by: 'buyer', at: minute(3) }]);
  });
});

describe('counter-offers (R52, R57)', () => {
  const isCounterOffer = (...steps: Step[]) => told(...steps).map((one) => one.isCounterOffer);

  test('R57: other terms, in answer to what the other side had confirmed', () => {
    const offered = [drafted(), supplier('confirm', { revision: 1 })];
    expect(isCounterOffer(offered, revise(buyer, 1, cheaper))).toEqual([false, true]);
    expect(
      isCounterOffer(offered, buyer('decline', { revision: 1, reason: 'Dear' }), revise(buyer, 1, cheaper)),
    ).toEqual([false, true]);
  });

  test('R52: filling in what nobody has confirmed, or changing one’s own offer, is none', () => {
    expect(isCounterOffer(drafted({}), revise(buyer, 1, cheaper))).toEqual([false, false]);
    expect(isCounterOffer(drafted(), supplier('confirm', { revision: 1 }), revise(supplier, 1, cheaper))).toEqual([
      false,
      false,
    ]);
  });

  test('R52: an amendment counts once it is agreed, as its proposer’s, confirmed by both', () => {
    const propose = (by: typeof buyer, changes: Partial<typeof complete>) => by('proposeAmendment', { changes });
    const before = given(advancePaid()).journal.length;
    expect(told(advancePaid(), propose(buyer, cheaper))).toHaveLength(1);
    const [, amended] = told(advancePaid(), propose(buyer, cheaper), accepts(supplier));
    expect(amended).toMatchObject({
      revision: 2,
      how: 'amended',
      by: 'buyer',
      at: minute(before + 1),
      modules: [{ module: 'product', changes: [{ path: 'lines.0.unitPrice', before: usd(15), after: usd(14) }] }],
      isCounterOffer: false,
      confirmedBy: [
        { by: 'buyer', at: minute(before) },
        { by: 'supplier', at: minute(before + 1) },
      ],
    });
    const dearer = lines(panels && { ...panels, unitPrice: usd(14.5) }, lamps);
    const [, countered, next] = told(
      advancePaid(),
      propose(buyer, cheaper),
      propose(supplier, dearer),
      accepts(buyer),
      propose(buyer, cheaper),
      accepts(supplier),
    );
    expect(countered).toMatchObject({
      by: 'supplier',
      isCounterOffer: true,
      confirmedBy: [{ by: 'supplier' }, { by: 'buyer' }],
    });
    expect(next).toMatchObject({ revision: 3, by: 'buyer', isCounterOffer: false });
  });

  test('R52: proposals of another kind are no revisions', () => {
    expect(told(confirmed(), buyer('proposeCancellation', { reason: 'No need', refund: usd(0) }))).toHaveLength(1);
  });
});
