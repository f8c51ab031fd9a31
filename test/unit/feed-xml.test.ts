/** What feeds have in common: XML and JSON of strangers, character sets, amounts by their text. */
import iconv from 'iconv-lite';
import { moneyOf } from '../../domain/money';
import { amountOf } from '../../clients/feeds/amount';
import { Unfit } from '../../clients/feeds/facts';
import { FeedError, maxBytes } from '../../clients/feeds/feed';
import { profileOf, readFeed } from '../../clients/feeds/profiles';
import { child, childrenOf, found, readXml, textAt, type XmlElement } from '../../clients/feeds/xml';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const read = (text: string): XmlElement[] => readXml(bytes(text));

/** Code and place of the refusal. */
function refusalOf(act: () => unknown): { code: string; at: string } {
  try {
    act();
  } catch (fault) {
    if (fault instanceof FeedError) return { code: fault.code, at: fault.at };
    throw fault;
  }
  throw new Error('it was taken');
}

describe('XML of strangers', () => {
  test('is a tree without prefixes, with texts as they stand', () => {
    const [root] = read('<a:Doc xmlns:a="urn:x"><a:Amt a:Ccy="USD"> 0100.10 </a:Amt><a:Amt>2</a:Amt><a:No/></a:Doc>');
    expect(root?.name).toBe('Doc');
    expect(childrenOf(root, 'Amt').map(({ text }) => text)).toEqual(['0100.10', '2']);
    expect(child(root, 'Amt')?.attributes).toEqual({ Ccy: 'USD' });
    expect([textAt(root, 'No'), textAt(root, 'Amt'), textAt(root, 'Amt', 'Of')]).toEqual([
      undefined,
      '0100.10',
      undefined,
    ]);
  });

  test('keeps CDATA and characters by name and number, each once', () => {
    const [root] = read('<a>&lt;b&gt; &amp;amp; &#x4E2D;&#65;<![CDATA[<c>&amp;</c>]]></a>');
    expect(root?.text).toBe('<b> &amp; 中A<c>&amp;</c>');
  });

  test.each([
    ['a byte order mark', '\uFEFF<?xml version="1.0"?><a>1</a>', 1],
    ['text after the root', '<a>1</a>\nheaders=List((Content-Type,application/xml)) & more', 1],
    ['several roots', '<?xml version="1.0"?><a>1</a>\n<?xml version="1.0" encoding="UTF-8"?>\n<a>2</a>', 2],
    ['comments and instructions', '<!-- <b> --><?sheet x?><a>1<!-- ]]> --></a><!-- end -->', 1],
    ['an envelope', '<s:E xmlns:s="urn:s"><s:B><x:a xmlns:x="urn:x">1</x:a></s:B></s:E>', 1],
  ])('is taken with %s', (_, text, count) => {
    const all = found(read(text), ['a']);
    expect(all).toHaveLength(count);
    expect(all[0]?.text).toBe('1');
  });

  test.each([
    ['GB2312', iconv.encode('<?xml version="1.0" encoding="GB2312"?><a>放行</a>', 'gb2312'), '放行'],
    ['ISO-8859-1', iconv.encode('<?xml version="1.0" encoding="ISO-8859-1"?><a>Müller</a>', 'latin1'), 'Müller'],
    ['UTF-16 with its mark', iconv.encode('<?xml version="1.0" encoding="UTF-16"?><a>Müller</a>', 'utf16'), 'Müller'],
    ['UTF-16 without', iconv.encode('<a>Müller</a>', 'utf16le'), 'Müller'],
    [
      'what says UTF-8 and is not',
      iconv.encode('<?xml version="1.0" encoding="UTF-8"?><a>M\xFCller</a>', 'latin1'),
      'Müller',
    ],
  ])('is read in %s', (_, encoded, text) => {
    expect(readXml(encoded)[0]?.text).toBe(text);
  });

  test.each([
    ['no XML', 'hello', 'xml.none', 'line 1, column 1'],
    ['no element', '<!-- only -->', 'xml.none', 'line 1, column 1'],
    ['a DOCTYPE', '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'xml.doctype', 'line 2, column 1'],
    ['an end that is missing', '<a>\n<b>1', 'xml.malformed', 'line 2, column 5'],
    ['a second root cut off', '<a>1</a><a>2</', 'xml.malformed', 'line 1, column 15'],
    ['tags that cross', '<a>\n  <b>1</a></b>', 'xml.malformed', 'line 2, column 7'],
    ['an unknown character set', '<?xml version="1.0" encoding="klingon"?><a/>', 'charset.unknown', 'line 1, column 1'],
    ['a comment without end', '<a><!-- 1</a>', 'xml.malformed', 'line 1, column 4'],
    ['elements too deep', '\n'.concat('<a>'.repeat(200), '</a>'.repeat(200)), 'xml.too-deep', 'line 2, column 301'],
    ['names that JavaScript knows', '<__proto__>1</__proto__>', 'xml.malformed', 'line 1, column 1'],
  ])('is refused with %s', (_, text, code, at) => {
    expect(refusalOf(() => read(text))).toEqual({ code, at });
  });
});

describe('amounts by their text', () => {
  test.each([
    ['1500.00', 'USD', '.', 150_000],
    ['+1500', 'USD', '.', 150_000],
    ['0001.5', 'USD', '.', 150],
    ['.05', 'EUR', '.', 5],
    ['1000.00', 'JPY', '.', 1000],
    ['0.1500', 'USD', '.', 15],
    ['1500,', 'USD', ',', 150_000],
    ['0,7', 'EUR', ',', 70],
    ['90071992547409.91', 'USD', '.', Number.MAX_SAFE_INTEGER],
  ] as const)('%s %s', (text, currency, point, amount) => {
    expect(amountOf(text, currency, point)).toEqual(moneyOf(amount, currency));
  });

  test.each([
    ['1.005', 'USD', 'entry.amount'],
    ['1.5', 'JPY', 'entry.amount'],
    ['-5.00', 'USD', 'entry.amount'],
    ['1,500.00', 'USD', 'entry.amount'],
    ['1e3', 'USD', 'entry.amount'],
    ['', 'USD', 'entry.amount'],
    ['.', 'USD', 'entry.amount'],
    [undefined, 'USD', 'entry.amount'],
    ['90071992547409.92', 'USD', 'entry.amount'],
    ['1.00', 'SEK', 'entry.currency'],
    ['1.00', undefined, 'entry.currency'],
    ['1.00', 'toString', 'entry.currency'],
  ])('%s %s is %s', (text, currency, code) => {
    expect(() => amountOf(text, currency)).toThrow(Unfit);
    try {
      amountOf(text, currency);
    } catch (fault) {
      expect((fault as Unfit).code).toBe(code);
    }
  });
});

test('a number of a million digits costs nothing', () => {
  expect(() => amountOf('9'.repeat(1_000_000), 'USD')).toThrow('is no amount');
});

describe('the profile json', () => {
  const fact = {
    fact: 'customsReleased',
    data: { declaration: '310120260001234567', releasedAt: '2026-04-01T08:00:00.000Z' },
  };
  const credit = {
    fact: 'paymentCredited',
    data: {
      account: '9736093254648',
      entryReference: 'CB-1',
      amount: { amount: 934_400, currency: 'USD' },
      method: 'tt',
      valueDate: '2026-04-01',
    },
    remittance: 'order po-1',
  };
  const items = (text: string) => readFeed(profileOf('json')!, bytes(text), 'a.json');

  test('takes one object, an array, and one object a line: what `ta feed parse` prints', () => {
    const place = (message: string, index = 0) => ({ file: 'a.json', message, index });
    expect(items(JSON.stringify(fact))).toEqual([{ ...fact, source: place('1') }]);
    expect(items(JSON.stringify([fact, { ...credit, message: 'm' }], null, 2))).toEqual([
      { ...fact, source: place('1') },
      { ...credit, source: place('m') },
    ]);
    const printed = items(`${JSON.stringify(fact)}\n\n${JSON.stringify(credit)}\n`);
    expect(items(printed.map((item) => JSON.stringify(item)).join('\n'))).toEqual(printed);
    expect(
      items(
        JSON.stringify([
          { ...fact, message: 'm' },
          { ...fact, message: 'm' },
        ]),
      ).map((i) => i.source),
    ).toEqual([place('m'), place('m', 1)]);
  });

  test.each([
    ['{"fact":', 'json.malformed', 'line 1, column 9'],
    [`${JSON.stringify(fact)}\n{"fact":x}`, 'json.malformed', 'line 2, column 9'],
    [JSON.stringify([fact, { ...fact, more: 1 }]), 'json.invalid', '[1]'],
    [
      JSON.stringify({ ...credit, data: { ...credit.data, amount: { amount: 0.5, currency: 'USD' } } }),
      'json.invalid',
      'the object',
    ],
    [JSON.stringify({ ...fact, fact: 'confirm' }), 'json.invalid', 'the object'],
    ['7', 'json.invalid', 'the object'],
    [' \n', 'file.empty', 'the file'],
  ])('refuses %s', (text, code, at) => {
    expect(refusalOf(() => items(text))).toEqual({ code, at });
  });

  test('no file is larger than the limit', () => {
    const large = new Uint8Array(maxBytes + 1).fill(0x39);
    expect(refusalOf(() => readFeed(profileOf('json')!, large, 'a'))).toEqual({
      code: 'file.too-large',
      at: 'the file',
    });
  });
});
