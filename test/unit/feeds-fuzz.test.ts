/**
 * R30, R32: whatever comes in a bank's or customs' place, each profile of the table answers with items in their form, or
 * refuses the file by a code; never a crash, a hang, memory that is not given back.
 */
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cnDecl } from '../../clients/feeds/customs/cn-decl';
import { cusresProfiles } from '../../clients/feeds/customs/cusres';
import { profileOf, profiles } from '../../clients/feeds/profiles';
import { isPlainXml } from '../../clients/feeds/xml-plain';
import { fixture, refusal } from '../support/feeds';
import { corpusOf, damaged, fixtures, outcome, placeIn, swollen } from '../support/feed-fuzz';

const million = 1_000_000;
setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapMb = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

describe.each(profiles.map((profile) => [profile.name, profile] as const))('%s', (_name, profile) => {
  const corpus = corpusOf(profile);

  test('has a fixture that it reads a fact from: a new profile brings one', () => {
    expect(corpus).not.toHaveLength(0);
  });

  test('random bytes (fast-check)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void outcome(profile, bytes)),
      { numRuns: 200 },
    );
  });

  test('its files and others’ after accidents (fast-check)', () => {
    const told = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: damaged(corpus) }, damaged(fixtures)), (bytes) => {
        told[typeof outcome(profile, bytes) === 'string' ? 'refused' : 'read'] += 1;
      }),
      { numRuns: 400 },
    );
    expect(Math.min(told.read, told.refused)).toBeGreaterThan(0);
  });

  test('its files cut off anywhere', () => {
    for (const file of corpus)
      for (let end = 0; end < file.length; end += Math.ceil(file.length / 150)) outcome(profile, file.subarray(0, end));
  });

  test('its files with a piece a megabyte long (fast-check)', () => {
    fc.assert(
      fc.property(placeIn(corpus), (place) => void outcome(profile, swollen(corpus[place.file]!, place, million))),
      { numRuns: 6 },
    );
  });

  test('five hundred files leave no memory behind', () => {
    const files = fc.sample(damaged(corpus), 100);
    const readAll = () => {
      // Each is another: what is kept of a text would be kept of each.
      for (const [n, file] of files.entries()) outcome(profile, Buffer.concat([file, Buffer.from(` ${String(n)}`)]));
    };
    readAll();
    const before = heapMb();
    for (let n = 0; n < 5; n += 1) readAll();
    expect(heapMb() - before).toBeLessThan(1);
  });

  test.each([
    ['<', Buffer.alloc(2 * million, '<')],
    ['<a>', Buffer.alloc(2 * million, '<a>')],
    ["UNH+1+CUSRES'", Buffer.concat([Buffer.from("UNH+1+CUSRES'"), Buffer.alloc(2 * million, "GIS+4'")])],
    ['release signs', Buffer.concat([Buffer.from('UNB+'), Buffer.alloc(2 * million, '?')])],
    ['released ends', Buffer.concat([Buffer.from('UNB+'), Buffer.alloc(2 * million, "?'")])],
    ['line ends', Buffer.concat([Buffer.alloc(2 * million, '\n'), Buffer.from('UNB+')])],
    ['beginnings', Buffer.alloc(2 * million, '\nUNB+')],
    ['brackets', Buffer.alloc(2 * million, '[{"fact":')],
    ['base64', Buffer.from(`<DxpMsg><Data>${'A'.repeat(2 * million)}</Data></DxpMsg>`)],
    [
      'entities',
      Buffer.from(`<!DOCTYPE a [<!ENTITY a "${'b'.repeat(1000)}"><!ENTITY c "${'&a;'.repeat(1000)}">]><a>&c;&c;</a>`),
    ],
  ])('2 MB of %s end in a refusal', (_what, bytes) => {
    expect(outcome(profile, bytes)).toEqual(expect.any(String));
  });
});

test('R30 an id without end is cut: each thing in the file carries it', () => {
  const entry = '\n:61:260401C1,NTRFNONREF';
  const items = outcome(profileOf('mt940')!, Buffer.from(`:20:${'X'.repeat(million)}\n:25:1${entry}${entry}`));
  expect(items).toMatchObject([
    { source: { message: 'X'.repeat(140), index: 0 } },
    { source: { message: 'X'.repeat(140), index: 1 } },
  ]);
});

