/**
 * `TradeAssuranceHttpClient`: the HTTP API for TypeScript, typed from the message table, over `fetch` alone. A call that met a
 * fault of the network, or a server that was busy, is made again under the same `Idempotency-Key`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import type { LimitExplanation } from '../domain/credit';
import { publicMessageNames, type Actor, type MessageData } from '../domain/messages';
import { refusals, type RefusalCode } from '../domain/refusal';
import type { Statement, StatementPeriod } from '../domain/statement';
import type { OrderView, ToldEntry } from '../domain/view';
import type { Withdrawal, WithdrawalRequest } from '../domain/withdrawal';
import type { Answer } from '../workflows/contract';
import type { SendableName } from './client';
import { Refused, TradeAssuranceError, Unavailable } from './errors';
import type { orderRow } from './http/forms';
import type { OrderQuery } from './http/order-query';

export interface HttpClientOptions {
  /** Where the API is, without `/v1`: `https://orders.example`. */
  url: string;
  /** The bearer token (JWT), or what gets one: asked before every request, so that an expired one is replaced. */
  token: string | (() => string | Promise<string>);
  /** How long one request may take, in milliseconds (default 30,000). */
  timeoutMs?: number;
  /** How often a request is made before it is given up (default 5). */
  attempts?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds (default 60,000). */
  longestWaitMs?: number;
}

/** For whom a service acts. The caller of a party's own token needs none. */
export interface ActingFor {
  as?: Actor & { role: 'supplier' | 'buyer' };
}

export interface HttpSender extends ActingFor {
  /** The message's id, sent as `Idempotency-Key` (made up when absent; name it to be able to call again). */
  id?: string;
}

export interface HttpMessage extends HttpSender {
  /** Only if the order is at this version: else the error `precondition.failed`. */
  ifVersion?: number;
}

/** Which orders; `limit` is how many come in a page. */
export type OrderListQuery = Partial<Omit<OrderQuery, 'format' | 'cursor'>> & ActingFor;
/** An order in a list. */
export type OrderRow = z.infer<typeof orderRow>;

/** One method for each message: answers once it is committed. */
type MessageMethods = {
  [Name in Exclude<SendableName, 'draft'>]: (
    order: string,
    data: MessageData<Name>,
    sender?: HttpMessage,
  ) => Promise<Answer>;
};

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;
interface Call extends HttpMessage {
  query?: Query;
  /** What is sent, and so under a key. */
  body?: object;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the methods are made from the table, below
export class TradeAssuranceHttpClient {
  constructor(readonly options: HttpClientOptions) {}

  /**
   * Drafts an order (R28), whose id is in the answer. The same id and data again are the same order.
   * @throws Refused; Unavailable, then call again under the same id; TradeAssuranceError with a code of HTTP
   */
  start(data: MessageData<'draft'>, sender: HttpSender = {}): Promise<Answer> {
    return this.call('POST', '/v1/orders', { ...sender, body: data });
  }

  /** Sends a message. @throws as `start`; TradeAssuranceError `precondition.failed` when the order has moved on */
  send<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: HttpMessage = {},
  ): Promise<Answer> {
    return this.call('POST', pathOf('/v1/orders', order, 'messages', name), { ...sender, body: data });
  }

  /** The order as the caller may see it. @throws Refused `order.not-found`, of others' orders, too */
  view(order: string, by: ActingFor = {}): Promise<OrderView> {
    return this.call('GET', pathOf('/v1/orders', order), by);
  }

  /** The caller's orders, page after page as they are asked for. */
  list({ as, ...query }: OrderListQuery = {}): AsyncGenerator<OrderRow, void> {
    return this.pages('/v1/orders', query, as && { as });
  }

  /** What happened to the order, oldest first. @throws Refused `order.not-found` */
  journal(order: string, by: ActingFor = {}): AsyncGenerator<ToldEntry, void> {
    return this.pages(pathOf('/v1/orders', order, 'journal'), { limit: 200 }, by);
  }

  /** The supplier's limit and how it came about (R1, R3), now or at an instant. @throws Refused `member.not-found` */
  credit(supplier: string, { at, ...by }: ActingFor & { at?: string } = {}): Promise<LimitExplanation> {
    return this.call('GET', pathOf('/v1/suppliers', supplier, 'credit'), { ...by, query: { at } });
  }

  /** The statement of the supplier's account (R18), from an instant or date on, before another. */
  statement({ supplier, ...query }: StatementPeriod, by: ActingFor = {}): Promise<Statement> {
    return this.call('GET', pathOf('/v1/suppliers', supplier, 'statement'), { ...by, query });
  }

  /** Withdraws a supplier's money (R9); answers once it is reserved. The same id and request are the same withdrawal. */
  withdraw(request: Omit<WithdrawalRequest, 'id' | 'by'>, sender: HttpSender = {}): Promise<Withdrawal> {
    return this.call('POST', '/v1/withdrawals', { ...sender, body: request });
  }

