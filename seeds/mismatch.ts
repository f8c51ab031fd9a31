/** Whether a value looks as expected: of objects only what is named counts, of lists each entry in turn. */

/** The first place where it does not, in words; undefined when it does. */
export function mismatchOf(value: unknown, expected: unknown, path = ''): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length)
      return `${path || 'value'} is ${JSON.stringify(value)}, not a list of ${String(expected.length)}`;
    return first(expected.map((each, i) => mismatchOf(value[i], each, `${path}[${String(i)}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof value !== 'object' || value === null) return `${path || 'value'} is ${JSON.stringify(value)}`;
    return first(
      Object.entries(expected).map(([key, each]) =>
        mismatchOf((value as Record<string, unknown>)[key], each, path ? `${path}.${key}` : key),
      ),
    );
  }
  // `null` says that there is nothing.
  return (value ?? null) === expected
    ? undefined
    : `${path || 'value'} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`;
}

const first = (mismatches: (string | undefined)[]): string | undefined => mismatches.find((one) => one !== undefined);
