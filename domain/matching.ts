/**
 * Which order a transfer pays (R30): by the account, which tells the pair; then by the order's number in the remittance
 * text; else the pair's oldest order whose outstanding amount takes it in; else nobody knows, and it goes to suspense. There
 * is no transfer without an order (R10).
 */
import { z } from 'zod';
import { messages, type MessageData } from './messages';
import type { Money } from './money';

/** A credit as the bank books it, with what the payer wrote; `{ ...paymentCredited, remittance? }`. */
export const bankCredit = messages.paymentCredited.data.extend({
  /** The remittance text (附言), as the bank passes it on. */
  remittance: z.string().max(500).optional(),
});
export type BankCredit = z.infer<typeof bankCredit>;

/** An order that a transfer on this account might pay. */
export interface Payable {
  id: string;
  outstanding: Money;
  /** Since when it can be paid; ISO instant. */
  since: string;
}

export interface Match {
  order: string;
  by: 'reference' | 'oldest-due';
}

/**
 * The order that the credit pays; undefined when nobody can say.
 * @param payables the orders that are paid on this account
 * @param isPairs whether the account is a pair's; on an account of all buyers only the reference tells the order
 */
export function matchCredit(
  { amount, remittance }: Pick<BankCredit, 'amount' | 'remittance'>,
  payables: readonly Payable[],
  isPairs: boolean,
): Match | undefined {
  const named = payables.filter(({ id }) => remittance !== undefined && names(remittance, id));
  // Two numbers in one text: it is not said how much is for which.
  if (named.length > 1) return undefined;
  if (named[0]) return { order: named[0].id, by: 'reference' };
  if (!isPairs) return undefined;
  const [oldest] = payables
    .filter(({ outstanding: due }) => due.currency === amount.currency && due.amount > 0 && amount.amount <= due.amount)
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || (a.id < b.id ? -1 : 1));
  return oldest && { order: oldest.id, by: 'oldest-due' };
}

/** Whether a text names an order: its number as a whole word, in whatever case, however the bank has spaced it. */
function names(remittance: string, order: string): boolean {
  const words = (text: string) =>
    text
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, ' ')
      .trim();
  return ` ${words(remittance)} `.includes(` ${words(order)} `);
}

/** The message that a matched credit is sent as. */
export function creditedBy({ remittance: _remittance, ...credit }: BankCredit): MessageData<'paymentCredited'> {
  return credit;
}
