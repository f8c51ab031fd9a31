/**
 * ISO 20022 camt.054 (debit/credit notification, .001.02 to .001.08) and camt.053 (statement): their entries are of one
 * form. What is booked is the entry; its transactions count one by one when they say what each amounts to.
 */
import { Unfit } from '../facts';
import { amountOf } from '../amount';
import { FeedError, type Batch, type FeedItem, type FeedProfile } from '../feed';
import { child, childrenOf, found, isTestMark, readXmlParts, rootsOf, textAt, type XmlElement } from '../xml';
import { itemsOfReports, type BankEntry, type BankReport, type NoEntry } from './entry';
import { isReference, uetrOf } from './identity';
import { joined, tidy } from './texts';

interface Form {
  profile: string;
  says: string;
  /** The element of the message in its Document. */
  message: string;
  /** What in it has an account and entries. */
  part: string;
}

const forms: readonly Form[] = [
  {
    profile: 'camt.054',
    says: 'ISO 20022 camt.054, debit/credit notification',
    message: 'BkToCstmrDbtCdtNtfctn',
    part: 'Ntfctn',
  },
  { profile: 'camt.053', says: 'ISO 20022 camt.053, statement', message: 'BkToCstmrStmt', part: 'Stmt' },
];
/** Of the same family, and no booking: an account report tells what may still change. */
const others = ['BkToCstmrAcctRpt'];

const [camt054, camt053] = forms.map((form): FeedProfile => ({
  name: form.profile,
  kinds: ['bank'],
  says: form.says,
  parse: (bytes, file) => readCamt(form, bytes, file),
})) as [FeedProfile, FeedProfile];
export { camt053, camt054 };

/** @throws FeedError of `readXml`; `camt.none`, `camt.other` */
function readCamt(form: Form, bytes: Uint8Array, file: string): FeedItem[] {
  const { roots, unread } = readXmlParts(bytes);
  const messages = messagesIn(roots);
  if (messages.length === 0) throw new FeedError('camt.none', `there is no ${form.message} in it`, 'the whole file');
  const wanted = messages.filter(({ name }) => name === form.message);
  if (wanted.length < messages.length) {
    const [other] = messages.filter(({ name }) => name !== form.message);
    const named = forms.find(({ message }) => message === other?.name)?.profile ?? 'no profile here';
    throw new FeedError('camt.other', `it holds a ${other?.name ?? ''}, which is for ${named}`, other?.name ?? '');
  }
  const isTest = isTestFile(roots);
  const reports = wanted.flatMap((message, n) => reportsIn(message, form, n, { isTest, isAlone: wanted.length === 1 }));
  return itemsOfReports(file, [...reports, ...othersIn(roots, form.message), ...unread.map(leftOver)]);
}

const leftOver = (text: string): BankReport =>
  noEntry('-', 'file.unread', `text outside the XML: “${text.slice(0, 80)}”`);

const noEntry = (message: string, code: NoEntry['code'], why: string): BankReport => ({
  ...{ message, kind: '', content: undefined },
  parts: [{ code, why }],
});

/** The notifications or statements of a message; of a test message that it is one. */
function reportsIn(
  message: XmlElement,
  form: Form,
  n: number,
  { isTest, isAlone }: { isTest: boolean; isAlone: boolean },
): BankReport[] {
  const id = textAt(message, 'GrpHdr', 'MsgId') ?? String(n + 1);
  if (isTest || isTestMessage(message)) return [noEntry(id, 'message.test', 'the sender marks the message as a test')];
  const parts = childrenOf(message, form.part);
  if (parts.length === 0) return [noEntry(id, 'message.unreadable', `a ${form.message} without a ${form.part}`)];
  const isOneOfSeveral = !isAlone || parts.length > 1;
  return parts.map((part) => {
    const account = accountIn(child(part, 'Acct'));
    const hasId = textAt(part, 'Id') !== undefined;
    return {
      message: id,
      kind: form.part,
      content: hasId && isOneOfSeveral ? JSON.stringify(part) : undefined,
      parts: childrenOf(part, 'Ntry').flatMap((entry) => entriesOf(entry, account)),
    };
  });
}

