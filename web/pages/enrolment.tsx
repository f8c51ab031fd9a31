/** A supplier's application for Trade Assurance: where it stands, and what is to be done (R5, R13). */
import { useRef, useState } from 'react';
import { Alert, Badge, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Enrolment as Application } from '../../domain/enrolment';
import { enrolmentWords } from '../../domain/vocabulary';
import { call, Problem } from '../api';
import { useReader } from '../language';
import { Deadline, Failed, Facts, Instant, Loading, Page, Section } from '../parts';
import { useMe } from '../session';
import { words } from '../words';

type Shown = Omit<Application, 'recent'>;
type Document = Application['documents'][number];

export default function Enrolment() {
  const { say } = useReader();
  const { member } = useMe();
  const found = useQuery({
    queryKey: ['enrolment', member],
    queryFn: () =>
      call<Shown>(`/v1/enrolments/${member}`).catch((fault: unknown) => {
        if (fault instanceof Problem && fault.details.code === 'enrolment.not-found') return null;
        throw fault;
      }),
  });
  return (
    <Page title={say(words.nav.enrolment)}>
      {found.error ? (
        <Failed fault={found.error} again={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <Loading />
      ) : (
        <Body of={found.data} supplier={member} />
      )}
    </Page>
  );
}

function Body({ of, supplier }: { of: Shown | null; supplier: string }) {
  const { say } = useReader();
  const { assurance } = useMe();
  const isOver = of === null || of.endedAt !== undefined;
  const mayApply = isOver && assurance !== 'activated' && assurance !== 'suspended';
  return (
    <>
      {of ? <Stands of={of} /> : mayApply && <Text c="dimmed">{say(words.enrolment.none)}</Text>}
      {of?.question !== undefined && of.status === 'awaiting-documents' && <Alert color="orange" title={of.question} />}
      {assurance === 'activated' && <Alert color="green" title={say(words.enrolment.isActive)} />}
      {assurance === 'suspended' && <Alert color="red" title={say(words.enrolment.isSuspended)} />}
      {mayApply && <Documents supplier={supplier} kind="apply" />}
      {!isOver && <Documents supplier={supplier} kind="supply" />}
    </>
  );
}

function Stands({ of }: { of: Shown }) {
  const { say } = useReader();
  return (
    <Section
      title={say(words.enrolment.application(of.round))}
      aside={
        <Badge variant="light" tt="none" size="lg">
          {say(enrolmentWords[of.status])}
        </Badge>
      }
    >
      <Facts
        of={[
          [words.enrolment.appliedAt, <Instant at={of.appliedAt} />],
          of.actBy !== undefined && of.endedAt === undefined && [words.enrolment.actBy, <Deadline at={of.actBy} />],
          of.verification && [words.enrolment.score, `${String(of.verification.score)} / 100`],
          of.decision?.reason !== undefined && [words.action.reason, of.decision.reason],
          [words.enrolment.documents, of.documents.map(({ name }) => name).join(', ')],
        ]}
      />
    </Section>
  );
}

const kinds = ['business-licence', 'export-licence', 'bank-account', 'authorisation', 'other'] as const;

function Documents({ supplier, kind }: { supplier: string; kind: 'apply' | 'supply' }) {
  const { say } = useReader();
  const queries = useQueryClient();
  const [documents, setDocuments] = useState<Document[]>([{ kind: 'business-licence', name: '', link: '' }]);
  const [agreed, setAgreed] = useState(false);
  const key = useRef(crypto.randomUUID());
  const send = useMutation({
    mutationFn: () =>
      kind === 'apply'
        ? call('/v1/enrolments', {
            method: 'POST',
            key: key.current,
            body: { documents, oneTouchContract: { version: '2026-01', agreed: true } },
          })
        : call(`/v1/enrolments/${supplier}/messages/supply`, { method: 'POST', key: key.current, body: { documents } }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const set = (index: number, changes: Partial<Document>) =>
    setDocuments(documents.map((one, i) => (i === index ? { ...one, ...changes } : one)));
  const isFilled = documents.every(({ name, link }) => name !== '' && link !== '') && (kind === 'supply' || agreed);
  return (
    <Section title={say(kind === 'apply' ? words.enrolment.apply : words.enrolment.supply)}>
      <Stack>
        {documents.map((document, index) => (
          <Group key={index} align="flex-end">
            <NativeSelect
              label={say(words.enrolment.kind)}
              value={document.kind}
              onChange={(e) => set(index, { kind: e.currentTarget.value as Document['kind'] })}
              data={kinds.map((value) => ({ value, label: say(words.enrolment.kinds[value]) }))}
            />
            <TextInput
              label={say(words.enrolment.name)}
              value={document.name}
              onChange={(e) => set(index, { name: e.currentTarget.value })}
              flex={1}
              miw={160}
            />
            <TextInput
              label={say(words.enrolment.link)}
              type="url"
              placeholder="https://"
              value={document.link}
              onChange={(e) => set(index, { link: e.currentTarget.value })}
              flex={1}
              miw={160}
            />
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => setDocuments([...documents, { kind: 'other', name: '', link: '' }])}
          >
            {say(words.enrolment.another)}
          </Button>
        </Group>
        {kind === 'apply' && (
          <Checkbox
            label={say(words.enrolment.agree)}
            checked={agreed}
            onChange={(e) => setAgreed(e.currentTarget.checked)}
          />
        )}
        {send.error && <Failed fault={send.error} />}
        <Group>
          <Button disabled={!isFilled} loading={send.isPending} onClick={() => send.mutate()}>
            {say(kind === 'apply' ? words.enrolment.apply : words.enrolment.supply)}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
