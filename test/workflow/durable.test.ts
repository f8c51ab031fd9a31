/** What an order survives: long histories, a store that is away, entries that it has not seen, repeated effects. */
import { keyOf, type Message } from '../../domain/messages';
import { commitOf } from '../../domain/question';
import { pairAccount } from '../support/builders';
import { TimeSkipping, type TestOrder } from '../support/time-skipping';

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

const revision = (from: number) => ({
  baseRevision: from,
  changes: { payment: { advancePercent: 1 + (from % 99), methods: ['tt'] } },
});

const runsOf = async (order: TestOrder): Promise<string> => (await order.handle.describe()).runId;

describe('a long order continues as new', () => {
  it('with every message kept in order, none twice, and the message ids that came before', () =>
    time.withWorker(async () => {
      const order = await time.draft({}, { continueAfterEvents: 60 });
      const first = await runsOf(order);
      for (let from = 1; from <= 40; from += 1)
        await order.update('revise', 'buyer', revision(from), `r-${String(from)}`);
      expect(await runsOf(order)).not.toBe(first);
      const { order: state } = await order.view();
      expect(state).toMatchObject({ revision: 41, version: 41 });
      expect(
        time.journal
          .entries(order.id)
          .map(({ messageId }) => messageId)
          .slice(1),
      ).toEqual(Array.from({ length: 40 }, (_, index) => `r-${String(index + 1)}`));
      // A message of an earlier run, sent again, gets its first answer.
      expect(await order.update('revise', 'buyer', revision(5), 'r-5')).toMatchObject({ version: 6 });
      expect(time.journal.entries(order.id)).toHaveLength(41);
    }));

  it('under steady callers, who lose no message to it', () =>
    time.withWorker(async () => {
      const order = await time.confirmed({ continueAfterEvents: 80 });
      const first = await runsOf(order);
      const callers = Array.from({ length: 4 }, async (_, caller) => {
        for (let n = 0; n < 12; n += 1) await order.pay(1, `part-${String(caller)}-${String(n)}`);
      });
      await Promise.all(callers);
      expect(await runsOf(order)).not.toBe(first);
      const { order: state } = await order.view();
      expect(state).toMatchObject({ status: 'awaiting-payment', paid: { amount: 4800 } });
      expect(state?.payments).toHaveLength(48);
    }));

  it('with its deadline: timers do not survive it, the state does (R29)', () =>
    time.withWorker(async () => {
      const order = await time.confirmed({ continueAfterEvents: 40 });
      for (let n = 0; n < 8; n += 1) await order.pay(1, `part-${String(n)}`);
      await time.days(15);
      expect((await order.view()).order).toMatchObject({ paymentLapsed: true });
    }));

  it('with signals in a storm, each applied once, and the refusals that came before', () =>
    time.withWorker(async () => {
      const order = await time.confirmed({ continueAfterEvents: 60 });
      await order.signal('confirm', 'buyer', { revision: 9 });
      const first = await runsOf(order);
      for (let round = 0; round < 10; round += 1) {
        const parts = Array.from({ length: 5 }, (_, i) => partOf(`part-${String(round)}-${String(i)}`));
        await Promise.all([...parts, ...parts].map((part) => order.signal('paymentCredited', 'bank', part)));
        await order.update('remindPayment', 'supplier').catch(() => undefined); // answered once they are through
      }
      const { order: state, refusals } = await order.view();
      expect(await runsOf(order)).not.toBe(first);
      expect(state).toMatchObject({ paid: { amount: 50_00 } });
      expect(refusals).toMatchObject({ count: 1, newest: [{ message: 'confirm', refused: 'order.wrong-state' }] });
    }));
});

const partOf = (entryReference: string) => ({
  account: pairAccount,
  entryReference,
  amount: { amount: 100, currency: 'USD' },
  method: 'tt',
  valueDate: '2026-01-05',
});

describe('a store that is away', () => {
  it('loses nothing: the Update waits, and is committed once the store is back', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      let failures = 6;
      time.journal.beforeCommit = () => {
        if (failures-- > 0) throw new Error('MongoDB is away');
      };
      const update = order.update('confirm', 'supplier', { revision: 1 });
      // Waiting for an Update does not skip time; letting time go by beside it does.
      await time.environment.sleep('10 minutes');
      expect(await update).toMatchObject({ status: 'awaiting-buyer' });
      expect(time.journal.entries(order.id)).toHaveLength(2);
    }));
});

describe('what operators see of an order in the engine', () => {
  it('is worked out when they ask: details, and where it stands', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const details = async () =>
        (await order.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
      expect(await details()).toContain('**negotiating**');
      await order.signal('confirm', 'buyer', { revision: 9 });
      await order.update('confirm', 'supplier', { revision: 1 });
      expect(await details()).toMatch(/\*\*awaiting-buyer\*\*[^]*Refused signals: 1[^]*revision\.stale/);
      const stack = await order.handle.query<string>('__stack_trace');
      expect(stack).toMatch(/news \(.*shell\.ts/);
    }));

  it('tells a guarantee that is offered from one that is given: only the advance reserves it (R2)', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      const details = async () =>
        (await order.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
      expect(await details()).toContain('- Guarantee offered: **USD ');
      expect(await details()).not.toContain('- Guaranteed:');
      await order.pay((await order.view()).order?.total?.amount ?? 0, 'whole');
      expect(await details()).toContain('- Guaranteed: **USD ');
    }));

  it('may be cancelled as a workflow; whoever waits for an answer is told', () =>
    time.withWorker(async () => {
      const idle = await time.draft();
      await idle.handle.cancel();
      await expect(idle.handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });

      const busy = await time.draft();
      time.journal.beforeCommit = () => {
        throw new Error('MongoDB is away');
      };
      const waiting = busy.update('confirm', 'supplier', { revision: 1 });
      const answered = expect(waiting).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      await time.environment.sleep('10 seconds');
      await busy.handle.cancel();
      await answered;
      await expect(busy.handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    }));
});

