/** Ends the servers of the integration tests. */
import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  await globalThis.testServers?.running.stop();
  if (globalThis.testServers) await rm(globalThis.testServers.dataDir, { recursive: true, force: true });
}
