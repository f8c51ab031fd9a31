/** The credit limit (R1, R2, R3, R11): the policy `ta-limit/v1` told as stories of suppliers. */
import {
  coverOf,
  creditEntry,
  creditFact,
  entryKey,
  explainLines,
  limitOf,
  limitPolicy,
  rate,
  replay,
  type CreditEntry,
  type CreditFact,
  type LimitPolicy,
} from '../../domain/credit';
import { moneyOf } from '../../domain/money';
import { policyInForce } from '../../domain/policy';
import { addDays, startOfChinaDate } from '../../domain/time';
import { completed, dollars, noon, paid, record, reinstated, repaid, upheld, v1, verified } from '../support/credit';

/** The explanation in the afternoon of a date, when all that came at noon is booked. */
const on = (date: string, facts: CreditFact[], policies = [v1]) =>
  limitOf(record(facts, policies), policies, addDays(noon(date), 0.25));

/** The limit in dollars in the afternoon of a date. */
const limitOn = (date: string, facts: CreditFact[], policies = [v1]) => on(date, facts, policies).limit.amount / 100;

/** Five buyers with two orders of USD 100,000 each on a date: more volume than any month can turn into limit. */
const bigSales = (date: string): CreditFact[] =>
  [1, 2, 3, 4, 5].flatMap((n) =>
    [1, 2].map((m) => completed(`big-${n}-${m}`, date, { buyer: `b-${n}`, total: dollars(100_000) })),
  );

/** A policy under which volume, bounds and grade can be seen apart from the monthly rise. */
const unhurried: LimitPolicy = { ...v1, maxMonthlyRisePercent: 1_000_000 };

describe('R11 the policy ta-limit/v1', () => {
  test('R11 has the rates, caps and bands of the reading', () => {
    expect(v1.grades.map((row) => [row.fromScore, row.ratePercent, row.cap.amount / 100_000])).toEqual([
      [0, 0, 2],
      [60, 10, 10],
      [70, 15, 30],
      [80, 20, 80],
      [85, 25, 200],
      [90, 30, 500],
    ]);
  });

  test.each([
    [
      'weights that miss 100',
      { scores: { ...v1.scores, weightsPercent: { ...v1.scores.weightsPercent, reviews: 21 } } },
    ],
    ['a halving table shorter than the window', { volume: { ...v1.volume, windowDays: 400 } }],
    [
      'a higher grade with a lower rate',
      { grades: [v1.grades[0], { ...v1.grades[1], ratePercent: 20 }, v1.grades[2]] },
    ],
    ['a higher grade with a lower cap', { grades: [v1.grades[0], { ...v1.grades[1], cap: dollars(1) }] }],
    ['bands out of order', { grades: [v1.grades[0], v1.grades[1], { ...v1.grades[2], fromScore: 60 }] }],
    ['a field that nobody knows', { bonus: 5 }],
  ])('R11 is refused with %s', (_, change) => {
    expect(limitPolicy.safeParse({ ...v1, ...change }).success).toBe(false);
  });

  test('R56 the version in force is the latest that has taken effect', () => {
    const v2 = { ...v1, id: 'ta-limit/v2', effectiveFrom: startOfChinaDate('2026-04-01') };
    expect(policyInForce([v2, v1], '2026-03-31T15:59:59.999Z').id).toBe('ta-limit/v1');
    expect(policyInForce([v1, v2], '2026-03-31T16:00:00.000Z').id).toBe('ta-limit/v2');
    expect(() => policyInForce([v1], '2015-01-01T00:00:00.000Z')).toThrow('no policy');
  });
});

