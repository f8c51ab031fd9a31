/** What goes out through the outside parties: refunds, payouts, and foreign money sold for CNY, each once for its key. */
import { moneyOf } from '../../domain/money';
import { usd } from '../support/builders';
import { charge, effect, hastyMs, Sandbox } from '../support/partners';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = new Sandbox();
  await sandbox.open();
});
afterAll(() => sandbox.close());

const payOut = (key: string, account: string) => ({
  key,
  amount: usd(250),
  to: { name: 'Ningbo Lighting', account, bank: 'BKCHCNBJ' },
  reference: 'Withdrawal 1',
});

describe('a refund', () => {
  const charged = async (token = 'tok_ok') => {
    const key = effect();
    await sandbox.card().charge(charge(key, token));
    return key;
  };
  const refund = (of: string, amount = usd(1000), key = effect()) => sandbox.card().refund({ key, charge: of, amount });

  test('is made once for its key', async () => {
    const [of, key] = [await charged(), effect()];
    const answer = await refund(of, usd(1000), key);
    expect(answer).toEqual({ status: 'refunded', reference: expect.any(String) });
    expect(await refund(of, usd(1000), key)).toEqual(answer);
    expect(await sandbox.receiver.about(key)).toMatchObject([{ type: 'refund.paid', key }]);
  });

  test('never gives back more than was charged, however many are asked for at once', async () => {
    const of = await charged();
    const answers = await Promise.all([0, 1, 2, 3].map(() => refund(of, usd(300))));
    expect(answers.map(({ status }) => status).sort()).toEqual(['failed', 'refunded', 'refunded', 'refunded']);
    expect(await refund(of, usd(129))).toEqual({ status: 'failed', reason: 'more-than-charged' });
    expect(await refund(of, usd(128))).toMatchObject({ status: 'refunded' });
  });

  test('fails with its reason', async () => {
    expect(await refund(effect())).toEqual({ status: 'failed', reason: 'unknown-charge' });
    expect(await refund(await charged('tok_declined'))).toEqual({ status: 'failed', reason: 'charge-declined' });
    expect(await refund(await charged(), moneyOf(1, 'EUR'))).toEqual({ status: 'failed', reason: 'wrong-currency' });
    const key = effect();
    expect(await refund(await charged('tok_refund_failed'), usd(1), key)).toEqual({
      status: 'failed',
      reason: 'card-closed',
    });
    expect(await sandbox.receiver.about(key)).toMatchObject([{ type: 'refund.failed', reason: 'card-closed' }]);
  });

  test('may take a while', async () => {
    const [of, key] = [await charged('tok_refund_slow'), effect()];
    expect(await refund(of, usd(5), key)).toEqual({ status: 'pending' });
    expect(await sandbox.receiver.about(key)).toMatchObject([{ type: 'refund.paid' }]);
    expect(await refund(of, usd(5), key)).toMatchObject({ status: 'refunded' });
  });
});

describe('a payout', () => {
  test('is paid, or refused with a reason, by the payee’s account', async () => {
    const [paid, refused] = [effect(), effect()];
    expect(await sandbox.bank().payOut(payOut(paid, 'CN-6222-8888'))).toEqual({
      status: 'paid',
      reference: expect.any(String),
    });
    expect(await sandbox.bank().payOut(payOut(refused, 'CN-6222-0001'))).toEqual({
      status: 'refused',
      reason: 'account-closed',
    });
    expect(await sandbox.receiver.about(refused)).toMatchObject([{ type: 'payout.refused', reason: 'account-closed' }]);
    expect(await sandbox.receiver.about(paid)).toMatchObject([{ type: 'payout.paid' }]);
  });

  test('that is pending is paid or refused later', async () => {
    const [paid, refused] = [effect(), effect()];
    expect(await sandbox.bank().payOut(payOut(paid, 'CN-6222-0002'))).toEqual({ status: 'pending' });
    expect(await sandbox.bank().payOut(payOut(refused, 'CN-6222-0003'))).toEqual({ status: 'pending' });
    expect(await sandbox.receiver.about(paid)).toMatchObject([{ type: 'payout.paid' }]);
    expect(await sandbox.receiver.about(refused)).toMatchObject([{ type: 'payout.refused', reason: 'name-mismatch' }]);
    expect(await sandbox.bank().find(refused)).toEqual({ status: 'refused', reason: 'name-mismatch' });
  });

  test('answers too late, and tells twice', async () => {
    const [late, twice] = [effect(), effect()];
    await expect(sandbox.bank(hastyMs).payOut(payOut(late, 'CN-6222-0004'))).rejects.toThrow('no answer within');
    expect(await sandbox.bank(hastyMs).payOut(payOut(late, 'CN-6222-0004'))).toMatchObject({ status: 'paid' });
    await sandbox.bank().payOut(payOut(twice, 'CN-6222-0005'));
    expect(await sandbox.receiver.about(twice, 2)).toHaveLength(2);
    expect(await sandbox.receiver.about(late)).toHaveLength(1);
  });
});

describe('a sale of foreign money', () => {
  test('is done once, at the rate of its quote', async () => {
    const quote = await sandbox.bank().quote({ sell: usd(10_000), buy: 'CNY' });
    expect(quote).toMatchObject({ sell: usd(10_000), buy: moneyOf(7_152_300, 'CNY') });
    const key = effect();
    const done = await sandbox.bank().convert({ key, quote: quote.quote });
    expect(done).toEqual({ status: 'done', reference: expect.any(String), sell: quote.sell, buy: quote.buy });
    expect(await sandbox.bank().convert({ key, quote: quote.quote })).toEqual(done);
    expect(await sandbox.bank().convert({ key: effect(), quote: quote.quote })).toEqual({
      status: 'refused',
      reason: 'used',
    });
    expect(await sandbox.bank().convert({ key: effect(), quote: 'quote-of-nobody' })).toEqual({
      status: 'refused',
      reason: 'unknown-quote',
    });
  });

  test('two at once by one quote: one is done', async () => {
    const { quote } = await sandbox.bank().quote({ sell: usd(50), buy: 'CNY' });
    const answers = await Promise.all([1, 2].map(() => sandbox.bank().convert({ key: effect(), quote })));
    expect(answers.map(({ status }) => status).sort()).toEqual(['done', 'refused']);
  });

  test('CNY is not sold for CNY', async () => {
    const wish = { sell: moneyOf(1, 'CNY'), buy: 'CNY' } as const;
    await expect(sandbox.bank().quote(wish)).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
