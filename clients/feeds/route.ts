/**
 * Brings a fact of the inbox to the order that it is about, and says what became of it. Nothing is thrown: whatever goes
 * wrong is a verdict, so that each row is explained.
 */
import type { OrderEvent } from '../../domain/events';
import {
  entrySubject,
  kindOf,
  lookAgainAt,
  maxFaults,
  parkedAtMostDays,
  reversalParkedAtMostDays,
  retryAt,
  subjectOf,
  type InboxRow,
  type RowFact,
  type Verdict,
} from '../../domain/inbox';
import type { Actor, MessageData } from '../../domain/messages';
import { format, type Money } from '../../domain/money';
import type { RefusalCode } from '../../domain/refusal';
import { addDays } from '../../domain/time';
import { bookedAmount } from '../../store/bank-entries';
import { creditOfTransfer, ordersOf, routedBefore, wake } from '../../store/inbox';
import { bookCredit, reverseCredit } from '../bank-feed';
import type { TradeAssuranceClient } from '../client';
import { isOutage, Refused } from '../errors';

/** Routes a row. `now` is when. */
export async function routeRow(ta: TradeAssuranceClient, row: InboxRow, now: string): Promise<Verdict> {
  try {
    return await route(ta, row, now);
  } catch (fault) {
    return verdictOf(fault, row, now);
  }
}

async function route(ta: TradeAssuranceClient, row: InboxRow, now: string): Promise<Verdict> {
  if (row.fact === undefined || row.data === undefined || row.message === undefined)
    return { state: 'dead', code: 'row.incomplete', why: 'the row holds no fact' };
  const told = { fact: row.fact, data: row.data } as RowFact;
  if (kindOf(told.fact) !== row.kind)
    return { state: 'dead', code: 'fact.not-theirs', why: `${told.fact} is not for ${row.kind} to say` };
  const before = await routedBefore(ta.options.store, row);
  if (before) return { state: 'routed', outcome: 'duplicate', ...(before.order && { order: before.order }) };
  const as: Actor = { role: row.kind, member: row.member };
  switch (told.fact) {
    case 'paymentCredited':
      return credit(ta, row, told.data, as, now);
    case 'paymentReversed':
      return reversal(ta, row, told.data, as);
    default:
      return word(ta, row, told, as, now);
  }
}

/** R30: a credit; a reversal of it may wait already. */
async function credit(
  ta: TradeAssuranceClient,
  { message, remittance }: InboxRow,
  data: MessageData<'paymentCredited'>,
  as: Actor,
  now: string,
): Promise<Verdict> {
  const { account, entryReference, amount, valueDate } = data;
  const known = await ta.options.store.collections.bankEntries.findOne({ account, entryReference });
  if (known && !(sameMoney(known.amount, amount) && (known.valueDate ?? valueDate) === valueDate)) {
    const why =
      `the bank has used ${entryReference} before, for ${format(known.amount)} of ${known.valueDate ?? 'no day'}: ` +
      `${format(amount)} of ${valueDate} is another credit, or the same that was corrected; ask the bank`;
    return { state: 'dead', code: 'credit.reference-reused', why };
  }
  const booked = await bookCredit(ta, { ...data, ...(remittance && { remittance }) }, as, message);
  await wake(ta.options.store, [entrySubject(data.account, data.entryReference)], now);
  if (booked.to === 'suspense') return { state: 'routed', outcome: booked.isRepeated ? 'duplicate' : 'suspense' };
  const { order, answer } = booked;
  const happened = (type: OrderEvent['type']) => answer.events.some((event) => event.type === type);
  const isSuspended = happened('paymentSuspended') && !happened('paymentApplied');
  const outcome = isSuspended ? 'suspense' : answer.events.length > 0 ? 'applied' : 'duplicate';
  return { state: 'routed', outcome, order };
}

const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

