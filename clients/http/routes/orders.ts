/** Orders over HTTP: draft one, read it, send it a message. One route for each message of the table, with its own form. */
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import {
  isInner,
  keyOf,
  messages,
  publicMessageNames,
  sendersOf,
  type Actor,
  type Role,
} from '../../../domain/messages';
import { refuse } from '../../../domain/refusal';
import type { OrderView } from '../../../domain/view';
import { findOrder } from '../../../store/read';
import { Refused } from '../../errors';
import type { SendableName } from '../../client';
import type { Api, ApiDeps } from '../deps';
import { assertMatch, hasAlready, idempotencyKey, tagOf } from '../headers';
import { actorOf, maySee, traders, type CallerRole } from '../identity';

const orderPath = z.strictObject({ order: opaqueId });

export function orderRoutes(api: Api, deps: ApiDeps): void {
  addDraft(api, deps);
  addReading(api, deps);
  for (const name of publicMessageNames) if (name !== 'draft') addMessage(api, deps, name);
}

function addDraft(api: Api, { ta }: ApiDeps): void {
  const { data, says, rule } = messages.draft;
  api.post(
    '/v1/orders',
    {
      config: { access: ['buyer', 'supplier', 'service'], rule },
      schema: { operationId: 'draft', tags: ['orders'], summary: says, body: data },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const id = idempotencyKey(request, reply);
      const order = request.headers['idempotency-key'] === undefined ? newOrderId() : orderIdOf(actor, id);
      const answer = await ta.start(order, request.body, { as: actor, id });
      return reply
        .code(201)
        .headers({ location: `/v1/orders/${order}`, etag: tagOf(answer.version) })
        .send(answer);
    },
  );
}

const newOrderId = (): string => `o-${randomBytes(10).toString('hex')}`;
/** The same key of the same sender is the same order. */
const orderIdOf = (actor: Actor, key: string): string =>
  `o-${createHash('sha256').update(keyOf(actor, key)).digest('hex').slice(0, 20)}`;

function addReading(api: Api, deps: ApiDeps): void {
  api.get(
    '/v1/orders/:order',
    {
      config: { access: traders },
      schema: { operationId: 'getOrder', tags: ['orders'], summary: 'An order as it stands', params: orderPath },
    },
    async (request, reply) => {
      const view = await visible(request, deps, request.params.order);
      void reply.headers({ etag: tagOf(view.version), 'cache-control': 'private, no-cache' });
      return hasAlready(request, view.version) ? reply.code(304).send() : reply.send(view);
    },
  );
}

/** The order, if the caller may know of it. @throws Refused `order.not-found` */
async function visible(request: FastifyRequest, { ta }: ApiDeps, order: string): Promise<OrderView> {
  const actor = actorOf(request);
  const view = await ta.view(order);
  if (!maySee(actor, view)) throw new Refused(refuse('order.not-found', order));
  return view;
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

function addMessage(api: Api, { ta, store }: ApiDeps, name: Exclude<SendableName, 'draft'>): void {
  const { data, says, rule } = messages[name];
  api.post(
    `/v1/orders/:order/messages/${name}`,
    {
      config: { access: accessOf(sendersOf(name)), rule },
      schema: {
        operationId: name,
        tags: ['messages'],
        summary: `${says} (${rule})`,
        params: orderPath,
        body: data as z.ZodType,
      },
    },
    async (request, reply) => {
      const as = actorOf(request);
      const { order } = request.params;
      const stands = await findOrder(store, order);
      if (!stands || !maySee(as, stands)) throw new Refused(refuse('order.not-found', order));
      assertMatch(request, stands.version);
      const id = idempotencyKey(request, reply);
      const answer = await ta.send(name, order, request.body as never, { as, id });
      return reply.header('etag', tagOf(answer.version)).send(answer);
    },
  );
}
