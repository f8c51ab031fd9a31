/** Ways into an order, by scheme and side (R23, R28, R46, R51), and the version of its policy that it keeps (R56). */
import { deadlines } from '../../domain/deadlines';
import { surchargeOf } from '../../domain/payment';
import { policyOf, schemeInForce, schemePolicies } from '../../domain/scheme';
import type { SchemePolicy } from '../../domain/scheme-policy';
import {
  aSupplier,
  at,
  buyer,
  captured,
  charged,
  clock,
  completeContract,
  confirmed,
  draftData,
  drafted,
  escrowContract,
  given,
  givenIn,
  later,
  meanwhile,
  supplier,
  usd,
} from '../support/builders';

type Scheme = 'trade-assurance' | 'secure-payment';
const contractOf = (scheme: Scheme) => (scheme === 'trade-assurance' ? completeContract() : escrowContract());
const drafts = (
  scheme: Scheme,
  kind: 'scratch' | 'purchase-order' | 'inquiry' | 'start-order' | 'buy-now',
  more = {},
) =>
  draftData({
    scheme,
    contract: contractOf(scheme),
    source: { kind, ...more },
    ...((kind === 'start-order' || kind === 'buy-now') && { confirm: true }),
  });
const schemes = ['trade-assurance', 'secure-payment'] as const;

describe('ways in (R23, R28, R46, R51)', () => {
  test.each(schemes)(
    'R23, R28: under %s the supplier drafts from nothing, a purchase order or the buyer’s intent',
    (scheme) => {
      for (const kind of ['scratch', 'purchase-order', 'inquiry'] as const)
        given()
          .when(supplier('draft', drafts(scheme, kind)))
          .then([{ type: 'orderDrafted', source: { kind } }]);
      for (const kind of ['start-order', 'buy-now'] as const)
        given()
          .when(supplier('draft', drafts(scheme, kind)))
          .thenRefused('order.way-in', `${kind} by the supplier`);
    },
  );

  test.each([
    ['trade-assurance', 'start-order', 'buy-now'],
    ['secure-payment', 'buy-now', 'start-order'],
  ] as const)('R23: under %s the buyer begins with %s, not with %s', (scheme, its, other) => {
    const confirms = { type: 'revisionConfirmed', revision: 1, by: 'buyer' } as const;
    given()
      .when(buyer('draft', drafts(scheme, its)))
      .then(['orderDrafted', confirms, ...(scheme === 'trade-assurance' ? (['coverOffered'] as const) : [])])
      .expectOrder({ status: 'awaiting-supplier' });
    given()
      .when(buyer('draft', drafts(scheme, other)))
      .thenRefused('order.way-in', `${other} by the buyer`);
  });

  test.each(schemes)(
    'R51: under %s the buyer contacts the supplier with an inquiry; the drafts of the back office are not its own',
    (scheme) => {
      given()
        .when(buyer('draft', drafts(scheme, 'inquiry')))
        .then(['orderDrafted']);
      for (const kind of ['scratch', 'purchase-order'] as const)
        given()
          .when(buyer('draft', drafts(scheme, kind)))
          .thenRefused('order.way-in', `${kind} by the buyer`);
    },
  );

  test('R51: nobody has confirmed an inquiry; the buyer alone has confirmed a Start Order', () => {
    given()
      .when(buyer('draft', { ...drafts('trade-assurance', 'inquiry'), confirm: true }))
      .thenRefused('order.way-in', 'nobody has confirmed an inquiry');
    given()
      .when(supplier('draft', { ...drafts('trade-assurance', 'inquiry'), confirm: true }))
      .thenRefused('order.way-in', 'nobody has confirmed an inquiry');
    given()
      .when(buyer('draft', { ...drafts('trade-assurance', 'start-order'), confirm: false }))
      .thenRefused('order.way-in', 'with start-order the buyer confirms at once');
    given()
      .when(buyer('draft', { ...drafts('secure-payment', 'buy-now'), confirm: false }))
      .thenRefused('order.way-in', 'with buy-now the buyer confirms at once');
  });

  test('R28: the supplier may confirm its own draft at once', () => {
    given()
      .when(
        supplier('draft', {
          ...drafts('trade-assurance', 'purchase-order', { reference: 'PO 4500127' }),
          confirm: true,
        }),
      )
      .then(['orderDrafted', { type: 'revisionConfirmed', by: 'supplier' }, 'coverOffered'])
      .expectOrder({ status: 'awaiting-buyer', source: { kind: 'purchase-order', reference: 'PO 4500127' } });
  });

  test.each(['product-page', 'minisite', 'quotation'] as const)('R46: buyers start from a page: %s', (page) => {
    given()
      .when(buyer('draft', drafts('trade-assurance', 'start-order', { page, reference: 'p-1' })))
      .then([{ type: 'orderDrafted', source: { page, reference: 'p-1' } }, 'revisionConfirmed', 'coverOffered']);
    given()
      .when(supplier('draft', drafts('trade-assurance', 'inquiry', { page })))
      .thenRefused('order.way-in', 'buyers start from a page');
  });

  test('R46: from no other page', () => {
    given()
      .when({ say: 'draft', as: 'buyer', data: drafts('trade-assurance', 'inquiry', { page: 'home' }) })
      .thenRefused('message.invalid', 'data.source.page');
  });
});

