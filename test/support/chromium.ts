/** Chromium for the browser tests: where `CHROMIUM_PATH` says, on PATH, at the usual places; else installed, where that is allowed. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const places = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function found(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which cannot be executed.`);
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isExecutable);
}

/** Path of a Chromium. On Debian, as root, it is installed where there is none. Throws with what to do. */
export function provideChromium(): string {
  const there = found();
  if (there !== undefined) return there;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    process.stderr.write('Installing Chromium for the browser tests (apt-get) …\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    // A mirror that does not answer once is no reason to fail; without apt-get there is nothing to install with.
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-o', 'Acquire::Retries=3', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
    const installed = found();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'The browser tests need Chromium, and none was found: install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), or name one in CHROMIUM_PATH.',
  );
}
