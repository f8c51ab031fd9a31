/**
 * `npm run bench:api`: what reads over HTTP cost beside the same indexed finds of MongoDB, taking turns in one run, over many
 * orders; and whether a list costs the same among many as among ten thousand. Servers of its own. One JSON line on stdout.
 * How to read it: docs/reference/bench.md.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import pino from 'pino';
import { TradeAssuranceClient } from '../clients';
import { buildApi } from '../clients/http/app';
import { depsOver } from '../clients/http/deps';
import type { OrderListAnswer } from '../clients/http/portal/answers';
import { loadSettings } from '../config/settings';
import type { Order } from '../domain/order';
import { referenceOf, wordsOf } from '../domain/order-index';
import { registerSearchAttributes } from '../ops/search-attributes';
import { startServers, type RunningServers } from '../ops/servers';
import { loadSeeds } from '../seeds/load';
import { playMainRoad } from '../seeds/main-road';
import { documentOfOrder } from '../store/order-docs';
import { findOrder } from '../store/read';
import { openStore, setUpDatabase, type Doc, type Store } from '../store/store';
import { drafts } from './drafts';
import { percentile, round } from './figures';
import { Side } from './side';
import { timed } from './timed';

/** The aims: p99 over HTTP as a multiple of the bare find's; a list among all orders as a multiple of one among few. */
const aims = { read: 2, flat: 1.3 };
/** How many suppliers, and buyers, share the orders; set by `--parties`. */
let parties = 100;
const batch = 1000;
const pageSize = 50;
const firstDraftMs = Date.parse('2020-01-01T00:00:00Z');
const minuteMs = 60_000;

interface Options {
  orders: number;
  few: number;
  portal: boolean;
  only: string;
  parties: number;
  requests: number;
  rounds: number;
}

/** The documents of one order after each message of its main road, as the product has stored them. */
async function templatesOf(servers: RunningServers, root: string): Promise<Doc<'orders'>[]> {
  const side = await Side.open({ name: 'templates', kind: 'product', servers, root });
  const connection = await Connection.connect({ address: servers.temporal.address });
  const store = await openStore(side.mongodbUri);
  try {
    const { taskQueue } = side;
    const ta = new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue });
    const [draft] = drafts();
    if (!draft) throw new Error('the seeds have no two members that may trade');
    const orders: Order[] = [];
    for await (const { answer } of playMainRoad(ta, 'template', draft)) {
      const order = await findOrder(store, answer.order);
      if (order) orders.push(order);
    }
    return orders.map(documentOfOrder);
  } finally {
    await store.close();
    await connection.close();
    await side.close();
  }
}

const idOf = (n: number): string => `bench-${String(n)}`;
const partyOf = (kind: string, n: number): string => `${kind}-${String(n % parties)}`;

/** Every so many orders one has a complaint, so that the list of those is full, too. */
const disputedEach = 11;

/** The n-th order: of one of the parties, and changed at a time of its own that its number does not tell. */
function documentOf(n: number, templates: readonly Doc<'orders'>[], orders: number): Doc<'orders'> {
  const template = templates[n % templates.length];
  if (!template) throw new Error('there is no template');
  const at = new Date(firstDraftMs + ((n * 7919) % orders) * minuteMs).toISOString();
  const { index } = template;
  const reference = `PO ${String(n)}`;
  return {
    ...template,
    ...{ _id: idOf(n), id: idOf(n), draftedAt: at, updatedAt: at },
    // Not by the same remainder as the templates, so that each party has orders of each status.
    ...{ supplier: partyOf('sup', Math.floor(n / 13)), buyer: partyOf('buy', Math.floor(n / 17)) },
    ...(index && {
      index: {
        ...index,
        references: [referenceOf('purchase-order', reference)],
        words: [...index.words, ...wordsOf(reference)],
        ...(n % disputedEach === 0 && { dispute: 'open' as const }),
      },
    }),
  };
}

/** A supplier's standing as a payment of today leaves it. */
const standingOf = (n: number): Doc<'standings'> => {
  const supplier = partyOf('sup', n);
  const limit = { amount: 200_000, currency: 'USD' as const };
  return {
    _id: supplier,
    supplier,
    limit,
    grade: 0,
    openCover: 0,
    policy: 'ta-limit/v1',
    asOf: new Date().toISOString(),
  };
};

/** A database with so many orders; its indexes are built once they are in. */
async function seed(uri: string, name: string, orders: number, templates: Doc<'orders'>[]): Promise<Store> {
  const to = new URL(uri);
  to.pathname = `/${name}`;
  const store = await openStore(to.href);
  await setUpDatabase(store);
  await loadSeeds(store); // the policies, for the estimate of what would be covered
  await store.collections.standings.insertMany(Array.from({ length: parties }, (_, n) => standingOf(n)));
  await store.collections.orders.dropIndexes();
  for (let from = 0; from < orders; from += batch) {
    const length = Math.min(batch, orders - from);
    const documents = Array.from({ length }, (_, i) => documentOf(from + i, templates, orders));
    await store.collections.orders.insertMany(documents, { ordered: false, bypassDocumentValidation: true });
  }
  await setUpDatabase(store);
  return store;
}

