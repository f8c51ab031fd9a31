/**
 * The envelope of China Electronic Port: `DxpMsg` holds a message in base64 as its `Data`. Bare messages are taken as they
 * are. Character sets are as they come: UTF-8, GB2312, GBK, GB18030, named or not, and named wrongly.
 */
import { FeedError } from '../feed';
import { partsOf, textOfXml, type XmlElement } from '../xml';
import { foundIn, textIn } from './tree';

/** A message, and what its envelope says of it. */
export interface Enclosed {
  root: XmlElement;
  /** The envelope's id; empty without an envelope, and where the sender leaves it empty. */
  id: string;
  /** When the envelope was made, as it is written. */
  made: string;
}

/** An envelope in an envelope is somebody's gateway; more is somebody's bomb. */
const maxEnvelopes = 3;

/**
 * The messages of a file, in its order; and the text that is part of none, and envelopes with nothing in them.
 * @throws FeedError `dxp.data` (no base64), `dxp.compressed`, `dxp.nested`, and those of `rootsOf`
 */
export function enclosedIn(bytes: Uint8Array): { messages: Enclosed[]; unread: string[] } {
  const unread: string[] = [];
  return { messages: unwrapped(bytes, { id: '', made: '' }, 0, unread), unread };
}

function unwrapped(bytes: Uint8Array, around: Omit<Enclosed, 'root'>, depth: number, unread: string[]): Enclosed[] {
  const parts = partsOf(textOf(bytes));
  unread.push(...parts.unread);
  return parts.roots.flatMap((root) => {
    const envelopes = foundIn([root], (name) => name === 'dxpmsg');
    if (envelopes.length === 0) return [{ root, ...around }];
    return envelopes.flatMap((one) => {
      const content = contentOf(one, depth + 1, unread);
      if (content.length === 0) unread.push(`a ${one.name} with nothing in it`);
      return content;
    });
  });
}

function contentOf(envelope: XmlElement, depth: number, unread: string[]): Enclosed[] {
  if (depth > maxEnvelopes)
    throw new FeedError('dxp.nested', `more than ${maxEnvelopes} envelopes in one another`, 'DxpMsg');
  const around = { id: textIn(envelope, 'TransInfo', 'CopMsgId'), made: textIn(envelope, 'TransInfo', 'CreatTime') };
  return foundIn(envelope.children, (name) => name === 'data').flatMap((data) => {
    if (data.children.length > 0) return data.children.map((root) => ({ root, ...around }));
    return data.text === '' ? [] : within(data, () => unwrapped(bytesOf(data.text), around, depth, unread));
  });
}

/** The place of a fault inside is counted from the beginning of what was inside. */
function within<T>(data: XmlElement, read: () => T): T {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof FeedError) throw new FeedError(fault.code, fault.message, `DxpMsg/${data.name}, ${fault.at}`);
    throw fault;
  }
}

function bytesOf(text: string): Uint8Array {
  if (text.startsWith('<')) return Buffer.from(text, 'utf8');
  const packed = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed))
    throw new FeedError('dxp.data', 'neither XML nor base64; ask the sender for the message again', 'start');
  const bytes = Buffer.from(packed, 'base64');
  const head = bytes.subarray(0, 2).toString('latin1');
  if (head === 'PK' || head === '\x1F\x8B')
    throw new FeedError('dxp.compressed', 'compressed content is refused; send the message itself', 'start');
  return bytes;
}

/** Some write UTF-8 under the name of a Chinese set: Chinese characters in good UTF-8 are no coincidence. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const isUtf8 = !text.includes('\uFFFD') && /\p{Script=Han}/u.test(text);
  return isUtf8 ? text.replace(/^\uFEFF/, '') : textOfXml(bytes, 'gb18030');
}
