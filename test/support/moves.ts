/**
 * A plausible message of every name of the table, made up for an order as it stands: most have a meaning there, some come
 * at a wrong moment, are stale, or are somebody else's to send. The table is complete by its type.
 */
import { messages, type MessageData, type MessageName, type Role } from '../../domain/messages';
import { moneyOf, type Money } from '../../domain/money';
import { openComplaint, outstanding, refundable, type Effect, type Order } from '../../domain/order';
import { methodOf, policyOf, shareOf, type PaymentMethod } from '../../domain/scheme';
import { addDays } from '../../domain/time';
import { supplierId, usd } from './builders';
import { aContract, someChanges } from './contracts';
import type { Dice } from './dice';
import { payTo, type AnyPost, type Deal, type Market } from './market';

/** What a message is made up from. */
export interface Scene {
  market: Market;
  deal: Deal;
  dice: Dice;
}

type Made<Name extends MessageName> = { as?: Role; member?: string; data: MessageData<Name> };
type Moves = { [Name in MessageName]: (scene: Scene) => Made<Name> };

const cents = (amount: number): Money => moneyOf(Math.max(0, Math.floor(amount)), 'USD');
const positive = (amount: number): Money => cents(Math.max(1, amount));
const reason = 'As it is';
const nothing = () => ({ data: {} });

type Side = 'supplier' | 'buyer';
const sides = ['supplier', 'buyer'] as const;
/** That side, nine times of ten. */
const mostly = ({ dice }: Scene, side: Side | undefined): Side =>
  side === undefined || dice.chance(10) ? dice.of(sides) : side;
const otherThan = (side: Side | undefined): Side | undefined => side && (side === 'supplier' ? 'buyer' : 'supplier');
const eitherSide = ({ dice }: Scene) => ({ as: dice.of(sides), data: {} });
const operator = ({ dice }: Scene) => ({ as: 'platform' as const, member: dice.of(['operator-1', 'operator-2']) });
/** The number that an order stands at, nine times of ten; else one beside it. */
const aNumber = ({ dice }: Scene, current = 1): number =>
  Math.max(1, dice.chance(90) ? current : current + dice.between(-1, 1));

// --- money

/** What a buyer may pay in one go: the advance, what is due, a part of it, a little less (banks keep some), or more. */
export function anAmount(order: Order | undefined, dice: Dice): Money {
  const due = order?.total ? outstanding(order).amount : 50_000;
  const advance = Math.max(1, (order?.advance?.amount ?? 10_000) - (order?.paid?.amount ?? 0));
  const amounts = {
    due,
    advance,
    part: advance / 2,
    short: due - 2_500,
    more: due + 1_234,
    odd: dice.between(1, 900_000),
  };
  return positive(amounts[dice.weighted({ due: 4, advance: 5, part: 3, short: 2, more: 2, odd: 1 })]);
}

const payer = (dice: Dice) => ({
  name: 'Alster Home & Living GmbH',
  account: dice.of(['DE02120300000000202051', 'DE02500105170137075030']),
});

/** A number of the bank for the n-th credit of a deal. */
const entryOf = ({ id }: Deal, n: number): string => `${id}-T${String(n)}`;
const credits = ({ sent }: Deal) => sent.flatMap(({ post }) => (post.name === 'paymentCredited' ? [post.data] : []));

function credit({ market, deal, dice }: Scene): MessageData<'paymentCredited'> {
  const entries = new Set(credits(deal).map(({ entryReference }) => entryReference));
  const amount = anAmount(deal.order, dice);
  return {
    account: dice.chance(94) ? payTo(deal) : 'va-of-another',
    entryReference: entryOf(deal, dice.chance(96) ? entries.size + 1 : 1),
    amount: dice.chance(94) ? amount : moneyOf(amount.amount, 'EUR'),
    method: dice.of(['tt', 'tt', 'tt', 'western-union']),
    valueDate: market.now.slice(0, 10),
    ...(dice.chance(70) && { payer: payer(dice) }),
  };
}

