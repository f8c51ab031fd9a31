/**
 * The entry of every npm script: `node ops/run.cjs ops/start.ts --demo`. Checks Node, installs the dependencies when
 * they are missing or stale, then runs the TypeScript file in this very process: a wrapper process would not pass
 * signals on, and would leave orphans. Plain CommonJS without dependencies, in old syntax, so that an old Node reaches
 * the check. Everything is said on stderr: stdout belongs to the script (`ta … --json`).
 */
'use strict';
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const stampFile = path.join(root, 'node_modules', '.trade-assurance-stamp');
const lockDir = path.join(root, '.data', 'install.lock');
const lockOwner = path.join(lockDir, 'pid');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node ${process.versions.node} is too old: Trade Assurance needs Node 20.19 or later (https://nodejs.org).`);
}

/** What decides the content of node_modules; a changed script or version in package.json costs no installation. */
function wantedStamp() {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const parts = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].map((key) => manifest[key]);
  const lockFile = path.join(root, 'package-lock.json');
  const lock = fs.existsSync(lockFile) ? fs.readFileSync(lockFile, 'utf8') : '';
  return createHash('sha256').update(JSON.stringify(parts)).update(lock).digest('hex');
}

function isInstalled() {
  return fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === wantedStamp();
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True when the holder of the lock has died; one that has not yet written its pid gets 5 s for it. */
function isLockStale() {
  try {
    if (fs.existsSync(lockOwner)) return !isAlive(Number(fs.readFileSync(lockOwner, 'utf8')));
    return Date.now() - fs.statSync(lockDir).mtimeMs > 5000;
  } catch {
    return false; // released in this moment: the caller simply tries again
  }
}

function takeLock() {
  fs.mkdirSync(path.dirname(lockDir), { recursive: true });
  for (let said = false; ; sleep(200)) {
    try {
      fs.mkdirSync(lockDir);
      fs.writeFileSync(lockOwner, String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isLockStale()) {
      fs.rmSync(lockDir, { recursive: true, force: true });
    } else if (!said) {
      said = true;
      process.stderr.write('Another process is installing the dependencies; waiting for it …\n');
    }
  }
}

/** `npm install`, not `npm ci`: the latter fails where a registry lacks the binaries of other platforms. */
function npmInstall() {
  const started = Date.now();
  process.stderr.write('Installing dependencies (npm install) …\n');
  fs.rmSync(stampFile, { force: true }); // an interrupted installation must not look whole
  const args = ['install', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const npm = process.env.npm_execpath;
  const result =
    npm && npm.endsWith('npm-cli.js')
      ? spawnSync(process.execPath, [npm].concat(args), options)
      : spawnSync('npm', args, Object.assign({ shell: process.platform === 'win32' }, options));
  if (result.error) fail(`npm cannot be run: ${result.error.message}`);
  if (result.status !== 0) fail('npm install failed (see above). Mend that, or run it by hand, and start again.');
  fs.writeFileSync(stampFile, wantedStamp()); // again, as npm may have completed the lock file
  process.stderr.write(`Dependencies installed in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
}

function ensureDependencies() {
  if (isInstalled()) return;
  takeLock();
  const release = () => fs.rmSync(lockDir, { recursive: true, force: true });
  process.once('exit', release); // `fail` ends the process from within
  if (!isInstalled()) npmInstall(); // the process waited for may have done it
  process.removeListener('exit', release);
  release();
}

function runScript(script, args) {
  const file = path.resolve(root, script);
  if (!fs.existsSync(file)) fail(`There is no ${script}.`);
  process.argv = [process.argv[0], file].concat(args);
  require('tsx/cjs/api').register();
  Module._load(file, null, true); // as `require`, but the script is `require.main`
}

checkNode();
const [script, ...args] = process.argv.slice(2);
if (!script) fail('Usage: node ops/run.cjs <script.ts> [arguments]');
ensureDependencies();
runScript(script, args);
