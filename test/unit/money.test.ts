/** Money in integer minor units, and dates in China. */
import fc from 'fast-check';
import { add, format, money, moneyOf, parseAmount, positiveMoney, smaller, subtract, times } from '../../domain/money';
import { addDays, chinaDate, daysBetween, instant, startOfChinaDate } from '../../domain/time';
import { usd } from '../support/builders';

describe('money', () => {
  test('is written with as many decimals as its currency has', () => {
    expect(format(usd(1_234.5))).toBe('USD 1,234.50');
    expect(format(moneyOf(1_234, 'JPY'))).toBe('JPY 1,234');
    expect(format(moneyOf(0, 'CNY'))).toBe('CNY 0.00');
  });

  test('is read as people write it, never finer than its currency', () => {
    expect(parseAmount('1234.5', 'USD')).toEqual(moneyOf(123_450, 'USD'));
    expect(parseAmount('1,234,567.05', 'USD')).toEqual(moneyOf(123_456_705, 'USD'));
    expect(parseAmount('0', 'CNY')).toEqual(moneyOf(0, 'CNY'));
    expect(parseAmount('1234', 'JPY')).toEqual(moneyOf(1234, 'JPY'));
    const wrong = ['', '-1', '1.234', '1,23', '12,34.5', '1e3', ' 1', 'USD 1', '.5', '99999999999999999'];
    for (const text of wrong) expect({ text, amount: parseAmount(text, 'USD') }).toEqual({ text, amount: undefined });
    expect(parseAmount('1.5', 'JPY')).toBeUndefined();
  });

  test('currencies do not mix, and nothing leaves the safe integers', () => {
    expect(() => add(usd(1), moneyOf(1, 'EUR'))).toThrow();
    expect(() => subtract(usd(1), moneyOf(1, 'EUR'))).toThrow();
    expect(() => smaller(usd(1), moneyOf(1, 'EUR'))).toThrow();
    expect(() => add(moneyOf(Number.MAX_SAFE_INTEGER, 'USD'), usd(0.01))).toThrow(RangeError);
    expect(() => times(moneyOf(Number.MAX_SAFE_INTEGER, 'USD'), 2)).toThrow(RangeError);
    expect(() => moneyOf(0.5, 'USD')).toThrow('not an integer of minor units: 0.5');
  });

  test('amounts that come from outside are whole and not negative', () => {
    for (const amount of [-1, 0.5, NaN, Infinity, '1'])
      expect(money.safeParse({ amount, currency: 'USD' }).success).toBe(false);
    expect(money.safeParse(usd(0)).success).toBe(true);
    expect(positiveMoney.safeParse(usd(0)).success).toBe(false);
  });

  test('adds, subtracts, multiplies and compares like whole numbers (fast-check)', () => {
    const amount = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 1_000 }), (a, b, n) => {
        const [x, y] = [moneyOf(a, 'USD'), moneyOf(b, 'USD')];
        expect(add(x, y).amount).toBe(a + b);
        expect(subtract(x, y).amount).toBe(a - b);
        expect(times(x, n).amount).toBe(a * n);
        expect(smaller(x, y).amount).toBe(Math.min(a, b));
      }),
    );
  });
});

describe('time', () => {
  test('a date in China begins at 16:00 UTC of the day before (R32)', () => {
    expect(chinaDate('2026-05-10T15:59:59.999Z')).toBe('2026-05-10');
    expect(chinaDate('2026-05-10T16:00:00.000Z')).toBe('2026-05-11');
    expect(startOfChinaDate('2026-05-11')).toBe('2026-05-10T16:00:00.000Z');
  });

  test('days are 24 hours, also where others change their clocks (R29)', () => {
    expect(addDays('2026-03-28T12:00:00.000Z', 15)).toBe('2026-04-12T12:00:00.000Z');
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2026-03-02', '2026-03-01')).toBe(-1);
  });

  test('an instant is UTC, and of a year that its date in China can be written with', () => {
    expect(instant.safeParse('2026-05-10T16:00:00Z').success).toBe(true);
    for (const wrong of [
      '2026-05-10',
      '2026-05-10T16:00:00',
      '2026-05-10T16:00:00+08:00',
      '9999-12-31T16:00:00Z',
      'now',
    ])
      expect(instant.safeParse(wrong).success).toBe(false);
  });
});
