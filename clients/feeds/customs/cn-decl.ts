/**
 * Receipts of the China Single Window for declarations: `DEC_RESULT`, bare or inside a `DxpMsg`, in the form of today
 * (`CUS_CIQ_NO`) and the older one (`SEQ_NO`). `DecImportResponse` only says that a declaration has arrived in the system.
 */
import { ignored, sourcesOf, unreadItems } from '../facts';
import { FeedError, type FeedItem, type FeedProfile, type Source } from '../feed';
import type { XmlElement } from '../xml';
import { codeLists } from './code-list';
import { enclosedIn, type Enclosed } from './dxp';
import { instantOf } from './stamp';
import { foundIn, textIn } from './tree';
import { itemBy } from './word';

const list = codeLists['cn-single-window'];

export const cnDecl: FeedProfile = { name: list.profile, kinds: ['customs'], says: list.title, parse };

function parse(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceIn = sourcesOf(file);
  const { messages, unread } = enclosedIn(bytes);
  const items = messages.flatMap((message, i) => itemsOf(message, () => sourceIn(message.id || String(i + 1))));
  if (items.some((item) => !('ignored' in item) || item.ignored !== 'message.other'))
    return [...items, ...unreadItems(unread, sourceIn)];
  const what = messages.map(({ root }) => root.name.slice(0, 40)).join(', ') || 'an empty envelope';
  throw new FeedError('cn-decl.none', `Neither DEC_RESULT nor DecImportResponse, but ${what.slice(0, 200)}`, 'root');
}

const isReceipt = (name: string) => name === 'dec_result' || name === 'decimportresponse';

function itemsOf({ root, made }: Enclosed, source: () => Source): FeedItem[] {
  const receipts = foundIn([root], isReceipt);
  if (receipts.length === 0) return [ignored('message.other', `${root.name.slice(0, 40)} is no receipt`, source())];
  return receipts.map((receipt) =>
    receipt.name.toLowerCase() === 'dec_result' ? resultOf(receipt, made, source()) : arrivalOf(receipt, source()),
  );
}

function resultOf(result: XmlElement, made: string, source: Source): FeedItem {
  const written = textIn(result, 'NOTICE_DATE') || made;
  return itemBy(list, textIn(result, 'CHANNEL'), {
    // Before customs has given its number there is the system's own.
    declaration: [textIn(result, 'ENTRY_ID'), textIn(result, 'CUS_CIQ_NO'), textIn(result, 'SEQ_NO')],
    at: instantOf(written, list.zone),
    written,
    note: textIn(result, 'NOTE'),
    source,
  });
}

function arrivalOf(response: XmlElement, source: Source): FeedItem {
  const [code, message] = [textIn(response, 'ResponseCode'), textIn(response, 'ErrorMessage')];
  const why = `the system has answered to the upload: ${code} ${message}`.trim();
  return ignored('message.transport', why.slice(0, 300), source);
}
