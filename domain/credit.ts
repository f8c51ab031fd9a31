/**
 * A supplier's credit limit: what it did and what it sold (entries) add up to the most that the platform guarantees for
 * it at one time (R1, R2, R3, R11). A pure function of the entries, the policies and a date, so that today's limit can
 * be explained line by line and recomputed at any time. The readings behind it: `docs/explanation/credit.md`.
 */
import { z } from 'zod';
import { policyInForce, policyOf, usd, type LimitPolicy } from './credit-policy';
import { format, moneyOf, smaller, subtract, type Money } from './money';
import { chinaDate, daysBetween, instant, startOfChinaDate } from './time';

export { limitPolicy, policyInForce, type LimitPolicy } from './credit-policy';

// --- entries

const id = z.string().min(1).max(200);
const common = { supplier: id, /** When it is booked. */ at: instant };

const orderInputs = z
  .strictObject({
    buyer: id,
    total: usd,
    refunded: usd,
    /** The order ages from here, whenever it is booked. */
    completedAt: instant,
    shippedOnTime: z.boolean(),
    /** The buyer complained, whatever came of it. */
    disputed: z.boolean(),
    /** Stars, 1 to 5; null when the buyer gave none. */
    reviewScore: z.int().min(1).max(5).nullable(),
  })
  .refine((i) => i.refunded.amount <= i.total.amount, 'refunded: more than the total');

const orderCompleted = z.strictObject({
  ...common,
  event: z.literal('order.completed'),
  order: id,
  inputs: orderInputs,
});
/** A complaint decided for the buyer, in full or in part (R20, R58). */
const complaintUpheld = z.strictObject({
  ...common,
  event: z.literal('complaint.upheld'),
  order: id,
  inputs: z.strictObject({ complaint: id }),
});
/** The platform paid the buyer in the supplier's place (R2, R22). */
const guaranteePaid = z.strictObject({
  ...common,
  event: z.literal('guarantee.paid'),
  order: id,
  inputs: z.strictObject({ payout: id, amount: usd }),
});
/** The supplier paid back some or all of it. */
const guaranteeRepaid = z.strictObject({
  ...common,
  event: z.literal('guarantee.repaid'),
  order: id,
  inputs: z.strictObject({ repayment: id, amount: usd }),
});
/** What the company is and has, checked by the platform (R11). The latest one counts. */
const companyVerified = z.strictObject({
  ...common,
  event: z.literal('company.verified'),
  inputs: z.strictObject({ verification: id, score: z.int().min(0).max(100) }),
});
/** The platform lifts a suspension, with its reason (R58). */
const supplierReinstated = z.strictObject({
  ...common,
  event: z.literal('supplier.reinstated'),
  inputs: z.strictObject({ decision: id, why: z.string().min(1) }),
});

const facts = z.discriminatedUnion('event', [
  orderCompleted,
  complaintUpheld,
  guaranteePaid,
  guaranteeRepaid,
  companyVerified,
  supplierReinstated,
]);
const bookedAfterwards = (fact: z.infer<typeof facts>): boolean =>
  fact.event !== 'order.completed' || time(fact.inputs.completedAt) <= time(fact.at);

/** Something that bears on the limit, before it is rated: `{ supplier, event, order?, at, inputs }`. */
export const creditFact = facts.refine(bookedAfterwards, 'at: the order completed later than that');
export type CreditFact = z.infer<typeof creditFact>;

const rating = {
  /** The policy in force when it was booked; it is never rated again under a later one. */
  policyVersion: id,
  /** USD cents by which the limit of that instant changed because of this entry. */
  delta: z.int(),
  /** For people. */
  reason: z.string().min(1),
};

/** A fact once it is rated and booked. Unique by `entryKey`. */
export const creditEntry = z
  .discriminatedUnion('event', [
    orderCompleted.extend(rating),
    complaintUpheld.extend(rating),
    guaranteePaid.extend(rating),
    guaranteeRepaid.extend(rating),
    companyVerified.extend(rating),
    supplierReinstated.extend(rating),
  ])
  .refine(bookedAfterwards, 'at: the order completed later than that');
