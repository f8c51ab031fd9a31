/** Texts as banks break them into pieces. */

/** One text of its pieces: a full piece goes on in the next one without a space. */
export function joined(pieces: readonly string[], full: number): string {
  let text = '';
  for (const [i, piece] of pieces.entries()) text += i > 0 && (pieces[i - 1] ?? '').length < full ? ` ${piece}` : piece;
  return text;
}

/** With single spaces; undefined when nothing is left. */
export const tidy = (text: string | undefined): string | undefined => text?.replaceAll(/\s+/g, ' ').trim() || undefined;

/** The longest remittance text that a credit takes (`bankCredit` in domain/matching.ts). */
const longest = 500;

/** A text with further words that may name an order; those that it has already are not written twice. */
export function withWords(text: string | undefined, further: readonly (string | undefined)[]): string | undefined {
  let [first, rest] = [tidy(text) ?? '', ''];
  for (const words of further) {
    const more = tidy(words);
    if (more !== undefined && !`${first} ${rest}`.toUpperCase().includes(more.toUpperCase())) rest += ` ${more}`;
  }
  rest = rest.slice(0, longest);
  first = first.slice(0, longest - rest.length);
  return tidy(`${first}${rest}`);
}