describe('R1 entries', () => {
  test('R1 an entry carries what it was rated on, and is unique by order and event', () => {
    const [first, second] = record([completed('o-1', '2026-01-10'), upheld('o-1', '2026-01-20')]);
    expect(creditEntry.parse(first)).toEqual(first);
    expect(first).toMatchObject({ policyVersion: 'ta-limit/v1', delta: 0 });
    expect(first?.reason).toBe('Order o-1 completed: USD 1,000.00 net of refunds, shipped on time.');
    expect(entryKey(first as CreditEntry)).not.toBe(entryKey(second as CreditEntry));
  });

  test('R1 two complaints on one order are two facts, and an order and a supplier never share a key', () => {
    expect(entryKey(upheld('o-1', '2026-01-10', 'c-1'))).not.toBe(entryKey(upheld('o-1', '2026-01-10', 'c-2')));
    const tricky = entryKey(paid('o-1","guarantee.paid', '2026-01-10', 1));
    expect(tricky).not.toBe(entryKey(paid('o-1', '2026-01-10', 1, 'guarantee.paid')));
  });

  test('R1 a fact that is on record is not booked twice', () => {
    const entries = record([completed('o-1', '2026-01-10')]);
    expect(rate(entries, completed('o-1', '2026-02-10', { total: dollars(9) }), [v1])).toBe(entries[0]);
    expect(() => limitOf([...entries, ...entries], [v1], noon('2026-03-01'))).toThrow('twice');
  });

  test('R1 a fact that comes late is booked after the newest entry, and ages from its own date', () => {
    const entries = record([completed('o-1', '2026-03-10'), completed('o-2', '2026-01-10')]);
    expect(entries[1]?.at).toBe(addDays(noon('2026-03-10'), 1 / 24 / 60 / 60 / 1000));
    expect(limitOf(entries, [v1], noon('2026-07-15')).volume.uncapped).toEqual(dollars(1500));
  });

  test('R1 the record of one supplier says nothing about another', () => {
    const other = { ...completed('o-2', '2026-01-11'), supplier: 's-2' };
    expect(() => record([completed('o-1', '2026-01-10'), other])).toThrow('two suppliers');
  });

  test.each([
    ['more refunded than paid', { refunded: dollars(1001) }],
    ['a completion after its booking', { completedAt: noon('2026-01-11') }],
    ['a price in another currency', { total: { amount: 1, currency: 'EUR' as never } }],
    ['a fraction of a cent', { total: { amount: 0.5, currency: 'USD' as const } }],
    ['six stars', { reviewScore: 6 }],
  ])('R1 a fact is refused with %s', (_, inputs) => {
    expect(creditFact.safeParse(completed('o-1', '2026-01-10')).success).toBe(true);
    expect(creditFact.safeParse(completed('o-1', '2026-01-10', inputs)).success).toBe(false);
  });
});

