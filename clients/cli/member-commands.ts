/** The commands of members: show and list them, their users, and the reinstatement of a suspended supplier by two operators. */
import { Option, type Command } from 'commander';
import { accountKind, assurance, user as userForm, type Member, type User } from '../../domain/member';
import type { MemberRecord } from '../../domain/member-record';
import { isRefusal, type Refusal } from '../../domain/refusal';
import type { Person } from '../../domain/users';
import type { MemberFile, MemberFilter } from '../../store/members';
import { withBooks, withMembership, type Books } from './connect';
import { refused, wrongUsage } from './faults';
import { memberId, personOf, wholeNumber } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, fields, section, table, time, type Paint } from './text';

const operatorOption = () =>
  new Option('--as <platform:operator>', 'who decides').argParser(personOf(['platform'])).makeOptionMandatory();
const companyOption = () =>
  new Option('--as <role:member[/user]>', 'the platform, or the company itself by one of its owners')
    .argParser(personOf(['platform', 'supplier', 'buyer']))
    .makeOptionMandatory();

interface Decided {
  as: Person;
  reason: string;
}

export function memberCommands(program: Command, add: Add, action: Action): void {
  const member = group(program, 'member', 'Members: show, list, users, reinstatement, erasure');
  addShowAndList(member, add, action);
  addReinstatement(member, add, action);
  addErasure(member, add, action);
  addUsers(group(member, 'user', 'Users of a member: add, remove'), add, action);
}

// --- show and list

function addShowAndList(member: Command, add: Add, action: Action): void {
  add(member, {
    call: 'show <id>',
    says: 'Show a member: account, Trade Assurance, users, and what is on record',
    examples: ['member show sup-ningbo-lighting'],
  }).action((id: string) => action(() => show(memberId(id))));
  add(member, {
    call: 'list',
    says: 'List members',
    examples: ['member list --assurance suspended', 'member list --account china-supplier --json'],
  })
    .addOption(new Option('--account <kind>', 'only of this account').choices(accountKind.options))
    .addOption(new Option('--assurance <state>', 'only in this state').choices(assurance.options))
    .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber('--limit', 1, 500)).default(100))
    .action(({ account, assurance: tradeAssurance, limit }: MemberFilter & { assurance?: Member['tradeAssurance'] }) =>
      action(() => list({ account, tradeAssurance, limit })),
    );
}

async function show(id: string): Promise<Output> {
  const file = orRefused(await withBooks(({ store, memberFile }) => memberFile(store, id)));
  return { json: file, lines: (paint) => fileLines(file, paint) };
}

function fileLines({ member, records, proposal }: MemberFile, paint: Paint): string[] {
  const { id, name, localName, account, country, city, tradeAssurance, contact, users = [] } = member;
  const people = users.map((u) => [u.id, u.name, u.role, u.email, u.active ? '' : 'left']);
  return [
    `${paint('bold', id)}: ${name}${localName ? ` (${localName})` : ''}`,
    ...fields(
      [
        ['Account', `${account}, ${city ? `${city}, ` : ''}${country}`],
        ['Trade Assurance', tradeAssurance],
        ['Contact', [contact.name, contact.email, contact.phone].filter(Boolean).join(', ')],
        ['Joined', time(member.joinedAt)],
        [
          'Waits',
          proposal &&
            `for a second operator to approve proposal ${String(proposal.seq)}, its reinstatement: ${proposal.reason}`,
        ],
      ],
      paint,
    ),
    ...section(
      'Users',
      people.length > 0 ? plainTable(['Id', 'Name', 'Role', 'E-mail', ''], people, paint) : [],
      paint,
    ),
    ...section('On record', records.length > 0 ? recordLines(records, paint) : [], paint),
  ];
}

const plainTable = (heads: readonly string[], rows: readonly string[][], paint: Paint): string[] =>
  table(
    heads.map((head) => ({ head })),
    rows,
    paint,
  );

const recordLines = (records: readonly MemberRecord[], paint: Paint): string[] =>
  plainTable(
    ['When', 'What', 'By', 'Trade Assurance', 'Why'],
    records.map(({ at, what, by, from, to, reason }) => [
      time(at),
      what,
      personText(by),
      from === to ? to : `${from} → ${to}`,
      reason,
    ]),
    paint,
  );

const personText = ({ role, member, user }: Person): string => `${role}:${member}${user ? `/${user}` : ''}`;

async function list(filter: MemberFilter): Promise<Output> {
  const members = await withBooks(({ store, listMembers }) => listMembers(store, filter));
  const rows = members.map(({ id, name, account, country, tradeAssurance, users = [] }) => {
    const active = users.filter((user) => user.active).length;
    return [id, name, account, country, account === 'china-supplier' ? tradeAssurance : '', String(active)];
  });
  return {
    json: members,
    lines: (paint) => [
      ...plainTable(['Id', 'Name', 'Account', 'Country', 'Trade Assurance', 'Users'], rows, paint),
      `  ${counted(members.length, 'member')}.`,
    ],
  };
}

// --- reinstatement

