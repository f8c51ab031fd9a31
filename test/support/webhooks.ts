/** A receiver of webhooks, and orders whose journal grows without a workflow, for tests of the relay. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { decide } from '../../domain/decide';
import type { Message } from '../../domain/messages';
import { isRefusal } from '../../domain/refusal';
import type { OrderChanged } from '../../domain/webhooks';
import { commit } from '../../store/commit';
import { findOrder } from '../../store/read';
import type { Store } from '../../store/store';
import { as, lighting } from './world';

export interface Received {
  id: string;
  body: OrderChanged;
  raw: string;
  headers: IncomingMessage['headers'];
}

/** Takes every call and keeps it, unless told otherwise. */
export class HookReceiver {
  /** What was taken, in the order of arrival. */
  readonly taken: Received[] = [];
  /** Every call, taken or not. */
  readonly calls: Received[] = [];
  /** The status to answer with; or `hang`, which never answers. */
  answer: (call: Received, count: number) => number | 'hang' | readonly [number, Record<string, string>] = () => 204;
  url = '';
  #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => void this.#take(request, response));

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/hooks`;
    return this;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts).toString('utf8');
    const { headers } = request;
    const call = { id: String(headers['webhook-id']), body: JSON.parse(raw) as OrderChanged, raw, headers };
    this.calls.push(call);
    const answer = this.answer(call, this.calls.length);
    if (answer !== 'hang') {
      const [status, more] = typeof answer === 'number' ? [answer, {}] : answer;
      if (status >= 200 && status < 300) this.taken.push(call);
      response.writeHead(status, more).end(status === 500 ? 'out of order' : '');
    }
    this.#waiting.splice(0).forEach((look) => look());
  }

  /** Resolves once what was taken, or called, is so. */
  async until(isSo: (taken: readonly Received[], calls: readonly Received[]) => boolean): Promise<void> {
    while (!isSo(this.taken, this.calls)) await new Promise<void>((look) => this.#waiting.push(look));
  }

  /** The versions of an order that were taken, in the order of arrival. */
  versions(order: string): number[] {
    return this.taken.filter(({ body }) => body.order === order).map(({ body }) => body.version);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** Whether a call is signed with a secret. */
export function isSignedWith(secret: string, { raw, headers }: Received, at: string): boolean {
  const told = { ...(headers as Record<string, string>) };
  const webhook = new Webhook(secret);
  const expected = webhook.sign(told['webhook-id'] ?? '', new Date(at), raw);
  return (told['webhook-signature'] ?? '').split(' ').includes(expected);
}

/** What a message does to an order is stored, as the workflow would: the rules and the store without Temporal. */
export async function happens(store: Store, order: string, message: Message, at: string): Promise<void> {
  const before = await findOrder(store, order);
  const events = decide(before, message, at);
  if (isRefusal(events)) throw new Error(events.text);
  const answer = await commit(store, { order, version: (before?.version ?? 0) + 1, at, message, events });
  if (answer.kind !== 'as-asked' && answer.kind !== 'stands') throw new Error(JSON.stringify(answer));
}

/** Drafts the seeded lighting order, or one of another buyer. */
export const drafts = (store: Store, order: string, at: string, of: { buyer?: string } = {}): Promise<void> => {
  const data = { ...lighting, ...of };
  return happens(store, order, { name: 'draft', id: `${order}-draft`, actor: as.supplier.as, data }, at);
};

/** Revises the order so many times. */
export async function revises(store: Store, order: string, times: number, at: string): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const { revision = 1, version = 1 } = (await findOrder(store, order)) ?? {};
    const changes = { payment: { ...lighting.contract.payment, advancePercent: 10 + (version % 50) } };
    const data = { baseRevision: revision, changes };
    const id = `${order}-revise-${String(version)}`;
    await happens(store, order, { name: 'revise', id, actor: as.supplier.as, data }, at);
  }
}

/** A clock of the test's own. */
export class TestClock {
  constructor(public at = '2026-11-02T08:00:00.000Z') {}
  readonly now = (): string => this.at;
  later(ms: number): string {
    this.at = new Date(Date.parse(this.at) + ms).toISOString();
    return this.at;
  }
}
