/** The ledger's meaning: every posting has two sides, and every path of money ends where it should (R18, R29–R31). */
import fc from 'fast-check';
import type { OrderEvent } from '../../domain/events';
import { account, changesOf, transfer, transfersOf, type Transfer } from '../../domain/ledger';
import { moneyOf } from '../../domain/money';
import { at, confirmed, credited, given, mainRoad, pairAccount, supplier, supplierId, usd } from '../support/builders';

const sumsByCurrency = (transfers: readonly Transfer[]) => {
  const sums: Record<string, number> = {};
  for (const { currency, change } of changesOf(transfers)) sums[currency] = (sums[currency] ?? 0) + change;
  return sums;
};

describe('the paths of money', () => {
  test('a part of an advance: bank → order', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1'));
    expect(transfers).toEqual([
      {
        id: 'order-1:4:0',
        order: 'order-1',
        version: 4,
        kind: 'payment',
        from: 'pair:va-0001',
        to: 'order:order-1',
        amount: usd(1_000),
        at: '2026-03-02T01:03:00.000Z',
      },
    ]);
  });

  test('R18: the advance complete: bank → order → supplier, with all its parts', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1'), credited(2_000, 'T2'));
    expect(transfers.map(({ kind, from, to, amount }) => [kind, from, to, amount.amount])).toEqual([
      ['payment', account.pair(pairAccount), account.order('order-1'), 100_000],
      ['payment', account.pair(pairAccount), account.order('order-1'), 200_000],
      ['supplier-paid', account.order('order-1'), account.supplier(supplierId), 300_000],
    ]);
  });

  test('R30: what cannot be applied: bank → suspense, with the reason', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1', { currency: 'EUR' }));
    expect(transfers).toMatchObject([
      { kind: 'payment-suspended', from: 'pair:va-0001', to: 'suspense', reason: 'currency-mismatch' },
    ]);
  });

  test('R29: closed unpaid: order → refunds, on its way back to the buyer', () => {
    const { transfers } = given(
      confirmed(),
      credited(1_000, 'T1'),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
    );
    expect(transfers.at(-1)).toMatchObject({
      kind: 'refund-due',
      from: 'order:order-1',
      to: 'refunds:order-1',
      amount: usd(1_000),
      reason: 'closed-unpaid',
    });
  });

  test('R7: the main road leaves the whole price with the supplier and nothing on the order', () => {
    const { transfers } = given(mainRoad());
    expect(changesOf(transfers)).toEqual([
      { account: 'pair:va-0001', currency: 'USD', change: -1_000_000 },
      { account: `supplier:${supplierId}`, currency: 'USD', change: 1_000_000 },
    ]);
  });

  test('postings have ids of their own, and the form that the store keeps', () => {
    const { transfers } = given(confirmed(), credited(10_500, 'T1'));
    expect(transfers).toHaveLength(3);
    expect(new Set(transfers.map(({ id }) => id)).size).toBe(3);
    for (const posting of transfers) expect(transfer.parse(posting)).toEqual(posting);
  });
});

describe('sums (fast-check)', () => {
  const amount = fc.record({
    amount: fc.integer({ min: 1, max: 1_000_000_000_00 }),
    currency: fc.constantFrom('USD' as const, 'EUR' as const, 'JPY' as const),
  });
  const bankDetails = { entryReference: 'T1', method: 'tt' as const };
  const movement: fc.Arbitrary<OrderEvent> = fc.oneof(
    fc.record({
      type: fc.constant('paymentApplied' as const),
      account: fc.constantFrom('va-1', 'va-2'),
      amount,
      entryReference: fc.constant(bankDetails.entryReference),
      method: fc.constant(bankDetails.method),
    }),
    fc.record({
      type: fc.constant('paymentSuspended' as const),
      account: fc.constantFrom('va-1', 'va-2'),
      amount,
      reason: fc.constantFrom('overpaid' as const, 'not-awaited' as const),
      entryReference: fc.constant(bankDetails.entryReference),
      method: fc.constant(bankDetails.method),
    }),
    fc.record({ type: fc.constant('supplierPaid' as const), amount }),
    fc.record({ type: fc.constant('moneyHeld' as const), amount }),
    fc.constant({ type: 'paymentLapsed' as const }),
  );
  const base = given(confirmed());

  test('whatever the events, every currency sums to zero, and one posting stands for one movement', () => {
    fc.assert(
      fc.property(fc.array(movement, { minLength: 1, maxLength: 20 }), (events) => {
        const [entry] = base.journal;
        if (!entry) throw new Error('the story has a journal');
        const transfers = transfersOf({ ...entry, events }, base.order);
        for (const sum of Object.values(sumsByCurrency(transfers))) expect(sum).toBe(0);
        expect(transfers).toHaveLength(events.filter(({ type }) => type !== 'paymentLapsed').length);
        expect(transfers.every(({ from, to }) => from !== to)).toBe(true);
      }),
    );
  });

  test('changes are what the postings add up to, account by account', () => {
    const posting = fc.record({
      from: fc.constantFrom('a', 'b', 'c'),
      to: fc.constantFrom('a', 'b', 'c'),
      cents: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(posting), (postings) => {
        const transfers = postings.map(({ from, to, cents }, i): Transfer => {
          const id = String(i);
          return { id, order: 'o', version: 1, kind: 'payment', from, to, amount: moneyOf(cents, 'USD'), at: '' };
        });
        const changes = new Map(changesOf(transfers).map((c) => [c.account, c.change]));
        for (const name of ['a', 'b', 'c']) {
          const into = postings.filter((p) => p.to === name).reduce((sum, p) => sum + p.cents, 0);
          const outOf = postings.filter((p) => p.from === name).reduce((sum, p) => sum + p.cents, 0);
          expect(changes.get(name) ?? 0).toBe(into - outOf);
        }
      }),
    );
  });
});
