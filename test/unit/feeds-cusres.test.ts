/** CUSRES as customs feeds send it: where the status, the declaration and the time stand, and every kind of mess (R32). */
import { cusresProfiles } from '../../clients/feeds/customs/cusres';
import { brief, fixture, read, refusal } from '../support/feeds';

const profile = (name: string) => cusresProfiles.find((one) => one.name === name)!;
const cusres = profile('cusres');

interface Parts {
  bgm?: string;
  dtm?: string[];
  rest: string[];
  type?: string;
}
const message = ({ bgm = "BGM+962+OT-1+11'", dtm = ["DTM+58:202605111009:203'"], rest, type = 'D:96A:UN' }: Parts) => {
  const body = [bgm, ...dtm, ...rest];
  return `UNH+1+CUSRES:${type}'${body.join('')}UNT+${body.length + 2}+1'`;
};
const interchange = (...messages: string[]) =>
  `UNB+UNOA:3+CUSTOMS+AGENT+260511:0212+44'${messages.join('')}UNZ+${messages.length}+44'`;
const one = (parts: Parts) => interchange(message(parts));
const released = (declaration: string, releasedAt = '2026-05-11T10:09:00.000Z') => [
  'customsReleased',
  { declaration, releasedAt },
];
const held = (declaration: string, heldAt = '2026-05-11T10:09:00.000Z') => ['customsHeld', { declaration, heldAt }];

