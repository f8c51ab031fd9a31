/**
 * R30: what real banks write, by kind. Each form has its source: SWIFT's category 9 (fields 61, 72, 86; trailers), ISO 20022's
 * message definitions and external code sets, the German banks' data format (DK, field 86), or files that banks have published.
 */
import type { FeedItem } from '../../clients/feeds/feed';
import { isReference } from '../../clients/feeds/bank/identity';
import { rowsOf } from '../../clients/feeds/rows';
import { profileOf, readFeed } from '../../clients/feeds/profiles';

const account = 'SGACCOUNT77';
const read = (profile: string, text: string): FeedItem[] => readFeed(profileOf(profile)!, Buffer.from(text), 'f');

/** In short: reference, minor units, and what the payer wrote. */
const brief = (item: FeedItem): unknown => {
  if ('ignored' in item) return item.ignored;
  if (item.fact === 'paymentReversed') return `taken back ${item.data.entryReference}`;
  if (item.fact !== 'paymentCredited') return item.fact;
  return [item.data.entryReference, item.data.amount.amount, item.remittance ?? ''];
};
const amounts = (items: readonly FeedItem[]): number[] =>
  items.flatMap((item) => ('fact' in item && item.fact === 'paymentCredited' ? [item.data.amount.amount] : []));
const references = (items: readonly FeedItem[]): string[] =>
  items.flatMap((item) => ('fact' in item && item.fact === 'paymentCredited' ? [item.data.entryReference] : []));

/** An MT940 of these lines. */
const statement = (lines: readonly string[], { id = 'S1', number = '7/1', to = '62F' } = {}): string =>
  [`:20:${id}`, `:25:${account}`, `:28C:${number}`, ':60F:C260505USD0,', ...lines, `:${to}:C260505USD1,`, '-', ''].join(
    '\n',
  );
const camt = (ntries: string, more = '', message: '053' | '054' = '053'): string => {
  const [name, part] = message === '053' ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  const part1 = `<${part}><Id>P1</Id><Acct><Id><Othr><Id>${account}</Id></Othr></Id></Acct>${ntries}</${part}>`;
  return `<Document><${name}><GrpHdr><MsgId>M1</MsgId>${more}</GrpHdr>${part1}</${name}></Document>`;
};
interface Entry {
  amount: string;
  side?: 'CRDT' | 'DBIT';
  reference?: string;
  more?: string;
  details?: string;
}
const ntry = ({ amount, side = 'CRDT', reference, more = '', details = '' }: Entry): string =>
  `<Ntry><Amt Ccy="USD">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>${more}<Sts>BOOK</Sts><ValDt><Dt>2026-05-05</Dt></ValDt>` +
  `${reference === undefined ? '' : `<AcctSvcrRef>${reference}</AcctSvcrRef>`}${details}</Ntry>`;
const transaction = (inner: string): string => `<NtryDtls><TxDtls>${inner}</TxDtls></NtryDtls>`;