export type CreditEntry = z.infer<typeof creditEntry>;
type CompletedEntry = Extract<CreditEntry, { event: 'order.completed' }>;
type UpheldEntry = Extract<CreditEntry, { event: 'complaint.upheld' }>;

/**
 * What makes a fact unique: the order and the event, and where an order may see several of a kind, which one. Facts
 * about the company have the supplier in the order's place. Fit for a unique index or an `_id`.
 */
export function entryKey(fact: CreditFact): string {
  switch (fact.event) {
    case 'order.completed':
      return JSON.stringify([fact.order, fact.event]);
    case 'complaint.upheld':
      return JSON.stringify([fact.order, fact.event, fact.inputs.complaint]);
    case 'guarantee.paid':
      return JSON.stringify([fact.order, fact.event, fact.inputs.payout]);
    case 'guarantee.repaid':
      return JSON.stringify([fact.order, fact.event, fact.inputs.repayment]);
    case 'company.verified':
      return JSON.stringify([fact.supplier, fact.event, fact.inputs.verification]);
    case 'supplier.reinstated':
      return JSON.stringify([fact.supplier, fact.event, fact.inputs.decision]);
  }
}

function reasonOf(fact: CreditFact): string {
  switch (fact.event) {
    case 'order.completed': {
      const { total, refunded, shippedOnTime } = fact.inputs;
      const net = format(subtract(total, refunded));
      return `Order ${fact.order} completed: ${net} net of refunds, shipped ${shippedOnTime ? 'on time' : 'late'}.`;
    }
    case 'complaint.upheld':
      return `Complaint ${fact.inputs.complaint} on order ${fact.order} was upheld.`;
    case 'guarantee.paid':
      return `The platform paid ${format(fact.inputs.amount)} to the buyer of order ${fact.order}.`;
    case 'guarantee.repaid':
      return `The supplier paid back ${format(fact.inputs.amount)} for order ${fact.order}.`;
    case 'company.verified':
      return `The company was verified: ${fact.inputs.score} of 100.`;
    case 'supplier.reinstated':
      return `The platform reinstated the supplier: ${fact.inputs.why}`;
  }
}

// --- explanation

/** Something that lowers the limit: `percent` of `of`. */
export interface Deduction {
  kind: 'late-shipment' | 'upheld-complaint' | 'unreimbursed-payout';
  order: string;
  percent: number;
  of: Money;
  /** The first date in China on which it no longer applies; null when it lasts until it is repaid. */
  endsOn: string | null;
}

/** The limit of one instant and how it came about. Money in USD cents, scores 0–100, percents integers. */
export interface LimitExplanation {
  at: string;
  /** The policy in force at that instant. */
  policyVersion: string;
  limit: Money;
  grade: number;
  scores: Scores & { total: number };
  volume: Volume;
  ratePercent: number;
  cap: Money;
  /** Before deductions: base + rate × volume, at most the cap and the month's growth. */
  earned: Money;
  deductions: Deduction[];
  /** The bounds of this calendar month, and whether one of them held the limit back. */
  monthlyRise: { capped: boolean; earnedAtMost: Money; limitAtMost: Money };
  strikes: number;
  suspended: boolean;
  /** How the limit came about, for people, in order. */
  steps: string[];
}

export interface Scores {
  onTime: number;
  undisputed: number;
  reviews: number;
  verification: number;
}

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

// --- the function

/**
 * A supplier's limit at an instant, and how it came about (R1, R2, R3, R11; suspension R58).
 *
 * Entries booked after `at` are ignored and their order in the array does not matter. The policy in force at `at` says
 * what the whole is worth; what one entry contributes (its age table, its place in the month, its deduction and its
 * strike) stays with the policy that it was rated under.
 *
 * @param entries all entries of one supplier
 * @param policies every version that an entry names or that was in force since the first entry
 * @param at the instant, ISO 8601 in UTC
 * @throws RangeError on entries of two suppliers, one entry twice, or a policy that is missing
 */
