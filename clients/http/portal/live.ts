/**
 * Live updates as server-sent events: which order has changed, to whoever may see it. One change stream serves everybody who
 * looks on. A browser that lost its connection says which event it saw last, and gets what it missed, or is told to read anew.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../../domain/messages';
import { watchOrders, type OrderChange } from '../../../store/live';
import type { Api, ApiDeps } from '../deps';
import { actorOf, callerOf, maySee } from '../identity';
import { HttpProblem } from '../problem';
import { people } from './orders';

/** Most changes that are kept for those who come back. */
const mostKept = 2000;
const heartbeatMs = 20_000;
/** After a failure the stream is opened again, a little later. */
const reopenMs = 1000;

/** Most streams that one credential has open at a time; a further one is refused. */
const mostOfOne = 10;

interface Listener {
  actor: Actor;
  credential: string;
  out: ServerResponse;
  /** Whether its session or token still holds. */
  holds: () => Promise<boolean>;
  /** What is being written: changes are told in their order. */
  tail: Promise<void>;
}

/** The changes of this process's stream, and who is told of them. */
class Broadcast {
  readonly #listeners = new Set<Listener>();
  readonly #kept: OrderChange[] = [];
  #stream: { close: () => Promise<void> } | undefined;
  #isClosed = false;

  constructor(private readonly deps: ApiDeps) {}

  join(listener: Listener, lastSeen: string | undefined): () => void {
    this.#stream ??= this.#open();
    this.#catchUp(listener, lastSeen);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  openOf(credential: string): number {
    return [...this.#listeners].filter((one) => one.credential === credential).length;
  }

  /** Says that it is still there, to those whose session still holds; the streams of others end. */
  async beat(): Promise<void> {
    for (const listener of [...this.#listeners])
      if (await this.#holds(listener)) listener.out.write(': still here\n\n');
  }

  async #holds(listener: Listener): Promise<boolean> {
    if (await listener.holds()) return true;
    this.#listeners.delete(listener);
    listener.out.end();
    return false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { out } of this.#listeners) out.end();
    await this.#stream?.close();
  }

  #open() {
    return watchOrders(
      this.deps.store,
      (change) => this.#tell(change),
      (fault) => {
        if (this.#isClosed) return;
        this.deps.log.warn({ err: fault }, 'the change stream of the orders has failed; it is opened again');
        // What happened in between nobody knows here: everybody reads anew.
        this.#kept.length = 0;
        setTimeout(() => {
          if (this.#isClosed) return;
          this.#stream = this.#open();
          for (const { out } of this.#listeners) out.write('event: reset\ndata: {}\n\n');
        }, reopenMs).unref();
      },
    );
  }

  #tell(change: OrderChange): void {
    this.#kept.push(change);
    if (this.#kept.length > mostKept) this.#kept.shift();
    for (const listener of [...this.#listeners])
      if (maySee(listener.actor, change))
        listener.tail = listener.tail.then(async () => {
          if (await this.#holds(listener)) write(listener, change);
        });
  }

  #catchUp(listener: Listener, lastSeen: string | undefined): void {
    if (lastSeen === undefined) return;
    const at = this.#kept.findIndex(({ id }) => id === lastSeen);
    if (at < 0) listener.out.write('event: reset\ndata: {}\n\n');
    else for (const change of this.#kept.slice(at + 1)) write(listener, change);
  }
}

function write({ actor, out }: Listener, change: OrderChange): void {
  if (!maySee(actor, change)) return;
  const { id, order, version } = change;
  out.write(`id: ${id}\nevent: order\ndata: ${JSON.stringify({ order, version })}\n\n`);
}

export function liveRoutes(api: Api, deps: ApiDeps): void {
  const broadcast = new Broadcast(deps);
  const beat = setInterval(() => void broadcast.beat(), heartbeatMs);
  beat.unref();
  api.addHook('preClose', async () => {
    clearInterval(beat);
    await broadcast.close();
  });
  api.get('/portal/live', { config: { access: people }, schema: { hide: true } }, (request, reply) => {
    const actor = actorOf(request);
    const { credential } = callerOf(request);
    if (broadcast.openOf(credential) >= mostOfOne)
      throw new HttpProblem('rate.exceeded', `at most ${String(mostOfOne)} live streams at a time`);
    reply.hijack();
    const out = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) out.setHeader(name, value);
    out.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    out.write('retry: 2000\n\n');
    const leave = broadcast.join(
      { actor, credential, out, holds: holding(api, request), tail: Promise.resolve() },
      lastEventId(request),
    );
    request.raw.once('close', leave);
  });
}

/** Whether the session or token of the request still holds. */
const holding = (api: Api, request: FastifyRequest) => (): Promise<boolean> =>
  api.callerNow(request).then(
    (caller) => caller !== undefined,
    () => false,
  );

const lastEventId = ({ headers }: FastifyRequest): string | undefined => {
  const last = headers['last-event-id'];
  return typeof last === 'string' && last !== '' ? last : undefined;
};
