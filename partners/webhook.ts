/**
 * One call to a receiver of webhooks, signed as Standard Webhooks has it. The receiver is not trusted: it has little time, no
 * say about where the call goes, and of what it answers little is read.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Attempt } from '../domain/webhooks';
import { AddressRefused, publicLookup, urlRefused } from './addresses';

export interface WebhookCall {
  url: string;
  /** The same for every attempt. */
  id: string;
  /** ISO instant of the attempt; receivers take one that is at most five minutes old. */
  at: string;
  body: string;
  /** `whsec_…`; each signs. */
  secrets: readonly string[];
}

export interface WebhookOptions {
  /** For all of it, in milliseconds; 15,000 unless said. */
  timeoutMs?: number;
  /** Whether http and addresses that are not public may be called: for development. */
  allowPrivate?: boolean;
  /** How names are resolved; for tests. */
  lookup?: LookupFunction;
}

/** How it went; without `error` the receiver has taken it. */
export interface WebhookAnswer extends Pick<Attempt, 'status' | 'error' | 'detail'> {
  /** The receiver asks to be left alone for so long. */
  retryAfterMs?: number;
}

/** What is read of an answer, in bytes, and what of that is kept for people, in characters. */
const mostBytes = 16 * 1024;
const mostDetail = 300;

/** Makes the call. Never throws: what went wrong is the answer. */
export async function callWebhook(call: WebhookCall, options: WebhookOptions = {}): Promise<WebhookAnswer> {
  const { timeoutMs = 15_000, allowPrivate = false } = options;
  const refused = allowPrivate ? undefined : urlRefused(call.url);
  if (refused !== undefined) return { error: 'address-refused', detail: refused };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(call, signal, options);
    const text = await startOf(response);
    return answerOf(response, text);
  } catch (fault) {
    if (signal.aborted) return { error: 'timeout', detail: `no answer within ${timeoutMs} ms` };
    return failureOf(fault);
  }
}

function send(
  { url, id, at, body, secrets }: WebhookCall,
  signal: AbortSignal,
  { allowPrivate = false, lookup }: WebhookOptions,
): Promise<IncomingMessage> {
  const when = new Date(at);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'trade-assurance-webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(when.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, when, body)).join(' '),
  };
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const guarded = lookup ?? (allowPrivate ? undefined : publicLookup());
  return new Promise((resolve, reject) => {
    // A connection for each call: one kept open would be the address of a moment ago. Redirects are answers like others.
    const sent = request(url, { method: 'POST', headers, signal, agent: false, ...(guarded && { lookup: guarded }) });
    sent.once('response', resolve).once('error', reject);
    sent.end(body);
  });
}

/** The beginning of an answer's body; the rest, and what comes too slowly, is not waited for. */
async function startOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= mostBytes) break; // ends the connection
    }
  } catch {
    // The status has come, and that is what counts.
  }
  return Buffer.concat(parts).toString('utf8').slice(0, mostDetail);
}

function answerOf({ statusCode: status = 0, headers }: IncomingMessage, text: string): WebhookAnswer {
  if (status >= 200 && status < 300) return { status };
  const retryAfterMs = msOf(headers['retry-after']);
  return {
    status,
    error: status >= 300 && status < 400 ? 'redirect' : 'status',
    ...(text !== '' && { detail: text }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** `Retry-After` in milliseconds; of its two forms that in seconds. */
const msOf = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;

/** Of Node's codes the ones that tell whoever reads the log what to do. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'broken-off',
};

function failureOf(fault: unknown): WebhookAnswer {
  const { code = '', message } = fault as NodeJS.ErrnoException;
  const detail = message.slice(0, mostDetail);
  if (fault instanceof AddressRefused) return { error: fault.code, detail };
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_|UNABLE_)/.test(code)) return { error: 'tls', detail };
  return { error: words[code] ?? 'no-connection', detail };
}
