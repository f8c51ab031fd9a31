/** Reads the notices that stand in the outbox, and those of what goes on beside the orders. */
import type { Notice } from '../domain/notices';
import type { Store } from './store';

export interface StoredNotice extends Notice {
  /** The order that it is about, or else what beside the orders, e.g. `withdrawal:w-1`. */
  about: string;
  order?: string;
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
  const { outbox, besideNotices } = store.collections;
  const [ofOrders, beside] = await Promise.all([
    outbox
      .find(wanted as never)
      .sort({ at: -1, order: 1, version: -1 })
      .limit(limit)
      .toArray(),
    besideNotices
      .find(wanted as never)
      .sort({ at: -1, subject: 1, version: -1 })
      .limit(limit)
      .toArray(),
  ]);
  const isTo = ({ to: { role, ...rest } }: Notice): boolean =>
    to === 'platform' ? role === 'platform' : 'member' in rest && rest.member === to.member;
  return [
    ...ofOrders.flatMap(({ order, version, at, notices }) =>
      notices.filter(isTo).map((notice) => ({ ...notice, about: order, order, version, at })),
    ),
    ...beside.flatMap(({ subject, version, at, notices }) =>
      notices.filter(isTo).map((notice) => ({ ...notice, about: subject, version, at })),
    ),
  ]
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, limit);
}
