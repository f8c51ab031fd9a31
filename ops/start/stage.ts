/**
 * The stage on which stories are played: a Temporal test server that skips time, with a worker in this process, over a
 * database of the story's own on a MongoDB that runs already, and the sandbox of card processor and bank beside it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { TradeAssuranceClient } from '../../clients';
import { FundsClient } from '../../clients/funds';
import { newKey, readKeys } from '../../config/keys';
import { withDatabase } from '../../config/settings';
import { bankAt } from '../../partners/bank';
import { cardProcessorAt } from '../../partners/card';
import { loadSeeds } from '../../seeds/load';
import type { Stage } from '../../seeds/play-story';
import { openStore, setUpDatabase } from '../../store/store';
import { createOrderWorker } from '../../workers/order-worker';
import { searchAttributeTypes } from '../../clients/search-attribute-types';
import { freePorts } from '../servers/ports';
import { startSandbox } from '../servers/sandbox';
import { sandboxDatabaseOf } from '../../sandbox/settings';
import type { Child } from '../servers/child';

export interface StageNeeds {
  /** A MongoDB that runs; the story has a database of its own there. */
  mongodbUri: string;
  database: string;
  /** Executable of the time-skipping test server. */
  testServer: string;
  /** The workflow bundle. */
  bundle: string;
  report?: (line: string) => void;
}

/** How long a story waits for what follows by itself. */
const patienceMs = 60_000;
const taskQueue = 'stories';

/** Opens a stage; whoever opened it closes it. */
export async function openStage(needs: StageNeeds): Promise<Stage & { close: () => Promise<void> }> {
  const { testServer, bundle, report = () => undefined } = needs;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    // The test server makes the SDK warn of what it does not know.
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const mongodbUri = withDatabase(needs.mongodbUri, () => needs.database);
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-stage-'));
  const children: Child[] = [];
  const [port = 0] = await freePorts(1);
  const [environment, store, { cardUrl, bankUrl }] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: testServer } },
    }),
    openStore(mongodbUri, { keys: readKeys(newKey('stage')) }),
    startSandbox({ dataDir, port, mongodbUri, report, onStarted: (child) => children.push(child) }),
  ]);
  await setUpDatabase(store);
  await loadSeeds(store);
  const { connection, nativeConnection } = environment;
  // Not the environment's own client: that one lets time run whenever it waits for a result.
  const temporal = new Client({ connection });
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: searchAttributeTypes(),
  });
  const worker = await createOrderWorker({
    connection: nativeConnection,
    store,
    namespace: 'default',
    taskQueue,
    bundle,
    bank: bankAt(bankUrl),
    card: cardProcessorAt(cardUrl),
  });
  const running = worker.run();
  const options = { temporal, store, taskQueue, timeoutMs: patienceMs };
  return {
    ta: new TradeAssuranceClient(options),
    funds: new FundsClient(options),
    now: () => environment.currentTimeMs(),
    sleep: (ms) => environment.sleep(ms),
    patienceMs,
    close: async () => {
      worker.shutdown();
      await running;
      await environment.teardown();
      await Promise.all(children.map((child) => child.stop()));
      // The sandbox's books lie beside the story's.
      await store.connection.useDb(sandboxDatabaseOf(needs.database)).dropDatabase();
      await store.connection.dropDatabase();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
