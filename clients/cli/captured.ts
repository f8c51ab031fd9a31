/** A run of the CLI inside this process, with what it says captured: for tests. */
import { run } from './program';
import type { Io } from './io';

/** Streams and clock of one run. */
export function testIo(stdin: string | Uint8Array = ''): { io: Io; said: () => { stdout: string; stderr: string } } {
  const said = { stdout: '', stderr: '' };
  const io: Io = {
    out: (text) => (said.stdout += text),
    err: (text) => (said.stderr += text),
    stdin: () => Promise.resolve(Buffer.from(stdin).toString()),
    bytes: (most) => Promise.resolve(Buffer.from(stdin).subarray(0, most)),
    color: false,
    now: () => new Date().toISOString(),
    verbose: false,
  };
  return { io, said: () => said };
}

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  /** The document on stdout, with `--json`. */
  json: unknown;
}

export const runCli = (...args: string[]): Promise<CliResult> => runCliWith('', ...args);

/** `ta` with this standard input. */
export async function runCliWith(stdin: string | Uint8Array, ...args: string[]): Promise<CliResult> {
  const { io, said } = testIo(stdin);
  const code = await run(args, io);
  const { stdout, stderr } = said();
  return { code, stdout, stderr, json: args.includes('--json') ? JSON.parse(stdout) : undefined };
}
