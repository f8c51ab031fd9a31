/** Every policy as people read it: each version with what it says, since when, and what the one before it said (R56). */
import { Accordion, Badge, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  comparedLines,
  nameOfPolicy,
  policyNames,
  type ComparedLine,
  type Policy,
  type PolicyName,
} from '../../domain/policy-words';
import { newestInForce } from '../../domain/time';
import { call } from '../api';
import { useReader } from '../language';
import { Failed, Loading, Section } from '../parts';
import { words } from '../words';

/** Rules are in force from a date in China on; `sv` writes it as ISO 8601 does. */
const dateInChina = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' });

export function Policies() {
  const { say } = useReader();
  const list = useQuery({ queryKey: ['policies'], queryFn: () => call<{ items: Policy[] }>('/v1/policies') });
  if (list.error) return <Failed fault={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  const { items } = list.data;
  const known = new Set(items.map(({ id }) => nameOfPolicy(id)));
  const names = (Object.keys(policyNames) as PolicyName[]).filter((name) => known.has(name));
  return (
    <Stack gap="md">
      {names.map((name) => (
        <Section key={name} title={say(policyNames[name])}>
          <Versions of={items.filter(({ id }) => nameOfPolicy(id) === name)} />
        </Section>
      ))}
    </Stack>
  );
}

/** The newest first. */
function Versions({ of }: { of: Policy[] }) {
  const { say, day } = useReader();
  const sorted = of.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1));
  const now = new Date().toISOString();
  const current = newestInForce(of, now);
  const standing = (policy: Policy) =>
    policy === current
      ? words.desk.policyInForce
      : policy.effectiveFrom > now
        ? words.desk.policyToCome
        : words.desk.policyFormer;
  return (
    <Accordion variant="separated" order={3}>
      {sorted.map((policy, i) => (
        <Accordion.Item key={policy.id} value={policy.id}>
          <Accordion.Control>
            <Group gap="sm">
              <Text span fw={600}>
                {say(words.desk.policyVersion(policy.id.split('/v').at(-1) ?? ''))}
              </Text>
              <Badge variant="light" tt="none" color={policy === current ? 'green' : 'gray'}>
                {say(standing(policy))}
              </Badge>
              <Text span size="sm" c="dimmed">
                {say(words.desk.inForce)} {day(dateInChina.format(new Date(policy.effectiveFrom)))} · {policy.id}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Version policy={policy} former={sorted[i + 1]} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Version({ policy, former }: { policy: Policy; former: Policy | undefined }) {
  const { say, money, day } = useReader();
  const lines = comparedLines(policy, former, { money, day });
  const changed = lines.filter(({ before }) => before !== undefined).length;
  return (
    <>
      {former && (
        <Text size="sm" c="dimmed" mb="xs">
          {say(words.desk.policyChanges(String(changed), former.id))}
        </Text>
      )}
      <Table verticalSpacing="xs" className="policy">
        <Table.Tbody>
          {lines.map((line) => (
            <Line key={line.label.en} of={line} />
          ))}
        </Table.Tbody>
      </Table>
      <details>
        <summary>{say(words.desk.asJson)}</summary>
        <Code block tabIndex={0} mt="xs">
          {JSON.stringify(policy, null, 2)}
        </Code>
      </details>
    </>
  );
}

/** What a version says of a subject; what the one before it said, struck out. */
function Line({ of: { label, value, before } }: { of: ComparedLine }) {
  const { say } = useReader();
  return (
    <Table.Tr>
      <Table.Th scope="row">{say(label)}</Table.Th>
      <Table.Td>
        {before && (
          <Text size="sm" c="dimmed">
            <del className="diff-before">{say(before)}</del>
          </Text>
        )}
        {value && (before ? <ins className="diff-after">{say(value)}</ins> : say(value))}
      </Table.Td>
    </Table.Tr>
  );
}
