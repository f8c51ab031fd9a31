/** The commands of money that has to find its order: the bank's credits and reversals, and what stands in suspense (R30). */
import type { Command } from 'commander';
import type { BankCredit } from '../../domain/matching';
import type { MessageData } from '../../domain/messages';
import { format, moneyOf } from '../../domain/money';
import type { ReconciliationCase } from '../../domain/reconciliation';
import { suspenseState, type SuspenseItem } from '../../domain/suspense';
import { calendarDate } from '../../domain/time';
import type { TradeAssuranceClient } from '../client';
import { withBooks, withClient } from './connect';
import { exitCodes, wrongUsage } from './faults';
import { jsonOf, sender, wholeNumber } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { describeEvent } from './order-text';
import { counted, fields, signed, table, time } from './text';

/** How long one command waits for an answer, in milliseconds. */
const timeoutMs = 60_000;
const orders = <T>(work: (client: TradeAssuranceClient) => Promise<T>): Promise<T> => withClient({ timeoutMs }, work);

interface Given {
  as: string;
  data: string;
}

export function moneyCommands(program: Command, add: Add, action: Action): void {
  const bank = group(program, 'bank', 'What the bank has booked: credit, reverse, reconcile');
  const example =
    '{"account":"9123","entryReference":"E1","amount":{"amount":300000,"currency":"USD"},"method":"tt","valueDate":"2026-03-02","remittance":"order po-1"}';
  add(bank, {
    call: 'credit',
    says: 'Book a credit: to the order that it pays, or to suspense when nobody can tell (R30)',
    examples: [`bank credit --as bank:citibank --data '${example}'`],
  })
    .requiredOption('--as <role:member>', 'who says so, e.g. bank:citibank')
    .requiredOption('--data <json>', 'the credit as JSON, @FILE, or - for standard input')
    .action((given: Given) => action((io) => credit(given, io)));
  add(bank, {
    call: 'reverse',
    says: 'Take a booked credit back (R30)',
    examples: [`bank reverse --as bank:citibank --data '{"account":"9123","entryReference":"E1","reason":"recalled"}'`],
  })
    .requiredOption('--as <role:member>', 'who says so, e.g. bank:citibank')
    .requiredOption('--data <json>', 'account, entryReference and reason as JSON, @FILE, or -')
    .action((given: Given) => action((io) => reverse(given, io)));
  add(bank, {
    call: 'reconcile',
    says: 'Compare the bank’s statements of a day with the books; ends with 1 when they differ',
    examples: ['bank reconcile --date 2026-04-01'],
  })
    .requiredOption('--date <date>', 'the day, as the statements have it')
    .action(({ date }: { date: string }) => action((io) => reconcile(date, io)));
  suspenseCommands(program, add, action);
}

function suspenseCommands(program: Command, add: Add, action: Action): void {
  const suspense = group(
    program,
    'suspense',
    'Money that could not be applied: list, allocate, return, approve, disapprove',
  );
  add(suspense, {
    call: 'list',
    says: 'List what waits for an operator',
    examples: ['suspense list', 'suspense list --state returned'],
  })
    .option('--state <state>', `only this state: ${suspenseState.options.join(', ')}`)
    .action(({ state }: { state?: string }) => action(() => list(state)));
  const operator = (command: Command) =>
    command.requiredOption('--as <role:member>', 'the operator, e.g. platform:op-1');
  operator(
    add(suspense, {
      call: 'allocate <item> <order>',
      says: 'Put forward that an item belongs to an order; a second operator approves',
      examples: ['suspense allocate susp-1 po-1 --why "the buyer wrote the old number" --as platform:op-1'],
    }),
  )
    .requiredOption('--why <reason>', 'the reason, kept on record')
    .action((item: string, order: string, { as, why }: { as: string; why: string }) =>
      action(() => change((s) => s.propose(item, { kind: 'allocate', order }, why, sender(as)))),
    );
  operator(
    add(suspense, {
      call: 'return <item>',
      says: 'Put forward that an item goes back to where it came from; a second operator approves',
      examples: [
        `suspense return susp-1 --payee '{"name":"Alster Home","account":"DE02120300000000202051"}' --why late --as platform:op-1`,
      ],
    }),
  )
    .requiredOption('--why <reason>', 'the reason, kept on record')
    .option('--payee <json>', 'the account to pay, when the bank has not named the payer’s')
    .action((item: string, given: { as: string; why: string; payee?: string }) =>
      action((io) => giveBack(item, given, io)),
    );
  operator(
    add(suspense, {
      call: 'approve <item> <proposal>',
      says: 'Approve what another operator has put forward; it is done at once',
      examples: ['suspense approve susp-1 1 --as platform:op-2'],
    }),
  ).action((item: string, proposal: string, { as }: { as: string }) =>
    action(() => {
      const number = proposalNumber(proposal);
      return change((s) => s.approve(item, number, sender(as)));
    }),
  );
  operator(
    add(suspense, {
      call: 'disapprove <item> <proposal>',
      says: 'Turn down what was put forward; the item is open again',
      examples: ['suspense disapprove susp-1 1 --as platform:op-2'],
    }),
  ).action((item: string, proposal: string, { as }: { as: string }) =>
    action(() => {
      const number = proposalNumber(proposal);
      return change((s) => s.disapprove(item, number, sender(as)));
    }),
  );
}

