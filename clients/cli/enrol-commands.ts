/** The commands of applications for Trade Assurance (R13): one for each message, made from the message table; show and list. */
import { randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { enrolmentStatus, type Enrolment } from '../../domain/enrolment';
import { enrolmentMessages, type SentEnrolmentMessage } from '../../domain/enrolment-messages';
import { refuse } from '../../domain/refusal';
import type { Person } from '../../domain/users';
import type { Stored } from '../../store/collections';
import type { EnrolmentFilter } from '../../store/enrolment';
import type { EnrolmentReply } from '../../workflows/enrolment-contract';
import { withBooks, withMembership } from './connect';
import { refused, Stop, stopOf } from './faults';
import { chosenMessageId, jsonOfFile, memberId, personOf, wholeNumber } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, fields, section, table, time, type Paint } from './text';

interface Options {
  as: Person;
  messageId?: string;
  timeout: number;
  file?: string;
  score?: number;
  verification?: string;
  reason?: string;
  note?: string;
  question?: string;
}

/** How a message is typed: the options that make up its data, and an example. */
interface Typed {
  options: () => Option[];
  data: (options: Options, io: Io) => unknown;
  example: string;
}

const needed = (flags: string, says: string): Option => new Option(flags, says).makeOptionMandatory();
const file = (says: string): Option => needed('--file <file>', `${says}, as JSON; - is standard input`);

const typed: Record<SentEnrolmentMessage, Typed> = {
  apply: {
    options: () => [file('documents and consent to the OneTouch contract')],
    data: ({ file: path = '-' }, io) => jsonOfFile(path, io),
    example: 'sup-wenzhou-valves --file seeds/enrolments/wenzhou-valves.json --as supplier:sup-wenzhou-valves',
  },
  supply: {
    options: () => [file('the documents')],
    data: ({ file: path = '-' }, io) => jsonOfFile(path, io),
    example: 'sup-wenzhou-valves --file more.json --as supplier:sup-wenzhou-valves/zheng-haibo',
  },
  ask: {
    options: () => [needed('--question <text>', 'what is missing')],
    data: ({ question }) => ({ question }),
    example: 'sup-wenzhou-valves --question "Which bank holds the account?" --as platform:op-1',
  },
  verify: {
    options: () => [
      needed('--score <points>', 'what the company reached, 0 to 100').argParser(wholeNumber('--score', 0, 100)),
      new Option('--verification <id>', 'the report’s id (default: of the message)'),
      new Option('--note <text>', 'for the record'),
    ],
    // Sent again under its message id the report must be the same one.
    data: ({ score, note, messageId = '', verification = `v-${messageId.replaceAll(':', '-')}`.slice(0, 64) }) => ({
      verification,
      score,
      ...(note !== undefined && { note }),
    }),
    example: 'sup-wenzhou-valves --score 84 --as verifier:acme-audit',
  },
  approve: {
    options: () => [new Option('--note <text>', 'for the record')],
    data: ({ note }) => ({ ...(note !== undefined && { note }) }),
    example: 'sup-wenzhou-valves --as platform:op-2',
  },
  refuse: {
    options: () => [needed('--reason <text>', 'why, for the supplier')],
    data: ({ reason }) => ({ reason }),
    example: 'sup-wenzhou-valves --reason "The licence has expired." --as platform:op-2',
  },
  withdraw: {
    options: () => [new Option('--reason <text>', 'why')],
    data: ({ reason }) => ({ ...(reason !== undefined && { reason }) }),
    example: 'sup-wenzhou-valves --as supplier:sup-wenzhou-valves',
  },
};

export function enrolCommands(program: Command, add: Add, action: Action): void {
  const names = Object.keys(typed) as SentEnrolmentMessage[];
  const enrol = group(program, 'enrol', `Applications for Trade Assurance: ${names.join(', ')}, show, list`);
  for (const name of names) addMessage(enrol, name, add, action);
  add(enrol, {
    call: 'show <supplier>',
    says: 'Show a supplier’s application: where it stands, what it waits for, what happened',
    examples: ['enrol show sup-wenzhou-valves'],
  }).action((supplier: string) => action(() => show(memberId(supplier))));
  add(enrol, {
    call: 'list',
    says: 'List applications, those that wait longest first',
    examples: ['enrol list --status applied', 'enrol list --json'],
  })
    .addOption(new Option('--status <status>', 'only in this status').choices(enrolmentStatus.options))
    .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber('--limit', 1, 500)).default(50))
    .action(({ status, limit }: EnrolmentFilter) => action(() => list({ status, limit })));
}

// --- messages

