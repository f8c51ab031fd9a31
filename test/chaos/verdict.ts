/** Whether an installation has come through: it comes to rest, `ta check` holds, what was acknowledged is there, partners did each thing once. */
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { checkWorkflows, type LookedAt } from '../../clients/check';
import type { TradeAssuranceClient } from '../../clients';
import { effectOfKey } from '../../domain/effects';
import type { JournalEntry } from '../../domain/events';
import { checkBooks, type Looked } from '../../store/check';
import type { Violation } from '../../store/order-check';
import type { Store } from '../../store/store';
import type { Storm } from './storm';

export interface Verdict {
  violations: string[];
  looked: Looked;
  workflows: LookedAt;
}

/** Waits until nothing is on its way any more; what still is after that time is told. */
export async function comeToRest({ collections }: Store, withinMs: number): Promise<string[]> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const now = new Date().toISOString();
    const waiting = {
      'unread deliveries': await collections.inbox.countDocuments({ state: 'received' }),
      'rows of the inbox': await collections.inboxRows.countDocuments({ state: 'pending' }),
      'rows of the outbox': await collections.outbox.countDocuments({ sent: false }),
      withdrawals: await collections.withdrawals.countDocuments({ state: { $in: ['reserved', 'with-bank'] } }),
      effects: await collections.orders.countDocuments({ 'effects.state': 'pending' }),
    };
    const left = Object.entries(waiting).filter(([, count]) => count > 0);
    if (left.length === 0) return [];
    if (Date.now() > giveUpAt)
      return left.map(([what, count]) => `still on their way at ${now}: ${String(count)} ${what}`);
    await pause(1000);
  }
}

export async function judge(ta: TradeAssuranceClient, storm: Storm, sandboxUri: string): Promise<Verdict> {
  const { store } = ta.options;
  const violations: string[] = [...storm.faults];
  const onViolation = ({ check, subject, says }: Violation) => violations.push(`${check} ${subject} ${says}`);
  const looked = await checkBooks(store, onViolation);
  const { workflows, behind } = await caughtUp(ta);
  violations.push(...behind);
  violations.push(
    ...(await acknowledgedLost(store, storm)),
    ...(await coverInTurn(store)),
    ...(await partnersDiffer(store, sandboxUri)),
  );
  return { violations, looked, workflows };
}

/** So long an order may be behind its journal: the sweep looks each minute at those that rest for a minute. */
const sweptWithinMs = 300_000;

/** Workflows and books, once the sweep has had its time. */
async function caughtUp(ta: TradeAssuranceClient): Promise<{ workflows: LookedAt; behind: string[] }> {
  for (const giveUpAt = Date.now() + sweptWithinMs; ;) {
    const behind: string[] = [];
    const workflows = await checkWorkflows(ta, ({ check, subject, says }) =>
      behind.push(`${check} ${subject} ${says}`),
    );
    if (behind.length === 0 || Date.now() > giveUpAt) return { workflows, behind };
    await pause(10_000);
  }
}

/** What was answered stands in the journal; what was taken of feeds stands in the inbox. */
async function acknowledgedLost({ collections }: Store, { acknowledged, delivered }: Storm): Promise<string[]> {
  const lost: string[] = [];
  for (const { order, version, message } of acknowledged) {
    const row = await collections.journal.findOne({ order, version }, { projection: { message: 1 } });
    if (row?.message !== message)
      lost.push(`acknowledged and lost: ${message} of ${order} as version ${String(version)}`);
  }
  for (const id of delivered)
    if (!(await collections.inbox.findOne({ _id: id }, { projection: { _id: 1 } }))) lost.push(`taken and lost: ${id}`);
  return lost;
}

/** What of an entry of the oplog is needed: the writes of one transaction. */
interface Transaction {
  o: { applyOps?: { ns: string; op: string; o: Record<string, unknown>; o2?: { _id: string } }[] };
}

