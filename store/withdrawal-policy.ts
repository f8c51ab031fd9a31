/** The policy of withdrawals as stored (R9). */
import type { ClientSession } from 'mongoose';
import { withdrawalPolicy, type WithdrawalPolicy } from '../domain/withdrawal-policy';
import { valueOf, type Store } from './store';

/** The policy of withdrawals in force at an instant (R9). */
export async function withdrawalPolicyOn(store: Store, at: string, session: ClientSession): Promise<WithdrawalPolicy> {
  const newest = await store.collections.policies.findOne(
    { _id: /^withdrawal\//, effectiveFrom: { $lte: at } },
    { session, sort: { effectiveFrom: -1 } },
  );
  if (!newest) throw new Error(`no policy of withdrawals is in force at ${at}; load the seeds`);
  return withdrawalPolicy.parse(valueOf(newest));
}
