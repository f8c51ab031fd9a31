/** A withdrawal survives whatever happens to the worker, the bank and its call-backs, with one outcome (R9). */
import { WorkflowNotFoundError } from '@temporalio/client';
import { account } from '../../domain/ledger';
import { payoutKey, type Withdrawal } from '../../domain/withdrawal';
import { payoutSettledSignal, reservedUpdate, withdrawalWorkflowId } from '../../workflows/funds-contract';
import { usd } from '../support/builders';
import { asking } from '../support/funds-builders';
import { FundsStory } from '../support/funds-time';
import { refusalOf, TimeSkipping } from '../support/time-skipping';

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

const paid = { status: 'paid', reference: 'bank-1' } as const;
const refused = { status: 'refused', reason: 'account-closed' } as const;
const pending = { status: 'pending' } as const;

const asPaid = ['withdrawal-reserved', 'withdrawal-paid'];
const asPutBack = ['withdrawal-reserved', 'withdrawal-put-back'];

describe('R9 a withdrawal', () => {
  it('reserves the money before the bank is asked, pays out less the fee, and the fee is earned only then', () =>
    FundsStory.play(time, async (story) => {
      const { bank, funds } = story;
      const seen: number[] = [];
      bank.before = (_, key) => {
        const id = key.slice(payoutKey('').length);
        seen.push(
          story.balance(),
          funds.balance(account.withdrawal(id), 'USD'),
          funds.balance('withdrawal-fees', 'USD'),
        );
      };
      const { id, handle } = await story.withdraw({ ta: usd(400), sp: usd(600) });
      await expect(handle.result()).resolves.toMatchObject({
        state: 'paid',
        bankReference: 'bank-1',
        payout: usd(985),
      });
      expect(seen.slice(0, 3)).toEqual([100_000, 100_000, 0]);
      expect(bank.payouts.get(payoutKey(id))?.asked).toMatchObject({ amount: usd(985), reference: id });
      expect(story.balance()).toBe(100_000);
      expect(funds.balance('withdrawal-fees', 'USD')).toBe(1_500);
      expect(funds.balance('bank', 'USD')).toBe(98_500);
    }));

  it('that the bank refuses is put back whole, the fee too', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = refused;
      const { handle } = await story.withdraw({ ta: usd(400), sp: usd(600) });
      await expect(handle.result()).resolves.toMatchObject({ state: 'put-back', reason: 'account-closed' });
      expect(story.balance()).toBe(200_000);
      expect(story.funds.balance('withdrawal-fees', 'USD')).toBe(0);
    }));

  it('of more than there is fails with the reason, moves nothing, and its id may be used again', () =>
    FundsStory.play(time, async (story) => {
      const { id, handle } = await story.withdraw({ ta: usd(1_000.01) });
      expect(await refusalOf(handle.result())).toBe('funds.amount-exceeds-order');
      expect(story.kinds()).toEqual([]);
      const again = await story.withdraw({ ta: usd(1_000) }, id);
      await expect(again.handle.result()).resolves.toMatchObject({ state: 'paid' });
    }));

  it('with an input of another form fails at once', () =>
    FundsStory.play(time, async (story) => {
      const handle = await story.start('withdrawal', 'ta-withdrawal-bad', { ...asking({ ta: usd(1) }), haste: true });
      expect(await refusalOf(handle.result())).toBe('message.invalid');
    }));

  it('answers its caller once the money is reserved, and refuses another body under its id', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      const { request, handle } = await story.withdraw({ ta: usd(400) });
      const ask = (body: unknown) => handle.executeUpdate<Withdrawal, [unknown]>(reservedUpdate, { args: [body] });
      await expect(ask(request)).resolves.toMatchObject({ amount: usd(400), fee: usd(0) });
      expect(await refusalOf(ask({ ...request, orders: asking({ ta: usd(1) }).orders }))).toBe('message.id-reused');
      expect(await refusalOf(ask('nonsense'))).toBe('message.invalid');
    }));
});

