/**
 * Works off the inbox: reads what was delivered into rows, and routes the rows that are due, those of one turn one after
 * another, different turns at once. Any number of processes may do so side by side.
 */
import { createHash } from 'node:crypto';
import type { Worked } from '../../activities/inbox';
import { turnOf, type Delivery, type RowFact } from '../../domain/inbox';
import { messages } from '../../domain/messages';
import { problemsOf } from '../../domain/parse';
import {
  leaseOf,
  settleRow,
  storeRows,
  takeRow,
  takeUnread,
  turnsDue,
  wakeDue,
  type Lease,
  type NewRow,
} from '../../store/inbox';
import { isPairsAccount } from '../../store/matching';
import type { TradeAssuranceClient } from '../client';
import { FeedError, type Fact, type FeedItem, type FeedProfile } from './feed';
import { isForPeople } from './ignored';
import { readFeed } from './profiles';
import { routeRow } from './route';

export interface FeedInboxOptions {
  ta: TradeAssuranceClient;
  profileOf: (name: string) => FeedProfile | undefined;
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

  /** Does all that is due, and what becomes due by it. @throws what MongoDB throws; nothing is lost by that */
  async work(): Promise<Worked> {
    const done: Worked = { read: 0, routed: 0, woken: 0 };
    for (let pass = 1; pass > 0;) {
      const read = await this.#readAll();
      const routed = await this.#routeAll();
      done.read += read;
      done.routed += routed;
      pass = read + routed;
    }
    return done;
  }

  /** The same, and looks again at what has been parked for long enough. */
  async sweep(): Promise<Worked> {
    const woken = await wakeDue(this.#store, this.#now());
    return { ...(await this.work()), woken };
  }

  get #store() {
    return this.options.ta.options.store;
  }

  #lease(): Lease {
    return leaseOf(this.#now(), this.options.leaseMs ?? 120_000);
  }

  async #readAll(): Promise<number> {
    for (let read = 0; ; read += 1) {
      const delivered = await takeUnread(this.#store, this.#now(), this.#lease());
      if (!delivered) return read;
      const { body, ...of } = delivered;
      const { state, rows } = rowsOf(of, body, this.options.profileOf(of.profile));
      await storeRows(this.#store, of, rows, state, this.#now());
    }
  }

  async #routeAll(): Promise<number> {
    const turns = await turnsDue(this.#store, this.#now(), 1000);
    let routed = 0;
    const worker = async () => {
      for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) routed += await this.#routeTurn(turn);
    };
    await Promise.all(Array.from({ length: this.options.concurrency ?? 8 }, worker));
    return routed;
  }

  async #routeTurn(turn: string): Promise<number> {
    for (let routed = 0; ; routed += 1) {
      const row = await takeRow(this.#store, turn, this.#now(), this.#lease());
      if (!row) return routed;
      await settleRow(this.#store, row, await routeRow(this.options.ta, row, this.#now()), this.#now());
    }
  }
}

/** The rows of a delivery; of one that cannot be read, the row that says why. */
function rowsOf(
  of: Delivery,
  body: Uint8Array,
  profile: FeedProfile | undefined,
): { state: 'read' | 'unreadable'; rows: NewRow[] } {
  const whole = (state: 'dead' | 'ignored', code: string, why: string): NewRow => ({ index: -1, state, code, why });
  if (!profile)
    return { state: 'unreadable', rows: [whole('dead', 'feed.profile-unknown', `no format “${of.profile}” is known`)] };
  try {
    const items = readFeed(profile, body, of.file);
    const rows = items.map((item, index) => rowOf(item, index));
    return {
      state: 'read',
      rows:
        rows.length > 0 ? rows : [whole('ignored', 'file.no-items', 'there is nothing in it that anybody might need')],
    };
  } catch (fault) {
    const why = fault instanceof FeedError ? `${fault.message} (at ${fault.at})` : String(fault);
    const code = fault instanceof FeedError ? fault.code : 'feed.failed';
    return { state: 'unreadable', rows: [whole('dead', code, why.slice(0, 1000))] };
  }
}

function rowOf(item: FeedItem, index: number): NewRow {
  const at = item.source;
  if ('ignored' in item) {
    const state = isForPeople(item.ignored) ? 'dead' : 'ignored';
    return { index, at, state, code: item.ignored, why: item.why.slice(0, 1000) };
  }
  const { fact, remittance } = item;
  const parsed = messages[fact].data.safeParse(item.data);
  const told = { index, at, fact, ...(remittance !== undefined && { remittance: remittance.slice(0, 500) }) };
  if (!parsed.success)
    return { ...told, data: item.data, state: 'dead', code: 'message.invalid', why: problemsOf(parsed.error) };
  const { data } = parsed;
  const key = turnOf({ fact, data } as RowFact, isPairsAccount);
  return { ...told, data, state: 'pending', key, message: messageIdOf({ ...item, data } as Fact) };
}

/**
 * The id of the message that a fact is told by: of its content, so that whatever file brings the same fact brings the same
 * message. Where formats say more or less of one fact (the payer's name, say) the messages differ, and the order itself
 * knows the entry, or the declaration and its time, again.
 */
const messageIdOf = ({ fact, data }: Fact): string =>
  `${fact}:${createHash('sha256').update(canonical(data)).digest('hex').slice(0, 40)}`;

/** JSON in which the order of fields says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
