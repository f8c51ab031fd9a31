/** Texts as banks break them into pieces. */

/** One text of its pieces: a full piece goes on in the next one without a space. */
export function joined(pieces: readonly string[], full: number): string {
  let text = '';
  for (const [i, piece] of pieces.entries()) text += i > 0 && (pieces[i - 1] ?? '').length < full ? ` ${piece}` : piece;
  return text;
}

/** With single spaces; undefined when nothing is left. */
export const tidy = (text: string | undefined): string | undefined => text?.replaceAll(/\s+/g, ' ').trim() || undefined;
