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
const approved = () => approve(put(), 'op-2', startsAt) as SuspenseItem;

describe('four eyes', () => {
  test('one operator puts it forward, another approves', () => {
    expect(put()).toMatchObject({ state: 'proposed', proposal: { by: 'op-1', why: 'belongs there' } });
    expect(approve(put(), 'op-2', startsAt)).toMatchObject({ state: 'approved', approvedBy: 'op-2' });
    expect(approve(put(giveBack), 'op-2', startsAt)).toMatchObject({ state: 'returning' });
  });

  test('the same operator does not approve its own word', () => {
    expect(approve(put(), 'op-1', startsAt)).toMatchObject({ refused: 'approval.same-operator' });
  });

  test('approving again changes nothing; a third operator has nothing to approve', () => {
    expect(approve(approved(), 'op-2', startsAt)).toEqual(approved());
    expect(approve(approved(), 'op-3', startsAt)).toMatchObject({ refused: 'suspense.not-open' });
  });

  test('turned down, it is open again, and may be put forward anew', () => {
    const open = disapprove(put(), startsAt) as SuspenseItem;
    expect(open).toEqual({ ...item, updatedAt: startsAt });
    expect(isRefusal(propose(open, giveBack, 'op-2', 'other', startsAt))).toBe(false);
  });

  test('what is gone is not decided on again', () => {
    const gone = { ...approved(), state: 'allocated' } as const;
    expect(propose(gone, giveBack, 'op-1', 'late', startsAt)).toMatchObject({ refused: 'suspense.not-open' });
    expect(disapprove(gone, startsAt)).toMatchObject({ refused: 'suspense.not-open' });
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
