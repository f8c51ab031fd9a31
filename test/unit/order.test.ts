/**
 * The order as a whole: milestones, folding, and what holds on every walk through it, however messages are mixed,
 * repeated and disordered.
 */
import fc from 'fast-check';
import { deadlines } from '../../domain/deadlines';
import { decide } from '../../domain/decide';
import type { JournalEntry } from '../../domain/events';
import { changesOf } from '../../domain/ledger';
import { messageNames, role, type Message } from '../../domain/messages';
import { apply, fold } from '../../domain/evolve';
import {
  draftTotal,
  isClosed,
  milestoneOf,
  milestones,
  openComplaint,
  order as orderForm,
  orderStatus,
  outstanding,
  type Order,
  type OrderStatus,
} from '../../domain/order';
import { parseMessage } from '../../domain/parse';
import { isRefusal } from '../../domain/refusal';
import { complaintKind } from '../../domain/scheme';
import {
  Story,
  aSupplier,
  accrued,
  advancePaid,
  allRefunded,
  at,
  bank,
  buyer,
  buyerId,
  carrier,
  clock,
  completed,
  completeContract,
  confirmed,
  credited,
  drafted,
  effect,
  escrowAccount,
  escrowConfirmed,
  given,
  givenIn,
  held,
  later,
  mainRoad,
  meanwhile,
  pairAccount,
  platform,
  play,
  receiptAwaited,
  regionsList,
  registered,
  released,
  reviewed,
  revoked,
  shipped,
  startsAt,
  supplier,
  supplierId,
  surroundings,
  total,
  tracking,
  usd,
  type Step,
} from '../support/builders';

/** An order at each status, the ways there told as stories. */
const orderAt: Record<OrderStatus, () => Story> = {
  negotiating: () => given(drafted()),
  'awaiting-buyer': () => given(drafted(), supplier('confirm', { revision: 1 })),
  'awaiting-supplier': () => given(drafted(), buyer('confirm', { revision: 1 })),
  'awaiting-activation': () => givenIn({ supplier: aSupplier({ tradeAssurance: 'applied' }) }, confirmed()),
  'awaiting-payment': () => given(confirmed()),
  'awaiting-shipment': () => given(advancePaid()),
  'awaiting-answer': () => given(shipped()),
  'awaiting-balance': () => given(shipped(), buyer('answerShipment', { asAgreed: true })),
  'awaiting-receipt': () => given(receiptAwaited()),
  refunded: () => given(shipped(), buyer('answerShipment', { asAgreed: false }), allRefunded()),
  'awaiting-reviews': () => given(completed()),
  completed: () => given(reviewed()),
  'closed-unpaid': () => given(confirmed(), later({ days: 15 }), supplier('closeUnpaid')),
  cancelled: () => given(drafted(), buyer('cancel', { reason: 'No' })),
  lapsed: () => given(drafted(), later({ days: 90 }), clock('draftLapsed')),
};

describe('milestones (R50)', () => {
  const milestoneAt: Record<OrderStatus, string> = {
    negotiating: 'inflow',
    'awaiting-buyer': 'negotiation',
    'awaiting-supplier': 'negotiation',
    'awaiting-activation': 'payment',
    'awaiting-payment': 'payment',
    'awaiting-shipment': 'logistics',
    'awaiting-answer': 'logistics',
    'awaiting-balance': 'logistics',
    'awaiting-receipt': 'logistics',
    refunded: 'logistics',
    'awaiting-reviews': 'completion',
    completed: 'completion',
    'closed-unpaid': 'payment',
    cancelled: 'negotiation',
    lapsed: 'negotiation',
  };

  test.each(orderStatus.options)('R50: an order that is %s has its place among the five', (status) => {
    const { order } = orderAt[status]();
    expect(order.status).toBe(status);
    expect(milestoneOf(order)).toBe(milestoneAt[status]);
  });

  test('R50: a draft flows in until somebody answers it', () => {
    const revision = buyer('revise', { baseRevision: 1, changes: { payment: {} } });
    expect(milestoneOf(given(drafted(), revision).order)).toBe('negotiation');
  });

  test('R50: the main road passes the five in their order', () => {
    const { journal } = given(mainRoad());
    const passed = journal.map((_, i) => milestoneOf(fold(journal.slice(0, i + 1)) as Order));
    expect([...new Set(passed)]).toEqual([...milestones]);
    expect(passed).toEqual([...passed].sort((a, b) => milestones.indexOf(a) - milestones.indexOf(b)));
  });
});

