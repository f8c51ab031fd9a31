/** What the words of every subject share: the form of the tables, and how dates, notes and names are told. */
import type { OrderEvent } from '../../../domain/events';
import { format, moneyOf, type Money } from '../../../domain/money';
import type { Order } from '../../../domain/order';

/** One line for each event, given the order as it stands after it. */
export type Words = {
  [Type in OrderEvent['type']]: (event: Extract<OrderEvent, { type: Type }>, order: Order) => string;
};

/** `2030-12-31`, of an instant or a date. */
export const day = (at: string): string => at.slice(0, 10);
export const noted = (text: string | undefined): string => (text === undefined ? '' : `: “${text}”`);
export const because = (text: string | undefined): string => (text === undefined ? '' : `, “${text}”`);
/** Minor units of the order's currency. */
export const ofOrder = (amount: number, { total }: Order): Money => moneyOf(amount, total?.currency ?? 'USD');

export const methods = {
  tt: 'T/T',
  card: 'card',
  'e-checking': 'e-checking',
  'western-union': 'Western Union',
  qiwi: 'QIWI',
  maestro: 'Maestro',
  webmoney: 'WebMoney',
  tef: 'TEF',
};

/** `USD 3,000.00 of the order, USD 84.00 surcharge`; parts of nothing are left out. */
export const listed = (parts: readonly (readonly [amount: Money, what: string])[]): string =>
  parts
    .filter(([{ amount }]) => amount > 0)
    .map(([amount, what]) => `${format(amount)} ${what}`)
    .join(', ');