describe('R1 volume', () => {
  test.each([
    ['2026-01-01', 0, 1000],
    ['2026-06-29', 179, 1000],
    ['2026-06-30', 180, 500],
    ['2026-12-26', 359, 500],
    ['2026-12-27', 360, 250],
    ['2027-01-01', 365, 250],
    ['2027-01-02', 366, 0],
  ])('R1 an order of USD 1,000 counts on %s, %i days old, with USD %i', (date, _, counts) => {
    expect(on(date, [completed('o-1', '2026-01-01')]).volume.uncapped).toEqual(dollars(counts));
  });

  test('R1 an order’s age changes at midnight in China, not in UTC', () => {
    const entries = record([completed('o-1', '2026-01-01')]);
    const volume = (at: string) => limitOf(entries, [v1], at).volume.uncapped;
    expect(volume('2026-06-29T15:59:59.999Z')).toEqual(dollars(1000));
    expect(volume('2026-06-29T16:00:00.000Z')).toEqual(dollars(500));
  });

  test('R1 refunds do not count', () => {
    const { volume } = on('2026-01-02', [completed('o-1', '2026-01-01', { refunded: dollars(300) })]);
    expect(volume.uncapped).toEqual(dollars(700));
  });

  test('R1 the first three orders of a pair in a month count, by China’s calendar', () => {
    const sameMonth = ['2026-01-05', '2026-01-10', '2026-01-15', '2026-01-20', '2026-01-31'];
    const facts = [...sameMonth, '2026-02-01'].map((date, i) => completed(`o-${i}`, date, { total: dollars(10 ** i) }));
    const other = completed('o-9', '2026-02-02', { buyer: 'b-2', total: dollars(7) });
    const { volume } = on('2026-02-03', [...facts, other]);
    expect(volume).toMatchObject({ orders: 7, ordersCounted: 5, uncapped: dollars(100_118) });
  });

  test('R1 the first three are those that completed first, of those that are booked by then', () => {
    const facts = [1, 2, 3].map((n) => completed(`o-${n}`, `2026-01-1${n}`, { total: dollars(10 ** n) }));
    const late = completed('o-0', '2026-01-02', { total: dollars(1) }, '2026-02-05');
    expect(on('2026-02-04', [...facts, late]).volume.uncapped).toEqual(dollars(1110));
    expect(on('2026-02-05', [...facts, late]).volume.uncapped).toEqual(dollars(111));
  });

  test('R1 one buyer counts for at most 40 % of the volume before that cap', () => {
    const facts = [
      completed('o-1', '2026-01-05', { buyer: 'b-1', total: dollars(8000) }),
      completed('o-2', '2026-01-06', { buyer: 'b-2', total: dollars(2000) }),
    ];
    const { volume } = on('2026-01-07', facts);
    expect(volume).toMatchObject({ uncapped: dollars(10_000), counted: dollars(6000) });
    expect(volume.cappedBuyers).toEqual([{ buyer: 'b-1', made: dollars(8000), counted: dollars(4000) }]);
  });
});

