/**
 * What `ta recover` does for money that goes its own way beside the orders: withdrawals, settlements and returns of suspended money,
 * restated from their workflows where books that were restored to an older point have lost them.
 */
import { isRefusal, type Refusal } from '../domain/refusal';
import { hasEnded as isSettled, type ConversionEnd, type Settlement } from '../domain/settlement';
import type { SuspenseItem } from '../domain/suspense';
import { hasEnded, type PayoutEnd, type Withdrawal } from '../domain/withdrawal';
import * as settlements from '../store/settlements';
import type { Store } from '../store/store';
import { changeItem } from '../store/suspense';
import { endReturn, findItem, sendOff } from '../store/suspense-return';
import * as withdrawals from '../store/withdrawals';
import { suspenseReturnId, suspenseReturnWorkflow, viewQuery } from '../workflows/contract';
import { settlementWorkflow, withdrawalWorkflow } from '../workflows/funds-contract';
import type { TradeAssuranceClient } from './client';
import { Refused, withinTime } from './errors';
import type { Finding, Lost } from './recover-finding';

interface Look {
  ta: TradeAssuranceClient;
  workflowId: string;
  /** As Temporal names it: `RUNNING`, `COMPLETED`, … */
  status: string;
  lost: Lost[];
  onFinding: (finding: Finding) => void;
}

const timeoutMs = 30_000;

/** By the workflow's type: finds what it has and the books lack. */
export const moneyAhead: Record<string, (look: Look) => Promise<void>> = {
  [withdrawalWorkflow]: withdrawalAhead,
  [settlementWorkflow]: settlementAhead,
  [suspenseReturnWorkflow]: returnAhead,
};

/** What a workflow says of its own; nothing when it was refused, or has not begun. */
async function standing<T extends object>({ ta, workflowId }: Look): Promise<T | undefined> {
  const { temporal } = ta.options;
  const stands = await withinTime(temporal, timeoutMs, () =>
    temporal.workflow.getHandle(workflowId).query<T | Refusal | undefined>(viewQuery),
  );
  return !stands || isRefusal(stands) ? undefined : stands;
}

async function withdrawalAhead(look: Look): Promise<void> {
  const { store } = look.ta.options;
  const stands = await standing<Withdrawal>(look);
  if (!stands) return;
  const books = await withdrawals.findWithdrawal(store, stands.id);
  if (books && (hasEnded(books) || !hasEnded(stands))) return;
  look.onFinding(moneyFinding('withdrawal', stands, books));
  const { id, reservedAt, endedAt, bankReference = '', reason = '' } = stands;
  if (!books)
    look.lost.push({
      ...{ order: id, at: reservedAt, version: 0 },
      write: () => withdrawals.restoreReserved(store, stands),
    });
  if (endedAt === undefined) return;
  const end: PayoutEnd =
    stands.state === 'paid' ? { status: 'paid', reference: bankReference } : { status: 'refused', reason };
  look.lost.push({ order: id, at: endedAt, version: 1, write: () => withdrawals.end(store, id, end, endedAt) });
}

async function settlementAhead(look: Look): Promise<void> {
  const { store } = look.ta.options;
  const stands = await standing<Settlement>(look);
  if (!stands) return;
  const books = await settlements.findSettlement(store, stands.id);
  if (books && progressOf(books) >= progressOf(stands)) return;
  look.onFinding(moneyFinding('settlement', stands, books));
  const { id, by, supplier, orders, quote, quotedAt, reservedAt, endedAt, bankReference = '', reason = '' } = stands;
  if (!books)
    look.lost.push({
      ...{ order: id, at: quotedAt, version: 0 },
      write: () => taken(settlements.keepQuote(store, { id, by, supplier, orders }, quote, quotedAt)),
    });
  if (reservedAt !== undefined)
    look.lost.push({
      ...{ order: id, at: reservedAt, version: 1 },
      write: () => settlements.restoreReserved(store, id, stands),
    });
  if (endedAt === undefined) return;
  const ends: Partial<Record<Settlement['state'], ConversionEnd>> = {
    settled: { status: 'done', reference: bankReference },
    'put-back': { status: 'refused', reason },
  };
  const end = ends[stands.state] ?? { status: 'lapsed' as const };
  look.lost.push({ order: id, at: endedAt, version: 2, write: () => settlements.end(store, id, end, endedAt) });
}

const progressOf = (one: Settlement): number => (isSettled(one) ? 2 : one.state === 'reserved' ? 1 : 0);

/** A return that the bank has paid; one that was on its way is for an operator to ask the bank about, before it is sent again. */
async function returnAhead(look: Look): Promise<void> {
  const { store, temporal } = look.ta.options;
  const id = look.workflowId.slice(suspenseReturnId('').length);
  const books = await findItem(store, id);
  if (books?.state === 'returned' || (books?.state === 'returning' && look.status === 'RUNNING')) return;
  if (look.status !== 'COMPLETED') {
    const says = `was on its way back, and the books do not know: ask the bank about "Return ${id}" before it is sent again`;
    look.onFinding({ order: id, what: 'stuck', says });
    return;
  }
  const item = await withinTime(
    temporal,
    timeoutMs,
    () => temporal.workflow.getHandle(look.workflowId).result() as Promise<SuspenseItem>,
  );
  if (item.state !== 'returned') return;
  look.onFinding(moneyFinding('return', item, books));
  look.lost.push({ order: id, at: item.updatedAt, version: 2, write: () => returnAgain(store, item) });
}

/** Sends the item off and back once more in the books, as it stood when it was approved. */
async function returnAgain(store: Store, item: SuspenseItem): Promise<void> {
  const { id, proposal, approvedBy, updatedAt, returned = '' } = item;
  const sent = changeItem(
    store,
    id,
    (stands) =>
      ['open', 'proposed', 'approved'].includes(stands.state)
        ? { ...stands, proposal, approvedBy, updatedAt, state: 'returning' }
        : stands,
    (after, session) => sendOff(store, after, session),
  );
  await taken(sent);
  await taken(endReturn(store, id, { status: 'paid', reference: returned }, updatedAt));
}

const moneyFinding = (
  what: 'withdrawal' | 'settlement' | 'return',
  { id, state }: { id: string; state: string },
  books: { state: string } | undefined,
): Finding => ({ order: id, what, says: `is ${state}, by the books ${books?.state ?? 'not there'}` });

/** What was taken then is taken again. @throws Refused */
async function taken<T extends object>(answer: Promise<T | Refusal>): Promise<T> {
  const given = await answer;
  if (isRefusal(given)) throw new Refused(given);
  return given;
}
