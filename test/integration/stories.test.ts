/**
 * Every scripted story is played, from its first message to its last, on a Temporal server that skips time, with MongoDB
 * and the sandbox of card processor and bank; and each leaves books that balance.
 */
import { randomUUID } from 'node:crypto';
import { balanceDifferences, trialBalance } from '../../store/ledger';
import { rebuild } from '../../store/read';
import { openStore } from '../../store/store';
import { openStage } from '../../ops/start/stage';
import { playStory } from '../../seeds/play-story';
import { readStory, storyNames } from '../../seeds/story';
import { required } from '../support/world';

test.each(storyNames())('%s', async (name) => {
  const database = `story_${randomUUID().slice(0, 8)}`;
  const stage = await openStage({
    mongodbUri: required('TEST_MONGODB_URI'),
    database,
    testServer: required('TEST_SERVER_BINARY'),
    bundle: required('TEST_BUNDLE'),
  });
  try {
    const script = readStory(name);
    let played = 0;
    for await (const _told of playStory(stage, script, name)) played += 1;
    expect(played).toBe(script.steps.length);
    const { store } = stage.ta.options;
    for (const { sum } of await trialBalance(store)) expect(sum).toBe(0);
    expect(await balanceDifferences(store)).toEqual([]);
    expect(await rebuild(store, { check: true })).toMatchObject({ differing: [] });
  } finally {
    await stage.close();
  }
  expect((await databases()).filter((left) => left.startsWith(database))).toEqual([]);
});

/** The databases of the test's MongoDB. */
async function databases(): Promise<string[]> {
  const store = await openStore(required('TEST_MONGODB_URI'));
  try {
    const { databases: all } = await store.connection.listDatabases();
    return all.map(({ name }) => name);
  } finally {
    await store.close();
  }
}