describe('R11 scores and R3 grades', () => {
  test('R11 a new supplier starts at 70 points in everything: grade 2, with the base of USD 2,000', () => {
    const start = on('2026-01-01', []);
    expect(start).toMatchObject({ grade: 2, limit: dollars(2000), volume: { orders: 0 }, suspended: false });
    expect(start.scores).toEqual({ onTime: 70, undisputed: 70, reviews: 70, verification: 70, total: 70 });
  });

  test('R3 completing an order earns 15 % of what counts of it in grade 2', () => {
    const order = completed('o-1', '2026-01-10', { total: dollars(10_000), reviewScore: 5 });
    const after = on('2026-01-10', [order]);
    expect(after.scores).toEqual({ onTime: 72, undisputed: 72, reviews: 72, verification: 70, total: 71 });
    expect(after).toMatchObject({ grade: 2, ratePercent: 15, limit: dollars(2600) }); // 2,000 + 15 % of 4,000
    expect(record([order])[0]?.delta).toBe(60_000);
  });

  test('R11 every score is the mean of the orders and ten orders of 70', () => {
    const bad = { shippedOnTime: false, disputed: true, reviewScore: 2 };
    const facts = [
      completed('o-1', '2026-01-10', bad),
      ...[2, 3, 4].map((n) => completed(`o-${n}`, '2026-01-10', { reviewScore: 4 })),
      completed('o-5', '2026-01-10'),
      verified('2026-01-11', 93),
    ];
    // on time and undisputed (700 + 400) / 15; reviews (700 + 25 + 3 × 75) / 14; total (70 × 73 + 20 × 67 + 930) / 100
    const { scores } = on('2026-01-12', facts);
    expect(scores).toEqual({ onTime: 73, undisputed: 73, reviews: 67, verification: 93, total: 73 });
  });

  test('R11 orders that left the window do not score', () => {
    const late = completed('o-1', '2026-01-01', { shippedOnTime: false, reviewScore: 1, disputed: true });
    expect(on('2027-01-01', [late]).scores).toMatchObject({ onTime: 63, undisputed: 63, reviews: 63 });
    expect(on('2027-01-02', [late]).scores).toMatchObject({ onTime: 70, undisputed: 70, reviews: 70 });
  });

  test('R11 an upheld complaint makes its order a disputed one, completed or not, once', () => {
    const order = completed('o-1', '2026-01-10');
    expect(on('2026-01-21', [order]).scores.undisputed).toBe(72); // (700 + 100) / 11
    expect(on('2026-01-21', [order, upheld('o-1', '2026-01-20')]).scores.undisputed).toBe(63); // 700 / 11
    expect(on('2026-01-21', [order, upheld('o-2', '2026-01-20')]).scores.undisputed).toBe(66); // 800 / 12
    const twice = [upheld('o-2', '2026-01-20', 'c-1'), upheld('o-2', '2026-01-20', 'c-2')];
    expect(on('2026-01-21', [order, ...twice]).scores.undisputed).toBe(66);
  });

  test('R11 the latest verification counts, and takes the place of the 70 points', () => {
    const facts = [verified('2026-01-10', 95), verified('2026-02-10', 80)];
    expect(on('2026-01-09', facts).scores.verification).toBe(70);
    expect(on('2026-01-31', facts).scores.verification).toBe(95);
    expect(on('2026-02-28', facts).scores.verification).toBe(80);
  });

  test.each([
    [59, 0],
    [60, 1],
    [69, 1],
    [70, 2],
    [79, 2],
    [80, 3],
    [84, 3],
    [85, 4],
    [89, 4],
    [90, 5],
    [100, 5],
  ])('R3 %i points are grade %i', (points, grade) => {
    const policy = { ...v1, scores: { ...v1.scores, prior: { mean: points, orders: 10 } } };
    const row = v1.grades[grade];
    expect(on('2026-01-01', [], [policy])).toMatchObject({ grade, ratePercent: row?.ratePercent, cap: row?.cap });
  });

  test('R3 the grade is at most one above the band of the weakest score', () => {
    const policy = { ...v1, scores: { ...v1.scores, prior: { mean: 95, orders: 10 } } };
    expect(on('2026-01-11', [verified('2026-01-10', 69)], [policy])).toMatchObject({ grade: 2, scores: { total: 92 } });
    const held = explainLines(on('2026-01-11', [verified('2026-01-10', 59)], [policy]));
    expect(held.join()).toContain('The total alone would give grade 5; verification holds it back.');
  });
});

describe('R11 the limit', () => {
  test('R11 base + rate × volume is rounded down to USD 100', () => {
    const order = completed('o-1', '2026-01-10', { total: dollars(11_650) });
    expect(limitOn('2026-01-10', [order])).toBe(2600); // 2,000 + 15 % of 4,660 = 2,699
  });

  test('R11 the cap of the grade bounds it', () => {
    const facts = [...bigSales('2026-01-10'), verified('2026-01-10', 75)];
    const e = on('2026-01-11', facts, [{ ...unhurried, scores: { ...v1.scores, prior: { mean: 70, orders: 1000 } } }]);
    expect(e).toMatchObject({ grade: 2, cap: dollars(30_000), limit: dollars(30_000) });
    expect(e.steps.join()).toContain('Cap of grade 2: USD 30,000.00.');
  });

  test('R11 it rises month by month by 25 % or the base, whichever is more', () => {
    const facts = bigSales('2026-01-10');
    const months = ['01', '02', '03', '04', '05', '06', '07'].map((month) => limitOn(`2026-${month}-28`, facts));
    expect(months).toEqual([4000, 6000, 8000, 10_000, 12_500, 15_600, 19_500]);
    const { monthlyRise } = on('2026-05-28', facts);
    expect(monthlyRise).toEqual({ capped: true, earnedAtMost: dollars(12_500), limitAtMost: dollars(12_500) });
  });

  test('R11 a month begins at midnight in China', () => {
    const entries = record(bigSales('2026-01-10'));
    expect(limitOf(entries, [v1], '2026-01-31T15:59:59.999Z').limit).toEqual(dollars(4000));
    expect(limitOf(entries, [v1], '2026-01-31T16:00:00.000Z').limit).toEqual(dollars(6000));
  });

  test('R11 it falls at once, even while the month’s rise holds it back', () => {
    const sales = bigSales('2026-01-10');
    expect(limitOn('2026-05-20', sales)).toBe(12_500);
    expect(limitOn('2026-05-20', [...sales, upheld('big-1-1', '2026-05-20')])).toBe(10_000);
  });

  test('R11 a limit that fell rises again by no more than the month allows', () => {
    const facts = [
      ...bigSales('2026-01-10'),
      paid('big-1-1', '2026-05-20', 50_000),
      repaid('big-1-1', '2026-06-10', 50_000),
    ];
    expect(limitOn('2026-05-31', facts)).toBe(0);
    expect(limitOn('2026-06-10', facts)).toBe(2000);
    expect(limitOn('2026-07-01', facts)).toBe(4000);
  });
});

