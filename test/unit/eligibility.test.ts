/** Who may trade: R12, R13, R40–R45, R58. */
import {
  aBuyer,
  aSupplier,
  buyer,
  completeContract,
  completed,
  confirmed,
  credited,
  draftData,
  drafted,
  given,
  givenIn,
  meanwhile,
  regionsList,
  shipped,
  supplier,
} from '../support/builders';

const startOrder = buyer('draft', draftData({ source: { kind: 'start-order' }, confirm: true }));
const inquiry = buyer('draft', draftData({ source: { kind: 'inquiry' }, contract: {} }));

describe('the supplier', () => {
  test.each(['HK', 'TW', 'MO', 'DE'])('R12: a supplier registered in %s has no Trade Assurance', (country) => {
    givenIn({ supplier: aSupplier({ country }) })
      .when(drafted())
      .thenRefused('supplier.not-china', country);
    givenIn({ supplier: aSupplier({ country }) })
      .when(startOrder)
      .thenRefused('supplier.not-china');
  });

  test.each(['overseas-free', 'overseas-paid', 'domestic-free'] as const)(
    'R12: a member with a %s account is no China supplier',
    (account) => {
      givenIn({ supplier: aSupplier({ account }) })
        .when(drafted())
        .thenRefused('supplier.not-a-supplier', account);
    },
  );

  test.each(['none', 'applied'] as const)('R13: activation “%s” takes no Start Order', (tradeAssurance) => {
    givenIn({ supplier: aSupplier({ tradeAssurance }) })
      .when(startOrder)
      .thenRefused('supplier.not-activated');
  });

  test.each(['none', 'applied'] as const)(
    'R5 (reading): with activation “%s” the two may negotiate',
    (tradeAssurance) => {
      givenIn({ supplier: aSupplier({ tradeAssurance }) })
        .when(drafted())
        .then(['orderDrafted']);
      givenIn({ supplier: aSupplier({ tradeAssurance }) })
        .when(inquiry)
        .then(['orderDrafted']);
      givenIn({ supplier: aSupplier({ tradeAssurance }) })
        .when(supplier('draft', draftData({ confirm: true })))
        .then(['orderDrafted', 'revisionConfirmed', 'coverOffered']);
    },
  );

  test('R58: a suspended supplier gets no new order, from neither side', () => {
    const suspended = { supplier: aSupplier({ tradeAssurance: 'suspended' }) };
    givenIn(suspended).when(drafted()).thenRefused('supplier.suspended');
    givenIn(suspended).when(inquiry).thenRefused('supplier.suspended');
    givenIn(suspended).when(startOrder).thenRefused('supplier.suspended');
  });

  test('R58 (reading): an order begun before the suspension may still be confirmed and paid', () => {
    given(
      drafted(),
      meanwhile({ supplier: aSupplier({ tradeAssurance: 'suspended' }) }),
      supplier('confirm', { revision: 1 }),
    )
      .when(buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered', 'orderConfirmed', 'accountAssigned', 'paymentOpened']);
  });

  test('R58 (reading): orders that are open go on', () => {
    const suspended = meanwhile({ supplier: aSupplier({ tradeAssurance: 'suspended' }) });
    given(confirmed(), suspended)
      .when(credited(3_000, 'T1'))
      .then(['paymentApplied', 'advanceCompleted', 'coverReserved', 'supplierPaid']);
    given(shipped(), suspended)
      .when(buyer('answerShipment', { asAgreed: true }))
      .then(['shipmentAccepted']);
    given(completed(), suspended)
      .when(buyer('review', { stars: 1 }))
      .then(['reviewGiven']);
  });

  test('a member that does not exist', () => {
    givenIn({ supplier: undefined }).when(drafted()).thenRefused('member.not-found', 'supplier sup-');
    givenIn({ buyer: undefined }).when(drafted()).thenRefused('member.not-found', 'buyer buy-');
  });
});

describe('the buyer', () => {
  test.each(['overseas-free', 'overseas-paid'] as const)('R40: an %s account may buy', (account) => {
    givenIn({ buyer: aBuyer({ account }) })
      .when(startOrder)
      .then(['orderDrafted', 'revisionConfirmed', 'coverOffered']);
  });

  test.each(['domestic-free', 'china-supplier'] as const)('R41: with a %s account the draft fails', (account) => {
    const around = { buyer: aBuyer({ account, country: 'CN' }) };
    givenIn(around).when(startOrder).thenRefused('buyer.account-not-eligible', account);
    givenIn(around).when(drafted()).thenRefused('buyer.account-not-eligible', account);
  });

  test('R42: an overseas buyer may be in China', () => {
    givenIn({ buyer: aBuyer({ city: 'Guangzhou', country: 'DE' }) })
      .when(startOrder)
      .then(['orderDrafted', 'revisionConfirmed', 'coverOffered']);
  });
});

describe('the goods leave China', () => {
  test('R43: a consignee in China cannot be confirmed', () => {
    given(drafted(completeContract({ shipping: { destination: 'CN' } })))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('order.inconsistent', 'shipping.destination: the goods must be exported');
  });

  test('R44: ex works, handed to the buyer’s forwarder in China, is allowed', () => {
    given(drafted(completeContract({ shipping: { incoterm: 'EXW' } })), supplier('confirm', { revision: 1 }))
      .when(buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered', 'orderConfirmed', 'accountAssigned', 'paymentOpened']);
  });
});

describe('countries that are not served (R45)', () => {
  test.each(['IR', 'KP', 'MM', 'SY', 'CU', 'SD', 'EG'])('R45: a buyer registered in %s cannot draft', (country) => {
    givenIn({ buyer: aBuyer({ country }) })
      .when(inquiry)
      .thenRefused('buyer.region-not-served', `registered in ${country} \\(regions/v1\\)`);
  });

  test('R45: neither can a supplier draft for such a buyer', () => {
    givenIn({ buyer: aBuyer({ country: 'IR' }) })
      .when(drafted())
      .thenRefused('buyer.region-not-served');
  });

  test('R45: a destination there is refused at the draft, at the confirmation, and at the payment', () => {
    given()
      .when(drafted(completeContract({ shipping: { destination: 'SY' } })))
      .thenRefused('buyer.region-not-served', 'destination SY');
    given(
      drafted(),
      buyer('revise', {
        baseRevision: 1,
        changes: { shipping: { ...completeContract().shipping, destination: 'SY' } },
      }),
    )
      .when(buyer('confirm', { revision: 2 }))
      .thenRefused('buyer.region-not-served', 'destination SY');
    given(confirmed(), meanwhile({ regions: regionsList('DE') }))
      .when(credited(3_000, 'T1'))
      .then([{ type: 'paymentSuspended', reason: 'buyer.region-not-served' }]);
  });

  test('R45, R56: today’s list counts, not that of the draft', () => {
    given(drafted(), supplier('confirm', { revision: 1 }), meanwhile({ regions: regionsList('DE') }))
      .when(buyer('confirm', { revision: 1 }))
      .thenRefused('buyer.region-not-served', 'registered in DE')
      .when(meanwhile({ regions: regionsList('IR') }), buyer('confirm', { revision: 1 }))
      .then(['revisionConfirmed', 'coverOffered', 'orderConfirmed', 'accountAssigned', 'paymentOpened']);
  });
});
