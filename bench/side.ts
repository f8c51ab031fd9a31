/** One side of the comparison: its worker in a process of its own, and the CPU that its work costs, process by process. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunningServers } from '../ops/servers';
import { cpuMsOf } from './cpu';
import type { Order, Report, WorkerPlan } from './worker';

/** CPU time in ms. */
export interface Cpu {
  server: number;
  worker: number;
  mongod: number;
}

/** What can be measured: a side's name, and what it has used so far. */
export interface Measured {
  readonly name: string;
  cpu(): Promise<Cpu>;
}

interface SideOptions {
  name: string;
  kind: WorkerPlan['kind'];
  servers: RunningServers;
  /** The checkout that the worker runs from. */
  root: string;
  /** Task queue and database are those of that side: another worker of the same orders. */
  beside?: Side | undefined;
  /** The server that the side has in place of Temporal's. */
  redis?: { port: number; pid: number } | undefined;
  /** How many workflows the worker holds; the SDK's default unless said. */
  cached?: number | undefined;
  /** Folder for a CPU profile of the worker. */
  profileTo?: string | undefined;
}

export class Side implements Measured {
  private constructor(
    readonly name: string,
    readonly kind: WorkerPlan['kind'],
    readonly taskQueue: string,
    readonly mongodbUri: string,
    private readonly worker: ChildProcess,
    private readonly pids: { server: number; mongod: number },
  ) {}

  /** Starts the worker; resolves when it polls. */
  static async open(options: SideOptions): Promise<Side> {
    const { name, kind, servers, root, beside, redis, cached, profileTo } = options;
    const { temporal, mongodb } = servers;
    const uri = new URL(mongodb.uri);
    uri.pathname = `/bench_${name.replaceAll('-', '_')}`;
    const plan: WorkerPlan = {
      kind,
      address: temporal.address,
      taskQueue: beside?.taskQueue ?? `bench-${name}`,
      mongodbUri: beside?.mongodbUri ?? uri.href,
      ...(redis && { redisPort: redis.port }),
      ...(cached !== undefined && { cached }),
    };
    const worker = fork(join(root, 'ops', 'run.cjs'), ['bench/worker.ts', JSON.stringify(plan)], {
      cwd: root,
      // Whatever it prints is no figure.
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: profileTo ? ['--cpu-prof', `--cpu-prof-dir=${profileTo}`] : [],
    });
    const pids = { server: redis?.pid ?? temporal.pid ?? 0, mongod: mongodb.pid ?? 0 };
    const side = new Side(name, kind, plan.taskQueue, plan.mongodbUri, worker, pids);
    await side.reported('ready');
    return side;
  }

  get pid(): number {
    return this.worker.pid ?? 0;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const ended = once(this.worker, 'exit');
    this.worker.kill('SIGKILL');
    await ended;
  }

  /** What its worker and the servers have used so far. */
  async cpu(): Promise<Cpu> {
    this.tell('cpu');
    const { cpuMs } = await this.reported('cpuMs');
    return { server: cpuMsOf(this.pids.server), worker: cpuMs, mongod: cpuMsOf(this.pids.mongod) };
  }

  async close(): Promise<void> {
    if (this.worker.exitCode !== null || this.worker.signalCode !== null) return;
    const ended = once(this.worker, 'exit');
    this.tell('stop');
    await ended;
  }

  private tell(order: Order): void {
    if (this.worker.connected) this.worker.send(order);
  }

  private async reported<Key extends 'ready' | 'cpuMs'>(key: Key): Promise<Extract<Report, Record<Key, unknown>>> {
    const done = new AbortController();
    const { signal } = done;
    try {
      const [report] = (await Promise.race([
        once(this.worker, 'message', { signal }),
        once(this.worker, 'exit', { signal }).then(([code]) => {
          throw new Error(`the worker of ${this.name} ended with ${String(code)}`);
        }),
      ])) as [Report];
      if (!(key in report)) throw new Error(`the worker of ${this.name} said ${JSON.stringify(report)}`);
      return report as Extract<Report, Record<Key, unknown>>;
    } finally {
      done.abort();
    }
  }
}

export const difference = (after: Cpu, before: Cpu): Cpu => ({
  server: after.server - before.server,
  worker: after.worker - before.worker,
  mongod: after.mongod - before.mongod,
});

export const sum = (a: Cpu, b: Cpu): Cpu => ({
  server: a.server + b.server,
  worker: a.worker + b.worker,
  mongod: a.mongod + b.mongod,
});

export const total = ({ server, worker, mongod }: Cpu): number => server + worker + mongod;

export const noCpu: Cpu = { server: 0, worker: 0, mongod: 0 };
