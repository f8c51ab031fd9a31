/** CSV (RFC 4180) of lists. */

/**
 * One line of cells. A cell with a separator, a quote or a line break is quoted; one that a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
export const csvLine = (cells: readonly (string | number | undefined)[]): string =>
  `${cells.map(cellOf).join(',')}\r\n`;

/** What begins a formula, in half or full width, also behind blanks and what shows as nothing; a line break or a tab. */
const formula = /^(?:[\t\r\n]|(?:\s|\u200b|\u200c|\u200d|\u2060|\ufeff)*[=+\-@＝＋－＠])/u;

function cellOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
