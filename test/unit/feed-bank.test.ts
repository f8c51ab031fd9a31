/** R30: what banks send, in their formats, as credits that are booked and credits that are taken back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages } from '../../domain/messages';
import { moneyOf } from '../../domain/money';
import { identityOf, References, uetrOf } from '../../clients/feeds/bank/identity';
import { FeedError, type FeedItem } from '../../clients/feeds/feed';
import { profileOf, readFeed } from '../../clients/feeds/profiles';

const folder = join(__dirname, '../fixtures/feeds/bank');
const bytesOf = (name: string): Uint8Array => readFileSync(join(folder, name));
const read = (profile: string, bytes: Uint8Array | string, file = 'a'): FeedItem[] =>
  readFeed(profileOf(profile)!, Buffer.from(bytes), file);
const readFile = (profile: string, name: string): FeedItem[] => read(profile, bytesOf(name), name);

/** In short: what it is, and what tells it apart. */
function brief(item: FeedItem): string {
  if ('ignored' in item) return item.ignored;
  if (item.fact === 'paymentReversed') return `reversed ${item.data.entryReference}: ${item.data.reason}`;
  if (item.fact !== 'paymentCredited') return item.fact;
  const { entryReference, amount, valueDate } = item.data;
  const text = item.remittance === undefined ? '' : ` “${item.remittance}”`;
  return `${entryReference} ${amount.currency} ${amount.amount} ${valueDate}${text}`;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (fault) {
    if (fault instanceof FeedError) return `${fault.code} at ${fault.at}`;
    throw fault;
  }
  throw new Error('it was taken');
}

