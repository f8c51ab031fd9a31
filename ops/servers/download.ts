/**
 * The official download of a server: fetch with progress, the published checksum where there is one, unpack. It works
 * in the folder it is given and leaves the rest to the cache.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import type { ServerEntry } from './catalogue';
import { thisMachine } from './machine';
import { failureText, megabytes } from './text';

/** Behind a firewall that swallows packets nobody answers: go on to the next way then. */
const answerWithin = 10_000;
/** A transfer may take long, but not stand still. */
const bytesWithin = 30_000;

type Report = (line: string) => void;

/** Downloads and unpacks into `folder`; returns the executable's path. Throws with the address and what is wrong. */
export async function downloadOfficial(
  entry: ServerEntry,
  folder: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<string> {
  const { official } = entry;
  const path = official.path(thisMachine());
  if (!path || process.platform === 'win32') {
    throw new Error(`no official download for ${process.platform} on ${process.arch} is known`);
  }
  const base = (env[official.baseVariable] || official.base).replace(/\/+$/, '');
  const address = official.answers === 'index' ? await readIndex(`${base}/${path}`) : `${base}/${path}`;
  report(`downloading ${address}`);
  const archive = join(folder, 'archive.tar.gz');
  await transfer(address, archive, report);
  if (official.checksumSuffix) await checkSum(address, official.checksumSuffix, archive, report);
  return unpack(archive, folder, entry.executable, address);
}

/** GET that answers within bounds, with an error that names the address. */
async function get(address: string): Promise<{ response: Response; stillAlive: () => void; done: () => void }> {
  const controller = new AbortController();
  const abort = (what: string) => () => controller.abort(new Error(what));
  let timer = setTimeout(abort(`no answer within ${answerWithin / 1000} s`), answerWithin);
  const done = () => clearTimeout(timer);
  const stillAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(abort(`nothing more came for ${bytesWithin / 1000} s`), bytesWithin);
  };
  try {
    const response = await fetch(address, { signal: controller.signal });
    if (!response.ok) throw new BadStatus(response);
    stillAlive();
    return { response, stillAlive, done };
  } catch (error) {
    done();
    throw new HttpFailure(address, error);
  }
}

/** A failed request, with the address and what the server answered. */
class HttpFailure extends Error {
  readonly status: number | undefined;
  constructor(address: string, reason: unknown) {
    super(`${address}: ${failureText(reason)}`);
    this.status = reason instanceof BadStatus ? reason.status : undefined;
  }
}

class BadStatus extends Error {
  readonly status: number;
  constructor({ status, statusText }: Response) {
    super(`HTTP ${status} ${statusText}`.trim());
    this.status = status;
  }
}

/** Temporal's index answers with the archive's address, as its SDKs use it. */
async function readIndex(address: string): Promise<string> {
  const { response, done } = await get(address);
  try {
    const index: unknown = await response.json();
    const archive = typeof index === 'object' && index !== null && 'archiveUrl' in index ? index.archiveUrl : undefined;
    if (typeof archive !== 'string') throw new Error('the answer names no archiveUrl');
    return new URL(archive, address).href;
  } catch (error) {
    throw new HttpFailure(address, error);
  } finally {
    done();
  }
}

async function transfer(address: string, file: string, report: Report): Promise<void> {
  const { response, stillAlive, done } = await get(address);
  const total = Number(response.headers.get('content-length')) || undefined;
  const progress = progressReport(total, report);
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      stillAlive();
      progress(chunk.length);
      next(null, chunk);
    },
  });
  try {
    if (!response.body) throw new Error('the answer is empty');
    await pipeline(Readable.fromWeb(response.body), count, createWriteStream(file));
  } catch (error) {
    throw new HttpFailure(address, error);
  } finally {
    done();
  }
}

/** Says how far it is, at most twice a second, and when it is there. */
function progressReport(total: number | undefined, report: Report): (bytes: number) => void {
  let [sofar, said] = [0, Date.now()];
  return (bytes) => {
    sofar += bytes;
    if (sofar !== total && Date.now() - said < 500) return;
    said = Date.now();
    report(
      total ? `${megabytes(sofar)} of ${megabytes(total)} (${Math.floor((sofar / total) * 100)} %)` : megabytes(sofar),
    );
  };
}

async function checkSum(address: string, suffix: string, archive: string, report: Report): Promise<void> {
  const published = await publishedSum(address + suffix);
  if (!published) {
    report(`no checksum is published at ${address}${suffix}`);
    return;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const actual = hash.digest('hex');
  if (actual !== published) {
    throw new Error(`${address}: wrong checksum, published is ${published}, received was ${actual}`);
  }
  report('checksum is right');
}

/** The SHA-256 that the vendor publishes; undefined only when it says that there is none (404). */
async function publishedSum(address: string): Promise<string | undefined> {
  try {
    const { response, done } = await get(address);
    const text = await response.text().finally(done);
    const sum = /^[0-9a-f]{64}/i.exec(text.trim())?.[0].toLowerCase();
    if (!sum) throw new Error(`${address}: holds no SHA-256`);
    return sum;
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return undefined;
    throw error;
  }
}

async function unpack(archive: string, folder: string, executable: string, address: string): Promise<string> {
  try {
    await extract({ file: archive, cwd: folder, strict: true, filter: (path) => basename(path) === executable });
  } catch (error) {
    throw new Error(`${address}: not a whole tar.gz: ${failureText(error)}`, { cause: error });
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = files.find((file) => file.isFile() && file.name === executable);
  if (!found) throw new Error(`${address}: the archive holds no ${executable}`);
  return join(found.parentPath, found.name);
}
