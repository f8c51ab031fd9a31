/**
 * Builds the portal (`web/`) to `web/dist` with Vite: scripts and styles with a hash in their names, compressed beforehand. Kept
 * until a source file changes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { noncePlaceholder } from '../clients/http/portal/nonce';

const root = resolve(__dirname, '..');
/** What goes into the portal. */
const sources = ['web', 'domain', 'seeds/policies'];

/** Builds the portal into a folder, and leaves there what was built from. */
export async function buildWeb(out: string): Promise<void> {
  const { build } = await import('vite');
  const aside = `${out}-${String(process.pid)}`;
  await build({
    root: join(root, 'web'),
    configFile: false,
    logLevel: 'error',
    html: { cspNonce: noncePlaceholder },
    build: {
      outDir: aside,
      emptyOutDir: true,
      target: 'es2022',
      // Nothing is put into the page itself: its policy would not let it in.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  const assets = join(aside, 'assets');
  for (const name of readdirSync(assets)) if (/\.(js|css|svg)$/.test(name)) compress(join(assets, name));
  writeFileSync(join(aside, '.built-from'), fingerprint());
  rmSync(out, { recursive: true, force: true });
  renameSync(aside, out);
}

/** Builds the portal where that is needed; answers whether it was. */
export async function provideWeb(): Promise<boolean> {
  const out = join(root, 'web', 'dist');
  const stamp = join(out, '.built-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return false;
  await buildWeb(out);
  return true;
}

function compress(file: string): void {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: quality }));
}

/** A hash of all that goes into the portal. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const files = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(join('web', 'dist')))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files, join(root, 'package-lock.json'), __filename, join(root, 'package.json')].filter(existsSync);
  for (const file of all.sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

if (require.main === module)
  provideWeb().then(
    (isNew) => console.log(isNew ? 'The portal is built.' : 'The portal is up to date.'),
    (fault: unknown) => {
      console.error(fault);
      process.exitCode = 1;
    },
  );