/** Documents of other messages in the file, which nobody would see otherwise. */
function othersIn(roots: readonly XmlElement[], wanted: string): BankReport[] {
  return found(roots, ['Document']).flatMap(({ children }) => {
    const [first] = children;
    if (first === undefined || found(children, [wanted]).length > 0) return [];
    return [noEntry('-', 'file.unread', `a document of another kind: ${first.name.slice(0, 60)}`)];
  });
}

/** Whether an envelope or a business application header (head.001) marks a test: by its own mark, service or BIC. */
function isTestFile(elements: readonly XmlElement[]): boolean {
  return elements.some((element) => {
    const { name, text, children } = element;
    if (forms.some(({ message }) => message === name)) return false;
    if (isTestMark(element)) return true;
    if (name === 'BizSvc') return /\btest\b/i.test(text);
    if (name === 'AppHdr') {
      const bics = found(children, ['BICFI']);
      if (bics.some((bic) => bic.text.length >= 8 && bic.text[7] === '0')) return true;
    }
    return isTestFile(children);
  });
}

/** Swiss Payment Standards mark a message in its header: `SPS/1.7/TEST`. */
const isTestMessage = (message: XmlElement): boolean =>
  childrenOf(child(message, 'GrpHdr'), 'AddtlInf').some(({ text }) => /(?:^|\W)TEST(?:\W|$)/i.test(text));

/** However they are wrapped; a wrapper may hold the document as text. */
function messagesIn(roots: readonly XmlElement[]): XmlElement[] {
  const names = [...forms.map(({ message }) => message), ...others];
  const asText = textsIn(roots)
    .filter((text) => /^\s*</.test(text) && names.some((name) => text.includes(name)))
    .flatMap((text) => found(rootsOf(text), names));
  return [...found(roots, names), ...asText];
}

const textsIn = (elements: readonly XmlElement[]): string[] =>
  elements.flatMap(({ text, children }) => [text, ...textsIn(children)]);

/** IBAN, or whatever number the bank has. */
function accountIn(account: XmlElement | undefined): string | undefined {
  const id = child(account, 'Id');
  return textAt(id, 'IBAN') ?? textAt(id, 'Othr', 'Id') ?? textAt(id, 'BBAN') ?? textAt(id, 'PrtryAcct', 'Id');
}

/** One of an entry's bookings: with its transaction, when the entry has but one, or says of each what it amounts to. */
interface Part {
  transaction: XmlElement | undefined;
  /** Its number among several; 0 when it stands for the whole entry. */
  number: number;
}

/** The bookings of a `Ntry`. */
function entriesOf(entry: XmlElement, account: string | undefined): BankEntry[] {
  const transactions = childrenOf(entry, 'NtryDtls').flatMap((details) => childrenOf(details, 'TxDtls'));
  if (transactions.length > 1 && isOneSided(entry, transactions) && addUp(entry, transactions)) {
    const uses = new Map<string | undefined, number>();
    const references = transactions.map((one) => textAt(one, 'Refs', 'AcctSvcrRef'));
    for (const reference of references) uses.set(reference, (uses.get(reference) ?? 0) + 1);
    return transactions.map((transaction, i) => {
      const reference = references[i];
      const isItsOwn = isReference(reference) && uses.get(reference) === 1;
      const of = entryOf(entry, account, { transaction, number: i + 1 });
      return { ...of, reference: isItsOwn ? reference : numbered(of.reference, i + 1) };
    });
  }
  if (transactions.length <= 1) {
    const [transaction] = transactions;
    const one = entryOf(entry, account, { transaction, number: 0 });
    return [transaction ? one : { ...one, batch: batchOf(entry) }];
  }
  // Nobody can say which part of the money is whose: one credit, with all that was written.
  const texts = transactions.map(remittanceOf).filter((text) => text !== undefined);
  const whole = entryOf(entry, account, { transaction: undefined, number: 0 });
  const furtherWords = [...transactions.flatMap(furtherWordsOf), ...(whole.furtherWords ?? [])];
  return [{ ...whole, remittance: texts.join(' ') || undefined, furtherWords }];
}

