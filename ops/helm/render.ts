/**
 * `npm run helm`: checks the chart with Helm (4 or 3, on PATH or in HELM) and writes what it makes of `example-values.yaml` to
 * `rendered.yaml`, under a hash of what it was made from. Tests read that file, so that they need no Helm.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname);
export const rendered = join(folder, 'rendered.yaml');
const chart = join(folder, 'trade-assurance');
const values = join(folder, 'example-values.yaml');
/** Without a cluster Helm must be told which Kubernetes it renders for. */
const kubernetes = '1.33.0';

const filesIn = (path: string): string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path)
        .sort()
        .flatMap((name) => filesIn(join(path, name)));

/** A hash of everything that the rendered file follows from. */
export function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of [...filesIn(chart), values])
    hash.update(`${file.slice(folder.length)}\0${readFileSync(file, 'utf8')}\0`);
  return hash.digest('hex');
}

/** The first line of the rendered file. */
export const headOf = (hash: string): string => `# Made by \`npm run helm\` from the chart ${hash}. Do not edit.`;

function main(): void {
  const helm = (...args: string[]) =>
    execFileSync(process.env.HELM ?? 'helm', [...args, chart, '--values', values, '--kube-version', kubernetes], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  process.stdout.write(helm('lint', '--strict'));
  const made = helm('template', 'ta').replaceAll(/[ \t]+$/gm, '');
  writeFileSync(rendered, `${headOf(sourceHash())}\n${made}`);
  console.log(`Wrote ${rendered}`);
}

if (require.main === module) main();
