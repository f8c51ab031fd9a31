/**
 * Random walks through a market: lists of steps for fast-check, each a number from which the step follows (`Dice`). A step
 * is a message that fits where an order stands, any message of the table, one that is repeated or was delayed, the outcome of
 * an effect, a deadline, time that goes by, or something beside the orders: a withdrawal, another limit, a suspension.
 *
 * A property that fails shows the story of the shortest walk that fast-check found, with its seed and path; how to play it
 * again is in `properties.ts`.
 */
import fc from 'fast-check';
import { messageNames, type MessageName } from '../../domain/messages';
import { isRefusal } from '../../domain/refusal';
import type { SchemeName } from '../../domain/scheme';
import { aSupplier, regionsList } from './builders';
import { Dice } from './dice';
import { Market, type Deal, type Setting, type Step } from './market';
import { fitting, make, type Scene } from './moves';

export interface Walk {
  setting: Setting;
  steps: number[];
}

const oneStep = fc.noShrink(fc.nat({ max: 0x7fffffff }));
const schemes = fc.constantFrom<SchemeName[]>('trade-assurance', 'trade-assurance', 'secure-payment');

/** Walks of this many steps over the orders of one supplier, each of them with a buyer of its own or all of one. */
export const walks = ({ orders = 1, steps = 80 }: { orders?: number; steps?: number } = {}): fc.Arbitrary<Walk> =>
  fc.record({
    setting: fc.record({
      deals: fc
        .array(schemes, { minLength: orders, maxLength: orders })
        .map((names) => names.map((scheme, index) => ({ scheme, buyer: `buy-${String(index + 1)}` }))),
      limit: fc.constantFrom(0, 100_000, 2_000_000, 50_000_000),
      activated: fc.constantFrom(true, true, true, false),
    }),
    steps: fc.array(oneStep, { maxLength: steps, size: 'max' }),
  });

/**
 * Walks on which neither the limit nor the countries that are served change: what depends on the moment stays the same.
 * Operators dispose of suspended money there, too.
 */
export const steady = (some: fc.Arbitrary<Walk>): fc.Arbitrary<Walk> =>
  some.map((walk) => ({ ...walk, setting: { ...walk.setting, isSteady: true } }));

type Look = (market: Market, step: Step) => void;

const kinds = {
  fitting: 62,
  any: 7,
  effect: 12,
  ring: 7,
  repeat: 4,
  delay: 2,
  arrive: 3,
  pass: 4,
  withdraw: 2,
  beside: 1.5,
} as const;

/** Plays steps in a market; `look` sees it after every message, and what the message came to. */
export function play(market: Market, steps: readonly number[], look: Look): Market {
  for (const number of steps) {
    const dice = new Dice(number);
    const deal = dice.of(market.deals)!;
    market.pass(1);
    // Of an order that has ended not much is to be said any more.
    if (deal.order?.endedAt && dice.chance(85)) continue;
    for (const step of stepsOf(market, deal, dice)) look(market, step);
  }
  return market;
}

function stepsOf(market: Market, deal: Deal, dice: Dice): Step[] {
  const scene: Scene = { market, deal, dice };
  // Negotiation is soon over, and seldom lapses: what is to be seen comes later.
  const kind = dice.weighted({ ...kinds, ...(!deal.order?.confirmedAt && { any: 2, ring: 1, pass: 1, effect: 0 }) });
  switch (kind) {
    case 'any':
      return [market.send(deal, make(dice.of(messageNames)!, scene))];
    case 'effect':
      return answered(scene) ?? sendFitting(scene);
    case 'ring':
      return asList(market.ring(deal)) ?? sendFitting(scene);
    case 'repeat':
      return repeated(scene) ?? sendFitting(scene);
    case 'delay':
      deal.late.push(make(fittingName(scene), scene));
      return [];
    case 'arrive': {
      const [post] = dice.shuffled(deal.late);
      if (!post) return sendFitting(scene);
      deal.late = deal.late.filter((other) => other !== post);
      return [market.send(deal, post)];
    }
    case 'pass':
      market.pass(dice.of([60, 60 * 24 * 2, 60 * 24 * 4, 60 * 24 * 16, 60 * 24 * 50]));
      return [];
    case 'withdraw':
      market.withdraw(dice.of([0.5, 1, 1]));
      return [];
    case 'beside':
      beside(market, dice);
      return [];
    case 'fitting':
      return sendFitting(scene);
  }
}

const asList = (step: Step | undefined): Step[] | undefined => step && [step];
const fittingName = ({ deal, dice }: Scene): MessageName => dice.weighted(fitting(deal.order));
const sendFitting = (scene: Scene): Step[] => [scene.market.send(scene.deal, make(fittingName(scene), scene))];

function answered({ market, deal, dice }: Scene): Step[] | undefined {
  const effect = dice.of(market.pending(deal));
  if (!effect) return undefined;
  const declined = effect.kind === 'charge' ? 20 : 0;
  const answer = dice.weighted({ done: 80, declined, failed: 8 } as const);
  const as =
    effect.kind === 'charge' || effect.kind === 'refund' ? dice.of(['effect', 'processor'] as const) : 'effect';
  return [market.answer(deal, effect, answer, answer === 'failed' ? 'effect' : as)];
}

/** A message again: under its own id (answered from the journal) or under a new one. */
function repeated({ market, deal, dice }: Scene): Step[] | undefined {
  const again = dice.of(deal.sent);
  return again && [market.send(deal, again.post, ...(dice.chance(30) ? [again.id] : []))];
}

function beside(market: Market, dice: Dice): void {
  switch (market.isSteady ? 'disposal' : dice.of(['limit', 'member', 'regions', 'disposal'])) {
    case 'limit':
      market.limit = dice.of([0, 100_000, 2_000_000, 50_000_000]);
      market.tell(`the limit is ${String(market.limit)}`);
      break;
    case 'member':
      market.supplier = aSupplier({ tradeAssurance: dice.of(['activated', 'activated', 'suspended', 'applied']) });
      market.tell(`the supplier is ${market.supplier.tradeAssurance}`);
      break;
    case 'regions':
      market.regions = regionsList(...dice.of<string[]>([[], ['DE']]));
      market.tell(`not served: ${market.regions.notServed.join(', ')}`);
      break;
    case 'disposal':
      market.disposeOf(dice);
  }
}

/** Checks a property over `runs` walks; tells the story of the walk that breaks it. */
export function onWalks(walk: fc.Arbitrary<Walk>, runs: number, look: Look, atEnd?: (market: Market) => void): void {
  assertAll(
    fc.property(walk, (one) => {
      const market = new Market(one.setting);
      try {
        play(market, one.steps, look);
        atEnd?.(market);
      } catch (fault) {
        throw told(market, fault);
      }
    }),
    runs,
  );
}

/** What broke, and the story that led there. */
export const told = (market: Market, fault: unknown): Error =>
  new Error(`${fault instanceof Error ? (fault.stack ?? '') : String(fault)}\n\nThe story:\n${market.told.join('\n')}`);

/** Checks a property over so many sequences. */
export function assertAll<T>(property: fc.IPropertyWithHooks<T>, runs: number): void {
  fc.assert(property, { numRuns: runs });
}

export const isTaken = ({ outcome }: Step): boolean => !isRefusal(outcome) && outcome.entry !== undefined;
