/**
 * The cache of executables: `<cache>/<server>/<version>-<platform>-<arch>/<executable>`. A folder appears there by one
 * rename, only when its executable is whole and has run; until then it is a temporary folder next to it. So whatever is
 * interrupted poisons nothing, and reading needs no lock.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { lock } from 'proper-lockfile';
import { catalogue } from './catalogue';
import type { ServerName } from './catalogue';
import { probe } from './probe';
import { errorCode } from './text';

const temporaryPrefix = '.incomplete-';

export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  if (env.TA_CACHE_DIR) return resolve(env.TA_CACHE_DIR);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'trade-assurance');
}

export class Cache {
  readonly #name: ServerName;
  readonly folder: string;

  constructor(cacheDir: string, name: ServerName) {
    this.#name = name;
    this.folder = join(cacheDir, name);
  }

  /** Where the executable of a version is, or would be. */
  place(version: string): string {
    return join(this.#versionFolder(version), catalogue[this.#name].executable);
  }

  /** The executable, if it is there and runs; the vendor's own before the registry's. */
  async find(): Promise<string | undefined> {
    const entry = catalogue[this.#name];
    for (const version of [entry.official.version, entry.wheel.version]) {
      const path = this.place(version);
      if (!existsSync(path)) continue;
      const runs = await probe(entry, path).then(
        () => true,
        () => false,
      );
      if (runs) return path;
    }
    return undefined;
  }

  /** Runs `work` alone among all processes of this machine; another one waits, and then finds what it needs. */
  async alone<T>(work: () => Promise<T>, onWait: () => void): Promise<T> {
    mkdirSync(this.folder, { recursive: true });
    const release = await this.#lock(onWait);
    try {
      this.#sweep();
      return await work();
    } finally {
      await release();
    }
  }

  /**
   * Lets `fill` work in a temporary folder, tries the executable whose path it returns, and puts that in place.
   * To be called inside `alone`.
   */
  async add(version: string, fill: (folder: string) => Promise<string>): Promise<string> {
    const temporary = mkdtempSync(join(this.folder, temporaryPrefix));
    try {
      const executable = await fill(temporary);
      chmodSync(executable, 0o755);
      await probe(catalogue[this.#name], executable);
      const ready = join(temporary, 'ready');
      mkdirSync(ready);
      renameSync(executable, join(ready, catalogue[this.#name].executable));
      const target = this.#versionFolder(version);
      rmSync(target, { recursive: true, force: true }); // one that `find` could not run
      renameSync(ready, target);
      return this.place(version);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  #versionFolder(version: string): string {
    return join(this.folder, `${version}-${process.platform}-${process.arch}`);
  }

  async #lock(onWait: () => void): Promise<() => Promise<void>> {
    try {
      return await lock(this.folder);
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED') throw error;
    }
    onWait();
    // A holder that died is noticed by its lock's age; a living one may download for many minutes.
    return lock(this.folder, { retries: { forever: true, factor: 1, minTimeout: 200, maxTimeout: 200 } });
  }

  /** Removes what interrupted downloads left. Safe, as the lock is held. */
  #sweep(): void {
    for (const left of readdirSync(this.folder).filter((file) => file.startsWith(temporaryPrefix))) {
      rmSync(join(this.folder, left), { recursive: true, force: true });
    }
  }
}
