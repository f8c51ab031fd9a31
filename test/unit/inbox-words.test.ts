/** The inbox desk says in both languages what became of a row, and why. */
import type { InboxRow } from '../../domain/inbox';
import { rowReason } from '../../domain/inbox-words';

const row = (changes: Partial<InboxRow>): InboxRow => ({
  id: 'in-1.0',
  delivery: 'in-1',
  index: 0,
  source: 'folder',
  kind: 'customs',
  member: 'customs-folder',
  profile: 'cn-decl',
  receivedAt: '2026-03-02T00:00:00.000Z',
  state: 'routed',
  attempts: 0,
  dueAt: '2026-03-02T00:00:00.000Z',
  updatedAt: '2026-03-02T00:00:00.000Z',
  ...changes,
});

it.each([
  ['declaration:D-1', 'Until an order registers declaration D-1', '等待订单登记报关单 D-1'],
  ['tracking:T-1', 'Until an order is shipped as T-1', '等待订单登记运单 T-1'],
  ['inspection:I:1', 'Until an order asks for inspection I:1', '等待订单登记验货 I:1'],
  ['entry:["a","b"]', 'Until the bank books the credit that it is about', '等待所涉款项入账'],
  ['order:po-1', 'Until order po-1 is ready for it', '等待订单 po-1 可处理'],
  ['time', 'Until its time has come', '等待到期'],
])('R30, R32 a parked row says what it waits for: %s', (waitsFor, en, zh) => {
  expect(rowReason(row({ state: 'parked', code: 'order.not-known', waitsFor }))).toEqual({ en, zh });
});

it('a row that its order has refused says so in the words of the refusal', () => {
  const refused = rowReason(row({ outcome: 'refused', code: 'actor.not-a-party' }));
  expect(refused).toEqual({ en: 'The sender is not a party to this order.', zh: '发送方不是该订单的当事方。' });
});

it('a file that cannot be read is told apart from a thing in a file', () => {
  const [file, thing] = [-1, 0].map((index) => rowReason(row({ state: 'dead', code: 'xml.none', index }))?.en);
  expect(file).toContain('cannot be read');
  expect(thing).not.toBe(file);
});

it('what was told to its order needs no reason', () => {
  expect(rowReason(row({ outcome: 'applied' }))).toBeUndefined();
  expect(rowReason(row({ state: 'ignored', code: 'status.after-release' }))).toBeUndefined();
});
