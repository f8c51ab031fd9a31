/** Trade volume V: what completed orders add up to, with the bounds against wash trading (R1). */
import { ahead, asAdjusted, isUndone, type Booked } from './credit-book';
import type { CompletedEntry } from './credit-facts';
import type { LimitPolicy } from './credit-policy';
import { divided, percentOf, sum } from './integers';
import { usdOf, type Money } from './money';

/** Trade volume V (R1). */
export interface Volume {
  /** Orders completed in the window. */
  orders: number;
  /** Those among the first of their pair in their month. */
  ordersCounted: number;
  /** Net of refunds and halved by age, before one buyer's share is capped. */
  uncapped: Money;
  /** What counts. */
  counted: Money;
  /** Buyers whose share was cut, with what they made and what of it counts. */
  cappedBuyers: { buyer: string; made: Money; counted: Money }[];
}

/** R1: net of refunds, halved by age, the first orders of a pair in a month, no buyer above its share. */
export function volumeOf(all: Booked<CompletedEntry>[], booked: number, policy: LimitPolicy, today: number): Volume {
  // An order that has gone back whole is none.
  const orders = all.filter((item) => !isUndone(item, booked));
  const counted = orders.filter((item) => ahead(item, booked) < item.policy.volume.maxOrdersPerPairPerMonth);
  const byBuyer = new Map<string, number>();
  for (const item of counted) {
    const { buyer, total } = item.entry.inputs;
    const { refunded } = asAdjusted(item, booked);
    const weighted = divided(total.amount - refunded, divisorOf(item, today));
    byBuyer.set(buyer, (byBuyer.get(buyer) ?? 0) + weighted);
  }
  const uncapped = sum([...byBuyer.values()]);
  const most = percentOf(uncapped, policy.volume.maxBuyerSharePercent);
  return {
    orders: orders.length,
    ordersCounted: counted.length,
    uncapped: usdOf(uncapped),
    counted: usdOf(sum([...byBuyer.values()].map((made) => Math.min(made, most)))),
    cappedBuyers: [...byBuyer]
      .filter(([, made]) => made > most)
      .map(([buyer, made]) => ({ buyer, made: usdOf(made), counted: usdOf(most) })),
  };
}

/** By what the volume of an order in the window is divided at its age: the table ends where the window does. */
function divisorOf({ day, policy }: Booked, today: number): number {
  const row = policy.volume.halving.find(({ untilDay }) => today - day <= untilDay);
  if (!row) throw new RangeError('the order has left the window');
  return row.divisor;
}
