/** Thousands of revisions in one order: continued as new again and again, nothing lost, nothing doubled. */
import { rebuild } from '../../store/read';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const revisions = 2000;

describe('R52 an order that is revised thousands of times', () => {
  it('goes on over several runs, with every revision in the journal once', async () => {
    const { ta, store, temporal } = world;
    const id = world.orderId('long');
    await ta.start(id, lighting, as.supplier);
    const handle = temporal.workflow.getHandle(`ta-order-${id}`);
    const { runId } = await handle.describe();
    for (let base = 1; base <= revisions; base += 1) {
      const changes = { payment: { advancePercent: 1 + (base % 99), methods: ['tt' as const] } };
      const answer = await ta.revise(id, { baseRevision: base, changes }, { ...as.buyer, id: `r-${String(base)}` });
      if (answer.version !== base + 1)
        throw new Error(`revision ${String(base)} became version ${String(answer.version)}`);
    }
    expect((await handle.describe()).runId).not.toBe(runId);
    expect((await ta.live(id)).order).toMatchObject({ revision: revisions + 1, version: revisions + 1 });
    expect(await store.collections.journal.countDocuments({ order: id })).toBe(revisions + 1);
    expect(await rebuild(store, { check: true })).toEqual({ orders: 1, differing: [] });
    // What was said long ago, in a run that is over, is answered from the journal.
    const third = { baseRevision: 3, changes: { payment: { advancePercent: 4, methods: ['tt' as const] } } };
    expect(await ta.revise(id, third, { ...as.buyer, id: 'r-3' })).toMatchObject({ version: 4 });
    expect((await ta.live(id)).order).toMatchObject({ version: revisions + 1 });
  }, 600_000);
});
