/** Nothing of what wedges or kills a workflow can happen to an order: one test for each way that is known. */
import { refusals } from '../../domain/refusal';
import { hopeless } from '../support/memory-journal';
import { workflowIdOf } from '../../workflows/contract';
import { searchAttributes } from '../../workflows/search-attributes';
import { envelope, refusalOf, TestOrder, TimeSkipping } from '../support/time-skipping';

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

/** Still answers, with nothing changed but what is asked for. */
async function expectAlive(order: TestOrder): Promise<void> {
  const before = await order.view();
  const answer = await order.update('revise', 'buyer', {
    baseRevision: before.order?.revision ?? 0,
    changes: { payment: { advancePercent: 31 + (before.order?.revision ?? 0), methods: ['tt'] } },
  });
  expect(answer.version).toBe((before.order?.version ?? 0) + 1);
}

/** Sends a signal with payloads of our own making, past every converter. */
async function signalRaw(
  order: TestOrder,
  signalName: string,
  payloads: { metadata: Record<string, Uint8Array>; data?: Uint8Array }[],
) {
  await time.environment.connection.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: order.handle.workflowId },
    signalName,
    input: { payloads },
  });
}

const refusedSignals = async (order: TestOrder) =>
  (await order.view()).refusals.newest.map(({ refused }) => refused).sort();