describe('folding the journal', () => {
  const { journal, order } = given(mainRoad());
  const [draft, ...rest] = journal as [JournalEntry, ...JournalEntry[]];

  test('the whole journal gives the order that was reached step by step, also after a way through JSON', () => {
    expect(fold(journal)).toEqual(order);
    expect(fold(JSON.parse(JSON.stringify(journal)) as JournalEntry[])).toEqual(order);
    expect(fold([])).toBeUndefined();
  });

  test('a gap, a repetition and a wrong beginning are refused', () => {
    expect(() => fold([draft, ...rest.slice(1)])).toThrow('is at version 1, entry at 3');
    expect(() => fold([draft, draft])).toThrow('is at version 1, entry at 1');
    expect(() => fold(rest)).toThrow('is at version 0, entry at 2');
    expect(() => apply(undefined, { ...draft, events: [{ type: 'paymentLapsed' }] })).toThrow('has no draft');
  });

  test('an entry does not change the order that it is applied to', () => {
    const before = fold([draft]) as Order;
    const copy = structuredClone(before);
    apply(before, rest[0] as JournalEntry);
    expect(before).toEqual(copy);
  });

  test('the newest 64 message ids are known at once', () => {
    const revisions = Array.from({ length: 70 }, (_, i) =>
      buyer(
        'revise',
        { baseRevision: i + 1, changes: { payment: { advancePercent: (i % 90) + 1 } } },
        { id: `r-${String(i)}` },
      ),
    );
    const { order: revised } = given(drafted({}), revisions);
    expect(revised.recent).toHaveLength(64);
    expect(revised.recent.at(-1)).toEqual({ key: `buyer:${buyerId}:r-69`, version: 71 });
  });
});

test('what is outstanding, and the total of a draft where it can be told', () => {
  expect(outstanding(given(drafted()).order)).toEqual(usd(0));
  expect(outstanding(given(confirmed()).order)).toEqual(total);
  expect(outstanding(given(advancePaid()).order)).toEqual(usd(7_000));
  expect(draftTotal(given(drafted({})).order)).toBeUndefined();
  expect(draftTotal(given(drafted()).order)).toEqual(total);
  const { product } = completeContract();
  expect(draftTotal(given(drafted({ product })).order)).toBeUndefined();
  const mixed = {
    ...completeContract(),
    shipping: { ...completeContract().shipping, freight: { amount: 1, currency: 'EUR' as const } },
  };
  expect(draftTotal(given(drafted(mixed)).order)).toBeUndefined();
});

