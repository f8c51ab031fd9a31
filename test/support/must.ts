/** What a property asks for. Plain and quick: a property looks at a hundred thousand states. */
export function must(what: string, holds: boolean): void {
  if (!holds) throw new Error(`broken: ${what}`);
}

export function same(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`broken: ${what}: ${String(actual)}, expected ${String(expected)}`);
}
