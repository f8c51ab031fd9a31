/** Saying no, asking again, and leaving before there is money: R54, R57, R58. */
import { deadlines } from '../../domain/deadlines';
import { milestoneOf, type Order } from '../../domain/order';
import {
  aSupplier,
  advancePaid,
  at,
  buyer,
  charged,
  clock,
  completeContract,
  confirmed,
  credited,
  drafted,
  escrowConfirmed,
  given,
  givenIn,
  later,
  pairAccount,
  supplier,
  bank,
  type Step,
} from '../support/builders';

const dayMs = 86_400_000;
const reason = 'The price of copper';
const confirms = (side: typeof buyer, revision = 1) => side('confirm', { revision });
const declines = (side: typeof buyer, revision = 1) => side('decline', { revision, reason });
const revises = (side: typeof buyer, baseRevision = 1) =>
  side('revise', { baseRevision, changes: { payment: { advancePercent: 40, methods: ['tt'] } } });

describe('declining what the other side has confirmed (R57)', () => {
  test.each([
    ['supplier', supplier, buyer],
    ['buyer', buyer, supplier],
  ] as const)('R57: the %s says no, with a reason, and the two go on negotiating', (by, side, other) => {
    const { order } = given(drafted(), confirms(other))
      .when(declines(side))
      .then([{ type: 'revisionDeclined', revision: 1, by, reason }])
      .expectOrder({
        status: 'negotiating',
        confirmations: {},
        declined: { revision: 1, by, reason },
        cover: undefined,
      });
    expect(milestoneOf(order)).toBe('negotiation');
    expect(order.endedAt).toBeUndefined();
  });

  test('R57: a reason is asked for', () => {
    given(drafted(), confirms(buyer))
      .when(supplier('decline', { revision: 1, reason: '  ' }))
      .thenRefused('message.invalid', 'data.reason');
  });

  test('R57: what the other side has not confirmed is not declined, nor one’s own offer', () => {
    given(drafted()).when(declines(supplier)).thenRefused('revision.not-offered', 'the buyer has not confirmed it');
    given(drafted(), confirms(supplier)).when(declines(supplier)).thenRefused('revision.not-offered');
    given(drafted(), confirms(supplier), revises(buyer))
      .when(declines(buyer, 2))
      .thenRefused('revision.not-offered', 'the supplier has not confirmed it');
  });

  test('R52: nor is an older revision, or an order that both have confirmed', () => {
    given(drafted(), revises(buyer), confirms(buyer, 2))
      .when(declines(supplier, 1))
      .thenRefused('revision.stale', 'the newest is 2');
    given(confirmed()).when(declines(supplier)).thenRefused('order.wrong-state', 'awaiting-payment');
  });

  test('R57: the same again changes nothing, also after the next revision', () => {
    given(drafted(), confirms(buyer), declines(supplier)).when(declines(supplier)).thenNothing();
    given(drafted(), confirms(buyer), declines(supplier), revises(buyer)).when(declines(supplier, 1)).thenNothing();
  });

  test('R57: what is offered again may be declined again', () => {
    given(drafted(), confirms(buyer), declines(supplier), later({ days: 1 }), confirms(buyer))
      .when(declines(supplier))
      .then(['revisionDeclined'])
      .expectOrder({ status: 'negotiating', confirmations: {} });
  });

  test('R52, R57: after it the two may come together, on the same terms or on others', () => {
    given(drafted(), confirms(buyer), declines(supplier), confirms(supplier), confirms(buyer)).expectOrder({
      status: 'awaiting-payment',
    });
    given(
      drafted(),
      confirms(buyer),
      declines(supplier),
      revises(supplier),
      confirms(supplier, 2),
      confirms(buyer, 2),
    ).expectOrder({ status: 'awaiting-payment', revision: 2 });
  });

  test('R52: a decline does not begin the 90 days anew', () => {
    const lapses = (order: Order) => deadlines(order)[0]?.at;
    expect(lapses(given(drafted(), later({ days: 10 }), confirms(buyer), declines(supplier)).order)).toBe(
      lapses(given(drafted()).order),
    );
  });
});

