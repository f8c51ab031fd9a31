/** Properties of the credit limit that hold for every record of entries (R1, R2, R11). */
import fc from 'fast-check';
import { coverOf, limitOf, replay, type CreditEntry } from '../../domain/credit';
import { addDays, chinaDate, monthOf, startOfChinaDate } from '../../domain/time';
import type { OrderInputs } from '../support/credit';
import { completed, day, entriesArb, entryOf, noon, record, start, usdAmount, v1, verified } from '../support/credit';

const atArb = fc.integer({ min: 0, max: 1000 }).map((d) => addDays(start, d));
const limitAt = (entries: CreditEntry[], at: string) => limitOf(entries, [v1], at).limit.amount;
const runs = { numRuns: 150 };

describe('R11 properties', () => {
  test('R1 the order in which entries are read does not matter', () => {
    const shuffled = entriesArb.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(shuffled, atArb, ([a, b], at) => expect(limitOf(b, [v1], at)).toEqual(limitOf(a, [v1], at))),
      runs,
    );
  });

  test('R1 two facts of one instant count the same whichever is read first', () => {
    const [a, b] = [verified('2026-01-10', 60, 'v-a'), verified('2026-01-10', 90, 'v-b')].map(entryOf);
    const read = (entries: unknown[]) =>
      limitOf(entries as CreditEntry[], [v1], noon('2026-01-11')).scores.verification;
    expect(read([a, b])).toBe(read([b, a]));
  });

  test('R1 what is booked later does not change a limit of the past', () => {
    fc.assert(
      fc.property(entriesArb, atArb, (entries, at) => {
        const booked = entries.filter((entry) => entry.at <= at);
        expect(limitOf(entries, [v1], at)).toEqual(limitOf(booked, [v1], at));
      }),
      runs,
    );
  });

  test('R11 the limit lies between 0 and the cap, in whole hundreds of dollars, and every amount is an integer', () => {
    fc.assert(
      fc.property(entriesArb, atArb, (entries, at) => {
        const e = limitOf(entries, [v1], at);
        expect(e.limit.amount).toBeGreaterThanOrEqual(0);
        expect(e.limit.amount).toBeLessThanOrEqual(e.cap.amount);
        expect(e.limit.amount % v1.floorTo.amount).toBe(0);
        const numbers = JSON.stringify({ ...e, steps: [], at: '' }).match(/-?\d+(\.\d+)?/g) ?? [];
        expect(numbers.every((n) => Number.isSafeInteger(Number(n)))).toBe(true);
      }),
      runs,
    );
  });

  test('R11 an upheld complaint never raises the limit', () => {
    fc.assert(
      fc.property(entriesArb, day, fc.constantFrom('o-1-1', 'o-2-2', 'new'), atArb, (entries, when, order, at) => {
        const inputs = { complaint: 'added' };
        const more = entryOf({ event: 'complaint.upheld', supplier: 's-1', order, at: addDays(start, when), inputs });
        expect(limitAt([...entries, more], at)).toBeLessThanOrEqual(limitAt(entries, at));
      }),
      runs,
    );
  });

  test('R11 a shipment that is late instead of on time never raises the limit', () => {
    fc.assert(
      fc.property(entriesArb, fc.nat(), atArb, (entries, pick, at) => {
        const made = (shippedOnTime: boolean) =>
          entries.map((entry, i) =>
            entry.event === 'order.completed' && i >= pick % (entries.length || 1)
              ? { ...entry, inputs: { ...entry.inputs, shippedOnTime } }
              : entry,
          );
        expect(limitAt(made(false), at)).toBeLessThanOrEqual(limitAt(made(true), at));
      }),
      runs,
    );
  });

  test('R11 in a calendar month the limit rises by at most 25 % or the base', () => {
    fc.assert(
      fc.property(entriesArb, atArb, (entries, at) => {
        const monthStart = startOfChinaDate(`${chinaDate(at).slice(0, 7)}-01`);
        const before = limitAt(entries, addDays(monthStart, -1 / 86_400_000));
        expect(limitAt(entries, at)).toBeLessThanOrEqual(before + Math.max(before / 4, v1.base.amount));
      }),
      { numRuns: 300 },
    );
  });

  test('R1 no buyer makes up more than 40 % of the uncapped volume', () => {
    fc.assert(
      fc.property(entriesArb, atArb, (entries, at) => {
        for (const buyer of ['b-1', 'b-2', 'b-3', 'b-4']) {
          const rest = entries.filter((entry) => entry.event !== 'order.completed' || entry.inputs.buyer !== buyer);
          const only = entries.filter((entry) => entry.event === 'order.completed' && entry.inputs.buyer === buyer);
          const { uncapped, counted } = limitOf(entries, [v1], at).volume;
          const made = limitOf(only, [v1], at).volume;
          expect(made.counted.amount * 10).toBeLessThanOrEqual(made.uncapped.amount * 4);
          expect((counted.amount - limitOf(rest, [v1], at).volume.uncapped.amount) * 10).toBeLessThanOrEqual(
            uncapped.amount * 4,
          );
        }
      }),
      runs,
    );
  });

  test('R1 every record that was rated replays without a difference', () => {
    fc.assert(
      fc.property(entriesArb, (entries) => {
        const rated = record(entries.map(({ policyVersion: _, delta: __, reason: ___, ...fact }) => fact));
        expect(replay(rated, [v1], addDays(start, 2000)).differences).toEqual([]);
        expect(rated.every(({ delta }) => Number.isSafeInteger(delta))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('R2 a cover exceeds neither the order nor what is left of the limit', () => {
    fc.assert(
      fc.property(usdAmount, usdAmount, usdAmount, (total, limit, open) => {
        const cover = coverOf(total, limit, open).amount;
        expect(cover).toBeLessThanOrEqual(total.amount);
        expect(cover === 0 || cover + open.amount <= limit.amount).toBe(true);
        expect(cover).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('R1 wash trading', () => {
  const volumeOf = (entries: readonly CreditEntry[], at: string) => limitOf(entries, [v1], at).volume;
  const monthAndBuyer = (entry: CreditEntry) =>
    entry.event === 'order.completed' ? `${entry.inputs.buyer} ${monthOf(entry.inputs.completedAt)}` : '';
  /** Many orders of few pairs in few months, so that the bounds are met. */
  const crowd = fc
    .array(
      fc.record({
        day: fc.integer({ min: 0, max: 45 }),
        buyer: fc.constantFrom('b-1', 'b-1', 'b-2', 'b-3'),
        total: usdAmount,
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((orders) => orders.map(({ day: on, ...inputs }, i) => order(`o-${String(i)}`, on, inputs)));
  const order = (id: string, on: number, inputs: Partial<OrderInputs>): CreditEntry =>
    entryOf({ ...completed(id, '2026-01-01', { ...inputs, completedAt: addDays(start, on) }), at: addDays(start, on) });
  const later = addDays(start, 91);

  test('R1 of a pair no more than three orders of a month count', () => {
    fc.assert(
      fc.property(crowd, (entries) => {
        const pairs = [...new Set(entries.map(monthAndBuyer))];
        const ordersOf = (pair: string) => entries.filter((entry) => monthAndBuyer(entry) === pair).length;
        const most = pairs.reduce((sum, pair) => sum + Math.min(3, ordersOf(pair)), 0);
        expect(volumeOf(entries, later).ordersCounted).toBe(most);
      }),
      runs,
    );
  });

  test('R1 a further order never lowers the volume, but by taking the place of a later one of its pair and month', () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 0, max: 45 }), usdAmount, (entries, on, total) => {
        const added = order('added', on, { buyer: 'b-1', total });
        const [before, after] = [volumeOf(entries, later), volumeOf([...entries, added], later)];
        const rivals = entries.filter((entry) => monthAndBuyer(entry) === monthAndBuyer(added));
        const pushedOut = rivals.flatMap((entry) =>
          entry.event === 'order.completed' && entry.inputs.completedAt >= addDays(start, on)
            ? [entry.inputs.total.amount]
            : [],
        );
        const most = rivals.length < 3 ? 0 : Math.max(0, ...pushedOut);
        expect(after.uncapped.amount).toBeGreaterThanOrEqual(before.uncapped.amount - most);
        // The cap follows the sum: with nothing pushed out every buyer counts for as much as before, or more.
        if (most === 0) expect(after.counted.amount).toBeGreaterThanOrEqual(before.counted.amount);
      }),
      runs,
    );
  });

  test('R1 orders of one buyer alone never count for more than 40 % of what they make', () => {
    fc.assert(
      fc.property(crowd, (entries) => {
        const alone = entries.filter((entry) => monthAndBuyer(entry).startsWith('b-1'));
        const { counted, uncapped } = volumeOf(alone, later);
        expect(counted.amount * 10).toBeLessThanOrEqual(uncapped.amount * 4);
      }),
      runs,
    );
  });
});
