/** The ledger's meaning: every posting has two sides, and every path of money ends where it should (R18, R29–R31). */
import fc from 'fast-check';
import type { OrderEvent } from '../../domain/events';
import { account, changesOf, transfer, transfersOf, type Transfer } from '../../domain/ledger';
import { moneyOf } from '../../domain/money';
import {
  advancePaid,
  at,
  buyer,
  buyerId,
  captured,
  charged,
  chargedBack,
  completeContract,
  confirmed,
  credited,
  escrowAccount,
  given,
  givenByTheBooks,
  givenIn,
  held,
  mainRoad,
  paidByCard,
  pairAccount,
  platform,
  received,
  refundOrdered,
  refundPaid,
  repriced,
  supplier,
  supplierId,
  takenBack,
  usd,
  withdrawn,
  type Step,
  type Story,
} from '../support/builders';

const sumsByCurrency = (transfers: readonly Transfer[]) => {
  const sums: Record<string, number> = {};
  for (const { currency, change } of changesOf(transfers)) sums[currency] = (sums[currency] ?? 0) + change;
  return sums;
};

describe('the paths of money', () => {
  test('a part of an advance: bank → order', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1'));
    expect(transfers).toEqual([
      {
        id: 'order-1:4:0',
        order: 'order-1',
        version: 4,
        kind: 'payment',
        from: 'pair:va-0001',
        to: 'order:order-1',
        amount: usd(1_000),
        at: '2026-03-02T01:03:00.000Z',
      },
    ]);
  });

  test('R18: the advance complete: bank → order → supplier, with all its parts', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1'), credited(2_000, 'T2'));
    expect(transfers.map(({ kind, from, to, amount }) => [kind, from, to, amount.amount])).toEqual([
      ['payment', account.pair(pairAccount), account.order('order-1'), 100_000],
      ['payment', account.pair(pairAccount), account.order('order-1'), 200_000],
      ['supplier-paid', account.order('order-1'), account.supplier(supplierId), 300_000],
    ]);
  });

  test('R30: what cannot be applied: bank → suspense, with the reason', () => {
    const { transfers } = given(confirmed(), credited(1_000, 'T1', { currency: 'EUR' }));
    expect(transfers).toMatchObject([
      { kind: 'payment-suspended', from: 'pair:va-0001', to: 'suspense', reason: 'currency-mismatch' },
    ]);
  });

  test('R29: closed unpaid: order → refunds, on its way back to the buyer', () => {
    const { transfers } = given(
      confirmed(),
      credited(1_000, 'T1'),
      at((o) => o.payBy),
      supplier('closeUnpaid'),
    );
    expect(transfers.at(-1)).toMatchObject({
      kind: 'refund-due',
      from: 'order:order-1',
      to: 'refunds:order-1',
      amount: usd(1_000),
      reason: 'closed-unpaid',
    });
  });

  test('R7: the main road leaves the whole price with the supplier and nothing on the order', () => {
    const { transfers } = given(mainRoad());
    expect(changesOf(transfers)).toEqual([
      { account: 'pair:va-0001', currency: 'USD', change: -1_000_000 },
      { account: `supplier:${supplierId}`, currency: 'USD', change: 1_000_000 },
    ]);
  });

  test('postings have ids of their own, and the form that the store keeps', () => {
    const { transfers } = given(confirmed(), credited(10_500, 'T1'));
    expect(transfers).toHaveLength(3);
    expect(new Set(transfers.map(({ id }) => id)).size).toBe(3);
    for (const posting of transfers) expect(transfer.parse(posting)).toEqual(posting);
  });
});

/** Stories whose last message moves money, and where it moves: kind, from, to, cents. */
type Posting = readonly [kind: string, from: string, to: string, cents: number];
const [pair, singapore, ofOrder, hold, refunds, collected] = [
  'pair:va-0001',
  `pair:${escrowAccount}`,
  'order:order-1',
  'hold:order-1',
  'refunds:order-1',
  `supplier:${supplierId}`,
];
const [owed, buyerOwes] = [`receivable:${supplierId}`, `receivable:${buyerId}`];
const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });
const wholeByCard = completeContract({ payment: { advancePercent: 100, methods: ['tt', 'card'] } });
const payer = { name: 'Alster Home & Living GmbH', account: 'DE89370400440532013000' };
const complaint: Step = [
  buyer('complain', { kind: 'quality-before-shipment', description: 'the sample is broken' }),
  at((o) => o.complaints[0]?.escalateFrom),
  buyer('escalate'),
  platform('rule', { outcome: 'upheld', award: usd(2_000), reason: 'shown by the report' }),
  platform('approve', { approval: 1 }, { member: 'operator-2' }),
];

