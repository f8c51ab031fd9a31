/** R30: whatever comes in a bank's place: items, or a file that is refused by a code; never a crash, a hang, a swollen heap. */
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages } from '../../domain/messages';
import { FeedError } from '../../clients/feeds/feed';
import { profileOf, readFeed } from '../../clients/feeds/profiles';
import { isPlainXml } from '../../clients/feeds/xml-plain';

const folder = join(__dirname, '../fixtures/feeds/bank');
const fixtures = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const profiles = ['camt.054', 'camt.053', 'mt910', 'mt940', 'json'];

/** `items`, or the code that the file is refused by. Every fact is of its message's own form. */
function outcome(profile: string, bytes: Uint8Array): string {
  try {
    for (const item of readFeed(profileOf(profile)!, bytes, 'f')) {
      if ('ignored' in item) expect(item).toMatchObject({ ignored: expect.stringMatching(/^[a-z]+\.[a-z-]+$/) });
      else expect(messages[item.fact].data.safeParse(item.data).error).toBeUndefined();
      expect(JSON.stringify(item).length).toBeLessThan(4000);
    }
    return 'items';
  } catch (fault) {
    if (!(fault instanceof FeedError)) throw fault;
    expect(fault.message.length).toBeLessThan(400);
    expect(fault.at).not.toBe('');
    return fault.code;
  }
}

/** Pieces that mean something to one of the formats. */
const pieces = [
  ...['<', '>', '/>', '</', '<Ntry>', '</Ntry>', '<TxDtls>', '<![CDATA[', ']]>', '<!--', '-->', '&#0;', '&amp;', '\0'],
  ...[
    '<Sts>BOOK</Sts>',
    '<RvslInd>true</RvslInd>',
    ' Ccy="JPY"',
    '1e9',
    '-0',
    '0,',
    '99999999999999999999',
    '__proto__',
  ],
  ...[
    '\n:61:',
    '\n:86:',
    '\n:20:',
    '{4:',
    '-}',
    '\n-\n',
    '?20',
    '/REMI/',
    '//',
    'RC',
    'EC',
    '\r',
    '{"fact":',
    '[',
    '"',
  ],
].map((text) => Buffer.from(text));

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  out: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(400)),
  put: fc.oneof(
    fc.constantFrom(...pieces),
    fc.uint8Array({ maxLength: 3 }),
    fc
      .tuple(fc.constantFrom(...fixtures), fc.nat(4000), fc.nat(500))
      .map(([file, from, n]) => file.subarray(from, from + n)),
  ),
});
/** A file after accidents: cut, changed, spliced with another. */
const damaged = fc
  .tuple(fc.constantFrom(...fixtures), fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([file, edits]) =>
    edits.reduce((bytes, { at, out, put }) => {
      const place = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + out)]);
    }, file),
  );

describe.each(profiles)('R30 %s', (profile) => {
  test('random bytes (fast-check)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void outcome(profile, bytes)),
      { numRuns: 200 },
    );
  });

  test('files after accidents (fast-check)', () => {
    fc.assert(
      fc.property(damaged, (bytes) => void outcome(profile, bytes)),
      { numRuns: 500 },
    );
  });

  test('files cut off anywhere', () => {
    for (const file of fixtures)
      for (let end = 0; end < file.length; end += 97) outcome(profile, file.subarray(0, end));
  });
});

test('XML that is told plain is well-formed to the validator, too (fast-check)', () => {
  const told = { plain: 0, other: 0 };
  fc.assert(
    fc.property(fc.oneof(damaged, fc.constantFrom(...fixtures)), (bytes) => {
      const text = bytes.toString().replace(/<\?.*?\?>/gs, '');
      const isPlain = isPlainXml(text);
      told[isPlain ? 'plain' : 'other'] += 1;
      return !isPlain || XMLValidator.validate(`<r>${text}</r>`) === true;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(told.plain, told.other)).toBeGreaterThan(100);
});

const million = 1_000_000;
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
])('R30 %s without end are met in time', (_, profile, text, result) => {
  expect(outcome(profile, Buffer.from(text))).toBe(result);
});
