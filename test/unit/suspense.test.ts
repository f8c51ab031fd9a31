/** R29, R30: money in suspense: what is to become of it two operators decide. */
import { allocationRefusal, approve, disapprove, propose, type SuspenseItem } from '../../domain/suspense';
import { isRefusal } from '../../domain/refusal';
import { startsAt, usd } from '../support/builders';

const item: SuspenseItem = {
  id: 'susp-1',
  account: 'va-0001',
  entryReference: 'T1',
  amount: usd(500),
  reason: 'overpaid',
  order: 'order-1',
  at: startsAt,
  state: 'open',
  updatedAt: startsAt,
};
const allocate = { kind: 'allocate', order: 'order-2' } as const;
const giveBack = { kind: 'return', payee: { name: 'Alster', account: 'DE02120300000000202051' } } as const;
const put = (action: typeof allocate | typeof giveBack = allocate) =>
  propose(item, action, 'op-1', 'belongs there', startsAt) as SuspenseItem;
const approved = () => approve(put(), 1, 'op-2', startsAt) as SuspenseItem;

describe('four eyes', () => {
  test('one operator puts it forward, another approves', () => {
    expect(put()).toMatchObject({ state: 'proposed', proposal: { by: 'op-1', why: 'belongs there' } });
    expect(approve(put(), 1, 'op-2', startsAt)).toMatchObject({ state: 'approved', approvedBy: 'op-2' });
    expect(approve(put(giveBack), 1, 'op-2', startsAt)).toMatchObject({ state: 'returning' });
  });

  test('the same operator does not approve its own word', () => {
    expect(approve(put(), 1, 'op-1', startsAt)).toMatchObject({ refused: 'approval.same-operator' });
  });

  test('approving again changes nothing; a third operator has nothing to approve', () => {
    expect(approve(approved(), 1, 'op-2', startsAt)).toEqual(approved());
    expect(approve(approved(), 1, 'op-3', startsAt)).toMatchObject({ refused: 'suspense.not-open' });
  });

  test('turned down, it is open again, and may be put forward anew', () => {
    const open = disapprove(put(), 1, startsAt) as SuspenseItem;
    expect(open).toEqual({ ...item, proposals: 1, updatedAt: startsAt });
    expect(isRefusal(propose(open, giveBack, 'op-2', 'other', startsAt))).toBe(false);
  });

  test('R30 an approval names the proposal that it approves: one that was put in its place since is not approved with it', () => {
    const toPayer = put(giveBack);
    const elsewhere = { kind: 'return', payee: { name: 'Alster', account: 'XX99MALLORY' } } as const;
    const switched = propose(toPayer, elsewhere, 'op-1', 'belongs there', startsAt) as SuspenseItem;
    expect(switched).toMatchObject({ proposal: { number: 2 }, proposals: 2 });
    expect(approve(switched, 1, 'op-2', startsAt)).toMatchObject({ refused: 'approval.none' });
    expect(disapprove(switched, 1, startsAt)).toMatchObject({ refused: 'approval.none' });
    expect(approve(switched, 2, 'op-2', startsAt)).toMatchObject({ state: 'returning' });
    // Turned down and proposed again, it has a number of its own, too.
    const again = propose(disapprove(toPayer, 1, startsAt) as SuspenseItem, elsewhere, 'op-1', 'x', startsAt);
    expect(approve(again as SuspenseItem, 1, 'op-2', startsAt)).toMatchObject({ refused: 'approval.none' });
    expect(approve(item, 1, 'op-2', startsAt)).toMatchObject({ refused: 'approval.none' });
  });

  test.each(['OP-1', 'Op-1'])('R30 %s is op-1: it does not approve its own proposal', (by) => {
    expect(approve(put(), 1, by, startsAt)).toMatchObject({ refused: 'approval.same-operator' });
  });

  test('what is gone is not decided on again', () => {
    const gone = { ...approved(), state: 'allocated' } as const;
    expect(propose(gone, giveBack, 'op-1', 'late', startsAt)).toMatchObject({ refused: 'suspense.not-open' });
    expect(disapprove(gone, 1, startsAt)).toMatchObject({ refused: 'suspense.not-open' });
  });
});

describe('R30: an order takes it only as approved', () => {
  test('this item, this order, this amount', () => {
    expect(allocationRefusal(approved(), 'order-2', 50_000)).toBeUndefined();
    expect(allocationRefusal(approved(), 'order-1', 50_000)).toMatchObject({ refused: 'suspense.not-approved' });
    expect(allocationRefusal(approved(), 'order-2', 49_999)).toMatchObject({ refused: 'suspense.not-approved' });
    expect(allocationRefusal(put(), 'order-2', 50_000)).toMatchObject({ refused: 'suspense.not-approved' });
    expect(allocationRefusal(undefined, 'order-2', 50_000)).toMatchObject({ refused: 'suspense.not-approved' });
  });
});
