/** The commands of orders: start one, send it a message, show it, list them; how its contract came about. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { messageNames, messages, type Actor, type MessageData, type MessageName } from '../../domain/messages';
import { format } from '../../domain/money';
import { orderStatus, type OrderStatus } from '../../domain/order';
import { refuse } from '../../domain/refusal';
import { toldJournal, viewOf, type OrderView } from '../../domain/view';
import type { Answer } from '../../workflows/contract';
import type { SendableName, TradeAssuranceClient } from '../client';
import { withBooks, withClient } from './connect';
import { refused, Stop, stopOf, wrongUsage } from './faults';
import { chosenMessageId, jsonOf, jsonOfFile, near, orderId, sender, wholeNumber } from './input';
import type { Io, Output } from './io';
import { group, type Action, type Add } from './command';
import { describeEvent, orderLines, statusFormat, type Shown } from './order-text';
import { addRevisions } from './revision-commands';
import { table, time, type Paint } from './text';

const timeoutOption = () =>
  new Option('--timeout <seconds>', 'how long to wait for the answer')
    .argParser(wholeNumber('--timeout', 1, 600))
    .default(30);
const messageIdOption = () =>
  new Option('--message-id <id>', 'the message’s id (default: a new one); the same id again changes nothing').argParser(
    chosenMessageId,
  );
const senderOption = (says: string) => new Option('--as <role:member>', says).argParser(sender);

export function orderCommands(program: Command, add: Add, action: Action): void {
  const order = group(program, 'order', 'Orders: start, send a message, show, list, revisions');
  addStart(order, add, action);
  addSend(order, add, action);
  addShow(order, add, action);
  addList(order, add, action);
  addRevisions(order, add, action);
}

// --- start and send

interface SendOptions {
  as: Actor;
  messageId?: string;
  timeout: number;
}

function addStart(order: Command, add: Add, action: Action): void {
  add(order, {
    call: 'start',
    says: `${messages.draft.says} (${messages.draft.rule})`,
    examples: [
      'order start --file seeds/orders/lighting.json',
      'order start --file - --id po-4500127 --as buyer:buy-hamburg-home < draft.json',
    ],
  })
    .requiredOption('--file <file>', 'the draft as JSON (`ta message show draft`); - is standard input')
    .addOption(new Option('--id <id>', 'the order’s id (default: the date and a random part)').argParser(orderId))
    .addOption(senderOption('who drafts (default: the supplier of the draft)'))
    .addOption(messageIdOption())
    .addOption(timeoutOption())
    .action((options: Partial<SendOptions> & { file: string; id?: string; timeout: number }) =>
      action((io) => start(options, io)),
    );
}

async function start(
  options: Partial<SendOptions> & { file: string; id?: string; timeout: number },
  io: Io,
): Promise<Output> {
  const draft = (await jsonOfFile(options.file, io)) as MessageData<'draft'>;
  const as = options.as ?? { role: 'supplier', member: supplierOf(draft) };
  const id = options.id ?? `${io.now().slice(0, 10).replaceAll('-', '')}-${randomBytes(4).toString('hex')}`;
  return deliver('draft', { ...options, as }, (client, from) => client.start(id, draft, from));
}

function supplierOf(draft: unknown): string {
  const supplier = (draft as { supplier?: unknown } | null)?.supplier;
  if (typeof supplier === 'string' && supplier !== '') return supplier;
  throw refused(refuse('message.invalid', 'data.supplier: the draft names no supplier'));
}

function addSend(order: Command, add: Add, action: Action): void {
  add(order, {
    call: 'send <id> <message>',
    says: 'Send an order a message; answers once it is committed. `ta message list` shows the messages',
    examples: [
      `order send po-4500127 confirm --as buyer:buy-hamburg-home --data '{"revision":1}'`,
      'order send po-4500127 revise --as buyer:buy-hamburg-home --data @changes.json --message-id rev-2',
      'order send po-4500127 remindPayment --as supplier:sup-ningbo-lighting --signal',
    ],
  })
    .addOption(senderOption('who sends').makeOptionMandatory())
    .addOption(
      new Option('--data <json>', 'the message’s data: JSON, @FILE, or - for standard input').default(
        '{}',
        'no fields',
      ),
    )
    .option('--signal', 'send and forget: what the order refuses is kept on it (`ta order show <id> --live`)')
    .addOption(messageIdOption())
    .addOption(timeoutOption())
    .action((id: string, message: string, options: SendOptions & { data: string; signal?: true }) =>
      action((io) => send(orderId(id), nameOf(message), options, io)),
    );
}

type Sent = Exclude<SendableName, 'draft'>;

/** Any name of the table; that a message of the clock is sent by nobody else, its refusal says. */
function nameOf(text: string): Sent {
  const name = messageNames.find((known) => known === text);
  if (name === 'draft') throw wrongUsage('An order is drafted by `ta order start`.');
  if (!name)
    throw wrongUsage(
      `There is no message ${JSON.stringify(text)}. \`ta message list\` shows them all.`,
      near(text, messageNames),
    );
  return name as Sent;
}

