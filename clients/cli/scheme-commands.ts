/** `ta scheme compare`: the two schemes side by side, as their policies in force say. */
import type { Command } from 'commander';
import { schemeName } from '../../domain/scheme';
import { compareSchemes, type ComparisonRow, type SchemeComparison } from '../../domain/scheme-comparison';
import { wrongUsage } from './faults';
import { moment } from './input';
import type { Output } from './io';
import { group, type Action, type Add } from './command';
import { markdownTable } from './markdown';
import { fields, time, type Paint } from './text';

export function schemeCommands(program: Command, add: Add, action: Action): void {
  const scheme = group(program, 'scheme', 'Trade Assurance and Secure Payment: compare');
  add(scheme, {
    call: 'compare',
    says: 'Compare the two schemes (R8–R27), as their policies in force say',
    examples: ['scheme compare', 'scheme compare --markdown --at 2026-04-01'],
  })
    .option('--markdown', 'as a table in Markdown')
    .option('--at <instant>', 'as of an instant, or of the end of a date in China (default: now)', moment)
    .action((options: { markdown?: true; at?: string }) =>
      action((io) => compare(options.at ?? io.now(), options.markdown)),
    );
}

function compare(at: string, asMarkdown: true | undefined): Output {
  const comparison = comparisonAt(at);
  return {
    json: comparison,
    lines: (paint) => (asMarkdown ? comparisonTable(comparison).split('\n') : comparisonLines(comparison, paint)),
  };
}

function comparisonAt(at: string): SchemeComparison {
  try {
    return compareSchemes(at);
  } catch (fault) {
    if (fault instanceof RangeError) throw wrongUsage('The schemes cannot be compared at that instant.', fault.message);
    throw fault;
  }
}

/** The comparison as a table in Markdown. */
export const comparisonTable = ({ names, rows }: SchemeComparison): string =>
  markdownTable(
    ['rule', '', ...schemeName.options.map((scheme) => `${names[scheme].en} ${names[scheme].zh}`)],
    rows.map(({ rules, label, values }) => [
      rules,
      `${label.en} ${label.zh}`,
      ...schemeName.options.map((scheme) => values[scheme]),
    ]),
  );

/** For a terminal, where columns that wide do not fit: under each subject what either scheme says, once if it is the same. */
function comparisonLines({ at, names, rows }: SchemeComparison, paint: Paint): string[] {
  const heads = schemeName.options.map((scheme) => `${names[scheme].en} (${names[scheme].zh})`);
  return [
    `${paint('bold', heads.join(' and '))}, ${time(at)}`,
    ...rows.flatMap((row) => ['', `${paint('bold', row.label.en)} ${row.label.zh} (${row.rules})`, ...told(row)]),
  ];

  function told({ values }: ComparisonRow): string[] {
    const [first, ...others] = schemeName.options.map((scheme) => values[scheme]);
    if (others.every((other) => other === first)) return fields([['both', first]], paint);
    return fields(
      schemeName.options.map((scheme) => [names[scheme].en, values[scheme]]),
      paint,
    );
  }
}
