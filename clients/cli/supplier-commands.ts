/** The commands of a supplier's money: its statement, settlements into CNY, withdrawals (R9, R18). */
import { randomBytes } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { Part } from '../../domain/funds';
import { opaqueId } from '../../domain/member';
import type { Actor } from '../../domain/messages';
import { currencyCode, parseAmount, type CurrencyCode, type Money } from '../../domain/money';
import type { RegisteredPayee } from '../../domain/payee';
import { isRefusal, refuse } from '../../domain/refusal';
import { addDays, calendarDate, instant, monthOf, startOfChinaDate } from '../../domain/time';
import type { Withdrawal } from '../../domain/withdrawal';
import { channel, type Channel } from '../../domain/withdrawal-policy';
import type { FundsClient } from '../funds';
import { group, type Action, type Add } from './command';
import { withBooks, withFunds } from './connect';
import { exitCodes, refused, Stop, stopOf, wrongUsage } from './faults';
import { sender, wholeNumber } from './input';
import type { Io, Output } from './io';
import { settlementLines, statementLines, withdrawalLines } from './supplier-text';
import { table, time } from './text';

export function supplierCommands(program: Command, add: Add, action: Action): void {
  const supplier = group(
    program,
    'supplier',
    'A supplier’s money: statement, quote, settle, withdraw, approve, payees',
  );
  addStatement(supplier, add, action);
  addQuote(supplier, add, action);
  addSettle(supplier, add, action);
  addWithdraw(supplier, add, action);
  addWithdrawal(supplier, add, action);
  addApproval(supplier, add, action);
  addPayees(supplier, add, action);
}

const timeoutOption = () =>
  new Option('--timeout <seconds>', 'how long to wait for the answer')
    .argParser(wholeNumber('--timeout', 1, 600))
    .default(30);
const asOption = () => new Option('--as <role:member>', 'who asks (default: the supplier)').argParser(sender);
const idOption = (says: string) => new Option('--id <id>', says).argParser(ownId);
const ordersOption = () =>
  new Option('--order <order=amount>', 'an order, and how much of its money: po-1=1,500.00; once for each order')
    .argParser((text: string, before: [string, string][] | undefined) => [...(before ?? []), orderAndAmount(text)])
    .makeOptionMandatory();

const ownId = (text: string): string => {
  if (opaqueId.safeParse(text).success) return text;
  throw wrongUsage(`--id ${text}: letters, digits, - _ . (at most 64)`);
};

function orderAndAmount(text: string): [order: string, amount: string] {
  const [order = '', amount, ...more] = text.split('=');
  if (amount === undefined || more.length > 0 || !opaqueId.safeParse(order).success)
    throw wrongUsage(`--order ${text}: an order and an amount, as in po-1=1500.00`);
  return [order, amount];
}

const partsOf = (orders: readonly [string, string][], currency: CurrencyCode): Part[] =>
  orders.map(([order, text]) => ({ order, amount: amountOf(text, currency) }));

function amountOf(text: string, currency: CurrencyCode): Money {
  const amount = parseAmount(text, currency);
  if (amount && amount.amount > 0) return amount;
  throw wrongUsage(`--order: ${JSON.stringify(text)} is no amount of ${currency}; write it as 1500.00`);
}

/** An id of its own, with the date in China for people. */
const newId = (prefix: string, io: Io): string =>
  `${prefix}-${io.now().slice(0, 10).replaceAll('-', '')}-${randomBytes(4).toString('hex')}`;

/** Asks under an id that is told, should no answer come, so that the same can be asked again. */
async function asking<T>(timeout: number, again: string, work: (funds: FundsClient) => Promise<T>): Promise<T> {
  return withFunds({ timeoutMs: timeout * 1000 }, (funds) =>
    work(funds).catch((fault: unknown) => {
      const stop = stopOf(fault);
      if (stop.told.code !== 'service.unavailable') throw stop;
      throw new Stop(stop.exitCode, { ...stop.told, text: `${stop.told.text} ${again}` }, { cause: stop.cause });
    }),
  );
}

