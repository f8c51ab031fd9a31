/** Settlements into CNY as they stand in MongoDB: each step is one transaction with its postings, and repeating it changes nothing (R4). */
import type { ClientSession } from 'mongoose';
import type { Funds, Part } from '../domain/funds';
import { isRefusal, type Refusal } from '../domain/refusal';
import type { Actor } from '../domain/messages';
import { noticesOfRepayment, noticesOfSettlement } from '../domain/notices-beside';
import {
  bought,
  endSettlement,
  hasEnded,
  quoteRefusal,
  repeatedSettlement,
  reserveSettlement,
  settlementTransfers,
  soldBy,
  type ConversionEnd,
  type Quote,
  type Settlement,
  type SettlementRequest,
} from '../domain/settlement';
import { tellBeside } from './beside-notices';
import { repayFromInflow } from './netting';
import { fundsOf } from './funds';
import { postTransfers } from './ledger';
import { documentOf, valueOf, type Store } from './store';

export async function findSettlement(store: Store, id: string): Promise<Settlement | undefined> {
  const doc = await store.collections.settlements.findOne({ _id: id });
  return doc ? valueOf(doc) : undefined;
}

/** Newest first, at most 500. */
export async function settlementsOf(store: Store, supplier: string, limit = 50): Promise<Settlement[]> {
  const docs = await store.collections.settlements
    .find({ supplier })
    .sort({ quotedAt: -1 })
    .limit(Math.min(limit, 500))
    .toArray();
  return docs.map(valueOf);
}

/** What stands under the id, or why there is nothing to quote; undefined when the bank may be asked. */
export function beforeQuote(store: Store, request: SettlementRequest): Promise<Settlement | Refusal | undefined> {
  return store.transaction(async (session) => {
    const known = await store.collections.settlements.findOne({ _id: request.id }, { session });
    if (known) return repeatedSettlement(valueOf(known), request);
    return quoteRefusal(request, await fundsFor(store, request, session));
  });
}

/** Keeps the bank's quote, unless there is one already: the first stands. */
export async function keepQuote(
  store: Store,
  request: SettlementRequest,
  quote: Quote,
  at: string,
): Promise<Settlement | Refusal> {
  const { _id, ...fields } = documentOf('settlements', { ...request, state: 'quoted', quote, quotedAt: at });
  const { settlements } = store.collections;
  const kept = await settlements.findOneAndUpdate(
    { _id },
    { $setOnInsert: fields },
    { upsert: true, returnDocument: 'after' },
  );
  if (!kept) throw new Error(`the quote of settlement ${request.id} could not be kept`);
  return repeatedSettlement(valueOf(kept), request);
}

/** Takes the money aside, or refuses (see the domain's `reserveSettlement`). What was reserved before stays so. */
export function reserve(store: Store, id: string, by: Actor, at: string): Promise<Settlement | Refusal> {
  return change(store, id, async (before, session) =>
    before.state === 'quoted' ? reserveSettlement(before, by, await fundsFor(store, before, session), at) : before,
  );
}

/** Reserves again what a workflow has reserved and restored books have lost: who may do so was decided then. */
export const restoreReserved = (store: Store, id: string, { settledBy, reservedAt }: Settlement) =>
  change<Settlement>(store, id, (before) =>
    Promise.resolve(before.state === 'quoted' ? { ...before, state: 'reserved', settledBy, reservedAt } : before),
  );

/** Books how it ended: both legs at once, or the money put back, or nothing (lapsed). The first end stands. */
export function end(
  store: Store,
  id: string,
  how: ConversionEnd | { status: 'lapsed' },
  at: string,
): Promise<Settlement> {
  return change<Settlement>(store, id, (before) => Promise.resolve(endSettlement(before, how, at)));
}

async function change<Answer extends Settlement | Refusal>(
  store: Store,
  id: string,
  next: (before: Settlement, session: ClientSession) => Promise<Answer>,
): Promise<Answer> {
  return store.transaction(async (session) => {
    const { settlements } = store.collections;
    const doc = await settlements.findOne({ _id: id }, { session });
    if (!doc) throw new Error(`there is no settlement ${id}`);
    const before = valueOf(doc);
    const after = await next(before, session);
    if (isRefusal(after) || after === before) return after;
    await settlements.replaceOne({ _id: id }, documentOf('settlements', after), { session });
    await postTransfers(store, settlementTransfers(after), session);
    if (hasEnded(after)) {
      const { supplier, orders, endedAt: at = '' } = after;
      const cause = `settlement:${id}` as const;
      // CNY that come in pay a debt that has come up meanwhile, as what is put back does.
      const cameIn: Partial<Record<Settlement['state'], readonly Part[]>> = {
        'put-back': orders,
        settled: bought(after),
      };
      const back = cameIn[after.state];
      const repaid = back && (await repayFromInflow(store, { cause, supplier, orders: back }, at, session));
      const notices = [...noticesOfSettlement(after), ...noticesOfRepayment(supplier, repaid)];
      await tellBeside(store, cause, notices, at, session);
    }
    return after;
  });
}

const fundsFor = (
  store: Store,
  { supplier, orders }: Pick<SettlementRequest, 'supplier' | 'orders'>,
  session: ClientSession,
): Promise<Funds> => fundsOf(store, supplier, orders, soldBy({ orders }).currency, session);
