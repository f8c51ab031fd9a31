/**
 * Reads deliveries to rows: what is small here and now, what is large in a thread of its own, so that the process answers
 * others meanwhile. Time and memory of a thread are limited: no file, however it is made, takes the process with it.
 */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { profileOf } from './profiles';
import { rowsOf, unreadable, type ReadAs, type Reading } from './rows';

/** What a thread is given, and what it says. */
export interface Work {
  of: ReadAs;
  body: Uint8Array;
}
export type Said = Pick<Reading, 'rows'> | Pick<Reading, 'state'>;

/** What a thread may take. */
interface Limits {
  ms: number;
  megabytes: number;
}

/** Beyond so many bytes reading takes longer than others should wait. */
const aside = 256 * 1024;
/** Ten times what the largest file that is taken needs; less time than a delivery is on lease. */
const limits: Limits = { ms: 60_000, megabytes: 1024 };

/** Reads a delivery by its profile. Throws what keeps a thread from starting; the delivery is tried again then. */
export const readDelivery = (of: ReadAs, body: Uint8Array): Promise<Reading> | Reading =>
  body.byteLength <= aside ? rowsOf(of, body, profileOf(of.profile)) : readAside(of, body);

/** Reads it in a thread; `feed.too-costly` when that takes more than is given. */
export async function readAside(
  { profile, file }: ReadAs,
  body: Uint8Array,
  { ms, megabytes }: Limits = limits,
): Promise<Reading> {
  const work: Work = { of: { profile, file }, body };
  const thread = new Worker(entry, {
    eval: true,
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  const tooCostly = (what: string) =>
    unreadable('feed.too-costly', `reading it takes more than ${what}; send it in parts, and tell us of it`);
  try {
    return await new Promise((done, failed) => {
      const rows: Reading['rows'] = [];
      const timer = setTimeout(() => done(tooCostly(`${ms / 1000} s`)), ms);
      thread.on('message', (said: Said) => {
        if ('rows' in said) rows.push(...said.rows);
        else done({ state: said.state, rows });
      });
      thread.on('error', (fault: Error & { code?: string }) =>
        fault.code === 'ERR_WORKER_OUT_OF_MEMORY' ? done(tooCostly(`${megabytes} MB`)) : failed(fault),
      );
      thread.on('exit', () => {
        clearTimeout(timer);
        failed(new Error('the thread that was reading has ended'));
      });
    });
  } finally {
    await thread.terminate();
  }
}

/** Starts the thread's own file, compiled or not, wherever the process was started. */
const script = join(__dirname, `thread${extname(__filename)}`);
const entry = [
  `const load = require('node:module').createRequire(${JSON.stringify(script)});`,
  ...(script.endsWith('.ts') ? [`load('tsx/cjs/api').register();`] : []),
  `load(${JSON.stringify(script)});`,
].join('\n');
