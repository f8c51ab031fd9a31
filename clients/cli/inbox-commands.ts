/** The inbox at the command line: files sent to it, what became of them, once more; and who may deliver by signature. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { feedKinds, rowOutcome, rowState, type FeedKind, type FeedSource, type InboxRow } from '../../domain/inbox';
import { isRefusal, refuse, type Refusal } from '../../domain/refusal';
import { addDays } from '../../domain/time';
import type { Person } from '../../domain/users';
import type { InboxFilter } from '../../store/inbox';
import type { Store } from '../../store/store';
import { group, type Action, type Add } from './command';
import { withBooks } from './connect';
import { exitCodes, refused, wrongUsage } from './faults';
import { memberId, moment, near, personOf, sender, wholeNumber } from './input';
import type { Io, Output } from './io';
import { counted, fields, table, time, type Paint } from './text';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed; a dynamic import would not find TypeScript */
const load = {
  inbox: () => require('../../store/inbox') as typeof import('../../store/inbox'),
  sources: () => require('../../store/feed-sources') as typeof import('../../store/feed-sources'),
  profiles: () => require('../feeds/profiles') as typeof import('../feeds/profiles'),
  limits: () => require('../feeds/limits') as typeof import('../feeds/limits'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

const withStore = <T>(work: (store: Store) => Promise<T>): Promise<T> => withBooks(({ store }) => work(store));

export function inboxCommands(program: Command, add: Add, action: Action): void {
  const says = 'Files of banks and customs';
  const feed = program.commands.find((one) => one.name() === 'feed') ?? group(program, 'feed', says);
  sendCommand(feed, add, action);
  sourceCommands(program, add, action);
  const inbox = group(program, 'inbox', 'What feeds have delivered: list, show, replay, count');
  filtered(
    add(inbox, {
      call: 'list',
      says: 'List rows of the inbox, the newest first',
      examples: ['inbox list --state parked', 'inbox list --outcome refused --profile camt.054'],
    }),
  )
    .option('--limit <number>', 'how many', wholeNumber('--limit', 1, 500), 50)
    .option('--after <cursor>', 'where the page before ended')
    .action((given: InboxFilter) => action(() => list(given)));
  add(inbox, {
    call: 'show <id>',
    says: 'Show a delivery with its rows, or one row',
    examples: ['inbox show in-5f0c…', 'inbox show in-5f0c….0', 'inbox show in-5f0c… --raw receipt.xml'],
  })
    .option('--raw <file>', 'write the bytes, as they came, to this file')
    .action((id: string, { raw }: { raw?: string }) => action(() => show(id, raw)));
  filtered(
    add(inbox, {
      call: 'replay [id]',
      says: 'Read and route again what is parked, dead or refused: of a delivery, a row, or all that is named',
      examples: ['inbox replay in-5f0c…', 'inbox replay --state dead --profile mt940', 'inbox replay --all'],
    }),
  )
    .option('--all', 'all of it, when nothing else is named')
    .action((id: string | undefined, given: InboxFilter & { all?: true }) => action((io) => replay(id, given, io)));
  add(inbox, {
    call: 'close <row>',
    says: 'Close a dead row: somebody has seen to it, and nothing more is to be done',
    examples: ['inbox close in-5f0c….3 --as platform:operator-1 --why "the bank has sent it again"'],
  })
    .requiredOption('--as <platform:operator>', 'who closes it', personOf(['platform']))
    .requiredOption('--why <text>', 'what was found, and done')
    .action((id: string, { as, why }: { as: Person; why: string }) => action((io) => close(id, as.member, why, io)));
  add(inbox, {
    call: 'count',
    says: 'Count the rows by their state; ends with 1 when some wait for an operator',
    examples: ['inbox count'],
  }).action(() => action(count));
}

const filtered = (command: Command): Command =>
  command
    .addOption(new Option('--state <state>', 'only those in this state').choices(rowState.options))
    .addOption(new Option('--outcome <outcome>', 'only those with this outcome').choices(rowOutcome.options))
    .option('--profile <name>', 'only of this format')
    .option('--source <source>', 'only of this source')
    .option('--order <order>', 'only of this order')
    .option('--delivery <delivery>', 'only of this delivery')
    .option('--from <instant>', 'received from then on', moment)
    .option('--until <instant>', 'received before', moment);

/** Of what was given what rows are found by. */
function filterOf(given: InboxFilter): InboxFilter {
  const { state, outcome, profile, source, order, delivery, from, until } = given;
  const all = { state, outcome, profile, source, order, delivery, from, until };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function list(given: InboxFilter): Promise<Output> {
  const { limit, after } = given;
  const filter = { ...filterOf(given), ...(limit !== undefined && { limit }), ...(after !== undefined && { after }) };
  const page = await withStore((store) => load.inbox().listRows(store, filter));
  return {
    json: page,
    lines: (paint) => [
      ...(page.rows.length === 0 ? ['No such rows.'] : rowsTable(page.rows, paint)),
      ...(page.next ? [`More: --after ${page.next}`] : []),
    ],
  };
}

const rowsTable = (rows: readonly InboxRow[], paint: Paint): string[] =>
  table(
    [{ head: 'Row' }, { head: 'Received' }, { head: 'What' }, { head: 'State' }, { head: 'Order' }, { head: 'Why' }],
    rows.map((row) => [
      row.id,
      time(row.receivedAt),
      row.fact ?? row.profile,
      row.outcome ?? row.state,
      row.order ?? '–',
      [row.code, row.waitsFor].filter(Boolean).join(', ') || '–',
    ]),
    paint,
  );

function show(id: string, raw: string | undefined): Promise<Output> {
  return withStore(async (store) => {
    const { findDelivery, listRows, rawOf } = load.inbox();
    const { rows } = await listRows(store, { id });
    const [row] = rows;
    if (row && raw === undefined) return { json: row, lines: (paint) => rowLines(row, paint) };
    const delivery = await findDelivery(store, row?.delivery ?? id);
    if (!delivery) throw refused(refuse('inbox.not-found', id));
    if (raw !== undefined) writeFileSync(raw, (await rawOf(store, delivery.id)) ?? '');
    const page = await listRows(store, { delivery: delivery.id, limit: 500 });
    const inTurn = page.rows.toSorted((a, b) => a.index - b.index);
    return {
      json: { delivery, ...page, rows: inTurn },
      lines: (paint) => [
        `Delivery ${paint('bold', delivery.id)}: ${delivery.state}`,
        ...fields(
          [
            ['File', `${delivery.file} (${delivery.profile}, ${counted(delivery.bytes, 'byte')})`],
            ['From', `${delivery.source} by ${delivery.way}, told as ${delivery.kind}:${delivery.member}`],
            ['Id', delivery.messageId],
            ['Received', time(delivery.receivedAt)],
            ['SHA-256', delivery.sha256],
          ],
          paint,
        ),
        ...(inTurn.length > 0 ? rowsTable(inTurn, paint) : ['It has not been read yet.']),
      ],
    };
  });
}

const rowLines = (row: InboxRow, paint: Paint): string[] => [
  `Row ${paint('bold', row.id)}: ${paint('bold', row.outcome ?? row.state)}`,
  ...fields(
    [
      ['Fact', row.fact && `${row.fact} ${JSON.stringify(row.data)}`],
      ['Order', row.order],
      ['Message', row.message],
      ['Why', row.code && `${row.code}: ${row.why ?? ''}`],
      ['Closed', row.closed && `${time(row.closed.at)} by ${row.closed.by}: ${row.closed.why}`],
      ['Waits for', row.waitsFor],
      ['In file', row.at && `${row.at.file}, message ${row.at.message}, number ${row.at.index}`],
      ['Delivery', row.delivery],
    ],
    paint,
  ),
];

function replay(id: string | undefined, given: InboxFilter & { all?: true }, io: Io): Promise<Output> {
  const filter = filterOf(given);
  if (id === undefined && !given.all && Object.keys(filter).length === 0)
    throw wrongUsage('Name what is to be replayed: an id, a filter such as --state dead, or --all.');
  return withStore(async (store) => {
    const { findDelivery, replay: again } = load.inbox();
    const isDelivery = id !== undefined && (await findDelivery(store, id)) !== undefined;
    const named = id === undefined ? {} : isDelivery ? { delivery: id } : { id };
    const done = await again(store, { ...filter, ...named }, io.now());
    const told = `${counted(done.rows, 'row')} and ${counted(done.deliveries, 'file')} are under way again.`;
    return { json: done, lines: () => [told] };
  });
}

async function close(id: string, by: string, given: string, io: Io): Promise<Output> {
  const why = given.trim();
  if (why === '' || why.length > 500) throw wrongUsage('--why: say why, in at most 500 characters');
  const row = kept(await withStore((store) => load.inbox().closeRow(store, id, { by, at: io.now(), why })));
  return { json: row, lines: (paint) => rowLines(row, paint) };
}

async function count(): Promise<Output> {
  const counts = await withStore((store) => load.inbox().inboxCounts(store));
  return {
    json: counts,
    lines: (paint) =>
      fields(
        Object.entries(counts).map(([state, number]) => [state, String(number)] as const),
        paint,
      ),
    exitCode: counts.dead > 0 ? exitCodes.refused : exitCodes.ok,
  };
}

// --- sending

interface Sending {
  profile: string;
  as?: string;
  wait: number;
}

function sendCommand(feed: Command, add: Add, action: Action): void {
  add(feed, {
    call: 'send <file...>',
    says: 'Send files to the inbox, where they are stored, read, and routed to their orders',
    examples: [
      'feed send --profile camt.054 credits.xml',
      'feed send --profile json --as customs:cn words.json --wait 30',
    ],
  })
    .requiredOption('--profile <name>', 'the files’ format; a name that is none lists all')
    .option('--as <kind:member>', 'whose word it is, e.g. bank:citibank; needed where the format does not tell')
    .option('--wait <seconds>', 'wait for what becomes of it', wholeNumber('--wait', 0, 3600), 0)
    .action((files: string[], given: Sending) => action((io) => sendFiles(files, given, io)));
}

interface SentFile {
  file: string;
  delivery: string;
  isRepeated: boolean;
  rows?: InboxRow[];
}

async function sendFiles(files: readonly string[], { profile, as, wait }: Sending, io: Io): Promise<Output> {
  const from = senderOf(profile, as);
  const bodies = files.map((file) => ({ file, body: bytesOf(file) })); // all can be read, or none is sent
  return withStore(async (store) => {
    const { receive } = load.inbox();
    const sent: SentFile[] = [];
    for (const { file, body } of bodies) {
      const incoming = { ...from, profile, file: basename(file).slice(0, 255), way: 'cli', body } as const;
      const answer = kept(await receive(store, { ...incoming, receivedAt: io.now() }));
      sent.push({ file, delivery: answer.id, isRepeated: answer.isRepeated });
    }
    const giveUpAt = performance.now() + wait * 1000;
    if (wait > 0) for (const one of sent) one.rows = await settled(store, one.delivery, giveUpAt);
    return { json: sent, lines: (paint) => sent.flatMap((one) => sentLines(one, paint)) };
  });
}

function sentLines({ file, delivery, isRepeated, rows }: SentFile, paint: Paint): string[] {
  const line = `${file}: ${isRepeated ? 'was stored before' : 'stored'} as ${paint('bold', delivery)}`;
  return [line, ...(rows ? rowsTable(rows, paint) : [])];
}

/** The rows of a delivery once none is under way any more, or when the time is up. */
async function settled(store: Store, delivery: string, giveUpAt: number): Promise<InboxRow[]> {
  for (;;) {
    const { rows } = await load.inbox().listRows(store, { delivery, limit: 500 });
    const isSettled = rows.length > 0 && rows.every(({ state }) => state !== 'pending');
    if (isSettled || performance.now() > giveUpAt) return rows.toSorted((a, b) => a.index - b.index);
    await pause(200);
  }
}

function senderOf(name: string, as: string | undefined): { source: string; kind: FeedKind; member: string } {
  const { profileOf, profiles } = load.profiles();
  const profile = profileOf(name);
  const names = profiles.map((one) => one.name);
  if (!profile) throw wrongUsage(`--profile ${name}: the profile is one of ${names.join(', ')}`, near(name, names));
  const [only, another] = profile.kinds;
  if (as === undefined) {
    if (!only || another)
      throw wrongUsage(`Say with --as whose word it is: ${profile.kinds.join(', ')} may send ${name}.`);
    return { source: 'cli', kind: only, member: `${only}-cli` };
  }
  const { role, member } = sender(as);
  const kind = profile.kinds.find((one) => one === role);
  if (!kind) throw wrongUsage(`--as ${as}: ${name} is for ${profile.kinds.join(', ')}`);
  return { source: 'cli', kind, member };
}

function bytesOf(file: string): Uint8Array {
  const { maxDelivery } = load.limits();
  try {
    const { size } = statSync(file);
    if (size > maxDelivery) throw new Error(`it has ${size} bytes, more than ${maxDelivery}; send it in parts`);
    return readFileSync(file);
  } catch (fault) {
    throw wrongUsage(`${file} cannot be read`, (fault as Error).message);
  }
}

// --- sources

function sourceCommands(program: Command, add: Add, action: Action): void {
  const source = group(program, 'source', 'Who may deliver feeds by signature: add, rotate, stop, resume, list');
  add(source, {
    call: 'add <id>',
    says: 'Add a source; prints the secret that it signs with (Standard Webhooks)',
    examples: ['source add single-window --kind customs --member china-customs'],
  })
    .addOption(new Option('--kind <kind>', 'what it delivers').choices(feedKinds).makeOptionMandatory())
    .requiredOption('--member <member>', 'the member that its facts are told as', memberId)
    .action((id: string, { kind, member }: { kind: FeedKind; member: string }) =>
      action((io) => changed((store) => load.sources().addSource(store, { id: memberId(id), kind, member }, io.now()))),
    );
  add(source, {
    call: 'rotate <id>',
    says: 'Give a source a new secret; the one before holds for some days more',
    examples: ['source rotate single-window', 'source rotate single-window --days 0'],
  })
    .option('--days <number>', 'how long the secret before still holds', wholeNumber('--days', 0, 90), 7)
    .action((id: string, { days }: { days: number }) =>
      action((io) => changed((store) => load.sources().rotateSource(store, id, io.now(), addDays(io.now(), days)))),
    );
  for (const [call, active, says] of [
    ['stop', false, 'Take nothing more of a source'],
    ['resume', true, 'Take it again'],
  ] as const)
    add(source, { call: `${call} <id>`, says, examples: [`source ${call} single-window`] }).action((id: string) =>
      action(() => changed((store) => load.sources().setSourceActive(store, id, active), false)),
    );
  add(source, { call: 'list', says: 'List the sources, without their secrets', examples: ['source list'] }).action(() =>
    action(listSources),
  );
}

async function changed(work: (store: Store) => Promise<FeedSource | Refusal>, tells = true): Promise<Output> {
  const { secrets, ...source } = kept(await withStore(work));
  const secret = tells ? secrets.at(-1)?.secret : undefined;
  return {
    json: { ...source, ...(secret && { secret }) },
    lines: (paint) => [
      `Source ${paint('bold', source.id)} delivers ${source.kind} as ${source.member}: ${source.active ? 'active' : 'stopped'}`,
      ...(secret ? [`Its secret, which is not shown again: ${secret}`] : []),
    ],
  };
}

async function listSources(): Promise<Output> {
  const sources = await withStore((store) => load.sources().listSources(store));
  const told = sources.map(({ secrets, ...source }) => ({
    ...source,
    secrets: secrets.map(({ secret: _secret, ...when }) => when),
  }));
  return {
    json: told,
    lines: (paint) =>
      told.length === 0
        ? ['No sources.']
        : table(
            [{ head: 'Source' }, { head: 'Kind' }, { head: 'Member' }, { head: 'State' }, { head: 'Secrets since' }],
            told.map((one) => [
              one.id,
              one.kind,
              one.member,
              one.active ? 'active' : 'stopped',
              one.secrets.map(({ since }) => time(since)).join(', '),
            ]),
            paint,
          ),
  };
}

function kept<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw refused(value);
  return value;
}