/**
 * R2: in the order in which MongoDB has committed (the oplog's), no reservation took the sum of cover above the limit of its
 * moment. Not by the order of the journal's records, which a server that recovers writes again in another.
 */
async function coverInTurn({ connection }: Store): Promise<string[]> {
  const [standings, journal] = [`${connection.name}.standings`, `${connection.name}.journal`];
  const open = new Map<string, number>();
  const wrong: string[] = [];
  const oplog = connection.getClient().db('local').collection<Transaction>('oplog.rs');
  for await (const { o } of oplog.find({ 'o.applyOps.ns': standings }).sort({ $natural: 1 })) {
    const writes = o.applyOps ?? [];
    const standing = writes.find(({ ns, op }) => ns === standings && op === 'u');
    const sum = (standing?.o as { diff?: { u?: { openCover?: number } } } | undefined)?.diff?.u?.openCover;
    if (!standing?.o2 || sum === undefined) continue;
    const before = open.get(standing.o2._id) ?? 0;
    open.set(standing.o2._id, sum);
    for (const row of writes
      .filter(({ ns, op }) => ns === journal && op === 'i')
      .map(({ o: doc }) => doc as unknown as JournalEntry))
      for (const event of row.events)
        if (event.type === 'coverReserved' && sum > event.limit.amount && sum > before)
          wrong.push(
            `cover ${row.order} version ${String(row.version)}: ${String(sum)} of a limit of ${String(event.limit.amount)}`,
          );
  }
  return wrong;
}

/** What the partners did beside what the books say of it: each once, and nothing that the books do not know. */
async function partnersDiffer({ collections }: Store, uri: string): Promise<string[]> {
  const client = new mongo.MongoClient(uri);
  try {
    await client.connect();
    const wrong: string[] = [];
    const booked = new Map<string, number>();
    const book = (reference: string) => booked.set(reference, (booked.get(reference) ?? 0) + 1);
    for await (const { events } of collections.journal.find({
      'events.type': { $in: ['chargeCaptured', 'refundPaid'] },
    }))
      for (const event of events)
        if (event.type === 'chargeCaptured' || event.type === 'refundPaid') book(event.reference);
    for await (const { bankReference } of collections.withdrawals.find({ state: 'paid' })) book(bankReference ?? '');
    for await (const { returned } of collections.suspense.find({ state: 'returned' })) book(returned ?? '');
    for (const [reference, times] of booked)
      if (times > 1) wrong.push(`paid-once ${reference} is booked ${String(times)} times`);
    const done = client
      .db()
      .collection<{ _id: string; timeline: { outcome: { status: string; reference?: string } }[] }>('operations');
    for await (const { _id, timeline } of done.find()) {
      const { status, reference = '' } = timeline.at(-1)?.outcome ?? { status: 'unknown' };
      if (status === 'returned') {
        booked.delete(reference); // it was captured before
        wrong.push(...(await notTakenBack(collections, _id)));
      }
      if (!succeeded.includes(status)) continue;
      if (!booked.delete(reference)) wrong.push(`paid-once ${_id} was done by the partner, and is not booked`);
    }
    for (const reference of booked.keys()) wrong.push(`paid-once ${reference} is booked, and no partner did it`);
    return wrong;
  } finally {
    await client.close();
  }
}

/** R48: a charge that the payer's bank has taken back is taken back in its order, also when that had ended before. */
async function notTakenBack({ orders }: Store['collections'], operation: string): Promise<string[]> {
  const effect = effectOfKey(operation.slice(operation.indexOf(':') + 1));
  const found = await orders.findOne({ 'charges.effect': effect }, { projection: { charges: 1, reversals: 1 } });
  const payment = found?.charges.find((charge) => charge.effect === effect)?.payment;
  const isBooked = payment !== undefined && found?.reversals.includes(`card:${payment}`);
  return isBooked ? [] : [`money ${operation} was taken back by the payer’s bank, and is not booked`];
}

/** Outcomes by which money has moved. */
const succeeded = ['captured', 'refunded', 'paid'];
