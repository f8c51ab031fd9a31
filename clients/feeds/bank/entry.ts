/**
 * An entry on a bank account, as any bank format tells it, and what of it an order may be told: a booked credit, or that one
 * was taken back (R30). One judgement for all formats, so that one entry is the same fact in each of them.
 */
import { opaqueId } from '../../../domain/member';
import { payee, type Payee } from '../../../domain/messages';
import { calendarDate } from '../../../domain/time';
import { amountOf } from '../amount';
import { factOf, ignored, itemOf, sourcesOf, Unfit } from '../facts';
import type { Batch, Fact, FeedItem, Source, Transfer } from '../feed';
import type { IgnoredCode } from '../ignored';
import { identityOf, isReference, References } from './identity';
import { withWords } from './texts';

export interface BankEntry {
  /** `booked`; anything else in the bank's own word, and undefined when it says nothing. */
  status: 'booked' | 'pending' | 'informational' | 'future' | { unknown: string } | undefined;
  side: 'credit' | 'debit' | undefined;
  /** The bank takes back an earlier entry of the other side. */
  isReversal: boolean;
  /** Money that came back because it could not be paid: a debit returns an earlier credit. */
  isReturn: boolean;
  /** Of the bank itself: charges, commission, interest, tax. */
  isCharge: boolean;
  /** The account that it is booked on, as the format writes it. */
  account: string | undefined;
  amount: { text: string | undefined; currency: string | undefined; point: '.' | ',' };
  /** The account servicer's reference; of a reversal that of the entry that is taken back, or its own. */
  reference: string | undefined;
  /** Another reference that the bank gives: of a reversal, either may be that of the entry that is taken back. */
  otherReference?: string | undefined;
  uetr: string | undefined;
  endToEnd: string | undefined;
  /** ISO date; a time after it does not count. */
  valueDate: string | undefined;
  payer: { [Field in keyof Payee]?: Payee[Field] | undefined };
  /** What the payer wrote. */
  remittance: string | undefined;
  /** What else may name the order: the payer's references, the bank's additional information. */
  furtherWords?: readonly (string | undefined)[];
  /** Why it is taken back. */
  reason: string | undefined;
  /** A sum of several transactions without their details. */
  batch?: Batch | undefined;
}

/** Something in a message that is no entry, and why. */
export interface NoEntry {
  code: IgnoredCode;
  why: string;
}

/** A message, page or notification of a file. */
export interface BankReport {
  /** The message's id. */
  message: string;
  /** Kind of report; the same entry may stand in one of each. */
  kind: string;
  /** Tells an exact copy; undefined where nothing could tell one from a second entry. */
  content: string | undefined;
  parts: readonly (BankEntry | NoEntry)[];
}

/** What the reports of a file say: each entry is a fact, or why it is none. */
export function itemsOfReports(file: string, reports: readonly BankReport[]): FeedItem[] {
  const sourceOf = sourcesOf(file);
  const references = new References();
  const credits = new Credits();
  const items = reports.flatMap(({ message, kind, content, parts }) => {
    references.begin(kind, content);
    return parts.map((part) => {
      const source = sourceOf(message);
      if ('code' in part) return ignored(part.code, part.why, source);
      if (isTakenBack(part)) return { part, source };
      const item = itemOfEntry(part, references, source);
      if ('fact' in item && item.fact === 'paymentCredited') credits.add(item);
      return item;
    });
  });
  return items.map((item) =>
    'part' in item ? itemOf(item.source, () => takenBack(item.part, credits, item.source)) : item,
  );
}

const isTakenBack = (entry: BankEntry): boolean => entry.side === 'debit' && notForOrders(entry) === undefined;

const itemOfEntry = (entry: BankEntry, references: References, source: Source): FeedItem =>
  itemOf(source, () => {
    const why = notForOrders(entry);
    return why ? ignored(why.code, why.text, source) : credited(entry, references, source);
  });

/** The credits of a file, for the reversals in it: a reversal may bear a reference of its own. */
class Credits {
  private readonly references = new Map<string, Set<string>>();

  add({ data, transfer }: Extract<Fact, { fact: 'paymentCredited' }>): void {
    const { account, entryReference, amount } = data;
    const names = [
      ['reference', entryReference],
      ...(transfer?.uetr ? [['uetr', transfer.uetr]] : []),
      ...(transfer?.endToEnd ? [['e2e', transfer.endToEnd, amount.currency, amount.amount]] : []),
    ];
    for (const name of names) {
      const key = [account, ...name].join('\n');
      this.references.set(key, (this.references.get(key) ?? new Set()).add(entryReference));
    }
  }

  /** The reference of the one credit of that name; of several, nobody can say which it is. */
  find(account: string, ...name: readonly (string | number | undefined)[]): string | undefined {
    const found = name.includes(undefined) ? undefined : this.references.get([account, ...name].join('\n'));
    return found?.size === 1 ? [...found][0] : undefined;
  }
}

interface NotForOrders {
  code: IgnoredCode;
  text: string;
}

