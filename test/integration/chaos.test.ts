/**
 * The chaos in small: real processes under a storm of orders, each killed some times, workers in the gap between a commit and its
 * record, the network cut; afterwards all of it holds. `npm run chaos` is the same for longer.
 */
import { runChaos } from '../chaos/run';

test('a storm with some kills loses nothing, doubles nothing, and leaves nothing inconsistent', async () => {
  const told: string[] = [];
  const report = await runChaos({
    ...{ seed: 7, minutes: 6, kills: 10, drivers: 6, workers: 2, apis: 1, nodes: 1, hasDisk: true, isRolling: false },
    ...{ everyMs: 1500, peaceMs: 1500, lanes: 2, isBuilt: false, tell: (line: string) => told.push(line) },
  });
  if (report.violations.length > 0) console.error(told.join('\n'));
  expect(report.violations).toEqual([]);
  expect(report.crashes).toEqual([]);
  expect(report.looked.orders).toBeGreaterThan(0);
  expect(report.workflows.running).toBe(report.workflows.open);
  expect(Object.values(report.faults.kills).reduce((sum, kills) => sum + kills, 0)).toBeGreaterThanOrEqual(10);
}, 600_000);
