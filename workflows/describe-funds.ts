/** Withdrawals and settlements as operators read them in the Temporal UI: current details in Markdown. */
import { sumOf } from '../domain/funds';
import { format } from '../domain/money';
import { isRefusal, type Refusal } from '../domain/refusal';
import type { Settlement, SettlementRequest } from '../domain/settlement';
import type { Withdrawal, WithdrawalRequest } from '../domain/withdrawal';

/** What each state waits for. */
const withdrawalAwaits: Record<Withdrawal['state'], string> = {
  'awaiting-approval': 'a second person of the supplier approves it; nothing is reserved yet',
  reserved: 'the money is reserved; the bank is asked to pay',
  'with-bank': 'the bank has it and will call back; it is asked again now and then',
  paid: 'done',
  'put-back': 'the bank has refused; the money is the supplier’s again',
};
const settlementAwaits: Record<Settlement['state'], string> = {
  quoted: 'the supplier takes the quote, or it expires',
  reserved: 'the money is reserved; the bank is asked to convert',
  settled: 'done',
  'put-back': 'the bank has refused; the money is the supplier’s again',
  lapsed: 'nobody took the quote in time',
};

type Row = [name: string, value: string | undefined];

export function withdrawalDetails(request: WithdrawalRequest, standing: Withdrawal | Refusal): string {
  if (isRefusal(standing)) return refusalDetails(standing);
  const { state, fee, payout, policy, bankReference, reason } = standing;
  return detailsOf(state, withdrawalAwaits[state], [
    ...commonRows(request),
    ['Channel', request.channel],
    ['Fee', `${format(fee)} (${policy})`],
    ['Payout', format(payout)],
    ['Bank’s reference', bankReference],
    ['Refused because', reason],
  ]);
}

export function settlementDetails(request: SettlementRequest, standing: Settlement | Refusal): string {
  if (isRefusal(standing)) return refusalDetails(standing);
  const { state, quote, bankReference, reason } = standing;
  return detailsOf(state, settlementAwaits[state], [
    ...commonRows(request),
    ['Sells', format(quote.sell)],
    ['Gets', format(quote.buy)],
    ['Quote', `${quote.quote}, until ${quote.expiresAt}`],
    ['Bank’s reference', bankReference],
    ['Refused because', reason],
  ]);
}

const commonRows = ({ supplier, orders }: Pick<WithdrawalRequest, 'supplier' | 'orders'>): Row[] => [
  ['Supplier', supplier],
  ['Orders', orders.map(({ order, amount }) => `${order} ${format(amount)}`).join(', ')],
  ['Sum', format(sumOf(orders))],
];

const detailsOf = (state: string, awaits: string, rows: readonly Row[]): string =>
  [
    `**${state}**: ${awaits}`,
    '',
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: **${value}**`])),
  ].join('\n');

const refusalDetails = ({ refused, text, detail }: Refusal): string =>
  `**refused**: ${refused}. ${text}${detail ? ` (${detail})` : ''}`;
