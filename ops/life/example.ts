/** The order that the life of an order is explored with: two good members, a complete contract of each scheme, no time lost. */
import type { Surroundings } from '../../domain/admission';
import { contract, type Contract } from '../../domain/contract';
import { member, type Member } from '../../domain/member';
import { moneyOf, type Money } from '../../domain/money';
import type { SchemeName } from '../../domain/scheme';

export const supplier = 'supplier';
export const buyer = 'buyer';
export const startsAt = '2026-03-02T01:00:00.000Z';
/** The pair's account (R30). */
export const pairAccount = 'pair-1';

/** US dollars, whole. */
export const usd = (dollars: number): Money => moneyOf(dollars * 100, 'USD');

const aMember = (id: string, changes: Partial<Member>): Member =>
  member.parse({
    id,
    name: id,
    city: 'Ningbo',
    tradeAssurance: 'none',
    joinedAt: startsAt,
    contact: { name: id, email: `${id}@example.com` },
    ...changes,
  });

/** What the store would know of it; the supplier activated or still applying (R13). */
const around = (tradeAssurance: Member['tradeAssurance']): Surroundings => ({
  supplier: aMember(supplier, { account: 'china-supplier', country: 'CN', tradeAssurance }),
  buyer: aMember(buyer, { account: 'overseas-free', country: 'DE' }),
  regions: { id: 'regions/v1', kind: 'regions', effectiveFrom: startsAt, notServed: ['KP'] },
  account: pairAccount,
  limit: usd(1_000_000),
  openCover: usd(0),
  balance: usd(1_000_000),
  owed: usd(0),
});

export const surroundings = { activated: around('activated'), applied: around('applied') };

/** Goods of USD 1,000: under Trade Assurance 30 % in advance, under Secure Payment the whole price. */
function contractUnder(scheme: SchemeName): Contract {
  const isHeld = scheme === 'secure-payment';
  return contract.parse({
    product: {
      lines: [{ name: 'Lamp', hsCode: '94051100', quantity: 10, unit: 'piece', unitPrice: usd(100) }],
      inspectionStandard: 'AQL 2.5',
    },
    shipping: {
      method: isHeld ? 'express' : 'sea',
      incoterm: 'FOB',
      destination: 'DE',
      consignee: 'Buyer, Hamburg',
      shipBy: '2026-06-30',
    },
    payment: { advancePercent: isHeld ? 100 : 30, methods: ['tt', 'card'] },
    contacts: {
      supplier: { name: 'Chen', email: 'chen@example.com' },
      buyer: { name: 'Petersen', email: 'petersen@example.com' },
    },
  });
}

export const contracts: Readonly<Record<SchemeName, Contract>> = {
  'trade-assurance': contractUnder('trade-assurance'),
  'secure-payment': contractUnder('secure-payment'),
};

/** The same goods at another price each, in dollars: an amendment of the contract (R52). */
export const repriced = ({ product }: Contract, dollars: number): Partial<Contract> => ({
  product: { ...product, lines: product.lines.map((line) => ({ ...line, unitPrice: usd(dollars) })) },
});
