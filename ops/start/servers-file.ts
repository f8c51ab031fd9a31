/** `servers.json` in the data folder: where the servers are while `npm start` runs, for the CLI and the worker. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { serversFile } from '../../config/settings';
import type { RunningServers } from '../servers';

const pathOf = (dataDir: string): string => join(dataDir, 'servers.json');

export interface Beside extends Pick<z.infer<typeof serversFile>, 'apiUrl'> {
  partners?: { cardUrl: string; bankUrl: string } | undefined;
  payloads: 'plain' | 'sealed';
}

export function writeServersFile(
  dataDir: string,
  { temporal, mongodb }: RunningServers,
  { partners, apiUrl, payloads }: Beside,
): void {
  const content: z.infer<typeof serversFile> = {
    temporalAddress: temporal.address,
    ...(temporal.uiUrl !== undefined && { temporalUi: temporal.uiUrl }),
    mongodbUri: mongodb.uri,
    webhooksToPrivate: true,
    ...(partners && { cardUrl: partners.cardUrl, bankUrl: partners.bankUrl }),
    ...(apiUrl !== undefined && { apiUrl }),
    payloads,
  };
  const aside = `${pathOf(dataDir)}.${String(process.pid)}`;
  // The address of a MongoDB that the environment names may hold a password.
  writeFileSync(aside, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, pathOf(dataDir)); // whole or not at all
}

export function removeServersFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}
