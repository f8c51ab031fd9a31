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
    .strictObject({ action: suspenseAction, by: opaqueId, at: instant, why: z.string().min(1).max(500) })
    .optional(),
  approvedBy: opaqueId.optional(),
  /** The bank's reference of the return. */
  returned: z.string().optional(),
  /** Why the bank refused the last return. */
  refused: z.string().optional(),
  updatedAt: instant,
});
export type SuspenseItem = z.infer<typeof suspenseItem>;

type Changed = SuspenseItem | Refusal;

/** One operator says what is to become of it; said anew, the newer word counts. */
export function propose(item: SuspenseItem, action: SuspenseAction, by: string, why: string, at: string): Changed {
  if (item.state !== 'open' && item.state !== 'proposed')
    return refuse('suspense.not-open', `${item.id} is ${item.state}`);
  return { ...item, state: 'proposed', proposal: { action, by, at, why }, updatedAt: at };
}

/** The second pair of eyes; approving again changes nothing. */
export function approve(item: SuspenseItem, by: string, at: string): Changed {
  if (item.approvedBy === by) return item;
  if (item.state !== 'proposed' || !item.proposal) return refuse('suspense.not-open', `${item.id} is ${item.state}`);
  if (item.proposal.by === by) return refuse('approval.same-operator', by);
  const state = item.proposal.action.kind === 'allocate' ? 'approved' : 'returning';
  return { ...item, state, approvedBy: by, updatedAt: at };
}

/** The operator was wrong: it is open again. */
export function disapprove(item: SuspenseItem, at: string): Changed {
  if (item.state !== 'proposed' && item.state !== 'approved')
    return refuse('suspense.not-open', `${item.id} is ${item.state}`);
  const { proposal: _proposal, approvedBy: _approvedBy, ...rest } = item;
  return { ...rest, state: 'open', updatedAt: at };
}

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
