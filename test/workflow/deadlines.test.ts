import { total } from '../support/builders';
import { refusalOf, TimeSkipping } from '../support/time-skipping';

let time: TimeSkipping;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

describe('deadlines are data; the workflow sleeps until the earliest', () => {
  it('R29 the 15 days close nothing by themselves; then the supplier may close the order alone', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      expect(await refusalOf(order.update('closeUnpaid', 'supplier'))).toBe('payment.window-open');

      await time.days(15);
      expect((await order.view()).order).toMatchObject({ status: 'awaiting-payment', paymentLapsed: true });

      expect(await order.update('closeUnpaid', 'supplier')).toMatchObject({ status: 'closed-unpaid' });
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'closed-unpaid' });
    }));

  it('R29 money that arrives after the 15 days and before the close counts', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      await time.days(16);
      expect(await order.pay(3000, 'late')).toMatchObject({ status: 'awaiting-shipment' });
      expect(await refusalOf(order.update('closeUnpaid', 'supplier'))).toBe('order.wrong-state');
    }));

  it('R52 a draft lapses 90 days after its last revision, not after its first', () =>
    time.withWorker(async () => {
      const order = await time.draft();
      await time.days(60);
      const changes = { payment: { advancePercent: 50, methods: ['tt'] } };
      await order.update('revise', 'buyer', { baseRevision: 1, changes });
      await time.days(60);
      expect((await order.view()).order).toMatchObject({ status: 'negotiating' });
      await time.days(31);
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'lapsed' });
    }));

  it('R34 no answer counts as yes after the 45 days of the sea, and each side extends once by 15', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      await order.update('extendAnswer', 'buyer');
      await order.update('extendAnswer', 'supplier');
      expect(await refusalOf(order.update('extendAnswer', 'buyer'))).toBe('answer.already-extended');
      await time.days(74);
      expect((await order.view()).order).toMatchObject({ status: 'awaiting-answer' });
      await time.days(2);
      expect((await order.view()).order).toMatchObject({ status: 'awaiting-balance', answer: { by: 'clock' } });
    }));

  it('R35 reviews stay open for 30 days; then the credit accrues with what there is (R3)', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      await order.update('answerShipment', 'buyer', { asAgreed: true });
      await order.pay(7000, 'balance');
      await order.update('review', 'buyer', { stars: 4 });
      await time.days(31);
      await expect(order.handle.result()).resolves.toMatchObject({ status: 'completed' });
      expect(time.journal.order(order.id)).toMatchObject({
        reviews: { published: true, buyer: { stars: 4 } },
        credit: { grade: 1 },
        effects: [],
      });
    }));

  it('R20 R2 a completed order ends when the time for complaints is over; its cover is given back then, not before', () =>
    time.withWorker(async () => {
      const order = await time.shipped();
      await order.update('answerShipment', 'buyer', { asAgreed: true });
      await order.pay(7000, 'balance');
      await order.update('review', 'supplier', { stars: 5 });
      await order.update('review', 'buyer', { stars: 4 });
      await time.days(29);
      const { order: state } = await order.view();
      expect(state).toMatchObject({
        status: 'completed',
        credit: { grade: 1 },
        effects: [],
        cover: { reserved: total },
      });
      expect(state?.endedAt).toBeUndefined();
      expect((await order.handle.describe()).status.name).toBe('RUNNING');

      await expect(order.handle.result()).resolves.toMatchObject({ status: 'completed' });
      expect(time.journal.entries(order.id).at(-1)).toMatchObject({
        message: 'complaintWindowClosed',
        events: [{ type: 'complaintWindowClosed' }, { type: 'coverReleased', amount: total }, { type: 'orderEnded' }],
      });
      expect(time.journal.order(order.id)?.cover?.reserved).toBeUndefined();
    }));

  it('keeps one timer: a deadline that goes is cancelled with its reason', () =>
    time.withWorker(async () => {
      const order = await time.confirmed();
      await order.pay(3000, 'advance');
      const { events } = await order.handle.fetchHistory();
      const started = events?.filter((e) => e.timerStartedEventAttributes).length ?? 0;
      const ended = events?.filter((e) => e.timerCanceledEventAttributes).length ?? 0;
      expect({ started, ended }).toEqual({ started: 2, ended: 2 }); // lapse of the draft, end of the payment period
    }));
});
