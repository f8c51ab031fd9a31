/**
 * The proforma invoice of an order as PDF, in English or Chinese: the contract as it stands, for the buyer's bank and both
 * archives. The font has the Chinese characters of GB 2312 and Big5, and only what a document uses of it is put in.
 */
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { nameOf } from '../../../domain/member-name';
import { format, times } from '../../../domain/money';
import { chinaDate } from '../../../domain/time';
import type { OrderView } from '../../../domain/view';
import {
  balanceWords,
  fieldWords,
  methodWords,
  moduleWords,
  roleWords,
  transportWords,
  type Language,
  type Texts,
  unitWords,
} from '../../../domain/vocabulary';
import type { Party } from './answers';

const fontFile = join(__dirname, 'fonts', 'NotoSansCJKsc-subset.otf');

const t = (en: string, zh: string): Texts => ({ en, zh });
const words = {
  title: t('Proforma invoice', '形式发票'),
  order: t('Order', '订单号'),
  revision: t('Revision', '版本'),
  date: t('Date', '日期'),
  amount: t('Amount', '金额'),
  total: t('Total', '总额'),
  advance: t('Due in advance', '预付款'),
  payTo: t('Account to pay to', '收款账户'),
  confirmed: t('Confirmed by both sides on', '双方确认日期'),
  draft: t('Not yet confirmed by both sides', '尚未经双方确认'),
  reference: t('Reference', '编号'),
  signature: t('place, date, signature', '地点、日期、签字盖章'),
  foot: t('Trade Assurance order; dates are calendar dates in China.', '信用保障订单；日期为中国日期。'),
};

const margin = 48;
const width = 595.28 - 2 * margin;
const grey = '#555f69';
const line = '#c9d0d6';

interface Page {
  doc: PDFKit.PDFDocument;
  say: (texts: Texts) => string;
  language: Language;
}

/** The PDF's bytes. `at` is the date on it. */
export function proformaOf(
  view: OrderView,
  parties: { supplier: Party; buyer: Party },
  language: Language,
  at: string,
): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    font: fontFile,
    info: { Title: `${words.title[language]} ${view.id}`, CreationDate: new Date(at) },
  });
  const parts: Buffer[] = [];
  doc.on('data', (part: Buffer) => parts.push(part));
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(parts)));
    doc.on('error', reject);
  });
  const page: Page = { doc, language, say: (texts) => texts[language] };
  head(page, view, at);
  people(page, view, parties);
  goods(page, view);
  terms(page, view);
  signatures(page);
  foot(page);
  doc.end();
  return done;
}

/** What pdfkit keeps of a font that it has read; its types do not name it. */
interface Read {
  _font: { font: { hasGlyphForCodePoint: (code: number) => boolean } };
}
let read: Read['_font']['font'] | undefined;

function isKnown(letter: string): boolean {
  read ??= (new PDFDocument({ font: fontFile }) as unknown as Read)._font.font;
  return letter === '\n' || read.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);
}

/** The text as the font can set it: a letter that it does not know stands without its mark, or as a question mark. */
export function printable(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    if (isKnown(letter)) return letter;
    const base = letter.normalize('NFD').charAt(0);
    return isKnown(base) ? base : '?';
  }).join('');
}

function head({ doc, say }: Page, { id, revision, confirmedAt, source }: OrderView, at: string): void {
  doc.fontSize(20).fillColor('black').text(say(words.title), margin, margin);
  doc.fontSize(9).fillColor(grey);
  const facts = [
    `${say(words.order)}: ${id}`,
    `${say(words.revision)}: ${String(revision)}`,
    `${say(words.date)}: ${chinaDate(at)}`,
    ...(source.reference === undefined ? [] : [`${say(words.reference)}: ${printable(source.reference)}`]),
    confirmedAt === undefined ? say(words.draft) : `${say(words.confirmed)}: ${chinaDate(confirmedAt)}`,
  ];
  doc.text(facts.join('   ·   '), { width }).moveDown(1);
  rule(doc);
}

function rule(doc: PDFKit.PDFDocument): void {
  doc
    .moveTo(margin, doc.y)
    .lineTo(margin + width, doc.y)
    .lineWidth(0.5)
    .strokeColor(line)
    .stroke();
  doc.y += 10;
}

const countryIn = (language: Language, code: string): string =>
  new Intl.DisplayNames(language === 'zh' ? 'zh-CN' : 'en', { type: 'region' }).of(code) ?? code;

/** Both parties side by side. */
function people({ doc, say, language }: Page, view: OrderView, parties: { supplier: Party; buyer: Party }): void {
  const top = doc.y;
  const bottoms = (['supplier', 'buyer'] as const).map((side, column) => {
    const party = parties[side];
    const contact = view.contract.contacts?.[side];
    const name = nameOf(party, language);
    const rows = [
      name,
      [party.city, party.country && countryIn(language, party.country)].filter(Boolean).join(', '),
      contact?.name,
      contact?.email,
      contact?.phone,
    ];
    const x = margin + (column * width) / 2;
    doc.fontSize(9).fillColor(grey).text(say(roleWords[side]), x, top);
    doc.fontSize(10).fillColor('black');
    for (const row of rows) if (row) doc.text(printable(row), x, doc.y, { width: width / 2 - 16 });
    return doc.y;
  });
  doc.y = Math.max(...bottoms) + 12;
}

