/**
 * The Temporal dev server with its Web UI, state on disk; or the Temporal that the environment names, only checked.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { provideBinary } from './binary';
import { launch } from './child';
import type { Child } from './child';
import { answers } from './ports';
import { failureText } from './text';

export interface TemporalServer {
  address: string;
  uiUrl?: string;
  pid?: number;
  source: string;
}

export interface TemporalPlan {
  dataDir: string;
  port: number;
  /** Without it no Web UI is started. */
  uiPort?: number;
  /** Where the Web UI has sealed payloads opened. */
  codecUrl?: string | undefined;
  report: (line: string) => void;
  onStarted: (child: Child) => void;
}

/** The file that holds the state; also what tells our own server from others. */
export function temporalState(dataDir: string): string {
  return join(dataDir, 'temporal.db');
}

/** Dynamic configuration that a server of one node on one machine does better with. */
const dynamicConfig = [
  // A search attribute registered a moment ago can be used at once.
  'system.forceSearchAttributesCacheRefreshOnRead=true',
  // With one node, more partitions only send tasks past the poller that waits for them.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // A worker that ends is given nothing more: a task on its way to it would be waited for, for ten seconds.
  'frontend.enableCancelWorkerPollsOnShutdown=true',
];

/** The Temporal that the environment (or Temporal's own profile file) names, as every other process reads it. */
export function namedTemporal(): string | undefined {
  return loadClientConnectConfig().connectionOptions.address;
}

export async function checkNamedTemporal(): Promise<TemporalServer> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = connectionOptions.address ?? '';
  try {
    await describe(connectionOptions, namespace ?? 'default');
  } catch (error) {
    throw new Error(
      `TEMPORAL_ADDRESS names ${address}, but no Temporal with namespace ${namespace ?? 'default'} answers there: ` +
        `${failureText(error)}. Start it, or unset the variable to have a local one.`,
      { cause: error },
    );
  }
  return { address, source: 'environment' };
}

export async function startTemporal({
  dataDir,
  port,
  uiPort,
  codecUrl,
  report,
  onStarted,
}: TemporalPlan): Promise<TemporalServer> {
  const binary = await provideBinary('temporal', { report });
  const namespace = process.env.TEMPORAL_NAMESPACE || 'default';
  const child = launch({
    name: 'temporal',
    executable: binary.path,
    args: [
      ...['server', 'start-dev', '--db-filename', temporalState(dataDir), '--log-level', 'warn'],
      ...['--ip', '127.0.0.1', '--port', String(port)],
      ...(uiPort ? ['--ui-port', String(uiPort)] : ['--headless']),
      ...(codecUrl === undefined ? [] : ['--ui-codec-endpoint', codecUrl]),
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    ],
    dataDir,
    onUnexpectedEnd: report,
  });
  onStarted(child);
  const address = `127.0.0.1:${port}`;
  await Promise.race([ready(child, address, port, namespace), child.failure]);
  report(`ready at ${address} (${binary.path}, from ${binary.source})`);
  return { address, ...(uiPort && { uiUrl: `http://127.0.0.1:${uiPort}` }), pid: child.pid, source: binary.source };
}

/** Waits for the port first: gRPC would wait a second and more between its own attempts. */
async function ready(child: Child, address: string, port: number, namespace: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (child.hasEnded()) return;
    if (Date.now() > deadline) throw new Error(`Temporal does not answer at ${address} after 60 s`);
    await pause(25);
  }
  for (;;) {
    try {
      await describe({ address }, namespace);
      return;
    } catch (error) {
      // The port answers a little before the namespace is there.
      if (child.hasEnded() || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** A server that can describe the namespace can serve it. */
async function describe(options: ConnectionOptions, namespace: string): Promise<void> {
  const connection = await Connection.connect({ ...options, connectTimeout: '5 seconds' });
  try {
    await connection.withDeadline(Date.now() + 10_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}
