/**
 * Field 86 of MT940: what the payer wrote and who it is, in the three ways that banks write it: German subfields
 * (`166?00…?20SVWZ+…?31ACCOUNT?32NAME`), SWIFT's codes between slashes (`/EREF/…/REMI/…`), or free text.
 */
import { isReference, uetrOf } from './identity';
import type { BankEntry } from './entry';
import { joined, tidy } from './texts';

export interface Words {
  remittance: string | undefined;
  payer: BankEntry['payer'];
  endToEnd: string | undefined;
  uetr: string | undefined;
  isReturn: boolean;
  reason: string | undefined;
}

/** A full line of field 86 goes on in the next without a space. */
const fullLine = 65;

export function wordsOf(lines: readonly string[]): Words {
  const [, sign] = /^\d{3}([^\w\s/])(?=\d\d)/.exec(lines[0] ?? '') ?? [];
  if (sign !== undefined) return ofSubfields(lines.join('').slice(4), sign, (lines[0] ?? '').slice(0, 3));
  const text = joined(lines, fullLine);
  const codes = codesIn(text);
  if (codes.size > 0) return ofCodes(codes);
  return { ...nothing, remittance: tidy(text) };
}

const nothing: Words = {
  remittance: undefined,
  payer: {},
  endToEnd: undefined,
  uetr: undefined,
  isReturn: false,
  reason: undefined,
};

/** Business transaction codes (GVC) of what came back: 108 and 109 a direct debit, 159 a transfer. */
const returnGvc = new Set(['108', '109', '159']);
/** A full piece of purpose in a subfield. */
const fullPiece = 27;
/** Codes within the purpose, of SEPA. */
const sepa = /(?:^|\s)(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|SQTP)\+/g;
const startsWithCode = /^[A-Z]{3,4}\+/;

function ofSubfields(text: string, sign: string, gvc: string): Words {
  const fields = new Map<string, string>();
  let last = '';
  for (const part of text.split(sign)) {
    const isField = /^\d\d/.test(part);
    if (isField) last = part.slice(0, 2);
    fields.set(last, isField ? part.slice(2) : `${fields.get(last) ?? ''}${sign}${part}`);
  }
  const purposes = [...fields.keys()].filter((key) => /^(2\d|6[0-3])$/.test(key)).sort();
  // Each code begins a piece; a piece that is not full has ended, and lost the spaces at its end.
  const pieces = purposes.map((key) => (fields.get(key) ?? '').replace(startsWithCode, ' $&'));
  const [free, ...coded] = joined(pieces, fullPiece).split(sepa);
  const codes = new Map<string, string>();
  for (let i = 0; i < coded.length; i += 2) codes.set(coded[i] ?? '', (coded[i + 1] ?? '').trim());
  const endToEnd = codes.get('EREF');
  return {
    ...nothing,
    remittance: tidy(codes.get('SVWZ') ?? free) ?? (isReference(endToEnd) ? endToEnd : undefined),
    payer: {
      name: tidy(`${fields.get('32') ?? ''}${fields.get('33') ?? ''}`),
      account: tidy(codes.get('IBAN') ?? fields.get('31')),
      bank: tidy(codes.get('BIC') ?? fields.get('30')),
    },
    endToEnd,
    uetr: uetrOf(endToEnd),
    isReturn: returnGvc.has(gvc),
    reason: tidy(fields.get('00')),
  };
}

/** Codes of SWIFT's and the Dutch banks' structured field 86. */
const known = [
  ...['EREF', 'REMI', 'ORDP', 'BENM', 'CNTP', 'NAME', 'IBAN', 'BIC', 'TRTP', 'TRCD', 'MARF', 'CSID', 'PREF', 'IREF'],
  ...['KREF', 'PURP', 'RTRN', 'ISDT', 'ULTD', 'ULTC', 'SVCL', 'CREF', 'EXCH', 'OCMT', 'OAMT', 'CHGS', 'ADDR', 'UETR'],
];
const codeForm = new RegExp(`/(${known.join('|')})/`, 'g');

/** What stands behind each code, up to the next. */
function codesIn(text: string): Map<string, string> {
  const codes = new Map<string, string>();
  const found = [...text.matchAll(codeForm)];
  for (const [i, { 0: whole, 1: code = '', index }] of found.entries()) {
    const value = text.slice(index + whole.length, found[i + 1]?.index);
    if (!codes.has(code)) codes.set(code, value);
  }
  return codes;
}

function ofCodes(codes: ReadonlyMap<string, string>): Words {
  const counterparty = (codes.get('CNTP') ?? '').split('/');
  const ordering = codes.get('ORDP')?.replace(/^\/+|\/+$/g, '');
  const written = codes
    .get('REMI')
    ?.replace(/^(USTD\/\/|STRD\/\w{0,4}\/)/, '')
    .replace(/\/+$/, '');
  const endToEnd = tidy(codes.get('EREF')?.replace(/\/+$/, ''));
  const first = (...values: readonly (string | undefined)[]) => values.map(tidy).find((value) => value !== undefined);
  return {
    remittance: tidy(written) ?? (isReference(endToEnd) ? endToEnd : undefined),
    payer: {
      name: first(codes.get('NAME')?.replace(/\/+$/, ''), counterparty[2], ordering),
      account: first(codes.get('IBAN')?.replace(/\/+$/, ''), counterparty[0]),
      bank: first(codes.get('BIC')?.replace(/\/+$/, ''), counterparty[1]),
    },
    endToEnd,
    uetr: uetrOf(codes.get('UETR')?.replace(/\/+$/, '') ?? endToEnd),
    isReturn: codes.has('RTRN'),
    reason: first(codes.get('RTRN')?.replace(/\/+/g, ' '), written),
  };
}
