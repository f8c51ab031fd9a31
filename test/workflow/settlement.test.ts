/** A settlement into CNY: the quote holds until it expires, and whatever happens in between has one outcome. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Actor } from '../../domain/messages';
import type { Settlement } from '../../domain/settlement';
import { withdrawalTransfers, type Withdrawal } from '../../domain/withdrawal';
import { quotedUpdate, settleUpdate, type SettleInput } from '../../workflows/funds-contract';
import { startsAt, usd } from '../support/builders';
import { asking, bySupplier, settling } from '../support/funds-builders';
import { FundsStory } from '../support/funds-time';
import { refusalOf, TimeSkipping } from '../support/time-skipping';

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

const settle = (handle: WorkflowHandle, by: Actor = bySupplier) =>
  handle.executeUpdate<Settlement, [SettleInput]>(settleUpdate, { args: [{ by }] });
const quoteOf = (handle: WorkflowHandle, request: unknown) =>
  handle.executeUpdate<Settlement, [unknown]>(quotedUpdate, { args: [request] });

const asSettled = ['fx-reserved', 'fx-sold', 'fx-bought'];

describe('a settlement', () => {
  it('is quoted, taken before the quote expires, and booked with both legs at once', () =>
    FundsStory.play(time, async (story) => {
      const { handle, request } = await story.settlement({ ta: usd(300) });
      await expect(quoteOf(handle, request)).resolves.toMatchObject({
        state: 'quoted',
        quote: { buy: { amount: 213_000 } },
      });
      expect(story.balance()).toBe(200_000); // a quote reserves nothing
      await expect(settle(handle)).resolves.toMatchObject({ state: 'settled', bankReference: expect.any(String) });
      await expect(handle.result()).resolves.toMatchObject({ state: 'settled' });
      expect([story.balance('USD'), story.balance('CNY')]).toEqual([170_000, 213_000]);
      expect(story.kinds()).toEqual(['fx-reserved', 'fx-sold', 'fx-bought']);
    }));

  it('lapses when nobody takes the quote in time', () =>
    FundsStory.play(time, async (story) => {
      const { handle, request } = await story.settlement({ ta: usd(300) });
      await quoteOf(handle, request);
      await time.environment.sleep('61 seconds');
      await expect(handle.result()).resolves.toMatchObject({ state: 'lapsed' });
      expect(story.kinds()).toEqual([]);
    }));

  it('that the bank refuses to convert is put back, and whoever took the quote is told', () =>
    FundsStory.play(time, async (story) => {
      story.bank.refusesToConvert = 'expired';
      const { handle } = await story.settlement({ ta: usd(300) });
      expect(await refusalOf(settle(handle))).toBe('fx.quote-expired');
      await expect(handle.result()).resolves.toMatchObject({ state: 'put-back' });
      expect([story.balance('USD'), story.balance('CNY')]).toEqual([200_000, 0]);
    }));

  it('of money that is not there is refused, and its id may be used again', () =>
    FundsStory.play(time, async (story) => {
      const { id, handle } = await story.settlement({ ta: usd(1_000.01) });
      expect(await refusalOf(handle.result())).toBe('funds.amount-exceeds-order');
      const again = await story.settlement({ ta: usd(300) }, id);
      await expect(quoteOf(again.handle, again.request)).resolves.toMatchObject({ state: 'quoted' });
    }));

  it('of money that has gone since the quote is refused, and may be taken once it is back', () =>
    FundsStory.play(time, async (story) => {
      const { handle, request } = await story.settlement({ ta: usd(300) });
      await quoteOf(handle, request);
      const { activities } = story.funds;
      const taken = (await activities.reserveWithdrawal(asking({ ta: usd(900) }), startsAt)) as Withdrawal;
      expect(withdrawalTransfers(taken)).toHaveLength(1);
      expect(await refusalOf(settle(handle))).toBe('funds.amount-exceeds-order');
      await activities.endWithdrawal(taken.id, { status: 'refused', reason: 'no' }, startsAt);
      await expect(settle(handle)).resolves.toMatchObject({ state: 'settled' });
    }));

  it('is taken by the supplier only, by an operator neither, and under its own id only', () =>
    FundsStory.play(time, async (story) => {
      const { id, handle, request } = await story.settlement({ ta: usd(300) });
      await quoteOf(handle, request);
      expect(await refusalOf(settle(handle, { role: 'supplier', member: 'sup-other' }))).toBe('actor.not-a-party');
      expect(await refusalOf(settle(handle, { role: 'bank', member: 'bank' }))).toBe('actor.role-not-allowed');
      expect(await refusalOf(quoteOf(handle, settling({ ta: usd(1) }, { id })))).toBe('message.id-reused');
      expect(await refusalOf(settle(handle, { role: 'platform', member: 'operator-1' }))).toBe(
        'actor.role-not-allowed',
      );
      await expect(settle(handle)).resolves.toMatchObject({ state: 'settled' });
    }));

  it('taken by several at once is converted once, and all are told the same', () =>
    FundsStory.play(time, async (story) => {
      const { handle } = await story.settlement({ ta: usd(300) });
      const answers = await Promise.all(Array.from({ length: 4 }, () => settle(handle)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(story.bank.conversions.size).toBe(1);
      expect(story.kinds()).toEqual(asSettled);
    }));
});

describe('a worker that is lost after it has done its work, and before anybody hears of it', () => {
  const steps = ['quoteSettlement', 'reserveSettlement', 'convertSettlement', 'endSettlement'] as const;

  it.each(steps.flatMap((step) => [undefined, 'limit'].map((reason) => ({ step, reason }))))(
    'at $step (bank refuses: $reason): one outcome',
    ({ step, reason }) =>
      FundsStory.play(time, async (story) => {
        story.bank.refusesToConvert = reason;
        story.bank.quoteMs = 600_000;
        story.funds.dying.add(step);
        const { handle } = await story.settlement({ ta: usd(300) });
        const told = settle(handle).then(
          ({ state }) => state,
          () => 'refused',
        );
        await time.environment.sleep('10 seconds'); // an Update skips no time, and a lost step is tried again after a second
        expect(await told).toBe(reason ? 'refused' : 'settled');
        await expect(handle.result()).resolves.toMatchObject({ state: reason ? 'put-back' : 'settled' });
        expect(story.funds.attempts[step]).toBe(2);
        expect(story.kinds()).toEqual(reason ? ['fx-reserved', 'fx-put-back'] : asSettled);
        expect([story.balance('USD'), story.balance('CNY')]).toEqual(reason ? [200_000, 0] : [170_000, 213_000]);
      }),
  );
});
