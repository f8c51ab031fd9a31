/** The commands of the books: the projections made again, the ledger checked. */
import type { Command } from 'commander';
import type { CurrencyCode } from '../../domain/money';
import type { BalanceDifference, TrialBalance } from '../../store/ledger';
import type { Violation } from '../../store/order-check';
import { withBooks } from './connect';
import { exitCodes } from './faults';
import type { Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, signed, table, type Paint } from './text';

export function bookCommands(program: Command, add: Add, action: Action): void {
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
    says: 'Check that balances sum to zero in each currency, that each is the sum of its transfers, and that debts are debts',
    examples: ['ledger check'],
  }).action(() => action(checkLedger));
}

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
  const debts: Violation[] = [];
  const { currencies, differing } = await withBooks(async ({ store, ...books }) => {
    await books.checkDebts(store, (violation) => debts.push(violation));
    return { currencies: await books.trialBalance(store), differing: await books.balanceDifferences(store) };
  });
  const sound = differing.length === 0 && debts.length === 0 && currencies.every(({ sum }) => sum === 0);
  return {
    json: { sound, currencies, differing, debts },
    lines: (paint) => [
      ...ledgerLines(currencies, differing, paint),
      ...debts.map(({ subject, says }) => paint('red', `${subject} ${says}`)),
    ],
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