  /** A withdrawal as it stands. @throws Refused `withdrawal.not-found` */
  withdrawal(id: string, by: ActingFor = {}): Promise<Withdrawal> {
    return this.call('GET', pathOf('/v1/withdrawals', id), by);
  }

  // --- within

  private async *pages<Item>(path: string, query: Query, by: ActingFor = {}): AsyncGenerator<Item, void> {
    let cursor: string | undefined;
    do {
      const page: { items: Item[]; next?: string } = await this.call('GET', path, {
        ...by,
        query: { ...query, cursor },
      });
      yield* page.items;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  private async call<T>(method: 'GET' | 'POST', path: string, { query = {}, ...call }: Call): Promise<T> {
    const { attempts = 5, longestWaitMs = 60_000 } = this.options;
    const url = new URL(`${this.options.url.replace(/\/$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, [value].flat().join(','));
    }
    const sent = { ...call, ...(call.body && { id: call.id ?? randomUUID() }) };
    for (let tries = 1; ; tries += 1) {
      const { value, fault, waitMs = usualWaitMs(tries) } = await this.attempt<T>(method, url, sent);
      if (!fault) return value as T;
      if (tries >= attempts || waitMs > longestWaitMs) throw new Unavailable(fault);
      await pause(waitMs);
    }
  }

  /** One request: its answer, or the fault after which it may be made again. @throws what another attempt would not mend */
  private async attempt<T>(method: string, url: URL, call: Call): Promise<Attempt<T>> {
    const { token, timeoutMs = 30_000 } = this.options;
    const authorization = `Bearer ${typeof token === 'string' ? token : await token()}`;
    const request: RequestInit = {
      method,
      headers: { authorization, accept: 'application/json', ...headersOf(call) },
      ...(call.body && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, request);
      text = await response.text();
    } catch (fault) {
      return { fault: fault as Error };
    }
    if (response.ok) return { value: JSON.parse(text) as T };
    const fault = errorOf(response, text);
    // An order that has halted is no server that is busy: it waits for an operator.
    if (fault instanceof Refused || !passing.has(response.status)) throw fault;
    return { fault, ...waitOf(response.headers.get('retry-after')) };
  }
}

interface Attempt<T> {
  value?: T;
  fault?: Error;
  /** How long the server says to wait. */
  waitMs?: number;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- see above
export interface TradeAssuranceHttpClient extends MessageMethods {}

for (const name of publicMessageNames) {
  if (name === 'draft') continue;
  Object.defineProperty(TradeAssuranceHttpClient.prototype, name, {
    value(this: TradeAssuranceHttpClient, order: string, data: never, sender?: HttpMessage) {
      return this.send(name, order, data, sender);
    },
  });
}

/** Statuses of a server, or of a proxy before it, that may answer a little later. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const pathOf = (base: string, ...parts: string[]): string => [base, ...parts.map(encodeURIComponent)].join('/');

const headersOf = ({ as, id, ifVersion, body }: Call): Record<string, string> => ({
  ...(body && { 'content-type': 'application/json' }),
  ...(id !== undefined && { 'idempotency-key': id }),
  ...(ifVersion !== undefined && { 'if-match': `"${String(ifVersion)}"` }),
  ...(as && { 'ta-actor': `${as.role}:${as.member}${as.user === undefined ? '' : `/${as.user}`}` }),
});

/** Longer each time, in milliseconds; not all callers at once. */
const usualWaitMs = (tries: number): number => Math.min(5000, 100 * 2 ** tries) * (0.5 + Math.random() / 2);

/** `Retry-After` (RFC 9110): seconds, or a date. */
function waitOf(header: string | null): { waitMs?: number } {
  if (header === null) return {};
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(waitMs) ? {} : { waitMs: Math.max(0, waitMs) };
}

/** The error of a problem (RFC 9457); of a proxy that speaks none, the code `http.<status>`. */
function errorOf({ status, headers }: Response, text: string): TradeAssuranceError {
  const isProblem = /^application\/problem\+json\b/.test(headers.get('content-type') ?? '');
  if (!isProblem)
    return new TradeAssuranceError(`http.${String(status)}`, text.slice(0, 200) || `HTTP ${String(status)}`);
  const { code, title, rule, detail } = JSON.parse(text) as Record<
    'code' | 'title' | 'rule' | 'detail',
    string | undefined
  >;
  const told = { text: title ?? '', ...(rule !== undefined && { rule }), ...(detail !== undefined && { detail }) };
  if (code !== undefined && code in refusals) return new Refused({ refused: code as RefusalCode, ...told });
  return new TradeAssuranceError(code ?? `http.${String(status)}`, detail ? `${told.text} (${detail})` : told.text);
}
