/** Drafting, revising, confirming and leaving an order before it is paid: R28, R51–R55, R57. */
import { deadlines } from '../../domain/deadlines';
import { milestoneOf, type Order } from '../../domain/order';
import {
  aSupplier,
  advance,
  advancePaid,
  at,
  bank,
  buyer,
  buyerId,
  clock,
  completeContract,
  confirmed,
  credited,
  draftData,
  drafted,
  given,
  givenIn,
  justBefore,
  later,
  meanwhile,
  pairAccount,
  platform,
  startsAt,
  supplier,
  supplierId,
  total,
  usd,
} from '../support/builders';

const byTheSlowRoad = { contract: {} };
const lapsesAt = (order: Order) => deadlines(order)[0]?.at;

describe('drafting (R28, R46, R51)', () => {
  test.each([
    ['nothing', { kind: 'scratch' as const }],
    ['a buyer’s purchase order', { kind: 'purchase-order' as const, reference: 'PO 4500127' }],
    ['a buyer’s inquiry', { kind: 'inquiry' as const, reference: 'minisite' }],
  ])('R28: the supplier drafts from %s', (_, source) => {
    given()
      .when(supplier('draft', draftData({ source, ...byTheSlowRoad })))
      .then([{ type: 'orderDrafted', source, by: 'supplier' }])
      .expectOrder({ status: 'negotiating', revision: 1, confirmations: {}, draftedAt: startsAt, version: 1 });
  });

  test('R51: a Contact Supplier inquiry is an order that nobody has confirmed', () => {
    given()
      .when(buyer('draft', draftData({ source: { kind: 'inquiry' }, ...byTheSlowRoad })))
      .then([{ type: 'orderDrafted', by: 'buyer' }])
      .expectOrder({ status: 'negotiating', confirmations: {} });
  });

  test('R51: a Start Order is one that the buyer alone has confirmed', () => {
    given()
      .when(buyer('draft', draftData({ source: { kind: 'start-order' }, confirm: true })))
      .then(['orderDrafted', { type: 'revisionConfirmed', revision: 1, by: 'buyer' }, 'coverOffered'])
      .expectOrder({ status: 'awaiting-supplier', confirmations: { buyer: { revision: 1, at: startsAt } } });
  });

  test('R53: a Start Order with an incomplete contract is refused as a whole', () => {
    given()
      .when(buyer('draft', draftData({ source: { kind: 'start-order' }, ...byTheSlowRoad, confirm: true })))
      .thenRefused('order.incomplete', /^0 % complete/);
  });

  test('the drafting side drafts for itself', () => {
    given()
      .when(supplier('draft', draftData(), { member: 'sup-other' }))
      .thenRefused('actor.not-a-party');
    given()
      .when(buyer('draft', draftData(), { member: supplierId }))
      .thenRefused('actor.not-a-party');
  });

  test('nobody trades with itself', () => {
    given()
      .when(supplier('draft', draftData({ buyer: supplierId })))
      .thenRefused('buyer.is-supplier');
  });

  test('an order is drafted once, and nothing comes before its draft', () => {
    given(drafted()).when(supplier('draft', draftData())).thenRefused('order.exists');
    given()
      .when(supplier('confirm', { revision: 1 }))
      .thenRefused('order.not-found');
  });
});

