/** Keys: what is sealed opens at its own place only, by the key that it names; and settings that stand in files. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyMissing, keysOrStop, newKey, readKeys, SealBroken, sealedText } from '../../config/keys';
import { keysFileOf, loadSettings } from '../../config/settings';
import { provideKeys } from '../../ops/start/own-keys';

const old = newKey('2026-05');
const now = newKey('2026-11');
const folder = mkdtempSync(join(tmpdir(), 'ta-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('sealed texts', () => {
  const keys = readKeys(`${now},${old}`);
  const sealed = keys.sealText('feedSources/bank', 'whsec_abc');

  test('opens where it was sealed, and shows nothing of what it is', () => {
    expect(sealed).toMatch(/^sealed:2026-11:/);
    expect(sealedText.safeParse(sealed).success).toBe(true);
    expect(sealed).not.toContain('abc');
    expect(keys.sealText('feedSources/bank', 'whsec_abc')).not.toBe(sealed);
    expect(keys.openText('feedSources/bank', sealed)).toBe('whsec_abc');
  });

  test('opens nowhere else, and not when a byte of it has changed', () => {
    expect(() => keys.openText('feedSources/customs', sealed)).toThrow(SealBroken);
    const at = sealed.length - 8;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => keys.openText('feedSources/bank', changed)).toThrow(SealBroken);
    expect(() => keys.openText('feedSources/bank', 'sealed:2026-11:AAAA')).toThrow(SealBroken);
    // A key seals for each purpose as if it were another key.
    const bytes = keys.seal('payload', 'x', Buffer.from('one'));
    expect(() => keys.open('secret', 'x', '2026-11', bytes)).toThrow(SealBroken);
  });

  test('after a rotation the key before still opens; without it the error names the key', () => {
    const before = readKeys(old).sealText('feedSources/bank', 'whsec_old');
    expect(keys.openText('feedSources/bank', before)).toBe('whsec_old');
    expect([keys.isFresh(before), keys.isFresh(sealed)]).toEqual([false, true]);
    expect(() => readKeys(now).openText('feedSources/bank', before)).toThrow(
      new KeyMissing(
        'This was sealed with the key 2026-05, which TA_KEYS does not have. Add that key again, after the newest one.',
      ),
    );
  });

  test('what was kept before there were keys is read as it is', () => {
    expect(keys.openText('feedSources/bank', 'whsec_plain')).toBe('whsec_plain');
  });
});

describe('reading keys', () => {
  test.each([
    ['', 'there is no key'],
    ['# only a comment', 'there is no key'],
    ['2026-11', 'key 1 must be <name>:<32 bytes in Base64>'],
    [`${now},2026-05:c2hvcnQ=`, 'key 2 must be'],
    [`a b:${now.split(':')[1] ?? ''}`, 'key 1 must be'],
    [`${now},${now}`, 'two keys have the same name'],
  ])('“%s” is refused', (text, why) => expect(() => readKeys(text)).toThrow(why));

  test('a refusal shows nothing of the keys', () => {
    const [, secret = ''] = now.split(':');
    expect(() => loadSettings({ TA_KEYS: `2026-11:${secret}x` })).toThrow(
      /^Settings are wrong\. TA_KEYS: key 1 must be[^=]*$/,
    );
  });
});

describe('settings', () => {
  test('any of ours may stand in a file; both, or a file that is not there, is refused', () => {
    const file = join(folder, 'keys.txt');
    writeFileSync(file, `# the newest first\n${now}\n${old}\n`);
    expect(loadSettings({ TA_KEYS_FILE: file }).keys?.newest).toBe('2026-11');
    const secret = join(folder, 'bank');
    writeFileSync(secret, 'bank token\n');
    expect(loadSettings({ TA_BANK_URL: 'https://bank.example', TA_BANK_SECRET_FILE: secret }).bank).toEqual({
      url: 'https://bank.example',
      secret: 'bank token',
    });
    expect(() => loadSettings({ TA_BANK_SECRET: 'x', TA_BANK_SECRET_FILE: secret })).toThrow(
      'TA_BANK_SECRET and TA_BANK_SECRET_FILE: set one of them',
    );
    expect(() => loadSettings({ TA_BANK_SECRET_FILE: join(folder, 'none') })).toThrow(
      'TA_BANK_SECRET_FILE cannot be read',
    );
  });

  test('with keys what goes to Temporal is sealed, unless told otherwise; without keys it cannot be', () => {
    expect(loadSettings({ TA_KEYS: now }).payloads).toBe('sealed');
    expect(loadSettings({ TA_KEYS: now, TA_PAYLOADS: 'plain' }).payloads).toBe('plain');
    expect(loadSettings({ TA_DATA_DIR: folder }).payloads).toBe('plain');
    expect(() => loadSettings({ TA_DATA_DIR: folder, TA_PAYLOADS: 'sealed' })).toThrow(
      'TA_PAYLOADS: sealed needs TA_KEYS',
    );
  });

  test('an installation that npm start made has a key of its own, for nobody else to read', () => {
    const dataDir = mkdtempSync(join(folder, 'data-'));
    provideKeys(dataDir);
    expect(statSync(keysFileOf(dataDir)).mode & 0o777).toBe(0o600);
    // It counts only while npm start runs: elsewhere a key must be named.
    expect(() => keysOrStop(loadSettings({ TA_DATA_DIR: dataDir }))).toThrow(/^TA_KEYS is not set/);
    const servers = { temporalAddress: '127.0.0.1:1', mongodbUri: 'mongodb://127.0.0.1:1/x' };
    writeFileSync(join(dataDir, 'servers.json'), JSON.stringify(servers));
    const { keys, payloads } = loadSettings({ TA_DATA_DIR: dataDir });
    expect([keys?.newest, payloads]).toEqual(['own', 'plain']);
    provideKeys(dataDir);
    expect(loadSettings({ TA_DATA_DIR: dataDir }).keys?.openText('x', keys?.sealText('x', 'same') ?? '')).toBe('same');
  });
});
