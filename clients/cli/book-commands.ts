/** The commands of the books: how a credit limit came about, the projections made again, the ledger checked. */
import type { Command } from 'commander';
import { explainLines, type CreditEntry } from '../../domain/credit';
import { format, moneyOf, type CurrencyCode } from '../../domain/money';
import { refuse } from '../../domain/refusal';
import type { BalanceDifference, TrialBalance } from '../../store/ledger';
import { withBooks } from './connect';
import { exitCodes, refused, wrongUsage } from './faults';
import { moment } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, section, table, time, type Paint } from './text';

export function bookCommands(program: Command, add: Add, action: Action): void {
  const credit = group(program, 'credit', 'Credit limits of suppliers: explain');
  add(credit, {
    call: 'explain <supplier>',
    says: 'Explain a supplier’s credit limit line by line (R1, R3, R11) and check that its entries give it',
    examples: ['credit explain sup-ningbo-lighting', 'credit explain sup-ningbo-lighting --at 2026-04-01'],
  })
    .option('--at <instant>', 'as of an instant, or of the end of a date in China (default: now)', moment)
    .action((supplier: string, { at }: { at?: string }) => action((io) => explain(supplier, at, io)));

  add(program, {
    call: 'rebuild',
    says: 'Make the projection of every order again from its journal',
    examples: ['rebuild --check', 'rebuild'],
  })
    .option('--check', 'only compare; ends with 1 when a projection differs')
    .action(({ check = false }: { check?: boolean }) => action(() => rebuild(check)));

  const ledger = group(program, 'ledger', 'The ledger: check');
  add(ledger, {
    call: 'check',
    says: 'Check that balances sum to zero in each currency and that each is the sum of its transfers',
    examples: ['ledger check'],
  }).action(() => action(checkLedger));
}

// --- credit

async function explain(supplier: string, at: string | undefined, io: Io): Promise<Output> {
  const asOf = at ?? io.now();
  const { limit, differences, entries } = await withBooks(async ({ store, ...books }) => {
    if (!(await books.findMember(store, supplier))) throw refused(refuse('member.not-found', supplier));
    const explained = await books.explainCredit(store, supplier, asOf).catch(noPolicy);
    const all = await books.entriesOf(store, supplier);
    return { ...explained, entries: all.filter((entry) => entry.at <= asOf) };
  });
  const sound = differences.length === 0;
  return {
    json: { supplier, ...limit, entries, differences },
    lines: (paint) => [
      ...explainLines(limit).map((line, i) => (i === 0 ? paint('bold', line) : `  ${line}`)),
      ...section('Entries', entryLines(entries, paint), paint),
      '',
      ...(sound
        ? [paint('green', 'Replay: the entries explain themselves; every change on record is what the policy gives.')]
        : differences.map(({ key, recorded, recomputed }) =>
            paint('red', `Replay: ${key} has ${usd(recorded)} on record, the policy gives ${usd(recomputed)}.`),
          )),
    ],
    exitCode: sound ? exitCodes.ok : exitCodes.refused,
  };
}

function noPolicy(fault: unknown): never {
  if (fault instanceof RangeError) throw wrongUsage('The limit cannot be worked out at that instant.', fault.message);
  throw fault;
}

const usd = (amount: number): string => signed(amount, 'USD');
const signed = (amount: number, currency: CurrencyCode): string =>
  `${amount < 0 ? '−' : '+'}${format(moneyOf(Math.abs(amount), currency))}`;

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

// --- checks

async function rebuild(check: boolean): Promise<Output> {
  const report = await withBooks((books) => books.rebuild(books.store, { check }));
  const { orders, differing } = report;
  const verdict = check ? 'not what the journal amounts to' : 'not what the journal amounts to; made again';
  return {
    json: { ...report, rebuilt: !check },
    lines: (paint) => [
      differing.length === 0
        ? paint('green', `${counted(orders, 'order')}: every projection is what the journal amounts to.`)
        : paint(check ? 'red' : 'yellow', `${String(differing.length)} of ${counted(orders, 'order')} ${verdict}:`),
      ...differing.map((id) => `  ${id}`),
    ],
    exitCode: check && differing.length > 0 ? exitCodes.refused : exitCodes.ok,
  };
}

async function checkLedger(): Promise<Output> {
  const { currencies, differing } = await withBooks(async ({ store, ...books }) => ({
    currencies: await books.trialBalance(store),
    differing: await books.balanceDifferences(store),
  }));
  const sound = differing.length === 0 && currencies.every(({ sum }) => sum === 0);
  return {
    json: { sound, currencies, differing },
    lines: (paint) => ledgerLines(currencies, differing, paint),
    exitCode: sound ? exitCodes.ok : exitCodes.refused,
  };
}

function ledgerLines(
  currencies: readonly TrialBalance[],
  differing: readonly BalanceDifference[],
  paint: Paint,
): string[] {
  if (currencies.length === 0 && differing.length === 0) return ['The ledger is empty.'];
  const amount = (value: number, currency: string) => signed(value, currency as CurrencyCode);
  return [
    ...currencies.map(({ currency, sum, accounts }) =>
      sum === 0
        ? paint('green', `${currency}: ${counted(accounts, 'balance')} sum to zero.`)
        : paint('red', `${currency}: ${counted(accounts, 'balance')} sum to ${amount(sum, currency)}, not to zero.`),
    ),
    ...(differing.length === 0
      ? [paint('green', 'Every balance is the sum of its transfers.')]
      : [
          paint('red', 'Balances that are not the sum of their transfers:'),
          ...table(
            [{ head: 'Account' }, { head: 'Balance', align: 'right' }, { head: 'Transfers', align: 'right' }],
            differing.map((d) => [d.account, amount(d.balance, d.currency), amount(d.transfers, d.currency)]),
            paint,
          ),
        ]),
  ];
}
