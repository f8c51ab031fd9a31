/**
 * Notices of what goes on beside the orders, kept like the outbox of the orders: a row for each change that tells somebody,
 * written in its transaction, with a version that counts the rows of its subject. A relay reads them as it reads the outbox:
 * those not `sent`, by (subject, version), and never by a watermark; when it has queued them it marks them `sent`.
 */
import type { ClientSession } from 'mongoose';
import type { Notice } from '../domain/notices';
import { documentOf, type Store } from './store';

/** What a notice is about, e.g. `withdrawal:w-1`. */
export type Subject = `${'enrolment' | 'member' | 'withdrawal' | 'settlement' | 'suspense' | 'payee'}:${string}`;

/** Keeps what a change tells, if anything, in the change's transaction. */
export async function tellBeside(
  store: Store,
  subject: Subject,
  notices: Notice[],
  at: string,
  session: ClientSession,
): Promise<void> {
  if (notices.length === 0) return;
  const { besideNotices } = store.collections;
  // Of two changes at once the unique key lets one transaction fail, and it is tried again.
  const version = (await besideNotices.countDocuments({ subject }, { session })) + 1;
  await besideNotices.insertOne(documentOf('besideNotices', { subject, version, at, notices, sent: false }), {
    session,
  });
}
