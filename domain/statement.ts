/** The statement of a supplier's virtual sub-account: what came, what went and for what, between two balances (R18, R27). */
import { account, type Transfer } from './ledger';
import { moneyOf, type CurrencyCode, type Money } from './money';

/** One posting as its supplier sees it. */
export interface StatementLine {
  id: string;
  at: string;
  kind: Transfer['kind'];
  /** What it was for, in words. */
  what: string;
  order?: string;
  /** Below zero when it went out. */
  amount: Money;
  /** The balance after it. */
  balance: Money;
}

export interface Statement {
  supplier: string;
  currency: CurrencyCode;
  /** Postings from this instant on … */
  from: string;
  /** … and before this one. */
  to: string;
  opening: Money;
  lines: StatementLine[];
  closing: Money;
}

/** Which account, which currency, which period. */
export type StatementPeriod = Pick<Statement, 'supplier' | 'currency' | 'from' | 'to'>;

/** The statement of a period: `opening` in minor units, and the account's postings in it, oldest first. */
export function statementOf(period: StatementPeriod, opening: number, transfers: readonly Transfer[]): Statement {
  const { supplier, currency } = period;
  let balance = opening;
  const lines = transfers.map((posting): StatementLine => {
    const { id, at, kind, order, amount } = posting;
    const signed = posting.to === account.supplier(supplier) ? amount.amount : -amount.amount;
    balance += signed;
    return {
      id,
      at,
      kind,
      what: wordsOf(posting),
      ...(order !== undefined && { order }),
      amount: moneyOf(signed, currency),
      balance: moneyOf(balance, currency),
    };
  });
  return { ...period, opening: moneyOf(opening, currency), lines, closing: moneyOf(balance, currency) };
}

/** Kinds that a supplier's account knows, in words; the rest are told by their name. */
const words: Partial<Record<Transfer['kind'], string>> = {
  'supplier-paid': 'payment of the buyer',
  'hold-released': 'payment released to you',
  'supplier-clawed-back': 'back on the order: a payment was reversed',
  'receivable-repaid': 'repaid to the platform',
  'scheme-fee': 'fee of the scheme',
  'refund-due': 'refund to the buyer',
  'withdrawal-reserved': 'withdrawal',
  'withdrawal-put-back': 'put back from withdrawal',
  'fx-reserved': 'settlement into CNY',
  'fx-bought': 'CNY of settlement',
  'fx-put-back': 'put back from settlement',
};

/** `withdrawal w-1`, `put back from withdrawal w-1: account closed` */
function wordsOf({ kind, from, to, reason }: Transfer): string {
  const of = [from, to, reason ?? ''].map((name) => /^(?:withdrawal|settlement):(.+)$/.exec(name)?.[1]).find(Boolean);
  const why = kind === 'fx-bought' ? undefined : reason; // it names the settlement only
  return [words[kind] ?? kind.replaceAll('-', ' '), ...(of ? [` ${of}`] : []), ...(why ? [`: ${why}`] : [])].join('');
}