describe('R11 deductions', () => {
  test('R11 a late shipment takes 2 % for 90 days from completion', () => {
    const late = [...bigSales('2026-01-10'), completed('o-1', '2026-04-20', { shippedOnTime: false }, '2026-04-22')];
    expect(on('2026-04-22', late).deductions).toMatchObject([
      { kind: 'late-shipment', order: 'o-1', percent: 2, of: dollars(10_000), endsOn: '2026-07-19' },
    ]);
    expect(limitOn('2026-04-22', late)).toBe(9800);
    expect(on('2026-07-18', late).deductions).toHaveLength(1);
    expect(on('2026-07-19', late).deductions).toHaveLength(0);
  });

  test('R11 an upheld complaint takes 20 % for 365 days and is a strike for life', () => {
    const facts = [...bigSales('2026-01-10'), upheld('big-1-1', '2026-04-20')];
    expect(on('2026-04-20', facts)).toMatchObject({ limit: dollars(8000), strikes: 1, suspended: false });
    expect(on('2027-04-19', facts).deductions).toHaveLength(1);
    expect(on('2027-04-20', facts)).toMatchObject({ deductions: [], strikes: 1 });
  });

  test('R11 deductions add up and apply after the cap', () => {
    const late = (n: number) => completed(`o-${n}`, '2026-04-20', { buyer: `b-${n}`, shippedOnTime: false });
    const facts = [...bigSales('2026-01-10'), late(1), late(2), upheld('big-1-1', '2026-04-20')];
    expect(on('2026-04-20', facts)).toMatchObject({ earned: dollars(10_000), limit: dollars(7600) });
  });

  test('R11 deductions never make the limit negative', () => {
    const late = Array.from({ length: 60 }, (_, n) => completed(`o-${n}`, '2026-04-20', { shippedOnTime: false }));
    expect(limitOn('2026-04-21', late)).toBe(0);
    expect(on('2026-04-21', late).steps.at(-2)).toBe('Deductions together: USD 2,000.00.');
  });

  test('R2 what the platform paid and the supplier still owes is taken off in full, order by order', () => {
    const sales = bigSales('2026-01-10');
    const facts = [paid('big-1-1', '2026-04-10', 3000), repaid('big-1-1', '2026-04-12', 1000)];
    expect(limitOn('2026-04-11', [...sales, ...facts])).toBe(7000);
    expect(limitOn('2026-04-12', [...sales, ...facts])).toBe(8000);
    expect(limitOn('2026-04-13', [...sales, ...facts, repaid('big-1-2', '2026-04-13', 9000, 'r-2')])).toBe(8000);
    expect(limitOn('2026-04-13', [...sales, ...facts, repaid('big-1-1', '2026-04-13', 2000, 'r-2')])).toBe(10_000);
  });

  test('R58 two strikes suspend: the limit is 0, for life', () => {
    const facts = [...bigSales('2026-01-10'), upheld('big-1-1', '2026-02-10'), upheld('big-2-1', '2028-02-10')];
    expect(on('2028-02-09', facts)).toMatchObject({ strikes: 1, suspended: false, limit: dollars(2000) });
    expect(on('2031-01-01', facts)).toMatchObject({ strikes: 2, suspended: true, limit: dollars(0) });
  });

  test('R58 the platform may reinstate; the next strike suspends again', () => {
    const facts = [upheld('o-1', '2026-01-10'), upheld('o-2', '2026-01-11'), reinstated('2026-03-10')];
    expect(limitOn('2026-03-09', facts)).toBe(0);
    expect(on('2026-03-10', facts)).toMatchObject({ strikes: 2, suspended: false, limit: dollars(1200) });
    expect(on('2026-03-12', [...facts, upheld('o-3', '2026-03-11')])).toMatchObject({ strikes: 3, limit: dollars(0) });
  });
});

