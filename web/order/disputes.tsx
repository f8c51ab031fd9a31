/** What is open beside the main road: a complaint with its thread and deadlines, a proposal, a decision (R20, R22, R57). */
import { Alert, Badge, Group, Stack, Text } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { contentOf, decisionOf } from '../../domain/event-words';
import { complaintWords, outcomeWords, roleWords, type Texts } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Deadline, Facts, Instant, Money, Section } from '../parts';
import { words } from '../words';
import { OpenAction } from './actions';
import { useTeller } from './timeline';

type Props = { page: OrderPageAnswer };

export function Disputes({ page }: Props) {
  const complaints = page.view.complaints.toReversed();
  return (
    <>
      <Proposal page={page} />
      <Approval page={page} />
      {complaints.map((complaint) => (
        <Complaint key={complaint.id} of={complaint} />
      ))}
    </>
  );
}

function Proposal({ page }: Props) {
  const { say } = useReader();
  const tell = useTeller(page);
  const { proposal } = page.view;
  if (!proposal) return null;
  const what = say(contentOf(proposal.proposed, tell));
  return (
    <Alert
      color="violet"
      title={`${say(words.dispute.proposal)} ${String(proposal.id)} · ${say(roleWords[proposal.by])}`}
    >
      <Text size="sm" mb="xs">
        {what.charAt(0).toUpperCase() + what.slice(1)}
      </Text>
      <Group gap="xs">
        <OpenAction page={page} name="acceptProposal" />
        <OpenAction page={page} name="declineProposal" />
      </Group>
    </Alert>
  );
}

function Approval({ page }: Props) {
  const { say, pair } = useReader();
  const tell = useTeller(page);
  const { approval } = page.view;
  if (!approval) return null;
  return (
    <Alert color="orange" title={say(words.dispute.approval)}>
      <Text size="sm" mb="xs">
        {pair(approval.by, say(decisionOf(approval.decision, tell)))}
      </Text>
      <Group gap="xs">
        <OpenAction page={page} name="approve" />
        <OpenAction page={page} name="disapprove" />
      </Group>
    </Alert>
  );
}

type One = OrderPageAnswer['view']['complaints'][number];

const roleOf = (by: string): Texts => (by in roleWords ? roleWords[by as keyof typeof roleWords] : { en: by, zh: by });

function Complaint({ of }: { of: One }) {
  const { say, pair } = useReader();
  const { closed } = of;
  return (
    <Section
      title={pair(say(words.dispute.n(of.id)), say(complaintWords[of.kind]))}
      aside={
        <Badge variant="light" color={closed ? 'gray' : 'red'} tt="none" size="lg">
          {closed
            ? say(outcomeWords[closed.how as keyof typeof outcomeWords])
            : say(of.escalated ? words.dispute.escalated : words.dispute.open)}
        </Badge>
      }
    >
      <Stack gap="sm">
        <Thread of={of} />
        <Facts
          of={[
            of.claim && [words.dispute.claim, <Money of={of.claim} />],
            !closed && !of.answer && !of.escalated && [words.dispute.answerBy, <Deadline at={of.answerBy} />],
            !closed && !of.escalated && [words.dispute.escalateFrom, <Instant at={of.escalateFrom} />],
            !closed && !of.escalated && [words.dispute.escalateBy, <Deadline at={of.escalateBy} />],
            closed && [words.dispute.award, <Money of={closed.award} />],
          ]}
        />
      </Stack>
    </Section>
  );
}

/** What was said, in the order in which it was. */
function Thread({ of: { openedAt, description, answer, evidence, closed } }: { of: One }) {
  const { say, pair } = useReader();
  const entries = [
    { by: roleWords.buyer, at: openedAt, says: description },
    ...(answer ? [{ by: roleWords.supplier, at: answer.at, says: answer.text }] : []),
    ...evidence.map(({ by, at, link, title }) => ({
      by: roleOf(by),
      at,
      says: (
        <>
          {pair(say(words.dispute.evidence), '')}{' '}
          <a href={link.replace(/^ta-file:/, '/portal/files/')} rel="noreferrer noopener" target="_blank">
            {title}
          </a>
        </>
      ),
    })),
    ...(closed?.reason
      ? [{ by: outcomeWords[closed.how as keyof typeof outcomeWords], at: closed.at, says: closed.reason }]
      : []),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return entries.map(({ by, at, says }, place) => (
    <Entry key={place} by={say(by)} at={at}>
      {says}
    </Entry>
  ));
}

function Entry({ by, at, children }: { by: string; at: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {by} · <Instant at={at} />
      </Text>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} className="breakable">
        {children}
      </Text>
    </div>
  );
}
