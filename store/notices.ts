/** Reads the notices that stand in the outbox. */
import type { Notice } from '../domain/notices';
import type { Store } from './store';

export interface StoredNotice extends Notice {
  order: string;
  version: number;
  /** ISO instant. */
  at: string;
}

/** The newest notices to a member or to the platform. */
export async function noticesTo(
  store: Store,
  to: { member: string } | 'platform',
  limit: number,
): Promise<StoredNotice[]> {
  const wanted = to === 'platform' ? { 'notices.to.role': 'platform' } : { 'notices.to.member': to.member };
  const rows = await store.collections.outbox
    .find(wanted as never)
    .sort({ at: -1, order: 1, version: -1 })
    .limit(limit)
    .toArray();
  return rows
    .flatMap(({ order, version, at, notices }) => notices.map((notice) => ({ ...notice, order, version, at })))
    .filter(({ to: { role, ...rest } }) =>
      to === 'platform' ? role === 'platform' : 'member' in rest && rest.member === to.member,
    )
    .slice(0, limit);
}
