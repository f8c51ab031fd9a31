/**
 * What may be said to an order as it stands, to see what becomes of it: representative messages of every name of the table.
 * Complete by its type: a message that is added asks for its moves here.
 */
import { messageNames, sendersOf, type MessageData, type MessageName, type Role } from '../../domain/messages';
import { moneyOf, type Money } from '../../domain/money';
import { openComplaint, outstanding, refundable, type Effect, type Order } from '../../domain/order';
import { policyOf, shareOf } from '../../domain/scheme';
import { addDays } from '../../domain/time';
import { contracts, pairAccount, repriced } from './example';

export interface Move {
  name: MessageName;
  as: Role;
  data: unknown;
}

const declaration = 'D1';
const tracking = 'TRACK-1';
const link = 'https://files.example/1';
const reason = 'because';
const payee = { name: 'Buyer', account: 'DE02120300000000202051' };

/** The data that are tried of each message; none where it has nothing to speak of. */
type Tried = { [Name in MessageName]: (order: Order, now: string) => readonly MessageData<Name>[] };

const once =
  <Data>(data: Data) =>
  (): readonly Data[] => [data];
const nothing = once({});
const money = (order: Order, amount: number): Money => moneyOf(amount, order.total?.currency ?? 'USD');
/** Amounts above zero, each once. */
const amounts = (order: Order, ...minor: number[]): Money[] =>
  [...new Set(minor)].filter((amount) => amount > 0).map((amount) => money(order, amount));
/** No refund, or all that can go back. */
const refunds = (order: Order): Money[] => [...new Set([0, refundable(order)])].map((amount) => money(order, amount));
const effects = ({ effects: all }: Order, state: Effect['state'], ...kinds: Effect['kind'][]): { effect: string }[] =>
  all
    .filter((e) => e.state === state && (kinds.length === 0 || kinds.includes(e.kind)))
    .map(({ id }) => ({ effect: id }));
const credits = ({ payments }: Order) => payments.filter((p) => p.account !== 'card' && !p.reversed).slice(-1);

/** What is due before shipment, and half of it; then what remains. */
const dueIn = (order: Order): Money[] => {
  const due = (order.advance?.amount ?? 0) - (order.paid?.amount ?? 0);
  return amounts(order, Math.floor(due / 2), due, outstanding(order).amount);
};

const customs = (order: Order): { declaration: string }[] =>
  order.exports.slice(-1).map((e) => ({ declaration: e.declaration }));
const carried = ({ shipment }: Order): { tracking: string }[] => (shipment ? [{ tracking }] : []);