const proposalNumber = wholeNumber('<proposal>', 1, 1_000_000);
/** A proposal in one line: its number, and where the money is to go. */
const proposed = ({ proposal }: SuspenseItem): string => {
  if (!proposal) return '–';
  const { number, action, by } = proposal;
  const to = action.kind === 'allocate' ? action.order : `${action.payee.name}, ${action.payee.account}`;
  return `${String(number)}: ${action.kind} to ${to} (${by})`;
};

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, like the other connections */
const feed = () => require('../bank-feed') as typeof import('../bank-feed');
const reconciling = () => require('../feeds/reconcile') as typeof import('../feeds/reconcile');
const suspenseOf = (client: TradeAssuranceClient) =>
  new (require('../suspense') as typeof import('../suspense')).SuspenseClient(client);
/* eslint-enable @typescript-eslint/no-require-imports */

async function credit({ as, data }: Given, io: Io): Promise<Output> {
  const body = (await jsonOf(data, io)) as BankCredit;
  const booked = await orders((client) => feed().bookCredit(client, body, sender(as)));
  const told =
    booked.to === 'order'
      ? [
          `For order ${booked.order}, ${matched[booked.by]}; it is ${booked.answer.status}.`,
          ...booked.answer.events.map((event) => `  ${describeEvent(event)}`),
        ]
      : [`Nobody can tell the order: it stands in suspense as ${booked.item}.`];
  return { json: booked, lines: () => told };
}

/** How the order was found (R30). */
const matched = {
  reference: 'named in the remittance text',
  'oldest-due': 'the pair’s oldest due order',
  booked: 'which it was booked for before',
};

async function reverse({ as, data }: Given, io: Io): Promise<Output> {
  const body = (await jsonOf(data, io)) as MessageData<'paymentReversed'>;
  const taken = await orders((client) => feed().reverseCredit(client, body, sender(as)));
  const told =
    taken.from === 'order'
      ? `Taken back from order ${taken.order}; it is ${taken.answer.status}.`
      : `Taken back out of suspense (${taken.item}).`;
  return { json: taken, lines: () => [told] };
}

async function reconcile(given: string, io: Io): Promise<Output> {
  const date = calendarDate.safeParse(given);
  if (!date.success) throw wrongUsage(`--date ${given}: a date such as 2026-04-01`);
  const report = await withBooks(({ store }) => reconciling().reconcile(store, date.data, io.now()));
  const open = report.cases.filter((one) => one.state === 'open');
  const amount = (value: number | undefined, { currency }: ReconciliationCase) =>
    value === undefined ? '–' : signed(value, currency);
  return {
    json: report,
    lines: (paint) => [
      `${counted(report.accounts.length, 'account')} with a statement of ${report.date}; ${counted(open.length, 'case')} open.`,
      ...(open.length === 0
        ? []
        : table(
            [
              { head: 'Case' },
              { head: 'What' },
              { head: 'Account' },
              { head: 'Entry' },
              { head: 'Bank', align: 'right' },
              { head: 'Books', align: 'right' },
            ],
            open.map((one) => [
              one.id,
              one.kind,
              one.account,
              one.entryReference ?? '–',
              amount(one.bank, one),
              amount(one.books, one),
            ]),
            paint,
          )),
    ],
    exitCode: open.length > 0 ? exitCodes.refused : exitCodes.ok,
  };
}

async function list(state: string | undefined): Promise<Output> {
  const known = suspenseState.options.find((option) => option === state);
  if (state !== undefined && !known) throw wrongUsage(`--state ${state}: one of ${suspenseState.options.join(', ')}`);
  const items = await orders((client) => suspenseOf(client).list(known && [known]));
  return {
    json: items,
    lines: (paint) =>
      items.length === 0
        ? ['Nothing is in suspense.']
        : table(
            [
              { head: 'Item' },
              { head: 'Amount', align: 'right' },
              { head: 'Why' },
              { head: 'Order' },
              { head: 'State' },
              { head: 'Since' },
              { head: 'Proposal' },
            ],
            items.map((i) => [i.id, format(i.amount), i.reason, i.order ?? '–', i.state, time(i.at), proposed(i)]),
            paint,
          ),
  };
}

async function giveBack(item: string, { as, why, payee }: { as: string; why: string; payee?: string }, io: Io) {
  const named = payee === undefined ? undefined : ((await jsonOf(payee, io)) as NonNullable<SuspenseItem['payer']>);
  return change(async (suspense) => {
    const to = named ?? (await suspense.list()).find(({ id }) => id === item)?.payer;
    if (!to) throw wrongUsage('The bank has named no payer for this item.', 'Name the account with --payee.');
    return suspense.propose(item, { kind: 'return', payee: to }, why, sender(as));
  });
}

async function change(work: (suspense: ReturnType<typeof suspenseOf>) => Promise<SuspenseItem>): Promise<Output> {
  const item = await orders((client) => work(suspenseOf(client)));
  const { proposal } = item;
  return {
    json: item,
    lines: (paint) => [
      `Item ${paint('bold', item.id)}: ${paint('bold', item.state)}`,
      ...fields(
        [
          ['Amount', format(moneyOf(item.amount.amount + (item.gone ?? 0), item.amount.currency))],
          ['Why', item.reason],
          ['Proposal', proposal && `${proposed(item)}: ${proposal.why}`],
          ['Approved', item.approvedBy],
          ['Bank', item.returned ?? item.returnRefusal],
        ],
        paint,
      ),
    ],
  };
}