describe('R30 each booking of a file is an entry of its own', () => {
  const line = ':61:2605050505C20,NTRFNONREF\n:86:Deposit';

  test.each([
    ['lines of one statement', [statement([line, line])]],
    ['pages of one statement', [statement([line], { to: '62M' }), statement([line], { number: '7/2' })]],
    ['statements of two days with equal text', [statement([line]), statement([line], { number: '8/1' })]],
  ])('two equal credits without a reference: %s', (_, texts) => {
    const items = read('mt940', texts.join(''));
    expect(amounts(items)).toEqual([2000, 2000]);
    expect(new Set(references(items)).size).toBe(2);
  });

  test('a reference that the bank uses again, of equal and of other amounts', () => {
    const lines = ['1', '2', '3'].map((n) => `:61:2605050505C${n === '3' ? '9' : '5'},NTRFINV${n}//Loan`);
    expect(references(read('mt940', statement(lines)))).toEqual(['Loan', 'Loan#2', 'Loan#3']);
    const entries = ['5', '5', '9'].map((amount) => ntry({ amount, reference: 'Loan' })).join('');
    expect(references(read('camt.053', camt(entries)))).toEqual(['Loan', 'Loan#2', 'Loan#3']);
  });

  test('two notifications of one message', () => {
    const [head, rest] = camt(ntry({ amount: '5' }), '', '054').split('</Ntfctn>');
    const second = `${head!.slice(head!.indexOf('<Ntfctn>')).replace('P1', 'P2')}</Ntfctn>`;
    const items = read('camt.054', `${head!}</Ntfctn>${second}${rest!}`);
    expect(amounts(items)).toEqual([500, 500]);
    expect(new Set(references(items)).size).toBe(2);
    // The same notification twice is a copy.
    const copy = read('camt.054', `${head!}</Ntfctn>${second.replace('P2', 'P1')}${rest!}`);
    expect(new Set(references(copy)).size).toBe(1);
  });

  test('the report of the day and the statement at night are of the same entries; a message sent again is the same', () => {
    const interim = [':20:I1', `:25:${account}`, ':28C:7/1', ':34F:USD0,', line, '-', ''].join('\n');
    const items = read('mt940', interim + statement([line]));
    expect(references(items)).toHaveLength(2);
    expect(new Set(references(items)).size).toBe(1);
    const advice = `:20:A1\n:25:${account}\n:32A:260505USD5,\n-\n`;
    expect(references(read('mt910', advice + advice))).toEqual(['A1', 'A1']);
    expect(references(read('mt910', advice + advice.replace('5,\n', '6,\n')))).toEqual(['A1', 'A1#2']);
  });

  test.each(['KREF+', 'EREF', 'MREF+', 'NONREF', 'NOT PROVIDED', 'NOREF', '000', '', 'SVWZ+', 'N/A'])(
    '%p names nothing',
    (words) => {
      expect(isReference(words)).toBe(false);
      const one = (text: string, number: string) =>
        statement([`:61:2605050505C20,NTRF${words}//${words}`, `:86:166?00X?20SVWZ+${text}`], { number });
      const items = read('mt940', one('order po-1', '7/1') + one('order po-2', '8/1'));
      expect(new Set(references(items)).size).toBe(2);
      for (const reference of references(items)) expect(reference).toMatch(/^digest:/);
    },
  );
});

describe('R30 test and training messages are no money', () => {
  const advice = `:20:A1\n:25:${account}\n:32A:260505USD5,\n-}`;
  const blocks = (from: string, to: string, trailer = '{5:{CHK:0}}', type = '910', text = advice) =>
    `{1:F01${to}AXXX0000000000}{2:O${type}0900260505${from}AXXX00000000002605050900N}{4:\n${text}${trailer}`;
  const [bank, we] = ['CITISGSG', 'CORPSGSG'];

  test.each([
    ['a trailer TNG', blocks(bank, we, '{5:{CHK:0}{TNG:}}')],
    ['a trailer TNG of its own line', blocks(bank, we, '{5:{CHK:0}\n{TNG:}}')],
    ['the sender’s BIC', blocks('CITISGS0', we)],
    ['the receiver’s BIC', blocks(bank, 'CORPSGS0')],
  ])('by %s', (_, text) => {
    expect(read('mt910', text).map(brief)).toEqual(['message.test']);
    // The next one in the file is real.
    const items = read('mt910', text + blocks(bank, we).replace('A1', 'A2'));
    expect(items.map(brief)).toEqual(['message.test', ['A2', 500, '']]);
  });

  test('an MT940 is one line, whatever is in it', () => {
    const body = statement([':61:2605050505C20,NTRFX//1']).replace('-\n', '-}');
    expect(read('mt940', blocks(bank, we, '{5:{TNG:}}', '940', body)).map(brief)).toEqual(['message.test']);
  });

  const credit = camt(ntry({ amount: '5', reference: 'R1' }));
  test.each([
    ['Swiss Payment Standards', camt(ntry({ amount: '5' }), '<AddtlInf>SPS/1.7/TEST</AddtlInf>')],
    [
      'a BIC of the business application header',
      `<E><AppHdr><Fr><FIId><FinInstnId><BICFI>CITISGS0XXX</BICFI></FinInstnId></FIId></Fr></AppHdr>${credit}</E>`,
    ],
    ['a mark of the envelope', `<E><TestIndicator>true</TestIndicator>${credit}</E>`],
  ])('camt: by %s', (_, text) => {
    expect(read('camt.053', text).map(brief)).toEqual(['message.test']);
  });

  test('marks of production are none', () => {
    expect(
      read('camt.053', camt(ntry({ amount: '5', reference: 'R1' }), '<AddtlInf>SPS/1.7/PROD</AddtlInf>')).map(brief),
    ).toEqual([['R1', 500, '']]);
    expect(read('camt.053', `<E><TestIndicator>false</TestIndicator>${credit}</E>`).map(brief)).toEqual([
      ['R1', 500, ''],
    ]);
  });
});

