/** The proforma invoice as PDF: names of the trade's countries are set as they are written. */
import { printable, proformaOf } from '../../clients/http/portal/proforma';
import { viewOf } from '../../domain/view';
import { confirmed, given } from '../support/builders';

test('R53 names are set with their marks, in Latin, Greek, Cyrillic and Chinese letters', () => {
  for (const name of [
    'Łódź Przemysł Sp. z o.o.',
    'Kőszegi Fényűző Kft.',
    'İstanbul Işık Aydınlatma A.Ş.',
    'Công ty Đèn Chiếu Sáng Việt',
    'Příliš žluťoučký kůň',
    'Светлый дом',
    'Φως Αθηνών',
    '宁波海晟照明有限公司 臺灣',
    'なにわ雑貨株式会社 畑中榮',
    '서울조명 주식회사',
    'Müller & Søn – 60 × 60 cm, €',
  ])
    expect(printable(name)).toBe(name.normalize('NFC'));
});

test('a letter that the font does not know is told as such, and loses nothing else', () => {
  expect(printable('Deal 🎉 now')).toBe('Deal ? now');
});

test.each(['en', 'zh'] as const)('a whole contract makes one PDF (%s)', async (language) => {
  const party = { id: 'm', name: 'Łódź Lighting', country: 'PL' };
  const pdf = await proformaOf(
    viewOf(given(confirmed()).order),
    { supplier: party, buyer: party },
    language,
    '2026-11-25T00:00:00.000Z',
  );
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});
