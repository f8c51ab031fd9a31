/** `ta webhook …`: subscribe to what happens to orders, see what was told, have it told again. `ta mail …`: mails that were not taken. */
import { Option, type Command } from 'commander';
import { mail as mailForm } from '../../domain/mails';
import { opaqueId } from '../../domain/member';
import { instant } from '../../domain/time';
import { delivery as deliveryForm, type Attempt, type Delivery, type ShownSubscription } from '../../domain/webhooks';
import type { Manager, WebhookClient } from '../webhooks';
import { withBooks } from './connect';
import { wrongUsage } from './faults';
import { orderId, personOf, wholeNumber } from './input';
import type { Output } from './io';
import { group, type Action, type Add } from './command';
import { counted, fields, table, time, type Paint } from './text';

const managers = ['supplier', 'buyer', 'platform'] as const;
const asOption = () =>
  new Option('--as <role:member[/user]>', 'whose webhooks; the platform sees all')
    .argParser(personOf(managers))
    .makeOptionMandatory();
const limitOption = () =>
  new Option('--limit <n>', 'at most so many').argParser(wholeNumber('--limit', 1, 500)).default(50);
const onlyOrder = () => new Option('--order <id>', 'only of this order').argParser(orderId);

export function webhookCommands(program: Command, add: Add, action: Action): void {
  const webhook = group(
    program,
    'webhook',
    'Webhooks: list, show, add, change, rotate, remove, test, deliveries, replay',
  );
  addReading(webhook, add, action);
  addChanging(webhook, add, action);
  addTelling(webhook, add, action);
  addMails(group(program, 'mail', 'Mails: list, retry'), add, action);
}

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, like the other connections */
const load = {
  webhooks: () => require('../webhooks') as typeof import('../webhooks'),
  mails: () => require('../../store/mails') as typeof import('../../store/mails'),
  settings: () => require('../../config/settings') as typeof import('../../config/settings'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

const withHooks = <T>(work: (hooks: WebhookClient) => Promise<T>): Promise<T> =>
  withBooks(({ store }) => {
    const { WebhookClient: Client } = load.webhooks();
    return work(new Client({ store, ...load.settings().loadSettings().webhooks }));
  });

// --- reading

function addReading(webhook: Command, add: Add, action: Action): void {
  add(webhook, {
    call: 'list',
    says: 'List webhooks',
    examples: ['webhook list --as supplier:sup-ningbo-lighting', 'webhook list --as platform:op-1 --json'],
  })
    .addOption(asOption())
    .action(({ as }: { as: Manager }) => action(() => list(as)));
  add(webhook, {
    call: 'show <id>',
    says: 'Show a webhook and how it does',
    examples: ['webhook show wh-1 --as supplier:sup-ningbo-lighting'],
  })
    .addOption(asOption())
    .action((id: string, { as }: { as: Manager }) => action(() => told((hooks) => hooks.find(as, hookId(id)))));
}

const hookId = (text: string): string => {
  if (opaqueId.safeParse(text).success) return text;
  throw wrongUsage(`the webhook’s id is ${JSON.stringify(text)}: as \`ta webhook list\` shows it`);
};

async function list(as: Manager): Promise<Output> {
  const items = await withHooks((hooks) => hooks.list(as));
  return {
    json: items,
    lines: (paint) =>
      items.length === 0
        ? ['No webhooks.']
        : table(
            [{ head: 'Id' }, { head: 'Whose' }, { head: 'State' }, { head: 'Events' }, { head: 'Address' }],
            items.map(({ id, owner, state, events, url }) => [
              id,
              `${owner.role}:${owner.member}`,
              state,
              events.join(' '),
              url,
            ]),
            paint,
          ),
  };
}

async function told(ask: (hooks: WebhookClient) => Promise<ShownSubscription>): Promise<Output> {
  const shown = await withHooks(ask);
  return { json: shown, lines: (paint) => linesOf(shown, paint) };
}

const linesOf = (
  { id, owner, url, events, state, why, description, createdAt, replay }: ShownSubscription,
  paint: Paint,
) => [
  `${paint('bold', id)}: ${state}`,
  ...fields(
    [
      ['Whose', `${owner.role}:${owner.member}`],
      ['Address', url],
      ['Events', events.join(' ')],
      ['Says', description],
      ['Why', why],
      ['Since', time(createdAt)],
      ['Tells again', replay && `what came from ${time(replay.from)} on`],
    ],
    paint,
  ),
];

// --- changing

interface Terms {
  as: Manager;
  url?: string;
  events?: string;
  says?: string;
}
const termsOf = ({ url, events, says }: Terms) => ({
  ...(url !== undefined && { url }),
  ...(events !== undefined && { events: events.split(',').map((event) => event.trim()) }),
  ...(says !== undefined && { description: says }),
});

function addChanging(webhook: Command, add: Add, action: Action): void {
  const eventsHelp = 'event types with commas between; a beginning with * (payment*), or *';
  add(webhook, {
    call: 'add',
    says: 'Subscribe to events from now on; shows the secret this once',
    examples: [
      'webhook add --as supplier:sup-ningbo-lighting --url https://erp.example.com/hooks --events "payment*,orderEnded"',
    ],
  })
    .addOption(asOption())
    .requiredOption('--url <address>', 'where to; https')
    .option('--events <list>', eventsHelp, '*')
    .option('--says <text>', 'what it is for')
    .action((terms: Terms) => action(() => withSecret((hooks) => hooks.add(terms.as, termsOf(terms)))));
  add(webhook, {
    call: 'change <id>',
    says: 'Change a webhook, pause it, or make it active; what waited while it was paused is told then',
    examples: ['webhook change wh-1 --as platform:op-1 --state paused'],
  })
    .addOption(asOption())
    .option('--url <address>', 'where to; https')
    .option('--events <list>', eventsHelp)
    .option('--says <text>', 'what it is for')
    .addOption(new Option('--state <state>', 'active or paused').choices(['active', 'paused']))
    .action((id: string, { state, ...terms }: Terms & { state?: string }) =>
      action(() => told((hooks) => hooks.change(terms.as, hookId(id), { ...termsOf(terms), ...(state && { state }) }))),
    );
  add(webhook, {
    call: 'rotate <id>',
    says: 'Make a new secret, shown this once; the one before signs along for a day',
    examples: ['webhook rotate wh-1 --as supplier:sup-ningbo-lighting'],
  })
    .addOption(asOption())
    .action((id: string, { as }: Terms) => action(() => withSecret((hooks) => hooks.rotate(as, hookId(id)))));
  add(webhook, {
    call: 'remove <id>',
    says: 'Take a webhook away with its log',
    examples: ['webhook remove wh-1 --as supplier:sup-ningbo-lighting'],
  })
    .addOption(asOption())
    .action((id: string, { as }: Terms) =>
      action(async () => {
        await withHooks((hooks) => hooks.remove(as, hookId(id)));
        return { json: { removed: id }, lines: () => [`${id} is gone.`] };
      }),
    );
}

async function withSecret(ask: (hooks: WebhookClient) => ReturnType<WebhookClient['add']>): Promise<Output> {
  const answer = await withHooks(ask);
  return {
    json: answer,
    lines: (paint) => [
      ...linesOf(answer.subscription, paint),
      '',
      `${paint('bold', 'Secret')}: ${answer.secret}`,
      'Keep it: it is not shown again.',
    ],
  };
}

// --- telling

function addTelling(webhook: Command, add: Add, action: Action): void {
  add(webhook, {
    call: 'test <id>',
    says: 'Send a test call; its delivery says how it went',
    examples: ['webhook test wh-1 --as supplier:sup-ningbo-lighting'],
  })
    .addOption(asOption())
    .action((id: string, { as }: Terms) =>
      action(async () => {
        const delivery = await withHooks((hooks) => hooks.test(as, hookId(id)));
        return { json: delivery, lines: () => ['Queued. `ta webhook deliveries` says how it went.'] };
      }),
    );
  add(webhook, {
    call: 'deliveries <id>',
    says: 'List what was told and what waits, newest first',
    examples: ['webhook deliveries wh-1 --as supplier:sup-ningbo-lighting --state parked'],
  })
    .addOption(asOption())
    .addOption(new Option('--state <state>', 'only in this state').choices(deliveryForm.shape.state.options))
    .addOption(onlyOrder())
    .addOption(limitOption())
    .action(
      (id: string, { as, ...filter }: { as: Manager; state?: Delivery['state']; order?: string; limit: number }) =>
        action(async () => {
          const items = await withHooks((hooks) => hooks.deliveries(as, hookId(id), filter));
          return { json: items, lines: (paint) => deliveryLines(items, paint) };
        }),
    );
  add(webhook, {
    call: 'replay <id>',
    says: 'Tell again: what came from an instant on, or the rest of one order',
    examples: [
      'webhook replay wh-1 --as supplier:sup-ningbo-lighting --from 2026-04-01T08:00:00Z',
      'webhook replay wh-1 --as supplier:sup-ningbo-lighting --order demo-1 --version 5',
    ],
  })
    .addOption(asOption())
    .option('--from <instant>', 'from this instant on')
    .addOption(onlyOrder())
    .addOption(
      new Option('--version <n>', 'from this version of the order on').argParser(wholeNumber('--version', 1, 1e9)),
    )
    .action((id: string, { as, ...point }: { as: Manager; from?: string; order?: string; version?: number }) =>
      action(() => told((hooks) => hooks.replay(as, hookId(id), pointOf(point)))),
    );
}

function pointOf({ from, order, version }: { from?: string; order?: string; version?: number }): object {
  if ((from === undefined) === (order === undefined)) throw wrongUsage('say either --from or --order');
  if (order !== undefined) return { order, ...(version !== undefined && { version }) };
  if (version !== undefined) throw wrongUsage('--version goes with --order');
  if (!instant.safeParse(from).success) throw wrongUsage(`--from ${from ?? ''}: an instant, 2026-04-01T08:00:00Z`);
  return { from: new Date(from ?? '').toISOString() };
}

const deliveryLines = (items: readonly Delivery[], paint: Paint): string[] =>
  items.length === 0
    ? ['Nothing was told.']
    : table(
        [{ head: 'Queued (UTC)' }, { head: 'Order' }, { head: 'Version' }, { head: 'State' }, { head: 'Attempts' }],
        items.map(({ queuedAt, order = '(test)', version, state, attempts, log }) => [
          time(queuedAt),
          order,
          order === '(test)' ? '' : String(version),
          state,
          `${counted(attempts, 'attempt')}${lastOf(log)}`,
        ]),
        paint,
      );

/** What the last attempt came to. */
function lastOf(log: readonly Attempt[]): string {
  const last = log.at(-1);
  if (!last) return '';
  const what = [last.error, last.status, last.detail].filter((part) => part !== undefined).join(', ');
  return `; ${what} after ${String(last.ms)} ms`;
}

// --- mails

function addMails(mail: Command, add: Add, action: Action): void {
  add(mail, {
    call: 'list',
    says: 'List mails and what became of them, newest first',
    examples: ['mail list --state parked'],
  })
    .addOption(new Option('--state <state>', 'only in this state').choices(mailForm.shape.state.options))
    .addOption(onlyOrder())
    .addOption(limitOption())
    .action((filter: { state?: 'pending' | 'sent' | 'parked'; order?: string; limit: number }) =>
      action(() => mails(filter)),
    );
  add(mail, {
    call: 'retry',
    says: 'Try parked mails again, all of them or those of one order',
    examples: ['mail retry', 'mail retry --order demo-1'],
  })
    .addOption(onlyOrder())
    .action(({ order }: { order?: string }) =>
      action(async ({ now }) => {
        const retried = await withBooks(({ store }) => load.mails().retryMails(store, now(), order));
        return { json: { retried }, lines: () => [`${counted(retried, 'mail')} will be tried again.`] };
      }),
    );
}

async function mails(filter: {
  state?: 'pending' | 'sent' | 'parked';
  order?: string;
  limit: number;
}): Promise<Output> {
  const items = await withBooks(({ store }) => load.mails().listMails(store, filter));
  return {
    json: items,
    lines: (paint) =>
      items.length === 0
        ? ['No mails.']
        : table(
            [{ head: 'Queued (UTC)' }, { head: 'About' }, { head: 'Notice' }, { head: 'To' }, { head: 'State' }],
            items.map(({ queuedAt, order, subject = '', key, to, language, state, log }) => [
              time(queuedAt),
              order ?? subject,
              key,
              `${to.email} (${language})`,
              `${state}${lastOf(log)}`,
            ]),
            paint,
          ),
  };
}
