/** Messages to orders: one route for each message of the table, with its own form; and where its outcome is told. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  isInner,
  keyOf,
  messageId,
  messages,
  publicMessageNames,
  sendersOf,
  type Role,
} from '../../../domain/messages';
import { refuse } from '../../../domain/refusal';
import { journalEntryOfKey, findOrder } from '../../../store/read';
import type { Answer } from '../../../workflows/contract';
import type { SendableName } from '../../client';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { accepted, answer, answers, outcome } from '../forms';
import { assertMatch, idempotencyKey, preferenceOf, tagOf } from '../headers';
import { actorOf, everybody, maySee, type CallerRole } from '../identity';
import { HttpProblem } from '../problem';
import { orderPath } from './orders';

type Sent = Exclude<SendableName, 'draft'>;
const isSent = (name: SendableName): name is Sent => name !== 'draft';
const sentNames = publicMessageNames.filter(isSent);

export function messageRoutes(api: Api, deps: ApiDeps): void {
  for (const name of sentNames) addMessage(api, deps, name);
  addOutcome(api, deps);
}

/** Which callers may send what these roles send. */
export function accessOf(from: readonly Role[]): CallerRole[] {
  const outer = from.filter((role) => !isInner(role));
  const isOfParty = outer.includes('supplier') || outer.includes('buyer');
  const isOfFeed = outer.some((role) => role !== 'supplier' && role !== 'buyer' && role !== 'platform');
  return [
    ...outer.filter((role) => role === 'supplier' || role === 'buyer' || role === 'platform'),
    ...(isOfFeed ? (['feed'] as const) : []),
    ...(isOfParty ? (['service'] as const) : []),
  ];
}

function addMessage(api: Api, deps: ApiDeps, name: Sent): void {
  const { data, says, rule } = messages[name];
  api.post(
    `/v1/orders/:order/messages/${name}`,
    {
      config: { access: accessOf(sendersOf(name)), rule, again: 'key' },
      schema: {
        operationId: name,
        tags: ['messages'],
        summary: `${says} (${rule})`,
        params: orderPath,
        body: data as z.ZodType,
        ...answers({ 200: answer, 202: accepted }),
      },
    },
    (request, reply) => send(request, reply, deps, name),
  );
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { ta, store }: ApiDeps,
  name: Sent,
): Promise<FastifyReply> {
  const as = actorOf(request);
  const { order } = request.params as z.infer<typeof orderPath>;
  const stands = await findOrder(store, order);
  if (!stands || !maySee(as, stands)) throw new Refused(refuse('order.not-found', order));
  const id = idempotencyKey(request, reply);
  const isRepeated =
    request.headers['if-match'] !== undefined && (await journalEntryOfKey(store, order, keyOf(as, id)));
  if (!isRepeated) assertMatch(request, stands.version);
  const { respondAsync, wait } = preferenceOf(request);
  const status = `/v1/orders/${order}/messages/${name}/${encodeURIComponent(id)}`;
  if (respondAsync) {
    // Durable once the server has it; what the order then refuses is kept on the order.
    const isKnown = await ta.answered(name, order, request.body as never, { as, id });
    if (!isKnown) await ta.signal(name, order, request.body as never, { as, id });
    return later(reply, status, 'respond-async');
  }
  const sent = told(request, ta.send(name, order, request.body as never, { as, id }));
  if (wait === undefined) return done(reply, await sent);
  const first = await Promise.race([sent, pause(wait * 1000, undefined, { ref: false })]);
  if (first) return done(reply.header('preference-applied', `wait=${String(wait)}`), first);
  sent.catch(() => undefined); // its status address tells
  return later(reply, status, `wait=${String(wait)}`);
}

/** A revision that is stale is a precondition that has failed, when the sender has named a version. */
const told = (request: FastifyRequest, sent: Promise<Answer>): Promise<Answer> =>
  sent.catch((fault: unknown) => {
    const isStale = fault instanceof Refused && fault.code === 'revision.stale';
    throw isStale && request.headers['if-match'] !== undefined
      ? new HttpProblem('precondition.failed', fault.refusal.detail)
      : fault;
  });

const done = (reply: FastifyReply, result: Answer): FastifyReply =>
  reply.header('etag', tagOf(result.version)).send(result);

const later = (reply: FastifyReply, status: string, applied: string): FastifyReply =>
  reply
    .code(202)
    .headers({ location: status, 'retry-after': '1', 'preference-applied': applied })
    .send({ state: 'pending', status });

/** How long the workflow has to tell what it refused, in milliseconds. */
const askMs = 5000;

function addOutcome(api: Api, { ta, store }: ApiDeps): void {
  const path = orderPath.extend({ name: z.enum(sentNames as [Sent, ...Sent[]]), key: messageId });
  api.get(
    '/v1/orders/:order/messages/:name/:key',
    {
      config: { access: everybody },
      schema: {
        operationId: 'getOutcome',
        tags: ['messages'],
        summary: 'What became of a message of the caller’s',
        params: path,
        ...answers({ 200: outcome }),
      },
    },
    async (request): Promise<z.infer<typeof outcome>> => {
      const as = actorOf(request);
      const { order, key: id } = request.params;
      const stands = await findOrder(store, order);
      if (!stands || !maySee(as, stands)) throw new Refused(refuse('order.not-found', order));
      const key = keyOf(as, id);
      const entry = await journalEntryOfKey(store, order, key);
      if (entry)
        return {
          state: 'applied',
          answer: { order, version: entry.version, status: stands.status, events: entry.events },
        };
      const { refusals } = await Promise.race([ta.live(order).catch(() => none), pause(askMs, none, { ref: false })]);
      const refused = refusals.newest.findLast((one) => one.key === key);
      if (!refused) return { state: 'pending' };
      const { refused: code, text: title, detail } = refused;
      return { state: 'refused', code, title, ...(detail !== undefined && { detail }) };
    },
  );
}

/** What is known of an order whose workflow has ended or does not answer. */
const none = { refusals: { count: 0, newest: [] as Awaited<ReturnType<ApiDeps['ta']['live']>>['refusals']['newest'] } };
