/**
 * The watched folder: `<folder>/<profile>/` for each format, and `<folder>/<kind>.<profile>/` for one that several kinds of
 * feeds use. A file that has come to rest there is stored in the inbox, and only then moved to `done/` or, when it cannot be
 * read, to `failed/`. What lies there at the start is taken, too.
 */
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { watch } from 'chokidar';
import { feedKinds, type FeedKind } from '../../domain/inbox';
import { isRefusal } from '../../domain/refusal';
import { findDelivery, receive } from '../../store/inbox';
import type { Store } from '../../store/store';
import type { FeedProfile } from './feed';
import { maxDelivery } from './limits';

export interface FolderOptions {
  store: Store;
  folder: string;
  profiles: readonly FeedProfile[];
  /** Something was stored: have it read. */
  kick: () => void;
  /** Told of files that were taken, and of what went wrong with one; the file stays where it is then. */
  onTaken?: (file: string, delivery: string) => void;
  onFault?: (fault: unknown, file: string) => void;
  now?: () => string;
  /** How long a file must not have changed, in milliseconds (default 2000). */
  restMs?: number;
}

/** How long a file's fate is waited for before it is moved; it is stored in any case. */
const patienceMs = 30_000;
const source = 'folder';
const defaultRestMs = 2000;

/** Watches the folder, which is made with one in it for each format. */
export async function watchFolder(options: FolderOptions): Promise<{ close: () => Promise<void> }> {
  const { folder, profiles, restMs = defaultRestMs, onFault } = options;
  const places = new Map(profiles.flatMap(placesOf));
  await Promise.all([...places.keys()].map((name) => mkdir(join(folder, name), { recursive: true })));
  const inHand = new Map<string, Promise<void>>();
  const watcher = watch(folder, {
    depth: 1,
    followSymlinks: false,
    awaitWriteFinish: { stabilityThreshold: restMs, pollInterval: Math.min(100, restMs) },
    // Under these names files are still being written.
    ignored: (path) => /^\.|\.(tmp|part|filepart)$/i.test(basename(path)) && path !== folder,
  });
  const take = (path: string) => {
    const place = places.get(relative(folder, dirname(path)));
    if (!place || inHand.has(path)) return;
    const taking = takeFile(path, place, options)
      .catch((fault: unknown) => onFault?.(fault, path))
      .finally(() => inHand.delete(path));
    inHand.set(path, taking);
  };
  watcher
    .on('add', take)
    .on('change', take)
    .on('error', (fault) => onFault?.(fault, folder));
  return {
    close: async () => {
      await watcher.close();
      await Promise.all(inHand.values());
    },
  };
}

interface Place {
  kind: FeedKind;
  profile: string;
}

function placesOf({ name: profile, kinds }: FeedProfile): [string, Place][] {
  const [only, another] = kinds;
  if (only && !another) return [[profile, { kind: only, profile }]];
  return feedKinds.filter((kind) => kinds.includes(kind)).map((kind) => [`${kind}.${profile}`, { kind, profile }]);
}

async function takeFile(path: string, { kind, profile }: Place, options: FolderOptions): Promise<void> {
  const { store, kick, onTaken, now = () => new Date().toISOString(), restMs = defaultRestMs } = options;
  const before = await atRest(path, restMs);
  if (!before || before.isDirectory()) return; // another process has taken it
  const file = basename(path);
  // Whoever delivers may not have us read another file of this machine: links are none of its files.
  if (!before.isFile() || before.nlink > 1) {
    await move(path, 'failed', file);
    throw new Error(`${file} is no file of its own, but a link or something else: it was not read`);
  }
  if (before.size > maxDelivery) {
    await move(path, 'failed', file);
    throw new Error(`${file} has ${before.size} bytes, more than ${maxDelivery}: send it in parts`);
  }
  const body = await bodyOf(path).catch(unlessGone);
  const after = await lstat(path).catch(unlessGone);
  if (!body || !after) return; // another process has taken it
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return; // `change` comes when it rests again
  const member = `${kind}-${source}`;
  const incoming = { source, kind, member, profile, file: file.slice(0, 255), way: 'folder', body } as const;
  const received = await receive(store, { ...incoming, receivedAt: now() });
  if (isRefusal(received)) throw new Error(received.text);
  kick();
  const isReadable = await fateOf(store, received.id);
  await move(path, isReadable ? 'done' : 'failed', `${received.id}-${file}`);
  onTaken?.(path, received.id);
}

/** Reads a file; a link that has taken its place meanwhile is not followed. */
async function bodyOf(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** What a file is once it has not changed for a while: what lies there at the start may still be written, too. */
async function atRest(path: string, restMs: number): Promise<Stats | undefined> {
  for (let before = await lstat(path).catch(unlessGone); before;) {
    if (Date.now() - before.ctimeMs >= restMs) return before;
    await pause(restMs);
    const after = await lstat(path).catch(unlessGone);
    if (after?.size === before.size && after.ctimeMs === before.ctimeMs) return after;
    before = after;
  }
  return undefined;
}

/** Whether a delivery could be read; in doubt it could. */
async function fateOf(store: Store, id: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 100) {
    const state = (await findDelivery(store, id))?.state;
    if (state !== 'received') return state !== 'unreadable';
    await pause(100);
  }
  return true;
}

async function move(path: string, to: 'done' | 'failed', name: string): Promise<void> {
  const folder = join(dirname(path), to);
  await mkdir(folder, { recursive: true });
  await rename(path, join(folder, name)).catch(unlessGone);
}

/** Other processes watch the folder, too: what one of them has moved is no fault. */
function unlessGone(fault: unknown): undefined {
  if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
  return undefined;
}
