/**
 * What must hold of an order's records, whatever has crashed while they were written: the journal has no gap, the projection
 * is what it amounts to, its money is posted, told and booked at the bank's entries exactly once. `check.ts` reads them.
 */
import { isDeepStrictEqual } from 'node:util';
import { deadlines } from '../domain/deadlines';
import type { JournalEntry, OrderEvent } from '../domain/events';
import { apply } from '../domain/evolve';
import { transfersOf, type Transfer } from '../domain/ledger';
import { keyOf } from '../domain/messages';
import type { Order } from '../domain/order';
import { awaits } from '../domain/view';
import { moneyDifferences } from './order-money';

/** What can be found wrong. */
export const checkNames = [
  'inbox',
  'journal',
  'projection',
  'postings',
  'outbox',
  'paid-once',
  'money',
  'ledger',
  'debt',
  'cover',
  'leads-on',
  'workflow',
] as const;
export type CheckName = (typeof checkNames)[number];

/** Something that does not hold: of what, and how it shows. */
export interface Violation {
  check: CheckName;
  /** An order, an account, a delivery, … */
  subject: string;
  says: string;
}

/** An entry of the bank as it is booked. */
interface BookedEntry {
  account: string;
  entryReference: string;
  amount: { amount: number };
}

/** All that is on record of one order, as of one moment. */
export interface OrderRecords {
  order: string;
  /** By version. */
  journal: readonly JournalEntry[];
  projection: Order | undefined;
  /** Of the ledger: those of this order. */
  transfers: readonly Transfer[];
  /** Versions that the outbox has. */
  told: readonly number[];
  /** The bank's entries that are booked for this order. */
  entries: readonly BookedEntry[];
}

/** What does not hold of an order; nothing when all is well. */
export function violationsOf(records: OrderRecords): Violation[] {
  const gap = gapIn(records);
  if (gap !== undefined) return [{ check: 'journal', subject: records.order, says: gap }];
  return [
    ...repeatedKeys(records),
    ...projectionOf(records),
    ...toldOf(records),
    ...entriesOf(records),
    ...effectsOf(records),
    ...moneyOf(records),
    ...leadsOn(records),
  ];
}

function gapIn({ journal, projection }: OrderRecords): string | undefined {
  const at = journal.findIndex(({ version }, index) => version !== index + 1);
  if (at >= 0) return `version ${String(at + 1)} is missing, ${String(journal[at]?.version)} is there`;
  return projection && journal.length < projection.version
    ? `ends at version ${String(journal.length)}, the projection is at ${String(projection.version)}`
    : undefined;
}

function repeatedKeys({ order, journal }: OrderRecords): Violation[] {
  const keys = journal.map(({ actor, messageId }) => keyOf(actor, messageId));
  return repeated(keys).map((key) => ({ check: 'journal', subject: order, says: `message ${key} stands twice` }));
}

/** The fold of the journal beside the projection, and what each entry has moved beside the ledger. */
function projectionOf({ order, journal, projection, transfers }: OrderRecords): Violation[] {
  let folded: Order | undefined;
  const due = new Map<string, Transfer>();
  try {
    for (const entry of journal) {
      folded = apply(folded, entry);
      for (const transfer of transfersOf(entry, folded)) due.set(transfer.id, transfer);
    }
  } catch (fault) {
    return [{ check: 'journal', subject: order, says: `cannot be folded: ${String(fault)}` }];
  }
  return [
    ...(isDeepStrictEqual(plain(folded), plain(projection))
      ? []
      : [{ check: 'projection', subject: order, says: differenceOf(folded, projection) } as const]),
    ...postingsOf(order, due, transfers),
  ];
}

function differenceOf(folded: Order | undefined, projection: Order | undefined): string {
  if (!projection) return 'has no projection';
  if (!folded) return 'has a projection and no journal';
  const [is, should] = [plain(projection), plain(folded)] as [Record<string, unknown>, Record<string, unknown>];
  const fields = [...new Set([...Object.keys(is), ...Object.keys(should)])].filter(
    (name) => !isDeepStrictEqual(is[name], should[name]),
  );
  return `is not what its journal amounts to, in ${fields.join(', ')}`;
}

