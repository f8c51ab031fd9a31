/** Withdrawals of a supplier's money: fees, refusals, and where the money is at each step (R9, R18, R27). */
import { account, changesOf, transfer } from '../../domain/ledger';
import { isRefusal, type Refusal } from '../../domain/refusal';
import {
  endWithdrawal,
  repeatedWithdrawal,
  reserveWithdrawal,
  withdrawal,
  withdrawalRequest,
  withdrawalTransfers,
  type Withdrawal,
  type WithdrawalRequest,
} from '../../domain/withdrawal';
import { withdrawalPolicy } from '../../domain/withdrawal-policy';
import { startsAt, supplierId, usd } from '../support/builders';
import { asking, holding, ownPayee, policy, securePayment, yuan } from '../support/funds-builders';

const later = '2026-03-03T01:00:00.000Z';

const reserve = (request: WithdrawalRequest, funds = holding({ 'order-1': 300_000 })) =>
  reserveWithdrawal(request, { funds, payees: [ownPayee], policy }, startsAt);

function reserved(request: WithdrawalRequest, funds = holding({ 'order-1': 300_000 })): Withdrawal {
  const answer = reserve(request, funds);
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

const codeOf = (answer: Withdrawal | Refusal) => (isRefusal(answer) ? answer.refused : answer.state);

describe('R9 the fee of a withdrawal', () => {
  const [ofTa, ofSp] = [holding({ 'order-1': 300_000 }), holding({ 'order-1': 300_000 }, {}, securePayment)];
  const asked = { USD: asking({ 'order-1': usd(100) }), CNY: asking({ 'order-1': yuan(100) }, { channel: 'CNY' }) };

  it.each([
    ['Trade Assurance', 'USD', ofTa, 0],
    ['Trade Assurance', 'CNY', ofTa, 0],
    ['Secure Payment', 'CNY', ofSp, 0],
    ['Secure Payment', 'USD', ofSp, 1500],
  ] as const)('%s by the %s channel', (_, channel, funds, fee) => {
    const answer = reserved(asked[channel], funds);
    expect(answer).toMatchObject({ state: 'reserved', policy: 'withdrawal/v1', amount: { amount: 10_000 } });
    expect(answer.fee).toEqual({ amount: fee, currency: channel });
    expect(answer.payout).toEqual({ amount: 10_000 - fee, currency: channel });
  });

  it('is taken once, however many orders the withdrawal holds, if one of them is of Secure Payment', () => {
    const funds = holding({ a: 10_000, b: 20_000, c: 30_000 });
    const mixed = {
      ...funds,
      orders: funds.orders.map((o) => (o.order === 'a' ? o : { ...o, scheme: securePayment })),
    };
    const answer = reserved(asking({ a: usd(100), b: usd(200), c: usd(300) }), mixed);
    expect(answer).toMatchObject({ amount: usd(600), fee: usd(15), payout: usd(585) });
    expect(reserved(asking({ a: usd(100) }), mixed).fee).toEqual(usd(0));
  });

  it('is data: every scheme and channel has one, in the channel’s currency', () => {
    expect(withdrawalPolicy.safeParse(policy).success).toBe(true);
    const wrong = structuredClone(policy) as { fees: Record<string, Record<string, { currency: string }>> };
    wrong.fees['secure-payment']!.USD!.currency = 'CNY';
    expect(withdrawalPolicy.safeParse(wrong).success).toBe(false);
  });

  it('leaves something to pay out, else the withdrawal is refused', () => {
    const funds = holding({ 'order-1': 300_000 }, {}, securePayment);
    expect(codeOf(reserve(asking({ 'order-1': usd(15) }), funds))).toBe('withdrawal.below-fee');
    expect(reserved(asking({ 'order-1': usd(15.01) }), funds).payout).toEqual(usd(0.01));
  });
});

describe('R9 a withdrawal is refused', () => {
  const stranger = holding({ 'order-1': 300_000 });
  const ofAnother = { ...stranger, orders: stranger.orders.map((o) => ({ ...o, supplier: 'sup-other' })) };

  it.each([
    ['of an order that does not exist', asking({ nowhere: usd(1) }), undefined, 'funds.order-not-yours'],
    ['of another supplier’s order', asking({ 'order-1': usd(1) }), ofAnother, 'funds.order-not-yours'],
    ['of more than the order has paid', asking({ 'order-1': usd(3000.01) }), undefined, 'funds.amount-exceeds-order'],
    [
      'of more than one order has paid, though the balance would do',
      asking({ a: usd(30), b: usd(1) }),
      holding({ a: 2_999, b: 300_000 }),
      'funds.amount-exceeds-order',
    ],
    [
      'of an order that has paid back more than it had',
      asking({ a: usd(1) }),
      holding({ a: -500 }, { balance: 100_000 }),
      'funds.amount-exceeds-order',
    ],
    [
      'when the balance has gone elsewhere meanwhile',
      asking({ a: usd(20), b: usd(20) }),
      holding({ a: 2_000, b: 2_000 }, { balance: 3_999 }),
      'funds.balance-short',
    ],
    [
      'of dollars by the CNY channel',
      asking({ 'order-1': usd(1) }, { channel: 'CNY' }),
      undefined,
      'withdrawal.channel',
    ],
    ['of CNY by the USD channel', asking({ 'order-1': yuan(1) }), undefined, 'withdrawal.channel'],
    [
      'for another supplier',
      asking({ 'order-1': usd(1) }, { by: { role: 'supplier', member: 'sup-other' } }),
      undefined,
      'actor.not-a-party',
    ],
    [
      'by a buyer',
      asking({ 'order-1': usd(1) }, { by: { role: 'buyer', member: supplierId } }),
      undefined,
      'actor.role-not-allowed',
    ],
  ])('%s', (_, request, funds, code) => {
    expect(codeOf(reserve(request, funds))).toBe(code);
  });

  it.each([
    ['no order', { orders: [] }],
    ['an order twice', { orders: [1, 2].map((n) => ({ order: 'order-1', amount: usd(n) })) }],
    [
      'two currencies',
      {
        orders: [
          { order: 'a', amount: usd(1) },
          { order: 'b', amount: yuan(1) },
        ],
      },
    ],
    ['nothing', { orders: [{ order: 'a', amount: usd(0) }] }],
    ['less than nothing', { orders: [{ order: 'a', amount: { amount: -1, currency: 'USD' } }] }],
    ['part of a cent', { orders: [{ order: 'a', amount: { amount: 1.5, currency: 'USD' } }] }],
    ['another channel', { channel: 'EUR' }],
    ['an account that is none', { payee: { name: 'X', account: 'no account' } }],
    ['a field that nobody knows', { haste: true }],
  ])('as malformed: %s', (_, changes) => {
    expect(withdrawalRequest.safeParse({ ...asking({ 'order-1': usd(1) }), ...changes }).success).toBe(false);
  });

  it('when its id stands for another one; the same one again is the same, whatever the order of its fields', () => {
    const request = asking({ 'order-1': usd(1) });
    const stands = reserved(request);
    const { id, payee, ...rest } = request;
    expect(repeatedWithdrawal(stands, { payee, ...rest, id })).toBe(stands);
    for (const other of [{ channel: 'CNY' as const }, { orders: asking({ 'order-1': usd(2) }).orders }])
      expect(codeOf(repeatedWithdrawal(stands, { ...request, ...other }))).toBe('message.id-reused');
  });
});

describe('R9 the way of the money', () => {
  const funds = holding({ a: 10_000, b: 20_000 }, {}, securePayment);
  const open = reserved(asking({ a: usd(100), b: usd(200) }), funds);
  const paid = endWithdrawal(open, { status: 'paid', reference: 'bank-1' }, later);
  const putBack = endWithdrawal(open, { status: 'refused', reason: 'account-closed' }, later);

  it('is reserved, each order’s part by itself', () => {
    expect(withdrawalTransfers(open)).toMatchObject([
      {
        order: 'a',
        kind: 'withdrawal-reserved',
        from: account.supplier(supplierId),
        to: 'withdrawal:w-1',
        amount: usd(100),
      },
      {
        order: 'b',
        kind: 'withdrawal-reserved',
        from: account.supplier(supplierId),
        to: 'withdrawal:w-1',
        amount: usd(200),
      },
    ]);
  });

  it('is paid: the bank has the payout, the platform the fee, nothing stays reserved', () => {
    expect(paid).toMatchObject({ state: 'paid', bankReference: 'bank-1', endedAt: later });
    expect(changesOf([...withdrawalTransfers(open), ...withdrawalTransfers(paid)])).toEqual([
      { account: account.supplier(supplierId), currency: 'USD', change: -30_000 },
      { account: 'bank', currency: 'USD', change: 28_500 },
      { account: 'withdrawal-fees', currency: 'USD', change: 1_500 },
    ]);
  });

  it('is refused by the bank: put back whole, the fee too, order by order', () => {
    expect(putBack).toMatchObject({ state: 'put-back', reason: 'account-closed' });
    expect(withdrawalTransfers(putBack).map(({ order, amount }) => [order, amount])).toEqual([
      ['a', usd(100)],
      ['b', usd(200)],
    ]);
    expect(changesOf([...withdrawalTransfers(open), ...withdrawalTransfers(putBack)])).toEqual([]);
  });

  it('ends once: a second word of the bank changes nothing', () => {
    expect(endWithdrawal(paid, { status: 'refused', reason: 'late' }, later)).toBe(paid);
    expect(endWithdrawal(putBack, { status: 'paid', reference: 'late' }, later)).toBe(putBack);
  });

  it('has the forms that the store keeps, and postings with ids of their own', () => {
    for (const state of [open, paid, putBack]) expect(withdrawal.parse(state)).toEqual(state);
    const postings = [open, paid, putBack].flatMap(withdrawalTransfers);
    for (const posting of postings) expect(transfer.parse(posting)).toEqual(posting);
    expect(new Set(postings.map(({ id }) => id)).size).toBe(postings.length);
  });

  it('never ends before it began, whatever another machine’s clock says', () => {
    expect(endWithdrawal(open, { status: 'paid', reference: 'x' }, '2020-01-01T00:00:00.000Z').endedAt).toBe(startsAt);
  });
});
