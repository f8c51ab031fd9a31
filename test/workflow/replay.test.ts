/** Code that changes must still tell the story of orders that are under way: recorded histories are replayed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { payloadConverterPath } from '../../workers/bundle';
import { quiet, required } from '../support/world';

beforeAll(quiet);

const folder = join(__dirname, '..', 'histories');
const recorded = readdirSync(folder).filter((file) => file.endsWith('.json'));

const replay = (file: string, codePath: string) =>
  Worker.runReplayHistory(
    { workflowBundle: { codePath }, dataConverter: { payloadConverterPath } },
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );

describe('recorded histories', () => {
  it.each(recorded)('%s is told the same by today’s code', async (file) => {
    await replay(file, required('TEST_BUNDLE'));
  });

  it('are not told the same by code that does something else: the gate holds', async () => {
    const code = readFileSync(required('TEST_BUNDLE'), 'utf8');
    const changed = code.replace(
      'stored = await commit(',
      'stored = await (globalThis.setTimeout(() => 0, 5), commit)(',
    );
    expect(changed === code).toBe(false);
    const path = join(tmpdir(), `changed-bundle-${String(process.pid)}.js`);
    writeFileSync(path, changed);
    await expect(replay('main-road.json', path)).rejects.toThrow(DeterminismViolationError);
  });
});
