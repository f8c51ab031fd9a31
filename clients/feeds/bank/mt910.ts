/** SWIFT MT910, confirmation of credit: one booked credit a message. An MT900 beside it is a debit, and ignored. */
import type { FeedItem, FeedProfile } from '../feed';
import { itemsOfReports, type BankEntry, type BankReport } from './entry';
import { isReference, uetrOf } from './identity';
import {
  accountOf25,
  dateOf6,
  fieldOf,
  lineOf,
  otherType,
  readMt,
  testMessage,
  textLinesOf,
  unreadIn,
  type MtField,
  type MtMessage,
} from './mt';
import { joined, tidy } from './texts';

export const mt910: FeedProfile = {
  name: 'mt910',
  kinds: ['bank'],
  says: 'SWIFT MT910, confirmation of credit',
  parse: readMt910,
};

/** @throws FeedError of `readMt` */
function readMt910(bytes: Uint8Array, file: string): FeedItem[] {
  const { messages, unread } = readMt(bytes);
  return itemsOfReports(file, [...messages.map(reportOf), ...unreadIn(unread)]);
}

function reportOf(message: MtMessage, n: number): BankReport {
  const id = lineOf(message, '20') ?? String(n + 1);
  const type = message.type ?? '910';
  const isRead = type === '910' || type === '900';
  // Sent again (PDE), a message has the same fields.
  const content = JSON.stringify(message.fields);
  const parts = message.isTest
    ? [testMessage]
    : [isRead ? entryOf(message, type) : otherType(type, 'this profile reads MT910')];
  return { message: id, kind: type, content, parts };
}

function entryOf(message: MtMessage, type: '900' | '910'): BankEntry {
  // :32A:260401USD9344,00
  const [, date, currency, text] = /^(\d{6})([A-Z]{3})(.*)$/.exec(lineOf(message, '32A') ?? '') ?? [];
  const related = lineOf(message, '21');
  return {
    status: 'booked',
    side: type === '910' ? 'credit' : 'debit',
    isReversal: false,
    isReturn: false,
    isCharge: false,
    account: accountOf25(message, currency),
    amount: { text: text?.trim(), currency, point: ',' },
    reference: lineOf(message, '20'),
    uetr: uetrOf(message.uetr),
    endToEnd: related,
    valueDate: dateOf6(date),
    payer: { ...customerOf(fieldOf(message, '50')), bank: bankOf(fieldOf(message, '52')) },
    remittance: narrativeOf(message),
    furtherWords: isReference(related) ? [related] : [],
    reason: undefined,
  };
}

/** Field 50: `/account`, then name and address; in option F numbered lines, in option A a BIC in the name's place. */
function customerOf(field: MtField | undefined): { name?: string | undefined; account?: string | undefined } {
  const [first = '', ...rest] = field?.lines ?? [];
  if (!field || !first.startsWith('/')) return {};
  const numbered = rest.filter((line) => line.startsWith('1/')).map((line) => line.slice(2));
  const name = field.tag === '50F' && numbered.length > 0 ? numbered.join(' ') : rest[0];
  return { account: first.slice(1), name: field.tag === '50A' ? undefined : name };
}

/** Field 52: maybe `/clearing code`, then BIC or name. */
function bankOf(field: MtField | undefined): string | undefined {
  const name = field?.lines.find((line) => !line.startsWith('/'));
  return isReference(name) ? name : undefined;
}

/** Codes of field 72 after which the payer's words stand; after others stand the banks' own, such as `/INS/BIC`. */
const payersCodes = new Set(['BNF', 'REC', 'RFB', 'ROC', 'INV', 'REMI']);

/** A full line of fields 70 and 72 goes on in the next without a space. */
const fullLine = 35;

/** What the payer wrote: field 70 where a bank gives it, and of field 72 the lines that are the payer's. */
function narrativeOf(message: MtMessage): string | undefined {
  const lines = (tag: string) => {
    const field = fieldOf(message, tag);
    return field ? textLinesOf(field, fullLine) : [];
  };
  let isPayers = true;
  let isFull = false;
  let text = joined(lines('70'), fullLine);
  for (const line of lines('72')) {
    const [, code, words] = /^\/([A-Z0-9]{1,8})\/(.*)$/.exec(line) ?? [];
    if (code !== undefined) isPayers = payersCodes.has(code);
    if (isPayers) text += `${isFull && code === undefined ? '' : ' '}${words ?? line.replace(/^\/\//, '')}`;
    isFull = line.length >= fullLine;
  }
  return tidy(text);
}