/** An entry that is a sum: of several transactions, or of what another message has the details of. */
function batchOf(entry: XmlElement): Batch | undefined {
  const details = child(entry, 'AddtlInfInd');
  const detailsIn = textAt(details, 'MsgId') ?? textAt(details, 'MsgNmId');
  const counts = childrenOf(entry, 'NtryDtls').map((one) => Number(textAt(one, 'Btch', 'NbOfTxs') ?? 0));
  const transactions = counts.reduce((sum, count) => sum + (Number.isSafeInteger(count) ? count : 0), 0);
  if (detailsIn === undefined && transactions <= 1) return undefined;
  return {
    ...(transactions > 0 && { transactions }),
    ...(detailsIn !== undefined && { detailsIn: detailsIn.slice(0, 64) }),
  };
}

/** A net entry, of credits less debits, is one booking of what it amounts to. */
function isOneSided(entry: XmlElement, transactions: readonly XmlElement[]): boolean {
  const side = textAt(entry, 'CdtDbtInd');
  return transactions.every((one) => (textAt(one, 'CdtDbtInd') ?? side) === side);
}

const numbered = (reference: string | undefined, number: number): string | undefined =>
  isReference(reference) ? `${reference}/${number}` : undefined;

/** Whether transactions amount to their entry, in the currency that is booked. */
function addUp(entry: XmlElement, transactions: readonly XmlElement[]): boolean {
  const { text, currency } = amountAt(child(entry, 'Amt'));
  const side = textAt(entry, 'CdtDbtInd');
  try {
    const sum = transactions.reduce((total, one) => {
      const amount = amountOf(amountIn(one, currency), currency).amount;
      return total + ((textAt(one, 'CdtDbtInd') ?? side) === side ? amount : -amount);
    }, 0);
    return sum === amountOf(text, currency).amount;
  } catch (fault) {
    if (fault instanceof Unfit) return false;
    throw fault;
  }
}

/** What a transaction amounts to in the currency of its entry; what was instructed may be in another one. */
function amountIn(transaction: XmlElement, currency: string | undefined): string | undefined {
  const details = child(transaction, 'AmtDtls');
  const amounts = [child(transaction, 'Amt'), child(details, 'TxAmt', 'Amt'), child(details, 'CntrValAmt', 'Amt')];
  return amounts.map(amountAt).find((one) => one.currency === currency)?.text;
}

const amountAt = (element: XmlElement | undefined) => ({ text: element?.text, currency: element?.attributes.Ccy });

function entryOf(entry: XmlElement, account: string | undefined, { transaction, number }: Part): BankEntry {
  const { text, currency } = amountAt(child(entry, 'Amt'));
  const codes = codesOf(child(transaction, 'BkTxCd')) ?? codesOf(child(entry, 'BkTxCd')) ?? [];
  const [ofEntry, ofTransaction] = [textAt(entry, 'AcctSvcrRef'), textAt(transaction, 'Refs', 'AcctSvcrRef')];
  const isReversal = ['true', '1'].includes(textAt(entry, 'RvslInd') ?? '');
  const isReturn = child(transaction, 'RtrInf') !== undefined || codes.some((code) => returnCodes.has(code));
  const endToEnd = textAt(transaction, 'Refs', 'EndToEndId');
  // What takes a credit back has an entry of its own; the transaction is still the one that is taken back.
  const references = isReversal || isReturn ? [ofTransaction, ofEntry] : [ofEntry, ofTransaction];
  return {
    status: statusOf(entry),
    side: sides[(number > 0 ? textAt(transaction, 'CdtDbtInd') : undefined) ?? textAt(entry, 'CdtDbtInd') ?? ''],
    isReversal,
    isReturn,
    isCharge: codes.some((code) => chargeCodes.has(code)),
    account,
    amount: { text: number > 0 && transaction ? amountIn(transaction, currency) : text, currency, point: '.' },
    reference: references.find(isReference),
    otherReference: references.filter(isReference)[1],
    uetr: uetrOf(textAt(transaction, 'Refs', 'UETR')),
    endToEnd,
    valueDate: dateAt(child(entry, 'ValDt')) ?? dateAt(child(entry, 'BookgDt')),
    payer: payerIn(transaction),
    remittance: transaction && remittanceOf(transaction),
    furtherWords: [...furtherWordsOf(transaction), ...(number > 0 ? [] : [textAt(entry, 'AddtlNtryInf')])],
    reason: reasonOf(entry, transaction),
  };
}

