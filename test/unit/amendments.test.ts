/** Amending the contract once both have confirmed: price, advance, periods, cover (R2, R29, R31, R45, R52). */
import { deadlines } from '../../domain/deadlines';
import { isAdvancePaid, outstanding } from '../../domain/order';
import {
  aSupplier,
  advancePaid,
  at,
  buyer,
  clock,
  completeContract,
  confirmed,
  credited,
  drafted,
  escrowAccount,
  given,
  givenIn,
  held,
  meanwhile,
  registered,
  released,
  reviewed,
  shipped,
  supplier,
  total,
  usd,
  type Step,
} from '../support/builders';
import { accepts, complained, dateMissed, settled } from '../support/disputes';

const complete = completeContract();
/** The goods at another price: 400 panels and 500 lamps. */
const priced = (dollars: number) => ({
  product: {
    lines: [{ name: 'LED panel light', hsCode: '94051100', quantity: 1, unit: 'lot', unitPrice: usd(dollars) }],
  },
});
const shipBy = (date: string) => ({ shipping: { ...complete.shipping, shipBy: date } });
const amendTo = (changes: Partial<typeof complete>) => supplier('proposeAmendment', { changes });
const amended = (changes: Partial<typeof complete>): Step => [amendTo(changes), accepts(buyer)];