function postingsOf(order: string, due: ReadonlyMap<string, Transfer>, transfers: readonly Transfer[]): Violation[] {
  const wrong = (id: string, says: string): Violation => ({ check: 'postings', subject: order, says: `${id} ${says}` });
  // What was booked beside the order (a late credit, a withdrawal) has ids of another form.
  const ownIds = new Set(transfers.filter(({ id }) => /^\d+:\d+(:\d+)?$/.test(id.slice(order.length + 1))));
  const posted = new Map([...ownIds].filter(({ id }) => id.startsWith(`${order}:`)).map((one) => [one.id, one]));
  return [
    ...[...due.keys()].filter((id) => !posted.has(id)).map((id) => wrong(id, 'happened and is not posted')),
    ...[...posted.keys()].filter((id) => !due.has(id)).map((id) => wrong(id, 'is posted and never happened')),
    ...[...due].flatMap(([id, transfer]) => {
      const found = posted.get(id);
      return found && !isDeepStrictEqual(plain(found), plain(transfer)) ? [wrong(id, 'is posted otherwise')] : [];
    }),
  ];
}

function toldOf({ order, journal, told }: OrderRecords): Violation[] {
  const there = new Set(told);
  const missing = journal.map(({ version }) => version).filter((version) => !there.has(version));
  const surplus = told.filter((version) => version > journal.length);
  return [...missing, ...surplus].map((version) => ({
    check: 'outbox',
    subject: order,
    says: `version ${String(version)} ${there.has(version) ? 'is told and is not in the journal' : 'is not told'}`,
  }));
}

type Credited = Extract<OrderEvent, { type: 'paymentApplied' | 'paymentSuspended' | 'paymentVoid' }>;
const isCredited = (event: OrderEvent): event is Credited =>
  event.type === 'paymentApplied' || event.type === 'paymentSuspended' || event.type === 'paymentVoid';
/** Money of the card and of suspense is no entry of the bank. */
const notTheBanks = ['card', 'suspense'];

/** R30: a credit stands in the order once, with the amount that the bank's entry has. */
function entriesOf({ order, journal, entries }: OrderRecords): Violation[] {
  const booked = new Map(entries.map((one) => [keyOfEntry(one), one.amount.amount]));
  const credited = new Map<string, { times: number; sum: number }>();
  for (const { events } of journal) {
    const here = events.filter(isCredited).filter(({ account }) => !notTheBanks.includes(account));
    for (const key of new Set(here.map(keyOfEntry))) {
      const sum = here.filter((one) => keyOfEntry(one) === key).reduce((all, { amount }) => all + amount.amount, 0);
      const before = credited.get(key) ?? { times: 0, sum: 0 };
      credited.set(key, { times: before.times + 1, sum: before.sum + sum });
    }
  }
  const wrong = (key: string, says: string): Violation => ({
    check: 'paid-once',
    subject: order,
    says: `the bank’s entry ${key} ${says}`,
  });
  return [
    ...[...credited].flatMap(([key, { times, sum }]) => {
      const amount = booked.get(key);
      if (times > 1) return [wrong(key, `is credited ${String(times)} times`)];
      if (amount === undefined) return [wrong(key, 'is credited and not booked for the order')];
      return amount === sum ? [] : [wrong(key, `is of ${String(amount)}, and ${String(sum)} is credited`)];
    }),
    ...[...booked.keys()].filter((key) => !credited.has(key)).map((key) => wrong(key, 'is booked and not credited')),
  ];
}
const keyOfEntry = ({ account, entryReference }: Pick<BookedEntry, 'account' | 'entryReference'>): string =>
  `${account}:${entryReference}`;

/** What an outside party did for the order is taken once: a charge, a refund, a booking of credit. */
function effectsOf({ order, journal }: OrderRecords): Violation[] {
  const done = journal.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.type === 'chargeCaptured') return [`charge ${event.payment}`];
      if (event.type === 'refundPaid') return [`refund ${event.refund}`];
      return event.type === 'creditAccrued' || event.type === 'creditBooked' ? [`credit ${event.effect}`] : [];
    }),
  );
  return repeated(done).map((what) => ({ check: 'paid-once', subject: order, says: `${what} is done twice` }));
}

/** What the parties and partners got and gave is what the order says. */
const moneyOf = ({ order, projection, transfers }: OrderRecords): Violation[] =>
  projection ? moneyDifferences(projection, transfers).map((says) => ({ check: 'money', subject: order, says })) : [];

/** An order that has not ended has a deadline, or somebody whose turn it is. */
function leadsOn({ order, projection }: OrderRecords): Violation[] {
  if (!projection || projection.endedAt !== undefined) return [];
  if (deadlines(projection).length > 0 || awaits(projection) !== 'nothing') return [];
  return [{ check: 'leads-on', subject: order, says: `is ${projection.status} and waits for nobody and nothing` }];
}

const repeated = (list: readonly string[]): string[] => [
  ...new Set(list.filter((one, index) => list.indexOf(one) !== index)),
];

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
