/** Drafting, revising, confirming and leaving an order before it is paid (R28, R51–R55, R57). */
import { refusedUntil } from './complaint';
import { advanceOf, contract, contractRefusal, totalOf, type ContractDraft, type ContractModule } from './contract';
import type { Decision } from './decide';
import { sideOf, type OrderEvent, type Side } from './events';
import type { Actor, Message, MessageData } from './messages';
import { isNegotiating, wrongState, type Order } from './order';
import { remindedRecently } from './payment';
import { refuse, type Refusal } from './refusal';
import { policyOf, schemeInForce } from './scheme';
import { addDays } from './time';

/** Most characters of a reason in the journal. */
const maxReason = 2000;

/** R28, R51: either side drafts; the drafting side may confirm at once (by a buyer, a Start Order). */
export function draft({ actor, data }: Message<'draft'>, at: string): Decision {
  const { confirm: confirmed, ...order } = data;
  const by = sideOf(actor.role);
  if (order.supplier === order.buyer) return refuse('buyer.is-supplier', order.buyer);
  if (actor.member !== order[by]) return refuse('actor.not-a-party', `${actor.member} is not the ${by} of the draft`);
  const refusal = wayInRefusal(data, by, at);
  if (refusal) return refusal;
  const drafted: OrderEvent = { type: 'orderDrafted', ...order, by };
  if (!confirmed) return [drafted];
  return (
    contractRefusal(order.contract, schemeInForce(order.scheme, at), at) ?? [
      drafted,
      { type: 'revisionConfirmed', revision: 1, by },
    ]
  );
}

/** R23, R28, R46, R51: the ways in that a side has; nobody has confirmed an inquiry, the buyer alone a Start Order. */
function wayInRefusal(
  { scheme, source, confirm: confirmed }: MessageData<'draft'>,
  by: Side,
  at: string,
): Refusal | undefined {
  const { kind, page } = source;
  if (!schemeInForce(scheme, at).waysIn[by].includes(kind)) return refuse('order.way-in', `${kind} by the ${by}`);
  if (page !== undefined && by === 'supplier') return refuse('order.way-in', 'buyers start from a page');
  if (kind === 'inquiry' && confirmed) return refuse('order.way-in', 'nobody has confirmed an inquiry');
  const isAtOnce = kind === 'start-order' || kind === 'buy-now';
  return isAtOnce && !confirmed ? refuse('order.way-in', `with ${kind} the buyer confirms at once`) : undefined;
}

/** R52: a revision withdraws every confirmation of the older one. */
export function revise(order: Order, { actor, data: { baseRevision, changes } }: Message<'revise'>): Decision {
  if (!isNegotiating(order)) return wrongState(order);
  if (baseRevision !== order.revision) return stale(order, baseRevision);
  if (!isChanged(order, changes)) return refuse('revision.empty');
  return [{ type: 'contractRevised', revision: order.revision + 1, changes, by: sideOf(actor.role) }];
}

/** Whether these modules differ from the contract's. */
export const isChanged = ({ contract: before }: Order, changes: ContractDraft): boolean =>
  (Object.keys(changes) as ContractModule[]).some(
    (module) => JSON.stringify(changes[module]) !== JSON.stringify(before[module]),
  );

/** R53, R54: either side first; both confirm the same revision, and it must be complete. */
export function confirm(order: Order, { actor, data: { revision } }: Message<'confirm'>, at: string): Decision {
  const by = sideOf(actor.role);
  // By its business key this is a repetition, whatever has happened since.
  if (order.confirmations[by]?.revision === revision) return [];
  if (!isNegotiating(order)) return wrongState(order);
  if (revision !== order.revision) return stale(order, revision);
  const scheme = schemeInForce(order.scheme, at);
  const refusal = contractRefusal(order.contract, scheme, at);
  if (refusal) return refusal;
  const confirmed: OrderEvent = { type: 'revisionConfirmed', revision, by };
  const other = by === 'supplier' ? 'buyer' : 'supplier';
  if (order.confirmations[other]?.revision !== revision) return [confirmed];
  const terms = contract.parse(order.contract);
  const total = totalOf(terms);
  const advance = advanceOf(total, scheme.prepay === 'full' ? 100 : terms.payment.advancePercent);
  return [confirmed, { type: 'orderConfirmed', policy: scheme.id, total, advance }];
}

