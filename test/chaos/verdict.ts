/** Whether an installation has come through: it comes to rest, `ta check` holds, what was acknowledged is there, partners did each thing once. */
import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { checkWorkflows, type LookedAt } from '../../clients/check';
import type { TradeAssuranceClient } from '../../clients';
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
  const workflows = await checkWorkflows(ta, onViolation);
  violations.push(
    ...(await acknowledgedLost(store, storm)),
    ...(await coverInTurn(store)),
    ...(await partnersDiffer(store, sandboxUri)),
  );
  return { violations, looked, workflows };
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

/**
 * R2: in the order in which they were written (of one supplier they take turns, because each changes its standing), no
 * reservation took the sum of cover above the limit of its moment.
 */
async function coverInTurn({ collections: { journal, orders } }: Store): Promise<string[]> {
  const supplierOf = new Map<string, string>();
  for await (const { _id, supplier } of orders.find({}, { projection: { supplier: 1 } })) supplierOf.set(_id, supplier);
  const open = new Map<string, number>();
  const wrong: string[] = [];
  for await (const { order, version, events } of journal.find().sort({ $natural: 1 })) {
    const supplier = supplierOf.get(order) ?? '';
    const before = open.get(supplier) ?? 0;
    let sum = before;
    for (const event of events) {
      if (event.type === 'coverReleased') sum -= event.amount.amount;
      if (event.type !== 'coverReserved') continue;
      sum += event.amount.amount;
      if (sum > event.limit.amount && sum > before)
        wrong.push(
          `cover ${order} version ${String(version)}: ${String(sum)} of a limit of ${String(event.limit.amount)}`,
        );
    }
    open.set(supplier, sum);
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
      if (!succeeded.includes(status)) continue;
      if (!booked.delete(reference)) wrong.push(`paid-once ${_id} was done by the partner, and is not booked`);
    }
    for (const reference of booked.keys()) wrong.push(`paid-once ${reference} is booked, and no partner did it`);
    return wrong;
  } finally {
    await client.close();
  }
}

/** Outcomes by which money has moved. */
const succeeded = ['captured', 'refunded', 'paid'];
