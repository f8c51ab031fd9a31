/** The inbox over HTTP: what was delivered, what became of each thing in it, the bytes as they came, and once more. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { delivery, inboxRow, rowOutcome, rowState, type Delivery } from '../../../domain/inbox';
import { opaqueId } from '../../../domain/member';
import { reconciliationCase } from '../../../domain/reconciliation';
import { refuse } from '../../../domain/refusal';
import { calendarDate, instant } from '../../../domain/time';
import { closeRow, findDelivery, listRows, rawOf, replay } from '../../../store/inbox';
import { listCases } from '../../../store/reconciliation';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { callerOf, platformOnly } from '../identity';
import { orRefused } from '../problem';

/** What rows are asked for by. */
const rowFilter = z.strictObject({
  id: opaqueId.optional(),
  state: rowState.optional(),
  outcome: rowOutcome.optional(),
  profile: z.string().max(40).optional(),
  source: opaqueId.optional(),
  order: opaqueId.optional(),
  /** Received from this instant on, and before that one. */
  from: instant.optional(),
  until: instant.optional(),
});
const rowsQuery = rowFilter.extend({
  limit: z.coerce.number().int().min(1).max(500).optional(),
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
});
const page = z.strictObject({ rows: z.array(inboxRow), next: z.string().optional() });
const deliveryPath = z.strictObject({ delivery: opaqueId });
/** How many rows, and how many deliveries that could not be read, are under way again. */
const replayed = z.strictObject({ rows: z.int(), deliveries: z.int() });

export function inboxRoutes(api: Api, deps: ApiDeps): void {
  const { store, now } = deps;
  api.get(
    '/v1/inbox',
    {
      config: { access: platformOnly },
      schema: {
        operationId: 'listInbox',
        tags: ['inbox'],
        summary: 'Rows of the inbox, the newest first',
        querystring: rowsQuery,
        response: { 200: page },
      },
    },
    (request) => listRows(store, request.query),
  );
  addDelivery(api, deps);
  addClosing(api, deps);
  api.get(
    '/v1/platform/reconciliations',
    {
      config: { access: platformOnly, rule: 'R30' },
      schema: {
        operationId: 'listReconciliations',
        tags: ['inbox'],
        summary: 'Where the bank’s statements and our books differ (R30)',
        querystring: z.strictObject({ date: calendarDate.optional(), state: z.enum(['open', 'closed']).optional() }),
        response: { 200: z.strictObject({ cases: z.array(reconciliationCase) }) },
      },
    },
    async (request) => ({ cases: await listCases(store, request.query) }),
  );
  const again = 'Again it does the same once more: an order takes a fact once, however often it is told.';
  const replays = { tags: ['inbox'], response: { 200: replayed } };
  api.post(
    '/v1/inbox/:delivery/replay',
    {
      config: { access: platformOnly, again },
      schema: {
        ...replays,
        operationId: 'replayDelivery',
        summary: 'Read and route again what of a delivery is parked, dead or refused',
        params: deliveryPath,
      },
    },
    async (request) => {
      await known(deps, request.params.delivery);
      return replay(store, { delivery: request.params.delivery }, now());
    },
  );
  api.post(
    '/v1/inbox/replay',
    {
      config: { access: platformOnly, again },
      schema: {
        ...replays,
        operationId: 'replayInbox',
        summary: 'Read and route again all that is parked, dead or refused, or those that are named',
        body: rowFilter,
      },
    },
    (request) => replay(store, request.body, now()),
  );
}

/** What an operator has seen to waits for nobody any more. */
function addClosing(api: Api, { store, now }: ApiDeps): void {
  api.post(
    '/v1/inbox/rows/:row/close',
    {
      config: { access: platformOnly, again: 'Again it is refused, and changes nothing.' },
      schema: {
        operationId: 'closeInboxRow',
        tags: ['inbox'],
        summary: 'Close a dead row: somebody has seen to it, and nothing more is to be done',
        params: z.strictObject({ row: opaqueId }),
        body: z.strictObject({ why: z.string().trim().min(1).max(500) }),
        response: { 200: inboxRow },
      },
    },
    async (request) => {
      const { member: by } = callerOf(request);
      return orRefused(await closeRow(store, request.params.row, { by, at: now(), why: request.body.why }));
    },
  );
}

function addDelivery(api: Api, deps: ApiDeps): void {
  const { store } = deps;
  api.get(
    '/v1/inbox/:delivery',
    {
      config: { access: ['platform', 'feed'] },
      schema: {
        operationId: 'getDelivery',
        tags: ['inbox'],
        summary: 'A delivery and its rows (at most 500); a feed sees its own',
        params: deliveryPath,
        response: { 200: z.strictObject({ delivery, ...page.shape }) },
      },
    },
    async (request) => {
      const found = await visible(request, deps);
      return { delivery: found, ...(await listRows(store, { delivery: found.id, limit: 500 })) };
    },
  );
  api.get(
    '/v1/inbox/:delivery/raw',
    {
      config: { access: platformOnly },
      schema: {
        operationId: 'getDeliveryRaw',
        tags: ['inbox'],
        summary: 'The bytes of a delivery, as they came',
        params: deliveryPath,
        response: { 200: { content: { 'application/octet-stream': { schema: z.any() } } } },
      },
    },
    async (request, reply) => {
      const { id } = await visible(request, deps);
      // Not as what it calls itself: a browser must never show it.
      return reply
        .type('application/octet-stream')
        .headers({ 'content-disposition': `attachment; filename="${id}"`, 'x-content-type-options': 'nosniff' })
        .serializer((bytes: unknown) => bytes as string)
        .send(Buffer.from((await rawOf(store, id)) ?? []));
    },
  );
}

/** The delivery, if the caller may know of it. @throws Refused `inbox.not-found` */
async function visible(request: FastifyRequest, deps: ApiDeps): Promise<Delivery> {
  const caller = callerOf(request);
  const { delivery: id } = deliveryPath.parse(request.params);
  const found = await known(deps, id);
  const isTheirs = caller.role === 'feed' && caller.source === found.kind && caller.member === found.source;
  if (caller.role !== 'platform' && !isTheirs) throw new Refused(refuse('inbox.not-found', id));
  return found;
}

async function known({ store }: ApiDeps, id: string): Promise<Delivery> {
  const found = await findDelivery(store, id);
  if (!found) throw new Refused(refuse('inbox.not-found', id));
  return found;
}