describe('every event that moves money, and its accounts', () => {
  const rows: [event: string, story: () => Story, postings: Posting[]][] = [
    ['R31 paymentApplied', () => given(confirmed(), credited(1_000, 'T1')), [['payment', pair, ofOrder, 100_000]]],
    [
      'R30 paymentApplied, out of suspense',
      () => given(confirmed(), platform('suspenseAllocated', { suspense: 'susp-1', amount: usd(1_000) })),
      [['payment', 'suspense', ofOrder, 100_000]],
    ],
    [
      'R30 paymentSuspended',
      () => given(confirmed(), credited(1_000, 'T1', { account: 'va-0002' })),
      [['payment-suspended', 'pair:va-0002', 'suspense', 100_000]],
    ],
    [
      'R31 supplierPaid; what is too much to suspense',
      () => given(confirmed(), credited(10_400, 'T1')),
      [
        ['payment', pair, ofOrder, 1_000_000],
        ['payment-suspended', pair, 'suspense', 40_000],
        ['supplier-paid', ofOrder, collected, 1_000_000],
      ],
    ],
    [
      'R2 receivableRepaid',
      () => givenIn({ owed: usd(700) }, confirmed(), credited(3_000, 'T1')),
      [
        ['payment', pair, ofOrder, 300_000],
        ['supplier-paid', ofOrder, collected, 300_000],
        ['receivable-repaid', collected, owed, 70_000],
      ],
    ],
    [
      'R48 chargeCaptured, with what is not needed',
      () => given(confirmed(wholeByCard), charged('card-1', 10_000, 280), credited(4_000, 'T1'), captured('card-1')),
      [
        ['card-surcharge', 'card', 'card-fees', 16_800],
        ['refund-due', 'card', refunds, 411_200],
        ['payment', 'card', ofOrder, 600_000],
        ['supplier-paid', ofOrder, collected, 1_000_000],
      ],
    ],
    [
      'R30 paymentReversed, supplierClawedBack',
      () => givenByTheBooks(advancePaid(), withdrawn(1_000), takenBack('advance')),
      [
        ['supplier-clawed-back', collected, ofOrder, 200_000],
        ['receivable-booked', owed, ofOrder, 100_000],
        ['payment-reversed', ofOrder, pair, 300_000],
      ],
    ],
    [
      'R30 paymentReversed, of what stands in suspense',
      () => given(confirmed(), credited(10_400, 'T1'), takenBack('T1')),
      [
        ['supplier-clawed-back', collected, ofOrder, 1_000_000],
        ['payment-reversed', ofOrder, pair, 1_000_000],
        ['payment-reversed', 'suspense', pair, 40_000],
      ],
    ],
    [
      'R48 paymentReversed, of a charge with its surcharge',
      () => given(confirmed(byCard), paidByCard('card-1', 1_000, 28), chargedBack('card-1')),
      [
        ['payment-reversed', ofOrder, 'card', 100_000],
        ['payment-reversed', 'card-fees', 'card', 2_800],
      ],
    ],
    [
      'R30 paymentReversed, of what was refunded already',
      () => given(confirmed(), credited(3_000, 'T1', { payer }), refundOrdered(3_000), refundPaid(1), takenBack('T1')),
      [['receivable-booked', buyerOwes, pair, 300_000]],
    ],
    [
      'R30 refundWithheld, buyerRepaid',
      () => given(advancePaid(), refundOrdered(3_000), takenBack('advance')),
      [
        ['receivable-booked', buyerOwes, pair, 300_000],
        ['refund-withheld', refunds, ofOrder, 300_000],
        ['receivable-repaid', ofOrder, buyerOwes, 300_000],
      ],
    ],
    [
      'R14 supplierClawedBack, with the fee that it had borne',
      () => givenByTheBooks(received(), takenBack('price')),
      [
        ['supplier-clawed-back', collected, ofOrder, 950_000],
        ['scheme-fee', 'scheme-fees', ofOrder, 50_000],
        ['payment-reversed', ofOrder, singapore, 1_000_000],
      ],
    ],
    [
      'R52 excessApplied',
      () => given(confirmed(), credited(10_250, 'T1'), repriced(10_400)),
      [
        ['suspense-allocated', 'suspense', ofOrder, 25_000],
        ['supplier-paid', ofOrder, collected, 25_000],
      ],
    ],
    [
      'R18 moneyHeld',
      () => given(held()),
      [
        ['payment', singapore, ofOrder, 1_000_000],
        ['held', ofOrder, hold, 1_000_000],
      ],
    ],
    [
      'R18 holdUndone',
      () => given(held(), takenBack('price')),
      [
        ['hold-released', hold, ofOrder, 1_000_000],
        ['payment-reversed', ofOrder, singapore, 1_000_000],
      ],
    ],
    [
      'R14, R18 moneyReleased',
      () => given(received()),
      [
        ['hold-released', hold, collected, 950_000],
        ['scheme-fee', hold, 'scheme-fees', 50_000],
      ],
    ],
    [
      'R57 refundDue, out of the hold',
      () => given(held(), refundOrdered(1_000)),
      [['refund-due', hold, refunds, 100_000]],
    ],
    [
      'R2, R22 refundDue, out of the supplier’s account and by the guarantee',
      () => givenByTheBooks(advancePaid(), withdrawn(2_500), complaint),
      [
        ['refund-due', collected, refunds, 50_000],
        ['guarantee-payout', owed, refunds, 150_000],
      ],
    ],
    [
      'R57 refundPaid, by the bank',
      () => given(confirmed(), credited(3_000, 'T1', { payer }), refundOrdered(1_000), refundPaid(1)),
      [['refund-paid', refunds, 'bank', 100_000]],
    ],
    [
      'R57 refundPaid, to the card',
      () => given(confirmed(byCard), paidByCard('card-1', 3_000, 84), refundOrdered(1_000), refundPaid(1)),
      [['refund-paid', refunds, 'card', 100_000]],
    ],
  ];

  test.each(rows)('%s', (_, story, postings) => {
    const { transfers, order } = story();
    const last = transfers.filter(({ version }) => version === order.version);
    expect(last.map(({ kind, from, to, amount }) => [kind, from, to, amount.amount])).toEqual(postings);
  });

  test('each of them has its story here, and none posts nothing', () => {
    const moving = rows.flatMap(([, story]) => {
      const { journal, transfers } = story();
      for (const posting of transfers) expect(posting.amount.amount).toBeGreaterThan(0);
      return transfers.map(
        ({ version, id }) => journal.find((e) => e.version === version)?.events[Number(id.split(':')[2])]?.type,
      );
    });
    expect(new Set(moving.filter((type) => type !== undefined))).toEqual(
      new Set([
        'paymentApplied',
        'paymentSuspended',
        'paymentReversed',
        'chargeCaptured',
        'supplierPaid',
        'receivableRepaid',
        'supplierClawedBack',
        'buyerRepaid',
        'excessApplied',
        'moneyHeld',
        'holdUndone',
        'moneyReleased',
        'refundDue',
        'refundWithheld',
        'refundPaid',
      ]),
    );
  });
});

