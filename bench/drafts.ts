/** What the bench's orders are: the seeded lighting order between all suppliers and buyers that may trade. */
import type { MessageData } from '../clients';
import { buyerRefusal, isActivated, regionRefusal, supplierRefusal, type RegionPolicy } from '../domain/eligibility';
import { schemeInForce } from '../domain/scheme';
import { readDraft, readSeeds } from '../seeds/load';

/** Drafts, one for each supplier, each with another buyer where there are enough. */
export function drafts(): MessageData<'draft'>[] {
  const lighting = readDraft('lighting.json');
  const { members, policies } = readSeeds();
  const scheme = schemeInForce(lighting.scheme, new Date().toISOString());
  const regions = policies.find((policy): policy is RegionPolicy => 'notServed' in policy);
  if (!regions) throw new Error('the seeds have no policy of regions');
  const suppliers = members.filter((member) => !supplierRefusal(member, scheme) && isActivated(member, scheme));
  const buyers = members.filter((member) => !buyerRefusal(member) && !regionRefusal(member, undefined, regions));
  return suppliers.map(({ id }, index) => ({
    ...lighting,
    supplier: id,
    buyer: buyers[index % buyers.length]?.id ?? lighting.buyer,
  }));
}