describe('field 61 as banks write it', () => {
  test.each([
    ['blanks for the entry date (ASN, Citi)', '260505    C7,50NTRFNONREF//R1'],
    ['no entry date', '260505C7,50NTRFNONREF//R1'],
    ['a blank before the type (Deutsche Bank, Commerzbank)', '2605050505C7,50 NTRFNONREF//R1'],
    ['a blank before the amount', '2605050505C 7,50NTRFNONREF//R1'],
    ['a funds code and a blank', '2605050505CD 7,50NTRFNONREF//R1'],
    ['a line end after the mark', '2605050505C\n7,50NTRFNONREF//R1'],
    ['a line end in the amount', '2605050505C7\n,50NTRFNONREF//R1'],
    ['blanks at the end', '2605050505C7,50NTRFNONREF//R1   '],
    ['no type', '2605050505C7,50//R1'],
    ['a type of a number', '2605050505C7,50N062NONREF//R1'],
    ['a type of S and a message', '2605050505C7,50S103NONREF//R1'],
    ['a decimal point', '2605050505C7.50NTRFNONREF//R1'],
  ])('%s', (_, line) => {
    expect(read('mt940', statement([`:61:${line}`, ':86:po-1'])).map(brief)).toEqual([['R1', 750, 'po-1']]);
  });

  test.each(['2605050505C-7,50NTRFX//R1', '2605050505C1.234,56NTRFX//R1', '26050', '2605050505C7,50?NTRFX'])(
    '%s is for people to look at',
    (line) => {
      expect(read('mt940', statement([`:61:${line}`])).map(brief)).toEqual([
        expect.stringMatching(/^entry\.(unreadable|amount)$/),
      ]);
    },
  );
});

describe('lines that look like fields, and fields that do not', () => {
  const second = ':61:2605050505C2,NTRFNONREF//R2\n:86:second';

  test.each([
    ':20:45 Uhr',
    ':12:45 Uhr',
    ':61:12 Uhr',
    ':25:30 Uhr',
    ':28:11',
    ':62F:x',
    '-',
    ':64: kg',
    '{x} y',
    ':32:10 po',
  ])('text of field 86 goes on with %s', (line) => {
    const items = read(
      'mt940',
      statement([':61:2605050505C1,NTRFNONREF//R1', ':86:paid at', line, 'for po-1', second]),
    );
    expect(items.map(brief)).toEqual([
      ['R1', 100, expect.stringMatching(/^paid at .*for po-1$/)],
      ['R2', 200, 'second'],
    ]);
  });

  test('a line end within a tag', () => {
    const text = statement([
      ':\n61:2605050505C1,NTRFX//R1',
      ':\n86:po-1',
      ':61\n:2605050505C2,NTRFX//R2',
      ':86\n:po-2',
    ]);
    expect(read('mt940', text).map(brief)).toEqual([
      ['R1', 100, 'po-1'],
      ['R2', 200, 'po-2'],
    ]);
  });

  test('a second account begins a statement, without :20: and without a dash', () => {
    const of = (number: string, currency: string, line: string) =>
      `:25:${number}\n:28C:1/1\n:60F:C260505${currency}0,\n${line}\n:62F:C260505${currency}1,\n`;
    const items = read(
      'mt940',
      of('111', 'USD', ':61:260505C1,NTRFX//R1') + of('222', 'EUR', ':61:260505C2,NTRFX//R2'),
    );
    expect(items).toMatchObject([
      { data: { account: '111', amount: { amount: 100, currency: 'USD' } } },
      { data: { account: '222', amount: { amount: 200, currency: 'EUR' } } },
    ]);
  });

  test('fields that stand in one line', () => {
    const text = statement([':61:2605050505C1,NTRFX//R1', ':86:order po-1', ':61:2605050505C2,NTRFX//R2']);
    const inOne = `{1:F01CITISGSGAXXX0000000000}{2:I940CORPSGSGXXXXN}{4: ${text.replaceAll('\n', ' ').replace(/- $/, '-}')}`;
    expect(read('mt940', inOne).map(brief)).toEqual([
      ['R1', 100, 'order po-1'],
      ['R2', 200, 'X'],
    ]);
  });

  test('an MT910 in one line', () => {
    const text = `:20:R1 :21:E1 :25:${account} :32A:260505USD1, :50K:/DE02120300000000202051 ALSTER :72:/BNF/for po-1`;
    for (const whole of [text, `{1:F01CITISGSGAXXX0000000000}{2:I910CORPSGSGXXXXN}{4: ${text} -}`])
      expect(read('mt910', whole).map(brief)).toEqual([['R1', 100, 'for po-1']]);
  });

  test('nothing vanishes: text outside messages, blocks and messages without entries have a line', () => {
    const whole = statement([':61:2605050505C1,NTRFX//R1', ':86:po-1']);
    const first = ['R1', 100, 'po-1'];
    expect(read('mt940', `${whole}lost 61:2605050505C2,\n`).map(brief)).toEqual([first, 'file.unread']);
    expect(read('mt940', `Dear customer,\n${whole}`).map(brief)).toEqual([first, 'file.unread']);
    expect(read('mt940', `${whole}$\n\x01${whole.replace('R1', 'R2')}`).map(brief)).toEqual([
      first,
      ['R2', 100, 'po-1'],
    ]);
    expect(read('mt940', `${whole}:20:X\n:23B:CRED\n:32A:260505USD5,\n`).map(brief)).toEqual([
      first,
      'message.unreadable',
    ]);
    expect(read('mt940', `${whole}{1:F01CITISGSGAXXX0000000000}{4:\nnothing\n-}`).map(brief)).toContain('file.unread');
  });
});

