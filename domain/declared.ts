/** The goods as declared to customs beside those of the contract: what the buyer is told before it answers (R6, R34). */
import { times, type CurrencyCode } from './money';
import { liveExports, type Order } from './order';

/** What was agreed and what was declared under one HS code and unit; value in minor units. */
export interface Difference {
  hsCode: string;
  unit: string;
  agreed: { quantity: number; value: number };
  declared: { quantity: number; value: number };
  currency: CurrencyCode;
}

type Sums = Map<string, { quantity: number; value: number }>;

function count(sums: Sums, hsCode: string, unit: string, quantity: number, value: number): void {
  const key = JSON.stringify([hsCode, unit]);
  const before = sums.get(key) ?? { quantity: 0, value: 0 };
  sums.set(key, { quantity: before.quantity + quantity, value: before.value + value });
}

/** The HS codes and units whose quantity or value differ, once anything is declared; none means that all agrees. */
export function differencesOf(order: Order): Difference[] {
  const exports = liveExports(order);
  if (exports.length === 0) return [];
  const currency = order.total?.currency ?? 'USD';
  const agreed: Sums = new Map();
  const declared: Sums = new Map();
  for (const { hsCode, unit, quantity, unitPrice } of order.contract.product?.lines ?? [])
    if (hsCode !== undefined && unit !== undefined && quantity !== undefined && unitPrice)
      count(agreed, hsCode, unit, quantity, times(unitPrice, quantity).amount);
  for (const { goods } of exports)
    for (const { hsCode, unit, quantity, value } of goods) count(declared, hsCode, unit, quantity, value.amount);
  const nothing = { quantity: 0, value: 0 };
  return [...new Set([...agreed.keys(), ...declared.keys()])]
    .sort()
    .map((key): Difference => {
      const [hsCode = '', unit = ''] = JSON.parse(key) as string[];
      return { hsCode, unit, agreed: agreed.get(key) ?? nothing, declared: declared.get(key) ?? nothing, currency };
    })
    .filter((d) => d.agreed.quantity !== d.declared.quantity || d.agreed.value !== d.declared.value);
}
