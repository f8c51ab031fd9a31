/**
 * Receipts of China's cross-border e-commerce messages (CEB), bare or inside a `DxpMsg`. Those of lists (清单, CEB604 and
 * CEB622) are customs' word on a declaration; those of requests to cancel a list (CEB606, CEB624) may end one; those of
 * orders, payments, waybills and transports are none.
 */
import { ignored, sourcesOf, unreadItems } from '../facts';
import { FeedError, type FeedItem, type FeedProfile, type Source } from '../feed';
import type { XmlElement } from '../xml';
import { codeLists, type CodeList } from './code-list';
import { enclosedIn } from './dxp';
import { instantOf } from './stamp';
import { foundIn, textIn } from './tree';
import { itemBy } from './word';

/** By the receipt's name, in lower case. */
const lists: Readonly<Record<string, CodeList>> = {
  inventoryreturn: codeLists['cn-ceb'],
  invtcancelreturn: codeLists['cn-ceb-cancel'],
};

const { profile: name } = codeLists['cn-ceb'];
const says = 'China cross-border e-commerce (CEB), receipts of lists and of requests to cancel one';
export const ceb: FeedProfile = { name, kinds: ['customs'], says, parse };

function parse(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceIn = sourcesOf(file);
  const { messages, unread } = enclosedIn(bytes);
  const others: string[] = [];
  const items = messages.flatMap(({ root, id }, i) => {
    const receipts = foundIn([root], isReceipt);
    if (receipts.length === 0) others.push(`<${root.name}>`);
    return receipts.map((receipt) => receiptOf(receipt, sourceIn(textIn(receipt, 'guid') || id || String(i + 1))));
  });
  if (items.length > 0) return [...items, ...unreadItems([...others, ...unread], sourceIn)];
  const what = messages.map(({ root }) => root.name.slice(0, 40)).join(', ') || 'an empty envelope';
  throw new FeedError('ceb.none', `No receipt with a returnStatus, but ${what.slice(0, 200)}`, 'root');
}

const isReceipt = (name: string, element: XmlElement): boolean =>
  name.endsWith('return') && element.children.some((child) => child.name.toLowerCase() === 'returnstatus');

function receiptOf(receipt: XmlElement, source: Source): FeedItem {
  const list = lists[receipt.name.toLowerCase()];
  if (!list) return ignored('message.other', `${receipt.name.slice(0, 40)} answers no list of goods`, source);
  const written = textIn(receipt, 'returnTime');
  return itemBy(list, textIn(receipt, 'returnStatus'), {
    // Before customs has given its number there is the electronic port’s, and before that the declarant’s own.
    declaration: [textIn(receipt, 'invtNo'), textIn(receipt, 'preNo'), textIn(receipt, 'copNo')],
    at: instantOf(written, list.zone),
    written,
    note: textIn(receipt, 'returnInfo'),
    source,
  });
}
