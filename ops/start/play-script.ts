/** `npm run demo -- --story NAME`: plays a scripted story and tells it, step by step; waits of days are skipped, and said so. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { playStory, type Told } from '../../seeds/play-story';
import { hasWaits, readStory, storyNames } from '../../seeds/story';
import { trialBalance } from '../../store/ledger';
import { provideBundle } from '../../workers/bundle';
import { provideBinary } from '../servers';
import { good, quiet, say, strong } from './screen';
import { openStage } from './stage';
import { Story } from './story';

/** The names of all stories with what they tell, for `--story list`. */
export function tellStories(): void {
  const names = storyNames();
  const width = Math.max(...names.map((name) => name.length));
  names.forEach((name) => say(`  ${strong(name.padEnd(width))}  ${readStory(name).title}`));
}

/** Plays the story of this name on a stage of its own beside the MongoDB that runs. Throws when it does not come out as told. */
export async function playScript(name: string, mongodbUri: string, dataDir: string): Promise<void> {
  if (!storyNames().includes(name))
    throw new Error(`There is no story ${JSON.stringify(name)}. There are: ${storyNames().join(', ')}.`);
  const script = readStory(name);
  const [{ path: testServer }, bundle] = await Promise.all([
    provideBinary('temporal-test-server'),
    provideBundle(join(dataDir, 'cache')),
  ]);
  const stage = await openStage({ mongodbUri, database: `story_${randomUUID().slice(0, 8)}`, testServer, bundle });
  try {
    say(`\n${strong(script.title)} ${quiet(`(${script.rules.join(', ')})`)}`);
    say(
      quiet(`Played on a Temporal server that can skip time${hasWaits(script) ? ': days go by in a moment' : ''}.\n`),
    );
    const stories = new Map<string, Story>();
    for await (const told of playStory(stage, script, name)) await tellStep(stage.ta, told, stories);
    for (const story of stories.values()) await story.tell();
    const sums = await trialBalance(stage.ta.options.store);
    if (sums.some(({ sum }) => sum !== 0)) throw new Error(`The books do not balance: ${JSON.stringify(sums)}`);
    say(good(`It came out as told, and the books balance over ${String(sums[0]?.accounts ?? 0)} accounts.`));
  } finally {
    await stage.close();
  }
}

async function tellStep(ta: Story['ta'], { step, order, said }: Told, stories: Map<string, Story>): Promise<void> {
  if ('wait' in step) say(quiet(`   … ${said ?? ''} (skipped)`));
  if (step.note !== undefined) say(quiet(`   ${step.note}`));
  if (order !== undefined) {
    const story = stories.get(order) ?? new Story(ta, order, null);
    stories.set(order, story);
    await story.tell();
  }
  if (said !== undefined && !('wait' in step)) say(`   ${said}\n`);
}
