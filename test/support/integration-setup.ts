/** Once for all integration tests: a Temporal server and a MongoDB of their own, search attributes, the workflow bundle. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { newKey } from '../../config/keys';
import { registerSearchAttributes } from '../../ops/search-attributes';
import { provideBinary, startServers, type RunningServers } from '../../ops/servers';
import { provideBundle } from '../../workers/bundle';

declare global {
  // `var`, because only that puts a name on `globalThis`, where the teardown finds it.
  var testServers: { running: RunningServers; dataDir: string } | undefined;
}

export default async function setUp(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-test-'));
  const [running, bundle, testServer] = await Promise.all([
    startServers({ dataDir, ports: 'free', useEnvironment: false, headless: true }),
    provideBundle('.data/cache'),
    provideBinary('temporal-test-server'),
  ]);
  globalThis.testServers = { running, dataDir };
  const connection = await Connection.connect({ address: running.temporal.address });
  await registerSearchAttributes(connection, 'default');
  await connection.close();
  process.env.TEST_TEMPORAL_ADDRESS = running.temporal.address;
  process.env.TEST_MONGODB_URI = running.mongodb.uri;
  process.env.TEST_BUNDLE = bundle;
  // For the processes that tests start; what is sent to Temporal is sealed in the tests of that.
  process.env.TA_KEYS = newKey('test');
  process.env.TA_PAYLOADS = 'plain';
  process.env.TEST_SERVER_BINARY = testServer.path; // for stories, which skip time
}