describe('decide is total (fast-check)', () => {
  const orders = [undefined, ...orderStatus.options.map((status) => orderAt[status]().order)];

  test('it never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...orders),
        fc.constantFrom(...messageNames, 'nonsense'),
        fc.constantFrom(...role.options),
        fc.oneof(fc.jsonValue(), fc.constantFrom(null, {}, { changes: null, goods: null, amount: null })),
        (order, name, as, data) => {
          const actor = { role: as, member: as === 'supplier' || as === 'buyer' ? (order?.[as] ?? 'm') : 'm' };
          const decision = decide(order, { name, id: 'm-1', actor, data } as Message, '2026-03-03T00:00:00.000Z');
          expect(Array.isArray(decision) || isRefusal(decision)).toBe(true);
          const parsed = parseMessage(name, { id: 'm-1', actor, data });
          if (!isRefusal(parsed))
            expect(decide(order, parsed, '2026-03-03T00:00:00.000Z')).not.toMatchObject({ refused: 'message.failed' });
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('it changes neither the order nor the message', () => {
    for (const status of orderStatus.options) {
      const { order } = orderAt[status]();
      const copy = structuredClone(order);
      for (const name of messageNames) {
        const data = { revision: 1, baseRevision: 1, changes: { payment: {} }, reason: 'No', asAgreed: true, stars: 5 };
        const before = structuredClone(data);
        for (const as of role.options) {
          const member = as === 'supplier' || as === 'buyer' ? order[as] : 'm';
          decide(order, { name, id: 'm-1', actor: { role: as, member }, data } as unknown as Message, order.updatedAt);
        }
        expect(data).toEqual(before);
      }
      expect(order).toEqual(copy);
    }
  });

  test('a message that is not in the table is refused by its name', () => {
    const strange = { name: 'ship', id: 'm-1', actor: { role: 'supplier', member: supplierId }, data: {} };
    expect(decide(given(drafted()).order, strange as unknown as Message, startsAt)).toMatchObject({
      refused: 'message.unknown',
      detail: 'ship',
    });
  });
});

/** Where an order may go from each status, in one message. */
const mayBecome: Record<OrderStatus, readonly OrderStatus[]> = {
  negotiating: ['awaiting-buyer', 'awaiting-supplier', 'cancelled', 'lapsed'],
  'awaiting-buyer': ['negotiating', 'awaiting-activation', 'awaiting-payment', 'cancelled', 'lapsed'],
  'awaiting-supplier': ['negotiating', 'awaiting-activation', 'awaiting-payment', 'cancelled', 'lapsed'],
  'awaiting-activation': ['awaiting-payment', 'cancelled'],
  'awaiting-payment': ['awaiting-shipment', 'closed-unpaid', 'cancelled', 'refunded'],
  'awaiting-shipment': ['awaiting-answer', 'awaiting-receipt', 'cancelled', 'refunded'],
  'awaiting-answer': ['awaiting-shipment', 'awaiting-balance', 'awaiting-reviews', 'cancelled', 'refunded'],
  'awaiting-receipt': ['awaiting-reviews', 'cancelled', 'refunded'],
  'awaiting-balance': ['awaiting-reviews', 'cancelled', 'refunded'],
  refunded: [],
  'awaiting-reviews': ['completed', 'cancelled', 'refunded'],
  completed: [],
  'closed-unpaid': [],
  cancelled: [],
  lapsed: [],
};

describe('random walks (fast-check)', () => {
  const revision = ({ order }: { order: Order | undefined }) => order?.revision ?? 1;
  const parties = { supplier, buyer };
  const side = fc.constantFrom<'supplier' | 'buyer'>('supplier', 'buyer');
  const number = fc.constantFrom('1', '2', '3');
  const customsTime = fc.integer({ min: 0, max: 6 }).map((n) => `2026-05-1${String(n)}T0${String(n)}:00:00Z`);
  const effectId = ({ order }: { order: Order | undefined }) => order?.effects[0]?.id ?? 'order-1:1:0';
  const payee = { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' };
  const refundPaid = effect('refundPaid', ({ order }) => ({
    effect: order?.effects.find(({ kind }) => kind === 'refund')?.id ?? 'order-1:1:0',
    reference: 're-1',
  }));

  /** Plausible messages: most fit somewhere, many come at a wrong moment. */
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: side.map((by) => parties[by]('confirm', (s) => ({ revision: revision(s) }))) },
    fc
      .record({ by: side, percent: fc.constantFrom(30, 50, 100), stale: fc.integer({ min: 0, max: 1 }) })
      .map(({ by, percent, stale }) =>
        parties[by]('revise', (s) => ({
          baseRevision: Math.max(1, revision(s) - stale),
          changes: { payment: { advancePercent: percent, methods: ['tt'] } },
        })),
      ),
    fc.constant(supplier('remindPayment')),
    {
      weight: 4,
      arbitrary: fc
        .record({ dollars: fc.constantFrom(500, 3_000, 7_000, 12_000), n: number, odd: fc.integer({ min: 0, max: 9 }) })
        .map(({ dollars, n, odd }) =>
          credited(dollars, `T${n}-${String(dollars)}`, {
            ...(odd === 0 && { currency: 'EUR' }),
            ...(odd === 1 && { account: 'va-0002' }),
            ...(odd >= 7 && { account: escrowAccount }),
          }),
        ),
    },
    { weight: 3, arbitrary: fc.tuple(number, number).map(([e, d]) => registered(`export-${e}`, `D${d}`)) },
    number.map((e) => supplier('cancelExport', { exportOrder: `export-${e}` })),
    { weight: 2, arbitrary: fc.constant(supplier('completeExport')) },
    { weight: 4, arbitrary: fc.tuple(number, customsTime).map(([d, t]) => released(`D${d}`, t)) },
    { weight: 2, arbitrary: fc.tuple(number, customsTime).map(([d, t]) => revoked(`D${d}`, t)) },
    { weight: 2, arbitrary: fc.boolean().map((asAgreed) => buyer('answerShipment', { asAgreed })) },
    side.map((by) => parties[by]('extendAnswer')),
    fc.constant(buyer('withdrawComplaint', {})),
    fc
      .constantFrom(...complaintKind.options)
      .map((kind) => buyer('complain', { kind, description: `complaint of ${kind}` })),
    fc.constantFrom(0, 500, 3_000, 10_000).map((dollars) => supplier('proposeSettlement', { refund: usd(dollars) })),
    fc
      .constantFrom(0, 500, 3_000, 10_000)
      .map((dollars) => buyer('proposeCancellation', { reason: 'No', refund: usd(dollars) })),
    {
      weight: 3,
      arbitrary: side.map((by) => parties[by]('acceptProposal', ({ order }) => ({ proposal: order?.proposals ?? 0 }))),
    },
    fc.constant(buyer('nameRefundAccount', { payee })),
    fc.constant(refundPaid),
    fc.constant(supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking })),
    fc.constant(carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now }))),
    fc.constant(carrier('goodsDelivered', ({ now }) => ({ tracking, deliveredAt: now }))),
    fc.constant(buyer('confirmReceipt')),
    {
      weight: 2,
      arbitrary: fc.tuple(side, fc.integer({ min: 1, max: 5 })).map(([by, stars]) => parties[by]('review', { stars })),
    },
    fc.constant(platform('supplierActivated')),
    fc
      .constantFrom(
        ...([
          'draftLapsed',
          'paymentLapsed',
          'answerTimedOut',
          'reviewClosed',
          'complaintUnanswered',
          'complaintOverdue',
          'complaintWindowClosed',
        ] as const),
      )
      .map((name) => clock(name)),
    fc.constant(accrued()),
    fc.constant(effect('effectFailed', (s) => ({ effect: effectId(s), reason: 'down' }))),
    fc.constant(platform('retryEffect', (s) => ({ effect: effectId(s) }))),
    fc.constantFrom(1, 16, 50, 91).map((days) => later({ days })),
    fc.constant(at((order) => deadlines(order)[0]?.at ?? order.updatedAt)),
    fc.constantFrom(
      meanwhile({ regions: regionsList('DE') }),
      meanwhile({ regions: regionsList() }),
      meanwhile({ supplier: aSupplier({ tradeAssurance: 'suspended' }) }),
      meanwhile({ supplier: aSupplier() }),
      meanwhile({ openCover: usd(19_000) }),
    ),
    side.map((by) => parties[by]('cancel', { reason: 'No' })),
    fc.constant(supplier('closeUnpaid')),
  );
  const beginnings = [
    drafted(),
    confirmed(),
    advancePaid(),
    shipped(),
    completed(),
    reviewed(),
    escrowConfirmed(),
    held(),
    receiptAwaited(),
  ];
  const walk = fc.tuple(
    fc.constantFrom(...beginnings),
    fc.constantFrom('activated' as const, 'activated' as const, 'applied' as const),
    fc.array(step, { minLength: 5, maxLength: 30 }),
  );

  /** Plays the walk and calls `check` after every message that was accepted with events. */
  function onEveryStep(check: (story: Story, before: OrderStatus | undefined) => void, numRuns = 300) {
    fc.assert(
      fc.property(walk, ([beginning, tradeAssurance, steps]) => {
        const isDraft = beginning === beginnings[0];
        const story = new Story(surroundings(isDraft ? { supplier: aSupplier({ tradeAssurance }) } : {})).play(
          beginning,
        );
        story.byTheBooks = true; // what the supplier may collect is what the story has paid it
        check(story, undefined);
        for (const each of steps) {
          const before = story.order.status;
          if (!Array.isArray(each) && 'say' in each) {
            const outcome = story.send(each);
            if (!isRefusal(outcome) && outcome.entry) check(story, before);
          } else story.play(each);
        }
      }),
      { numRuns },
    );
  }

  test('money is conserved: paid and suspended is what the bank has booked, and every currency sums to zero', () => {
    onEveryStep(({ order, journal, transfers }) => {
      const booked = new Map<string, number>();
      for (const { events } of journal)
        for (const event of events)
          if (event.type === 'paymentApplied' || event.type === 'paymentSuspended') {
            const { currency, amount } = event.amount;
            booked.set(currency, (booked.get(currency) ?? 0) + amount);
          }
      const changes = changesOf(transfers);
      for (const [currency, sum] of booked) {
        const paid = order.paid?.currency === currency ? order.paid.amount + order.excess : 0;
        const suspended = order.payments
          .filter((p) => p.suspended !== undefined && p.amount.currency === currency)
          .reduce((all, p) => all + p.amount.amount, 0);
        expect(paid + suspended).toBe(sum);
        const ofCurrency = changes.filter((c) => c.currency === currency);
        expect(ofCurrency.reduce((all, c) => all + c.change, 0)).toBe(0);
        const atTheBank = ofCurrency.filter((c) => c.account.startsWith('pair:')).reduce((all, c) => all - c.change, 0);
        expect(atTheBank).toBe(sum);
      }
      for (const { account, change } of changes) if (!account.startsWith('pair:')) expect(change).toBeGreaterThan(0);
      const { order: here, hold, supplier: collected } = order.purse;
      expect(here + hold + collected + order.refunded).toBe(order.paid?.amount ?? 0);
    });
  });

  test('every bank entry is booked once, with the amount that the bank named', () => {
    onEveryStep(({ order }) => {
      const entries = new Map<string, number>();
      for (const p of order.payments) {
        const key = `${p.account} ${p.entryReference}`;
        entries.set(key, (entries.get(key) ?? 0) + p.amount.amount);
      }
      for (const [key, sum] of entries)
        if (/ T\d-/.test(key)) expect(sum).toBe(usd(Number(key.split('-').at(-1))).amount);
    });
  });

  test('R18: the order keeps money only while it awaits its advance; nothing is paid beyond the total', () => {
    onEveryStep(({ order, transfers }) => {
      const onOrder = changesOf(transfers).find((c) => c.account === `order:${order.id}`)?.change ?? 0;
      if (order.status !== 'awaiting-payment') expect(onOrder).toBe(0);
      else expect(onOrder).toBe(order.paid?.amount ?? 0);
      if (order.total) expect(order.paid?.amount ?? 0).toBeLessThanOrEqual(order.total.amount);
    });
  });

  test('the status is always a legal one, and the order has its form', () => {
    onEveryStep(({ order }, before) => {
      expect(orderForm.safeParse(order).error).toBeUndefined();
      if (before !== undefined && before !== order.status) expect(mayBecome[before]).toContain(order.status);
      // R31 (reading): banks on the way may have kept up to USD 30 of the price.
      if (order.status === 'awaiting-balance')
        expect(outstanding(order).amount > usd(30).amount || openComplaint(order) !== undefined).toBe(true);
      if (['awaiting-reviews', 'completed'].includes(order.status))
        expect(outstanding(order).amount).toBeLessThanOrEqual(usd(30).amount);
      if (order.status === 'awaiting-answer') expect(order.exports.some((e) => !e.cancelled)).toBe(true);
      if (order.status === 'awaiting-receipt') expect(order.shipment?.tracking).toBe(tracking);
    });
  });

  test('an order that has come to its end stays open just as long as something is under way', () => {
    onEveryStep(({ order }) => {
      const { effects, refunds, complainBy, updatedAt } = order;
      const isOpen =
        effects.length > 0 ||
        refunds.some(({ state }) => state !== 'paid') ||
        openComplaint(order) !== undefined ||
        (complainBy !== undefined && complainBy > updatedAt);
      expect(order.endedAt === undefined).toBe(!isClosed(order) || isOpen);
      if (order.endedAt !== undefined) expect(order.cover?.reserved).toBeUndefined();
    });
  });

  test('what is not final has a deadline, or a message of a named role that moves it', () => {
    const now = '2030-01-01T00:00:00.000Z';
    const moves = (order: Order) => {
      const payment = {
        account: order.payTo ?? pairAccount,
        entryReference: 'new',
        amount: usd(1),
        method: 'tt' as const,
        valueDate: '2030-01-01',
      };
      const unreleased = order.exports.find((e) => !e.cancelled && e.customs?.word !== 'released');
      const goods = [{ hsCode: '94051100', name: 'LED lamps', quantity: 1, unit: 'piece', value: usd(1) }];
      return [
        supplier('cancel', { reason: 'No' }),
        supplier('closeUnpaid'),
        bank('paymentCredited', payment),
        supplier('registerExport', { exportOrder: 'export-new', declaration: 'D-new', goods }),
        supplier('completeExport'),
        released(unreleased?.declaration ?? 'none', now),
        buyer('answerShipment', { asAgreed: true }),
        buyer('withdrawComplaint', {}),
        accrued(),
        supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
        carrier('goodsShipped', { tracking, shippedAt: now }),
        buyer('confirmReceipt'),
        buyer('nameRefundAccount', { payee }),
        refundPaid,
        platform('retryEffect', (s) => ({ effect: effectId(s) })),
      ].filter((say) => {
        if (Array.isArray(say) || !('say' in say)) return false;
        const data: unknown =
          typeof say.data === 'function' ? (say.data as (s: object) => unknown)({ now, order }) : say.data;
        const outcome = play(order, say.say, data, { as: say.as, at: now, id: 'move' });
        return !isRefusal(outcome) && outcome.events.some(({ type }) => type !== 'paymentSuspended');
      });
    };
    onEveryStep(({ order }) => {
      if (order.endedAt !== undefined) expect(deadlines(order)).toEqual([]);
      else expect(deadlines(order).length + moves(order).length).toBeGreaterThan(0);
    });
  });

  test('every deadline, when it comes, does something', () => {
    onEveryStep(({ order }) => {
      for (const { at: due, message } of deadlines(order)) {
        const onTime = play(order, message, {}, { as: 'clock', at: due, id: 'due' });
        expect(isRefusal(onTime) ? 0 : onTime.events.length).toBeGreaterThan(0);
        const early = new Date(Date.parse(due) - 1).toISOString();
        expect(play(order, message, {}, { as: 'clock', at: early, id: 'early' })).toMatchObject({ events: [] });
      }
    });
  });

  test('a duplicate of any accepted message has no second effect, under its own id or a new one', () => {
    fc.assert(
      fc.property(walk, ([beginning, , steps]) => {
        const story = new Story().play(beginning);
        for (const each of steps) {
          if (Array.isArray(each) || !('say' in each)) {
            story.play(each);
            continue;
          }
          const data: unknown =
            typeof each.data === 'function'
              ? (each.data as (s: object) => unknown)({ now: story.now, order: story.order })
              : each.data;
          const now = story.now;
          const first = story.send({ ...each, data });
          if (isRefusal(first)) continue;
          for (const id of ['again', first.entry?.messageId ?? 'same']) {
            const second = play(story.order, each.say, data, { as: each.as, at: now, id, around: story.around });
            expect(isRefusal(second) ? [] : second.events).toEqual([]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('folding the journal gives the same order, in memory and through JSON', () => {
    onEveryStep(({ order, journal }) => {
      expect(fold(journal)).toEqual(order);
      expect(fold(JSON.parse(JSON.stringify(journal)) as JournalEntry[])).toEqual(JSON.parse(JSON.stringify(order)));
    }, 100);
  });

  test('customs’ words lead to the same shipping date in whatever order they arrive, until the buyer answers', () => {
    const word = fc.tuple(fc.constantFrom('D1', 'D2'), fc.constantFrom(released, revoked), customsTime);
    const key = ([d, , t]: [string, unknown, string]) => `${d} ${t}`;
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 6, selector: key }),
        fc.infiniteStream(fc.nat()),
        (words, keys) => {
          const registeredBoth: Step = [
            advancePaid(),
            registered('e1', 'D1'),
            registered('e2', 'D2'),
            supplier('completeExport'),
          ];
          const end = (order: typeof words) => {
            const { status, shippingDate, shippedOnTime, exports } = given(
              registeredBoth,
              order.map(([d, say, t]) => say(d, t)),
            ).order;
            return { status, shippingDate, shippedOnTime, exports };
          };
          const inTime = [...words].sort((a, b) => (a[2] < b[2] ? -1 : 1));
          const shuffled = words
            .map((w) => [keys.next().value, w] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, w]) => w);
          expect(end(shuffled)).toEqual(end(inTime));
          expect(end([...shuffled, ...words])).toEqual(end(inTime));
        },
      ),
      { numRuns: 300 },
    );
  });
});