function addMessage(enrol: Command, name: SentEnrolmentMessage, add: Add, action: Action): void {
  const { from, says, rule } = enrolmentMessages[name];
  const { options, data, example } = typed[name];
  const command = add(enrol, {
    call: `${name} <supplier>`,
    says: `${says} (${rule})`,
    examples: [`enrol ${name} ${example}`],
  });
  const who = `who sends: ${from.join(' or ')}`;
  command.addOption(needed('--as <role:member[/user]>', who).argParser(personOf(from)));
  for (const option of options()) command.addOption(option);
  command
    .addOption(new Option('--message-id <id>', 'the message’s id (default: a new one)').argParser(chosenMessageId))
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait').argParser(wholeNumber('--timeout', 1, 600)).default(30),
    )
    .action((supplier: string, given: Options) =>
      action(async (io) => {
        const options = { ...given, messageId: given.messageId ?? randomUUID() };
        return send(name, memberId(supplier), await data(options, io), options);
      }),
    );
}

async function send(
  name: SentEnrolmentMessage,
  supplier: string,
  data: unknown,
  { as, messageId: id, timeout }: Options & { messageId: string },
): Promise<Output> {
  const reply = await withMembership(timeout * 1000, (client) =>
    client.send(name, supplier, data as never, { as, id }).catch((fault: unknown) => {
      throw again(fault, id);
    }),
  );
  return { json: { messageId: id, ...reply }, lines: (paint) => [replyLine(reply, paint)] };
}

/** A message without an answer may yet be applied: its id is told, so that it can be sent again. */
function again(fault: unknown, id: string): unknown {
  const stop = stopOf(fault);
  if (stop.told.code !== 'service.unavailable') return fault;
  const detail = `${stop.told.detail ?? ''} It may yet be applied: send it again with --message-id ${id}.`.trim();
  return new Stop(stop.exitCode, { ...stop.told, detail }, { cause: fault });
}

const replyLine = ({ supplier, round, status, version }: EnrolmentReply, paint: Paint): string =>
  `Application ${String(round)} of ${paint('bold', supplier)} is ${paint('bold', status)} at version ${String(version)}.`;

// --- show and list

type Row = Stored<'enrolmentJournal'>;

async function show(supplier: string): Promise<Output> {
  const { enrolment, journal } = await withBooks(async ({ store, ...books }) => {
    const [enrolment, journal] = await Promise.all([
      books.findEnrolment(store, supplier),
      books.enrolmentJournalOf(store, supplier),
    ]);
    if (!enrolment) throw refused(refuse('enrolment.not-found', supplier));
    return { enrolment, journal };
  });
  return { json: { ...enrolment, journal }, lines: (paint) => enrolmentLines(enrolment, journal, paint) };
}

function enrolmentLines(state: Enrolment, journal: readonly Row[], paint: Paint): string[] {
  const { supplier, round, status, verification, decision, documents, oneTouchContract } = state;
  return [
    `Application ${String(round)} of ${paint('bold', supplier)}: ${paint('bold', status)}`,
    ...fields(
      [
        ['Applied', `${time(state.appliedAt)}, policy ${state.policy}`],
        ['OneTouch', `agreed to contract ${oneTouchContract.version}`],
        ['Asked for', status === 'awaiting-documents' && state.question],
        ['Verified', verification && `${String(verification.score)} of 100, by ${verification.by.member}`],
        ['Decided', decision && `by ${decision.by.member}${decision.reason ? `: ${decision.reason}` : ''}`],
        ['Act by', state.actBy && time(state.actBy)],
        ['Overdue', state.overdueSince && `since ${time(state.overdueSince)}`],
        ['Ended', state.endedAt && time(state.endedAt)],
      ],
      paint,
    ),
    ...section(
      'Documents',
      plain(
        ['Kind', 'Name', 'Link'],
        documents.map((d) => [d.kind, d.name, d.link]),
        paint,
      ),
      paint,
    ),
    ...section(
      'Messages',
      plain(
        ['#', 'When', 'Who', 'Message', 'Then'],
        journal.map((r) => [String(r.version), time(r.at), `${r.actor.role}:${r.actor.member}`, r.message, r.status]),
        paint,
      ),
      paint,
    ),
  ];
}

async function list(filter: EnrolmentFilter): Promise<Output> {
  const all = await withBooks(({ store, listEnrolments }) => listEnrolments(store, filter));
  const rows = all.map(({ supplier, round, status, updatedAt, actBy, overdueSince }) => [
    supplier,
    String(round),
    status,
    time(updatedAt),
    overdueSince ? `overdue since ${time(overdueSince)}` : actBy ? time(actBy) : '',
  ]);
  return {
    json: all,
    lines: (paint) => [
      ...plain(['Supplier', 'Application', 'Status', 'Changed', 'Act by'], rows, paint),
      `  ${counted(all.length, 'application')}.`,
    ],
  };
}

const plain = (heads: readonly string[], rows: readonly string[][], paint: Paint): string[] =>
  table(
    heads.map((head) => ({ head })),
    rows,
    paint,
  );