describe('R30 text is joined and split as the format says', () => {
  const one = (...lines: string[]) =>
    read('mt940', statement([':61:2605050505C1,NTRFNONREF//R1', ...lines])).map(brief);
  const written = (text: string) => [['R1', 100, text]];

  test('German subfields: a full line goes on, with the blank at its end; records filled up with blanks', () => {
    const full = ':86:166?00GUTSCHRIFT?100399?20SVWZ+For the goods on our order, no. x ';
    expect(full).toHaveLength(4 + 65);
    const text = 'For the goods on our order, no. x po-1 of May';
    expect(one(full, 'po-1 of May?32ALSTER')).toEqual(written(text));
    expect(one(full.trimEnd(), 'po-1 of May?32ALSTER')).toEqual(written(text));
    expect(one(full.padEnd(84), 'po-1 of May?32ALSTER'.padEnd(80))).toEqual(written(text));
    const inWord = full.replace('no. x ', 'no. po');
    expect(one(inWord, '-1 of May?32ALSTER')).toEqual(written('For the goods on our order, no. po-1 of May'));
  });

  test('several fields 86 of one entry (Rabobank); the last one is about the statement', () => {
    expect(one(':86:PAID BY ALSTER', ':86:order po-1', ':86:thanks')).toEqual(
      written('PAID BY ALSTER order po-1 thanks'),
    );
    const text = statement([':61:2605050505C1,NTRFNONREF//R1', ':86:po-1']).replace('\n-\n', '\n:86:see po-9\n-\n');
    expect(read('mt940', text).map(brief)).toEqual(written('po-1'));
  });

  test.each([
    ['ORDER po-1 /OCMT/EUR6400,00/EXCH/1,095', 'ORDER po-1'],
    ['ORDER po-1/IBAN/DE02120300000000202051', 'ORDER po-1'],
    ['/OCMT/EUR6400,00 ORDER po-1', 'ORDER po-1'],
    ['/EREF/NOTPROVIDED/REMI/order/REMI/po-1', 'order/ po-1'.replace('/', '')],
    ['ALSTER /REMI/order po-1', 'order po-1 ALSTER'],
    ['500,00 USD ORDER po-1', '500,00 USD ORDER po-1'],
    ['110-23 INVOICE po-1', '110-23 INVOICE po-1'],
    ['123.45.67 po-1', '123.45.67 po-1'],
    ['166?20SVWZ+po-1', 'po-1'],
    ['166<00TEXT<20po-1', 'po-1'],
    ['?00TEXT?20po-1?32ALSTER', 'po-1'],
    ['\n166?00TEXT?20po-1', 'po-1'],
  ])('%s', (text, expected) => {
    expect(one(`:86:${text}`)).toEqual(written(expected));
  });

  test('fields 70 and 72 of MT910: a full line of 35 goes on', () => {
    const advice = (...lines: string[]) =>
      read('mt910', [':20:R1', `:25:${account}`, ':32A:260505USD1,', ...lines].join('\n'));
    const full = '/BNF/FOR ORDER OF THE NUMBER # po-4';
    expect(full).toHaveLength(35);
    expect(advice(`:72:${full}`, '//711-1 THANKS').map(brief)).toEqual(
      written('FOR ORDER OF THE NUMBER # po-4711-1 THANKS'),
    );
    expect(advice(':72:/BNF/FOR ORDER', '//po-1').map(brief)).toEqual(written('FOR ORDER po-1'));
  });

  test('blanks next to CDATA, comments and entities', () => {
    const ustrd = 'order <![CDATA[po-1]]> of A &amp; B<!-- c -->, May';
    const details = transaction(`<RmtInf><Ustrd>${ustrd}</Ustrd></RmtInf>`);
    expect(read('camt.053', camt(ntry({ amount: '1', reference: 'R1', details }))).map(brief)).toEqual(
      written('order po-1 of A & B, May'),
    );
  });

  test('end-to-end ids and additional information are searched, too', () => {
    const of = (text: string, more: string) =>
      read(
        'camt.053',
        camt(
          ntry({
            amount: '1',
            reference: 'R1',
            details: `${transaction(`<Refs><EndToEndId>po-1</EndToEndId></Refs>${text}`)}${more}`,
          }),
        ),
      );
    expect(of('<RmtInf><Ustrd>Payment</Ustrd></RmtInf>', '').map(brief)).toEqual(written('Payment po-1'));
    expect(of('', '<AddtlNtryInf>Order po-2</AddtlNtryInf>').map(brief)).toEqual(written('po-1 Order po-2'));
    expect(of('<RmtInf><Ustrd>Invoice 77</Ustrd></RmtInf>', '')).toMatchObject([
      { remittance: 'Invoice 77', furtherText: 'po-1' },
    ]);
    const owners = read('mt940', statement([':61:2605050505C1,NTRFpo-1//R1', 'SUPPLEMENT', ':86:Payment']));
    expect(owners.map(brief)).toEqual(written('Payment po-1 SUPPLEMENT'));
  });
});

