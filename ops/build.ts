/**
 * `npm run build [-- --out folder]`: compiles the product to `dist/` in the folders of the source, and the workflows to
 * bundles beside it, so that a worker starts without compiling anything. Made aside and then put in place as a whole:
 * nothing of an earlier build stays, and a build that fails leaves the earlier one.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFile, makeBundle } from '../workers/bundle';
import { buildWeb } from './web';

const root = resolve(__dirname, '..');
/** What the compiler does not carry over. */
const fonts = 'clients/http/portal/fonts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
  const out = resolve(values.out);
  const began = performance.now();
  // Beside its destination, because only within one file system is a rename whole or nothing.
  const aside = join(dirname(out), `.${basename(out)}-new`);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    await Promise.all([compile(aside), buildWeb(join(aside, 'web', 'dist')), bundle(aside)]);
    cpSync(join(root, fonts), join(aside, fonts), { recursive: true });
    rmSync(out, { recursive: true, force: true });
    renameSync(aside, out);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  console.log(`Built ${out} in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}

async function bundle(folder: string): Promise<void> {
  for (const kind of ['plain', 'sealed'] as const)
    writeFileSync(join(folder, bundleFile(kind)), await makeBundle(kind));
}

/** TypeScript's own compiler, which checks the types as well. */
function compile(folder: string): Promise<void> {
  const tsc = require.resolve('typescript/bin/tsc');
  const args = [tsc, '--project', join(root, 'tsconfig.build.json'), '--outDir', folder];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error('The compiler found faults (see above).'))));
  });
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
});
