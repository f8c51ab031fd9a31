/** The fee of a withdrawal, and what guards it, as data (R9), one version a file in `seeds/policies`, each in force from its date on. */
import { z } from 'zod';
import { money, type CurrencyCode } from './money';
import type { SchemeName } from './scheme';
import { instant } from './time';

/** Ways to the supplier's own account: each pays its own currency. */
export const channel = z.enum(['USD', 'CNY']);
export type Channel = z.infer<typeof channel>;

const feeIn = <Currency extends CurrencyCode>(currency: Currency) =>
  z.strictObject({ ...money.shape, currency: z.literal(currency) });
const fees = z.strictObject({ USD: feeIn('USD'), CNY: feeIn('CNY') } satisfies Record<Channel, z.ZodType>);

/** One version of the policy, e.g. `withdrawal/v1`. */
export const withdrawalPolicy = z.strictObject({
  id: z.string().regex(/^withdrawal\/v[1-9]\d*$/),
  kind: z.literal('withdrawal'),
  /** In force from this instant on. */
  effectiveFrom: instant,
  /** Fee of one withdrawal that holds an order of the scheme, by channel, in minor units. */
  fees: z.strictObject({ 'trade-assurance': fees, 'secure-payment': fees } satisfies Record<SchemeName, z.ZodType>),
  /** Hours until a registered payee can be used without a second person's confirmation (reading). */
  payeeWaitingHours: z.int().nonnegative(),
  /** A withdrawal of more than this needs a second person of the supplier, by channel, in minor units (reading). */
  secondPersonAbove: fees,
});
export type WithdrawalPolicy = z.infer<typeof withdrawalPolicy>;

/** The fee of one withdrawal with orders of these schemes: once, however many orders it holds; the highest applies. */
export function feeOf(policy: WithdrawalPolicy, by: Channel, schemes: readonly SchemeName[]) {
  return schemes
    .map((scheme) => policy.fees[scheme][by])
    .reduce((highest, fee) => (fee.amount > highest.amount ? fee : highest));
}
