/** What buyers see of a supplier's record: labels (R38), and the factor by which the site ranks it (R39). */
import { limitOf, type CreditFact, type LimitExplanation } from '../../domain/credit';
import { labelPolicy, labelsOf } from '../../domain/labels';
import { rankingOf, rankingPolicy } from '../../domain/ranking';
import labelsJson from '../../seeds/policies/labels-v1.json';
import rankingJson from '../../seeds/policies/ranking-v1.json';
import { completed, dollars, noon, record, upheld, v1, verified } from '../support/credit';

const labels = labelPolicy.parse(labelsJson);
const ranking = rankingPolicy.parse(rankingJson);

const on = (date: string, facts: CreditFact[]): LimitExplanation => limitOf(record(facts), [v1], noon(date));
const shown = (explanation: LimitExplanation) => labelsOf(explanation, 'activated', labels).map(({ en }) => en);

/** So many orders of as many buyers, all on time and reviewed with five stars. */
const sales = (count: number, total = 1000): CreditFact[] =>
  Array.from({ length: count }, (_, i) =>
    completed(`o-${String(i)}`, '2026-01-10', { buyer: `b-${String(i)}`, total: dollars(total), reviewScore: 5 }),
  );
const start = on('2026-01-11', []);

describe('R38 labels', () => {
  test('R38 a supplier that has just been activated shows that, and its grade', () => {
    expect(labelsOf(start, 'activated', labels)).toEqual([
      { id: 'trade-assurance', en: 'Trade Assurance supplier', zh: '信用保障供应商' },
      { id: 'grade', en: 'Credit grade ★★☆☆☆', zh: '信用等级 ★★☆☆☆' },
    ]);
  });

  test('R38 good orders add to them: on time, without disputes, how many, and the stars', () => {
    const facts = [...sales(20), verified('2026-01-10', 92)];
    expect(shown(on('2026-01-11', facts))).toEqual([
      'Trade Assurance supplier',
      'Credit grade ★★★★★',
      'On-time shipper',
      'Orders without disputes',
      'Verified company',
      '20 completed orders in a year',
    ]);
  });

  test('R38 only orders that count are counted: three of a pair in a month (wash trading)', () => {
    const facts = Array.from({ length: 9 }, (_, i) => completed(`o-${String(i)}`, '2026-01-10'));
    expect(shown(on('2026-01-11', facts))).toContain('3 completed orders in a year');
    const four = labels.labels.map((label) => ({ ...label, rule: { when: 'orders' as const, atLeast: 4 } }));
    expect(labelsOf(on('2026-01-11', facts), 'activated', { ...labels, labels: four })).toEqual([]);
  });

  test('R38 a label goes when its reason goes', () => {
    const late = sales(20).map((fact) =>
      fact.event === 'order.completed' ? { ...fact, inputs: { ...fact.inputs, shippedOnTime: false } } : fact,
    );
    expect(shown(on('2026-01-11', late))).not.toContain('On-time shipper');
    expect(shown(on('2027-01-11', sales(20)))).toEqual(['Trade Assurance supplier', 'Credit grade ★★☆☆☆']);
  });

  test.each(['none', 'applied', 'suspended'] as const)('R38, R58 a supplier that is “%s” shows none', (state) => {
    expect(labelsOf(on('2026-01-11', sales(20)), state, labels)).toEqual([]);
    expect(rankingOf(on('2026-01-11', sales(20)), state, ranking)).toBe(1000);
  });

  test('R58 two strikes take them all away, whatever the member’s record says yet', () => {
    const struck = on('2026-01-12', [...sales(20), upheld('o-1', '2026-01-11'), upheld('o-2', '2026-01-11')]);
    expect(shown(struck)).toEqual([]);
    expect(rankingOf(struck, 'activated', ranking)).toBe(1000);
  });

  test('R38 a policy with one id twice, an unknown rule or a text in one language only is refused', () => {
    const [first] = labels.labels;
    for (const wrong of [
      [first, first],
      [{ ...first, rule: { when: 'full-moon' } }],
      [{ ...first, text: { en: 'Only English' } }],
    ])
      expect(labelPolicy.safeParse({ ...labels, labels: wrong }).success).toBe(false);
  });
});

describe('R39 the ranking factor', () => {
  test('R39 is 1,000 per mille and more, by grade and by volume', () => {
    const factor = (facts: CreditFact[]) => rankingOf(on('2026-01-11', facts), 'activated', ranking);
    expect(rankingOf(start, 'activated', ranking)).toBe(1050); // grade 2, no volume
    expect(factor(sales(2, 10_000))).toBe(1060); // grade 2, V 16,000: each of two buyers counts for 40 %
    expect(factor(sales(20, 10_000))).toBe(1150); // grade 3 (reviews hold 4 back), V 200,000
  });

  test('R39 one buyer alone lifts it by 40 % of what it buys only (wash trading)', () => {
    const facts = [completed('o-1', '2026-01-10', { total: dollars(20_000) })];
    expect(on('2026-01-11', facts).volume.counted).toEqual(dollars(8000));
    expect(rankingOf(on('2026-01-11', facts), 'activated', ranking)).toBe(1050);
  });

  test('R39 never falls with a better grade or more volume, and a policy that says otherwise is refused', () => {
    const factors = [0, 1, 2, 3, 4, 5].flatMap((grade) =>
      [0, 9_999, 10_000, 60_000, 250_000, 900_000].map((usd) =>
        rankingOf({ ...start, grade, volume: { ...start.volume, counted: dollars(usd) } }, 'activated', ranking),
      ),
    );
    expect(factors.every((factor) => Number.isInteger(factor) && factor >= 1000)).toBe(true);
    for (let i = 1; i < 6; i += 1) expect(factors[i]).toBeGreaterThanOrEqual(factors[i - 1] ?? 0);
    expect(factors.at(-1)).toBe(1300);
    expect(rankingPolicy.safeParse({ ...ranking, byGrade: [0, 20, 10, 30, 40, 50] }).success).toBe(false);
    expect(rankingPolicy.safeParse({ ...ranking, byVolume: [...ranking.byVolume].reverse() }).success).toBe(false);
  });
});