describe('files of CUSRES', () => {
  test('R32: a release, with where it stands in the file', () => {
    expect(read(cusres, fixture('cusres-released.edi'), 'a.edi')).toEqual([
      {
        fact: 'customsReleased',
        data: { declaration: '310120260518000815', releasedAt: '2026-05-11T10:09:00.000Z' },
        source: { file: 'a.edi', message: '4411/1', index: 0 },
      },
    ]);
  });

  test('R32: several messages in a group, signs of the sender’s own, released signs in a note', () => {
    const declaration = '310120260518000816';
    expect(brief(cusres, fixture('cusres-examined-then-released.edi'))).toEqual([
      ['customsHeld', { declaration, heldAt: '2026-05-09T09:30:00.000Z', note: 'X-RAY AND OPENING~ 2 OF 40 CARTONS' }],
      released(declaration, '2026-05-10T17:15:00.000Z'),
    ]);
  });

  test('R32: a byte order mark, lower case, another order, blanks in a number, GEI, a zone, text behind', () => {
    expect(brief(cusres, fixture('cusres-d04a-mess.edi'))).toEqual([
      held('310120260518000817', '2026-05-12T07:45:00.000Z'),
      // The text behind is not EDIFACT: nothing of a file is passed over without a line.
      'file.unread',
    ]);
  });

  test('a file that is wrapped at a width, in the middle of tags and numbers, is read as if it were not', () => {
    const text = one({ rest: ["GIS+4'", "RFF+ABT:310120260518000815'"] });
    const wrapped = text.match(/.{1,17}/g)?.join('\r\n') ?? '';
    expect(brief(cusres, wrapped)).toEqual([released('310120260518000815')]);
  });

  test('bare messages, several interchanges, and text before them are met', () => {
    const bare = message({ rest: ["GIS+4'", "RFF+ABT:A1'"] });
    expect(brief(cusres, bare)).toEqual([released('A1')]);
    expect(brief(cusres, `Subject: CUSRES\n\n${interchange(bare)}\n--\n${interchange(bare)}`)).toEqual([
      released('A1'),
      released('A1'),
      // The header of the mail, for which somebody may look.
      'file.unread',
    ]);
  });

  test('each interchange has its own UNA, and may follow the other one in the same line', () => {
    const bare = message({ rest: ["GIS+4'", "RFF+ABT:A1'"] });
    const other = message({ rest: ["GIS+4'", "RFF+ABT:A2'"] });
    const una = "UNA:+.? '";
    const inOneLine = (text: string) => una + text.replace(/[\r\n]/g, '');
    const [one, two] = [inOneLine(interchange(bare)), inOneLine(interchange(other))] as const;
    const both = [released('A1'), released('A2')];
    for (const filling of ['', '\0', ' \x1A ', '\r\n', '$$$']) expect(brief(cusres, one + filling + two)).toEqual(both);
    // Signs of its own, too.
    const withOtherSigns = two.replaceAll("'", '~').replaceAll('+', '*').replace('UNA:*.? ~', 'UNA:*.? ~');
    expect(brief(cusres, one + withOtherSigns)).toEqual(both);
    expect(brief(cusres, `${one}END OF FILE 2`)).toEqual([released('A1'), 'file.unread']);
    // Without UNZ nobody knows what is missing.
    const open = one.slice(0, one.indexOf('UNZ'));
    expect(brief(cusres, open)).toEqual([released('A1'), 'interchange.count']);
    expect(brief(cusres, `${open}${two.slice(una.length)}`)).toEqual([...both, 'interchange.count']);
    const withStray = one.replace('UNZ+', "GIS+5'UNZ+");
    expect(brief(cusres, withStray)).toEqual([released('A1'), 'file.unread']);
  });

  test('signs of level B, which are no characters of a keyboard', () => {
    const text = one({ rest: ["GIS+4'", "RFF+ABT:A1'"] });
    expect(brief(cusres, text.replaceAll("'", '\x1C').replaceAll('+', '\x1D').replaceAll(':', '\x1F'))).toEqual([
      released('A1'),
    ]);
  });

  test('the last terminator may be left out; a file that ends anywhere else is refused, whole', () => {
    const text = one({ rest: ["GIS+4'", "RFF+ABT:310120260518000815'"] });
    expect(brief(cusres, text.slice(0, -1))).toEqual([released('310120260518000815')]);
    const cut = text.indexOf('0815');
    expect(refusal(cusres, text.slice(0, cut))).toEqual({ code: 'edifact.truncated', at: 'segment 6' });
    expect(refusal(cusres, text.slice(0, text.indexOf('UNT')))).toEqual({
      code: 'edifact.truncated',
      at: 'segment 2, UNH',
    });
    expect(refusal(cusres, text.replace(/UNT.*?'/, ''))).toEqual({ code: 'edifact.truncated', at: 'segment 2, UNH' });
    const half = message({ rest: ["GIS+4'", "RFF+ABT:A1'"] }).replace(/UNT.*?'/, '');
    expect(refusal(cusres, interchange(half, message({ rest: ["GIS+5'"] })))).toEqual({
      code: 'edifact.truncated',
      at: 'segment 2, UNH',
    });
  });

  test.each([
    ['an empty file', '', 'edifact.none'],
    ['another format', '<DEC_RESULT/>', 'edifact.none'],
    ['signs that are letters', "UNAx+.? 'UNB+UNOA:3'", 'edifact.none'],
    ['one sign for two', "UNA++.? 'UNB+UNOA:3'", 'edifact.una'],
    ['a segment without an end', `UNB+${'A'.repeat(200_000)}'`, 'edifact.segment'],
    ['too many elements', one({ bgm: `BGM${'+'.repeat(2000)}'`, rest: [] }), 'edifact.segment'],
    ['an interchange of nothing', interchange(), 'cusres.none'],
  ])('%s is refused', (_what, text, code) => {
    expect(refusal(cusres, text)).toMatchObject({ code });
  });
});

describe('the parts of a message', () => {
  test('R32: ABT names the declaration before AAE, and AAE before the number of the message', () => {
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+AAE:E1'", "RFF+ABT:B1'", "RFF+UCN:U1'"] }))).toEqual([
      released('B1'),
    ]);
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+AAE:E1'", "RFF+UCN:U1'"] }))).toEqual([released('E1')]);
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+UCN:U1'"] }))).toEqual([released('OT-1')]);
    expect(brief(cusres, one({ bgm: "BGM+962'", rest: ["GIS+4'"] }))).toEqual(['declaration.missing']);
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+ABT:B 1/2'"] }))).toEqual(['fact.invalid']);
  });

  test('R32: of several declarations each has its own status, or all have the one before them', () => {
    const each = ["RFF+ABT:A1'", "GIS+4'", "RFF+ABT:A2'", "DTM+58:202605120800:203'", "GIS+5'"];
    expect(brief(cusres, one({ rest: each }))).toEqual([released('A1'), held('A2', '2026-05-12T08:00:00.000Z')]);
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+ABT:A1'", "RFF+ABT:A2'"] }))).toEqual([
      released('A1'),
      released('A2'),
    ]);
    expect(brief(cusres, one({ rest: ["GIS+5'", "RFF+ABT:A1'", "GIS+4'", "RFF+ABT:A2'"] }))).toEqual([
      'status.ambiguous',
    ]);
  });

  test('R32: the date of clearance before the others; that of a paper is none; at last, when the file was prepared', () => {
    const rest = ["GIS+4'", "RFF+ABT:A1'"];
    const at = (dtm: string[], more: string[] = []) => brief(cusres, one({ dtm, rest: [...rest, ...more] }));
    const both = ["DTM+9:202605111200:203'", "DTM+58:20260511:102'"];
    expect(at(both)).toEqual([released('A1', '2026-05-11T00:00:00.000Z')]);
    expect(at(["DTM+137:202605111200:203'"])).toEqual([released('A1', '2026-05-11T12:00:00.000Z')]);
    expect(at([], ["DTM+137:20260401:102'"])).toEqual([released('A1', '2026-05-11T02:12:00.000Z')]);
    expect(at(["DTM+58:2026-13-40:203'"])).toEqual(['time.unreadable']);
    expect(brief(cusres, message({ dtm: [], rest }))).toEqual(['time.unreadable']);
  });

  test('R32: what customs says of one item of the goods is not its word on the declaration', () => {
    expect(brief(cusres, one({ rest: ["GIS+4'", "RFF+ABT:A1'", "CST+1'", "GIS+5'"] }))).toEqual([released('A1')]);
  });

  test('R32: errors and texts become the note; a text goes on where its line is full', () => {
    const full = 'x'.repeat(70);
    const rest = ["GIS+2'", "RFF+ABT:A1'", "ERP+2:1'", "ERC+2108::ZZZ'", `FTX+AAO+++${full}:yz:NEXT ?'LINE?''`];
    expect(brief(cusres, one({ rest }))).toEqual([
      [
        'customsReturned',
        { declaration: 'A1', returnedAt: '2026-05-11T10:09:00.000Z', note: `2108; ${full}yz NEXT 'LINE'` },
      ],
    ]);
    const long = ["GIS+2'", "RFF+ABT:A1'", `FTX+AAO+++${'😀'.repeat(400)}'`];
    const [[, data] = []] = brief(cusres, one({ rest: long })) as [string, { note: string }][];
    expect(data?.note).toHaveLength(499);
    expect(data?.note).toMatch(/^(😀)+…$/u);
  });

  test('R32: a release that customs withdraws is revoked; of the rest of what it withdraws nobody depends', () => {
    const withdrawn = (code: string) => one({ bgm: "BGM+962+OT-1+1'", rest: [`GIS+${code}'`, "RFF+ABT:A1'"] });
    expect(brief(cusres, withdrawn('4'))).toEqual([
      ['customsRevoked', { declaration: 'A1', revokedAt: '2026-05-11T10:09:00.000Z' }],
    ]);
    expect(brief(cusres, withdrawn('5'))).toEqual(['message.withdrawal']);
    expect(brief(cusres, withdrawn('99'))).toEqual(['status.unknown']);
  });

  test('tests of the sender, other messages, and messages without a status are told, and believed by nobody', () => {
    const text = one({ rest: ["GIS+4'", "RFF+ABT:A1'"] });
    expect(brief(cusres, text.replace("+44'UNH", "+44++++++1'UNH"))).toEqual(['message.test']);
    expect(brief(cusres, text.replace('CUSRES', 'CONTRL'))).toEqual(['message.other']);
    expect(brief(cusres, one({ rest: ["RFF+ABT:A1'"] }))).toEqual(['status.missing']);
  });

  test('counts that do not fit are told; what is there is taken', () => {
    const text = one({ rest: ["GIS+4'", "RFF+ABT:A1'"] });
    expect(brief(cusres, text.replace('UNT+6', 'UNT+9'))).toEqual([released('A1'), 'message.count']);
    expect(brief(cusres, text.replace('UNZ+1', 'UNZ+2'))).toEqual([released('A1'), 'interchange.count']);
  });
});

