/**
 * One owner for each data folder: two `npm start` on the same state would end each other's servers. The owner is the
 * living process named in `owner.json`; a lock with an age would keep the folder shut after a `kill -9`.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { beginning, isAlive } from './processes';

interface Owner {
  pid: number;
  began: string;
}

/** Makes this process the owner; throws when another lives. Returns what ends the ownership. */
export async function own(dataDir: string): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'owner.json');
  const release = await lock(dataDir, { retries: { retries: 200, factor: 1, minTimeout: 100, maxTimeout: 100 } });
  try {
    const owner = readOwner(file);
    if (owner && isAlive(owner.pid) && beginning(owner.pid) === owner.began) {
      const who = owner.pid === process.pid ? 'this very process' : `process ${owner.pid}`;
      throw new Error(
        `The servers of ${dataDir} are run by ${who} already. Use those, end it, or choose another data folder.`,
      );
    }
    writeFileSync(file, JSON.stringify({ pid: process.pid, began: beginning(process.pid) } satisfies Owner));
  } finally {
    await release();
  }
  return () => rmSync(file, { force: true });
}

/** The noted owner; a torn or missing note means none. */
function readOwner(file: string): Owner | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
}
