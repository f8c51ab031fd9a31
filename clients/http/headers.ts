/** The headers that steer a request: under which id a message is sent, which version it is for, how long to wait. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { messageId } from '../../domain/messages';
import type { Language } from '../../domain/vocabulary';
import { HttpProblem } from './problem';

/**
 * The message's id: the `Idempotency-Key`, bare or in quotes, or a new one; told in the answer, so that it can be sent again.
 * @throws HttpProblem `idempotency.key-invalid`
 */
export function idempotencyKey(request: FastifyRequest, reply: FastifyReply): string {
  const given = request.headers['idempotency-key'];
  const key = messageId.safeParse(given === undefined ? randomUUID() : String(given).replace(/^"(.*)"$/, '$1'));
  if (!key.success) throw new HttpProblem('idempotency.key-invalid');
  void reply.header('idempotency-key', key.data);
  return key.data;
}

/** The same, where there is one. @throws HttpProblem `idempotency.key-invalid` */
export const givenKey = (request: FastifyRequest, reply: FastifyReply): string | undefined =>
  request.headers['idempotency-key'] === undefined ? undefined : idempotencyKey(request, reply);

/** The reader's language by `Accept-Language` (RFC 9110): English unless Chinese is wanted more. */
export function languageOf({ headers }: Pick<FastifyRequest, 'headers'>): Language {
  const wanted = (headers['accept-language'] ?? '').split(',').map((range) => {
    const [tag = '', quality] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = (language: string) =>
    Math.max(0, ...wanted.filter((one) => one.language === language).map(({ quality }) => quality));
  return best('zh') > best('en') ? 'zh' : 'en';
}

/** What `Prefer` (RFC 7240) asks for. */
export interface Preference {
  /** Answer at once; the outcome is at the status address. */
  respondAsync: boolean;
  /** Seconds to wait for the outcome, at most 60. */
  wait?: number;
}

/** Reads `Prefer: respond-async, wait=10`; what it does not know, it passes over, as the standard says. @public */
export function preferenceOf({ headers }: FastifyRequest): Preference {
  const all = String(headers.prefer ?? '').split(',');
  const tokens = all.map((token) => token.trim().toLowerCase());
  const seconds = tokens.map((token) => /^wait=(\d{1,4})$/.exec(token)?.[1]).find((found) => found !== undefined);
  return {
    respondAsync: tokens.includes('respond-async'),
    ...(seconds !== undefined && { wait: Math.min(Number(seconds), 60) }),
  };
}

/** The versions that `If-Match` or `If-None-Match` names; `*` is any. */
function tagsOf(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  return header.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
}

/** The entity tag of a version. */
export const tagOf = (version: number): string => `"${String(version)}"`;

/** Throws HttpProblem `precondition.failed` when `If-Match` names other versions than this one. */
export function assertMatch({ headers }: FastifyRequest, version: number): void {
  const tags = tagsOf(headers['if-match']);
  if (!tags || tags.includes('*') || tags.includes(String(version))) return;
  throw new HttpProblem('precondition.failed', `it is at version ${String(version)}`);
}

/** Whether the caller has this version already (`If-None-Match`). */
export function hasAlready({ headers }: FastifyRequest, version: number): boolean {
  const tags = tagsOf(headers['if-none-match']);
  return tags !== undefined && (tags.includes('*') || tags.includes(String(version)));
}
