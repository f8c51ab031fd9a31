/** Receipts of the China Single Window and of cross-border e-commerce: codes, envelopes, character sets, dates (R32). */
import iconv from 'iconv-lite';
import { ceb } from '../../clients/feeds/customs/ceb';
import { cnDecl } from '../../clients/feeds/customs/cn-decl';
import { brief, fixture, read, refusal } from '../support/feeds';

const declaration = '310120260518000815';
const result = (fields: Record<string, string>) => {
  const all = {
    CUS_CIQ_NO: 'E20260000815001245',
    ENTRY_ID: declaration,
    NOTICE_DATE: '2026-05-11T10:09:12',
    ...fields,
  };
  return `<DEC_RESULT>${Object.entries(all)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('')}</DEC_RESULT>`;
};
const data = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
const envelope = (inside: string, id = '') =>
  `<DxpMsg><TransInfo><CopMsgId>${id}</CopMsgId><CreatTime>2026-05-11T10:10:00</CreatTime></TransInfo><Data>${inside}</Data></DxpMsg>`;
const at = '2026-05-11T02:09:12.000Z';
const released = ['customsReleased', { declaration, releasedAt: at }];

describe('receipts of declarations (DEC_RESULT)', () => {
  test('R32: a release, in China time, with where it stands in the file', () => {
    expect(read(cnDecl, fixture('cn-decl-released.xml'), 'a.xml')).toEqual([
      {
        fact: 'customsReleased',
        data: { declaration, releasedAt: at },
        source: { file: 'a.xml', message: '1', index: 0 },
      },
    ]);
  });

  test.each(['P', 'F', 'I', 'K'])('R32: CHANNEL %s releases the goods', (CHANNEL) => {
    expect(brief(cnDecl, result({ CHANNEL }))).toEqual([released]);
  });

  test.each([
    ['C', 'customsHeld', 'heldAt'],
    ['H', 'customsHeld', 'heldAt'],
    ['E', 'customsReturned', 'returnedAt'],
    ['Z', 'customsReturned', 'returnedAt'],
    ['A', 'customsCancelled', 'cancelledAt'],
  ])('R32: CHANNEL %s is %s, with its note', (CHANNEL, fact, field) => {
    expect(brief(cnDecl, result({ CHANNEL, NOTE: ' 见通知 ' }))).toEqual([
      [fact, { declaration, [field]: at, note: '见通知' }],
    ]);
    expect(brief(cnDecl, result({ CHANNEL, NOTE: '' }))).toEqual([[fact, { declaration, [field]: at }]]);
  });

  test('R32: deleted after its release (D), a declaration’s release is revoked: the order waits for the supplier', () => {
    expect(brief(cnDecl, result({ CHANNEL: 'D', NOTE: '放行后删除' }))).toEqual([
      ['customsRevoked', { declaration, revokedAt: at }],
    ]);
  });

  test('R32: the closure (R) comes days after the release, whose date counts; the rest decides nothing', () => {
    expect(brief(cnDecl, result({ CHANNEL: 'R' }))).toEqual(['status.after-release']);
    for (const CHANNEL of ['7', '1']) expect(brief(cnDecl, result({ CHANNEL }))).toEqual(['status.transport']);
    for (const CHANNEL of ['L', 'J', 'G', 'B'])
      expect(brief(cnDecl, result({ CHANNEL }))).toEqual(['status.in-progress']);
    for (const CHANNEL of ['p', '放行', '99999999', '-', '-1', 'constructor'])
      expect(brief(cnDecl, result({ CHANNEL }))).toEqual(['status.unknown']);
    expect(brief(cnDecl, result({ CHANNEL: '' }))).toEqual(['status.missing']);
  });

  test('R32: before customs’ number there is the system’s own; zeros are none', () => {
    const of = (fields: Record<string, string>) => brief(cnDecl, result({ CHANNEL: 'P', ...fields }));
    const by = (number: string) => [['customsReleased', { declaration: number, releasedAt: at }]];
    expect(of({ ENTRY_ID: '' })).toEqual(by('E20260000815001245'));
    expect(of({ ENTRY_ID: '000000000000000000' })).toEqual(by('E20260000815001245'));
    expect(of({ ENTRY_ID: '', CUS_CIQ_NO: '', SEQ_NO: '000000000815001246' })).toEqual(by('000000000815001246'));
    expect(of({ ENTRY_ID: '', CUS_CIQ_NO: ' ' })).toEqual(['declaration.missing']);
    expect(of({ ENTRY_ID: '3101/2026' })).toEqual(['fact.invalid']);
  });

  test.each([
    ['2026-05-11T10:09:12', at],
    ['2026-05-11 10:09:12', at],
    ['20260511T10091200', at],
    ['20260511T10091245', '2026-05-11T02:09:12.450Z'],
    ['20260511100912', at],
    ['20260511100912345', '2026-05-11T02:09:12.345Z'],
    ['2026-05-11T10:09:12.345678', '2026-05-11T02:09:12.345Z'],
    ['2026-05-11T02:09:12Z', at],
    ['2026-05-11T10:09:12+08:00', at],
    ['2026/05/11 10:09', '2026-05-11T02:09:00.000Z'],
    ['20260511', '2026-05-10T16:00:00.000Z'],
  ])('R32: the date %s is China’s, unless it says another zone', (NOTICE_DATE, releasedAt) => {
    expect(brief(cnDecl, result({ CHANNEL: 'P', NOTICE_DATE }))).toEqual([
      ['customsReleased', { declaration, releasedAt }],
    ]);
  });

  test.each([
    '2026-02-30T10:00:00',
    '2026-05-11T25:00:00',
    '20261301',
    'yesterday',
    '2026-05-11T10:09:12 XYZ',
    '1',
    '',
  ])('R32: no release is believed at the time “%s”', (NOTICE_DATE) => {
    expect(brief(cnDecl, result({ CHANNEL: 'P', NOTICE_DATE }))).toEqual(['time.unreadable']);
  });

  test('the answer to an upload (DecImportResponse) is about the transport only', () => {
    expect(brief(cnDecl, fixture('cn-decl-arrived.xml'))).toEqual(['message.transport']);
  });

  test('tags in lower case, CDATA, empty elements, blanks, a prefix, several receipts, text behind', () => {
    const lower = `\uFEFF<a:dec_result xmlns:a="urn:x"><a:entry_id><![CDATA[ ${declaration} ]]></a:entry_id><a:note/>
      <a:notice_date> 2026-05-11T10:09:12 </a:notice_date><a:channel>\n P </a:channel></a:dec_result>`;
    expect(brief(cnDecl, `${lower}\n<?xml version="1.0"?>${result({ CHANNEL: 'R' })}\nend of file`)).toEqual([
      released,
      'status.after-release',
      // Nothing of a file is passed over without a line.
      'file.unread',
    ]);
  });

  test.each([
    ['another format', '<CEB604Message/>', 'cn-decl.none'],
    ['an envelope of nothing', envelope(''), 'cn-decl.none'],
    ['no XML', 'UNB+UNOA:3', 'xml.none'],
    ['a DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${result({ CHANNEL: 'P' })}`, 'xml.doctype'],
    ['half a file', result({ CHANNEL: 'P' }).slice(0, -8), 'xml.malformed'],
  ])('%s is refused', (_what, text, code) => {
    expect(refusal(cnDecl, text)).toMatchObject({ code });
  });
});

describe('envelopes (DxpMsg)', () => {
  test('R32: base64 of GBK in lines, with the envelope’s id', () => {
    expect(read(cnDecl, fixture('cn-decl-wrapped-gbk.xml'))).toMatchObject([
      {
        fact: 'customsReturned',
        data: { returnedAt: '2026-05-10T09:15:33.000Z', note: '退单：商品编号与品名不符' },
        source: { message: '6F1D2A40-0001', index: 0 },
      },
    ]);
  });

  test('R32: what is inside may be XML as it is, in CDATA or in an envelope of its own; its time may be the envelope’s', () => {
    const inside = result({ CHANNEL: 'P' });
    expect(brief(cnDecl, envelope(inside))).toEqual([released]);
    expect(brief(cnDecl, envelope(`<![CDATA[${inside}]]>`))).toEqual([released]);
    expect(brief(cnDecl, envelope(data(envelope(data(inside)))))).toEqual([released]);
    expect(brief(cnDecl, envelope(data(result({ CHANNEL: 'P', NOTICE_DATE: '' }))))).toEqual([
      ['customsReleased', { declaration, releasedAt: '2026-05-11T02:10:00.000Z' }],
    ]);
  });

  test('R32: several envelopes in a file, each told apart', () => {
    const items = read(cnDecl, [1, 2, 2].map((n) => envelope(data(result({ CHANNEL: 'P' })), `id-${n}`)).join('\n'));
    expect(items.map(({ source }) => [source.message, source.index])).toEqual([
      ['id-1', 0],
      ['id-2', 0],
      ['id-2', 1],
    ]);
  });

  test.each([
    ['no base64', envelope('%%%'), 'dxp.data', 'DxpMsg/Data, start'],
    ['base64 of no XML', envelope(data('hello')), 'xml.none', 'DxpMsg/Data, line 1, column 1'],
    ['a zip', envelope(data(Buffer.from('PK\x03\x04'))), 'dxp.compressed', 'DxpMsg/Data, start'],
    ['gzip', envelope(data(Buffer.from([0x1f, 0x8b, 8]))), 'dxp.compressed', 'DxpMsg/Data, start'],
  ])('%s is refused, with the place', (_what, text, code, place) => {
    expect(refusal(cnDecl, text)).toEqual({ code, at: place });
  });

  test('envelopes in envelopes end somewhere', () => {
    let text = result({ CHANNEL: 'P' });
    for (let i = 0; i < 10; i += 1) text = envelope(data(text));
    expect(refusal(cnDecl, text)).toMatchObject({ code: 'dxp.nested' });
  });
});

describe('character sets', () => {
  const note = '查验通知：请派员';
  const held = [['customsHeld', { declaration, heldAt: at, note }]];
  const text = (encoding?: string) =>
    `${encoding === undefined ? '' : `<?xml version="1.0" encoding="${encoding}"?>`}${result({ CHANNEL: 'C', NOTE: note })}`;

  test('R32: GB2312 with hundredths of a second, in the older form', () => {
    expect(brief(cnDecl, fixture('cn-decl-inspection-gb2312.xml'))).toEqual([
      [
        'customsHeld',
        {
          declaration: '310120260518000816',
          heldAt: '2026-05-09T01:30:00.450Z',
          note: '查验通知：请于当日派员配合查验',
        },
      ],
    ]);
  });

  test.each([
    ['gb2312', 'GB2312'],
    ['gbk', 'GBK'],
    ['gb18030', 'gb18030'],
    ['utf-8', 'UTF-8'],
    ['utf-8', 'GB2312'],
    ['gbk', 'UTF-8'],
    ['gbk', undefined],
    ['utf-8', undefined],
    ['utf-16le', undefined],
  ])('bytes in %s, said to be %s, are read as what they are', (bytes, said) => {
    expect(brief(cnDecl, iconv.encode(text(said), bytes))).toEqual(held);
    if (bytes !== 'utf-16le') expect(brief(cnDecl, envelope(data(iconv.encode(text(said), bytes))))).toEqual(held);
  });
});

describe('cross-border receipts (CEB)', () => {
  const receipt = (fields: Record<string, string>, name = 'InventoryReturn') => {
    const all = {
      guid: 'g-1',
      copNo: 'OT-CB-1',
      preNo: 'B2026',
      invtNo: 'I1',
      returnTime: '20260511100912000',
      ...fields,
    };
    return `<${name}>${Object.entries(all)
      .map(([tag, value]) => `<${tag}>${value}</${tag}>`)
      .join('')}</${name}>`;
  };
  const message = (inside: string, number = '604') => `<CEB${number}Message>${inside}</CEB${number}Message>`;
  const of = (returnStatus: string) => brief(ceb, message(receipt({ returnStatus, returnInfo: '[Code:1]' })));

  test('R32: released and closed in one second, the closure first: one release', () => {
    expect(brief(ceb, fixture('ceb-released-and-closed.xml'))).toEqual([
      'status.after-release',
      ['customsReleased', { declaration: '31012026I000000818', releasedAt: '2026-05-12T06:30:05.870Z' }],
    ]);
  });

  test('R32: 500 holds, 100 and every negative number return, 120 decides nothing', () => {
    for (const code of ['500', '501', '599'])
      expect(of(code)).toEqual([['customsHeld', { declaration: 'I1', heldAt: at, note: '[Code:1]' }]]);
    for (const code of ['100', '-1', '-301002'])
      expect(of(code)).toEqual([['customsReturned', { declaration: 'I1', returnedAt: at, note: '[Code:1]' }]]);
    for (const code of ['120', '300', '399']) expect(of(code)).toEqual(['status.in-progress']);
    for (const code of ['2', '3']) expect(of(code)).toEqual(['status.transport']);
    for (const code of ['-', '--1', '801']) expect(of(code)).toEqual(['status.unknown']);
  });

  test('R32: a list is known by its number, else by the port’s, else by the declarant’s own', () => {
    const by = (fields: Record<string, string>) => brief(ceb, message(receipt({ returnStatus: '800', ...fields })));
    expect(by({ invtNo: '' })).toEqual([['customsReleased', { declaration: 'B2026', releasedAt: at }]]);
    expect(by({ invtNo: '', preNo: '' })).toEqual([['customsReleased', { declaration: 'OT-CB-1', releasedAt: at }]]);
  });

  test('R32: the request to cancel a list ends it once it is granted, and does nothing to it when it is refused', () => {
    const asked = (returnStatus: string) => brief(ceb, message(receipt({ returnStatus }, 'InvtCancelReturn'), '606'));
    expect(asked('399')).toEqual([['customsCancelled', { declaration: 'I1', cancelledAt: at }]]);
    expect(asked('100')).toEqual(['status.in-progress']);
    expect(asked('-7')).toEqual(['status.transport']);
  });

  test('receipts of orders, payments and waybills answer no list', () => {
    for (const name of ['OrderReturn', 'LogisticsReturn', 'DepartureReturn'])
      expect(brief(ceb, message(receipt({ returnStatus: '800' }, name), '304'))).toEqual(['message.other']);
    expect(refusal(ceb, '<CEB604Message/>')).toMatchObject({ code: 'ceb.none' });
    expect(refusal(ceb, fixture('cn-decl-released.xml'))).toMatchObject({ code: 'ceb.none' });
  });

  test('R32: in an envelope, of several receipts each is told by its own id', () => {
    const inside = message(receipt({ returnStatus: '800' }) + receipt({ guid: '', returnStatus: '500' }));
    expect(read(ceb, envelope(data(inside), 'env-1')).map(({ source }) => source.message)).toEqual(['g-1', 'env-1']);
  });
});
