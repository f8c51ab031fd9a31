/**
 * Responses of customs in the WCO data model (message RES, as the Customs Declaration Service of HMRC sends it): any number of
 * `Response` elements in a file, each with its FunctionCode, its time and the declaration’s movement reference number.
 */
import { ignored, sourcesOf, unreadItems } from '../facts';
import { FeedError, type FeedItem, type FeedProfile, type Source } from '../feed';
import { isTestMark, readXmlParts, type XmlElement } from '../xml';
import { codeLists } from './code-list';
import { instantOf } from './stamp';
import { childrenIn, foundIn, textIn } from './tree';
import { itemBy } from './word';

const list = codeLists['wco-res'];

export const wco: FeedProfile = { name: list.profile, kinds: ['customs'], says: list.title, parse };

function parse(bytes: Uint8Array, file: string): FeedItem[] {
  const sourceIn = sourcesOf(file);
  const { roots, unread } = readXmlParts(bytes);
  const responses = foundIn(roots, isResponse);
  if (responses.every(({ children }) => children.length === 0)) {
    const what = roots.map((root) => root.name.slice(0, 40)).join(', ');
    throw new FeedError('wco.none', `No Response in the file, but ${what.slice(0, 200)}`, 'root');
  }
  const accepted = new Set<string>();
  const isTest = foundIn(roots, (name, one) => name !== 'response' && isTestMark(one)).length > 0;
  const others = roots.filter((root) => foundIn([root], isResponse).length === 0).map((root) => `<${root.name}>`);
  const items = responses.flatMap((response, i) => {
    const id = textIn(response, 'FunctionalReferenceID') || String(i + 1);
    const declarations = childrenIn(response, 'Declaration');
    if (isTest) return [ignored('message.test', 'the sender marks the message as a test', sourceIn(id))];
    if (response.children.length === 0)
      return [ignored('message.unreadable', 'a Response with nothing in it', sourceIn(id))];
    if (declarations.length === 0) return [itemOf(response, undefined, sourceIn(id))];
    return declarations.map((declaration) => {
      const source = sourceIn(id);
      const number = textIn(declaration, 'ID');
      const code = codeIn(response);
      if (acceptances.has(code)) accepted.add(number);
      if (code === rejection && number !== '' && accepted.has(number))
        return ignored('status.ambiguous', ofRequest, source);
      return itemOf(response, declaration, source);
    });
  });
  return [...items, ...unreadItems([...others, ...unread], sourceIn)];
}

const isResponse = (name: string): boolean => name === 'response';

/** After these a declaration cannot be rejected: what is rejected then is a request to amend or to cancel it (DMSREJ). */
const acceptances = new Set(['01', '08', '09']);
const rejection = '03';
const ofRequest =
  '“03”, rejected, after the declaration itself was accepted: a request to amend or to cancel it is rejected; ask the declarant';

const codeIn = (response: XmlElement): string => {
  const code = textIn(response, 'FunctionCode');
  return code && code.padStart(2, '0');
};

function itemOf(response: XmlElement, declaration: XmlElement | undefined, source: Source): FeedItem {
  const [issued] = foundIn(childrenIn(response, 'IssueDateTime'), (_name, { text }) => text !== '');
  const written = issued?.text ?? '';
  return itemBy(list, codeIn(response), {
    // A declaration that was rejected at once has no number of customs; the declarant’s own may be known.
    declaration: declaration ? [textIn(declaration, 'ID'), textIn(declaration, 'FunctionalReferenceID')] : [],
    at: instantOf(written, list.zone, issued?.attributes['formatCode']),
    written,
    note: noteOf(response),
    source,
  });
}

/** Codes of errors with their texts, and statements in words. */
function noteOf(response: XmlElement): string {
  const errors = childrenIn(response, 'Error').map((error) =>
    `${textIn(error, 'ValidationCode')} ${textIn(error, 'Description')}`.trim(),
  );
  const words = childrenIn(response, 'AdditionalInformation').map((one) => textIn(one, 'StatementDescription'));
  return [...errors, ...words].filter((text) => text !== '').join('; ');
}
