/**
 * Statements with known truth, written in the dialects that banks have: for tests that read them back. The writers follow
 * the formats' own guides (SWIFT fields 61 and 86, the German banks' data format, ISO 20022), not the readers.
 */
import fc from 'fast-check';

/** What a bank has booked. */
export interface TrueEntry {
  side: 'credit' | 'debit';
  /** In cents. */
  amount: number;
  /** The bank's reference; undefined when it gives none. */
  reference: string | undefined;
  endToEnd: string | undefined;
  /** With single blanks. */
  text: string;
  /** Day of May 2026. */
  day: number;
}

export interface TrueStatement {
  account: string;
  opening: number;
  entries: readonly TrueEntry[];
}

const word = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z]{1,14}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{1,8}$/) },
  // An order, a time of day, an amount, an invoice.
  { weight: 2, arbitrary: fc.nat(9999).map((n) => `po-${n}-1`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('10:20:45', '16:61:12', '10:25:11', '12:28:59', '500,00', '110-23', 'C100,00', '(a+b)'),
  },
);

const entry: fc.Arbitrary<TrueEntry> = fc
  .record({
    side: fc.constantFrom('credit', 'credit', 'credit', 'debit'),
    amount: fc.oneof(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom(100, 5000)),
    hasReference: fc.boolean(),
    endToEnd: fc.option(fc.stringMatching(/^E2E[A-Z0-9]{3,12}$/), { nil: undefined }),
    words: fc.array(word, { minLength: 0, maxLength: 30 }),
    day: fc.integer({ min: 1, max: 28 }),
  })
  .map(({ words, hasReference, ...rest }) => ({
    ...rest,
    reference: hasReference ? '' : undefined,
    text: `Payment ${words.join(' ')}`.slice(0, 300).trim(),
  }));

export const trueStatement: fc.Arbitrary<TrueStatement> = fc
  .record({
    account: fc.stringMatching(/^[1-9][0-9]{9,15}$/),
    opening: fc.integer({ min: 0, max: 1_000_000 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 8 }),
  })
  .map(({ entries, ...rest }) => ({
    ...rest,
    entries: entries.map((one, i) => ({ ...one, reference: one.reference === '' ? `BANK${i}REF` : undefined })),
  }));

export const closingOf = ({ opening, entries }: TrueStatement): number =>
  entries.reduce((sum, { side, amount }) => sum + (side === 'credit' ? amount : -amount), opening);

/** 12345 with a comma: `123,45`. */
const decimal = (cents: number, sign: ',' | '.'): string =>
  `${Math.floor(cents / 100)}${sign}${String(cents % 100).padStart(2, '0')}`;
const two = (n: number): string => String(n).padStart(2, '0');
const chunks = (text: string, size: number): string[] => {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += size) parts.push(text.slice(at, at + size));
  return parts;
};
const wrapped = (text: string): string => chunks(text, 65).join('\n');

/** A dialect of field 86. */
type Words = (entry: TrueEntry) => string[];

const german: Words = ({ endToEnd, text }) => {
  const pieces = [...chunks(endToEnd ? `EREF+${endToEnd}` : '', 27), ...chunks(`SVWZ+${text}`, 27)];
  const numbered = pieces.map((piece, i) => `?${i < 10 ? 20 + i : 50 + i}${piece}`);
  return [wrapped(`166?00GUTSCHRIFT?109310${numbered.join('')}?30BYLADEM1001?31DE02120300000000202051?32ALSTER`)];
};
const codes: Words = ({ endToEnd, text }) => [wrapped(`${endToEnd ? `/EREF/${endToEnd}` : ''}/REMI/${text}`)];
const free: Words = ({ text }) => [wrapped(text)];
/** Rabobank's older form: a field for each part. */
const several: Words = ({ text }) => {
  const words = text.split(' ');
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half), words.slice(half)].map((part) => wrapped(part.join(' '))).filter((part) => part !== '');
};

export interface MtDialect {
  name: string;
  words: Words;
  /** Between value date and mark: an entry date, blanks, nothing. */
  entryDate: (day: number) => string;
  beforeAmount: string;
  beforeType: string;
  noReference: string;
  /** What is done with the whole text. */
  frame: (text: string) => string;
  /** Entries are divided into pages of so many. */
  page: number;
}

const plain = {
  entryDate: (day: number) => `05${two(day)}`,
  beforeAmount: '',
  beforeType: '',
  noReference: 'NONREF',
  frame: (text: string) => text,
  page: Infinity,
};
const inBlocks = (text: string): string =>
  text
    .replaceAll(
      /(^|-\n):20:/g,
      '$1{1:F01CORPSGSGAXXX0000000000}{2:O9400900260505CITISGSGAXXX00000000002605050900N}{4:\n:20:',
    )
    .replaceAll('\n-\n', '\n-}{5:{CHK:0}}\n');

