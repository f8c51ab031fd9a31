/**
 * `admit`: the second half of a decision. What `decide` cannot see (members, today's lists, the supplier's limit and balance,
 * the pair's account) is read in the transaction that stores the change; this pure function adds what follows, or refuses.
 */
import { contract, totalOf } from './contract';
import { coverOf } from './credit';
import { buyerRefusal, isActivated, regionRefusal, supplierRefusal, type RegionPolicy } from './eligibility';
import type { OrderEvent } from './events';
import { foresee } from './evolve';
import type { Member } from './member';
import { convertedFrom, type Conversion, type Yuan } from './conversion';
import { format, isZero, moneyOf, smaller, subtract, type Money } from './money';
import { payBy } from './negotiation';
import type { Order } from './order';
import { refuse, type Refusal } from './refusal';
import { policyOf, schemeInForce } from './scheme';
import type { SchemePolicy } from './scheme-policy';

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
  /** What the supplier may collect, and what it owes the platform. */
  balance: Money;
  owed: Money;
  /** The supplier's CNY, and the rate at which they are taken for what is missing. */
  yuan?: Yuan;
  /** What the supplier owes buyers of awards, or has repaid of them and they have not got yet. */
  awards?: Money;
}

const looksAround: ReadonlySet<OrderEvent['type']> = new Set([
  'orderDrafted',
  'revisionConfirmed',
  'paymentOpened',
  'chargeRequested',
  'paymentApplied',
  'advanceCompleted',
  'contractAmended',
  'supplierPaid',
  'moneyReleased',
  'supplierClawedBack',
  'refundDue',
  'awardUncovered',
  'awardWaived',
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
  const policy = policyFor(order, events, at);
  // What one event takes from the supplier's balance the next can not take again.
  const scene: Scene = { order, events, around: { ...around }, at, policy };
  const unwelcome = order && unwelcomeAdvance(order, scene);
  if (unwelcome) return unwelcome;
  const admitted: OrderEvent[] = [];
  for (const event of events) {
    const more = follow(event, scene);
    if (!Array.isArray(more)) return more;
    admitted.push(...more);
  }
  return order ? notEndedYet(order, admitted, at) : admitted;
}

/** What was added here may have to be done first (a repayment to be booked): then the order ends with that, not yet. */
function notEndedYet(order: Order, admitted: OrderEvent[], at: string): OrderEvent[] {
  if (admitted.at(-1)?.type !== 'orderEnded') return admitted;
  const before = admitted.slice(0, admitted.at(-2)?.type === 'coverReleased' ? -2 : -1);
  return foresee(order, before, at).effects.length > 0 ? before : admitted;
}

interface Scene {
  order: Order | undefined;
  events: readonly OrderEvent[];
  around: Surroundings;
  at: string;
  policy: SchemePolicy;
  /** A refund has been found too small, by the books, to be the whole: the order is not over by it. */
  isShort?: boolean;
}

type Drafted = Extract<OrderEvent, { type: 'orderDrafted' }>;
const isDrafted = (event: OrderEvent): event is Drafted => event.type === 'orderDrafted';

function policyFor(order: Order | undefined, events: readonly OrderEvent[], at: string): SchemePolicy {
  const confirmed = events.find((event) => event.type === 'orderConfirmed');
  if (order) return policyOf(confirmed ? { ...order, policy: confirmed.policy } : order);
  return schemeInForce(events.find(isDrafted)?.scheme ?? 'trade-assurance', at);
}

/** The event with what goes with it, or what takes its place. */
function follow(event: OrderEvent, scene: Scene): OrderEvent[] | Refusal {
  const { order, around, policy } = scene;
  switch (event.type) {
    case 'orderDrafted':
      return draftRefusal(event, scene) ?? [event];
    case 'revisionConfirmed': {
      const terms = order ?? scene.events.find(isDrafted) ?? { contract: {} };
      return region(terms, scene) ?? [event, ...coverOffered(terms, scene)];
    }
    case 'orderConfirmed':
      return order ? [event, ...opened(order, scene)] : [event];
    case 'paymentOpened':
      return (order && activationRefusal(scene)) ?? [event];
    case 'chargeRequested':
      return (order && advanceRefusal(order, scene)) ?? [event];
    case 'advanceCompleted':
      return policy.guarantee ? [event, ...reserved(totalAfter(scene), around)] : [event];
    case 'contractAmended':
      return (
        region({ contract: { ...order?.contract, ...event.changes } }, scene) ?? [event, ...coverMoved(event, scene)]
      );
    case 'supplierPaid':
    case 'moneyReleased':
      return [event, ...repaid(event.amount, around)];
    case 'supplierClawedBack':
      return [clawedBack(event, around)];
    case 'refundDue':
      return (event.sources.award ?? 0) > 0 ? awardCollected(event, scene) : refunded(event, scene);
    case 'awardUncovered':
      return [event, ...awardOwedAgain(event.amount, around)];
    case 'awardWaived':
      return [awardWaived(event, around)];
    case 'orderClosed':
    case 'coverReleased':
    case 'orderEnded':
      return scene.isShort ? [] : [event];
    default:
      return [event];
  }
}

/** R12, R13, R40, R41, R45, R58: whether these two may begin an order. */
function draftRefusal(draft: Drafted, { around, events, policy }: Scene): Refusal | undefined {
  const { supplier, buyer, regions } = around;
  if (!supplier) return refuse('member.not-found', `supplier ${draft.supplier}`);
  if (!buyer) return refuse('member.not-found', `buyer ${draft.buyer}`);
  const isStartOrder = draft.by === 'buyer' && events.some(({ type }) => type === 'revisionConfirmed');
  return (
    supplierRefusal(supplier, policy) ??
    (isStartOrder && !isActivated(supplier, policy) ? refuse('supplier.not-activated', supplier.id) : undefined) ??
    buyerRefusal(buyer) ??
    (policy.servedRegionsOnly ? regionRefusal(buyer, draft.contract.shipping?.destination, regions) : undefined)
  );
}

const region = ({ contract: { shipping } }: Pick<Order, 'contract'>, { around: { buyer, regions }, policy }: Scene) =>
  buyer && policy.servedRegionsOnly ? regionRefusal(buyer, shipping?.destination, regions) : undefined;

/** R2: a short limit shortens the cover, and says so before the other side confirms. */
function coverOffered(terms: Pick<Order, 'contract'>, { around: { limit, openCover }, policy }: Scene): OrderEvent[] {
  if (!policy.guarantee) return [];
  const total = totalOf(contract.parse(terms.contract));
  return [{ type: 'coverOffered', amount: coverOf(total, limit, openCover), limit }];
}

const reserved = (total: Money | undefined, { limit, openCover }: Surroundings): OrderEvent[] =>
  total ? [{ type: 'coverReserved', amount: coverOf(total, limit, openCover), limit }] : [];

/** The total, or the one that the order is being amended to. */
const totalAfter = ({ order, events }: Scene): Money | undefined =>
  events.find((event) => event.type === 'contractAmended')?.total ?? order?.total;

/**
 * R2: another price has another cover; what was given out for this order counts as free again. A limit that has fallen
 * since does not shorten what was given; before the advance is in, the two are told what it would be.
 */
function coverMoved(
  { total }: Extract<OrderEvent, { type: 'contractAmended' }>,
  { order, around, policy, events }: Scene,
): OrderEvent[] {
  const { limit, openCover } = around;
  if (!policy.guarantee || events.some(({ type }) => type === 'advanceCompleted')) return [];
  const before = order?.cover?.reserved;
  if (!before) return [{ type: 'coverOffered', amount: coverOf(total, limit, openCover), limit }];
  const free = moneyOf(openCover.amount - before.amount, before.currency);
  const amount = moneyOf(
    Math.min(total.amount, Math.max(before.amount, coverOf(total, limit, free).amount)),
    before.currency,
  );
  if (amount.amount === before.amount) return [];
  return [
    { type: 'coverReleased', amount: before },
    { type: 'coverReserved', amount, limit },
  ];
}

/** R13, R58: why an order that waits for the supplier's activation cannot be opened for payment yet. */
function activationRefusal({ around: { supplier }, policy }: Scene): Refusal | undefined {
  if (supplier && isActivated(supplier, policy)) return undefined;
  const isSuspended = supplier?.tradeAssurance === 'suspended';
  return refuse(isSuspended ? 'supplier.suspended' : 'supplier.not-activated', supplier?.id);
}

/** R27, R30, R55: the account to pay to, and, if the supplier has activated the scheme, the 15 days. */
function opened(order: Order, { around: { account, supplier }, policy, at }: Scene): OrderEvent[] {
  // R58: a suspension stops new orders; those begun before it go on.
  const isSuspended = supplier?.tradeAssurance === 'suspended';
  const activated = isSuspended || (supplier && isActivated(supplier, policy));
  return [
    { type: 'accountAssigned', payTo: policy.platformAccount ?? account },
    ...(activated ? [{ type: 'paymentOpened' as const, payBy: payBy({ ...order, policy: policy.id }, at) }] : []),
  ];
}

/** R45 at payment: whether an advance from this country is taken today; what is due after shipment always is. */
const advanceRefusal = (order: Order, scene: Scene): Refusal | undefined =>
  order.status === 'awaiting-payment' ? region(order, scene) : undefined;

/** R45: a transfer that is not taken waits to be returned, whole; money out of suspense stays there. */
function unwelcomeAdvance(order: Order, scene: Scene): OrderEvent[] | Refusal | undefined {
  const applied = scene.events.find((event) => event.type === 'paymentApplied');
  if (!applied || applied.account === 'card') return undefined;
  const refusal = advanceRefusal(order, scene);
  if (!refusal || applied.account === 'suspense') return refusal;
  const excess = scene.events.find((event) => event.type === 'paymentSuspended')?.amount.amount ?? 0;
  const amount = moneyOf(applied.amount.amount + excess, applied.amount.currency);
  return [{ ...applied, type: 'paymentSuspended', amount, reason: 'buyer.region-not-served' }];
}

/** R2: what the supplier owes the platform is repaid first, from what it gets. */
function repaid(amount: Money, around: Surroundings): OrderEvent[] {
  const part = smaller(amount, around.owed);
  around.owed = moneyOf(around.owed.amount - part.amount, part.currency);
  around.balance = moneyOf(around.balance.amount + amount.amount - part.amount, amount.currency);
  return isZero(part) ? [] : [{ type: 'receivableRepaid', amount: part }];
}

/** A reversal after the supplier has withdrawn takes what is there, of its CNY, too; the rest is owed. */
function clawedBack(event: Extract<OrderEvent, { type: 'supplierClawedBack' }>, around: Surroundings): OrderEvent {
  const net = subtract(event.amount, event.fee);
  const there = smaller(net, around.balance);
  around.balance = subtract(around.balance, there);
  const missing = subtract(net, there);
  const converted = convert(around, missing.amount);
  const short = moneyOf(missing.amount - (converted?.gained.amount ?? 0), missing.currency);
  around.owed = moneyOf(around.owed.amount + short.amount, short.currency);
  return { ...event, short, ...(converted && { converted }) };
}

/** Takes the supplier's CNY for what is missing; the next event finds so much less of them. */
function convert(around: Surroundings, missing: number): Conversion | undefined {
  const { yuan } = around;
  const converted = yuan && convertedFrom(yuan, missing);
  if (converted) around.yuan = { ...yuan, balance: yuan.balance - converted.given.amount };
  return converted;
}

/**
 * R2, R22: what an award takes from the supplier comes from its balance first, its CNY included, then from the guarantee up
 * to the order's cover, and the supplier owes that; the rest it owes to the buyer, who gets it when the supplier repays.
 * Whatever is agreed or ordered otherwise needs the balance.
 */
function refunded(due: Extract<OrderEvent, { type: 'refundDue' }>, scene: Scene): OrderEvent[] | Refusal {
  const { order, around, policy } = scene;
  const of = (amount: number) => moneyOf(amount, due.amount.currency);
  const isRuling = due.why === 'ruling';
  const fromBalance = Math.min(due.sources.supplier, around.balance.amount);
  around.balance = of(around.balance.amount - fromBalance);
  const converted = isRuling ? convert(around, due.sources.supplier - fromBalance) : undefined;
  const fromSupplier = fromBalance + (converted?.gained.amount ?? 0);
  const missing = due.sources.supplier - fromSupplier;
  if (missing > 0 && !isRuling) return refuse('supplier.balance-short', `${String(missing)} minor units are missing`);
  const cover = policy.guarantee ? (order?.cover?.reserved?.amount ?? 0) - (order?.guaranteed ?? 0) : 0;
  const guarantee = Math.min(missing, Math.max(0, cover));
  const uncovered = missing - guarantee;
  const amount = due.amount.amount - uncovered;
  const sources = { ...due.sources, supplier: fromSupplier, guarantee };
  scene.isShort = uncovered > 0;
  around.owed = of(around.owed.amount + missing);
  return [
    ...(amount > 0 ? [{ ...due, amount: of(amount), sources, ...(converted && { converted }) }] : []),
    ...(uncovered > 0 ? [{ type: 'awardUncovered' as const, amount: of(uncovered) }] : []),
  ];
}

/** R2: the buyer gets what the supplier has repaid of its awards; what the guarantee has paid was repaid before. */
function awardCollected(due: Extract<OrderEvent, { type: 'refundDue' }>, scene: Scene): OrderEvent[] | Refusal {
  const { awards, owed } = scene.around;
  const repaidSoFar = Math.max(0, (awards?.amount ?? 0) - owed.amount);
  const amount = Math.min(due.amount.amount, repaidSoFar);
  if (amount === 0) return refuse('award.not-repaid', `the supplier owes ${format(owed)}`);
  scene.isShort = amount < due.amount.amount;
  return [{ ...due, amount: moneyOf(amount, due.amount.currency), sources: { ...due.sources, award: amount } }];
}

/** R2: what is not owed any more and was repaid already is the supplier's again. */
function awardWaived(event: Extract<OrderEvent, { type: 'awardWaived' }>, around: Surroundings): OrderEvent {
  const repaid = Math.max(0, event.amount.amount - around.owed.amount);
  around.owed = moneyOf(around.owed.amount - (event.amount.amount - repaid), event.amount.currency);
  around.balance = moneyOf(around.balance.amount + repaid, event.amount.currency);
  return { ...event, repaid: moneyOf(repaid, event.amount.currency) };
}

/** R2: what is owed again of an award is repaid at once out of what the supplier has. */
function awardOwedAgain(amount: Money, around: Surroundings): OrderEvent[] {
  const part = smaller(amount, around.balance);
  around.balance = subtract(around.balance, part);
  around.owed = moneyOf(around.owed.amount + amount.amount - part.amount, amount.currency);
  return isZero(part) ? [] : [{ type: 'receivableRepaid', amount: part }];
}