describe('R30 what is taken back', () => {
  const uetr = '0b6e1f6a-1c7e-4f0e-9a66-7d1c0f0d5a99';
  const refs = (...names: string[]) => transaction(`<Refs>${names.join('')}</Refs>`);
  const reversal = (reference: string, details: string, amount = '5') =>
    ntry({ amount, side: 'DBIT', reference, more: '<RvslInd>true</RvslInd>', details });
  const [byUetr, byEndToEnd] = [`<UETR>${uetr}</UETR>`, '<EndToEndId>E1</EndToEndId>'];

  test('a reversal with a reference of its own is matched by UETR, else by end-to-end id and amount', () => {
    const of = (credit: string, taken: string) =>
      read('camt.053', camt(credit + taken))
        .map(brief)
        .at(-1);
    const credit = ntry({ amount: '5', reference: 'CR', details: refs(byEndToEnd, byUetr) });
    expect(of(credit, reversal('OWN', refs(byUetr)))).toBe('taken back CR');
    expect(of(credit, reversal('OWN', refs(byEndToEnd)))).toBe('taken back CR');
    // Of another amount nobody can say; nor of two credits.
    expect(of(credit, reversal('OWN', refs(byEndToEnd), '4'))).toBe('taken back OWN');
    expect(of(credit + credit.replace('CR<', 'CR2<'), reversal('OWN', refs(byEndToEnd)))).toBe('taken back OWN');
    expect(of(credit, reversal('OWN', refs('<AcctSvcrRef>CR</AcctSvcrRef>')))).toBe('taken back CR');
    // The reversal may stand before its credit.
    expect(read('camt.053', camt(reversal('OWN', refs(byUetr)) + credit)).map(brief)[0]).toBe('taken back CR');
  });

  test('the same in MT940', () => {
    const words = `:86:/EREF/E1/UETR/${uetr}/REMI/Advance`;
    const items = read(
      'mt940',
      statement([':61:260505C5,NTRFNONREF//CR', words, ':61:260506RC5,NTRFNONREF//OWN', words]),
    );
    expect(items.map(brief)).toEqual([['CR', 500, 'Advance E1'], 'taken back CR']);
    expect(items[1]).toMatchObject({ transfer: { uetr, endToEnd: 'E1' } });
  });

  const code = (subfamily: string) =>
    `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCHQ</Cd><SubFmlyCd>${subfamily}</SubFmlyCd></Fmly></Domn></BkTxCd>`;
  test.each(['UPCQ', 'CQRV', 'UPCT', 'UPDD', 'PRDD', 'RCDD', 'RRTN', 'RPCR'])(
    'a debit of subfamily %s takes a credit back',
    (sub) => {
      const entry = ntry({ amount: '5', side: 'DBIT', reference: 'Q1', details: code(sub) });
      expect(read('camt.053', camt(entry)).map(brief)).toEqual(['taken back Q1']);
    },
  );

  test('German banks say by the business transaction code what comes back, and what is their own', () => {
    const of = (line: string, words: string) =>
      read('mt940', statement([`:61:260505${line}`, `:86:${words}`])).map(brief);
    expect(of('D5,N109NONREF//Q1', 'Retoure')).toEqual(['taken back Q1']);
    expect(of('D5,NTRFNONREF//Q1', '108?00RETOURE?20po-1')).toEqual(['taken back Q1']);
    expect(of('C5,NMSCNONREF//Q1', '814?00ZINSEN?20Habenzinsen')).toEqual(['entry.charge']);
    expect(of('C5,N805NONREF//Q1', 'Abschluss')).toEqual(['entry.charge']);
  });

  test('interest and charges that the bank takes back are its own affair', () => {
    const entry = ntry({
      amount: '5',
      side: 'DBIT',
      reference: 'Q1',
      more: '<RvslInd>true</RvslInd>',
      details: code('INTR'),
    });
    expect(read('camt.053', camt(entry)).map(brief)).toEqual(['entry.charge']);
    expect(read('mt940', statement([':61:260505RC5,NINTNONREF//Q1'])).map(brief)).toEqual(['entry.charge']);
  });
});

