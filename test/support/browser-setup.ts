/** Once for all browser tests: the servers of the integration tests, the portal as it is built, and Chromium. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { provideChromium } from './chromium';
import setUpServers from './integration-setup';

export default async function setUp(): Promise<void> {
  process.env.TEST_CHROMIUM = provideChromium();
  const root = resolve(__dirname, '../..');
  const built = spawnSync(process.execPath, ['ops/run.cjs', 'ops/web.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 2],
  });
  if (built.status !== 0) throw new Error('The portal could not be built (see above).');
  await setUpServers();
}
