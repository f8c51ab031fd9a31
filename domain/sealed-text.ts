/**
 * Texts that are stored sealed with a member's key begin with this. Nobody may hand one in: whoever had a copy of the database
 * would have it opened for him by reading it back.
 */
export const sealedPrefix = 'personal:';

export const isSealedText = (text: string): boolean => text.trimStart().startsWith(sealedPrefix);

/** Whether a sealed text is anywhere in a value that came from outside. */
export function holdsSealedText(value: unknown): boolean {
  if (typeof value === 'string') return isSealedText(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some(holdsSealedText);
}
