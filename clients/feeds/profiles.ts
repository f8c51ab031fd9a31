/** The one table of feed profiles: what `ta feed`, the HTTP routes and the inbox know formats by. To add one: an entry here. */
import { camt053, camt054 } from './bank/camt';
import { mt910 } from './bank/mt910';
import { mt940 } from './bank/mt940';
import { ceb } from './customs/ceb';
import { cnDecl } from './customs/cn-decl';
import { cusresProfiles } from './customs/cusres';
import { wco } from './customs/wco';
import { maxBytes, FeedError, type FeedItem, type FeedProfile } from './feed';
import { json } from './json';

export const profiles: readonly FeedProfile[] = [
  camt054,
  camt053,
  mt910,
  mt940,
  ...cusresProfiles,
  cnDecl,
  wco,
  ceb,
  json,
];

/** Their names. */
export const profileNames = profiles.map(({ name }) => name);

export const profileOf = (name: string): FeedProfile | undefined => profiles.find((one) => one.name === name);

/**
 * The items of a file, in its order.
 * @throws FeedError `file.too-large`, `file.empty`, and the codes of the profile (docs/reference/feeds.md)
 */
export function readFeed(profile: FeedProfile, bytes: Uint8Array, file: string): FeedItem[] {
  if (bytes.byteLength > maxBytes) {
    const limit = `${maxBytes / 1024 / 1024} MiB`;
    throw new FeedError('file.too-large', `it has more than ${limit}; send it in parts`, 'the file');
  }
  if (bytes.every((byte) => byte <= 0x20)) throw new FeedError('file.empty', 'there is nothing in it', 'the file');
  return profile.parse(bytes, file);
}