/** The reads: over HTTP, and the same find at the database. `n` is a number that is another each time. */
const reads = {
  'one order': {
    path: (n: number, orders: number) => `/v1/orders/${idOf(n % orders)}`,
    find: ({ collections }: Store, n: number, orders: number) =>
      collections.orders.findOne({ _id: idOf(n % orders) }).then((found) => (found ? [found] : [])),
  },
  'own orders, newest change first': {
    path: (n: number) => `/v1/orders?supplier=${partyOf('sup', n)}&limit=${String(pageSize)}`,
    find: (store: Store, n: number) => page(store, { supplier: partyOf('sup', n) }),
  },
  'orders of a status, newest change first': {
    path: () => `/v1/orders?status=awaiting-shipment&limit=${String(pageSize)}`,
    find: (store: Store) => page(store, { status: 'awaiting-shipment' }),
  },
} as const;
type Read = keyof typeof reads;

const page = ({ collections }: Store, filter: Partial<Pick<Order, 'supplier' | 'status'>>) =>
  collections.orders
    .find(filter, { projection: { index: 0 } })
    .sort({ updatedAt: -1, _id: -1 })
    .limit(pageSize + 1)
    .toArray();

/** What the portal's list asks for, by whom: as it opens, narrowed, and looked for by words and by a reference. */
const portalReads: Readonly<Record<string, (n: number, orders: number) => { path: string; supplier?: string }>> = {
  'portal, platform, as it opens': () => ({ path: '/portal/orders?' }),
  'portal, supplier, as it opens': (n) => ({ path: '/portal/orders?', supplier: partyOf('sup', n) }),
  'portal, supplier, of a status': (n) => ({
    path: '/portal/orders?status=awaiting-shipment',
    supplier: partyOf('sup', n),
  }),
  'portal, platform, only disputed': () => ({ path: '/portal/orders?disputed=true' }),
  'portal, supplier, by words': (n) => ({ path: '/portal/orders?q=panel', supplier: partyOf('sup', n) }),
  'portal, platform, by a reference': (n, orders) => ({ path: `/portal/orders?q=PO%20${String(n % orders)}` }),
};

/** Says for which supplier a request is; without it, it is the platform's. */
const forSupplier = 'bench-supplier';

/** An API over a database, called as the platform or a supplier. */
async function serve(store: Store, temporal: Client, dataDir: string) {
  const ta = new TradeAssuranceClient({ temporal, store, taskQueue: 'bench' });
  const deps = depsOver(ta, {
    settings: loadSettings({ TA_DATA_DIR: dataDir }),
    authenticators: [
      ({ headers }) => {
        const supplier = headers[forSupplier];
        return typeof supplier === 'string'
          ? { role: 'supplier', member: supplier, credential: 'bench' }
          : { role: 'platform', member: 'bench', credential: 'bench' };
      },
    ],
    secret: randomUUID(),
    log: pino({ level: 'error' }, pino.destination(2)),
    limits: { requestsPerMinute: 10_000_000, eventLoopDelayMs: 0 },
  });
  const api = await buildApi(deps);
  const url = new URL(await api.listen({ host: '127.0.0.1', port: 0 }));
  const agent = new Agent({ keepAlive: true });
  const close = async () => {
    agent.destroy();
    await api.close();
    await store.close();
  };
  return { store, get: (path: string, supplier?: string) => get(url, agent, path, supplier), close };
}

/** The answer's bytes; what is in them nobody reads while time is taken. */
function get({ hostname: host, port }: URL, agent: Agent, path: string, supplier?: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, host, port, path, headers: supplier ? { [forSupplier]: supplier } : {} },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(parts);
          else reject(new Error(`${path} was answered ${String(answer.statusCode)}`));
        });
      },
    );
    sent.on('error', reject).end();
  });
}

