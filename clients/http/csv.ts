/** CSV (RFC 4180) of lists. */

/**
 * One line of cells. A cell with a separator, a quote or a line break is quoted; one that a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
export const csvLine = (cells: readonly (string | number | undefined)[]): string =>
  `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