describe('sums (fast-check)', () => {
  const amount = fc.record({
    amount: fc.integer({ min: 1, max: 1_000_000_000_00 }),
    currency: fc.constantFrom('USD' as const, 'EUR' as const, 'JPY' as const),
  });
  const bankDetails = { entryReference: 'T1', method: 'tt' as const };
  const movement: fc.Arbitrary<OrderEvent> = fc.oneof(
    fc.record({
      type: fc.constant('paymentApplied' as const),
      account: fc.constantFrom('va-1', 'va-2'),
      amount,
      entryReference: fc.constant(bankDetails.entryReference),
      method: fc.constant(bankDetails.method),
    }),
    fc.record({
      type: fc.constant('paymentSuspended' as const),
      account: fc.constantFrom('va-1', 'va-2'),
      amount,
      reason: fc.constantFrom('overpaid' as const, 'not-awaited' as const),
      entryReference: fc.constant(bankDetails.entryReference),
      method: fc.constant(bankDetails.method),
    }),
    fc.record({ type: fc.constant('supplierPaid' as const), amount }),
    fc.record({ type: fc.constant('moneyHeld' as const), amount }),
    fc.constant({ type: 'paymentLapsed' as const }),
  );
  const base = given(confirmed());

  test('whatever the events, every currency sums to zero, and one posting stands for one movement', () => {
    fc.assert(
      fc.property(fc.array(movement, { minLength: 1, maxLength: 20 }), (events) => {
        const [entry] = base.journal;
        if (!entry) throw new Error('the story has a journal');
        const transfers = transfersOf({ ...entry, events }, base.order);
        for (const sum of Object.values(sumsByCurrency(transfers))) expect(sum).toBe(0);
        expect(transfers).toHaveLength(events.filter(({ type }) => type !== 'paymentLapsed').length);
        expect(transfers.every(({ from, to }) => from !== to)).toBe(true);
      }),
    );
  });

  test('changes are what the postings add up to, account by account', () => {
    const posting = fc.record({
      from: fc.constantFrom('a', 'b', 'c'),
      to: fc.constantFrom('a', 'b', 'c'),
      cents: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(posting), (postings) => {
        const transfers = postings.map(({ from, to, cents }, i): Transfer => {
          const id = String(i);
          return { id, order: 'o', version: 1, kind: 'payment', from, to, amount: moneyOf(cents, 'USD'), at: '' };
        });
        const changes = new Map(changesOf(transfers).map((c) => [c.account, c.change]));
        for (const name of ['a', 'b', 'c']) {
          const into = postings.filter((p) => p.to === name).reduce((sum, p) => sum + p.cents, 0);
          const outOf = postings.filter((p) => p.from === name).reduce((sum, p) => sum + p.cents, 0);
          expect(changes.get(name) ?? 0).toBe(into - outOf);
        }
      }),
    );
  });
});