describe('entries that stand in the journal and the workflow has not seen', () => {
  it('are adopted first; then the message is decided anew on top of them', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      // What a worker leaves behind that dies after MongoDB has committed and before Temporal has recorded it.
      const lost: Message = {
        name: 'revise',
        id: 'lost-1',
        actor: { role: 'buyer', member: 'buy-hamburg-home' },
        data: { baseRevision: 1, changes: { payment: { advancePercent: 77, methods: ['tt'] } } },
      };
      const at = time.journal.entries(order.id)[0]?.at ?? '';
      const events = [
        { type: 'contractRevised' as const, revision: 2, changes: lost.data.changes, by: 'buyer' as const },
      ];
      time.journal.write({ order: order.id, version: 2, at, message: lost, events });

      // The supplier, who has seen revision 1 only, must not confirm what it has not seen.
      await expect(order.update('confirm', 'supplier', { revision: 1 })).rejects.toMatchObject({
        cause: { type: 'revision.stale' },
      });
      expect((await order.view()).order).toMatchObject({ version: 2, revision: 2, confirmations: {} });
      // And the caller whose answer was lost gets it when it sends again.
      expect(await order.update('revise', 'buyer', lost.data, lost.id)).toMatchObject({ version: 2 });
      expect(await order.update('confirm', 'supplier', { revision: 2 })).toMatchObject({ version: 3 });
    }));
});

describe('a commit whose task is told again at another time', () => {
  it('has the time that stands in the journal, and what follows from it (R52)', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const stood = new Date(Date.parse(time.journal.entries(order.id)[0]?.at ?? '') + 1).toISOString();
      time.journal.beforeCommit = (request) => void (request.at = stood);
      await order.update('revise', 'buyer', revision(1));
      time.journal.beforeCommit = () => undefined;
      const { order: state } = await order.view();
      expect(state).toMatchObject({ version: 2, updatedAt: stood, revisedAt: stood });
      expect(state).toEqual(time.journal.order(order.id));
    }));
});

describe('a commit that gets the answer of another, which was under way when its task was told again', () => {
  const lost: Message = {
    name: 'revise',
    id: 'lost-3',
    actor: { role: 'buyer', member: 'buy-hamburg-home' },
    data: { baseRevision: 1, changes: { payment: { advancePercent: 77, methods: ['tt'] } } },
  };
  it('does not take it for its own: it asks again, and adopts what stands', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const at = time.journal.entries(order.id)[0]?.at ?? '';
      const events = [
        { type: 'contractRevised' as const, revision: 2, changes: lost.data.changes, by: 'buyer' as const },
      ];
      time.journal.beforeCommit = () => {
        time.journal.beforeCommit = () => undefined;
        time.journal.write({ order: order.id, version: 2, at, message: lost, events });
      };
      const { answered } = time.journal;
      time.journal.answered = () => {
        time.journal.answered = answered;
        return { kind: 'as-asked', at, to: commitOf(keyOf(lost.actor, lost.id), 2) };
      };
      await expect(order.update('confirm', 'supplier', { revision: 1 })).rejects.toMatchObject({
        cause: { type: 'revision.stale' },
      });
      expect((await order.view()).order).toEqual(time.journal.order(order.id));
      expect((await order.view()).order).toMatchObject({ version: 2, revision: 2, confirmations: {} });
    }));

  it('adopts an entry of its own that it has not seen, though the journal says only that it knows it', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const { answered } = time.journal;
      time.journal.answered = (own) => {
        time.journal.answered = answered;
        const [, entry] = time.journal.entries(order.id);
        return entry ? { kind: 'repeated', entry, ...(own.to !== undefined && { to: own.to }) } : own;
      };
      expect(await order.update('revise', 'buyer', lost.data, lost.id)).toMatchObject({ version: 2 });
      expect((await order.view()).order).toEqual(time.journal.order(order.id));
    }));
});

describe('the signal catchUp', () => {
  it('has the order read on in the journal, though nobody sends a message: its deadline runs (R52)', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const lost: Message = {
        name: 'cancel',
        id: 'lost-2',
        actor: { role: 'buyer', member: 'buy-hamburg-home' },
        data: { reason: 'no longer needed' },
      };
      const at = time.journal.entries(order.id)[0]?.at ?? '';
      const events = [
        { type: 'orderClosed' as const, outcome: 'cancelled' as const },
        { type: 'orderEnded' as const, outcome: 'cancelled' as const },
      ];
      time.journal.write({ order: order.id, version: 2, at, message: lost, events });
      await order.signal('catchUp', 'platform', {});
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'cancelled', version: 2 });
    }));

  it('changes nothing of an order that has seen all, and is no message that was refused', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await order.handle.signal('catchUp');
      expect(await order.update('confirm', 'supplier', { revision: 1 })).toMatchObject({ version: 2 });
      expect(await order.view()).toMatchObject({ order: { version: 2 }, refusals: { count: 0 } });
    }));
});

describe('an effect', () => {
  it('is tried again until it is done, and booked once', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      let failures = 3;
      time.journal.beforeAccrual = () => {
        if (failures-- > 0) throw new Error('away');
      };
      await order.update('answerShipment', 'buyer', { asAgreed: true });
      await order.pay(7000, 'balance');
      await order.update('review', 'buyer', { stars: 5 });
      await order.update('review', 'supplier', { stars: 5 });
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'completed' });
      expect(time.journal.accruals).toBe(4);
      expect(time.journal.entries(order.id).filter(({ message }) => message === 'creditAccrued')).toHaveLength(1);
    }));
});