describe('revising (R52)', () => {
  test('R52: the four modules are revised back and forth until both have confirmed', () => {
    given(drafted({}))
      .when(supplier('revise', { baseRevision: 1, changes: { product: completeContract().product } }))
      .then([{ type: 'contractRevised', revision: 2, by: 'supplier' }])
      .when(buyer('revise', { baseRevision: 2, changes: { shipping: completeContract().shipping } }))
      .then([{ type: 'contractRevised', revision: 3, by: 'buyer' }])
      .when(supplier('revise', { baseRevision: 3, changes: { payment: completeContract().payment } }))
      .then([{ type: 'contractRevised', revision: 4 }])
      .when(buyer('revise', { baseRevision: 4, changes: { contacts: completeContract().contacts } }))
      .then([{ type: 'contractRevised', revision: 5 }])
      .expectOrder({ contract: completeContract(), revision: 5, status: 'negotiating' });
  });

  test('R52: a revision replaces its module whole and leaves the others alone', () => {
    given(drafted())
      .when(buyer('revise', { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }))
      .then(['contractRevised']);
    const { order } = given(
      drafted(),
      buyer('revise', { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }),
    );
    expect(order.contract).toEqual({ ...completeContract(), payment: { advancePercent: 40 } });
  });

  test('R52 (reading): a revision withdraws every confirmation of the older one', () => {
    given(drafted(), buyer('confirm', { revision: 1 }))
      .when(supplier('revise', { baseRevision: 1, changes: { shipping: { method: 'air' } } }))
      .then(['contractRevised'])
      .expectOrder({ status: 'negotiating', revision: 2, confirmations: {} })
      .when(supplier('confirm', { revision: 1 }))
      .thenRefused('revision.stale', 'revision 1 was named; the newest is 2');
  });

  test('R52: a revision made from an older one is refused, so that nobody overwrites what they have not seen', () => {
    given(drafted(), supplier('revise', { baseRevision: 1, changes: { payment: { advancePercent: 40 } } }))
      .when(buyer('revise', { baseRevision: 1, changes: { payment: { advancePercent: 20 } } }))
      .thenRefused('revision.stale');
  });

  test('R52: a revision that changes nothing is refused, and withdraws no confirmation', () => {
    given(drafted(), buyer('confirm', { revision: 1 }))
      .when(supplier('revise', { baseRevision: 1, changes: { payment: completeContract().payment } }))
      .thenRefused('revision.empty')
      .expectOrder({ status: 'awaiting-supplier' });
  });

  test('R52: nothing is revised once both have confirmed', () => {
    given(confirmed())
      .when(buyer('revise', { baseRevision: 1, changes: { payment: { advancePercent: 10 } } }))
      .thenRefused('order.wrong-state');
  });

  test('a stranger neither revises nor confirms', () => {
    given(drafted())
      .when(buyer('revise', { baseRevision: 1, changes: { payment: {} } }, { member: 'buy-other' }))
      .thenRefused('actor.not-a-party')
      .when(supplier('confirm', { revision: 1 }, { member: buyerId }))
      .thenRefused('actor.not-a-party')
      .expectOrder({ version: 1 });
  });
});

describe('lapsing (R52)', () => {
  test('R52 (reading): the order lapses 90 days after its last revision, to the millisecond', () => {
    given(drafted(), justBefore(lapsesAt)).when(clock('draftLapsed')).thenNothing();
    const { order } = given(drafted(), at(lapsesAt))
      .when(clock('draftLapsed'))
      .then([
        { type: 'orderClosed', outcome: 'lapsed' },
        { type: 'orderEnded', outcome: 'lapsed' },
      ])
      .expectOrder({ status: 'lapsed', endedAt: '2026-05-31T01:00:00.000Z' });
    expect(deadlines(order)).toEqual([]);
  });

  test('R52 (reading): a revision begins the 90 days anew; a confirmation does not', () => {
    const { order: one } = given(drafted(), later({ days: 60 }), buyer('confirm', { revision: 1 }));
    expect(lapsesAt(one)).toBe('2026-05-31T01:00:00.000Z');
    const revision = buyer('revise', { baseRevision: 1, changes: { payment: {} } });
    const { order: two } = given(drafted(), at('2026-05-01T00:00:00.000Z'), revision);
    expect(lapsesAt(two)).toBe('2026-07-30T00:00:00.000Z');
  });

  test('R52: an order that one side has confirmed lapses, too; one that both have confirmed does not', () => {
    given(drafted(), buyer('confirm', { revision: 1 }), at(lapsesAt))
      .when(clock('draftLapsed'))
      .then(['orderClosed', 'orderEnded']);
    given(confirmed(), later({ days: 100 }))
      .when(clock('draftLapsed'))
      .thenNothing();
  });

  test('a lapsed order takes nothing more', () => {
    given(drafted(), at(lapsesAt), clock('draftLapsed'))
      .when(supplier('confirm', { revision: 1 }))
      .thenRefused('order.closed', 'lapsed');
  });
});