const tried: Tried = {
  draft: () => [],
  revise: (order) => [
    { baseRevision: order.revision, changes: repriced(contracts[order.scheme], 90 + (order.revision % 2)) },
  ],
  confirm: ({ revision }) => [{ revision }],
  decline: ({ revision }) => [{ revision, reason }],
  remindConfirmation: nothing,
  cancel: once({ reason }),
  remindPayment: nothing,
  pay: (order) =>
    order.charges.length > 1
      ? []
      : dueIn(order).map((amount) => ({
          payment: `pay-${String(order.charges.length + 1)}`,
          method: 'card',
          amount,
          surcharge: shareOf(
            amount,
            policyOf(order).methods.find(({ method }) => method === 'card')?.surchargeBasisPoints ?? 0,
          ),
          token: 'tok_1',
        })),
  nameRefundAccount: once({ payee }),
  closeUnpaid: nothing,
  registerExport: (order) =>
    [
      {
        exportOrder: `export-${String(order.exports.length + 1)}`,
        declaration: order.exports.length === 0 ? declaration : `D${String(order.exports.length + 1)}`,
        goods: [{ hsCode: '94051100', name: 'Lamp', quantity: 10, unit: 'piece', value: moneyOf(100_000, 'USD') }],
      },
    ].slice(0, order.exports.length < 2 ? 1 : 0),
  cancelExport: ({ exports }) => exports.slice(-1).map(({ exportOrder }) => ({ exportOrder })),
  completeExport: nothing,
  shipGoods: once({ shipment: 'ship-1', carrier: 'Courier', tracking }),
  requestInspection: ({ inspections }) =>
    inspections.length > 0 ? [] : [{ inspection: 'inspection-1', inspector: 'Inspector' }],
  answerShipment: () => [{ asAgreed: true }, { asAgreed: false }],
  extendAnswer: nothing,
  confirmReceipt: nothing,
  proposeAmendment: (order) => [40, 120].map((dollars) => ({ changes: repriced(contracts[order.scheme], dollars) })),
  proposeCancellation: (order) => refunds(order).map((refund) => ({ reason, refund })),
  proposeSettlement: (order) => refunds(order).map((refund) => ({ refund })),
  acceptProposal: ({ proposal }) => (proposal ? [{ proposal: proposal.id }] : []),
  declineProposal: ({ proposal }) => (proposal ? [{ proposal: proposal.id }] : []),
  complain: (order) => policyOf(order).complaint.kinds.map((kind) => ({ kind, description: 'Not what we ordered' })),
  answerComplaint: once({ answer: 'It is' }),
  addEvidence: once({ title: 'Photos', link }),
  escalate: nothing,
  withdrawComplaint: nothing,
  review: once({ stars: 5 }),
  supplierActivated: nothing,
  rule: (order) => [
    { outcome: 'rejected', award: money(order, 0), reason },
    ...amounts(order, refundable(order)).map((award) => ({ outcome: 'upheld' as const, award, reason })),
    ...amounts(order, Math.floor(refundable(order) / 2)).map((award) => ({
      outcome: 'partly-upheld' as const,
      award,
      reason,
    })),
  ],
  orderRefund: (order) =>
    amounts(order, Math.floor(refundable(order) / 2), refundable(order)).map((amount) => ({ amount, reason })),
  collectAward: ({ awardOwed = 0 }) => (awardOwed > 0 ? [{}] : []),
  approve: ({ approval }) => (approval ? [{ approval: approval.id }] : []),
  disapprove: ({ approval }) => (approval ? [{ approval: approval.id, reason }] : []),
  suspenseAllocated: (order) =>
    dueIn(order).map((amount) => ({ suspense: `suspense-${String(order.payments.length)}`, amount })),
  retryEffect: (order) => effects(order, 'failed'),
  paymentCredited: (order, now) =>
    [...dueIn(order), ...amounts(order, outstanding(order).amount + 5_000)].map((amount) => ({
      account: order.payTo ?? pairAccount,
      entryReference: `entry-${String(order.payments.length + 1)}`,
      amount,
      method: 'tt',
      valueDate: now.slice(0, 10),
    })),
  paymentReversed: (order) =>
    credits(order).map(({ account, entryReference }) => ({ account, entryReference, reason })),
  chargeCaptured: (order) => effects(order, 'pending', 'charge').map((e) => ({ ...e, reference: 'charge-1' })),
  chargeDeclined: (order) => effects(order, 'pending', 'charge').map((e) => ({ ...e, reason })),
  chargeReturned: ({ charges }) =>
    charges.filter(({ state }) => state === 'captured').map(({ effect }) => ({ effect, reason })),
  refundPaid: (order) => effects(order, 'pending', 'refund').map((e) => ({ ...e, reference: 'refund-1' })),
  goodsShipped: (order, shippedAt) => carried(order).map((of) => ({ ...of, shippedAt })),
  goodsDelivered: (order, deliveredAt) => carried(order).map((of) => ({ ...of, deliveredAt })),
  inspectionReported: ({ inspections }, inspectedAt) =>
    inspections.map(({ inspection }) => ({ inspection, passed: true, report: link, inspectedAt })),
  customsReleased: (order, releasedAt) => customs(order).map((of) => ({ ...of, releasedAt })),
  customsRevoked: (order, revokedAt) => customs(order).map((of) => ({ ...of, revokedAt })),
  customsHeld: (order, heldAt) => customs(order).map((of) => ({ ...of, heldAt })),
  customsReturned: (order, returnedAt) => customs(order).map((of) => ({ ...of, returnedAt })),
  customsCancelled: (order, cancelledAt) => customs(order).map((of) => ({ ...of, cancelledAt })),
  draftLapsed: nothing,
  paymentLapsed: nothing,
  answerTimedOut: nothing,
  reviewClosed: nothing,
  complaintUnanswered: nothing,
  complaintOverdue: nothing,
  complaintWindowClosed: nothing,
  creditAccrued: (order) =>
    effects(order, 'pending', 'accrueCredit').map((e) => ({
      ...e,
      limitBefore: money(order, 1),
      limitAfter: money(order, 1),
      grade: 1,
      policy: 'ta-limit/v1',
    })),
  creditBooked: (order) =>
    effects(order, 'pending', 'bookCredit').map((e) => ({ ...e, limitAfter: money(order, 1), policy: 'ta-limit/v1' })),
  effectFailed: (order) => effects(order, 'pending').map((e) => ({ ...e, reason })),
};

/** When a message is tried: now, and where it is bound to a time, when that has come. */
export function instantsOf(order: Order, name: MessageName, now: string): string[] {
  const later = tooEarly[name]?.(order);
  return later !== undefined && Date.parse(later) > Date.parse(now) ? [now, later] : [now];
}

/** R20, R29: what may be said from a time on only. */
const tooEarly: Partial<Record<MessageName, (order: Order) => string | undefined>> = {
  closeUnpaid: ({ payBy }) => payBy,
  escalate: (order) => openComplaint(order)?.escalateFrom,
  complain: ({ contract: { shipping } }) => shipping?.shipBy && addDays(`${shipping.shipBy}T00:00:00.000Z`, 1),
};

/** Every message that is tried on an order, by everybody who may send it. */
export function movesOf(order: Order, now: string): Move[] {
  const names = messageNames.filter((name) => !sendersOf(name).includes('clock'));
  return names.flatMap((name) =>
    tried[name](order, now).flatMap((data) => sendersOf(name).map((as) => ({ name, as, data }))),
  );
}
