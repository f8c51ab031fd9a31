/**
 * Every way that an order can go: all messages that may mean something are played on it, wherever they lead, until no new
 * situation comes up. Two orders are in the same situation when they differ in nothing but times, ids, texts and how much.
 * What may come beside the main road is walked one theme at a time: all of them at once would be millions of situations.
 */
import type { Surroundings } from '../../domain/admission';
import type { Contract } from '../../domain/contract';
import { deadlines } from '../../domain/deadlines';
import type { MessageData, MessageName, Role } from '../../domain/messages';
import { moneyOf } from '../../domain/money';
import {
  isNegotiating,
  isPaid,
  liveExports,
  openComplaint,
  outstanding,
  refundable,
  type Order,
} from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { policyOf, type SchemeName } from '../../domain/scheme';
import {
  aSupplier,
  completeContract,
  draftData,
  escrowContract,
  play,
  startsAt,
  surroundings,
  tracking,
  usd,
} from './builders';

/** A situation of an order: the first order that came into it, and where its messages lead. */
export interface Situation {
  order: Order;
  now: string;
  /** What led here, from the draft on. */
  story: readonly string[];
  /** The situations that follow, by the message and its sender. */
  next: Map<string, string>;
}

interface Said {
  name: MessageName;
  as: Role;
  member?: string;
  data: unknown;
}
const say = <Name extends MessageName>(as: Role, name: Name, data: MessageData<Name>, member?: string): Said => ({
  name,
  as,
  data,
  ...(member !== undefined && { member }),
});

const reason = 'As it is';
const goods = [{ hsCode: '94051100', name: 'LED lamps', quantity: 900, unit: 'piece', value: usd(10_000) }];
const sides = ['supplier', 'buyer'] as const;
/** In one order, and no more than three of them, so that what is open beside an order does not make situations without end. */
const few = (words: readonly string[]): string[] => [...words].sort().slice(0, 3);

/** What tells one situation from another. */
function situationOf(o: Order): string {
  const complaint = openComplaint(o);
  const { supplier, buyer } = o.confirmations;
  return JSON.stringify([
    o.endedAt === undefined ? o.status : 'ended',
    [supplier, buyer, o.declined?.by === 'supplier' && isNegotiating(o)].map(Boolean),
    [o.paymentLapsed, o.advanceIn, isPaid(o), o.buyerOwes > 0, o.excess > 0],
    [o.purse.order > 0, o.purse.hold > 0, o.purse.supplier > 0],
    [
      o.exports.slice(-1).map(({ cancelled, customs }) => (cancelled ? 'none' : (customs?.word ?? 'declared'))),
      o.exportSetComplete,
    ],
    o.shipment && [o.shipment.shippedAt, o.shipment.deliveredAt].map(Boolean),
    [o.shippingDate, o.answer?.asAgreed].map(String).map((word) => (word.length > 5 ? 'dated' : word)),
    o.proposal && [o.proposal.proposed.kind, o.proposal.by],
    complaint && [complaint.answer, complaint.unanswered, complaint.escalated, complaint.found?.completed].map(Boolean),
    o.approval?.decision.kind,
    [o.reviews.supplier, o.reviews.buyer].map(Boolean),
    few(o.effects.map(({ kind, state }) => `${kind} ${state}`)),
    few(o.refunds.map(({ state }) => state).filter((state) => state !== 'paid')),
    few(deadlines(o).map(({ message }) => message)),
  ]);
}

/** What is walked beside the main road. */
export const themes = ['payments', 'charges', 'effects', 'exports', 'agreements', 'complaints', 'refunds'] as const;
export type Theme = (typeof themes)[number];

const beside: Record<Theme, (order: Order, now: string) => Said[]> = {
  payments: ofPayments,
  charges: ofCharges,
  effects: (o) => o.effects.flatMap(failures),
  exports: (o, now) => ofExports(o, now),
  agreements: ofTheTwo,
  complaints: (o) => [...complaining(o), ...settling(o), ...ruling(o), ...approving(o)],
  refunds: (o) => [...ordering(o), ...approving(o)],
};

/** All that somebody may say of an order as it stands; what has no meaning is refused, or changes nothing. */
const mayBeSaid = (o: Order, now: string, theme: Theme): Said[] => [
  ...negotiating(o),
  ...ofMoney(o, now),
  ...ofGoods(o, now),
  ...beside[theme](o, now),
];

