/** What an order is found by, beside its own fields: derived from it each time it is stored, and known to no rule. */
import { z } from 'zod';
import { milestoneOf, milestones, openComplaint, type Order } from './order';

/** How the buyer's newest complaint stands: `escalated` is open, too, and waits for the platform. */
export const dispute = z.enum(['open', 'escalated', 'closed']);
export type Dispute = z.infer<typeof dispute>;

export const orderIndex = z.strictObject({
  milestone: z.enum(milestones),
  /** Not there where nobody has complained. */
  dispute: dispute.optional(),
  /** Numbers that others know it by: `declaration:…`, `purchase-order:…`, `bank:…`. */
  references: z.array(z.string()),
  /** The words of its contract, goods, parties and numbers, each once. */
  words: z.array(z.string()),
});
export type OrderIndex = z.infer<typeof orderIndex>;

/** Kinds of numbers, and where an order has them. */
const referencesBy = {
  declaration: ({ exports }: Order) => exports.map(({ declaration }) => declaration),
  'purchase-order': ({ source }: Order) =>
    source.kind === 'purchase-order' && source.reference !== undefined ? [source.reference] : [],
  bank: ({ payments }: Order) => payments.map(({ entryReference }) => entryReference),
} as const;
export type ReferenceKind = keyof typeof referencesBy;
export const referenceKinds = Object.keys(referencesBy) as ReferenceKind[];

/** How a number of a kind stands in the index; case does not matter. */
export const referenceOf = (kind: ReferenceKind, number: string): string => `${kind}:${number.trim().toLowerCase()}`;

/** Most words of one order. */
const mostWords = 200;

export function indexOf(order: Order): OrderIndex {
  const dispute = disputeOf(order);
  return {
    milestone: milestoneOf(order),
    ...(dispute && { dispute }),
    references: [
      ...new Set(referenceKinds.flatMap((kind) => referencesBy[kind](order).map((one) => referenceOf(kind, one)))),
    ],
    words: [...new Set(textsOf(order).flatMap(wordsOf))].slice(0, mostWords),
  };
}

/** How the buyer's newest complaint stands; nothing where nobody has complained. */
export function disputeOf(order: Order): Dispute | undefined {
  if (order.complaints.length === 0) return undefined;
  const open = openComplaint(order);
  return open ? (open.escalated ? 'escalated' : 'open') : 'closed';
}

function textsOf({ id, supplier, buyer, source, contract, exports, shipment }: Order): string[] {
  const texts = [
    id,
    source.reference,
    supplier,
    buyer,
    ...(contract.product?.lines ?? []).flatMap(({ name, hsCode }) => [name, hsCode]),
    contract.shipping?.consignee,
    contract.contacts?.supplier?.name,
    contract.contacts?.buyer?.name,
    ...exports.flatMap(({ declaration, exportOrder }) => [declaration, exportOrder]),
    shipment?.tracking,
  ];
  return texts.filter((text) => text !== undefined);
}

/**
 * The words of a text, without case and accents. Chinese has no spaces: each character is a word, and each two that follow
 * each other, so that what is looked for is found wherever it stands.
 */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...plain.matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu)].flatMap(([word]) =>
    /^\p{Script=Han}/u.test(word) ? pairsOf(word) : [word],
  );
}

function pairsOf(word: string): string[] {
  const characters = Array.from(word);
  return [...characters, ...characters.slice(1).map((next, i) => `${characters[i] ?? ''}${next}`)];
}