describe('policies in force by date (R56)', () => {
  const [first] = schemePolicies.filter(({ scheme }) => scheme === 'trade-assurance');
  if (!first) throw new Error('there is a policy of Trade Assurance');
  /** From the first of April: 10 days for the payment, 30 for drafts, cards at 3 % and up to USD 5,000, no e-checking. */
  const second: SchemePolicy = {
    ...first,
    id: 'trade-assurance/v2',
    effectiveFrom: '2026-04-01T00:00:00.000Z',
    paymentDays: 10,
    draftDays: 30,
    methods: [
      { method: 'tt', channel: 'bank', surchargeBasisPoints: 0 },
      { method: 'card', channel: 'processor', surchargeBasisPoints: 300, cap: usd(5_000) },
    ],
  };
  const all = schemePolicies as SchemePolicy[];
  beforeEach(() => all.push(second));
  afterEach(() => all.pop());
  const april = '2026-04-01T00:00:00.000Z';
  const byCard = completeContract({ payment: { methods: ['tt', 'card'] } });

  test('R56: the version in force is the newest that has taken effect, to the millisecond', () => {
    const inForce = (when: string) => schemeInForce('trade-assurance', when).id;
    expect(inForce('2026-03-31T23:59:59.999Z')).toBe('trade-assurance/v1');
    expect(inForce(april)).toBe('trade-assurance/v2');
    expect(schemeInForce('secure-payment', april).id).toBe('secure-payment/v1');
    expect(() => schemeInForce('trade-assurance', '2015-03-31T15:59:59.999Z')).toThrow(RangeError);
  });

  test('R56: an order keeps the version that both had confirmed under, whatever comes later', () => {
    const story = given(confirmed(byCard), at('2026-04-02T00:00:00.000Z')).expectOrder({
      policy: 'trade-assurance/v1',
      advance: usd(3_000),
      payBy: '2026-03-17T01:02:00.000Z',
    });
    expect(policyOf(story.order).paymentDays).toBe(15);
    expect(surchargeOf(story.order, 'card', usd(3_000))).toEqual(usd(84));
    story
      .when(charged('card-1', 6_000, 168), captured('card-1'))
      .then(['chargeCaptured', 'paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
  });

  test('R56: one that is confirmed from the date on has the new one', () => {
    const story = given(at(april), confirmed(byCard)).expectOrder({
      policy: 'trade-assurance/v2',
      advance: usd(3_000),
      payBy: '2026-04-11T00:02:00.000Z',
    });
    expect(surchargeOf(story.order, 'card', usd(3_000))).toEqual(usd(90));
    story.when(charged('card-1', 6_000, 180)).thenRefused('payment.method-cap', 'at most USD 5,000.00');
  });

  test('R56: what counts is when both had confirmed, not when one had', () => {
    given(drafted(byCard), supplier('confirm', { revision: 1 }), at(april))
      .when(buyer('confirm', { revision: 1 }))
      .then([
        'revisionConfirmed',
        'coverOffered',
        { type: 'orderConfirmed', policy: 'trade-assurance/v2' },
        'accountAssigned',
        { type: 'paymentOpened', payBy: '2026-04-11T00:00:00.000Z' },
      ]);
  });

  test('R56: what is confirmed must be what the version of the day offers', () => {
    const byCheck = completeContract({ payment: { methods: ['e-checking'] } });
    given(drafted(byCheck), supplier('confirm', { revision: 1 }), at(april))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'e-checking is not offered');
  });

  test('R55, R56: the supplier activates later: the days for the payment are still those that both confirmed under', () => {
    givenIn(
      { supplier: aSupplier({ tradeAssurance: 'applied' }) },
      confirmed(byCard),
      at('2026-04-02T00:00:00.000Z'),
      meanwhile({ supplier: aSupplier() }),
    )
      .when({ say: 'supplierActivated', as: 'platform', data: {} })
      .then([{ type: 'paymentOpened', payBy: '2026-04-17T00:00:00.000Z' }]);
  });

  test('R52, R56: a draft lapses by the version of its last revision', () => {
    const story = given(drafted());
    expect(deadlines(story.order)).toEqual([{ at: '2026-05-31T01:00:00.000Z', message: 'draftLapsed' }]);
    story.play(
      at(april),
      supplier('revise', { baseRevision: 1, changes: { payment: { advancePercent: 40, methods: ['tt'] } } }),
    );
    expect(deadlines(story.order)).toEqual([{ at: '2026-05-01T00:00:00.000Z', message: 'draftLapsed' }]);
    story
      .when(later({ days: 30 }), clock('draftLapsed'))
      .then([{ type: 'orderClosed', outcome: 'lapsed' }, 'orderEnded']);
  });

  test('R56: an order of a version that is not at hand is told so, and not run by another', () => {
    const { order } = given(at(april), confirmed(byCard));
    all.pop();
    expect(() => policyOf(order)).toThrow('trade-assurance/v2 is not known');
    all.push(second);
  });
});
