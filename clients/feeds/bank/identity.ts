/**
 * The identity of a credit: account and reference. The same credit comes as camt.054 at once, in camt.053 or MT940 at night,
 * in MT910 from another bank's desk; it must be one payment (R30).
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

/** How often a statement has had a credit without a reference of its own that looks like this. */
export type Occurrences = Map<string, number>;

/**
 * The account servicer's own reference, which all formats bring. Without one: the transfer's UETR; then a digest of what the
 * payer and the entry say (end-to-end id or remittance; account, date, amount), numbered where a statement has it twice.
 */
export function identityOf(entry: Known, occurrences: Occurrences): string {
  if (isReference(entry.reference)) return entry.reference;
  if (entry.uetr) return `uetr:${entry.uetr}`;
  const kind = isReference(entry.endToEnd) ? 'e2e' : 'digest';
  const words = kind === 'e2e' ? (entry.endToEnd ?? '') : plain(entry.remittance ?? '');
  const { amount, currency } = entry.amount;
  const parts = [entry.account, entry.valueDate, currency, amount, words].join('\n');
  const digest = `${kind}:${createHash('sha256').update(parts).digest('base64url').slice(0, 32)}`;
  const before = occurrences.get(digest) ?? 0;
  occurrences.set(digest, before + 1);
  return before === 0 ? digest : `${digest}-${before + 1}`;
}

/** Formats break and space what the payer wrote each in its own way. */
const plain = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');

const placeholder = /^(NONREF|NOT ?PROVIDED|NOT ?AVAILABLE|UNKNOWN|NONE|N\/?A|[-.0]*)$/i;

/** Whether the bank says something: `NONREF` and the like are words for nothing. */
export const isReference = (text: string | undefined): text is string => text !== undefined && !placeholder.test(text);

/** A UETR in its one spelling; undefined for what is none. */
export function uetrOf(text: string | undefined): string | undefined {
  const uetr = text?.toLowerCase();
  return uetr !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uetr) ? uetr : undefined;
}
