/** `ta order revisions`: what each revision of an order's contract changed, by whom and when, and who agreed to it (R52). */
import type { Command } from 'commander';
import { format, money } from '../../domain/money';
import { refuse } from '../../domain/refusal';
import { revisionsOf, type Revision } from '../../domain/revisions';
import type { Action, Add } from './command';
import { withBooks } from './connect';
import { refused } from './faults';
import { orderId } from './input';
import type { Output } from './io';
import { clean, counted, section, table, time, type Paint } from './text';

export function addRevisions(order: Command, add: Add, action: Action): void {
  add(order, {
    call: 'revisions <id>',
    says: 'Show how an order’s contract came about: what each revision changed, by whom, when, who agreed',
    examples: ['order revisions po-4500128', 'order revisions po-4500128 --json'],
  }).action((id: string) => action(() => revisions(orderId(id))));
}

async function revisions(id: string): Promise<Output> {
  const told = revisionsOf(await withBooks(({ store, journalOf }) => journalOf(store, id)));
  if (told.length === 0) throw refused(refuse('order.not-found', id));
  return {
    json: told,
    lines: (paint) => [
      `Order ${paint('bold', id)}: ${counted(told.length, 'revision')}`,
      ...told.flatMap((one) => section(headOf(one), linesOf(one, paint), paint)),
    ],
  };
}

function headOf({ revision, how, by, at, isCounterOffer }: Revision): string {
  return `Revision ${String(revision)}, ${how} by the ${by} on ${time(at)}${isCounterOffer ? ', a counter-offer' : ''}`;
}

function linesOf({ modules, confirmedBy, declined }: Revision, paint: Paint): string[] {
  const rows = modules.flatMap(({ module, changes }) =>
    changes.map(({ path, before, after }) => [`${module}.${path}`, valueText(before), valueText(after)]),
  );
  const confirmed = confirmedBy.map(({ by, at }) => `${by} on ${time(at)}`).join(', ');
  return [
    ...(rows.length > 0 ? table([{ head: 'Field' }, { head: 'Before' }, { head: 'After' }], rows, paint) : []),
    `  ${confirmed === '' ? 'Nobody has confirmed it.' : `Confirmed by ${confirmed}.`}`,
    ...(declined ? [`  Declined by the ${declined.by} on ${time(declined.at)}: ${clean(declined.reason)}`] : []),
  ];
}

/** Money as money; of what is larger, all that it says. */
function valueText(value: unknown): string {
  if (value === undefined) return '–';
  const amount = money.safeParse(value);
  if (amount.success) return format(amount.data);
  if (Array.isArray(value)) return value.map(valueText).join('; ');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${valueText(part)}`)
    .join(', ');
}
