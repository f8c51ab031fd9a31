/**
 * A disk of its own for a data folder, which can be full: a tmpfs that is shrunk to what is on it. On Linux, and for root only;
 * elsewhere there is none.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Room for the servers of a storm; memory is taken only by what is written. */
const sizeMiB = 8192;
const tries = 20;

export class Disk {
  private constructor(private readonly folder: string) {}

  /** A disk at `folder`; undefined where none can be mounted. */
  static async mount(folder: string): Promise<Disk | undefined> {
    mkdirSync(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${String(sizeMiB)}m`, 'tmpfs', folder]);
    } catch {
      return undefined;
    }
    return new Disk(folder);
  }

  /** Leaves no room, but for a few pages. */
  async fill(): Promise<void> {
    for (let left = tries; ; left -= 1) {
      const { blocks, bfree, bsize } = await statfs(this.folder);
      const usedKiB = Math.ceil(((blocks - bfree) * bsize) / 1024);
      try {
        await this.#resize(`${String(usedKiB + 64)}k`);
        return;
      } catch (fault) {
        // Written to since it was measured: it cannot be smaller than what is on it.
        if (left === 0) throw fault;
      }
    }
  }

  makeRoom(): Promise<void> {
    return this.#resize(`${String(sizeMiB)}m`);
  }

  /** What is on it is gone then. */
  async close(): Promise<void> {
    await run('umount', ['--lazy', this.folder]);
  }

  async #resize(size: string): Promise<void> {
    await run('mount', ['-o', `remount,size=${size}`, this.folder]);
  }
}
