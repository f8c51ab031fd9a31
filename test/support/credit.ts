/**
 * Facts of a supplier's credit: as stories tell them (at noon in China, of the supplier `s-1`, unless said otherwise), and
 * arbitrary records for properties.
 */
import fc from 'fast-check';
import { creditFact, limitPolicy, rate, type CreditEntry, type CreditFact } from '../../domain/credit';
import { moneyOf } from '../../domain/money';
import { addDays, startOfChinaDate } from '../../domain/time';
import v1Json from '../../seeds/policies/ta-limit-v1.json';

export const v1 = limitPolicy.parse(v1Json);
export const dollars = (amount: number) => ({ amount: amount * 100, currency: 'USD' as const });

/** Noon in China on a date. */
export const noon = (date: string) => addDays(startOfChinaDate(date), 0.5);

export type OrderInputs = Extract<CreditFact, { event: 'order.completed' }>['inputs'];

/** An order completed and booked at noon of a date: USD 1,000, on time, undisputed, without a review. */
export function completed(order: string, date: string, inputs: Partial<OrderInputs> = {}, bookedOn = date): CreditFact {
  const plain = { buyer: 'b-1', total: dollars(1000), refunded: dollars(0), completedAt: noon(date) };
  const record = { shippedOnTime: true, disputed: false, reviewScore: null };
  const at = noon(bookedOn);
  return { event: 'order.completed', supplier: 's-1', order, at, inputs: { ...plain, ...record, ...inputs } };
}

export const upheld = (order: string, date: string, complaint = `c-${order}`): CreditFact => {
  return { event: 'complaint.upheld', supplier: 's-1', order, at: noon(date), inputs: { complaint } };
};
export const paid = (order: string, date: string, usd: number, payout = 'p-1'): CreditFact => {
  const inputs = { payout, amount: dollars(usd) };
  return { event: 'guarantee.paid', supplier: 's-1', order, at: noon(date), inputs };
};
export const repaid = (order: string, date: string, usd: number, repayment = 'r-1'): CreditFact => {
  const inputs = { repayment, amount: dollars(usd) };
  return { event: 'guarantee.repaid', supplier: 's-1', order, at: noon(date), inputs };
};
export const verified = (date: string, score: number, verification = `v-${date}`): CreditFact => {
  return { event: 'company.verified', supplier: 's-1', at: noon(date), inputs: { verification, score } };
};
export const reinstated = (date: string): CreditFact => {
  const inputs = { decision: 'd-1', why: 'The complaints were a carrier’s fault.' };
  return { event: 'supplier.reinstated', supplier: 's-1', at: noon(date), inputs };
};

/** The record that these facts make, rated one after the other. */
export const record = (facts: CreditFact[], policies = [v1]): CreditEntry[] =>
  facts.reduce<CreditEntry[]>((entries, fact) => [...entries, rate(entries, fact, policies)], []);

// --- arbitrary records

export const start = noon('2026-01-01');
export const day = fc.integer({ min: 0, max: 800 });
export const usdAmount = fc
  .integer({ min: 0, max: 10_000_000 })
  .map((amount) => ({ amount, currency: 'USD' as const }));

export const orderArb = fc
  .record({
    day,
    buyer: fc.constantFrom('b-1', 'b-2', 'b-3', 'b-4'),
    total: usdAmount,
    refund: fc.integer({ min: 0, max: 100 }),
    shippedOnTime: fc.boolean(),
    disputed: fc.boolean(),
    reviewScore: fc.option(fc.integer({ min: 1, max: 5 })),
  })
  .map(({ day, refund, ...inputs }) => {
    const refunded = moneyOf(Math.floor((inputs.total.amount * refund) / 100), 'USD') as OrderInputs['refunded'];
    return {
      event: 'order.completed' as const,
      day,
      inputs: { ...inputs, refunded, completedAt: addDays(start, day) },
    };
  });
const otherArb = fc.oneof(
  { weight: 2, arbitrary: day.map((day) => ({ event: 'complaint.upheld' as const, day, inputs: { complaint: 'c' } })) },
  fc
    .tuple(day, usdAmount)
    .map(([day, amount]) => ({ event: 'guarantee.paid' as const, day, inputs: { payout: 'p', amount } })),
  fc
    .tuple(day, usdAmount)
    .map(([day, amount]) => ({ event: 'guarantee.repaid' as const, day, inputs: { repayment: 'r', amount } })),
  fc
    .tuple(day, fc.integer({ min: 0, max: 100 }))
    .map(([day, score]) => ({ event: 'company.verified' as const, day, inputs: { verification: 'v', score } })),
  day.map((day) => ({ event: 'supplier.reinstated' as const, day, inputs: { decision: 'd', why: 'w' } })),
);

/** An entry as it stands on record; the limit does not read its delta. */
export const entryOf = (fact: CreditFact): CreditEntry => ({
  ...fact,
  policyVersion: v1.id,
  delta: 0,
  reason: 'property',
});

/** Records of one supplier: mostly orders that go well enough for the limit to move. */
export const entriesArb = fc
  .array(fc.oneof({ weight: 6, arbitrary: orderArb }, otherArb), { maxLength: 40 })
  .map((items) =>
    items.map(({ day, ...item }, i): CreditEntry => {
      const common = { supplier: 's-1', at: addDays(start, day) };
      const own = item.event === 'company.verified' || item.event === 'supplier.reinstated';
      const order = `o-${String(i % 30)}-${item.event === 'order.completed' ? i : 0}`;
      return entryOf(creditFact.parse({ ...common, ...(own ? {} : { order }), ...distinct(item, i) }));
    }),
  );

/** Gives a fact that may happen several times an id of its own. */
function distinct(item: { event: string; inputs: object }, i: number): object {
  const ids = {
    complaint: `c-${i}`,
    payout: `p-${i}`,
    repayment: `r-${i}`,
    verification: `v-${i}`,
    decision: `d-${i}`,
  };
  const own = Object.entries(ids).filter(([name]) => name in item.inputs);
  return { ...item, inputs: { ...item.inputs, ...Object.fromEntries(own) } };
}