function notForOrders(entry: BankEntry): NotForOrders | undefined {
  const what = `a ${entry.side ?? 'booking'} of ${entry.amount.currency ?? '?'} ${entry.amount.text ?? '?'}`.slice(
    0,
    80,
  );
  const { status, side } = entry;
  if (status === undefined) return { code: 'entry.status', text: `${what} without a status; only booked ones count` };
  if (typeof status === 'object')
    return { code: 'entry.status', text: `${what} with the status ${status.unknown}; only booked ones count` };
  if (status !== 'booked') return { code: `entry.${status}`, text: `${what} is ${status}; only booked ones count` };
  if (side === undefined) return { code: 'entry.side', text: `${what} is neither credit nor debit` };
  if (side === 'debit' && !entry.isCharge && (entry.isReversal || entry.isReturn)) return undefined;
  if (side === 'debit') return debit(entry, what);
  if (entry.isCharge) return { code: 'entry.charge', text: `${what}: interest or charges of the bank, no payment` };
  if (entry.isReversal) return { code: 'entry.debit-reversed', text: `${what} takes an earlier debit back` };
  if (entry.isReturn) return { code: 'entry.payout-returned', text: `${what}: a payment of ours came back` };
  return undefined;
}

const debit = (entry: BankEntry, what: string): NotForOrders =>
  entry.isCharge
    ? { code: 'entry.charge', text: `${what}: charges or interest of the bank` }
    : { code: 'entry.debit', text: `${what}: money that goes out pays no order` };

function credited(entry: BankEntry, references: References, source: Source): FeedItem {
  const { text, currency, point } = entry.amount;
  const amount = amountOf(text, currency, point);
  if (amount.amount === 0) throw new Unfit('entry.zero', `a credit of ${amount.currency} 0`);
  const account = accountOf(entry);
  const valueDate = entry.valueDate?.slice(0, 10);
  if (!calendarDate.safeParse(valueDate).success)
    throw new Unfit('entry.value-date', `the value date ${entry.valueDate?.slice(0, 30) ?? '(none)'} is no date`);
  const known = { ...entry, account, amount, valueDate: valueDate ?? '' };
  const entryReference = identityOf(known, references);
  const payer = payerOf(entry);
  const data = { account, entryReference, amount, method: 'tt' as const, valueDate: known.valueDate };
  // What may name the order is with what the payer wrote, where that has no number of its own.
  const further = entry.furtherWords ?? [];
  const hasNumber = /\d/.test(entry.remittance ?? '');
  const remittance = withWords(entry.remittance, hasNumber ? [] : further);
  const furtherText = hasNumber ? further.filter((words) => words !== undefined && !includes(remittance, words)) : [];
  const moreText = withWords(undefined, furtherText);
  const transfer = transferOf(entry);
  return factOf('paymentCredited', { ...data, ...(payer && { payer }) }, source, {
    ...(remittance !== undefined && { remittance }),
    ...(moreText !== undefined && { furtherText: moreText }),
    ...(transfer && { transfer }),
    ...(entry.batch && { batch: entry.batch }),
  });
}

const includes = (text: string | undefined, words: string): boolean =>
  (text ?? '').toUpperCase().includes(words.replaceAll(/\s+/g, ' ').trim().toUpperCase());

/** The names of the transfer, which its reversal bears, too. */
function transferOf({ uetr, endToEnd }: BankEntry): Transfer | undefined {
  const id = isReference(endToEnd) ? endToEnd.trim().slice(0, 64) : undefined;
  return uetr || id ? { ...(uetr && { uetr }), ...(id && { endToEnd: id }) } : undefined;
}

/** By the reference of its credit, where that is in the file; else by UETR, or end-to-end id and amount. */
function takenBack(entry: BankEntry, credits: Credits, source: Source): FeedItem {
  const account = accountOf(entry);
  const { text, currency, point } = entry.amount;
  const amount = amountOf(text, currency, point);
  const transfer = transferOf(entry);
  const bySomeName =
    credits.find(account, 'reference', entry.reference) ??
    credits.find(account, 'reference', entry.otherReference) ??
    credits.find(account, 'uetr', transfer?.uetr) ??
    credits.find(account, 'e2e', transfer?.endToEnd, amount.currency, amount.amount);
  const reference = isReference(entry.reference) ? entry.reference : entry.uetr && `uetr:${entry.uetr}`;
  const entryReference = bySomeName ?? reference;
  if (entryReference === undefined)
    throw new Unfit('entry.reference', 'a credit is taken back, and the bank does not say which');
  const reason = (entry.reason ?? (entry.isReversal ? 'reversed by the bank' : 'returned by the bank')).slice(0, 500);
  return factOf('paymentReversed', { account, entryReference, reason }, source, {
    ...(amount.amount > 0 && { amount }),
    ...(transfer && { transfer }),
  });
}

function accountOf({ account }: BankEntry): string {
  const plain = account?.replaceAll(/\s+/g, '');
  if (opaqueId.safeParse(plain).success && plain !== undefined) return plain;
  throw new Unfit(
    'entry.account',
    `the account ${account?.slice(0, 60) ?? '(none)'} has no form that accounts have here`,
  );
}

/** Only whole: whose name and account the bank names. */
function payerOf({ payer }: BankEntry): Payee | undefined {
  const { name, account, bank } = payer;
  const whole = payee.safeParse({
    name: name?.trim().slice(0, 140),
    account: account?.replaceAll(/\s+/g, ''),
    ...(bank && { bank: bank.trim().slice(0, 140) }),
  });
  return whole.data;
}
