/**
 * What the card processor of the sandbox makes of a payer's card or account: a token. The payer's own browser asks for it, so
 * the number never comes to the product. Only the numbers below are known; they are nobody's card.
 */
import { z } from 'zod';
import { BadRequest, route, type Routes } from './server';

/** What a card's number stands for. */
const cards: Readonly<Record<string, string>> = {
  '4242424242424242': 'tok_ok',
  '4000000000009995': 'tok_declined',
  '4000000000000077': 'tok_slow',
  '4000000000000002': 'tok_slow_declined',
};
/** The same for a bank account, by e-checking. */
const accounts: Readonly<Record<string, string>> = {
  '000123456789': 'tok_ok',
  '000111111116': 'tok_returned',
  '000222222227': 'tok_declined',
};

const digits = (least: number, most: number) =>
  z.string().regex(new RegExp(`^\\d{${String(least)},${String(most)}}$`), 'digits only');

export const tokenRequest = z.union([
  z.strictObject({
    number: digits(12, 19),
    /** `MM/YY` */
    expiry: z.string().regex(/^(0[1-9]|1[0-2])\/\d\d$/, 'MM/YY'),
    cvc: digits(3, 4),
  }),
  z.strictObject({ account: digits(4, 17) }),
]);

/** The token of a card or account of the sandbox, at this moment. Throws BadRequest: `number`, `expiry` or `account`. */
export function tokenOf(asked: z.infer<typeof tokenRequest>, now: Date): string {
  const [known, number] = 'account' in asked ? [accounts, asked.account] : [cards, asked.number];
  if ('expiry' in asked && hasExpired(asked.expiry, now)) throw new BadRequest('expiry: the card has expired');
  const token = Object.hasOwn(known, number) ? known[number] : undefined;
  if (token === undefined) throw new BadRequest(`${'account' in asked ? 'account' : 'number'}: no test number`);
  return token;
}

/** A card is good until its month is over. */
function hasExpired(expiry: string, now: Date): boolean {
  const [month = 0, year = 0] = expiry.split('/').map(Number);
  return Date.UTC(2000 + year, month, 1) <= now.getTime();
}

export const tokenRoutes: Routes = {
  'POST /card/tokens': route(tokenRequest, (asked) =>
    Promise.resolve({ outcome: { token: tokenOf(asked, new Date()) } }),
  ),
};
