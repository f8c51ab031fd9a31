/** Suppliers' standing: applications to decide on, and the reinstatement of suspended ones, which takes two operators (R13, R58). */
import { useState } from 'react';
import { Badge, Button, Card, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { StandingRow } from '../../clients/http/portal/answers';
import type { Enrolment } from '../../domain/enrolment';
import { assuranceWords, enrolmentWords } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Deadline, Empty, Failed, Facts, Instant, Loading, Section } from '../parts';
import { useMe } from '../session';
import { words } from '../words';
import { useDoing } from './use-doing';

export function Members() {
  return (
    <>
      <Applications />
      <Standings />
    </>
  );
}

const standings = {
  queryKey: ['members'],
  queryFn: () => call<{ rows: StandingRow[] }>('/portal/standings'),
};

function Applications() {
  const { say } = useReader();
  const list = useQuery({
    queryKey: ['enrolments'],
    queryFn: () => call<{ items: Omit<Enrolment, 'recent'>[] }>('/v1/enrolments'),
  });
  const open = list.data?.items.filter(({ endedAt }) => endedAt === undefined) ?? [];
  return (
    <Section title={say(words.desk.applications)}>
      {list.error ? (
        <Failed fault={list.error} again={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading />
      ) : open.length === 0 ? (
        <Empty>{say(words.desk.noApplications)}</Empty>
      ) : (
        <Stack gap="sm">
          {open.map((one) => (
            <Application key={one.supplier} of={one} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function Application({ of }: { of: Omit<Enrolment, 'recent'> }) {
  const { say, nameOf } = useReader();
  const { member } = useMe();
  const company = useQuery(standings).data?.rows.find(({ id }) => id === of.supplier);
  const doing = useDoing();
  const verifiedBy = of.status === 'verified' ? of.verification?.by.member : undefined;
  const [score, setScore] = useState<number | string>('');
  const [reason, setReason] = useState('');
  const send = (name: string, body: object) =>
    doing.mutate({ path: `/v1/enrolments/${of.supplier}/messages/${name}`, body });
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="xs">
        <Text fw={600}>{company ? nameOf(company) : of.supplier}</Text>
        <Badge variant="light" tt="none" size="lg">
          {say(enrolmentWords[of.status])}
        </Badge>
      </Group>
      <Facts
        of={[
          [
            words.enrolment.documents,
            of.documents.map(({ name, link }) => (
              <div key={link}>
                <a href={link} rel="noreferrer noopener" target="_blank">
                  {name}
                </a>
              </div>
            )),
          ],
          of.actBy !== undefined && [words.enrolment.actBy, <Deadline at={of.actBy} />],
          of.verification && [
            words.enrolment.score,
            `${String(of.verification.score)} / 100 (${of.verification.by.member})`,
          ],
        ]}
      />
      {doing.error && <Failed fault={doing.error} />}
      {verifiedBy === member && (
        <Text size="sm" c="dimmed" mt="xs">
          {say(words.desk.waitsForSecond)}
        </Text>
      )}
      <Group mt="sm" align="flex-end">
        <NumberInput label={say(words.desk.scoreLabel)} min={0} max={100} value={score} onChange={setScore} w={180} />
        <Button
          variant="default"
          disabled={score === ''}
          onClick={() => send('verify', { verification: `v-${crypto.randomUUID().slice(0, 8)}`, score: Number(score) })}
        >
          {say(words.desk.verify)}
        </Button>
        <TextInput label={say(words.action.reason)} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        {verifiedBy !== undefined && verifiedBy !== member && (
          <Button onClick={() => send('approve', reason ? { note: reason } : {})}>{say(words.desk.approve)}</Button>
        )}
        <Button variant="outline" color="red" disabled={reason === ''} onClick={() => send('refuse', { reason })}>
          {say(words.desk.refuse)}
        </Button>
      </Group>
    </Card>
  );
}

function Standings() {
  const { say, nameOf, country, list: listed } = useReader();
  const list = useQuery(standings);
  if (list.error) return <Failed fault={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  return (
    <Section title={say(words.desk.standing)}>
      <Stack gap="xs">
        {list.data.rows.map((one) => (
          <Card key={one.id} withBorder padding="sm">
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <div>
                <Text fw={600}>{nameOf(one)}</Text>
                <Text size="xs" c="dimmed">
                  {one.id} · {listed([...new Set([one.city ?? '', country(one.country)])].filter(Boolean))}
                </Text>
              </div>
              <Badge variant="light" tt="none" size="lg" color={standingColours[one.assurance] ?? 'gray'}>
                {say(assuranceWords[one.assurance])}
              </Badge>
            </Group>
            {one.assurance === 'suspended' && <Reinstatement of={one} />}
          </Card>
        ))}
      </Stack>
    </Section>
  );
}

const standingColours: Partial<Record<StandingRow['assurance'], string>> = { activated: 'green', suspended: 'red' };

/** R58: one operator proposes, another one approves. */
function Reinstatement({ of: { id, suspended, proposal } }: { of: StandingRow }) {
  const { say } = useReader();
  const { member } = useMe();
  const doing = useDoing();
  const [reason, setReason] = useState('');
  const path = `/v1/suppliers/${id}/reinstatement`;
  return (
    <Stack gap="sm" mt="sm">
      <Facts
        of={[
          suspended && [words.desk.suspendedAt, <Instant at={suspended.at} />],
          suspended && [words.desk.why, suspended.reason],
          proposal && [words.desk.proposal, `${say(words.desk.proposedBy(proposal.by))} · ${proposal.reason}`],
        ]}
      />
      {doing.error && <Failed fault={doing.error} />}
      <Group align="flex-end" gap="xs">
        {proposal && proposal.by === member ? (
          <Text size="sm" c="dimmed">
            {say(words.desk.waitsForSecond)}
          </Text>
        ) : (
          proposal && (
            <Button
              loading={doing.isPending}
              onClick={() => doing.mutate({ path: `${path}/approve`, body: { proposal: proposal.number } })}
            >
              {say(words.desk.approveReinstatement)}
            </Button>
          )
        )}
        <TextInput
          flex={1}
          miw={180}
          label={say(words.action.reason)}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {proposal ? (
          <Button
            variant="outline"
            color="red"
            disabled={reason.trim() === ''}
            onClick={() => doing.mutate({ path: `${path}/decline`, body: { reason } })}
          >
            {say(words.desk.declineReinstatement)}
          </Button>
        ) : (
          <Button
            disabled={reason.trim() === ''}
            loading={doing.isPending}
            onClick={() => doing.mutate({ path, body: { reason } })}
          >
            {say(words.desk.reinstate)}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
