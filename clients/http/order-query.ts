/** What `GET /v1/orders` understands: the query as its form, as the store's query, and as a row of a list or of a file. */
import { z } from 'zod';
import { opaqueId } from '../../domain/member';
import type { Actor } from '../../domain/messages';
import { decimalOf } from '../../domain/money';
import { milestones, orderStatus, type Order } from '../../domain/order';
import { dispute, disputeOf, wordsOf } from '../../domain/order-index';
import { schemeName } from '../../domain/scheme';
import { gistOf } from '../../domain/view';
import { listedBy, type ListedBy, type ListQuery } from '../../store/order-list';
import { csvLine } from './csv';
import { moment, paging, type orderRow } from './forms';
import { seesOnly } from './identity';

/** One or several of them: `?status=a&status=b`, or `?status=a,b`. */
const several = <Form extends z.ZodType>(form: Form) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((one) => one.split(',')))
    // zod does not see that the items of an enumeration are strings.
    .pipe(z.array(form).min(1).max(20) as unknown as z.ZodType<z.output<Form>[], string[]>)
    .optional();

const number = z.string().trim().min(1).max(64).optional();

const sorts = listedBy.flatMap((by) => [by, `-${by}`] as const);

export const orderQuery = z
  .strictObject({
    status: several(orderStatus),
    milestone: several(z.enum(milestones)),
    dispute: several(z.enum([...dispute.options, 'none'])),
    scheme: schemeName.optional(),
    supplier: opaqueId.optional(),
    buyer: opaqueId.optional(),
    draftedFrom: moment.optional(),
    draftedTo: moment.optional(),
    updatedFrom: moment.optional(),
    updatedTo: moment.optional(),
    confirmedFrom: moment.optional(),
    confirmedTo: moment.optional(),
    declaration: number,
    purchaseOrder: number,
    bankReference: number,
    /** Words that the order has, whole, in any order. */
    q: z
      .string()
      .trim()
      .max(200)
      .refine((text) => wordsOf(text).length > 0, 'at least one word')
      .optional(),
    sort: z.enum(sorts as [string, ...string[]]).optional(),
    format: z.enum(['json', 'csv']).optional(),
    ...paging,
  })
  .refine(({ q, sort }) => q === undefined || sort === undefined || sort.endsWith('draftedAt'), {
    path: ['sort'],
    message: 'what is found by its words is sorted by draftedAt or -draftedAt',
  });
export type OrderQuery = z.infer<typeof orderQuery>;

/**
 * The store's query. A party's own orders only, whatever it asks for. Without a sort: by the instant that a range is
 * given for, by the draft where words or numbers are looked for, else the newest change first.
 */
export function listQueryOf(query: OrderQuery, actor: Actor): ListQuery {
  const sort = query.sort ?? `-${usualSort(query)}`;
  return {
    status: query.status,
    milestone: query.milestone,
    dispute: query.dispute,
    scheme: query.scheme,
    supplier: query.supplier,
    buyer: query.buyer,
    between: {
      draftedAt: { from: query.draftedFrom, to: query.draftedTo },
      updatedAt: { from: query.updatedFrom, to: query.updatedTo },
      confirmedAt: { from: query.confirmedFrom, to: query.confirmedTo },
    },
    references: {
      declaration: query.declaration,
      'purchase-order': query.purchaseOrder,
      bank: query.bankReference,
    },
    text: query.q,
    by: sort.replace('-', '') as ListedBy,
    direction: sort.startsWith('-') ? 'descending' : 'ascending',
    ...ownOnly(query, actor),
  };
}

function usualSort(query: OrderQuery): ListedBy {
  const { q, declaration, purchaseOrder, bankReference } = query;
  if ([q, declaration, purchaseOrder, bankReference].some((one) => one !== undefined)) return 'draftedAt';
  if (query.confirmedFrom ?? query.confirmedTo) return 'confirmedAt';
  return (query.draftedFrom ?? query.draftedTo) ? 'draftedAt' : 'updatedAt';
}

/** A party's own; whoever asks for another's gets none. */
function ownOnly(query: OrderQuery, actor: Actor): Partial<ListQuery> {
  const own = seesOnly(actor) ?? {};
  const [side, member] = Object.entries(own)[0] ?? [];
  if (side === undefined) return {};
  const asked = query[side as 'supplier' | 'buyer'];
  // No order is of two suppliers: of another's, there is none to see. A dot alone is no id.
  return { [side]: asked === undefined || asked === member ? member : '.' };
}

/** An order as a row. */
export function rowOf(order: Order): z.infer<typeof orderRow> {
  const { id, version, status, scheme, supplier, buyer, source, draftedAt, confirmedAt, updatedAt } = order;
  const { milestone, total, outstanding, awaits, deadlines } = gistOf(order);
  const complaint = disputeOf(order);
  const [due] = deadlines;
  return {
    id,
    version,
    status,
    milestone,
    scheme,
    supplier,
    buyer,
    ...(source.kind === 'purchase-order' && source.reference !== undefined && { purchaseOrder: source.reference }),
    ...(total && { total }),
    ...(outstanding && { outstanding }),
    awaits,
    ...(due && { dueAt: due.at }),
    ...(complaint && { dispute: complaint }),
    draftedAt,
    ...(confirmedAt !== undefined && { confirmedAt }),
    updatedAt,
  };
}

export const csvHead = csvLine([
  'id',
  'status',
  'milestone',
  'scheme',
  'supplier',
  'buyer',
  'purchaseOrder',
  'currency',
  'total',
  'outstanding',
  'awaits',
  'dueAt',
  'dispute',
  'draftedAt',
  'confirmedAt',
  'updatedAt',
]);

/** An order as a line of the file; amounts as decimal text, as a spreadsheet reads them. */
export function csvOf(order: Order): string {
  const row = rowOf(order);
  return csvLine([
    row.id,
    row.status,
    row.milestone,
    row.scheme,
    row.supplier,
    row.buyer,
    row.purchaseOrder,
    row.total?.currency,
    row.total && decimalOf(row.total),
    row.outstanding && decimalOf(row.outstanding),
    row.awaits,
    row.dueAt,
    row.dispute,
    row.draftedAt,
    row.confirmedAt,
    row.updatedAt,
  ]);
}
