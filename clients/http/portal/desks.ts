/** What the portal's other pages are made from: a supplier's credit, what one may order, and the platform's desks. */
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import { usdOf } from '../../../domain/money';
import { openComplaint, draftTotal } from '../../../domain/order';
import { isRefusal, refuse } from '../../../domain/refusal';
import { detailIn } from '../../../domain/refusal-details';
import type { Language } from '../../../domain/vocabulary';
import { listMembers, memberFile, membersOf } from '../../../store/members';
import { countByStatus, coveredOrders, creditMonths, disputedOrders, listProducts } from '../../../store/overview';
import { standingOf } from '../../../store/rewards';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { languageOf } from '../headers';
import { actorOf, platformOnly } from '../identity';
import type { CatalogueAnswer, CreditAnswer, DisputeRow, FunnelAnswer, StandingRow } from './answers';
import { partyIn, people } from './orders';
import { partyOf } from './session';

const supplierPath = z.strictObject({ supplier: opaqueId });

export function deskRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/portal/credit/:supplier',
    { config: { access: ['supplier', 'platform'] }, schema: { hide: true, params: supplierPath } },
    (request): Promise<CreditAnswer> => {
      const { supplier } = request.params;
      const { role, member } = actorOf(request);
      if (role === 'supplier' && member !== supplier) throw new Refused(refuse('member.not-found', supplier));
      return creditOf(deps, supplier);
    },
  );
  api.get('/portal/catalogue', { config: { access: people }, schema: { hide: true } }, () => catalogue(deps));
  api.get('/portal/disputes', { config: { access: platformOnly }, schema: { hide: true } }, () => disputes(deps));
  api.get('/portal/standings', { config: { access: platformOnly }, schema: { hide: true } }, (request) =>
    standings(deps, languageOf(request)),
  );
  api.get(
    '/portal/funnel',
    { config: { access: platformOnly }, schema: { hide: true } },
    async (): Promise<FunnelAnswer> => ({ statuses: await countByStatus(deps.store) }),
  );
}

async function creditOf({ ta, store, now }: ApiDeps, supplier: string): Promise<CreditAnswer> {
  const at = now();
  const [{ limit }, standing, months, covered] = await Promise.all([
    ta.explainCredit(supplier, at),
    standingOf(store, supplier),
    creditMonths(store, supplier, at),
    coveredOrders(store, supplier),
  ]);
  return {
    limit,
    openCover: usdOf(standing?.openCover ?? 0),
    points: standing?.rewards?.points ?? 0,
    labels: standing?.rewards?.labels ?? [],
    ranking: standing?.rewards?.ranking ?? 1000,
    months,
    exposure: covered.flatMap(({ id, status, cover }) =>
      cover?.reserved ? [{ order: id, status, cover: cover.reserved }] : [],
    ),
  };
}

async function catalogue({ store }: ApiDeps): Promise<CatalogueAnswer> {
  const [members, products] = await Promise.all([listMembers(store, { limit: 500 }), listProducts(store)]);
  const isSupplier = ({ account }: (typeof members)[number]) => account === 'china-supplier';
  return {
    suppliers: members.filter(isSupplier).map((one) => ({ ...partyOf(one), assurance: one.tradeAssurance })),
    buyers: members.filter((one) => !isSupplier(one)).map(partyOf),
    products,
  };
}

/** Suppliers, the suspended ones first. */
async function standings({ store }: ApiDeps, language: Language): Promise<{ rows: StandingRow[] }> {
  const members = await listMembers(store, { account: 'china-supplier', limit: 500 });
  const rows = await Promise.all(
    members.map(async (one): Promise<StandingRow> => {
      const row = { ...partyOf(one), assurance: one.tradeAssurance };
      if (one.tradeAssurance !== 'suspended') return row;
      const file = await memberFile(store, one.id);
      if (isRefusal(file)) return row;
      const suspended = file.records.findLast(({ what }) => what === 'suspended');
      const { proposal } = file;
      return {
        ...row,
        ...(suspended && { suspended: { at: suspended.at, reason: detailIn(language, suspended.reason) } }),
        ...(proposal && {
          proposal: { number: proposal.seq, at: proposal.at, by: proposal.by.member, reason: proposal.reason },
        }),
      };
    }),
  );
  return { rows: rows.sort((a, b) => Number(b.assurance === 'suspended') - Number(a.assurance === 'suspended')) };
}

async function disputes({ store }: ApiDeps): Promise<{ rows: DisputeRow[] }> {
  const orders = await disputedOrders(store);
  const members = await membersOf(
    store,
    orders.flatMap(({ supplier, buyer }) => [supplier, buyer]),
  );
  return {
    rows: orders.flatMap((order): DisputeRow[] => {
      const complaint = openComplaint(order);
      if (!complaint) return [];
      const { id, kind, openedAt, claim, escalated, answerBy, escalateBy } = complaint;
      const total = draftTotal(order);
      return [
        {
          order: order.id,
          status: order.status,
          supplier: partyIn(members, order.supplier),
          buyer: partyIn(members, order.buyer),
          ...(total && { total }),
          complaint: {
            id,
            kind,
            openedAt,
            answerBy,
            escalateBy,
            ...(claim && { claim }),
            ...(escalated && { escalated }),
          },
          ...(order.approval && { approval: { id: order.approval.id, by: order.approval.by } }),
        },
      ];
    }),
  };
}
