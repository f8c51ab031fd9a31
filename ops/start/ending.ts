/**
 * What ends a start before its time: Ctrl-C, a signal, or a failure in the background. The first is passed on, so that
 * everything is stopped in order; a second Ctrl-C forces.
 */

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof codes;

/** One Ctrl-C comes twice through npm: from the terminal, and passed on. */
const echoMs = 500;

/** Someone wants it to end; no failure. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
  constructor(readonly exitCode: number) {
    super('Broken off.');
  }
}

export class Ending {
  readonly #controller = new AbortController();
  #firstAt: number | undefined;

  constructor(onForced: (exitCode: number) => void) {
    for (const signal of Object.keys(codes) as Signal[]) {
      process.on(signal, () => {
        if (this.#firstAt !== undefined && performance.now() - this.#firstAt > echoMs) onForced(codes[signal]);
        this.#firstAt ??= performance.now();
        this.break(new BrokenOff(codes[signal]));
      });
    }
    // Nobody reads any more, as with `| head`.
    process.stdout.on('error', () => this.break(new BrokenOff(codes.SIGHUP)));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  break(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** What `work` comes to, or the reason why it was ended before. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const begun = work();
    begun.catch(() => undefined); // when it is ended before, it fails unseen
    return Promise.race([begun, this.broken()]);
  }

  /** Rejects with the reason once there is one. */
  broken(): Promise<never> {
    return new Promise((_resolve, reject) => {
      const { signal } = this;
      const onAbort = () => reject(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
