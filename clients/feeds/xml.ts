/**
 * XML of strangers as a plain tree: names without prefixes, texts as they stand. Met with patience: a byte order mark, old
 * character sets, text after the root, several roots in one file. Refused: a DOCTYPE, and with it every entity of the
 * sender's own; too many elements, too deep; whatever is not well-formed.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { decode } from './charset';
import { FeedError } from './feed';
import { isPlainXml } from './xml-plain';

export interface XmlElement {
  /** Without its namespace's prefix. */
  name: string;
  /** By names without prefixes. */
  attributes: Readonly<Record<string, string>>;
  /** Its own text, trimmed. */
  text: string;
  /** The same with the blanks around it. */
  untrimmed: string;
  children: readonly XmlElement[];
}

const maxDepth = 100;
/** What costs memory many times its bytes: `<a/>` a hundred times. */
const most = { tags: 2_000_000, lines: 2_000_000, attributes: 400_000 };
/** Of one text, in characters. */
const maxText = 8_000_000;

/** Holds the file's roots. Not a name that a file would have. */
const holder = 'file-of-roots';
const opening = `<${holder}>`;

/** How fast-xml-parser is asked; the bench asks it the same. */
export const xmlOptions = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  // Blanks next to a CDATA section or an entity are text.
  trimValues: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: maxDepth,
  jPath: false,
  // Characters by number, and names that HTML has; a sender's own would need a DOCTYPE.
  htmlEntities: true,
  processEntities: { maxTotalExpansions: Infinity, maxExpandedLength: Infinity },
};

/**
 * The roots of a file, in its order.
 * @param fallback character set of what says that it is UTF-8 and is not
 * @throws FeedError `xml.none`, `xml.doctype`, `xml.malformed`, `xml.too-deep`, `xml.too-large`, `charset.unknown`
 */
export function readXml(bytes: Uint8Array, fallback = 'windows-1252'): XmlElement[] {
  return rootsOf(textOfXml(bytes, fallback));
}

/** The same, and the text after the last root that is more than signs. */
export function readXmlParts(bytes: Uint8Array, fallback = 'windows-1252'): { roots: XmlElement[]; unread: string[] } {
  return partsOf(textOfXml(bytes, fallback));
}

/** Headers of a transport, as customs systems log them behind a message: `(Content-Type,application/xml), (…)`. */
const transportHeaders = /^\([\w-]{1,60},[^()]{0,200}\)(?:,?\s*\([\w-]{1,60},[^()]{0,200}\)){0,50}$/;

/** The same of text. */
export function partsOf(text: string): { roots: XmlElement[]; unread: string[] } {
  const { children, text: between } = holderOf(text);
  const tail = text.slice(withoutTail(text).length).trim();
  const isUnread = (one: string) => /[\p{L}\p{N}]/u.test(one) && !transportHeaders.test(one);
  return { roots: [...children], unread: [between, tail].filter(isUnread) };
}

/** The file's text by its BOM, its declaration, or what UTF-16 looks like without either. */
export function textOfXml(bytes: Uint8Array, fallback = 'windows-1252'): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString('latin1');
  const wide = head.startsWith('<\0') ? 'utf-16le' : head.startsWith('\0<') ? 'utf-16be' : undefined;
  const [, named] = /^[^<]{0,20}<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.:-]{1,40})/.exec(head) ?? [];
  return decode(bytes, wide ?? (/^utf-?16/i.test(named ?? '') ? undefined : named), fallback);
}

/** The same of text. Text in a CDATA section may be XML itself: an envelope's content. */
export const rootsOf = (text: string): XmlElement[] => [...holderOf(text).children];

/** An element that holds the roots, and the text between them. */
function holderOf(text: string): XmlElement {
  const start = text.search(/\S/);
  if (text[start] !== '<') throw faultAt('xml.none', 'this is no XML: it does not begin with <', placeOf(text, 0));
  refuseDoctype(text);
  refuseTooMany(text);
  const content = withoutDeclarations(withoutTail(text));
  const held = `${opening}${content}</${holder}>`;
  const [root] = elementsOf(parsed(held, text));
  // The parser takes much that is not XML: a tag that another one closes, for instance.
  if (!isPlainXml(content)) wellFormed(held, text);
  if (!root || root.children.length === 0) throw faultAt('xml.none', 'this XML has no element', placeOf(text, 0));
  return root;
}

/** Text after the last root, such as the headers that a transport has written there. */
function withoutTail(text: string): string {
  const end = text.lastIndexOf('>') + 1;
  return text.includes('<', end) ? text : text.slice(0, end);
}

/** Declarations stand before each root of a file that was put together from several; here they would be in the middle. */
const withoutDeclarations = (text: string): string =>
  text.replace(/<\?xml\s[^>]{0,300}\?>/g, (declaration) => ' '.repeat(declaration.length));

function refuseDoctype(text: string): void {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : undefined;
    if (end === undefined) {
      const isDoctype = /^<!(DOCTYPE|ENTITY)/i.test(text.slice(at, at + 9));
      if (isDoctype) throw faultAt('xml.doctype', 'a DOCTYPE is refused; send without', placeOf(text, at));
      throw malformed(`${text.slice(at, at + 9)} is neither comment nor CDATA`, placeOf(text, at));
    }
    const to = text.indexOf(end, at + 4);
    if (to < 0) throw malformed(`a ${end === '-->' ? 'comment' : 'CDATA section'} does not end`, placeOf(text, at));
    at = to + end.length;
  }
}

