/**
 * Starts both servers side by side on one data folder, and stops them in order: Temporal first, since what it still
 * runs writes to MongoDB.
 */
import { resolve } from 'node:path';
import type { Child } from './child';
import { endOrphan } from './child';
import { checkNamedMongodb, mongodState, startMongod } from './mongod';
import type { MongodbServer } from './mongod';
import { own } from './owner';
import { assertFree, freePorts, wishedPort } from './ports';
import { checkNamedTemporal, namedTemporal, startTemporal, temporalState } from './temporal';
import type { TemporalServer } from './temporal';
import { failureText } from './text';

type ServerKind = 'temporal' | 'mongodb';

export interface RunningServers {
  temporal: TemporalServer;
  mongodb: MongodbServer;
  /** Stops what was started here, Temporal first; a second call waits for the first. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** State is kept below it: temporal.db, mongod/, logs/. */
  dataDir: string;
  /** `fixed`: 7233, 8233 (UI) and 27017, or what TA_TEMPORAL_PORT, TA_TEMPORAL_UI_PORT, TA_MONGODB_PORT say. */
  ports: 'fixed' | 'free';
  /** Use the servers that TEMPORAL_ADDRESS and MONGODB_URI name instead of starting them. True unless said. */
  useEnvironment?: boolean;
  /** No Web UI. */
  headless?: boolean;
  /** Where the Web UI has sealed payloads opened. */
  codecUrl?: string | undefined;
  report?: (server: ServerKind, line: string) => void;
  /** Ends a start that is under way: what was started is stopped, and the start rejects. */
  signal?: AbortSignal;
}

export async function startServers(options: ServerOptions): Promise<RunningServers> {
  const run = new Run(options);
  return run.start();
}

interface Ports {
  temporal: number;
  ui: number;
  mongod: number;
}

/** One start, from the claim on the data folder to the stop. */
class Run {
  readonly #options: ServerOptions;
  readonly #dataDir: string;
  readonly #children: Partial<Record<ServerKind, Child>> = {};
  #disown: () => void = () => undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#dataDir = resolve(options.dataDir);
  }

  async start(): Promise<RunningServers> {
    const { useEnvironment = true, signal } = this.#options;
    const named = useEnvironment ? { temporal: namedTemporal(), mongodb: process.env.MONGODB_URI } : {};
    this.#disown = await own(this.#dataDir);
    try {
      signal?.throwIfAborted();
      await this.#endOrphans();
      const ports = await this.#choosePorts(!named.temporal, !named.mongodb);
      const both = settled(
        named.temporal ? checkNamedTemporal() : this.#temporal(ports),
        named.mongodb ? checkNamedMongodb(named.mongodb) : this.#mongod(ports),
      );
      const [temporal, mongodb] = await (signal ? Promise.race([both, aborted(signal)]) : both);
      return { temporal, mongodb, stop: () => this.#stop() };
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #endOrphans(): Promise<void> {
    const report = (kind: ServerKind) => (line: string) => this.#report(kind, line);
    await endOrphan(this.#dataDir, 'temporal', temporalState(this.#dataDir), report('temporal'));
    await endOrphan(this.#dataDir, 'mongod', mongodState(this.#dataDir), report('mongodb'));
  }

  async #choosePorts(needsTemporal: boolean, needsMongod: boolean): Promise<Ports> {
    if (this.#options.ports === 'free') {
      const [temporal = 0, ui = 0, mongod = 0] = await freePorts(3);
      return { temporal, ui, mongod };
    }
    const temporal = wishedPort('Temporal dev server', 'TA_TEMPORAL_PORT', 7233, process.env);
    const ui = wishedPort('Temporal Web UI', 'TA_TEMPORAL_UI_PORT', 8233, process.env);
    const mongod = wishedPort('MongoDB server', 'TA_MONGODB_PORT', 27017, process.env);
    const wishes = [
      ...(needsTemporal ? [temporal] : []),
      ...(needsTemporal && !this.#options.headless ? [ui] : []),
      ...(needsMongod ? [mongod] : []),
    ];
    await assertFree(wishes);
    return { temporal: temporal.port, ui: ui.port, mongod: mongod.port };
  }

  #temporal(ports: Ports): Promise<TemporalServer> {
    return startTemporal({
      dataDir: this.#dataDir,
      port: ports.temporal,
      ...(this.#options.headless ? {} : { uiPort: ports.ui, codecUrl: this.#options.codecUrl }),
      report: (line) => this.#report('temporal', line),
      onStarted: (child) => this.#started('temporal', child),
    });
  }

  #mongod(ports: Ports): Promise<MongodbServer> {
    return startMongod({
      dataDir: this.#dataDir,
      port: ports.mongod,
      report: (line) => this.#report('mongodb', line),
      onStarted: (child) => this.#started('mongodb', child),
    });
  }

  /** One that comes up after the stop (its download was under way) must go at once. */
  #started(kind: ServerKind, child: Child): void {
    this.#children[kind] = child;
    if (this.#stopped) void child.stop();
  }

  #stop(): Promise<void> {
    this.#stopped ??= this.#stopInOrder();
    return this.#stopped;
  }

  async #stopInOrder(): Promise<void> {
    await this.#children.temporal?.stop();
    await this.#children.mongodb?.stop();
    this.#disown();
  }

  #report(kind: ServerKind, line: string): void {
    this.#options.report?.(kind, line);
  }
}

/** Both results, or one error that tells of every failure: who mends one wants to know of the other. */
async function settled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  const reasons: unknown[] = [a, b].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  throw new Error(reasons.map(failureText).join('\n'), { cause: reasons[0] });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(new Error('The start of the servers was broken off.', { cause: signal.reason }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
