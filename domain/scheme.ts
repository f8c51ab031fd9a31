/**
 * The two schemes as policy values, not code paths: what table B of the guide says of a scheme, and the periods that its
 * orders run by. Each version is a file of `seeds/policies`; a later one is in force from its date on, and an order keeps the
 * version that was in force when both had confirmed (R56). The files are part of the program, so that `decide` stays a
 * function of its arguments: whoever replays an old order finds the old version there.
 */
import { z } from 'zod';
import securePayment1 from '../seeds/policies/secure-payment-v1.json';
import tradeAssurance1 from '../seeds/policies/trade-assurance-v1.json';
import type { SchemePolicy } from './scheme-policy';
import { newestInForce } from './time';

export const transport = z.enum(['express', 'air', 'land', 'sea', 'post']);
/** R26: ways to pay, of both schemes. */
export const paymentMethod = z.enum([
  'tt',
  'card',
  'e-checking',
  'western-union',
  'qiwi',
  'maestro',
  'webmoney',
  'tef',
]);
export type PaymentMethod = z.infer<typeof paymentMethod>;
export const schemeName = z.enum(['trade-assurance', 'secure-payment']);
export type SchemeName = z.infer<typeof schemeName>;
/** R20, R22: what a buyer may complain of. */
export const complaintKind = z.enum([
  'order-refused',
  'late-shipment',
  'quality-before-shipment',
  'quality-after-shipment',
  'colour-or-size',
  'not-as-agreed',
  'not-received',
]);
export type ComplaintKind = z.infer<typeof complaintKind>;
/** R23, R28, R51: ways into an order. */
export const wayIn = z.enum(['scratch', 'purchase-order', 'inquiry', 'start-order', 'buy-now']);

export type MethodPolicy = SchemePolicy['methods'][number];

/** Every version of both schemes' policies. */
export const schemePolicies = [tradeAssurance1, securePayment1] as unknown as readonly SchemePolicy[];

/** Whether an account is a pair's own (R30), not one of the platform that all buyers pay to (R27). */
export const isPairsAccount = (payTo: string): boolean =>
  !schemePolicies.some(({ platformAccount }) => platformAccount === payTo);

/** The version of a scheme that is in force at an instant (R56). Throws RangeError when there is none yet. */
export function schemeInForce(
  scheme: SchemeName,
  at: string,
  policies: readonly SchemePolicy[] = schemePolicies,
): SchemePolicy {
  const versions = policies.filter((policy) => policy.scheme === scheme);
  const newest = newestInForce(versions, at);
  if (!newest) throw new RangeError(`no policy of ${scheme} is in force at ${at}`);
  return newest;
}

interface UnderPolicy {
  scheme: SchemeName;
  policy?: string | undefined;
  revisedAt: string;
}

/** The policy of an order: what it was confirmed under; before that, what was in force at its last revision (R56). */
export function policyOf({ scheme, policy, revisedAt }: UnderPolicy): SchemePolicy {
  if (policy === undefined) return schemeInForce(scheme, revisedAt);
  const known = schemePolicies.find(({ id }) => id === policy);
  if (!known) throw new RangeError(`the policy ${policy} is not known`);
  return known;
}

/** The terms of a payment method under a scheme, if it is offered. */
export const methodOf = (policy: SchemePolicy, method: PaymentMethod): MethodPolicy | undefined =>
  policy.methods.find((offered) => offered.method === method);

export { shareOf } from './share';
