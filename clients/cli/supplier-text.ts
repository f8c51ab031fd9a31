/** A supplier's money as people read it: statement, settlement, withdrawal. */
import { format, inUnits, type Money } from '../../domain/money';
import type { Settlement } from '../../domain/settlement';
import type { Statement } from '../../domain/statement';
import type { Withdrawal } from '../../domain/withdrawal';
import type { Collectable } from '../../store/statement';
import { fields, fromNow, section, second, table, time, type Format, type Paint } from './text';

/** The balance's way through a period, and what may still be collected. */
export function statementLines(
  { supplier, currency, from, to, opening, lines, closing }: Statement,
  { collectable, owed }: { collectable: readonly Collectable[]; owed: readonly Money[] },
  paint: Paint,
): string[] {
  const columns = [
    { head: 'When (UTC)' },
    { head: 'What' },
    { head: 'Order' },
    {
      head: 'Amount',
      align: 'right' as const,
      format: (text: string): Format => (text.includes('-') ? 'red' : 'green'),
    },
    { head: 'Balance', align: 'right' as const },
  ];
  const rows = lines.map((line) => [
    second(line.at),
    line.what,
    line.order ?? '',
    format(line.amount),
    format(line.balance),
  ]);
  const openings = collectable.map(({ order, amount }) => [order, format(amount)]);
  return [
    paint('bold', `${supplier}, ${currency}: ${time(from)} to ${time(to)}`),
    `  Opening balance  ${format(opening)}`,
    ...(rows.length > 0 ? table(columns, rows, paint) : ['  No postings.']),
    `  Closing balance  ${format(closing)}`,
    ...owed.map(
      (debt) => `  ${paint('red', `Owed             ${format(debt)}`)}: repaid first; nothing is paid out before`,
    ),
    ...section(
      'May be collected now',
      openings.length > 0 ? table([{ head: 'Order' }, { head: 'Amount', align: 'right' }], openings, paint) : [],
      paint,
    ),
  ];
}

const stateFormat = (state: Withdrawal['state'] | Settlement['state']): Format =>
  state === 'paid' || state === 'settled' ? 'green' : state === 'put-back' || state === 'lapsed' ? 'red' : 'yellow';

const ordersOf = (orders: Withdrawal['orders']): string =>
  orders.map(({ order, amount }) => `${order} ${format(amount)}`).join(', ');

export function withdrawalLines(w: Withdrawal, paint: Paint): string[] {
  const { payee } = w;
  return [
    `Withdrawal ${paint('bold', w.id)} is ${paint(stateFormat(w.state), w.state)}.`,
    ...fields(
      [
        ['Supplier', w.supplier],
        ['Orders', ordersOf(w.orders)],
        ['Amount', format(w.amount)],
        ['Fee', `${format(w.fee)} (${w.policy})`],
        ['Payout', `${format(w.payout)} by the ${w.channel} channel`],
        ['To', [payee.name, payee.account, payee.bank].filter(Boolean).join(', ')],
        [w.state === 'awaiting-approval' ? 'Asked' : 'Reserved', time(w.reservedAt)],
        [
          'Approve it',
          w.state === 'awaiting-approval' && `ta supplier approve ${w.id} --as supplier:${w.supplier}/USER`,
        ],
        ['Approved by', w.approvedBy && (w.approvedBy.user ?? w.approvedBy.member)],
        [
          'Paid',
          w.state === 'paid' && w.endedAt && `${time(w.endedAt)}, the bank’s reference ${w.bankReference ?? '–'}`,
        ],
        ['Put back', w.state === 'put-back' && w.endedAt && `${time(w.endedAt)}: ${w.reason ?? 'refused'}`],
      ],
      paint,
    ),
  ];
}

export function settlementLines(s: Settlement, now: string, paint: Paint): string[] {
  const { sell, buy, expiresAt } = s.quote;
  const isQuoted = s.state === 'quoted';
  return [
    `Settlement ${paint('bold', s.id)} is ${paint(stateFormat(s.state), s.state)}.`,
    ...fields(
      [
        ['Supplier', s.supplier],
        ['Orders', ordersOf(s.orders)],
        ['Sells', format(sell)],
        ['For', `${format(buy)} (${rateOf(s)})`],
        ['Until', isQuoted && `${second(expiresAt)} UTC, ${fromNow(expiresAt, now)}`],
        ['Take it', isQuoted && `ta supplier settle ${s.id}`],
        [
          'Settled',
          s.state === 'settled' && s.endedAt && `${time(s.endedAt)}, the bank’s reference ${s.bankReference ?? '–'}`,
        ],
      ],
      paint,
    ),
  ];
}

/** `1 USD = 7.1000 CNY`; for people only, the amounts are what counts. */
const rateOf = ({ quote: { sell, buy } }: Settlement): string =>
  `1 ${sell.currency} = ${(inUnits(buy) / inUnits(sell)).toFixed(4)} CNY`;
