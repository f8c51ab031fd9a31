/**
 * Calls the product back: each event at least once, from the database, until it is taken. A call that is under way is put
 * off, so that one of which nobody hears again is made again; after a new start at once.
 */
import type { mongo } from 'mongoose';
import { Webhook } from 'standardwebhooks';
import { Pump, type Job } from '../partners/pump';
import type { Call } from './state';

/** Calls under way at the same time. */
const mostCalls = 8;
/** A receiver that does not answer within this has not taken the event. */
const answerBoundMs = 10_000;
const longestDelayMs = 60_000;
/** After a fault of the database. */
const faultDelayMs = 1000;

export interface CallerOptions {
  url: string;
  /** `whsec_…` */
  secret: string;
  /** Until a call that was not taken is made again; doubled each time, up to a minute. */
  retryMs: number;
  onFailure: (fault: unknown) => void;
}

/** Delay before the attempt after this many. */
export const backoffMs = (attempts: number, retryMs: number): number =>
  Math.min(longestDelayMs, retryMs * 2 ** Math.min(attempts - 1, 30));

export class Caller {
  readonly #calls: mongo.Collection<Call>;
  readonly #options: CallerOptions;
  readonly #webhook: Webhook;
  readonly #pump: Pump;
  #isFirst = true;

  constructor(calls: mongo.Collection<Call>, options: CallerOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#webhook = new Webhook(options.secret);
    this.#pump = new Pump({
      take: () => this.#take(),
      most: mostCalls,
      idleMs: () => this.#untilNext(),
      faultMs: faultDelayMs,
      onFailure: options.onFailure,
    });
  }

  start(): void {
    this.#pump.start();
  }

  /** There is something new in the database. */
  wake(): void {
    this.#pump.wake();
  }

  /** Resolves once no call is under way. */
  async stop(): Promise<void> {
    await this.#pump.stop();
  }

  async #take(): Promise<Job | undefined> {
    if (this.#isFirst) await this.#takeOver();
    this.#isFirst = false;
    const call = await this.#claim();
    return call ? () => this.#send(call) : undefined;
  }

  /** Whatever was tried before is due: nobody knows any more what was under way. */
  async #takeOver(): Promise<void> {
    await this.#calls.updateMany({ dueAt: { $exists: true }, attempts: { $gt: 0 } }, { $set: { dueAt: new Date() } });
  }

  /** The next call that is due, put off for longer than its answer may take. */
  async #claim(): Promise<Call | null> {
    const now = Date.now();
    return this.#calls.findOneAndUpdate(
      { dueAt: { $lte: new Date(now) } },
      { $set: { dueAt: new Date(now + answerBoundMs + longestDelayMs) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
  }

  async #untilNext(): Promise<number> {
    const next = await this.#calls.findOne({ dueAt: { $exists: true } }, { sort: { dueAt: 1 } });
    return next?.dueAt ? Math.max(0, Math.min(longestDelayMs, next.dueAt.getTime() - Date.now())) : longestDelayMs;
  }

  async #send({ _id, messageId, event, attempts }: Call): Promise<void> {
    if (await this.#isTaken(messageId, JSON.stringify(event))) {
      await this.#calls.updateOne({ _id }, { $set: { takenAt: new Date() }, $unset: { dueAt: '' } });
    } else {
      const dueAt = new Date(Date.now() + backoffMs(attempts, this.#options.retryMs));
      await this.#calls.updateOne({ _id }, { $set: { dueAt } });
      this.wake();
    }
  }

  async #isTaken(messageId: string, body: string): Promise<boolean> {
    const now = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': this.#webhook.sign(messageId, now, body),
    };
    const signal = AbortSignal.timeout(answerBoundMs);
    try {
      const response = await fetch(this.#options.url, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // not there, or too slow: the next attempt will tell
    }
  }
}