// --- statement

interface StatementOptions {
  currency: CurrencyCode;
  from?: string;
  to?: string;
}

function addStatement(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'statement <supplier>',
    says: 'Show what came to a supplier’s account, what went and for what, and what it may still collect (R18, R27)',
    examples: [
      'supplier statement sup-ningbo-lighting',
      'supplier statement sup-ningbo-lighting --currency CNY --from 2026-04-01 --to 2026-04-30 --json',
    ],
  })
    .addOption(new Option('--currency <code>', 'of the account').choices(currencyCode.options).default('USD'))
    .option('--from <date>', 'from a date in China, or an instant, on (default: the first of the month)')
    .option('--to <date>', 'until the end of a date in China, or before an instant (default: now)')
    .action((id: string, options: StatementOptions) => action((io) => statement(id, options, io)));
}

async function statement(supplier: string, { currency, from, to }: StatementOptions, io: Io): Promise<Output> {
  const period = {
    supplier,
    currency,
    from: momentOf('--from', from ?? `${monthOf(io.now())}-01`, (date) => startOfChinaDate(date)),
    // The end of the present millisecond: what was booked this instant belongs to it.
    to: momentOf('--to', to ?? new Date(Date.parse(io.now()) + 1).toISOString(), (date) =>
      addDays(startOfChinaDate(date), 1),
    ),
  };
  if (period.to <= period.from) throw wrongUsage(`--from ${period.from} is not before --to ${period.to}`);
  const { read, collectable, owed } = await withBooks(async ({ store, ...books }) => {
    if (!(await books.findMember(store, supplier))) throw refused(refuse('member.not-found', supplier));
    return {
      read: await books.readStatement(store, period),
      collectable: await books.collectables(store, supplier, currency),
      owed: await books.debtsOf(store, supplier),
    };
  });
  if (isRefusal(read)) throw refused(read);
  return {
    json: { ...read, collectable, owed },
    lines: (paint) => statementLines(read, { collectable, owed }, paint),
  };
}

function momentOf(option: string, text: string, ofDate: (date: string) => string): string {
  if (instant.safeParse(text).success) return new Date(text).toISOString();
  if (calendarDate.safeParse(text).success) return ofDate(text);
  throw wrongUsage(`${option} ${text}: an instant (2026-04-01T08:00:00Z) or a date in China (2026-04-01)`);
}

// --- settlement into CNY

interface QuoteOptions {
  order: [string, string][];
  currency: CurrencyCode;
  id?: string;
  as?: Actor;
  timeout: number;
}

function addQuote(supplier: Command, add: Add, action: Action): void {
  const foreign = currencyCode.options.filter((code) => code !== 'CNY');
  add(supplier, {
    call: 'quote <supplier>',
    says: 'Have the bank quote CNY for money of one or more orders; `ta supplier settle` takes the quote',
    examples: ['supplier quote sup-ningbo-lighting --order po-1=7008.00 --order po-2=500'],
  })
    .addOption(ordersOption())
    .addOption(new Option('--currency <code>', 'of the money').choices(foreign).default('USD'))
    .addOption(idOption('the settlement’s id (default: a new one); the same id again changes nothing'))
    .addOption(asOption())
    .addOption(timeoutOption())
    .action((id: string, options: QuoteOptions) => action((io) => quote(id, options, io)));
}

async function quote(supplier: string, options: QuoteOptions, io: Io): Promise<Output> {
  const { currency, timeout, as = { role: 'supplier', member: supplier } } = options;
  const id = options.id ?? newId('s', io);
  const orders = partsOf(options.order, currency);
  const again = `Ask again with --id ${id}.`;
  const quoted = await asking(timeout, again, (funds) => funds.quote({ id, supplier, orders }, { as }));
  return { json: quoted, lines: (paint) => settlementLines(quoted, io.now(), paint) };
}

