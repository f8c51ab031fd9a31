/** `ta check`: whether the books hold together, and with `--workflows` whether the workflows agree with them. */
import type { Command } from 'commander';
import type { Looked } from '../../store/check';
import type { CheckName, Violation } from '../../store/order-check';
import type { LookedAt } from '../check';
import type { TradeAssuranceClient } from '../client';
import type { Action, Add } from './command';
import { withBooks, withClient } from './connect';
import { exitCodes } from './faults';
import type { Io, Output } from './io';
import { clean, counted, type Paint } from './text';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, like the connections */
const load = {
  books: () => require('../../store/check') as typeof import('../../store/check'),
  names: () => (require('../../store/order-check') as typeof import('../../store/order-check')).checkNames,
  workflows: () => require('../check') as typeof import('../check'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** Violations that `--json` holds; all are counted. */
const listed = 1000;

export function checkCommands(program: Command, add: Add, action: Action): void {
  add(program, {
    call: 'check',
    says: 'Check all books: journals, projections, ledger, cover, inbox, nothing paid twice; ends with 1 on a violation',
    examples: ['check', 'check --workflows', 'check --json'],
  })
    .option('--workflows', 'that every open order has a workflow which stands where the books stand, too')
    .action(({ workflows = false }: { workflows?: boolean }) => action((io) => check(workflows, io)));
}

async function check(withWorkflows: boolean, io: Io): Promise<Output> {
  const counts = Object.fromEntries(load.names().map((name) => [name, 0])) as Record<CheckName, number>;
  const violations: Violation[] = [];
  const onViolation = (violation: Violation): void => {
    counts[violation.check] += 1;
    if (violations.length < listed) violations.push(violation);
  };
  const books = await withBooks(({ store }) => load.books().checkBooks(store, onViolation));
  const ofWorkflows = (client: TradeAssuranceClient) => load.workflows().checkWorkflows(client, onViolation);
  const workflows = withWorkflows ? await withClient({ timeoutMs: 30_000 }, ofWorkflows) : undefined;
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const sound = found === 0;
  return {
    json: { sound, checkedAt: io.now(), looked: { ...books, ...(workflows && { workflows }) }, counts, violations },
    lines: (paint) => [
      ...violations.map((one) => lineOf(one, paint)),
      ...(found > violations.length ? [`… and ${String(found - violations.length)} more`] : []),
      ...lookedLines(books, workflows),
      sound ? paint('green', 'All of it holds.') : paint('red', `${counted(found, 'violation')}.`),
    ],
    exitCode: sound ? exitCodes.ok : exitCodes.refused,
  };
}

const lineOf = ({ check, subject, says }: Violation, paint: Paint): string =>
  `${paint('red', check.padEnd(10))}  ${clean(subject)}  ${clean(says)}`;

function lookedLines(books: Looked, workflows: LookedAt | undefined): string[] {
  const fates = Object.entries(books.inbox).map(([fate, count]) => `${String(count)} ${fate}`);
  return [
    `${counted(books.orders, 'order')} with ${String(books.entries)} entries of their journals, of ${counted(books.suppliers, 'supplier')}; ` +
      `${counted(books.balances, 'balance')}; ${String(books.deliveries)} deliveries of feeds.`,
    `Inbox: ${fates.length === 0 ? 'empty' : fates.join(', ')}.`,
    ...(workflows
      ? [
          `${counted(workflows.open, 'open order')}, ${counted(workflows.running, 'workflow')} that run; ${String(workflows.money)} waiting for the bank.`,
        ]
      : []),
  ];
}