async function send(
  id: string,
  message: Sent,
  options: SendOptions & { data: string; signal?: true },
  io: Io,
): Promise<Output> {
  const data = (await jsonOf(options.data, io)) as never;
  if (!options.signal) return deliver(message, options, (client, from) => client.send(message, id, data, from));
  const messageId = options.messageId ?? randomUUID();
  const needs = { timeoutMs: options.timeout * 1000, withoutStore: true };
  await withClient(needs, (client) => client.signal(message, id, data, { as: options.as, id: messageId }));
  return {
    json: { messageId, order: id, signalled: message },
    lines: () => [
      `${message} is with the server, which hands it to order ${id}.`,
      `What the order refuses is kept on it: ta order show ${id} --live`,
    ],
  };
}

/** Sends under an id that is told, should no answer come, so that it can be sent again. */
async function deliver(
  message: MessageName,
  { as, timeout, messageId = randomUUID() }: SendOptions,
  call: (client: TradeAssuranceClient, from: { as: Actor; id: string }) => Promise<Answer>,
): Promise<Output> {
  const answer = await withClient({ timeoutMs: timeout * 1000 }, (client) =>
    call(client, { as, id: messageId }).catch((fault: unknown) => {
      const stop = stopOf(fault);
      if (stop.told.code !== 'service.unavailable') throw stop;
      const text = `${stop.told.text} The order may yet take the message; send it again with --message-id ${messageId}.`;
      throw new Stop(stop.exitCode, { ...stop.told, text }, { cause: stop.cause });
    }),
  );
  return {
    json: { messageId, ...answer },
    lines: (paint) => [
      `Order ${paint('bold', answer.order)} is ${paint(statusFormat(answer.status), answer.status)} at version ${String(answer.version)}.`,
      ...(answer.events.length > 0
        ? answer.events.map((event) => `  ${describeEvent(event)}`)
        : [`  ${message} changed nothing: it is a repetition, or has been overtaken.`]),
    ],
  };
}

// --- show and list

function addShow(order: Command, add: Add, action: Action): void {
  add(order, {
    call: 'show <id>',
    says: 'Show an order: status, what it waits for, contract, money, exports, deadlines, journal, ledger',
    examples: ['order show po-4500127', 'order show po-4500127 --live', 'order show po-4500127 --json'],
  })
    .option('--live', 'also what only the order’s workflow knows: refused signals, and whether it has halted')
    .addOption(timeoutOption())
    .action((id: string, options: { live?: true; timeout: number }) => action((io) => show(orderId(id), options, io)));
}

async function show(id: string, { live, timeout }: { live?: true; timeout: number }, io: Io): Promise<Output> {
  const shown: Shown = await withBooks(async ({ store, ...books }) => {
    const view = await books.viewOrder(store, id, io.now());
    if (!view) throw refused(refuse('order.not-found', id));
    const [journal, postings] = await Promise.all([books.journalOf(store, id), books.transfersOfOrder(store, id)]);
    return { order: view, journal: toldJournal(journal, view), postings };
  });
  if (live) shown.live = await withClient({ timeoutMs: timeout * 1000, withoutStore: true }, (ta) => liveOf(ta, id));
  return { json: shown, lines: (paint) => orderLines(shown, io.now(), paint) };
}

async function liveOf(client: TradeAssuranceClient, id: string): Promise<Shown['live']> {
  try {
    const { refusals, halted } = await client.live(id);
    return { refusals, ...(halted && { halted }) };
  } catch (fault) {
    if (fault instanceof Error && fault.name === 'WorkflowNotFoundError') return null;
    throw fault;
  }
}

interface ListOptions {
  status?: OrderStatus;
  supplier?: string;
  buyer?: string;
  limit: number;
}

function addList(order: Command, add: Add, action: Action): void {
  add(order, {
    call: 'list',
    says: 'List orders, the newest change first',
    examples: ['order list --status awaiting-payment', 'order list --supplier sup-ningbo-lighting --limit 10 --json'],
  })
    .addOption(new Option('--status <status>', 'only orders of this status').choices(orderStatus.options))
    .option('--supplier <member>', 'only orders of this supplier')
    .option('--buyer <member>', 'only orders of this buyer')
    .addOption(new Option('--limit <count>', 'at most so many').argParser(wholeNumber('--limit', 1, 500)).default(50))
    .action((options: ListOptions) => action(() => list(options)));
}

async function list({ status, supplier, buyer, limit }: ListOptions): Promise<Output> {
  const filter = { ...(status && { status }), ...(supplier && { supplier }), ...(buyer && { buyer }), limit };
  const orders = (await withBooks(({ store, listOrders }) => listOrders(store, filter))).map(viewOf);
  return { json: orders, lines: (paint) => listLines(orders, limit, paint) };
}

function listLines(orders: readonly OrderView[], limit: number, paint: Paint): string[] {
  if (orders.length === 0) return ['No orders.'];
  const rows = orders.map((o) => [
    o.id,
    o.status,
    o.supplier,
    o.buyer,
    o.total ? format(o.total) : '–',
    o.outstanding ? format(o.outstanding) : '–',
    time(o.updatedAt),
    o.awaits,
  ]);
  const columns = [
    { head: 'Order', format: () => 'bold' as const },
    { head: 'Status', format: (text: string) => statusFormat(text as OrderStatus) },
    { head: 'Supplier' },
    { head: 'Buyer' },
    { head: 'Total', align: 'right' as const },
    { head: 'Outstanding', align: 'right' as const },
    { head: 'Changed' },
    { head: 'Awaits' },
  ];
  const more = orders.length === limit ? ['', `The newest ${String(limit)}; --limit shows more.`] : [];
  return [...table(columns, rows, paint), ...more];
}
