/** The key of an installation that `npm start` makes: in its data folder, for nobody else to read. */
import { existsSync, writeFileSync } from 'node:fs';
import { newKey } from '../../config/keys';
import { keysFileOf } from '../../config/settings';

/** Makes the key when there is none; the data beside it can be read with no other. */
export function provideKeys(dataDir: string): void {
  const file = keysFileOf(dataDir);
  if (!existsSync(file)) writeFileSync(file, `${newKey('own')}\n`, { mode: 0o600, flag: 'wx' });
}