function refuseTooMany(text: string): void {
  const counts = { tags: 0, lines: 0, attributes: 0 };
  const count = (what: keyof typeof counts, at: number) => {
    counts[what] += 1;
    if (counts[what] <= most[what]) return;
    throw faultAt('xml.too-large', `it has more than ${most[what]} ${what}; send it in parts`, placeOf(text, at));
  };
  let before = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    count('tags', at);
    if (at - before > maxText)
      throw faultAt('xml.too-large', `it has a text of more than ${maxText} characters`, placeOf(text, before));
    before = at;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count('lines', at);
  for (const { index } of text.matchAll(/=\s*["']/g)) count('attributes', index);
}

function parsed(held: string, text: string): RawNode[] {
  try {
    return new XMLParser(xmlOptions).parse(held) as RawNode[];
  } catch (fault) {
    const { message } = fault as Error;
    if (/nested tags/.test(message)) {
      throw faultAt('xml.too-deep', `elements are nested deeper than ${maxDepth}`, tooDeepAt(text));
    }
    wellFormed(held, text); // knows the place
    throw malformed(message, placeOf(text, 0));
  }
}

/** @throws FeedError `xml.malformed`, with the place, unless it is well-formed. */
function wellFormed(held: string, text: string): void {
  const result = XMLValidator.validate(held);
  if (result === true) return;
  const { msg, line, col } = result.err;
  const end = placeOf(text, text.length);
  // The holder closes what the file has left open.
  const [, open] = new RegExp(`Expected closing tag '(.{1,60})'.* instead of closing tag '${holder}'`).exec(msg) ?? [];
  if (open !== undefined) throw malformed(`the file ends before ${open} is closed`, end);
  if (msg.includes(holder)) throw malformed('the file ends within a tag', end);
  const at = { line, column: Math.max(1, line === 1 ? col - opening.length : col) };
  const isPastEnd = at.line > end.line || (at.line === end.line && at.column > end.column);
  throw malformed(msg.replace(/ \(opened in line \d+, col \d+\)/, ''), isPastEnd ? end : at);
}

const malformed = (what: string, at: Place): FeedError =>
  faultAt('xml.malformed', `this XML is not well-formed: ${what.slice(0, 200)}`, at);

interface Place {
  line: number;
  column: number;
}

function placeOf(text: string, offset: number): Place {
  let [line, begin] = [1, 0];
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', begin)) {
    line += 1;
    begin = at + 1;
  }
  return { line, column: offset - begin + 1 };
}

const faultAt = (code: string, message: string, { line, column }: Place): FeedError =>
  new FeedError(code, message, `line ${line}, column ${column}`);

function tooDeepAt(text: string): Place {
  let depth = 0;
  for (const tag of text.matchAll(/<(\/?)[^<>!?][^<>]*>/g)) {
    if (tag[0].endsWith('/>')) continue;
    depth += tag[1] === '/' ? -1 : 1;
    if (depth > maxDepth) return placeOf(text, tag.index);
  }
  return placeOf(text, text.length);
}

/** As the parser gives it: `{ Amt: [{ '#text': '1.00' }], ':@': { Ccy: 'USD' } }`. */
type RawNode = Record<string, RawNode[]> | { '#text': string };
type Attributes = Readonly<Record<string, string>>;

const noAttributes: Attributes = {};

function elementsOf(nodes: readonly RawNode[]): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of nodes) {
    for (const name in node) {
      if (name === ':@' || name === '#text') continue;
      const { [name]: content, ':@': attributes } = node as { [name: string]: RawNode[] } & { ':@'?: Attributes };
      const untrimmed = textIn(content ?? []);
      elements.push({
        name,
        attributes: attributes ?? noAttributes,
        ...{ text: untrimmed.trim(), untrimmed },
        children: elementsOf(content ?? []),
      });
    }
  }
  return elements;
}

function textIn(nodes: readonly RawNode[]): string {
  let text = '';
  for (const node of nodes) if ('#text' in node) text += node['#text'] as string;
  return text;
}

/** The first element on a path of names below this one. */
export function child(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((one) => one.name === name);
  return found;
}

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((one) => one.name === name) ?? [];

/** The text there, with spaces and line breaks as single spaces; undefined when there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return child(element, ...path)?.text.replaceAll(/\s+/g, ' ') || undefined;
}

const testMarks = new Set(['tst', 'test', 'testind', 'testindicator', 'testflag', 'istest', 'testmode']);
const yes = new Set(['', 'true', '1', 'y', 'yes', 't', 'test']);

/** Whether an element is a sender's mark of a test: `<TestIndicator>true</TestIndicator>`. */
export const isTestMark = ({ name, text, children }: XmlElement): boolean =>
  children.length === 0 && testMarks.has(name.toLowerCase()) && yes.has(text.toLowerCase());

/** Elements of these names, however deep they are wrapped; none within another. */
export function found(elements: readonly XmlElement[], names: readonly string[]): XmlElement[] {
  return elements.flatMap((one) => (names.includes(one.name) ? [one] : found(one.children, names)));
}
