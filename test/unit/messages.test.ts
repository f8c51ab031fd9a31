/** The table of messages: every entry takes its example and refuses what does not fit. */
import { decide } from '../../domain/decide';
import {
  isPublic,
  messageId,
  messageNames,
  messages,
  role,
  type MessageData,
  type MessageName,
  type Role,
} from '../../domain/messages';
import type { Order } from '../../domain/order';
import { parseFromOutside, parseMessage } from '../../domain/parse';
import { isRefusal } from '../../domain/refusal';
import {
  advancePaid,
  completed,
  completeContract,
  confirmed,
  draftData,
  drafted,
  given,
  reviewed,
  shipped,
  usd,
} from '../support/builders';

/** One good example of every message, with all that is optional. */
const examples: { [Name in MessageName]: MessageData<Name> } = {
  draft: draftData({
    source: { kind: 'purchase-order', reference: 'PO 4500127' },
    contract: completeContract({ shipping: { freight: usd(120) } }),
    confirm: true,
  }),
  revise: { baseRevision: 1, changes: { shipping: { freight: usd(0) }, payment: { advancePercent: 40 } } },
  confirm: { revision: 1 },
  cancel: { reason: 'Our customer withdrew' },
  remindPayment: {},
  closeUnpaid: {},
  registerExport: {
    exportOrder: 'export-1',
    declaration: '310120260000012345',
    goods: [{ hsCode: '94051100', name: 'LED lamps', quantity: 900, unit: 'piece', value: usd(10_000) }],
  },
  cancelExport: { exportOrder: 'export-1' },
  completeExport: {},
  answerShipment: { asAgreed: false, comment: 'Half of it' },
  extendAnswer: {},
  withdrawComplaint: { comment: 'Replacement agreed' },
  decline: { revision: 1, reason: 'Too dear' },
  remindConfirmation: {},
  pay: { payment: 'pay-1', method: 'card', amount: usd(3_000), surcharge: usd(84), token: 'tok_ok' },
  nameRefundAccount: { payee: { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' } },
  shipGoods: { shipment: 'ship-1', carrier: 'DHL', tracking: 'JD014600003' },
  requestInspection: { inspection: 'insp-1', inspector: 'SGS Ningbo' },
  confirmReceipt: {},
  proposeAmendment: { changes: { payment: { advancePercent: 40 } }, reason: 'Steel has risen' },
  proposeCancellation: { reason: 'The season is over', refund: usd(3_000) },
  proposeSettlement: { refund: usd(500), comment: 'For the broken ones' },
  acceptProposal: { proposal: 1 },
  declineProposal: { proposal: 1, reason: 'Too little' },
  complain: { kind: 'late-shipment', description: 'Not shipped in June', claim: usd(500) },
  answerComplaint: { answer: 'The port was closed' },
  addEvidence: { title: 'Photos', link: 'https://files.example/photos.zip', sha256: 'a'.repeat(64) },
  escalate: {},
  rule: { outcome: 'partly-upheld', award: usd(500), reason: 'Ten days late' },
  orderRefund: { amount: usd(10), reason: 'Goodwill' },
  collectAward: {},
  approve: { approval: 1 },
  disapprove: { approval: 1, reason: 'Too much' },
  suspenseAllocated: { suspense: 'susp-1', amount: usd(100) },
  paymentReversed: { account: 'va-0001', entryReference: 'T1', reason: 'Recalled by the payer’s bank' },
  chargeCaptured: { effect: 'order-1:5:0', reference: 'ch_1' },
  chargeDeclined: { effect: 'order-1:5:0', reason: 'insufficient-funds' },
  chargeReturned: { effect: 'order-1:5:0', reason: 'returned' },
  refundPaid: { effect: 'order-1:9:1:1', reference: 're_1' },
  goodsShipped: { tracking: 'JD014600003', shippedAt: '2026-05-08T01:00:00Z' },
  goodsDelivered: { tracking: 'JD014600003', deliveredAt: '2026-05-12T01:00:00Z' },
  inspectionReported: {
    inspection: 'insp-1',
    passed: true,
    report: 'https://files.example/report.pdf',
    inspectedAt: '2026-05-01T01:00:00Z',
  },
  customsHeld: { declaration: '310120260000012345', heldAt: '2026-05-07T01:00:00Z', note: 'Inspection' },
  customsReturned: { declaration: '310120260000012345', returnedAt: '2026-05-06T01:00:00Z', note: 'Wrong HS code' },
  customsCancelled: { declaration: '310120260000012345', cancelledAt: '2026-05-06T02:00:00Z' },
  complaintUnanswered: {},
  complaintOverdue: {},
  complaintWindowClosed: {},
  creditBooked: { effect: 'order-1:11:1', limitAfter: usd(16_000), policy: 'ta-limit/v1' },
  review: { stars: 5, text: 'Bright' },
  supplierActivated: {},
  retryEffect: { effect: 'order-1:11:1' },
  paymentCredited: {
    account: 'va-0001',
    entryReference: 'T1',
    amount: usd(3_000),
    method: 'tt',
    valueDate: '2026-03-03',
  },
  customsReleased: { declaration: '310120260000012345', releasedAt: '2026-05-08T01:00:00Z' },
  customsRevoked: { declaration: '310120260000012345', revokedAt: '2026-05-09T01:00:00Z' },
  draftLapsed: {},
  paymentLapsed: {},
  answerTimedOut: {},
  reviewClosed: {},
  creditAccrued: {
    effect: 'order-1:11:1',
    limitBefore: usd(20_000),
    limitAfter: usd(22_000),
    grade: 3,
    policy: 'ta-limit/v1',
  },
  effectFailed: { effect: 'order-1:11:1', reason: 'no policy in force' },
};

/** Who may send what, told apart from the table, so that a role that slips in there is seen. */
const senders: Record<MessageName, readonly Role[]> = {
  draft: ['supplier', 'buyer'],
  revise: ['supplier', 'buyer'],
  confirm: ['supplier', 'buyer'],
  cancel: ['supplier', 'buyer'],
  remindPayment: ['supplier'],
  closeUnpaid: ['supplier'],
  registerExport: ['supplier'],
  cancelExport: ['supplier'],
  completeExport: ['supplier'],
  answerShipment: ['buyer'],
  extendAnswer: ['supplier', 'buyer'],
  withdrawComplaint: ['buyer'],
  decline: ['supplier', 'buyer'],
  remindConfirmation: ['supplier', 'buyer'],
  pay: ['buyer'],
  nameRefundAccount: ['buyer', 'platform'],
  shipGoods: ['supplier'],
  requestInspection: ['buyer'],
  confirmReceipt: ['buyer'],
  proposeAmendment: ['supplier', 'buyer'],
  proposeCancellation: ['supplier', 'buyer'],
  proposeSettlement: ['supplier', 'buyer'],
  acceptProposal: ['supplier', 'buyer'],
  declineProposal: ['supplier', 'buyer'],
  complain: ['buyer'],
  answerComplaint: ['supplier'],
  addEvidence: ['supplier', 'buyer', 'platform'],
  escalate: ['supplier', 'buyer'],
  rule: ['platform'],
  orderRefund: ['platform'],
  collectAward: ['platform'],
  approve: ['platform'],
  disapprove: ['platform'],
  suspenseAllocated: ['platform'],
  paymentReversed: ['bank'],
  chargeCaptured: ['effect', 'processor'],
  chargeDeclined: ['effect', 'processor'],
  chargeReturned: ['processor'],
  refundPaid: ['effect', 'bank', 'processor'],
  goodsShipped: ['carrier'],
  goodsDelivered: ['carrier'],
  inspectionReported: ['inspector'],
  customsHeld: ['customs'],
  customsReturned: ['customs'],
  customsCancelled: ['customs'],
  complaintUnanswered: ['clock'],
  complaintOverdue: ['clock'],
  complaintWindowClosed: ['clock'],
  creditBooked: ['effect'],
  review: ['supplier', 'buyer'],
  supplierActivated: ['platform'],
  retryEffect: ['platform'],
  paymentCredited: ['bank'],
  customsReleased: ['customs'],
  customsRevoked: ['customs'],
  draftLapsed: ['clock'],
  paymentLapsed: ['clock'],
  answerTimedOut: ['clock'],
  reviewClosed: ['clock'],
  creditAccrued: ['effect'],
  effectFailed: ['effect'],
};

const body = (name: MessageName, data: unknown, as: Role = messages[name].from[0]) => ({
  id: 'm-1',
  actor: { role: as, member: 'member-1' },
  data,
});

/** Every place of a value at which `isSought` holds, with a function that answers the whole with that place changed. */
function places(
  whole: unknown,
  isSought: (value: unknown) => boolean,
): { path: string; withChange: (change: (value: never) => unknown) => unknown }[] {
  const found: ReturnType<typeof places> = [];
  const walk = (value: unknown, path: string[]) => {
    if (isSought(value)) {
      found.push({
        path: ['data', ...path].join('.'),
        withChange: (change) => {
          if (path.length === 0) return change(value as never);
          const copy = structuredClone(whole) as Record<string, unknown>;
          const parent = path
            .slice(0, -1)
            .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
          parent[path.at(-1) ?? ''] = change(value as never);
          return copy;
        },
      });
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(whole, []);
  return found;
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isMoney = (value: unknown) => isRecord(value) && 'currency' in (value as object);
const isNumber = (value: unknown) => typeof value === 'number';

describe.each(messageNames)('%s', (name) => {
  const example: unknown = examples[name];

  test('takes its example, from each of its roles, unchanged', () => {
    expect(messages[name].from).toEqual(senders[name]);
    for (const from of senders[name])
      expect(parseMessage(name, body(name, example, from))).toEqual({ name, ...body(name, example, from) });
  });

  test('is refused from every other role', () => {
    for (const other of role.options.filter((r) => !senders[name].includes(r)))
      expect(parseMessage(name, body(name, example, other))).toMatchObject({
        refused: 'actor.role-not-allowed',
        detail: expect.stringContaining(`the sender is ${other}`),
      });
  });

  test('refuses a field that is not known, wherever it stands, and names its place', () => {
    for (const { path, withChange } of places(example, isRecord)) {
      const data = withChange((value: object) => ({ ...value, surprise: true }));
      expect(parseMessage(name, body(name, data))).toMatchObject({
        refused: 'message.invalid',
        detail: expect.stringMatching(new RegExp(`${path}: .*surprise`)),
      });
    }
  });

  test('refuses fractional and negative numbers, and numbers as text', () => {
    for (const { path, withChange } of places(example, isNumber)) {
      expect(
        parseMessage(
          name,
          body(
            name,
            withChange((value: number) => value - 0.5),
          ),
        ),
      ).toMatchObject({
        refused: 'message.invalid',
        detail: expect.stringContaining(path),
      });
      for (const wrong of [0.5, -1, -0.01, '5', Number.MAX_SAFE_INTEGER + 1, null]) {
        expect(
          parseMessage(
            name,
            body(
              name,
              withChange(() => wrong),
            ),
          ),
        ).toMatchObject({
          refused: 'message.invalid',
          detail: expect.stringContaining(path),
        });
      }
    }
  });

  test('refuses money of an unknown currency', () => {
    for (const { path, withChange } of places(example, isMoney)) {
      for (const currency of ['XXX', 'usd', '', undefined]) {
        expect(
          parseMessage(
            name,
            body(
              name,
              withChange((m: object) => ({ ...m, currency })),
            ),
          ),
        ).toMatchObject({
          refused: 'message.invalid',
          detail: expect.stringContaining(`${path}.currency`),
        });
      }
    }
  });

  test('has a case in decide: at no status is it a fault of ours, or unanswered', () => {
    const parsed = parseMessage(name, body(name, example));
    if (isRefusal(parsed)) throw new Error('the example is good');
    const stretches = [drafted(), confirmed(), advancePaid(), shipped(), completed(), reviewed()];
    const orders: (Order | undefined)[] = [undefined, ...stretches.map((stretch) => given(stretch).order)];
    for (const order of orders) {
      const { role: as } = parsed.actor;
      const member = as === 'supplier' || as === 'buyer' ? (order?.[as] ?? 'member-1') : 'member-1';
      const decision = decide(order, { ...parsed, actor: { role: as, member } }, '2026-03-03T00:00:00.000Z');
      expect(Array.isArray(decision) || isRefusal(decision)).toBe(true);
      expect(decision).not.toMatchObject({ refused: 'message.failed' });
    }
  });

  test('says what it means, and by which rule', () => {
    expect(messages[name].says.length).toBeGreaterThan(10);
    expect(messages[name].rule).toMatch(/^R\d+$/);
    expect(messages[name].from.length).toBeGreaterThan(0);
  });
});

describe('the envelope', () => {
  test('an unknown name is refused, also one that every object has', () => {
    for (const name of ['ship', 'Draft', '', 'constructor', '__proto__', 'toString'])
      expect(parseMessage(name, body('cancel', {}))).toMatchObject({ refused: 'message.unknown' });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'cancel'],
    ['a list', []],
    ['no id', { actor: { role: 'buyer', member: 'b' }, data: {} }],
    ['no actor', { id: 'm-1', data: {} }],
    ['no data', { id: 'm-1', actor: { role: 'buyer', member: 'b' } }],
    ['an unknown role', { id: 'm-1', actor: { role: 'king', member: 'b' }, data: {} }],
    ['an unknown field', { id: 'm-1', actor: { role: 'buyer', member: 'b' }, data: { reason: 'x' }, at: 'now' }],
  ])('%s is refused', (_, wrong) => {
    expect(parseMessage('cancel', wrong)).toMatchObject({ refused: 'message.invalid' });
  });

  test('a message id is plain and short', () => {
    for (const good of ['a', 'T-1:2026.03_x', 'x'.repeat(120)]) expect(messageId.safeParse(good).success).toBe(true);
    for (const bad of ['', ' a', '-a', 'a b', 'a/b', 'ä', '$where', 'x'.repeat(121)])
      expect(messageId.safeParse(bad).success).toBe(false);
  });

  test('only what the clock and effects say is not for the outside', () => {
    const inner = messageNames.filter((name) => !isPublic(name));
    expect(inner).toEqual([
      'draftLapsed',
      'paymentLapsed',
      'answerTimedOut',
      'reviewClosed',
      'complaintUnanswered',
      'complaintOverdue',
      'complaintWindowClosed',
      'creditAccrued',
      'creditBooked',
      'effectFailed',
    ]);
  });
});

test.each(messageNames)('%s is refused from outside in the name of the order’s own clock and effects', (name) => {
  for (const from of senders[name]) {
    const parsed = parseFromOutside(name, body(name, examples[name], from));
    if (from === 'clock' || from === 'effect') expect(parsed).toMatchObject({ refused: 'actor.role-not-allowed' });
    else expect(parsed).toMatchObject({ name });
  }
});

describe('fields with bounds of their own', () => {
  test.each([
    ['no reason', 'cancel', { reason: '   ' }],
    ['a reason that is too long', 'cancel', { reason: 'x'.repeat(2001) }],
    ['no stars', 'review', { stars: 0 }],
    ['six stars', 'review', { stars: 6 }],
    ['a revision of nothing', 'revise', { baseRevision: 1, changes: {} }],
    ['a payment of zero', 'paymentCredited', { ...examples.paymentCredited, amount: usd(0) }],
    ['a date that is none', 'paymentCredited', { ...examples.paymentCredited, valueDate: '2026-02-30' }],
    ['an instant without a zone', 'customsReleased', { declaration: 'D1', releasedAt: '2026-05-08T01:00:00' }],
    ['an instant with another zone', 'customsReleased', { declaration: 'D1', releasedAt: '2026-05-08T01:00:00+08:00' }],
    [
      'an instant whose date cannot be written',
      'customsReleased',
      { declaration: 'D1', releasedAt: '9999-12-31T23:00:00Z' },
    ],
    [
      'an HS code of letters',
      'registerExport',
      { ...examples.registerExport, goods: [{ ...examples.registerExport.goods[0], hsCode: 'LED' }] },
    ],
    ['an export without goods', 'registerExport', { ...examples.registerExport, goods: [] }],
    ['a member id with a path', 'draft', { ...examples.draft, buyer: '../buyer' }],
    ['a scheme that is not offered', 'draft', { ...examples.draft, scheme: 'alipay' }],
  ] as const)('%s is refused', (_, name, data) => {
    expect(parseMessage(name, body(name, data))).toMatchObject({ refused: 'message.invalid' });
  });
});
