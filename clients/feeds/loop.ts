/**
 * Works off the inbox for as long as a process lives: when it is kicked, once nothing more comes; every second otherwise. What
 * comes in goes first: a sender waits for its answer, an order does not wait for the second.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedInbox } from './inbox';

export interface LoopOptions {
  everyMs?: number;
  /** Told of what goes wrong; the loop goes on, later each time. */
  onFault?: (fault: unknown) => void;
}

const longestPauseMs = 30_000;
/** So long nothing must have come before what has come is worked off; and so long that may be put off. */
const quietMs = 25;
const putOffAtMostMs = 1000;

export class InboxLoop {
  readonly #everyMs: number;
  #stopping = new AbortController();
  #kicked = new AbortController();
  #kickedAt = 0;
  #running: Promise<void> | undefined;

  constructor(
    private readonly inbox: Pick<FeedInbox, 'work'>,
    private readonly options: LoopOptions = {},
  ) {
    this.#everyMs = options.everyMs ?? 1000;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something has come: it is not waited for. */
  kick(): void {
    this.#kickedAt = performance.now();
    this.#kicked.abort();
  }

  /** Takes nothing more; ends once what is in hand is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.kick();
    await this.#running;
  }

  async #quiet(): Promise<void> {
    const giveUpAt = performance.now() + putOffAtMostMs;
    const isBusy = () => performance.now() - this.#kickedAt < quietMs && performance.now() < giveUpAt;
    while (isBusy() && !this.#stopping.signal.aborted) await pause(quietMs);
  }

  async #run(): Promise<void> {
    for (let faults = 0; !this.#stopping.signal.aborted;) {
      await this.#quiet();
      this.#kicked = new AbortController();
      try {
        await this.inbox.work(this.#stopping.signal);
        faults = 0;
      } catch (fault) {
        this.options.onFault?.(fault);
        faults += 1;
      }
      const pauseMs = Math.min(longestPauseMs, this.#everyMs * 2 ** faults);
      await pause(pauseMs, undefined, { signal: this.#kicked.signal }).catch(() => undefined);
    }
  }
}
