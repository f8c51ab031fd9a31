/** Reads one delivery, in a thread of its own: what is in it goes to the process that began it, so many rows at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { profileOf } from './profiles';
import type { Said, Work } from './reader';
import { rowsOf } from './rows';

/** So many at once are taken up in a few milliseconds. */
const atOnce = 500;

const say = (said: Said): void => parentPort?.postMessage(said);

const { of, body } = workerData as Work;
const { state, rows } = rowsOf(of, body, profileOf(of.profile));
for (let from = 0; from < rows.length; from += atOnce) say({ rows: rows.slice(from, from + atOnce) });
say({ state });
