/** Whether debts are debts (R2, R9): what `ta check` asks of what members owe, over all of their orders. */
import type { ClientSession } from 'mongoose';
import { convertedFrom } from '../domain/conversion';
import { account } from '../domain/ledger';
import type { CurrencyCode } from '../domain/money';
import type { Violation } from './order-check';
import type { Store } from './store';
import { newestRate } from './surroundings';

/** So long may pass between a message's time and its commit, so that an earlier posting may have come later. */
const commitMs = 10 * 60 * 1000;

/**
 * Nobody is owed by the platform what it should owe; a supplier that owes has nothing on its balance that could repay it, in
 * no currency, and nothing went out while it owed; and what is due to buyers of awards is what their orders say.
 */
export async function checkDebts(store: Store, onViolation: (violation: Violation) => void): Promise<void> {
  const { balances, orders } = store.collections;
  const wrong = (subject: string, says: string) => onViolation({ check: 'debt', subject, says });
  const named = (prefix: string) => ({ account: { $gte: prefix, $lt: `${prefix}\uffff` } });
  for await (const { _id, balance } of balances.find({ ...named('receivable:'), balance: { $gt: 0 } }))
    wrong(_id, `is above zero: more was repaid than was owed, by ${String(balance)}`);
  for await (const { account: name } of balances.find({ ...named('receivable:'), currency: 'USD' })) {
    const member = name.slice('receivable:'.length);
    const says = await store.transaction((session) => idleWhileOwing(store, member, session));
    if (says !== undefined) wrong(member, says);
    for (const out of await outWhileOwing(store, member)) wrong(member, out);
  }
  const owing = orders.aggregate<{ _id: string; sum: number }>([
    { $match: { awardOwed: { $gt: 0 } } },
    { $group: { _id: '$supplier', sum: { $sum: '$awardOwed' } } },
  ]);
  const due = new Map<string, number>();
  for await (const { _id, sum } of owing) due.set(_id, sum);
  for await (const { account: name } of balances.find(named('awards:')))
    if (!due.has(name.slice('awards:'.length))) due.set(name.slice('awards:'.length), 0);
  for (const supplier of due.keys()) {
    const { kept, owed } = await awardsNow(store, supplier);
    if (kept !== owed)
      wrong(supplier, `${String(kept)} is due to buyers of awards, its orders have ${String(owed)} (USD, minor units)`);
  }
}

/** What a supplier that owes has on its balance all the same, as of one moment; CNY only where they are worth a cent. */
async function idleWhileOwing(store: Store, member: string, session: ClientSession): Promise<string | undefined> {
  const balanceOf = async (name: string, currency: CurrencyCode) =>
    (await store.collections.balances.findOne({ _id: `${name} ${currency}` }, { session }))?.balance ?? 0;
  const owed = -(await balanceOf(account.receivable(member), 'USD'));
  if (owed <= 0) return undefined;
  const usd = await balanceOf(account.supplier(member), 'USD');
  const cny = await balanceOf(account.supplier(member), 'CNY');
  const { rate } = cny > 0 ? await newestRate(store, member, session) : {};
  const converted = convertedFrom({ balance: cny, ...(rate && { rate }) }, owed);
  if (usd <= 0 && !converted) return undefined;
  return `owes ${String(owed)}, and has ${String(usd)} (USD) and ${String(cny)} (CNY) on its balance (minor units)`;
}

/** Withdrawals and settlements that were reserved while the supplier had owed for longer than a commit takes. */
async function outWhileOwing(store: Store, member: string): Promise<string[]> {
  const { ledger, withdrawals, settlements } = store.collections;
  const name = account.receivable(member);
  const isDebt = { 'amount.currency': 'USD' as const, $or: [{ from: name }, { to: name }] };
  const periods: { from: string; to: string }[] = [];
  let owed = 0;
  for await (const { from, amount, at } of ledger.find(isDebt).sort({ at: 1 })) {
    const before = owed;
    owed += from === name ? amount.amount : -amount.amount;
    if (before <= 0 && owed > 0) periods.push({ from: at, to: '9999' });
    const last = periods.at(-1);
    if (before > 0 && owed <= 0 && last) last.to = at;
  }
  const out: string[] = [];
  for (const { from, to } of periods) {
    const since = new Date(Date.parse(from) + commitMs).toISOString();
    const during = { supplier: member, reservedAt: { $gt: since, $lt: to } };
    for await (const { _id } of withdrawals.find({ ...during, state: { $ne: 'awaiting-approval' } }))
      out.push(`withdrew by ${_id} while it owed`);
    for await (const { _id } of settlements.find(during)) out.push(`settled by ${_id} while it owed`);
  }
  return out;
}

/** What the ledger has for buyers of awards, and what the supplier's orders say, as of one moment. */
const awardsNow = (store: Store, supplier: string): Promise<{ kept: number; owed: number }> =>
  store.transaction(async (session) => {
    const [sum] = await store.collections.orders
      .aggregate<{ owed: number }>(
        [{ $match: { supplier } }, { $group: { _id: null, owed: { $sum: '$awardOwed' } } }],
        { session },
      )
      .toArray();
    const kept = await store.collections.balances.findOne({ _id: `${account.awards(supplier)} USD` }, { session });
    return { kept: kept?.balance ?? 0, owed: sum?.owed ?? 0 };
  });
