/** An order as text for people: where it stands, what it waits for, contract, money, exports, journal, ledger. */
import type { ContractDraft } from '../../domain/contract';
import { eventWords, type Teller } from '../../domain/event-words';
import type { Transfer } from '../../domain/ledger';
import { messages } from '../../domain/messages';
import { format, moneyOf, type Money } from '../../domain/money';
import { milestones, type OrderStatus } from '../../domain/order';
import type { OrderView, ToldEntry, ToldEvent } from '../../domain/view';
import type { LiveView } from '../../workflows/contract';
import { clean, fields, fromNow, second, section, table, time, type Format, type Paint } from './text';

/** What `order show` tells; `live` is null when Temporal no longer keeps the order's workflow. */
export interface Shown {
  order: OrderView;
  journal: ToldEntry[];
  postings: Transfer[];
  live?: Pick<LiveView, 'refusals' | 'halted'> | null;
}

const colours: Partial<Record<OrderStatus, Format>> = {
  completed: 'green',
  refunded: 'red',
  'awaiting-reviews': 'green',
  'closed-unpaid': 'red',
  cancelled: 'red',
  lapsed: 'red',
};
export const statusFormat = (status: OrderStatus): Format => colours[status] ?? 'yellow';

export function orderLines({ order, journal, postings, live }: Shown, now: string, paint: Paint): string[] {
  return [
    `Order ${paint('bold', order.id)}: ${paint(statusFormat(order.status), order.status)}`,
    ...fields(summary(order), paint),
    ...section('Deadlines', deadlineLines(order, now, paint), paint),
    ...section(contractHead(order), contractLines(order.contract, paint), paint),
    ...section('Money', moneyLines(order, paint), paint),
    ...section('Export service orders', exportLines(order, paint), paint),
    ...section('Shipment and completion', completionLines(order, paint), paint),
    ...section('Effects in flight', effectLines(order, paint), paint),
    ...section('Journal', journalLines(journal, paint), paint),
    ...section('Ledger', postingLines(postings, paint), paint),
    ...(live === undefined ? [] : section('Workflow', liveLines(live, paint), paint)),
  ];
}

function summary(o: OrderView): [string, string | undefined][] {
  return [
    ['Milestone', milestones.map((name) => (name === o.milestone ? `[${name}]` : name)).join(' → ')],
    ['Awaits', o.awaits],
    ['Supplier', party(o.supplier, o.confirmations.supplier)],
    ['Buyer', party(o.buyer, o.confirmations.buyer)],
    ['Source', `${o.source.kind}${o.source.reference ? `, ${o.source.reference}` : ''}`],
    ['Scheme', o.policy ?? o.scheme],
    ['Changed', `${time(o.updatedAt)} (version ${String(o.version)}); drafted ${time(o.draftedAt)}`],
    ['Ended', o.endedAt && time(o.endedAt)],
  ];
}

const party = (member: string, confirmed: OrderView['confirmations']['supplier']): string =>
  confirmed ? `${member}, confirmed revision ${String(confirmed.revision)} on ${time(confirmed.at)}` : member;

const deadlineLines = ({ deadlines }: OrderView, now: string, paint: Paint): string[] =>
  fields(
    deadlines.map(({ at, message }) => [
      time(at),
      `${messages[message].says} (${messages[message].rule}), ${fromNow(at, now)}`,
    ]),
    paint,
  );

// --- contract

function contractHead({ revision, completeness: { percent, missing } }: OrderView): string {
  const missed = missing.length > 0 ? `; missing: ${missing.join(', ')}` : '';
  return `Contract, revision ${String(revision)}, ${String(percent)} % complete${missed}`;
}

function contractLines({ product, shipping, payment, contacts }: ContractDraft, paint: Paint): string[] {
  const { method, incoterm, destination, shipBy } = shipping ?? {};
  const freight = shipping?.freight;
  return [
    ...goodsLines(product?.lines ?? [], paint),
    ...fields(
      [
        ['Shipping', listed([method && `by ${method}`, incoterm, destination && `to ${destination}`])],
        ['Ship by', shipBy && `${shipBy} (date in China)`],
        ['Consignee', shipping?.consignee],
        ['Freight', freight && format(freight)],
        ['Payment', listed([percentOf(payment?.advancePercent), payment?.methods?.join(' or ')])],
        ['Supplier', contact(contacts?.supplier)],
        ['Buyer', contact(contacts?.buyer)],
      ],
      paint,
    ),
  ];
}

const listed = (parts: readonly (string | undefined)[]): string | undefined =>
  parts.filter(Boolean).join(', ') || undefined;

const percentOf = (percent: number | undefined): string | undefined =>
  percent === undefined ? undefined : `${String(percent)} % in advance`;

const contact = (person: { name?: string; email?: string; phone?: string } | undefined): string | undefined =>
  person && listed([person.name, person.email, person.phone]);

