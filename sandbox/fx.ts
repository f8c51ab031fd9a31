/**
 * Foreign money for CNY in whole minor units. A rate is an integer, CNY for one unit of the currency × 10⁶, so that no
 * amount ever passes through a fraction. Rounded down to the fen, in the bank's favour, as banks do: a sale in two halves
 * brings what the whole brings, or one fen less.
 */
import * as dinero from 'dinero.js';
import { moneyOf, type CurrencyCode, type Money } from '../domain/money';

const rateScale = 6;

/** The sandbox's only rates: plausible, and the same every day, so that tests can count on them. */
export const cnyRates: Readonly<Record<Exclude<CurrencyCode, 'CNY'>, number>> = {
  USD: 7_152_300,
  EUR: 8_311_700,
  GBP: 9_524_000,
  HKD: 920_400,
  JPY: 47_800,
  AUD: 4_701_200,
  CAD: 5_213_900,
  SGD: 5_548_600,
  CHF: 8_893_400,
};

/** What `sell` brings in CNY; undefined for CNY itself and for what brings less than a fen. Throws beyond 2⁵³ fen. */
export function inCny(sell: Money): (Money & { currency: 'CNY' }) | undefined {
  if (sell.currency === 'CNY') return undefined;
  const scale = BigInt(10 ** (dinero[sell.currency].exponent + rateScale - dinero.CNY.exponent));
  const fen = (BigInt(sell.amount) * BigInt(cnyRates[sell.currency])) / scale;
  return fen > 0n ? { ...moneyOf(Number(fen), 'CNY'), currency: 'CNY' } : undefined;
}
