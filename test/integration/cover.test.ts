/** R2: the cover of concurrent orders of one supplier: what is given out never takes the open cover above the limit. */
import { moneyOf } from '../../domain/money';
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const standing = () => world.store.collections.standings.findOne({ _id: lighting.supplier });

test('R2: the advances of 50 orders arrive at once, and no more is covered than the limit has', async () => {
  const { ta } = world;
  const ids = Array.from({ length: 50 }, (_, i) => world.orderId(`cover-${String(i)}`));
  for (const id of ids) {
    await ta.start(id, { ...lighting, confirm: true }, as.supplier);
    await ta.confirm(id, { revision: 1 }, as.buyer);
  }
  const views = await Promise.all(ids.map((id) => ta.view(id)));
  const total = views[0]?.total?.amount ?? 0;
  const limit = (await standing())?.limit.amount ?? 0;
  expect(total * 50).toBeGreaterThan(limit); // or there is nothing to compete for

  await Promise.all(
    views.map(({ id, payTo = '', advance }) =>
      ta.paymentCredited(
        id,
        {
          account: payTo,
          entryReference: id,
          amount: advance ?? moneyOf(1, 'USD'),
          method: 'tt',
          valueDate: '2026-11-22',
        },
        as.bank,
      ),
    ),
  );

  const reserved = (await Promise.all(ids.map((id) => ta.view(id)))).map(({ cover }) => cover?.reserved?.amount ?? 0);
  const given = reserved.reduce((sum, each) => sum + each, 0);
  expect(given).toBe(limit); // all of it is given out, to the cent
  expect((await standing())?.openCover).toBe(limit);
  // The early ones are covered whole, one in part, the late ones not at all.
  expect(reserved.filter((each) => each === total)).toHaveLength(Math.floor(limit / total));
  expect(reserved.filter((each) => each > 0 && each < total).length).toBeLessThanOrEqual(1);
});

test('R2: cover that is given back is free for the next order', async () => {
  const { ta } = world;
  const [first] = await world.store.collections.orders.find({ 'cover.reserved.amount': { $gt: 0 } }).toArray();
  if (!first) throw new Error('an order has cover');
  const before = (await standing())?.openCover ?? 0;
  await ta.proposeCancellation(first._id, { reason: 'no longer needed', refund: moneyOf(0, 'USD') }, as.buyer);
  await ta.acceptProposal(first._id, { proposal: 1 }, as.supplier);
  expect((await standing())?.openCover).toBe(before - (first.cover?.reserved?.amount ?? 0));
});