describe('lists of countries', () => {
  const status = (gis: string, rest: string[] = []) => one({ rest: [`GIS+${gis}'`, "RFF+ABT:A1'", ...rest] });

  test('R32: a code of a country’s own is none of the standard list, whatever its number', () => {
    expect(brief(cusres, status('4'))).toEqual([released('A1')]);
    expect(brief(cusres, status('4::6'))).toEqual([released('A1')]);
    expect(brief(cusres, status('4:120:ZZZ'))).toEqual(['status.other-list']);
    expect(brief(cusres, status('23'))).toEqual(['status.other']);
  });

  test('R32: South Africa: 1 releases where the standard accepts; times are of its own zone', () => {
    const time = '2026-05-11T08:09:00.000Z';
    expect(brief(profile('cusres.za'), status('1:120:ZZZ'))).toEqual([released('A1', time)]);
    expect(brief(profile('cusres.za'), status('6:120:ZZZ'))).toEqual([
      ['customsReturned', { declaration: 'A1', returnedAt: time }],
    ]);
    expect(brief(profile('cusres.za'), status('N1:127:ZZZ'))).toEqual(['status.other-list']);
    expect(brief(cusres, status('1'))).toEqual(['status.in-progress']);
  });

  test('R32: Canada: 23 releases where the standard says import; the transaction is the message’s own number', () => {
    const rns = one({ bgm: "BGM+:::911+10105001998631+11'", rest: ["GIS+23'", "RFF+XC:22EJC0828244'"] });
    expect(brief(profile('cusres.ca'), rns)).toEqual([released('10105001998631', '2026-05-11T15:09:00.000Z')]);
  });
});
