/**
 * `admit`: the second half of a decision. What `decide` cannot see (members, today's lists, the supplier's limit, the pair's
 * account) is read in the transaction that stores the change; this pure function adds what follows from it, or refuses.
 */
import type { Member } from './member';
import { contract, totalOf } from './contract';
import { coverOf } from './credit';
import { buyerRefusal, isActivated, regionRefusal, supplierRefusal, type RegionPolicy } from './eligibility';
import type { OrderEvent } from './events';
import type { Money } from './money';
import { payBy } from './negotiation';
import type { Order } from './order';
import { refuse, type Refusal } from './refusal';
import { schemes } from './scheme';

/** What the store knows beside the order. */
export interface Surroundings {
  supplier: Member | undefined;
  buyer: Member | undefined;
  /** Today's list of countries that are not served (R45). */
  regions: RegionPolicy;
  /** The pair's virtual account (R30). */
  account: string;
  /** The supplier's limit today, and how much of it is given out already (R2). */
  limit: Money;
  openCover: Money;
}

const looksAround: ReadonlySet<OrderEvent['type']> = new Set([
  'orderDrafted',
  'revisionConfirmed',
  'paymentOpened',
  'paymentApplied',
  'advanceCompleted',
]);

/** Whether these events need the surroundings at all; most do not, and then nothing is read. */
export const needsSurroundings = (events: readonly OrderEvent[]): boolean =>
  events.some(({ type }) => looksAround.has(type));

/** The events with what follows from the surroundings, or the refusal of them all. */
export function admit(
  order: Order | undefined,
  events: readonly OrderEvent[],
  around: Surroundings,
  at: string,
): OrderEvent[] | Refusal {
  const admitted: OrderEvent[] = [];
  for (const event of events) {
    const more = follow(order, event, events, around, at);
    if (!Array.isArray(more)) return more;
    if (event.type === 'paymentApplied' && more.length > 0) return more; // the whole credit goes another way
    admitted.push(event, ...more);
  }
  return admitted;
}

function follow(
  order: Order | undefined,
  event: OrderEvent,
  all: readonly OrderEvent[],
  around: Surroundings,
  at: string,
): OrderEvent[] | Refusal {
  switch (event.type) {
    case 'orderDrafted':
      return draftRefusal(event, all, around) ?? [];
    case 'revisionConfirmed':
      return region(order ?? draftedBy(all), around) ?? coverOffered(order ?? draftedBy(all), around);
    case 'orderConfirmed':
      return order ? opened(order, around, at) : [];
    case 'paymentOpened':
      return order ? (activationRefusal(order, around) ?? []) : [];
    case 'paymentApplied':
      return order?.status === 'awaiting-payment' && region(order, around) ? allSuspended(event, all) : [];
    case 'advanceCompleted':
      return order?.total
        ? [{ type: 'coverReserved', amount: coverOf(order.total, around.limit, around.openCover), limit: around.limit }]
        : [];
    default:
      return [];
  }
}

type Drafted = Extract<OrderEvent, { type: 'orderDrafted' }>;

/** R12, R13, R40, R41, R45, R58: whether these two may begin an order. */
function draftRefusal(draft: Drafted, all: readonly OrderEvent[], around: Surroundings): Refusal | undefined {
  const { supplier, buyer, regions } = around;
  if (!supplier) return refuse('member.not-found', `supplier ${draft.supplier}`);
  if (!buyer) return refuse('member.not-found', `buyer ${draft.buyer}`);
  const scheme = schemes[draft.scheme];
  const isStartOrder = draft.by === 'buyer' && all.some(({ type }) => type === 'revisionConfirmed');
  return (
    supplierRefusal(supplier, scheme) ??
    (isStartOrder && !isActivated(supplier, scheme) ? refuse('supplier.not-activated', supplier.id) : undefined) ??
    buyerRefusal(buyer) ??
    regionRefusal(buyer, draft.contract.shipping?.destination, regions)
  );
}

const draftedBy = (all: readonly OrderEvent[]): Pick<Order, 'contract'> =>
  all.find((event): event is Drafted => event.type === 'orderDrafted') ?? { contract: {} };

const region = ({ contract: { shipping } }: Pick<Order, 'contract'>, { buyer, regions }: Surroundings) =>
  buyer && regionRefusal(buyer, shipping?.destination, regions);

/** R2: a short limit shortens the cover, and says so before the other side confirms. */
function coverOffered(order: Pick<Order, 'contract'>, { limit, openCover }: Surroundings): OrderEvent[] {
  const total = totalOf(contract.parse(order.contract));
  return [{ type: 'coverOffered', amount: coverOf(total, limit, openCover), limit }];
}

/** R13, R58: why an order that waits for the supplier's activation cannot be opened for payment yet. */
function activationRefusal({ scheme }: Order, { supplier }: Surroundings): Refusal | undefined {
  if (supplier && isActivated(supplier, schemes[scheme])) return undefined;
  const isSuspended = supplier?.tradeAssurance === 'suspended';
  return refuse(isSuspended ? 'supplier.suspended' : 'supplier.not-activated', supplier?.id);
}

/** R30, R55: the pair's account, and, if the supplier has activated the scheme, the 15 days. */
function opened(order: Order, { account, supplier }: Surroundings, at: string): OrderEvent[] {
  // R58: a suspension stops new orders; those begun before it go on.
  const isSuspended = supplier?.tradeAssurance === 'suspended';
  const activated = isSuspended || (supplier && isActivated(supplier, schemes[order.scheme]));
  return [
    { type: 'accountAssigned', payTo: account },
    ...(activated ? [{ type: 'paymentOpened' as const, payBy: payBy(order, at) }] : []),
  ];
}

/** R45 at payment: an advance from a country that is no longer served is not taken; it waits to be returned. */
function allSuspended(
  applied: Extract<OrderEvent, { type: 'paymentApplied' }>,
  all: readonly OrderEvent[],
): OrderEvent[] {
  const excess = all.find((event) => event.type === 'paymentSuspended')?.amount.amount ?? 0;
  const amount = { ...applied.amount, amount: applied.amount.amount + excess };
  return [{ ...applied, type: 'paymentSuspended', amount, reason: 'buyer.region-not-served' }];
}
