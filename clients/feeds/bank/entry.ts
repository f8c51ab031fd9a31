/**
 * An entry on a bank account, as any bank format tells it, and what of it an order may be told: a booked credit, or that one
 * was taken back (R30). One judgement for all formats, so that one entry is the same fact in each of them.
 */
import { opaqueId } from '../../../domain/member';
import { payee, type Payee } from '../../../domain/messages';
import { calendarDate } from '../../../domain/time';
import { amountOf } from '../amount';
import { factOf, ignored, itemOf, Unfit } from '../facts';
import type { FeedItem, Source } from '../feed';
import type { IgnoredCode } from '../ignored';
import { identityOf, isReference, type Occurrences } from './identity';

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
  /** The account servicer's reference; of a reversal that of the entry that is taken back. */
  reference: string | undefined;
  uetr: string | undefined;
  endToEnd: string | undefined;
  /** ISO date; a time after it does not count. */
  valueDate: string | undefined;
  payer: { [Field in keyof Payee]?: Payee[Field] | undefined };
  remittance: string | undefined;
  /** Why it is taken back. */
  reason: string | undefined;
}

/** The fact, or why it is none. */
export const itemOfEntry = (entry: BankEntry, occurrences: Occurrences, source: Source): FeedItem =>
  itemOf(source, () => {
    const why = notForOrders(entry);
    if (why) return ignored(why.code, why.text, source);
    return entry.side === 'debit' ? takenBack(entry, source) : credited(entry, occurrences, source);
  });

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
  if (side === 'debit') return entry.isReversal || entry.isReturn ? undefined : debit(entry, what);
  if (entry.isCharge) return { code: 'entry.charge', text: `${what}: interest or charges of the bank, no payment` };
  if (entry.isReversal) return { code: 'entry.debit-reversed', text: `${what} takes an earlier debit back` };
  if (entry.isReturn) return { code: 'entry.payout-returned', text: `${what}: a payment of ours came back` };
  return undefined;
}

const debit = (entry: BankEntry, what: string): NotForOrders =>
  entry.isCharge
    ? { code: 'entry.charge', text: `${what}: charges or interest of the bank` }
    : { code: 'entry.debit', text: `${what}: money that goes out pays no order` };

function credited(entry: BankEntry, occurrences: Occurrences, source: Source): FeedItem {
  const { text, currency, point } = entry.amount;
  const amount = amountOf(text, currency, point);
  if (amount.amount === 0) throw new Unfit('entry.zero', `a credit of ${amount.currency} 0`);
  const account = accountOf(entry);
  const valueDate = entry.valueDate?.slice(0, 10);
  if (!calendarDate.safeParse(valueDate).success)
    throw new Unfit('entry.value-date', `the value date ${entry.valueDate?.slice(0, 30) ?? '(none)'} is no date`);
  const known = { ...entry, account, amount, valueDate: valueDate ?? '' };
  const entryReference = identityOf(known, occurrences);
  const payer = payerOf(entry);
  const data = { account, entryReference, amount, method: 'tt' as const, valueDate: known.valueDate };
  return factOf(
    'paymentCredited',
    { ...data, ...(payer && { payer }) },
    source,
    entry.remittance ? { remittance: entry.remittance } : {},
  );
}

function takenBack(entry: BankEntry, source: Source): FeedItem {
  const entryReference = isReference(entry.reference) ? entry.reference : entry.uetr && `uetr:${entry.uetr}`;
  if (entryReference === undefined)
    throw new Unfit('entry.reference', 'a credit is taken back, and the bank does not say which');
  const reason = (entry.reason ?? (entry.isReversal ? 'reversed by the bank' : 'returned by the bank')).slice(0, 500);
  const { text, currency, point } = entry.amount;
  const amount = amountOf(text, currency, point);
  return factOf(
    'paymentReversed',
    { account: accountOf(entry), entryReference, reason },
    source,
    amount.amount > 0 ? { amount } : {},
  );
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
