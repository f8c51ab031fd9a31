/** Drafting, revising, confirming and leaving an order before it is paid (R28, R51–R55, R57). */
import { advanceOf, contract, contractRefusal, totalOf, type ContractModule } from './contract';
import type { Decision } from './decide';
import { sideOf, type OrderEvent } from './events';
import type { Message } from './messages';
import { wrongState, type Order } from './order';
import { refuse } from './refusal';
import { schemes } from './scheme';
import { addDays } from './time';

const open: readonly Order['status'][] = ['negotiating', 'awaiting-buyer', 'awaiting-supplier'];

/** Most characters of a reason in the journal. */
const maxReason = 2000;

/** R28, R51: either side drafts; the drafting side may confirm at once (by a buyer, a Start Order). */
export function draft({ actor, data }: Message<'draft'>, at: string): Decision {
  const { confirm: confirmed, ...order } = data;
  const by = sideOf(actor.role);
  if (order.supplier === order.buyer) return refuse('buyer.is-supplier', order.buyer);
  if (actor.member !== order[by]) return refuse('actor.not-a-party', `${actor.member} is not the ${by} of the draft`);
  const drafted: OrderEvent = { type: 'orderDrafted', ...order, by };
  if (!confirmed) return [drafted];
  return (
    contractRefusal(order.contract, schemes[order.scheme], at) ?? [
      drafted,
      { type: 'revisionConfirmed', revision: 1, by },
    ]
  );
}

/** R52: a revision withdraws every confirmation of the older one. */
export function revise(order: Order, { actor, data: { baseRevision, changes } }: Message<'revise'>): Decision {
  if (!open.includes(order.status)) return wrongState(order);
  if (baseRevision !== order.revision) return stale(order, baseRevision);
  const changed = (Object.keys(changes) as ContractModule[]).some(
    (module) => JSON.stringify(changes[module]) !== JSON.stringify(order.contract[module]),
  );
  if (!changed) return refuse('revision.empty');
  return [{ type: 'contractRevised', revision: order.revision + 1, changes, by: sideOf(actor.role) }];
}

/** R53, R54: either side first; both confirm the same revision, and it must be complete. */
export function confirm(order: Order, { actor, data: { revision } }: Message<'confirm'>, at: string): Decision {
  const by = sideOf(actor.role);
  // By its business key this is a repetition, whatever has happened since.
  if (order.confirmations[by]?.revision === revision) return [];
  if (!open.includes(order.status)) return wrongState(order);
  if (revision !== order.revision) return stale(order, revision);
  const scheme = schemes[order.scheme];
  const refusal = contractRefusal(order.contract, scheme, at);
  if (refusal) return refusal;
  const confirmed: OrderEvent = { type: 'revisionConfirmed', revision, by };
  const other = by === 'supplier' ? 'buyer' : 'supplier';
  if (order.confirmations[other]?.revision !== revision) return [confirmed];
  const terms = contract.parse(order.contract);
  const total = totalOf(terms);
  const advance = advanceOf(total, terms.payment.advancePercent);
  return [confirmed, { type: 'orderConfirmed', policy: scheme.version, total, advance }];
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
export const payBy = (order: Pick<Order, 'scheme'>, at: string): string =>
  addDays(at, schemes[order.scheme].paymentDays);

/** R57: before any money has arrived either side may cancel, with a reason. */
export function cancel(order: Order, { actor, data: { reason } }: Message<'cancel'>): Decision {
  const cancellable = [...open, 'awaiting-activation', 'awaiting-payment'].includes(order.status);
  if (!cancellable) return wrongState(order);
  if (order.paid) return refuse('payment.money-present');
  // The journal takes a reason as long as the message does; beside it stands who gave it.
  return [{ type: 'orderEnded', outcome: 'cancelled', reason: `${actor.role}: ${reason}`.slice(0, maxReason) }];
}

/** R52 (reading): when an order that is not fully confirmed lapses. */
export const lapsesAt = (order: Order): string | undefined =>
  open.includes(order.status) ? addDays(order.revisedAt, schemes[order.scheme].draftDays) : undefined;

export function draftLapsed(order: Order, at: string): Decision {
  const lapses = lapsesAt(order);
  return lapses !== undefined && at >= lapses ? [{ type: 'orderEnded', outcome: 'lapsed' }] : [];
}
