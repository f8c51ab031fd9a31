/** An application as operators read it in the Temporal UI: current details in Markdown, summaries of timers. */
import { deadlineOf, type Enrolment } from '../domain/enrolment';
import type { EnrolmentView } from './enrolment-contract';

const timerSummaries = {
  supplierSilent: 'Application lapses without the supplier’s answer (R13)',
  platformSilent: 'The platform’s decision is due (R13)',
} as const;

export const enrolmentTimer = (message: keyof typeof timerSummaries): string => timerSummaries[message];

export function enrolmentDetails({ enrolment, refusals }: EnrolmentView): string {
  const lines = enrolment ? tell(enrolment) : ['**Waits for an application.**'];
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

const awaits: Record<Enrolment['status'], string> = {
  applied: 'the company’s verification',
  'awaiting-documents': 'the supplier’s documents',
  verified: 'approval or refusal by another operator',
  approved: 'nobody',
  refused: 'nobody',
  withdrawn: 'nobody',
  lapsed: 'nobody',
};

function tell(state: Enrolment): string[] {
  const { status, supplier, round, documents, question, verification, decision, overdueSince } = state;
  const due = deadlineOf(state);
  const rows: [string, string | undefined][] = [
    ['Supplier', supplier],
    ['Application', `number ${String(round)}, ${minute(state.appliedAt)}, policy ${state.policy}`],
    ['Documents', String(documents.length)],
    ['Asked for', status === 'awaiting-documents' ? question : undefined],
    ['Verified', verification && `${String(verification.score)} of 100, by ${verification.by.member}`],
    ['Decided', decision && `by ${decision.by.member}${decision.reason ? `: ${decision.reason}` : ''}`],
    ['Next deadline', due && `${minute(due.at)}, ${timerSummaries[due.message]}`],
    ['Overdue since', overdueSince && minute(overdueSince)],
  ];
  return [
    `**${status}**, awaits: ${awaits[status]}`,
    '',
    ...rows.filter(([, value]) => value).map(([name, value]) => `- ${name}: **${value ?? ''}**`),
  ];
}

/** `2026-12-07 18:08 UTC` */
const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
