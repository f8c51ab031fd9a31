/**
 * Every way that an order can go, walked to the end: wherever it stands, somebody has a message, or the clock a deadline, that
 * leads on to its end, and it says for whom it waits (R50).
 */
import type { Surroundings } from '../../domain/admission';
import { orderStatus } from '../../domain/order';
import { schemeName, type SchemeName } from '../../domain/scheme';
import { awaits } from '../../domain/view';
import { aSupplier, usd } from '../support/builders';
import { everySituation, themes, type Situation, type Theme } from '../support/every-way';

/** The situations from which some way leads to the end of the order. */
function leadingOn(situations: ReadonlyMap<string, Situation>): Set<string> {
  const before = new Map<string, string[]>();
  for (const [key, { next }] of situations)
    for (const then of next.values()) before.set(then, [...(before.get(then) ?? []), key]);
  const leading = [...situations].filter(([, { order }]) => order.endedAt !== undefined).map(([key]) => key);
  const known = new Set(leading);
  for (const key of leading)
    for (const earlier of before.get(key) ?? []) {
      if (known.has(earlier)) continue;
      known.add(earlier);
      leading.push(earlier);
    }
  return known;
}

const rich: Partial<Surroundings> = {};
/** The supplier has withdrawn all, and has no limit: awards are not covered. */
const poor: Partial<Surroundings> = { balance: usd(0), limit: usd(0) };
const applied: Partial<Surroundings> = { supplier: aSupplier({ tradeAssurance: 'applied' }) };
const cases = schemeName.options.flatMap((scheme) =>
  themes.flatMap((theme) => [
    [scheme, theme, 'a supplier with means', rich] as const,
    [scheme, theme, 'a supplier without means', poor] as const,
  ]),
);
const all: [SchemeName, Theme, string, Partial<Surroundings>][] = [
  ...cases.map((one): [SchemeName, Theme, string, Partial<Surroundings>] => [...one]),
  ['trade-assurance', 'payments', 'a supplier that is not activated yet', applied],
];
const reached = new Set<string>();

describe('every way of an order (R50)', () => {
  test.each(all)('%s, with its %s, %s: every situation leads on to the end', (scheme, theme, _, around) => {
    const situations = everySituation(scheme, theme, around);
    const leading = leadingOn(situations);
    for (const { order } of situations.values()) reached.add(order.status);
    const stuck = [...situations].filter(([key]) => !leading.has(key)).map(([, { story }]) => story.join(', '));
    expect(stuck).toEqual([]);
    const silent = [...situations.values()].filter(({ order }) => !order.endedAt && awaits(order) === 'nothing');
    expect(silent.map(({ story }) => story.join(', '))).toEqual([]);
  });

  test('and every status is on one of them', () => {
    expect(orderStatus.options.filter((status) => !reached.has(status))).toEqual([]);
  });
});