describe('amending the confirmed contract (R52)', () => {
  const panels = priced(12_000);

  test('R52: one side proposes, the other accepts, and the contract has another revision', () => {
    given(advancePaid())
      .when(buyer('proposeAmendment', { changes: shipBy('2026-07-31'), reason: 'Our warehouse moves' }))
      .then([{ type: 'proposalMade', proposal: 1, by: 'buyer', proposed: { kind: 'amendment' } }])
      .expectOrder({ revision: 1, contract: complete, proposal: { id: 1, by: 'buyer' } })
      .when(supplier('acceptProposal', { proposal: 1 }))
      .then([
        { type: 'proposalAccepted', proposal: 1, by: 'supplier' },
        { type: 'contractAmended', revision: 2, changes: shipBy('2026-07-31'), total },
      ])
      .expectOrder({ revision: 2, contract: { ...complete, ...shipBy('2026-07-31') }, proposal: undefined });
  });

  test('R52, R31: the price goes up: an advance that is in stays in, the rest is to be paid', () => {
    const { order } = given(advancePaid(), amendTo(panels))
      .when(accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', total: usd(12_000), advance: usd(3_000) },
        { type: 'coverReleased', amount: usd(10_000) },
        { type: 'coverReserved', amount: usd(12_000) },
      ])
      .expectOrder({ status: 'awaiting-shipment', advanceIn: true, total: usd(12_000) });
    expect(outstanding(order)).toEqual(usd(9_000));
  });

  test('R52, R57: the price goes down: what is too much goes back, from the supplier’s balance', () => {
    const paid: Step = [advancePaid(), credited(7_000, 'balance')];
    const { order } = given(paid, amendTo(priced(8_000)))
      .when(accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', total: usd(8_000), advance: usd(2_400) },
        { type: 'coverReleased', amount: usd(10_000) },
        { type: 'coverReserved', amount: usd(8_000) },
        { type: 'refundDue', amount: usd(2_000), why: 'amendment', sources: { supplier: 200_000, guarantee: 0 } },
      ])
      .expectOrder({ status: 'awaiting-shipment' });
    expect(outstanding(order)).toEqual(usd(0));
    givenIn({ balance: usd(1_999.99) }, paid, amendTo(priced(8_000)))
      .when(accepts(buyer))
      .thenRefused('supplier.balance-short')
      .expectOrder({ total, revision: 1, proposal: { id: 1 } });
  });

  test('R52: what went back for a lower price is to be paid again for a higher one', () => {
    const { order } = given(advancePaid(), credited(7_000, 'balance'), amended(priced(8_000)), amended(priced(9_000)));
    expect(outstanding(order)).toEqual(usd(1_000));
    given(advancePaid(), credited(7_000, 'balance'), amended(priced(8_000)), amended(priced(9_000)))
      .when(credited(1_000, 'rest'))
      .then(['paymentApplied', 'supplierPaid']);
  });

  test('R52, R20: a compensation lowers no price', () => {
    const story = given(advancePaid(), complained('quality-before-shipment'), settled(500), amended(priced(12_000)));
    expect(outstanding(story.order)).toEqual(usd(9_000));
    given(advancePaid(), credited(7_000, 'balance'), complained('quality-before-shipment'), settled(2_000))
      .when(amendTo(priced(9_000)), accepts(buyer))
      .then([
        'proposalAccepted',
        'contractAmended',
        'coverReleased',
        'coverReserved',
        { amount: usd(1_000), type: 'refundDue' },
      ]);
  });

  test('R31, R2: a price that comes down to the parts that are in makes them the advance', () => {
    given(confirmed(), credited(2_000, 'part'), amendTo(priced(6_000)))
      .when(accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', advance: usd(1_800) },
        'advanceCompleted',
        { type: 'coverReserved', amount: usd(6_000) },
        { type: 'supplierPaid', amount: usd(2_000) },
      ])
      .expectOrder({ status: 'awaiting-shipment' });
  });

  test('R29, R52: while the advance is not in, the 15 days begin anew', () => {
    const late: Step = [confirmed(), at((order) => order.payBy), clock('paymentLapsed')];
    const { order } = given(late, amendTo(panels))
      .when(at('2026-03-20T00:00:00.000Z'), accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', advance: usd(3_600), payBy: '2026-04-04T00:00:00.000Z' },
        { type: 'coverOffered', amount: usd(12_000) },
      ])
      .expectOrder({ payBy: '2026-04-04T00:00:00.000Z', paymentLapsed: false });
    expect(deadlines(order)).toEqual([{ at: '2026-04-04T00:00:00.000Z', message: 'paymentLapsed' }]);
    const { payBy } = given(advancePaid()).order;
    given(advancePaid(), amended(panels)).expectOrder({ payBy });
  });

  test('R31: banks may have kept a part of an advance that stays in', () => {
    const { order } = given(confirmed(), credited(2_975, 'advance'), amended(shipBy('2026-07-31')));
    expect(isAdvancePaid(order)).toBe(true);
    expect(order).toMatchObject({ status: 'awaiting-shipment', advance: usd(2_975) });
  });

  test('R2: a limit that is short then shortens the cover of a higher price, never the cover that was given', () => {
    const short = { limit: usd(11_000), openCover: usd(10_000) };
    given(advancePaid(), meanwhile(short), amendTo(panels))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'contractAmended', 'coverReleased', { type: 'coverReserved', amount: usd(11_000) }]);
    const fallen = { limit: usd(4_000), openCover: usd(10_000) };
    given(advancePaid(), meanwhile(fallen), amendTo(panels))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'contractAmended'])
      .expectOrder({ cover: { reserved: usd(10_000) } });
    given(advancePaid(), meanwhile(fallen), amendTo(priced(8_000)))
      .when(accepts(buyer))
      .then(['proposalAccepted', 'contractAmended', 'coverReleased', { type: 'coverReserved', amount: usd(8_000) }]);
  });

  test('R45: a destination that is not served is refused, by today’s list', () => {
    const toSudan = { shipping: { ...complete.shipping, destination: 'SD' } };
    given(advancePaid(), amendTo(toSudan))
      .when(accepts(buyer))
      .thenRefused('buyer.region-not-served')
      .expectOrder({ contract: complete, proposal: { id: 1 } });
  });

  test('R15, R43, R53: what could not be confirmed is not proposed either', () => {
    const toChina = { shipping: { ...complete.shipping, destination: 'CN' } };
    given(advancePaid()).when(amendTo(toChina)).thenRefused('order.inconsistent', 'must be exported');
    given(advancePaid())
      .when(supplier('proposeAmendment', { changes: { contacts: {} } }))
      .thenRefused('order.incomplete', 'contacts.supplier');
    given(held())
      .when(amendTo(priced(50_000.01)))
      .thenRefused('order.inconsistent', 'above the scheme’s limit');
    given(advancePaid()).when(amendTo(complete)).thenRefused('revision.empty');
    given(advancePaid())
      .when(supplier('proposeAmendment', { changes: {} }))
      .thenRefused('message.invalid', 'at least one module');
  });

  test('R33, R52: a missed date may be moved, which mends the breach; never into the past', () => {
    const { contacts } = completeContract({ contacts: { buyer: { name: 'Jan Brandt', email: 'jan@alster.example' } } });
    const missed: Step = [advancePaid(), at(dateMissed)];
    given(missed)
      .when(amendTo(shipBy('2026-06-30')))
      .thenRefused('revision.empty');
    given(missed)
      .when(amendTo(shipBy('2026-06-29')))
      .thenRefused('order.inconsistent', 'has passed');
    given(missed).when(amendTo({ contacts })).then(['proposalMade']);
    given(missed, amended(shipBy('2026-07-31')))
      .when(complained('late-shipment'))
      .thenRefused('complaint.not-now');
    given(missed, amended(shipBy('2026-07-31')), registered('export-1', 'D1'), supplier('completeExport'))
      .when(released('D1'))
      .then(['declarationReleased', { type: 'goodsShipped', onTime: true }]);
  });

  test('R52: before both have confirmed one revises; after shipment nothing is amended any more', () => {
    given(drafted()).when(amendTo(panels)).thenRefused('order.wrong-state', 'negotiating');
    given(shipped()).when(amendTo(panels)).thenRefused('order.wrong-state', 'awaiting-answer');
    given(advancePaid(), amendTo(panels), registered('export-1', 'D1'), supplier('completeExport'), released('D1'))
      .when(accepts(buyer))
      .thenRefused('order.wrong-state');
    given(reviewed()).when(amendTo(panels)).thenRefused('order.wrong-state');
  });

  test('R55: an order that waits for the supplier’s activation may be amended, too', () => {
    givenIn({ supplier: aSupplier({ tradeAssurance: 'applied' }) }, confirmed(), amendTo(panels))
      .when(accepts(buyer))
      .then(['proposalAccepted', { type: 'contractAmended', total: usd(12_000), advance: usd(3_600) }, 'coverOffered'])
      .expectOrder({ status: 'awaiting-activation', payBy: undefined });
  });

  test('R24: Secure Payment: a higher price is paid whole before shipment; until then the money lies with the order', () => {
    given(held(), amendTo(panels))
      .when(at('2026-03-20T00:00:00.000Z'), accepts(buyer))
      .then([
        'proposalAccepted',
        { type: 'contractAmended', total: usd(12_000), advance: usd(12_000), payBy: '2026-04-04T00:00:00.000Z' },
        'advanceUndone',
        { type: 'holdUndone', amount: total },
      ])
      .expectOrder({ status: 'awaiting-payment', purse: { order: 1_000_000, hold: 0 } })
      .when(credited(2_000, 'more', { account: escrowAccount }))
      .then(['paymentApplied', 'advanceCompleted', { type: 'moneyHeld', amount: usd(12_000) }]);
  });

  test('R22: Secure Payment: what is too much goes back out of what is held', () => {
    given(held(), amendTo(priced(9_000)))
      .when(accepts(buyer))
      .then([
        'proposalAccepted',
        'contractAmended',
        { type: 'refundDue', amount: usd(1_000), sources: { hold: 100_000, supplier: 0 } },
      ])
      .expectOrder({ purse: { hold: 900_000 } });
  });
});
