/** Withdrawals as they stand in MongoDB: each step is one transaction with its postings, and repeating it changes nothing (R9). */
import type { ClientSession } from 'mongoose';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import type { Actor } from '../domain/messages';
import { noticesOfRepayment, noticesOfWithdrawal } from '../domain/notices-beside';
import {
  approveWithdrawal,
  endWithdrawal,
  hasEnded,
  repeatedWithdrawal,
  reserveWithdrawal,
  withdrawalTransfers,
  type PayoutEnd,
  type Withdrawal,
  type WithdrawalRequest,
} from '../domain/withdrawal';
import { tellBeside } from './beside-notices';
import { repayFromInflow } from './netting';
import { fundsOf } from './funds';
import { postTransfers } from './ledger';
import { payeesOf } from './payees';
import { documentOf, valueOf, type Store } from './store';
import { withdrawalPolicyOn } from './withdrawal-policy';

export async function findWithdrawal(store: Store, id: string): Promise<Withdrawal | undefined> {
  const doc = await store.collections.withdrawals.findOne({ _id: id });
  return doc ? valueOf(doc) : undefined;
}

/** Newest first, at most 500. */
export async function withdrawalsOf(store: Store, supplier: string, limit = 50): Promise<Withdrawal[]> {
  const docs = await store.collections.withdrawals
    .find({ supplier })
    .sort({ reservedAt: -1 })
    .limit(Math.min(limit, 500))
    .toArray();
  return docs.map(valueOf);
}

/** Takes the money aside, or refuses (see the domain's `reserveWithdrawal`); `message.id-reused` for another body. */
export function reserve(store: Store, request: WithdrawalRequest, at: string): Promise<Withdrawal | Refusal> {
  return store.transaction(async (session) => {
    const known = await store.collections.withdrawals.findOne({ _id: request.id }, { session });
    if (known) return repeatedWithdrawal(valueOf(known), request);
    const policy = await withdrawalPolicyOn(store, at, session);
    const reserved = reserveWithdrawal(request, { ...(await contextOf(store, request, session)), policy }, at);
    if (!isRefusal(reserved)) await insert(store, reserved, session);
    return reserved;
  });
}

/** What decides whether this money may be paid out, read in the transaction that reserves it. */
async function contextOf(
  store: Store,
  { supplier, orders, channel }: Pick<WithdrawalRequest, 'supplier' | 'orders' | 'channel'>,
  session: ClientSession,
) {
  return {
    funds: await fundsOf(store, supplier, orders, channel, session),
    payees: await payeesOf(store, supplier, session),
  };
}

async function insert(store: Store, reserved: Withdrawal, session: ClientSession): Promise<void> {
  await store.collections.withdrawals.insertOne(documentOf('withdrawals', reserved), { session });
  await postTransfers(store, withdrawalTransfers(reserved), session);
  await tellBeside(store, `withdrawal:${reserved.id}`, noticesOfWithdrawal(reserved), reserved.reservedAt, session);
}

/** Reserves a withdrawal that a second person of the supplier approves (see the domain's `approveWithdrawal`). */
export function approve(store: Store, id: string, by: Actor, at: string): Promise<Withdrawal | Refusal> {
  return store.transaction(async (session) => {
    const { withdrawals } = store.collections;
    const doc = await withdrawals.findOne({ _id: id }, { session });
    if (!doc) return refuse('withdrawal.not-found', id);
    const before = valueOf(doc);
    const after = approveWithdrawal(before, by, await contextOf(store, before, session), at);
    if (isRefusal(after) || after === before) return after;
    await withdrawals.replaceOne({ _id: id }, documentOf('withdrawals', after), { session });
    await postTransfers(store, withdrawalTransfers(after), session);
    return after;
  });
}

/** Reserves again what a workflow has reserved and restored books have lost: who may do so was decided then. */
export function restoreReserved(store: Store, lost: Withdrawal): Promise<Withdrawal> {
  const { endedAt: _endedAt, bankReference: _bankReference, reason: _reason, ...rest } = lost;
  const reserved: Withdrawal = { ...rest, state: lost.state === 'awaiting-approval' ? lost.state : 'reserved' };
  return store.transaction(async (session) => {
    const known = await store.collections.withdrawals.findOne({ _id: lost.id }, { session });
    if (known) return valueOf(known);
    await insert(store, reserved, session);
    return reserved;
  });
}

/** Notes that the bank has it, unless its end is known already. */
export async function noteWithBank(store: Store, id: string): Promise<void> {
  const { withdrawals } = store.collections;
  await withdrawals.updateOne({ _id: id, state: 'reserved' }, { $set: { state: 'with-bank' } });
}

/** Books how it ended: the money leaves, or is put back whole. The first end stands; asked again, it answers that. */
export function end(store: Store, id: string, how: PayoutEnd, at: string): Promise<Withdrawal> {
  return store.transaction(async (session) => {
    const { withdrawals } = store.collections;
    const doc = await withdrawals.findOne({ _id: id }, { session });
    if (!doc) throw new Error(`there is no withdrawal ${id}`);
    const before = valueOf(doc);
    if (hasEnded(before)) return before;
    const after = endWithdrawal(before, how, at);
    await withdrawals.replaceOne({ _id: id }, documentOf('withdrawals', after), { session });
    await postTransfers(store, withdrawalTransfers(after), session);
    const { supplier, orders } = after;
    const cause = `withdrawal:${id}` as const;
    const repaid =
      after.state === 'put-back' ? await repayFromInflow(store, { cause, supplier, orders }, at, session) : undefined;
    await tellBeside(
      store,
      cause,
      [...noticesOfWithdrawal(after), ...noticesOfRepayment(supplier, repaid)],
      at,
      session,
    );
    return after;
  });
}
