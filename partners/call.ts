/**
 * One HTTP call to an outside party, as the clients of this folder make it. What must happen once is put under a key of
 * ours (`PUT …/<key>`): asked again, the party answers with what it has done, so that any call may be repeated.
 */
import { z } from 'zod';
import { problemsOf } from '../domain/parse';
import { jsonOf } from './http';

/** Effect id of an order (`<order>:<version>:<index>`), or another id of ours: the same for every attempt at one thing. */
export const partnerKey = z.string().regex(/^[A-Za-z0-9][\w.:-]{0,199}$/, '1 to 200 letters, digits and . : _ -');

/** The partner's own name of what it has done. */
export const reference = z.string().min(1).max(64);

/** Why the partner did not do it, as a short stable word such as `insufficient-funds`. */
export const reason = z.string().min(1).max(200);

/** The body of every answer that is an error. */
const problem = z.object({ code: z.string(), detail: z.string().optional() });

export interface PartnerOptions {
  /** Bearer token that the partner knows us by. */
  secret?: string | undefined;
  /** How long an answer may take, in milliseconds; 10,000 unless said. */
  timeoutMs?: number;
}

/**
 * The partner will never do this, however often it is asked: the request is malformed (`request.invalid`), or its key
 * stands for another request (`key.conflict`). Everything else that is thrown may be mended by a later attempt.
 */
export class PartnerRefused extends Error {
  override readonly name = 'PartnerRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Statuses that no attempt mends. Not among them: 401, 404, 429, which settings or time may mend. */
const hopeless: readonly number[] = [400, 409, 413, 422];

interface Received {
  status: number;
  /** Undefined when it is no JSON. */
  body: unknown;
}

/** Calls to the party `name` (for people) at `url`. */
export function partnerAt(name: string, url: string, { secret, timeoutMs = 10_000 }: PartnerOptions = {}) {
  const base = url.replace(/\/+$/, '');

  async function call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<Received> {
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(secret && { authorization: `Bearer ${secret}` }),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const init = { method, headers, redirect: 'error' as const, signal, ...(body && { body: JSON.stringify(body) }) };
      const response = await fetch(`${base}/${path}`, init);
      return { status: response.status, body: jsonOf(await response.text()) };
    } catch (fault) {
      const how = signal.aborted ? `no answer within ${timeoutMs} ms` : 'no connection';
      const hint = method === 'PUT' ? '; it may have done it, so ask again under the same key' : '';
      throw new Error(`${name}: ${how}${hint}`, { cause: fault });
    }
  }

  function read<Answer extends z.ZodType>({ status, body }: Received, form: Answer): z.infer<Answer> {
    if (status < 200 || status > 299) throw failure(status, body);
    const answer = form.safeParse(body);
    if (!answer.success) throw new Error(`${name}: an answer of another form: ${problemsOf(answer.error)}`);
    return answer.data;
  }

  function failure(status: number, body: unknown): Error {
    const { code, detail } = problem.safeParse(body).data ?? {};
    const says = [`${name}: status ${status}`, code, detail].filter((part) => part !== undefined).join(', ');
    return hopeless.includes(status) ? new PartnerRefused(code ?? 'request.invalid', says) : new Error(says);
  }

  return {
    /** Has it done once what stands under `key`. */
    put: async <Answer extends z.ZodType>(collection: string, key: string, body: object, answer: Answer) =>
      read(await call('PUT', `${collection}/${encodeURIComponent(key)}`, body), answer),

    /** Asks for something that is good to ask for any number of times. */
    post: async <Answer extends z.ZodType>(collection: string, body: object, answer: Answer) =>
      read(await call('POST', collection, body), answer),

    /** What stands under `key`; undefined if the partner has never heard of it. */
    find: async <Answer extends z.ZodType>(collection: string, key: string, answer: Answer) => {
      const received = await call('GET', `${collection}/${encodeURIComponent(key)}`);
      // Any other 404 is an address that is wrong, and says nothing of the key.
      const isUnknown = received.status === 404 && problem.safeParse(received.body).data?.code === 'key.unknown';
      return isUnknown ? undefined : read(received, answer);
    },
  };
}
