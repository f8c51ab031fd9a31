/**
 * The identity of a credit: account and reference. The same credit comes as camt.054 at once, in camt.053 or MT940 at night,
 * in MT910 from another bank's desk; it must be one payment (R30). Two entries of one file are two bookings, whatever
 * reference the bank gives them.
 */
import { createHash } from 'node:crypto';
import type { Money } from '../../../domain/money';

interface Known {
  account: string;
  amount: Money;
  valueDate: string;
  reference: string | undefined;
  uetr: string | undefined;
  endToEnd: string | undefined;
  remittance: string | undefined;
}

/**
 * The references of a file: each is given once. A reference that comes again ends with `#2`, a digest with `-2`; counted
 * through all pages and messages of a kind, since a bank books each entry once in all of them. An exact copy of a message
 * has the references of its original.
 */
export class References {
  private readonly counts = new Map<string, number>();
  private readonly originals = new Map<string, string[]>();
  private kind = '';
  private given: string[] = [];
  private repeated: string[] | undefined;

  /**
   * Begins a message.
   * @param kind of report: the same entry may stand in one of each kind
   * @param content tells a copy; undefined for what has no id that could tell one
   */
  begin(kind: string, content: string | undefined): void {
    this.kind = kind;
    this.given = [];
    const key = content && createHash('sha256').update(`${kind}\n${content}`).digest('base64url');
    const original = key === undefined ? undefined : this.originals.get(key);
    this.repeated = original && [...original];
    if (key !== undefined && !original) this.originals.set(key, this.given);
  }

  /** The entry's own reference, of those that `identityOf` may give. */
  next(account: string, reference: string, sign: '#' | '-'): string {
    const copied = this.repeated?.shift();
    if (copied !== undefined) return copied;
    const key = [this.kind, account, reference].join('\n');
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const own = count === 1 ? reference : `${reference}${sign}${count}`;
    this.given.push(own);
    return own;
  }
}

/**
 * The account servicer's own reference, which all formats bring. Without one: the transfer's UETR; then a digest of what the
 * payer and the entry say (end-to-end id and remittance; account, date, amount).
 */
export function identityOf(entry: Known, references: References): string {
  const { account } = entry;
  if (isReference(entry.reference)) return references.next(account, entry.reference, '#');
  if (entry.uetr) return references.next(account, `uetr:${entry.uetr}`, '#');
  const hasEndToEnd = isReference(entry.endToEnd);
  const { amount, currency } = entry.amount;
  const words = [...(hasEndToEnd ? [entry.endToEnd ?? ''] : []), plain(entry.remittance ?? '')];
  const parts = [account, entry.valueDate, currency, amount, ...words].join('\n');
  const digest = createHash('sha256').update(parts).digest('base64url').slice(0, 32);
  return references.next(account, `${hasEndToEnd ? 'e2e' : 'digest'}:${digest}`, '-');
}

/** Formats break and space what the payer wrote each in its own way. */
const plain = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');

const placeholder =
  /^(NON ?REF|NO ?REF|NOT ?PROVIDED|NOT ?AVAILABLE|NOT ?SPECIFIED|UNKNOWN|NONE|NULL|NIL|N\/?A|[-.+*?/0 ]*|X{3,}|9{5,})$/i;
/** German codes that only point to field 86, where what they name stands. */
const pointer = /^(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|BREF|RREF|IREF|PREF)\+?$/i;

/** Whether the bank says something: `NONREF` and the like are words for nothing, `KREF+` points elsewhere. */
export const isReference = (text: string | undefined): text is string =>
  text !== undefined && !placeholder.test(text.trim()) && !pointer.test(text.trim());

/** A UETR in its one spelling; undefined for what is none. */
export function uetrOf(text: string | undefined): string | undefined {
  const uetr = text?.trim().toLowerCase();
  return uetr !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uetr) ? uetr : undefined;
}