describe('confirming (R53–R55)', () => {
  test('R54: the supplier first, then the order awaits the buyer', () => {
    given(drafted())
      .when(supplier('confirm', { revision: 1 }))
      .then([{ type: 'revisionConfirmed', by: 'supplier' }, 'coverOffered'])
      .expectOrder({ status: 'awaiting-buyer' });
  });

  test('R54: the buyer first, then the order awaits the supplier', () => {
    given(drafted())
      .when(buyer('confirm', { revision: 1 }))
      .then([{ type: 'revisionConfirmed', by: 'buyer' }, 'coverOffered'])
      .expectOrder({ status: 'awaiting-supplier' });
  });

  test('R55: both have confirmed and the supplier is activated: the order awaits the payment', () => {
    given(drafted(), supplier('confirm', { revision: 1 }), at('2026-03-05T10:00:00.000Z'))
      .when(buyer('confirm', { revision: 1 }))
      .then([
        { type: 'revisionConfirmed', revision: 1, by: 'buyer' },
        { type: 'coverOffered', amount: total, limit: usd(20_000) },
        { type: 'orderConfirmed', policy: 'trade-assurance/v1', total, advance },
        { type: 'accountAssigned', payTo: pairAccount },
        { type: 'paymentOpened', payBy: '2026-03-20T10:00:00.000Z' },
      ])
      .expectOrder({ status: 'awaiting-payment', confirmedAt: '2026-03-05T10:00:00.000Z' });
  });

  test('R53: an incomplete contract is not confirmed; the detail names what is missing', () => {
    given(drafted({ ...completeContract(), payment: { methods: ['tt'] } }))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.incomplete', 'missing: payment.advancePercent');
  });

  test('R53: a shipping date that has passed by now is not confirmed, though it was open at the draft', () => {
    given(drafted(completeContract({ shipping: { shipBy: '2026-04-01' } })), at('2026-04-01T15:59:59.999Z'))
      .when(buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered']);
    given(drafted(completeContract({ shipping: { shipBy: '2026-04-01' } })), at('2026-04-01T16:00:00.000Z'))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'shipping.shipBy 2026-04-01 has passed');
  });

  test('R52: both confirm the same revision number; the same side twice changes nothing', () => {
    given(drafted(), supplier('confirm', { revision: 1 }))
      .when(supplier('confirm', { revision: 1 }))
      .thenNothing()
      .when(buyer('confirm', { revision: 2 }))
      .thenRefused('revision.stale');
  });

  test('R52: a repeated confirmation changes nothing even after the order has gone on', () => {
    given(confirmed())
      .when(buyer('confirm', { revision: 1 }))
      .thenNothing()
      .expectOrder({ status: 'awaiting-payment' });
    given(advancePaid())
      .when(supplier('confirm', { revision: 1 }))
      .thenNothing();
  });

  test('R2: a short limit shortens the cover, says so before the other side confirms, and refuses nothing', () => {
    givenIn({ limit: usd(12_000), openCover: usd(9_500) }, drafted())
      .when(supplier('confirm', { revision: 1 }))
      .then(['revisionConfirmed', { type: 'coverOffered', amount: usd(2_500), limit: usd(12_000) }])
      .expectOrder({ cover: { offered: usd(2_500), limit: usd(12_000) } });
    givenIn({ limit: usd(2_000), openCover: usd(9_500) }, drafted())
      .when(buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', { type: 'coverOffered', amount: usd(0) }]);
  });
});

describe('the supplier’s activation (R13, R55)', () => {
  const notActivated = { supplier: aSupplier({ tradeAssurance: 'applied' }) };

  test('R55: without it a confirmed order waits, with an account but no 15 days', () => {
    givenIn(notActivated, drafted(), buyer('confirm', { revision: 1 }))
      .when(supplier('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered', 'orderConfirmed', 'accountAssigned'])
      .expectOrder({ status: 'awaiting-activation', payTo: pairAccount });
  });

  test('R55, R29: activation opens the payment, and the 15 days run from then', () => {
    givenIn(notActivated, confirmed(), meanwhile({ supplier: aSupplier() }), at('2026-03-20T00:00:00.000Z'))
      .when(platform('supplierActivated'))
      .then([{ type: 'paymentOpened', payBy: '2026-04-04T00:00:00.000Z' }])
      .expectOrder({ status: 'awaiting-payment' })
      .when(platform('supplierActivated'))
      .thenNothing();
  });

  test('R13: the word of activation is checked against the member', () => {
    givenIn(notActivated, confirmed()).when(platform('supplierActivated')).thenRefused('supplier.not-activated');
  });

  test('R55: there is nothing to activate before both have confirmed', () => {
    given(drafted()).when(platform('supplierActivated')).thenRefused('order.wrong-state');
  });
});

describe('reminding (R55)', () => {
  test('R55: the supplier reminds the buyer to pay, once in 24 hours', () => {
    given(confirmed(), at('2026-03-05T00:00:00.000Z'))
      .when(supplier('remindPayment'))
      .then(['paymentReminded'])
      .when(at('2026-03-05T23:59:59.999Z'), supplier('remindPayment'))
      .thenRefused('reminder.too-soon')
      .when(at('2026-03-06T00:00:00.000Z'), supplier('remindPayment'))
      .then(['paymentReminded'])
      .expectOrder({ remindedAt: { payment: '2026-03-06T00:00:00.000Z' } });
  });

  test('R55: there is nothing to remind of before the payment is open, nor after', () => {
    given(drafted()).when(supplier('remindPayment')).thenRefused('order.wrong-state');
    given(advancePaid()).when(supplier('remindPayment')).thenRefused('order.wrong-state');
  });
});

describe('leaving (R57)', () => {
  test.each([
    ['while it is negotiated', drafted(), 'negotiation', ['orderEnded']],
    // R58: what the buyer had confirmed, it may complain of for a while; the order stays so long.
    ['while it awaits the payment', confirmed(), 'payment', []],
  ] as const)('R57: either side cancels %s, with a reason', (_, before, milestone, bySupplier) => {
    const { order } = given(before)
      .when(buyer('cancel', { reason: 'Our customer withdrew' }))
      .then([
        { type: 'orderClosed', outcome: 'cancelled', reason: expect.stringContaining('Our customer withdrew') },
        { type: 'orderEnded', outcome: 'cancelled' },
      ])
      .expectOrder({ status: 'cancelled', closedBecause: 'buyer: Our customer withdrew' });
    expect(milestoneOf(order)).toBe(milestone);
    given(before)
      .when(supplier('cancel', { reason: 'Out of stock' }))
      .then([
        { type: 'orderClosed', outcome: 'cancelled', reason: expect.stringContaining('Out of stock') },
        ...bySupplier,
      ])
      .expectOrder({ status: 'cancelled', closedBecause: 'supplier: Out of stock' });
  });

  test('R57: the longest reason fits', () => {
    given(drafted())
      .when(supplier('cancel', { reason: 'x'.repeat(2000) }))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R57: nobody cancels alone once money has arrived', () => {
    given(confirmed(), credited(100, 'T1'))
      .when(buyer('cancel', { reason: 'Changed my mind' }))
      .thenRefused('payment.money-present');
    given(advancePaid())
      .when(supplier('cancel', { reason: 'Out of stock' }))
      .thenRefused('order.wrong-state');
  });

  test('R57: money in suspense does not bind the two', () => {
    given(confirmed(), credited(100, 'T1', { currency: 'EUR' }))
      .when(buyer('cancel', { reason: 'Changed my mind' }))
      .then(['orderClosed', 'orderEnded']);
  });

  test('R57: the bank and the platform do not cancel', () => {
    given(drafted())
      .when(bank('cancel', { reason: 'x' }))
      .thenRefused('actor.role-not-allowed');
    given(drafted())
      .when(platform('cancel', { reason: 'x' }))
      .thenRefused('actor.role-not-allowed');
  });

  test('a cancelled order takes nothing more', () => {
    given(drafted(), buyer('cancel', { reason: 'No' }))
      .when(buyer('cancel', { reason: 'No' }))
      .thenRefused('order.closed');
  });
});
