/** Files as feeds send them, for tests of the adapters: fixtures, and what an adapter makes of a text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedError, type FeedItem, type FeedProfile } from '../../clients/feeds/feed';

const folder = join(__dirname, '../fixtures/feeds');

/** The bytes of a file in `test/fixtures/feeds`. */
export const fixture = (name: string): Buffer => readFileSync(join(folder, name));

/** What the profile makes of a text or of bytes. */
export const read = (profile: FeedProfile, content: string | Uint8Array, file = 'test'): FeedItem[] =>
  profile.parse(typeof content === 'string' ? Buffer.from(content) : content, file);

/** An item in short: `['customsReleased', data]`, or the code that it is ignored by. */
export const short = (item: FeedItem): unknown => ('fact' in item ? [item.fact, item.data] : item.ignored);
export const brief = (profile: FeedProfile, content: string | Uint8Array): unknown[] =>
  read(profile, content).map(short);

/** The code and the place of the error that the file is refused with. */
export function refusal(profile: FeedProfile, content: string | Uint8Array): { code: string; at: string } | undefined {
  try {
    read(profile, content);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof FeedError)) throw fault;
    return { code: fault.code, at: fault.at };
  }
}

/** A statement of about so many bytes, all of it debits, which no order is told of. */
export function debits(bytes: number): Uint8Array {
  const entry =
    '<Ntry><Amt Ccy="USD">12.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>2026-04-01</Dt></ValDt>' +
    '<AcctSvcrRef>D-1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>rent and wages</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>';
  const entries = entry.repeat(Math.ceil(bytes / entry.length));
  const account = '<Acct><Id><Othr><Id>9736093254648</Id></Othr></Id></Acct>';
  return Buffer.from(`<Document><BkToCstmrStmt><Stmt>${account}${entries}</Stmt></BkToCstmrStmt></Document>`);
}
