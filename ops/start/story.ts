/**
 * Tells an order as its journal has it: a block for each message, with who sent it, what happened, where the order stands
 * by it, and what the ledger posted. What the journal held before this start is told in one line each.
 */
import { journalOf } from '../../store/read';
import type { TradeAssuranceClient } from '../../clients';
import { eventWords, type Teller } from '../../domain/event-words';
import type { JournalEntry } from '../../domain/events';
import type { Transfer } from '../../domain/ledger';
import { format } from '../../domain/money';
import { apply } from '../../domain/evolve';
import { milestoneOf, type Order } from '../../domain/order';
import { mainRoadLength } from '../../seeds/main-road';
import { good, quiet, rows, say, strong } from './screen';

/** Columns of the heading. */
const [numberWidth, messageWidth, roleWidth] = [5, 16, 9];
const indent = numberWidth + 2;
const labelWidth = 10;

export class Story {
  #order: Order | undefined;
  readonly #steps = new Set<number>();
  readonly #names = new Map<string, string>();

  constructor(
    readonly ta: TradeAssuranceClient,
    readonly order: string,
    /** How many numbered messages it has, if that is known. */
    private readonly length: number | null = mainRoadLength,
  ) {}

  /** Up to where the order was told. */
  get version(): number {
    return this.#order?.version ?? 0;
  }

  /** Whether every message of the main road stands in the journal. */
  get isPlayed(): boolean {
    return this.#steps.size === this.length;
  }

  /** Tells what the journal has beyond what was told; returns whether there was anything. */
  async tell(as: 'new' | 'past' = 'new'): Promise<boolean> {
    const [entries, transfers] = await Promise.all([
      journalOf(this.ta.options.store, this.order),
      this.ta.postings(this.order),
    ]);
    const untold = entries.filter(({ version }) => version > this.version);
    for (const entry of untold) {
      this.#order = apply(this.#order, entry);
      const posted = transfers.filter(({ version }) => version === entry.version);
      const heading = await this.#heading(entry);
      say(as === 'past' ? `${heading} ${quiet(`before, at ${entry.at}`)}` : block(heading, entry, this.#order, posted));
    }
    return untold.length > 0;
  }

  async #heading({ message, messageId, actor: { role, member } }: JournalEntry): Promise<string> {
    const step = Number(/^(\d\d)-/.exec(messageId)?.[1] ?? 0);
    if (step > 0) this.#steps.add(step);
    const number = step === 0 ? '·' : this.length === null ? String(step) : `${String(step)}/${String(this.length)}`;
    const name = (await this.#nameOf(member)).padEnd(34);
    return `${quiet(number.padStart(numberWidth))}  ${strong(message.padEnd(messageWidth))} ${role.padEnd(roleWidth)} ${name}`;
  }

  /** Companies by their names; banks, customs and effects are no members. */
  async #nameOf(member: string): Promise<string> {
    const known = this.#names.get(member);
    if (known !== undefined) return known;
    const found = await this.ta.options.store.collections.members.findOne({ _id: member });
    const name = found?.name ?? member;
    this.#names.set(member, name);
    return name;
  }
}

const teller: Teller = { money: format, at: (instant) => instant.slice(0, 10), day: (date) => date, currency: 'USD' };

function block(heading: string, { events }: JournalEntry, order: Order, posted: Transfer[]): string {
  const stands = `${good(order.status)} ${quiet('·')} ${milestoneOf(order)}`;
  const body = rows(
    [
      ['happened', events.map((event) => eventWords(event, teller).en)],
      ['ledger', postings(posted)],
      ['order', [stands]],
    ],
    indent,
    labelWidth,
  );
  return `${heading.trimEnd()}\n${body}\n`;
}

/** Amounts in one column. */
function postings(transfers: readonly Transfer[]): string[] {
  const ways = transfers.map(({ from, to }) => `${from} → ${to}`);
  const width = Math.max(0, ...ways.map((way) => way.length));
  return transfers.map(({ amount }, index) => `${(ways[index] ?? '').padEnd(width)}  ${format(amount)}`);
}