export function limitOf(
  entries: readonly CreditEntry[],
  policies: readonly LimitPolicy[],
  at: string,
): LimitExplanation {
  const book = bookedUntil(at, bookOf(entries, policies));
  return explain(standingAt(book, policies, at, openings(book, policies, at)), at);
}

/**
 * Rates a fact under the policy in force and makes it an entry: `delta` is the limit after it less the limit before, at
 * that instant, in USD cents (R1). A fact is never booked before one that is booked already: `at` moves to 1 ms after
 * the newest entry, so that the deltas on record never change. A fact that is on record is answered with its entry.
 */
export function rate(entries: readonly CreditEntry[], fact: CreditFact, policies: readonly LimitPolicy[]): CreditEntry {
  const key = entryKey(fact);
  const known = entries.find((entry) => entryKey(entry) === key);
  if (known) return known;
  const newest = Math.max(...entries.map((entry) => time(entry.at)), -Infinity);
  const at = time(fact.at) > newest ? fact.at : new Date(newest + 1).toISOString();
  const policyVersion = policyInForce(policies, at).id;
  const entry: CreditEntry = { ...fact, at, policyVersion, delta: 0, reason: reasonOf(fact) };
  return { ...entry, delta: deltaOf(bookOf([...entries, entry], policies), policies) };
}

/** A delta on record that is not what the entries before it give. USD cents. */
export interface ReplayDifference {
  key: string;
  recorded: number;
  recomputed: number;
}

/**
 * Recomputes every delta and the limit at `at` from the entries booked until then. No differences means that the
 * record explains itself.
 */
export function replay(
  entries: readonly CreditEntry[],
  policies: readonly LimitPolicy[],
  at: string,
): { limit: LimitExplanation; differences: ReplayDifference[] } {
  const book = bookedUntil(at, bookOf(entries, policies));
  const months = openings(book, policies, at);
  const differences = book.flatMap(({ entry, seq }) => {
    const recomputed = deltaOf(book.slice(0, seq + 1), policies, months);
    return recomputed === entry.delta ? [] : [{ key: entryKey(entry), recorded: entry.delta, recomputed }];
  });
  return { limit: explain(standingAt(book, policies, at, months), at), differences };
}

/**
 * The cover of an order (R2): its total, or what is left of the limit when that is less. A short limit shortens the
 * cover, down to zero, and never refuses the order.
 * @param openCover what the supplier's open orders are covered for
 */
export function coverOf(total: Money, limit: Money, openCover: Money): Money {
  const available = subtract(limit, openCover);
  return smaller(total, moneyOf(Math.max(0, available.amount), available.currency));
}

/** The explanation as lines that a supplier can read, the limit first (R1, R11). */
export function explainLines(explanation: LimitExplanation): string[] {
  const { limit, at, grade, policyVersion, steps } = explanation;
  return [`Credit limit on ${chinaDate(at)}: ${format(limit)} (grade ${grade}, policy ${policyVersion}).`, ...steps];
}

// --- the book

/** An entry with what the calculation asks of it again and again. */
interface Booked<E extends CreditEntry = CreditEntry> {
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
}

/** The entries of one supplier in the order of their booking, each once. */
function bookOf(entries: readonly CreditEntry[], policies: readonly LimitPolicy[]): Booked[] {
  if (entries.some((entry) => entry.supplier !== entries[0]?.supplier))
    throw new RangeError('entries of two suppliers');
  const keyed = entries.map((entry) => ({ entry, ms: time(entry.at), key: entryKey(entry) }));
  keyed.sort((a, b) => a.ms - b.ms || compare(a.key, b.key));
  const keys = new Set(keyed.map(({ key }) => key));
  if (keys.size < keyed.length) throw new RangeError('an entry stands twice');
  const book = keyed.map(({ entry, ms }, seq): Booked => {
    const date = chinaDate(entry.event === 'order.completed' ? entry.inputs.completedAt : entry.at);
    return { entry, seq, ms, date, day: dayOf(date), policy: policyOf(policies, entry.policyVersion), ahead: [] };
  });
  queueByPairAndMonth(book.filter(isCompleted));
  return book;
}

