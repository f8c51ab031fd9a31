/**
 * Which messages a person may send to an order now. Nothing is listed by hand: each message of the table that the person's
 * role may send is tried on the order, with data as it would be sent there, and `decide` says whether it has a meaning.
 */
import { decide, type Decision } from './decide';
import type { PeopleMessage } from './message-words';
import {
  messages,
  publicMessageNames,
  sendersOf,
  type Actor,
  type Message,
  type MessageData,
  type Payee,
} from './messages';
import { moneyOf } from './money';
import { outstanding, refundable, type Order } from './order';
import { refundsWithoutAccount } from './refund';
import { isRefusal, type Refusal, type RefusalCode } from './refusal';
import { complaintKind, policyOf, shareOf } from './scheme';
import { addDays } from './time';

/** A message that has a meaning for this person on this order; `because` says why not yet. */
export interface Action {
  name: Exclude<PeopleMessage, 'draft'>;
  /** What the table says of it, in English. */
  says: string;
  because?: Refusal;
  /** Data with which the order takes it now: several where one has to choose, as of the kinds of a complaint. */
  trials: unknown[];
}

type Trials = { [Name in Exclude<PeopleMessage, 'draft'>]: (order: Order, at: string) => MessageData<Name>[] };

const nothing = () => [{}];
const reason = '…';
const id = 'trial';
const currencyOf = ({ total }: Order) => total?.currency ?? 'USD';
const payee: Payee = { name: 'Trial', account: '0000' };
const proposals = ({ proposal }: Order) => (proposal ? [proposal.id] : []);
const approvals = ({ approval }: Order) => (approval ? [approval.id] : []);

/** The contract with another date to ship by: the smallest change that any order takes. */
const changedContract = ({ contract: { shipping } }: Order, at: string) => {
  const soon = addDays(at, 30).slice(0, 10);
  const later = addDays(at, 31).slice(0, 10);
  return { shipping: { ...shipping, shipBy: shipping?.shipBy === soon ? later : soon } };
};

/** Data as each message would be sent with, made from the order as it stands. */
const trials: Trials = {
  revise: (order, at) => [{ baseRevision: order.revision, changes: changedContract(order, at) }],
  confirm: ({ revision }) => [{ revision }],
  decline: ({ revision }) => [{ revision, reason }],
  remindConfirmation: nothing,
  cancel: () => [{ reason }],
  remindPayment: nothing,
  pay: (order) =>
    policyOf(order)
      .methods.filter(({ channel }) => channel === 'processor')
      .map(({ method, surchargeBasisPoints, cap }) => {
        const due = Math.max(1, outstanding(order).amount);
        const amount = moneyOf(Math.min(due, cap?.amount ?? due), currencyOf(order));
        return { payment: id, method, amount, surcharge: shareOf(amount, surchargeBasisPoints), token: id };
      }),
  nameRefundAccount: (order) => (refundsWithoutAccount(order).length > 0 ? [{ payee }] : []),
  closeUnpaid: nothing,
  registerExport: (order) => [
    {
      exportOrder: id,
      declaration: id,
      goods: [{ hsCode: '000000', name: id, quantity: 1, unit: id, value: moneyOf(1, currencyOf(order)) }],
      ...(order.contract.shipping?.incoterm === 'EXW' && { forwarder: { name: id, papers: id } }),
    },
  ],
  cancelExport: ({ exports }) => exports.map(({ exportOrder }) => ({ exportOrder })),
  completeExport: nothing,
  shipGoods: () => [{ shipment: id, carrier: id, tracking: id }],
  requestInspection: () => [{ inspection: id, inspector: id }],
  answerShipment: () => [{ asAgreed: true }, { asAgreed: false }],
  extendAnswer: nothing,
  confirmReceipt: nothing,
  proposeAmendment: (order, at) => [{ changes: changedContract(order, at) }],
  proposeCancellation: (order) => [{ reason, refund: moneyOf(0, currencyOf(order)) }],
  // Two sums: one may be the proposal that is open already.
  proposeSettlement: (order) =>
    [0, Math.min(1, refundable(order))].map((amount) => ({ refund: moneyOf(amount, currencyOf(order)) })),
  acceptProposal: (order) => proposals(order).map((proposal) => ({ proposal })),
  declineProposal: (order) => proposals(order).map((proposal) => ({ proposal })),
  complain: () => complaintKind.options.map((kind) => ({ kind, description: reason })),
  answerComplaint: () => [{ answer: reason }],
  addEvidence: () => [{ title: id, link: 'https://evidence.example/trial' }],
  escalate: nothing,
  withdrawComplaint: nothing,
  review: () => [1, 2].map((stars) => ({ stars })),
  supplierActivated: nothing,
  rule: (order) => {
    const none = moneyOf(0, currencyOf(order));
    return [
      { outcome: 'rejected', award: none, reason },
      { outcome: 'upheld', award: moneyOf(refundable(order), currencyOf(order)), reason },
    ];
  },
  orderRefund: (order) =>
    refundable(order) > 0 ? [{ amount: moneyOf(refundable(order), currencyOf(order)), reason }] : [],
  collectAward: nothing,
  approve: (order) => approvals(order).map((approval) => ({ approval })),
  disapprove: (order) => approvals(order).map((approval) => ({ approval, reason })),
  // Said by the suspense desk, for an item that two operators have looked at; not from an order's page.
  suspenseAllocated: () => [],
  retryEffect: ({ effects }) => effects.filter(({ state }) => state === 'failed').map(({ id: effect }) => ({ effect })),
};

/** Refusals after which the message may yet get its meaning, and that one wants to know of; on others it is not shown. */
const worthTelling: readonly RefusalCode[] = [
  'order.incomplete',
  'order.inconsistent',
  'reminder.too-soon',
  'payment.window-open',
  'payment.charge-pending',
  'payment.balance-due',
  'payment.method-not-offered',
  'export.none',
  'inspection.no-standard',
  'answer.already-extended',
  'complaint.too-early',
  'complaint.open',
  'approval.pending',
  'approval.same-operator',
  'order.limit-reached',
];
/** Where these are refused so, something else is to be done first that is shown beside it anyway. */
const untold: readonly (readonly [PeopleMessage, RefusalCode])[] = [
  ['complain', 'complaint.open'],
  ['pay', 'payment.method-not-offered'],
];

/** What this message would do to the order, or why it is refused. */
export const foretell = (order: Order, name: PeopleMessage, actor: Actor, data: unknown, at: string): Decision =>
  decide(order, { name, id, actor, data } as Message, at);

/** The messages that the actor may send to the order now, or soon, in the order of the table. */
export function actionsOf(order: Order, actor: Actor, at: string): Action[] {
  return publicMessageNames
    .filter((name): name is Action['name'] => name in trials && sendersOf(name).includes(actor.role))
    .flatMap((name) => actionOf(order, name, actor, at) ?? []);
}

function actionOf(order: Order, name: Action['name'], actor: Actor, at: string): Action | undefined {
  const tried = trials[name](order, at).map((data) => ({ data, decision: foretell(order, name, actor, data, at) }));
  const open = tried.filter(({ decision }) => !isRefusal(decision) && decision.length > 0);
  const { says } = messages[name];
  if (open.length > 0) return { name, says, trials: open.map(({ data }) => data) };
  const because = tried.map(({ decision }) => decision).find(isRefusal);
  if (!because || !worthTelling.includes(because.refused)) return undefined;
  if (untold.some(([message, code]) => message === name && code === because.refused)) return undefined;
  return { name, says, because, trials: [] };
}
