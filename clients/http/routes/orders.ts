/** Orders over HTTP: draft one, list them, read one, its journal and how its contract came about. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import { keyOf, messages, type Actor } from '../../../domain/messages';
import { refuse } from '../../../domain/refusal';
import { revisionsOf } from '../../../domain/revisions';
import { toldJournal, type OrderView } from '../../../domain/view';
import { listAll, listPage, ListTooBroad, type ListQuery } from '../../../store/order-list';
import { journalOf, journalPage } from '../../../store/read';
import { Refused } from '../../errors';
import { cursorOf, placeIn } from '../cursors';
import type { Api, ApiDeps } from '../deps';
import { answer, answers, ledgerPosting, orderRow, orderView, pageOf, paging, revision, toldEntry } from '../forms';
import { givenKey, hasAlready, idempotencyKey, tagOf } from '../headers';
import { actorOf, maySee, platformOnly, traders } from '../identity';
import { csvHead, csvOf, listQueryOf, orderQuery, rowOf, type OrderQuery } from '../order-query';
import { HttpProblem } from '../problem';

export const orderPath = z.strictObject({ order: opaqueId });
const tags = ['orders'];

export function orderRoutes(api: Api, deps: ApiDeps): void {
  addDraft(api, deps);
  addList(api, deps);
  addReading(api, deps);
  addHistory(api, deps);
}

// --- draft

function addDraft(api: Api, { ta }: ApiDeps): void {
  const { data, says, rule } = messages.draft;
  api.post(
    '/v1/orders',
    {
      config: { access: ['buyer', 'supplier', 'service'], rule, again: 'key' },
      schema: { operationId: 'draft', tags, summary: `${says} (${rule})`, body: data, ...answers({ 201: answer }) },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const isKeyed = givenKey(request, reply) !== undefined;
      const id = idempotencyKey(request, reply);
      const order = isKeyed ? idOf('o', actor, id) : newId('o');
      const drafted = await ta.start(order, request.body, { as: actor, id });
      return reply
        .code(201)
        .headers({ location: `/v1/orders/${order}`, etag: tagOf(drafted.version) })
        .send(drafted);
    },
  );
}

/** A new id. */
export const newId = (kind: string): string => `${kind}-${randomBytes(10).toString('hex')}`;
/** The id of what this sender makes under this key: the same key is the same thing. */
export const idOf = (kind: string, actor: Actor, key: string): string =>
  `${kind}-${createHash('sha256').update(keyOf(actor, key)).digest('hex').slice(0, 20)}`;

// --- list

const place = z.strictObject({ at: z.string(), id: z.string() });

function addList(api: Api, deps: ApiDeps): void {
  api.get(
    '/v1/orders',
    {
      config: { access: traders },
      schema: {
        operationId: 'listOrders',
        tags,
        summary: 'Orders by status, party, dates, numbers or words; as JSON in pages, or all of them as CSV',
        querystring: orderQuery,
        ...answers({ 200: pageOf(orderRow) }),
      },
    },
    async (request, reply) => {
      const query = listQueryOf(request.query, actorOf(request));
      return wantsCsv(request, request.query)
        ? sendCsv(reply, deps, query)
        : reply.send(await page(deps, query, request.query));
    },
  );
  api.get(
    '/v1/arbitration',
    {
      config: { access: platformOnly },
      schema: {
        operationId: 'listArbitration',
        tags: ['platform'],
        summary: 'Orders whose complaint waits for the platform’s ruling, the one longest without a change first (R20)',
        querystring: z.strictObject(paging),
        ...answers({ 200: pageOf(orderRow) }),
      },
    },
    ({ query }) => page(deps, { dispute: ['escalated'], by: 'updatedAt', direction: 'ascending' }, query),
  );
}