interface ActOptions {
  as?: Actor;
  timeout: number;
}

function addSettle(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'settle <settlement>',
    says: 'Take the bank’s quote before it expires; answers once both legs are booked',
    examples: ['supplier settle s-20260401-1f2e3d4c'],
  })
    .addOption(asOption())
    .addOption(timeoutOption())
    .action((id: string, options: ActOptions) => action((io) => settle(id, options, io)));
}

async function settle(id: string, { as, timeout }: ActOptions, io: Io): Promise<Output> {
  const settled = await asking(timeout, 'Take it again: it is settled once.', async (funds) => {
    const { supplier } = await funds.settlement(id);
    return funds.settle(id, { as: as ?? { role: 'supplier', member: supplier } });
  });
  return { json: settled, lines: (paint) => settlementLines(settled, io.now(), paint) };
}

// --- withdrawal

interface WithdrawOptions {
  order: [string, string][];
  channel: Channel;
  name: string;
  account: string;
  bank?: string;
  id?: string;
  as?: Actor;
  wait?: true;
  timeout: number;
}

function addWithdraw(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'withdraw <supplier>',
    says: 'Withdraw money of one or more orders to a registered payee; answers once it is reserved (R9)',
    examples: [
      'supplier withdraw sup-ningbo-lighting --channel USD --order po-1=5000 --order po-2=250.50 \\\n' +
        '      --name "Ningbo Haisheng Lighting" --account 6222021234567890 --bank ICBKCNBJ --wait',
    ],
  })
    .addOption(ordersOption())
    .addOption(
      new Option('--channel <channel>', 'each pays its own currency').choices(channel.options).makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'in whose name the account is')
    .requiredOption('--account <number>', 'IBAN or account number')
    .option('--bank <bic>', 'BIC or name of the bank')
    .addOption(idOption('the withdrawal’s id (default: a new one); the same id again changes nothing'))
    .option('--wait', 'wait until the bank has paid or refused')
    .addOption(asOption())
    .addOption(timeoutOption())
    .action((id: string, options: WithdrawOptions) => action((io) => withdraw(id, options, io)));
}

async function withdraw(supplier: string, options: WithdrawOptions, io: Io): Promise<Output> {
  const { channel: by, name, account, bank, timeout, wait, as = { role: 'supplier', member: supplier } } = options;
  const id = options.id ?? newId('w', io);
  const payee = { name, account, ...(bank !== undefined && { bank }) };
  const request = { id, supplier, channel: by, orders: partsOf(options.order, by), payee };
  const reserved = await asking(timeout, `Ask again with --id ${id}.`, async (funds) => {
    const first = await funds.withdraw(request, { as });
    return wait ? funds.awaitWithdrawal(first.id, { timeoutMs: timeout * 1000 }) : first;
  });
  return withdrawalOutput(reserved);
}

function addWithdrawal(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'withdrawal <id>',
    says: 'Show how a withdrawal stands',
    examples: ['supplier withdrawal w-20260401-1f2e3d4c'],
  }).action((id: string) => action(() => showWithdrawal(id)));
}

async function showWithdrawal(id: string): Promise<Output> {
  const found = await withBooks(({ store, findWithdrawal }) => findWithdrawal(store, id));
  if (!found) throw refused(refuse('withdrawal.not-found', id));
  return { ...withdrawalOutput(found), exitCode: exitCodes.ok };
}

function addApproval(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'approve <withdrawal>',
    says: 'Approve a large withdrawal as a second person of the supplier (R9)',
    examples: ['supplier approve w-20260401-1f2e3d4c --as supplier:sup-ningbo-lighting/ma-suqin'],
  })
    .addOption(asOption().makeOptionMandatory())
    .addOption(timeoutOption())
    .action((id: string, { as, timeout }: ActOptions & { as: Actor }) =>
      action(async () =>
        withdrawalOutput(
          await asking(timeout, 'Approve it again: it is approved once.', (funds) =>
            funds.approveWithdrawal(id, { as }),
          ),
        ),
      ),
    );
}

