/** The notices of a member or of the platform, in English or Chinese, newest first. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Notice } from '../domain/notices';
import { membersNamedIn, shownParams, withNames } from '../domain/notice-words';
import { noticeTexts } from '../domain/notice-texts';
import type { Language } from '../domain/vocabulary';
import { membersOf } from '../store/members';
import { noticesTo, type StoredNotice } from '../store/notices';
import type { TradeAssuranceClient } from './client';

export interface ReadNotice extends StoredNotice {
  text: string;
}

/** What a notice says. Throws when a parameter of its text is missing. */
export const textOf = (notice: Pick<Notice, 'key' | 'params'>, language: Language): string =>
  String(
    new IntlMessageFormat(noticeTexts[notice.key][language], language).format(shownParams(notice, language)),
  ).trim();

/**
 * The newest notices to a member, or to the platform's operators (at most 200).
 * @public the CLI loads it when needed, which the search for unused exports does not see
 */
export async function readNotices(
  { options: { store } }: TradeAssuranceClient,
  to: { member: string } | 'platform',
  language: Language,
  limit = 50,
): Promise<ReadNotice[]> {
  const notices = await noticesTo(store, to, Math.min(limit, 200));
  const companies = await membersOf(store, notices.flatMap(membersNamedIn));
  return notices.map((notice) => ({ ...notice, text: textOf(withNames(notice, companies, language), language) }));
}
