/** Amounts as feeds write them, by their decimal text: no amount is ever a float. */
import { currencyCode, format, moneyOf, parseAmount, type Money } from '../../domain/money';
import { Unfit } from './facts';

/**
 * `1500.00`, `+1500`, `.5`, `1500,` in a currency of ISO 4217 as money. Zeros at the end may be finer than the currency.
 * @param point the decimal sign: a point in XML and JSON, a comma in SWIFT's MT
 * @throws Unfit `entry.currency` when no accounts are kept in it; `entry.amount` for what is no amount, is below zero, finer
 * than the currency or beyond the safe integers
 */
export function amountOf(text: string | undefined, currency: string | undefined, point: '.' | ',' = '.'): Money {
  const known = currencyCode.safeParse(currency);
  if (!known.success) throw new Unfit('entry.currency', `no accounts are kept in ${quoted(currency)}`);
  const [, whole = '', fraction = ''] = (point === ',' ? commaForm : pointForm).exec(text ?? '') ?? [];
  if (whole === '' && fraction === '') throw new Unfit('entry.amount', `${quoted(text)} is no amount`);
  const finest = fraction.replace(/0+$/, '');
  const plain = `${whole.replace(/^0+(?=\d)/, '') || '0'}${finest && `.${finest}`}`;
  const amount = parseAmount(plain, known.data);
  if (amount) return amount;
  const digits = format(moneyOf(0, known.data));
  throw new Unfit('entry.amount', `${quoted(text)} is too large, or finer than the currency goes (${digits})`);
}

// Bounded, so that a number of a million digits costs nothing.
const pointForm = /^\+?(\d{0,30})(?:\.(\d{0,30}))?$/;
const commaForm = /^(\d{0,30})(?:,(\d{0,30}))?$/;

const quoted = (text: string | undefined): string =>
  text === undefined ? 'nothing' : JSON.stringify(text.slice(0, 40));
