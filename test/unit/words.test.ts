/** Every event of an order is told in words, one line each, from what it says. */
import { z } from 'zod';
import { exampleOf, type JsonSchema } from '../../clients/cli/data-form';
import { orderEvent, type OrderEvent } from '../../domain/events';
import { inWords } from '../../ops/start/words';
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
  const { journal, order } = given(...steps);
  return journal.flatMap(({ events }) => events.map((event) => inWords(event, order)));
};

/** An event of every type, all that is optional included; of a choice between forms, one. */
const examples = orderEvent.options.map((option): OrderEvent => {
  const example = exampleOf(z.toJSONSchema(option) as JsonSchema) as OrderEvent;
  if (example.type === 'proposalMade')
    return { ...example, proposed: { kind: 'settlement', complaint: 1, refund: usd(500), comment: 'Half' } };
  if (example.type === 'approvalAsked')
    return { ...example, decision: { kind: 'refund', amount: usd(500), reason: 'Goodwill' } };
  if (example.type === 'refundDue') return { ...example, sources: { order: 1, hold: 2, supplier: 3, guarantee: 4 } };
  return example;
});

test.each(examples.map((event) => [event.type, event] as const))('%s has its words', (type, event) => {
  const line = inWords(event, given(confirmed()).order);
  expect(line.trim()).toBe(line);
  expect(line.length).toBeGreaterThan(10);
  expect(line).not.toContain('\n');
  expect(line).not.toMatch(/undefined|\[object|NaN|null/);
  expect(line).not.toContain(type);
});

test('the main road to its end', () => {
  expect(told(ended())).toEqual([
    'drafted by the supplier, from scratch',
    'revision 1 confirmed by the supplier',
    'the platform would guarantee USD 10,000.00 (the supplier’s limit is USD 20,000.00)',
    'revision 1 confirmed by the buyer',
    'the platform would guarantee USD 10,000.00 (the supplier’s limit is USD 20,000.00)',
    'confirmed by both: total USD 10,000.00, advance USD 3,000.00',
    'the buyer pays to the virtual account va-0001',
    'the advance is due by 2026-03-17',
    'USD 3,000.00 arrived by T/T',
    'the advance is complete',
    'USD 10,000.00 is guaranteed to the buyer (the supplier’s limit is USD 20,000.00)',
    'the supplier may collect USD 3,000.00',
    'export service order export-1, declaration D1, 1 line of goods',
    'the set of export service orders is complete',
    'customs released declaration D1',
    'shipped on 2026-03-02, on time; the buyer answers by 2026-04-16',
    'the buyer finds the goods shipped as agreed',
    'USD 7,000.00 arrived by T/T',
    'the supplier may collect USD 7,000.00',
    'goods accepted and paid in full; both may review until 2026-04-01',
    '★★★★★ from the buyer: “Bright, well packed”',
    '★★★★★ from the supplier',
    'the reviews are published',
    'the order is completed',
    'the supplier’s credit limit: USD 20,000.00 → USD 22,000.00',
    'the time for complaints is over',
    'the guarantee of USD 10,000.00 is given back to the supplier’s limit',
    'the order has ended: completed',
  ]);
});

test('R18 Secure Payment: what is held, and what the supplier gets of it', () => {
  const lines = told(receiptAwaited(), buyer('confirmReceipt'));
  expect(lines).toContain('the buyer pays to the platform’s account CITI-SG-ESCROW');
  expect(lines).toContain('the platform holds USD 10,000.00 until the goods are received');
  expect(lines).toContain('the buyer has received the goods');
  expect(lines).toContain('USD 9,500.00 is released to the supplier, less a fee of USD 500.00');
});

test('R20 a complaint and its settlement: where the refund comes from', () => {
  const no = buyer('answerShipment', { asAgreed: false, comment: 'Half of it is missing' });
  expect(told(shipped(), no, allRefunded())).toEqual(
    expect.arrayContaining([
      'the buyer finds the goods not shipped as agreed',
      expect.stringMatching(/^complaint 1 \(not-as-agreed\): “Half of it is missing”; the supplier answers by 2026-/),
      'proposal 1 of the supplier: settle complaint 1 with a refund of USD 3,000.00',
      'complaint 1 settled, USD 3,000.00 for the buyer',
      'USD 3,000.00 goes back to the buyer, by the settlement: USD 3,000.00 from the supplier',
      'the order is refunded',
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
    'the order is closed unpaid',
    'refunds go to Alster Home & Living GmbH, account DE02120300000000202051',
  ]);
});

test('R57 four eyes and cancellation by agreement', () => {
  expect(told(advancePaid(), platform('orderRefund', { amount: usd(10), reason: 'Goodwill' })).at(-1)).toBe(
    'operator-1 put forward a refund of USD 10.00, “Goodwill”; another operator must approve it (approval 1)',
  );
  expect(told(held(), buyer('proposeCancellation', { reason: 'Too late', refund: usd(9_000) })).at(-1)).toBe(
    'proposal 1 of the buyer: cancel the order with a refund of USD 9,000.00, “Too late”',
  );
});
