/** R30: one credit in four formats is booked once, and the day's statement is reconciled with the books. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../clients/cli/captured';
import { profileOf } from '../../clients/feeds/profiles';
import { reconcile } from '../../clients/feeds/reconcile';
import { bookCredit } from '../../clients/bank-feed';
import { moneyOf } from '../../domain/money';
import { documentOf } from '../../store/store';
import { openInbox } from '../support/inbox';
import { as, lighting, openWorld, required, type World } from '../support/world';

let world: World;
let feeds: ReturnType<typeof openInbox>;
beforeAll(async () => {
  world = await openWorld();
  feeds = openInbox(world, { profileOf });
  Object.assign(process.env, { TEMPORAL_ADDRESS: required('TEST_TEMPORAL_ADDRESS'), MONGODB_URI: world.mongodbUri });
});
afterAll(() => world.close());

const read = (name: string) => readFileSync(join(__dirname, '../fixtures/feeds/bank', name));
const files = [
  ['mt910', 'credit.mt910.txt'],
  ['camt.053', 'credit.camt053.v08.xml'],
  ['camt.054', 'credit.camt054.v02.xml'],
  ['mt940', 'credit.mt940.txt'],
] as const;
const date = '2026-04-01';
const now = () => new Date().toISOString();

test('R30: a credit as MT910, camt.053, camt.054 and MT940 is booked once; the day reconciles; what differs is a case', async () => {
  const { ta, store } = world;
  const id = world.orderId('four');
  const { supplier, buyer } = lighting;
  const pair = { account: '9736093254648', supplier, buyer, assignedAt: '2026-01-01T00:00:00.000Z' };
  await store.collections.virtualAccounts.insertOne(documentOf('virtualAccounts', pair)); // the fixtures' account
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await ta.confirm(id, { revision: 1 }, as.buyer);
  const { payTo = '' } = await ta.view(id);
  expect(payTo).toBe(pair.account);
  const deliveries: string[] = [];
  for (const [profile, name] of files) deliveries.push(await feeds.deliver('bank', read(name), { profile }));
  await feeds.inbox.work();
  const credits = (await Promise.all(deliveries.map((one) => feeds.rowsOf(one))))
    .flat()
    .filter(({ fact }) => fact === 'paymentCredited');
  expect(credits.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'duplicate', 'duplicate', 'duplicate']);
  await expect(ta.view(id)).resolves.toMatchObject({ paid: { amount: 934_400 } });
  expect((await ta.postings(id)).filter(({ kind }) => kind === 'payment')).toHaveLength(1);

  // As if they had been delivered on their day.
  await store.collections.inbox.updateMany({}, { $set: { receivedAt: '2026-04-02T00:10:00.000Z' } });
  await store.collections.inbox.updateMany({ profile: 'mt940' }, { $set: { receivedAt: '2026-04-02T00:20:00.000Z' } });
  expect(await reconcile(store, date, now())).toEqual({ date, accounts: [payTo], cases: [] });

  const onlyOurs = {
    account: payTo,
    entryReference: 'X-1',
    amount: moneyOf(100, 'USD'),
    method: 'tt',
    valueDate: date,
  };
  await bookCredit(ta, { ...onlyOurs, method: 'tt' }, as.bank.as);
  const differing = await runCli('bank', 'reconcile', '--date', date);
  expect(differing.code).toBe(1);
  expect(differing.stdout).toMatch(/missing-at-bank +9736093254648 +X-1 +– +\+USD 1\.00/);
  expect(differing.stdout).toMatch(/balance-differs +9736093254648 +– +\+USD 9,319\.00 +\+USD 9,320\.00/);

  // The bank sends the statement again, with the entry.
  const line = ':61:2604010401CD1,00NTRFNONREF//X-1\n';
  const whole = read('credit.mt940.txt').toString().replace(':62F:C260401USD9319,00', `${line}:62F:C260401USD9320,00`);
  await feeds.deliver('bank', Buffer.from(whole), { profile: 'mt940' });
  await feeds.inbox.work();
  await store.collections.inbox.updateMany(
    { receivedAt: { $gt: '2026-05-01' } },
    { $set: { receivedAt: '2026-04-03T00:10:00.000Z' } },
  );
  const again = await runCli('bank', 'reconcile', '--date', date, '--json');
  expect(again.json).toMatchObject({ cases: [{ state: 'closed' }, { state: 'closed' }] });
  expect(again.code).toBe(0);
});
