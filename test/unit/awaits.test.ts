/** What an order waits for, and from whom: every status, and every thing that is open beside it (R50). */
import { orderStatus, type OrderStatus } from '../../domain/order';
import { awaits, viewOf } from '../../domain/view';
import {
  aSupplier,
  accrued,
  advancePaid,
  at,
  buyer,
  cancelledWithRefund,
  captured,
  charged,
  clock,
  completeContract,
  completed,
  confirmed,
  credited,
  customs,
  drafted,
  effect,
  ended,
  escrowConfirmed,
  given,
  givenIn,
  held,
  mainRoad,
  paidByCard,
  platform,
  receiptAwaited,
  refundPaid,
  registered,
  reviewed,
  shipped,
  supplier,
  tracking,
  usd,
  type Step,
} from '../support/builders';
import { answerBy, complained, escalated, ruling, settled } from '../support/disputes';

const confirms = (side: typeof buyer) => side('confirm', { revision: 1 });
const yes = buyer('answerShipment', { asAgreed: true });
const no = buyer('answerShipment', { asAgreed: false });
const balanceFirst = completeContract({ payment: { balance: 'before-shipment' } });
const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });
const complaintsEnd = 'the end of the buyer’s time for complaints';
const refundAccount = { name: 'Alster Home & Living GmbH', account: 'DE02500105170137075030' };

const stories: [OrderStatus, string, Step, string][] = [
  ['negotiating', 'an empty draft', drafted({}), 'supplier and buyer complete (0 %) and confirm the contract'],
  [
    'negotiating',
    'a declined offer',
    [drafted(), confirms(buyer), supplier('decline', { revision: 1, reason: 'Dear' })],
    'supplier and buyer negotiate; the supplier has declined revision 1',
  ],
  ['awaiting-buyer', 'an offer of the supplier', [drafted(), confirms(supplier)], 'buyer confirms the contract'],
  ['awaiting-supplier', 'a Start Order', [drafted(), confirms(buyer)], 'supplier confirms the contract'],
  ['awaiting-payment', 'confirmed', confirmed(), 'buyer pays the advance'],
  ['awaiting-payment', 'Secure Payment, confirmed', escrowConfirmed(), 'buyer pays the whole price'],
  [
    'awaiting-payment',
    'after the 15 days',
    [confirmed(), at((order) => order.payBy), clock('paymentLapsed')],
    'buyer pays the advance; the supplier may close the order',
  ],
  [
    'awaiting-payment',
    'with a charge under way',
    [confirmed(byCard), charged('card-1', 3_000, 84)],
    'the processor answers the charge',
  ],
  ['awaiting-shipment', 'paid', advancePaid(), 'supplier declares the goods through OneTouch'],
  ['awaiting-shipment', 'with its balance due first', advancePaid(balanceFirst), 'buyer pays the balance'],
  [
    'awaiting-shipment',
    'declared',
    [advancePaid(), registered('export-1', 'D1'), supplier('completeExport')],
    'customs releases every declaration',
  ],
  [
    'awaiting-shipment',
    'declared, and cancelled by customs',
    [
      advancePaid(),
      registered('export-1', 'D1'),
      supplier('completeExport'),
      customs('customsCancelled', { declaration: 'D1', cancelledAt: '2026-03-02T01:00:00.000Z' }),
    ],
    'supplier takes out what customs cancelled, and declares the goods anew',
  ],
  ['awaiting-shipment', 'Secure Payment, held', held(), 'supplier hands the goods to a carrier'],
  [
    'awaiting-shipment',
    'Secure Payment, handed over',
    [held(), supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking })],
    'the carrier takes the goods',
  ],
  ['awaiting-answer', 'shipped', shipped(), 'buyer answers whether the goods were shipped as agreed'],
  ['awaiting-answer', 'not as agreed', [shipped(), no], 'supplier answers complaint 1'],
  ['awaiting-receipt', 'shipped', receiptAwaited(), 'buyer confirms that the goods were received'],
  ['awaiting-receipt', 'not received', [receiptAwaited(), complained('not-received')], 'supplier answers complaint 1'],
  ['awaiting-balance', 'accepted', [shipped(), yes], 'buyer pays the balance'],
  [
    'awaiting-balance',
    'with a charge under way',
    [shipped(byCard), yes, charged('card-1', 7_000, 196)],
    'the processor answers the charge',
  ],
  [
    'awaiting-balance',
    'paid, with a complaint open',
    [shipped(), yes, complained('not-as-agreed'), credited(7_000, 'balance')],
    'supplier answers complaint 1',
  ],
  ['awaiting-reviews', 'complete', completed(), 'supplier and buyer review the order'],
  ['awaiting-reviews', 'with one review', [completed(), supplier('review', { stars: 5 })], 'buyer reviews the order'],
  ['awaiting-reviews', 'with the other', [completed(), buyer('review', { stars: 5 })], 'supplier reviews the order'],
  ['completed', 'both reviews in', reviewed(), 'the supplier’s credit limit is brought up to date'],
  ['completed', 'its credit accrued', mainRoad(), complaintsEnd],
  ['completed', 'ended', ended(), 'nothing'],
  [
    'closed-unpaid',
    'with a part that goes back',
    [confirmed(), credited(100, 'part'), at((order) => order.payBy), supplier('closeUnpaid')],
    'buyer names the account for the refund',
  ],
  ['closed-unpaid', 'ended', [confirmed(), at((order) => order.payBy), supplier('closeUnpaid')], 'nothing'],
  ['refunded', 'settled', [shipped(), no, settled(3_000)], 'buyer names the account for the refund'],
  [
    'cancelled',
    'refused by the supplier',
    [confirmed(), supplier('cancel', { reason: 'Out of stock' })],
    complaintsEnd,
  ],
  ['cancelled', 'by the buyer', [confirmed(), buyer('cancel', { reason: 'No need' })], 'nothing'],
  ['lapsed', 'a draft', [drafted(), at('2026-06-30T00:00:00.000Z'), clock('draftLapsed')], 'nothing'],
];

