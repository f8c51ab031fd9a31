/**
 * Field 86 of MT940: what the payer wrote and who it is, in the three ways that banks write it: German subfields
 * (`166?00…?20SVWZ+…?31ACCOUNT?32NAME`), SWIFT's codes between slashes (`/EREF/…/REMI/…`), or free text.
 */
import { isReference, uetrOf } from './identity';
import type { BankEntry } from './entry';
import { textLinesOf, type MtField } from './mt';
import { joined, tidy, withWords } from './texts';

export interface Words {
  remittance: string | undefined;
  payer: BankEntry['payer'];
  endToEnd: string | undefined;
  uetr: string | undefined;
  isReturn: boolean;
  /** Of the bank itself. */
  isCharge: boolean;
  reason: string | undefined;
}

/** A full line of field 86 goes on in the next without a space. */
const fullLine = 65;

/** The words of an entry's fields 86: some banks write several. */
export function wordsOf(fields: readonly MtField[]): Words {
  const texts = fields.map((field) => textLinesOf(field, fullLine).filter((line) => line !== ''));
  const [first = ''] = texts[0] ?? [];
  const sign = signOf(first, texts.flat().join(''));
  if (sign !== undefined) {
    const text = joinedSubfields(texts.flat(), sign);
    return ofSubfields(text.slice(text.indexOf(sign) + 1), sign, first.slice(0, text.indexOf(sign)));
  }
  const text = texts.map((lines) => joined(lines, fullLine)).join(' ');
  const { codes, before } = codesIn(text);
  if (codes.size > 0) return ofCodes(codes, before);
  return { ...nothing, remittance: tidy(text) };
}

/**
 * The sign of German subfields, in front of two digits: after a business transaction code of three digits, which some leave
 * out, and again before the posting text (00) or the purpose (20 to 29). An amount, or a number of an invoice, may begin like
 * it.
 */
