/** The commands of a supplier's credit: how its limit came about, what it has earned beside it, and whether the record is sound. */
import type { Command } from 'commander';
import { explainLines, type CreditEntry } from '../../domain/credit';
import { format } from '../../domain/money';
import type { PointsDifference } from '../../domain/points';
import { refuse } from '../../domain/refusal';
import type { CreditReplay } from '../../store/credit-replay';
import type { Rewards } from '../../store/rewards';
import { withBooks, type Books } from './connect';
import { exitCodes, refused, wrongUsage } from './faults';
import { moment } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, fields, section, signed, table, time, type Paint } from './text';

export function creditCommands(program: Command, add: Add, action: Action): void {
  const credit = group(program, 'credit', 'Credit of suppliers: explain, replay');
  const when = 'as of an instant, or of the end of a date in China (default: now)';
  add(credit, {
    call: 'explain <supplier>',
    says: 'Explain a supplier’s credit limit line by line (R1, R3, R11), with its points, labels and ranking factor (R36–R39)',
    examples: ['credit explain sup-ningbo-lighting', 'credit explain sup-ningbo-lighting --at 2026-04-01'],
  })
    .option('--at <instant>', when, moment)
    .action((supplier: string, { at }: { at?: string }) => action((io) => explain(supplier, at, io)));
  add(credit, {
    call: 'replay <supplier>',
    says: 'Recompute a supplier’s limit, points and standing from its entries; ends with 1 on a difference (R1, R36)',
    examples: ['credit replay sup-ningbo-lighting', 'credit replay sup-ningbo-lighting --json'],
  })
    .option('--at <instant>', when, moment)
    .action((supplier: string, { at }: { at?: string }) => action((io) => replay(supplier, at, io)));
}

/** Runs `work` for a supplier that there is, at an instant at which its limit can be worked out. */
const ofSupplier = <T>(supplier: string, work: (books: Books) => Promise<T>): Promise<T> =>
  withBooks(async (books) => {
    if (!(await books.findMember(books.store, supplier))) throw refused(refuse('member.not-found', supplier));
    return work(books).catch(noPolicy);
  });

function noPolicy(fault: unknown): never {
  if (fault instanceof RangeError) throw wrongUsage('The limit cannot be worked out at that instant.', fault.message);
  throw fault;
}

// --- explain

async function explain(supplier: string, at: string | undefined, io: Io): Promise<Output> {
  const asOf = at ?? io.now();
  const { replayed, rewards, owed, entries } = await ofSupplier(supplier, async ({ store, ...books }) => {
    const replayed = await books.replayCredit(store, supplier, asOf);
    const rewards = await books.rewardsOf(store, supplier, replayed.limit);
    const all = await books.entriesOf(store, supplier);
    const owed = await books.debtsOf(store, supplier);
    return { replayed, rewards, owed, entries: all.filter((entry) => Date.parse(entry.at) <= Date.parse(asOf)) };
  });
  const { limit, differences, points } = replayed;
  return {
    json: { supplier, ...limit, owed, rewards, entries, differences, pointsDifferences: points },
    lines: (paint) => [
      ...explainLines(limit).map((line, i) => (i === 0 ? paint('bold', line) : `  ${line}`)),
      ...owed.map(
        (debt) => `  ${paint('red', `Owed to the platform: ${format(debt)}`)}; nothing is paid out before it is repaid`,
      ),
      ...section('Beside the limit', rewardLines(rewards, paint), paint),
      ...section('Entries', entryLines(entries, paint), paint),
      '',
      ...verdict(replayed, paint),
    ],
    exitCode: isSound(replayed) ? exitCodes.ok : exitCodes.refused,
  };
}

const rewardLines = ({ points, labels, ranking }: Rewards, paint: Paint): string[] =>
  fields(
    [
      ['Points', points.toLocaleString('en-US')],
      ['Labels', labels.map(({ en, zh }) => `${en} (${zh})`).join('; ') || 'none'],
      ['Ranking', `${ranking.toLocaleString('en-US')} per mille`],
    ],
    paint,
  );

const usd = (amount: number): string => signed(amount, 'USD');

const entryLines = (entries: readonly CreditEntry[], paint: Paint): string[] =>
  entries.length === 0
    ? ['  None.']
    : table(
        [
          { head: 'Booked' },
          { head: 'Limit', align: 'right', format: (text) => (text.startsWith('−') ? 'red' : 'green') },
          { head: 'Policy' },
          { head: 'Because' },
        ],
        entries.map(({ at, delta, policyVersion, reason }) => [time(at), usd(delta), policyVersion, reason]),
        paint,
      );

// --- replay

async function replay(supplier: string, at: string | undefined, io: Io): Promise<Output> {
  const replayed = await ofSupplier(supplier, ({ store, ...books }) =>
    books.replayCredit(store, supplier, at ?? io.now()),
  );
  const { limit, entries, awarded, differences, points, standing } = replayed;
  return {
    json: { supplier, sound: isSound(replayed), limit, entries, awarded, differences, points, standing },
    lines: (paint) => [
      paint(
        'bold',
        `${supplier}: ${String(entries)} on record rated again, ${counted(awarded, 'order')} awarded again.`,
      ),
      ...verdict(replayed, paint),
    ],
    exitCode: isSound(replayed) ? exitCodes.ok : exitCodes.refused,
  };
}

const isSound = ({ differences, points, standing }: CreditReplay): boolean =>
  differences.length + points.length + standing.length === 0;

function verdict(replayed: CreditReplay, paint: Paint): string[] {
  const { differences, points, standing } = replayed;
  if (isSound(replayed))
    return [paint('green', 'Replay: the entries explain themselves; every change on record is what the policy gives.')];
  return [
    ...differences.map(
      ({ key, recorded, recomputed }) =>
        `Replay: ${key} has ${usd(recorded)} on record, the policy gives ${usd(recomputed)}.`,
    ),
    ...points.map(pointsLine),
    ...standing.map(
      ({ what, recorded, recomputed }) =>
        `Replay: the standing has ${what} ${String(recorded)} on record, the entries give ${String(recomputed)}.`,
    ),
  ].map((line) => paint('red', line));
}

const pointsLine = ({ key, recorded, recomputed }: PointsDifference): string => {
  const amount = (points: number | null) => (points === null ? 'no points' : `${String(points)} points`);
  return `Replay: ${key} has ${amount(recorded)} on record, the policy gives ${amount(recomputed)}.`;
};