const credit = {
  fact: 'paymentCredited',
  data: {
    account: '9736093254648',
    entryReference: 'SG2604010017',
    amount: moneyOf(934_400, 'USD'),
    method: 'tt',
    valueDate: '2026-04-01',
    payer: { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051', bank: 'BYLADEM1001' },
  },
  remittance: 'Advance for order po-4500128',
};

describe('R30 one credit is one payment, in whatever format it arrives', () => {
  test.each([
    ['camt.054', 'credit.camt054.v02.xml', 'SGNTF20260401-0031'],
    ['camt.053', 'credit.camt053.v08.xml', 'SGSTM20260401'],
    ['mt910', 'credit.mt910.txt', 'SG2604010017'],
    ['mt940', 'credit.mt940.txt', 'SGSTM091'],
  ])('%s', (profile, file, message) => {
    const [first, ...others] = readFile(profile, file);
    const byId = { furtherText: 'ALSTER-2026-118', transfer: { endToEnd: 'ALSTER-2026-118' } };
    const names = profile === 'camt.053' ? { transfer: { uetr: '7a562c67-ca16-48ba-b074-65581be6f001' } } : byId;
    expect(first).toMatchObject({ ...credit, ...names, source: { file, message, index: 0 } });
    expect(others.map(brief)).toEqual(profile === 'mt940' ? ['entry.charge'] : []);
  });

  test('without a reference of the bank it is told by UETR, else by what the payer and the entry say', () => {
    const known = {
      account: 'a-1',
      amount: moneyOf(100, 'USD'),
      valueDate: '2026-04-01',
      reference: 'NONREF',
      uetr: uetrOf('7A562C67-CA16-48BA-B074-65581BE6F001'),
      endToEnd: 'NOTPROVIDED',
      remittance: 'Order po-1,  thanks',
    };
    const seen = new References();
    const identity = (more: object, references = seen) => identityOf({ ...known, ...more }, references);
    expect(identity({ reference: 'R-1' })).toBe('R-1');
    expect(identity({})).toBe('uetr:7a562c67-ca16-48ba-b074-65581be6f001');
    const digest = identity({ uetr: undefined });
    expect(digest).toMatch(/^digest:[\w-]{32}$/);
    // The same words in another format; again in the same statement it is another credit.
    expect(identity({ uetr: undefined, remittance: 'ORDER PO 1 THANKS' }, new References())).toBe(digest);
    expect(identity({ uetr: undefined })).toBe(`${digest}-2`);
    const other = { uetr: undefined, endToEnd: 'E2E-1' };
    expect(identity(other)).toMatch(/^e2e:/);
    // An end-to-end id may be a constant of the payer's: what was written counts, too.
    for (const more of [
      { amount: moneyOf(101, 'USD') },
      { valueDate: '2026-04-02' },
      { account: 'a-2' },
      { remittance: 'Order po-2' },
    ])
      expect(identity({ ...other, ...more })).not.toBe(identity(other, new References()));
    expect(messages.paymentReversed.data.shape.entryReference.safeParse(`${digest}-1000000`).success).toBe(true);
  });
});

describe('camt.054 and camt.053', () => {
  test('R30 only booked credits count, by entry or by transaction; what is taken back names its credit', () => {
    const items = readFile('camt.054', 'notification.mess.xml');
    expect(items.map(brief)).toEqual([
      'TX-1 GBP 10000 2026-04-02 “po-1”',
      'TX-2 GBP 5025 2026-04-02 “RF18539007547034 po-2”',
      'BATCH-2/1 GBP 1000 2026-04-02',
      'BATCH-2/2 GBP 2000 2026-04-02',
      'BATCH-3 GBP 8000 2026-04-02 “po-3 po-4”',
      'BATCH-4 GBP 7000 2026-04-02',
      'entry.pending',
      'entry.informational',
      'entry.future',
      'entry.status',
      'entry.debit',
      'entry.charge',
      'reversed TX-1: booked by mistake',
      'reversed TX-2: FOCR payer asked',
      'entry.reference',
      'entry.debit-reversed',
      'entry.payout-returned',
      'entry.currency',
      'entry.amount',
      'entry.zero',
      'entry.value-date',
      'entry.side',
      'entry.account',
    ]);
    expect(items.map(({ source }) => source.index)).toEqual(items.map((_, i) => i));
  });

  const whole = bytesOf('credit.camt054.v02.xml').toString();

  test.each(['02', '03', '04', '05', '06', '07', '08'])('version .001.%s is read the same', (version) => {
    const text = whole
      .replace('camt.054.001.02', `camt.054.001.${version}`)
      .replace('<Sts>BOOK</Sts>', version === '08' ? '<Sts><Cd>BOOK</Cd></Sts>' : '<Sts>BOOK</Sts>');
    expect(read('camt.054', text)).toMatchObject([credit]);
  });

  test.each([
    [
      'in an envelope of another',
      `<s:Envelope xmlns:s="urn:s"><s:Body>${whole.replace(/<\?.*\?>/, '')}</s:Body></s:Envelope>`,
      1,
    ],
    ['as text in an envelope', `<e><payload><![CDATA[${whole}]]></payload></e>`, 1],
    ['several in one file', whole + whole.replace('SGNTF20260401-0031<', 'SGNTF20260401-0032<'), 2],
  ])('documents are found %s', (_, text, count) => {
    expect(read('camt.054', text)).toMatchObject(Array.from({ length: count }, () => credit));
  });

  test('what stands outside the documents has a line', () => {
    expect(read('camt.054', `${whole}\r\nEOF 0001`)).toMatchObject([credit, { ignored: 'file.unread' }]);
    const other = '<Document><CstmrPmtStsRpt><GrpHdr/></CstmrPmtStsRpt></Document>';
    expect(read('camt.054', whole + other)).toMatchObject([credit, { ignored: 'file.unread' }]);
    const asText = `<e>${whole.replace(/<\?.*\?>/, '')}<more><![CDATA[${whole.replaceAll('SG2604010017', 'SG-2')}]]></more></e>`;
    expect(read('camt.054', asText).map(brief)).toEqual([
      expect.stringMatching(/^SG2604010017 /),
      expect.stringMatching(/^SG-2 /),
    ]);
  });

  test.each([
    ['another message of the family', 'camt.053', 'camt.other at BkToCstmrDbtCdtNtfctn', whole],
    ['no message', 'camt.054', 'camt.none at the whole file', '<Document><CstmrCdtTrfInitn/></Document>'],
    [
      'a file cut off',
      'camt.054',
      'xml.malformed at line 40, column 1',
      whole.split('\n').slice(0, 39).join('\n') + '\n',
    ],
  ])('%s is refused', (_, profile, code, text) => {
    expect(codeOf(() => read(profile, text))).toBe(code);
  });

  test('the payer is told only when the bank names name and account', () => {
    const without = whole.replace(/<DbtrAcct>[\s\S]*?<\/DbtrAcct>/, '');
    const [item] = read('camt.054', without);
    expect(item).toMatchObject({ fact: 'paymentCredited' });
    expect(item).not.toHaveProperty('data.payer');
  });
});

describe('MT940 and MT942', () => {
  test('German statements: subfields of field 86, marks, dates and lines as banks write them', () => {
    const items = readFile('mt940', 'statement.german.mt940.sta');
    expect(items.map(brief)).toEqual([
      'POS 12 EUR 50000 2026-04-01 “Anzahlung Auftrag po-4500128 und po- Rest spaeter”',
      'reversed POS 7: STORNO',
      // 30 February: the entry date counts.
      'POS 13 EUR 1000 2026-03-01 “Barzahlung Kunde”',
      // The payer's own reference, where there is no text.
      expect.stringMatching(/^e2e:\S{32} EUR 100 1999-12-31 “KUNDE-9”$/),
      'reversed POS 12: AC04',
      'entry.pending',
      'entry.pending',
      'entry.debit-reversed',
      'entry.payout-returned',
      'entry.charge',
      'entry.unreadable',
    ]);
    expect(items[0]).toMatchObject({
      data: {
        account: '0000202051',
        payer: { name: 'Mueller Haushaltswaren GmbH', account: 'DE02120300000000202051', bank: 'BYLADEM1001' },
      },
    });
    // Both statements have one id: their items are numbered on and on.
    expect(items.map(({ source }) => `${source.message} ${source.index}`)).toEqual(
      items.map((_, i) => `STARTUMS ${i}`),
    );
  });

  test('line ends, character set and blocks do not matter', () => {
    const text = bytesOf('statement.german.mt940.sta')
      .toString()
      .replace('Mueller', 'Müller')
      .replace('Anzahlung', 'Für');
    const expected = read('mt940', text);
    expect(expected[0]).toMatchObject({ data: { payer: { name: 'Müller Haushaltswaren GmbH' } } });
    for (const bytes of [
      Buffer.from(text, 'latin1'),
      Buffer.from(text.replaceAll('\n', '\r\n')),
      Buffer.from(`\uFEFF\x01${text}\x03`),
      Buffer.from(text.replaceAll('\n-\n', '\n')),
      Buffer.from(text.replaceAll(/(^|-\n):20:/g, '$1{1:F01X}{2:I940XN}{4:\n:20:').replaceAll('\n-\n', '\n-}\n')),
      Buffer.from(`CITISGSG\n940\nONETSGSG\n${text}`),
    ])
      expect(read('mt940', bytes)).toEqual(expected);
  });

  test.each([
    ['NTRFNONREF//', /^digest:/],
    ['NTRFINV-1//', /^e2e:/],
    ['NTRFINV-1//NONREF', /^e2e:/],
    ['S103INV-1//B-1', /^B-1$/],
    ['NTRFINV-1//B-1//2', /^B-1\/\/2$/],
  ])('field 61 with %s', (end, reference) => {
    const text = `:20:A\n:25:123456789USD\n:28C:1\n:60M:C260401USD0,\n:61:260401C1,5${end}\n:62F:C260401USD1,5`;
    const [item] = read('mt940', text);
    expect(item).toMatchObject({ data: { account: '123456789', amount: moneyOf(150, 'USD') } });
    expect(item).toHaveProperty('data.entryReference', expect.stringMatching(reference));
  });

  test('MT942 has its currency in the floor limit; other messages in the file are told', () => {
    const text = [
      '{1:F01X}{2:O9420900260401X}{4:\n:20:I\n:25:123\n:28C:1/1\n:34F:USD0,\n:13D:2604010900+0800',
      ':61:2604010401C7,NTRFNONREF//B-9\n:86:free text that a bank breaks after exactly sixty-five characters, lik\ne this\n-}',
      '{1:F01X}{2:O9100900260401X}{4:\n:20:M\n-}',
    ].join('\n');
    expect(read('mt940', text).map(brief)).toEqual([
      'B-9 USD 700 2026-04-01 “free text that a bank breaks after exactly sixty-five characters, like this”',
      'message.other-profile',
    ]);
  });

  test.each([
    ['no message', 'hello', 'mt.none at line 1'],
    ['a block cut off', '{1:F01X}{2:O9400900260401X}{4:\n:20:A\n:25:1', 'mt.truncated at line 2'],
  ])('%s is refused', (_, text, code) => {
    expect(codeOf(() => read('mt940', text))).toBe(code);
  });
});

describe('MT910', () => {
  const message = (...fields: string[]) =>
    [':20:R-1', ':21:NONREF', ':25P:123456789', 'CITISGSG', ...fields].join('\n');

  test('R30 bare text, several in a file, and an MT900 that is a debit', () => {
    const text = `${message(':32A:260401JPY1000,')}\n-\n${message(':32A:260401USD2,50').replace('R-1', 'R-2')}\n`;
    const debit = '{1:F01X}{2:O9000900260401X}{4:\n:20:D\n:25:123\n:32A:260401USD1,\n-}';
    expect(read('mt910', text + debit).map(brief)).toEqual([
      'R-1 JPY 1000 2026-04-01',
      'R-2 USD 250 2026-04-01',
      'entry.debit',
    ]);
  });

  test.each([
    ['50K:/DE02120300000000202051\nAlster GmbH', { name: 'Alster GmbH', account: 'DE02120300000000202051' }],
    [
      '50F:/123456\n1/ALSTER HOME\n1/AND LIVING\n2/STREET 1\n3/DE/HAMBURG',
      { name: 'ALSTER HOME AND LIVING', account: '123456' },
    ],
    ['50F:CUST/DE/ABC/1\n1/ALSTER', undefined],
    ['50A:/123456\nBYLADEM1001', undefined],
    ['50K:Alster GmbH\nHamburg', undefined],
  ])('the payer of %s', (field, payer) => {
    const [item] = read('mt910', message(':32A:260401USD1,', `:${field}`));
    expect(item).toMatchObject({ fact: 'paymentCredited' });
    expect('data' in item! && 'payer' in item.data ? item.data.payer : undefined).toEqual(payer);
  });

  test.each([
    [':32A:260401USD1,00X', 'entry.amount'],
    [':32A:nothing', 'entry.currency'],
    [':32A:260431USD1,', 'entry.value-date'],
  ])('%s is %s', (field, code) => {
    expect(read('mt910', message(field)).map(brief)).toEqual([code]);
  });
});

test('R30: what the bank takes back is told with how much, and read again as it was printed', () => {
  const entry =
    '<Ntry><Amt Ccy="USD">95.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>' +
    '<ValDt><Dt>2026-04-02</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry>';
  const account = '<Acct><Id><Othr><Id>9736093254648</Id></Othr></Id></Acct>';
  const file = `<Document><BkToCstmrDbtCdtNtfctn><Ntfctn>${account}${entry}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;
  const items = read('camt.054', file);
  expect(items).toMatchObject([
    { fact: 'paymentReversed', data: { entryReference: 'R1' }, amount: { amount: 95_00, currency: 'USD' } },
  ]);
  expect(read('json', JSON.stringify(items[0]))).toMatchObject([{ amount: { amount: 95_00, currency: 'USD' } }]);
});