function addReinstatement(member: Command, add: Add, action: Action): void {
  const reason = () => new Option('--reason <text>', 'why, for the record').makeOptionMandatory();
  add(member, {
    call: 'reinstate <supplier>',
    says: 'Propose to reinstate a suspended supplier, with a reason on record; a second operator approves (R58)',
    examples: ['member reinstate sup-dongguan-toys --reason "The carrier was at fault." --as platform:op-1'],
  })
    .addOption(reason())
    .addOption(operatorOption())
    .action((id: string, { as, reason: why }: Decided) =>
      action((io) =>
        decide(memberId(id), io, ({ store, ...books }, at) => books.proposeReinstatement(store, id, as, why, at)),
      ),
    );
  add(member, {
    call: 'approve <supplier> <proposal>',
    says: 'Approve the reinstatement that another operator has proposed; orders that wait go on (R58)',
    examples: ['member approve sup-dongguan-toys 4 --as platform:op-2'],
  })
    .addOption(operatorOption())
    .action((id: string, proposal: string, { as }: Decided) =>
      action((io) =>
        approve(memberId(id), { proposal: wholeNumber('<proposal>', 1, 1_000_000)(proposal), by: as }, io),
      ),
    );
  add(member, {
    call: 'decline <supplier>',
    says: 'Decline the reinstatement that waits, with a reason on record (R58)',
    examples: ['member decline sup-dongguan-toys --reason "Too early." --as platform:op-2'],
  })
    .addOption(reason())
    .addOption(operatorOption())
    .action((id: string, { as, reason: why }: Decided) =>
      action((io) =>
        decide(memberId(id), io, ({ store, ...books }, at) => books.declineReinstatement(store, id, as, why, at)),
      ),
    );
}

async function decide(
  id: string,
  io: Io,
  work: (books: Books, at: string) => Promise<MemberRecord | Refusal>,
): Promise<Output> {
  return told(id, orRefused(await withBooks((books) => work(books, io.now()))));
}

/** Needs Temporal, too: orders of the supplier that wait for it are told. */
async function approve(id: string, approval: { proposal: number; by: Person }, io: Io): Promise<Output> {
  return withMembership(30_000, async (client) => told(id, await client.approveReinstatement(id, approval, io.now())));
}

const told = (id: string, record: MemberRecord): Output => ({
  json: record,
  lines: (paint) => [
    `${paint('bold', id)} is ${record.what === 'erased' ? 'erased' : record.to}.`,
    ...recordLines([record], paint),
  ],
});

// --- erasure

function addErasure(member: Command, add: Add, action: Action): void {
  const reason = () => new Option('--reason <text>', 'why, for the record; name nobody').makeOptionMandatory();
  add(member, {
    call: 'erase <id>',
    says: 'Ask to erase what is kept of a member’s people, for good; a second operator approves',
    examples: ['member erase buy-lima-tools --reason "Request 2026-114." --as platform:op-1'],
  })
    .addOption(reason())
    .addOption(operatorOption())
    .action((id: string, { as, reason: why }: Decided) =>
      action((io) =>
        decide(memberId(id), io, ({ store, ...books }, at) => books.proposeErasure(store, id, as, why, at)),
      ),
    );
  add(member, {
    call: 'approve-erasure <id>',
    says: 'Approve the erasure that another operator has asked for: the member’s key is destroyed, nobody can undo it',
    examples: ['member approve-erasure buy-lima-tools --as platform:op-2'],
  })
    .addOption(operatorOption())
    .action((id: string, { as }: Decided) =>
      action((io) => decide(memberId(id), io, ({ store, ...books }, at) => books.approveErasure(store, id, as, at))),
    );
  add(member, {
    call: 'decline-erasure <id>',
    says: 'Decline the erasure that waits, with a reason on record',
    examples: ['member decline-erasure buy-lima-tools --reason "It still trades." --as platform:op-2'],
  })
    .addOption(reason())
    .addOption(operatorOption())
    .action((id: string, { as, reason: why }: Decided) =>
      action((io) =>
        decide(memberId(id), io, ({ store, ...books }, at) => books.declineErasure(store, id, as, why, at)),
      ),
    );
}

// --- users

interface UserOptions {
  as: Person;
  user: string;
  name: string;
  email: string;
  role: User['role'];
}

function addUsers(group_: Command, add: Add, action: Action): void {
  add(group_, {
    call: 'add <member>',
    says: 'Add a user to a member',
    examples: [
      'member user add sup-yiwu-gifts --user li-na --name "Li Na" --email li.na@caidie-crafts.example --role finance --as platform:op-1',
    ],
  })
    .requiredOption('--user <id>', 'the user’s id, of its own in the company')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--email <address>', 'its e-mail address')
    .addOption(new Option('--role <role>', 'what it may do').choices(userForm.shape.role.options).makeOptionMandatory())
    .addOption(companyOption())
    .action((id: string, { as, user, name, email, role }: UserOptions) =>
      action((io) => {
        const parsed = userForm.safeParse({ id: user, name, email, role, active: true });
        if (!parsed.success) throw wrongUsage('The user cannot be added.', parsed.error.issues[0]?.message);
        return users(memberId(id), ({ store, addUser }) => addUser(store, id, parsed.data, as, io.now()));
      }),
    );
  add(group_, {
    call: 'remove <member>',
    says: 'Take from a user the right to act for its member; it stays on record',
    examples: ['member user remove sup-yiwu-gifts --user li-na --as supplier:sup-yiwu-gifts/wu-xiaomin'],
  })
    .requiredOption('--user <id>', 'the user’s id')
    .addOption(companyOption())
    .action((id: string, { as, user }: UserOptions) =>
      action((io) => users(memberId(id), ({ store, removeUser }) => removeUser(store, id, user, as, io.now()))),
    );
}

async function users(id: string, change: (books: Books) => Promise<User[] | Refusal>): Promise<Output> {
  const all = orRefused(await withBooks(change));
  return {
    json: { member: id, users: all },
    lines: (paint) =>
      plainTable(
        ['Id', 'Name', 'Role', 'E-mail', ''],
        all.map((u) => [u.id, u.name, u.role, u.email, u.active ? '' : 'left']),
        paint,
      ),
  };
}

function orRefused<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw refused(answer);
  return answer;
}