const sides: Readonly<Record<string, BankEntry['side']>> = { CRDT: 'credit', DBIT: 'debit' };
const statuses: Readonly<Record<string, BankEntry['status']>> = {
  BOOK: 'booked',
  PDNG: 'pending',
  INFO: 'informational',
  FUTR: 'future',
};

/** `<Sts>BOOK</Sts>` up to version 07, `<Sts><Cd>BOOK</Cd></Sts>` since. */
function statusOf(entry: XmlElement): BankEntry['status'] {
  const word = textAt(entry, 'Sts') ?? textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts', 'Prtry');
  if (word === undefined) return undefined;
  return (Object.hasOwn(statuses, word) && statuses[word]) || { unknown: word.slice(0, 40) };
}

/** Subfamilies of ISO 20022's external code set BankTransactionCode: what is returned, and what is the bank's own. */
const returnCodes = new Set(['RRTN', 'RPCR', 'UPCQ', 'CQRV', 'UPCT', 'UPDD', 'PRDD', 'RCDD']);
const chargeCodes = new Set(['CHRG', 'COMI', 'COME', 'COMM', 'COMT', 'FEES', 'INTR', 'TAXE']);

function codesOf(code: XmlElement | undefined): string[] | undefined {
  const subfamily = textAt(code, 'Domn', 'Fmly', 'SubFmlyCd');
  return subfamily === undefined ? undefined : [subfamily];
}

const dateAt = (element: XmlElement | undefined): string | undefined =>
  textAt(element, 'Dt') ?? textAt(element, 'DtTm');

function payerIn(transaction: XmlElement | undefined): BankEntry['payer'] {
  const parties = child(transaction, 'RltdPties');
  const debtor = child(parties, 'Dbtr');
  const agent = child(transaction, 'RltdAgts', 'DbtrAgt', 'FinInstnId');
  return {
    // Since version 08 a party is within Pty.
    name: textAt(debtor, 'Nm') ?? textAt(debtor, 'Pty', 'Nm'),
    account: accountIn(child(parties, 'DbtrAcct')),
    bank:
      textAt(agent, 'BICFI') ?? textAt(agent, 'BIC') ?? textAt(agent, 'Nm') ?? textAt(agent, 'ClrSysMmbId', 'MmbId'),
  };
}

/** What else in a transaction may name the order. */
function furtherWordsOf(transaction: XmlElement | undefined): (string | undefined)[] {
  const endToEnd = textAt(transaction, 'Refs', 'EndToEndId');
  return [isReference(endToEnd) ? endToEnd : undefined, textAt(transaction, 'AddtlTxInf')];
}

/** Free text, references and numbers of documents. */
function remittanceOf(transaction: XmlElement): string | undefined {
  const info = child(transaction, 'RmtInf');
  const free = childrenOf(info, 'Ustrd').map(({ untrimmed }) => untrimmed.replaceAll(/\s+/g, ' '));
  const structured = childrenOf(info, 'Strd').flatMap((one) => [
    textAt(one, 'CdtrRefInf', 'Ref') ?? textAt(one, 'CdtrRefInf', 'CdtrRef'),
    ...childrenOf(one, 'RfrdDocInf').map((document) => textAt(document, 'Nb') ?? textAt(document, 'RfrdDocNb')),
    ...childrenOf(one, 'AddtlRmtInf').map(({ text }) => text),
  ]);
  const texts = [joined(free, 140), ...structured].filter((text) => text !== undefined && text !== '');
  return tidy(texts.join(' '));
}

function reasonOf(entry: XmlElement, transaction: XmlElement | undefined): string | undefined {
  const info = child(transaction, 'RtrInf');
  const code = textAt(info, 'Rsn', 'Cd') ?? textAt(info, 'Rsn', 'Prtry');
  const more = childrenOf(info, 'AddtlInf').map(({ text }) => text);
  const said = [code, ...more].filter((text) => text !== undefined && text !== '').join(' ');
  return said || (textAt(transaction, 'AddtlTxInf') ?? textAt(entry, 'AddtlNtryInf'));
}
