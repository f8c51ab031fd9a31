/**
 * Works off the inbox: reads what was delivered into rows, and routes the rows that are due, those of one turn one after
 * another, different turns at once. Any number of processes may do so side by side.
 */
import type { Worked } from '../../activities/inbox';
import { leaseOf, settleRow, storeRows, takeRow, takeUnread, turnsDue, wakeDue, type Lease } from '../../store/inbox';
import type { TradeAssuranceClient } from '../client';
import { readDelivery } from './reader';
import { routeRow } from './route';
import type { ReadAs, Reading } from './rows';

export interface FeedInboxOptions {
  ta: TradeAssuranceClient;
  /** Reads a delivery; by the profiles that there are, unless said otherwise. */
  read?: (of: ReadAs, body: Uint8Array) => Promise<Reading> | Reading;
  /** Turns that are worked on at once (default 8). */
  concurrency?: number;
  /** How long nobody else works on what a process that died had begun, in milliseconds (default 2 minutes). */
  leaseMs?: number;
  now?: () => string;
}

export class FeedInbox {
  readonly #now: () => string;

  constructor(private readonly options: FeedInboxOptions) {
    this.#now = options.now ?? (() => new Date().toISOString());
  }

  /**
   * Does all that is due, and what becomes due by it; once `ending` is aborted, only what it has in hand.
   * @throws what MongoDB throws; nothing is lost by that
   */
  async work(ending?: AbortSignal): Promise<Worked> {
    const done: Worked = { read: 0, routed: 0, woken: 0 };
    for (let pass = 1; pass > 0;) {
      const read = await this.#readAll(ending);
      const routed = await this.#routeAll(ending);
      done.read += read;
      done.routed += routed;
      pass = read + routed;
    }
    return done;
  }

  /** The same, and looks again at what has been parked for long enough. */
  async sweep(ending?: AbortSignal): Promise<Worked> {
    const woken = await wakeDue(this.#store, this.#now());
    return { ...(await this.work(ending)), woken };
  }

  get #store() {
    return this.options.ta.options.store;
  }

  #lease(): Lease {
    return leaseOf(this.#now(), this.options.leaseMs ?? 120_000);
  }

  async #readAll(ending: AbortSignal | undefined): Promise<number> {
    for (let read = 0; ; read += 1) {
      if (ending?.aborted) return read;
      const delivered = await takeUnread(this.#store, this.#now(), this.#lease());
      if (!delivered) return read;
      const { body, ...of } = delivered;
      const readRows = this.options.read ?? readDelivery;
      const { state, rows } = await readRows(of, body);
      await storeRows(this.#store, of, rows, state, this.#now());
    }
  }

  async #routeAll(ending: AbortSignal | undefined): Promise<number> {
    if (ending?.aborted) return 0;
    const turns = await turnsDue(this.#store, this.#now(), 1000);
    let routed = 0;
    const worker = async () => {
      for (let turn = turns.shift(); turn !== undefined; turn = turns.shift())
        routed += await this.#routeTurn(turn, ending);
    };
    await Promise.all(Array.from({ length: this.options.concurrency ?? 8 }, worker));
    return routed;
  }

  async #routeTurn(turn: string, ending: AbortSignal | undefined): Promise<number> {
    for (let routed = 0; ; routed += 1) {
      if (ending?.aborted) return routed;
      const row = await takeRow(this.#store, turn, this.#now(), this.#lease());
      if (!row) return routed;
      await settleRow(this.#store, row, await routeRow(this.options.ta, row, this.#now()), this.#now());
    }
  }
}