function reversal({ deal, dice }: Scene): MessageData<'paymentReversed'> {
  const known = dice.chance(85) ? dice.of(credits(deal)) : undefined;
  const { account, entryReference } = known ?? {
    account: payTo(deal),
    entryReference: entryOf(deal, credits(deal).length + 1),
  };
  return { account, entryReference, reason: 'Recalled' };
}

function payment({ deal: { order }, dice }: Scene): MessageData<'pay'> {
  const method = dice.of<PaymentMethod>(['card', 'card', 'card', 'e-checking', 'tt']);
  const terms = order && methodOf(policyOf(order), method);
  const most = terms?.cap && dice.chance(90) ? terms.cap.amount : Infinity;
  const due = order?.total && dice.chance(90) ? outstanding(order).amount : Infinity;
  const amount = positive(Math.min(anAmount(order, dice).amount, most, due));
  const surcharge = shareOf(amount, terms?.surchargeBasisPoints ?? 0);
  return {
    payment: `pay-${String((order?.charges.length ?? 0) + (dice.chance(95) ? 1 : 0))}`,
    method,
    amount,
    surcharge: dice.chance(96) ? surcharge : usd(1),
    token: 'tok_ok',
  };
}

/** A refund: nothing, a part, all that can go back, or more than that. */
function aRefund({ deal: { order }, dice }: Scene): Money {
  const most = order ? refundable(order) : 1_000;
  return cents(most * dice.weightedOf([0, 1], [0.1, 2], [0.5, 3], [1, 4], [1.1, 0.4]));
}

// --- effects

const effectOf = ({ deal, dice }: Scene, kinds: readonly Effect['kind'][], state?: Effect['state']): string =>
  dice.of(
    (deal.order?.effects ?? []).filter((e) => kinds.includes(e.kind) && (state === undefined || e.state === state)),
  )?.id ?? `${deal.id}:1:0`;
const chargeEffect = ({ deal, dice }: Scene): string => dice.of(deal.order?.charges ?? [])?.effect ?? `${deal.id}:1:0`;
const everyKind = ['accrueCredit', 'bookCredit', 'charge', 'refund'] as const;

// --- goods

const declaration = ({ deal, dice }: Scene): string =>
  (dice.chance(95) ? dice.of(deal.order?.exports ?? [])?.declaration : undefined) ?? 'D9';
/** Customs, carriers and inspectors speak of what was: some hours ago, or some days. Few times, so that some are the same. */
export const lately = ({ market, dice }: Scene): string =>
  addDays(market.now.slice(0, 14) + '00:00.000Z', -dice.of([0, 0, 1, 2, 10]));
const trackingOf = ({ deal, dice }: Scene): string =>
  (dice.chance(95) ? deal.order?.shipment?.tracking : undefined) ?? 'JD0146000031';

function exportOrder({ deal: { order }, dice }: Scene): MessageData<'registerExport'> {
  const n = String((order?.exports.length ?? 0) + (dice.chance(93) ? 1 : 0));
  const isExWorks = order?.contract.shipping?.incoterm === 'EXW';
  return {
    exportOrder: `export-${n}`,
    declaration: dice.chance(96) ? `D${n}` : 'D1',
    goods: [{ hsCode: '94051100', name: 'LED lamps', quantity: 9, unit: 'piece', value: usd(100) }],
    ...(isExWorks === dice.chance(96) && { forwarder: { name: 'Hansa Spedition', papers: 'OT-1' } }),
  };
}

const note = (dice: Dice) => dice.chance(50) && { note: dice.of(['Papers', 'Weight']) };

// --- proposals

const answerer = (scene: Scene) => mostly(scene, otherThan(scene.deal.order?.proposal?.by));
const confirmer = (scene: Scene): Side => {
  const { supplier, buyer } = scene.deal.order?.confirmations ?? {};
  return mostly(scene, supplier ? 'buyer' : buyer ? 'supplier' : undefined);
};

