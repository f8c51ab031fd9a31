/**
 * The parts of an installation as real processes that can be killed and come back, as a supervisor brings them back: servers by
 * `ops/servers`, the product's own processes as `npm start` starts them.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '../../ops/servers/child';

export type PartKind = 'worker' | 'api' | 'relay' | 'mongod' | 'temporal';

export interface Part {
  readonly kind: PartKind;
  /** Whether it is up. */
  readonly isUp: boolean;
  /** Starts it; resolves once it is ready. */
  start(): Promise<void>;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM: to its own orderly end. */
  stop(): Promise<void>;
}

const root = resolve(__dirname, '../..');
const startBoundMs = 120_000;

/** A process of the product. */
export class Own implements Part {
  isUp = false;
  /** Ends that nobody asked for while it was up: faults of the product. */
  readonly crashes: string[] = [];
  #child: ChildProcess | undefined;
  #isWanted = false;
  #gap: ((killed: boolean) => void) | undefined;

  constructor(
    readonly kind: PartKind,
    readonly name: string,
    private readonly script: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly dataDir: string,
    /** From `dist`, as `npm run build` has made it: it starts sooner. */
    private readonly isBuilt: boolean,
  ) {}

  async start(): Promise<void> {
    this.#isWanted = true;
    const giveUpAt = Date.now() + startBoundMs;
    // A process whose servers are away ends by itself, and is started again.
    while (!(await this.#launch())) {
      if (this.#isStopped()) return;
      if (Date.now() > giveUpAt) throw new Error(`${this.name} does not start:\n${this.#logTail()}`);
      await pause(300);
    }
  }

  #isStopped(): boolean {
    return !this.#isWanted;
  }

  async #launch(): Promise<boolean> {
    mkdirSync(join(this.dataDir, 'logs'), { recursive: true });
    const log = openSync(this.logFile, 'a');
    const [entry, ...args] = this.isBuilt
      ? [join(root, 'dist', this.script.replace(/ts$/, 'js'))]
      : [join(root, 'ops', 'run.cjs'), this.script];
    const child = fork(entry, [...args, `--data-dir=${this.dataDir}`], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['clock.cjs', ...(this.kind === 'worker' ? ['gap.cjs'] : [])].flatMap((preload) => [
        '--require',
        join(__dirname, preload),
      ]),
    });
    closeSync(log);
    this.#child = child;
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const isReady = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
    this.isUp = isReady;
    if (!isReady) return false;
    void ended.then(([code, signal]) => {
      this.isUp = false;
      const gap = this.#gap;
      this.#gap = undefined;
      gap?.(signal === 'SIGKILL');
      if (this.#isWanted && !gap) {
        this.crashes.push(`${this.name} ended with ${String(signal ?? code)}:\n${this.#logTail()}`);
        void this.start().catch((fault: unknown) => this.crashes.push(String(fault)));
      }
    });
    return true;
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Has it killed in the gap between a commit and its record; false when no message came within `withinMs`. */
  async killInGap(withinMs: number): Promise<boolean> {
    const child = this.#child;
    if (!child?.connected || !this.isUp) return false;
    const dead = new Promise<boolean>((done) => (this.#gap = done));
    child.send('die-in-gap');
    const isDead = await Promise.race([dead, pause(withinMs, undefined, { ref: false })]);
    if (isDead === undefined) {
      // It stays armed: rather killed now than at a moment that nobody waits for.
      await this.kill();
      return false;
    }
    return isDead;
  }

  /** Sets its clock so much forward or back; a process that is started anew has the right time. */
  setClock(ms: number): void {
    if (this.#child?.connected) this.#child.send({ clock: ms });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isWanted = false;
    this.isUp = false;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  get logFile(): string {
    return join(this.dataDir, 'logs', `${this.name}.log`);
  }

  #logTail(): string {
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-12).join('\n');
  }
}

/** A server of `ops/servers`, on a port that it keeps. One that ends by itself, as on a full disk, is started again. */
export class ServerPart implements Part {
  isUp = false;
  /** How often it has ended by itself. */
  ends = 0;
  #child: Child | undefined;
  #isWanted = false;

  constructor(
    readonly kind: 'mongod' | 'temporal',
    private readonly launch: (onStarted: (child: Child) => void) => Promise<unknown>,
  ) {}

  async start(): Promise<void> {
    this.#isWanted = true;
    const giveUpAt = Date.now() + startBoundMs;
    while (!this.isUp) {
      if (this.#isStopped()) return;
      try {
        await this.#start();
      } catch (fault) {
        if (Date.now() > giveUpAt) throw fault;
        await this.#child?.stop().catch(() => undefined);
        await pause(300);
      }
    }
  }

  #isStopped(): boolean {
    return !this.#isWanted;
  }

  async #start(): Promise<void> {
    await this.launch((child) => (this.#child = child));
    const child = this.#child;
    if (!child || child.hasEnded()) throw new Error(`${this.kind} has ended`);
    this.isUp = true;
    child.failure.catch(() => {
      if (child !== this.#child || this.#isStopped()) return;
      this.isUp = false;
      this.ends += 1;
      this.start().catch((fault: unknown) => console.error(fault));
    });
  }

  async kill(): Promise<void> {
    this.#isWanted = false;
    this.isUp = false;
    const child = this.#child;
    if (!child || child.hasEnded()) return;
    process.kill(child.pid, 'SIGKILL');
    await child.failure.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    this.isUp = false;
    await this.#child?.stop().catch(() => undefined);
  }

  /** For signals that stop a process without ending it. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }
}
