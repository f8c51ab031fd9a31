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
    const order = await ta.awaitStatus(id, 'completed');
    await world.temporal.workflow.getHandle(`ta-order-${id}`).result();
    const ended = await ta.view(id);

    expect(order.milestone).toBe('completion');
    expect(ended.endedAt).toBeDefined();
    expect(ended.credit?.limitAfter.amount).toBeGreaterThan(ended.credit?.limitBefore.amount ?? Infinity);
    expect(await trialBalance(store)).toMatchObject([{ currency: 'USD', sum: 0 }]);
    expect(await rebuild(store, { check: true })).toEqual({ orders: 1, differing: [] });
    expect(await balancesOf(store, `supplier:${lighting.supplier}`)).toEqual({ USD: ended.total?.amount });
  });
});