test.each([
  ['opening brackets', 'camt.054', '<'.repeat(10 * million), 'xml.too-large'],
  ['elements in elements', 'camt.054', '<a>'.repeat(million), 'xml.too-deep'],
  ['attributes', 'camt.054', `<a ${'b="" '.repeat(million)}/>`, 'xml.too-large'],
  ['one long text', 'camt.054', `<a>${' '.repeat(10 * million)}</a>`, 'xml.too-large'],
  ['comments without end', 'camt.054', `<a>${'<!--'.repeat(2 * million)}`, 'xml.malformed'],
  ['entities of entities', 'camt.054', `<!DOCTYPE a [<!ENTITY b "${'&c;'.repeat(1000)}">]><a>&b;</a>`, 'xml.doctype'],
  ['entities without declaration', 'camt.054', `<a>${'&b;'.repeat(100_000)}</a>`, 'camt.none'],
  ['digits of an amount', 'mt940', `:20:A\n:60F:C260401USD0,\n:61:260401C${'9'.repeat(10 * million)}`, 'items'],
  ['statements', 'mt940', ':20:A\n'.repeat(million), 'mt.too-large'],
  ['subfields', 'mt940', `:20:A\n:60F:C260401USD0,\n:61:260401C1,\n:86:166${'?20'.repeat(3 * million)}`, 'items'],
  ['codes', 'mt940', `:20:A\n:60F:C260401USD0,\n:61:260401C1,\n:86:${'/EREF/'.repeat(million)}`, 'items'],
  ['slashes', 'mt940', `:20:A\n:60F:C260401USD0,\n:61:260401C1,\n:86:/EREF/${'/'.repeat(10 * million)}`, 'items'],
  ['narrative', 'mt910', `:20:A\n:32A:260401USD1,\n:72:${'/AB/\n'.repeat(400_000)}`, 'items'],
  ['arrays in arrays', 'json', '['.repeat(10 * million), 'json.too-deep'],
  ['texts that do not end', 'json', `"${'\\"'.repeat(5 * million)}`, 'json.malformed'],
])('R30 %s without end are met in time', (_, name, text, expected) => {
  const result = outcome(profileOf(name)!, Buffer.from(text));
  expect(typeof result === 'string' ? result : 'items').toBe(expected);
});

test('XML that is told plain is well-formed to the validator, too (fast-check)', () => {
  const told = { plain: 0, other: 0 };
  const files = fixtures.filter((file) => file.includes('<'));
  fc.assert(
    fc.property(fc.oneof(damaged(files), fc.constantFrom(...files)), (bytes) => {
      const text = bytes.toString().replace(/<\?.*?\?>/gs, '');
      const isPlain = isPlainXml(text);
      told[isPlain ? 'plain' : 'other'] += 1;
      return !isPlain || XMLValidator.validate(`<r>${text}</r>`) === true;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(told.plain, told.other)).toBeGreaterThan(100);
});

describe('half a file', () => {
  const whole = fixture('cusres-examined-then-released.edi');

  test('R32: of CUSRES that is cut off anywhere, no fact is told that the whole does not tell', () => {
    const told = (bytes: Uint8Array) => {
      const items = outcome(cusresProfiles[0]!, bytes);
      return typeof items === 'string' ? [] : items.filter((item) => 'fact' in item);
    };
    const all = told(whole);
    expect(all).toHaveLength(2);
    for (let end = 0; end < whole.length; end += 1) {
      const part = told(whole.subarray(0, end));
      expect(part).toEqual(all.slice(0, part.length));
    }
  });

  test.each(['cn-decl-released.xml', 'cn-decl-wrapped-gbk.xml'])('%s, cut off anywhere within, is refused', (name) => {
    const bytes = fixture(name);
    const end = bytes.lastIndexOf('</');
    for (let cut = 0; cut < end; cut += 1) expect(refusal(cnDecl, bytes.subarray(0, cut))).toBeDefined();
  });
});
