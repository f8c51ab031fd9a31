/** The daily reconciliation: the bank's statements of a day against our books; what differs becomes cases. */
import type { Difference, ReconciliationCase } from '../../domain/reconciliation';
import { rawOf } from '../../store/inbox';
import { compareStatement, keepCases, statementDeliveries } from '../../store/reconciliation';
import type { Store } from '../../store/store';
import { statementProfiles, statementsOf } from './bank/statement';

export interface Reconciliation {
  date: string;
  /** Accounts that a statement of the day was there for. */
  accounts: string[];
  /** All cases of the day, those that are closed, too. */
  cases: ReconciliationCase[];
}

/** How many cases wait for an operator. */
export const openCases = ({ cases }: Reconciliation): number => cases.filter(({ state }) => state === 'open').length;

/**
 * Reconciles a day; may be repeated at any time, and is when a statement comes late. Of an account the statement that came
 * last counts.
 */
export async function reconcile(store: Store, date: string, at: string): Promise<Reconciliation> {
  const byAccount = new Map<string, Difference[]>();
  for (const { id, profile } of await statementDeliveries(store, statementProfiles, date)) {
    const bytes = (await rawOf(store, id)) ?? new Uint8Array();
    for (const statement of statementsOf(profile, bytes).filter((one) => one.date === date))
      byAccount.set(statement.account, await compareStatement(store, statement, id, statementProfiles));
  }
  const accounts = [...byAccount.keys()];
  return { date, accounts, cases: await keepCases(store, date, accounts, [...byAccount.values()].flat(), at) };
}
