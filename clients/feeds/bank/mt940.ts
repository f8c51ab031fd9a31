/** SWIFT MT940 (statement), and MT942 and MT950, whose entries are of the same form: field 61, with its field 86. */
import type { FeedItem, FeedProfile } from '../feed';
import { itemsOfReports, type BankEntry, type BankReport, type NoEntry } from './entry';
import { isReference } from './identity';
import {
  accountOf25,
  dateOf6,
  fieldOf,
  lineOf,
  otherType,
  readMt,
  testMessage,
  unreadIn,
  type MtField,
  type MtMessage,
} from './mt';
import { isChargeGvc, isReturnGvc, wordsOf } from './mt86';

export const mt940: FeedProfile = {
  name: 'mt940',
  kinds: ['bank'],
  says: 'SWIFT MT940, statement; also MT942 and MT950',
  parse: readMt940,
};

const types = ['940', '942', '950'];

/** @throws FeedError of `readMt` */
function readMt940(bytes: Uint8Array, file: string): FeedItem[] {
  const { messages, unread } = readMt(bytes);
  return itemsOfReports(file, [...messages.map(reportOf), ...unreadIn(unread)]);
}

function reportOf(message: MtMessage, n: number): BankReport {
  const id = lineOf(message, '20') ?? String(n + 1);
  const has = (...tags: string[]) => tags.some((tag) => fieldOf(message, tag) !== undefined);
  // The same entry may stand in a report of the day and in the statement at night.
  const kind = message.type === '942' || (message.type === undefined && has('34F', '90')) ? 'interim' : 'statement';
  const content = has('28') ? JSON.stringify(message.fields) : undefined;
  return { message: id, kind, content, parts: partsOf(message) };
}

function partsOf(message: MtMessage): (BankEntry | NoEntry)[] {
  if (message.isTest) return [testMessage];
  if (message.type !== undefined && !types.includes(message.type))
    return [otherType(message.type, 'this profile reads MT940, MT942 and MT950')];
  const currency = currencyOf(message);
  const account = accountOf25(message, currency);
  const entries = entriesOf(message);
  if (entries.length === 0 && !['60', '62', '34', '90'].some((tag) => fieldOf(message, tag)))
    return [{ code: 'message.unreadable', why: 'a message without entries and without balances: no statement' }];
  return entries.map(({ line, words }) => {
    const text = line.lines[0]?.slice(0, 80) ?? '';
    const entry = entryOf(line, words, currency, account);
    return entry ?? { code: 'entry.unreadable', why: `:61:${text} is not of the form of field 61` };
  });
}

/** Fields 61, each with the fields 86 up to the next one: those after the closing balance are about the whole statement. */
function entriesOf({ fields }: MtMessage): { line: MtField; words: MtField[] }[] {
  const entries: { line: MtField; words: MtField[] }[] = [];
  let isOpen = false;
  for (const field of fields) {
    if (field.tag === '61') entries.push({ line: field, words: [] });
    if (field.tag === '86' && isOpen) entries.at(-1)?.words.push(field);
    else isOpen = field.tag === '61';
  }
  return entries;
}

/** The currency of the account: of a balance (`C260401USD1000,00`), of MT942's floor limit (`USD0,`). */
function currencyOf(message: MtMessage): string | undefined {
  for (const tag of ['60', '62', '64', '65']) {
    const [, currency] = /^[CD]\d{6}([A-Z]{3})/.exec(lineOf(message, tag) ?? '') ?? [];
    if (currency !== undefined) return currency;
  }
  return /^([A-Z]{3})/.exec(lineOf(message, '34F') ?? fieldOf(message, '90')?.lines[0] ?? '')?.[1];
}

/** A field 61 by its subfields. */
export interface Line61 {
  valueDate: string;
  entryDate: string | undefined;
  /** R is a reversal, E an expected entry. */
  kind: 'R' | 'E' | undefined;
  mark: 'C' | 'D';
  amount: string;
  point: '.' | ',';
  /** `NTRF`; empty when there is none. */
  type: string;
  owners: string;
  banks: string;
  details: string[];
}

/**
 * Value date, entry date, mark, funds code, amount, type, the account owner's reference, `//`, the bank's:
 * `2604010401CR9344,00NTRFINV-4711//CB-20260401-17`. Banks put blanks where the entry date would be, before the amount and
 * before the type.
 */
const form61 =
  /^\s*(\d{6})(\d{4}|\s{4})?\s*(R|E)?([CD])([A-Z])?\s*(\d[\d.,]{0,19}|,\d{1,18})(?:\s*([NSF][A-Z0-9]{3}|[A-Z][A-Z0-9 ]{3})(.*)|\s*(?:\/\/(.*))?)$/;

/** The field that the lines make; some are broken anywhere. Undefined when it is not of its form. */
export function line61Of({ lines }: MtField): Line61 | undefined {
  const whole = (count: number) =>
    form61.exec(
      lines
        .slice(0, count)
        .map((line) => line.trim())
        .join(''),
    );
  const counts = [1, 2, 3].filter((count) => count <= lines.length);
  const count = counts.find((one) => whole(one)?.[7] !== undefined) ?? counts.find((one) => whole(one));
  const parts = count === undefined ? undefined : whole(count);
  if (!parts) return undefined;
  const [, valueDate = '', entryDate, kind, mark, , text = '', type = '', references, bankOnly] = parts;
  const [owners = '', ...banks] = (references ?? '').split('//');
  return {
    ...{
      valueDate,
      entryDate: entryDate?.trim() || undefined,
      amount: text,
      point: text.includes('.') && !text.includes(',') ? '.' : ',',
      type,
    },
    kind: kind === 'R' || kind === 'E' ? kind : undefined,
    mark: mark === 'C' ? 'C' : 'D',
    owners: owners.trim(),
    banks: (bankOnly ?? banks.join('//')).trim(),
    details: lines.slice(count).map((line) => line.trim()),
  };
}

function entryOf(
  field: MtField,
  fields86: readonly MtField[],
  currency: string | undefined,
  account: string | undefined,
): BankEntry | undefined {
  const line = line61Of(field);
  if (!line) return undefined;
  const words = wordsOf(fields86);
  const code = line.type.slice(1);
  const details = line.details.join(' ');
  const endToEnd = [words.endToEnd, line.owners].find(isReference);
  return {
    status: line.kind === 'E' ? 'pending' : 'booked',
    // RC is the reversal of a credit: money goes out.
    side: (line.mark === 'C') === (line.kind !== 'R') ? 'credit' : 'debit',
    isReversal: line.kind === 'R',
    // German banks put the GVC into the type, too: N109.
    isReturn: code === 'RTI' || isReturnGvc(code) || words.isReturn,
    isCharge: chargeCodes.has(code) || isChargeGvc(code) || words.isCharge,
    account,
    amount: { text: line.amount, currency, point: line.point },
    reference: isReference(line.banks) ? line.banks : undefined,
    uetr: words.uetr,
    endToEnd,
    valueDate: dayOf(line.valueDate, line.entryDate),
    payer: words.payer,
    remittance: words.remittance,
    // Codes between slashes are the bank's: /OCMT/EUR8610,00/.
    furtherWords: [endToEnd, ...[line.owners].filter(isReference), details.startsWith('/') ? undefined : details],
    reason: words.reason ?? (details || words.remittance),
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
