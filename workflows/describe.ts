/** An order as operators read it in the Temporal UI: current details in Markdown, summaries of timers and effects. */
import { completeness } from '../domain/contract';
import { deadlines } from '../domain/deadlines';
import type { MessageName } from '../domain/messages';
import { format } from '../domain/money';
import { draftTotal, milestoneOf, milestones, outstanding, type Order } from '../domain/order';
import { awaits } from '../domain/view';
import type { LiveView } from './contract';

/** What each message of the clock means on a timeline. */
const timerSummaries: Partial<Record<MessageName, string>> = {
  draftLapsed: 'Draft lapses (R52)',
  paymentLapsed: 'Payment period ends (R29)',
  answerTimedOut: 'Buyer’s answer counts as yes (R34)',
  reviewClosed: 'Review period ends (R35)',
  complaintUnanswered: 'Supplier’s time to answer the complaint ends (R20)',
  complaintOverdue: 'Platform takes over the complaint (R20)',
  complaintWindowClosed: 'Time for complaints ends (R20)',
};

export const timerSummary = (message: MessageName): string => timerSummaries[message] ?? message;

export function currentDetails({ order, refusals, halted }: LiveView): string {
  const lines = order ? tell(order) : ['**Waits for its draft.**'];
  if (halted) lines.unshift(`**HALTED.** ${halted} — mend the cause, then send the signal \`resume\`.`, '');
  if (refusals.count > 0) {
    lines.push('', `**Refused signals: ${String(refusals.count)}**, the newest:`, '');
    lines.push(
      ...refusals.newest
        .slice(-5)
        .map((r) => `- ${minute(r.at)} \`${r.message}\`: ${r.refused}${r.detail ? ` (${r.detail})` : ''}`),
    );
  }
  return lines.join('\n');
}

function tell(order: Order): string[] {
  const total = draftTotal(order);
  const [next] = deadlines(order);
  const milestone = milestoneOf(order);
  const rows: [string, string | undefined][] = [
    ['Milestone', `${milestone} (${String(milestones.indexOf(milestone) + 1)} of ${String(milestones.length)})`],
    ['Supplier', order.supplier],
    ['Buyer', order.buyer],
    ['Contract', `revision ${String(order.revision)}, ${String(completeness(order.contract).percent)} % complete`],
    ['Total', total && format(total)],
    [
      'Paid',
      order.total && `${order.paid ? format(order.paid) : 'nothing'}, outstanding ${format(outstanding(order))}`,
    ],
    ['Guarantee offered', order.cover && !order.cover.reserved ? format(order.cover.offered) : undefined],
    ['Guaranteed', order.cover?.reserved && format(order.cover.reserved)],
    ['Shipped', order.shippingDate && `${order.shippingDate}${order.shippedOnTime ? '' : ' (late)'}`],
    ['Next deadline', next && `${minute(next.at)}, ${timerSummary(next.message)}`],
    [
      'Effects',
      order.effects.map((e) => `${e.kind} ${e.state}${e.reason ? `: ${e.reason}` : ''}`).join('; ') || undefined,
    ],
  ];
  return [
    `**${order.status}**, awaits: ${awaits(order)}`,
    '',
    ...rows.filter(([, value]) => value).map(([name, value]) => `- ${name}: **${value ?? ''}**`),
  ];
}

/** `2026-12-07 18:08 UTC` */
const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
