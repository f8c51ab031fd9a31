/**
 * The books beside the order: whatever messages about money come, in whatever order, the ledger says what the order says,
 * and no party's account falls below zero (R2, R18, R22, R29–R31, R48).
 */
import fc from 'fast-check';
import { account, changesOf, neverNegative, transfer } from '../../domain/ledger';
import { openComplaint, order as orderForm, refundable } from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { shareOf } from '../../domain/scheme';
import {
  Story,
  at,
  buyer,
  captured,
  carrier,
  chargedBack,
  clock,
  completeContract,
  confirmed,
  credited,
  delivered,
  effect,
  escrowConfirmed,
  escrowContract,
  later,
  orderId,
  platform,
  refundEffect,
  refundPaid,
  refusedCharge,
  registered,
  released,
  revoked,
  supplier,
  supplierId,
  takenBack,
  tracking,
  usd,
  withdrawn,
  type Scene,
  type Step,
} from '../support/builders';

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const of = (n: number) => usd(n / 100);

// --- what may happen to an order's money

const dollars = fc.constantFrom(0.01, 29, 31, 500, 1_000, 2_970, 3_000, 7_000, 9_970, 10_000, 10_250);
const name = fc.constantFrom('1', '2', '3', '4', '5');
const side = fc.constantFrom(supplier, buyer);
const payer = { name: 'Alster Home & Living GmbH', account: 'DE89370400440532013000' };
const [first, second] = [{ member: 'operator-1' }, { member: 'operator-2' }];
const part = (s: Scene, share: number) =>
  of(Math.max(1, Math.floor(((s.order ? refundable(s.order) : 0) * share) / 4)));
const surcharge = (s: Scene, of: number) =>
  s.order ? shareOf(usd(of), s.order.scheme === 'trade-assurance' ? 280 : 0) : usd(0);

const bankSays: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(dollars, name, fc.boolean())
      .map(([d, n, named]) => credited(d, `T${n}`, named ? { payer } : {})),
  },
  name.map((n) => credited(300, `T${n}`, { currency: 'EUR' })),
  name.map((n) => credited(300, `T${n}`, { account: 'va-0002' })),
  { weight: 3, arbitrary: name.map((n) => takenBack(`T${n}`)) },
);
const cards: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(name, dollars).map(([n, d]) =>
      buyer('pay', (s) => ({
        payment: `card-${n}`,
        method: 'card',
        amount: usd(d),
        surcharge: surcharge(s, d),
        token: 'tok',
      })),
    ),
  },
  { weight: 3, arbitrary: name.map((n) => captured(`card-${n}`)) },
  name.map((n) => refusedCharge(`card-${n}`)),
  name.map((n) => chargedBack(`card-${n}`)),
);
const refundNumber = fc.integer({ min: 1, max: 4 });
const refunds: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: refundNumber.map((n) => refundPaid(n)) },
  refundNumber.map((n) =>
    effect('effectFailed', (s) => ({ effect: refundEffect(s.order, n), reason: 'no such account' })),
  ),
  refundNumber.map((n) => platform('retryEffect', (s) => ({ effect: refundEffect(s.order, n) }))),
  fc.constant(buyer('nameRefundAccount', { payee: payer })),
  fc
    .integer({ min: 1, max: 5 })
    .map((q) => platform('orderRefund', (s) => ({ amount: part(s, q), reason: 'goodwill' }), first)),
  { weight: 2, arbitrary: fc.constant(platform('approve', (s) => ({ approval: s.order?.approvals ?? 0 }), second)) },
  fc
    .integer({ min: 0, max: 4 })
    .map((q) => supplier('proposeCancellation', (s) => ({ reason: 'No', refund: part(s, q) }))),
  { weight: 2, arbitrary: side.map((by) => by('acceptProposal', (s) => ({ proposal: s.order?.proposals ?? 0 }))) },
  fc.constant(buyer('complain', { kind: 'quality-after-shipment', description: 'scratched' })),
  fc.constant(supplier('proposeSettlement', (s) => ({ refund: part(s, 1) }))),
  fc.constant(at(({ complaints }) => complaints.at(-1)?.escalateBy ?? '2026-03-20T00:00:00.000Z')),
  fc.constant(clock('complaintOverdue')),
  fc
    .integer({ min: 1, max: 4 })
    .map((q) => platform('rule', (s) => ({ outcome: 'upheld', award: part(s, q), reason: 'shown' }), first)),
);
const goods: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(registered('export-1', 'D1')),
  fc.constant(supplier('completeExport')),
  fc.constant(released('D1')),
  fc.constant(revoked('D1')),
  fc.constant(supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking })),
  fc.constant(carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now }))),
  fc.constant(delivered()),
  fc.constant(buyer('confirmReceipt')),
  fc.boolean().map((asAgreed) => buyer('answerShipment', { asAgreed })),
  side.map((by) => by('review', { stars: 4 })),
);
const ends: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(later({ days: 15 })),
  fc.constant(supplier('closeUnpaid')),
  fc.constant(clock('complaintWindowClosed')),
  fc.constantFrom(clock('answerTimedOut'), clock('reviewClosed')),
  fc.constant(
    effect('creditBooked', (s) => ({
      effect: s.order?.effects.find(({ kind }) => kind === 'bookCredit')?.id ?? 'none',
      limitAfter: usd(20_000),
      policy: 'ta-limit/v1',
    })),
  ),
  dollars.map((d) => withdrawn(d)),
);
const step = fc.oneof(
  { weight: 5, arbitrary: bankSays },
  { weight: 3, arbitrary: cards },
  { weight: 5, arbitrary: refunds },
  { weight: 5, arbitrary: goods },
  { weight: 2, arbitrary: ends },
);
const beginning = fc.constantFrom<Step>(
  confirmed(completeContract({ payment: { advancePercent: 30, methods: ['tt', 'card'] } })),
  escrowConfirmed(escrowContract()),
);

