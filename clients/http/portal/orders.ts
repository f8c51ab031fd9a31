/** What the portal's order pages are made from: the list, and one order with what the reader may do with it now. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actionsOf, foretell, type Action } from '../../../domain/allowed';
import { wordsOf, dispute } from '../../../domain/order-index';
import { openComplaint, draftTotal, orderStatus, type Order } from '../../../domain/order';
import { opaqueId } from '../../../domain/member';
import { messageWords, type PeopleMessage } from '../../../domain/message-words';
import type { Actor } from '../../../domain/messages';
import { parseFromOutside } from '../../../domain/parse';
import { isRefusal, refuse } from '../../../domain/refusal';
import { revisionsOf } from '../../../domain/revisions';
import { policyOf } from '../../../domain/scheme';
import { userRefusal } from '../../../domain/users';
import { toldJournal } from '../../../domain/view';
import { membersOf } from '../../../store/members';
import { listPage, ListTooBroad } from '../../../store/order-list';
import { findMember, findOrder, journalOf } from '../../../store/read';
import { standingOf } from '../../../store/rewards';
import type { Store } from '../../../store/store';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { actorOf, maySee, seesOnly, type CallerRole } from '../identity';
import { cursorOf, placeIn } from '../cursors';
import { HttpProblem, orRefused } from '../problem';
import type { OrderListAnswer, OrderPageAnswer, OrderRow, Party, PreviewAnswer } from './answers';
import { partyOf } from './session';

/** Whoever signs in to the portal. */
export const people = ['buyer', 'supplier', 'platform'] as const satisfies CallerRole[];
export const orderPath = z.strictObject({ order: opaqueId });

const listQuery = z.strictObject({
  q: z.string().trim().max(200).optional(),
  status: orderStatus.optional(),
  disputed: z.literal('true').optional(),
  cursor: z.string().max(500).optional(),
});
const previewBody = z.strictObject({
  name: z.enum(Object.keys(messageWords) as [PeopleMessage, ...PeopleMessage[]]),
  data: z.unknown(),
});

export function portalOrderRoutes(api: Api, deps: ApiDeps): void {
  const { store } = deps;
  api.get(
    '/portal/orders',
    { config: { access: people }, schema: { hide: true, querystring: listQuery } },
    (request): Promise<OrderListAnswer> => list(deps, actorOf(request), request.query),
  );
  api.get(
    '/portal/orders/:order',
    { config: { access: people }, schema: { hide: true, params: orderPath } },
    (request): Promise<OrderPageAnswer> => pageOf(deps, request, request.params.order),
  );
  api.post(
    '/portal/orders/:order/preview',
    { config: { access: people }, schema: { hide: true, params: orderPath, body: previewBody } },
    async (request): Promise<PreviewAnswer> => {
      const { name, data } = request.body;
      const actor = actorOf(request);
      const order = await visibleOrder(store, actor, request.params.order);
      const message = orRefused(parseFromOutside(name, { id: 'preview', actor, data }));
      return { events: orRefused(foretell(order, name, actor, message.data, deps.now())) };
    },
  );
}

/** The order, if the actor may know of it. @throws Refused `order.not-found` */
export async function visibleOrder(store: Store, actor: Actor, id: string): Promise<Order> {
  const order = await findOrder(store, id);
  if (!order || !maySee(actor, order)) throw new Refused(refuse('order.not-found', id));
  return order;
}

const pageLength = 50;
/** An order with a complaint that is not over, wherever that stands. */
const disputes = dispute.options.filter((one) => one !== 'closed');
const place = z.strictObject({ at: z.string(), id: z.string() });