function draft({ market, deal, dice }: Scene): Made<'draft'> {
  const as = dice.of(sides);
  const { scheme, buyer } = deal;
  const atOnce = scheme === 'secure-payment' ? ('buy-now' as const) : ('start-order' as const);
  const kind =
    as === 'supplier' ? dice.of(['scratch', 'purchase-order', 'inquiry']) : dice.of(['inquiry', atOnce] as const);
  const isConfirmed = kind === atOnce || (kind !== 'inquiry' && dice.chance(50));
  const contract = aContract(scheme, dice, market.now);
  return {
    as,
    data: { scheme, supplier: supplierId, buyer, source: { kind }, contract, ...(isConfirmed && { confirm: true }) },
  };
}

export const moves: Moves = {
  draft,
  revise: (s) => ({
    as: s.dice.of(sides),
    data: {
      baseRevision: aNumber(s, s.deal.order?.revision),
      changes: someChanges(s.deal.scheme, s.dice, s.market.now),
    },
  }),
  confirm: (s) => ({ as: confirmer(s), data: { revision: aNumber(s, s.deal.order?.revision) } }),
  decline: (s) => ({ as: confirmer(s), data: { revision: aNumber(s, s.deal.order?.revision), reason } }),
  remindConfirmation: eitherSide,
  cancel: (s) => ({ as: s.dice.of(sides), data: { reason } }),
  remindPayment: nothing,
  pay: (s) => ({ data: payment(s) }),
  nameRefundAccount: (s) => ({ as: s.dice.of(['buyer', 'platform']), data: { payee: payer(s.dice) } }),
  closeUnpaid: nothing,
  registerExport: (s) => ({ data: exportOrder(s) }),
  cancelExport: (s) => ({ data: { exportOrder: s.dice.of(s.deal.order?.exports ?? [])?.exportOrder ?? 'export-9' } }),
  completeExport: nothing,
  shipGoods: (s) => ({
    data: { shipment: s.dice.chance(95) ? 'ship-1' : 'ship-2', carrier: 'DHL', tracking: 'JD0146000031' },
  }),
  requestInspection: (s) => ({
    data: { inspection: `insp-${String((s.deal.order?.inspections.length ?? 0) + 1)}`, inspector: 'SGS Ningbo' },
  }),
  answerShipment: (s) => ({ data: { asAgreed: s.dice.chance(65), ...(s.dice.chance(50) && { comment: reason }) } }),
  extendAnswer: eitherSide,
  confirmReceipt: nothing,
  proposeAmendment: (s) => ({
    as: s.dice.of(sides),
    data: { changes: someChanges(s.deal.scheme, s.dice, s.market.now), ...(s.dice.chance(50) && { reason }) },
  }),
  proposeCancellation: (s) => ({ as: s.dice.of(sides), data: { reason, refund: aRefund(s) } }),
  proposeSettlement: (s) => ({ as: s.dice.of(sides), data: { refund: aRefund(s) } }),
  acceptProposal: (s) => ({ as: answerer(s), data: { proposal: aNumber(s, s.deal.order?.proposal?.id) } }),
  declineProposal: (s) => ({ as: answerer(s), data: { proposal: aNumber(s, s.deal.order?.proposal?.id), reason } }),
  complain: (s) => ({
    data: {
      kind: s.dice.of(s.deal.order ? policyOf(s.deal.order).complaint.kinds : ['not-received']) ?? 'not-received',
      description: 'Not what we ordered',
      ...(s.dice.chance(40) && { claim: aRefund(s) }),
    },
  }),
  answerComplaint: () => ({ data: { answer: 'We shipped what was agreed' } }),
  addEvidence: (s) => ({
    as: s.dice.of(messages.addEvidence.from),
    data: { title: s.dice.of(['Photos', 'Report']), link: 'https://files.example/1' },
  }),
  escalate: eitherSide,
  withdrawComplaint: nothing,
  review: (s) => ({ as: s.dice.of(sides), data: { stars: s.dice.between(1, 5) } }),
  supplierActivated: ({ market, dice }) => {
    if (dice.chance(60)) market.activate();
    return { data: {} };
  },
  rule: (s) => {
    const outcome = s.dice.of(['upheld', 'partly-upheld', 'partly-upheld', 'rejected']);
    return {
      ...operator(s),
      data: { outcome, award: outcome === 'rejected' && s.dice.chance(95) ? cents(0) : aRefund(s), reason },
    };
  },
  orderRefund: (s) => ({ ...operator(s), data: { amount: positive(aRefund(s).amount), reason } }),
  collectAward: (s) => ({ ...operator(s), data: {} }),
  approve: (s) => ({ ...secondOperator(s), data: { approval: aNumber(s, s.deal.order?.approval?.id) } }),
  disapprove: (s) => ({ ...operator(s), data: { approval: aNumber(s, s.deal.order?.approval?.id), reason } }),
  suspenseAllocated: (s) => {
    const due = s.deal.order?.total ? outstanding(s.deal.order).amount : 100;
    const amount = positive(due * s.dice.of([0.3, 1]));
    return { data: { suspense: s.market.stray(amount), amount } };
  },
  retryEffect: (s) => ({ data: { effect: effectOf(s, everyKind, s.dice.chance(90) ? 'failed' : undefined) } }),
  paymentCredited: (s) => ({ data: credit(s) }),
  paymentReversed: (s) => ({ data: reversal(s) }),
  chargeCaptured: (s) => ({ as: 'processor', data: { effect: effectOf(s, ['charge']), reference: 'ch-late' } }),
  chargeDeclined: (s) => ({ as: 'processor', data: { effect: effectOf(s, ['charge']), reason: 'expired' } }),
  chargeReturned: (s) => ({ data: { effect: chargeEffect(s), reason: 'Disputed' } }),
  refundPaid: (s) => ({
    as: s.dice.of(['bank', 'processor']),
    data: { effect: effectOf(s, ['refund']), reference: 're-late' },
  }),
  goodsShipped: (s) => ({ data: { tracking: trackingOf(s), shippedAt: lately(s) } }),
  goodsDelivered: (s) => ({ data: { tracking: trackingOf(s), deliveredAt: lately(s) } }),
  inspectionReported: (s) => ({
    data: {
      inspection: s.dice.of(s.deal.order?.inspections ?? [])?.inspection ?? 'insp-9',
      passed: s.dice.chance(60),
      report: 'https://files.example/report.pdf',
      inspectedAt: lately(s),
    },
  }),
  customsReleased: (s) => ({ data: { declaration: declaration(s), releasedAt: lately(s) } }),
  customsRevoked: (s) => ({ data: { declaration: declaration(s), revokedAt: lately(s) } }),
  customsHeld: (s) => ({ data: { declaration: declaration(s), heldAt: lately(s), ...note(s.dice) } }),
  customsReturned: (s) => ({ data: { declaration: declaration(s), returnedAt: lately(s), ...note(s.dice) } }),
  customsCancelled: (s) => ({ data: { declaration: declaration(s), cancelledAt: lately(s), ...note(s.dice) } }),
  draftLapsed: nothing,
  paymentLapsed: nothing,
  answerTimedOut: nothing,
  reviewClosed: nothing,
  complaintUnanswered: nothing,
  complaintOverdue: nothing,
  complaintWindowClosed: nothing,
  creditAccrued: (s) => ({
    data: {
      effect: effectOf(s, ['accrueCredit']),
      limitBefore: usd(1),
      limitAfter: usd(1),
      grade: 1,
      policy: 'ta-limit/v1',
    },
  }),
  creditBooked: (s) => ({ data: { effect: effectOf(s, ['bookCredit']), limitAfter: usd(1), policy: 'ta-limit/v1' } }),
  effectFailed: (s) => ({ data: { effect: effectOf(s, everyKind, 'pending'), reason: 'turned down' } }),
};

