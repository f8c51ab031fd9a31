/** Large files are read in a thread of their own, to the same rows; none takes more time or memory than it is given. */
import { readAside, readDelivery } from '../../clients/feeds/reader';
import { debits } from '../support/feeds';

const of = { profile: 'camt.053', file: 'large.xml' };

test('a large file is read aside, to the rows that it would have been read to here', async () => {
  const large = debits(300 * 1024);
  const read = readDelivery(of, large);
  expect(read).toBeInstanceOf(Promise);
  const { state, rows } = await read;
  expect([state, rows.length > 900]).toEqual(['read', true]);
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, index) => index));
  const small = readDelivery(of, debits(1024));
  if (small instanceof Promise) throw new Error('a small file is read here');
  expect(rows.slice(0, small.rows.length)).toEqual(small.rows);
});

test('what is wrong with it is told as it would be here', async () => {
  const broken = Buffer.concat([debits(300 * 1024), Buffer.from('<')]);
  expect(await readDelivery(of, broken)).toMatchObject({ state: 'unreadable', rows: [{ code: 'xml.malformed' }] });
  const unknown = await readAside({ ...of, profile: 'none' }, Buffer.from('x'));
  expect(unknown).toMatchObject({ state: 'unreadable', rows: [{ code: 'feed.profile-unknown' }] });
});

test('a file that was cut off within a tag says so', async () => {
  const { rows } = await readAside(of, debits(1024).subarray(0, 700));
  expect(rows).toMatchObject([
    { code: 'xml.malformed', why: expect.stringMatching(/the file ends (within|before)/) as string },
  ]);
  const within = Buffer.from('<Document><BkToCstmrStmt><Stmt><Ntry><Amt Cc');
  expect((await readAside(of, within)).rows[0]?.why).toMatch(/the file ends within a tag \(at line 1, column \d+\)/);
});

test.each([
  ['time', { ms: 1, megabytes: 1024 }],
  ['memory', { ms: 60_000, megabytes: 24 }],
])('one that takes more %s than it is given is told of, and takes nobody with it', async (_, limits) => {
  const { state, rows } = await readAside(of, debits(4 * 1024 * 1024), limits);
  expect([state, rows]).toMatchObject(['unreadable', [{ index: -1, state: 'dead', code: 'feed.too-costly' }]]);
});
