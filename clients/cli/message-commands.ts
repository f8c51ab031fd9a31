/** The commands of the message table: all messages at a glance, and one with the form of its data and an example. */
import type { Command } from 'commander';
import { z } from 'zod';
import {
  isInner,
  isPublic,
  messageNames,
  messages,
  publicMessageNames,
  sendersOf,
  type MessageName,
  type Role,
} from '../../domain/messages';
import { exampleOf, formRows, type JsonSchema } from './data-form';
import { wrongUsage } from './faults';
import { near } from './input';
import type { Output } from './io';
import { group, type Action, type Add } from './command';
import { fields, section, table, type Paint } from './text';

export function messageCommands(program: Command, add: Add, action: Action): void {
  const message = group(program, 'message', 'The messages that orders take: list, show');
  add(message, {
    call: 'list',
    says: 'List the messages: who may send them, what they mean, the rule behind them',
    examples: ['message list', 'message list --json'],
  }).action(() => action(list));
  add(message, {
    call: 'show <name>',
    says: 'Show a message: the form of its data and an example',
    examples: ['message show confirm', 'message show paymentCredited --json'],
  }).action((name: string) => action(() => show(name)));
}

/** A message as it is told. The catalogue's own words, and its data as JSON Schema. */
function told(name: MessageName) {
  const { says, rule, data } = messages[name];
  const schema = z.toJSONSchema(data, { io: 'input' }) as JsonSchema;
  return { name, from: sendersOf(name), says, rule, schema, example: exampleOf(schema) };
}

function list(): Output {
  const rows = (names: readonly MessageName[]) =>
    names.map((name) => [name, messages[name].from.join(', '), messages[name].rule, messages[name].says]);
  const columns = [
    { head: 'Message', format: () => 'bold' as const },
    { head: 'From' },
    { head: 'Rule' },
    { head: 'What' },
  ];
  return {
    json: messageNames.map((name) => {
      const { from, says, rule, schema } = told(name);
      return { name, from, says, rule, schema };
    }),
    lines: (paint) => [
      ...table(columns, rows(publicMessageNames), paint),
      '',
      'What an order tells itself, when a deadline passes or an effect has an outcome:',
      ...table(columns, rows(messageNames.filter((name) => !isPublic(name))), paint),
      '',
      '`ta message show <name>` shows the form of the data and an example.',
    ],
  };
}

function show(text: string): Output {
  const name = messageNames.find((known) => known === text);
  if (!name) throw wrongUsage(`There is no message ${JSON.stringify(text)}.`, near(text, messageNames));
  const message = told(name);
  return { json: message, lines: (paint) => showLines(message, paint) };
}

function showLines({ name, from, says, rule, schema, example }: ReturnType<typeof told>, paint: Paint): string[] {
  const form = formRows(schema);
  return [
    `${paint('bold', name)}: ${says}.`,
    ...fields(
      [
        ['From', from.join(', ')],
        ['Rule', rule],
        ['Data', form.length === 0 && 'none'],
      ],
      paint,
    ),
    ...section(
      'Data',
      form.length > 0 ? table([{ head: 'Field' }, { head: 'Form' }, { head: '' }], form, paint) : [],
      paint,
    ),
    ...section('Example', isPublic(name) ? exampleLines(name, from.find(isOutside) ?? 'ROLE', example) : [], paint),
  ];
}

const isOutside = (role: Role): boolean => !isInner(role);

function exampleLines(name: MessageName, from: string, example: unknown): string[] {
  if (name === 'draft')
    return [
      '  ta order start --file draft.json',
      ...JSON.stringify(example, null, 2)
        .split('\n')
        .map((line) => `  ${line}`),
    ];
  const data = Object.keys(example as object).length > 0 ? ` --data '${JSON.stringify(example)}'` : '';
  return [`  ta order send ORDER ${name} --as ${from}:MEMBER${data}`];
}
