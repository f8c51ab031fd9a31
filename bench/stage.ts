/** What every scenario stands on: servers of its own, a signal that breaks it off, and an orderly end of all that was opened. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { InvalidArgumentError } from 'commander';
import { registerSearchAttributes } from '../ops/search-attributes';
import { startServers, type RunningServers } from '../ops/servers';

/** The checkout that the bench runs from. */
export const root = resolve(__dirname, '..');

export interface Stage {
  servers: RunningServers;
  /** Knows the product's search attributes. */
  temporal: Client;
  /** A folder that is removed at the end. */
  dataDir: string;
  /** Closes something at the end, before what was opened before it. */
  atEnd: (close: () => Promise<unknown>) => void;
}

/** Somebody wants it to end. */
class BrokenOff extends Error {}

/** Runs a scenario on servers of its own, and ends the process with 1 when it fails, with 130 when it is broken off. */
export function onStage(play: (stage: Stage) => Promise<void>): void {
  withStage(play).catch((fault: unknown) => {
    console.error(fault instanceof BrokenOff ? fault.message : fault);
    // Calls under way may still wait.
    process.exit(fault instanceof BrokenOff ? 130 : 1);
  });
}

async function withStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const opened: (() => Promise<unknown>)[] = [];
  const breakOff = new AbortController();
  const broken = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        breakOff.abort();
        reject(new BrokenOff(`Broken off (${signal}).`));
      });
  });
  const go = async () => play(await openStage(opened, breakOff.signal));
  try {
    await Promise.race([go(), broken]);
  } finally {
    // Workers, then servers, then their data.
    for (const close of opened.toReversed()) await close();
  }
}

async function openStage(opened: (() => Promise<unknown>)[], signal: AbortSignal): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-bench-'));
  opened.push(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const starting = startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true, signal });
  opened.push(async () => {
    const servers = await starting.catch(() => undefined); // it has stopped what it had begun
    await servers?.stop();
  });
  const servers = await starting;
  const connection = await Connection.connect({ address: servers.temporal.address });
  opened.push(() => connection.close());
  await registerSearchAttributes(connection, 'default');
  return {
    servers,
    temporal: new Client({ connection }),
    dataDir,
    atEnd: (close) => opened.push(close),
  };
}

/** One JSON line for programs, on stdout. */
export const print = (line: object): unknown => process.stdout.write(`${JSON.stringify(line)}\n`);

/** A line for people, on stderr. */
export const tell = (line: string): unknown => process.stderr.write(`${line}\n`);

/** For commander: a whole number. */
export const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
};

/** For commander: a whole number from 1 on. */
export const atLeastOne = (text: string): number => {
  if (count(text) === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count(text);
};
