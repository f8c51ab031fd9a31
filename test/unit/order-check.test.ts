/** What `ta check` finds of one order's records: nothing of any order that came about by the rules; and each thing that is broken. */
import type { OrderEvent } from '../../domain/events';
import type { Transfer } from '../../domain/ledger';
import { moneyOf } from '../../domain/money';
import type { Order } from '../../domain/order';
import { violationsOf, type OrderRecords } from '../../store/order-check';
import { onWalks, walks } from '../support/arbitraries';
import type { Deal } from '../support/market';
import { same } from '../support/must';
import { sequences } from '../support/sequences';

type Credited = Extract<OrderEvent, { type: 'paymentApplied' }>;

/** What the store has of a deal: the bank's entries are those that were credited. */
function recordsOf({ id, journal, order, transfers }: Deal): OrderRecords {
  const sums = new Map<string, OrderRecords['entries'][number]>();
  for (const event of journal.flatMap(({ events }) => events)) {
    if (!['paymentApplied', 'paymentSuspended', 'paymentVoid'].includes(event.type)) continue;
    const { account, entryReference, amount } = event as Credited;
    if (account === 'card' || account === 'suspense') continue;
    const before = sums.get(`${account}:${entryReference}`)?.amount.amount ?? 0;
    const sum = { account, entryReference, amount: { amount: before + amount.amount } };
    sums.set(`${account}:${entryReference}`, sum);
  }
  return {
    order: id,
    journal,
    projection: order,
    transfers,
    told: journal.map(({ version }) => version),
    entries: [...sums.values()],
  };
}

/** A paid order of a walk: every kind of record is there. */
function paid(): OrderRecords {
  let found: OrderRecords | undefined;
  onWalks(
    walks(),
    50,
    () => undefined,
    ({ deals }) => {
      const records = deals
        .map(recordsOf)
        .filter(({ entries, transfers }) => entries.length > 0 && transfers.length > 0);
      found = [...records, ...(found ? [found] : [])].sort((a, b) => b.journal.length - a.journal.length)[0];
    },
  );
  if (!found) throw new Error('no walk has paid');
  return found;
}

test('whatever was played by the rules holds', () => {
  onWalks(
    walks(),
    sequences.checked,
    () => undefined,
    ({ deals }) => {
      for (const deal of deals) same('violations', JSON.stringify(violationsOf(recordsOf(deal))), '[]');
    },
  );
});

describe('what is broken is named', () => {
  const records = paid();
  const [first, second, ...rest] = records.journal;
  const last = records.journal.at(-1);
  const [transfer] = records.transfers;
  const [entry] = records.entries;
  if (!first || !second || !last || !transfer || !entry || !records.projection) throw new Error('it has all of these');
  const fromSupplier = (other: Partial<Transfer>): Transfer => ({
    ...transfer,
    kind: 'payment-reversed',
    from: `supplier:${records.projection?.supplier ?? ''}`,
    to: transfer.from,
    ...other,
  });
  const capturedCharge: Order['charges'][number] = {
    payment: 'pay-never',
    method: 'card',
    token: 'tok_ok',
    effect: 'order-1:1:0',
    state: 'captured',
    amount: { amount: 500, currency: 'USD' },
    surcharge: { amount: 14, currency: 'USD' },
  };
  const cases: Record<string, [Partial<OrderRecords>, string, RegExp]> = {
    'a gap': [{ journal: [first, ...rest] }, 'journal', /version 2 is missing/],
    'an end that is lost': [{ journal: records.journal.slice(0, -1) }, 'journal', /the projection is at/],
    'a message twice': [
      { journal: [...records.journal, { ...last, version: last.version + 1, events: [] }] },
      'journal',
      /stands twice/,
    ],
    'a projection that is otherwise': [
      { projection: { ...records.projection, revision: 99 } },
      'projection',
      /in revision$/,
    ],
    'no projection': [{ projection: undefined }, 'projection', /has no projection/],
    'a posting that is lost': [{ transfers: records.transfers.slice(1) }, 'postings', /is not posted/],
    'a posting that never happened': [
      { transfers: [...records.transfers, { ...transfer, id: `${records.order}:999:0` }] },
      'postings',
      /never happened/,
    ],
    'a posting of another amount': [
      {
        transfers: [{ ...transfer, amount: moneyOf(transfer.amount.amount + 1, 'USD') }, ...records.transfers.slice(1)],
      },
      'postings',
      /posted otherwise/,
    ],
    // What 295e3b5 booked when a bank took a credit back after the order's end: the supplier paid, whoever had the money.
    'a late reversal that the order knows nothing of': [
      { transfers: [...records.transfers, fromSupplier({ id: `late-reversal:${records.order}` })] },
      'money',
      /what the supplier and the fee got/,
    ],
    'a payout of somebody else’s': [
      { transfers: [...records.transfers, fromSupplier({ from: 'supplier:sup-other', id: 'withdrawal:w-1:paid' })] },
      'money',
      /supplier:sup-other is no party of it/,
    ],
    'a charge that is captured, and whose money is not booked': [
      { projection: { ...records.projection, charges: [capturedCharge] } },
      'money',
      /what the processor owes/,
    ],
    'a refund that is paid and never left the bank': [
      {
        projection: {
          ...records.projection,
          refunds: [{ id: 9, amount: { amount: 7, currency: 'USD' }, why: 'platform', via: 'bank', state: 'paid' }],
        },
      },
      'money',
      /USD that the bank has refunded/,
    ],
    'what is not told': [{ told: records.told.slice(1) }, 'outbox', /version 1 is not told/],
    'an entry that is not booked': [{ entries: records.entries.slice(1) }, 'paid-once', /not booked for the order/],
    'an entry of another amount': [
      { entries: [{ ...entry, amount: { amount: entry.amount.amount + 1 } }, ...records.entries.slice(1)] },
      'paid-once',
      /is of \d+, and/,
    ],
    'an entry that is not credited': [
      { entries: [...records.entries, { ...entry, entryReference: 'another' }] },
      'paid-once',
      /booked and not credited/,
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [broken, check, says]) => {
    const found = violationsOf({ ...records, ...broken });
    expect(found).toContainEqual({ check, subject: records.order, says: expect.stringMatching(says) as string });
  });
});
