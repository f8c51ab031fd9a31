/** Words for people: failures, sizes, addresses without their passwords. */

/** The message of whatever was thrown, with the cause that Node's fetch hides behind "fetch failed". */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  if (!cause) return error.message;
  const code = 'code' in cause ? String(cause.code) : undefined;
  return `${error.message} (${cause.message || code || cause.name})`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A connection string as it may be shown: without the password. */
export function withoutPassword(uri: string): string {
  return uri.replace(/\/\/([^:/@]+):[^@/]*@/, '//$1:***@');
}
