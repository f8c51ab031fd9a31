/** Shares of an amount. Apart from the policies, so that a page can quote a surcharge without loading them. */
import type { Money } from './money';

/** A share in basis points, rounded half up to the minor unit. Exact over the safe integers. */
export function shareOf({ amount, currency }: Money, basis: number): Money {
  const whole = Math.floor(amount / 10_000) * basis;
  return { amount: whole + Math.floor(((amount % 10_000) * basis + 5_000) / 10_000), currency };
}
