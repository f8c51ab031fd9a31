/**
 * The two schemes side by side (table B of the guide), in words, read off their policies and that of withdrawals.
 */
import withdrawal1 from '../seeds/policies/withdrawal-v1.json';
import { format, isZero } from './money';
import { schemeInForce, schemeName, schemePolicies, type SchemeName } from './scheme';
import type { SchemePolicy } from './scheme-policy';
import { notInWords, schemeSubjects, type PolicyTeller } from './scheme-words';
import { newestInForce, chinaDate } from './time';
import type { Texts } from './vocabulary';
import type { WithdrawalPolicy } from './withdrawal-policy';

export interface ComparisonRow {
  /** The rules behind it: `R14, R8`. */
  rules: string;
  label: Texts;
  values: Record<SchemeName, string>;
}

export interface SchemeComparison {
  /** The instant that it is told for. */
  at: string;
  names: Record<SchemeName, Texts>;
  rows: ComparisonRow[];
}

/** Fields of the policy's form that no row tells, and why. */
export const notInRows = notInWords;

const withdrawalPolicies = [withdrawal1] as unknown as readonly WithdrawalPolicy[];
/** Amounts and dates as records write them. */
const plain: PolicyTeller = { money: format, day: (date) => date };

/** What is in force at an instant. Throws RangeError when there was no policy of a scheme, or of withdrawals, yet. */
export function compareSchemes(
  at: string,
  policies: readonly SchemePolicy[] = schemePolicies,
  withdrawals: readonly WithdrawalPolicy[] = withdrawalPolicies,
): SchemeComparison {
  const inForce = bySchemes((scheme) => schemeInForce(scheme, at, policies));
  const withdrawal = newestInForce(withdrawals, at);
  if (!withdrawal) throw new RangeError(`no policy of withdrawals is in force at ${at}`);
  const row = (rules: string, label: Texts, say: (policy: SchemePolicy) => string): ComparisonRow => ({
    ...{ rules, label },
    values: bySchemes((scheme) => say(inForce[scheme])),
  });
  const versions = row('R56', { en: 'policy', zh: '政策版本' }, since);
  const withdrawalRow = row('R9', { en: 'fee of a withdrawal', zh: '提现手续费' }, ({ scheme }) =>
    withdrawalFees(scheme, withdrawal),
  );
  return {
    at,
    names: bySchemes((scheme) => inForce[scheme].name),
    rows: [
      versions,
      ...schemeSubjects.flatMap(({ rules, label, say }) => [
        row(rules, label, (policy) => say(policy, plain).en),
        ...(rules === feeOfOrder ? [withdrawalRow] : []),
      ]),
    ],
  };
}

/** The subject that the fee of a withdrawal stands beside. */
const feeOfOrder = 'R8, R14';

const bySchemes = <T>(of: (scheme: SchemeName) => T): Record<SchemeName, T> =>
  Object.fromEntries(schemeName.options.map((scheme) => [scheme, of(scheme)])) as Record<SchemeName, T>;

const since = ({ id, effectiveFrom }: Pick<SchemePolicy, 'id' | 'effectiveFrom'>): string =>
  `${id}, in force since ${chinaDate(effectiveFrom)}`;

/** One fee a withdrawal, however many orders it holds. */
function withdrawalFees(scheme: SchemeName, policy: WithdrawalPolicy): string {
  const by = Object.entries(policy.fees[scheme]).map(
    ([channel, fee]) => `${channel} channel ${isZero(fee) ? 'free' : `${format(fee)} a withdrawal`}`,
  );
  return `${by.join('; ')} (${since(policy)})`;
}
