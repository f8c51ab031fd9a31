/**
 * Whether XML is well-formed, told fast of the plain kind that nearly all feeds send: ASCII names, attributes in double quotes,
 * entities by name or number. Of anything else it says no, and a validator, which takes several times as long, must judge.
 */

const [exclamation, slash, greater] = ['!', '/', '>'].map((sign) => sign.charCodeAt(0));
const entity = /&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|\w{1,20});/y;
/** Bounded: each repetition costs the expression a step back. */
const attributes = /((?:\s+[A-Za-z_][\w.:-]*="[^"<&]*"){0,20})\s*(\/?)>/y;

/** True only when every tag is closed by its own, and nothing in between is out of order. Roots may be several, with text. */
export function isPlainXml(text: string): boolean {
  if (!entitiesArePlain(text)) return false;
  const open: string[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const sign = text.charCodeAt(at + 1);
    if (sign === slash) {
      const name = open.pop();
      if (name === undefined || !text.startsWith(name, at + 2)) return false;
      at += name.length + 2;
      if (text.charCodeAt(at) !== greater) return false;
    } else if (sign === exclamation) {
      at = endOfAside(text, at);
      if (at < 0) return false;
    } else {
      const end = endOfName(text, at + 1);
      const isOpen = text.charCodeAt(end) === greater;
      const tail = isOpen ? { isClosed: false, end } : tailOf(text, end);
      if (end === at + 1 || !tail) return false;
      if (!tail.isClosed) open.push(text.slice(at + 1, end));
      at = tail.end;
    }
  }
  return open.length === 0;
}

function entitiesArePlain(text: string): boolean {
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    entity.lastIndex = at;
    if (!entity.test(text)) return false;
  }
  return true;
}

/** The end of a comment or CDATA section. */
function endOfAside(text: string, at: number): number {
  if (text.startsWith('<!--', at)) return text.indexOf('-->', at + 4);
  return text.startsWith('<![CDATA[', at) ? text.indexOf(']]>', at + 9) : -1;
}

/** Where a name ends that begins here; there itself when none does. */
function endOfName(text: string, at: number): number {
  let end = at;
  while (isOfName(text.charCodeAt(end), end === at)) end += 1;
  return end;
}

const isOfName = (code: number, isFirst: boolean): boolean =>
  (code >= 97 && code <= 122) || // a to z
  (code >= 65 && code <= 90) || // A to Z
  code === 95 || // _
  (!isFirst && ((code >= 48 && code <= 58) || code === 45 || code === 46)); // digits : - .

/** The rest of a tag with attributes; undefined when it is not plain, or has one twice. */
function tailOf(text: string, at: number): { isClosed: boolean; end: number } | undefined {
  attributes.lastIndex = at;
  const [whole, all = '', close] = attributes.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const names = all.split('="').map((part) => part.slice(part.lastIndexOf('"') + 1).trim());
  if (names.length > 2 && new Set(names.slice(0, -1)).size < names.length - 1) return undefined;
  return { isClosed: close === '/', end: at + whole.length - 1 };
}
