/**
 * The bank's statements against our books: what a statement says of an account and a day, beside the credits that were
 * booked for it. Each difference is a case for an operator. Pure: amounts are signed integers in minor units.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { currencyCode, type CurrencyCode } from './money';
import { calendarDate, instant } from './time';

/** A statement of one account and day: its balances where it has them, and what its booked entries add up to. */
export interface Statement {
  account: string;
  date: string;
  currency: CurrencyCode;
  opening?: number;
  closing?: number;
  credits: number;
  debits: number;
}

/** A credit, as a statement or our books have it. */
export interface ReconciledEntry {
  entryReference: string;
  amount: { amount: number; currency: string };
}

export const differenceKind = z.enum(['missing-in-ledger', 'missing-at-bank', 'amount-differs', 'balance-differs']);

/** A difference between a statement and our books; closed once it is gone. */
export const reconciliationCase = z.strictObject({
  id: opaqueId,
  kind: differenceKind,
  account: opaqueId,
  date: calendarDate,
  /** Of the entry; the balance has none. */
  entryReference: z.string().optional(),
  currency: currencyCode,
  /** What the bank says, and what our books say: of an entry its amount, of a balance the closing one. */
  bank: z.int().optional(),
  books: z.int().optional(),
  state: z.enum(['open', 'closed']),
  openedAt: instant,
  updatedAt: instant,
});
export type ReconciliationCase = z.infer<typeof reconciliationCase>;

export type Difference = Pick<
  ReconciliationCase,
  'kind' | 'account' | 'date' | 'entryReference' | 'currency' | 'bank' | 'books'
>;

/**
 * How a statement and our books differ (R30).
 * @param told the credits of the statement
 * @param ours those of them that we have booked, and those that we have booked for the day and no statement has
 */
export function differencesOf(
  statement: Statement,
  told: readonly ReconciledEntry[],
  ours: readonly ReconciledEntry[],
): Difference[] {
  const { account, date } = statement;
  const booked = new Map(ours.map((entry) => [entry.entryReference, entry]));
  const atBank = new Set(told.map(({ entryReference }) => entryReference));
  const of = (kind: Difference['kind'], { entryReference, amount }: ReconciledEntry): Difference => ({
    ...{ kind, account, date, entryReference },
    currency: amount.currency as CurrencyCode,
  });
  const entries = told.flatMap((entry): Difference[] => {
    const known = booked.get(entry.entryReference);
    const bank = entry.amount.amount;
    if (!known) return [{ ...of('missing-in-ledger', entry), bank }];
    const isSame = known.amount.amount === bank && known.amount.currency === entry.amount.currency;
    return isSame ? [] : [{ ...of('amount-differs', entry), bank, books: known.amount.amount }];
  });
  const onlyOurs = ours
    .filter(({ entryReference }) => !atBank.has(entryReference))
    .map((entry): Difference => ({ ...of('missing-at-bank', entry), books: entry.amount.amount }));
  return [...entries, ...onlyOurs, ...balanceOf(statement, told, ours)];
}

/** The closing balance, beside the opening one with what we have booked, and what else the bank has booked. */
function balanceOf(
  { account, date, currency, opening, closing, credits, debits }: Statement,
  told: readonly ReconciledEntry[],
  ours: readonly ReconciledEntry[],
): Difference[] {
  if (opening === undefined || closing === undefined) return [];
  const sum = (entries: readonly ReconciledEntry[]) =>
    entries
      .filter(({ amount }) => amount.currency === currency)
      .reduce((total, { amount }) => total + amount.amount, 0);
  const books = opening + sum(ours) + (credits - sum(told)) - debits;
  return books === closing ? [] : [{ kind: 'balance-differs', account, date, currency, bank: closing, books }];
}