describe('R9 a payout that the bank has not decided', () => {
  it('waits for the call-back; a second call-back changes nothing', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      const { id, handle } = await story.withdraw({ ta: usd(400) });
      await story.bank.askedFor(payoutKey(id));
      await handle.signal(payoutSettledSignal); // too early: the bank itself does not know yet
      story.bank.settle(payoutKey(id), paid);
      await Promise.all([handle.signal(payoutSettledSignal), handle.signal(payoutSettledSignal)]);
      await expect(handle.result()).resolves.toMatchObject({ state: 'paid' });
      await expect(handle.signal(payoutSettledSignal)).rejects.toThrow(WorkflowNotFoundError);
      expect(story.kinds()).toEqual(asPaid);
      expect(story.bank.payouts.size).toBe(1);
    }));

  it('is put back when the call-back was of a refusal', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      const { id, handle } = await story.withdraw({ ta: usd(400) });
      await story.bank.askedFor(payoutKey(id));
      story.bank.settle(payoutKey(id), refused);
      await handle.signal(payoutSettledSignal);
      await expect(handle.result()).resolves.toMatchObject({ state: 'put-back' });
      expect(story.kinds()).toEqual(asPutBack);
    }));

  it('is asked about when no call-back comes; one that comes late finds it ended', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      const { id, handle } = await story.withdraw({ ta: usd(400) });
      await story.bank.askedFor(payoutKey(id));
      await time.environment.sleep('4 minutes');
      expect(await handle.query<Withdrawal>('view')).toMatchObject({ state: 'with-bank' });
      story.bank.settle(payoutKey(id), paid);
      await time.environment.sleep('2 minutes');
      await expect(handle.result()).resolves.toMatchObject({ state: 'paid' });
      await expect(handle.signal(payoutSettledSignal)).rejects.toThrow(WorkflowNotFoundError);
      expect(story.kinds()).toEqual(asPaid);
    }));

  it('is asked about ever more seldom, and for as long as it takes', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      const { id, handle } = await story.withdraw({ ta: usd(400) });
      await story.bank.askedFor(payoutKey(id));
      await time.days(30);
      const asked = story.funds.attempts.payOutWithdrawal ?? 0;
      expect(asked).toBeGreaterThan(120);
      expect(asked).toBeLessThan(130);
      story.bank.settle(payoutKey(id), paid);
      await expect(handle.result()).resolves.toMatchObject({ state: 'paid' });
    }));

  it('loses no call-back that comes before the bank’s own answer', () =>
    FundsStory.play(time, async (story) => {
      const id = 'w-early';
      const { bank } = story;
      bank.next = pending;
      bank.before = async (what, key) => {
        if (what === 'payOut') await story.handleOf(withdrawalWorkflowId(id)).signal(payoutSettledSignal);
        else if (bank.payouts.has(key)) bank.settle(key, paid);
      };
      const { handle } = await story.withdraw({ ta: usd(400) }, id);
      await expect(handle.result()).resolves.toMatchObject({ state: 'paid' });
      const { events } = await handle.fetchHistory();
      expect(events?.filter((event) => event.timerFiredEventAttributes)).toEqual([]);
    }));
});

describe('R9 a worker that is lost after it has done its work, and before anybody hears of it', () => {
  const steps = ['reserveWithdrawal', 'payOutWithdrawal', 'endWithdrawal'] as const;
  const ends = [
    { word: paid, state: 'paid', kinds: asPaid, balance: 160_000 },
    { word: refused, state: 'put-back', kinds: asPutBack, balance: 200_000 },
  ];

  it.each(steps.flatMap((step) => ends.map((end) => ({ step, ...end }))))(
    'at $step: $state, once',
    ({ step, word, state, kinds, balance }) =>
      FundsStory.play(time, async (story) => {
        story.bank.next = word;
        story.funds.dying.add(step);
        const { handle } = await story.withdraw({ ta: usd(400) });
        await expect(handle.result()).resolves.toMatchObject({ state });
        expect(story.funds.attempts[step]).toBe(2);
        expect(story.kinds()).toEqual(kinds);
        expect(story.balance()).toBe(balance);
        expect(story.bank.payouts.size).toBe(1);
      }),
  );

  it('at every step of one withdrawal that is pending in between', () =>
    FundsStory.play(time, async (story) => {
      story.bank.next = pending;
      for (const step of steps) story.funds.dying.add(step);
      const { id, handle } = await story.withdraw({ ta: usd(400) });
      await story.bank.askedFor(payoutKey(id));
      story.bank.settle(payoutKey(id), refused);
      story.funds.dying.add('payOutWithdrawal');
      await handle.signal(payoutSettledSignal);
      await expect(handle.result()).resolves.toMatchObject({ state: 'put-back' });
      expect(story.kinds()).toEqual(asPutBack);
      expect(story.balance()).toBe(200_000);
    }));

  it('and a bank that is away: the money stays reserved until it is back', () =>
    FundsStory.play(time, async (story) => {
      let away = 20;
      story.bank.before = () => {
        if (away-- > 0) throw new Error('no connection');
      };
      const { handle } = await story.withdraw({ ta: usd(400) });
      await expect(handle.result()).resolves.toMatchObject({ state: 'paid' });
      expect(story.kinds()).toEqual(asPaid);
    }));
});
