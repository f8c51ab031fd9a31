/**
 * `npm run bench:feeds`: what reading a feed's file to facts costs beside the bare parse of the same bytes. For people a table
 * on stderr; one JSON line a case on stdout. How to read it: docs/reference/bench.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { XMLParser } from 'fast-xml-parser';
import { segmentsOf } from '../clients/feeds/edifact';
import { profileOf, readFeed } from '../clients/feeds/profiles';
import { xmlOptions } from '../clients/feeds/xml';
import { median, round, table } from './figures';

/** What reading may cost, in bare parses. */
const aim = 2;

const bareXml = (bytes: Uint8Array): unknown => new XMLParser(xmlOptions).parse(Buffer.from(bytes).toString('utf8'));
/** Elements are split when they are asked for: here all of them are. */
const bareEdifact = (bytes: Uint8Array): unknown => Array.from(segmentsOf(bytes), ({ elements }) => elements);

interface Case {
  profile: string;
  /** A file of the tests, and what of it is repeated; without that, many files like it are read one after the other. */
  fixture: string;
  repeated?: RegExp;
  bare: (bytes: Uint8Array) => unknown;
}

/** To measure another format: a row here. */
const cases: readonly Case[] = [
  { profile: 'camt.054', fixture: 'bank/credit.camt054.v02.xml', repeated: /<Ntry>.*<\/Ntry>/s, bare: bareXml },
  { profile: 'camt.053', fixture: 'bank/credit.camt053.v08.xml', repeated: /<d:Ntry>.*<\/d:Ntry>/s, bare: bareXml },
  {
    profile: 'wco',
    fixture: 'wco-accepted-and-cleared.xml',
    repeated: /<res:Response.*<\/res:Response>/s,
    bare: bareXml,
  },
  {
    profile: 'ceb',
    fixture: 'ceb-released-and-closed.xml',
    repeated: /<ceb:InventoryReturn>.*Return>/s,
    bare: bareXml,
  },
  { profile: 'cn-decl', fixture: 'cn-decl-released.xml', bare: bareXml },
  { profile: 'cusres', fixture: 'cusres-released.edi', repeated: /UNH.*UNT\+8\+1'\n/s, bare: bareEdifact },
];

interface Options {
  rounds: number;
  megabytes: number;
  only?: string[];
  json?: true;
}

const atLeastOne = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
};

const optionsOf = (argv: readonly string[]): Options =>
  new Command('npm run bench:feeds --')
    .description('What reading a feed’s file to facts costs beside the bare parse of the same bytes')
    .option('--rounds <n>', 'rounds, in which the two take turns', atLeastOne, 9)
    .option('--megabytes <n>', 'how much is read in a round', atLeastOne, 2)
    .option('--only <profiles...>', 'these profiles only')
    .option('--json', 'JSON lines only, nothing for people')
    .parse(argv)
    .opts<Options>();

/** Files of about so many bytes together. */
function filesOf({ fixture, repeated }: Case, bytes: number): Uint8Array[] {
  const file = readFileSync(join(__dirname, '../test/fixtures/feeds', fixture));
  if (!repeated) return Array.from({ length: Math.ceil(bytes / file.length) }, () => file);
  const text = file.toString();
  const [piece = ''] = repeated.exec(text) ?? [];
  const times = Math.ceil(bytes / Buffer.byteLength(piece));
  return [Buffer.from(text.replace(piece, () => piece.repeat(times)))];
}

/** CPU time, in ms: other work on the machine weighs on it least. */
function costOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function measure(one: Case, { rounds, megabytes }: Options) {
  const profile = profileOf(one.profile);
  if (!profile) throw new Error(`there is no profile ${one.profile}`);
  const files = filesOf(one, megabytes * 1_000_000);
  let facts = 0;
  const bare = () => files.forEach((bytes) => void one.bare(bytes));
  const read = () => {
    facts = files.reduce((sum, bytes) => sum + readFeed(profile, bytes, 'bench').filter((i) => 'fact' in i).length, 0);
  };
  const costs = Array.from({ length: rounds + 2 }, (_, n) => {
    // The first one of a round is the last one of the next.
    if (n % 2 === 0) return { bare: costOf(bare), read: costOf(read) };
    const first = costOf(read);
    return { bare: costOf(bare), read: first };
  }).slice(2); // two rounds to warm up
  const ratios = costs.map((cost) => cost.read / cost.bare);
  const ratio = round(median(ratios));
  return {
    scenario: `feed ${one.profile}`,
    files: files.length,
    bytes: files.reduce((sum, { length }) => sum + length, 0),
    facts,
    bareMs: round(median(costs.map((cost) => cost.bare)), 1),
    readMs: round(median(costs.map((cost) => cost.read)), 1),
    ratio,
    rounds: ratios.map((one) => round(one)),
    aim,
    met: ratio <= aim,
  };
}

function main(options: Options): void {
  const wanted = cases.filter(({ profile }) => options.only?.includes(profile) ?? true);
  const lines = wanted.map((one) => {
    const line = measure(one, options);
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return line;
  });
  if (options.json) return;
  const rows = lines.map(({ scenario, facts, bareMs, readMs, ratio, met }) =>
    [scenario, facts, bareMs, readMs, ratio, met ? 'met' : 'NOT met'].map(String),
  );
  const heads = ['', 'facts', 'bare ms', 'read ms', 'ratio', `aim ≤ ${String(aim)}`];
  process.stderr.write(`\n${table([heads, ...rows])}\n`);
}

main(optionsOf(process.argv));