interface PayeeOptions {
  as?: Actor;
  timeout: number;
}

function addPayees(supplier: Command, add: Add, action: Action): void {
  add(supplier, {
    call: 'payees <supplier>',
    says: 'List the accounts that the supplier’s money may be paid out to',
    examples: ['supplier payees sup-ningbo-lighting'],
  }).action((id: string) =>
    action(async () => payeesOutput(await withFunds({ timeoutMs: 30_000 }, (funds) => funds.payees(id)))),
  );
  add(supplier, {
    call: 'register-payee <supplier>',
    says: 'Register an account to pay out to; usable once a second person confirms it, or after the waiting period (R9)',
    examples: [
      'supplier register-payee sup-ningbo-lighting --name "Ningbo Haisheng Lighting" --account 6222021234567890 \\\n' +
        '      --bank ICBKCNBJ --as supplier:sup-ningbo-lighting/ma-suqin',
    ],
  })
    .requiredOption('--name <name>', 'in whose name the account is')
    .requiredOption('--account <number>', 'IBAN or account number')
    .option('--bank <bic>', 'BIC or name of the bank')
    .addOption(idOption('the payee’s id (default: a new one); the same id again changes nothing'))
    .addOption(asOption())
    .addOption(timeoutOption())
    .action((id: string, options: PayeeOptions & { name: string; account: string; bank?: string; id?: string }) =>
      action(async (io) => {
        const { name, account, bank, as = { role: 'supplier', member: id } } = options;
        const payee = { name, account, ...(bank !== undefined && { bank }) };
        const asked = { id: options.id ?? newId('payee', io), supplier: id, payee };
        const again = `Ask again with --id ${asked.id}.`;
        return payeesOutput([await asking(options.timeout, again, (funds) => funds.registerPayee(asked, { as }))]);
      }),
    );
  for (const [call, says, act] of [
    ['confirm-payee', 'Confirm a payee as a second person of the supplier (R9)', 'confirmPayee'],
    ['remove-payee', 'Take a payee off the list (R9)', 'removePayee'],
  ] as const)
    add(supplier, {
      call: `${call} <supplier> <payee>`,
      says,
      examples: [`supplier ${call} sup-ningbo-lighting payee-1 --as supplier:sup-ningbo-lighting/chen-lihua`],
    })
      .addOption(asOption())
      .addOption(timeoutOption())
      .action((id: string, payee: string, { as = { role: 'supplier', member: id }, timeout }: PayeeOptions) =>
        action(async () => payeesOutput([await asking(timeout, '', (funds) => funds[act](id, payee, { as }))])),
      );
}

const payeesOutput = (payees: readonly RegisteredPayee[]): Output => ({
  json: payees,
  lines: (paint) =>
    payees.length === 0
      ? ['No payee is registered.']
      : table(
          [{ head: 'Payee' }, { head: 'Name' }, { head: 'Account' }, { head: 'Bank' }, { head: 'Usable' }],
          payees.map(({ id, payee, usableFrom, confirmedAt, removedAt }) => [
            id,
            payee.name,
            payee.account,
            payee.bank ?? '–',
            removedAt ? `removed ${time(removedAt)}` : confirmedAt ? 'confirmed' : `from ${time(usableFrom)}`,
          ]),
          paint,
        ),
});

/** Whoever waits for the money learns by the exit code that it did not go out. */
const withdrawalOutput = (standing: Withdrawal): Output => ({
  json: standing,
  lines: (paint) => withdrawalLines(standing, paint),
  exitCode: standing.state === 'put-back' ? exitCodes.refused : exitCodes.ok,
});
