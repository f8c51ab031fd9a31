/** What the two propose to each other, complaints, and what operators decide. */
import type { Proposal, PutForward } from '../../../domain/events';
import { format } from '../../../domain/money';
import { because, day, noted, type Words } from './common';

export const complaint = {
  proposalMade: ({ proposal: id, by, proposed }) => `proposal ${String(id)} of the ${by}: ${contentOf(proposed)}`,
  proposalDeclined: ({ proposal: id, by, reason }) => `the ${by} declined proposal ${String(id)}${noted(reason)}`,
  proposalAccepted: ({ proposal: id, by }) => `the ${by} accepted proposal ${String(id)}`,
  contractAmended: ({ revision, changes, total, advance, payBy }) =>
    `the contract is amended, revision ${String(revision)}: ${Object.keys(changes).join(', ')} changed, total ${format(total)}, advance ${format(advance)}${payBy === undefined ? '' : `, due by ${day(payBy)}`}`,
  complaintOpened: ({ complaint: id, kind, description, claim, answerBy }) =>
    `complaint ${String(id)} (${kind})${noted(description)}${claim ? `, the buyer claims ${format(claim)}` : ''}; the supplier answers by ${day(answerBy)}`,
  complaintAnswered: ({ answer }) => `the supplier answered the complaint${noted(answer)}`,
  evidenceAdded: ({ by, title, link }) => `evidence of the ${by}: “${title}” (${link})`,
  complaintUnanswered: () => 'the supplier has not answered the complaint in time',
  complaintEscalated: ({ by }) =>
    by === 'clock' ? 'the platform takes the complaint over' : `the ${by} asked the platform to rule on the complaint`,
  complaintClosed: ({ complaint: id, how, award, reason }) =>
    `complaint ${String(id)} ${how.replace('-', ' ')}, ${award.amount > 0 ? format(award) : 'nothing'} for the buyer${noted(reason)}`,
  awardUncovered: ({ amount }) =>
    `${format(amount)} of the award is not covered: neither the supplier’s balance nor the guarantee reaches to it`,
  approvalAsked: ({ approval, by, decision }) =>
    `${by} put forward ${contentOfDecision(decision)}; another operator must approve it (approval ${String(approval)})`,
  approvalGiven: ({ approval, by }) => `${by} approved (approval ${String(approval)})`,
  approvalRefused: ({ approval, by, reason }) => `${by} turned it down (approval ${String(approval)})${noted(reason)}`,
  complaintWindowClosed: () => 'the time for complaints is over',
} satisfies Partial<Words>;

function contentOf(proposed: Proposal): string {
  switch (proposed.kind) {
    case 'amendment':
      return `amend ${Object.keys(proposed.changes).join(', ')}${because(proposed.reason)}`;
    case 'cancellation':
      return `cancel the order with a refund of ${format(proposed.refund)}${because(proposed.reason)}`;
    case 'settlement':
      return `settle complaint ${String(proposed.complaint)} with a refund of ${format(proposed.refund)}${because(proposed.comment)}`;
  }
}

const contentOfDecision = (decision: PutForward): string =>
  decision.kind === 'ruling'
    ? `complaint ${String(decision.complaint)} to be ${decision.outcome.replace('-', ' ')} with ${format(decision.award)}${because(decision.reason)}`
    : `a refund of ${format(decision.amount)}${because(decision.reason)}`;
