/**
 * The queries of a message’s way, as MongoDB plans them: each finds its rows by an index and, on a cluster, by its shard key, so that
 * one shard answers. Asked of one node with `explain`; what asks every shard is named.
 */
import type { CollectionName } from '../../store/collections';
import { isSpread, shardKeys } from '../../store/shard-keys';
import { openWorld, type World } from '../support/world';
import { drafts } from '../support/webhooks';

let world: World;
const order = 'order-explained';
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  await drafts(world.store, order, '2026-11-02T08:00:00.000Z');
});
afterAll(() => world.close());

interface Query {
  of: CollectionName;
  says: string;
  filter: Record<string, unknown>;
  sort?: Record<string, 1 | -1>;
  /** One shard is asked. */
  isTargeted: boolean;
}

const unclaimed = { sent: false, $or: [{ claimedUntil: { $exists: false } }] };
const queries: Query[] = [
  { of: 'orders', says: 'a commit reads the projection', filter: { _id: order }, isTargeted: true },
  { of: 'orders', says: 'a commit replaces it', filter: { _id: order, version: 1 }, isTargeted: true },
  {
    of: 'journal',
    says: 'what stands from a version on',
    filter: { order, version: { $gte: 1 } },
    sort: { version: 1 },
    isTargeted: true,
  },
  { of: 'journal', says: 'a repetition is looked up', filter: { order, key: 'supplier sup-1 m-1' }, isTargeted: true },
  { of: 'ledger', says: 'the postings of an order', filter: { order }, isTargeted: true },
  {
    of: 'outbox',
    says: 'a relay reads what an order tells',
    filter: { order, sent: false },
    sort: { version: 1 },
    isTargeted: true,
  },
  { of: 'bankEntries', says: 'an entry of the bank is claimed', filter: { _id: '9:1' }, isTargeted: true },
  {
    of: 'balances',
    says: 'an account is posted to',
    filter: { _id: 'supplier:s USD', balance: { $gte: 1 } },
    isTargeted: true,
  },
  { of: 'standings', says: 'cover is reserved', filter: { _id: 'sup-1' }, isTargeted: true },
  { of: 'members', says: 'the parties are read', filter: { _id: { $in: ['sup-1', 'buy-1'] } }, isTargeted: true },
  { of: 'credit', says: 'a limit is worked out', filter: { supplier: 'sup-1' }, sort: { at: 1 }, isTargeted: true },
  { of: 'webhookLanes', says: 'a lane is opened', filter: { _id: 'wh-1:o-1' }, isTargeted: true },
  {
    of: 'webhookDeliveries',
    says: 'what is next in a lane',
    filter: { lane: 'wh-1:o-1', state: 'pending' },
    sort: { version: 1 },
    isTargeted: true,
  },
  {
    of: 'outbox',
    says: 'a relay looks for work',
    filter: unclaimed,
    sort: { order: 1, version: 1 },
    isTargeted: false,
  },
  {
    of: 'webhookLanes',
    says: 'a relay looks for a lane',
    filter: { dueAt: { $lte: '2026' } },
    sort: { dueAt: 1 },
    isTargeted: false,
  },
  {
    of: 'mails',
    says: 'a relay looks for a mail',
    filter: { state: 'pending', dueAt: { $lte: '2026' } },
    sort: { dueAt: 1 },
    isTargeted: false,
  },
  {
    of: 'inboxRows',
    says: 'the inbox looks for a row',
    filter: { state: 'received', dueAt: { $lte: '2026' } },
    sort: { dueAt: 1 },
    isTargeted: false,
  },
  {
    of: 'orders',
    says: 'a party lists its own',
    filter: { supplier: 'sup-1' },
    sort: { updatedAt: -1, _id: -1 },
    isTargeted: false,
  },
  {
    of: 'ledger',
    says: 'a statement of an account',
    filter: { to: 'supplier:sup-1' },
    sort: { at: 1 },
    isTargeted: false,
  },
];

interface Plan {
  stage: string;
  inputStage?: Plan;
  inputStages?: Plan[];
}
const stagesOf = (plan: Plan): string[] => [
  plan.stage,
  ...[plan.inputStage ?? [], plan.inputStages ?? []].flat().flatMap(stagesOf),
];

test.each(queries)('$of: $says', async ({ of, filter, sort, isTargeted }) => {
  const how = shardKeys[of];
  if (!isSpread(how)) throw new Error(`${of} stays whole`);
  expect(Object.keys(how.key).every((field) => field in filter)).toBe(isTargeted);
  const found = world.store.collections[of as 'orders'].find(filter as never);
  const plan = (await (sort ? found.sort(sort) : found).explain('queryPlanner')) as unknown as {
    queryPlanner: { winningPlan: Plan & { queryPlan?: Plan } };
  };
  const { winningPlan } = plan.queryPlanner;
  const stages = stagesOf(winningPlan.queryPlan ?? winningPlan);
  expect(stages.filter((stage) => ['COLLSCAN', 'SORT'].includes(stage))).toEqual([]);
  expect(stages.some((stage) => ['IXSCAN', 'IDHACK', 'CLUSTERED_IXSCAN'].includes(stage))).toBe(true);
});
