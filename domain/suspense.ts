/**
 * Money in suspense: it has arrived, and could not be applied to an order (R29, R30). One operator says what is to become of
 * it, another approves; then it is applied to an order, or goes back to where it came from. Pure: what the store does with
 * an item goes through these functions.
 */
import { z } from 'zod';
import type { Disposed } from './disposal';
import { suspenseReason } from './events';
import { opaqueId } from './member';
import { payee } from './messages';
import { money } from './money';
import { refuse, type Refusal } from './refusal';
import { paymentMethod } from './scheme';
import { instant } from './time';
import { isSameOperator } from './users';

/** What is to become of an item. */
export const suspenseAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('allocate'), order: opaqueId }),
  z.strictObject({ kind: z.literal('return'), payee }),
]);
export type SuspenseAction = z.infer<typeof suspenseAction>;

export const suspenseState = z.enum(['open', 'proposed', 'approved', 'allocated', 'returning', 'returned', 'reversed']);

export const suspenseItem = z.strictObject({
  id: opaqueId,
  account: opaqueId,
  entryReference: z.string(),
  method: paymentMethod.optional(),
  payer: payee.optional(),
  /** What of it is still in suspense; zero once it is gone. */
  amount: money,
  /** What of it operators have sent back or given to an order, in minor units. */
  gone: z.int().nonnegative().optional(),
  reason: z.enum([...suspenseReason.options, 'unknown-reference']),
  /** What the payer wrote, where no order could be told from it. */
  remittance: z.string().optional(),
  /** The order that it came for, when one is known. */
  order: opaqueId.optional(),
  at: instant,
  state: suspenseState,
  proposal: z
    .strictObject({
      /** Its number among the proposals for this item, from 1: an approval names it. */
      number: z.int().positive(),
      action: suspenseAction,
      by: opaqueId,
      at: instant,
      why: z.string().min(1).max(500),
    })
    .optional(),
  /** How many proposals there have been. */
  proposals: z.int().nonnegative().optional(),
  approvedBy: opaqueId.optional(),
  /** The bank's reference of the return. */
  returned: z.string().optional(),
  /** The bank has taken the credit back while it was on its way: who it came from owes it, and a refused return pays that. */
  isReversed: z.boolean().optional(),
  /** Why the bank refused the last return. */
  returnRefusal: z.string().optional(),
  updatedAt: instant,
});
export type SuspenseItem = z.infer<typeof suspenseItem>;

type Changed = SuspenseItem | Refusal;

/** One operator proposes what is to become of it; a new proposal takes the place of the one before, under the next number. */
export function propose(item: SuspenseItem, action: SuspenseAction, by: string, why: string, at: string): Changed {
  if (item.state !== 'open' && item.state !== 'proposed')
    return refuse('suspense.not-open', `${item.id} is ${item.state}`);
  const number = (item.proposals ?? 0) + 1;
  return { ...item, state: 'proposed', proposals: number, proposal: { number, action, by, at, why }, updatedAt: at };
}

/**
 * Another operator approves the proposal of that number: `approval.none` when another one has taken its place,
 * `approval.same-operator`, `suspense.not-open`. Approving it again changes nothing.
 */
export function approve(item: SuspenseItem, number: number, by: string, at: string): Changed {
  const { proposal, approvedBy, state } = item;
  if (proposal?.number !== number) return noProposal(item, number);
  if (approvedBy !== undefined && isSameOperator(approvedBy, by)) return item;
  if (state !== 'proposed') return refuse('suspense.not-open', `${item.id} is ${state}`);
  if (isSameOperator(proposal.by, by)) return refuse('approval.same-operator', by);
  const next = proposal.action.kind === 'allocate' ? 'approved' : 'returning';
  return { ...item, state: next, approvedBy: by, updatedAt: at };
}

/** Turns the proposal of that number down: the item is open again. `approval.none`, `suspense.not-open` */
export function disapprove(item: SuspenseItem, number: number, at: string): Changed {
  if (item.proposal?.number !== number) return noProposal(item, number);
  if (item.state !== 'proposed' && item.state !== 'approved')
    return refuse('suspense.not-open', `${item.id} is ${item.state}`);
  const { proposal: _proposal, approvedBy: _approvedBy, ...rest } = item;
  return { ...rest, state: 'open', updatedAt: at };
}

const noProposal = ({ proposal }: SuspenseItem, number: number): Refusal =>
  refuse('approval.none', proposal ? `${String(number)}; the newest is ${String(proposal.number)}` : String(number));

/** What operators have disposed of; what is on its way back is out of suspense until the bank refuses it. */
export const disposedOf = ({ account, entryReference, amount, state, gone = 0 }: SuspenseItem): Disposed => ({
  account,
  entryReference,
  gone: gone + (state === 'returning' ? amount.amount : 0),
});

/** Whether the item may be applied to this order now, as approved. */
export function allocationRefusal(item: SuspenseItem | undefined, order: string, amount: number): Refusal | undefined {
  const action = item?.proposal?.action;
  const isApproved = item?.state === 'approved' && action?.kind === 'allocate' && action.order === order;
  if (isApproved && item.amount.amount === amount) return undefined;
  return refuse('suspense.not-approved', item ? `${item.id} is ${item.state}` : 'there is no such item');
}
