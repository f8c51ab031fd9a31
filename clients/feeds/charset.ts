/** Bytes as text: by a byte order mark, else by the character set that the file names, else UTF-8. */
import iconv from 'iconv-lite';
import { FeedError } from './feed';

const marks = [
  { charset: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { charset: 'utf-16le', bytes: [0xff, 0xfe] },
  { charset: 'utf-16be', bytes: [0xfe, 0xff] },
];
const unicode = /^(utf-?8|us-?ascii|ascii)$/i;

/**
 * The text of a file, without its byte order mark.
 * @param named the character set that the file names, if it does
 * @param fallback for files that say, or leave it to be understood, that they are UTF-8, and are not: names get garbled by it
 * at worst, and never amounts or references
 * @throws FeedError `charset.unknown`
 */
export function decode(bytes: Uint8Array, named: string | undefined, fallback: string): string {
  const mark = marks.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  const charset = mark?.charset ?? named ?? 'utf-8';
  if (unicode.test(charset)) return utf8(bytes) ?? withoutMark(iconv.decode(bytes, fallback));
  const isKnown: boolean = iconv.encodingExists(charset);
  if (isKnown) return withoutMark(iconv.decode(bytes, charset));
  throw new FeedError('charset.unknown', `the character set ${charset} is not known; send UTF-8`, 'line 1, column 1');
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');
