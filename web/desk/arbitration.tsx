/** Complaints: those that wait for a ruling first, then what the two may still settle (R20, R22). */
import { Badge, Card, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DisputeRow } from '../../clients/http/portal/answers';
import { complaintWords } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Deadline, Empty, Failed, Facts, Instant, Loading, Money, OrderLink, Section, StatusBadge } from '../parts';
import { words } from '../words';

export function Arbitration() {
  const { say } = useReader();
  const list = useQuery({ queryKey: ['disputes'], queryFn: () => call<{ rows: DisputeRow[] }>('/portal/disputes') });
  if (list.error) return <Failed fault={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  const { rows } = list.data;
  const waiting = rows.filter(({ complaint }) => complaint.escalated);
  const open = rows.filter(({ complaint }) => !complaint.escalated);
  return (
    <>
      <Section title={say(words.desk.onlyEscalated)}>
        {waiting.length === 0 ? <Empty>{say(words.desk.noDisputes)}</Empty> : <Rows rows={waiting} />}
      </Section>
      {open.length > 0 && (
        <Section title={say(words.desk.allOpen)}>
          <Rows rows={open} />
        </Section>
      )}
    </>
  );
}

function Rows({ rows }: { rows: DisputeRow[] }) {
  const { say, nameOf } = useReader();
  return (
    <Stack gap="sm">
      {rows.map(({ order, status, supplier, buyer, total, complaint, approval }) => (
        <Card key={order} withBorder padding="sm">
          <Group justify="space-between" gap="xs" mb={6}>
            <OrderLink id={order} />
            <Group gap={6}>
              <Badge color="red" variant="light" tt="none" size="lg" radius="sm">
                {say(complaintWords[complaint.kind])}
              </Badge>
              <StatusBadge status={status} />
              {approval && (
                <Badge color="orange" variant="light" tt="none" size="lg" radius="sm">
                  {say(words.desk.waitsForSecond)} ({approval.by})
                </Badge>
              )}
            </Group>
          </Group>
          <Facts
            of={[
              [words.list.parties, `${nameOf(supplier)} → ${nameOf(buyer)}`],
              total && [words.list.total, <Money of={total} />],
              complaint.claim && [words.dispute.claim, <Money of={complaint.claim} />],
              complaint.escalated
                ? [words.desk.escalatedSince, <Instant at={complaint.escalated.at} />]
                : [words.desk.settleUntil, <Deadline at={complaint.escalateBy} />],
            ]}
          />
        </Card>
      ))}
    </Stack>
  );
}
