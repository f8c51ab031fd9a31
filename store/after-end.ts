/**
 * Word of money for an order that has ended (R29, R30, R48): its workflow is gone, and yet what a bank or a processor
 * reports must be booked. The order's own rules decide it, as while it was open, and it is committed to the same journal.
 */
import { decide } from '../domain/decide';
import type { JournalEntry } from '../domain/events';
import { keyOf, type Message } from '../domain/messages';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { adjustedFactOf } from '../domain/reward';
import { commit, recall, type CommitAnswer } from './commit';
import { bookFact } from './credit';
import { findOrder } from './read';
import type { Store } from './store';

/** How often it is decided once more, when another message was committed in between. */
const mostAttempts = 20;

type Booked = Extract<CommitAnswer, { kind: 'repeated' | 'nothing' | 'refused' }>;

/**
 * Commits the message to an order that has ended: its entry in the journal, `nothing` when what it brings is booked already,
 * or why it is refused (`payment.entry-unknown` for the reversal of a credit that was never booked for this order).
 */
export async function commitAfterEnd(store: Store, id: string, message: Message, at: string): Promise<Booked> {
  const booked = await committed(store, id, message, at);
  if (booked.kind === 'repeated') await adjustCredit(store, booked.entry);
  return booked;
}

/** R1, R3: the supplier's credit follows what has gone back of a completed order; again changes nothing. */
async function adjustCredit(store: Store, { order: id, version, at, events }: JournalEntry): Promise<void> {
  const adjusted = events.find((event) => event.type === 'creditAdjusted');
  const order = adjusted && (await findOrder(store, id));
  if (order) await bookFact(store, adjustedFactOf(order, adjusted, String(version), at), at);
}

async function committed(store: Store, id: string, message: Message, at: string): Promise<Booked> {
  const { actor, id: messageId } = message;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const known = await recall(store, id, message);
    if (known?.kind === 'repeated' || known?.kind === 'refused') return known;
    const order = await findOrder(store, id);
    if (!order?.endedAt) return refused(refuse(order ? 'order.without-workflow' : 'order.not-found', id));
    const unknown = await unknownEntry(store, id, message);
    if (unknown) return refused(unknown);
    const events = decide(order, message, at);
    if (isRefusal(events)) return refused(events);
    if (events.length === 0) return { kind: 'nothing' };
    const answer = await commit(store, { order: id, version: order.version + 1, at, message, events });
    if (answer.kind === 'repeated' || answer.kind === 'nothing' || answer.kind === 'refused') return answer;
    const own = answer.kind === 'as-asked' ? await recall(store, id, message) : undefined;
    if (own?.kind === 'repeated') return own;
    const stands = answer.kind === 'stands' ? answer.entries : [];
    const entry = stands.find((one) => keyOf(one.actor, one.messageId) === keyOf(actor, messageId));
    if (entry) return { kind: 'repeated', entry };
  }
  return refused(refuse('commit.failed', `order ${id} was changed ${String(mostAttempts)} times meanwhile`));
}

const refused = (refusal: Refusal): Booked => ({ kind: 'refused', refusal });

/** A credit that was never booked for the order is not taken back from it: whoever reports it has to look. */
async function unknownEntry(store: Store, order: string, { name, data }: Message): Promise<Refusal | undefined> {
  if (name !== 'paymentReversed' || data.account === 'suspense') return undefined;
  const { account, entryReference } = data;
  const entry = await store.collections.bankEntries.findOne({ account, entryReference });
  return entry?.order === order ? undefined : refuse('payment.entry-unknown', `${account}:${entryReference}`);
}