export const mtDialects: readonly MtDialect[] = [
  { ...plain, name: 'SWIFT, codes in field 86', words: codes, frame: inBlocks },
  { ...plain, name: 'German subfields', words: german, frame: (text) => text.replaceAll('\n', '\r\n') },
  {
    ...plain,
    name: 'German subfields, blanks at line ends cut off',
    words: german,
    frame: (text) => text.replaceAll(/ +\n/g, '\n'),
  },
  {
    ...plain,
    name: 'German subfields, lines filled up to 80',
    words: german,
    frame: (text) => text.replaceAll(/^.*$/gm, (line) => (line === '' ? '' : line.padEnd(80))),
  },
  {
    ...plain,
    name: 'Sparkasse, line ends in tags',
    words: german,
    frame: (text) => text.replaceAll(/^:(61|86):/gm, ':\n$1:'),
  },
  { ...plain, name: 'Commerzbank, Deutsche Bank', words: german, beforeType: ' ', noReference: 'KREF+' },
  { ...plain, name: 'ASN', words: free, entryDate: () => '    ' },
  { ...plain, name: 'Citi', words: codes, entryDate: () => '    ', frame: (text) => text.replaceAll('\n-\n', '\n') },
  { ...plain, name: 'Rabobank, several fields 86', words: several, entryDate: () => '' },
  { ...plain, name: 'a blank before the amount', words: free, beforeAmount: ' ' },
  { ...plain, name: 'pages of two entries, blocks', words: codes, page: 2, frame: inBlocks },
  { ...plain, name: 'pages without dashes', words: free, page: 3, frame: (text) => text.replaceAll('\n-\n', '\n') },
  {
    ...plain,
    name: 'control signs between messages',
    words: german,
    frame: (text) => `\x01${text.replaceAll('\n-\n', '\n-\x03\n$\n')}`,
  },
];

/** The statement as MT940. */
export function mt940Of(statement: TrueStatement, dialect: MtDialect): string {
  const { account, opening, entries } = statement;
  const pages: TrueEntry[][] = [];
  for (let from = 0; from < entries.length; from += Math.min(dialect.page, entries.length))
    pages.push(entries.slice(from, from + dialect.page));
  let balance = opening;
  const text = pages.map((page, i) => {
    const isLast = i === pages.length - 1;
    const first = `:60${i === 0 ? 'F' : 'M'}:${balanceOf(balance)}`;
    const lines = page.flatMap((one) => {
      balance += one.side === 'credit' ? one.amount : -one.amount;
      return [line61Of(one, dialect), ...dialect.words(one).map((words) => `:86:${words}`)];
    });
    const last = `:62${isLast ? 'F' : 'M'}:${balanceOf(balance)}`;
    return [':20:STATEMENT', `:25:${account}`, `:28C:12/${i + 1}`, first, ...lines, last, '-', ''].join('\n');
  });
  return dialect.frame(text.join(''));
}

const balanceOf = (cents: number): string => `${cents < 0 ? 'D' : 'C'}260505USD${decimal(Math.abs(cents), ',')}`;

function line61Of({ side, amount, reference, day }: TrueEntry, dialect: MtDialect): string {
  const { entryDate, beforeAmount, beforeType, noReference } = dialect;
  const mark = side === 'credit' ? 'C' : 'D';
  const end = reference === undefined ? noReference : `NONREF//${reference}`;
  return `:61:2605${two(day)}${entryDate(day)}${mark}${beforeAmount}${decimal(amount, ',')}${beforeType}NTRF${end}`;
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export type CamtVersion = 'camt.053.001.02' | 'camt.053.001.08' | 'camt.054.001.08';
export const camtVersions: readonly CamtVersion[] = ['camt.053.001.02', 'camt.053.001.08', 'camt.054.001.08'];

/** The statement as ISO 20022; its elements and their order are those of the message definitions. */
export function camtOf({ account, opening, entries }: TrueStatement, version: CamtVersion): string {
  const isNew = version.endsWith('08');
  const isStatement = version.startsWith('camt.053');
  const [message, part] = isStatement ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  const closing = closingOf({ account, opening, entries });
  const balance = (code: string, cents: number) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">${decimal(Math.abs(cents), '.')}</Amt>` +
    `<CdtDbtInd>${cents < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd><Dt><Dt>2026-05-05</Dt></Dt></Bal>`;
  const balances = isStatement ? balance('OPBD', opening) + balance('CLBD', closing) : '';
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${version}"><${message}>` +
    `<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-05-05T20:00:00Z</CreDtTm></GrpHdr><${part}><Id>P1</Id>` +
    `<CreDtTm>2026-05-05T20:00:00Z</CreDtTm><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>USD</Ccy></Acct>${balances}` +
    `${entries.map((one) => ntryOf(one, isNew)).join('\n')}</${part}></${message}></Document>`
  );
}

function ntryOf({ side, amount, reference, endToEnd, text, day }: TrueEntry, isNew: boolean): string {
  const date = `<Dt>2026-05-${two(day)}</Dt>`;
  const refs = endToEnd === undefined ? '' : `<Refs><EndToEndId>${endToEnd}</EndToEndId></Refs>`;
  const money = `<Amt Ccy="USD">${decimal(amount, '.')}</Amt><CdtDbtInd>${side === 'credit' ? 'CRDT' : 'DBIT'}</CdtDbtInd>`;
  // 140 characters each; a text goes on in the next one.
  const ustrd = chunks(text, 140).map((piece) => `<Ustrd>${xml(piece)}</Ustrd>`);
  return (
    `<Ntry>${money}<Sts>${isNew ? '<Cd>BOOK</Cd>' : 'BOOK'}</Sts><BookgDt>${date}</BookgDt><ValDt>${date}</ValDt>` +
    (reference === undefined ? '' : `<AcctSvcrRef>${reference}</AcctSvcrRef>`) +
    '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>XBCT</SubFmlyCd></Fmly></Domn></BkTxCd>' +
    `<NtryDtls><TxDtls>${refs}${isNew ? money : ''}<RmtInf>${ustrd.join('')}</RmtInf></TxDtls></NtryDtls></Ntry>`
  );
}
