/**
 * The workflow bundle: prebuilt beside the compiled product (`dist/workflow-bundle.js`), else made from source and kept
 * until a source file changes. There are two: where payloads are sealed, what failures say is made a payload, too.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = join(__dirname, '..');
const workflowModule = (name: string): string => join(root, 'workflows', `${name}${extname(__filename)}`);
const sources = workflowModule('index');

/** Payload converter of workers, in the main thread and in the bundle. */
export const payloadConverterPath = workflowModule('payload-converter');

/** Failure converter of workers whose payloads are sealed. */
export const failureConverterPath = workflowModule('failure-converter');

export type BundleKind = 'plain' | 'sealed';
/** Name of the file beside the compiled product. */
export const bundleFile = (kind: BundleKind): string =>
  kind === 'sealed' ? 'workflow-bundle-sealed.js' : 'workflow-bundle.js';

/** Bundles the workflows (about 3 s); `interceptors` are modules beside the product's own, for the bench. */
export async function makeBundle(kind: BundleKind, interceptors: readonly string[] = []): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: sources,
    payloadConverterPath,
    ...(kind === 'sealed' && { failureConverterPath }),
    workflowInterceptorModules: [...['details', 'tracing'].map(workflowModule), ...interceptors],
    preloadModules: ['stack-depth', 'shared'].map(workflowModule),
    logger: new DefaultLogger('WARN'), // webpack tells a page about every success
  });
  return code;
}

/** Path of a bundle that is up to date, made if need be and kept in `cacheDir`. */
export async function provideBundle(cacheDir: string, kind: BundleKind = 'plain'): Promise<string> {
  const prebuilt = join(root, bundleFile(kind));
  if (existsSync(prebuilt)) return prebuilt;
  const path = join(cacheDir, `${basename(bundleFile(kind), '.js')}-${fingerprint()}.js`);
  if (existsSync(path)) return path;
  const code = await makeBundle(kind);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(`${path}.${String(process.pid)}`, code);
  renameSync(`${path}.${String(process.pid)}`, path); // whole or not at all
  return path;
}

/** A hash of all that goes into the bundle. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const files = ['domain', 'workflows'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
  for (const file of [...files.sort(), join('workers', basename(__filename)), 'package-lock.json']) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}
