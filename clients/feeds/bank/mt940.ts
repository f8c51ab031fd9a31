/** SWIFT MT940 (statement), and MT942 and MT950, whose entries are of the same form: field 61, with its field 86. */
import { ignored, sourcesOf } from '../facts';
import type { FeedItem, FeedProfile } from '../feed';
import { itemOfEntry, type BankEntry } from './entry';
import { isReference, type Occurrences } from './identity';
import { accountOf25, dateOf6, fieldOf, lineOf, messagesOf, otherType, type MtField, type MtMessage } from './mt';
import { wordsOf } from './mt86';

export const mt940: FeedProfile = {
  name: 'mt940',
  kinds: ['bank'],
  says: 'SWIFT MT940, statement; also MT942 and MT950',
  parse: readMt940,
};

const types = ['940', '942', '950'];

/** @throws FeedError of `messagesOf` */
function readMt940(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceOf = sourcesOf(file);
  return messagesOf(bytes).flatMap((message, n) => {
    const id = lineOf(message, '20') ?? String(n + 1);
    if (message.type !== undefined && !types.includes(message.type))
      return [otherType(message.type, 'this profile reads MT940, MT942 and MT950', sourceOf(id))];
    const currency = currencyOf(message);
    const account = accountOf25(message, currency);
    const occurrences: Occurrences = new Map();
    return entriesOf(message).map(({ line, words }) => {
      const source = sourceOf(id);
      const entry = entryOf(line, words, currency, account);
      if (entry) return itemOfEntry(entry, occurrences, source);
      const text = line.lines[0]?.slice(0, 80) ?? '';
      return ignored('entry.unreadable', `:61:${text} is not of the form of field 61`, source);
    });
  });
}

/** Fields 61, each with the field 86 right after it: a later one is about the whole statement. */
function entriesOf({ fields }: MtMessage): { line: MtField; words: MtField | undefined }[] {
  return fields.flatMap((line, i) => {
    const next = fields[i + 1];
    return line.tag === '61' ? [{ line, words: next?.tag === '86' ? next : undefined }] : [];
  });
}

/** The currency of the account: of a balance (`C260401USD1000,00`), of MT942's floor limit (`USD0,`). */
function currencyOf(message: MtMessage): string | undefined {
  for (const tag of ['60', '62', '64', '65']) {
    const [, currency] = /^[CD]\d{6}([A-Z]{3})/.exec(lineOf(message, tag) ?? '') ?? [];
    if (currency !== undefined) return currency;
  }
  return /^([A-Z]{3})/.exec(lineOf(message, '34F') ?? fieldOf(message, '90')?.lines[0] ?? '')?.[1];
}

/**
 * Value date, entry date, mark, funds code, amount, type, the account owner's reference, `//`, the bank's:
 * `2604010401CR9344,00NTRFINV-4711//CB-20260401-17`. R before the mark is a reversal, E an expected entry.
 */
const form61 = /^(\d{6})(\d{4})?(R|E)?([CD])([A-Z])?([\d.,]{1,20})(?:([A-Z][A-Z0-9 ]{3})(.*))?$/;

function entryOf(
  { lines }: MtField,
  field86: MtField | undefined,
  currency: string | undefined,
  account: string | undefined,
): BankEntry | undefined {
  const [first = '', second = ''] = lines;
  // Some lines are broken anywhere.
  const parts = form61.exec(first.trim()) ?? form61.exec(first.trim() + second.trim());
  if (!parts) return undefined;
  const [, date, booked, kind, mark, , text = '', type = '', references = ''] = parts;
  const [owners, ...banks] = references.split('//');
  const words = wordsOf(field86?.lines ?? []);
  const code = type.slice(1);
  return {
    status: kind === 'E' ? 'pending' : 'booked',
    // RC is the reversal of a credit: money goes out.
    side: (mark === 'C') === (kind !== 'R') ? 'credit' : 'debit',
    isReversal: kind === 'R',
    isReturn: code === 'RTI' || words.isReturn,
    isCharge: chargeCodes.has(code),
    account,
    amount: { text, currency, point: text.includes('.') ? '.' : ',' },
    reference: [banks.join('//').trim()].find(isReference),
    uetr: words.uetr,
    endToEnd: [words.endToEnd, owners?.trim()].find(isReference),
    valueDate: dayOf(date, booked),
    payer: words.payer,
    remittance: words.remittance,
    reason: words.reason ?? (second.trim() || words.remittance),
  };
}

/** SWIFT's transaction type identification codes of what is the bank's own: charges, commission, interest. */
const chargeCodes = new Set(['CHG', 'COM', 'INT', 'TAX']);

/**
 * The value date; where it is no day of the calendar (30 February, of those who count months by 30 days) the entry date, whose
 * year is the one that brings the two nearest.
 */
function dayOf(date: string | undefined, booked: string | undefined): string | undefined {
  const value = dateOf6(date);
  if (value === undefined || booked === undefined || isDay(value)) return value;
  const year = Number(value.slice(0, 4));
  const apart = Number(booked.slice(0, 2)) - Number(value.slice(5, 7));
  const bookedYear = year + (apart > 6 ? -1 : apart < -6 ? 1 : 0);
  return `${bookedYear}-${booked.slice(0, 2)}-${booked.slice(2)}`;
}

const isDay = (date: string): boolean => {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
};
