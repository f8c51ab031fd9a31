/** What is computed of scaling follows from what the bench has measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bottlenecks, measured, needOf } from '../../ops/scaling';

const bench = readFileSync(join(__dirname, '../../docs/reference/bench.md'), 'utf8');
const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

test('the figures of an order are those of the bench’s page', () => {
  const [, server, worker, mongod, events, bytes] =
    /\| main road +\| [\d.]+ +\| \d+ \((\d+) \+ (\d+) \+ (\d+)\) +\| ([\d.]+) +\| ([\d,]+)/.exec(bench) ?? [];
  expect(measured).toMatchObject({
    cpuMs: { server: number(server), worker: number(worker), mongod: number(mongod) },
    eventsPerMessage: number(events),
    historyBytesPerMessage: number(bytes),
  });
  const [, commands] = /(\d+) commands an order/.exec(bench) ?? [];
  const [, commits] = /journal, projection and outbox, (\d+) commit/.exec(bench) ?? [];
  expect([measured.mongodbCommands, measured.mongodbCommits]).toEqual([number(commands), number(commits)]);
  const [, transitions, documents, indexes] =
    /left behind (\d+) state transitions,\s([\d,]+) bytes of documents and ([\d,]+) of indexes/.exec(bench) ?? [];
  expect([measured.stateTransitions, measured.documentBytes, measured.indexBytes]).toEqual(
    [transitions, documents, indexes].map(number),
  );
});

test('a hundred times the orders need a hundred times the CPU, writes and bytes', () => {
  const [one, many] = [needOf(1), needOf(100)];
  expect(many.transitions).toBe(100 * one.transitions);
  expect(many.cores.worker).toBeCloseTo(100 * one.cores.worker, 6);
  expect(many.historyBytes).toBe(100 * one.historyBytes);
  // Shards are a power of two, and never less than a new cluster should have.
  expect([one, many, needOf(10_000)].map(({ historyShards }) => historyShards)).toEqual([512, 512, expect.any(Number)]);
  expect(Math.log2(needOf(10_000).historyShards) % 1).toBe(0);
});

test('the first bottleneck is what has the greatest share, and a machine is full at 1', () => {
  for (const rate of [1, 100, 10_000]) {
    const shares = bottlenecks(rate).map(([, share]) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares).toHaveLength(4);
  }
  const [first, share] = bottlenecks(100)[0] ?? ['', NaN];
  expect(bottlenecks(100 / share)[0]).toEqual([first, expect.closeTo(1, 6)]);
});
