/** Whatever strangers send: an adapter of customs answers with items in their form, or refuses the file by a code. */
import fc from 'fast-check';
import { z } from 'zod';
import { ceb } from '../../clients/feeds/customs/ceb';
import { cnDecl } from '../../clients/feeds/customs/cn-decl';
import { cusresProfiles } from '../../clients/feeds/customs/cusres';
import { wco } from '../../clients/feeds/customs/wco';
import { FeedError, type FeedItem, type FeedProfile } from '../../clients/feeds/feed';
import { messages } from '../../domain/messages';
import { fixture, fixturesOf, read, refusal } from '../support/feeds';

const profiles = [...cusresProfiles, cnDecl, wco, ceb];
const files = ['cusres', 'cn-decl', 'ceb', 'wco'].flatMap(fixturesOf).map((name) => fixture(name));

const source = z.strictObject({ file: z.literal('test'), message: z.string(), index: z.int().nonnegative() });
const ignoredForm = z.strictObject({
  ignored: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  why: z.string().min(1).max(700),
  source,
});

/** The items, each in its form; undefined when the file is refused as it should be. Anything else fails the test. */
function outcome(profile: FeedProfile, bytes: Uint8Array): FeedItem[] | undefined {
  try {
    const items = read(profile, bytes);
    for (const item of items) {
      if ('ignored' in item) ignoredForm.parse(item);
      else z.strictObject({ fact: z.string(), data: messages[item.fact].data, source }).parse(item);
    }
    return items;
  } catch (fault) {
    if (!(fault instanceof FeedError)) throw fault;
    expect(fault.code).toMatch(/^[a-z0-9-]+\.[a-z-]+$/);
    expect([fault.message, fault.at]).not.toContain('');
    return undefined;
  }
}

/** A file of ours after an accident: bytes changed, left out, put in, or a piece of another file in its midst. */
const mutated = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        out: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(300)),
        put: fc.oneof(
          fc.uint8Array({ maxLength: 4 }),
          fc.string({ maxLength: 8, unit: 'binary' }).map((text) => Buffer.from(text)),
          fc
            .constantFrom(
              "'",
              '?',
              "?'",
              '<',
              '>',
              '</',
              ']]>',
              '<![CDATA[',
              '&#0;',
              'UNH',
              "UNT+1'",
              "UNA:+.? '",
              '\0',
            )
            .map((s) => Buffer.from(s)),
          fc.tuple(fc.constantFrom(...files), fc.nat(2000), fc.nat(600)).map(([f, a, n]) => f.subarray(a, a + n)),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([file, edits]) =>
    edits.reduce<Buffer>((bytes, { at, out, put }) => {
      const place = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + out)]);
    }, file),
  );

describe.each(profiles.map((profile) => [profile.name, profile] as const))('%s', (_name, profile) => {
  test('random bytes (fast-check)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void outcome(profile, bytes)),
      { numRuns: 300 },
    );
  });

  test('files after an accident (fast-check)', () => {
    fc.assert(
      fc.property(mutated, (bytes) => void outcome(profile, bytes)),
      { numRuns: 400 },
    );
  });

  test.each([
    ['<', Buffer.alloc(5_000_000, '<')],
    ['<a>', Buffer.alloc(3_000_000, '<a>')],
    ["UNH+1+CUSRES'", Buffer.concat([Buffer.from("UNH+1+CUSRES'"), Buffer.alloc(5_000_000, "GIS+4'")])],
    ['release signs', Buffer.concat([Buffer.from('UNB+'), Buffer.alloc(5_000_000, '?')])],
    ['released ends', Buffer.concat([Buffer.from('UNB+'), Buffer.alloc(5_000_000, "?'")])],
    ['line ends', Buffer.concat([Buffer.alloc(5_000_000, '\n'), Buffer.from('UNB+')])],
    ['beginnings', Buffer.alloc(5_000_000, '\nUNB+')],
    ['base64', Buffer.from(`<DxpMsg><Data>${'A'.repeat(5_000_000)}</Data></DxpMsg>`)],
    [
      'entities',
      Buffer.from(`<!DOCTYPE a [<!ENTITY a "${'b'.repeat(1000)}"><!ENTITY c "${'&a;'.repeat(1000)}">]><a>&c;&c;</a>`),
    ],
  ])('5 MB of %s end in a refusal', (_what, bytes) => {
    expect(outcome(profile, bytes)).toBeUndefined();
  });
});

describe('half a file', () => {
  const whole = fixture('cusres-examined-then-released.edi');

  test('R32: of CUSRES that is cut off anywhere, no fact is told that the whole does not tell', () => {
    const told = (bytes: Uint8Array) => outcome(cusresProfiles[0]!, bytes)?.filter((item) => 'fact' in item) ?? [];
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