/** The newest change first; what is looked for by its words, the newest draft first. */
async function list(
  { store, secret }: ApiDeps,
  actor: Actor,
  { cursor, ...query }: z.infer<typeof listQuery>,
): Promise<OrderListAnswer> {
  const list = ['portal', actor.role, actor.member, query];
  const after = cursor === undefined ? undefined : placeIn(secret, list, cursor, place);
  // Whoever knows the number of an order need not look for it.
  const named = query.q === undefined || after ? undefined : await findOrder(store, query.q);
  const isOwn = named && maySee(actor, named);
  const words = query.q === undefined ? [] : wordsOf(query.q);
  const { orders, next } = isOwn
    ? { orders: [named], next: undefined }
    : await listPage(
        store,
        {
          ...seesOnly(actor),
          ...(query.status && { status: [query.status] }),
          ...(query.disputed && { dispute: disputes }),
          ...(words.length > 0 && { text: query.q }),
          by: words.length > 0 ? 'draftedAt' : 'updatedAt',
          direction: 'descending',
        },
        pageLength,
        after,
        rowFields,
      ).catch(narrower);
  const members = await membersOf(
    store,
    orders.flatMap(({ supplier, buyer }) => [supplier, buyer]),
  );
  return {
    rows: orders.map((order) => rowOf(order, (id) => partyIn(members, id))),
    ...(next && { next: cursorOf(secret, list, next) }),
  };
}

function narrower(fault: unknown): never {
  throw fault instanceof ListTooBroad ? new HttpProblem('list.too-broad') : fault;
}

export const partyIn = (members: Awaited<ReturnType<typeof membersOf>>, id: string): Party => {
  const known = members.get(id);
  return known ? partyOf(known) : { id, name: id, country: '' };
};

/** What a row of the list is made from; nothing else is read. */
const rowFields = [
  ...(['id', 'status', 'scheme', 'supplier', 'buyer', 'source', 'contract'] as const),
  ...(['total', 'paid', 'payBy', 'complaints', 'updatedAt'] as const),
] satisfies (keyof Order)[];

function rowOf(order: Pick<Order, (typeof rowFields)[number]>, party: (id: string) => Party): OrderRow {
  const { id, status, scheme, contract, source, payBy, updatedAt } = order;
  const lines = contract.product?.lines ?? [];
  const total = draftTotal(order);
  return {
    id,
    status,
    scheme,
    supplier: party(order.supplier),
    buyer: party(order.buyer),
    ...(source.reference !== undefined && { reference: source.reference }),
    ...(lines[0]?.name !== undefined && { goods: lines[0].name }),
    moreGoods: Math.max(0, lines.length - 1),
    ...(total && { total }),
    ...(order.paid && { paid: order.paid }),
    ...(payBy !== undefined && { payBy }),
    ...(contract.shipping?.shipBy !== undefined && { shipBy: contract.shipping.shipBy }),
    isDisputed: openComplaint(order) !== undefined,
    updatedAt,
  };
}

async function pageOf({ ta, store, now }: ApiDeps, request: FastifyRequest, id: string): Promise<OrderPageAnswer> {
  const actor = actorOf(request);
  const order = await visibleOrder(store, actor, id);
  const [view, journal, members, standing] = await Promise.all([
    ta.view(id),
    journalOf(store, id),
    membersOf(store, [order.supplier, order.buyer]),
    standingOf(store, order.supplier),
  ]);
  const at = now();
  return {
    view,
    actions: await allowedTo(store, actor, actionsOf(order, actor, at)),
    journal: toldJournal(journal, view),
    revisions: revisionsOf(journal),
    supplier: partyIn(members, order.supplier),
    buyer: partyIn(members, order.buyer),
    policy: policyOf(order),
    labels: standing?.rewards?.labels ?? [],
    now: at,
  };
}

/** Of what the company may send, what this user of it may. */
async function allowedTo(store: Store, { member, user }: Actor, actions: Action[]): Promise<Action[]> {
  if (user === undefined) return actions;
  const known = await findMember(store, member);
  if (!known) return actions;
  return actions.filter(({ name }) => !isRefusal(userRefusal(known, user, name)));
}
