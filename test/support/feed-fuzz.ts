/** Hostile files for every profile of the table: its fixtures after accidents, and what comes of reading them. */
import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FeedError, type FeedItem, type FeedProfile } from '../../clients/feeds/feed';
import { readFeed } from '../../clients/feeds/profiles';
import { messages } from '../../domain/messages';
import { fixture } from './feeds';

/** All fixtures, of every format. */
export const fixtures: readonly Buffer[] = readdirSync(join(__dirname, '../fixtures/feeds'), { recursive: true })
  .map(String)
  .filter((name) => name.includes('.'))
  .map(fixture);

const source = z.strictObject({ file: z.literal('f'), message: z.string(), index: z.int().nonnegative() });
const ignoredForm = z.strictObject({
  ignored: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  why: z.string().min(1).max(700),
  source,
});

/** The items, each in its form, or the code that the file is refused by. Anything else fails the test. */
export function outcome(profile: FeedProfile, bytes: Uint8Array): FeedItem[] | string {
  try {
    const items = readFeed(profile, bytes, 'f');
    for (const item of items) {
      if ('ignored' in item) ignoredForm.parse(item);
      else z.object({ data: messages[item.fact].data, source }).parse(item);
      expect(JSON.stringify(item).length).toBeLessThan(4000);
    }
    return items;
  } catch (fault) {
    if (!(fault instanceof FeedError)) throw fault;
    expect(fault.code).toMatch(/^[a-z0-9-]+\.[a-z-]+$/);
    expect(fault.message.length).toBeLessThan(400);
    expect([fault.message, fault.at]).not.toContain('');
    return fault.code;
  }
}

/** The fixtures that the profile reads a fact from. */
export const corpusOf = (profile: FeedProfile): Buffer[] =>
  fixtures.filter((file) => {
    const read = outcome(profile, file);
    return typeof read !== 'string' && read.some((item) => 'fact' in item);
  });

/** Pieces that mean something to one of the formats. */
const pieces = [
  ...['<', '>', '/>', '</', '<Ntry>', '</Ntry>', '<TxDtls>', '<![CDATA[', ']]>', '<!--', '-->', '&#0;', '&amp;', '\0'],
  ...['<Sts>BOOK</Sts>', '<RvslInd>true</RvslInd>', ' Ccy="JPY"', '1e9', '-0', '0,', '99999999999999999999'],
  ...['\n:61:', '\n:86:', '\n:20:', '{4:', '-}', '\n-\n', '?20', '/REMI/', '//', 'RC', 'EC', '\r'],
  ...[
    "'",
    '?',
    "?'",
    'UNH',
    "UNT+1'",
    "UNA:+.? '",
    '<CHANNEL>P',
    '<returnStatus>800',
    '{"fact":',
    '[',
    '"',
    '__proto__',
  ],
].map((text) => Buffer.from(text));

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  out: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(400)),
  put: fc.oneof(
    fc.constantFrom(...pieces),
    fc.uint8Array({ maxLength: 4 }),
    fc.string({ maxLength: 8, unit: 'binary' }).map((text) => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom(...fixtures), fc.nat(4000), fc.nat(600))
      .map(([file, from, length]) => file.subarray(from, from + length)),
  ),
});

/** One of the files after accidents: cut, changed, spliced with another format's. */
export const damaged = (files: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...files), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([file, edits]) => edits.reduce<Buffer>((bytes, { at, out, put }) => spliced(bytes, at, out, put), file));

/** Where one of the files has a piece, of so many bytes, that is to be repeated. */
export const placeIn = (files: readonly Buffer[]) =>
  fc.record({
    file: fc.nat(files.length - 1),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 300 }),
  });

/** The file with the piece repeated in its place, to about so many bytes. */
export function swollen(file: Buffer, { at, length }: { at: number; length: number }, size: number): Buffer {
  const from = Math.floor(at * Math.max(0, file.length - length));
  return spliced(file, at, 0, Buffer.alloc(size, file.subarray(from, from + length)));
}

function spliced(bytes: Buffer, at: number, out: number, put: Uint8Array): Buffer {
  const place = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + out)]);
}
