/** The inbox at the command line: a file sent, what became of it, once more; sources with their secrets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../clients/cli/captured';
import { listSources } from '../../store/feed-sources';
import { openInbox } from '../support/inbox';
import { openWorld, required, type World } from '../support/world';

let world: World;
let feeds: ReturnType<typeof openInbox>;
const folder = mkdtempSync(join(tmpdir(), 'ta-inbox-cli-'));
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  feeds = openInbox(world);
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'),
    MONGODB_URI: world.mongodbUri,
    TA_TASK_QUEUE: world.taskQueue,
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const words = join(folder, 'words.json');
writeFileSync(
  words,
  JSON.stringify({ fact: 'customsHeld', data: { declaration: 'D-1', heldAt: '2026-11-20T04:00:00.000Z' } }),
);

test('a file is sent once, listed, shown with its bytes, and replayed', async () => {
  const sent = await runCli('feed', 'send', words, '--profile', 'json', '--as', 'customs:cn', '--json');
  expect(sent).toMatchObject({ code: 0, json: [{ file: words, isRepeated: false }] });
  const [{ delivery }] = sent.json as [{ delivery: string }];
  expect((await runCli('feed', 'send', words, '--profile', 'json', '--as', 'customs:cn')).stdout).toContain(
    `was stored before as ${delivery}`,
  );
  expect((await runCli('inbox', 'show', delivery)).stdout).toContain('It has not been read yet.');
  await feeds.inbox.work();
  expect((await runCli('inbox', 'show', delivery)).stdout).toContain('feed.profile-unknown');
  expect(await runCli('inbox', 'replay', delivery, '--json')).toMatchObject({ json: { rows: 0, deliveries: 1 } });
  await feeds.inbox.work();
  const listed = await runCli('inbox', 'list', '--state', 'dead', '--json');
  expect(listed.json).toMatchObject({ rows: [{ delivery, code: 'feed.profile-unknown' }] });
  const raw = join(folder, 'raw.json');
  await runCli('inbox', 'show', delivery, '--raw', raw);
  expect(readFileSync(raw, 'utf8')).toBe(readFileSync(words, 'utf8'));
  expect((await runCli('inbox', 'show', `${delivery}.file`)).stdout).toContain('Why');
  expect(await runCli('inbox', 'count', '--json')).toMatchObject({ code: 1, json: { dead: 1, received: 0 } });
  const close = (...by: string[]) => runCli('inbox', 'close', `${delivery}.file`, '--why', 'sent again', '--as', ...by);
  expect((await close('supplier:sup-1', '--json')).code).toBe(2);
  expect((await close('platform:operator-1')).stdout).toMatch(/Closed .* by operator-1: sent again/);
  expect(await close('platform:operator-1', '--json')).toMatchObject({
    code: 1,
    json: { error: { code: 'inbox.row-not-dead' } },
  });
  expect(await runCli('inbox', 'count', '--json')).toMatchObject({ code: 0, json: { dead: 0, ignored: 1 } });
});

test('what is missing or wrong is told before anything is sent', async () => {
  const missing = join(folder, 'none.xml');
  const answers = await Promise.all([
    runCli('feed', 'send', words, '--profile', 'jason', '--json'),
    runCli('feed', 'send', words, '--profile', 'json', '--json'),
    runCli('feed', 'send', words, '--profile', 'json', '--as', 'supplier:sup-1', '--json'),
    runCli('feed', 'send', words, missing, '--profile', 'json', '--as', 'bank:citibank', '--json'),
    runCli('inbox', 'replay', '--json'),
    runCli('inbox', 'show', 'in-none', '--json'),
    runCli('source', 'rotate', 'none', '--json'),
  ]);
  const errors = answers.map(({ json }) => (json as { error: { code: string } }).error.code);
  expect(errors).toEqual([
    ...Array.from({ length: 5 }, () => 'usage.invalid'),
    'inbox.not-found',
    'feed.source-not-found',
  ]);
  expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 1, 1]);
});

test('a source gets a secret, a new one beside it for some days, and is stopped', async () => {
  const added = await runCli('source', 'add', 'cn', '--kind', 'customs', '--member', 'china-customs', '--json');
  expect(added).toMatchObject({ code: 0, json: { id: 'cn', secret: expect.stringMatching(/^whsec_/) as string } });
  expect(await runCli('source', 'add', 'cn', '--kind', 'customs', '--member', 'other', '--json')).toMatchObject({
    code: 1,
    json: { error: { code: 'feed.source-exists' } },
  });
  await runCli('source', 'rotate', 'cn', '--days', '2');
  expect((await listSources(world.store))[0]?.secrets).toMatchObject([{ until: expect.any(String) as string }, {}]);
  await runCli('source', 'stop', 'cn');
  const listed = await runCli('source', 'list');
  expect(listed.stdout).toContain('stopped');
  expect(listed.stdout).not.toContain('whsec_');
});