async function main(options: Options): Promise<void> {
  const { orders, few, portal, only, requests, rounds } = options;
  parties = options.parties;
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-bench-'));
  const servers = await startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true });
  const connection = await Connection.connect({ address: servers.temporal.address });
  const temporal = new Client({ connection });
  try {
    await registerSearchAttributes(connection, 'default');
    const templates = await templatesOf(servers, join(__dirname, '..'));
    const began = performance.now();
    const small = await serve(await seed(servers.mongodb.uri, 'few', few, templates), temporal, dataDir);
    const large = await serve(await seed(servers.mongodb.uri, 'many', orders, templates), temporal, dataDir);
    console.error(`${String(few + orders)} orders stored in ${String(round((performance.now() - began) / 1000))} s`);
    const lines = [];
    const among = { ...options, small, large };
    const wanted = <Name extends string>(all: Readonly<Record<Name, unknown>>) =>
      (Object.keys(all) as Name[]).filter((name) => name.includes(only));
    if (!portal) for (const name of wanted(reads)) lines.push(await measure(name, among));
    for (const name of wanted(portalReads)) lines.push(await measurePortal(name, among));
    await small.close();
    await large.close();
    console.log(
      JSON.stringify({ scenario: 'api', orders, requests, rounds, reads: Object.assign({}, ...lines) as object }),
    );
  } finally {
    await connection.close();
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const any = (): number => randomInt(2 ** 40);
const verdict = (aim: number, is: number) => ({ aim, is: round(is), met: round(is) <= aim });

/** How long each call takes, in ms; they take turns, round by round. */
async function inTurns<Name extends string>(
  calls: Record<Name, () => Promise<unknown>>,
  requests: number,
  rounds: number,
): Promise<Record<Name, { p50: number; p99: number }>> {
  const names = Object.keys(calls) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let n = 0; n <= rounds; n += 1)
    for (const name of names) {
      const took = await timed(requests, 1, calls[name]);
      if (n > 0) times.get(name)?.push(...took); // the first round warms up
    }
  const of = (list: number[]) => ({ p50: round(percentile(list, 50)), p99: round(percentile(list, 99)) });
  return Object.fromEntries(names.map((name) => [name, of(times.get(name) ?? [])])) as Record<
    Name,
    { p50: number; p99: number }
  >;
}

/** A request of the portal's list among all orders, and among few; only pages of as many rows compare. */
async function measurePortal(name: string, { small, large, orders, few, requests, rounds }: Among) {
  const asks = portalReads[name];
  if (!asks) throw new Error(`there is no ${name}`);
  const ask = (served: Served, count: number) => () => {
    const { path, supplier } = asks(any(), count);
    return served.get(path, supplier);
  };
  const calls = { http: ask(large, orders), amongFew: ask(small, few) };
  const rows = { among: await fewestRows(calls.http), amongFew: await fewestRows(calls.amongFew) };
  const { http: httpMs, amongFew: amongFewMs } = await inTurns(calls, requests, rounds);
  return {
    [name]: {
      rows,
      httpMs,
      amongFewMs,
      [`p50 ÷ among ${String(few)}`]: verdict(aims.flat, httpMs.p50 / amongFewMs.p50),
    },
  };
}

/** The rows of the shortest of some pages. */
async function fewestRows(page: () => Promise<Buffer[]>): Promise<number> {
  const counts: number[] = [];
  for (let n = 0; n < parties; n += 1) {
    const { rows } = JSON.parse(Buffer.concat(await page()).toString()) as OrderListAnswer;
    counts.push(rows.length);
  }
  return Math.min(...counts);
}

type Among = Options & { small: Served; large: Served };
type Served = Awaited<ReturnType<typeof serve>>;

/** One read: over HTTP and bare among all orders, and over HTTP among few, taking turns. */
async function measure(name: Read, { small, large, orders, few, requests, rounds }: Among) {
  const { path, find } = reads[name];
  const calls = {
    find: async () => {
      if ((await find(large.store, any(), orders)).length === 0) throw new Error(`${name}: nothing was found`);
    },
    http: () => large.get(path(any(), orders)),
    httpAmongFew: () => small.get(path(any(), few)),
  };
  const { find: findMs, http: httpMs, httpAmongFew: amongFewMs } = await inTurns(calls, requests, rounds);
  return {
    [name]: {
      findMs,
      httpMs,
      amongFewMs,
      'p99 ÷ bare find': verdict(aims.read, httpMs.p99 / findMs.p99),
      [`p50 ÷ among ${String(few)}`]: verdict(aims.flat, httpMs.p50 / amongFewMs.p50),
    },
  };
}

const options = new Command('api')
  .description('Reads over HTTP, beside the same finds of MongoDB')
  .option('--orders <n>', 'orders in the database', Number, 1_000_000)
  .option('--few <n>', 'orders in the other database; 1,000 for the portal’s list, else 10,000', Number)
  .option(
    '--parties <n>',
    'suppliers, and buyers, that share the orders; 3 for the portal’s list, so that pages are full, else 100',
    Number,
  )
  .option('--portal', 'the requests of the portal’s list only', false)
  .option('--only <words>', 'what is measured whose name has these words', '')
  .option('--requests <n>', 'requests of one round', Number, 200)
  .option('--rounds <n>', 'rounds, after one that warms up', Number, 5)
  .parse(process.argv)
  .opts<Options>();
const asAimed = options.portal ? { few: 1000, parties: 3 } : { few: 10_000, parties: 100 };
main({ ...asAimed, ...options }).catch((fault: unknown) => {
  console.error(fault);
  process.exit(1);
});
