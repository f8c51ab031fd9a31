/**
 * A pump takes jobs, so many at a time, for as long as there are any, and looks again after a while. What calls an outside
 * party for each row of a table runs on one: the relay, and the sandbox that stands in for such parties.
 */

export type Job = () => Promise<void>;

export interface PumpOptions {
  /** The next job that is due; undefined when there is none just now. */
  take: () => Promise<Job | undefined>;
  /** Jobs under way at the same time. */
  most: number;
  /** Until it looks again after it found nothing, in milliseconds. */
  idleMs: number | (() => Promise<number>);
  /** … after a fault, which the next look may meet again. */
  faultMs: number;
  onFailure: (fault: unknown) => void;
}

export class Pump {
  readonly #options: PumpOptions;
  readonly #underWay = new Set<Promise<void>>();
  #isStopping = false;
  #hasNews = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** There may be something to take. */
  wake(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /** Takes nothing more; resolves once what is under way is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { take, most, idleMs, faultMs, onFailure } = this.#options;
    while (!this.#isStopping) {
      this.#hasNews = false;
      try {
        const job = await take();
        if (job) this.#track(job());
        else await this.#sleep(typeof idleMs === 'number' ? idleMs : await idleMs());
      } catch (fault) {
        onFailure(fault);
        await this.#sleep(faultMs);
      }
      if (this.#underWay.size >= most) await Promise.race(this.#underWay);
    }
  }

  #track(job: Promise<void>): void {
    const tracked = job
      .catch((fault: unknown) => this.#options.onFailure(fault))
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#hasNews || this.#isStopping) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