function negotiating(o: Order): Said[] {
  if (o.status === 'awaiting-activation') return [say('platform', 'supplierActivated', {}), ...cancels];
  if (!isNegotiating(o)) return o.status === 'awaiting-payment' ? cancels : [];
  const { revision } = o;
  const changes = { payment: { ...completeContract().payment, advancePercent: 10 + (revision % 80) } };
  return [
    ...sides.map((side) => say(side, 'confirm', { revision })),
    ...sides.map((side) => say(side, 'decline', { revision, reason })),
    say('supplier', 'revise', { baseRevision: revision, changes: o.scheme === 'secure-payment' ? {} : changes }),
    ...cancels,
  ];
}
const cancels = sides.map((side) => say(side, 'cancel', { reason }));

const credit = (o: Order, now: string, amount: number): Said[] =>
  amount <= 0
    ? []
    : [
        say('bank', 'paymentCredited', {
          account: o.payTo ?? 'va-0001',
          entryReference: `T${String(o.payments.length + 1)}`,
          amount: moneyOf(amount, 'USD'),
          method: 'tt',
          valueDate: now.slice(0, 10),
        }),
      ];
const advanceDue = (o: Order): number => Math.max(0, (o.advance?.amount ?? 0) - (o.paid?.amount ?? 0));

const ofMoney = (o: Order, now: string): Said[] => [
  ...credit(o, now, outstanding(o).amount),
  ...credit(o, now, advanceDue(o)),
  say('buyer', 'nameRefundAccount', { payee: { name: 'Alster', account: 'DE02120300000000202051' } }),
  say('supplier', 'closeUnpaid', {}),
  ...o.effects.flatMap(outcomes),
];

/** Parts of what is due, more than that, and what the bank takes back. */
function ofPayments(o: Order, now: string): Said[] {
  const last = o.payments.findLast(({ reversed }) => !reversed);
  return [
    ...credit(o, now, Math.floor(advanceDue(o) / 2)),
    ...credit(o, now, outstanding(o).amount + 50_000),
    ...(last
      ? [say('bank', 'paymentReversed', { account: last.account, entryReference: last.entryReference, reason })]
      : []),
  ];
}

function ofCharges(o: Order): Said[] {
  const due = outstanding(o).amount;
  return [
    say('buyer', 'pay', {
      payment: `pay-${String(o.charges.length + 1)}`,
      method: 'card',
      amount: moneyOf(due, 'USD'),
      surcharge: moneyOf(o.scheme === 'secure-payment' ? 0 : (due * 28) / 1000, 'USD'),
      token: 'tok_ok',
    }),
    ...o.effects
      .filter(({ kind }) => kind === 'charge')
      .map(({ id: effect }) => say('effect', 'chargeDeclined', { effect, reason })),
    ...o.charges.map(({ effect }) => say('processor', 'chargeReturned', { effect, reason })),
  ];
}

/** What an effect is done with. */
function outcomes({ id: effect, kind, state }: Order['effects'][number]): Said[] {
  if (state === 'failed') return [say('platform', 'retryEffect', { effect })];
  const [limit, policy] = [usd(20_000), 'ta-limit/v1'];
  switch (kind) {
    case 'accrueCredit':
      return [say('effect', 'creditAccrued', { effect, limitBefore: limit, limitAfter: limit, grade: 1, policy })];
    case 'bookCredit':
      return [say('effect', 'creditBooked', { effect, limitAfter: limit, policy })];
    case 'charge':
      return [say('effect', 'chargeCaptured', { effect, reference: 'ch-1' })];
    case 'refund':
      return [say('effect', 'refundPaid', { effect, reference: 're-1' })];
  }
}
const failures = ({ id: effect }: Order['effects'][number]) => [say('effect', 'effectFailed', { effect, reason })];

