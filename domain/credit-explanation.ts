/** How a limit came about, as data and line by line for people (R1, R11). */
import type { Deduction } from './credit-deductions';
import { atMost, type Standing } from './credit-limit';
import type { LimitPolicy } from './credit-policy';
import { components, type Scores } from './credit-scores';
import type { Volume } from './credit-volume';
import { format, usdOf, type Money } from './money';
import { chinaDate } from './time';

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

export function explain(standing: Standing, at: string): LimitExplanation {
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

/** The explanation as lines that a supplier can read, the limit first (R1, R11). */
export function explainLines(explanation: LimitExplanation): string[] {
  const { limit, at, grade, policyVersion, steps } = explanation;
  return [`Credit limit on ${chinaDate(at)}: ${format(limit)} (grade ${grade}, policy ${policyVersion}).`, ...steps];
}

const cents = (amount: number): string => format(usdOf(amount));
