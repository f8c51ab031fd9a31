/** Text for people: colours, aligned tables, times. Whatever a member wrote is shown, never obeyed by the terminal. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { format, moneyOf, type CurrencyCode } from '../../domain/money';

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Paint = (format: Format, text: string) => string;

export const painter =
  (color: boolean): Paint =>
  (format, text) =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;

/** Without escape sequences, controls, line breaks and marks that turn the direction of writing. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const signs = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a cleaned text takes in a terminal: two for a wide sign, as in Chinese. */
export const widthOf = (text: string): number =>
  Array.from(signs.segment(text)).reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0);

export interface Column {
  head: string;
  align?: 'right';
  format?: (text: string) => Format | undefined;
}

/** A table under its heads, each line indented by two. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const cells = rows.map((row) => row.map(clean));
  const widths = columns.map(({ head }, i) => Math.max(widthOf(head), ...cells.map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[], formatOf: (column: Column, text: string) => Format | undefined) =>
    `  ${columns
      .map((column, i) => {
        const cell = row[i] ?? '';
        const gap = ' '.repeat((widths[i] ?? 0) - widthOf(cell));
        const format = formatOf(column, cell);
        const painted = format ? paint(format, cell) : cell;
        return column.align === 'right' ? gap + painted : painted + gap;
      })
      .join('  ')}`.trimEnd();
  return [
    line(
      columns.map(({ head }) => head),
      () => 'dim',
    ),
    ...cells.map((row) => line(row, ({ format }, text) => format?.(text))),
  ];
}

/** Names and values, one a line; those without a value are left out. */
export function fields(rows: readonly (readonly [name: string, value: string | undefined | false])[], paint: Paint) {
  const shown = rows.filter((row): row is [string, string] => Boolean(row[1]));
  const width = Math.max(...shown.map(([name]) => name.length), 0);
  return shown.map(([name, value]) => `  ${paint('dim', name.padEnd(width))}  ${clean(value)}`);
}

/** A heading and what stands under it; nothing when nothing does. */
export const section = (head: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length > 0 ? ['', paint('bold', head), ...lines] : [];

/** `2026-04-01 08:00 UTC` */
export const time = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** `2026-04-01 08:00:00` */
export const second = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)}`;

/** `+USD 100.00`, `−USD 100.00` */
export const signed = (amount: number, currency: CurrencyCode): string =>
  `${amount < 0 ? '−' : '+'}${format(moneyOf(Math.abs(amount), currency))}`;

/** `1 order`, `2 orders` */
export const counted = (count: number, one: string): string => `${String(count)} ${one}${count === 1 ? '' : 's'}`;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `in 15 days`, `3 hours ago` */
export function fromNow(at: string, now: string): string {
  const ms = Date.parse(at) - Date.parse(now);
  const [unit, length] = units.find(([, size]) => Math.abs(ms) >= 2 * size) ?? units[2];
  return new Intl.RelativeTimeFormat('en').format(Math.round(ms / length), unit);
}
