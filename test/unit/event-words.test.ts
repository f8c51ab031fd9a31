/** What happened to an order is told in words, one line an event, from what the event says. */
import { eventWords, type Teller } from '../../domain/event-words';
import { format } from '../../domain/money';
import {
  advancePaid,
  allRefunded,
  at,
  buyer,
  confirmed,
  credited,
  ended,
  given,
  held,
  platform,
  receiptAwaited,
  shipped,
  supplier,
  usd,
  type Step,
} from '../support/builders';

/** What a story told, line by line. */
const told = (...steps: Step[]): string[] => {
  const { journal } = given(...steps);
  return journal.flatMap(({ events }) => events.map((event) => eventWords(event, tell).en));
};
const tell: Teller = { money: format, at: (at) => at.slice(0, 10), day: (date) => date, currency: 'USD' };

test('the main road to its end', () => {
  expect(told(ended())).toEqual([
    'Drafted by the supplier, from scratch',
    'Revision 1 confirmed by the supplier',
    'The platform would guarantee USD 10,000.00 (the supplier’s limit is USD 20,000.00)',
    'Revision 1 confirmed by the buyer',
    'The platform would guarantee USD 10,000.00 (the supplier’s limit is USD 20,000.00)',
    'Confirmed by both: total USD 10,000.00, advance USD 3,000.00',
    'The buyer pays to account va-0001',
    'The money must have arrived by 2026-03-17',
    'USD 3,000.00 arrived by T/T (bank transfer)',
    'What is due before shipment is in',
    'USD 10,000.00 is guaranteed to the buyer (the supplier’s limit is USD 20,000.00)',
    'The supplier may collect USD 3,000.00',
    'Export service order export-1, declaration D1, 1 line of goods',
    'The set of export service orders is complete',
    'Customs released declaration D1',
    'Shipped on 2026-03-02, on time; the buyer answers by 2026-04-16',
    'The buyer accepts the goods',
    'USD 7,000.00 arrived by T/T (bank transfer)',
    'The supplier may collect USD 7,000.00',
    'Goods accepted and paid in full; both may review until 2026-04-01',
    'Review by the buyer ★★★★★: “Bright, well packed”',
    'Review by the supplier ★★★★★',
    'The reviews are published',
    'The order is completed',
    'The supplier’s credit limit: USD 20,000.00 → USD 22,000.00',
    'The time for complaints is over',
    'The guarantee of USD 10,000.00 is given back to the supplier’s limit',
    'The order has ended',
  ]);
});

test('R18 Secure Payment: what is held, and what the supplier gets of it', () => {
  const lines = told(receiptAwaited(), buyer('confirmReceipt'));
  expect(lines).toContain('The buyer pays to account CITI-SG-ESCROW');
  expect(lines).toContain('The platform holds USD 10,000.00 until the goods are received');
  expect(lines).toContain('The buyer accepts the goods');
  expect(lines).toContain('USD 9,500.00 is released to the supplier, less a fee of USD 500.00');
});

test('R20 a complaint and its settlement: where the refund comes from', () => {
  const no = buyer('answerShipment', { asAgreed: false, comment: 'Half of it is missing' });
  expect(told(shipped(), no, allRefunded())).toEqual(
    expect.arrayContaining([
      'The buyer finds the goods not shipped as agreed',
      expect.stringMatching(/^Complaint 1: Not as agreed: “Half of it is missing”; the supplier answers by 2026-/),
      'The supplier proposes to settle the complaint with a refund of USD 3,000.00 (proposal 1)',
      'Complaint 1 settled: USD 3,000.00 for the buyer',
      'USD 3,000.00 goes back to the buyer, by the settlement: USD 3,000.00 from the supplier',
      'The order is refunded',
    ]),
  );
});

test('R57 closed unpaid: the parts go back, and where to', () => {
  const payee = { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' };
  const lines = told(
    confirmed(),
    credited(1_000, 'T1'),
    at(({ payBy }) => payBy),
    supplier('closeUnpaid'),
    buyer('nameRefundAccount', { payee }),
  );
  expect(lines.slice(-3)).toEqual([
    'USD 1,000.00 goes back to the buyer, because the order was closed unpaid: USD 1,000.00 of the order’s money',
    'The order is closed unpaid',
    'Refunds go to Alster Home & Living GmbH, account …2051',
  ]);
});

test('R57 four eyes and cancellation by agreement', () => {
  expect(told(advancePaid(), platform('orderRefund', { amount: usd(10), reason: 'Goodwill' })).at(-1)).toBe(
    'operator-1 put forward: a refund of USD 10.00: “Goodwill”; another operator must approve it (approval 1)',
  );
  expect(told(held(), buyer('proposeCancellation', { reason: 'Too late', refund: usd(9_000) })).at(-1)).toBe(
    'The buyer proposes to cancel the order with a refund of USD 9,000.00: “Too late” (proposal 1)',
  );
});
