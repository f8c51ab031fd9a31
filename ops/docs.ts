/**
 * Writes the reference pages that derive from code: `node ops/run.cjs ops/docs.ts`. With `--check` nothing is written, and
 * the exit code is 1 when a page is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { asyncApi } from '../clients/asyncapi';
import { formRows, type JsonSchema } from '../clients/cli/data-form';
import { markdownTable } from '../clients/cli/markdown';
import { comparisonTable } from '../clients/cli/scheme-commands';
import { codeLists, silences, type Code, type CodeList } from '../clients/feeds/customs/code-list';
import { factNames } from '../clients/feeds/customs/word';
import { enrolmentMessages, sentEnrolmentMessages, type EnrolmentMessageName } from '../domain/enrolment-messages';
import { isPublic, messageNames, messages, publicMessageNames } from '../domain/messages';
import { refusals, type RefusalCode } from '../domain/refusal';
import { schemePolicies } from '../domain/scheme';
import { compareSchemes, notInRows } from '../domain/scheme-comparison';
import { lifePage } from './life/page';
import { scalingPage } from './scaling';

const root = join(__dirname, '..');

/** The pages that are made, by path from the project's root. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/messages.md': messagesPage,
  'docs/reference/schemes.md': schemesPage,
  'docs/reference/enrolment.md': enrolmentPage,
  'docs/reference/asyncapi.json': () => `${JSON.stringify(asyncApi(), null, 2)}\n`,
  'docs/reference/customs-codes.md': customsCodesPage,
  'docs/reference/life-of-an-order.md': lifePage,
  'docs/scaling.md': scalingPage,
};

function messagesPage(): string {
  const inner = messageNames.filter((name) => !isPublic(name));
  const codes = Object.keys(refusals) as RefusalCode[];
  const sections = [
    '# Messages and refusals',
    'Made by `ops/docs.ts` from `domain/messages.ts` and `domain/refusal.ts`; change those, not this page.',
    'Each message has an `id` that its sender chooses, an `actor` (`role` and `member`) and `data`. It is a Signal and an ' +
      'Update of the same name. Money is `{ amount, currency }` in whole minor units. A field that is not listed is refused.',
    '## Messages at a glance',
    glance(publicMessageNames, messages),
    'What an order tells itself, when a deadline passes or an effect has an outcome; refused from outside:',
    glance(inner, messages),
    '## Fields',
    ...messageNames.flatMap((name) => fieldsOf(name, messages)),
    '## Refusals',
    'The `type` of a failed Update, the `code` of the client’s `Refused`, the `error.code` of the CLI. Codes are stable.',
    markdownTable(
      ['code', 'rule', 'text'],
      codes.map((code) => [`\`${code}\``, refusals[code].rule ?? '', refusals[code].text]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function enrolmentPage(): string {
  const names = Object.keys(enrolmentMessages) as EnrolmentMessageName[];
  const isSent = (name: EnrolmentMessageName) => sentEnrolmentMessages.some((sent) => sent === name);
  const sections = [
    '# Messages of an application',
    'Made by `ops/docs.ts` from `domain/enrolment-messages.ts`; change that, not this page.',
    'A supplier applies for Trade Assurance by the workflow `ta-enrolment-<supplier>`. As with orders, each message has an ' +
      '`id`, an `actor` (`role`, `member`, and the member’s `user` where it is named) and `data`, and is a Signal and an ' +
      'Update of the same name. Refusals stand with [those of the orders](messages.md#refusals). How it goes: ' +
      '[enrol a supplier](../how-to/enrol-a-supplier.md).',
    glance(names.filter(isSent), enrolmentMessages),
    'What the clock says; refused from outside:',
    glance(
      names.filter((name) => !isSent(name)),
      enrolmentMessages,
    ),
    '## Fields',
    ...names.flatMap((name) => fieldsOf(name, enrolmentMessages)),
  ];
  return `${sections.join('\n\n')}\n`;
}

type Table<Name extends string> = Readonly<
  Record<Name, { from: readonly string[]; rule: string; says: string; data: z.ZodType }>
>;

const glance = <Name extends string>(names: readonly Name[], all: Table<Name>): string =>
  markdownTable(
    ['message', 'from', 'rule', 'what'],
    names.map((name) => {
      const { from, rule, says } = all[name];
      return [`[\`${name}\`](#${name.toLowerCase()})`, from.join(', '), rule, says];
    }),
  );

function fieldsOf<Name extends string>(name: Name, all: Table<Name>): string[] {
  const rows = formRows(z.toJSONSchema(all[name].data, { io: 'input' }) as JsonSchema);
  const body =
    rows.length === 0
      ? 'No fields.'
      : markdownTable(
          ['field', 'form', ''],
          rows.map(([field = '', form = '', needed = '']) => [`\`${field}\``, plain(form), needed]),
        );
  return [`### ${name}`, `${all[name].says}.`, body];
}

/** A form as text of a page: patterns as code. */
const plain = (form: string): string =>
  form
    .replaceAll(' | ', ' or ')
    .replace(
      /^(.*?)(\^.*\$)(.*)$/,
      (_all, before: string, pattern: string, after: string) => `${before}\`${pattern}\`${after}`,
    );

