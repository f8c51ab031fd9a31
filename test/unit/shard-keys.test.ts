/** The table of shard keys fits the table of collections: what is unique stays unique when it is spread over shards. */
import { collections, type CollectionName } from '../../store/collections';
import { isSpread, shardKeys, type Spread } from '../../store/shard-keys';

const spread = (Object.entries(shardKeys) as [CollectionName, Spread][]).filter(([, how]) => isSpread(how));
interface Index {
  on: Record<string, unknown>;
  unique?: true;
  where?: object;
}
const indexesOf = (name: CollectionName): readonly Index[] => collections[name].indexes;

/** Whether the fields of an index begin with those of the shard key. */
const beginsWith = (on: object, key: object): boolean =>
  Object.keys(key).every((field, place) => Object.keys(on)[place] === field);

test.each(spread)(
  '%s: every unique index begins with the shard key, and the key is ranged where there is one',
  (name, { key }) => {
    const unique = indexesOf(name).filter((index) => index.unique);
    expect(unique.filter(({ on }) => !beginsWith(on, key))).toEqual([]);
    // Of a hashed key MongoDB’s manual promises no unique index.
    if (unique.length > 0) expect(Object.values(key)).toEqual([1]);
  },
);

test.each(spread)('%s: the key has an index of its own, or is given one', (name, { key, makesIndex }) => {
  const serves = ({ on, where }: Index) => where === undefined && beginsWith(on, key);
  const isServed = '_id' in key || indexesOf(name).some(serves);
  expect(isServed).toBe(makesIndex !== true);
});

/** A value of each spread collection, as far as its `_id` is made of it. */
const named: Partial<Record<CollectionName, Record<string, unknown>>> = {
  journal: { order: 'o-1', version: 3 },
  outbox: { order: 'o-1', version: 3 },
  webhookDeliveries: { lane: 'wh-1:o-1', version: 3 },
};

test.each(spread)('%s: no two shards can have the same _id', (name, { key, oneId }) => {
  expect(oneId === 'is the key').toBe('_id' in key);
  if (oneId !== 'names the key') return;
  const [field = ''] = Object.keys(key);
  const value = named[name] ?? {};
  const id = (collections[name].key as (value: unknown) => string)(value);
  expect(id.startsWith(`${String(value[field])}:`)).toBe(true);
});

test('what stays whole says why, and everything that grows with the orders is spread', () => {
  const whole = Object.entries(shardKeys).filter(([, how]) => !isSpread(how));
  expect(whole.map(([name]) => name)).toEqual([
    'memberRecords',
    'virtualAccounts',
    'besideNotices',
    'suspense',
    'cases',
    'withdrawals',
    'settlements',
    'payees',
    'enrolments',
    'enrolmentJournal',
    'subscriptions',
    'feedSources',
    'products',
    'policies',
    'sessions',
  ]);
  expect(Object.keys(shardKeys).sort()).toEqual(Object.keys(collections).sort());
});
