/**
 * Does an executable run on this machine, and is it new enough? A file of the right name is no proof: it may be built
 * for another machine, or lack a library.
 */
import { execFile } from 'node:child_process';
import type { ServerEntry } from './catalogue';
import { failureText } from './text';

/** Resolves when `path` runs and will do; throws with the reason otherwise. */
export async function probe(entry: ServerEntry, path: string): Promise<void> {
  const answer = entry.probe.answers.exec(await output(path, entry.probe.args));
  if (!answer) throw new Error(`${path} is not the ${entry.title}: it does not answer as that would`);
  if (!entry.minimum) return;
  const [major, minor] = [Number(answer[1]), Number(answer[2])];
  if (major > entry.minimum[0] || (major === entry.minimum[0] && minor >= entry.minimum[1])) return;
  throw new Error(`${path} is version ${major}.${minor}, but at least ${entry.minimum.join('.')} is needed`);
}

/** All that the command prints; exit codes are left to the reader of the output. */
function output(path: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error && !stdout) reject(new Error(`${path} cannot run: ${lastLine(stderr) || failureText(error)}`));
      else resolve(stdout + stderr);
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
