/** Who may trade under a scheme: both parties' accounts, countries and standing (R12, R13, R40–R45, R58). */
import { z } from 'zod';
import { country, type Member } from './member';
import { refuse, type Refusal } from './refusal';
import type { SchemePolicy } from './scheme-policy';
import { instant } from './time';

/** Versioned list of countries that Trade Assurance does not serve (R45); data, because the guide's list is open-ended. */
export const regionPolicy = z.strictObject({
  id: z.string(),
  kind: z.literal('regions'),
  effectiveFrom: instant,
  /** Countries whose buyers, and destinations to which goods, are not served. */
  notServed: z.array(country).min(1),
});
export type RegionPolicy = z.infer<typeof regionPolicy>;

/** Accounts that may buy (R40). */
const buyerAccounts: readonly Member['account'][] = ['overseas-free', 'overseas-paid'];

/** R12: a China supplier membership, in a country that the scheme takes. R58: not suspended. */
export function supplierRefusal(supplier: Member, scheme: SchemePolicy): Refusal | undefined {
  if (supplier.erasedAt !== undefined) return refuse('member.erased', supplier.id);
  if (supplier.account !== 'china-supplier')
    return refuse('supplier.not-a-supplier', `${supplier.id} has account ${supplier.account}`);
  if (!scheme.supplierCountries.includes(supplier.country)) {
    return refuse('supplier.not-china', `${supplier.id} is registered in ${supplier.country}`);
  }
  if (scheme.needsActivation && supplier.tradeAssurance === 'suspended')
    return refuse('supplier.suspended', supplier.id);
  return undefined;
}

/** R13, R55: whether the supplier may take Start Orders and payments under the scheme. */
export const isActivated = (supplier: Member, scheme: SchemePolicy): boolean =>
  !scheme.needsActivation || supplier.tradeAssurance === 'activated';

/** R40, R41: a buyer account, whatever the country that the buyer happens to be in (R42). */
export function buyerRefusal(buyer: Member): Refusal | undefined {
  if (buyer.erasedAt !== undefined) return refuse('member.erased', buyer.id);
  if (!buyerAccounts.includes(buyer.account)) {
    return refuse('buyer.account-not-eligible', `${buyer.id} has account ${buyer.account}`);
  }
  return undefined;
}

/** R45: neither the buyer's registered country nor the destination may be on today's list. */
export function regionRefusal(
  buyer: Member,
  destination: string | undefined,
  regions: RegionPolicy,
): Refusal | undefined {
  if (regions.notServed.includes(buyer.country)) {
    return refuse('buyer.region-not-served', `${buyer.id} is registered in ${buyer.country} (${regions.id})`);
  }
  if (destination !== undefined && regions.notServed.includes(destination)) {
    return refuse('buyer.region-not-served', `destination ${destination} (${regions.id})`);
  }
  return undefined;
}