async function page(
  { store, secret }: ApiDeps,
  query: ListQuery,
  { limit, cursor }: Pick<OrderQuery, 'limit' | 'cursor'>,
): Promise<z.infer<ReturnType<typeof pageOf<typeof orderRow>>>> {
  const after = cursor === undefined ? undefined : placeIn(secret, query, cursor, place);
  try {
    const { orders, next } = await listPage(store, query, limit, after);
    return { items: orders.map(rowOf), ...(next && { next: cursorOf(secret, query, next) }) };
  } catch (fault) {
    throw fault instanceof ListTooBroad ? new HttpProblem('list.too-broad') : fault;
  }
}

const wantsCsv = ({ headers }: FastifyRequest, { format }: OrderQuery): boolean =>
  format === 'csv' || (format === undefined && /^text\/csv\b/.test(headers.accept ?? ''));

function sendCsv(reply: FastifyReply, { store }: ApiDeps, query: ListQuery): FastifyReply {
  async function* lines() {
    yield csvHead;
    for await (const order of listAll(store, query)) yield csvOf(order);
  }
  return reply
    .header('content-disposition', 'attachment; filename="orders.csv"')
    .type('text/csv; charset=utf-8; header=present')
    .send(Readable.from(lines()));
}

// --- read one

/** The order, if the caller may know of it. @throws Refused `order.not-found` */
export async function visibleOrder(request: FastifyRequest, { ta }: ApiDeps, order: string): Promise<OrderView> {
  const actor = actorOf(request);
  const view = await ta.view(order);
  if (!maySee(actor, view)) throw new Refused(refuse('order.not-found', order));
  return view;
}

function addReading(api: Api, deps: ApiDeps): void {
  api.get(
    '/v1/orders/:order',
    {
      config: { access: traders },
      schema: {
        operationId: 'getOrder',
        tags,
        summary: 'An order as it stands; its version is the ETag',
        params: orderPath,
        ...answers({ 200: orderView }),
      },
    },
    async (request, reply) => {
      const view = await visibleOrder(request, deps, request.params.order);
      void reply.headers({ etag: tagOf(view.version), 'cache-control': 'private, no-cache' });
      return hasAlready(request, view.version) ? reply.code(304).send() : reply.send(view);
    },
  );
}

function addHistory(api: Api, deps: ApiDeps): void {
  const { store, secret } = deps;
  api.get(
    '/v1/orders/:order/journal',
    {
      config: { access: traders },
      schema: {
        operationId: 'getJournal',
        tags,
        summary: 'What happened to an order, oldest first',
        params: orderPath,
        querystring: z.strictObject(paging),
        ...answers({ 200: pageOf(toldEntry) }),
      },
    },
    async (request) => {
      const { order } = request.params;
      const { limit, cursor } = request.query;
      const view = await visibleOrder(request, deps, order);
      const list = ['journal', order];
      const after = cursor === undefined ? 0 : placeIn(secret, list, cursor, z.int());
      const entries = await journalPage(store, order, after, limit + 1);
      const items = toldJournal(entries.slice(0, limit), view);
      const last = items.at(-1);
      return { items, ...(entries.length > limit && last && { next: cursorOf(secret, list, last.version) }) };
    },
  );
  api.get(
    '/v1/orders/:order/revisions',
    {
      config: { access: traders },
      schema: {
        operationId: 'getRevisions',
        tags,
        summary: 'How the contract came about: what each revision changed, by whom, when (R52)',
        params: orderPath,
        ...answers({ 200: z.strictObject({ items: z.array(revision) }) }),
      },
    },
    async (request) => {
      await visibleOrder(request, deps, request.params.order);
      return { items: revisionsOf(await journalOf(store, request.params.order)) };
    },
  );
  api.get(
    '/v1/orders/:order/postings',
    {
      config: { access: platformOnly },
      schema: {
        operationId: 'getPostings',
        tags: ['platform'],
        summary: 'The order’s postings in the ledger, oldest first',
        params: orderPath,
        ...answers({ 200: z.strictObject({ items: z.array(ledgerPosting) }) }),
      },
    },
    async (request) => {
      await visibleOrder(request, deps, request.params.order);
      return { items: await deps.ta.postings(request.params.order) };
    },
  );
}
