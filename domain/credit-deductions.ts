/** What lowers a limit (R11, R22), and the strikes that suspend a supplier (R58). */
import { isUpheld, type Booked } from './credit-book';
import type { LimitPolicy } from './credit-policy';
import { percentOf, sum } from './integers';
import { usdOf, type Money } from './money';
import { dateOf } from './time';

/** Something that lowers the limit: `percent` of `of`. */
export interface Deduction {
  kind: 'late-shipment' | 'upheld-complaint' | 'unreimbursed-payout';
  order: string;
  percent: number;
  of: Money;
  /** The first date in China on which it no longer applies; null when it lasts until it is repaid. */
  endsOn: string | null;
}

export function deductionsOf(book: Booked[], policy: LimitPolicy, today: number, earned: number): Deduction[] {
  const timed = book.flatMap((item) => timedDeduction(item, today, earned));
  const owed = [...owedByOrder(book)].filter(([, amount]) => amount > 0);
  const percent = policy.deductions.unreimbursedPayoutPercent;
  const unreimbursed = owed.map(([order, amount]): Deduction => {
    return { kind: 'unreimbursed-payout', order, percent, of: usdOf(amount), endsOn: null };
  });
  return [...timed, ...unreimbursed];
}

/** A late shipment or an upheld complaint, while it lasts: so many dates in China, the first included. */
function timedDeduction({ entry, day, policy }: Booked, today: number, earned: number): Deduction[] {
  const isLate = entry.event === 'order.completed' && !entry.inputs.shippedOnTime;
  if (!isLate && entry.event !== 'complaint.upheld') return [];
  const { percent, days } = isLate ? policy.deductions.lateShipment : policy.deductions.upheldComplaint;
  if (today - day >= days) return [];
  const kind = isLate ? 'late-shipment' : 'upheld-complaint';
  return [{ kind, order: entry.order, percent, of: usdOf(earned), endsOn: dateOf(day + days) }];
}

/** What the platform paid for each order less what the supplier paid back for it (R22). USD cents. */
function owedByOrder(book: Booked[]): Map<string, number> {
  const owed = new Map<string, number>();
  for (const { entry } of book) {
    if (entry.event !== 'guarantee.paid' && entry.event !== 'guarantee.repaid') continue;
    const amount = entry.event === 'guarantee.paid' ? entry.inputs.amount.amount : -entry.inputs.amount.amount;
    owed.set(entry.order, (owed.get(entry.order) ?? 0) + amount);
  }
  return owed;
}

/** Percents of the earned limit add up before they are taken; what is owed comes on top. */
export function deductedFrom(earned: number, deductions: Deduction[]): number {
  const timed = deductions.filter(({ endsOn }) => endsOn !== null);
  const owed = deductions.filter(({ endsOn }) => endsOn === null);
  const percent = Math.min(100, sum(timed.map((deduction) => deduction.percent)));
  return percentOf(earned, percent) + sum(owed.map((deduction) => percentOf(deduction.of.amount, deduction.percent)));
}

/** R58: strikes count for life; enough of them suspend until the platform reinstates, and again at the next one. */
export function strikesOf(book: Booked[], policy: LimitPolicy): { strikes: number; suspended: boolean } {
  const upheld = book.filter(isUpheld);
  const strikes = sum(upheld.map((item) => item.policy.deductions.upheldComplaint.strikes));
  const lastStrike = upheld.at(-1)?.seq ?? -1;
  const reinstated = book.some((item) => item.entry.event === 'supplier.reinstated' && item.seq > lastStrike);
  return { strikes, suspended: strikes >= policy.strikesToSuspend && !reinstated };
}