/** As of the newest version of a policy, whatever the day on which the page is made. */
function schemesPage(): string {
  const newest = schemePolicies.map(({ effectiveFrom }) => effectiveFrom).sort();
  const sections = [
    '# The two schemes',
    'Made by `ops/docs.ts` from the policies in `seeds/policies`; change those, not this page. `ta scheme compare --at INSTANT` ' +
      'tells what was, or will be, in force at another time.',
    comparisonTable(compareSchemes(newest.at(-1) ?? '')),
    'Not in the table are these fields of a policy:',
    Object.entries(notInRows)
      .map(([field, why]) => `- \`${field}\`: ${why}.`)
      .join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What the codes of customs become, list by list (R32). */
function customsCodesPage(): string {
  const sections = [
    '# Codes of customs',
    'Made by `ops/docs.ts` from the lists in `clients/feeds/customs/codes`; change those, not this page. How to send such ' +
      'files, and how to add a list: [customs feeds](../how-to/customs-feeds.md).',
    'A code either becomes a message to the order, or is ignored by a code of ours that says why:',
    markdownTable(
      ['ignored as', 'because'],
      Object.entries(silences).map(([silence, why]) => [`\`status.${silence}\``, why]),
    ),
    ...Object.values<CodeList>(codeLists).flatMap(codesOf),
  ];
  return `${sections.join('\n\n')}\n`;
}

function codesOf({ title, profile, source, zone, edifact, codes }: CodeList): string[] {
  const places = edifact
    ? ` The declaration is ${either(edifact.declaration.map((q) => (q === 'BGM' ? q : `RFF+${q}`)))}, the time ` +
      `${either(edifact.dates.map((q) => `DTM+${q}`))}, the first that is there.`
    : '';
  return [
    `## ${title}`,
    `Profile \`${profile}\`. Source: ${source}. A time that names no zone is of ${zone}.${places}`,
    markdownTable(['code', 'says', 'becomes'], Object.entries(codes).map(codeRow)),
  ];
}

const either = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const codeRow = ([code, { says, original, means }]: [string, Code]): string[] => [
  `\`${code}\``,
  original === undefined ? says : `${says} (${original})`,
  means in factNames
    ? `[\`${factNames[means as keyof typeof factNames]}\`](messages.md#${factNames[means as keyof typeof factNames].toLowerCase()})`
    : `\`status.${means}\``,
];

/** The pages whose file is not what the code gives. */
export const stalePages = (): string[] =>
  Object.entries(pages)
    .filter(([path, make]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== make())
    .map(([path]) => path);

function main(args: readonly string[]): void {
  const stale = stalePages();
  if (args.includes('--check')) {
    if (stale.length === 0) return;
    console.error(`Stale: ${stale.join(', ')}. Make again: node ops/run.cjs ops/docs.ts`);
    process.exitCode = 1;
    return;
  }
  for (const path of stale) writeFileSync(join(root, path), pages[path]?.() ?? '');
  console.log(stale.length === 0 ? 'Every page is up to date.' : `Made: ${stale.join(', ')}.`);
}

if (require.main === module) main(process.argv.slice(2));