describe('R30 batches', () => {
  const tx = (amount: string, side: string) =>
    `<TxDtls><Amt Ccy="USD">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd></TxDtls>`;

  test('a net entry is one credit of what it amounts to', () => {
    const details = `<NtryDtls>${tx('10', 'CRDT')}${tx('4', 'DBIT')}</NtryDtls>`;
    expect(read('camt.053', camt(ntry({ amount: '6', reference: 'N1', details }))).map(brief)).toEqual([
      ['N1', 600, ''],
    ]);
  });

  test('a sum without details is for people: its parts come in another report, and are booked there', () => {
    const details = '<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>';
    const body = Buffer.from(
      camt(ntry({ amount: '6', reference: 'B1', details }) + ntry({ amount: '6', reference: 'C1' })),
    );
    const { rows } = rowsOf({ profile: 'camt.053', file: 'f' }, body, profileOf('camt.053'));
    expect(rows).toMatchObject([
      { state: 'dead', code: 'credit.batch', fact: 'paymentCredited' },
      { state: 'pending' },
    ]);
  });

  test('a sum without details says so', () => {
    const of = (details: string) => read('camt.053', camt(ntry({ amount: '6', reference: 'B1', details })));
    expect(of('<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>')).toMatchObject([
      { batch: { transactions: 2 } },
    ]);
    expect(of('<AddtlInfInd><MsgId>M54</MsgId></AddtlInfInd>')).toMatchObject([{ batch: { detailsIn: 'M54' } }]);
    expect(of('<NtryDtls><Btch><NbOfTxs>1</NbOfTxs></Btch></NtryDtls>')[0]).not.toHaveProperty('batch');
  });
});

test('R30 a statement of 20,000 entries is read in time that grows with its length only', () => {
  const entry = ':61:2605050505C5,NTRFNONREF//R1\n:86:166?00GUT?20SVWZ+order po-1?32ALSTER';
  const timeOf = (count: number) => {
    const text = statement(Array<string>(count).fill(entry));
    const began = performance.now();
    expect(read('mt940', text)).toHaveLength(count);
    return performance.now() - began;
  };
  timeOf(1000);
  // Ten times as many take about ten times as long; a hundred times would be each entry against all before it.
  expect(timeOf(20_000) / timeOf(2000)).toBeLessThan(40);
});
