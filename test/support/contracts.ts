/** Contracts as the parties of a walk write them: most are good; some lack a part, some contradict their scheme. */
import type { Contract, ContractDraft } from '../../domain/contract';
import type { SchemeName } from '../../domain/scheme';
import { addDays, chinaDate } from '../../domain/time';
import { completeContract, escrowContract, usd } from './builders';
import type { Dice } from './dice';

const lines = (dice: Dice): Contract['product']['lines'] =>
  Array.from({ length: dice.of([1, 1, 2]) }, (_, index) => ({
    name: `Lamp ${String(index + 1)}`,
    hsCode: '94051100',
    quantity: dice.of([1, 3, 100, 400]),
    unit: 'piece',
    unitPrice: usd(dice.of([0.01, 0.99, 15, 49.99])),
  }));

/** A complete contract that the scheme takes, but for its shipping date, which may have passed. */
function whole(scheme: SchemeName, dice: Dice, now: string): Contract {
  const shipBy = chinaDate(addDays(now, dice.of([-1, 3, 3, 20, 20, 60, 60, 60, 60, 60])));
  const product = { lines: lines(dice), ...(dice.chance(60) && { inspectionStandard: 'AQL 2.5' }) };
  if (scheme === 'secure-payment')
    return escrowContract({ product, shipping: { shipBy }, payment: { methods: ['tt', 'card', 'western-union'] } });
  return completeContract({
    product,
    shipping: {
      shipBy,
      method: dice.of(['sea', 'air', 'express']),
      incoterm: dice.of(['FOB', 'FOB', 'EXW']),
      ...(dice.chance(30) && { freight: usd(dice.of([0, 120])) }),
    },
    payment: {
      advancePercent: dice.of([1, 30, 30, 50, 100]),
      methods: ['tt', 'card', 'e-checking'],
      ...(dice.chance(20) && { balance: 'before-shipment' }),
    },
  });
}

/** One of ten is not complete, one of thirty has terms that its scheme does not take. */
export function aContract(scheme: SchemeName, dice: Dice, now: string): ContractDraft {
  const { contacts, ...terms } = whole(scheme, dice, now);
  if (dice.chance(3)) return { ...terms, contacts, payment: { advancePercent: 33, methods: ['qiwi'] } };
  return dice.chance(5) ? { ...terms, contacts: { supplier: contacts.supplier } } : { ...terms, contacts };
}

/** Some modules of a contract like it. */
export function someChanges(scheme: SchemeName, dice: Dice, now: string): ContractDraft {
  const { product, shipping, payment } = aContract(scheme, dice, now);
  return dice.of([{ product }, { shipping }, { payment }, { product, payment }] as const) as ContractDraft;
}
