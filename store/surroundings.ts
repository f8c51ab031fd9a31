/** Reads what a decision cannot see, in the transaction that stores it: members, today's lists, limit and cover, account. */
import { randomInt } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Surroundings } from '../domain/admission';
import type { Yuan } from '../domain/conversion';
import { regionPolicy, type RegionPolicy } from '../domain/eligibility';
import type { OrderEvent } from '../domain/events';
import { account } from '../domain/ledger';
import type { Member } from '../domain/member';
import { moneyOf } from '../domain/money';
import type { Order } from '../domain/order';
import { policyOf } from '../domain/scheme';
import { chinaDate, newestInForce } from '../domain/time';
import { keptMember } from './collections';
import { standingOn } from './credit';
import { documentOf, valueOf, type Doc, type Store } from './store';
import { readTogether } from './together';

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
  const usesLimit = events.some(({ type }) => limitEvents.has(type));
  const usesFunds = events.some(({ type }) => fundsEvents.has(type));
  const isConfirmed = events.some(({ type }) => type === 'orderConfirmed');
  const usesAccount = isConfirmed && usesPairAccount(order);
  const { supplier: supplierId, buyer: buyerId } = pair;
  const found = await readTogether(
    store,
    {
      members: { _id: { $in: [supplierId, buyerId] } },
      policies: { _id: usesLimit ? /^(?:regions|ta-limit)\// : /^regions\// },
      standings: usesLimit ? { _id: supplierId } : undefined,
      balances: usesFunds ? { _id: { $in: Object.values(fundsIds(supplierId)) } } : undefined,
      virtualAccounts: usesAccount ? { supplier: supplierId, buyer: buyerId } : undefined,
    },
    session,
  );
  const [supplier, buyer] = [supplierId, buyerId].map((id) => memberIn(found.members, id));
  const known = { standing: found.standings?.[0], policies: found.policies };
  const standing = usesLimit && supplier ? await standingOn(store, supplierId, known, at, session) : undefined;
  const funds = fundsIn(found.balances, supplierId);
  return {
    supplier,
    buyer,
    regions: regionsOn(found.policies, at),
    account: usesAccount ? (found.virtualAccounts?.[0]?.account ?? (await openAccount(store, pair, at, session))) : '',
    limit: standing?.limit ?? moneyOf(0, 'USD'),
    openCover: moneyOf(standing?.openCover ?? 0, 'USD'),
    ...funds,
    // Few suppliers have CNY when money is taken back: only then is the rate looked up.
    ...(funds.yuan.balance > 0 && { yuan: { ...funds.yuan, ...(await newestRate(store, supplierId, session)) } }),
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
  'awardUncovered',
  'awardWaived',
]);

/** The balances that say what the supplier may collect and what it owes, in the currency that orders are priced in (R15). */
const fundsIds = (supplier: string) => ({
  has: `${account.supplier(supplier)} USD`,
  owes: `${account.receivable(supplier)} USD`,
  yuan: `${account.supplier(supplier)} CNY`,
  awards: `${account.awards(supplier)} USD`,
});

function fundsIn(balances: readonly Doc<'balances'>[] = [], supplier: string) {
  const { has, owes, yuan, awards } = fundsIds(supplier);
  const amount = (id: string) => balances.find(({ _id }) => _id === id)?.balance ?? 0;
  return {
    balance: moneyOf(amount(has), 'USD'),
    owed: moneyOf(-amount(owes), 'USD'),
    awards: moneyOf(amount(awards), 'USD'),
    yuan: { balance: amount(yuan) },
  };
}

/** The rate of the supplier's newest settlement into CNY. */
export async function newestRate(store: Store, supplier: string, session: ClientSession): Promise<Pick<Yuan, 'rate'>> {
  const newest = await store.collections.settlements.findOne(
    { supplier, state: 'settled', 'quote.sell.currency': 'USD' },
    { session, sort: { endedAt: -1 } },
  );
  if (!newest) return {};
  const { sell, buy } = newest.quote;
  return { rate: { settlement: newest._id, sold: sell.amount, bought: buy.amount } };
}

function memberIn(members: readonly Doc<'members'>[] = [], id: string): Member | undefined {
  const doc = members.find(({ _id }) => _id === id);
  // As it is kept: no rule looks at names and addresses.
  return doc && keptMember.parse(valueOf(doc));
}

/** R45: today's list. */
function regionsOn(policies: readonly Doc<'policies'>[] = [], at: string): RegionPolicy {
  const newest = newestInForce(
    policies.filter(({ _id }) => _id.startsWith('regions/')),
    at,
  );
  if (!newest) throw new Error(`no policy of regions is in force at ${chinaDate(at)}; load the seeds`);
  return regionPolicy.parse(valueOf(newest));
}

/** R27, R30: under a scheme whose buyers pay to the platform a pair needs no account. */
const usesPairAccount = (order: Order | undefined): boolean =>
  order !== undefined && policyOf(order).platformAccount === undefined;

/** R30: the pair's account, assigned the first time that the pair needs one. */
async function openAccount(
  store: Store,
  { supplier, buyer }: Pair,
  at: string,
  session: ClientSession,
): Promise<string> {
  const { virtualAccounts } = store.collections;
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