describe('reminding the other side to confirm (R54)', () => {
  test.each([
    ['supplier', supplier],
    ['buyer', buyer],
  ] as const)('R54: the %s that has confirmed reminds the other, once in 24 hours', (by, side) => {
    given(drafted(), confirms(side), at('2026-03-05T00:00:00.000Z'))
      .when(side('remindConfirmation'))
      .then([{ type: 'confirmationReminded', by }])
      .when(at('2026-03-05T23:59:59.999Z'), side('remindConfirmation'))
      .thenRefused('reminder.too-soon', 'last at 2026-03-05T00:00:00.000Z')
      .when(at('2026-03-06T00:00:00.000Z'), side('remindConfirmation'))
      .then(['confirmationReminded'])
      .expectOrder({ remindedAt: { confirmation: '2026-03-06T00:00:00.000Z' } });
  });

  test('R54: whoever has not confirmed reminds nobody; nor does anybody once both have, or have parted', () => {
    given(drafted()).when(supplier('remindConfirmation')).thenRefused('order.wrong-state');
    given(drafted(), confirms(supplier)).when(buyer('remindConfirmation')).thenRefused('order.wrong-state');
    given(confirmed()).when(supplier('remindConfirmation')).thenRefused('order.wrong-state', 'awaiting-payment');
    given(drafted(), confirms(supplier), declines(buyer))
      .when(supplier('remindConfirmation'))
      .thenRefused('order.wrong-state');
  });

  test('R54: a new revision may be reminded of at once', () => {
    given(drafted(), confirms(supplier), supplier('remindConfirmation'), revises(buyer), confirms(buyer, 2))
      .when(buyer('remindConfirmation'))
      .then([{ type: 'confirmationReminded', by: 'buyer' }]);
  });

  test('R54, R55: a reminder to confirm does not stand in the way of one to pay', () => {
    given(drafted(), confirms(supplier), supplier('remindConfirmation'), confirms(buyer))
      .when(supplier('remindPayment'))
      .then(['paymentReminded']);
  });
});

describe('cancelling, and the time for complaints of it (R57, R58)', () => {
  const notActivated = { supplier: aSupplier({ tradeAssurance: 'applied' }) };
  const cancels = (side: typeof buyer) => side('cancel', { reason: 'Out of stock' });
  const complainBy = (order: Order) => order.complainBy;

  test.each<[string, Step]>([
    ['a draft', drafted()],
    ['what it has confirmed alone', [drafted(), confirms(buyer)]],
    ['what the supplier has confirmed', [drafted(), confirms(supplier)]],
    ['what both have confirmed', confirmed()],
    ['a Secure Payment order', escrowConfirmed()],
  ])('R57: the buyer cancels %s, and that is the end of it', (_, before) => {
    given(before)
      .when(cancels(buyer))
      .then([{ type: 'orderClosed', outcome: 'cancelled', reason: 'buyer: Out of stock' }, 'orderEnded'])
      .expectOrder({ complainBy: undefined, closedBecause: 'buyer: Out of stock' });
  });

  test.each<[string, Step]>([
    ['what the buyer alone has confirmed', [drafted(), confirms(buyer)]],
    ['what both have confirmed', confirmed()],
    ['a Secure Payment order', escrowConfirmed()],
  ])(
    'R57, R58: the supplier cancels %s: the buyer has 30 days to complain, and the order stays so long',
    (_, before) => {
      const { order } = given(before)
        .when(cancels(supplier))
        .then([{ type: 'orderClosed', outcome: 'cancelled', reason: 'supplier: Out of stock' }])
        .expectOrder({ status: 'cancelled', endedAt: undefined });
      expect(Date.parse(order.complainBy ?? '') - Date.parse(order.updatedAt)).toBe(30 * dayMs);
      expect(deadlines(order)).toEqual([{ at: order.complainBy, message: 'complaintWindowClosed' }]);
      given(before, cancels(supplier), at(complainBy))
        .when(clock('complaintWindowClosed'))
        .then(['complaintWindowClosed', { type: 'orderEnded', outcome: 'cancelled' }]);
    },
  );

  test('R57: the supplier cancels what the buyer has not confirmed, and that is the end of it', () => {
    given(drafted()).when(cancels(supplier)).then(['orderClosed', 'orderEnded']);
    given(drafted(), confirms(supplier)).when(cancels(supplier)).then(['orderClosed', 'orderEnded']);
    given(drafted(), confirms(buyer), revises(buyer)).when(cancels(supplier)).then(['orderClosed', 'orderEnded']);
  });

  test('R55, R57: an order that waits for the activation is cancelled by either side, too', () => {
    givenIn(notActivated, confirmed()).when(cancels(buyer)).then(['orderClosed', 'orderEnded']);
    givenIn(notActivated, confirmed()).when(cancels(supplier)).then(['orderClosed']);
  });

  test('R57: with money, or with a charge under way, nobody cancels alone; with all of it taken back they may', () => {
    const reversal = bank('paymentReversed', { account: pairAccount, entryReference: 'part', reason: 'Fraud' });
    given(confirmed(), credited(1_000, 'part')).when(cancels(supplier)).thenRefused('payment.money-present');
    given(confirmed(), credited(1_000, 'part'), reversal).when(cancels(buyer)).then(['orderClosed', 'orderEnded']);
    given(advancePaid()).when(cancels(buyer)).thenRefused('order.wrong-state');
    const byCard = completeContract({ payment: { methods: ['card'] } });
    given(confirmed(byCard), charged('card-1', 3_000, 84))
      .when(cancels(buyer))
      .thenRefused('payment.charge-pending');
  });

  test('R57: a cancelled order is cancelled once', () => {
    given(confirmed(), cancels(supplier)).when(cancels(supplier)).thenRefused('order.wrong-state', 'cancelled');
    given(confirmed(), cancels(buyer)).when(cancels(buyer)).thenRefused('order.closed', 'cancelled');
  });
});
