/** The map of personal data is whole: every field that takes a text is classified, and what the map says is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textFields } from '../support/text-fields';

const page = readFileSync(join(__dirname, '../../docs/reference/personal-data.md'), 'utf8');

/** Field names of the map, each with the collections that it is said to be in. */
const mapped = new Map(
  [...page.matchAll(/^\| (`.+?`) +\| ([\w, ]+?) +\|/gm)].flatMap(([, names = '', where = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, where.split(', ')] as const),
  ),
);

/** What says nothing of a person: ids of orders and companies, codes, goods, times, hashes, our own words. */
const notPersonal = new Set([
  ...[
    'adjustment',
    'approvedBy',
    'buyer',
    'by',
    'campaign',
    'carrier',
    'charge',
    'city',
    'closedBecause',
    'code',
    'complaint',
    'settlement',
    'country',
  ],
  ...[
    'decision',
    'declaration',
    'delivery',
    'effect',
    'en',
    'entryReference',
    'error',
    'events',
    'exportOrder',
    'from',
  ],
  ...[
    'hash',
    'how',
    'hsCode',
    'id',
    'inspection',
    'inspectionStandard',
    'inspector',
    'key',
    'lane',
    'lease',
    'localName',
  ],
  ...['bankReference', 'member', 'message', 'messageId', 'notServed', 'of', 'order', 'payTo', 'payment', 'payout'],
  ...['platformAccount', 'policy', 'policyVersion', 'product', 'profile', 'quote', 'recent', 'reference', 'references'],
  ...[
    'refund',
    'refused',
    'repayment',
    'returnRefusal',
    'returned',
    'reversals',
    'secret',
    'sha256',
    'shipment',
    'source',
    'subject',
  ],
  ...[
    'subscription',
    'supplier',
    'supplierCountries',
    'to',
    'topics',
    'tracking',
    'unit',
    'url',
    'verification',
    'version',
  ],
  ...['asked', 'waitsFor', 'zh'],
]);

const fields = textFields();
const nameOf = (path: string): string => (path.split('.').at(-1) ?? '').replaceAll('[]', '');

test('every field that takes a text is classified: of a person, or not', () => {
  const unknown = fields.filter((path) => !mapped.has(nameOf(path)) && !notPersonal.has(nameOf(path)));
  expect(unknown).toEqual([]);
  expect([...mapped.keys()].filter((name) => notPersonal.has(name))).toEqual([]);
});

test('the map names each collection in which such a field is, and no other', () => {
  const wrong = [...mapped].flatMap(([name, said]) => {
    const found = [...new Set(fields.filter((path) => nameOf(path) === name).map((path) => path.split('.')[0]))].sort();
    return JSON.stringify(found) === JSON.stringify([...said].sort()) ? [] : [{ name, said, found }];
  });
  expect(wrong).toEqual([]);
});

test('what a person is reached and paid by is in the map', () => {
  for (const path of ['members.contact.email', 'members.users[].email', 'mails.to.email', 'withdrawals.payee.account'])
    expect([path, fields.includes(path), mapped.has(nameOf(path))]).toEqual([path, true, true]);
});