describe('R56 versions', () => {
  const v2: LimitPolicy = {
    ...v1,
    id: 'ta-limit/v2',
    effectiveFrom: startOfChinaDate('2026-04-01'),
    base: dollars(3000),
    deductions: { ...v1.deductions, upheldComplaint: { percent: 50, days: 10, strikes: 1 } },
  };

  test('R56 an old entry keeps its deduction; the base is that of the date', () => {
    const facts = [upheld('o-1', '2026-03-20')];
    expect(limitOn('2026-03-31', facts, [v1, v2])).toBe(1600);
    expect(limitOn('2026-04-20', facts, [v1, v2])).toBe(2400); // 3,000 − 20 %, not − 50 %
    expect(record([upheld('o-1', '2026-04-01')], [v1, v2])[0]).toMatchObject({
      policyVersion: 'ta-limit/v2',
      delta: -150_000,
    });
  });

  test('R56 a limit of the past is the same whatever came later', () => {
    const facts = bigSales('2026-01-10');
    expect(limitOn('2026-03-31', facts, [v1, v2])).toBe(limitOn('2026-03-31', facts, [v1]));
    const later = record([...facts, upheld('big-1-1', '2026-06-01')], [v1, v2]);
    expect(limitOf(later, [v1, v2], noon('2026-03-31')).limit).toEqual(dollars(8000));
  });

  test('R56 an entry of a version that is not at hand cannot be explained', () => {
    const entries = record([upheld('o-1', '2026-04-01')], [v1, v2]);
    expect(() => limitOf(entries, [v1], noon('2026-05-01'))).toThrow('ta-limit/v2');
  });
});

describe('R2 cover', () => {
  test.each([
    ['all of the order while the limit allows', 1000, 5000, 2000, 1000],
    ['what is left of the limit', 4000, 5000, 2000, 3000],
    ['nothing when the limit is used up', 4000, 5000, 5000, 0],
    ['nothing when the limit fell below the open cover', 4000, 5000, 6000, 0],
  ])('R2 covers %s', (_, total, limit, openCover, cover) => {
    expect(coverOf(dollars(total), dollars(limit), dollars(openCover))).toEqual(dollars(cover));
  });

  test('R2 a limit in USD covers no order in another currency', () => {
    expect(() => coverOf(moneyOf(1, 'EUR'), dollars(1), dollars(0))).toThrow();
  });
});