function secondOperator(scene: Scene): { as: 'platform'; member: string } {
  const by = scene.deal.order?.approval?.by;
  if (by === undefined || scene.dice.chance(10)) return operator(scene);
  return { as: 'platform', member: by === 'operator-1' ? 'operator-2' : 'operator-1' };
}

/** The message of this name, as one of those who may send it. */
export function make(name: MessageName, scene: Scene): AnyPost {
  const { as, member, data } = moves[name](scene);
  return { name, as: as ?? messages[name].from[0], ...(member !== undefined && { member }), data } as AnyPost;
}

/** What would have a meaning where the order stands, and how often it comes. Effects and deadlines come beside it. */
export function fitting(order: Order | undefined): Partial<Record<MessageName, number>> {
  if (!order) return { draft: 1 };
  const { status, proposal, approval, refunds, shipment, inspections, effects } = order;
  const isOwn = policyOf(order).export === 'own';
  const complaint = openComplaint(order);
  const running = {
    paymentCredited: 3,
    paymentReversed: 1,
    pay: 1,
    proposeAmendment: 1,
    proposeCancellation: 0.4,
    complain: 1,
    orderRefund: 0.4,
  };
  const customs = {
    customsReleased: 3,
    customsHeld: 0.5,
    customsReturned: 0.5,
    customsRevoked: 1,
    customsCancelled: 0.3,
  };
  const carrier = { goodsShipped: 2, goodsDelivered: 2 };
  const main: Record<Order['status'], Partial<Record<MessageName, number>>> = {
    negotiating: { confirm: 8, revise: 2, cancel: 0.2, complain: 0.3 },
    'awaiting-buyer': { confirm: 8, revise: 1, decline: 1, remindConfirmation: 1, cancel: 0.3 },
    'awaiting-supplier': { confirm: 8, revise: 1, decline: 1, remindConfirmation: 1, cancel: 0.3 },
    'awaiting-activation': { supplierActivated: 4, proposeAmendment: 1, cancel: 0.3, paymentCredited: 1 },
    'awaiting-payment': {
      ...running,
      paymentCredited: 8,
      pay: 3,
      remindPayment: 1,
      closeUnpaid: 1,
      suspenseAllocated: 1,
      cancel: 0.3,
      requestInspection: 1,
      proposeCancellation: 0.1,
    },
    'awaiting-shipment': isOwn
      ? { ...running, ...(shipment ? carrier : { shipGoods: 6 }) }
      : {
          ...running,
          registerExport: 4,
          completeExport: 3,
          ...(order.exports.length > 0 && { ...customs, customsReleased: 8, cancelExport: 0.5 }),
          requestInspection: 1,
        },
    'awaiting-answer': { ...running, ...customs, answerShipment: 4, extendAnswer: 1 },
    'awaiting-receipt': { ...running, ...carrier, confirmReceipt: 3, extendAnswer: 1 },
    'awaiting-balance': { ...running, paymentCredited: 8, pay: 4, remindPayment: 1, suspenseAllocated: 1 },
    'awaiting-reviews': { ...running, review: 6 },
    completed: { complain: 2, paymentReversed: 1, paymentCredited: 0.5, orderRefund: 0.5, chargeReturned: 0.3 },
    'closed-unpaid': { paymentCredited: 1, paymentReversed: 1, orderRefund: 0.3 },
    cancelled: { complain: 2, paymentCredited: 1, paymentReversed: 1, orderRefund: 0.5 },
    refunded: { paymentCredited: 1, paymentReversed: 1, orderRefund: 0.5 },
    lapsed: { paymentCredited: 1, complain: 1 },
  };
  return {
    ...main[status],
    ...(complaint && { answerComplaint: 2, addEvidence: 1, escalate: 2, withdrawComplaint: 0.7, proposeSettlement: 2 }),
    ...(complaint?.escalated && { rule: 5 }),
    ...(proposal && { acceptProposal: 4, declineProposal: 1 }),
    ...(approval && { approve: 5, disapprove: 0.7 }),
    ...(refunds.some(({ state }) => state !== 'paid') && { nameRefundAccount: 2 }),
    ...(inspections.length > 0 && { inspectionReported: 2 }),
    ...(effects.some(({ state }) => state === 'failed') && { retryEffect: 4 }),
    ...((order.awardOwed ?? 0) > 0 && { collectAward: 4 }),
    ...(order.charges.length > 0 && { chargeReturned: 0.7 }),
  };
}