/** Columns of the goods: share of the width, and how they are set. */
const columns = [
  { share: 0.35, align: 'left' },
  { share: 0.12, align: 'left' },
  { share: 0.15, align: 'right' },
  { share: 0.17, align: 'right' },
  { share: 0.21, align: 'right' },
] as const;

const gap = 8;

function row({ doc }: Page, cells: readonly string[]): void {
  // A gap after each column but the last one, which ends where the page does.
  const widths = columns.map(({ share }, i) => share * width - (i < columns.length - 1 ? gap : 0));
  const height = Math.max(...cells.map((cell, i) => doc.heightOfString(cell, { width: widths[i] ?? 0 })));
  if (doc.y + height > doc.page.height - margin) doc.addPage();
  const top = doc.y;
  let x = margin;
  cells.forEach((cell, i) => {
    doc.text(cell, x, top, { width: widths[i] ?? 0, align: columns[i]?.align ?? 'left' });
    x += (widths[i] ?? 0) + gap;
  });
  doc.x = margin;
  doc.y = top + height + 6;
}

function goods(page: Page, { contract, total }: OrderView): void {
  const { doc, say } = page;
  doc.fontSize(9).fillColor(grey);
  row(page, [
    say(fieldWords.lines),
    say(fieldWords.hsCode),
    say(fieldWords.quantity),
    say(fieldWords.unitPrice),
    say(words.amount),
  ]);
  rule(doc);
  doc.fontSize(10).fillColor('black');
  for (const { name, hsCode, quantity, unit, unitPrice } of contract.product?.lines ?? [])
    row(page, [
      printable(name ?? '—'),
      hsCode ?? '—',
      quantity === undefined ? '—' : `${quantity.toLocaleString('en')} ${printable(say(unitWords(unit ?? '')))}`,
      unitPrice ? format(unitPrice) : '—',
      unitPrice && quantity !== undefined ? format(times(unitPrice, quantity)) : '—',
    ]);
  const { freight } = contract.shipping ?? {};
  if (freight) row(page, [say(fieldWords.freight), '', '', '', format(freight)]);
  rule(doc);
  if (total) {
    doc.fontSize(12);
    doc.text(`${say(words.total)}: ${format(total)}`, margin, doc.y, { width, align: 'right' });
  }
  doc.moveDown(1);
}

function terms(page: Page, { contract, advance, payTo }: OrderView): void {
  const { say } = page;
  const { shipping, payment, product } = contract;
  section(page, say(moduleWords.shipping), [
    [fieldWords.incoterm, shipping?.incoterm],
    [fieldWords.method, shipping?.method && say(transportWords[shipping.method])],
    [fieldWords.destination, shipping?.destination && countryIn(page.language, shipping.destination)],
    [fieldWords.consignee, shipping?.consignee],
    [fieldWords.shipBy, shipping?.shipBy],
    [fieldWords.inspectionStandard, product?.inspectionStandard],
  ]);
  section(page, say(moduleWords.payment), [
    [fieldWords.advancePercent, payment?.advancePercent && `${String(payment.advancePercent)} %`],
    [words.advance, advance && format(advance)],
    [fieldWords.balance, say(balanceWords[payment?.balance ?? 'after-shipment'])],
    [fieldWords.methods, payment?.methods?.map((method) => say(methodWords[method])).join(', ')],
    [words.payTo, payTo],
  ]);
}

function section({ doc, say }: Page, title: string, facts: (readonly [Texts, string | number | undefined])[]): void {
  doc.fontSize(11).fillColor('black').text(title, margin, doc.y).moveDown(0.3);
  for (const [label, value] of facts) {
    if (value === undefined || value === '') continue;
    const top = doc.y;
    doc.fontSize(9).fillColor(grey).text(say(label), margin, top, { width: 130 });
    const bottom = doc.y;
    doc
      .fontSize(10)
      .fillColor('black')
      .text(printable(String(value)), margin + 140, top, { width: width - 140 });
    doc.x = margin;
    doc.y = Math.max(bottom, doc.y) + 2;
  }
  doc.moveDown(0.8);
}

/** Where the two sign, for whoever files it on paper: what binds them is their confirmation of the order. */
function signatures({ doc, say }: Page): void {
  if (doc.y + 90 > doc.page.height - margin) doc.addPage();
  const top = doc.y + 40;
  (['supplier', 'buyer'] as const).forEach((side, column) => {
    const x = margin + (column * width) / 2;
    doc
      .moveTo(x, top)
      .lineTo(x + width / 2 - 24, top)
      .lineWidth(0.5)
      .strokeColor(line)
      .stroke();
    doc
      .fontSize(9)
      .fillColor(grey)
      .text(`${say(roleWords[side])} · ${say(words.signature)}`, x, top + 5);
  });
  doc.y += 24;
}

function foot({ doc, say }: Page): void {
  doc.fontSize(8).fillColor(grey).text(say(words.foot), margin, doc.y, { width });
}
