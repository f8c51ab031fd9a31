/** Words for people: failures, sizes, addresses without their passwords. */
import { types } from 'node:util';

/** The message of whatever was thrown, with the cause that Node's fetch hides behind "fetch failed". */
export function failureText(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const { cause } = error;
  if (!types.isNativeError(cause) || error.message.includes(cause.message || '\0')) return error.message;
  return `${error.message} (${cause.message || errorCode(cause) || cause.name})`;
}

/** Node's code of a failure, such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return types.isNativeError(error) && 'code' in error ? String(error.code) : undefined;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A connection string as it may be shown: without the password. */
export function withoutPassword(uri: string): string {
  return uri.replace(/\/\/([^:/@]+):[^@/]*@/, '//$1:***@');
}