/** The book as it stood at an instant. */
function bookedUntil(at: string, book: Booked[]): Booked[] {
  const until = time(at);
  return book.filter((item) => item.ms <= until);
}

/** Tells every order which of its pair's orders completed before it in its month (wash trading). */
function queueByPairAndMonth(orders: Booked<CompletedEntry>[]): void {
  const byCompletion = orders.map((item) => ({ item, completed: time(item.entry.inputs.completedAt) }));
  byCompletion.sort((a, b) => a.completed - b.completed || compare(a.item.entry.order, b.item.entry.order));
  const queues = new Map<string, number[]>();
  for (const { item } of byCompletion) {
    const pairAndMonth = JSON.stringify([item.entry.inputs.buyer, item.date.slice(0, 7)]);
    const queue = queues.get(pairAndMonth) ?? [];
    item.ahead = [...queue];
    queues.set(pairAndMonth, [...queue, item.seq]);
  }
}

const isCompleted = (item: Booked): item is Booked<CompletedEntry> => item.entry.event === 'order.completed';
const isUpheld = (item: Booked): item is Booked<UpheldEntry> => item.entry.event === 'complaint.upheld';

/** The amount by which the last entry of the book changes the limit of its instant. */
function deltaOf(book: Booked[], policies: readonly LimitPolicy[], months?: Map<string, Opening>): number {
  const last = book.at(-1) as Booked;
  const opened = months ?? openings(book, policies, last.entry.at);
  const after = standingAt(book, policies, last.entry.at, opened);
  const before = standingAt(book.slice(0, -1), policies, last.entry.at, opened);
  return after.limit - before.limit;
}

// --- month by month

/** Where a calendar month starts from: the earned amount and the limit when the month before ended. USD cents. */
interface Opening {
  earned: number;
  limit: number;
}

/**
 * The opening of every calendar month in China from the first entry's to that of `until`. Before the first entry a
 * supplier has the base.
 */
function openings(book: Booked[], policies: readonly LimitPolicy[], until: string): Map<string, Opening> {
  const first = book[0]?.entry.at ?? until;
  const base = policyInForce(policies, first).base.amount;
  const months = new Map<string, Opening>([[monthOf(first), { earned: base, limit: base }]]);
  for (let month = monthOf(first); month < monthOf(until); month = monthAfter(month)) {
    const end = new Date(time(startOfChinaDate(`${monthAfter(month)}-01`)) - 1).toISOString();
    months.set(monthAfter(month), standingAt(bookedUntil(end, book), policies, end, months));
  }
  return months;
}

/** The most that an amount may have become by the end of a month that it opened. */
const atMost = (opening: number, policy: LimitPolicy): number =>
  opening + Math.max(percentOf(opening, policy.maxMonthlyRisePercent), policy.base.amount);

// --- the standing

/** What the entries amount to at one instant, in USD cents. */
interface Standing extends Opening {
  policy: LimitPolicy;
  volume: Volume;
  scores: Scores & { total: number };
  grade: Grade;
  /** base + rate × V, before any bound. */
  formula: number;
  opening: Opening;
  deductions: Deduction[];
  /** What the deductions add up to. */
  deducted: number;
  strikes: number;
  suspended: boolean;
}

