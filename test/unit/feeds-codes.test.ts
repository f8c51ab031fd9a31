/** The lists of customs' codes as data: each with its source, each read by a profile, none that releases by mistake (R32). */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeLists, codeOf, words, type CodeList } from '../../clients/feeds/customs/code-list';
import { profileNames } from '../../clients/feeds/profiles';

const lists: [string, CodeList][] = Object.entries(codeLists);
const meaning = (means: string): string[] =>
  lists.flatMap(([name, { codes }]) =>
    Object.entries(codes).flatMap(([code, entry]) => (entry.means === means ? [`${name} ${code}`] : [])),
  );

describe('lists of codes', () => {
  test('every file is a list, and every list is read by a profile', () => {
    const folder = join(__dirname, '../../clients/feeds/customs/codes');
    const files = readdirSync(folder).map((file) => file.replace('.json', ''));
    expect(files.sort()).toEqual(Object.keys(codeLists).sort());
    for (const [, { profile, source }] of lists) {
      expect(profileNames).toContain(profile);
      expect(source).toMatch(/UNECE|CBSA|SARS|GACC|WCO/);
    }
  });

  test('a file says a code once: JSON would keep the last of two', () => {
    const folder = join(__dirname, '../../clients/feeds/customs/codes');
    for (const [name, { codes }] of lists) {
      const text = readFileSync(join(folder, `${name}.json`), 'utf8');
      expect([name, text.match(/"means"/g)?.length]).toEqual([name, Object.keys(codes).length]);
    }
  });

  test('R32: what releases goods is told here, code by code: nothing else does', () => {
    expect(meaning('released').sort()).toEqual(
      [
        'unece-7365 4',
        'ca-rns 23',
        'ca-rns 4',
        'za-sars 1',
        'cn-single-window F',
        'cn-single-window I',
        'cn-single-window K',
        'cn-single-window P',
        'wco-res 08',
        'wco-res 09',
        'cn-ceb 800',
      ].sort(),
    );
    expect(meaning('revoked')).toEqual(['cn-single-window D']);
    expect(meaning('cancelled').sort()).toEqual(['cn-ceb-cancel 399', 'cn-single-window A', 'wco-res 10']);
    expect(meaning('after-release').sort()).toEqual(['cn-ceb 899', 'cn-single-window R', 'wco-res 16', 'wco-res 18']);
    for (const word of words) expect(meaning(word)).not.toEqual([]);
  });

  test('a code is what it is: no names of objects, no bare minus', () => {
    for (const code of ['toString', '__proto__', '-', '', ' 800'])
      expect(codeOf(codeLists['cn-ceb'], code)).toBeUndefined();
    expect(codeOf(codeLists['cn-ceb'], '-17')?.means).toBe('returned');
  });
});
