/**
 * The entries of one supplier in the order of their booking, with what the calculation asks of each again and again. The
 * order in which they are handed in does not matter.
 */
import { entryKey, type AdjustedEntry, type CompletedEntry, type CreditEntry, type UpheldEntry } from './credit-facts';
import type { LimitPolicy } from './credit-policy';
import { policyOf } from './policy';
import { chinaDate, dayOf } from './time';

/** An entry with what the calculation asks of it again and again. */
export interface Booked<E extends CreditEntry = CreditEntry> {
  entry: E;
  /** Its place in the book: by time, then by key. */
  seq: number;
  /** When it was booked, in ms since 1970. */
  ms: number;
  /** The date in China that it ages from, and the same in days since 1970. */
  date: string;
  day: number;
  /** The policy that it was rated under. */
  policy: LimitPolicy;
  /** The places of the same pair's orders that completed before it in its calendar month. */
  ahead: number[];
  /** Of a completed order: its adjustments, oldest first. */
  adjustments: Booked<AdjustedEntry>[];
}

/** The entries of one supplier in the order of their booking, each once. */
export function bookOf(entries: readonly CreditEntry[], policies: readonly LimitPolicy[]): Booked[] {
  if (entries.some((entry) => entry.supplier !== entries[0]?.supplier))
    throw new RangeError('entries of two suppliers');
  const keyed = entries.map((entry) => ({ entry, ms: Date.parse(entry.at), key: entryKey(entry) }));
  keyed.sort((a, b) => a.ms - b.ms || compare(a.key, b.key));
  const keys = new Set(keyed.map(({ key }) => key));
  if (keys.size < keyed.length) throw new RangeError('an entry stands twice');
  const book = keyed.map(({ entry, ms }, seq): Booked => {
    const date = chinaDate(entry.event === 'order.completed' ? entry.inputs.completedAt : entry.at);
    return {
      entry,
      seq,
      ms,
      date,
      day: dayOf(date),
      policy: policyOf(policies, entry.policyVersion),
      ahead: [],
      adjustments: [],
    };
  });
  queueByPairAndMonth(book.filter(isCompleted));
  const byOrder = new Map(book.filter(isCompleted).map((item) => [item.entry.order, item]));
  for (const item of book.filter(isAdjusted)) byOrder.get(item.entry.order)?.adjustments.push(item);
  return book;
}

/** The book as it stood at an instant. */
export function bookedUntil(at: string, book: Booked[]): Booked[] {
  const until = Date.parse(at);
  return book.filter((item) => item.ms <= until);
}

/** Tells every order which of its pair's orders completed before it in its month (wash trading). */
function queueByPairAndMonth(orders: Booked<CompletedEntry>[]): void {
  const byCompletion = orders.map((item) => ({ item, completed: Date.parse(item.entry.inputs.completedAt) }));
  byCompletion.sort((a, b) => a.completed - b.completed || compare(a.item.entry.order, b.item.entry.order));
  const queues = new Map<string, number[]>();
  for (const { item } of byCompletion) {
    const pairAndMonth = JSON.stringify([item.entry.inputs.buyer, item.date.slice(0, 7)]);
    const queue = queues.get(pairAndMonth) ?? [];
    item.ahead = [...queue];
    queues.set(pairAndMonth, [...queue, item.seq]);
  }
}

export const isCompleted = (item: Booked): item is Booked<CompletedEntry> => item.entry.event === 'order.completed';
export const isAdjusted = (item: Booked): item is Booked<AdjustedEntry> => item.entry.event === 'order.adjusted';
export const isUpheld = (item: Booked): item is Booked<UpheldEntry> => item.entry.event === 'complaint.upheld';

/** How many of the pair's orders of that month are ahead of this one, as far as the book goes. */
export const ahead = (item: Booked, booked: number): number => item.ahead.filter((seq) => seq < booked).length;

/** What of a completed order has gone back, in USD cents, and whether there was a complaint, as far as the book goes. */
export function asAdjusted({ entry, adjustments }: Booked<CompletedEntry>, booked: number) {
  const latest = adjustments.findLast(({ seq }) => seq < booked)?.entry.inputs;
  const { total, refunded, disputed } = entry.inputs;
  return {
    refunded: Math.min(total.amount, latest?.refunded.amount ?? refunded.amount),
    disputed: disputed || (latest?.disputed ?? false),
  };
}

/** Whether nothing of a completed order is left: all of it has gone back. */
export const isUndone = (item: Booked<CompletedEntry>, booked: number): boolean => {
  const { refunded } = asAdjusted(item, booked);
  return refunded > 0 && refunded >= item.entry.inputs.total.amount;
};

/** Whether an entry is young enough to count. */
export const inWindow = ({ day, policy }: Booked, today: number): boolean => today - day <= policy.volume.windowDays;

/** By code unit, the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
