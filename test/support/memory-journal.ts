/**
 * The activities of an order over a journal in memory, for tests of the workflow alone. It keeps the store's promises: a
 * version stands once, a message id is known again, what `decide` cannot see is added by `admit`.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { OrderActivities } from '../../activities/order';
import { admit, needsSurroundings, type Surroundings } from '../../domain/admission';
import type { JournalEntry } from '../../domain/events';
import { keyOf, type Message } from '../../domain/messages';
import { moneyOf } from '../../domain/money';
import { apply, fold } from '../../domain/evolve';
import type { Order } from '../../domain/order';
import { commitOf, type To } from '../../domain/question';
import { isRefusal } from '../../domain/refusal';
import type { CommitAnswer, CommitRequest } from '../../store/commit';
import { surroundings } from './builders';

interface Row {
  entry: JournalEntry;
  body: string;
}

export class MemoryJournal {
  readonly rows = new Map<string, Row[]>();
  around: Surroundings = surroundings();
  /** Called before each commit; throw to fail it. */
  beforeCommit: (request: CommitRequest) => void | Promise<void> = () => undefined;
  /** Called before each accrual; throw to fail it. */
  beforeAccrual: () => void = () => undefined;
  /** What the worker gets in place of an answer of `commit`. */
  answered: (answer: To<CommitAnswer>) => To<CommitAnswer> = (answer) => answer;
  commits = 0;
  accruals = 0;

  order(id: string): Order | undefined {
    return fold(this.entries(id));
  }

  entries(id: string): JournalEntry[] {
    return (this.rows.get(id) ?? []).map(({ entry }) => entry);
  }

  readonly activities: OrderActivities = {
    commit: async (request) => {
      this.commits += 1;
      await this.beforeCommit(request);
      return this.answered({
        ...this.write(request),
        to: commitOf(keyOf(request.message.actor, request.message.id), request.version),
      });
    },
    bookCredit: () => Promise.resolve({ limitAfter: moneyOf(200_000, 'USD'), policy: 'ta-limit/v1' }),
    charge: () => Promise.resolve({ state: 'captured', reference: 'charge-1' }),
    refund: () => Promise.resolve({ reference: 'refund-1' }),
    recall: (order, message) => Promise.resolve(this.recall(order, message)),
    readOn: (order, version) => Promise.resolve(this.entries(order).slice(version)),
    accrueCredit: () => {
      this.accruals += 1;
      this.beforeAccrual();
      const [limitBefore, limitAfter] = [moneyOf(200_000, 'USD'), moneyOf(250_000, 'USD')];
      return Promise.resolve({ limitBefore, limitAfter, grade: 1, policy: 'ta-limit/v1' });
    },
  };

  /** Stores a message as the store would, whoever asks. */
  write({ order, version, at, message, events }: CommitRequest): CommitAnswer {
    const rows = this.rows.get(order) ?? [];
    const known = this.recall(order, message);
    if (rows.length >= version) return { kind: 'stands', entries: rows.slice(version - 1).map(({ entry }) => entry) };
    if (known) return known;
    const before = this.order(order);
    const admitted = needsSurroundings(events) ? admit(before, events, this.around, at) : events;
    if (isRefusal(admitted)) return { kind: 'refused', refusal: admitted };
    const { name, id, actor } = message;
    const entry = { order, version, at, message: name, messageId: id, actor, events: admitted };
    apply(before, entry); // throws on a gap, as the store does
    this.rows.set(order, [...rows, { entry, body: bodyOf(message) }]);
    return admitted === events ? { kind: 'as-asked', at } : { kind: 'stands', entries: [entry] };
  }

  private recall(order: string, message: Message): CommitAnswer | undefined {
    const row = this.rows
      .get(order)
      ?.find(({ entry }) => keyOf(entry.actor, entry.messageId) === keyOf(message.actor, message.id));
    if (!row) return undefined;
    if (row.body === bodyOf(message)) return { kind: 'repeated', entry: row.entry };
    return { kind: 'refused', refusal: { refused: 'message.id-reused', text: 'reused' } };
  }
}

const bodyOf = ({ name, actor, data }: Message): string => JSON.stringify([name, actor, data]);

/** A failure that trying again does not help against. */
export const hopeless = (reason: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'commit.failed', message: reason, nonRetryable: true });
