/** Reads what a decision cannot see, in the transaction that stores it: members, today's lists, limit and cover, account. */
import { randomInt } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Surroundings } from '../domain/admission';
import { regionPolicy, type RegionPolicy } from '../domain/eligibility';
import type { OrderEvent } from '../domain/events';
import { account } from '../domain/ledger';
import { member, type Member } from '../domain/member';
import { moneyOf } from '../domain/money';
import type { Order } from '../domain/order';
import { policyOf } from '../domain/scheme';
import { chinaDate } from '../domain/time';
import { standingOn } from './credit';
import { documentOf, valueOf, type Store } from './store';

type Pair = Pick<Order, 'supplier' | 'buyer'>;

/** The surroundings of an order (of a draft, when there is none yet) at an instant. */
export async function surroundingsOf(
  store: Store,
  order: Order | undefined,
  events: readonly OrderEvent[],
  at: string,
  session: ClientSession,
): Promise<Surroundings> {
  const pair: Pair | undefined = order ?? events.find((event) => event.type === 'orderDrafted');
  if (!pair) throw new Error('neither an order nor a draft');
  const [supplier, buyer] = await membersOf(store, [pair.supplier, pair.buyer], session);
  const usesLimit = events.some(({ type }) => limitEvents.has(type));
  const standing = usesLimit && supplier ? await standingOn(store, pair.supplier, at, session) : undefined;
  const isConfirmed = events.some(({ type }) => type === 'orderConfirmed');
  return {
    supplier,
    buyer,
    regions: await regionsOn(store, at, session),
    account: isConfirmed && usesPairAccount(order) ? await accountOf(store, pair, at, session) : '',
    limit: standing?.limit ?? moneyOf(0, 'USD'),
    openCover: moneyOf(standing?.openCover ?? 0, 'USD'),
    ...(await fundsOf(store, pair.supplier, events, session)),
  };
}

const limitEvents: ReadonlySet<OrderEvent['type']> = new Set([
  'revisionConfirmed',
  'advanceCompleted',
  'contractAmended',
]);
const fundsEvents: ReadonlySet<OrderEvent['type']> = new Set([
  'supplierPaid',
  'moneyReleased',
  'supplierClawedBack',
  'refundDue',
]);

/** What the supplier may collect and what it owes, in the currency that orders are priced in (R15). */
async function fundsOf(
  store: Store,
  supplier: string,
  events: readonly OrderEvent[],
  session: ClientSession,
): Promise<Pick<Surroundings, 'balance' | 'owed'>> {
  const nothing = moneyOf(0, 'USD');
  if (!events.some(({ type }) => fundsEvents.has(type))) return { balance: nothing, owed: nothing };
  const [has, owes] = [`${account.supplier(supplier)} USD`, `${account.receivable(supplier)} USD`];
  const found = await store.collections.balances.find({ _id: { $in: [has, owes] } }, { session }).toArray();
  const amount = (id: string) => found.find(({ _id }) => _id === id)?.balance ?? 0;
  return { balance: moneyOf(amount(has), 'USD'), owed: moneyOf(-amount(owes), 'USD') };
}

async function membersOf(store: Store, ids: string[], session: ClientSession): Promise<(Member | undefined)[]> {
  const found = await store.collections.members.find({ _id: { $in: ids } }, { session }).toArray();
  return ids.map((id) => {
    const doc = found.find(({ _id }) => _id === id);
    return doc && member.parse(valueOf(doc));
  });
}

/** R45: today's list. */
async function regionsOn(store: Store, at: string, session: ClientSession): Promise<RegionPolicy> {
  const newest = await store.collections.policies.findOne(
    { _id: /^regions\//, effectiveFrom: { $lte: at } },
    { session, sort: { effectiveFrom: -1 } },
  );
  if (!newest) throw new Error(`no policy of regions is in force at ${chinaDate(at)}; load the seeds`);
  return regionPolicy.parse(valueOf(newest));
}

/** R27, R30: under a scheme whose buyers pay to the platform a pair needs no account. */
const usesPairAccount = (order: Order | undefined): boolean =>
  order !== undefined && policyOf(order).platformAccount === undefined;

/** R30: the pair's account, assigned the first time that the pair needs one. */
async function accountOf(store: Store, { supplier, buyer }: Pair, at: string, session: ClientSession): Promise<string> {
  const { virtualAccounts } = store.collections;
  const known = await virtualAccounts.findOne({ supplier, buyer }, { session });
  if (known) return known.account;
  const account = `9${String(randomInt(10 ** 11, 10 ** 12 - 1))}`;
  await virtualAccounts.insertOne(documentOf('virtualAccounts', { account, supplier, buyer, assignedAt: at }), {
    session,
  });
  return account;
}

/** R2: cover that is reserved or given back, on the supplier's standing. */
export async function moveOpenCover(
  store: Store,
  supplier: string,
  events: readonly OrderEvent[],
  session: ClientSession,
): Promise<void> {
  const change = events.reduce((sum, event) => {
    if (event.type === 'coverReserved') return sum + event.amount.amount;
    return event.type === 'coverReleased' ? sum - event.amount.amount : sum;
  }, 0);
  if (change === 0) return;
  await store.collections.standings.updateOne({ _id: supplier }, { $inc: { openCover: change } }, { session });
}
