/** The examples of a page of the documentation, to be run as they stand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { signalProcess } from '../../ops/servers/processes';

const root = resolve(__dirname, '../..');

/** The page's blocks of this language, in order. */
export const blocksOf = (page: string, language: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, marked, block]) =>
    marked === language && block !== undefined ? [block] : [],
  );

/** Runs blocks in one shell, which ends at the first command that fails; answers what they have printed. */
export async function runShell(blocks: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const script = ['set -euo pipefail', ...blocks].join('\n');
  const shell = spawn('bash', ['-c', script], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = shell.pid ?? 0;
  try {
    const out = text(shell.stdout);
    const err = text(shell.stderr);
    const [code] = (await once(shell, 'exit')) as [number | null];
    signalProcess(-pid, 'SIGTERM'); // what a failure left behind would keep the streams open
    const said = await out;
    if (code !== 0) throw new Error(`The page ends with ${String(code)}:\n${said}\n${await err}`);
    return said;
  } finally {
    signalProcess(-pid, 'SIGKILL');
  }
}