/** R30: a credit taken back, whole. Of one that is taken back in part people must say what is to become. */
async function reversal(
  ta: TradeAssuranceClient,
  row: InboxRow,
  reversed: MessageData<'paymentReversed'>,
  as: Actor,
): Promise<Verdict> {
  const { message, amount } = row;
  const data = await withCredit(ta, row, reversed);
  const credited = amount && (await bookedAmount(ta.options.store, data));
  if (credited && !sameMoney(credited, amount)) {
    const why = `the credit was ${format(credited)}, and ${format(amount)} is taken back`;
    return { state: 'dead', code: 'reversal.amount-differs', why };
  }
  const taken = await reverseCredit(ta, data, as, message);
  if (taken.from === 'suspense') return { state: 'routed', outcome: taken.isRepeated ? 'duplicate' : 'applied' };
  const { order, answer } = taken;
  return { state: 'routed', outcome: answer.events.length > 0 ? 'applied' : 'duplicate', order };
}

/** A reversal may bear a reference of its own: then the transfer's names tell which credit it takes back. */
async function withCredit(ta: TradeAssuranceClient, row: InboxRow, reversed: MessageData<'paymentReversed'>) {
  const { store } = ta.options;
  if (row.transfer === undefined || (await bookedAmount(store, reversed)) !== undefined) return reversed;
  const entryReference = await creditOfTransfer(store, reversed, row);
  return entryReference === undefined ? reversed : { ...reversed, entryReference };
}

/** The word of customs, a carrier or an inspector: for the order that has registered what it is about. */
async function word(ta: TradeAssuranceClient, row: InboxRow, told: RowFact, as: Actor, now: string): Promise<Verdict> {
  const subject = subjectOf(told);
  const [order, another] = await ordersOf(ta.options.store, subject);
  if (order === undefined) return parked(row, now, subject, 'order.not-known', `no order has registered ${subject}`);
  // To both would pay two suppliers for one export; an operator finds out whose it is.
  if (another !== undefined)
    return parked(row, now, subject, 'order.ambiguous', `${order} and ${another} have both registered ${subject}`);
  try {
    const { events } = await ta.send(told.fact, order, told.data, { as, id: row.message ?? '' });
    return { state: 'routed', outcome: events.length > 0 ? 'applied' : 'duplicate', order };
  } catch (fault) {
    return { ...verdictOf(fault, row, now), order };
  }
}

function parked({ receivedAt }: InboxRow, now: string, waitsFor: string, code: string, why: string): Verdict {
  const days = waitsFor.startsWith('entry:') ? reversalParkedAtMostDays : parkedAtMostDays;
  if (now >= addDays(receivedAt, days))
    return {
      state: 'dead',
      code: 'parked.too-long',
      why: `${why}; it has waited for ${days} ${days === 1 ? 'day' : 'days'}`,
    };
  return { state: 'parked', waitsFor, code, why, dueAt: lookAgainAt(now, receivedAt) };
}

/** Refusals that pass: the order goes on once an operator has seen to it, or once its time has come. */
const passing: Readonly<Partial<Record<RefusalCode, string>>> = {
  'order.halted': 'order',
  'order.without-workflow': 'order',
  'order.not-found': 'order',
  'export.in-future': 'time',
  'shipment.in-future': 'time',
  'payment.entry-unknown': 'entry',
};
/** Refusals that are faults of ours. */
const faulty: readonly RefusalCode[] = ['message.failed', 'commit.failed', 'message.invalid', 'message.unknown'];
/** Money is never refused: a person must see it. */
const ofMoney: readonly RefusalCode[] = ['payment.entry-conflict'];

function verdictOf(fault: unknown, row: InboxRow, now: string): Verdict {
  if (fault instanceof Refused) {
    const { code, message: why } = fault;
    const told = { fact: row.fact, data: row.data } as RowFact;
    const waits = passing[code];
    if (waits !== undefined) return parked(row, now, waits === 'entry' ? subjectOf(told) : waits, code, why);
    if (faulty.includes(code) || ofMoney.includes(code)) return { state: 'dead', code, why };
    return { state: 'routed', outcome: 'refused', code, why };
  }
  const why = fault instanceof Error ? fault.message : String(fault);
  const again = { state: 'pending', why, dueAt: retryAt(now, row.attempts) } as const;
  // Servers come back, however long it takes.
  if (isOutage(fault)) return { ...again, code: 'service.unavailable' };
  return row.attempts < maxFaults
    ? { ...again, code: 'routing.failed' }
    : { state: 'dead', code: 'routing.failed', why };
}
