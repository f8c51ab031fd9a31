/**
 * Lists orders at the database: filters, a stable order, pages. Each way to list has an index that has its order, so that a
 * page costs the same among a million orders as among ten thousand.
 */
import mongoose from 'mongoose';
import { referenceKinds, referenceOf, wordsOf, type Dispute, type ReferenceKind } from '../domain/order-index';
import type { Milestone, Order, OrderStatus } from '../domain/order';
import type { SchemeName } from '../domain/scheme';
import type { Doc, Store } from './store';
import { orderIn } from './order-docs';
import { opened } from './personal';

/** Instants that orders are listed by. */
export const listedBy = ['updatedAt', 'draftedAt', 'confirmedAt'] as const;
export type ListedBy = (typeof listedBy)[number];

/** From an instant on, and before another. */
export interface Range {
  from?: string | undefined;
  to?: string | undefined;
}

export interface ListQuery {
  status?: readonly OrderStatus[] | undefined;
  milestone?: readonly Milestone[] | undefined;
  /** `none`: nobody has complained. */
  dispute?: readonly (Dispute | 'none')[] | undefined;
  scheme?: SchemeName | undefined;
  supplier?: string | undefined;
  buyer?: string | undefined;
  between?: Partial<Record<ListedBy, Range>> | undefined;
  references?: Partial<Record<ReferenceKind, string | undefined>> | undefined;
  /** Orders that have all of these words. */
  text?: string | undefined;
  by: ListedBy;
  direction: 'ascending' | 'descending';
}

/** Where a page ended: the instant and the id of its last order. */
export interface Place {
  at: string;
  id: string;
}

export interface Page<Field extends keyof Order = keyof Order> {
  orders: Pick<Order, Field>[];
  /** Where the next page begins; none after the last. */
  next?: Place;
}

/** How long the database may look for a page, in milliseconds. */
const pageTimeMs = 5000;

/** The database took too long: the filter fits many orders, and the order asked for is not one that they are kept in. */
export class ListTooBroad extends Error {
  override readonly name = 'ListTooBroad';
}

/** A page of at most `limit` orders, after a place; of each all, or the fields that are asked for. @throws ListTooBroad */
export async function listPage<Field extends keyof Order = keyof Order>(
  store: Store,
  query: ListQuery,
  limit: number,
  after?: Place,
  fields?: readonly Field[],
): Promise<Page<Field>> {
  const found = await cursorOf(store, query, after, fields)
    .limit(limit + 1)
    .maxTimeMS(pageTimeMs)
    .toArray()
    .catch((fault: unknown) => {
      if (fault instanceof mongoose.mongo.MongoServerError && fault.code === 50) throw new ListTooBroad();
      throw fault;
    });
  const orders = await opened(store, found.slice(0, limit).map(orderIn));
  const last = orders.at(-1);
  const at = last?.[query.by];
  return { orders, ...(found.length > limit && last && at !== undefined && { next: { at, id: last.id } }) };
}

/** All orders of a query, as they come from the database. */
export async function* listAll(store: Store, query: ListQuery): AsyncGenerator<Order> {
  for await (const doc of cursorOf(store, query)) yield opened(store, orderIn(doc));
}

function cursorOf(store: Store, query: ListQuery, after?: Place, fields?: readonly (keyof Order)[]) {
  const { by, direction } = query;
  const wanted = fields && Object.fromEntries(['id', by, ...fields].map((field) => [field, 1]));
  const way = direction === 'ascending' ? 1 : -1;
  return store.collections.orders
    .find(filterOf(query, after), { projection: wanted ?? { index: 0 } })
    .sort({ [by]: way, _id: way });
}

type Filter = mongoose.mongo.Filter<Doc<'orders'>>;

function filterOf(query: ListQuery, after?: Place): Filter {
  const { status, milestone, dispute, scheme, supplier, buyer, between = {}, references = {}, text, by } = query;
  const numbers = referenceKinds.flatMap((kind) => {
    const number = references[kind];
    return number === undefined ? [] : [referenceOf(kind, number)];
  });
  const all: Filter[] = [
    ...listedBy.map((field): Filter => rangeFilter(field, between[field])),
    ...(by === 'confirmedAt' ? [{ confirmedAt: { $exists: true } }] : []),
    ...(after ? [afterPlace(query, after)] : []),
    ...(numbers.length > 0 ? [{ 'index.references': { $all: numbers } }] : []),
    ...(text !== undefined ? [{ 'index.words': { $all: wordsOf(text) } }] : []),
    ...(milestone ? [{ 'index.milestone': { $in: milestone } }] : []),
    ...(dispute ? [{ 'index.dispute': { $in: dispute.map((one) => (one === 'none' ? null : one)) } as never }] : []),
    ...(status ? [{ status: { $in: status } }] : []),
    ...[{ scheme }, { supplier }, { buyer }].filter((one) => Object.values(one)[0] !== undefined),
  ];
  const said = all.filter((one) => Object.keys(one).length > 0);
  return said.length > 0 ? { $and: said } : {};
}

const rangeFilter = (field: ListedBy, { from, to }: Range = {}): Filter =>
  from === undefined && to === undefined
    ? {}
    : { [field]: { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) } };

/** What comes after a place. The bound on the instant alone is what the index is entered by. */
function afterPlace({ by, direction }: ListQuery, { at, id }: Place): Filter {
  const [beyond, from] = direction === 'ascending' ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return {
    [by]: { [from]: at },
    $or: [{ [by]: { [beyond]: at } }, { _id: { [beyond]: id } }],
  };
}
