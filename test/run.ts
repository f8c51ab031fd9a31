/**
 * Everything that CI runs, in stages, each with its time: `npm test`. `npm test -- unit lint` runs only those stages.
 * A stage that fails does not stop the others; the end says which failed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { styleText } from 'node:util';

const bin = (name: string): string => join('node_modules', '.bin', name);
const folders = [
  'activities',
  'bench',
  'clients',
  'config',
  'domain',
  'ops',
  'partners',
  'relay',
  'sandbox',
  'seeds',
  'store',
  'test',
  'web',
  'workers',
  'workflows',
];
const jest = (project: string, ...more: string[]) => [bin('jest'), '--selectProjects', project, ...more];

/** Name, command, and what it is for. Cheap ones first. */
const stages: readonly { name: string; command: string[]; says: string }[] = [
  { name: 'types', command: [bin('tsc')], says: 'strict types' },
  { name: 'types-web', command: [bin('tsc'), '--project', 'web'], says: 'strict types of the portal' },
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'], says: 'formatting' },
  {
    name: 'lint',
    command: [bin('eslint'), '--max-warnings', '0', ...folders],
    says: 'promises, sandbox rules, strict TypeScript',
  },
  {
    name: 'imports',
    command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', ...folders],
    says: 'imports point one way',
  },
  { name: 'unused', command: [bin('knip')], says: 'no unused files, exports and dependencies' },
  { name: 'unit', command: jest('unit'), says: 'the pure domain, with properties' },
  { name: 'workflow', command: jest('workflow'), says: 'the workflow on the time-skipping server' },
  // One file at a time but for one: each starts workers of its own, and two cores are soon full.
  { name: 'integration', command: jest('integration', '--maxWorkers', '2'), says: 'real Temporal, real MongoDB' },
  { name: 'browser', command: jest('browser', '--maxWorkers', '1'), says: 'the portal in Chromium' },
];

function run([program = '', ...args]: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '' } });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0)
    throw new Error(`No such stage: ${unknown.join(', ')}. There are: ${stages.map(({ name }) => name).join(', ')}.`);
  const results: { name: string; seconds: number; code: number }[] = [];
  for (const { name, command, says } of stages) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(styleText('bold', `\n▶ ${name}: ${says}`));
    const began = performance.now();
    const code = await run(command);
    results.push({ name, code, seconds: (performance.now() - began) / 1000 });
  }
  console.log('');
  for (const { name, seconds, code } of results) {
    const mark = code === 0 ? styleText('green', '✔') : styleText('red', '✘');
    console.log(`${mark} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
  }
  const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const failed = results.filter(({ code }) => code !== 0);
  console.log(`  ${'in all'.padEnd(12)} ${total.toFixed(1).padStart(6)} s`);
  if (failed.length > 0) {
    console.error(`Failed: ${failed.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
  }
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 2;
});