describe('R1 explain and replay', () => {
  const facts = [
    ...bigSales('2026-01-10'),
    verified('2026-01-12', 85),
    ...[1, 2, 3, 4].map((n) => completed(`o-${n}`, '2026-05-11', { reviewScore: 5 })),
    completed('o-5', '2026-05-12', { buyer: 'b-2', shippedOnTime: false, reviewScore: 3 }),
    upheld('o-5', '2026-05-30'),
    paid('o-5', '2026-05-31', 1000),
  ];

  test('R1 a supplier can read how the limit came about', () => {
    expect(explainLines(on('2026-06-01', facts))).toEqual([
      'Credit limit on 2026-06-01: USD 10,800.00 (grade 3, policy ta-limit/v1).',
      'Volume: 15 orders in 365 days, net of refunds, weighted by age: USD 1,004,000.00; 1 more than 3 with one buyer in one month do not count.',
      'Grade 3: on time 84 (40 %), undisputed 84 (30 %), reviews 76 (20 %), verification 85 (10 %); total 82.',
      'Earned: base USD 2,000.00 + 20 % of USD 1,004,000.00 = USD 202,800.00.',
      'Cap of grade 3: USD 80,000.00.',
      'Growth: from USD 12,500.00 at the end of last month to at most USD 15,625.00 this month.',
      'Deduction: late shipment, order o-5: 2 % of USD 15,625.00 until 2026-08-10.',
      'Deduction: upheld complaint, order o-5: 20 % of USD 15,625.00 until 2027-05-30.',
      'Deduction: guarantee payout not paid back, order o-5: 100 % of USD 1,000.00 until it is paid back.',
      'Deductions together: USD 4,437.50.', // 22 % + 1,000
      'Rise: from USD 8,700.00 at the end of last month to at most USD 10,875.00 this month.',
      'Strikes: 1; 2 suspend Trade Assurance.',
      'Limit, rounded down to a multiple of USD 100.00: USD 10,800.00.',
    ]);
  });

  test('R1 it names a buyer that was cut, a limit that may not rise faster, and a suspension', () => {
    const cut = on('2026-01-10', [completed('o-1', '2026-01-10', { total: dollars(10_000) })]).steps;
    expect(cut[1]).toBe('Buyer b-1 made USD 10,000.00 of it; one buyer counts for at most 40 %: USD 4,000.00.');
    const fallen = [...bigSales('2026-01-10'), paid('o', '2026-05-20', 50_000), repaid('o', '2026-06-10', 50_000)];
    expect(on('2026-06-10', fallen).steps.at(-2)).toBe(
      'Rise: from USD 0.00 at the end of last month to at most USD 2,000.00 this month.',
    );
    const suspended = on('2026-01-11', [upheld('o-1', '2026-01-10'), upheld('o-2', '2026-01-10')]).steps;
    expect(suspended.at(-1)).toBe('Suspended: the limit is USD 0.00 until the platform reinstates the supplier.');
  });

  test('R1 replay finds the record as it was rated, whatever order it is read in', () => {
    const entries = record([...facts, verified('2026-03-01', 90)]);
    const { limit, differences } = replay([...entries].reverse(), [v1], noon('2026-06-01'));
    expect(differences).toEqual([]);
    expect(limit).toEqual(limitOf(entries, [v1], noon('2026-06-01')));
    expect(entries.map(({ delta }) => delta).some((delta) => delta < 0)).toBe(true);
  });

  test('R1 replay finds an entry that was tampered with', () => {
    const entries = record(facts).map((entry) => (entry.event === 'complaint.upheld' ? { ...entry, delta: 0 } : entry));
    const { differences } = replay(entries, [v1], noon('2026-06-01'));
    expect(differences).toEqual([{ key: '["o-5","complaint.upheld","c-o-5"]', recorded: 0, recomputed: -250_000 }]);
  });

  test('R1 replay ignores what was booked later', () => {
    const entries = record([...facts, upheld('o-1', '2026-07-01')]);
    const wrongLater = entries.map((entry, i) => (i === entries.length - 1 ? { ...entry, delta: 1 } : entry));
    const { limit, differences } = replay(wrongLater, [v1], noon('2026-06-01'));
    expect(differences).toEqual([]);
    expect(limit.suspended).toBe(false);
    expect(replay(wrongLater, [v1], noon('2026-07-02')).differences).toHaveLength(1);
  });
});
