/**
 * What the random walks reach, without which their properties would say little: both schemes, every status, every message
 * with a meaning, repetitions and delays; and how many of them CI plays.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageNames } from '../../domain/messages';
import { orderStatus } from '../../domain/order';
import { schemeName } from '../../domain/scheme';
import { isTaken, onWalks, walks } from '../support/arbitraries';
import { sequences } from '../support/sequences';

test('the walks come to every status of both schemes, and every message is taken', () => {
  const reached = new Set<string>();
  onWalks(walks(), sequences.reach, (_, step) => {
    if (!isTaken(step)) return;
    reached.add(step.post.name);
    if (step.deal.order) reached.add(`${step.deal.scheme} ${step.deal.order.status}`);
  });
  // It takes a supplier that has withdrawn all, loses a complaint beyond the guarantee, and sells again: `awards.test.ts`.
  const rare = 'collectAward';
  expect(messageNames.filter((name) => !reached.has(name) && name !== rare)).toEqual([]);
  // Each scheme asks the buyer in its own way, and one alone waits for an activation.
  const foreign = [
    'trade-assurance awaiting-receipt',
    'secure-payment awaiting-answer',
    'secure-payment awaiting-activation',
  ];
  const all = schemeName.options.flatMap((scheme) => orderStatus.options.map((status) => `${scheme} ${status}`));
  expect(all.filter((one) => !reached.has(one))).toEqual(all.filter((one) => foreign.includes(one)));
});

test('CI plays ten thousand random sequences at least, each number of them in one property', () => {
  const counts = Object.values<number>(sequences);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(10_000);
  const tests = readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .join('\n');
  for (const name of Object.keys(sequences)) expect(tests.split(`sequences.${name}`)).toHaveLength(2);
});
