/** An installation of real processes with servers and data of its own, to be broken: what runs, by which ways, and who calls it. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { newKey, readKeys } from '../../config/keys';
import { TradeAssuranceClient } from '../../clients';
import { setUpSchedules } from '../../ops/schedules';
import { registerSearchAttributes } from '../../ops/search-attributes';
import type { Child } from '../../ops/servers/child';
import { freePorts } from '../../ops/servers/ports';
import { startSandbox } from '../../ops/servers/sandbox';
import { startTemporal } from '../../ops/servers/temporal';
import { loadSeeds } from '../../seeds/load';
import { openStore, setUpDatabase } from '../../store/store';
import { provideBundle } from '../../workers/bundle';
import { singleNode, threeNodes, type Asker, type Mongodb, type Way } from './mongodb';
import { Own, ServerPart } from './parts';
import { Proxy } from './proxy';

export interface InstallationOptions {
  dataDir: string;
  workers: number;
  /** Processes of the API, behind a balancer. */
  apis: number;
  /** Of MongoDB. */
  nodes: 1 | 3;
  /** The product's processes run from `dist`. */
  isBuilt: boolean;
}

export interface Installation {
  workers: Own[];
  /** APIs and relay. */
  processes: Own[];
  servers: ServerPart[];
  /** Ways that can be cut. */
  network: Way[];
  stepDown: Mongodb['stepDown'];
  /** Of the balancer. */
  apiUrl: string;
  /** A client with ways of its own to the servers. */
  ta: TradeAssuranceClient;
  /** Where the sandbox of the partners keeps what it did. */
  sandboxUri: string;
}

/** Whom the API's tokens are for. */
export const audience = 'trade-assurance';
/** What everything of this process's installation is sealed with. */
const key = newKey('chaos');
const taskQueue = 'chaos';
const database = 'trade_assurance';
const sandboxDatabase = `${database}_sandbox`;
/** How often the balancer asks an API whether it is ready. */
const readinessMs = 500;

type Stops = (() => Promise<unknown>)[];

/** Brings it up; what is up has its end in `stops`, in turn. */
export async function bringUp(options: InstallationOptions, stops: Stops): Promise<Installation> {
  const { dataDir } = options;
  const [mongodPort = 0, temporalPort = 0, sandboxPort = 0, callbackPort = 0, ...apiPorts] = await freePorts(
    4 + options.apis,
  );
  const temporal = new ServerPart('temporal', (onStarted) =>
    startTemporal({ dataDir, port: temporalPort, onStarted, report: () => undefined }),
  );
  const [mongodb] = await Promise.all([
    options.nodes === 3 ? threeNodes(dataDir) : singleNode(dataDir, mongodPort),
    temporal.start(),
    provideBundle(`${dataDir}/cache`),
  ]);
  const servers = [...mongodb.nodes, temporal];
  stops.push(() => Promise.all(mongodb.ways.map(({ proxy }) => proxy.close())));
  stops.push(() => Promise.all(servers.map((server) => server.kill())));
  await setUp(mongodb.uri(database), `127.0.0.1:${String(temporalPort)}`);

  const toTemporal = await Promise.all(
    ['worker', 'api'].map(async (asker) => ({ name: `${asker} to Temporal`, proxy: await Proxy.open(temporalPort) })),
  );
  stops.push(() => Promise.all(toTemporal.map(({ proxy }) => proxy.close())));
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sandbox = await startSandbox({
    ...{ dataDir, port: sandboxPort, mongodbUri: mongodb.uri(database), report: () => undefined },
    callback: { url: `http://127.0.0.1:${String(callbackPort)}/partners`, secret },
    onStarted: (child: Child) => stops.push(() => child.stop()),
  });
  const partners = { TA_CARD_URL: sandbox.cardUrl, TA_BANK_URL: sandbox.bankUrl, TA_CALLBACK_SECRET: secret };
  const own = processesOf(options, { callbackPort, apiPorts, partners, mongodb, toTemporal });
  stops.push(() => Promise.all(own.map((one) => one.kill())));
  await Promise.all(own.map((one) => one.start()));

  const balancer = await Proxy.open(...apiPorts);
  balancer.askReadiness('/readyz', readinessMs);
  stops.push(() => balancer.close());
  const connection = await Connection.connect({ address: `127.0.0.1:${String(temporalPort)}` });
  const store = await openStore(mongodb.uri(database), { timeoutMs: 3000, keys: readKeys(key) });
  stops.push(() => Promise.all([connection.close(), store.close()]));
  return {
    workers: own.filter(({ kind }) => kind === 'worker'),
    processes: own.filter(({ kind }) => kind !== 'worker'),
    ...{ servers, network: [...mongodb.ways, ...toTemporal], stepDown: mongodb.stepDown },
    apiUrl: `http://127.0.0.1:${String(balancer.port)}`,
    ta: new TradeAssuranceClient({ temporal: new Client({ connection }), store, taskQueue, timeoutMs: 15_000 }),
    sandboxUri: mongodb.uri(sandboxDatabase),
  };
}

interface Surroundings {
  callbackPort: number;
  apiPorts: number[];
  partners: NodeJS.ProcessEnv;
  mongodb: Mongodb;
  /** Of workers, and of everybody else. */
  toTemporal: Way[];
}

/** The product's processes, not started yet. */
function processesOf(
  { dataDir, isBuilt, workers }: InstallationOptions,
  { callbackPort, apiPorts, partners, mongodb, toTemporal }: Surroundings,
): Own[] {
  const common = {
    ...{ TA_DATA_DIR: dataDir, TA_TASK_QUEUE: taskQueue, TA_LOG_LEVEL: 'warn', TA_FEED_DIR: '' },
    ...{ TA_KEYS: key, TA_PAYLOADS: 'plain' },
    ...partners,
  };
  const make = (kind: Asker, name: string, script: string, env: NodeJS.ProcessEnv) => {
    const way = toTemporal[kind === 'worker' ? 0 : 1];
    const ways = {
      MONGODB_URI: mongodb.uriOf(kind, database),
      TEMPORAL_ADDRESS: `127.0.0.1:${String(way?.proxy.port ?? 0)}`,
    };
    return new Own(kind, name, script, { ...common, ...ways, ...env }, dataDir, isBuilt);
  };
  const api = { TA_API_SECRET: 'a secret of this run only', TA_API_RATE: '10000000', TA_DEV_ISSUER: 'true' };
  return [
    ...Array.from({ length: workers }, (_, index) =>
      make('worker', `worker-${String(index)}`, 'workers/main.ts', {
        TA_CALLBACK_PORT: index === 0 ? String(callbackPort) : '',
      }),
    ),
    ...apiPorts.map((port, index) =>
      make('api', `api-${String(index)}`, 'clients/http/main.ts', { ...api, TA_API_PORT: String(port) }),
    ),
    make('relay', 'relay', 'relay/main.ts', {}),
  ];
}

async function setUp(mongodbUri: string, address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const store = await openStore(mongodbUri, { keys: readKeys(key) });
  try {
    await registerSearchAttributes(connection, 'default');
    await setUpDatabase(store);
    await loadSeeds(store);
    await setUpSchedules(connection, { namespace: 'default', taskQueue });
  } finally {
    await Promise.all([connection.close(), store.close()]);
  }
}
