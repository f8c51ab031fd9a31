/** Works off the inbox for as long as a process lives: at once when it is kicked, every second otherwise. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedInbox } from './inbox';

export interface LoopOptions {
  everyMs?: number;
  /** Told of what goes wrong; the loop goes on, later each time. */
  onFault?: (fault: unknown) => void;
}

const longestPauseMs = 30_000;

export class InboxLoop {
  readonly #everyMs: number;
  #stopping = new AbortController();
  #kicked = new AbortController();
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
    this.#kicked.abort();
  }

  /** Ends once what is in hand is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.kick();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let faults = 0; !this.#stopping.signal.aborted;) {
      this.#kicked = new AbortController();
      try {
        await this.inbox.work();
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