describe('on the main road (R50)', () => {
  test.each(stories)('%s: %s', (status, _, story, awaited) => {
    const { order } = given(story);
    expect([order.status, awaits(order)]).toEqual([status, awaited]);
    expect(viewOf(order).awaits).toBe(awaited);
  });

  test('awaiting-activation: confirmed, and the supplier not activated', () => {
    const { order } = givenIn({ supplier: aSupplier({ tradeAssurance: 'applied' }) }, confirmed());
    expect([order.status, awaits(order)]).toEqual([
      'awaiting-activation',
      'platform activates Trade Assurance for the supplier',
    ]);
  });

  test('every status is told', () => {
    const told = new Set([...stories.map(([status]) => status), 'awaiting-activation']);
    expect(orderStatus.options.filter((status) => !told.has(status))).toEqual([]);
  });
});

describe('beside it (R20, R57)', () => {
  const open: Step = [advancePaid(), complained('quality-before-shipment')];
  const road = 'supplier declares the goods through OneTouch';
  const unanswered: Step = [open, at(answerBy), clock('complaintUnanswered')];
  const refundable: Step = [advancePaid(), platform('orderRefund', { amount: usd(100), reason: 'A gesture' })];
  const approves = platform('approve', { approval: 1 }, { member: 'operator-2' });
  const failed = (kind: string) =>
    effect('effectFailed', ({ order }) => ({
      effect: order?.effects.find((e) => e.kind === kind)?.id ?? '',
      reason: 'The account is closed',
    }));

  test.each<[string, Step, string]>([
    ['a complaint: the supplier', open, 'supplier answers complaint 1'],
    ['its time to answer over: the buyer, too', unanswered, 'supplier answers complaint 1; the buyer may escalate it'],
    [
      'answered: both',
      [open, supplier('answerComplaint', { answer: 'They are as in the sample' })],
      'supplier and buyer settle complaint 1',
    ],
    ['escalated: the platform', [open, escalated()], 'platform rules on complaint 1'],
    [
      'a ruling put forward: a second operator',
      [open, escalated(), ruling('rejected')],
      'a second operator approves the ruling of operator-1 (approval 1)',
    ],
    [
      'a refund put forward: a second operator',
      refundable,
      'a second operator approves the refund of operator-1 (approval 1)',
    ],
    [
      'a proposal of the supplier: the buyer',
      [advancePaid(), supplier('proposeCancellation', { reason: 'No copper', refund: usd(3_000) })],
      'buyer answers proposal 1 (cancellation)',
    ],
    [
      'a proposal of the buyer: the supplier',
      [open, buyer('proposeSettlement', { refund: usd(100) })],
      'supplier answers complaint 1; supplier answers proposal 1 (settlement)',
    ],
    ['a refund without an account: the buyer', [refundable, approves], 'buyer names the account for the refund'],
    [
      'a refund by the bank',
      [refundable, approves, buyer('nameRefundAccount', { payee: refundAccount })],
      'the bank pays the refund',
    ],
    [
      'a refund that the bank turned down: the platform',
      [refundable, approves, buyer('nameRefundAccount', { payee: refundAccount }), failed('refund')],
      'platform tries refund order-1:7:0:1 again',
    ],
  ])('%s', (_, story, awaited) => {
    expect(awaits(given(story).order)).toBe(`${road}; ${awaited}`);
  });

  test('a refund to the card: the processor; then nothing of it', () => {
    const paid: Step = [confirmed(byCard), paidByCard('card-1', 3_000, 84), cancelledWithRefund(3_000)];
    expect(awaits(given(paid).order)).toBe('the processor pays the refund');
    expect(awaits(given(paid, refundPaid(1)).order)).toBe('nothing');
  });

  test('a charge that was captured is no longer awaited', () => {
    const { order } = given(confirmed(byCard), charged('card-1', 3_000, 84), captured('card-1'));
    expect(awaits(order)).toBe(road);
  });

  test('a closed order tells what still keeps it from its end', () => {
    expect(awaits(given(reviewed(), failed('accrueCredit')).order)).toBe(
      'platform tries accrueCredit order-1:11:2 again',
    );
    expect(awaits(given(mainRoad(), complained('not-as-agreed')).order)).toBe(
      'supplier answers complaint 1; the supplier’s credit limit is brought up to date',
    );
    const { order } = given(reviewed(), complained('not-as-agreed'), escalated(), accrued());
    expect(awaits(order)).toBe('platform rules on complaint 1; the supplier’s credit limit is brought up to date');
  });
});