/** The main road of the goods: one export service order, or one parcel. */
function ofGoods(o: Order, now: string): Said[] {
  const live = liveExports(o).at(-1);
  const n = String(o.exports.length + 1);
  return [
    live
      ? say('customs', 'customsReleased', { declaration: live.declaration, releasedAt: now })
      : say('supplier', 'registerExport', { exportOrder: `export-${n}`, declaration: `D${n}`, goods }),
    say('supplier', 'completeExport', {}),
    say('supplier', 'shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
    say('carrier', 'goodsShipped', { tracking, shippedAt: now }),
    say('carrier', 'goodsDelivered', { tracking, deliveredAt: now }),
    say('buyer', 'answerShipment', { asAgreed: true }),
    say('buyer', 'confirmReceipt', {}),
    ...sides.map((side) => say(side, 'review', { stars: 5 })),
  ];
}

const ofExports = ({ exports }: Order, now: string): Said[] =>
  exports
    .slice(-1)
    .flatMap(({ declaration, exportOrder }) => [
      say('customs', 'customsRevoked', { declaration, revokedAt: now }),
      say('customs', 'customsHeld', { declaration, heldAt: now }),
      say('customs', 'customsReturned', { declaration, returnedAt: now }),
      say('customs', 'customsCancelled', { declaration, cancelledAt: now }),
      say('supplier', 'cancelExport', { exportOrder }),
    ]);

const refunds = (o: Order) =>
  [refundable(o), Math.ceil(refundable(o) / 2)].map((amount) => ({ refund: moneyOf(amount, 'USD') }));

const answering = ({ proposal }: Order): Said[] =>
  proposal
    ? sides.flatMap((side) => [
        say(side, 'acceptProposal', { proposal: proposal.id }),
        say(side, 'declineProposal', { proposal: proposal.id, reason }),
      ])
    : [];

/** R52, R57: another price, or an end; one proposal at a time. */
function ofTheTwo(o: Order): Said[] {
  if (o.proposal) return answering(o);
  const unitPrice = o.total?.amount === usd(10_000).amount ? usd(9_000) : usd(10_000);
  const lines = [{ name: 'Lamp', hsCode: '94051100', quantity: 1, unit: 'piece', unitPrice }];
  return [
    say('supplier', 'proposeAmendment', { changes: { product: { lines } } }),
    ...refunds(o).map((refund) => say('supplier', 'proposeCancellation', { reason, ...refund })),
  ];
}

const settling = (o: Order): Said[] =>
  o.proposal ? answering(o) : refunds(o).map((refund) => say('supplier', 'proposeSettlement', refund));

const complaining = (o: Order): Said[] =>
  openComplaint(o)
    ? [
        say('supplier', 'answerComplaint', { answer: 'As agreed' }),
        say('buyer', 'escalate', {}),
        say('buyer', 'withdrawComplaint', {}),
      ]
    : [
        say('buyer', 'answerShipment', { asAgreed: false }),
        ...policyOf(o).complaint.kinds.map((kind) =>
          say('buyer', 'complain', { kind, description: 'Not what we ordered' }),
        ),
      ];

const approving = ({ approval }: Order): Said[] =>
  approval
    ? [
        say('platform', 'approve', { approval: approval.id }, 'operator-2'),
        say('platform', 'disapprove', { approval: approval.id, reason }, 'operator-2'),
      ]
    : [];

const ruling = (o: Order): Said[] => [
  say('platform', 'rule', { outcome: 'rejected', award: usd(0), reason }),
  ...refunds(o).map(({ refund: award }) => say('platform', 'rule', { outcome: 'upheld', award, reason })),
];

const ordering = (o: Order): Said[] =>
  refunds(o).map(({ refund: amount }) => say('platform', 'orderRefund', { amount, reason }));

const minuteLater = (now: string): string => new Date(Date.parse(now) + 60_000).toISOString();
const laterOf = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);

/** What the message leads to, if it is taken and changes anything. Throws on a fault of ours. */
function after(order: Order | undefined, { name, as, member, data }: Said, at: string, around: Surroundings) {
  const activated = name === 'supplierActivated' ? { ...around, supplier: aSupplier() } : around;
  const id = `${as}-${String(order?.version)}`;
  const outcome = play(order, name, data, { as, member, at, id, around: activated });
  if (!isRefusal(outcome)) return outcome.events.length > 0 ? outcome.order : undefined;
  if (outcome.refused === 'message.failed') throw new Error(outcome.detail);
  return undefined;
}

/** Every situation that an order of this scheme can come into, by what tells it from others. */
export function everySituation(
  scheme: SchemeName,
  theme: Theme,
  changes: Partial<Surroundings> = {},
): Map<string, Situation> {
  const around = surroundings(changes);
  const methods: Contract['payment']['methods'] = ['tt', 'card'];
  const contract = scheme === 'secure-payment' ? escrowContract() : completeContract({ payment: { methods } });
  const found = new Map<string, Situation>();
  const queue: Situation[] = [];
  const reach = (order: Order, now: string, story: readonly string[]): string => {
    const key = situationOf(order);
    if (found.has(key)) return key;
    const situation = { order, now, story, next: new Map<string, string>() };
    found.set(key, situation);
    queue.push(situation);
    return key;
  };
  const drafted = after(undefined, say('supplier', 'draft', draftData({ scheme, contract })), startsAt, around);
  reach(drafted!, startsAt, ['supplier draft']);
  for (let turn = 0; turn < queue.length; turn += 1) {
    const { order, now, story, next } = queue[turn]!;
    const soon = minuteLater(now);
    const [due] = deadlines(order);
    const ways: [Said, string][] = mayBeSaid(order, soon, theme).map((said) => [said, soon]);
    if (due) ways.push([{ name: due.message, as: 'clock', data: {} }, laterOf(due.at, soon)]);
    for (const [said, at] of ways) {
      const then = after(order, said, at, around);
      if (!then) continue;
      const word = `${said.as} ${said.name}`;
      next.set(`${word} ${JSON.stringify(said.data)}`, reach(then, at, [...story, word]));
    }
  }
  return found;
}
