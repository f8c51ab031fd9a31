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

interface SideOptions {
  name: string;
  kind: WorkerPlan['kind'];
  servers: RunningServers;
  /** The checkout that the worker runs from. */
  root: string;
  /** Folder for a CPU profile of the worker. */
  profileTo?: string | undefined;
}

export class Side {
  private constructor(
    readonly name: string,
    readonly kind: WorkerPlan['kind'],
    readonly taskQueue: string,
    readonly mongodbUri: string,
    private readonly worker: ChildProcess,
    private readonly servers: RunningServers,
  ) {}

  /** Starts the worker; resolves when it polls. */
  static async open({ name, kind, servers, root, profileTo }: SideOptions): Promise<Side> {
    const uri = new URL(servers.mongodb.uri);
    uri.pathname = `/bench_${name.replaceAll('-', '_')}`;
    const taskQueue = `bench-${name}`;
    const plan: WorkerPlan = { kind, address: servers.temporal.address, taskQueue, mongodbUri: uri.href };
    const worker = fork(join(root, 'ops', 'run.cjs'), ['bench/worker.ts', JSON.stringify(plan)], {
      cwd: root,
      // Whatever it prints is no figure.
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: profileTo ? ['--cpu-prof', `--cpu-prof-dir=${profileTo}`] : [],
    });
    const side = new Side(name, kind, taskQueue, uri.href, worker, servers);
    await side.reported('ready');
    return side;
  }

  /** What its worker and the servers have used so far. */
  async cpu(): Promise<Cpu> {
    this.tell('cpu');
    const { cpuMs } = await this.reported('cpuMs');
    const { temporal, mongodb } = this.servers;
    return { server: cpuMsOf(temporal.pid ?? 0), worker: cpuMs, mongod: cpuMsOf(mongodb.pid ?? 0) };
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
