/**
 * Facts of the feeds (the bank, the processor, customs, carriers, inspectors) that may come between two messages of the
 * parties, and what of an order they must leave the same in whatever order they come.
 */
import { isClosed, type Order } from '../../domain/order';
import { policyOf } from '../../domain/scheme';
import { addDays } from '../../domain/time';
import type { Dice } from './dice';
import { anAmount } from './moves';
import { payTo, type AnyPost, type Deal, type Market } from './market';

const some = <T>(dice: Dice, percent: number, list: readonly T[]): T[] => list.filter(() => dice.chance(percent));

/** A handful of facts about an order as it stands. Each says something of its own: what comes twice is repeated later. */
export function someFacts(market: Market, deal: Deal, dice: Dice): AnyPost[] {
  const { order } = deal;
  if (!order) return [];
  const facts = [
    ...ofTheBank(deal, order, dice),
    ...ofTheProcessor(order, dice),
    ...ofCustoms(market, order, dice),
    ...ofTheCarrier(market, order, dice),
    ...(isClosed(order) ? [] : ofInspectors(market, order, dice)),
  ];
  return dice.shuffled(facts).slice(0, 8);
}

/** New credits, the reversal of some of them and of older ones, and of one that nobody has heard of. */
function ofTheBank(deal: Deal, order: Order, dice: Dice): AnyPost[] {
  const credits = Array.from({ length: dice.between(0, 3) }, (_, index) => ({
    account: dice.chance(90) ? payTo(deal) : 'va-of-another',
    entryReference: `${deal.id}-F${String(index)}`,
    amount: { ...anAmount(order, dice), currency: dice.chance(90) ? ('USD' as const) : ('EUR' as const) },
    method: dice.of(['tt', 'tt', 'western-union']),
    valueDate: '2026-03-02',
    ...(dice.chance(60) && { payer: { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' } }),
  }));
  const booked = order.payments.filter(({ account }) => account !== 'card' && account !== 'suspense');
  const unheard = { account: payTo(deal), entryReference: `${deal.id}-F9` };
  const reversed = [...some(dice, 40, credits), ...some(dice, 50, booked), ...some(dice, 10, [unheard])];
  return [
    ...credits.map((data) => ({ name: 'paymentCredited', as: 'bank', data }) as const),
    ...reversed.map(
      ({ account, entryReference }) =>
        ({ name: 'paymentReversed', as: 'bank', data: { account, entryReference, reason: 'Recalled' } }) as const,
    ),
  ];
}

/** Refunds that were paid, charges that payers' banks took back. */
function ofTheProcessor(order: Order, dice: Dice): AnyPost[] {
  const refunds = order.effects.filter(({ kind, state }) => kind === 'refund' && state === 'pending');
  return [
    ...some(dice, 40, refunds).map(
      ({ id }) => ({ name: 'refundPaid', as: 'processor', data: { effect: id, reference: 're-fact' } }) as const,
    ),
    ...some(dice, 40, order.charges).map(
      ({ effect }) => ({ name: 'chargeReturned', as: 'processor', data: { effect, reason: 'Disputed' } }) as const,
    ),
  ];
}

const hours = [0, 0, 1, 2, 26] as const;
const ago = ({ now }: Market, dice: Dice): string => addDays(`${now.slice(0, 14)}00:00.000Z`, -dice.of(hours) / 24);

function ofCustoms(market: Market, order: Order, dice: Dice): AnyPost[] {
  const of = order.exports.flatMap(({ declaration }) => Array.from({ length: dice.between(0, 3) }, () => declaration));
  return of.map((declaration): AnyPost => {
    const at = ago(market, dice);
    const note = dice.of([undefined, 'Papers', 'Weight']);
    const more = note === undefined ? {} : { note };
    switch (dice.weighted({ released: 6, revoked: 2, held: 1, returned: 1, cancelled: 0.5 })) {
      case 'released':
        return { name: 'customsReleased', as: 'customs', data: { declaration, releasedAt: at } };
      case 'revoked':
        return { name: 'customsRevoked', as: 'customs', data: { declaration, revokedAt: at } };
      case 'held':
        return { name: 'customsHeld', as: 'customs', data: { declaration, heldAt: at, ...more } };
      case 'returned':
        return { name: 'customsReturned', as: 'customs', data: { declaration, returnedAt: at, ...more } };
      case 'cancelled':
        return { name: 'customsCancelled', as: 'customs', data: { declaration, cancelledAt: at, ...more } };
    }
  });
}

function ofTheCarrier(market: Market, { shipment }: Order, dice: Dice): AnyPost[] {
  if (!shipment) return [];
  const { tracking } = shipment;
  const words = Array.from({ length: dice.between(0, 3) }, () => ago(market, dice));
  return words.map((at): AnyPost =>
    dice.chance(50)
      ? { name: 'goodsShipped', as: 'carrier', data: { tracking, shippedAt: at } }
      : { name: 'goodsDelivered', as: 'carrier', data: { tracking, deliveredAt: at } },
  );
}

const ofInspectors = (market: Market, { inspections }: Order, dice: Dice): AnyPost[] =>
  inspections.flatMap(({ inspection }) =>
    Array.from({ length: dice.between(0, 2) }, (): AnyPost => ({
      name: 'inspectionReported',
      as: 'inspector',
      data: {
        inspection,
        passed: dice.chance(50),
        report: `https://files.example/${dice.of(['a', 'b'])}`,
        inspectedAt: ago(market, dice),
      },
    })),
  );

/** Facts in another order, some of them two or three times. */
export const disordered = (facts: readonly AnyPost[], dice: Dice): AnyPost[] =>
  dice.shuffled([...facts, ...some(dice, 40, facts), ...some(dice, 20, facts)]);

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** An order without what tells when and in what turn something was heard: times, versions, ids of effects, order of lists. */
export function stripped(order: Order) {
  const {
    version: _v,
    updatedAt: _u,
    recent: _r,
    payments,
    reversals,
    effects,
    charges,
    answerBy,
    complainBy,
    reviewBy,
    completedAt,
    endedAt,
    // Whether the goods were in time depends on when the advance was in, and that is a time.
    advanceInAt: _a,
    shippedOnTime: _t,
    ...rest
  } = order;
  return {
    ...rest,
    charges,
    payments: payments.map(({ at: _at, ...payment }) => payment).sort(byText),
    reversals: [...reversals].sort(),
    effects: effects.map(({ id: _id, ...effect }) => effect).sort(byText),
    has: {
      answerBy: answerBy !== undefined,
      complainBy: complainBy !== undefined,
      reviewBy: reviewBy !== undefined,
      completedAt: completedAt !== undefined,
      endedAt: endedAt !== undefined,
    },
    isHolding: policyOf(order).release,
  };
}
