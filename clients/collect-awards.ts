/**
 * Pays buyers what suppliers have repaid since of awards that neither a balance nor the guarantee reached to (R2). Part of the
 * sweep: money that a supplier gets for one order repays what it owes for another.
 */
import { account } from '../domain/ledger';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';

/** Most suppliers that are looked at in one sweep; the next does the rest. */
const mostSuppliers = 200;

/** Has every order collect for which something was repaid; answers how many did. */
export async function collectAwards(ta: TradeAssuranceClient): Promise<number> {
  const { balances, orders } = ta.options.store.collections;
  const owing = await balances
    .find({ _id: { $gte: 'awards:', $lt: 'awards;' }, balance: { $gt: 0 } })
    .limit(mostSuppliers)
    .toArray();
  let collected = 0;
  for (const { account: name, balance, currency } of owing) {
    const supplier = name.slice('awards:'.length);
    const owed = await balances.findOne({ _id: `${account.receivable(supplier)} ${currency}` });
    if (balance + (owed?.balance ?? 0) <= 0) continue;
    const waiting = await orders
      .find({ supplier, awardOwed: { $gt: 0 } }, { projection: { _id: 1, version: 1 } })
      .sort({ updatedAt: 1 })
      .toArray();
    for (const { _id: order, version } of waiting) if (await collect(ta, order, version)) collected += 1;
  }
  return collected;
}

/** Under an id of the order's version: two sweeps at once collect once. */
async function collect(ta: TradeAssuranceClient, order: string, version: number): Promise<boolean> {
  const sender = { as: { role: 'platform', member: 'sweep' }, id: `collect-award:${String(version)}` } as const;
  try {
    await ta.collectAward(order, {}, sender);
    return true;
  } catch (fault) {
    if (fault instanceof Refused) return false;
    throw fault;
  }
}
