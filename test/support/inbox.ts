/** A feed whose files are lines of JSON, for tests of what comes after the reading: `{ fact, data, remittance? }` or `{ ignored }`. */
import { randomUUID } from 'node:crypto';
import { FeedError, type Fact, type FeedItem, type FeedProfile, type Ignored } from '../../clients/feeds/feed';
import { FeedInbox, type FeedInboxOptions } from '../../clients/feeds/inbox';
import { rowsOf } from '../../clients/feeds/rows';
import type { FeedKind } from '../../domain/inbox';
import { isRefusal } from '../../domain/refusal';
import { listRows, receive } from '../../store/inbox';
import type { World } from './world';

export const linesProfile: FeedProfile = {
  name: 'lines',
  kinds: ['bank', 'customs'],
  says: 'Lines of JSON',
  parse: (bytes, file) =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '')
      .map((line, index): FeedItem => {
        const source = { file, message: 'm', index };
        if (line === 'bug') throw new Error('a bug of the adapter');
        try {
          return { ...(JSON.parse(line) as FeedItem), source };
        } catch {
          throw new FeedError('lines.malformed', 'This is no JSON.', `line ${String(index + 1)}`);
        }
      }),
};

/** A fact without its place. */
export type Told = Fact extends infer One ? (One extends Fact ? Omit<One, 'source'> : never) : never;

export const linesOf = (...told: (Told | Omit<Ignored, 'source'> | string)[]): Uint8Array =>
  Buffer.from(told.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n'));

type InboxOptions = Partial<FeedInboxOptions> & { profileOf?: (name: string) => FeedProfile | undefined };
const linesOnly = (name: string) => (name === 'lines' ? linesProfile : undefined);

/** An inbox of a world, and what tests do with it. */
export function openInbox(world: World, { profileOf = linesOnly, ...options }: InboxOptions = {}) {
  const inbox = new FeedInbox({
    ta: world.ta,
    read: (of, body) => rowsOf(of, body, profileOf(of.profile)),
    ...options,
  });
  return {
    inbox,
    /** Delivers; answers the delivery's id. */
    deliver: async (
      kind: FeedKind,
      body: Uint8Array,
      { messageId = randomUUID(), profile = 'lines', source = `${kind}-test` } = {},
    ): Promise<string> => {
      const received = await receive(world.store, {
        ...{ source, kind, member: `${kind}-feed`, profile, file: 'test.txt', way: 'http', body, messageId },
        receivedAt: new Date().toISOString(),
      });
      if (isRefusal(received)) throw new Error(received.refused);
      return received.id;
    },
    rowsOf: async (delivery: string) =>
      (await listRows(world.store, { delivery })).rows.sort((a, b) => a.index - b.index),
  };
}
