/** R30: which order a transfer pays: the account tells the pair, then the reference, then the oldest order that takes it in. */
import fc from 'fast-check';
import { matchCredit, type Payable } from '../../domain/matching';
import { usd } from '../support/builders';

const due = (id: string, dollars: number, since: string): Payable => ({ id, outstanding: usd(dollars), since });
const old = due('po-1', 3_000, '2026-03-01T00:00:00.000Z');
const middle = due('po-2', 10_000, '2026-03-02T00:00:00.000Z');
const young = due('po-10', 500, '2026-03-03T00:00:00.000Z');
const all = [young, middle, old];

describe('by the reference (R30)', () => {
  test.each([
    ['PO-2', 'po-2'],
    ['payment for order po-2, thank you', 'po-2'],
    ['/RFB/PO 2/INV', 'po-2'],
    ['Po_10', 'po-10'],
  ])('R30: “%s” names %s', (remittance, order) => {
    expect(matchCredit({ amount: usd(1), remittance }, all, true)).toEqual({ order, by: 'reference' });
  });

  test('R30: a number is a whole word: po-1 is not po-10', () => {
    expect(matchCredit({ amount: usd(1), remittance: 'po-1' }, [young, old], true)?.order).toBe('po-1');
    expect(matchCredit({ amount: usd(9_999), remittance: 'po-100' }, [young], true)).toBeUndefined();
  });

  test('R30: the order that is named is paid even when the amount is more than it is due; the rest is the order’s to suspend', () => {
    expect(matchCredit({ amount: usd(9_000), remittance: 'po-10' }, all, true)?.order).toBe('po-10');
  });

  test('R30: two orders in one text say nothing', () => {
    expect(matchCredit({ amount: usd(100), remittance: 'po-1 and po-2' }, all, true)).toBeUndefined();
  });
});

describe('by age and amount (R30)', () => {
  test('R30: the pair’s oldest order whose outstanding amount takes it in', () => {
    expect(matchCredit({ amount: usd(3_000) }, all, true)).toEqual({ order: 'po-1', by: 'oldest-due' });
    expect(matchCredit({ amount: usd(3_000.01) }, all, true)).toEqual({ order: 'po-2', by: 'oldest-due' });
  });

  test('R30: none takes it in: nobody can tell', () => {
    expect(matchCredit({ amount: usd(10_000.01) }, all, true)).toBeUndefined();
    expect(matchCredit({ amount: { amount: 100, currency: 'EUR' } }, all, true)).toBeUndefined();
    expect(matchCredit({ amount: usd(1) }, [due('po-3', 0, old.since)], true)).toBeUndefined();
  });

  test('R27, R30: on the platform’s own account only the reference tells the order', () => {
    expect(matchCredit({ amount: usd(3_000) }, all, false)).toBeUndefined();
    expect(matchCredit({ amount: usd(3_000), remittance: 'po-1' }, all, false)?.order).toBe('po-1');
  });

  test('R10: money to the platform that names no order pays nobody: there is no transfer without an order', () => {
    expect(matchCredit({ amount: usd(500), remittance: 'for the supplier, as agreed' }, all, false)).toBeUndefined();
  });

  test('R30: the order in which the orders are looked at does not matter', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), fc.integer({ min: 1, max: 1_100_000 }), (some, cents) => {
        const amount = usd(cents / 100);
        expect(matchCredit({ amount }, some, true)).toEqual(matchCredit({ amount }, all, true));
      }),
    );
  });
});