const stale = (order: Order, revision: number) =>
  refuse('revision.stale', `revision ${String(revision)} was named; the newest is ${String(order.revision)}`);

/** R55: both had confirmed before the supplier's activation came through; the 15 days run from now. */
export function supplierActivated(order: Order, at: string): Decision {
  if (order.payBy !== undefined) return [];
  if (order.status !== 'awaiting-activation') return wrongState(order);
  return [{ type: 'paymentOpened', payBy: payBy(order, at) }];
}

/** R29: the money must have arrived 15 × 24 hours after the order could first be paid. */
export const payBy = (order: Order, at: string): string => addDays(at, policyOf(order).paymentDays);

/** R57: a side that is asked to confirm says no to that revision, and why; the two go on negotiating. */
export function decline(order: Order, { actor, data: { revision, reason } }: Message<'decline'>): Decision {
  const by = sideOf(actor.role);
  const other = by === 'supplier' ? 'buyer' : 'supplier';
  const isOffered = revision === order.revision && order.confirmations[other] !== undefined;
  // A repetition; unless the other side has confirmed the same revision again since.
  if (order.declined?.revision === revision && order.declined.by === by && !isOffered) return [];
  if (!isNegotiating(order)) return wrongState(order);
  if (revision !== order.revision) return stale(order, revision);
  if (!isOffered) return refuse('revision.not-offered', `the ${other} has not confirmed it`);
  return [{ type: 'revisionDeclined', revision, by, reason }];
}

/** R54: the side that has confirmed may remind the other, at intervals. */
export function remindConfirmation(order: Order, { role }: Actor, at: string): Decision {
  const by = sideOf(role);
  if (!isNegotiating(order) || !order.confirmations[by]) return wrongState(order);
  const last = order.remindedAt.confirmation;
  if (remindedRecently(order, last, at)) return refuse('reminder.too-soon', `last at ${last ?? ''}`);
  return [{ type: 'confirmationReminded', by }];
}

/**
 * R57: before any money has arrived either side may cancel, with a reason. Where the supplier refuses what the buyer had
 * confirmed, or has declined it before, the buyer may complain of it for a while (R58), and the order stays so long.
 */
export function cancel(order: Order, { actor, data: { reason } }: Message<'cancel'>, at: string): Decision {
  const cancellable = isNegotiating(order) || ['awaiting-activation', 'awaiting-payment'].includes(order.status);
  if (!cancellable) return wrongState(order);
  if (order.paid && order.paid.amount > 0) return refuse('payment.money-present');
  if (order.charges.some(({ state }) => state === 'pending')) return refuse('payment.charge-pending');
  const isRefusal = actor.role === 'supplier' && order.confirmations.buyer !== undefined;
  const complainBy = isRefusal ? addDays(at, policyOf(order).complaint.windowDays) : refusedUntil(order);
  // The journal takes a reason as long as the message does; beside it stands who gave it.
  const because = `${actor.role}: ${reason}`.slice(0, maxReason);
  return [
    {
      type: 'orderClosed',
      outcome: 'cancelled',
      reason: because,
      ...(complainBy !== undefined && { complainBy }),
    },
  ];
}

/** R52 (reading): when an order that is not fully confirmed lapses. */
export const lapsesAt = (order: Order): string | undefined =>
  isNegotiating(order) ? addDays(order.revisedAt, policyOf(order).draftDays) : undefined;

export function draftLapsed(order: Order, at: string): Decision {
  const lapses = lapsesAt(order);
  if (lapses === undefined || Date.parse(at) < Date.parse(lapses)) return [];
  const complainBy = refusedUntil(order);
  return [{ type: 'orderClosed', outcome: 'lapsed', ...(complainBy !== undefined && { complainBy }) }];
}