type Line = NonNullable<ContractDraft['product']>['lines'][number];

function goodsLines(lines: readonly Line[], paint: Paint): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map(({ name, hsCode, quantity, unit, unitPrice }, i) => [
    String(i + 1),
    name ?? '–',
    hsCode ?? '–',
    quantity === undefined ? '–' : `${quantity.toLocaleString('en-US')} ${unit ?? ''}`,
    unitPrice ? format(unitPrice) : '–',
    unitPrice && quantity !== undefined ? amountOf(unitPrice, quantity) : '–',
  ]);
  const right = 'right' as const;
  return table(
    [
      { head: '#', align: right },
      { head: 'Goods' },
      { head: 'HS code' },
      { head: 'Quantity', align: right },
      { head: 'Unit price', align: right },
      { head: 'Amount', align: right },
    ],
    rows,
    paint,
  );
}

/** A draft may say more than can be counted; confirming refuses that. */
const amountOf = ({ amount, currency }: Money, quantity: number): string =>
  Number.isSafeInteger(amount * quantity) ? format(moneyOf(amount * quantity, currency)) : 'too large';

// --- money, exports, completion

function moneyLines(o: OrderView, paint: Paint): string[] {
  const cover =
    o.cover && `${format(o.cover.reserved ?? o.cover.offered)} ${o.cover.reserved ? 'reserved' : 'offered'}`;
  const payments = o.payments.map((p) => [
    time(p.at),
    format(p.amount),
    p.entryReference,
    p.account,
    p.reversed ? 'taken back' : p.suspended ? `in suspense: ${p.suspended}` : 'applied',
  ]);
  const heads = ['Booked', 'Amount', 'Bank entry', 'Account', 'Outcome'];
  return [
    ...fields(
      [
        ['Total', o.total && format(o.total)],
        ['Advance', o.advance && format(o.advance)],
        ['Paid', o.paid && format(o.paid)],
        ['Outstanding', o.outstanding && format(o.outstanding)],
        [
          'Pay to',
          o.payTo && `${o.scheme === 'trade-assurance' ? 'virtual account' : 'the platform’s account'} ${o.payTo}`,
        ],
        ['Pay by', o.payBy && `${time(o.payBy)}${o.paymentLapsed ? ' (over)' : ''}`],
        ['Reminded', o.remindedAt.payment && time(o.remindedAt.payment)],
        ['Refunded', o.refunded > 0 ? format(moneyOf(o.refunded, o.total?.currency ?? 'USD')) : undefined],
        [
          'In suspense',
          o.excess > 0 ? `${format(moneyOf(o.excess, o.total?.currency ?? 'USD'))} beyond the price` : undefined,
        ],
        ['Cover', cover && o.cover && `${cover}, of a limit of ${format(o.cover.limit)}`],
        ['Cover today', o.coverEstimate && `${format(o.coverEstimate)} would be guaranteed, if it were paid today`],
      ],
      paint,
    ),
    ...(payments.length > 0 ? ['', ...tableOf(heads, payments, paint, [1])] : []),
  ];
}

const tableOf = (heads: readonly string[], rows: readonly string[][], paint: Paint, right: readonly number[] = []) =>
  table(
    heads.map((head, i) => ({ head, ...(right.includes(i) && { align: 'right' as const }) })),
    rows,
    paint,
  );

function exportLines({ exports, exportSetComplete, differences }: OrderView, paint: Paint): string[] {
  if (exports.length === 0) return [];
  const rows = exports.map(({ exportOrder, declaration, goods, cancelled, customs }) => [
    exportOrder,
    declaration,
    cancelled ? 'cancelled' : customs ? `${customs.word} ${time(customs.at)}` : 'not released yet',
    goods.map(({ quantity, unit, name }) => `${String(quantity)} ${unit} ${name}`).join('; '),
  ]);
  const set = exportSetComplete ? 'The supplier has marked the set complete.' : 'The set is not marked complete yet.';
  return [
    ...tableOf(['Export order', 'Declaration', 'Customs', 'Goods'], rows, paint),
    `  ${set}`,
    ...differenceLines(differences, paint),
  ];
}

/** What was declared beside what was agreed, before the buyer answers (R34). */
function differenceLines(differences: OrderView['differences'], paint: Paint): string[] {
  if (differences.length === 0) return ['  The declared goods are those of the contract.'];
  const counted = (d: (typeof differences)[number], which: 'agreed' | 'declared'): string =>
    `${String(d[which].quantity)} ${d.unit}, ${format(moneyOf(d[which].value, d.currency))}`;
  const rows = differences.map((d) => [d.hsCode, counted(d, 'agreed'), counted(d, 'declared')]);
  return ['  The declared goods differ:', ...tableOf(['HS code', 'Agreed', 'Declared'], rows, paint)];
}

