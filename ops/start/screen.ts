/**
 * What `npm start` writes with: styles (none where the terminal has no colour or NO_COLOR is set), rows with a label, and
 * lines wrapped to the terminal. Without a terminal lines are plain and whole, so that they can be searched.
 */
import { styleText, stripVTControlCharacters } from 'node:util';

export const isTerminal = process.stdout.isTTY && process.env.TERM !== 'dumb';

type Style = Parameters<typeof styleText>[0];
const styled = (style: Style) => (text: string) => styleText(style, text);

export const strong = styled('bold');
export const quiet = styled('dim');
export const good = styled('green');
export const warning = styled('yellow');

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Failures: on stderr, and still seen when the story goes to a file. */
export function complain(text: string): void {
  const options = { stream: process.stderr };
  process.stderr.write(`${styleText('red', '✖', options)} ${text}\n`);
}

/** The label of a row, and its lines; an empty row is left out. */
export type Row = readonly [label: string, lines: readonly string[]];

/** Rows as a block: labels in one column, what they tell in another. */
export function rows(all: readonly Row[], indent: number, labelWidth: number): string {
  const column = indent + labelWidth;
  return all
    .flatMap(([label, lines]) =>
      lines
        .flatMap((line) => wrap(line, textWidth() - column))
        .map((line, index) => ' '.repeat(indent) + quiet((index === 0 ? label : '').padEnd(labelWidth)) + line),
    )
    .join('\n');
}

/** As wide as can be read at ease, or as the terminal is. */
export const textWidth = (): number => (isTerminal ? Math.min(process.stdout.columns || 100, 110) : Infinity);

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && stripVTControlCharacters(longer).length > width) {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