function signOf(first: string, text: string): string | undefined {
  const [, gvc, sign] = /^(\d{3})?([^\w\s/])(?=\d\d)/.exec(first) ?? [];
  if (sign === undefined) return undefined;
  const subfields = new Set(
    text
      .split(sign)
      .slice(1)
      .map((part) => part.slice(0, 2)),
  );
  const has = (form: RegExp) => [...subfields].some((subfield) => form.test(subfield));
  if (gvc === undefined) return /[?<>^~]/.test(sign) && has(/^2\d$/) && subfields.size > 1 ? sign : undefined;
  if (sign === '?' || /[<>@$^~|#&*%!;]/.test(sign)) return has(/^(?:[01]\d|2\d|3\d|6\d)$/) ? sign : undefined;
  return has(/^00$/) && has(/^2\d$/) ? sign : undefined;
}

/** A line that is one short of full, and goes on within a subfield, has lost the blank at its end. */
const joinedSubfields = (lines: readonly string[], sign: string): string =>
  lines
    .map((line, i) => {
      const next = lines[i + 1];
      return line.length === fullLine - 1 && next !== undefined && !next.startsWith(sign) ? `${line} ` : line;
    })
    .join('');

const nothing: Words = {
  remittance: undefined,
  payer: {},
  endToEnd: undefined,
  uetr: undefined,
  isReturn: false,
  isCharge: false,
  reason: undefined,
};

/** Business transaction codes (GVC) of what came back: 108 and 109 a direct debit, 159 a transfer. */
const returnGvc = new Set(['108', '109', '159']);
/** GVC of the bank's own: closing of the account, charges, commission, interest. */
const chargeGvc = new Set(['805', '808', '809', '814']);
export const isReturnGvc = (code: string): boolean => returnGvc.has(code);
export const isChargeGvc = (code: string): boolean => chargeGvc.has(code);
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
  for (let i = 0; i < coded.length; i += 2) {
    const code = coded[i] ?? '';
    codes.set(code, `${codes.get(code) ?? ''} ${(coded[i + 1] ?? '').trim()}`.trim());
  }
  const endToEnd = codes.get('EREF');
  const [purpose, other] = codes.has('SVWZ') ? [codes.get('SVWZ'), free] : [free, undefined];
  return {
    ...nothing,
    remittance: withWords(purpose, [other, codes.get('KREF')].filter(isReference)),
    payer: {
      name: tidy(`${fields.get('32') ?? ''}${fields.get('33') ?? ''}`),
      account: tidy(codes.get('IBAN') ?? fields.get('31')),
      bank: tidy(codes.get('BIC') ?? fields.get('30')),
    },
    endToEnd,
    uetr: uetrOf(endToEnd),
    isReturn: isReturnGvc(gvc),
    isCharge: isChargeGvc(gvc),
    reason: tidy(fields.get('00')),
  };
}

/** Codes of SWIFT's and the Dutch banks' structured field 86. */
const known = [
  ...['EREF', 'REMI', 'ORDP', 'BENM', 'CNTP', 'NAME', 'IBAN', 'BIC', 'TRTP', 'TRCD', 'MARF', 'CSID', 'PREF', 'IREF'],
  ...['KREF', 'PURP', 'RTRN', 'ISDT', 'ULTD', 'ULTC', 'SVCL', 'CREF', 'EXCH', 'OCMT', 'OAMT', 'CHGS', 'ADDR', 'UETR'],
];
const codeForm = new RegExp(`/(${known.join('|')})/`, 'g');

/** What stands behind each code, up to the next; and the text before the first. */
function codesIn(text: string): { codes: Map<string, string>; before: string } {
  const codes = new Map<string, string>();
  const found = [...text.matchAll(codeForm)];
  for (const [i, { 0: whole, 1: code = '', index }] of found.entries()) {
    const value = text.slice(index + whole.length, found[i + 1]?.index);
    if (!codes.has(code)) codes.set(code, value);
    else if (code === 'REMI') codes.set(code, `${codes.get(code) ?? ''} ${value}`.slice(0, 2000));
  }
  return { codes, before: text.slice(0, found[0]?.index) };
}

/** Codes of one word: what stands behind a blank is free text again. */
const oneWord = ['OCMT', 'EXCH', 'OAMT', 'CHGS', 'BIC', 'UETR', 'ISDT', 'EREF', 'KREF', 'TRCD', 'PURP'];

function ofCodes(codes: ReadonlyMap<string, string>, before: string): Words {
  const counterparty = (codes.get('CNTP') ?? '').split('/');
  const ordering = codes.get('ORDP')?.replace(/^\/+|\/+$/g, '');
  const written = codes
    .get('REMI')
    ?.replace(/^(USTD\/\/|STRD\/\w{0,4}\/)/, '')
    .replace(/\/+$/, '');
  const endToEnd = tidy(codes.get('EREF')?.replace(/\/+$/, ''));
  const first = (...values: readonly (string | undefined)[]) => values.map(tidy).find((value) => value !== undefined);
  const behind = oneWord.map((code) => /^\S+\s+(.*\p{L}.*)$/su.exec(codes.get(code)?.slice(0, 2000) ?? '')?.[1]);
  return {
    remittance: withWords(
      written,
      [before, ...behind, codes.get('PREF'), codes.get('KREF'), codes.get('CREF')].map(bare),
    ),
    payer: {
      name: first(codes.get('NAME')?.replace(/\/+$/, ''), counterparty[2], ordering),
      account: first(codes.get('IBAN')?.replace(/\/+$/, ''), counterparty[0]),
      bank: first(codes.get('BIC')?.replace(/\/+$/, ''), counterparty[1]),
    },
    endToEnd,
    uetr: uetrOf(codes.get('UETR')?.replace(/\/+$/, '') ?? endToEnd),
    isReturn: codes.has('RTRN'),
    isCharge: false,
    reason: first(codes.get('RTRN')?.replace(/\/+/g, ' '), written),
  };
}

/** Without the slashes around it; undefined for words that name nothing. */
function bare(text: string | undefined): string | undefined {
  const words = text?.replace(/^[\s/]+/, '').replace(/[\s/]+$/, '');
  return isReference(words) ? words : undefined;
}