function completionLines(o: OrderView, paint: Paint): string[] {
  const { reviews, answer, credit } = o;
  const answered =
    answer && `${answer.asAgreed ? 'as agreed' : 'not as agreed'}, by the ${answer.by}, ${time(answer.at)}`;
  return fields(
    [
      ...o.inspections.map(inspectionRow),
      ['Carrier', o.shipment && carried(o.shipment)],
      ['Shipped', o.shippingDate && `${o.shippingDate} (date in China), ${o.shippedOnTime ? 'on time' : 'late'}`],
      ['Answer', answered],
      ['Extended', o.extendedBy.length > 0 && `by the ${o.extendedBy.join(' and the ')}`],
      ...o.complaints.map(complaintRow),
      ['Completed', o.completedAt && time(o.completedAt)],
      ...reviewRows(reviews),
      [
        'Credit limit',
        credit && `${format(credit.limitBefore)} → ${format(credit.limitAfter)}, grade ${String(credit.grade)}`,
      ],
    ],
    paint,
  );
}

function inspectionRow({ inspection, inspector, report }: OrderView['inspections'][number]): [string, string] {
  const result = report
    ? `${report.passed ? 'passed' : 'failed'} ${time(report.inspectedAt)}, ${report.report}`
    : 'asked';
  return [`Inspection`, `${inspection} by ${inspector}, ${result}`];
}

function carried({ carrier, tracking, shippedAt, deliveredAt }: NonNullable<OrderView['shipment']>): string {
  const stands = deliveredAt
    ? `delivered ${time(deliveredAt)}`
    : shippedAt
      ? `taken ${time(shippedAt)}`
      : 'not taken yet';
  return `${carrier}, tracking number ${tracking}, ${stands}`;
}

function complaintRow({ id, kind, closed, escalated, description }: OrderView['complaints'][number]): [string, string] {
  const stands = closed ? `${closed.how} ${time(closed.at)}` : escalated ? 'before the platform' : 'open';
  return [`Complaint ${String(id)}`, [kind, stands, description].join(', ')];
}

function reviewRows(reviews: OrderView['reviews']): [string, string | undefined][] {
  if ('given' in reviews)
    return [
      ['Reviews', reviews.given.length > 0 ? `given by the ${reviews.given.join(' and the ')}, hidden yet` : undefined],
    ];
  return (['supplier', 'buyer'] as const).map((side) => {
    const review = reviews[side];
    return [
      `By ${side}`,
      review && listed([`${'★'.repeat(review.stars)}${'☆'.repeat(5 - review.stars)}`, review.text]),
    ];
  });
}

const effectLines = ({ effects }: OrderView, paint: Paint): string[] =>
  fields(
    effects.map(({ id, kind, state, attempt, reason }) => [
      id,
      listed([kind, state, `attempt ${String(attempt)}`, reason]),
    ]),
    paint,
  );

// --- journal, ledger, workflow

function journalLines(journal: readonly ToldEntry[], paint: Paint): string[] {
  const rows = journal.flatMap(({ version, at, actor, message, events }) =>
    events.map((event, i) =>
      i === 0
        ? [String(version), second(at), `${actor.role} ${actor.member}`, message, describeEvent(event)]
        : ['', '', '', '', describeEvent(event)],
    ),
  );
  return tableOf(['#', 'When (UTC)', 'Who', 'Message', 'What happened'], rows, paint, [0]);
}

/** An event in words; what is left out of them is in `--json`. Orders are priced in USD (R15). */
export const describeEvent = (event: ToldEvent): string => clean(eventWords(event, teller).en);

const teller: Teller = { money: format, at: time, day: (date) => date, currency: 'USD' };

const postingLines = (postings: readonly Transfer[], paint: Paint): string[] =>
  postings.length === 0
    ? []
    : tableOf(
        ['#', 'When (UTC)', 'What', 'Amount', 'From', 'To', 'Why'],
        postings.map((p) => [
          String(p.version ?? ''),
          second(p.at),
          p.kind,
          format(p.amount),
          p.from,
          p.to,
          p.reason ?? '',
        ]),
        paint,
        [0, 3],
      );

function liveLines(live: (Shown['live'] & {}) | null, paint: Paint): string[] {
  if (live === null) return ['  Temporal no longer keeps the workflow of this order.'];
  const { refusals, halted } = live;
  const state = halted ? paint('red', `HALTED: ${clean(halted)}`) : 'not halted';
  const rows = refusals.newest.map((r) => [time(r.at), r.message, r.refused, r.detail ?? r.text]);
  return [
    `  ${state}; refused signals: ${String(refusals.count)}`,
    ...(rows.length > 0 ? tableOf(['When', 'Signal', 'Refused', 'Why'], rows, paint) : []),
  ];
}
