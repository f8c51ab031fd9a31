import { playMainRoad } from '../../seeds/main-road';
import { rebuild } from '../../store/read';
import { balancesOf, trialBalance } from '../../store/ledger';
import { lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('R7 The main road of an order, on real servers', () => {
  it('goes from draft to credit accrual; the limit grows, the books balance, the projection is the fold of the journal', async () => {
    const { ta, store, orderId } = world;
    const id = orderId('main-road');
    for await (const step of playMainRoad(ta, id, lighting)) expect(step.answer.order).toBe(id);
    const order = await ta.awaitSettled(id);

    expect(order).toMatchObject({ status: 'completed', milestone: 'completion', effects: [] });
    expect(order.credit?.limitAfter.amount).toBeGreaterThan(order.credit?.limitBefore.amount ?? Infinity);
    // R20, R2: the buyer may still complain, so the order is kept, with the cover that was reserved for it.
    expect(order.deadlines).toEqual([{ at: order.complainBy, message: 'complaintWindowClosed' }]);
    expect(order.cover?.reserved).toEqual(order.cover?.offered);
    expect((await world.temporal.workflow.getHandle(`ta-order-${id}`).describe()).status.name).toBe('RUNNING');
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
    expect(await rebuild(store, { check: true })).toEqual({ orders: 1, differing: [] });
    expect(await balancesOf(store, `supplier:${lighting.supplier}`)).toEqual({ USD: order.total?.amount });
  });
});