describe('what would wedge or kill a workflow', () => {
  it('a plain error inside: a state that nothing can be worked out from is refused as a message, and the order lives', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const { order: state } = await order.view();
      await order.handle.terminate();
      // A run that was handed a state that no code of ours can have made.
      const broken = { ...state, contract: { product: { lines: null } } };
      const handle = await time.environment.client.workflow.start('order', {
        workflowId: `ta-order-${order.id}-broken`,
        taskQueue: time.taskQueue,
        args: [{ order: order.id, carried: { order: broken, refusals: { count: 0, newest: [] } } }],
      });
      const victim = new TestOrder(order.id, handle);
      expect(await victim.view()).toMatchObject({ refusals: { count: 0 } });
      expect(await refusalOf(victim.update('confirm', 'buyer', { revision: 1 }))).toBe('message.failed');
      expect((await handle.describe()).status.name).toBe('RUNNING');
      expect((await victim.view()).order).toBeDefined();
      await handle.terminate();
    }));

  it('a refusal over a Signal: kept on the order with code and time, never thrown', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await order.signal('closeUnpaid', 'supplier');
      await order.signal('confirm', 'bank', { revision: 1 });
      await order.signal('confirm', 'buyer', { revision: 7 });
      await order.signal('confirm', 'buyer', { revision: 1, extra: true });
      expect(await refusedSignals(order)).toEqual([
        'actor.role-not-allowed',
        'message.invalid',
        'order.wrong-state',
        'revision.stale',
      ]);
      await expectAlive(order);
    }));

  it('refusals without end: a bounded list with a count', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await Promise.all(Array.from({ length: 50 }, () => order.signal('confirm', 'buyer', { revision: 7 })));
      const { refusals: kept } = await order.view();
      expect(kept.count).toBe(50);
      expect(kept.newest).toHaveLength(20);
      expect(kept.newest[0]?.text).toBe(refusals['revision.stale'].text);
      await expectAlive(order);
    }));

  it('a signal without an argument, or with bytes that no converter reads', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const bytes = (text: string) => new TextEncoder().encode(text);
      await signalRaw(order, 'confirm', []);
      await signalRaw(order, 'confirm', [{ metadata: { encoding: bytes('martian/plain') }, data: bytes('??') }]);
      await signalRaw(order, 'confirm', [{ metadata: { encoding: bytes('json/plain') }, data: bytes('{"half":') }]);
      await signalRaw(order, 'confirm', [{ metadata: {} }]);
      expect(await refusedSignals(order)).toEqual(Array<string>(4).fill('message.invalid'));
      await expectAlive(order);
    }));

  it('names that no message has: signals are refused, updates too', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await order.signal('teleport', 'buyer');
      expect(await refusalOf(order.update('teleport', 'buyer'))).toBe('message.unknown');
      expect(await refusalOf(order.update('paymentLapsed', 'clock'))).toBe('message.unknown');
      await order.signal('creditAccrued', 'effect', {});
      expect(await refusedSignals(order)).toEqual(['message.unknown', 'message.unknown']);
      await expectAlive(order);
    }));

  it('a body too large to be stored: refused by its form, far below the size that ends a workflow', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await order.signal('cancel', 'buyer', { reason: 'x'.repeat(1_500_000) });
      expect(await refusedSignals(order)).toEqual(['message.invalid']);
      expect(await refusalOf(order.update('cancel', 'buyer', { reason: 'x'.repeat(100_000) }))).toBe('message.invalid');
      await expectAlive(order);
    }));

  it('an error in an Update fails the Update, not the order', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      time.journal.beforeCommit = () => {
        throw hopeless('the document is too large');
      };
      expect(await refusalOf(order.update('confirm', 'buyer', { revision: 1 }))).toBe('commit.failed');
      time.journal.beforeCommit = () => undefined;
      await expectAlive(order);
    }));

  it('a Signal that can never be stored halts the order visibly; nothing is lost, and `resume` goes on', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      time.journal.beforeCommit = () => {
        throw hopeless('validation of the document failed');
      };
      const credit = {
        account: 'va-0001',
        entryReference: 'e-1',
        amount: { amount: 300_000, currency: 'USD' },
        method: 'tt',
        valueDate: '2026-01-05',
      };
      await order.signal('paymentCredited', 'bank', credit);
      expect((await order.view()).halted).toMatch(/validation of the document failed/);
      expect(await refusalOf(order.update('remindPayment', 'supplier'))).toBe('order.halted');
      const isShownAsHalted = async () =>
        (await order.handle.describe()).typedSearchAttributes.get(searchAttributes.TaHalted);
      expect(await isShownAsHalted()).toBe(true);

      time.journal.beforeCommit = () => undefined;
      await order.handle.signal('resume');
      expect(await order.view()).toMatchObject({ order: { status: 'awaiting-shipment' } });
      expect((await order.view()).halted).toBeUndefined();
      expect(await isShownAsHalted()).toBeUndefined();
    }));

  it('a refused draft leaves no order behind: the workflow ends with the reason', () =>
    time.withWorker(async () => {
      time.journal.around = { ...time.journal.around, buyer: undefined };
      const id = 'test-refused-draft';
      expect(await refusalOf(time.draft({}, { order: id }))).toBe('member.not-found');
      const handle = time.environment.client.workflow.getHandle(workflowIdOf(id));
      expect(await refusalOf(handle.result())).toBe('member.not-found');
      expect(time.journal.entries(id)).toEqual([]);
    }));

  it('with messages waiting behind a refused draft: they are refused, and the workflow ends all the same', () =>
    time.withWorker(async () => {
      const { journal } = time;
      journal.around = { ...journal.around, buyer: undefined };
      const id = 'test-refused-draft-with-queue';
      const handle = time.environment.client.workflow.getHandle(workflowIdOf(id));
      let sent = false;
      journal.beforeCommit = async () => {
        if (!sent) await handle.signal('confirm', envelope('buyer', { revision: 1 }));
        sent = true;
      };
      expect(await refusalOf(time.draft({}, { order: id }))).toBe('member.not-found');
      expect(await refusalOf(handle.result())).toBe('member.not-found');
    }));

  it('R29 money queued behind the message that ends the order is booked to suspense before the order rests', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      let sent = false;
      time.journal.beforeCommit = async ({ message }) => {
        if (message.name !== 'cancel' || sent) return;
        sent = true;
        await order.signal('paymentCredited', 'bank', {
          account: 'va-0001',
          entryReference: 'e-1',
          amount: { amount: 300_000, currency: 'USD' },
          method: 'tt',
          valueDate: '2026-01-05',
        });
      };
      await order.update('cancel', 'buyer', { reason: 'no longer needed' });
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'cancelled', version: 4 });
      expect(time.journal.order(order.id)?.payments).toMatchObject([{ suspended: 'after-close' }]);
    }));

  it('R34 a party that takes the clock’s message id: it is another’s id, and the clock still rings', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      const { order: state } = await order.view();
      const extended = new Date(Date.parse(state?.answerBy ?? '') + 15 * 86_400_000).toISOString();
      await order.update('extendAnswer', 'buyer', {}, `clock:answerTimedOut:${extended}`);
      await time.days(59);
      await time.days(2);
      expect((await order.view()).order).toMatchObject({ status: 'awaiting-balance', answer: { by: 'clock' } });
    }));

  it('a Signal that can never be stored may be given up: `resume` with skip keeps it among the refusals', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      time.journal.beforeCommit = ({ message }) => {
        if (message.name === 'remindPayment') throw hopeless('validation of the document failed');
      };
      await order.signal('remindPayment', 'supplier');
      expect((await order.view()).halted).toMatch(/validation/);
      await order.handle.signal('resume', { skip: true });
      expect(await order.view()).toMatchObject({ refusals: { count: 1, newest: [{ refused: 'commit.failed' }] } });
      expect(await order.pay(3000, 'advance')).toMatchObject({ status: 'awaiting-shipment' });
    }));

  it('a refusal that quotes what was sent stays small', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await order.signal('confirm', 'buyer', { revision: 1, ['x'.repeat(500_000)]: 1 });
      const { refusals: kept } = await order.view();
      expect(kept.newest[0]?.detail?.length).toBe(1000);
    }));

  it('an effect that fails for good becomes somebody’s named task, and is tried again on demand', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      await order.update('answerShipment', 'buyer', { asAgreed: true });
      await order.pay(7000, 'balance');
      time.journal.beforeAccrual = () => {
        throw hopeless('no policy is in force');
      };
      await order.update('review', 'buyer', { stars: 5 });
      await order.update('review', 'supplier', { stars: 5 });
      await time.days(1);
      const { order: state } = await order.view();
      expect(state).toMatchObject({
        status: 'completed',
        effects: [{ state: 'failed', reason: expect.stringMatching(/no policy/) as string }],
      });
      time.journal.beforeAccrual = () => undefined;
      await order.update('retryEffect', 'platform', { effect: state?.effects[0]?.id });
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'completed' });
    }));

  it('a message id that comes again: the first answer; with another body it is refused', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      const revise = { baseRevision: 1, changes: { payment: { advancePercent: 50, methods: ['tt'] } } };
      const first = await order.update('revise', 'buyer', revise, 'r-1');
      const again = await order.handle.executeUpdate('revise', { args: [envelope('buyer', revise, 'r-1')] });
      expect(again).toEqual(first);
      const other = { ...revise, changes: { payment: { advancePercent: 60, methods: ['tt'] } } };
      expect(await refusalOf(order.update('revise', 'buyer', other, 'r-1'))).toBe('message.id-reused');
      await order.signal('revise', 'buyer', revise, 'r-1');
      expect((await order.view()).order).toMatchObject({ revision: 2, version: 2 });
    }));
});