function standingAt(
  book: Booked[],
  policies: readonly LimitPolicy[],
  at: string,
  months: Map<string, Opening>,
): Standing {
  const policy = policyInForce(policies, at);
  const opening = months.get(monthOf(at)) as Opening;
  const today = dayOf(chinaDate(at));
  const orders = book.filter(isCompleted).filter((item) => inWindow(item, today));
  const volume = volumeOf(orders, book.length, policy, today);
  const scores = scoresOf(book, orders, policy, today);
  const grade = gradeOf(scores, policy);
  const formula = policy.base.amount + percentOf(volume.counted.amount, grade.ratePercent);
  const earned = Math.min(formula, grade.cap.amount, atMost(opening.earned, policy));
  const deductions = deductionsOf(book, policy, today, earned);
  const deducted = deductedFrom(earned, deductions);
  const { strikes, suspended } = strikesOf(book, policy);
  const risen = Math.min(Math.max(0, earned - deducted), atMost(opening.limit, policy));
  const limit = suspended ? 0 : risen - (risen % policy.floorTo.amount);
  return { policy, opening, volume, scores, grade, formula, earned, deductions, deducted, strikes, suspended, limit };
}

/** R1: net of refunds, halved by age, the first orders of a pair in a month, no buyer above its share. */
function volumeOf(orders: Booked<CompletedEntry>[], booked: number, policy: LimitPolicy, today: number): Volume {
  const counted = orders.filter((item) => ahead(item, booked) < item.policy.volume.maxOrdersPerPairPerMonth);
  const byBuyer = new Map<string, number>();
  for (const item of counted) {
    const { buyer, total, refunded } = item.entry.inputs;
    const weighted = divided(total.amount - refunded.amount, divisorOf(item, today));
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

/** How many of the pair's orders of that month are ahead of this one, as far as the book goes. */
const ahead = (item: Booked, booked: number): number => item.ahead.filter((seq) => seq < booked).length;

/** Whether an entry is young enough to count. */
const inWindow = ({ day, policy }: Booked, today: number): boolean => today - day <= policy.volume.windowDays;

/** By what the volume of an order in the window is divided at its age: the table ends where the window does. */
function divisorOf({ day, policy }: Booked, today: number): number {
  const row = policy.volume.halving.find(({ untilDay }) => today - day <= untilDay);
  if (!row) throw new RangeError('the order has left the window');
  return row.divisor;
}

/** R11: each score is the mean of the window's orders and the prior, rounded down to a whole point. */
function scoresOf(
  book: Booked[],
  orders: Booked<CompletedEntry>[],
  policy: LimitPolicy,
  today: number,
): Scores & { total: number } {
  const { prior, pointsByStars, weightsPercent } = policy.scores;
  const mean = (samples: number[]): number =>
    divided(prior.mean * prior.orders + sum(samples), prior.orders + samples.length);
  const onTime = mean(orders.map(({ entry }) => (entry.inputs.shippedOnTime ? 100 : 0)));
  const undisputed = mean(disputeSamples(book, orders, today));
  const stars = orders.map(({ entry }) => entry.inputs.reviewScore).filter((score) => score !== null);
  const reviews = mean(stars.map((score) => pointsByStars[score - 1] as number));
  const verification = verificationOf(book) ?? prior.mean;
  const scores = { onTime, undisputed, reviews, verification };
  const weighted = components.map((name) => scores[name] * weightsPercent[name]);
  return { ...scores, total: divided(sum(weighted), 100) };
}

const components = ['onTime', 'undisputed', 'reviews', 'verification'] as const;

/**
 * 100 for an order without dispute, 0 for one with. An order that never completed is a sample, too, once a complaint on
 * it is upheld.
 */
function disputeSamples(book: Booked[], orders: Booked<CompletedEntry>[], today: number): number[] {
  const upheld = book.filter(isUpheld);
  const lost = new Set(upheld.map(({ entry }) => entry.order));
  const completed = new Set(orders.map(({ entry }) => entry.order));
  const recent = upheld.filter((item) => inWindow(item, today) && !completed.has(item.entry.order));
  const never = new Set(recent.map(({ entry }) => entry.order));
  const samples = orders.map(({ entry }) => (entry.inputs.disputed || lost.has(entry.order) ? 0 : 100));
  return [...samples, ...[...never].map(() => 0)];
}

/** The latest verification; it takes the prior's place, because it is no sample of orders. */
function verificationOf(book: Booked[]): number | undefined {
  const entry = book.findLast((item) => item.entry.event === 'company.verified')?.entry;
  return entry?.event === 'company.verified' ? entry.inputs.score : undefined;
}

interface Grade {
  grade: number;
  /** The band of the weighted total alone. */
  totalBand: number;
  weakest: keyof Scores;
  ratePercent: number;
  cap: Money;
}

/** R3/R37: the band of the weighted total, at most so many above the band of the weakest score. */
function gradeOf(scores: Scores & { total: number }, policy: LimitPolicy): Grade {
  const band = (score: number): number => policy.grades.findLastIndex((row) => score >= row.fromScore);
  const weakest = components.reduce((a, b) => (scores[b] < scores[a] ? b : a));
  const totalBand = band(scores.total);
  const grade = Math.min(totalBand, band(scores[weakest]) + policy.maxGradeAboveWeakest);
  const { ratePercent, cap } = policy.grades[grade] as LimitPolicy['grades'][number];
  return { grade, totalBand, weakest, ratePercent, cap };
}

// --- deductions

function deductionsOf(book: Booked[], policy: LimitPolicy, today: number, earned: number): Deduction[] {
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
function deductedFrom(earned: number, deductions: Deduction[]): number {
  const timed = deductions.filter(({ endsOn }) => endsOn !== null);
  const owed = deductions.filter(({ endsOn }) => endsOn === null);
  const percent = Math.min(100, sum(timed.map((deduction) => deduction.percent)));
  return percentOf(earned, percent) + sum(owed.map((deduction) => percentOf(deduction.of.amount, deduction.percent)));
}

/** R58: strikes count for life; enough of them suspend until the platform reinstates, and again at the next one. */
function strikesOf(book: Booked[], policy: LimitPolicy): { strikes: number; suspended: boolean } {
  const upheld = book.filter(isUpheld);
  const strikes = sum(upheld.map((item) => item.policy.deductions.upheldComplaint.strikes));
  const lastStrike = upheld.at(-1)?.seq ?? -1;
  const reinstated = book.some((item) => item.entry.event === 'supplier.reinstated' && item.seq > lastStrike);
  return { strikes, suspended: strikes >= policy.strikesToSuspend && !reinstated };
}

// --- for people

function explain(standing: Standing, at: string): LimitExplanation {
  const { policy, opening, volume, scores, grade, formula, earned, deductions, strikes, suspended, limit } = standing;
  const earnedAtMost = atMost(opening.earned, policy);
  const limitAtMost = atMost(opening.limit, policy);
  const growthCapped = earnedAtMost < Math.min(formula, grade.cap.amount);
  const riseCapped = limitAtMost < earned - standing.deducted;
  return {
    at,
    policyVersion: policy.id,
    limit: usdOf(limit),
    grade: grade.grade,
    scores,
    volume,
    ratePercent: grade.ratePercent,
    cap: grade.cap,
    earned: usdOf(earned),
    deductions,
    monthlyRise: {
      capped: growthCapped || riseCapped,
      earnedAtMost: usdOf(earnedAtMost),
      limitAtMost: usdOf(limitAtMost),
    },
    strikes,
    suspended,
    steps: [
      ...volumeLines(volume, policy),
      ...gradeLines(standing),
      ...earnedLines(standing, growthCapped, earnedAtMost),
      ...deductionLines(standing),
      ...limitLines(standing, riseCapped, limitAtMost),
    ],
  };
}

function volumeLines(volume: Volume, policy: LimitPolicy): string[] {
  const { windowDays, maxOrdersPerPairPerMonth, maxBuyerSharePercent } = policy.volume;
  const orders = volume.orders === 1 ? '1 order' : `${volume.orders} orders`;
  const left = volume.orders - volume.ordersCounted;
  const leftOut = left
    ? `; ${left} more than ${maxOrdersPerPairPerMonth} with one buyer in one month do not count`
    : '';
  return [
    `Volume: ${orders} in ${windowDays} days, net of refunds, weighted by age: ${format(volume.uncapped)}${leftOut}.`,
    ...volume.cappedBuyers.map(({ buyer, made, counted }) => {
      const bound = `one buyer counts for at most ${maxBuyerSharePercent} %`;
      return `Buyer ${buyer} made ${format(made)} of it; ${bound}: ${format(counted)}.`;
    }),
  ];
}

const labels = { onTime: 'on time', undisputed: 'undisputed', reviews: 'reviews', verification: 'verification' };

function gradeLines({ scores, grade, policy }: Standing): string[] {
  const parts = components.map((name) => `${labels[name]} ${scores[name]} (${policy.scores.weightsPercent[name]} %)`);
  const held =
    grade.grade < grade.totalBand
      ? ` The total alone would give grade ${grade.totalBand}; ${labels[grade.weakest]} holds it back.`
      : '';
  return [`Grade ${grade.grade}: ${parts.join(', ')}; total ${scores.total}.${held}`];
}

function earnedLines({ policy, volume, grade, formula, opening }: Standing, capped: boolean, most: number): string[] {
  const lines = [
    `Earned: base ${format(policy.base)} + ${grade.ratePercent} % of ${format(volume.counted)} = ${cents(formula)}.`,
  ];
  if (formula > grade.cap.amount) lines.push(`Cap of grade ${grade.grade}: ${format(grade.cap)}.`);
  if (capped)
    lines.push(`Growth: from ${cents(opening.earned)} at the end of last month to at most ${cents(most)} this month.`);
  return lines;
}

const deductionNames: Record<Deduction['kind'], string> = {
  'late-shipment': 'late shipment',
  'upheld-complaint': 'upheld complaint',
  'unreimbursed-payout': 'guarantee payout not paid back',
};

function deductionLines({ deductions, deducted }: Standing): string[] {
  if (deductions.length === 0) return [];
  const lines = deductions.map(({ kind, order, percent, of, endsOn }) => {
    const until = endsOn ? `until ${endsOn}` : 'until it is paid back';
    return `Deduction: ${deductionNames[kind]}, order ${order}: ${percent} % of ${format(of)} ${until}.`;
  });
  return [...lines, `Deductions together: ${cents(deducted)}.`];
}

function limitLines({ policy, opening, strikes, suspended, limit }: Standing, capped: boolean, most: number): string[] {
  const lines: string[] = [];
  if (capped)
    lines.push(`Rise: from ${cents(opening.limit)} at the end of last month to at most ${cents(most)} this month.`);
  if (strikes > 0) lines.push(`Strikes: ${strikes}; ${policy.strikesToSuspend} suspend Trade Assurance.`);
  if (suspended) return [...lines, `Suspended: the limit is ${cents(0)} until the platform reinstates the supplier.`];
  return [...lines, `Limit, rounded down to a multiple of ${format(policy.floorTo)}: ${cents(limit)}.`];
}

// --- small tools

const usdOf = (amount: number): Money => moneyOf(amount, 'USD');
const cents = (amount: number): string => format(usdOf(amount));

/** Whole part of a ÷ b, exact for every safe integer that is not negative. */
const divided = (a: number, b: number): number => (a - (a % b)) / b;

/** `percent` of an amount, rounded down to the cent, without leaving the safe integers on the way. */
const percentOf = (amount: number, percent: number): number =>
  divided(amount, 100) * percent + divided((amount % 100) * percent, 100);

const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);

/** By code unit, the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const epoch = '1970-01-01';
const dayMs = 24 * 60 * 60 * 1000;

function time(at: string): number {
  return Date.parse(at);
}
/** A date in days since 1970. */
const dayOf = (date: string): number => daysBetween(epoch, date);
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The calendar month in China: `2026-04`. */
const monthOf = (at: string): string => chinaDate(at).slice(0, 7);
const monthAfter = (month: string): string => dateOf(dayOf(`${month}-01`) + 31).slice(0, 7);
