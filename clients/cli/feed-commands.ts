/** `ta feed`: reads the files of banks and customs, without any server. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { FeedItem, FeedProfile } from '../feeds/feed';
import { group, type Action, type Add } from './command';
import { exitCodes, wrongUsage } from './faults';
import { near } from './input';
import type { Io, Output } from './io';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed; a dynamic import would not find TypeScript */
const load = {
  feed: () => require('../feeds/feed') as typeof import('../feeds/feed'),
  ignored: () => require('../feeds/ignored') as typeof import('../feeds/ignored'),
  profiles: () => require('../feeds/profiles') as typeof import('../feeds/profiles'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

export function feedCommands(program: Command, add: Add, action: Action): void {
  const feed = group(program, 'feed', 'Files of banks and customs: parse');
  add(feed, {
    call: 'parse <file...>',
    says: 'Print what is in files, one JSON line for each thing; - is standard input. Needs no server, touches no order',
    examples: ['feed parse --profile camt.054 credits.xml', 'feed parse --profile mt940 - < statement.sta'],
  })
    .requiredOption('--profile <name>', 'the files’ format; a name that is none lists all')
    .action((files: string[], { profile }: { profile: string }) =>
      action((io) => parseFiles(files, profileNamed(profile), io)),
    );
}

function profileNamed(name: string): FeedProfile {
  const { profileOf, profiles } = load.profiles();
  const known = profileOf(name);
  if (known) return known;
  const names = profiles.map((profile) => profile.name);
  throw wrongUsage(`--profile ${name}: the profile is one of ${names.join(', ')}`, near(name, names));
}

/**
 * Each file whole or not at all: of one that cannot be read one line says why, and the others are read. The exit code says
 * whether a person should look at any line.
 */
async function parseFiles(files: readonly string[], profile: FeedProfile, io: Io): Promise<Output> {
  const { FeedError } = load.feed();
  let exitCode: number = exitCodes.ok;
  for (const file of files) {
    try {
      const items = load.profiles().readFeed(profile, await bytesOf(file, io), file);
      if (items.length > 0) io.out(linesOf(items));
      const { isForPeople } = load.ignored();
      if (items.some((item) => 'ignored' in item && isForPeople(item.ignored))) exitCode = exitCodes.refused;
    } catch (fault) {
      if (!(fault instanceof FeedError)) throw fault;
      io.out(`${JSON.stringify({ error: fault.code, why: fault.message, at: `${file}, ${fault.at}` })}\n`);
      exitCode = exitCodes.refused;
    }
  }
  return { json: undefined, lines: () => [], exitCode };
}

const linesOf = (items: readonly FeedItem[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** No more than a feed's file may have, and one: what is larger is refused without being read. */
async function bytesOf(file: string, io: Io): Promise<Uint8Array> {
  const { FeedError, maxBytes } = load.feed();
  if (file === '-') return io.bytes(maxBytes + 1);
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    return fstatSync(handle).size > maxBytes ? new Uint8Array(maxBytes + 1) : readFileSync(handle);
  } catch (fault) {
    throw new FeedError('file.unreadable', (fault as Error).message, 'the file');
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
