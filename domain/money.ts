/**
 * Money: integer minor units with an ISO 4217 currency. Arithmetic is dinero.js's; this file keeps amounts plain
 * (`{ amount, currency }`, so that they cross workflow and database boundaries) and inside the safe integers.
 */
import * as dinero from 'dinero.js';
import type { DineroCurrency } from 'dinero.js';
import { z } from 'zod';

/** Currencies that an order or a bank transfer may be in, with their minor-unit exponent (ISO 4217). */
const currencies = {
  USD: dinero.USD,
  EUR: dinero.EUR,
  GBP: dinero.GBP,
  CNY: dinero.CNY,
  HKD: dinero.HKD,
  JPY: dinero.JPY,
  AUD: dinero.AUD,
  CAD: dinero.CAD,
  SGD: dinero.SGD,
  CHF: dinero.CHF,
} as const satisfies Record<string, DineroCurrency<number>>;

/** ISO 4217 code of a currency that this system keeps accounts in. */
export const currencyCode = z.enum(Object.keys(currencies) as [CurrencyCode, ...CurrencyCode[]]);
export type CurrencyCode = keyof typeof currencies;

/** An amount of money that is zero or more: `{ amount: integer minor units, currency }`. */
export const money = z.strictObject({ amount: z.int().nonnegative(), currency: currencyCode });
export type Money = z.infer<typeof money>;

/** An amount of money above zero. */
export const positiveMoney = z.strictObject({ amount: z.int().positive(), currency: currencyCode });

/** `amount` minor units of `currency`. */
export function moneyOf(amount: number, currency: CurrencyCode): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not an integer of minor units: ${String(amount)}`);
  return { amount, currency };
}

/** US cents, in which limits, covers and orders are counted (R15). */
export const usdOf = (cents: number): Money => moneyOf(cents, 'USD');

const toDinero = (m: Money) => dinero.dinero({ amount: m.amount, currency: currencies[m.currency] });
const fromDinero = (d: dinero.Dinero<number>): Money => {
  const { amount, currency } = dinero.toSnapshot(d);
  return moneyOf(amount, currency.code as CurrencyCode);
};

/** a + b. Throws on mixed currencies and beyond the safe integers. */
export const add = (a: Money, b: Money): Money => fromDinero(dinero.add(toDinero(a), toDinero(b)));

/** a − b. Throws on mixed currencies. The result may be negative. */
export const subtract = (a: Money, b: Money): Money => fromDinero(dinero.subtract(toDinero(a), toDinero(b)));

/** m × an integer count. */
export const times = (m: Money, count: number): Money => fromDinero(dinero.multiply(toDinero(m), count));

/** The smaller of two amounts of one currency. */
export const smaller = (a: Money, b: Money): Money => fromDinero(dinero.minimum([toDinero(a), toDinero(b)]));

/**
 * m in parts by these weights (whole, zero or more, not all zero): each part is rounded so that the parts add up to m.
 * BigInt, because an amount times a weight may lie beyond the safe integers.
 */
export function allocate(m: Money, weights: readonly number[]): Money[] {
  const upTo = weights.map((_, i) => weights.slice(0, i + 1).reduce((sum, weight) => sum + BigInt(weight), 0n));
  const total = upTo.at(-1) ?? 0n;
  const bounds = upTo.map((sum) => Number((BigInt(m.amount) * sum) / total));
  return bounds.map((bound, i) => moneyOf(bound - (bounds[i - 1] ?? 0), m.currency));
}

export const isZero = (m: Money): boolean => m.amount === 0;

/** What people write, `1234.5` or `1,234.50`, as an amount; undefined for what is none, or is finer than the currency. */
export function parseAmount(text: string, currency: CurrencyCode): Money | undefined {
  const digits = currencies[currency].exponent;
  const [, whole, fraction = ''] = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > digits) return undefined;
  const amount = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? moneyOf(amount, currency) : undefined;
}

/** In whole units, for people only: 12.5 is USD 12.50. */
export const inUnits = ({ amount, currency }: Money): number => amount / 10 ** currencies[currency].exponent;

/** An amount as decimal text: `1234.50`. */
export const decimalOf = (m: Money): string => dinero.toDecimal(toDinero(m));

/** For people: `USD 1,234.50`, with as many decimals as the currency has. */
export function format(m: Money): string {
  return `${m.currency} ${withDecimals(currencies[m.currency].exponent).format(decimalOf(m) as `${number}`)}`;
}

/** Made once for each number of decimals: a format costs far more to make than to use. */
const formats = new Map<number, Intl.NumberFormat>();
function withDecimals(digits: number): Intl.NumberFormat {
  const known = formats.get(digits);
  if (known) return known;
  const made = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(digits, made);
  return made;
}
