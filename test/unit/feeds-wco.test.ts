/** Responses in the WCO data model, as HMRC sends them (R32). */
import { wco } from '../../clients/feeds/customs/wco';
import { brief, fixture, read, refusal } from '../support/feeds';

const mrn = '26GB5KR2XW81HT6AR4';
interface Parts {
  code?: string;
  time?: string;
  format?: string;
  declaration?: string;
  more?: string;
}
const response = ({
  code = '08',
  time = '20260511093000Z',
  format = '304',
  declaration = `<ID>${mrn}</ID>`,
  more = '',
}: Parts) =>
  `<Response><FunctionCode>${code}</FunctionCode><IssueDateTime><DateTimeString formatCode="${format}">${time}</DateTimeString>` +
  `</IssueDateTime>${more}<Declaration>${declaration}</Declaration></Response>`;
const at = '2026-05-11T09:30:00.000Z';

describe('responses', () => {
  test('R32: several in a file, each with its own id; text behind the root', () => {
    const file = read(wco, fixture('wco-accepted-and-cleared.xml'), 'a.xml');
    expect(file).toMatchObject([
      { ignored: 'status.in-progress', source: { file: 'a.xml', message: '7c1f0b6b9d3a4f5ea0e1', index: 0 } },
      {
        fact: 'customsReleased',
        data: { declaration: mrn, releasedAt: '2026-05-11T08:30:00.000Z' },
        source: { file: 'a.xml', message: '7c1f0b6b9d3a4f5ea0e2', index: 0 },
      },
    ]);
  });

  test.each([
    ['08', 'customsReleased', 'releasedAt'],
    ['09', 'customsReleased', 'releasedAt'],
    ['8', 'customsReleased', 'releasedAt'],
    ['05', 'customsHeld', 'heldAt'],
    ['52', 'customsHeld', 'heldAt'],
    ['03', 'customsReturned', 'returnedAt'],
    ['10', 'customsCancelled', 'cancelledAt'],
  ])('R32: function %s is %s', (code, fact, field) => {
    expect(brief(wco, response({ code }))).toEqual([[fact, { declaration: mrn, [field]: at }]]);
  });

  test.each([
    ['01', 'status.in-progress'],
    ['02', 'status.transport'],
    ['16', 'status.after-release'],
    ['99', 'status.unknown'],
    ['', 'status.missing'],
  ])('R32: function “%s” is no word for an order: %s', (code, ignored) => {
    expect(brief(wco, response({ code }))).toEqual([ignored]);
  });

  test('R32: errors and statements become the note', () => {
    const more =
      '<Error><ValidationCode>DMS10010</ValidationCode></Error><Error><ValidationCode>CDS12015</ValidationCode>' +
      '<Description>mandatory element missing</Description></Error><AdditionalInformation><StatementDescription>call us' +
      '</StatementDescription></AdditionalInformation><AdditionalInformation/>';
    expect(brief(wco, response({ code: '03', more }))).toEqual([
      [
        'customsReturned',
        { declaration: mrn, returnedAt: at, note: 'DMS10010; CDS12015 mandatory element missing; call us' },
      ],
    ]);
  });

  test.each([
    ['304', '20260511093000Z', at],
    ['304', '20260511103000+01', at],
    ['304', '20260511103000BST', at],
    ['204', '20260511093000', at],
    ['203', '202605110930', at],
    ['102', '20260511', '2026-05-11T00:00:00.000Z'],
    ['202', '260511093000', at],
    ['202', '20260511093000', at],
    ['', '2026-05-11T09:30:00Z', at],
  ])('R32: a time in format %s, %s', (format, time, releasedAt) => {
    expect(brief(wco, response({ format, time }))).toEqual([['customsReleased', { declaration: mrn, releasedAt }]]);
  });

  test('R32: a declaration without customs’ number is known by the declarant’s; without any, by nobody', () => {
    const own = '<FunctionalReferenceID>EXPORT-1</FunctionalReferenceID>';
    expect(brief(wco, response({ code: '03', declaration: `<ID/>${own}` }))).toEqual([
      ['customsReturned', { declaration: 'EXPORT-1', returnedAt: at }],
    ]);
    expect(brief(wco, response({ declaration: '' }))).toEqual(['declaration.missing']);
    expect(brief(wco, response({}).replace(/<Declaration>.*<\/Declaration>/, ''))).toEqual(['declaration.missing']);
    expect(brief(wco, response({ time: '' }))).toEqual(['time.unreadable']);
  });

  test.each(['01', '08', '09'])('R32: after %s a rejection is of a request, and takes nothing back', (accepted) => {
    const [first, second] = [response({ code: accepted }), response({ code: '03' })];
    const items = brief(wco, `<all>${first}${second}</all>`);
    expect(items.slice(-1)).toEqual(['status.ambiguous']);
    expect(brief(wco, `<all>${second}${first}</all>`)[0]).toEqual([
      'customsReturned',
      { declaration: mrn, returnedAt: at },
    ]);
  });

  test('R32: nothing of a file is passed over: text, other documents and empty responses have a line; a test is none', () => {
    const released = ['customsReleased', { declaration: mrn, releasedAt: at }];
    expect(brief(wco, `${response({})} END 1`)).toEqual([released, 'file.unread']);
    expect(brief(wco, `${response({})}<Other><a>1</a></Other>`)).toEqual([released, 'file.unread']);
    expect(brief(wco, `<all>${response({})}<Response/></all>`)).toEqual([released, 'message.unreadable']);
    const marked = `<all><TestIndicator>1</TestIndicator>${response({})}</all>`;
    expect(brief(wco, marked)).toEqual(['message.test']);
  });

  test('mixed case, prefixes and wrappers are met; another document is refused', () => {
    const mixed = response({}).replaceAll('Response>', 'x:RESPONSE>').replaceAll('FunctionCode', 'functioncode');
    expect(brief(wco, `<envelope xmlns:x="urn:x"><body>${mixed}</body></envelope>`)).toEqual([
      ['customsReleased', { declaration: mrn, releasedAt: at }],
    ]);
    expect(refusal(wco, '<MetaData><WCOTypeName>DEC</WCOTypeName></MetaData>')).toEqual({
      code: 'wco.none',
      at: 'root',
    });
  });
});
