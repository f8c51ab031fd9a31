/**
 * A process of the product (the order worker, the HTTP API), watched over: one that dies without having been told to is
 * started again, later each time it dies young. Like the servers it is in a group of its own, so that Ctrl-C does not end it
 * before its turn, and has a pid file, so that the next start finds it should this process be killed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endOrphan, pidFile } from '../servers/child';
import { seconds } from './screen';

/** A process finishes what it has begun, for which a worker gives itself 10 s. */
const graceMs = 15_000;
/** On a slow machine a worker's first start makes the workflow bundle for as long as this. */
const readyBoundMs = 120_000;
/** One that lived for this long has not died of its own start. */
const youngMs = 30_000;
const firstDelayMs = 250;
const longestDelayMs = 8000;
/** So many deaths in a row, none of which got ready, are no accident. */
const mostFailures = 5;

const root = resolve(__dirname, '../..');

export interface WatchedOptions {
  /** Of its log and its pid file; and for people. */
  name: string;
  /** Its entry, from the root of the project. */
  script: string;
  env?: NodeJS.ProcessEnv;
  dataDir: string;
  /** Told of deaths and new beginnings. */
  report: (line: string) => void;
  /** Called when there is no sense in starting it again. */
  onGivenUp: (failure: Error) => void;
}

export class WatchedProcess {
  readonly logFile: string;
  readonly #options: WatchedOptions;
  /** Tells our own process from others, for people and for the next start. */
  readonly #mark: string;
  #child: ChildProcess | undefined;
  #again: NodeJS.Timeout | undefined;
  #isStopping = false;
  #youngDeaths = 0;
  #failures = 0;

  constructor(options: WatchedOptions) {
    this.#options = options;
    this.#mark = `--data-dir=${resolve(options.dataDir)}`;
    this.logFile = join(options.dataDir, 'logs', `${options.name}.log`);
    process.once('exit', () => this.#child?.kill('SIGTERM')); // the last resort, when nobody called `stop`
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves once the process is ready; rejects when it ends before, with the end of its log. */
  async start(): Promise<void> {
    const { dataDir, name, report } = this.#options;
    await endOrphan(dataDir, name, this.#mark, report);
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    if (existsSync(this.logFile)) renameSync(this.logFile, `${this.logFile}.1`);
    await this.#launch();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#again);
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(kill);
  }

  async #launch(): Promise<void> {
    const { name, script, env } = this.#options;
    const log = openSync(this.logFile, 'a');
    const child = fork(join(root, 'ops', 'run.cjs'), [script, this.#mark], {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child = child;
    const began = performance.now();
    if (child.pid) writeFileSync(this.#pidFile(), String(child.pid));
    let isReady = false;
    const ended = new Promise<string>((done) => {
      child.once('exit', (code, signal) => done(signal ? `by ${signal}` : `with code ${String(code)}`));
      child.once('error', (error) => done(`before it began: ${error.message}`));
    });
    const ready = new Promise<void>((done) => child.once('message', () => done()));
    const late = setTimeout(() => {
      this.#options.report(`The ${name} is not ready after ${seconds(readyBoundMs)}; it is ended.`);
      child.kill('SIGKILL');
    }, readyBoundMs);
    void ended.then((how) => this.#ended(child, how, isReady, performance.now() - began));
    await Promise.race([ready, ended.then((how) => Promise.reject(this.#failure(how)))]).finally(() =>
      clearTimeout(late),
    );
    isReady = true;
    this.#failures = 0;
  }

  #ended(child: ChildProcess, how: string, wasReady: boolean, livedMs: number): void {
    rmSync(this.#pidFile(), { force: true });
    // The first start tells its failure itself.
    if (this.#isStopping || (!wasReady && this.#youngDeaths === 0)) return;
    this.#youngDeaths = livedMs < youngMs ? this.#youngDeaths + 1 : 1;
    if (!wasReady) this.#failures += 1;
    if (this.#failures >= mostFailures) {
      this.#options.onGivenUp(this.#failure(how));
      return;
    }
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#youngDeaths - 1));
    this.#options.report(
      `The ${this.#options.name} (pid ${String(child.pid)}) ended ${how}; another is being started …`,
    );
    this.#again = setTimeout(() => void this.#relaunch(), delayMs);
  }

  async #relaunch(): Promise<void> {
    try {
      await this.#launch();
      this.#options.report(`A new ${this.#options.name} is ready (pid ${String(this.pid)}).`);
    } catch {
      // `#ended` has seen to it
    }
  }

  #failure(how: string): Error {
    const tail = readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
    return new Error(`The ${this.#options.name} ended ${how}; ${this.logFile} says:\n${tail}`);
  }

  #pidFile(): string {
    return pidFile(this.#options.dataDir, this.#options.name);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
