/** R30, R32: deliveries doubled and shuffled end in the same state of the orders, with no row unexplained. */
import fc from 'fast-check';
import { moneyOf } from '../../domain/money';
import { account } from '../../domain/ledger';
import { balanceDifferences, balancesOf, trialBalance } from '../../store/ledger';
import { listRows } from '../../store/inbox';
import { linesOf, openInbox, type Told } from '../support/inbox';
import { paidOrder } from '../support/paid-order';
import { as, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const goods = [
  { hsCode: '94051100', name: 'Light', quantity: 4, unit: 'piece', value: { amount: 580_000, currency: 'USD' } },
] as const;

/** What a feed may say of one order: three credits, one of them taken back, and the words of customs. */
function facts(order: string, payTo: string): { kind: 'bank' | 'customs'; told: Told }[] {
  const credit = (n: number): Told => ({
    fact: 'paymentCredited',
    data: {
      account: payTo,
      entryReference: `P${n}-${order}`,
      amount: moneyOf(n * 1_000, 'USD'),
      method: 'tt',
      valueDate: '2026-11-22',
    },
    remittance: `for ${order}`,
  });
  const declaration = `D-${order}`;
  return [
    ...[1, 2, 3].map((n) => ({ kind: 'bank' as const, told: credit(n) })),
    {
      kind: 'bank',
      told: {
        fact: 'paymentReversed',
        data: { account: payTo, entryReference: `P2-${order}`, reason: 'recalled' },
      },
    },
    { kind: 'customs', told: { fact: 'customsHeld', data: { declaration, heldAt: '2026-11-20T01:00:00.000Z' } } },
    {
      kind: 'customs',
      told: { fact: 'customsReleased', data: { declaration, releasedAt: '2026-11-20T02:00:00.000Z' } },
    },
  ];
}

let runs = 0;

test('R30, R32: whatever the order of deliveries, however often each comes, the orders stand the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 3, 5], { minLength: 9 }),
      fc.integer({ min: 0, max: 9 }),
      async (turns, registeredAfter) => {
        runs += 1;
        const { ta, store } = world;
        const id = await paidOrder(world, `run${runs}`);
        const { payTo = '', paid } = await ta.view(id);
        const feeds = openInbox(world);
        const all = facts(id, payTo);
        const deliveries: string[] = [];
        for (const [n, turn] of [...turns, -1].entries()) {
          if (n === registeredAfter)
            await ta.registerExport(
              id,
              { exportOrder: `x-${id}`, declaration: `D-${id}`, goods: [...goods] },
              as.supplier,
            );
          const fact = all[turn];
          if (!fact) continue;
          deliveries.push(await feeds.deliver(fact.kind, linesOf(fact.told)));
          if (n % 3 === 0) await feeds.inbox.work();
        }
        await feeds.inbox.work();
        const rows = (await Promise.all(deliveries.map((delivery) => feeds.rowsOf(delivery)))).flat();
        expect(rows.filter(({ state }) => state !== 'routed')).toEqual([]);
        expect(rows.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThanOrEqual(5);
        const view = await ta.view(id);
        expect((view.paid?.amount ?? 0) - (paid?.amount ?? 0)).toBe(4_000);
        expect(view.exports[0]?.customs).toMatchObject({ word: 'released', at: '2026-11-20T02:00:00.000Z' });
        expect((await listRows(store, { state: 'pending' })).rows).toEqual([]);
        expect(await balanceDifferences(store)).toEqual([]);
        for (const { sum } of await trialBalance(store)) expect(sum).toBe(0);
        expect((await balancesOf(store, account.pair(payTo)))['USD']).toBeLessThan(0);
      },
    ),
    { numRuns: 8, endOnFailure: true },
  ));
