/**
 * What a supplier is short of in US dollars is taken out of its CNY (R2, R22; reading): at the rate of its own newest
 * settlement, by which these CNY came to it. The rate is recorded with what it was used for.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { moneyOf, positiveMoney } from './money';

/** CNY that were given for US dollars, and the settlement whose rate was used. */
export const conversion = z.strictObject({ settlement: opaqueId, given: positiveMoney, gained: positiveMoney });
export type Conversion = z.infer<typeof conversion>;

/** A supplier's CNY, in minor units, and the rate of its newest settlement: so many US cents were sold for so many fen. */
export interface Yuan {
  balance: number;
  rate?: { settlement: string; sold: number; bought: number };
}

/**
 * CNY for `missing` US cents, as far as the balance goes; undefined when there is none, or no rate. Rounded so that the
 * dollars are never more than what is given for them.
 */
export function convertedFrom({ balance, rate }: Yuan, missing: number): Conversion | undefined {
  if (!rate || balance <= 0 || missing <= 0) return undefined;
  const [sold, bought] = [BigInt(rate.sold), BigInt(rate.bought)];
  const needed = Number((BigInt(missing) * bought + sold - 1n) / sold);
  const given = Math.min(needed, balance);
  const gained = given === needed ? missing : Number((BigInt(given) * sold) / bought);
  if (gained <= 0) return undefined;
  return { settlement: rate.settlement, given: moneyOf(given, 'CNY'), gained: moneyOf(gained, 'USD') };
}