/** A supplier withdraws no more than it has. */
const affordable = (story: Story, each: Step): boolean =>
  Array.isArray(each) ||
  !('withdraw' in each) ||
  each.withdraw <= (story.balances()[`${account.supplier(supplierId)} USD`] ?? 0);

/** Plays walks by the books and calls `check` after every message that was accepted with events. */
function onEveryStep(check: (story: Story) => void, numRuns = 120): void {
  fc.assert(
    fc.property(beginning, fc.array(step, { minLength: 5, maxLength: 40 }), (begun, steps) => {
      const story = new Story();
      story.byTheBooks = true;
      story.play(begun);
      for (const each of steps) {
        if (!affordable(story, each)) continue;
        if (Array.isArray(each) || !('say' in each)) story.play(each);
        else {
          const outcome = story.send(each);
          if (isRefusal(outcome)) expect(outcome.refused).not.toBe('message.failed');
          else if (outcome.entry) check(story);
        }
      }
    }),
    { numRuns },
  );
}

const standing = (story: Story, name: string) => story.balances()[`${name} USD`] ?? 0;

// --- the books

describe('whatever happens to the money of an order (fast-check)', () => {
  test('the ledger says what the order says: with the order, held, on its way back, in suspense', () => {
    onEveryStep((story) => {
      const { purse, refunds, excess, payments } = story.order;
      const suspended = payments.filter((p) => p.suspended && !p.reversed && p.amount.currency === 'USD');
      expect({
        order: standing(story, account.order(orderId)),
        hold: standing(story, account.hold(orderId)),
        refunds: standing(story, account.refunds(orderId)),
        suspense: standing(story, account.suspense),
      }).toEqual({
        order: purse.order,
        hold: purse.hold,
        refunds: sum(refunds.filter(({ state }) => state !== 'paid').map(({ amount }) => amount.amount)),
        suspense: excess + sum(suspended.map(({ amount }) => amount.amount)),
      });
    });
  });

  test('no party’s account is ever below zero, and no posting is of nothing', () => {
    onEveryStep((story) => {
      for (const { account: each, change } of changesOf(story.transfers))
        if (neverNegative.test(each)) expect([each, change >= 0]).toEqual([each, true]);
      for (const posting of story.transfers) expect(posting).toEqual(transfer.parse(posting));
    });
  });

  test('what counts as paid is what the bank and the cards have brought, less what they took back', () => {
    onEveryStep(({ order: { payments, refunds, paid, excess } }) => {
      const counted = payments.filter(({ suspended, reversed }) => !suspended && !reversed);
      // A charge that is taken back has had its refunds already: they stay what they are, refunds of what was paid.
      const refundedBefore = refunds.filter(
        ({ charge, why }) =>
          why !== 'charge-not-needed' &&
          payments.some((p) => p.reversed && p.account === 'card' && p.entryReference === charge),
      );
      expect((paid?.amount ?? 0) + excess).toBe(
        sum(counted.map(({ amount }) => amount.amount)) + sum(refundedBefore.map(({ amount }) => amount.amount)),
      );
    });
  });

  test('the purse holds what was paid and has not gone back, and is never overdrawn', () => {
    onEveryStep(({ order: { purse, paid, refunded, guaranteed, buyerOwes } }) => {
      expect(Math.min(purse.order, purse.hold, purse.supplier, buyerOwes)).toBeGreaterThanOrEqual(0);
      expect(purse.order + purse.hold + purse.supplier).toBe((paid?.amount ?? 0) - refunded + guaranteed + buyerOwes);
      // What the guarantee has paid out stays with the supplier, who owes it: nobody else may claim it once more.
      expect(purse.supplier).toBeGreaterThanOrEqual(guaranteed);
    });
  });

  test('R8, R14: the fees are the platform’s earnings, never more than 5 % of the price; Trade Assurance has none', () => {
    onEveryStep((story) => {
      const { released, total, scheme } = story.order;
      const most = total && scheme === 'secure-payment' ? shareOf(total, 500).amount : 0;
      const fees = standing(story, account.schemeFees);
      expect(fees).toBe(shareOf(of(released), 500).amount);
      expect(fees).toBeLessThanOrEqual(most);
    });
  });

  test('an order has its form, and once it has ended nothing is under way', () => {
    onEveryStep(({ order }) => {
      expect(orderForm.parse(JSON.parse(JSON.stringify(order)))).toEqual(JSON.parse(JSON.stringify(order)));
      if (!order.endedAt) return;
      expect([order.effects, openComplaint(order), order.cover?.reserved]).toEqual([[], undefined, undefined]);
      expect(order.purse.order + order.purse.hold).toBe(0);
    });
  });
});
