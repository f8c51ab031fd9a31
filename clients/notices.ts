/** The notices of a member or of the platform, in English or Chinese, newest first. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Notice } from '../domain/notices';
import { noticeTexts } from '../domain/notice-texts';
import type { Language } from '../domain/vocabulary';
import { noticesTo, type StoredNotice } from '../store/notices';
import type { TradeAssuranceClient } from './client';

export interface ReadNotice extends StoredNotice {
  text: string;
}

/** What a notice says. Throws when a parameter of its text is missing. */
export const textOf = ({ key, params }: Pick<Notice, 'key' | 'params'>, language: Language): string =>
  String(new IntlMessageFormat(noticeTexts[key][language], language).format(params)).trim();

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
  return notices.map((notice) => ({ ...notice, text: textOf(notice, language) }));
}
